"""Person: one person in need, from coming into need to leaving the community, as a Mesa agent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mhsim.model.attributes import PEOPLE_REFUSALS, Field, code_of, fields_of
from mhsim.model.identity import GONE, keys_of_slots, label_of, row_of_key
from mhsim.model.view import View
from mhsim.outcomes.counts import living_ties
from mhsim.schema import (
    CLOSED,
    GROUP_CLOSED,
    HELPER,
    LEFT_WITH_ROLE,
    MEMBER,
    MOVED_AWAY,
    NEVER,
    NOWHERE,
    REASONS,
    SETTLED,
    STAYS,
    TIE_KINDS,
)
from mhsim.stories import Story, life_story

if TYPE_CHECKING:
    from mhsim.model.agentset import AgentRows
    from mhsim.model.group import Group


class Tie(NamedTuple):
    """A living tie as one side sees it, when it was looked at."""

    other: Person
    kind: str
    strength: float
    given: int
    received: int


class RoleField(Field):
    """The role of a member; taking or leaving that of a helper is noted where the engine would note it."""

    plain = False

    def __set__(self, person: Any, name: Any) -> None:
        code, row, people = self.stored(name), person.row, person.world.people
        if people["membership"][row] != MEMBER:
            raise ValueError(f"role: {person.label} is not a member of a group and has no role in one")
        before, groups, g = people["role"][row], person.world.groups, people["group"][row]
        people["role"][row] = code
        step = person.model.simulation.step
        if code == HELPER and before != HELPER:
            people["helper_since"][row] = step
            if people["first_helper"][row] == NEVER:
                people["first_helper"][row] = step
                groups["helpers_made"][g] += 1
        if before == HELPER and code != HELPER:
            people["role_end"][row] = LEFT_WITH_ROLE
            groups["vacancies"][g] += 1
            groups["helpers_lost"][g] += 1


class MembershipField(Field):
    """Outside, member or former; who is in a group changes only by entering and leaving."""

    plain = False

    def __set__(self, person: Any, name: Any) -> None:
        code, row, people = self.stored(name), person.row, person.world.people
        if (people["membership"][row] == MEMBER) != (code == MEMBER):
            raise ValueError("membership: one becomes a member by enter(group) and stops being one by leave(reason)")
        people["membership"][row] = code


class Person(View):
    """One person in need; every column of `mhsim.schema.PEOPLE_COLUMNS` is an attribute, read and written through.

    Times are steps since the world began, -32768 for never. `group`, `ties`, `helped` and `helped_by` show other
    agents instead of numbers. Once the person has left the community, everything but `unique_id`, `label` and
    `alive` raises LookupError.
    """

    group_number = fields_of("people", {})["group"]
    """The number of the group this person belongs to, -1 for none."""

    @property
    def row(self) -> int:
        """The row of ``model.world.people`` that this person has until the end of the next step."""
        row = row_of_key(self.world, self.key)
        if row == GONE:
            raise LookupError(f"person {self.label} is no longer in the world; see model.result().lives")
        return row

    @property
    def alive(self) -> bool:
        """Whether this person is still in the world."""
        return row_of_key(self.world, self.key) != GONE

    @property
    def label(self) -> str:
        """The person's name in ``model.result().lives``: community, step of arrival and index in that step."""
        return label_of(self.unique_id)

    @property
    def group(self) -> Group | None:
        """The group this person belongs to, None for none."""
        number = self.group_number
        return None if number == NOWHERE else self.model.group(number)

    @group.setter
    def group(self, group: Any) -> None:
        raise AttributeError(f"group cannot be set: {PEOPLE_REFUSALS['group']}")

    @property
    def ties(self) -> list[Tie]:
        """Living ties, in the order of their places."""
        world = self.world
        ties, alive = living_ties(world, world.people["slot"][self.row])
        ties = ties[alive]
        people = self.model.views_of(keys_of_slots(world, ties["other"]))
        numbers = [ties[name].tolist() for name in ("kind", "strength", "given", "received")]
        return [Tie(other, TIE_KINDS[k], s, g, r) for other, k, s, g, r in zip(people, *numbers, strict=True)]

    @property
    def helped_by(self) -> AgentRows:
        """Those who helped this person and to whom a tie still stands."""
        return self.model.set_of([tie.other.key for tie in self.ties if tie.received])

    @property
    def helped(self) -> AgentRows:
        """Those whom this person helped and to whom a tie still stands."""
        return self.model.set_of([tie.other.key for tie in self.ties if tie.given])

    def luck(self, purpose: int) -> tuple[float, float, float, float]:
        """Return four numbers drawn for this person in this step; see `MutualHelpModel.luck`."""
        a, b, c, d = self.model.luck(np.array([self.row]), purpose)[0].tolist()
        return a, b, c, d

    def story(self, language: str = "en") -> Story:
        """Return this person's life so far in plain words; the model must have been made with ``record="story"``.

        Raises
        ------
        InputError
            If the model keeps no event log, or there is no such language.
        """
        return life_story(self.model.simulation, self.label, language)

    def enter(self, group: Group, *, even_if_full: bool = False) -> None:
        """Mark this person to enter a group at the end of the coming step, if it has room or `even_if_full`.

        The first meeting is in the step after. The mark is void if the group closes, or if the person leaves the
        community in that step; it gives way if a group found in the step itself is chosen.

        Raises
        ------
        ValueError
            If the person is a member already, or the group is closed, full or in another community.
        """
        row, world = self.row, self.world
        if world.people["membership"][row] == MEMBER:
            raise ValueError(f"{self.label} is a member of group {self.group_number}; members leave before they enter")
        if world.groups["status"][group.row] == CLOSED:
            raise ValueError(f"group {group.number} is closed")
        if world.groups["community"][group.row] != world.people["community"][row]:
            raise ValueError(f"group {group.number} meets in another community than that of {self.label}")
        if not even_if_full:
            self._ask_for_room(group)
        world.people["going_to"][row] = group.number

    def _ask_for_room(self, group: Group) -> None:
        world = self.world
        expected = len(group.members) + int((world.people["going_to"][self.model.rows()] == group.number).sum())
        room = int(self.model.simulation.scenario.settings_of(int(world.groups["form"][group.number])).arrive.room)
        if expected >= room:
            raise ValueError(f"group {group.number} is full: {expected} of {room} places are taken or promised")

    def leave(self, reason: str = "dropped_out") -> None:
        """Mark this person to leave the group, or the community, at the end of the coming step.

        Parameters
        ----------
        reason : str
            A name of `mhsim.schema.REASONS`: "moved_away" and "settled" leave the community, all others the group.

        Raises
        ------
        ValueError
            If there is no such reason, or somebody in no group is to leave one.
        """
        code = code_of(reason, REASONS, "reason")
        if code in (STAYS, GROUP_CLOSED):
            raise ValueError(f"reason: '{reason}' is not one a person leaves for; for the end of a group use close()")
        row, people = self.row, self.world.people
        if code not in (MOVED_AWAY, SETTLED) and people["membership"][row] != MEMBER:
            raise ValueError(f"{self.label} is in no group; outside a group reasons are moved_away and settled")
        people["leaving"][row] = code

    def stay(self) -> None:
        """Take back what `enter`, `leave` or `remove` marked."""
        row, people = self.row, self.world.people
        people["leaving"][row], people["going_to"][row] = STAYS, NOWHERE

    def remove(self) -> None:
        """Mark this person to move away at the end of the coming step; nothing happens to one who is gone.

        The person lives that step like any other and stays in ``model.agents`` until its end.
        """
        if self.alive:
            self.leave("moved_away")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.label})"


for _name, _field in fields_of("people", {"role": RoleField, "membership": MembershipField}).items():
    if _name not in ("group", "helped_by"):
        setattr(Person, _name, _field)
