"""The points of a study of sensitivity: a sample of SALib between 0 and 1, turned into values of the scenario."""

from __future__ import annotations

from typing import Any

import numpy as np

from mhsim.errors import InputError
from mhsim.scenario import Value
from mhsim.stats import Numbers
from mhsim.studies.design import Study
from mhsim.studies.plan import Plan, check_paths, checked
from mhsim.studies.points import MOST_POINTS
from mhsim.studies.sensitivity.design import Sensitivity
from mhsim.studies.sensitivity.ranges import Ranged, ranges_of

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
