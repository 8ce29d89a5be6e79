"""Group: one mutual help group, open or closed, as a Mesa agent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mhsim.model.attributes import code_of, fields_of
from mhsim.model.identity import number_of_group
from mhsim.model.view import View
from mhsim.schema import CLOSED, CLOSING, GROUP_CLOSED, STAYS

if TYPE_CHECKING:
    from mhsim.model.agentset import AgentRows


class Group(View):
    """One group; every column of `mhsim.schema.GROUP_COLUMNS` is an attribute, read and written through.

    Only `helpers` shows people instead of a number. A closed group stays what it was when it closed and can always be
    looked at.
    """

    @property
    def number(self) -> int:
        """The number of the group, from 0 in the order of beginning."""
        return int(number_of_group(self.key))

    @property
    def row(self) -> int:
        """The row of ``model.world.groups``: the group's number."""
        return self.number

    @property
    def alive(self) -> bool:
        """Whether the group is open."""
        return bool(self.world.groups["status"][self.row] != CLOSED)

    @property
    def label(self) -> str:
        """The group's number as text."""
        return str(self.number)

    @property
    def form_name(self) -> str:
        """The name of the group's form; empty where all groups are alike."""
        number = int(self.world.groups["form"][self.row])
        return ("", *self.model.simulation.scenario.forms)[number]

    @property
    def _settings(self) -> Any:
        return self.model.simulation.scenario.settings_of(int(self.world.groups["form"][self.row]))

    @property
    def members(self) -> AgentRows:
        """Those who belong to the group, in order of arrival; a live set."""
        return self.model.live_set("group", self.number)

    @property
    def helpers(self) -> AgentRows:
        """The members who are helpers; a live set."""
        return self.model.live_set("helpers", self.number)

    def close(self, reason: str = "no_longer_needed") -> None:
        """Close the group: it meets no more, and its members are former members at the end of the coming step.

        The end is felt as when the engine closes a group (`close.loss_harm`), but nobody goes on to another group.

        Parameters
        ----------
        reason : str
            A name of `mhsim.schema.CLOSING` other than "open".

        Raises
        ------
        ValueError
            If there is no such reason, or the group is closed already.
        """
        code = code_of(reason, CLOSING[1:], "reason") + 1
        if not self.alive:
            raise ValueError(f"group {self.number} is closed already")
        world, people, harm = self.world, self.world.people, self._settings.close.loss_harm
        rows = self.model.rows(group=self.number)
        loss = harm * people["dependency"][rows] * (1.0 - people["distress"][rows])
        people["distress"][rows] = np.minimum(1.0, people["distress"][rows] + loss)
        people["leaving"][rows] = np.where(people["leaving"][rows] == STAYS, GROUP_CLOSED, people["leaving"][rows])
        movers = int(world.meter["movers"][0])
        world.handles["mover"][movers : movers + len(rows)] = people["slot"][rows]
        world.meter["movers"][0] = movers + len(rows)
        world.groups["status"][self.row], world.groups["reason"][self.row] = CLOSED, code
        world.groups["closed"][self.row] = self.model.simulation.step

    def remove(self) -> None:
        """Close the group as no longer needed; nothing happens to a closed one."""
        if self.alive:
            self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.number})"


for _name, _field in fields_of("groups", {}).items():
    if _name != "helpers":
        setattr(Group, _name, _field)
