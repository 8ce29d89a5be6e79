"""A large world in parts: communities do not touch one another, so each few of them live their whole history alone.

That keeps the people in hand in the processor's cache, lets several processors share one world, and needs memory only
for the parts in work. The parts are the same however many processors there are, and are added up in their order, so
the result has the same bits on one thread and on many.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import NamedTuple

import numpy as np

from mhsim.core.blocks import BLOCKS
from mhsim.engine.events import NAME_A_GROUP
from mhsim.engine.own_columns import OwnTables
from mhsim.engine.simulation import History, Stopped
from mhsim.engine.world import World
from mhsim.outcomes.counts import Counts, added, counts_of, living, together
from mhsim.outcomes.results import Run, result_of
from mhsim.scenario import Scenario

PART = 16
"""Communities in one part."""
PATIENCE = 0.2
"""Seconds between looks at whether the run was asked to stop."""


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
            pool.submit(_live, scenario, replicate, record, first, min(PART, total - first), own)
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
    series = tables[0].series
    for table in tables[1:]:
        series = added(series, table.series)
    people, groups = (np.concatenate([getattr(table, name) for table in tables]) for name in ("people", "groups"))
    return tables[0]._replace(people=people, groups=groups, series=series)


def _live(scenario: Scenario, replicate: int, record: str, first: int, count: int, control: np.ndarray) -> Part:
    place = scenario.community.model_copy(update={"count": count})
    own = scenario.model_copy(update={"community": place})
    history = History(own, replicate, record=record, control=control, first_community=first)
    world = history.live_to_end()
    tables = history.own_tables(living)
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
    people: list[np.ndarray] = []
    lives: list[np.ndarray] = []
    groups: list[np.ndarray] = []
    events: list[np.ndarray] = []
    for world, first in zip(worlds, firsts, strict=True):
        for rows, kept in ((living(world), people), (world.lives[: world.meter["lives"][0]].copy(), lives)):
            rows["community"] += first
            for name in ("group", "last_group"):
                rows[name][rows[name] >= 0] += groups_before
            kept.append(rows)
        own = world.groups[: world.meter["groups"][0]].copy()
        own["community"] += first
        for name in ("parent", "lineage"):
            own[name][own[name] >= 0] += groups_before
        groups.append(own)
        log = world.events[: world.meter["events"][0]].copy()
        log["community"] += first
        log["value"][np.isin(log["kind"], NAME_A_GROUP)] += groups_before
        log["group"][log["group"] >= 0] += groups_before
        events.append(log)
        groups_before += len(own)
    return _as_one(worlds, np.concatenate(people), np.concatenate(lives), np.concatenate(groups), events)


def _as_one(
    worlds: list[World], people: np.ndarray, lives: np.ndarray, groups: np.ndarray, events: list[np.ndarray]
) -> World:
    log = np.concatenate(events)
    log = log[np.argsort(log["step"], kind="stable")]
    meter = worlds[0].meter.copy()
    meter["people"], meter["groups"], meter["lives"], meter["events"] = len(people), len(groups), len(lives), len(log)
    blocks = np.zeros(1 + len(groups), BLOCKS)
    blocks["count"][0] = blocks["room"][0] = len(people)
    series = worlds[0].series
    for world in worlds[1:]:
        mine = added(series, world.series)
        for name in series.dtype.names or ():
            if name.startswith("focal_"):
                mine[name] = series[name]
        series = mine
    return worlds[0]._replace(
        people=people, blocks=blocks, groups=groups, lives=lives, events=log, meter=meter, series=series
    )
