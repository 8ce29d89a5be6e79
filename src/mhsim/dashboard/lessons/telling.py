"""A life from the run of a lesson: from its first history, chosen by rule and not by how well it makes the point."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from mhsim.dashboard.lessons.bookshelf import lessons, situation_of_case
from mhsim.dashboard.lessons.written import Lesson

LINES = 9
"""Lines of a life that are shown; the page Explore has all of it."""


@dataclass(frozen=True)
class Told:
    """A life, told.

    Attributes
    ----------
    person : str or None
        Who it is; None if nobody in that history fits the rule.
    lines : tuple of str
        The first lines of the life.
    left_out : int
        How many more lines there are.
    week : float
        When the life first touches the group, for the link to Explore.
    """

    person: str | None
    lines: tuple[str, ...]
    left_out: int
    week: float = 0.0


def life_of(lesson: Lesson, seed: int) -> Told:
    """Return the life that a lesson asks for, from replicate 0 of its situation under a seed."""
    name = next(name for name, one in lessons().items() if one == lesson)
    return _life(name, seed)


@lru_cache(maxsize=64)
def _life(name: str, seed: int) -> Told:
    from mhsim.engine import simulate
    from mhsim.stories import chronicle_of, life_story, worth_reading

    lesson = lessons()[name]
    scenario = situation_of_case(lesson, lesson.case(lesson.tale.case), seed).scenario()
    chronicle = chronicle_of(simulate(scenario, 0, record="story"))
    chosen = next(one for one in worth_reading(chronicle) if one.rule == lesson.tale.rule)
    if chosen.person is None:
        return Told(None, (), 0)
    moments = list(life_story(chronicle, chosen.person))
    lines = tuple(moment.line for moment in moments)
    first = max(0.0, moments[0].week if moments else 0.0)
    if len(lines) <= LINES:
        return Told(chosen.person, lines, 0, first)
    return Told(chosen.person, (*lines[: LINES - 1], lines[-1]), len(lines) - LINES, first)
