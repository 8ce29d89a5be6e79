"""Whole runs with their outcomes: one history of a scenario, many of them side by side, and getting ready for them.

A large world is simulated in parts: communities do not touch one another, so each few of them live their whole history
alone. That keeps the people in hand in the processor's cache, lets several processors share one world, and needs memory
only for the parts in work. The parts are the same however many processors there are, and are added up in their order,
so the result has the same bits on one thread and on many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from time import perf_counter
from typing import NamedTuple

import numpy as np

from mhsim.core.blocks import BLOCKS
from mhsim.core.rng import replicate_number
from mhsim.engine.events import NAME_A_GROUP
from mhsim.engine.own_columns import OwnTables
from mhsim.engine.simulation import Simulation, Stopped
from mhsim.engine.world import World
from mhsim.outcomes.counts import Counts, added, counts_of, living, together
from mhsim.outcomes.results import Run, result_of
from mhsim.scenario import Change, Scenario, Start, given_scenario

PART = 16
"""Communities in one part."""
PATIENCE = 0.2
"""Seconds between looks at whether the run was asked to stop."""
GROUP_NUMBERS = {
    "people": ("group", "last_group"),
    "lives": ("group", "last_group"),
    "groups": ("parent", "lineage"),
    "events": ("group",),
}
"""Columns that hold numbers of groups, by table; those of a part count on from the parts before it."""


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
    simulation = Simulation(scenario, replicate, record=record, control=control)
    world = simulation.run_to_end()
    return result_of(world, scenario, replicate, record, own=simulation.own_tables(living))


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


class Part(NamedTuple):
    """What is kept of a part: its counts, and its world where tables were recorded."""

    counts: Counts
    world: World | None
    own: list[OwnTables]


def simulate_in_parts(scenario: Scenario, replicate: int, *, record: str, control: np.ndarray | None, jobs: int) -> Run:
    """Return what was found in one history of a world of many communities; see `mhsim.simulate`."""
    control = np.zeros(2, np.int64) if control is None else control
    total = scenario.community.count
    firsts = range(0, total, PART)
    controls = [np.zeros(2, np.int64) for _ in firsts]
    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        coming = [
            pool.submit(_run_part, scenario, replicate, record, first, min(PART, total - first), own)
            for first, own in zip(firsts, controls, strict=True)
        ]
        try:
            _watch(coming, controls, control)
        except BaseException:
            for own in controls:
                own[1] = 1
            pool.shutdown(cancel_futures=True)
            raise
        parts = [future.result() for future in coming]
    counts = parts[0].counts
    for part in parts[1:]:
        counts = together(counts, part.counts)
    worlds = [part.world for part in parts if part.world is not None]
    world = side_by_side(worlds, firsts) if worlds else None
    tables = [_as_one_table(of_one) for of_one in zip(*(part.own for part in parts), strict=True)]
    return result_of(world, scenario, replicate, record, counts, tables)


def _as_one_table(tables: tuple[OwnTables, ...]) -> OwnTables:
    """Return what one rule has kept in all parts."""
    series, sums = tables[0].series, tables[0].sums
    for table in tables[1:]:
        series, sums = added(series, table.series), added(sums, table.sums)
    people, groups = (np.concatenate([getattr(table, name) for table in tables]) for name in ("people", "groups"))
    return tables[0]._replace(people=people, groups=groups, series=series, sums=sums)


def _run_part(scenario: Scenario, replicate: int, record: str, first: int, count: int, control: np.ndarray) -> Part:
    place = scenario.community.model_copy(update={"count": count})
    own = scenario.model_copy(update={"community": place})
    simulation = Simulation(own, replicate, record=record, control=control, first_community=first)
    world = simulation.run_to_end()
    tables = simulation.own_tables(living)
    for table in tables:
        table.people["community"] += first
    return Part(counts_of(world), None if record == "runs" else world, tables)


def _watch(coming: list[Future[Part]], controls: list[np.ndarray], control: np.ndarray) -> None:
    """Wait for all parts; pass on a wish to stop, and show the step that all have reached on average."""
    waiting = set(coming)
    while waiting:
        done, waiting = wait(waiting, timeout=PATIENCE, return_when="FIRST_EXCEPTION")
        for future in done:
            future.result()
        if control[1]:
            raise Stopped("stopped while its parts were running")
        control[0] = int(sum(int(own[0]) for own in controls) / len(controls))


def side_by_side(worlds: list[World], firsts: range) -> World:
    """Return one world for tables, with the people, groups, lives and events of all; communities and groups renumbered.

    It can be read, not lived on: handles and ties are left out.
    """
    groups_before = 0
    parts: dict[str, list[np.ndarray]] = {name: [] for name in GROUP_NUMBERS}
    for world, first in zip(worlds, firsts, strict=True):
        for name, columns in GROUP_NUMBERS.items():
            rows = living(world) if name == "people" else getattr(world, name)[: world.meter[name][0]].copy()
            rows["community"] += first
            for column in columns:
                rows[column][rows[column] >= 0] += groups_before
            parts[name].append(rows)
        log = parts["events"][-1]
        log["value"][np.isin(log["kind"], NAME_A_GROUP)] += groups_before
        groups_before += len(parts["groups"][-1])
    tables = {name: np.concatenate(rows) for name, rows in parts.items()}
    tables["events"] = tables["events"][np.argsort(tables["events"]["step"], kind="stable")]
    meter = worlds[0].meter.copy()
    for name, rows in tables.items():
        meter[name] = len(rows)
    blocks = np.zeros(1 + len(tables["groups"]), BLOCKS)
    blocks["count"][0] = blocks["room"][0] = len(tables["people"])
    series = worlds[0].series
    for world in worlds[1:]:
        mine = added(series, world.series)
        for name in series.dtype.names or ():
            if name.startswith("focal_"):
                mine[name] = series[name]
        series = mine
    forms = worlds[0].forms
    for world in worlds[1:]:
        forms = added(forms, world.forms)
    return worlds[0]._replace(blocks=blocks, meter=meter, series=series, forms=forms, **tables)
