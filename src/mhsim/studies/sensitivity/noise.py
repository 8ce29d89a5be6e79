"""Replicate noise apart from the effect of parameters: what chance adds to differences between points."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan, pi, sqrt

import numpy as np

from mhsim.stats import Numbers
from mhsim.studies.sensitivity.pawn import floor_of
from mhsim.studies.sensitivity.planning import LEVELS, block_of

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
