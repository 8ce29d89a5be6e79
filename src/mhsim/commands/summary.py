"""What came of one run, in a few sentences for people."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mhsim.scenario import Scenario


def told(summary: Mapping[str, Any], scenario: Scenario) -> str:
    """Return the story of a run: how long the group lived and why it closed, who is in it, what became of people."""
    lines = [f"{scenario.title} (form {scenario.form}, seed {scenario.seed})", _end(summary, scenario)]
    people = [
        _count(summary, "members_at_end", "members"),
        _count(summary, "helpers_at_end", "of them helpers"),
    ]
    lines.append("At the end: " + ", ".join(word for word in people if word) + ".")
    lines += [line for line in (_share(summary, *words) for words in SHARES) if line]
    return "\n".join(lines)


SHARES = (
    ("accommodated_at_52", "in accommodation a year after coming into need"),
    ("retention_at_13", "of those who came once still come after 13 weeks"),
)


def _end(summary: Mapping[str, Any], scenario: Scenario) -> str:
    """Return whether a group is alive, or when it closed and why."""
    alive = summary.get("alive_at_end")
    if alive:
        return f"Alive after {scenario.weeks} weeks."
    when, why = summary.get("weeks_to_closure"), summary.get("closure_reasons")
    week = "" if when is None or math.isnan(when) else f" in week {when:.0f}"
    return f"Closed{week}" + (f": {_reasons(why)}." if why else ".")


def _reasons(why: Any) -> str:
    """Return the reasons for closing in words, with their numbers where there are several."""
    if isinstance(why, Mapping):
        told_of = {name: count for name, count in why.items() if count}
        single = len(told_of) == 1 and next(iter(told_of.values())) == 1
        return ", ".join(name if single else f"{name} ({count:g})" for name, count in told_of.items()).replace("_", " ")
    return str(why).replace("_", " ")


def _count(summary: Mapping[str, Any], name: str, words: str) -> str:
    value = summary.get(name)
    return "" if value is None else f"{value:,.0f} {words}"


def _share(summary: Mapping[str, Any], name: str, words: str) -> str:
    value = summary.get(name)
    return "" if value is None or math.isnan(value) else f"{100 * value:.0f} % {words}."
