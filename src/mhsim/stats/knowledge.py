"""How far an estimate moves because values are not known: its spread over draws of them, without what is chance.

The draws share their replicates, so estimates of two draws differ by knowledge and by what chance does to one draw and
not to the other; what chance does to all draws alike cancels. In the terms of an analysis of variance draws and
replicates are crossed at random, and the variance between draws is what is left of that of their estimates when that
of draws by replicates is taken away (Searle, Casella and McCulloch 1992). It is worked out over all pairs of draws,
each over the replicates that both have, so that missing runs do no harm.

The estimates of the draws are then drawn in towards their mean until they have that variance, so that the middle 95 %
of them is neither widened by chance nor made narrow by a model of its shape (Louis 1984; Ghosh 1992).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
EDGES = (0.025, 0.975)
NORMAL = 1.959963984540054
"""Standard deviations to each side that hold 95 of 100 cases of a normal number."""
ALL_CHANCE = 0.999
"""Part of the variance over draws from which on all of it may be chance."""
FEWEST_DRAWS = 2
"""Draws without which there is no spread."""


@dataclass(frozen=True)
class Knowledge:
    """Where an estimate lies as values are drawn that agree with the facts.

    Attributes
    ----------
    middle, low, high : float
        The median of the draws, and between what the middle 95 % of them lie, chance taken out.
    draws : int
        How many draws have an estimate.
    chance : float
        What part of the variance of the estimates over the draws is chance; 1 where all of it may be.
    error : float
        Standard deviation by which chance moves the estimate of one draw against those of the others.
    """

    middle: float
    low: float
    high: float
    draws: int
    chance: float
    error: float

    def scaled(self, factor: float) -> Knowledge:
        """Return the same in another unit, or seen from the other side if the factor is negative."""
        low, high = sorted((factor * self.low, factor * self.high))
        return Knowledge(factor * self.middle, low, high, self.draws, self.chance, abs(factor) * self.error)

    @property
    def seen(self) -> bool:
        """Whether anything is left of the spread over draws once chance is taken out of it."""
        return self.chance < ALL_CHANCE

    def leaves_out(self, value: float) -> bool:
        """Return whether a number of the same replicates lies outside the range by more than chance."""
        reach = NORMAL * self.error
        return not self.low - reach <= value <= self.high + reach

    @property
    def holds_zero(self) -> bool:
        """Whether zero lies within the range, so that even the sign of a difference is not known."""
        return self.low <= 0.0 <= self.high


def spread_over_draws(rows: Numbers) -> Knowledge | None:
    """Return the spread of a mean over draws, without chance; None where it cannot be told from chance.

    Parameters
    ----------
    rows : array, shape (draws, replicates)
        The value in each run, or the difference of a pair of runs; NaN where it is missing. The same replicate has the
        same chance events in all draws. For what is no mean, pseudo-values (Tukey 1958) may stand here.
    """
    rows = np.asarray(rows, dtype=float)
    rows = rows[~np.isnan(rows).all(axis=1)]
    if len(rows) < FEWEST_DRAWS:
        return None
    there = ~np.isnan(rows)
    found = np.where(there, rows, 0.0).sum(axis=1) / there.sum(axis=1)
    return _band(found, _variance_between(rows, there))


def spread_of_resamples(drawn: Numbers) -> Knowledge | None:
    """Return the same for what no formula gives, from resamples of the replicates.

    Parameters
    ----------
    drawn : array, shape (draws, 1 + resamples)
        For each draw the estimate, then the same in every resample; a resample takes the same replicates in all draws.
        NaN or infinite where there is none.
    """
    drawn = drawn[np.isfinite(drawn[:, 0])]
    if len(drawn) < FEWEST_DRAWS:
        return None
    known = np.where(np.isfinite(drawn[:, 1:]), drawn[:, 1:], np.nan)
    known = known[:, ~np.isnan(known).any(axis=0)]
    if known.shape[1] < FEWEST_DRAWS:
        return None
    own = known - known.mean(axis=0)
    noise = float(own.var(axis=1, ddof=1).sum()) / (len(drawn) - 1)
    return _band(drawn[:, 0], float(drawn[:, 0].var(ddof=1)) - noise)


def _variance_between(rows: Numbers, there: NDArray[np.bool_]) -> float:
    """Return the variance between draws, over all pairs of them; NaN if no two have two replicates in common.

    Half of the squared mean difference of two draws, less half the square of its standard error.
    """
    centred = rows - np.nanmean(rows)
    values, mask = np.where(there, centred, 0.0), there.astype(float)
    pairs = mask @ mask.T
    sums = values @ mask.T
    squares = values**2 @ mask.T
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (sums - sums.T) / pairs
        spread = (squares + squares.T - 2.0 * values @ values.T) / pairs - mean**2
        each = (mean**2 - spread / (pairs - 1.0)) / 2.0
    known = (pairs > 1.0) & ~np.eye(len(rows), dtype=bool)
    return float(each[known].mean()) if known.any() else np.nan


def _band(found: Numbers, between: float) -> Knowledge | None:
    """Return the middle 95 % of estimates once they are drawn in to a variance; None if that is not known."""
    if np.isnan(between):
        return None
    observed, mean = float(found.var(ddof=1)), float(found.mean())
    share = float(np.clip(between / observed, 0.0, 1.0)) if observed > 0.0 else 0.0
    drawn_in = mean + np.sqrt(share) * (found - mean)
    low, middle, high = np.quantile(drawn_in, (EDGES[0], 0.5, EDGES[1]), method="median_unbiased")
    error = float(np.sqrt(max(0.0, observed - max(0.0, between))))
    return Knowledge(float(middle), float(low), float(high), len(found), 1.0 - share, error)
