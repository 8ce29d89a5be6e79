"""Tables of the moment for pandas: living people, groups, living ties, with the names of `mhsim.schema`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mhsim.errors import InputError
from mhsim.model.column_attributes import names_of
from mhsim.model.identity import unique_ids_of_rows
from mhsim.schema import GROUP_COLUMNS, NO_TIE, NOT_REACHED, PEOPLE_COLUMNS, SNAPSHOT_WEEKS, TIE_KINDS, Column

if TYPE_CHECKING:
    from mhsim.model.model import MutualHelpModel

TABLES = ("people", "groups", "ties")


def frame_of(model: MutualHelpModel, table: str, *, copy: bool = True) -> pd.DataFrame:
    """Return a table of the moment, or one that shares the engine's memory.

    Parameters
    ----------
    model : MutualHelpModel
        Whose people, groups or ties.
    table : {"people", "groups", "ties"}
        People: one row per living person, indexed by `unique_id`. Groups: one row per group, closed ones too, indexed
        by number. Ties: one row per living tie of a living person, with the `unique_id` of `person` and `other`.
    copy : bool
        False gives people or groups without copying anything: every column of one value as the engine holds it, codes
        for categories, one row per row of the engine's table. It changes as the model goes on, until the table is
        replaced as it grows, and what is written into it is written into the model. Of people most rows are living
        ones, the others empty or past: ``frame.iloc[model.rows()]`` takes the living.

    Returns
    -------
    pandas.DataFrame
        Columns as in `mhsim.schema`, categories as pandas categoricals, switches as bool; the snapshots of four times
        are four columns each. By default everything is a copy, since rows of people lie scattered over the blocks of
        their groups and among empty ones; changing such a frame changes nobody.

    Raises
    ------
    InputError
        If there is no such table, or ties are asked for without copying.
    """
    if not copy:
        return _shared(model, table)
    if table == "people":
        rows = model.rows()
        index = pd.Index(unique_ids_of_rows(model.world, rows), name="unique_id")
        return _frame(model.world.people, rows, PEOPLE_COLUMNS, index)
    if table == "groups":
        rows = np.arange(int(model.world.meter["groups"][0]))
        return _frame(model.world.groups, rows, GROUP_COLUMNS, pd.Index(rows, name="number"))
    if table == "ties":
        return _ties(model)
    raise InputError(f"frame: given {table!r}; allowed: {', '.join(TABLES)}")


def _shared(model: MutualHelpModel, table: str) -> pd.DataFrame:
    whole = {"people": (model.world.people, PEOPLE_COLUMNS), "groups": (model.world.groups, GROUP_COLUMNS)}
    if table not in whole:
        raise InputError(f"frame: given {table!r} without copying; allowed: {', '.join(whole)}")
    array, columns = whole[table]
    if table == "groups":
        array = array[: int(model.world.meter["groups"][0])]
    return pd.DataFrame({column.name: array[column.name] for column in columns if not column.shape}, copy=False)


def _frame(array: np.ndarray, rows: np.ndarray, columns: tuple[Column, ...], index: pd.Index) -> pd.DataFrame:
    found: dict[str, Any] = {}
    for column in columns:
        values = array[column.name][rows]
        if column.shape:
            for k, week in enumerate(SNAPSHOT_WEEKS):
                found[f"{column.name}_{week}"] = _shown(values[:, k], column)
        else:
            found[column.name] = _shown(values, column)
    return pd.DataFrame(found, index=index)


def _shown(values: np.ndarray, column: Column) -> Any:
    names = names_of(column)
    if names:
        codes = np.where(values == NOT_REACHED, -1, values.astype(np.int16))
        return pd.Categorical.from_codes(codes, pd.Index(names))
    return values.astype(bool) if column.unit == "0/1" and not column.shape else values


def _ties(model: MutualHelpModel) -> pd.DataFrame:
    world, rows = model.world, model.rows()
    ties = world.ties[world.people["slot"][rows]]
    alive = (ties["kind"] != NO_TIE) & (ties["generation"] == world.handles["generation"][ties["other"]])
    mine, _ = np.nonzero(alive)
    ties = ties[alive]
    kinds = pd.Categorical.from_codes(ties["kind"].astype(np.int8), pd.Index(TIE_KINDS))
    return pd.DataFrame(
        {
            "person": unique_ids_of_rows(world, rows)[mine],
            "other": unique_ids_of_rows(world, world.handles["row"][ties["other"]]),
            "kind": kinds,
            **{name: ties[name].copy() for name in ("strength", "given", "received")},
        }
    )
