"""One person of a history: their story, how hope and self-efficacy went, who helped them and whom they helped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import solara

from mhsim.dashboard.elements import Button, element, moments, trusted, words
from mhsim.dashboard.figures.curves import ChartLine, curves
from mhsim.dashboard.replay.recording import Recording
from mhsim.dashboard.widgets.browser import FocusWidget
from mhsim.schema import ROLES, STAGES
from mhsim.stories import life_story


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


MOST_NAMED = 6
EVENTS = "Sudden rises in distress mostly come from stressful events outside the group."


@solara.component  # type: ignore[untyped-decorator]
def Life(  # noqa: N802
    recording: Recording, person: str, names: dict[str, str], choose: Callable[[str | None], None]
) -> None:
    """Show one person's life.

    Parameters
    ----------
    recording : Recording
        The history.
    person : str
        Who, as community-step-index.
    names : dict
        Invented names of everybody.
    choose : callable
        Called with another person, or None to close.
    """
    name = names.get(person, person)
    with element("section", class_="card life", aria_labelledby="life-heading"):
        with element("div", class_="side"):
            element("h2", f"The life of {name}", id="life-heading", tabindex="-1")
            Button("Close", lambda: choose(None), look="quiet", description=f"Close the life of {name}")
        FocusWidget.element(target="life-heading", why=person)
        with element("div", class_="beside"):
            moments(
                solara.use_memo(lambda: list(life_story(recording.chronicle, person)), [id(recording), person]), names
            )
            with element("div"):
                trusted(solara.use_memo(lambda: course_figure(recording, person, name), [id(recording), person]))
                words(EVENTS, class_="quiet small")
                _Met(recording, person, names, choose)
        words(f"{name} is an invented name; in tables this is person {person}.", class_="quiet small")


@solara.component  # type: ignore[untyped-decorator]
def _Met(  # noqa: N802
    recording: Recording, person: str, names: dict[str, str], choose: Callable[[str | None], None]
) -> None:
    """Show with whom help passed; each name opens that person's life."""
    met = met_by(recording, person)
    for heading, others in (("Was helped by", met.by), ("Helped", met.to)):
        element("h3", heading)
        if not others:
            words("Nobody.", class_="quiet")
            continue
        with element("ul", class_="people"):
            for other, times in others[:MOST_NAMED]:
                often = "once" if times == 1 else f"{times} times"
                with element("li"):
                    Button(
                        f"{names.get(other, other)}, {often}",
                        lambda other=other: choose(other),
                        look="quiet",
                        description=f"{names.get(other, other)}, {often}: open this life",
                    )
        if len(others) > MOST_NAMED:
            words(f"And {len(others) - MOST_NAMED} more.", class_="quiet small")


def course_figure(recording: Recording, person: str, name: str) -> str:
    """Return the figure of a person's hope, self-efficacy and distress over time."""
    course = course_of(recording, person)
    if not course.weeks:
        return ""
    marks = [(week, "joined") for week in [_first(course.weeks, course.member)] if week is not None]
    first, last = course.hope[0], course.hope[-1]
    return curves(
        [
            ChartLine("hope", course.weeks, course.hope, look=0),
            ChartLine("self-efficacy", course.weeks, course.self_efficacy, look=2),
            ChartLine("distress", course.weeks, course.distress, look=1),
        ],
        title=f"Hope, self-efficacy and distress of {name}",
        across="week",
        up="from 0 to 1",
        describe=f"Hope went from {first:.2f} in week {course.weeks[0]:g} to {last:.2f} in week {course.weeks[-1]:g}.",
        marks=marks,
        width=520,
    )


def _first(weeks: list[float], member: list[bool]) -> float | None:
    """Return the first week as a member, if it is not the first week at all."""
    found = [week for week, is_member in zip(weeks, member, strict=True) if is_member]
    return found[0] if found and found[0] > weeks[0] else None
