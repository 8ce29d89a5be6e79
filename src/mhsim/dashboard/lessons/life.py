"""A life from the runs of a lesson: from its first history, chosen by rule and not by how well it makes the point."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from mhsim.dashboard.lessons.lesson_file import Lesson
from mhsim.dashboard.lessons.loader import lessons, situation_of_case
from mhsim.dashboard.pseudonyms import with_names
from mhsim.dashboard.replay.cache import recording_of
from mhsim.stories import life_story, notable_lives

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
