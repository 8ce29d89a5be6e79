"""The core week in plain Mesa 3: people and groups are agents, and AgentSet calls their methods."""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np
from twin_terms import step_values

from bench.peers.common_start import FIRST_STEP, Start
from bench.peers.plain_luck import PlainLuck
from bench.peers.plain_person import COLUMNS, PlainPerson, hold_meeting, outcome_of
from bench.timing import collector_off, cpu_seconds


class MesaPerson(PlainPerson, mesa.Agent):
    """Somebody in need."""

    def __init__(self, model: MesaTown, row: dict[str, Any]) -> None:
        mesa.Agent.__init__(self, model)
        self.settle_in(row, model.values)


class MesaGroup(mesa.Agent):
    """A group that meets."""

    def __init__(self, model: MesaTown, climate: float, legacy: float, leaderless: float) -> None:
        super().__init__(model)
        self.climate, self.legacy, self.leaderless = climate, legacy, leaderless
        self.members: list[MesaPerson] = []

    def meet(self) -> None:
        """Hold the week's meeting."""
        share = self.model.values.share
        hold_meeting(self.members, self, share.heard_at_most, share.coping_gain, self.model.now)


class MesaTown(mesa.Model):
    """A town of people and groups."""

    def __init__(self, start: Start, way: str) -> None:
        super().__init__(seed=1)
        self.values, self.now = step_values(start.scenario), FIRST_STEP
        columns = [start.people[name].tolist() for name in COLUMNS]
        groups = [
            MesaGroup(self, float(g["climate"]), float(g["legacy"]), float(g["leaderless"])) for g in start.groups
        ]
        self.people = [MesaPerson(self, dict(zip(COLUMNS, row, strict=True))) for row in zip(*columns, strict=True)]
        for person in self.people:
            if person.group >= 0:
                groups[person.group].members.append(person)
        self.luck = PlainLuck(start, way, self.random)

    def step(self) -> None:
        """Let a core week pass."""
        self.luck.deal(self.people, self.now)
        self.agents_by_type[MesaGroup].do("meet")
        everybody = self.agents_by_type[MesaPerson]
        everybody.do("live", self.now)
        everybody.do("progress", self.now)
        self.now += 1


def let_go(model: mesa.Model) -> None:
    """Let a model be forgotten: Mesa numbers agents in a table that would keep every model for ever."""
    mesa.Agent._ids.pop(model, None)


class MesaWeek:
    """Plain Mesa with one way of coming by its luck."""

    name = "plain Mesa"

    def __init__(self, start: Start, way: str = "keyed") -> None:
        self.start, self.way = start, way
        self.town: MesaTown | None = None

    def seconds(self, weeks: int) -> float:
        """Live through so many weeks from the common start and return the CPU seconds they took."""
        self.town = town = MesaTown(self.start, self.way)
        total = 0.0
        with collector_off():
            for week in range(weeks):
                town.luck.prepare(town.people, week)
                total += cpu_seconds(town.step)
        let_go(town)
        return total

    def outcome(self) -> dict[str, np.ndarray]:
        """Return the compared columns after the last weeks lived."""
        assert self.town is not None
        return outcome_of(self.town.people)
