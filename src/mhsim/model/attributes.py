"""Columns of `mhsim.schema` as attributes of people and groups: read and written through to the tables.

Numbers show as plain Python numbers, switches (unit 0/1) as bool, categories by their names ("impact", "helper").
What may not be written says so and says what to do instead.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np

from mhsim.errors import shown, suggestion
from mhsim.schema import GROUP_COLUMNS, NAMES, NOT_REACHED, PEOPLE_COLUMNS, REASONS, Column

ROLE_ENDS = (*REASONS, "other_work_left")
_FIXED = "it is settled when a person comes into need"
_KEPT = "the engine keeps it"

PEOPLE_REFUSALS = {
    **dict.fromkeys(("slot", "who", "community", "arrived", "starter"), _FIXED),
    **dict.fromkeys(("last_group", "helped_by", "class_last_year"), _KEPT),
    **{column.name: _KEPT for column in PEOPLE_COLUMNS if column.shape},
    "group": "let the person enter(group) or leave(reason)",
    "going_to": "let the person enter(group) or stay()",
    "leaving": "let the person leave(reason) or stay()",
}
GROUP_REFUSALS = {
    **dict.fromkeys(("community", "who", "parent", "next_group", "lineage", "form", "founded", "with_room"), _KEPT),
    **dict.fromkeys(("roll", "helpers", "organisers", "seekers"), "it is counted again when a step begins"),
    **dict.fromkeys(("status", "closed", "reason", "closing"), "let the group close(reason)"),
    "splitting": _KEPT,
}
"""Why a column is not to be written, by its name."""


def names_of(column: Column) -> tuple[str, ...]:
    """Return the names a category may take, in the order of their codes; empty for any other column."""
    return ROLE_ENDS if column.name == "role_end" else NAMES.get(column.unit, ())


def code_of(name: Any, names: tuple[str, ...], column: str) -> int:
    """Return the number a name stands for.

    Raises
    ------
    ValueError
        If it is not one of the names.
    """
    if isinstance(name, str) and name in names:
        return names.index(name)
    raise ValueError(f"{column}: given {shown(name)}; allowed: {', '.join(names)}")


class Field:
    """One column of a table as an attribute of a view.

    Parameters
    ----------
    table : {"people", "groups"}
        The table of the world.
    column : Column
        The column, as `mhsim.schema` declares it.
    refusal : str
        Why it is not to be written; empty if it may be.
    """

    plain = True
    """Whether writing changes this column and nothing else."""

    def __init__(self, table: str, column: Column, refusal: str = "") -> None:
        self.table, self.column, self.refusal = table, column, refusal
        self.name, self.names = column.name, names_of(column)
        self.__doc__ = f"{column.meaning} [{column.unit}]"

    def __get__(self, view: Any, owner: type | None = None) -> Any:
        if view is None:
            return self
        return self.values(self.array(view.model)[view.row : view.row + 1])[0]

    def __set__(self, view: Any, value: Any) -> None:
        self.array(view.model)[view.row] = self.stored(value)

    def array(self, model: Any) -> np.ndarray:
        """Return the column of all rows, living or not; writing to it writes to the world."""
        column: np.ndarray = getattr(model.world, self.table)[self.name]
        return column

    def values(self, stored: np.ndarray) -> list[Any]:
        """Return stored numbers as they are shown: names, bool or plain numbers; small arrays for several values."""
        if stored.ndim > 1:
            return list(stored.copy())
        if self.names:
            return [None if code == NOT_REACHED else self.names[code] for code in stored.tolist()]
        plain: list[Any] = (stored != 0 if self.column.unit == "0/1" else stored).tolist()
        return plain

    def stored(self, value: Any) -> int | float:
        """Return a value as it is stored.

        Raises
        ------
        AttributeError
            If the column is not to be written.
        ValueError
            If the value is not allowed.
        """
        if self.refusal:
            raise AttributeError(f"{self.name} cannot be set: {self.refusal}")
        if self.names:
            return code_of(value, self.names, self.name)
        low, high, allowed = self._range()
        fits = isinstance(value, Real) if self.column.kind[0] == "f" else isinstance(value, Integral | np.bool_)
        number = float(value) if fits else math.nan
        if not (math.isfinite(number) and low <= number <= high):
            raise ValueError(f"{self.name}: given {shown(value)}; allowed: {allowed}")
        return number if self.column.kind[0] == "f" else int(value)

    def _range(self) -> tuple[float, float, str]:
        """Return the least and the greatest value allowed, and both in words."""
        if self.column.unit == "0/1":
            return 0.0, 1.0, "True or False"
        if self.column.unit == "0-1":
            return 0.0, 1.0, "a number from 0 to 1"
        if self.column.kind[0] == "f":
            return -math.inf, math.inf, "a finite number"
        whole = np.iinfo(self.column.kind)
        return whole.min, whole.max, f"a whole number from {whole.min} to {whole.max}"


def fields_of(table: str, special: Mapping[str, type[Field]]) -> dict[str, Field]:
    """Return one field for each column of a table; some columns have a field of their own kind."""
    columns, refusals = (PEOPLE_COLUMNS, PEOPLE_REFUSALS) if table == "people" else (GROUP_COLUMNS, GROUP_REFUSALS)
    return {c.name: special.get(c.name, Field)(table, c, refusals.get(c.name, "")) for c in columns}


def unknown_name(name: str, cls: type) -> AttributeError:
    """Return the error for a name that people or groups do not have, with the nearest they have."""
    known = [key for key in dir(cls) if not key.startswith("_")]
    return AttributeError(f"{cls.__name__} has no '{name}'{suggestion(name, known)}")
