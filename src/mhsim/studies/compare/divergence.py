"""Where two histories diverge: both are simulated side by side and compared person by person, step by step.

The same person (community and identity of arrival) has the same chance events in both. A person's row is compared
column by column, exactly and in every community, with the columns that optional mechanisms keep of people; what is
only a place in a table (the handle, the row of who helped) is left out, and groups are known by when they were founded,
not by their number. Pages that play two histories side by side take it from here, too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mhsim.engine import Simulation
from mhsim.outcomes.counts import living
from mhsim.scenario import Scenario
from mhsim.schema import NAMES, NEVER, PEOPLE_COLUMNS, Column, label

PLACES = ("slot", "helped_by")
"""Columns that say where something stands in a table and nothing of the person."""
KEYS = ("community", "who")
CORE = {column.name: column for column in PEOPLE_COLUMNS}
GROUPS = ("group", "last_group", "going_to")
WEEKS = (0, 4, 13, 26, 52, 104)
EVERY = 52
"""Weeks between two looks, after those of `WEEKS`."""
NOBODY = -1
FOREMOST = ("membership", "role", "role_end", "last_reason", "stage", "in_crisis", "attended", "hope", "self_efficacy")
"""Columns named before others."""
MOST_COLUMNS = 6
"""Columns of a person put into words."""
SHORTER = {
    "role_end": "why a role ended this step",
    "membership": "membership",
    "group": "the group this person belongs to",
    "last_group": "the group last belonged to",
}
"""Shorter meanings of columns."""


@dataclass(frozen=True)
class Snapshot:
    """Two worlds at the same moment: whose rows differ, and in which columns.

    Attributes
    ----------
    week : float
        Weeks since the groups of the first world opened.
    present, shared : int
        People present in either world, and in both.
    alone : array of int64
        People present in one world only; as keys, in order.
    alone_in_first : array of int64
        Those of them who are in the first.
    differing : dict of arrays of bool
        Column by column, which of the people present in both differ in it.
    first, other : arrays of rows
        The people present in both, in the same order, as they are in each world.
    """

    week: float
    present: int
    shared: int
    alone: NDArray[np.int64]
    alone_in_first: NDArray[np.int64]
    differing: dict[str, NDArray[np.bool_]]
    first: NDArray[Any]
    other: NDArray[Any]

    @property
    def changed(self) -> NDArray[np.bool_]:
        """Which of the people present in both differ in any column."""
        changed: NDArray[np.bool_] = np.logical_or.reduce([np.zeros(self.shared, np.bool_), *self.differing.values()])
        return changed

    @property
    def first_key(self) -> int:
        """The first person who differs, by community and arrival, as a key."""
        return min(self.keys())

    def rows_of(self, key: int) -> tuple[Any, Any] | None:
        """Return a person as in the first world and as in the other, None if they are in one only."""
        place = np.flatnonzero(_keys(self.first) == key)
        return (self.first[place[0]], self.other[place[0]]) if len(place) else None

    def columns_of(self, key: int) -> list[str]:
        """Return in which columns a person present in both differs; those that tell most come first."""
        place = np.flatnonzero(_keys(self.first) == key)[0]
        found = [name for name, differs in self.differing.items() if differs[place]]
        return sorted(found, key=lambda name: FOREMOST.index(name) if name in FOREMOST else len(FOREMOST))

    @property
    def people(self) -> int:
        """How many lives differ; being there in one world only counts as differing."""
        return len(self.alone) + int(self.changed.sum())

    def keys(self) -> list[int]:
        """Return the people whose lives differ, as keys."""
        return [*self.alone.tolist(), *_keys(self.first)[self.changed].tolist()]


@dataclass(frozen=True)
class HistoryDivergence:
    """Where two histories of one replicate diverge: the first step in which anybody differs, and looks after it."""

    week: float | None = None
    moment: Snapshot | None = None
    looks: tuple[Snapshot, ...] = field(default=())


def compare_histories(first: Scenario, other: Scenario, replicate: int, *, looking: bool = True) -> HistoryDivergence:
    """Simulate two scenarios side by side with the same seed and return where they diverge.

    Parameters
    ----------
    first, other : Scenario
        With the same seed, length and step.
    replicate : int
        Which replicate.
    looking : bool
        Whether to look at the two worlds after some weeks, too; without, nothing is simulated after the divergence.

    Returns
    -------
    HistoryDivergence
        `week` is that of the step in which the first difference arose, None if there is none to the end; `looks` holds
        the two worlds at some weeks, those before it included.
    """
    one, two = (Simulation(scenario, replicate, record="runs") for scenario in (first, other))
    dt, end = one.scenario.weeks_per_step, one.assumed.weeks
    weeks = [week for week in (*WEEKS, *range(WEEKS[-1] + EVERY, end, EVERY)) if week < end] + [end]
    wanted = {one.opening + round(week / dt) for week in weeks} if looking else set()
    looks: list[Snapshot] = []
    moment: Snapshot | None = None
    for step in range(1, one.last + 1):
        if moment is not None and step not in wanted:
            continue
        one.run_until(step)
        two.run_until(step)
        look = snapshot_of(one, two)
        if moment is None and look.people:
            moment = look
        if step in wanted:
            looks.append(look)
    return HistoryDivergence(None if moment is None else moment.week - dt, moment, tuple(looks))


def snapshot_of(one: Simulation, two: Simulation) -> Snapshot:
    """Compare two worlds as they are now, person by person."""
    there, beside = living(one.world), living(two.world)
    keys, others = _keys(there), _keys(beside)
    both, at, at_other = np.intersect1d(keys, others, assume_unique=True, return_indices=True)
    a, b = there[at], beside[at_other]
    differing: dict[str, NDArray[np.bool_]] = {}
    for name in (column.name for column in PEOPLE_COLUMNS if column.name not in PLACES + KEYS):
        ours, theirs = (founded(a[name], one), founded(b[name], two)) if name in GROUPS else (a[name], b[name])
        _note(differing, name, ours, theirs)
    kept, beside_kept = _own_rows(one, len(keys)), _own_rows(two, len(others))
    for name in (name for name in kept if name in beside_kept):
        _note(differing, name, kept[name][at], beside_kept[name][at_other])
    present = len(keys) + len(others) - len(both)
    alone = np.setxor1d(keys, others, assume_unique=True)
    return Snapshot(one.week, present, len(both), alone, np.setdiff1d(keys, others), differing, a, b)


def _note(differing: dict[str, NDArray[np.bool_]], name: str, ours: NDArray[Any], theirs: NDArray[Any]) -> None:
    unequal = ours != theirs
    if unequal.any():
        differing[name] = unequal if unequal.ndim == 1 else unequal.any(axis=1)


def _own_rows(simulation: Simulation, count: int) -> dict[str, NDArray[Any]]:
    """Return the columns that rules keep of people, by rule and column, in the order of those present (so many)."""
    return {
        f"{own.name}.{column.name}": own.people[column.name][len(own.people) - count :]
        for own in simulation.own_tables(living)
        for column in own.people_columns
    }


def founded(groups: NDArray[Any], simulation: Simulation) -> NDArray[np.int64]:
    """Return by which key each group is known in any world: community, step of founding, index; -1 for none."""
    rows = simulation.world.groups[np.maximum(groups, 0)]
    return np.where(groups < 0, NOBODY, _keys(rows))


def _keys(rows: NDArray[Any]) -> NDArray[np.int64]:
    """Return one whole number for each person or group: community and identity."""
    return rows["community"].astype(np.int64) << 32 | rows["who"].astype(np.int64)


def named(key: int) -> str:
    """Return the name of a person: community, step of arrival (4095 for starters), index in that step."""
    return label(int(key) >> 32, int(key) & 0xFFFFFFFF)


def first_person(look: Snapshot) -> tuple[str, list[str], str]:
    """Return the first person who differs, by name, in which columns, and what differs in words."""
    key = look.first_key
    rows = look.rows_of(key)
    if rows is None:
        return named(key), [], "is there in one of the two only"
    columns = look.columns_of(key)
    words = [_column_words(name, *rows) for name in columns[:MOST_COLUMNS]]
    if len(columns) > MOST_COLUMNS:
        words.append(f"and {len(columns) - MOST_COLUMNS} more columns")
    return named(key), columns, "; ".join(words)


def _column_words(name: str, one: Any, two: Any) -> str:
    """Return a column of one person in both worlds, in words: first the first scenario, then the other."""
    column = CORE.get(name)
    if column is None:
        return f"what is noted for {name}"
    meaning = SHORTER.get(column.name, column.meaning)
    if column.shape or column.name in GROUPS:
        return meaning
    return f"{meaning}: {_value(column, one[column.name])} against {_value(column, two[column.name])}"


def _value(column: Column, value: Any) -> str:
    names = NAMES.get(column.unit)
    if names is not None:
        return names[int(value)].replace("_", " ") if int(value) < len(names) else "stepped down as organiser"
    if column.unit == "step":
        return "never" if int(value) == NEVER else f"step {int(value)}"
    return f"{float(value):.6g}"
