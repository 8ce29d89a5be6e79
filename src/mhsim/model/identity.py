"""Who is who: one whole number, a key, stands for a person or a group wherever the rows of the tables move to.

The key of a person is ``generation * 2**32 + slot`` of the stable handle; that of group number g is ``-1 - g``. Keys
are what agent sets hold. The `unique_id` that Mesa shows is another number: for a person ``community * 2**32 + who``,
which the same person has in every scenario under the same luck, and for a group again ``-1 - g``.
"""

from __future__ import annotations

import numpy as np

from mhsim.engine.world import World
from mhsim.schema import CLOSED, label

SLOT_BITS = 32
SLOT_MASK = (1 << SLOT_BITS) - 1
GONE = -1
NOBODY = np.empty(0, np.int64)


def block_rows(world: World, first: int = 0) -> np.ndarray:
    """Return the rows of all people in the blocks from the first on, int64, block by block.

    Blocks are those of the communities, with the people outside, and then those of the groups.
    """
    blocks = world.blocks[first : len(world.communities) + int(world.meter["groups"][0])]
    counts = blocks["count"]
    start = np.repeat(blocks["start"] - (np.cumsum(counts) - counts), counts)
    return start + np.arange(len(start))


def living_rows(world: World) -> np.ndarray:
    """Return the rows of all people in the world now, int64, in order of community and arrival."""
    rows = block_rows(world)
    ordered: np.ndarray = rows[np.lexsort((world.people["who"][rows], world.people["community"][rows]))]
    return ordered


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
