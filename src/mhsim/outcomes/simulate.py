"""Whole runs with their outcomes: one history of a scenario, many of them side by side, and getting ready for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import numpy as np

from mhsim.core.rng import replicate_number
from mhsim.engine.simulation import History
from mhsim.outcomes.counts import living
from mhsim.outcomes.partition import PART, simulate_in_parts
from mhsim.outcomes.results import Run, result_of
from mhsim.scenario import Change, Scenario, Start, given_scenario


def simulate(
    scenario: Scenario,
    replicate: int = 0,
    *,
    record: str = "runs",
    control: np.ndarray | None = None,
    jobs: int = 1,
) -> Run:
    """Return the outcome of one history of a scenario.

    The same scenario and replicate give the same result on every machine, whatever else runs beside it. A world of
    many communities is simulated in parts, `jobs` of them side by side, and the result does not depend on how many.

    Parameters
    ----------
    scenario : Scenario
        What is assumed.
    replicate : int
        Which history under the scenario's seed.
    record : {"runs", "series", "lives", "story"}
        What is kept besides the summary: weekly series, also lives, also the event log.
    control : ndarray of int64, shape (2,), optional
        ``control[0]`` shows the step reached, setting ``control[1]`` asks to stop.
    jobs : int
        Parts of a large world that run side by side.

    Raises
    ------
    InputError
        If it is no scenario, or the replicate is no whole number from 0 to 2,147,483,647.
    mhsim.engine.Stopped
        If it was asked to stop.
    """
    scenario, replicate = given_scenario(scenario), replicate_number(replicate)
    if scenario.community.count > PART:
        return simulate_in_parts(scenario, replicate, record=record, control=control, jobs=jobs)
    history = History(scenario, replicate, record=record, control=control)
    world = history.live_to_end()
    return result_of(world, scenario, replicate, record, own=history.own_tables(living))


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
