"""Where an outcome crosses a level: by a logistic curve and by isotonic regression, each with its interval.

The runs of one replicate share their seed at all values, so they are no independent cases. Every interval here comes
from drawing replicates again and again at random, each with all of its runs. Rising outcomes are turned over, so that
everything below is about an outcome that falls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mhsim.stats import Numbers, counts, percentiles, totals

ROUNDS_OF_NEWTON = 60
LONGEST_STEP = 3.0
"""How far Newton's method may move a logit at once."""
RIDGE = 1e-4
"""Holds the slope back where the runs are parted by a clean step, which a logistic curve can only approach."""
Side = Literal["crosses", "above", "below", "nothing"]


@dataclass(frozen=True)
class Crossing:
    """Where an outcome crosses a level along a path.

    Attributes
    ----------
    side : str
        "crosses"; or "above" or "below" the level at all values tried; "nothing" if there are no runs.
    value, low, high : float
        The critical place and its 95 % interval; NaN unless the outcome crosses. The interval ends where the values
        tried end and is never narrower than the gap between values that the place lies in.
    share : float
        Of the resamples, those in which the outcome crosses within the values tried.
    fitted : array, shape (values,)
        The curve at the values tried.
    resamples : array, shape (1 + resamples,)
        The place in all runs, then in every resample; infinite where there is none within reach.
    """

    side: Side
    value: float
    low: float
    high: float
    share: float
    fitted: Numbers
    resamples: Numbers

    @property
    def crosses(self) -> bool:
        """Whether the outcome crosses the level."""
        return self.side == "crosses"


def falls(outcome: Numbers) -> bool:
    """Return whether a falling staircase fits the outcome at least as well as a rising one, or there are no runs."""
    cases, sums = totals(outcome, np.ones((1, outcome.shape[1])))
    there = cases[0] > 0
    if not there.any():
        return True
    means, weights = sums[0][there] / cases[0][there], cases[0][there]
    lack = [float((weights * (staircase(sign * means, weights) - sign * means) ** 2).sum()) for sign in (1.0, -1.0)]
    return lack[0] <= lack[1]


def staircase(means: Numbers, weights: Numbers) -> Numbers:
    """Return the falling staircase nearest to means (isotonic regression by least squares)."""
    from scipy.optimize import isotonic_regression

    fitted: Numbers = isotonic_regression(means, weights=weights, increasing=False).x
    return fitted


def logistic(places: Numbers, cases: Numbers, sums: Numbers) -> tuple[Numbers, Numbers]:
    """Return height and slope of a logistic curve in each resample, by Newton's method.

    Parameters
    ----------
    places : array, shape (values,)
        Where the values lie, between 0 and 1.
    cases, sums : array, shape (resamples, values)
        Runs and, of these, those with the outcome.
    """
    height, slope = np.zeros(len(cases)), np.zeros(len(cases))
    for _ in range(ROUNDS_OF_NEWTON):
        chance = 1.0 / (1.0 + np.exp(-np.clip(height[:, None] + slope[:, None] * places, -40, 40)))
        rest, weight = sums - cases * chance, cases * chance * (1.0 - chance)
        pull = rest.sum(1) - RIDGE**2 * height, (rest * places).sum(1) - RIDGE * slope
        first, both, second = weight.sum(1) + RIDGE**2, (weight * places).sum(1), (weight * places**2).sum(1) + RIDGE
        determinant = first * second - both**2
        up = (second * pull[0] - both * pull[1]) / determinant
        turn = (first * pull[1] - both * pull[0]) / determinant
        moved = np.abs(up[:, None] + turn[:, None] * places).max(1)
        damped = np.minimum(1.0, LONGEST_STEP / np.maximum(moved, 1e-300))
        height, slope = height + damped * up, slope + damped * turn
        if moved.max() < 1e-9:
            break
    return height, slope


def by_logistic(places: Numbers, outcome: Numbers, level: float, falling: bool) -> Crossing:
    """Return where the chance of a yes crosses a level, by a logistic curve through all runs.

    Parameters
    ----------
    places : array, shape (values,)
        In rising order, on the scale on which the curve is drawn.
    outcome : array, shape (values, replicates)
        Zeros and ones; NaN where a run failed.
    level : float
        Between 0 and 1.
    falling : bool
        Whether the outcome is taken to fall along the path.
    """
    if np.isnan(outcome).all():
        return nothing(len(places))
    cases, sums = totals(outcome if falling else 1.0 - outcome, counts(outcome.shape[1]))
    level = level if falling else 1.0 - level
    low, reach = places[0], places[-1] - places[0]
    height, slope = logistic((places - low) / reach, cases, sums)
    edge = float(np.log(level / (1.0 - level)))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (edge - height) / slope
    found = np.where(height < edge, -np.inf, np.where(height + slope > edge, np.inf, found))
    fitted = 1.0 / (1.0 + np.exp(-np.clip(height[0] + slope[0] * (places - low) / reach, -40, 40)))
    return crossing_from(low + reach * found, places, fitted if falling else 1.0 - fitted, falling)


def by_staircase(places: Numbers, outcome: Numbers, level: float, falling: bool) -> Crossing:
    """Return where the mean of an outcome crosses a level, by a staircase that only falls or only rises.

    Between the values tried the crossing is drawn straight. Parameters as for `by_logistic`; any numbers will do.
    """
    if np.isnan(outcome).all():
        return nothing(len(places))
    sign = 1.0 if falling else -1.0
    cases, sums = totals(sign * outcome, counts(outcome.shape[1]))
    known = cases.sum(axis=1) > 0
    all_steps = staircases(cases[known], sums[known])
    found = np.array([crossing_of(places[~np.isnan(row)], row[~np.isnan(row)], sign * level) for row in all_steps])
    return crossing_from(found, places, sign * all_steps[0], falling)


def staircases(cases: Numbers, sums: Numbers) -> Numbers:
    """Return the falling staircase nearest to the means of each resample, shape (resamples, values).

    A step is the least, over where a block may begin, of the greatest, over where it may end, of the block's mean:
    the same as pooling neighbours, for all resamples at once. NaN at a value without a case.
    """
    first = np.cumsum(np.pad(cases, ((0, 0), (1, 0))), axis=1)
    second = np.cumsum(np.pad(sums, ((0, 0), (1, 0))), axis=1)
    steps = np.full(cases.shape, np.inf)
    values = cases.shape[1]
    for begin in range(values):
        number = first[:, begin + 1 :] - first[:, begin : begin + 1]
        total = second[:, begin + 1 :] - second[:, begin : begin + 1]
        mean = np.divide(total, number, out=np.full_like(total, -np.inf), where=number > 0)
        greatest = np.maximum.accumulate(mean[:, ::-1], axis=1)[:, ::-1]
        greatest[cases[:, begin] == 0] = np.inf
        steps[:, begin:] = np.minimum(steps[:, begin:], greatest)
    steps[cases == 0] = np.nan
    return steps


def crossing_of(places: Numbers, steps: Numbers, level: float) -> float:
    """Return where falling steps cross a level; minus infinity if all lie below it, infinity if all lie above."""
    over, under = np.flatnonzero(steps > level), np.flatnonzero(steps < level)
    if len(under) == 0:
        return np.inf if len(over) else float(places.mean())
    if len(over) == 0:
        return -np.inf if under[0] == 0 else float(places[: under[0]].mean())
    last, first = over[-1], under[0]
    if first > last + 1:
        return float((places[last + 1] + places[first - 1]) / 2)
    share = (steps[last] - level) / (steps[last] - steps[first])
    return float(places[last] + share * (places[first] - places[last]))


def crossing_from(found: Numbers, places: Numbers, fitted: Numbers, falling: bool) -> Crossing:
    """Return a crossing from its place in the runs (first) and in all resamples (the rest)."""
    share = float(np.isfinite(found[1:]).mean()) if len(found) > 1 else 0.0
    if not np.isfinite(found[0]):
        over = (found[0] > 0) == falling
        return Crossing("above" if over else "below", np.nan, np.nan, np.nan, share, fitted, found)
    value = float(found[0])
    within = np.clip(found[1:], places[0], places[-1])
    low, high = percentiles(within)
    below = int(np.clip(np.searchsorted(places, value, side="right") - 1, 0, len(places) - 2))
    if high - low < places[below + 1] - places[below]:
        low, high = min(low, float(places[below])), max(high, float(places[below + 1]))
    return Crossing("crosses", value, min(low, value), max(high, value), share, fitted, found)


def nothing(values: int) -> Crossing:
    """Return what is known without any run."""
    return Crossing("nothing", np.nan, np.nan, np.nan, 0.0, np.full(values, np.nan), np.full(1, np.nan))
