"""Where survival falls along the rates at which helpers go: the fall overall, the largest step, how sure its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mhsim import stats
from mhsim.report.formatting import GROUPS, trimmed
from mhsim.stats import Estimate, Numbers

SETTLED = 0.8
"""Share of resamples in which a step must be the largest for its place to be told without a proviso."""


@dataclass(frozen=True)
class Fall:
    """How survival changes along the rates of turnover.

    Attributes
    ----------
    rates : tuple of float
        The rates that have runs.
    overall : Estimate
        Change from the lowest to the highest rate.
    steps : list of Estimate
        Change from each rate to the next.
    largest : int
        Which step is the largest fall.
    certainty : float
        In which share of resamples that step is the largest.
    likely : tuple of int
        The first and last of the steps that together hold the largest fall in 95 of 100 resamples.
    """

    rates: tuple[float, ...]
    overall: Estimate
    steps: list[Estimate]
    largest: int
    certainty: float
    likely: tuple[int, int]


def fall_of(rates: Sequence[float], alive: Numbers) -> Fall | None:
    """Return how survival changes along the rates; None if fewer than two rates have runs.

    Parameters
    ----------
    rates : sequence of float
        Turnover, rising.
    alive : array, shape (rates, replicates)
        1 for alive, 0 for closed, NaN for no run.
    """
    kept = [k for k in range(len(rates)) if not np.isnan(alive[k]).all()]
    if len(kept) < 2:
        return None
    alive = alive[kept]
    changes = np.diff(alive, axis=0)
    steps = stats.paired_differences(changes, yes_no=True)
    largest = int((-np.nan_to_num(np.array([step.value for step in steps]))).argmax())
    often = _how_often(changes)
    overall = stats.paired_difference(alive[-1] - alive[0], yes_no=True)
    there = tuple(float(rates[k]) for k in kept)
    return Fall(there, overall, steps, largest, float(often[largest]), _likely(often, largest))


def _how_often(changes: Numbers) -> Numbers:
    """Return the share of resamples in which each step is the largest fall; ties count for each in part."""
    drops = -np.nan_to_num(stats.resampled_means(changes)[1:])
    top = np.isclose(drops, drops.max(axis=1, keepdims=True))
    share: Numbers = (top / top.sum(axis=1, keepdims=True)).mean(axis=0)
    return share


def _likely(often: Numbers, largest: int) -> tuple[int, int]:
    chosen, held = {largest}, float(often[largest])
    for step in np.argsort(-often, kind="stable"):
        if held >= 0.95:
            break
        if int(step) not in chosen:
            chosen.add(int(step))
            held += float(often[step])
    return min(chosen), max(chosen)


def between(rates: Sequence[float], first: int, last: int | None = None) -> str:
    """Return the place of one or several steps in words: "between 20 % and 40 % a year"."""
    low, high = rates[first], rates[(first if last is None else last) + 1]
    return f"between {_per_cent(low)} and {_per_cent(high)} a year"


def _per_cent(rate: float) -> str:
    return f"{trimmed(100.0 * rate, 1)}\u00a0%"


def place_words(fall: Fall) -> str:
    """Return where the fall is fastest, or that it is nowhere clearly faster."""
    step = fall.steps[fall.largest]
    falling = [k for k, found in enumerate(fall.steps) if found.falls]
    if not falling:
        return (
            "No single step from one rate to the next stands out clearly: the fall is gradual, or too small to place."
        )
    size = f"by {GROUPS.size(step)}"
    everywhere = " It falls clearly at every step." if len(falling) == len(fall.steps) > 1 else ""
    if len(fall.steps) == 1:
        return "With two rates only, nothing can be said about where it falls fastest."
    if fall.certainty >= SETTLED:
        text = f"The largest step is {between(fall.rates, fall.largest)}, {size}."
    else:
        text = (
            f"The largest step seen is {between(fall.rates, fall.largest)}, {size}, but its place is not certain: "
            f"it lies somewhere {between(fall.rates, *fall.likely)}."
        )
    return text + everywhere
