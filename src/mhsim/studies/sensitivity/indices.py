"""The indices of each method for one outcome, by SALib, from blocks that are whole, and what chance adds to them.

A block is what must be there together: a trajectory of Morris, a block of Sobol', a single point of PAWN. A missing
point is NaN here, and a block with one is never seen by SALib, which would make every index 0 of it.

PAWN says how far the distribution of an outcome moves when one parameter is held within a slice of its range. SALib
gives its values but no interval and no yardstick, and its own arithmetic is too slow to be repeated hundreds of times;
so the same index is also computed here, for resampled points and for a parameter without effect.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan, nan, pi, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mhsim.stats import NORMAL, Numbers
from mhsim.studies.sensitivity.design import FEWEST
from mhsim.studies.sensitivity.planning import LEVELS, block_of, problem_of

Indices = dict[str, tuple[Numbers, Numbers]]
"""Index: its value for each parameter, and half the width of its 95 % interval (NaN where there is none)."""

MAIN = {"morris": "mu_star", "sobol": "total", "pawn": "median"}
"""The index by which each method ranks parameters."""
RESAMPLES = 1000
MOST_NUMBERS = 400_000
"""Blocks times resamples at most, about, so that the intervals of a large sample fit into memory."""
SEED = 20_011


def whole_blocks(method: str, means: Numbers, parameters: int) -> NDArray[np.bool_]:
    """Return which blocks have a number at every point, shape (blocks,)."""
    there: NDArray[np.bool_] = np.isfinite(means).reshape(-1, block_of(method, parameters)).min(axis=1)
    return there


def defined(method: str, means: Numbers, parameters: int) -> bool:
    """Return whether indices exist: shares of variance do not where the outcome does not vary."""
    if len(means) < FEWEST[method] * block_of(method, parameters):
        return False
    if method != "sobol":
        return True
    ends = means.reshape(-1, block_of(method, parameters))[:, [0, -1]]
    return bool(np.ptp(ends) > 0)


def indices(method: str, places: Numbers, means: Numbers) -> Indices:
    """Return the indices of one outcome.

    Parameters
    ----------
    method : str
        "morris", "sobol" or "pawn".
    places : array, shape (points, parameters)
        The sample between 0 and 1, of whole blocks only.
    means : array, shape (points,)
        The outcome at each point, the mean over replicates; no NaN.

    Returns
    -------
    dict
        Morris: `mu_star`, `mu` and `sigma`, as changes of the outcome per whole range of a parameter. Sobol':
        `first` and `total`, as shares of the variance. PAWN: `median`, `mean` and `maximum`, between 0 and 1.

    Raises
    ------
    ValueError
        If a point is missing or there are too few; see `defined`.
    """
    if np.isnan(means).any() or not defined(method, means, places.shape[1]):
        raise ValueError("indices need whole blocks, enough of them, and an outcome that varies")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        if method == "morris":
            return _morris(places, means)
        return _sobol(places.shape[1], means) if method == "sobol" else pawn(places, means)


def main_index(method: str, places: Numbers, means: Numbers) -> tuple[Numbers, Numbers]:
    """Return the index that ranks parameters, from part of a sample; PAWN without intervals, which take long."""
    if method == "pawn":
        return medians(places, means, slices_for(len(means))), np.full(places.shape[1], np.nan)
    return indices(method, places, means)[MAIN[method]]


def _morris(places: Numbers, means: Numbers) -> Indices:
    from SALib.analyze.morris import analyze

    problem = {**problem_of(places.shape[1]), "groups": None}
    found = analyze(problem, places, means, num_resamples=RESAMPLES, num_levels=LEVELS, seed=SEED)
    return _intervals(found, mu_star=("mu_star", "mu_star_conf"), mu=("mu", ""), sigma=("sigma", ""))


def _sobol(parameters: int, means: Numbers) -> Indices:
    from SALib.analyze.sobol import analyze

    resamples = min(RESAMPLES, max(100, MOST_NUMBERS * (parameters + 2) // len(means)))
    found = analyze(problem_of(parameters), means, calc_second_order=False, num_resamples=resamples, seed=SEED)
    return _intervals(found, first=("S1", "S1_conf"), total=("ST", "ST_conf"))


def _intervals(found: Mapping[str, Any], **names: tuple[str, str]) -> Indices:
    """Return indices from what SALib found, by its own names of each and of half the width of its interval."""
    values = {index: np.asarray(found[name], dtype=float) for index, (name, _) in names.items()}
    halves = {index: np.asarray(found[half], dtype=float) for index, (_, half) in names.items() if half}
    return {index: (value, halves.get(index, np.full(len(value), np.nan))) for index, value in values.items()}


PAWN_RESAMPLES, LOTS = 100, 200
"""Resamples of the points, and samples of a parameter without effect."""


def slices_for(points: int) -> int:
    """Return into how many slices each range is cut."""
    return 10 if points >= 100 else 5


def pawn(places: Numbers, means: Numbers) -> Indices:
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
    found = {**found, "half": NORMAL * _spread(places, means)}
    return _intervals(found, median=("median", "half"), mean=("mean", ""), maximum=("maximum", ""))


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
    drawn = (draws.integers(len(means), size=len(means)) for _ in range(PAWN_RESAMPLES))
    again = np.array([medians(places[rows], means[rows], slices) for rows in drawn])
    spread: Numbers = again.std(axis=0, ddof=1)
    return spread


ONE_SIDED = 1.6448536269514722
"""Standard deviations that a normal number stays below in 95 of 100 cases."""
DUST = 1e-12
"""Residuals smaller than this, against the values themselves, are rounding and not chance."""


@dataclass(frozen=True)
class Noise:
    """Where the differences between points come from; NaN where it cannot be told.

    Attributes
    ----------
    between : float
        Variance between the means of the points, in squared units of the outcome.
    noise : float
        Variance of one such mean that chance accounts for. What is the same at all points does not count: it moves
        all means together.
    """

    between: float
    noise: float

    @property
    def share(self) -> float:
        """The share of the differences between points that is replicate noise, 0 to 1."""
        known = self.between > 0 and not isnan(self.noise)
        return min(1.0, self.noise / self.between) if known else nan


def noise_in(values: Numbers) -> Noise:
    """Return the noise of the means over replicates, from the residuals of a table of points by replicates.

    Parameters
    ----------
    values : array, shape (points, replicates)
        The outcome of every run, without gaps; the same replicate has the same seed at every point.
    """
    points, replicates = values.shape
    if points < 2:
        return Noise(nan, nan)
    means = values.mean(axis=1)
    between = float(means.var(ddof=1)) if np.ptp(means) > 0 else 0.0
    if replicates < 2:
        return Noise(between, nan)
    residuals = values - means[:, None] - values.mean(axis=0)[None, :] + values.mean()
    if np.abs(residuals).max() <= DUST * np.abs(values).max():
        return Noise(between, 0.0)
    square = float((residuals**2).sum()) / ((points - 1) * (replicates - 1))
    return Noise(between, square / replicates)


def floor(method: str, noise: Noise, means: Numbers, parameters: int) -> float:
    """Return what the main index of a parameter without effect stays below in 95 of 100 samples; NaN if not known.

    For Morris each effect of such a parameter is a difference of two means that differ by noise alone, and the index
    the mean of their sizes; for Sobol' the share of noise counts towards every total index; for PAWN it is found by
    giving the points places by lot.
    """
    if method == "pawn":
        return floor_of(means)
    blocks = len(means) / block_of(method, parameters)
    if method == "sobol":
        return noise.share * (1.0 + ONE_SIDED * sqrt(2.0 / blocks))
    step = LEVELS / (2.0 * (LEVELS - 1.0))
    spread = sqrt(2.0 * noise.noise) / step
    return spread * (sqrt(2.0 / pi) + ONE_SIDED * sqrt((1.0 - 2.0 / pi) / blocks))
