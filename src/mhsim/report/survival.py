"""How long groups last, with those still open at the end counted as lasting at least that long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mhsim.report.study_data import Found
from mhsim.stats import Estimate, kaplan_meier, median_time, restricted_mean

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
    """Return the Kaplan-Meier curve of some runs; None without any."""
    found = kaplan_meier(weeks, closed)
    return None if found is None else Curve(found.weeks, found.value, found.low, found.high, found.cases)


def lifetime(weeks: Numbers, closed: Numbers, horizon: float) -> Lifetime | None:
    """Return the time until half have closed and the mean time open within a horizon; None without any run."""
    found = kaplan_meier(weeks, closed)
    if found is None:
        return None
    half = median_time(found)
    return Lifetime(half.value, half.low, half.high, restricted_mean(weeks, closed, horizon))


def followed(found: Found) -> float:
    """Return how many weeks every group was followed: the shortest time of one still open."""
    weeks, closed = found.numbers("weeks_to_closure"), found.numbers("closed")
    still_open = weeks[(closed == 0) & ~np.isnan(weeks)]
    return float(still_open.min()) if len(still_open) else float(found.weeks)
