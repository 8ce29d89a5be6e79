"""Where the points of a study lie: a grid, a list, a Latin hypercube, a Sobol sequence, or several grids as parts.

The points of a study of parts are the scenario as it is, point 0, and every combination of each part, each with the
scenario's own value of whatever else some part varies. A point that several parts have in common is run once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import ceil, exp, floor, log, prod
from typing import Any

import numpy as np

from mhsim.errors import InputError
from mhsim.scenario import CHANGE_PATH, RuleUse, Scenario, Value, everywhere
from mhsim.scenario_io.overrides import WHOLESALE, with_settings
from mhsim.studies.design import SAMPLES, Study, Variation

MOST_POINTS = 1_000_000


def rows_of(study: Study, scenario: Scenario) -> Iterator[Sequence[Value]]:
    """Yield the values of each point in turn, in the order of the paths that vary."""
    if study.design == "parts":
        yield tuple(own_values(study, scenario).values())
        for name in study.parts:
            yield from rows_of_part(study, scenario, name)
        return
    if study.design in SAMPLES:
        yield from _sample(study, scenario)
        return
    columns = _columns(study.vary, scenario)
    lengths = [len(column) for column in columns]
    if study.design == "list":
        if len(set(lengths)) > 1:
            counts = ", ".join(f"{path} {length}" for path, length in zip(study.vary, lengths, strict=True))
            raise InputError(f"design list needs columns of equal length: {counts}")
        yield from zip(*columns, strict=True)
        return
    yield from _grid(columns)


def own_values(study: Study, scenario: Scenario) -> dict[str, Value]:
    """Return the values that the scenario of a study of parts has by itself at all paths that some part varies."""
    present = with_settings(scenario, dict(study.set))
    return {path: study.set[path] if path in study.set else common_value(present, path) for path in study.paths}


def common_value(scenario: Scenario, path: str) -> Value:
    """Return the value at a path; raise InputError if a form of the scenario has another there."""
    present = value_at(scenario, path)
    for one in everywhere(scenario, path):
        if value_at(scenario, one) != present:
            raise InputError(f"{path}: forms of the scenario differ in it, so it cannot be put back; name {one}")
    return present


def rows_of_part(study: Study, scenario: Scenario, name: str) -> Iterator[tuple[Value, ...]]:
    """Yield the values of each point of one part, in the order of all paths that vary."""
    own, part = own_values(study, scenario), study.parts[name]
    for values in _grid(_columns(part, scenario)):
        yield tuple({**own, **dict(zip(part, values, strict=True))}.values())


def _columns(varied: Mapping[str, Variation], scenario: Scenario) -> list[list[Value]]:
    """Return the values of each path of a grid or a list."""
    return [_steps(path, variation, _present(scenario, path, variation)) for path, variation in varied.items()]


def _grid(columns: Sequence[Sequence[Value]]) -> Iterator[tuple[Value, ...]]:
    """Yield every combination; raise InputError if there are too many."""
    if (number := prod(len(column) for column in columns)) > MOST_POINTS:
        raise InputError(f"the grid has {number:,} points; at most {MOST_POINTS:,} are allowed")
    yield from product(*columns)


def _present(scenario: Scenario, path: str, variation: Variation) -> Value:
    """Return the value that a scenario has at a path; of no importance where the values are listed."""
    return 0.0 if variation.values is not None else value_at(scenario, path)


def _steps(path: str, variation: Variation, present: Value) -> list[Value]:
    """Return the values of one path in a grid or a list; a whole number takes each value once."""
    if variation.values is not None:
        return list(variation.values)
    steps = variation.steps or 2
    values = [_between(path, variation, present, place / (steps - 1), stretch=0.0) for place in range(steps)]
    return list(dict.fromkeys(values))


def _sample(study: Study, scenario: Scenario) -> Iterator[Sequence[Value]]:
    """Yield the points of a sample; the same study seed gives the same points.

    A Sobol sequence is scrambled; twice as many samples begin with the very same points, so that it can be extended.
    Source: Owen (1995), as in `scipy.stats.qmc.Sobol`.
    """
    from scipy.stats import qmc  # most of a second, which every process of every other study would pay

    design = qmc.Sobol if study.design == "sobol" else qmc.LatinHypercube
    sampler = design(len(study.vary), rng=np.random.default_rng(study.seed))
    varied = [(path, variation, _present(scenario, path, variation)) for path, variation in study.vary.items()]
    for row in sampler.random(study.samples or 1).tolist():
        yield [
            _between(path, variation, present, place, stretch=0.5)
            if variation.values is None
            else variation.values[int(place * len(variation.values))]
            for (path, variation, present), place in zip(varied, row, strict=True)
        ]


def _between(path: str, variation: Variation, present: Value, place: float, stretch: float) -> Value:
    """Return the value at a place in the range of one path, of the kind of its `present` value."""
    if isinstance(present, (bool, str)):
        raise InputError(f"{path}: a range is for numbers; give a list of values")
    low, high, whole = float(variation.low or 0), float(variation.high or 0), isinstance(present, int)
    if whole and ceil(low) > floor(high):
        raise InputError(f"{path}: no whole number lies between {low:g} and {high:g}")
    return value_between(low, high, variation.scale, place, whole=whole, stretch=stretch)


def value_between(low: float, high: float, scale: str, place: float, *, whole: bool, stretch: float = 0.5) -> float:
    """Return the value at a place between 0 (low) and 1 (high), with 12 significant digits.

    A range of whole numbers is stretched on both sides by `stretch`, so that after rounding a sample meets the lowest
    and the highest as often as any other.
    """
    low, high, stretch = (ceil(low), floor(high), stretch) if whole else (low, high, 0.0)
    first, last = low - stretch, high + stretch
    value = exp(log(first) + place * (log(last) - log(first))) if scale == "log" else first + place * (last - first)
    return min(high, max(low, round(value) if whole else float(f"{value:.12g}")))


def value_at(scenario: Scenario, path: str) -> Value:
    """Return the value at a path; for `benefits` and `harms` the factor that changes nothing."""
    if path in WHOLESALE:
        return 1.0
    change = CHANGE_PATH.fullmatch(path)
    if change:
        if int(change[1]) >= len(scenario.changes):
            raise KeyError(path)
        moved: int = getattr(scenario.changes[int(change[1])], change[2])
        return moved
    found: Any = scenario
    for name in path.split("."):
        if isinstance(found, RuleUse):
            found = found.values
        if isinstance(found, dict):
            found = found.get(name)
        else:
            fields = {*getattr(type(found), "model_fields", ()), *(getattr(found, "model_extra", None) or ())}
            found = getattr(found, name) if name in fields else None
    if not isinstance(found, (float, int, bool, str)):
        raise KeyError(path)
    return found
