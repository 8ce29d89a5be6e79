"""Measures by which two worlds are compared: of the table of runs, or worked out from the tables of a history.

A measure is

    NAME                        a measure of the table of runs (docs/measures.md), one of an optional mechanism that is
                                on among them
    series:COLUMN               a column of the weekly series, its mean over the weeks since the opening
    series_per_member:COLUMN    the same, its sum over the weeks over the sum of members
    lives:COLUMN                a column of the table of lives, its mean over all who came into need since the opening
                                and have a value
    lives_share:COLUMN          the share of them who have one, such as of those for whom the week of something came
    groups:COLUMN               a column of the table of groups, its mean over groups
    groups_sd:COLUMN            the same, how groups differ

Of lives, `among` says who counts: ``column: [low, high]`` or ``column: value``, for all columns named. With `less`, the
same of those whom it names is taken off: a change of that difference tells for whom something works.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from mhsim.evidence.paired import Numbers
from mhsim.outcomes.measures import BY_NAME
from mhsim.outcomes.results import Run

Whom = Mapping[str, Any]
RECORDS = {
    "series": "series",
    "series_per_member": "series",
    "lives": "lives",
    "lives_share": "lives",
    "groups": "lives",
    "groups_sd": "lives",
}
"""What is recorded for a kind of measure that is not of the table of runs."""
OF_RUNS = frozenset(name for name, one in BY_NAME.items() if one.kind != "text")


def reading(measure: str, among: Whom, less: Whom) -> tuple[str, Callable[[Run], float]]:
    """Return what has to be recorded for a measure, and how it is read from a run; NaN for no case.

    Raises
    ------
    ValueError
        If there is no such measure.
    """
    kind, _, column = measure.rpartition(":")
    if not kind:
        if column not in OF_RUNS:
            raise ValueError(f"there is no measure {column}")
        return "runs", lambda run: _of_runs(run, column)
    if kind not in RECORDS:
        raise ValueError(f"there is no kind of measure {kind}; there are {', '.join(RECORDS)}")
    if kind.startswith("series"):
        return RECORDS[kind], lambda run: _of_series(run, kind, column)
    if kind.startswith("groups"):
        return RECORDS[kind], lambda run: _of_groups(run, kind, column)
    return RECORDS[
        kind
    ], lambda run: _of_lives(run, kind, column, among) - (_of_lives(run, kind, column, less) if less else 0.0)


def _of_runs(run: Run, column: str) -> float:
    value = run.summary.get(column)
    return float("nan") if value is None else float(value)


def _numbers(table: Any, column: str) -> Numbers:
    if table is None or column not in table.column_names:
        raise ValueError(f"there is no column {column}")
    values: Numbers = table[column].cast(pa.float64()).to_numpy(zero_copy_only=False).astype(float)
    return values


def _mean(values: Numbers) -> float:
    values = values[~np.isnan(values)]
    return float(np.mean(values)) if len(values) else float("nan")


def _of_series(run: Run, kind: str, column: str) -> float:
    values = _numbers(run.series, column)
    if kind == "series":
        return _mean(values)
    members = float(np.sum(_numbers(run.series, "members")))
    return float(np.nansum(values)) / members if members else float("nan")


def _of_groups(run: Run, kind: str, column: str) -> float:
    values = _numbers(run.groups, column)
    values = values[~np.isnan(values)]
    if kind == "groups":
        return _mean(values)
    return float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")


def _of_lives(run: Run, kind: str, column: str, among: Whom) -> float:
    table: Any = run.lives
    counted = (_numbers(table, "arrived_week") >= 0) & (_numbers(table, "starter") == 0)
    for name, wanted in among.items():
        if isinstance(wanted, list):
            values = _numbers(table, name)
            counted &= (values >= wanted[0]) & (values <= wanted[1])
        else:
            counted &= np.array([value == wanted for value in table[name].to_pylist()], np.bool_)
    values = _numbers(table, column)[counted]
    if not len(values):
        return float("nan")
    return _mean(values) if kind == "lives" else float(np.mean(~np.isnan(values)))
