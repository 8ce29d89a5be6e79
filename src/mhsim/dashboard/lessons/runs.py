"""The runs of a lesson: the same histories in each of its situations, and a life from the first of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, cast

from mhsim.dashboard.histories import Failure, JointRequest, Outcomes, Request
from mhsim.dashboard.histories.cache import OutcomeCache
from mhsim.dashboard.histories.workers import Workers
from mhsim.dashboard.lessons.lesson_file import lessons, situation_of_case
from mhsim.dashboard.lessons.lesson_parts import Lesson
from mhsim.dashboard.lessons.measures import LessonOutcome, outcome_of
from mhsim.dashboard.pseudonyms import with_names
from mhsim.dashboard.replay.recording import recording_of
from mhsim.stories import life_story, notable_lives

REPORT_AT = (10, 40, 100)
"""Numbers of pairs at which a reader hears of them, besides all; more often would make the page restless."""
MOST_CACHED = 20_000
_WORKERS = Workers(OutcomeCache(MOST_CACHED), simulate=cast(Any, outcome_of))


@dataclass(frozen=True)
class LessonRuns:
    """The runs there are so far.

    Attributes
    ----------
    asked : int
        How many histories were asked for in each situation.
    outcomes : dict of str to tuple
        Replicates 0, 1, 2, ... of each situation, as many in all; a Failure in the place of one that failed.
    """

    asked: int
    outcomes: dict[str, tuple[LessonOutcome | Failure, ...]]

    @property
    def pairs(self) -> int:
        """How many replicates are there in every situation."""
        return min(len(outcomes) for outcomes in self.outcomes.values())

    @property
    def done(self) -> bool:
        """Whether all are there."""
        return self.pairs == self.asked

    @property
    def failed(self) -> int:
        """In how many replicates a history failed in any situation."""
        rows = zip(*self.outcomes.values(), strict=True)
        return sum(any(isinstance(one, Failure) for one in row) for row in rows)


def request_runs(
    lesson: Lesson, seed: int, on_runs: Callable[[LessonRuns], None], workers: Workers = _WORKERS
) -> JointRequest:
    """Ask for the runs of a lesson; `stop` of what is returned cancels them.

    Parameters
    ----------
    lesson : Lesson
        What is run.
    seed : int
        The seed of its histories.
    on_runs : callable
        Called with LessonRuns now and then, from other threads, and at once with what is known already.
    workers : Workers, optional
        Who simulates the histories.
    """
    names = [case.name for case in lesson.cases]
    scenarios = [situation_of_case(lesson, case, seed).scenario() for case in lesson.cases]

    def report(outcomes: tuple[Outcomes, ...]) -> None:
        on_runs(LessonRuns(lesson.pairs, dict(zip(names, cast(Any, outcomes), strict=True))))

    request = JointRequest(scenarios, lesson.pairs, report, ask=partial(Request, workers, report_at=REPORT_AT))
    request.begin()
    return request


LINES = 9
"""Lines of a life that are shown; the page Explore has all of it."""


@dataclass(frozen=True)
class LifeText:
    """The story of a life.

    Attributes
    ----------
    person : str or None
        Who it is, as community-step-index; None if nobody in that history fits the rule.
    name : str
        An invented name, the same as on the page Explore.
    lines : tuple of str
        The first lines of the life.
    week : float
        When the life first touches the group, for the link to Explore.
    """

    person: str | None
    name: str
    lines: tuple[str, ...]
    week: float = 0.0


def life_of(lesson: Lesson, seed: int) -> LifeText:
    """Return the life that a lesson asks for, from replicate 0 of its situation under a seed."""
    name = next(name for name, one in lessons().items() if one == lesson)
    return _life(name, seed)


@lru_cache(maxsize=64)
def _life(name: str, seed: int) -> LifeText:
    lesson = lessons()[name]
    recording = recording_of(situation_of_case(lesson, lesson.case(lesson.life.case), seed).scenario())
    chosen = next(one for one in notable_lives(recording.chronicle) if one.rule == lesson.life.rule)
    if chosen.person is None:
        return LifeText(None, "", ())
    moments = list(life_story(recording.chronicle, chosen.person))
    lines = tuple(with_names(moment.line, recording.called) for moment in moments)
    called = recording.called.get(chosen.person, chosen.person)
    first = max(0.0, moments[0].week if moments else 0.0)
    if len(lines) <= LINES:
        return LifeText(chosen.person, called, lines, first)
    return LifeText(chosen.person, called, (*lines[: LINES - 1], "…", lines[-1]), first)
