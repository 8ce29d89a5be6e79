"""The indices of each method for one outcome, by SALib, from blocks that are whole.

A block is what must be there together: a trajectory of Morris, a block of Sobol', a single point of PAWN. A missing
point is NaN here, and a block with one is never seen by SALib, which would make every index 0 of it.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from mhsim.stats import Numbers
from mhsim.studies.sensitivity.pawn import medians, pawn, slices_for
from mhsim.studies.sensitivity.planning import LEVELS, block_of, problem_of

Indices = dict[str, tuple[Numbers, Numbers]]
"""Index: its value for each parameter, and half the width of its 95 % interval (NaN where there is none)."""

MAIN = {"morris": "mu_star", "sobol": "total", "pawn": "median"}
"""The index by which each method ranks parameters."""
FEWEST_BLOCKS = {"morris": 2, "sobol": 8, "pawn": 50}
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
    if len(means) < FEWEST_BLOCKS[method] * block_of(method, parameters):
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
    value = {name: np.asarray(found[name], dtype=float) for name in ("mu_star", "mu", "sigma", "mu_star_conf")}
    unknown = np.full(places.shape[1], np.nan)
    return {
        "mu_star": (value["mu_star"], value["mu_star_conf"]),
        "mu": (value["mu"], unknown),
        "sigma": (value["sigma"], unknown),
    }


def _sobol(parameters: int, means: Numbers) -> Indices:
    from SALib.analyze.sobol import analyze

    resamples = min(RESAMPLES, max(100, MOST_NUMBERS * (parameters + 2) // len(means)))
    found = analyze(problem_of(parameters), means, calc_second_order=False, num_resamples=resamples, seed=SEED)
    return {
        "first": (np.asarray(found["S1"], float), np.asarray(found["S1_conf"], float)),
        "total": (np.asarray(found["ST"], float), np.asarray(found["ST_conf"], float)),
    }
