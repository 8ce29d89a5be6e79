"""A recorded history: everybody of one community week by week, and the run that was found in it.

Recordings are cached, so that several people who look at the same situation wait for it once.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from cachetools import LRUCache

from mhsim.dashboard.pseudonyms import invented
from mhsim.dashboard.replay.recorder import COMMUNITY, WEEKS_BETWEEN_TIES, Recorder, Snapshots, spans_of
from mhsim.dashboard.replay.weeks import Weeks, weeks_of
from mhsim.dashboard.scenario_state import digest_of
from mhsim.engine import Simulation
from mhsim.outcomes.counts import living
from mhsim.outcomes.results import Run, result_of
from mhsim.scenario import Scenario
from mhsim.schema import CLOSED, label
from mhsim.stories import Chronicle, chronicle_of

if TYPE_CHECKING:
    from mhsim.engine.world import World


@dataclass
class Recording:
    """One history under replicate 0, kept so that it can be shown, told and asked about.

    Attributes
    ----------
    run : Run
        What `simulate(scenario, 0, record="story")` returns.
    weeks : Weeks
        Everybody of the first community, step by step.
    ties : array of `recorder.SPAN`
        Ties between members.
    asked : array of `recorder.OPEN`
        Requests for help, group by group.
    groups : array of `mhsim.schema.GROUPS`
        The groups of the world at the end.
    opening : int
        The step in which the groups opened.
    payloads : dict
        What browsers were sent of it, by label; see `payload.payload`.
    """

    run: Run
    weeks: Weeks
    ties: np.ndarray
    asked: np.ndarray
    groups: np.ndarray
    opening: int
    payloads: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)

    @property
    def scenario(self) -> Scenario:
        """What was assumed."""
        return self.run.scenario

    @property
    def last(self) -> int:
        """The number of steps from the opening to the end; steps go from 0 to this one."""
        steps: int = round(self.scenario.weeks / self.scenario.weeks_per_step)
        return steps

    @property
    def nbytes(self) -> int:
        """Bytes of memory that it takes, tables of the run included."""
        arrays = (self.weeks.who, self.weeks.step, self.weeks.person, self.weeks.people, self.weeks.members)
        tables = (self.run.series, self.run.lives, self.run.groups, self.run.events)
        own = sum(array.nbytes for array in (*arrays, self.weeks.helped, self.ties, self.asked, self.groups))
        # three times for two payloads beside it; tables once, and about four times for what stories make of them
        return int(3 * own + 5 * sum(table.nbytes for table in tables if table is not None))

    @cached_property
    def chronicle(self) -> Chronicle:
        """What stories are told from; made when it is first asked for."""
        return chronicle_of(self.run)

    @cached_property
    def names(self) -> list[str]:
        """The names of all people of the first community, in order of arrival."""
        return [label(COMMUNITY, int(who)) for who in self.weeks.who]

    @cached_property
    def called(self) -> dict[str, str]:
        """Invented first names of all people of the first community, by their names in tables."""
        return invented(self.names)

    @cached_property
    def own_groups(self) -> list[int]:
        """The numbers of the groups of the community that is drawn."""
        numbers: list[int] = np.flatnonzero(self.groups["community"] == COMMUNITY).tolist()
        return numbers

    def closed_step(self, group: int) -> int | None:
        """Return the step since the opening at whose end a group closed, None if it is open."""
        row = self.groups[group]
        return int(row["closed"]) - self.opening if row["status"] == CLOSED else None

    def groups_open(self, week: float) -> int:
        """Return how many groups of the community that is drawn are open in a week."""
        step = week / self.scenario.weeks_per_step
        closed = [self.closed_step(group) for group in self.own_groups]
        founded = [int(self.groups[group]["founded"]) - self.opening for group in self.own_groups]
        pairs = zip(founded, closed, strict=True)
        return sum(began <= step and (ended is None or step <= ended) for began, ended in pairs)

    def place(self, person: str) -> int:
        """Return the place of a person in the list of people; raise InputError if there is none of that name."""
        life = self.chronicle.life(person)
        return int(np.searchsorted(self.weeks.who, np.uint32(life.who)))


def record(scenario: Scenario, *, control: np.ndarray | None = None) -> Recording:
    """Simulate one history, replicate 0 of a scenario, with a snapshot of every week.

    Parameters
    ----------
    scenario : Scenario
        What is assumed. A world of more communities than are simulated together in one part is simulated in one
        piece, so means of its series may differ in the last digit from those of `simulate`.
    control : ndarray of int64, shape (2,), optional
        ``control[0]`` shows the step reached, setting ``control[1]`` asks to stop.

    Raises
    ------
    Stopped
        If it was asked to stop.
    """
    simulation = Simulation(scenario, record="story", control=control)
    simulation.open_groups()
    recorder = Recorder(simulation)
    recorder.take()
    while simulation.step < simulation.last:
        simulation.run_until(simulation.step + 1)
        recorder.take()
    return _recording(recorder.snapshots(), simulation.world, simulation)


def _recording(seen: Snapshots, world: World, simulation: Simulation) -> Recording:
    scenario = simulation.assumed
    acts = frozenset(round(change.week / scenario.weeks_per_step) for change in scenario.changes if change.act)
    weeks = weeks_of(seen, world, simulation.opening, acts)
    every = max(1, round(WEEKS_BETWEEN_TIES / scenario.weeks_per_step))
    last = simulation.last - simulation.opening
    return Recording(
        run=result_of(world, scenario, 0, "story", own=simulation.own_tables(living)),
        weeks=weeks,
        ties=spans_of(seen.ties, weeks.who, every, last),
        asked=seen.groups,
        groups=world.groups[: int(world.meter["groups"][0])].copy(),
        opening=simulation.opening,
    )


MOST_BYTES = 150_000_000
"""Bytes of memory that cached recordings may take together."""


class RecordingCache:
    """Recordings by scenario; the least recently used are let go when they take too much memory together.

    Only pure results of a scenario are cached: nothing of who asked for them.

    Parameters
    ----------
    most_bytes : int
        Bytes that they may take together; the newest is kept in any case.
    make : callable
        Makes a recording of a scenario.
    """

    def __init__(self, most_bytes: int = MOST_BYTES, make: Callable[[Scenario], Recording] = record) -> None:
        self.make = make
        self._lock = Lock()
        self._recordings: LRUCache[str, Recording] = LRUCache(most_bytes, lambda one: min(one.nbytes, most_bytes))
        self._coming: dict[str, Future[Recording]] = {}

    def recording(self, scenario: Scenario) -> Recording:
        """Return the recording of a scenario; whoever asks while it is being made waits for the same one."""
        key = digest_of(scenario)
        with self._lock:
            if key in self._recordings:
                return self._recordings[key]
            coming = self._coming.get(key)
            mine = coming is None
            if coming is None:
                coming = self._coming[key] = Future()
        if mine:
            self._make(key, scenario, coming)
        return coming.result()

    def has(self, scenario: Scenario) -> bool:
        """Tell whether the recording of a scenario is at hand."""
        with self._lock:
            return digest_of(scenario) in self._recordings

    def _make(self, key: str, scenario: Scenario, coming: Future[Recording]) -> None:
        try:
            made = self.make(scenario)
        except BaseException as error:
            with self._lock:
                del self._coming[key]
            coming.set_exception(error)
            return
        with self._lock:
            self._recordings[key] = made
            del self._coming[key]
        coming.set_result(made)


CACHE = RecordingCache()
"""Shared by everybody who uses this dashboard."""


def recording_of(scenario: Scenario) -> Recording:
    """Return the recording of a scenario, made now or cached from before."""
    return CACHE.recording(scenario)
