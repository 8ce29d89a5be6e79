"""The twin: a second implementation of docs/ODD.md with Mesa and plain Python, written from the text alone."""

from __future__ import annotations

import math
from typing import Any

import mesa
from twin_bond import bond, drift_apart
from twin_draws import MEETING, PLACE, START, Draws, normal, poisson
from twin_groups import TwinGroup, bequeath, breach, govern, quarrel
from twin_help import help_phase
from twin_leave import former, leave, outside
from twin_living import come, live, progress
from twin_meeting import attend, share
from twin_modules import TwinModules
from twin_moves import begin_and_end_groups, consider_end, consider_split, move
from twin_people import TwinPerson, new_person, new_starter
from twin_ports import neutral_ports
from twin_prepare import prepare
from twin_roles import serve
from twin_terms import (
    APPRENTICE,
    INTERVENTION,
    LEFT_WITH_ROLE,
    MEMBER,
    NEVER,
    NOBODY,
    PLAIN_MEMBER,
    SNAPSHOT_WEEKS,
    STARTERS,
    YEAR,
    step_values,
)
from twin_work import without_work, work

from mhsim.scenario import Change, Scenario, with_values


class TwinCommunity:
    """A place with its people and groups.

    Parameters
    ----------
    model : TwinModel
        The world.
    number : int
        Number of the community.
    """

    def __init__(self, model: TwinModel, number: int) -> None:
        self.model = model
        self.number = number
        self.everybody: list[TwinPerson] = []
        self.groups: list[TwinGroup] = []
        self.with_room: list[TwinGroup] = []
        self.open_groups = self.members = self.helpers = self.people = 0
        self.eager = 0.0
        self.own: dict[str, dict[str, Any]] = {}
        sd = model.values.community.place_sd
        z = normal(model.draws.draw(0, 0, number, 0, PLACE, 0)[0])
        self.inflow_factor = math.exp(sd * z - sd * sd / 2.0)

    def people_by_who(self) -> list[TwinPerson]:
        """Return everybody in need by identity."""
        return sorted(self.everybody, key=lambda person: person.who)


class TwinModel(mesa.Model):
    """A world of communities, groups and people.

    Parameters
    ----------
    scenario : Scenario
        What is assumed.
    draws : Draws
        Source of luck.
    keep_events : bool
        Whether events are kept.
    """

    def __init__(self, scenario: Scenario, draws: Draws, keep_events: bool = True) -> None:
        super().__init__(seed=0)
        self.scenario = scenario
        self.draws = draws
        self.values_of = {form: step_values(scenario, form) for form in ("", *scenario.forms)}
        self.modules = TwinModules(list(self.values_of.values()))
        self.dt = scenario.weeks_per_step
        self.opening = round(scenario.start.run_in_weeks / self.dt)
        self.end = self.opening + round(scenario.weeks / self.dt)
        self.now = 0
        self.events: list[tuple[Any, ...]] | None = [] if keep_events else None
        self.groups: list[TwinGroup] = []
        self.gone: list[TwinPerson] = []
        self.communities = [TwinCommunity(self, k) for k in range(scenario.community.count)]

    @property
    def values(self) -> Any:
        """What holds for the world and for people outside."""
        return self.values_of[""]

    def log(self, kind: str, person: TwinPerson, other: TwinPerson | None = None, value: int = 0) -> None:
        """Note an event of a person."""
        if self.events is not None:
            other_who = other.who if other is not None else 0
            self.events.append((self.now, kind, person.community.number, person.who, other_who, value))

    def log_group(self, kind: str, group: TwinGroup, other: int = 0, value: int = 0) -> None:
        """Note an event of a group."""
        if self.events is not None:
            self.events.append((self.now, f"group_{kind}", group.community.number, NOBODY, other, value))

    def log_own(self, kind: str, group: TwinGroup, other: TwinPerson | None = None) -> None:
        """Note an event of a group that an optional mechanism writes."""
        if self.events is not None:
            other_who = other.who if other is not None else 0
            self.events.append((self.now, kind, group.community.number, NOBODY, other_who, 0))

    def run(self) -> None:
        """Run to the end."""
        while self.now < self.end:
            self.step()

    def step(self) -> None:
        """Run one step."""
        due = [change for change in self.scenario.changes if self.now == self.opening + round(change.week / self.dt)]
        for change in due:
            self.take_values(change)
        if self.now == self.opening:
            for community in self.communities:
                self.open_groups(community)
        for change in due:
            self.act(change)
        self.modules.start_of_step(self)
        for community in self.communities:
            self.prepare(community)
        groups = [group for group in self.groups if group.open]
        people = [person for community in self.communities for person in community.everybody]
        self.modules.begin(people, groups, self.communities, self.values)
        self.modules.among("outside_week", filter(outside, people), self.values)
        self.meet(groups, people)
        self.live_on(groups, people)
        for community in self.communities:
            begin_and_end_groups(community)
        self.modules.end_of_step(self)
        for community in self.communities:
            for person in community.people_by_who():
                if person.leaving or person.going_to is not None:
                    move(person)
            community.groups = [group for group in self.groups if group.community is community]
        self.now += 1

    def prepare(self, community: TwinCommunity) -> None:
        """Add new people in need, count, clear marks, list groups with room, seat members."""
        if self.values.arrive.enabled:
            mean = self.values.community.arrivals_per_week * community.inflow_factor
            for index in range(poisson(self.draws, mean, community.number, self.now)):
                community.everybody.append(new_person(self, community, index))
                self.log("arrived", community.everybody[-1])
        members: dict[TwinGroup, list[TwinPerson]] = {}
        year_begins = self.now >= self.opening and (self.now - self.opening) * self.dt % YEAR == 0.0
        for person in community.everybody:
            if year_begins:
                person.help_this_year = 0
            person.luck.clear()
            person.ports = neutral_ports()
            if person.membership == MEMBER:
                person.clear_marks()
                person.role_before = person.role
                members.setdefault(person.group, []).append(person)
            else:
                person.in_crisis = False
        opened = [group for group in community.groups if group.open]
        for group in opened:
            group.clear_marks()
            group.ring = members.get(group, [])
            group.ring.sort(key=lambda person: (person.words(MEETING)[1], person.who))
            group.count(group.ring)
        community.open_groups = len(opened)
        community.members = sum(group.roll for group in opened)
        community.helpers = sum(group.helpers for group in opened)
        community.people = len(community.everybody)
        community.eager = 0.0
        community.with_room = [group for group in opened if group.roll < group.values.arrive.room]

    def meet(self, groups: list[TwinGroup], people: list[TwinPerson]) -> None:
        """Run the phases from coming to bonds."""
        values = self.values
        if values.arrive.enabled:
            for person in filter(outside, people):
                come(person)
        for group in groups:
            if group.values.work.enabled:
                work(group)
            else:
                without_work(group)
        self.modules.after("work", groups)
        for name, phase in (("attend", attend), ("share", share), ("help", help_phase), ("bond", bond)):
            if name == "help":
                self.modules.after("supervise", groups)
            for group in groups:
                if getattr(group.values, name).enabled:
                    phase(group)
            self.modules.after(name, groups)
        if values.bond.enabled:
            for person in filter(former, people):
                drift_apart(person)

    def live_on(self, groups: list[TwinGroup], people: list[TwinPerson]) -> None:
        """Run the phases from life outside to the end of groups."""
        values = self.values
        for name, pass_one in (("live", live), ("progress", progress)):
            for person in people:
                if getattr(person.values, name).enabled:
                    pass_one(person)
            self.modules.after(name, groups)
        self.modules.among("outside_after", filter(outside, people), values)
        for group in groups:
            if group.values.serve.enabled:
                serve(group)
        self.modules.after("serve", groups)
        for group in groups:
            if group.values.prepare.enabled:
                prepare(group)
        self.modules.after("prepare", groups)
        for person in people:
            if person.values.leave.enabled:
                leave(person)
        self.modules.after("leave", groups)
        for name, keep in (("quarrel", quarrel), ("breach", breach), ("bequeath", bequeath)):
            for group in groups:
                keep(group)
            self.modules.after(name, groups)
        for group in groups:
            if group.values.govern.enabled:
                govern(group)
        self.modules.after("govern", groups)
        for group in groups:
            consider_split(group)
        self.modules.after("found", groups)
        for group in groups:
            consider_end(group)
            if group.values.attend.enabled:
                self.log_meetings(group)
        self.modules.after("close", groups)
        for person in people:
            self.log_learning(person)
            self.take_snapshot(person)

    def log_meetings(self, group: TwinGroup) -> None:
        """Note meetings of the step that fell through, or that those held had nobody."""
        if group.due > group.held:
            self.log_group("cancelled", group, value=group.due - group.held)
        if group.held and not group.attended:
            self.log_group("alone", group)

    def log_learning(self, person: TwinPerson) -> None:
        """Note who began to learn in this step, and who knows enough and waits to follow."""
        if person.membership != MEMBER:
            return
        if person.role == APPRENTICE != person.role_before:
            self.log("began_learning", person, value=int(person.successor))
        elif person.role_before == APPRENTICE and person.role == PLAIN_MEMBER:
            self.log("prepared", person)

    def take_snapshot(self, person: TwinPerson) -> None:
        """Note the state of somebody 13, 26, 52 or 104 weeks after arrival."""
        weeks = (self.now - person.arrived) * self.dt
        if weeks in SNAPSHOT_WEEKS:
            calm = person.last_crisis == NEVER or (self.now - person.last_crisis) * self.dt >= 13.0
            person.snapshots[int(weeks)] = {
                "stage": person.stage,
                "membership": person.membership,
                "hope": person.hope,
                "efficacy": person.self_efficacy,
                "coping": person.coping,
                "distress": person.distress,
                "calm": calm,
            }

    def open_groups(self, community: TwinCommunity) -> None:
        """Open the first groups of a community with their starters."""
        several = [name for name, form in self.scenario.forms.items() for _ in range(form.groups)]
        before = 0
        for k, form in enumerate(several or [""] * self.values.start.groups):
            group = TwinGroup(self, community, STARTERS << 20 | k, self.opening, form)
            start = group.values.start
            established = start.kind == "established"
            words = self.draws.draw(group.who, 0, community.number, 0, START, 1)
            group.profile_x, group.profile_y = start.centre_sd * normal(words[2]), start.centre_sd * normal(words[3])
            group.cohesion = group.norms = group.climate = group.legacy = (
                start.quality if established else group.values.found.quality
            )
            group.formality = start.formality if established else 0.0
            group.funds = start.funds if established else 0.0
            group.attendance, group.inflow = start.turnout * start.members, start.inflow
            community.groups.append(group)
            self.log_group("opened", group)
            for j in range(start.members):
                person = new_starter(self, group, before + j, j)
                person.membership = MEMBER
                community.everybody.append(person)
                self.log("there_at_opening", person)
            before += start.members

    def act(self, change: Change) -> None:
        """Let the act of a change in mid-life happen."""
        if change.act == "lose_busiest_helpers":
            for group in [group for group in self.groups if group.open]:
                helpers = [person for person in group.community.everybody if person.group is group and person.helper]
                helpers.sort(key=lambda person: (-person.help_given, person.who))
                for person in helpers[: change.count]:
                    person.role = PLAIN_MEMBER
                    person.role_left = self.now
                    if change.leave:
                        person.leaving = LEFT_WITH_ROLE
                    group.vacancies += 1
                    group.helpers_lost += 1
                    self.log("role_ended", person, value=INTERVENTION)
                self.log_group("intervention", group, value=len(helpers[: change.count]))

    def take_values(self, change: Change) -> None:
        """Let the new values of a change in mid-life hold from now on."""
        if change.set:
            self.scenario = with_values(self.scenario, change.set)
            self.values_of = {form: step_values(self.scenario, form) for form in self.values_of}

    def bury(self, person: TwinPerson) -> None:
        """Take somebody out of the world; ties of others lapse."""
        for other in person.community.everybody:
            other.ties = {place: tie for place, tie in other.ties.items() if tie.other is not person}
        person.community.everybody.remove(person)
        self.gone.append(person)
        person.remove()
