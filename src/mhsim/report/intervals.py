"""How sure: intervals for shares, for means and for differences between runs that share their luck.

Every interval is a 95 % interval. Differences are paired: the same replicate has the same luck at every point. Of
several differences shown together one is called clear only if it would stand out among all of them, so that a long
table does not make chance look like a finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
RESAMPLES = 2000
FEWEST = 10
"""Pairs without which no difference is called clear."""
NORMAL = 1.959963984540054
SEED = 20_011


@dataclass(frozen=True)
class Estimate:
    """A number, its interval, how many runs or pairs stand behind it, and whether it clearly differs from zero.

    `identical` tells that no pair showed any difference at all.
    """

    value: float
    low: float
    high: float
    cases: int
    clear: bool = False
    identical: bool = False

    @property
    def known(self) -> bool:
        """Whether there was any case."""
        return self.cases > 0

    @property
    def rises(self) -> bool:
        """Whether the difference is clear and above zero."""
        return self.clear and self.value > 0

    @property
    def falls(self) -> bool:
        """Whether the difference is clear and below zero."""
        return self.clear and self.value < 0

    def within(self, margin: float) -> bool:
        """Return whether the whole interval lies closer to zero than a margin."""
        return self.known and -margin < self.low and self.high < margin


NOTHING = Estimate(np.nan, np.nan, np.nan, 0)


def wilson(count: int, cases: int) -> Estimate:
    """Return a share and its Wilson interval."""
    if cases == 0:
        return NOTHING
    share, z = count / cases, NORMAL
    middle = (share + z * z / (2 * cases)) / (1 + z * z / cases)
    half = z * sqrt(share * (1 - share) / cases + z * z / (4 * cases * cases)) / (1 + z * z / cases)
    return Estimate(share, max(0.0, middle - half), min(1.0, middle + half), cases)


def share_of(flags: Numbers) -> Estimate:
    """Return the share of ones among zeros and ones, those missing left out."""
    there = flags[~np.isnan(flags)]
    return wilson(int(there.sum()), len(there))


@lru_cache(maxsize=32)
def resamples(cases: int) -> Numbers:
    """Return how often each of so many replicates is drawn in each resample, shape (RESAMPLES, cases)."""
    luck = np.random.default_rng(SEED)
    drawn: Numbers = luck.multinomial(cases, np.full(cases, 1.0 / cases), size=RESAMPLES).astype(float)
    return drawn


def resampled_means(rows: Numbers) -> Numbers:
    """Return the mean of every row in every resample of its columns, shape (RESAMPLES, rows); NaN where none is left.

    The same resample draws the same columns in all rows, so that rows stay paired.
    """
    there = ~np.isnan(rows)
    counts = resamples(rows.shape[1])
    totals, cases = counts @ np.where(there, rows, 0.0).T, counts @ there.T.astype(float)
    means: Numbers = np.divide(totals, cases, out=np.full_like(totals, np.nan), where=cases > 0)
    return means


def paired(differences: Numbers, most: float | None = None) -> list[Estimate]:
    """Return the mean of each row of differences with its interval by resampling replicates.

    Parameters
    ----------
    differences : array, shape (rows, replicates)
        One row per comparison; NaN where a pair is missing. The rows are judged together.
    most : float, optional
        The largest difference one pair can show (1 for yes and no). Where all pairs agree, so that resampling shows no
        spread, the interval reaches 3 / pairs of it further (the rule of three).
    """
    if differences.size == 0:
        return [NOTHING for _ in differences]
    means = resampled_means(differences)
    spread = np.array([_spread(column) for column in means.T])
    values = np.array([_mean(row) for row in differences])
    critical = _critical(means, values, spread)
    found = []
    for k, row in enumerate(differences):
        cases = int((~np.isnan(row)).sum())
        found.append(_estimate(float(values[k]), means[:, k], float(spread[k]), cases, critical, most))
    return found


def mean_of(values: Numbers) -> Estimate:
    """Return the mean of numbers with its interval, those missing left out."""
    return paired(values[None, :])[0]


def mean_over(stacked: Numbers) -> Numbers:
    """Return the mean over the first axis, leaving out what is missing; NaN where all is."""
    there = ~np.isnan(stacked)
    cases = there.sum(axis=0)
    total = np.where(there, stacked, 0.0).sum(axis=0)
    mean: Numbers = np.divide(total, cases, out=np.full(total.shape, np.nan), where=cases > 0)
    return mean


def _mean(row: Numbers) -> float:
    there = row[~np.isnan(row)]
    return float(there.mean()) if len(there) else np.nan


def _spread(column: Numbers) -> float:
    there = column[~np.isnan(column)]
    return float(there.std()) if len(there) and np.ptp(there) > 1e-12 else 0.0


def _critical(means: Numbers, values: Numbers, spread: Numbers) -> float:
    """Return how many spreads the row that strays furthest stays within, in 95 of 100 resamples."""
    moving = spread > 0
    if not moving.any():
        return NORMAL
    strays = np.abs(means[:, moving] - values[moving]) / spread[moving]
    return max(NORMAL, float(np.quantile(np.where(np.isnan(strays), 0.0, strays).max(axis=1), 0.95)))


def _estimate(value: float, means: Numbers, spread: float, cases: int, critical: float, most: float | None) -> Estimate:
    if cases == 0:
        return NOTHING
    if spread == 0.0:
        reach = 3.0 / cases * most if most else (0.0 if cases > 1 else np.nan)
        low, high = value - reach, value + reach
        if most:
            low, high = max(-most, low), min(most, high)
        clear = cases >= FEWEST and bool(abs(value) > reach)
        return Estimate(value, low, high, cases, clear, identical=bool(value == 0.0))
    low, high = (float(edge) for edge in np.quantile(means[~np.isnan(means)], [0.025, 0.975]))
    clear = cases >= FEWEST and bool(abs(value) > critical * spread) and not low <= 0.0 <= high
    return Estimate(value, low, high, cases, clear)
