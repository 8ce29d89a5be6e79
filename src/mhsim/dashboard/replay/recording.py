"""A recorded history: everybody of one community week by week, and the run that was found in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from mhsim.dashboard.pseudonyms import invented
from mhsim.dashboard.replay.lives import Course, Met, course_of, met_by
from mhsim.dashboard.replay.recorder import COMMUNITY, WEEKS_BETWEEN_TIES, Seen, Watch
from mhsim.dashboard.replay.ties import spans_of
from mhsim.dashboard.replay.weeks import Weeks, weeks_of
from mhsim.engine import History
from mhsim.outcomes.results import Run, result_of
from mhsim.scenario import Scenario
from mhsim.schema import CLOSED
from mhsim.stories import Chronicle, Story, chronicle_of, feed, life_story
from mhsim.stories.records import label

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
    ties : array of `ties.SPAN`
        Ties between members.
    asked : array of `watching.OPEN`
        Requests for help, group by group.
    groups : array of `mhsim.schema.GROUPS`
        The groups of the world at the end.
    opening : int
        The step in which the groups opened.
    """

    run: Run
    weeks: Weeks
    ties: np.ndarray
    asked: np.ndarray
    groups: np.ndarray
    opening: int
    _payloads: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)

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

    def place(self, person: str) -> int:
        """Return the place of a person in the list of people; raise InputError if there is none of that name."""
        life = self.chronicle.life(person)
        return int(np.searchsorted(self.weeks.who, np.uint32(life.who)))

    def course(self, person: str) -> Course:
        """Return how one person was from week to week, in a group or not."""
        return course_of(self, self.place(person))

    def helped(self, person: str) -> Met:
        """Return who helped this person how often, and whom this person helped."""
        return met_by(self, self.place(person))

    def story(self, person: str, language: str = "en") -> Story:
        """Return the story of one person in words."""
        return life_story(self.chronicle, person, language)

    def news(self, first: float, last: float, group: int | None = None, language: str = "en") -> Story:
        """Return what happened from one week to another, in order of time."""
        return feed(self.chronicle, first, last, group, language, order="time")

    def payload(self, label: str = "A") -> dict[str, Any]:
        """Return what the browser needs to play it: plain values, and arrays as bytes; shared by all who ask."""
        from mhsim.dashboard.replay.payload import payload_of

        if label not in self._payloads:
            self._payloads[label] = payload_of(self, label)
        return self._payloads[label]


def record(scenario: Scenario, *, control: np.ndarray | None = None) -> Recording:
    """Live through one history, replicate 0 of a scenario, looking at it every week.

    Parameters
    ----------
    scenario : Scenario
        What is assumed. A world of more communities than live together in one part is lived in one piece, so means of
        its series may differ in the last digit from those of `simulate`.
    control : ndarray of int64, shape (2,), optional
        ``control[0]`` shows the step reached, setting ``control[1]`` asks to stop.

    Raises
    ------
    Stopped
        If it was asked to stop.
    """
    history = History(scenario, record="story", control=control)
    history.open_groups()
    watch = Watch(history)
    watch.look()
    while history.step < history.last:
        history.live_until(history.step + 1)
        watch.look()
    return _recording(watch.seen(), history.world, history)


def _recording(seen: Seen, world: World, history: History) -> Recording:
    scenario = history.assumed
    acts = frozenset(round(change.week / scenario.weeks_per_step) for change in scenario.changes if change.act)
    weeks = weeks_of(seen, world, history.opening, acts)
    every = max(1, round(WEEKS_BETWEEN_TIES / scenario.weeks_per_step))
    last = history.last - history.opening
    return Recording(
        run=result_of(world, scenario, 0, "story"),
        weeks=weeks,
        ties=spans_of(seen.ties, weeks.who, every, last),
        asked=seen.groups,
        groups=world.groups[: int(world.meter["groups"][0])].copy(),
        opening=history.opening,
    )


def own_groups(recording: Recording) -> list[int]:
    """Return the numbers of the groups of the community that is drawn."""
    return np.flatnonzero(recording.groups["community"] == COMMUNITY).tolist()


def closed_step(recording: Recording, group: int) -> int | None:
    """Return the step since the opening at whose end a group closed, None if it is open."""
    row = recording.groups[group]
    return int(row["closed"]) - recording.opening if row["status"] == CLOSED else None
