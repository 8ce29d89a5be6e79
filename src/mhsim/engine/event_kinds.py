"""What the codes of kinds in the log stand for: those of the core, then those of optional mechanisms."""

from __future__ import annotations

from functools import cache

from mhsim.engine.events import KINDS
from mhsim.modules import modules_in, optional
from mhsim.scenario import Scenario

OWN_KINDS = 1000
"""Codes of kinds from here on are those of optional mechanisms, in the order of their names."""


@cache
def kinds_of_modules() -> dict[str, int]:
    """Return the kinds of event that optional mechanisms write, as ``sponsor_taken``, with their codes."""
    names = [f"{name}_{event.name}" for name, rule in optional().items() for event in rule.events]
    return {name: OWN_KINDS + place for place, name in enumerate(names)}


def first_kind_of(module: str) -> int:
    """Return the code of the first kind of an optional mechanism; 0 for a rule that has none."""
    rule = optional().get(module)
    return kinds_of_modules()[f"{module}_{rule.events[0].name}"] if rule is not None and rule.events else 0


def number_of_own_kinds(scenario: Scenario) -> int:
    """Return how many kinds the optional mechanisms that are on in a scenario may write."""
    return sum(len(optional()[module].events) for module in modules_in((scenario,)))


def kind_names() -> dict[int, str]:
    """Return what every code of a kind stands for."""
    return dict(enumerate(KINDS)) | {code: name for name, code in kinds_of_modules().items()}
