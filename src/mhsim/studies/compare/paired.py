"""Statistics of pairs: intervals by resampling, how rare a difference is by chance, how many pairs would be enough.

Pairs are replicates: the same replicate has the same place, people and luck in every scenario.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
RESAMPLES = 4000
LEVEL = 0.95
MOST_AT_ONCE = 2_000_000
"""Draws held in memory at a time."""
MOST_RESAMPLED = 5_000
"""Pairs beyond which resampling would only give the normal interval, which then stands in its place."""


def resampled_means(values: Numbers, seed: int) -> Numbers:
    """Return the means of values drawn with replacement, as many as there are, again and again.

    Equal numbers of values are drawn in the same way whatever they stand for, so measures stay comparable.

    Returns
    -------
    ndarray, shape (RESAMPLES,)
    """
    cases = len(values)
    if cases * RESAMPLES <= MOST_AT_ONCE:
        return np.asarray(_drawn(cases, seed) @ values / cases)
    luck = np.random.default_rng([seed, cases])
    rows = max(1, MOST_AT_ONCE // cases)
    sizes = [min(rows, RESAMPLES - start) for start in range(0, RESAMPLES, rows)]
    return np.concatenate([_counts(luck, cases, size) @ values / cases for size in sizes])


@lru_cache(maxsize=8)
def _drawn(cases: int, seed: int) -> Numbers:
    return _counts(np.random.default_rng([seed, cases]), cases, RESAMPLES)


def _counts(luck: np.random.Generator, cases: int, size: int) -> Numbers:
    """Return how often each case is drawn in each resample, shape (size, cases)."""
    drawn = luck.integers(0, cases, (size, cases)) + cases * np.arange(size)[:, None]
    return np.bincount(drawn.ravel(), minlength=size * cases).reshape(size, cases).astype(float)


def alike(values: Numbers) -> bool:
    """Return whether all values are the same, but for the last bits of their arithmetic."""
    return bool(np.ptp(values) <= 1e-12 * np.abs(values).max())


def interval(values: Numbers, seed: int, most: float | None = None) -> tuple[float, float]:
    """Return the 95 % interval of a mean by resampling, corrected for bias and skew (BCa).

    Parameters
    ----------
    values : array, shape (pairs,)
        Differences, none missing.
    seed : int
        Seed of the resampling.
    most : float, optional
        The largest difference one pair can show. Where all pairs agree, so that resampling shows no spread, the
        interval reaches 3 / pairs of it further (the rule of three).

    Returns
    -------
    tuple of float
        Both NaN for fewer than two values.

    Notes
    -----
    Efron 1987; the acceleration of a mean is that of its jackknife, in closed form.
    """
    if len(values) < 2:
        return np.nan, np.nan
    mean = float(values.mean())
    if alike(values):
        reach = 3.0 / len(values) * most if most else 0.0
        edge = most if most else np.inf
        return max(-edge, mean - reach), min(edge, mean + reach)
    if len(values) > MOST_RESAMPLED:
        reach = 1.959963984540054 * float(values.std(ddof=1)) / sqrt(len(values))
        return mean - reach, mean + reach
    means = resampled_means(values, seed)
    low, high = np.quantile(means, _levels(values, means))
    return float(low), float(high)


def _levels(values: Numbers, means: Numbers) -> tuple[float, float]:
    """Return the two quantiles of the resampled means that are the ends of the interval."""
    from scipy.stats import norm

    mean = values.mean()
    below = (np.sum(means < mean) + 0.5 * np.sum(means == mean)) / len(means)
    bias = norm.ppf(below)
    away = values - mean
    skew = float(np.sum(away**3) / (6.0 * np.sum(away**2) ** 1.5))
    if not isfinite(bias):
        return (1 - LEVEL) / 2, (1 + LEVEL) / 2
    ends = bias + norm.ppf([(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    low, high = norm.cdf(bias + ends / (1.0 - skew * ends))
    return float(low), float(high)


def chance(values: Numbers, *, yes_no: bool) -> float:
    """Return how likely differences at least as clear are by chance alone: exact for yes and no, else Student's.

    For yes and no only the pairs that disagree count (McNemar, exact). Where all pairs differ by the same amount,
    Student's test has no spread to go by, and the test of signs stands in. NaN for fewer than two pairs.
    """
    from scipy import stats

    if len(values) < 2:
        return float("nan")
    if not values.any():
        return 1.0
    if yes_no or alike(values):
        up, away = int(np.sum(values > 0)), int(np.sum(values != 0))
        return float(stats.binomtest(up, away).pvalue)
    return float(stats.ttest_1samp(values, 0.0).pvalue)


def holm(chances: Sequence[float]) -> Numbers:
    """Return chances adjusted for looking at all of them together (Holm 1979); what is missing is not counted."""
    given = np.asarray(chances, dtype=float)
    adjusted = np.full(len(given), np.nan)
    there = np.flatnonzero(~np.isnan(given))
    order = there[np.argsort(given[there], kind="stable")]
    highest = 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - rank) * given[place]))
        adjusted[place] = highest
    return adjusted


def variance_ratio(reference: Numbers, other: Numbers) -> float:
    """Return how many times as many replicates it would take without shared luck: the variance unpaired over paired.

    NaN where all pairs differ by the same amount, or there are fewer than two.
    """
    if len(reference) < 2 or alike(other - reference):
        return float("nan")
    return float((reference.var(ddof=1) + other.var(ddof=1)) / (other - reference).var(ddof=1))


def pairs_for(half_width: float, pairs: int, tolerance: float) -> float:
    """Return how many pairs bring the half width below a tolerance, if it shrinks as the root of their number.

    NaN where either is not known, or where the interval has no width because no pair shows any spread.
    """
    if not (isfinite(half_width) and isfinite(tolerance)) or min(half_width, tolerance) <= 0 or pairs < 2:
        return float("nan")
    return float(max(2, ceil(round(pairs * (half_width / tolerance) ** 2, 9))))


def median_time(weeks: Numbers, ended: Numbers) -> float:
    """Return the time after which half have ended; NaN if fewer than half have.

    Those that have not ended were all followed to the end of the run, so the Kaplan-Meier median is the time of the
    case in the middle.
    """
    if len(weeks) == 0:
        return float("nan")
    order = np.lexsort((1.0 - ended, weeks))
    middle = order[(len(weeks) + 1) // 2 - 1]
    return float(weeks[middle]) if ended[middle] else float("nan")
