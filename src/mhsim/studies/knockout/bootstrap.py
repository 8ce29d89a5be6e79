"""How sure a mean over replicates is: intervals by drawing whole replicates again and again.

Every interval is a 95 % percentile interval. A number is called clear only if it would stand out among all those it
is judged together with, so that a long table does not make chance look like a finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
RESAMPLES = 2000
SEED = 20_012
FEWEST = 10
"""Replicates without which nothing is called clear."""
NORMAL = 1.959963984540054
SAME = 1e-12
"""A spread or a difference below this is that of rounding."""


@dataclass(frozen=True)
class Judged:
    """A mean over replicates, its interval, the replicates behind it, and whether it clearly differs from zero.

    `identical` tells that it was zero in every replicate.
    """

    value: float
    low: float
    high: float
    cases: int
    clear: bool = False
    identical: bool = False


@lru_cache(maxsize=8)
def weights(replicates: int) -> Numbers:
    """Return how often each replicate is drawn in each resample, shape (RESAMPLES, replicates)."""
    luck = np.random.default_rng(SEED)
    drawn: Numbers = luck.multinomial(replicates, np.full(replicates, 1.0 / replicates), size=RESAMPLES).astype(float)
    return drawn


def judged(rows: Numbers, most: float | None = None) -> list[Judged]:
    """Return the mean of each row with its interval; the rows are judged together.

    Parameters
    ----------
    rows : array, shape (rows, replicates)
        Numbers of the same replicates in each row; NaN where one is missing.
    most : float, optional
        The largest number one replicate can show (1 for a difference of yes and no). Where all replicates agree, so
        that resampling shows no spread, the interval reaches 3 / replicates of it further (the rule of three).
    """
    if rows.size == 0:
        return [Judged(np.nan, np.nan, np.nan, 0) for _ in rows]
    means = np.array([resampled(row) for row in rows])
    values = np.array([mean(row) for row in rows])
    spreads = np.array([_spread(row) for row in means])
    critical = _critical(means, values, spreads)
    cases = (~np.isnan(rows)).sum(axis=1)
    return [
        _judged(rows[k], float(values[k]), means[k], float(spreads[k]), int(cases[k]), critical, most)
        for k in range(len(rows))
    ]


def mean(row: Numbers) -> float:
    """Return the mean of what is there; NaN if nothing is."""
    there = row[~np.isnan(row)]
    return float(there.mean()) if len(there) else np.nan


def resampled(row: Numbers) -> Numbers:
    """Return the mean of a row in every resample, shape (RESAMPLES,); NaN where nothing of it was drawn."""
    there = ~np.isnan(row)
    drawn = weights(len(row))
    totals = np.einsum("bk,k->b", drawn, np.where(there, row, 0.0))
    cases = np.einsum("bk,k->b", drawn, there.astype(float))
    found: Numbers = np.divide(totals, cases, out=np.full(RESAMPLES, np.nan), where=cases > 0)
    return found


def _spread(means: Numbers) -> float:
    there = means[~np.isnan(means)]
    return float(there.std()) if len(there) and np.ptp(there) > SAME else 0.0


def _critical(means: Numbers, values: Numbers, spreads: Numbers) -> float:
    """Return how many spreads the row that strays furthest stays within, in 95 of 100 resamples."""
    moving = spreads > 0
    if not moving.any():
        return NORMAL
    strays = np.abs(means[moving] - values[moving, None]) / spreads[moving, None]
    return max(NORMAL, float(np.quantile(np.where(np.isnan(strays), 0.0, strays).max(axis=0), 0.95)))


def _judged(
    row: Numbers, value: float, means: Numbers, spread: float, cases: int, critical: float, most: float | None
) -> Judged:
    if cases == 0:
        return Judged(np.nan, np.nan, np.nan, 0)
    identical = bool((np.abs(row[~np.isnan(row)]) <= SAME).all())
    if spread > 0.0:
        low, high = (float(edge) for edge in np.quantile(means[~np.isnan(means)], [0.025, 0.975]))
        clear = cases >= FEWEST and abs(value) > critical * spread and not low <= 0.0 <= high
        return Judged(value, low, high, cases, bool(clear))
    reach = 3.0 / cases * most if most else (0.0 if cases > 1 else np.nan)
    low, high = value - reach, value + reach
    if most:
        low, high = max(-most, low), min(most, high)
    return Judged(value, low, high, cases, bool(cases >= FEWEST and abs(value) > reach + SAME), identical)
