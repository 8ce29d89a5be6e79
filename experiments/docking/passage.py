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
`seek`, `hold` and `able` (`passage_rates.py`). Each is a number here, and differs from person to person and week to
week there; that is what the mean field leaves out, with chance.

Threshold. Let a first visit bring S weeks of membership. At rest R is the first visits of a week times S, and of those
who come into need the share ``come reach / (come reach + gone)`` ever visits. The group lives only if the meeting is
not felt to be empty, ``attend R > low_at``, so only if

    lambda > (low_at / attend) / S * (come reach + gone) / (come reach)        reach taken at R = low_at / attend
"""

from __future__ import annotations

from typing import Any

import numpy as np
from passage_rates import EARLY_WEEKS, TYPICAL_ROLL, Numbers, Rates, pressure_on
from scipy.integrate import solve_ivp
from scipy.special import expit

WEEKS_PER_YEAR = 52.0
OUTSIDE, NEWCOMER, MEMBER, HELPER, LEFT, OPEN = range(6)


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
    begin = rates.begin * pressure_on(values, rates.seek, roll, helpers) * members
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
