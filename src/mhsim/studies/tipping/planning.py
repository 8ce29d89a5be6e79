"""Which values the rounds of a search try, as sweeps: evenly over the range, then over half as much each time."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, exp, floor, log, log10

import numpy as np

from mhsim.errors import InputError
from mhsim.scenario import Value, with_values
from mhsim.scenario_io.overrides import WHOLESALE
from mhsim.studies.design import Study, StudyBase
from mhsim.studies.plan import Plan
from mhsim.studies.plan import plan_of as sweep_plan_of
from mhsim.studies.points import value_at
from mhsim.studies.tipping.design import TippingPoint

OFF_MIDDLE, DRIFT = 0.41, 0.013
"""Where the crossing is taken to be when a study is planned: off the middle and moving, so that no value repeats."""


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


def plan_of(study: TippingPoint) -> Plan:
    """Turn a study into a plan of as many points as there can be, each an allowed scenario.

    Which values later rounds try is known only when the earlier ones are done. The plan has them where they would lie
    if the crossing were a little below the middle of the range; both ends of the range and both starts are in it.

    Raises
    ------
    InputError
        If the base does not exist or a point is not allowed; the message is one line and names the point.
    """
    base = sweep_plan_of(sweep_of(study, [], []))
    try:
        present = value_at(base.scenario, study.path)
    except KeyError:
        present = 0.0
    if isinstance(present, (bool, str)):
        raise InputError(f"{study.path}: a tipping point is looked for among numbers")
    tried = planned_values(study, isinstance(present, int))
    if len(tried) < 2:
        raise InputError(f"{study.path}: fewer than two whole numbers lie between {study.low:g} and {study.high:g}")
    firsts = planned_values(study.model_copy(update={"rounds": 1}), isinstance(present, int))
    starts = [*firsts, tried[len(tried) // 2]] if study.strong else []
    sweep_plan_of(sweep_of(study, starts, []))
    return sweep_plan_of(sweep_of(study, starts, tried))


def sweep_of(study: TippingPoint, starts: list[float], tried: list[float]) -> Study:
    """Return the sweep of some values as the scenario is (`tried`), then of others from both starts (`starts`)."""
    vary: dict[str, list[Value]] = {study.path: [*tried, *(value for value in starts for _ in range(2))]}
    own = _own_values(study) if tried and starts else {}
    for path in study.strong if starts else ():
        pair = [study.strong[path], study.weak[path]]
        vary[path] = [*(own[path] for _ in tried), *(pair * len(starts))]
    common = {name: getattr(study, name) for name in StudyBase.model_fields if name != "kind"}
    if not (tried or starts):
        return Study.model_validate(common, context={"beside": study.beside})
    return Study.model_validate({**common, "design": "list", "vary": vary}, context={"beside": study.beside})


def _own_values(study: TippingPoint) -> dict[str, Value]:
    """Return what the scenario itself has at the paths of the two starts."""
    plan = sweep_plan_of(sweep_of(study, [], []))
    scenario = with_values(plan.scenario, plan.fixed)
    return {path: value_at(scenario, path) for path in study.strong if path not in WHOLESALE} | {
        path: 1.0 for path in study.strong if path in WHOLESALE
    }


def whole_path(study: TippingPoint) -> bool:
    """Return whether the path takes whole numbers only."""
    present = value_at(sweep_plan_of(sweep_of(study, [], [])).scenario, study.path)
    return isinstance(present, int) and not isinstance(present, bool)
