"""The simulation of one world, step by step: openings, changes on the way, tables that grow."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mhsim.core.rng import LARGEST_STEP, replicate_number, run_key
from mhsim.engine.interventions import lose_busiest_helpers
from mhsim.engine.loop import MOST_ARRIVALS, NEEDS_ROOM, STOPPED, TOO_MANY, run
from mhsim.engine.own_columns import OwnColumns, OwnTables, table_of
from mhsim.engine.world import Settings, World, new_world, set_first_rows, settings_by_form, with_room, with_time
from mhsim.errors import InputError
from mhsim.scenario import Change, Scenario, with_values

RECORDS = ("runs", "series", "lives", "story")


class Stopped(Exception):
    """A run was asked to stop before its end."""


def steps_of(weeks: float, scenario: Scenario) -> int:
    """Return a time in weeks as a number of steps."""
    return round(weeks / scenario.weeks_per_step)


class Simulation:
    """One simulated world: its state, its scenario and the step it has reached.

    Parameters
    ----------
    scenario : Scenario
        What is assumed.
    replicate : int
        Which run under the scenario's seed.
    record : {"runs", "series", "lives", "story"}
        What is kept besides the counts: weekly series, also ended lives, also the event log.
    control : ndarray of int64, shape (2,), optional
        ``control[0]`` shows the step reached, setting ``control[1]`` asks to stop.
    first_community : int
        The number of the first community, for a world that is part of a larger one.

    Attributes
    ----------
    world : World
        Everything that exists now. Tables are replaced as they grow: ask for them again after each step.
    scenario : Scenario
        What holds now: as given, but for the changes that have come.
    opening : int
        The step in which the groups open.
    """

    def __init__(
        self,
        scenario: Scenario,
        replicate: int = 0,
        *,
        record: str = "runs",
        control: np.ndarray | None = None,
        first_community: int = 0,
    ) -> None:
        self.assumed = scenario
        self.scenario = scenario
        self.replicate = replicate = replicate_number(replicate)
        self.record = record
        self.control = np.zeros(2, np.int64) if control is None else control
        self.key = run_key(scenario.seed, replicate, first_community)
        self.opening = steps_of(scenario.start.run_in_weeks, scenario)
        self.coming = sorted(scenario.changes, key=lambda change: change.week)
        self.last = self.opening + steps_of(scenario.weeks, scenario)
        if record not in RECORDS:
            raise InputError(f"record: given {record!r}; allowed: {', '.join(RECORDS)}")
        kept = RECORDS.index(record)
        self._settled, self._settings = scenario, settings_by_form(scenario)
        self._own: dict[str, OwnColumns] = {}
        self.world: World = new_world(scenario, self.last, series=kept >= 1, lives=kept >= 2, events=kept >= 3)

    @property
    def step(self) -> int:
        """The number of steps simulated since the world began."""
        return int(self.world.meter["step"][0])

    @property
    def week(self) -> float:
        """Weeks since the groups opened; negative before."""
        return (self.step - self.opening) * self.scenario.weeks_per_step

    def run_until(self, step: int) -> None:
        """Simulate every step before this one, with the changes that come on the way.

        Raises
        ------
        Stopped
            If it was asked to stop.
        ValueError
            If the step lies beyond the last that draws can tell apart.
        """
        if step > LARGEST_STEP:
            raise ValueError(f"a history has at most {LARGEST_STEP} steps; step {step} was asked for")
        self.world = with_time(self.world, step, series=self.record != "runs")
        while self.coming and self._when(self.coming[0]) < step:
            self._pass(self._when(self.coming[0]))
            self._take_changes()
        self._pass(step)

    def open_groups(self) -> None:
        """Simulate the run-in and open the groups, so that all are there before the first week."""
        self.run_until(self.opening)
        self._take_changes()
        self._pass(self.opening, open_now=True)

    def run_to_end(self) -> World:
        """Simulate to the end of the scenario and return the world."""
        self.run_until(self.last)
        return self.world

    def own_tables(self, living: Callable[[World], np.ndarray]) -> list[OwnTables]:
        """Return what the rules beside the week have kept of their own; `living` gives the rows of everybody alive."""
        return [own.tables(self.world, living(self.world)) for own in self._own.values()]

    def _when(self, change: Change) -> int:
        return self.opening + steps_of(change.week, self.scenario)

    def _pass(self, step: int, open_now: bool = False) -> None:
        settings, recorded = self._settle(), self.record != "runs"
        dt = self.scenario.weeks_per_step
        while True:
            rules = table_of(self._own, self.scenario, self.world, self.key, recorded)
            outcome = run(
                self.world, settings, rules, self.key, step, self.opening, dt, self.control, recorded, open_now
            )
            if outcome == STOPPED:
                raise Stopped(f"stopped at step {self.step}")
            if outcome == TOO_MANY:
                raise InputError(
                    f"week {self.week:g}: {self.world.communities['arrivals'].max()} people come into need in one "
                    f"community; allowed: up to {MOST_ARRIVALS} (community.arrivals_per_week, community.place_sd)"
                )
            if outcome != NEEDS_ROOM:
                return
            self.world = with_room(self.world)

    def _settle(self) -> Settings:
        """Return the parameters that hold now; people and groups to come start by them."""
        if self._settled is not self.scenario:
            self._settled, self._settings = self.scenario, settings_by_form(self.scenario)
            set_first_rows(self.world, self.scenario)
        return self._settings

    def _take_changes(self) -> None:
        """Let everything happen that is to happen at the step reached: new values, then acts.

        In week 0 the groups open in between: with the new values, and so that there is somebody to act on.
        """
        due = []
        while self.coming and self._when(self.coming[0]) == self.step:
            due.append(self.coming.pop(0))
        for change in due:
            if change.set:
                without = self.scenario.model_copy(update={"changes": ()})
                self.scenario = with_values(without, dict(change.set))
        for change in due:
            if change.act == "lose_busiest_helpers":
                self._pass(self.step, open_now=True)
                self._lose_busiest(change)

    def _lose_busiest(self, change: Change) -> None:
        self.world = lose_busiest_helpers(self.world, change.count, change.leave)


def run_world(
    scenario: Scenario, replicate: int = 0, *, record: str = "runs", control: np.ndarray | None = None
) -> World:
    """Simulate one world from the run-in to the end and return it; see `Simulation` for the arguments.

    Raises
    ------
    Stopped
        If it was asked to stop.
    """
    return Simulation(scenario, replicate, record=record, control=control).run_to_end()
