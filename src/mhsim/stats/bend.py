"""Where a rise levels off: a line that rises up to a place and is flat from there, and how sure the place is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mhsim.stats.bootstrap import percentiles, resampled_means
from mhsim.stats.intervals import UNKNOWN, Estimate, Numbers

STEPS = 20
"""Places tried between one value and the next."""


@dataclass(frozen=True)
class Bend:
    """Where a rise levels off.

    Attributes
    ----------
    place : Estimate
        Where the line bends, with the interval of its resamples; at the second value it may bend before that as well.
    level : float
        The height of the flat part.
    inside : bool
        Whether the whole interval lies below the last value, so that the rise is seen to end.
    """

    place: Estimate
    level: float
    inside: bool


def bend_of(places: Sequence[float], rows: Numbers) -> Bend:
    """Return where the mean of rows, along their places, stops rising: the least squares of all places tried.

    Parameters
    ----------
    places : sequence of float
        At least three, rising.
    rows : array, shape (places, replicates)
        NaN where a run is missing; the same replicate in all rows is drawn together.
    """
    x = np.asarray(places, dtype=float)
    cases = int((~np.isnan(rows)).any(axis=0).sum())
    if len(x) < 3 or not cases:
        return Bend(UNKNOWN, np.nan, inside=False)
    drawn = resampled_means(rows)
    known = ~np.isnan(drawn).any(axis=1)
    tried = np.concatenate([np.linspace(a, b, STEPS, endpoint=False) for a, b in pairwise(x)])
    tried = np.append(tried[tried >= x[1]], x[-1])
    best, where, level = np.full(len(drawn), np.inf), np.full(len(drawn), np.nan), np.full(len(drawn), np.nan)
    for place in tried:
        line = np.stack([np.ones_like(x), np.minimum(x, place)], axis=1)
        fitted, *_ = np.linalg.lstsq(line, drawn[known].T, rcond=None)
        off = ((drawn[known].T - line @ fitted) ** 2).sum(axis=0)
        better = np.zeros(len(drawn), dtype=bool)
        better[known] = off < best[known] - 1e-12
        best[better] = off[better[known]]
        where[better] = place
        level[better] = (fitted[0] + fitted[1] * place)[better[known]]
    low, high = percentiles(where[1:])
    place = Estimate(float(where[0]), low, high, cases)
    return Bend(place, float(level[0]), inside=bool(high < x[-1]))
