"""Resampling of replicates: each drawn again and again at random, each time with all of its runs.

For what no formula gives: where a curve crosses a level, how large the steepest of several falls is. Shares, means and
differences have their intervals in `intervals`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np

from mhsim.stats.intervals import LEVEL, UNKNOWN, Estimate, Numbers
from mhsim.stats.knowledge import NORMAL

RESAMPLES = 2000
SEED = 20_012


@lru_cache(maxsize=8)
def counts(replicates: int) -> Numbers:
    """Return how often each replicate counts: once in the first row, by chance in the others; the same every time.

    Returns
    -------
    array, shape (1 + RESAMPLES, replicates)
    """
    draws = np.random.default_rng(SEED)
    drawn = draws.multinomial(replicates, np.full(replicates, 1.0 / replicates), size=RESAMPLES)
    return np.vstack([np.ones(replicates), drawn])


def totals(rows: Numbers, weights: Numbers) -> tuple[Numbers, Numbers]:
    """Return cases and sums of rows in each resample, both of shape (resamples, rows); NaN is no case."""
    there = ~np.isnan(rows)
    return weights @ there.T.astype(float), weights @ np.where(there, rows, 0.0).T


def resampled_means(rows: Numbers) -> Numbers:
    """Return the mean of every row, first of all replicates, then in every resample; NaN where no case is left.

    The same resample draws the same replicates in all rows, so that rows stay paired.

    Parameters
    ----------
    rows : array, shape (rows, replicates)
        NaN where a run is missing.

    Returns
    -------
    array, shape (1 + RESAMPLES, rows)
    """
    cases, sums = totals(rows, counts(rows.shape[1]))
    found: Numbers = np.divide(sums, cases, out=np.full_like(sums, np.nan), where=cases > 0)
    return found


def percentiles(drawn: Numbers) -> tuple[float, float]:
    """Return the two ends of the 95 % percentile interval of resampled numbers, those missing left out.

    Where some are infinite, such as ratios over nothing, an end is one of the numbers and may be infinite itself.
    """
    there = drawn[~np.isnan(drawn)]
    if not len(there):
        return np.nan, np.nan
    method: Literal["linear", "nearest"] = "linear" if np.isfinite(there).all() else "nearest"
    low, high = np.quantile(there, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], method=method)
    return float(low), float(high)


def resampled(drawn: Numbers, cases: int, together: int = 1) -> Estimate:
    """Return a difference that has no formula with its normal interval, from its spread over resamples.

    Parameters
    ----------
    drawn : array, shape (1 + RESAMPLES,)
        The difference in all replicates, then in every resample.
    cases : int
        Pairs behind it.
    together : int
        How many differences it is looked at with; its p-value is multiplied by their number (Bonferroni).
    """
    from scipy.special import ndtr

    value = float(drawn[0])
    if cases == 0 or np.isnan(value):
        return UNKNOWN
    error = float(np.nanstd(drawn[1:]))
    p = 2.0 * float(ndtr(-abs(value) / error)) if error > 0 else float(value == 0.0)
    return Estimate(value, value - NORMAL * error, value + NORMAL * error, cases, p, min(1.0, p * together))
