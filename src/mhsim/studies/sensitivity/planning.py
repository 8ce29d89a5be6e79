"""The points of a study of sensitivity: the ranges of its parameters, and a sample of SALib turned into their values.

A range is that of the study, the one declared with the parameter, or lies around the parameter's value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import ceil, floor
from typing import Any

import numpy as np

from mhsim.errors import InputError, suggestion
from mhsim.scenario import Scenario, Value, form_and_path, parameter_rows
from mhsim.scenario_io.overrides import WHOLESALE
from mhsim.stats import Numbers
from mhsim.studies.design import Study
from mhsim.studies.plan import Plan, check_paths, checked
from mhsim.studies.points import MOST_POINTS, value_at, value_between
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
        """Return the value at a place between 0 (low) and 1 (high), with 12 significant digits."""
        return value_between(self.low, self.high, self.scale, place, whole=self.whole)


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
    if isinstance(present, (bool, str)) or declared().get(form_and_path(path)[1], {}).get("choices"):
        raise InputError(f"{path}: only numbers can vary in a study of sensitivity, not switches and choices")
    return present


def _ends(study: Sensitivity, path: str, present: float, given: Range) -> tuple[float, float, str]:
    """Return low, high and where they come from."""
    if given.low is not None and given.high is not None:
        return given.low, given.high, GIVEN
    row = declared().get(form_and_path(path)[1])
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
    return zero and declared()[form_and_path(path)[1]]["unit"] not in BOUNDED


def _short(value: float) -> float:
    return float(f"{value:.12g}")


LEVELS = 4
"""Levels of the Morris grid: places 0, 1/3, 2/3 and 1 of each range."""


def plan_of(study: Sensitivity) -> Plan:
    """Turn a study into a plan, every point of which is an allowed scenario.

    Raises
    ------
    InputError
        If the base does not exist, a parameter has no range, or a point is not allowed; one line.
    """
    scenario = study.scenario_named("base", study.base)
    check_paths(Study(set=study.set), scenario)
    varied = ranges_of(study, scenario).varied
    fixed = study.fixed
    paths = tuple(one.path for one in varied)
    points = tuple(
        checked(scenario, fixed, dict(zip(paths, values, strict=True)), number)
        for number, values in enumerate(values_of(sample(study, len(varied)), varied))
    )
    watch = study.outcomes + tuple(name for name in study.watch if name not in study.outcomes)
    return Plan.of(study, scenario, paths, points, watch=watch)


def problem_of(parameters: int) -> dict[str, Any]:
    """Return the problem as SALib wants it: so many parameters, each between 0 and 1."""
    names = [f"x{number}" for number in range(parameters)]
    return {"num_vars": parameters, "names": names, "bounds": [[0.0, 1.0]] * parameters}


def block_of(method: str, parameters: int) -> int:
    """Return how many points belong together: a trajectory of Morris, a block of Sobol', one point of PAWN."""
    return {"morris": parameters + 1, "sobol": parameters + 2, "pawn": 1}[method]


def sample(study: Sensitivity, parameters: int) -> Numbers:
    """Return the sample of a study, places between 0 and 1, shape (points, parameters); the same for the same seed.

    Raises
    ------
    InputError
        If there would be too many points.
    """
    total = study.samples * block_of(study.method, parameters)
    if total > MOST_POINTS:
        raise InputError(f"samples: {total:,} points; at most {MOST_POINTS:,} are allowed")
    problem, draws = problem_of(parameters), np.random.default_rng(study.seed)
    places: Numbers
    if study.method == "morris":
        from SALib.sample.morris import sample as trajectories

        places = trajectories(problem, study.samples, num_levels=LEVELS, seed=draws)
    elif study.method == "sobol":
        from SALib.sample.sobol import sample as blocks

        places = blocks(problem, study.samples, calc_second_order=False, seed=draws)
    else:
        from SALib.sample.latin import sample as points

        places = points(problem, study.samples, seed=draws)
    return np.asarray(places, dtype=np.float64)


def values_of(places: Numbers, varied: tuple[Ranged, ...]) -> list[tuple[Value, ...]]:
    """Return the values of the parameters at each point of a sample."""
    return [tuple(one.value(place) for one, place in zip(varied, row, strict=True)) for row in places.tolist()]
