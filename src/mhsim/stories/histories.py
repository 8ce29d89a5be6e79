"""Histories of one life and of one group, from the event log and the table of lives; head counts week by week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mhsim.schema import label
from mhsim.stories.own_words import names_another, own_events
from mhsim.stories.records import Chronicle, Entry, Life

NO_GROUP = -1
TOLD_ROLES = ("helper", "organiser", "apprentice")
SAID_BY_LEAVING = ("burnt_out", "left_with_role")
"""Reasons of an exit that say themselves that a role ended."""
INTERVENTION = "intervention"
ENTERS = ("there_at_opening", "coming", "came_back", "founded")
BECOMES_HELPER = ("became_helper", "helper_again")
MOVES = ("coming", "found_closed", "came_back", "founded", "moved_group", "left")
"""What happens at the end of a week, after all else."""


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
        The role beforehand: "none", "member", "helper", "organiser" or "apprentice".
    other : str or None
        The person who helped, or whom an event of an optional mechanism names.
    reason : str or None
        Why, where the log says.
    origin : int
        The group come from, of those who change groups; -1 for none.
    learnt : bool
        Whether who becomes a helper has prepared for it.
    """

    week: float
    kind: str
    group: int
    stage: str
    role: str
    other: str | None = None
    reason: str | None = None
    origin: int = NO_GROUP
    learnt: bool = False

    @property
    def beforehand(self) -> bool:
        """Whether it took effect before the week began, as an intervention does."""
        return self.reason == INTERVENTION


def whole_course_of(chronicle: Chronicle, life: Life) -> list[Occurrence]:
    """Return all that happened in one life, in order of weeks: every entering and every end of a role."""
    entries = _in_order(chronicle.entries(life))
    founded = {entry.week for entry in entries if entry.kind == "founded"}
    told, waits = [], False
    for entry in entries:
        if not (entry.kind == "became_helper" and entry.week in founded):
            told.append(_occurrence(life, entry, waits))
        waits = entry.kind == "prepared" or (waits and entry.kind not in ("became_helper", "left"))
    return told


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


def _in_order(entries: list[Entry]) -> list[Entry]:
    """Return entries as they are told: what optional mechanisms wrote after the rest of a week, before moves.

    They write when it happens, while the log is read off the state at the end of a step.
    """
    own = own_events()
    if not any(entry.kind in own for entry in entries):
        return entries
    return sorted(entries, key=lambda entry: (entry.week, 2 if entry.kind in MOVES else int(entry.kind in own)))


def _occurrence(life: Life, entry: Entry, waits: bool) -> Occurrence:
    """Return one entry of the log as a story takes it; who waits is prepared to follow a helper."""
    kind, group, origin = entry.kind, entry.group, NO_GROUP
    if kind == "became_helper" and life.helper_week != entry.week:
        kind = "helper_again"
    elif kind == "began_learning" and entry.value:
        kind = "began_to_follow"
    elif kind == "left" and group == NO_GROUP:
        kind = "ended"
    elif kind == "moved_group":
        group, origin = entry.value, entry.group
    role = entry.role if entry.role in TOLD_ROLES else "none" if group == NO_GROUP else "member"
    other = label(entry.community, entry.other) if kind == "helped_by" or names_another(kind) else None
    learnt = kind in BECOMES_HELPER and (waits or entry.role == "apprentice")
    return Occurrence(entry.week, kind, group, entry.stage, role, other, entry.reason, origin, learnt)


@dataclass(frozen=True)
class HeadCountChange:
    """A change of a group's numbers: when it counts from, and by how much."""

    from_week: float
    members: int
    helpers: int


@dataclass(frozen=True)
class GroupHistory:
    """What happened in one group.

    Attributes
    ----------
    named : list of (str, Occurrence)
        Every occurrence in the group with its person, in order of weeks and, within one, of arrival.
    changes : list of HeadCountChange
        Every change of its numbers, in order.
    """

    named: list[tuple[str, Occurrence]]
    changes: list[HeadCountChange]

    def members_at(self, week: float) -> int:
        """Return how many were on the roll when a week began."""
        return sum(change.members for change in self.changes if change.from_week <= week)

    def helpers_at(self, week: float) -> int:
        """Return how many helpers were on the roll when a week began."""
        return sum(change.helpers for change in self.changes if change.from_week <= week)

    def count(self, wanted: Callable[[Occurrence], bool]) -> int:
        """Return how often something happened in the group."""
        return sum(wanted(occurrence) for _, occurrence in self.named)


def group_history(chronicle: Chronicle, number: int) -> GroupHistory:
    """Return what happened in one group until now."""
    community = f"{chronicle.group(number).community}-"
    named = []
    for person in chronicle.people:
        if person.startswith(community):
            course = whole_course_of(chronicle, chronicle.life(person))
            named += [(person, one) for one in course if number in (one.group, one.origin)]
    named.sort(key=lambda pair: pair[1].week)
    changes = [change for _, one in named for change in _changes(one, number, chronicle.step_weeks)]
    return GroupHistory(named, sorted(changes, key=lambda change: change.from_week))


def _changes(one: Occurrence, number: int, step: float) -> list[HeadCountChange]:
    """Return what one occurrence changes in a group's numbers; it shows in the week after, unless it came before."""
    helper = int(one.role == "helper")
    at_once = one.kind == "there_at_opening" or one.beforehand
    week = one.week if at_once else one.week + step
    if one.kind in ENTERS:
        return [HeadCountChange(week, 1, helper)]
    if one.kind == "moved_group":
        sign = -1 if one.origin == number else 1
        return [HeadCountChange(week, sign, sign * helper)]
    if one.kind == "left":
        return [HeadCountChange(week, -1, 0)]
    if one.kind in BECOMES_HELPER:
        return [HeadCountChange(week, 0, 1)]
    if one.kind == "role_ended":
        return [HeadCountChange(week, 0, -1)]
    return []
