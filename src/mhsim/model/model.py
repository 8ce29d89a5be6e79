"""MutualHelpModel: the compiled engine with the face of a Mesa model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from mhsim.core.rng import draws_for
from mhsim.engine import Simulation
from mhsim.engine.simulation import RECORDS
from mhsim.errors import InputError
from mhsim.model.agentset import AgentRows
from mhsim.model.collecting import COUNTS, DataCollector, frame_of
from mhsim.model.group import Group
from mhsim.model.identity import chosen_rows, key_of_group, unique_ids_of_keys
from mhsim.model.network import network_of
from mhsim.model.parameters import assumed, which_replicate
from mhsim.model.person import Person
from mhsim.model.view import View
from mhsim.outcomes.counts import living, living_rows
from mhsim.outcomes.results import Run, result_of
from mhsim.plugins import OWN_PURPOSES
from mhsim.scenario import Scenario

if TYPE_CHECKING:
    import networkx
    import pandas

    from mhsim.engine.world import World


def _live(kind: str, what: str) -> Any:
    """Return a property that shows a live set; see `mhsim.model.identity.keys_by_words`."""
    return property(lambda model: model.live_set(kind), doc=what)


class MutualHelpModel(mesa.Model):  # type: ignore[misc]
    """One history of a scenario, lived through step by step.

    Parameters
    ----------
    scenario : Scenario, str, Path, optional
        A scenario, the name of a shipped one or the path of a file; the defaults of the model unless given.
    replicate : int, optional
        Which history under the scenario's seed. Unless given it is the number of the iteration inside
        `mesa.batch_run` and 0 elsewhere.
    seed : int, optional
        Replaces the seed of the scenario.
    values : mapping, optional
        Other values at some paths, such as ``{"serve.turnover_per_year": 0.5}``.
    record : {"runs", "series", "lives", "story"}
        What is kept besides the counts: weekly series, also ended lives, also the event log.
    run_in : bool
        Whether the weeks before the groups open are lived through at once, so that step 0 is week 0.
    **kwargs
        Other values by their path with two underscores for the dot: ``serve__turnover_per_year=0.5``.

    Attributes
    ----------
    simulation : Simulation
        The engine's simulation under it.
    replicate : int
        Which history this is.
    running : bool
        False once the weeks of the scenario are over. `step` and `run_for` go on when called all the same, up to
        step 4094 of the engine; `run_model` stops.
    random, rng : random.Random, numpy.random.Generator
        For rules of one's own, seeded from seed and replicate. The engine draws nothing from them: whatever they are
        used for, the chance events of the people stay what they were.
    datacollector : DataCollector
        Counts at the opening and after every step, as long as it is left in its place; one of your own is yours to
        call, as in Mesa.

    Raises
    ------
    InputError
        If there is no such scenario or path, or a value is not allowed; it is a ValueError.
    """

    person_class: type[Person] = Person
    group_class: type[Group] = Group
    """What people and groups are seen as; set subclasses here to give them methods of your own."""

    def __init__(
        self,
        scenario: Scenario | str | Path | None = None,
        *,
        replicate: int | None = None,
        seed: int | None = None,
        values: Mapping[str, Any] | None = None,
        record: str = "lives",
        run_in: bool = True,
        **kwargs: Any,
    ) -> None:
        if record not in RECORDS:
            raise InputError(f"record: given {record!r}; allowed: {', '.join(RECORDS)}")
        wanted = assumed(scenario, values, kwargs, seed)
        self.replicate = which_replicate(replicate)
        own_luck = np.random.SeedSequence([wanted.seed, self.replicate]).generate_state(1)
        super().__init__(seed=int(own_luck[0]))
        self.simulation = Simulation(wanted, self.replicate, record=record)
        self._order: tuple[int, np.ndarray] = (-1, np.empty(0, np.int64))
        if run_in:
            self.simulation.open_groups()
        self.datacollector = self._counts = DataCollector(model_reporters=COUNTS)
        self._counts.collect(self)

    def step(self) -> None:
        """Let one step of the engine pass; rules of your own go before or after ``super().step()``.

        Raises
        ------
        ValueError
            Beyond the last step that the engine's draws can tell apart.
        """
        self.simulation.run_until(self.simulation.step + 1)
        self.running = self.simulation.step < self.simulation.last
        if self.datacollector is self._counts:
            self._counts.collect(self)

    def run_for(self, weeks: float) -> None:
        """Take as many steps as make these weeks, also beyond the weeks of the scenario.

        Raises
        ------
        InputError
            If it is not a whole number of steps.
        """
        length = self.simulation.scenario.weeks_per_step
        steps = weeks / length
        if steps != int(steps) or steps < 0:
            raise InputError(f"weeks: given {weeks}; allowed: a whole number of steps, each {length} weeks long")
        for _ in range(int(steps)):
            self.step()

    @property
    def week(self) -> float:
        """Weeks since the groups opened."""
        return self.simulation.week

    @property
    def time(self) -> float:
        """The same as `week`."""
        return self.simulation.week

    @property
    def world(self) -> World:
        """Everything that exists now; tables are replaced as they grow, so ask again after each step."""
        return self.simulation.world

    def result(self) -> Run:
        """Return what was found so far; at the end of the scenario's weeks what `mhsim.simulate` returns.

        Before the end, what looks ahead of a group that is still open (`weeks_to_closure`) counts the weeks so far.
        """
        weeks = max(0, int(self.week))
        so_far = self.simulation.assumed.model_copy(update={"weeks": weeks})
        own = self.simulation.own_tables(living)
        run = result_of(self.world, so_far, self.replicate, self.simulation.record, own=own)
        run.scenario = self.simulation.assumed
        return run

    @property
    def agents(self) -> AgentRows:
        """All people in the world and all open groups; a live set."""
        return self.live_set("agents")

    @agents.setter
    def agents(self, agents: Any) -> None:
        raise AttributeError("model.agents cannot be set: the engine says who is there")

    people = _live("people", "All people in the world, in order of community and arrival; live, like the next four.")
    members = _live("members", "The members of all groups.")
    helpers = _live("helpers", "The members who are helpers.")
    outside = _live("outside", "Those in need who are in no group, former members among them.")
    groups = _live("groups", "All groups, closed ones too; open ones alone are ``model.agents_by_type[Group]``.")

    @property
    def agent_types(self) -> list[type]:
        """The classes of people and of groups."""
        return [self.person_class, self.group_class]

    @property
    def agents_by_type(self) -> dict[type, AgentRows]:
        """People and open groups, each as a live set."""
        return {self.person_class: self.people, self.group_class: self.live_set("open groups")}

    def group(self, number: int) -> Group:
        """Return a group by its number, open or closed; raise LookupError if there is none yet."""
        if not 0 <= number < self.world.meter["groups"][0]:
            raise LookupError(f"there is no group {number}; so far there are {self.world.meter['groups'][0]}")
        key = int(key_of_group(number))
        return self.group_class.seen(self, key, key)

    def rows(self, **wanted: Any) -> np.ndarray:
        """Return rows of ``model.world.people`` for rules written in NumPy.

        Parameters
        ----------
        **wanted
            Any columns and the values they are to have: ``membership="member"``, ``role="helper"``, ``group=0``.

        Returns
        -------
        ndarray of int64
            Rows of living people in order of community and arrival; they hold until the next step.

        Raises
        ------
        ValueError
            If there is no such column or category.
        """
        if self._order[0] != self.simulation.step:
            self._order = (self.simulation.step, living_rows(self.world))
        return chosen_rows(self.world, self._order[1], wanted)

    def luck(self, rows: np.ndarray, purpose: int, other: int | np.ndarray = 0) -> np.ndarray:
        """Return numbers drawn for people in this step, for rules of one's own.

        They depend on the run, the person, the step and the purpose alone, so the same person has the same numbers in
        every scenario, and nothing the engine draws is changed.

        Parameters
        ----------
        rows : ndarray of int64, shape (n,)
            Rows of living people, see `rows`.
        purpose : int
            What for: a number of your own from `mhsim.plugins.OWN_PURPOSES` on.
        other : int or ndarray of int, shape (n,)
            The other person's `who`, where it concerns a pair.

        Returns
        -------
        ndarray of float64, shape (n, 4)
            Four independent uniform numbers in (0, 1) for each.

        Raises
        ------
        ValueError
            If the purpose is one of the package's, or beyond 65,535.
        """
        if not OWN_PURPOSES <= purpose < 2**16:
            raise ValueError(f"purpose: given {purpose}; allowed: {OWN_PURPOSES} to 65535")
        people, step = self.world.people, self.simulation.step
        return draws_for(
            self.simulation.key, people["who"][rows], people["community"][rows], step, purpose, other=other
        )

    def frame(self, table: str = "people", *, copy: bool = True) -> pandas.DataFrame:
        """Return all living people, all groups or all living ties; see `mhsim.model.collecting.frame_of`."""
        return frame_of(self, table, copy=copy)

    def network(self, group: int | Group | None = None, *, directed: bool = True) -> networkx.Graph:
        """Return living people and their living ties; see `mhsim.model.network.network_of`."""
        return network_of(self, group, directed=directed)

    def live_set(self, *words: Any) -> AgentRows:
        """Return the live set that these words stand for; see `mhsim.model.identity.keys_by_words`."""
        return AgentRows.of(self, (), self.random, words)

    def set_of(self, keys: Any) -> AgentRows:
        """Return a set that holds people and groups by their keys."""
        return AgentRows.of(self, keys, self.random)

    def class_of(self, key: int) -> type[Person] | type[Group]:
        """Return the class that a key is seen as."""
        return self.person_class if key >= 0 else self.group_class

    def views_of(self, keys: np.ndarray) -> list[View]:
        """Return views of people who are here, and of groups, in the order of their keys."""
        shown = unique_ids_of_keys(self.world, keys)
        return [self.class_of(k).seen(self, k, i) for k, i in zip(keys.tolist(), shown.tolist(), strict=True)]

    def register_agent(self, agent: Any) -> None:
        """Refuse agents of other kinds: there are people and groups, and the engine makes them."""
        raise TypeError(f"{type(agent).__name__}: agents cannot be added by hand; the engine brings people and groups")

    def remove_all_agents(self) -> None:
        """Mark everybody to move away at the end of the coming step, and close all groups."""
        self.agents.do("remove")
