"""What came of one run, in a few sentences for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mhsim.scenario import Scenario

SHARES = (
    ("accommodated_at_52", "of people in need were in accommodation 52 weeks after they came into need"),
    ("accommodated_at_52_joiners", "of those who had joined a group"),
    ("accommodated_at_52_non_joiners", "of those who had not"),
    ("retention_at_13", "of first visitors were still members of a group 13 weeks later"),
)
"""Measures that are told, and what they are shares of."""


CAUTION = (
    "Who joins differs from who does not, so the gap between them says nothing about what groups do: "
    "compare with --set benefits=0."
)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it must be."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def told(summary: Mapping[str, Any], scenario: Scenario) -> str:
    """Return the story of a run: how long the group lived and why it closed, who is in it, what became of people."""
    lines = [f"{scenario.title} (form {scenario.form}, seed {scenario.seed})", _end(summary, scenario)]
    if summary.get("alive_at_end"):
        members, helpers = summary["members_at_end"], summary["helpers_at_end"]
        lines.append(f"At the end it had {counted(members, 'member')}, among them {counted(helpers, 'helper')}.")
    for name, words in SHARES:
        value = summary.get(name)
        if value is not None:
            lines.append(f"{100 * value:3.0f} % {words}.")
    if summary.get("accommodated_at_52_joiners") is not None:
        lines.append(CAUTION)
    return "\n".join(lines)


def _weeks(number: float) -> str:
    """Return a number of weeks: a group that closes in its first week, week 0 of stories, closed after one week."""
    return "one week" if round(number) == 1 else f"{number:.0f} weeks"


def _end(summary: Mapping[str, Any], scenario: Scenario) -> str:
    """Return whether the group is alive, or when it closed and why."""
    alive, when, why = (summary.get(name) for name in ("alive_at_end", "weeks_to_closure", "closure_reasons"))
    if alive is None:
        return "There was no group."
    if alive:
        return f"The group was alive after {_weeks(scenario.weeks)}."
    week = "" if when is None else f" after {_weeks(when)}"
    return f"The group closed{week}" + (f": {str(why).replace('_', ' ')}." if why else ".")
