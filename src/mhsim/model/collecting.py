"""Collecting data: Mesa's DataCollector, what every model counts, and tables of the moment for pandas.

Columns are read for all agents at once and bear the names of `mhsim.schema`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
import pandas as pd

from mhsim.errors import InputError
from mhsim.model.agentset import AgentRows
from mhsim.model.attributes import names_of
from mhsim.model.identity import unique_ids_of_rows
from mhsim.outcomes.counts import block_rows, living_ties
from mhsim.schema import (
    ACCOMMODATION,
    CLOSED,
    GROUP_COLUMNS,
    HELPER,
    NOT_REACHED,
    PEOPLE_COLUMNS,
    SNAPSHOT_WEEKS,
    TIE_KINDS,
    Column,
)

if TYPE_CHECKING:
    from mhsim.model.model import MutualHelpModel

TABLES = ("people", "groups", "ties")


@dataclass(frozen=True)
class Attribute:
    """A reporter that gives an attribute by its name, None where there is none."""

    name: str

    def __call__(self, agent: Any) -> Any:
        """Return the attribute of one agent."""
        return getattr(agent, self.name, None)


def _by_name(reporter: Any) -> Any:
    return Attribute(reporter) if isinstance(reporter, str) else reporter


class DataCollector(mesa.DataCollector):  # type: ignore[misc]
    """The same constructor, calls and results as Mesa's; columns of people and groups are read at once.

    Unlike Mesa's it can be pickled when agent reporters are names. It serves other Mesa models as well, as Mesa's does.
    """

    def _new_agent_reporter(self, name: str, reporter: Any) -> None:
        super()._new_agent_reporter(name, _by_name(reporter))

    def _new_agenttype_reporter(self, agent_type: type, name: str, reporter: Any) -> None:
        super()._new_agenttype_reporter(agent_type, name, _by_name(reporter))

    def _record_agents(self, model: mesa.Model) -> Iterable[tuple[Any, ...]]:
        if not isinstance(model.agents, AgentRows):
            records: Iterable[tuple[Any, ...]] = super()._record_agents(model)
            return records
        return records_of(model.agents, model.steps, list(self.agent_reporters.values()))

    def _record_agenttype(self, model: mesa.Model, agent_type: type) -> Iterable[tuple[Any, ...]]:
        agents = model.agents
        if not isinstance(agents, AgentRows) or not issubclass(agent_type, mesa.Agent):
            records: Iterable[tuple[Any, ...]] = super()._record_agenttype(model, agent_type)
            return records
        reporters = list(self.agenttype_reporters[agent_type].values())
        return records_of(agents.select(agent_type=agent_type), model.steps, reporters)


def records_of(agents: AgentRows, step: int, reporters: list[Callable[[Any], Any]]) -> list[tuple[Any, ...]]:
    """Return one tuple per agent: the step, the unique id, and what each reporter gives."""
    ids = agents.get("unique_id")
    views = [] if all(isinstance(each, Attribute) for each in reporters) else agents.views()
    columns = [
        agents.get(each.name, "default") if isinstance(each, Attribute) else [each(view) for view in views]
        for each in reporters
    ]
    return list(zip([step] * len(ids), ids, *columns, strict=True))


def count_people(model: MutualHelpModel) -> int:
    """Count the people in the world."""
    return int(model.world.meter["people"][0])


def count_members(model: MutualHelpModel) -> int:
    """Count the members of all groups."""
    return len(block_rows(model.world, len(model.world.communities)))


def count_helpers(model: MutualHelpModel) -> int:
    """Count the members who are helpers."""
    rows = block_rows(model.world, len(model.world.communities))
    return int(np.count_nonzero(model.world.people["role"][rows] == HELPER))


def count_accommodated(model: MutualHelpModel) -> int:
    """Count the people in the stage of accommodation, members or not."""
    return int(np.count_nonzero(model.world.people["stage"][block_rows(model.world)] == ACCOMMODATION))


def count_open_groups(model: MutualHelpModel) -> int:
    """Count the groups that are open."""
    return int(np.count_nonzero(model.world.groups["status"][: model.world.meter["groups"][0]] != CLOSED))


COUNTS: dict[str, Any] = {
    "week": "week",
    "people": count_people,
    "members": count_members,
    "helpers": count_helpers,
    "accommodated": count_accommodated,
    "open_groups": count_open_groups,
}
"""What every model counts at its opening and after each step, unless its collector is replaced."""


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
    ties, alive = living_ties(world, world.people["slot"][rows])
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
