"""Rates of mhsim's histories for the mean field of `passage.py`: what comes out of many people's states, as means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
EARLY_WEEKS = 26.0
"""T: weeks of membership in which one is called a newcomer here; most who leave do so within them."""
TYPICAL_ROLL = 15.0
SERIES = (
    *("outside", "former", "focal_members", "focal_helpers", "focal_attended", "focal_held"),
    *("focal_hours_done", "focal_cohesion", "belonging_members"),
)
WORDS = {
    "come": "of 1 outside, who come in a week where a group has 15 members",
    "back": "of 1 who left, who come back in a week, likewise",
    "gone": "of 1 outside, who no longer are in need here, a week",
    "settled": "of 1 who left, likewise",
    "once": "of first visitors, who come once",
    "early": "of 1 newcomer, who leave in a week",
    "late": "of 1 member, who leave in a week",
    "begin": "of 1 member, who begin to help in a week, at the pressure 1",
    "stop": "of 1 helper, who stop in a week",
    "attend": "of members, at a meeting",
    "seek": "of members, who have not found their way yet",
    "hold": "of closing, left after cohesion and form",
    "able": "of the hours of a typical helper, got done by each",
    "belonging": "mean belonging of members",
    "held": "of meetings, held",
}
"""What each of the rates is."""


@dataclass(frozen=True)
class Rates:
    """Means of mhsim's histories: rates a week and person, shares, and how many stand where at first."""

    come: float
    back: float
    gone: float
    settled: float
    once: float
    early: float
    late: float
    begin: float
    stop: float
    attend: float
    seek: float
    hold: float
    able: float
    belonging: float
    held: float


def measured(runs: Sequence[Any]) -> Rates:
    """Return the rates of mhsim's histories of one place, `simulate(..., record="lives")`, while its group is open."""
    values = runs[0].scenario
    weeks = [_weeks_of(run) for run in runs]
    sums = {name: float(sum(each[name].sum() for each in weeks)) for name in weeks[0]}
    arrivals, visits = (sum(run.summary[name] for run in runs) for name in ("arrivals", "first_visits"))
    outside = sum(float(run.series["outside"].to_numpy().sum()) for run in runs)
    moved = sum(float(run.series["outside"][0].as_py() - run.series["outside"][-1].as_py()) for run in runs)
    first, late_weeks, early_weeks, helping = _spells(runs)
    ends = first["once"] + first["early"] + first["late"]
    stayed = sum(float(run.series["former"][-1].as_py()) for run in runs)
    stays = 1.0 - values.leave.helper_stays
    made, lost = (
        sum(float(run.groups[name].to_numpy().sum()) for run in runs) for name in ("helpers_made", "helpers_lost")
    )
    seek = _seeking(runs)
    return Rates(
        come=visits / sums["reached_outside"],
        back=sum(float(run.lives["returns"].to_numpy().sum()) for run in runs) / sums["reached_former"],
        gone=(arrivals - visits + moved) / outside,
        settled=(ends - stayed) / sum(float(run.series["former"].to_numpy().sum()) for run in runs),
        once=first["once"] / max(1.0, first["visits"]),
        early=first["early"] / early_weeks,
        late=first["late"] / (late_weeks - stays * helping),
        begin=made / (sums["members"] - sums["helpers"]) / pressure_on(values, seek, sums["members"], sums["helpers"]),
        stop=lost / sums["helpers"],
        attend=sums["attended"] / sums["members"],
        seek=seek,
        hold=sums["hold"] / sums["open"],
        able=sums["hours_done"] / (values.work.hours * sums["helpers"]),
        belonging=sums["belonging"] / sums["open"],
        held=sums["held"] / sums["open"],
    )


def _weeks_of(run: Any) -> dict[str, Numbers]:
    """Return what there was week by week, for the weeks in which the group was open."""
    values = run.scenario
    of = {name: run.series[name].to_numpy().astype(float) for name in SERIES}
    there = of["focal_members"] > 0
    reach = np.maximum(0.5, of["focal_members"] / TYPICAL_ROLL) ** values.arrive.word_of_mouth
    formality = float(run.groups["formality"][0].as_py())
    hold = (1 - values.close.cohesion_holds * of["focal_cohesion"]) * (1 - values.close.formality_holds * formality)
    found = {
        "reached_outside": of["outside"] * reach,
        "reached_former": of["former"] * reach,
        "members": of["focal_members"],
        "helpers": of["focal_helpers"],
        "attended": of["focal_attended"],
        "held": of["focal_held"],
        "hours_done": of["focal_hours_done"],
        "belonging": np.nan_to_num(of["belonging_members"]),
        "hold": np.nan_to_num(hold),
        "open": np.ones(len(there)),
    }
    return {name: each[there] for name, each in found.items()}


def _spells(runs: Sequence[Any]) -> tuple[dict[str, float], float, float, float]:
    """Return how first memberships ended, and weeks: of membership beyond and within half a year, of helping."""
    ends = {"visits": 0.0, "once": 0.0, "early": 0.0, "late": 0.0}
    beyond = within = helping = 0.0
    for run in runs:
        closed = run.groups["closed_week"][0].as_py()
        last = float(run.scenario.weeks if closed is None else closed)
        joined, left, starter, helped = (
            run.lives[name].to_numpy(zero_copy_only=False).astype(float)
            for name in ("joined_week", "first_left_week", "starter", "weeks_helping")
        )
        came = ~np.isnan(joined) | (starter > 0)
        start, stop = np.where(starter > 0, 0.0, joined)[came], np.fmin(left, last)[came]
        old, over = starter[came] > 0, (left < last)[came]
        stay = np.maximum(stop - start, 0.0)
        ends["visits"] += float((~old).sum())
        ends["once"] += float((over & ~old & (stay <= 1)).sum())
        ends["early"] += float((over & ~old & (stay > 1) & (stay < EARLY_WEEKS)).sum())
        ends["late"] += float((over & (old | (stay >= EARLY_WEEKS))).sum())
        beyond += float(np.where(old, stay, np.maximum(stay - EARLY_WEEKS, 0.0)).sum())
        within += float(np.where(old, 0.0, np.minimum(stay, EARLY_WEEKS)).sum())
        helping += float(helped[came].sum())
    return ends, beyond, within, helping


def _seeking(runs: Sequence[Any]) -> float:
    """Return the share of the members at the end who are not accommodated."""
    stages = [
        np.array(run.lives["stage"].to_pylist())[np.array(run.lives["membership"].to_pylist()) == "member"]
        for run in runs
    ]
    return float(np.mean(np.concatenate(stages) != "accommodation"))


def pressure_on(values: Any, seek: float, roll: float, helpers: float) -> float:
    """Return how far want or plenty of helpers make members begin to help."""
    serve, seekers, roll = values.serve, seek * roll, max(1.0, roll)
    short = max(0.0, seekers - serve.short_at * helpers) / roll
    surplus = max(0.0, serve.enough * helpers - seekers) / roll
    return (1.0 + serve.asking * short) / (1.0 + serve.crowding * surplus)
