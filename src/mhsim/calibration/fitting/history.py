"""One simulated history of a group, cut to what a record would have noted of it, and what came afterwards."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from mhsim.calibration.fitting.observed import STILL, Design, Numbers, Observed
from mhsim.calibration.fitting.prior import WEATHER
from mhsim.engine.events import (
    BECAME_HELPER,
    CAME_BACK,
    CO_FOUNDED,
    FIRST_VISIT,
    GROUP_ENDED,
    LEFT,
    MOVED_GROUP,
    ROLE_ENDED,
    THERE_AT_OPENING,
)
from mhsim.engine.simulation import Simulation
from mhsim.engine.world import World
from mhsim.scenario import Scenario
from mhsim.schema import CAME_ONCE, HELPER

BEGINS = (FIRST_VISIT, CAME_BACK, THERE_AT_OPENING, CO_FOUNDED)
OF_WEATHER = 77
"""Tells the luck of the weather from that of the draw."""


class History(NamedTuple):
    """A simulated group: by week from the opening on, and what a record would have noted of it.

    Attributes
    ----------
    seen : Observed
        Up to the end of the record.
    members, helpers, present : ndarray, shape (weeks in all,)
        On the roll, helping, and at the meeting; 0 once it has closed.
    closed : float
        Week in which it closed; infinite if it did not.
    """

    seen: Observed
    members: Numbers
    helpers: Numbers
    present: Numbers
    closed: float


def history(scenario: Scenario, design: Design, values: dict[str, Any], seed: int, index: int) -> History:
    """Return one history of the group of a scenario; `index` is the replicate, `values` the draw it was made from."""
    simulation = Simulation(scenario, index, record="story")
    world = simulation.run_to_end()
    opening = simulation.opening
    weekly = world.series[opening : opening + scenario.weeks]
    members, helpers, present = (weekly[f"focal_{name}"].astype(float) for name in ("members", "helpers", "attended"))
    seen = _as_noted(world, opening, design, values, np.random.default_rng([seed, index, OF_WEATHER]))
    ends = _of_group(world, (GROUP_ENDED,))["step"]
    return History(seen, members, helpers, present, float(ends[0] - opening) if len(ends) else np.inf)


def _of_group(world: World, kinds: tuple[int, ...]) -> Any:
    events = world.events[: world.meter["events"][0]]
    return events[np.isin(events["kind"], kinds) & (events["group"] == 0)]


def _as_noted(world: World, opening: int, design: Design, values: dict[str, Any], luck: Any) -> Observed:
    """Return what a record of the design would have noted: attendance moved by the weather, with the same gaps."""
    weekly = world.series[opening : opening + design.weeks]
    counted = np.array(design.counted)
    sd = float(values[WEATHER])
    weather = np.exp(sd * luck.standard_normal(design.weeks) - sd * sd / 2.0)
    newcomers = weekly["focal_newcomers"].astype(float)
    present = np.maximum(newcomers, np.round(weekly["focal_attended"] * weather))
    spells = _spells(world, opening, design.weeks)
    if not design.came_once:
        spells = spells[spells[:, 2] != CAME_ONCE]
    there = np.where(counted, present, np.nan), np.where(counted, newcomers, np.nan)
    return Observed(spells[:, :2], *there, _helping(world, opening, design.weeks))


def _paired(begins: dict[int, float], who: int, end: float, found: list[tuple[float, float, float]], why: int) -> None:
    if who in begins:
        found.append((begins.pop(who), end, float(why)))


def _spells(world: World, opening: int, weeks: int) -> Numbers:
    """Return when members of the group joined and left, and the code of the reason, up to the end of the record."""
    begins: dict[int, float] = {}
    found: list[tuple[float, float, float]] = []
    events = world.events[: world.meter["events"][0]]
    chosen = events[np.isin(events["kind"], (*BEGINS, LEFT, MOVED_GROUP))]
    columns = ("step", "kind", "who", "group", "value")
    for step, kind, who, group, value in zip(*(chosen[name].tolist() for name in columns), strict=True):
        week = step - opening
        if week >= weeks:
            break
        if kind == MOVED_GROUP:
            if group == 0:
                _paired(begins, who, week, found, 0)
            elif value == 0:
                begins[who] = week
        elif group == 0:
            if kind == LEFT:
                _paired(begins, who, week, found, value)
            elif kind == THERE_AT_OPENING:
                begins[who] = -1.0
            else:
                begins.setdefault(who, week)
    found += [(begin, STILL, 0.0) for begin in begins.values()]
    return np.array(found, float).reshape(-1, 3)


def _helping(world: World, opening: int, weeks: int) -> Numbers:
    """Return when people took on the role of helper in the group and gave it up, up to the end of the record."""
    begins: dict[int, float] = {}
    found: list[tuple[float, float, float]] = []
    events = _of_group(world, (THERE_AT_OPENING, BECAME_HELPER, ROLE_ENDED, LEFT, MOVED_GROUP))
    columns = ("step", "kind", "who", "role")
    for step, kind, who, role in zip(*(events[name].tolist() for name in columns), strict=True):
        week = step - opening
        if week >= weeks:
            break
        if kind == THERE_AT_OPENING:
            if role == HELPER:
                begins[who] = -1.0
        elif kind == BECAME_HELPER:
            begins.setdefault(who, week)
        else:
            _paired(begins, who, week, found, 0)
    found += [(begin, STILL, 0.0) for begin in begins.values()]
    return np.array([row[:2] for row in found], float).reshape(-1, 2)
