"""A walk through the entries of one life, which knows group, stage and role at each.

The log leaves some things unsaid, and here they are concluded: who founded a group (entered without an entry), that a
role ended with leaving or by an act in mid-life, that an organiser has stepped down by the time something else shows
it, and that somebody on the way to a group that closed in that very week never got there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mhsim.schema import ACCOMMODATION, IMPACT, RECOIL, STAGES, WHO_BITS, label
from mhsim.stories.records import Chronicle, Entry, Group, Life

ENTERING = ("coming", "came_back")
SHOWS_MEMBERSHIP = ("first_visit", "helped_by", "became_helper", "became_organiser", "role_ended", "moved_group")
NAMES_GROUP = ("first_visit", "became_helper", "became_organiser")
ENDS_OUTSIDE = ("moved_away", "settled")
NO_GROUP = -1


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
    beforehand : bool
        Whether it took effect before the week began, as an act in mid-life does.
    """

    week: float
    kind: str
    group: int
    stage: str
    role: str
    other: str | None = None
    reason: str | None = None
    origin: int = NO_GROUP
    beforehand: bool = False


class Walk:
    """Goes through the entries of one life and knows group, stage and role at each.

    Acts in mid-life leave no entry, nor does founding a group. So the walk is told which acts to suppose took this
    person's role of helper, and at which foundings to suppose the person took it; it says whether that fits with the
    weeks spent helping.
    """

    def __init__(
        self, chronicle: Chronicle, life: Life, losses: tuple[float, ...] = (), helping: tuple[bool, ...] = ()
    ) -> None:
        self.chronicle = chronicle
        self.life = life
        self.entries = chronicle.entries(life)
        self.group = NO_GROUP
        self.role = "none"
        self.stage = _stage_at_start(life, self.entries)
        self.helping_since: float | None = None
        self.helped_weeks = 0.0
        self.contact = None if life.starter else life.first_contact_week
        self.losses = list(losses)
        self.helping = list(helping)
        self.possible = True
        self.told: list[Occurrence] = []

    def go(self) -> None:
        """Go through all entries once; what happened is then in `told`."""
        if self.life.starter:
            self._begin_as_starter()
        for place, entry in enumerate(self.entries):
            if self.contact is not None and entry.week >= self.contact and entry.kind != "first_visit":
                self._contact_made()
            if self.group == NO_GROUP and self._is_inside(entry):
                self._has_founded(place)
            self._lose_role(entry.week)
            self._take(entry)
        if self.group == NO_GROUP and self.life.membership == "member":
            self._has_founded(len(self.entries))
        if self.contact is not None:
            self._contact_made()
        self._lose_role(self.chronicle.week)
        if self.role == "organiser" and self.life.role != "organiser":
            self._tell(self.chronicle.week - self.chronicle.step_weeks, "handed_on")
            self.role = "member"

    @property
    def fits(self) -> bool:
        """Whether the weeks spent helping, and the role at the end, are those of the table of lives."""
        since, last = self.helping_since, self.chronicle.week - self.chronicle.step_weeks
        weeks = self.helped_weeks + (last - since if since is not None else 0.0)
        helps = (self.role == "helper") == (self.life.role == "helper")
        return self.possible and helps and weeks == self.life.weeks_helping

    def _tell(self, week: float, kind: str, **more: Any) -> None:
        group = more.pop("group", self.group)
        self.told.append(Occurrence(week, kind, group, self.stage, self.role, **more))

    def _begin_as_starter(self) -> None:
        start = self.chronicle.scenario.start
        number, place = divmod(self.life.who & ((1 << WHO_BITS) - 1), start.members)
        self.group = self.life.community * start.groups + number
        self.role = "helper" if place < start.helpers else "member"
        self.helping_since = -self.chronicle.step_weeks if self.role == "helper" else None
        self._tell(0.0, "there_at_opening")

    def _contact_made(self) -> None:
        assert self.contact is not None
        self._tell(self.contact, "first_contact")
        self.contact = None

    def _is_inside(self, entry: Entry) -> bool:
        return entry.kind in SHOWS_MEMBERSHIP or (
            entry.kind == "left" and (entry.reason not in ENDS_OUTSIDE or self.life.left_week == entry.week)
        )

    def _take(self, entry: Entry) -> None:
        """Take one entry of the log into the course."""
        if entry.kind in ENTERING:
            self._enter(entry)
        elif entry.kind in ("recoil", "accommodation", "set_back"):
            self.stage = STAGES[entry.value]
            self._tell(entry.week, entry.kind)
        elif entry.kind in ("became_helper", "became_organiser"):
            self._take_role(entry)
        elif entry.kind == "role_ended":
            self._tell(entry.week, "role_ended", reason=entry.reason)
            self._end_helping(entry.week)
            self.role = "member"
        elif entry.kind == "left":
            self._leave(entry)
        elif entry.kind == "moved_group":
            origin, self.group = self.group, entry.value
            self._tell(entry.week, "moved_group", origin=origin)
        else:
            other = label(entry.community, entry.other) if entry.kind == "helped_by" else None
            self._tell(entry.week, entry.kind, other=other)

    def _enter(self, entry: Entry) -> None:
        goes_away = any(e.kind == "left" and e.week == entry.week for e in self.entries)
        if goes_away:
            return
        if self.chronicle.groups[entry.value].closed_week == entry.week:
            self._tell(entry.week, "found_closed", group=entry.value)
            return
        self.group, self.role = entry.value, "member"
        self._tell(entry.week, entry.kind)

    def _take_role(self, entry: Entry) -> None:
        if self.role == "organiser":
            self._tell(entry.week, "handed_on")
            self.role = "member"
        if self.role == "helper":
            self.possible = False
        again = entry.kind == "became_helper" and self.life.helper_week != entry.week
        self._tell(entry.week, "helper_again" if again else entry.kind)
        self.role = "helper" if entry.kind == "became_helper" else "organiser"
        self.helping_since = entry.week if self.role == "helper" else None

    def _leave(self, entry: Entry) -> None:
        if self.role == "helper":
            self._tell(entry.week, "role_ended", reason="left_with_role")
            self._end_helping(entry.week)
        kind = "left" if self.group != NO_GROUP else "ended"
        self._tell(entry.week, kind, reason=entry.reason)
        self.group, self.role = NO_GROUP, "none"

    def _end_helping(self, week: float) -> None:
        if self.helping_since is not None:
            self.helped_weeks += week - self.helping_since
        self.helping_since = None

    def _lose_role(self, week: float) -> None:
        """Let the acts that came by this week, of those supposed to concern this person, take the role of helper."""
        while self.losses and self.losses[0] <= week:
            act = self.losses.pop(0)
            if self.role != "helper":
                self.possible = False
                continue
            self._tell(act, "role_ended", reason="left_with_role", beforehand=True)
            self._end_helping(act - self.chronicle.step_weeks)
            self.role = "member"

    def _has_founded(self, place: int) -> None:
        """Let the person enter a group that was founded by people in need; the log has no entry for it."""
        week = self.entries[place].week if place < len(self.entries) else self.chronicle.week
        self.group = self._founded_group(place, week)
        founded = self.chronicle.groups[self.group].founded_week if self.group != NO_GROUP else week
        self.role = "helper" if self._helps_at_once(place, founded) else "member"
        self.helping_since = founded if self.role == "helper" else None
        self._tell(founded, "founded")

    def _founded_group(self, place: int, week: float) -> int:
        for entry in self.entries[place:]:
            if entry.kind in NAMES_GROUP:
                return entry.value
            if entry.kind == "left" and self.life.left_week == entry.week:
                return self.life.last_group
            if entry.kind in ("left", "moved_group"):
                break
        else:
            if self.life.membership == "member":
                return self.life.group
        since = max((one.week for one in self.told if one.kind in ("left", "arrived")), default=0.0)
        return max((g.group for g in self.chronicle.groups if self._could_be(g, since, week)), default=NO_GROUP)

    def _could_be(self, group: Group, since: float, week: float) -> bool:
        """Tell whether this may be the group that the person founded between two weeks and was in at the second."""
        here = group.community == self.life.community and group.parent < 0
        return here and since <= group.founded_week < week and (group.closed_week is None or group.closed_week >= week)

    def _helps_at_once(self, place: int, founded: float) -> bool:
        if self.helping:
            return self.helping.pop(0)
        if self.life.helper_week == founded:
            return True
        for entry in self.entries[place:]:
            if entry.kind in ("role_ended", "became_helper", "left"):
                return entry.kind == "role_ended"
        return self.life.role == "helper"


def _stage_at_start(life: Life, entries: list[Entry]) -> str:
    """Return the stage before the first entry, from the first change of stage or, without one, from the last."""
    for entry in entries:
        if entry.kind == "recoil":
            return STAGES[IMPACT]
        if entry.kind == "accommodation":
            return STAGES[RECOIL]
        if entry.kind == "set_back":
            return STAGES[min(entry.value + 1, ACCOMMODATION)]
    return life.stage
