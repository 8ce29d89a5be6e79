"""What a study will be: its values in words, and its cost, found by timing one run of its first point."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

import numpy as np

from mhsim.errors import InputError
from mhsim.scenario import Scenario
from mhsim.scenario_io.overrides import WHOLESALE
from mhsim.studies.chunks import chunk_size
from mhsim.studies.columns import DRAW
from mhsim.studies.one_run import Task, TaskResult, run_one
from mhsim.studies.plan import Plan
from mhsim.studies.points import value_at

CELL = 8
"""Bytes that a value takes in a table on disk, at most about; it stands in a chunk and in `runs.parquet`."""
FILES = 6
"""Files of a study folder besides chunks and tables of runs: manifest, study, base, points, runs, checksums."""
SHOWN = 12
"""Values of a path that are listed at most; of more, the first and the last are."""


@dataclass(frozen=True)
class StudyCost:
    """The size of a study: how much is to be done, how long it takes, how much it leaves on disk."""

    points: int
    runs: int
    seconds_per_run: float
    seconds: float
    bytes_on_disk: int
    files: int


def estimate_cost(plan: Plan, jobs: int = 1) -> StudyCost:
    """Time one run of the first point of a plan, and estimate the cost of all from it.

    Parameters
    ----------
    plan : Plan
        What would be run; see `mhsim.studies.registry.plan_for`.
    jobs : int
        Runs side by side; they are taken to share the work evenly.

    Returns
    -------
    StudyCost
        Seconds are those of a clock on the wall, on this machine as busy as it is now. Other points may take
        longer or shorter than the first.

    Raises
    ------
    InputError
        If the run that was timed failed.
    """
    seconds, run = timed(plan)
    if run.error is not None:
        raise InputError(f"the first run failed: {run.error}; repeat it by: {plan.command(0, 0)}")
    tables = sum(len(content) for content in run.tables.values())
    row = CELL * (len(plan.watch) + 2)
    recorded = len(plan.series_at) * plan.replicates if plan.series_at else plan.total
    if plan.record != "runs":
        recorded = plan.as_shipped * plan.replicates
    return StudyCost(
        points=len(plan.points),
        runs=plan.total,
        seconds_per_run=seconds,
        seconds=seconds * plan.total / min(jobs, plan.total),
        bytes_on_disk=plan.total * 2 * row + recorded * tables,
        files=recorded * len(run.tables) + -(-plan.total // chunk_size(plan.total)) + FILES,
    )


def timed(plan: Plan) -> tuple[float, TaskResult]:
    """Do the first run of a plan and return how long it took in seconds, without the time that compiling takes."""
    scenario = plan.scenario_at(0)
    once = Scenario.model_validate({**scenario.model_dump(), "weeks": 1, "changes": ()})
    control = np.zeros(2, np.int64)
    work = partial(run_one, watch=plan.watch, simulate=plan.simulate)
    kept = plan.record_at(min(plan.series_at, default=0))
    work(Task(0, 0, once, kept), control)
    begun = time.perf_counter()
    run = work(Task(0, 0, scenario, kept), control)
    return time.perf_counter() - begun, run


def values_of(plan: Plan) -> list[tuple[str, str]]:
    """Return every path that a plan varies or sets, with its values as they will be run, in words."""
    listed = []
    for name, drawn in plan.draws.items():
        listed.append((DRAW, f"{len(drawn.values)} of the fit of {drawn.form}, beside the values as shipped"))
        if drawn.kept:
            listed.append((f"{DRAW}, kept", f"{', '.join(drawn.kept)}: {name or 'the study'} says these itself"))
    for place, path in enumerate(plan.paths):
        if path == DRAW:
            continue
        values = list(dict.fromkeys(point[place] for point in plan.points))
        if len(values) > SHOWN:
            texts = all(isinstance(value, str) for value in values)
            first, last = (values[0], values[-1]) if texts else (min(values), max(values))  # type: ignore[type-var]
            listed.append((path, f"{len(values):,} values from {_text(first)} to {_text(last)}"))
        else:
            listed.append((path, ", ".join(map(_text, values))))
    first_point = plan.scenario_at(0)
    for path, value in plan.fixed.items():
        if path not in ("seed", *plan.paths):
            taken = value if path in WHOLESALE else value_at(first_point, path)
            listed.append((path, f"{_text(taken)} at all points"))
    return listed


def _text(value: float | str) -> str:
    """Return a value as YAML would have it, a number without needless digits."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else f"{value:.12g}"
