"""Outside, newcomer, member, helper, left: a group as five numbers, and the arrivals from which on it lives.

The mean field of mhsim itself. People in need stand in five places; lambda come into need in a week, R = N + M + H:

    O  outside    O' = lambda - come reach O - gone O
    N  newcomer   N' = (1 - once) come reach O + back reach L - N / T - early lost N       for T weeks
    M  member     M' = N / T - late lost M - begin pressure M + stop H
    H  helper     H' = begin pressure M - stop H - helper_stays late lost H
    L  left       L' = all who leave - back reach L - settled L

What is a rule of mhsim is taken from it with the values of a scenario: `reach`, the share of meetings `held` with the
hours that helpers have, the `pressure` to begin helping, and closing for want of people:

    reach    = (R / 15) ** word_of_mouth
    held     = 1 - exp(-(bare + carried min(1, hours able H / (meeting_hours + member_hours R))))
    lost     = exp(belonging_holds belonging (held at first - held))       who meets less belongs less
    pressure = (1 + asking max(0, Q - short_at H) / R) / (1 + crowding max(0, enough H - Q) / R), for Q = seek R
    closing  = low_per_year logistic((low_at - attend R held / held at first) / low_width) hold

What in mhsim comes out of many people's states is measured in its histories at one place, as means: the rates of
coming, coming back, leaving early and late, settling, beginning and stopping to help, and the shares `once`, `attend`,
`seek`, `hold` and `able` (`Rates`). Each is a number here and differs from person to person and week to week there; that is
what the mean field leaves out, with chance.

Threshold. Let a first visit bring S weeks of membership. At rest R is the first visits of a week times S, and of those
who come into need the share ``come reach / (come reach + gone)`` ever visits. The group lives only if the meeting is
not felt to be empty, ``attend R > low_at``, so only if

    lambda > (low_at / attend) / S * (come reach + gone) / (come reach)        reach taken at R = low_at / attend
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.special import expit

Numbers = NDArray[np.float64]
EARLY_WEEKS = 26.0
"""T: weeks of membership in which one is called a newcomer here; most who leave do so within them."""
TYPICAL_ROLL, WEEKS_PER_YEAR = 15.0, 52.0
SERIES = (
    *("outside", "former", "focal_members", "focal_helpers", "focal_attended", "focal_held"),
    *("focal_hours_done", "focal_cohesion", "belonging_members"),
)
OUTSIDE, NEWCOMER, MEMBER, HELPER, LEFT, OPEN = range(6)


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
        begin=made / (sums["members"] - sums["helpers"]) / _pressure(values, seek, sums["members"], sums["helpers"]),
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


def _pressure(values: Any, seek: float, roll: float, helpers: float) -> float:
    """Return how far want or plenty of helpers make members begin to help."""
    serve, seekers, roll = values.serve, seek * roll, max(1.0, roll)
    short = max(0.0, seekers - serve.short_at * helpers) / roll
    surplus = max(0.0, serve.enough * helpers - seekers) / roll
    return (1.0 + serve.asking * short) / (1.0 + serve.crowding * surplus)


def change(state: Numbers, arrivals: float, values: Any, rates: Rates) -> Numbers:
    """Return how the five numbers, and the chance to be open, change in a week."""
    outside, newcomers, members, helpers, left, is_open = np.maximum(state, 0.0)
    work, leave, close = values.work, values.leave, values.close
    roll = newcomers + members + helpers
    reach = max(0.5, roll / TYPICAL_ROLL) ** values.arrive.word_of_mouth
    called = work.meeting_hours + work.member_hours * roll
    held = 1.0 - np.exp(-(work.bare + work.carried * min(1.0, work.hours * rates.able * helpers / called)))
    lost = np.exp(leave.belonging_holds * rates.belonging * (rates.held - held))
    come, back = rates.come * reach * outside, rates.back * reach * left
    grown = newcomers / EARLY_WEEKS
    begin = rates.begin * _pressure(values, rates.seek, roll, helpers) * members
    ends = np.array([rates.early * newcomers, rates.late * members, leave.helper_stays * rates.late * helpers]) * lost
    empty = expit((close.low_at - rates.attend * roll * held / rates.held) / close.low_width)
    return np.array(
        [
            arrivals - come - rates.gone * outside,
            (1.0 - rates.once) * come + back - grown - ends[0],
            grown - ends[1] - begin + rates.stop * helpers,
            begin - rates.stop * helpers - ends[2],
            rates.once * come + ends.sum() - back - rates.settled * left,
            -close.low_per_year / WEEKS_PER_YEAR * empty * rates.hold * is_open,
        ]
    )


def course(arrivals: float, values: Any, rates: Rates, weeks: Numbers) -> Numbers:
    """Return the five numbers and the chance to be open, week by week from the opening, shape (6, weeks)."""
    alone = arrivals / rates.gone * (1.0 - np.exp(-rates.gone * values.start.run_in_weeks))
    first = [alone, 0.0, values.start.members - values.start.helpers, values.start.helpers, 0.0, 1.0]
    found = solve_ivp(
        lambda _week, state: change(state, arrivals, values, rates),
        (0.0, float(weeks[-1])),
        first,
        t_eval=weeks,
        rtol=1e-7,
    )
    return np.asarray(found.y)


def stay(rates: Rates, values: Any) -> float:
    """Return the weeks of membership that a first visit brings where meetings are held as at first, in closed form.

    A newcomer is lost early or becomes a member; a member begins and stops to help (at the pressure of 1) and is lost
    late, or less so while helping. Coming back is left out.
    """
    early = EARLY_WEEKS / (1.0 + rates.early * EARLY_WEEKS)
    remains = 1.0 / (1.0 + rates.early * EARLY_WEEKS)
    lost_helping = values.leave.helper_stays * rates.late
    away = np.array([[rates.late + rates.begin, -rates.begin], [-rates.stop, rates.stop + lost_helping]])
    return float((1.0 - rates.once) * (early + remains * np.linalg.solve(away, np.ones(2))[0]))


def threshold(values: Any, rates: Rates) -> float:
    """Return the people who must come into need each week for a group to live, in closed form."""
    roll = values.close.low_at / rates.attend
    come = rates.come * max(0.5, roll / TYPICAL_ROLL) ** values.arrive.word_of_mouth
    return roll / stay(rates, values) * (come + rates.gone) / come
