"""Emulators: Gaussian processes that say what the engine would give at points that were not run, and how surely.

One for each target, on its scale, over the unit cube of the parameters: a smooth surface with a length of its own
along each parameter, a plane under it, and noise. How large the noise is, is estimated with the lengths; how it differs
from place to place is taken from what the replicates of a point scatter. Each is checked by leaving out one point at a
time, which needs no refitting (Rasmussen & Williams 2006, equations 5.10 to 5.12).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np

from mhsim.calibration.calibration_file import Numbers
from mhsim.calibration.fact_targets import TO, FactTarget
from mhsim.calibration.runs import Rows
from mhsim.stats import NORMAL

FEWEST = 40
"""Points with a case below which a target has no emulator."""


@dataclass(frozen=True)
class Emulator:
    """The emulator of one target.

    Attributes
    ----------
    target : FactTarget
        What it stands for.
    places, found : array, shape (points, parameters) and (points,)
        The runs behind it; numbers standardised on the scale.
    noise : array, shape (points,)
        Variance of each by chance, standardised.
    kernel : object
        The covariance of the surface alone, as scikit-learn has it.
    inverse : array, shape (points, points)
        Inverse of the covariance of the runs.
    middle, size : float
        By which numbers were standardised.
    noise_slope : array, shape (1 + parameters,)
        Logarithm of the noise, as a plane over the cube.
    rows : array of int, shape (points,)
        Which rows of the design they are.
    """

    target: FactTarget
    places: Numbers
    found: Numbers
    noise: Numbers
    kernel: Any
    inverse: Numbers
    middle: float
    size: float
    noise_slope: Numbers
    rows: Any

    def at(self, places: Numbers) -> tuple[Numbers, Numbers]:
        """Return mean and variance of the surface at places, on the scale, both of shape (places,)."""
        between = self.kernel(places, self.places)
        mean = between @ (self.inverse @ self.found)
        known = np.einsum("ij,ij->i", between @ self.inverse, between)
        variance = np.maximum(self.kernel.diag(places) - known, 1e-9)
        return self.middle + self.size * mean, self.size**2 * variance

    def noise_at(self, places: Numbers) -> Numbers:
        """Return the variance by chance of one point of the design at places, on the scale, shape (places,)."""
        plane = self.noise_slope[0] + (places - 0.5) @ self.noise_slope[1:]
        return np.asarray(self.size**2 * np.exp(plane))

    def without(self, rows: Any) -> Emulator:
        """Return the emulator as if some rows of the design had not been run; lengths and noise are kept."""
        stay = ~np.isin(self.rows, rows)
        places, noise = self.places[stay], self.noise[stay]
        inverse = np.linalg.inv(self.kernel(places) + np.diag(noise))
        kept = {"places": places, "found": self.found[stay], "noise": noise, "rows": self.rows[stay]}
        return replace(self, inverse=inverse, **kept)

    def left_out(self) -> tuple[Numbers, Numbers]:
        """Return error and standard deviation of each run as foretold from all others, standardised."""
        diagonal = np.diag(self.inverse)
        return (self.inverse @ self.found) / diagonal, np.sqrt(1.0 / diagonal)

    @property
    def explained(self) -> float:
        """Share of the variance of runs that the others foretell, each left out in turn."""
        error, _ = self.left_out()
        return float(1.0 - np.mean(error**2) / np.var(self.found))

    @property
    def within(self) -> float:
        """Share of runs that lie in the 95 % interval foretold from all others."""
        error, sd = self.left_out()
        return float(np.mean(np.abs(error) <= NORMAL * sd))


def one_thread() -> AbstractContextManager[Any]:
    """Return a block in which linear algebra keeps to one thread: for matrices so small several only wait."""
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[Any] = threadpool_limits(1)
    return limits


def emulators(targets: Sequence[FactTarget], rows: Rows) -> tuple[list[Emulator], list[FactTarget]]:
    """Return the emulators of targets, and the targets that have too few cases for one."""
    made, none = [], []
    for column, target in enumerate(targets):
        found = fitted(target, rows.places, rows.found[:, column], rows.spread[:, column])
        if found is None:
            none.append(target)
        else:
            made.append(found)
    return made, none


def fitted(target: FactTarget, places: Numbers, found: Numbers, spread: Numbers) -> Emulator | None:
    """Return the emulator of one target; None if there are too few cases, or they are all alike.

    Parameters
    ----------
    places : array, shape (points, parameters)
    found, spread : array, shape (points,)
        Numbers as they are, and the standard error of each on the scale; NaN where there is none.
    """
    rows = np.flatnonzero(np.isfinite(found))
    values = TO[target.scale](found[rows])
    if len(rows) < FEWEST or np.ptp(values) == 0.0:
        return None
    middle, size = float(np.mean(values)), float(np.std(values))
    standard = (values - middle) / size
    with one_thread():
        kernel, level = _kernel(places[rows], standard)
    slope = _noise_plane(places[rows], spread[rows])
    shape = np.exp((places[rows] - 0.5) @ slope)
    plane = np.concatenate(([np.log(level / shape.mean())], slope))
    noise = level * shape / shape.mean()
    inverse = np.linalg.inv(kernel(places[rows]) + np.diag(noise))
    return Emulator(target, places[rows], standard, noise, kernel, inverse, middle, size, plane, rows)


def _noise_plane(places: Numbers, spread: Numbers) -> Numbers:
    """Return how the logarithm of the variance by chance rises along each parameter, by ridge regression."""
    from sklearn.linear_model import Ridge

    good = np.isfinite(spread) & (spread > 0.0)
    if good.sum() < FEWEST:
        return np.zeros(places.shape[1])
    logs = np.log(spread[good] ** 2)
    low, high = np.quantile(logs, [0.1, 0.9])  # those of a few replicates may be next to nothing, or endless
    return np.asarray(Ridge(alpha=20.0).fit(places[good] - 0.5, np.clip(logs, low, high)).coef_)


def _kernel(places: Numbers, found: Numbers) -> tuple[Any, float]:
    """Return the covariance of the surface and the mean variance by chance that make the runs most likely."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, WhiteKernel

    bends = ConstantKernel(0.5, (1e-3, 30.0)) * RBF(np.full(places.shape[1], 1.5), (0.2, 20.0))
    plane = ConstantKernel(0.5, (1e-4, 30.0)) * DotProduct(0.5, "fixed")
    kernel = bends + plane + WhiteKernel(0.05, (1e-5, 2.0))
    process = GaussianProcessRegressor(kernel, random_state=0)
    with catch_warnings():
        simplefilter("ignore", ConvergenceWarning)  # a length at its bound: a parameter that does nothing here
        process.fit(places, found)
    return process.kernel_.k1, float(process.kernel_.k2.noise_level)
