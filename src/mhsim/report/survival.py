"""How long groups last, with those still open at the end counted as lasting at least that long."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isinf

import numpy as np
from numpy.typing import NDArray

from mhsim.report.intervals import Estimate, mean_of, wilson
from mhsim.report.study_data import Found

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """The share still open after each time, with the band it lies in; times in weeks, steps after each."""

    weeks: Numbers
    share: Numbers
    low: Numbers
    high: Numbers
    cases: int


@dataclass(frozen=True)
class Lifetime:
    """The time after which half the groups have closed, and the mean time within a horizon; weeks."""

    half: float
    half_low: float
    half_high: float
    mean: Estimate


def curve(weeks: Numbers, closed: Numbers) -> Curve | None:
    """Return the Kaplan-Meier curve of some runs; None without any.

    Where none or all have closed the usual band has no width; there the Wilson interval of that share stands in.
    """
    there = ~(np.isnan(weeks) | np.isnan(closed))
    if not there.any():
        return None
    fitted = _fitted(weeks[there], closed[there])
    share = fitted.survival_function_.iloc[:, 0].to_numpy(float)
    low, high = fitted.confidence_interval_.to_numpy(float).T.copy()
    cases = int(there.sum())
    low[share >= 1.0] = wilson(cases, cases).low
    high[share <= 0.0] = wilson(0, cases).high
    return Curve(fitted.survival_function_.index.to_numpy(float), share, low, high, cases)


def lifetime(weeks: Numbers, closed: Numbers, horizon: float) -> Lifetime | None:
    """Return the time until half have closed and the mean time open within a horizon; None without any run.

    Every group is followed to the horizon at least, so the mean of the times cut there is the area under the curve.
    """
    there = ~(np.isnan(weeks) | np.isnan(closed))
    if not there.any():
        return None
    from lifelines.utils import median_survival_times

    fitted = _fitted(weeks[there], closed[there])
    low, high = median_survival_times(fitted.confidence_interval_).to_numpy(float).ravel()
    half = float(fitted.median_survival_time_)
    if there.sum() == 1:
        low, high = 0.0, inf
    mean = mean_of(np.where(there, np.minimum(weeks, horizon), np.nan))
    return Lifetime(half, 0.0 if isinf(low) and not isinf(half) else low, high, mean)


def followed(found: Found) -> float:
    """Return how many weeks every group was followed: the shortest time of one still open."""
    weeks, closed = found.numbers("weeks_to_closure"), found.numbers("closed")
    still_open = weeks[(closed == 0) & ~np.isnan(weeks)]
    return float(still_open.min()) if len(still_open) else float(found.weeks)


def _fitted(weeks: Numbers, closed: Numbers):  # type: ignore[no-untyped-def]
    from lifelines import KaplanMeierFitter

    return KaplanMeierFitter().fit(weeks, closed)
