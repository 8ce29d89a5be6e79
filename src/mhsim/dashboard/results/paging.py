"""A page of a table: fifty rows, in the order of one column, with what each column means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from mhsim.dashboard.results.runs import read_columns
from mhsim.report.formatting import UNKNOWN
from mhsim.safe_files import open_checked

ROWS = 50
MOST_COLUMNS = 16
"""Columns that are shown unless all are asked for."""
Cell = str | tuple[str, str]
"""Text, or text and the address it leads to."""


@dataclass(frozen=True)
class TableColumn:
    """One column: its name, unit and meaning as far as the file tells them, and whether it is numbers."""

    name: str
    unit: str = ""
    meaning: str = ""
    numeric: bool = False
    sortable: bool = True


@dataclass(frozen=True)
class Sheet:
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


def sheet_in(path: Path, keys: Mapping[str, str], first: Sequence[str] = ()) -> Sheet:
    """Return the page of a Parquet file that an address asks for; `first` are columns shown before others.

    Raises
    ------
    InputError
        If the table cannot be read; one line.
    """
    every = columns_in(str(path), _written(path))
    ordered = sorted(every, key=lambda column: first.index(column.name) if column.name in first else len(first))
    shown = every if keys.get("view") == "all" or len(every) <= MOST_COLUMNS else tuple(ordered[:MOST_COLUMNS])
    sort = keys.get("sort", "").removeprefix("-")
    wanted = dict.fromkeys([*(column.name for column in shown), *([sort] if sort else [])])
    table = read_columns(path, list(wanted))
    return sheet_of(table, shown, keys, len(every) - len(shown))


def sheet_of(table: pa.Table, columns: Sequence[TableColumn], keys: Mapping[str, str], hidden: int = 0) -> Sheet:
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
    shown = table.select([column.name for column in columns]).take(pa.array(places))
    cells = [[written(value) for value in column.to_pylist()] for column in shown.columns]
    rows = tuple(zip(*cells, strict=True))
    return Sheet(tuple(columns), rows, places, table.num_rows, page, pages, sort, descending, hidden)


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=64)
def columns_in(path: str, when: int) -> tuple[TableColumn, ...]:
    """Return the columns of a file; `when` it was written tells a new file from an old one."""
    del when
    with open_checked(Path(path)) as file:
        return tuple(column_of(field) for field in pq.read_schema(file))


def column_of(field: pa.Field) -> TableColumn:
    """Return what a field of a table tells of itself."""
    about = field.metadata or {}
    unit, meaning = (about.get(key, b"").decode("utf-8", "replace") for key in (b"unit", b"meaning"))
    numeric = pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
    return TableColumn(field.name, unit, meaning, numeric)


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
