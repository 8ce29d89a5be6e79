"""A study over draws of what is not known: the same points and replicates once more for each draw of a form's fit.

A draw holds a value for every parameter that was fitted, and all draws agree about equally well with the facts. Every
draw is run at all points with the same replicates as the values shipped, so that what differs between draws is
knowledge, not chance. What the study or its scenario says itself goes before the draw.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
from pydantic import ValidationError

from mhsim.calibration.posterior import Posterior, posterior_of
from mhsim.errors import InputError
from mhsim.scenario import Scenario, Value
from mhsim.scenario_io.loader import read_scenario, shipped
from mhsim.studies.columns import DRAW, column
from mhsim.studies.design import StudyBase
from mhsim.studies.plan import SCENARIO, FormDraws, Plan, first_problem, tell_checked
from mhsim.studies.points import value_at

ORDER = 20_211
"""Seed of the order in which draws are taken, so that more of them begin with the same ones."""
TABLE = "draws.parquet"
COLUMNS = (
    column(DRAW, pa.int64(), "number", "which draw; 0 are the values as shipped"),
    column("scenario", pa.string(), "name", "the scenario that is run with it; empty for the base"),
    column("path", pa.string(), "name", "the parameter"),
    column("value", pa.float64(), "that of the parameter", "its value in this draw"),
)


def with_draws(study: StudyBase, plan: Plan) -> Plan:
    """Return a plan in which every point stands once as shipped and once for each draw; the latter come last.

    Raises
    ------
    InputError
        If a scenario has no fit, or one of fewer draws, or a draw is not allowed at a point; one line.
    """
    if not study.draws:
        return plan
    worlds = plan.others if SCENARIO in plan.paths else {"": plan.scenario}
    drawn = {name: draws_of(scenario, study.draws, said_in(plan, name)) for name, scenario in worlds.items()}
    made = with_these(plan, drawn, study.draws)
    for number in range(len(plan.points), len(made.points)):
        _check(made, number)
    return made


def with_these(plan: Plan, drawn: dict[str, FormDraws], number: int) -> Plan:
    """Return a plan with so many draws, given by the scenario that they are for."""
    points = tuple((*point, draw) for draw in range(number + 1) for point in plan.points)
    return replace(plan, paths=(*plan.paths, DRAW), points=points, draws=drawn)


def kept_draws(table: pa.Table, about: Mapping[str, Any], base: str) -> dict[str, FormDraws]:
    """Return the draws that a study was run with, from its `draws.parquet`, by the scenario that they are for.

    Parameters
    ----------
    table : pa.Table
        What `table_of` made.
    about : mapping
        What the manifest says of them, by scenario.
    base : str
        The name of the study's base, for which the table has no name.
    """
    found: dict[str, dict[int, dict[str, Value]]] = {}
    for row in table.to_pylist():
        found.setdefault(row["scenario"], {}).setdefault(row[DRAW], {})[row["path"]] = row["value"]
    said = {name: about.get(name or base, {}) for name in found}
    return {
        name: FormDraws(
            str(said[name].get("form", "")),
            str(said[name].get("fit", "")),
            tuple(values for _, values in sorted(each.items())),
            tuple(said[name].get("kept", ())),
        )
        for name, each in found.items()
    }


def said_in(plan: Plan, name: str) -> set[str]:
    """Return the paths that a study says itself of one of its scenarios."""
    return {*plan.fixed, *plan.paths, *plan.parts.get(name, ("", {}))[1]}


def draws_of(scenario: Scenario, number: int, said: Iterable[str] = ()) -> FormDraws:
    """Return so many draws of the fit of a scenario's form; a value other than the form's, as shipped, is kept.

    Parameters
    ----------
    scenario : Scenario
        A form, or a scenario that extends one.
    number : int
        How many draws; those of a smaller number come first in a larger.
    said : iterable of str
        Paths that the study says itself.

    Raises
    ------
    InputError
        If there is no fit of the form, or it holds fewer draws; one line.
    """
    if scenario.forms:
        raise InputError(f"draws: {scenario.form} is a world of several forms, and fits are of one form; run one alone")
    try:
        fit = posterior_of(scenario.form)
    except InputError as error:
        raise InputError(f"draws: {error}") from None
    if number > len(fit.draws):
        raise InputError(f"draws: {number:,} are asked for; the fit of {scenario.form} holds {len(fit.draws):,}")
    own = read_scenario(scenario.form) if scenario.form in shipped() else scenario
    kept = tuple(path for path in fit.draws[0] if path in set(said) or value_at(scenario, path) != value_at(own, path))
    rows = np.random.default_rng(ORDER).permutation(len(fit.draws))[:number].tolist()
    return FormDraws(
        scenario.form, digest_of(fit), tuple(_fitting(scenario, fit.draws[row], kept) for row in rows), kept
    )


def digest_of(fit: Posterior) -> str:
    """Return a digest of all draws of a fit."""
    rows = [{path: float(value) for path, value in row.items()} for row in fit.draws]
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:16]


def _fitting(scenario: Scenario, row: Mapping[str, float], kept: tuple[str, ...]) -> dict[str, Value]:
    """Return what a draw decides; whole numbers where the scenario has such."""
    return {
        path: round(value) if isinstance(value_at(scenario, path), int) else float(value)
        for path, value in row.items()
        if path not in kept
    }


def _check(plan: Plan, number: int) -> None:
    """Raise InputError if a point is not allowed with the values of its draw."""
    if not tell_checked(number):
        return
    try:
        plan.scenario_at(number)
    except ValidationError as reason:
        given = plan.values(number)
        problem = first_problem({**plan.drawn(number), **plan.fixed, **given}, reason)
        raise InputError(f"draw {given[DRAW]}, point {number}: {problem}") from None


def table_of(plan: Plan) -> pa.Table:
    """Return `draws.parquet`: the value of every parameter in every draw; what the study itself says is not in it."""
    rows = list(_rows(plan))
    cells = {field.name: [row[k] for row in rows] for k, field in enumerate(COLUMNS)}
    return pa.table(cells, schema=pa.schema(COLUMNS))


def _rows(plan: Plan) -> Iterator[tuple[int, str, str, float]]:
    for name, drawn in plan.draws.items():
        for number, values in enumerate(drawn.values, start=1):
            yield from ((number, name, path, float(value)) for path, value in values.items())
