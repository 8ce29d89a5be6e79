"""Keys: one whole number stands for a person or a group wherever the rows of the tables move to; sets of them.

The key of a person is ``generation * 2**32 + slot`` of the stable handle; that of group number g is ``-1 - g``. Keys
are what agent sets hold. The `unique_id` that Mesa shows is another number: for a person ``community * 2**32 + who``,
which the same person has in every scenario under the same seed, and for a group again ``-1 - g``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mhsim.engine.world import World
from mhsim.errors import InputError, suggestion
from mhsim.model.attributes import code_of, names_of
from mhsim.schema import CLOSED, HELPER, MEMBER, PEOPLE_COLUMNS, label

if TYPE_CHECKING:
    from mhsim.model.model import MutualHelpModel

SLOT_BITS = 32
SLOT_MASK = (1 << SLOT_BITS) - 1
GONE = -1
NOBODY = np.empty(0, np.int64)
BY_NAME = {column.name: column for column in PEOPLE_COLUMNS if not column.shape}


def keys_of_rows(world: World, rows: np.ndarray) -> np.ndarray:
    """Return the keys of the people in these rows, int64."""
    return keys_of_slots(world, world.people["slot"][rows])


def keys_of_slots(world: World, slots: np.ndarray) -> np.ndarray:
    """Return the keys of those who bear these handles now, int64."""
    keys: np.ndarray = (world.handles["generation"][slots].astype(np.int64) << SLOT_BITS) | slots
    return keys


def rows_of_keys(world: World, keys: np.ndarray) -> np.ndarray:
    """Return the rows of the people with these keys, int64; `GONE` for who is no longer in the world."""
    slots = keys & SLOT_MASK
    same = world.handles["generation"][slots] == keys >> SLOT_BITS
    return np.where(same, world.handles["row"][slots], GONE).astype(np.int64)


def row_of_key(world: World, key: int) -> int:
    """Return the row of one person, `GONE` if no longer in the world."""
    slot = key & SLOT_MASK
    return int(world.handles["row"][slot]) if world.handles["generation"][slot] == key >> SLOT_BITS else GONE


def still_here(world: World, keys: np.ndarray) -> np.ndarray:
    """Return the keys without those of people who are gone; groups stay, closed or not."""
    here = keys < 0
    people = ~here
    here[people] = rows_of_keys(world, keys[people]) != GONE
    return keys if here.all() else keys[here]


def key_of_group(number: int | np.ndarray) -> int | np.ndarray:
    """Return the key of a group by its number."""
    return -1 - number


def number_of_group(key: int | np.ndarray) -> int | np.ndarray:
    """Return the number of a group by its key."""
    return -1 - key


def group_keys(world: World, *, only_open: bool) -> np.ndarray:
    """Return the keys of all groups, or of the open ones, in order of their numbers, int64."""
    status = world.groups["status"][: world.meter["groups"][0]]
    numbers = np.flatnonzero(status != CLOSED) if only_open else np.arange(len(status))
    return -1 - numbers


def unique_ids_of_rows(world: World, rows: np.ndarray) -> np.ndarray:
    """Return what Mesa shows as `unique_id` for people in these rows, int64."""
    people = world.people
    shown: np.ndarray = (people["community"][rows].astype(np.int64) << SLOT_BITS) | people["who"][rows]
    return shown


def unique_ids_of_keys(world: World, keys: np.ndarray) -> np.ndarray:
    """Return what Mesa shows as `unique_id` for living people and groups, int64."""
    shown = keys.copy()
    people = keys >= 0
    shown[people] = unique_ids_of_rows(world, rows_of_keys(world, keys[people]))
    return shown


def label_of(unique_id: int) -> str:
    """Return a person's name in the tables of results: community, step of arrival and index in that step."""
    return label(unique_id >> SLOT_BITS, unique_id & SLOT_MASK)


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
