"""What can be learnt of each parameter: how well the patterns foretell it, and which pairs cannot be told apart.

Three questions, and none stands for another. How much of a parameter would a perfect record of all patterns tell: the
share of its variance that a regression on the simulated patterns explains, each point foretold from the others. How
much do the facts tell, with the width of their bands: the share of the prior's variance that the posterior takes
away. And which parameters stand in for one another: posterior correlations, since none were there before.
"""

from __future__ import annotations

from collections.abc import Sequence
from warnings import catch_warnings, simplefilter

import numpy as np
from scipy.stats import spearmanr

from mhsim.calibration.calibration_file import Numbers
from mhsim.calibration.fact_targets import TO, FactTarget
from mhsim.calibration.inference import Weighed
from mhsim.calibration.runs import Rows

ALIKE = 0.4
"""Posterior correlation from which two parameters cannot be told apart."""
TELLS = 0.2
"""Rank correlation from which a pattern counts as telling something of a parameter."""


def patterns(rows: Rows, targets: Sequence[FactTarget]) -> Numbers:
    """Return simulated numbers, standardised on their scales, shape (points, targets); the middle where none is."""
    found = np.column_stack([TO[one.scale](rows.found[:, k]) for k, one in enumerate(targets)])
    found = np.where(np.isfinite(found), found, np.nanmedian(np.where(np.isfinite(found), found, np.nan), axis=0))
    spread = found.std(axis=0)
    return np.asarray((found - found.mean(axis=0)) / np.where(spread > 0, spread, 1.0))


def foretold(seen: Numbers, places: Numbers) -> Numbers:
    """Return the share of each parameter's variance that patterns explain out of sample, shape (parameters,).

    By a Gaussian process on the patterns, a plane and a smooth bend, each point left out in turn.

    Parameters
    ----------
    seen : array, shape (points, patterns)
    places : array, shape (points, parameters)
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, WhiteKernel

    found = []
    for column in places.T:
        aim = (column - column.mean()) / column.std()
        kernel = ConstantKernel(0.5) * RBF(3.0, (0.5, 50.0)) + ConstantKernel(0.1) * DotProduct(0.5, "fixed")
        process = GaussianProcessRegressor(kernel + WhiteKernel(0.5), random_state=0)
        with catch_warnings():
            simplefilter("ignore", ConvergenceWarning)
            process.fit(seen, aim)
        inverse = np.linalg.inv(process.kernel_(seen))
        error = (inverse @ aim) / np.diag(inverse)
        found.append(max(0.0, 1.0 - float(np.mean(error**2))))
    return np.array(found)


def told_by(seen: Numbers, places: Numbers, targets: Sequence[FactTarget], most: int = 3) -> list[tuple[str, ...]]:
    """Return, for each parameter, the patterns whose ranks go with it most closely, the closest first."""
    found = []
    for column in places.T:
        tells = np.array([abs(float(spearmanr(column, pattern).statistic)) for pattern in seen.T])
        best = [k for k in np.argsort(-np.nan_to_num(tells)) if tells[k] >= TELLS][:most]
        found.append(tuple(targets[k].label for k in best))
    return found


def learnt(posterior: Weighed) -> Numbers:
    """Return the share of the even prior's variance that is taken away, for each parameter; 0 where none is."""
    variance = np.diag(posterior.moments()[1])
    return np.clip(1.0 - 12.0 * variance, 0.0, 1.0)


def twins(posterior: Weighed, names: Sequence[str]) -> list[tuple[str, ...]]:
    """Return, for each parameter, those it cannot be told apart from, the closest first."""
    _, covariance = posterior.moments()
    sizes = np.sqrt(np.diag(covariance))
    alike = np.abs(covariance / np.outer(sizes, sizes))
    np.fill_diagonal(alike, 0.0)
    return [tuple(names[k] for k in np.argsort(-row) if row[k] >= ALIKE) for row in alike]
