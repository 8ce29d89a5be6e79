"""Over which ranges the parameters vary: those of the study, those declared with the parameter, or around its value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import ceil, exp, floor, log
from typing import Any

from mhsim.errors import InputError, suggestion
from mhsim.scenario import Scenario, Value, parameter_rows
from mhsim.scenario_io.overrides import WHOLESALE
from mhsim.studies.points import value_at
from mhsim.studies.sensitivity.design import Range, Sensitivity

GIVEN, OWN, AROUND = "given in the study", "the parameter's own range", "around the scenario's value"
BOUNDED = ("share", "chance")
"""Units whose own range is taken where the value is 0, so that nothing lies around it."""


@dataclass(frozen=True)
class Ranged:
    """One parameter and the range it varies over.

    Attributes
    ----------
    present : float
        Its value in the scenario of the study.
    whole : bool
        Whether it takes whole numbers only; places in the range are rounded then.
    origin : str
        Where the range comes from, in words.
    """

    path: str
    low: float
    high: float
    scale: str
    present: float
    whole: bool
    origin: str

    def value(self, place: float) -> Value:
        """Return the value at a place between 0 (low) and 1 (high), with 12 significant digits.

        For a whole number the range is stretched by a half on both sides, so that after rounding the lowest and the
        highest number come as often as any other.
        """
        if not self.whole:
            return min(self.high, max(self.low, float(f"{self._at(self.low, self.high, place):.12g}")))
        first, last = ceil(self.low), floor(self.high)
        return min(last, max(first, round(self._at(first - 0.5, last + 0.5, place))))

    def _at(self, low: float, high: float, place: float) -> float:
        if self.scale == "log":
            return exp(log(low) + place * (log(high) - log(low)))
        return low + place * (high - low)


@dataclass(frozen=True)
class Ranges:
    """All parameters that vary, and those of the sections that do not because nothing lies around a value of 0."""

    varied: tuple[Ranged, ...]
    left_out: tuple[str, ...]


@cache
def declared() -> dict[str, dict[str, Any]]:
    """Return what is declared about each parameter of the model, by path."""
    return {row["path"]: row for row in parameter_rows()}


def ranges_of(study: Sensitivity, scenario: Scenario) -> Ranges:
    """Return the parameters a study varies, with their ranges.

    Parameters named under `parameters` come first, then those of the sections, without switches and choices and
    without what the study fixes under `set`.

    Raises
    ------
    InputError
        If a path does not exist, is no number, or has no range; one line.
    """
    varied = [ranged(study, scenario, path, given) for path, given in study.parameters.items()]
    left_out = []
    for path in of_sections(study, scenario):
        if _nothing_around(study, scenario, path):
            left_out.append(path)
        else:
            varied.append(ranged(study, scenario, path, Range()))
    if not varied:
        raise InputError("sections: nothing is left to vary; give parameters with low and high")
    return Ranges(tuple(varied), tuple(left_out))


def of_sections(study: Sensitivity, scenario: Scenario) -> Iterator[str]:
    """Yield the paths of the numbers of a study's sections that are not named or fixed elsewhere."""
    for path, row in declared().items():
        if path.split(".")[0] not in study.sections or path in study.parameters or path in study.set:
            continue
        if row["low"] is not None and not isinstance(value_at(scenario, path), (bool, str)):
            yield path


def ranged(study: Sensitivity, scenario: Scenario, path: str, given: Range) -> Ranged:
    """Return a parameter with its range; raise InputError if it is none or has none."""
    present = number_at(scenario, path)
    low, high, origin = _ends(study, path, float(present), given)
    if given.scale == "log" and low <= 0:
        raise InputError(f"{path}: a log scale needs low above 0; it is {low:g} ({origin})")
    whole = isinstance(present, int)
    if whole and ceil(low) >= floor(high):
        raise InputError(f"{path}: fewer than two whole numbers lie between {low:g} and {high:g}; give low and high")
    return Ranged(path, low, high, given.scale, float(present), whole, origin)


def number_at(scenario: Scenario, path: str) -> float:
    """Return the number at a path of a scenario; raise InputError if there is none."""
    try:
        present = value_at(scenario, path)
    except KeyError:
        known = [*WHOLESALE, *declared()]
        raise InputError(f"the scenario has no parameter {path}{suggestion(path, known)}") from None
    if isinstance(present, (bool, str)) or declared().get(path, {}).get("choices"):
        raise InputError(f"{path}: only numbers can vary in a study of sensitivity, not switches and choices")
    return present


def _ends(study: Sensitivity, path: str, present: float, given: Range) -> tuple[float, float, str]:
    """Return low, high and where they come from."""
    if given.low is not None and given.high is not None:
        return given.low, given.high, GIVEN
    row = declared().get(path)
    if row is None or row["low"] is None:
        raise InputError(f"{path}: it has no range of its own; give low and high")
    low, high = float(row["low"]), float(row["high"])
    if study.around is None or (present == 0 and row["unit"] in BOUNDED):
        return low, high, OWN
    if present == 0:
        raise InputError(f"{path}: it is 0 in the scenario, and nothing lies around 0; give low and high")
    ends = sorted((present / study.around, present * study.around))
    return max(low, _short(ends[0])), min(high, _short(ends[1])), AROUND


def _nothing_around(study: Sensitivity, scenario: Scenario, path: str) -> bool:
    """Return whether a range around a value was asked for where there is none."""
    zero = study.around is not None and value_at(scenario, path) == 0
    return zero and declared()[path]["unit"] not in BOUNDED


def _short(value: float) -> float:
    return float(f"{value:.12g}")
