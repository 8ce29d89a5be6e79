"""How many were in a group, week by week, worked out from the courses of its people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mhsim.stories.life_history import Occurrence, whole_course_of
from mhsim.stories.records import Chronicle

ENTERS = ("there_at_opening", "coming", "came_back", "founded")
BECOMES_HELPER = ("became_helper", "helper_again")


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


def past_of(chronicle: Chronicle, number: int) -> GroupHistory:
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
