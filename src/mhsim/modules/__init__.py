"""Optional mechanisms, one file each; whoever does not use one pays nothing for it, and results have the same bits.

A module is found by its file alone: its class, made from `mhsim.plugins.Rule`, becomes the section of a scenario that
bears the file's name. It says after which phase it acts, what it writes, when it does nothing, and which columns and
draws are its own. It is compiled by itself, and only in a process in which a scenario switches it on.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from mhsim.plugins import Rule, rule_in


@cache
def optional() -> MappingProxyType[str, type[Rule]]:
    """Return every optional mechanism by name, in alphabetical order.

    Raises
    ------
    ValueError
        If a module does not hold exactly one mechanism, or one that is on by default.
    """
    found = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        module = importlib.import_module(f"{__name__}.{name}")
        rule = rule_in(module)
        rule.source_digest = sha256(inspect.getsource(module).encode()).hexdigest()[:16]  # of what was read just now
        if rule.model_fields["enabled"].default is not False:
            raise ValueError(f"mhsim.modules.{name} must be off by default: enabled: bool = switch(..., default=False)")
        found[name] = rule
    return MappingProxyType(found)


def modules_in(scenarios: Iterable[Any], values: Iterable[tuple[str, object]] = ()) -> tuple[str, ...]:
    """Return the optional mechanisms that are on in one of these scenarios, or switched on by a value at a path.

    On is one that is so in the scenario's own settings, in a form, or by a change in mid-life.
    """
    given, found = list(values), set[str]()
    for scenario in scenarios:
        given += [value for change in scenario.changes for value in change.set.items()]
        settings = (scenario, *scenario.forms.values())
        found |= {module for module in optional() if any(getattr(one, module).enabled for one in settings)}
    for path, value in given:
        section, _, leaf = path.rpartition(".")
        if leaf == "enabled" and value:
            found.add(section.rpartition(".")[2])
    return tuple(module for module in optional() if module in found)
