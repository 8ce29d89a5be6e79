"""One run as a worker does it: simulate, keep the outcomes that are watched, turn any failure into a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

import mhsim
from mhsim.outcomes.arrow_columns import numbers
from mhsim.outcomes.measures import NAMES
from mhsim.outcomes.results import Run
from mhsim.safe_files import PARQUET
from mhsim.scenario import Scenario, Value
from mhsim.studies.columns import cell

LONGEST_ERROR = 2000
TABLES = {"runs": (), "series": ("series",), "lives": ("series", "lives")}
"""Which tables of a run are kept beside its summary, by what the study records."""


@dataclass(frozen=True)
class Task:
    """One run to be done: which point, which replicate, the scenario of that point, and what is kept of the run."""

    point: int
    replicate: int
    scenario: Scenario
    record: str = "runs"


@dataclass(frozen=True)
class TaskResult:
    """The result of a run: the watched measures or an error, and encoded tables where the study records them."""

    point: int
    replicate: int
    measures: dict[str, Value | None] = field(default_factory=dict)
    error: str | None = None
    tables: dict[str, bytes] = field(default_factory=dict)


def run_one(
    task: Task,
    control: NDArray[np.int64],
    *,
    watch: tuple[str, ...],
    simulate: Callable[..., Run] | None = None,
) -> TaskResult:
    """Do one run; whatever goes wrong in it becomes its error.

    Parameters
    ----------
    task : Task
        What to run.
    control : array of int64, shape (2,)
        The second number set to 1 asks the run to stop.
    watch : tuple of str
        Names of the measures to keep.
    simulate : callable, optional
        Function that runs in the place of `mhsim.simulate`, with the same arguments. Small tables under
        ``extra["tables"]`` of the run it returns are kept, each in a folder of its name.

    Raises
    ------
    mhsim.Stopped
        If the run was asked to stop.
    """
    try:
        run = (simulate or mhsim.simulate)(task.scenario, task.replicate, record=task.record, control=control)
        measures = watched(run.summary, watch)
        tables = {name: encoded(getattr(run, name), task) for name in TABLES[task.record]}
        if simulate is not None:
            tables |= {name: encoded(table, task) for name, table in run.extra["tables"].items()}
    except mhsim.Stopped:
        raise
    except Exception as problem:
        name = "MemoryError" if isinstance(problem, MemoryError) else type(problem).__name__
        text = f"{name}: {problem}"[:LONGEST_ERROR]
        return TaskResult(task.point, task.replicate, error=text)
    return TaskResult(task.point, task.replicate, measures, tables=tables)


def watched(summary: Mapping[str, Any], watch: tuple[str, ...]) -> dict[str, Value | None]:
    """Return the watched measures of a run; raise LookupError if the run does not have one of them."""
    missing = [name for name in watch if name not in summary and name in NAMES]
    if missing:
        raise LookupError(f"the run has no measure {missing[0]}")
    return {name: cell(name, summary.get(name)) for name in watch}


def encoded(table: pa.Table | None, task: Task) -> bytes:
    """Return a table of one run as the bytes of a Parquet file, with the columns point and replicate in front."""
    if table is None:
        raise LookupError("the run did not record the table the study asks for")
    for place, (name, value) in enumerate((("point", task.point), ("replicate", task.replicate))):
        table = table.add_column(place, name, numbers(np.full(len(table), value, dtype=np.int64)))
    buffer = BytesIO()
    pq.write_table(table.combine_chunks(), buffer, **PARQUET)
    return buffer.getvalue()
