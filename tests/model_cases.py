"""What the tests of the Mesa face share: a small scenario, and a plain Mesa model with the same people in it."""

from __future__ import annotations

from typing import Any

import mesa

from mhsim.model import MutualHelpModel, Person
from mhsim.scenario import Scenario, with_values

SMALL = with_values(Scenario(), {"weeks": 40, "start.run_in_weeks": 10, "start.groups": 2, "start.members": 8})
COPIED = ("hope", "distress", "stage", "role", "membership", "meetings", "community", "label")


def lived(weeks: int = 12, **others: Any) -> MutualHelpModel:
    """Return the small model some weeks after its opening."""
    model = MutualHelpModel(SMALL, **others)
    model.run_for(weeks)
    return model


class Stand(mesa.Agent):  # type: ignore[misc]
    """A plain Mesa agent with the values of one person."""

    def __init__(self, model: mesa.Model, person: Person) -> None:
        super().__init__(model)
        for name in COPIED:
            setattr(self, name, getattr(person, name))


class StandIn(mesa.Model):  # type: ignore[misc]
    """A plain Mesa model of the people of another model, shuffled by the same seed."""

    def __init__(self, model: MutualHelpModel) -> None:
        super().__init__(seed=7)
        for person in model.people:
            Stand(self, person)


def pair(weeks: int = 12) -> tuple[Any, Any]:
    """Return the agents of a plain Mesa model and the people of ours, equal in all that is copied."""
    model = lived(weeks)
    plain = StandIn(model)
    model.reset_randomizer(7)
    return plain.agents, model.people


def labels(agents: Any) -> list[str]:
    """Return the labels of agents, in order."""
    return [agent.label for agent in agents]
