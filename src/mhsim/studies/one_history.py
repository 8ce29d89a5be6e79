"""One history lived again with other values that fit the facts as well: the same people and chance events, each time.

A single history says nothing of chance, so what differs between draws here is what is not known and what chance makes
of it, together; a study with replicates tells them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pyarrow as pa
from pydantic import ValidationError

from mhsim.errors import InputError
from mhsim.modules import modules_in
from mhsim.outcomes.measures import NAMES, names_of_modules
from mhsim.scenario import Scenario, with_values
from mhsim.studies.columns import DRAW, KINDS, TYPES, column
from mhsim.studies.one_run import Task, TaskResult, run_one
from mhsim.studies.plan import FormDraws, first_problem
from mhsim.studies.runner import results


def histories(
    scenario: Scenario, replicate: int, drawn: FormDraws, *, jobs: int, progress: Callable[[int, int], None]
) -> pa.Table:
    """Return the history of a replicate with the values of each draw, a row each: the values, then the measures.

    Parameters
    ----------
    scenario : Scenario
        As shipped.
    replicate : int
        Which history.
    drawn : FormDraws
        The draws; see `mhsim.studies.draws.draws_of`.
    jobs : int
        Runs side by side.
    progress : callable
        Called as ``progress(done, total)``.

    Raises
    ------
    InputError
        If a draw is not allowed; one line.
    """
    tasks, watch = list(_tasks(scenario, replicate, drawn)), (*NAMES, *names_of_modules(modules_in([scenario], [])))
    found: dict[int, TaskResult] = {}
    for run in results(tasks, partial(run_one, watch=watch), jobs=jobs):
        found[run.point] = run
        progress(len(found), len(tasks))
    runs = [found[draw] for draw in sorted(found)]
    whole = pa.int64(), "number"
    fields = [column(DRAW, *whole, "which draw of the fit"), *(_value_column(path) for path in drawn.values[0])]
    fields += [*(pa.field(name, TYPES[KINDS[name]]) for name in watch), pa.field("error", pa.string())]
    cells: dict[str, list[Any]] = {DRAW: [run.point for run in runs]}
    cells |= {path: [float(drawn.values[run.point - 1][path]) for run in runs] for path in drawn.values[0]}
    cells |= {name: [run.measures.get(name) for run in runs] for name in watch}
    cells["error"] = [run.error for run in runs]
    return pa.table(cells, schema=pa.schema(fields))


def _value_column(path: str) -> pa.Field:
    return column(path, pa.float64(), "that of the parameter", "its value in this draw")


def _tasks(scenario: Scenario, replicate: int, drawn: FormDraws) -> Iterator[Task]:
    """Yield a run for each draw, from 1; raise InputError if one is not allowed."""
    for draw, values in enumerate(drawn.values, start=1):
        try:
            yield Task(draw, replicate, with_values(scenario, values))
        except ValidationError as reason:
            raise InputError(f"draw {draw}: {first_problem(values, reason)}") from None
