"""Mesa's DataCollector, reading columns for all agents at once; and what every model counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from mhsim.model.agentset import AgentRows
from mhsim.model.identity import block_rows
from mhsim.schema import ACCOMMODATION, CLOSED, HELPER

if TYPE_CHECKING:
    from mhsim.model.model import MutualHelpModel


class Attribute:
    """A reporter that gives an attribute by its name, None where there is none."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, agent: Any) -> Any:
        """Return the attribute of one agent."""
        return getattr(agent, self.name, None)


class DataCollector(mesa.DataCollector):  # type: ignore[misc]
    """The same constructor, calls and results as Mesa's; columns of people and groups are read at once.

    Unlike Mesa's it can be pickled when agent reporters are names. It serves other Mesa models as well, as Mesa's does.
    """

    def _new_agent_reporter(self, name: str, reporter: Any) -> None:
        super()._new_agent_reporter(name, Attribute(reporter) if isinstance(reporter, str) else reporter)

    def _new_agenttype_reporter(self, agent_type: type, name: str, reporter: Any) -> None:
        wanted = Attribute(reporter) if isinstance(reporter, str) else reporter
        super()._new_agenttype_reporter(agent_type, name, wanted)

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
