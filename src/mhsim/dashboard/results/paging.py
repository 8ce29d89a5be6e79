"""A page of a table: fifty rows, in the order of one column, with what each column means; and the table of points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mhsim import stats
from mhsim.dashboard.results.measure_view import interval_text
from mhsim.outcomes.measures import BY_NAME
from mhsim.report.formatting import UNKNOWN
from mhsim.report.sweep.axes import estimate
from mhsim.safe_files import column_names, read_table
from mhsim.studies.data import StudyData

ROWS = 50
MOST_COLUMNS, MOST_AXES = 16, 12
"""Columns of a file that are shown unless all are asked for, and axes in the table of points."""
SUMMARY = "summary"
VALUE, CASES, INTERVAL = "value", "runs", "95 % interval"
MOST_INTERVALS = 2000
"""Points of a downloaded table for which intervals are found; with more, the file holds means alone."""
Cell = str | tuple[str, str]
"""Text, or text and the address it leads to."""


@dataclass(frozen=True)
class TableColumn:
    """One column: its name, unit and meaning as far as the table tells them, and whether it is numbers."""

    name: str
    unit: str = ""
    meaning: str = ""
    numeric: bool = False
    sortable: bool = True


@dataclass(frozen=True)
class TablePage:
    """One page of a table.

    Attributes
    ----------
    columns : tuple of TableColumn
        What is shown.
    rows : tuple of tuple of Cell
        Cells as text.
    places : array of int
        The number of each row shown in the table.
    total, page, pages : int
        Rows and pages of the whole table.
    sort : str
        The column that rows are ordered by; empty for the order of the table.
    descending : bool
        Whether from the highest to the lowest.
    hidden : int
        Columns that are not shown.
    """

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    places: NDArray[np.int64]
    total: int
    page: int
    pages: int
    sort: str = ""
    descending: bool = False
    hidden: int = 0


def table_page_in(path: Path, keys: Mapping[str, str], first: Sequence[str] = ()) -> TablePage:
    """Return the page of a Parquet file that an address asks for; `first` are columns shown before others.

    Raises
    ------
    InputError
        If the table cannot be read; one line.
    """
    every = column_names(path)
    shown = every
    if keys.get("view") != "all" and len(every) > MOST_COLUMNS:
        shown = sorted(every, key=lambda name: first.index(name) if name in first else len(first))[:MOST_COLUMNS]
    sort = keys.get("sort", "").removeprefix("-")
    table = read_table(path, [name for name in every if name in shown or name == sort])
    return table_page_of(table, shown, keys, len(every) - len(shown))


def table_page_of(table: pa.Table, shown: Sequence[str], keys: Mapping[str, str], hidden: int = 0) -> TablePage:
    """Return the page of a table that an address asks for: ``sort`` is a column's name, after - from the highest."""
    key = keys.get("sort", "")
    sort = key.removeprefix("-") if key.removeprefix("-") in table.column_names else ""
    descending = bool(sort) and key.startswith("-")
    pages = max(1, -(-table.num_rows // ROWS))
    page = min(pages, max(1, whole(keys.get("page", ""), 1)))
    places = np.arange((page - 1) * ROWS, min(table.num_rows, page * ROWS))
    if sort:
        order = [("", "descending" if descending else "ascending")]
        places = pc.sort_indices(table[sort], sort_keys=order).to_numpy()[places].astype(np.int64)
    part = table.select(list(shown)).take(pa.array(places))
    rows = tuple(zip(*([written(value) for value in column.to_pylist()] for column in part.columns), strict=True))
    columns = tuple(column_of(field) for field in part.schema)
    return TablePage(columns, rows, places, table.num_rows, page, pages, sort, descending, hidden)


def column_of(field: pa.Field) -> TableColumn:
    """Return what a field of a table tells of itself."""
    about = field.metadata or {}
    unit, meaning = (about.get(key, b"").decode("utf-8", "replace") for key in (b"unit", b"meaning"))
    return TableColumn(field.name, unit, meaning, pa.types.is_integer(field.type) or pa.types.is_floating(field.type))


def written(value: Any) -> str:
    """Return a cell as text: at most four digits of a number that is not whole, a dash where there is nothing."""
    if value is None or (isinstance(value, float) and isnan(value)):
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        shown = f"{value:,.1f}" if abs(value) >= 1000 and not value.is_integer() else f"{value:.4g}"
        return (f"{value:,.0f}" if value.is_integer() else shown).replace("-", "−")
    return str(value)


def whole(text: str, otherwise: int) -> int:
    """Return text as a whole number, or another where it is none."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else otherwise


def points_table(
    data: StudyData, measure: str, rows: Sequence[int], name: str, unit: str, factor: float = 1.0
) -> pa.Table:
    """Return some points: what varies, the mean of a measure times a factor under a name, and how many runs have it."""
    values = data.numbers(measure)[list(rows)]
    mean = factor * stats.mean_over(values.T)
    about = f"mean of {measure} over the runs of this point" if measure else ""
    columns = [
        ("point", pa.array(list(rows), pa.int64()), _about("number", "row of points.parquet")),
        *((path, pa.array([data.points[number].get(path) for number in rows]), VARIES) for path in data.axes),
        (name, pa.array(mean, from_pandas=True), _about(unit, about)),
        (CASES, pa.array((~np.isnan(values)).sum(axis=1)), _about("runs", "runs that have a value")),
    ]
    schema = pa.schema([pa.field(name, values.type, metadata=about) for name, values, about in columns])
    return pa.table([values for _, values, _ in columns], schema)


def _about(unit: str, meaning: str) -> dict[str, str]:
    return {"unit": unit, "meaning": meaning}


VARIES = _about("", "varies in this study")


def summary_page(data: StudyData, measure: str, rows: Sequence[int], keys: Mapping[str, str]) -> TablePage:
    """Return the page of the table of points that an address asks for, with the intervals of the rows shown."""
    unit, factor = (BY_NAME[measure].shown_unit, BY_NAME[measure].scale) if measure else ("", 1.0)
    table = points_table(data, measure, rows, VALUE, unit, factor)
    shown = ["point", *data.axes[:MOST_AXES], VALUE, CASES]
    table_page = table_page_of(table, shown, keys, max(0, len(data.axes) - MOST_AXES))
    points = [rows[int(place)] for place in table_page.places]
    ends = [interval_text(measure, estimate(data, measure, [point])) if measure else UNKNOWN for point in points]
    between = TableColumn(INTERVAL, unit, "range of chance", sortable=False)
    return replace(
        table_page,
        rows=tuple((*row[:-1], end, row[-1]) for row, end in zip(table_page.rows, ends, strict=True)),
        columns=(*table_page.columns[:-1], between, table_page.columns[-1]),
    )


def summary_file(data: StudyData, measure: str, rows: Sequence[int]) -> pa.Table:
    """Return the same table for a download: the mean as it is, not of a hundred, with both ends of its interval."""
    unit = BY_NAME[measure].unit if measure else ""
    table = points_table(data, measure, rows, measure or VALUE, unit)
    if not measure or len(rows) > MOST_INTERVALS:
        return table
    known = [estimate(data, measure, [number]) for number in rows]
    for end in ("low", "high"):
        ends = pa.array([getattr(one, end) for one in known], pa.float64(), from_pandas=True)
        about = _about(unit, f"{end} end of the 95 % interval")
        table = table.append_column(pa.field(end, pa.float64(), metadata=about), ends)
    return table
