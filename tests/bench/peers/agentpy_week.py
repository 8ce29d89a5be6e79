"""The core week in AgentPy: people and groups are agents in AgentLists, which call their methods."""

from __future__ import annotations

from typing import Any

import agentpy
import numpy as np
from twin_terms import step_values

from bench.peers.common_start import FIRST_STEP, Start
from bench.peers.plain_luck import PlainLuck
from bench.peers.plain_person import COLUMNS, PlainPerson, hold_meeting, outcome_of
from bench.timing import collector_off, cpu_seconds


class AgentpyPerson(PlainPerson, agentpy.Agent):
    """Somebody in need."""

    def setup(self, row: dict[str, Any]) -> None:
        """Take traits and state from a row of the common start."""
        self.settle_in(row, self.model.values)


class AgentpyGroup(agentpy.Agent):
    """A group that meets."""

    def setup(self, climate: float, legacy: float, leaderless: float) -> None:
        """Open with nobody on the roll yet."""
        self.climate, self.legacy, self.leaderless = climate, legacy, leaderless
        self.members: list[AgentpyPerson] = []

    def meet(self) -> None:
        """Hold the week's meeting."""
        share = self.model.values.share
        hold_meeting(self.members, self, share.heard_at_most, share.coping_gain, self.model.now)


class AgentpyTown(agentpy.Model):
    """A town of people and groups."""

    def setup(self, start: Start, way: str) -> None:
        """Settle everybody."""
        self.values, self.now = step_values(start.scenario), FIRST_STEP
        columns = [start.people[name].tolist() for name in COLUMNS]
        rows = agentpy.AttrIter([dict(zip(COLUMNS, row, strict=True)) for row in zip(*columns, strict=True)])
        named = {name: agentpy.AttrIter(start.groups[name].tolist()) for name in ("climate", "legacy", "leaderless")}
        self.groups = agentpy.AgentList(self, len(start.groups), AgentpyGroup, **named)
        self.people = agentpy.AgentList(self, len(start.people), AgentpyPerson, row=rows)
        for person in self.people:
            if person.group >= 0:
                self.groups[person.group].members.append(person)
        self.luck = PlainLuck(start, way, self.random)

    def step(self) -> None:
        """Let a core week pass."""
        self.luck.deal(self.people, self.now)
        self.groups.meet()
        self.people.live(self.now)
        self.people.progress(self.now)
        self.now += 1


class AgentpyWeek:
    """AgentPy with one way of coming by its luck."""

    name = "AgentPy"

    def __init__(self, start: Start, way: str = "keyed") -> None:
        self.start, self.way = start, way
        self.town: AgentpyTown | None = None

    def seconds(self, weeks: int) -> float:
        """Live through so many weeks from the common start and return the CPU seconds they took."""
        self.town = town = AgentpyTown({"seed": 1, "steps": weeks}, start=self.start, way=self.way)
        town.sim_setup()
        total = 0.0
        with collector_off():
            for week in range(weeks):
                town.luck.prepare(town.people, week)
                total += cpu_seconds(town.sim_step)
        return total

    def outcome(self) -> dict[str, np.ndarray]:
        """Return the compared columns after the last weeks lived."""
        assert self.town is not None
        return outcome_of(list(self.town.people))
