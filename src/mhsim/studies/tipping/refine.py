"""Which values the rounds of a search try: evenly over the range at first, then over half as much each time."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, exp, floor, log, log10
from typing import TYPE_CHECKING

import numpy as np

from mhsim.scenario import Scenario
from mhsim.studies.points import value_at

if TYPE_CHECKING:
    from mhsim.studies.tipping.search import TippingPoint

OFF_MIDDLE, DRIFT = 0.41, 0.013
"""Where the crossing is taken to be when a study is planned: off the middle and moving, so that no value repeats."""


def whole(scenario: Scenario, path: str) -> bool:
    """Return whether a path takes whole numbers only."""
    present = value_at(scenario, path)
    return isinstance(present, int) and not isinstance(present, bool)


def place_of(value: float, scale: str) -> float:
    """Return where a value lies on a scale."""
    return log(value) if scale == "log" else value


def value_of(place: float, scale: str) -> float:
    """Return the value at a place of a scale."""
    return exp(place) if scale == "log" else place


def next_values(
    study: TippingPoint, number: int, middle: float, before: Sequence[float], only_whole: bool
) -> list[float]:
    """Return what round `number` (0 first) tries, in rising order and without what was tried before.

    Parameters
    ----------
    study : TippingPoint
        Range, scale and points of a round.
    number : int
        Which round; the first spans the whole range, each later one half of the one before.
    middle : float
        The value around which the round lies; of no account for the first.
    before : sequence of float
        What earlier rounds tried.
    only_whole : bool
        Whether only whole numbers are allowed.
    """
    low, high = place_of(study.low, study.scale), place_of(study.high, study.scale)
    width = (high - low) / 2**number
    first = low if number == 0 else min(max(place_of(middle, study.scale) - width / 2, low), high - width)
    found = []
    for place in np.linspace(first, first + width, study.points).tolist():
        value = min(study.high, max(study.low, _short(value_of(place, study.scale), width, study.scale)))
        if only_whole:
            value = min(floor(study.high), max(ceil(study.low), round(value)))
        if study.low <= value <= study.high and value not in before and value not in found:
            found.append(value)
    return sorted(found)


def _short(value: float, width: float, scale: str) -> float:
    """Return a value with few digits, so that it can be written in a command; a thousandth of the round is kept."""
    return float(f"{value:.5g}") if scale == "log" else round(value, 3 - floor(log10(width)))


def planned_values(study: TippingPoint, only_whole: bool) -> list[float]:
    """Return the values of all rounds as they would be if the crossing were a little below the middle of the range."""
    low, high = place_of(study.low, study.scale), place_of(study.high, study.scale)
    found: list[float] = []
    for number in range(study.rounds):
        middle = value_of(low + (OFF_MIDDLE + DRIFT * number) * (high - low), study.scale)
        found += next_values(study, number, middle, found, only_whole)
    return sorted(found)
