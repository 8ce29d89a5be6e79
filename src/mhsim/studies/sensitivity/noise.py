"""Replicate noise apart from the effect of parameters: what the luck of the runs adds to differences between points."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from mhsim.studies.sensitivity.pawn import floor_of
from mhsim.studies.sensitivity.planning import LEVELS

Numbers = NDArray[np.float64]
DUST = 1e-12
"""Residuals smaller than this, against the values themselves, are rounding and not luck."""


@dataclass(frozen=True)
class Noise:
    """Where the differences between points come from; NaN where it cannot be told.

    Attributes
    ----------
    between : float
        Variance between the means of the points, in squared units of the outcome.
    noise : float
        Variance of one such mean that luck accounts for. Luck that is the same at all points does not count: it moves
        all means together.
    """

    between: float
    noise: float

    @property
    def share(self) -> float:
        """The share of the differences between points that is replicate noise, 0 to 1."""
        return min(1.0, self.noise / self.between) if self.between > 0 else nan


def noise_in(values: Numbers) -> Noise:
    """Return the noise of the means over replicates, from the residuals of a table of points by replicates.

    Parameters
    ----------
    values : array, shape (points, replicates)
        The outcome of every run, without gaps; the same replicate has the same luck at every point.
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


def floor(method: str, noise: Noise, means: Numbers) -> float:
    """Return what the main index of a parameter without effect may come to by noise; NaN where it is not known.

    For Morris the mean size of an effect made of noise alone, for Sobol' the share of noise (it counts towards every
    total index), for PAWN what a parameter without effect stays below in 95 of 100 samples.
    """
    if method == "pawn":
        return floor_of(means)
    if method == "sobol":
        return noise.share
    step = LEVELS / (2.0 * (LEVELS - 1.0))
    return 2.0 * sqrt(noise.noise / pi) / step if noise.noise >= 0 else nan
