"""Two worlds under the same luck: their histories side by side, and when a difference is more than chance."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

import mhsim
from mhsim.outcomes.results import Run
from mhsim.scenario import Scenario

Found = TypeVar("Found")
Numbers = NDArray[np.float64]
SURELY = 3.5
"""Standard errors from which a difference is taken for more than chance: so many of them are looked at."""
FEWEST = 3
"""Pairs below which nothing is said."""


class Difference(NamedTuple):
    """The mean of paired differences, its standard error, of how many pairs, and what stands for their two worlds."""

    change: float
    error: float
    pairs: int
    worlds: str = ""

    @property
    def more_than_chance(self) -> bool:
        """Whether it lies over `SURELY` standard errors; one that is the same in all pairs, and not 0, does."""
        return self.pairs >= FEWEST and self.change != 0.0 and abs(self.change) >= SURELY * self.error


def worlds_digest(*worlds: Scenario) -> str:
    """Return what stands for all values of some worlds: another as soon as one of them changes; titles do not count.

    A value changes in a form's file, in one that it is made from, or as what a parameter is unless told.
    """
    data = [world.model_dump(mode="json", exclude={"title", "about"}) for world in worlds]
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:12]


def histories(
    worlds: Sequence[Scenario], runs: int, of: Callable[[Run], Found], *, record: str = "runs", jobs: int = 2
) -> list[list[Found]]:
    """Return what is found in the same histories of each world, `jobs` of them side by side."""
    with ThreadPoolExecutor(jobs) as pool:
        cases = [(world, k) for world in worlds for k in range(runs)]
        found = list(pool.map(lambda case: of(mhsim.simulate(*case, record=record)), cases))
    return [found[k * runs : (k + 1) * runs] for k in range(len(worlds))]


def difference(lower: Numbers, higher: Numbers) -> Difference:
    """Return the paired difference of two rows of histories; NaN stands where there is no case, and is left out."""
    both = ~np.isnan(lower) & ~np.isnan(higher)
    count = int(both.sum())
    if count < FEWEST:
        return Difference(float("nan"), float("nan"), count)
    each = higher[both] - lower[both]
    return Difference(float(np.mean(each)), float(np.std(each, ddof=1) / np.sqrt(count)), count)
