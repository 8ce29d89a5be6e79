"""PAWN: how far the distribution of an outcome moves when one parameter is held within a slice of its range.

The values are SALib's. SALib gives no interval and no yardstick, and its own arithmetic is too slow to be repeated
hundreds of times; so the same index is also computed here, for resampled points and for a parameter without effect.
"""

from __future__ import annotations

import numpy as np

from mhsim.stats import NORMAL, Numbers
from mhsim.studies.sensitivity.planning import problem_of

RESAMPLES, LOTS = 100, 200
"""Resamples of the points, and samples of a parameter without effect."""
SEED = 20_011


def slices_for(points: int) -> int:
    """Return into how many slices each range is cut."""
    return 10 if points >= 100 else 5


def pawn(places: Numbers, means: Numbers) -> dict[str, tuple[Numbers, Numbers]]:
    """Return median, mean and maximum over the slices, each with half its 95 % interval (of the median only).

    Parameters
    ----------
    places : array, shape (points, parameters)
        The sample between 0 and 1.
    means : array, shape (points,)
        The outcome at each point.
    """
    from SALib.analyze.pawn import analyze

    with np.errstate(invalid="ignore", divide="ignore"):
        found = analyze(problem_of(places.shape[1]), places, means, S=slices_for(len(means)))
    unknown = np.full(places.shape[1], np.nan)
    return {
        "median": (np.asarray(found["median"], float), NORMAL * _spread(places, means)),
        "mean": (np.asarray(found["mean"], float), unknown),
        "maximum": (np.asarray(found["maximum"], float), unknown),
    }


def medians(places: Numbers, means: Numbers, slices: int) -> Numbers:
    """Return the median over slices of the Kolmogorov-Smirnov distance to all points, for each parameter."""
    distinct, rank = np.unique(means, return_inverse=True)
    overall = np.cumsum(np.bincount(rank, minlength=len(distinct))) / len(means)
    found = np.empty(places.shape[1])
    for number, column in enumerate(places.T):
        edges = np.quantile(column, np.linspace(0.0, 1.0, slices + 1))
        inside = np.searchsorted(edges, column, side="right") - 1
        kept = inside < slices
        counts = np.bincount(inside[kept] * len(distinct) + rank[kept], minlength=slices * len(distinct))
        within = counts.reshape(slices, len(distinct)).cumsum(axis=1).astype(float)
        within = within[within[:, -1] > 0]
        found[number] = np.median(np.abs(within / within[:, -1:] - overall).max(axis=1))
    return found


def floor_of(means: Numbers) -> float:
    """Return what a parameter without any effect would stay below in 95 of 100 samples of this size."""
    draws = np.random.default_rng(SEED)
    idle = draws.permuted(np.tile((np.arange(len(means)) + 0.5) / len(means), (LOTS, 1)), axis=1).T
    return float(np.quantile(medians(idle, means, slices_for(len(means))), 0.95))


def _spread(places: Numbers, means: Numbers) -> Numbers:
    """Return the standard deviation of the median over resamples of the points, for each parameter."""
    draws = np.random.default_rng(SEED)
    slices = slices_for(len(means))
    drawn = (draws.integers(len(means), size=len(means)) for _ in range(RESAMPLES))
    again = np.array([medians(places[rows], means[rows], slices) for rows in drawn])
    spread: Numbers = again.std(axis=0, ddof=1)
    return spread
