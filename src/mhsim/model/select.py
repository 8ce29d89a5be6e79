"""Choosing people: rows by the values of columns, and the sets that a model offers by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mhsim.errors import InputError, suggestion
from mhsim.model.column_attributes import code_of, names_of
from mhsim.model.identity import group_keys, keys_of_rows
from mhsim.schema import HELPER, MEMBER, PEOPLE_COLUMNS

if TYPE_CHECKING:
    from mhsim.engine.world import World
    from mhsim.model.model import MutualHelpModel

BY_NAME = {column.name: column for column in PEOPLE_COLUMNS if not column.shape}


def chosen_rows(world: World, rows: np.ndarray, wanted: dict[str, Any]) -> np.ndarray:
    """Return those of the rows of people in which some columns have the values wanted, int64.

    Raises
    ------
    InputError
        If there is no such column.
    ValueError
        If a category has no such name.
    """
    for name, value in wanted.items():
        if name not in BY_NAME:
            raise InputError(f"rows: people have no column '{name}'{suggestion(name, BY_NAME)}")
        names = names_of(BY_NAME[name])
        code = code_of(value, names, name) if names else getattr(value, "number", value)
        rows = rows[world.people[name][rows] == code]
    return rows


def keys_by_words(model: MutualHelpModel, kind: str, group: int | None = None) -> np.ndarray:
    """Return the keys of a set that a model or a group offers, int64.

    Parameters
    ----------
    model : MutualHelpModel
        Whose people and groups.
    kind : {"agents", "people", "members", "helpers", "outside", "group", "groups", "open groups"}
        Which of them.
    group : int, optional
        The number of the group, for those of one group.
    """
    world = model.world
    if kind in ("groups", "open groups"):
        return group_keys(world, only_open=kind == "open groups")
    rows = model.rows()
    people = world.people
    if group is not None:
        rows = rows[people["group"][rows] == group]
    if kind == "members":
        rows = rows[people["membership"][rows] == MEMBER]
    if kind == "outside":
        rows = rows[people["membership"][rows] != MEMBER]
    if kind == "helpers":
        rows = rows[people["role"][rows] == HELPER]
    keys = keys_of_rows(world, rows)
    return np.concatenate([keys, group_keys(world, only_open=True)]) if kind == "agents" else keys
