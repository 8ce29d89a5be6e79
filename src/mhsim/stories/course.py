"""The course of one life: the entries of the log, with group, stage and role at each, and what follows from them.

The log leaves some things unsaid, and here they are concluded: who founded a group (entered without an entry), that a
role ended with leaving or by an act in mid-life, that an organiser has stepped down by the time something else shows
it, and that somebody on the way to a group that closed in that very week never got there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mhsim.state import ACCOMMODATION, IMPACT, RECOIL, STAGES
from mhsim.stories.records import INDEX_BITS, Chronicle, Entry, Life, label

ENTERING = ("coming", "came_back")
SHOWS_MEMBERSHIP = ("first_visit", "helped_by", "became_helper", "became_organiser", "role_ended", "moved_group")
NAMES_GROUP = ("first_visit", "became_helper", "became_organiser")
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


def course_of(chronicle: Chronicle, life: Life) -> list[Occurrence]:
    """Return what happened in one life, in order of weeks."""
    return _without_needless(whole_course_of(chronicle, life), chronicle.step_weeks)


def whole_course_of(chronicle: Chronicle, life: Life) -> list[Occurrence]:
    """Return the same with all that the next occurrence says better: every entering and every end of a role."""
    walk = _Walk(chronicle, life)
    walk.go()
    return sorted(walk.told, key=lambda occurrence: occurrence.week)


class _Walk:
    """Goes through the entries of one life and knows group, stage and role at each."""

    def __init__(self, chronicle: Chronicle, life: Life) -> None:
        self.chronicle = chronicle
        self.life = life
        self.entries = chronicle.entries(life)
        self.group = NO_GROUP
        self.role = "none"
        self.stage = _stage_at_start(life, self.entries)
        self.helping_since: float | None = None
        self.helped_weeks = 0.0
        self.contact = None if life.starter else life.first_contact_week
        self.acts = _acts(chronicle)
        self.told: list[Occurrence] = []

    def go(self) -> None:
        if self.life.starter:
            self._begin_as_starter()
        for place, entry in enumerate(self.entries):
            if self.contact is not None and entry.week >= self.contact and entry.kind != "first_visit":
                self._contact_made()
            if self.group == NO_GROUP and self._is_inside(entry):
                self._has_founded(place)
            self._lose_role_by_act(place)
            self._take(entry)
        if self.group == NO_GROUP and self.life.membership == "member":
            self._has_founded(len(self.entries))
        if self.contact is not None:
            self._contact_made()
        self._lose_role_by_act(len(self.entries))
        if self.role == "organiser" and self.life.role != "organiser":
            self._tell(self.chronicle.week - self.chronicle.step_weeks, "handed_on")
            self.role = "member"

    def _tell(self, week: float, kind: str, **more: Any) -> None:
        group = more.pop("group", self.group)
        self.told.append(Occurrence(week, kind, group, self.stage, self.role, **more))

    def _begin_as_starter(self) -> None:
        start = self.chronicle.scenario.start
        number, place = divmod(self.life.who & ((1 << INDEX_BITS) - 1), start.members)
        self.group = self.life.community * start.groups + number
        self.role = "helper" if place < start.helpers else "member"
        self.helping_since = -self.chronicle.step_weeks if self.role == "helper" else None
        self._tell(0.0, "there_at_opening")

    def _contact_made(self) -> None:
        assert self.contact is not None
        self._tell(self.contact, "first_contact")
        self.contact = None

    def _is_inside(self, entry: Entry) -> bool:
        return entry.kind in SHOWS_MEMBERSHIP or (entry.kind == "left" and self.life.left_week == entry.week)

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

    def _lose_role_by_act(self, place: int) -> None:
        """See whether one of the scenario's acts has taken the role of helper before this entry."""
        week = self.entries[place].week if place < len(self.entries) else float("inf")
        while self.acts and self.acts[0] <= week:
            act = self.acts.pop(0)
            if self.role == "helper" and self._lost_by_then(place):
                self._tell(act, "role_ended", reason="left_with_role", beforehand=True)
                self._end_helping(act - self.chronicle.step_weeks)
                self.role = "member"

    def _lost_by_then(self, place: int) -> bool:
        """Tell whether what follows an act shows that the role was lost; `weeks_helping` decides for who leaves."""
        for entry in self.entries[place:]:
            if entry.kind == "role_ended":
                return False
            if entry.kind in ("became_helper", "became_organiser"):
                return True
            if entry.kind == "left":
                since = self.helping_since if self.helping_since is not None else entry.week
                return self.life.weeks_helping < self.helped_weeks + entry.week - since
        return self.life.role != "helper"

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
        groups = [g for g in self.chronicle.groups if g.community == self.life.community and g.parent < 0]
        return max((g.group for g in groups if 0 <= g.founded_week < week), default=NO_GROUP)

    def _helps_at_once(self, place: int, founded: float) -> bool:
        if self.life.helper_week == founded:
            return True
        for entry in self.entries[place:]:
            if entry.kind in ("role_ended", "became_helper", "left"):
                return entry.kind == "role_ended"
        return self.life.role == "helper"


def _acts(chronicle: Chronicle) -> list[float]:
    """Return the weeks, past by now, in which helpers lost their role by an act in mid-life."""
    step = chronicle.step_weeks
    weeks = [round(change.week / step) * step for change in chronicle.scenario.changes if change.act]
    return sorted(week for week in weeks if week < chronicle.week)


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
