"""What a robustness study alters, one thing at a time: step, size, start, rules that could be others, assumed values.

An alteration says what it sets in a scenario, as that scenario is: a third of a value is a third of that arm's own.
What the study asks about itself is never altered, nor what the scenario lacks, nor what is at its end already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from mhsim.scenario import Scenario, Value, everywhere, form_and_path, parameter_rows, sections
from mhsim.studies.knockout.design import usual
from mhsim.studies.points import value_at

AS_ASSUMED = "as assumed"
"""The name of the scenario as it is."""
GROUPS = ("time-step", "size", "start", "rules", "assumed-by-rule", "assumed", "knocked-out")
"""Groups of alterations, by the names that `only` takes."""
USUAL = tuple(name for name in GROUPS if name != "assumed-by-rule")
"""Those that are tried unless others are named; all assumed values of a rule at once are a cheaper look beforehand."""
TIMES = ((1.0 / 3.0, "a third"), (3.0, "three times"))
SIZES = ((0.5, "half"), (2.0, "twice"))
OF_START = ("start.members", "start.helpers", "start.apprentices")
Values = dict[str, Value]

OTHER_RULES: tuple[tuple[str, Value, str], ...] = (
    ("share.breadth", 20.0, "likeness hardly matters: all feel alike, however far apart"),
    ("share.breadth", 0.4, "likeness is narrow: only who is very near is heard as alike"),
    ("share.dose_exponent", 0.0, "dose: one meeting a week does all, further ones add nothing"),
    ("share.dose_exponent", 1.0, "dose: every meeting in a week does as much as the first"),
    ("share.needs_veteran", 0.0, "hope needs no veteran: anybody ahead gives as much"),
    ("share.needs_veteran", 1.0, "hope needs a veteran: without one in sight none is gained"),
    ("help.policy", "own_sponsor", "matching: who has a sponsor turns to that sponsor first"),
    ("help.policy", "random", "matching: who answers is as it falls"),
    ("help.policy", "alike", "matching: whoever is more like the seeker answers"),
    ("help.policy", "veteran", "matching: the longer a member, the more often asked"),
    ("help.policy", "neediest", "matching: the most distressed are answered first"),
    ("bond.sponsors", True, "matching: the form has sponsors"),
    ("bond.sponsors", False, "matching: the form has no sponsors"),
    ("arrive.word_of_mouth", 0.0, "coming: larger groups are not heard of more"),
    ("steward.office", "none", "succession: the chair is not an office"),
    ("steward.office", "fixed", "succession: whoever has the chair keeps it"),
    ("steward.office", "rotating", "succession: the chair goes round"),
    ("steward.office", "elected", "succession: the chair is elected"),
    ("trouble.open_to_all", True, "admission: every group takes people with either trouble"),
    ("trouble.open_to_all", False, "admission: each group takes people with its own trouble"),
)
"""Values that stand for another rule than the usual one: path, value, and the rule in words."""


@dataclass(frozen=True)
class Alteration:
    """One thing that is altered.

    Attributes
    ----------
    name : str
        Short and unique, such as ``serve.become_hazard a third``.
    group : str
        One of `GROUPS`; empty for the scenario as it is.
    words : str
        What it is, for a reader.
    of : callable
        Returns the paths and values to set in a scenario; none where it alters nothing there.
    """

    name: str
    group: str
    words: str
    of: Callable[[Scenario], Values]


def alterations_of(scenarios: Sequence[Scenario], asked: frozenset[str], only: Sequence[str]) -> list[Alteration]:
    """Return the scenario as it is and then every alteration that changes one of the scenarios.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Those of a study's points.
    asked : frozenset of str
        Paths that the study itself asks about; what would set one of them is left out.
    only : sequence of str
        Groups of alterations to make, or sections or paths of assumed values.
    """
    found = [Alteration(AS_ASSUMED, "", "everything as assumed", lambda scenario: {})]
    for one in _all():
        if not _wanted(one, only):
            continue
        set_by = [one.of(scenario) for scenario in scenarios]
        touched = {form_and_path(path)[1] for values in set_by for path in values}
        if touched and not touched & asked:
            found.append(one)
    return found


def alteration_named(name: str) -> Alteration:
    """Return an alteration by its name; raise KeyError if there is none."""
    return {one.name: one for one in _all()}[name]


def _wanted(one: Alteration, only: Sequence[str]) -> bool:
    path = one.name.split(" ")[0]
    named = {path, path.split(".")[0]} - set(GROUPS)
    return one.group in only or (one.group == "assumed" and bool(named & set(only)))


@cache
def _all() -> tuple[Alteration, ...]:
    return tuple(
        one
        for make in (_steps, _sizes, _starts, _other_rules, _assumed_by_rule, _assumed, _knocked_out)
        for one in make()
    )


def _steps() -> Iterator[Alteration]:
    for weeks, words in ((0.5, "half a week"), (1.0, "a week")):
        yield Alteration(
            f"steps of {words}", "time-step", f"the model steps by {words}", _setter("weeks_per_step", weeks)
        )


def _sizes() -> Iterator[Alteration]:
    for times, words in SIZES:

        def sized(scenario: Scenario, times: float = times) -> Values:
            found: Values = {}
            for path in OF_START:
                for one in everywhere(scenario, path):
                    now = value_at(scenario, one)
                    new = _clipped(OF_START[0] if one.endswith("members") else path, round(float(now) * times))
                    if now and new != now:
                        found[one] = max(1, int(new))
            return found

        yield Alteration(f"{words} the size", "size", f"groups open with {words} as many members and helpers", sized)


def _starts() -> Iterator[Alteration]:
    for kind, words in (("founding", "groups are founded at the opening"), ("established", "groups have some years")):
        yield Alteration(f"start {kind}", "start", words, _setter("start.kind", kind))


def _other_rules() -> Iterator[Alteration]:
    for path, value, words in OTHER_RULES:
        yield Alteration(f"{path} {_short(value)}", "rules", words, _setter(path, value))


def _assumed() -> Iterator[Alteration]:
    for path, row in assumed_values().items():
        for times, words in TIMES:
            about = f"{row['meaning']}: {words} ({path}, assumed)"
            yield Alteration(f"{path} {words}", "assumed", about, _times([path], times))


def _assumed_by_rule() -> Iterator[Alteration]:
    by_rule: dict[str, list[str]] = {}
    for path in assumed_values():
        by_rule.setdefault(path.split(".")[0], []).append(path)
    for name, paths in by_rule.items():
        for times, words in TIMES:
            about = f"{words}{' of' if times < 1 else ''} every assumed value of {name}, all at once"
            yield Alteration(f"{name} {words}", "assumed-by-rule", about, _times(paths, times))


def _knocked_out() -> Iterator[Alteration]:
    for name in usual():
        yield Alteration(
            f"without {name}", "knocked-out", f"without the rule {name}", _setter(f"{name}.enabled", False)
        )


@cache
def assumed_values() -> Mapping[str, Mapping[str, Any]]:
    """Return the rows of all parameters that are numbers and only assumed, by path; those of size and length apart."""
    own = {
        "start.groups",
        "start.members",
        "start.helpers",
        "start.apprentices",
        "start.run_in_weeks",
        "community.count",
    }
    return {
        row["path"]: row
        for row in parameter_rows()
        if row["source"].startswith("assumed")
        and "." in row["path"]
        and row["path"] not in own
        and isinstance(row["default"], (int, float))
        and not isinstance(row["default"], bool)
    }


def _setter(path: str, value: Value) -> Callable[[Scenario], Values]:
    """Return what sets a path to a value where it has another, in a rule that is on."""

    def values(scenario: Scenario) -> Values:
        return {
            one: value
            for one in everywhere(scenario, path)
            if value_at(scenario, one) != value and (path.endswith(".enabled") or _is_on(scenario, one))
        }

    return values


def _times(paths: Sequence[str], times: float) -> Callable[[Scenario], Values]:
    """Return what multiplies values, within the range of each, where the rule is on and the value is not zero."""

    def values(scenario: Scenario) -> Values:
        found: Values = {}
        for path in paths:
            for one in everywhere(scenario, path):
                now = value_at(scenario, one)
                new = _clipped(path, float(now) * times, whole=isinstance(now, int))
                if now and new != now and _is_on(scenario, one):
                    found[one] = new
        return found

    return values


def _is_on(scenario: Scenario, path: str) -> bool:
    """Return whether the mechanism of a path is on; what is no mechanism is."""
    form, inner = form_and_path(path)
    section = inner.split(".")[0]
    where: Any = scenario.forms[form] if form else scenario
    return section not in sections() or bool(getattr(getattr(where, section), "enabled", True))


def _clipped(path: str, value: float, whole: bool = False) -> float:
    """Return a value within the range of a parameter, of its kind, with twelve digits."""
    row = next(row for row in parameter_rows() if row["path"] == path)
    held = min(max(value, row["low"]), row["high"])
    return round(held) if whole else float(f"{held:.12g}")


def _short(value: Value) -> str:
    return (
        {True: "on", False: "off"}.get(value, "")
        if isinstance(value, bool)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )
