"""The lessons there are, read from `shelf/` and checked; a wrong file gives one readable line."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from mhsim.dashboard.lessons.lesson_file import Case, Lesson
from mhsim.dashboard.scenario_state import Situation, parameters
from mhsim.errors import InputError
from mhsim.scenario_io.loader import read_checked

SHELF = Path(__file__).parent / "shelf"


@lru_cache(maxsize=1)
def lessons() -> dict[str, Lesson]:
    """Return all lessons by their names, in their order.

    Raises
    ------
    InputError
        If a file is wrong; the message names file and line.
    """
    found = {path.stem: read_lesson(path) for path in sorted(SHELF.glob("*.yaml"))}
    return dict(sorted(found.items(), key=lambda entry: (entry[1].order, entry[0])))


def read_lesson(path: Path) -> Lesson:
    """Return the lesson in a file, its situations and parameters checked as well; raise InputError if it is wrong."""
    lesson = read_checked(path, Lesson)
    for case in lesson.cases:
        try:
            situation_of_case(lesson, case).scenario()
        except InputError as error:
            raise InputError(f"cases, {case.name}: {error}", str(path)) from None
    for name in lesson.rests_on:
        if name not in parameters():
            raise InputError(f"rests_on: no parameter is named '{name}'", str(path))
    return lesson


def situation_of_case(lesson: Lesson, case: Case, seed: int | None = None) -> Situation:
    """Return a situation of a lesson as pages know it, with the lesson's length and, where given, another seed."""
    values = {"weeks": lesson.weeks, **case.settings} | ({} if seed is None else {"seed": seed})
    return Situation(case.form, (), case.changes).with_values(values)
