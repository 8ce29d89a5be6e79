"""Two tables held against each other, cell by cell: how many rows are equal, and by how much the others differ."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


@dataclass(frozen=True)
class ColumnDifference:
    """A column in which two tables differ.

    Attributes
    ----------
    name : str
        The column.
    cells : int
        In how many rows.
    largest, relative : float
        The largest difference, in the column's unit, and the largest as a share of the greater of both numbers; NaN
        where cells are words, or a number stands against nothing.
    """

    name: str
    cells: int
    largest: float = float("nan")
    relative: float = float("nan")


@dataclass(frozen=True)
class TableDifference:
    """Two tables compared: rows of the one and of the other, how many are equal, what differs, what only one has."""

    name: str
    rows: int
    rows_again: int
    equal: int
    columns: tuple[ColumnDifference, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether every row is there and equal, bit for bit."""
        return self.rows == self.rows_again == self.equal


def table_difference(name: str, one: pa.Table, other: pa.Table, left_out: Collection[str] = ()) -> TableDifference:
    """Return how two tables differ in the columns that both have.

    Parameters
    ----------
    name : str
        What the table is called.
    one, other : pa.Table
        As it was, and as it is now; rows in the same order.
    left_out : collection of str
        Columns that are not compared.
    """
    shared = [column for column in one.column_names if column in other.column_names and column not in left_out]
    apart = set(one.column_names) ^ set(other.column_names)
    missing = tuple(column for column in (*one.column_names, *other.column_names) if column in apart - set(left_out))
    rows = min(len(one), len(other))
    equal, found = np.ones(rows, np.bool_), []
    for column in shared:
        differs, difference = _column(column, one[column].slice(0, rows), other[column].slice(0, rows))
        equal &= ~differs
        found += [difference] if difference.cells else []
    return TableDifference(name, len(one), len(other), int(equal.sum()), tuple(found), missing)


def _column(name: str, one: pa.ChunkedArray, other: pa.ChunkedArray) -> tuple[NDArray[np.bool_], ColumnDifference]:
    """Return in which rows two columns differ, shape (rows,), and by how much at most."""
    if not all(_is_number(column.type) for column in (one, other)):
        pairs = zip(one.to_pylist(), other.to_pylist(), strict=True)
        differs = np.fromiter((a != b for a, b in pairs), np.bool_, len(one))
        return differs, ColumnDifference(name, int(differs.sum()))
    a, b = (column.cast(pa.float64()).to_numpy(zero_copy_only=False) for column in (one, other))
    differs = ~((a == b) | (np.isnan(a) & np.isnan(b)))
    if not differs.any():
        return differs, ColumnDifference(name, 0)
    size = np.abs(a - b)[differs]
    part = size / np.maximum(np.abs(a), np.abs(b))[differs]
    largest = (float("nan") if np.isnan(numbers).any() else float(numbers.max()) for numbers in (size, part))
    return differs, ColumnDifference(name, int(differs.sum()), *largest)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind))
