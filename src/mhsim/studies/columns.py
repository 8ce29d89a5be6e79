"""The columns of the tables of a study: names, types, units, and how values become cells."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import Any

import pyarrow as pa

from mhsim.outcomes.measures import BY_NAME
from mhsim.scenario import Value

DRAW = "draw"
"""The path of a point that names a draw of the values that are not known; 0 are the values as shipped."""
CHUNK: dict[str, Any] = {"use_dictionary": False, "write_statistics": False}
"""How chunks differ from other Parquet files: few rows of many columns, so what describes a column outweighs it."""


class _Kinds(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return BY_NAME[name].kind


TYPES = {"number": pa.float64(), "whole": pa.int64(), "yes_no": pa.bool_(), "text": pa.string()}
KINDS = _Kinds()
"""The kind of every measure by name, those of a form among them."""


def column(name: str, kind: pa.DataType, unit: str, meaning: str) -> pa.Field:
    """Return a column that carries its unit and meaning as metadata."""
    return pa.field(name, kind, metadata={"unit": unit, "meaning": meaning})


def run_schema(watch: Sequence[str], *, draws: bool = False) -> pa.Schema:
    """Return the columns of `runs.parquet`: which run, the watched measures, and what went wrong."""
    drawn = (column(DRAW, pa.int64(), "number", "row of draws.parquet; 0 are the values as shipped"),)
    return pa.schema(
        [
            column("point", pa.int64(), "number", "row of points.parquet"),
            *(drawn if draws else ()),
            column("replicate", pa.int64(), "number", "which run; its random seed is the same at every point"),
            column("seed", pa.int64(), "number", "seed of the study"),
            *(column(name, TYPES[KINDS[name]], BY_NAME[name].unit, BY_NAME[name].meaning) for name in watch),
            column("status", pa.string(), "choice", "done or failed"),
            column("error", pa.string(), "text", "what went wrong in a failed run"),
            column("command", pa.string(), "text", "the command that repeats a failed run alone"),
        ]
    )


def bare(schema: pa.Schema) -> pa.Schema:
    """Return the same columns without their units and meanings."""
    return pa.schema([pa.field(column.name, column.type) for column in schema])


def points_table(paths: Sequence[str], points: Sequence[Sequence[Value]]) -> pa.Table:
    """Return `points.parquet`: one row per point, one column per path that varies."""
    columns: dict[str, pa.Array] = {"point": pa.array(range(len(points)), pa.int64())}
    for place, path in enumerate(paths):
        columns[path] = pa.array([values[place] for values in points])
    return pa.table(columns)


def cell(name: str, value: Any) -> Value | None:
    """Return a measure as a plain value of its kind; what is not a number is missing.

    Raises
    ------
    TypeError
        If the value is not of the measure's kind.
    """
    if value is None or (isinstance(value, float) and isnan(value)):
        return None
    kind = KINDS[name]
    made: Value = {"number": float, "whole": int, "yes_no": bool, "text": str}[kind](value)
    if made != value:
        raise TypeError(f"measure {name} is {value!r}, not of kind {kind}")
    return made
