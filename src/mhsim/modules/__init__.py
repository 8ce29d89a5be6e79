"""Optional mechanisms, one file each; whoever does not use one pays nothing for it, and results have the same bits.

A module is found by its file alone: its class, made from `mhsim.plugins.Rule`, becomes the section of a scenario that
bears the file's name. It says after which phase it acts, what it writes, when it does nothing, and which columns and
draws are its own. It is compiled by itself, and only in a process in which a scenario switches it on.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache
from hashlib import sha256
from types import MappingProxyType

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
