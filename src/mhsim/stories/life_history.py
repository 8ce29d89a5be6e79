"""The history of one life: what happened in it, read off the event log and the table of lives."""

from __future__ import annotations

from dataclasses import dataclass

from mhsim.schema import label
from mhsim.stories.records import Chronicle, Entry, Life

NO_GROUP = -1
CARRY_WORK = ("helper", "organiser")
SAID_BY_LEAVING = ("burnt_out", "left_with_role")
"""Reasons of an exit that say themselves that a role ended."""
INTERVENTION = "intervention"


@dataclass(frozen=True)
class Occurrence:
    """One thing in a life.

    Attributes
    ----------
    week : float
        When.
    kind : str
        As in `Moment`.
    group : int
        The group belonged to, the one entered or the one left; -1 for none.
    stage : str
        The stage afterwards.
    role : str
        The role beforehand: "none", "member", "helper" or "organiser".
    other : str or None
        The person who helped.
    reason : str or None
        Why, where the log says.
    origin : int
        The group come from, of those who change groups; -1 for none.
    """

    week: float
    kind: str
    group: int
    stage: str
    role: str
    other: str | None = None
    reason: str | None = None
    origin: int = NO_GROUP

    @property
    def beforehand(self) -> bool:
        """Whether it took effect before the week began, as an intervention does."""
        return self.reason == INTERVENTION


def whole_course_of(chronicle: Chronicle, life: Life) -> list[Occurrence]:
    """Return all that happened in one life, in order of weeks: every entering and every end of a role."""
    entries = chronicle.entries(life)
    founded = {entry.week for entry in entries if entry.kind == "founded"}
    return [
        _occurrence(life, entry) for entry in entries if not (entry.kind == "became_helper" and entry.week in founded)
    ]


def course_of(chronicle: Chronicle, life: Life) -> list[Occurrence]:
    """Return the same without what the next one says better: deciding to come and coming, a role ended by leaving."""
    whole, step = whole_course_of(chronicle, life), chronicle.step_weeks
    visits = [one.week for one in whole if one.kind == "first_visit"]
    exits = {(one.week, one.reason) for one in whole if one.kind == "left"}

    def needless(one: Occurrence) -> bool:
        if one.kind == "coming":
            return any(one.week <= visit <= one.week + step for visit in visits)
        said = one.kind == "organiser_ended" or (one.kind == "role_ended" and one.reason in SAID_BY_LEAVING)
        return said and (one.week, one.reason) in exits

    return [one for one in whole if not needless(one)]


def _occurrence(life: Life, entry: Entry) -> Occurrence:
    """Return one entry of the log as a story takes it."""
    kind, group, origin = entry.kind, entry.group, NO_GROUP
    if kind == "became_helper" and life.helper_week != entry.week:
        kind = "helper_again"
    elif kind == "left" and group == NO_GROUP:
        kind = "ended"
    elif kind == "moved_group":
        group, origin = entry.value, entry.group
    role = entry.role if entry.role in CARRY_WORK else "none" if group == NO_GROUP else "member"
    other = label(entry.community, entry.other) if kind == "helped_by" else None
    return Occurrence(entry.week, kind, group, entry.stage, role, other, entry.reason, origin)
