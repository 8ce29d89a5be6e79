"""One person of a recording: how they were from week to week, and with whom help passed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mhsim.dashboard.replay.recording import Recording
from mhsim.schema import ROLES, STAGES


@dataclass(frozen=True)
class Course:
    """How one person was at the start of each week in which they were in the world.

    Attributes
    ----------
    person : str
        The name.
    weeks : list of float
        Weeks since the groups opened.
    hope, self_efficacy, distress : list of float
        From 0 to 1, three decimals.
    stage, role : list of str
        Names of `mhsim.schema`.
    group : list of int or None
        The group belonged to, None for none.
    """

    person: str
    weeks: list[float]
    hope: list[float]
    self_efficacy: list[float]
    distress: list[float]
    stage: list[str]
    role: list[str]
    group: list[int | None]

    @property
    def member(self) -> list[bool]:
        """Whether a member of a group, week by week."""
        return [number is not None for number in self.group]


@dataclass(frozen=True)
class Met:
    """With whom help passed after the opening, most often first: names and times.

    Attributes
    ----------
    by : list of (str, int)
        Who helped this person.
    to : list of (str, int)
        Whom this person helped.
    """

    by: list[tuple[str, int]]
    to: list[tuple[str, int]]


def course_of(recording: Recording, person: str) -> Course:
    """Return how a person was from week to week, in a group or not; raise InputError if there is none of that name."""
    place = recording.place(person)
    rows = np.flatnonzero(recording.weeks.person == place)
    people, dt = recording.weeks.people[rows], recording.scenario.weeks_per_step
    state = {name: people[name].astype(float).round(3).tolist() for name in ("hope", "self_efficacy", "distress")}
    return Course(
        person=recording.names[place],
        weeks=(recording.weeks.step[rows] * dt).tolist(),
        stage=[STAGES[code] for code in people["stage"].tolist()],
        role=[ROLES[code] for code in people["role"].tolist()],
        group=[number if number >= 0 else None for number in people["group"].tolist()],
        **state,
    )


def met_by(recording: Recording, person: str) -> Met:
    """Return with whom help passed; raise InputError if there is no person of that name."""
    place = recording.place(person)
    _, helper, helped = recording.weeks.helped.T
    return Met(_counted(recording, helper[helped == place]), _counted(recording, helped[helper == place]))


def _counted(recording: Recording, places: np.ndarray) -> list[tuple[str, int]]:
    people, times = np.unique(places, return_counts=True)
    order = np.lexsort((people, -times))
    return [(recording.names[people[k]], int(times[k])) for k in order]
