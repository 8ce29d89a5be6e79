"""A whole run: from a scenario to the world at its end, through openings, changes in mid-life and growing tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import numpy as np

from mhsim.core.draws import run_key
from mhsim.engine.acts import lose_busiest_helpers
from mhsim.engine.history import NEEDS_ROOM, STOPPED, run
from mhsim.engine.world import World, new_world, settings_of, with_room
from mhsim.results import Run, found_in
from mhsim.scenario import Change, Scenario, Start, with_values


class Stopped(Exception):
    """A run was asked to stop before its end."""


def steps_of(weeks: float, scenario: Scenario) -> int:
    """Return a time in weeks as a number of steps."""
    return round(weeks / scenario.weeks_per_step)


def live_through(
    scenario: Scenario, replicate: int = 0, *, record: str = "runs", control: np.ndarray | None = None
) -> World:
    """Let one world live from the run-in to the end and return it.

    Parameters
    ----------
    scenario : Scenario
        What is assumed.
    replicate : int
        Which history under the scenario's seed.
    record : {"runs", "series", "lives", "story"}
        What is kept besides the counts: weekly series, also ended lives, also the event log.
    control : ndarray of int64, shape (2,), optional
        ``control[0]`` shows the step reached, setting ``control[1]`` asks to stop.

    Raises
    ------
    Stopped
        If it was asked to stop.
    """
    control = np.zeros(2, np.int64) if control is None else control
    key = run_key(scenario.seed, replicate)
    opening = steps_of(scenario.start.run_in_weeks, scenario)
    last = opening + steps_of(scenario.weeks, scenario)
    kept = ("runs", "series", "lives", "story").index(record)
    world = new_world(scenario, last, series=kept >= 1, lives=kept >= 2, events=kept >= 3)
    for change in sorted(scenario.changes, key=lambda change: change.week):
        until = opening + steps_of(change.week, scenario)
        world = _live_until(world, scenario, key, until, opening, control, kept >= 1)
        scenario = _change(world, scenario, change)
    return _live_until(world, scenario, key, last, opening, control, kept >= 1)


def _live_until(
    world: World,
    scenario: Scenario,
    key: tuple[np.uint32, np.uint32],
    last: int,
    opening: int,
    control: np.ndarray,
    recorded: bool,
) -> World:
    settings = settings_of(scenario)
    while True:
        outcome = run(world, settings, key, last, opening, scenario.weeks_per_step, control, recorded)
        if outcome == NEEDS_ROOM:
            world = with_room(world, *_coming(world, scenario, opening))
        elif outcome == STOPPED:
            raise Stopped(f"stopped at step {world.meter['step'][0]}")
        else:
            return world


def _coming(world: World, scenario: Scenario, opening: int) -> tuple[int, int]:
    """Return how many people and groups may come in the step at hand."""
    people, groups = int(world.communities["arrivals"].sum()), 0
    if world.meter["step"][0] == opening and world.meter["begun"][0] == 1:
        groups = scenario.community.count * scenario.start.groups
        people += groups * scenario.start.members
    return people, groups


def _change(world: World, scenario: Scenario, change: Change) -> Scenario:
    if change.act == "lose_busiest_helpers":
        lose_busiest_helpers(world, change.count)
    if change.set:
        return with_values(scenario.model_copy(update={"changes": ()}), dict(change.set))
    return scenario


def simulate(scenario: Scenario, replicate: int = 0, *, record: str = "runs", control: np.ndarray | None = None) -> Run:
    """Return what was found in one history of a scenario; see `live_through` for the arguments.

    The same scenario and replicate give the same result on every machine, whatever else runs beside it.
    """
    world = live_through(scenario, replicate, record=record, control=control)
    return found_in(world, scenario, replicate, record)


def ensemble(scenario: Scenario, replicates: Iterable[int], *, jobs: int = 2, record: str = "runs") -> Iterator[Run]:
    """Yield the histories of several replicates in their order, run side by side in threads.

    The compiled run holds no interpreter lock, so threads use all processors they are given.
    """
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        yield from pool.map(lambda replicate: simulate(scenario, replicate, record=record), replicates)


def warm() -> float:
    """Compile, or load from the cache, everything a run needs; return the seconds it took."""
    began = perf_counter()
    act = Change(week=1, act="lose_busiest_helpers")
    for record in ("runs", "story"):
        simulate(Scenario(weeks=2, start=Start(run_in_weeks=1), changes=(act,)), record=record)
    return perf_counter() - began
