"""The course of one life: what happened in it, as the log and the table of lives together tell.

Where the log leaves something unsaid, several walks are tried, and the first that fits the table of lives is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from mhsim.stories.life_history import NO_GROUP, Occurrence, Walk
from mhsim.stories.records import Chronicle, Life

__all__ = ["NO_GROUP", "Occurrence", "course_of", "whole_course_of"]
MOST_SUPPOSED = 6
"""Acts, and foundings, of one life about which something is supposed; beyond these stories take the likeliest."""


def course_of(chronicle: Chronicle, life: Life) -> list[Occurrence]:
    """Return what happened in one life, in order of weeks."""
    return _without_needless(whole_course_of(chronicle, life), chronicle.step_weeks)


def whole_course_of(chronicle: Chronicle, life: Life) -> list[Occurrence]:
    """Return the same with all that the next occurrence says better: every entering and every end of a role."""
    walk = Walk(chronicle, life)
    walk.go()
    if not walk.fits:
        walk = next((supposed for supposed in _suppositions(chronicle, life, walk) if supposed.fits), walk)
    return sorted(walk.told, key=lambda occurrence: occurrence.week)


def _suppositions(chronicle: Chronicle, life: Life, walk: Walk) -> Iterator[Walk]:
    """Yield walks that suppose other acts and other roles at founding, those with fewest acts first."""
    acts = _acts(chronicle)
    foundings = sum(occurrence.kind == "founded" for occurrence in walk.told)
    ways = [(), *product((False, True), repeat=min(foundings, MOST_SUPPOSED))] if foundings else [()]
    for number in range(min(MOST_SUPPOSED, len(acts)) + 1):
        for losses in combinations(acts, number):
            for helping in ways:
                supposed = Walk(chronicle, life, losses, helping)
                supposed.go()
                yield supposed


def _acts(chronicle: Chronicle) -> list[float]:
    """Return the weeks, past by now, in which helpers lost their role by an act in mid-life."""
    step = chronicle.step_weeks
    weeks = [round(change.week / step) * step for change in chronicle.scenario.changes if change.act]
    return sorted(week for week in weeks if week < chronicle.week)


def _without_needless(told: list[Occurrence], step: float) -> list[Occurrence]:
    """Leave out what the next one says better: deciding to come and coming at once, a role ended by leaving."""
    visits = [o.week for o in told if o.kind == "first_visit"]
    exits = [(o.week, o.reason) for o in told if o.kind == "left"]
    kept = []
    for occurrence in told:
        week, reason = occurrence.week, occurrence.reason
        if occurrence.kind == "coming" and any(week <= visit <= week + step for visit in visits):
            continue
        if occurrence.kind == "role_ended" and (week, reason) in exits:
            continue
        kept.append(occurrence)
    return kept
