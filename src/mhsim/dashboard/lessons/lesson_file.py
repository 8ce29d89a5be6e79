"""Lessons: data that a psychologist can read and change, one file for each in `shelf/`, read and checked here.

No number of a result stands in a lesson. It names situations, what is measured in them, and words for each possible
result; which words are shown is decided by the run that the reader starts. A wrong file gives one readable line. In
another language a lesson is a file of its texts alone, such as `shelf/de/succession.yaml`; all else is that of the
English one.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any

from mhsim.dashboard.lessons.lesson_parts import Case, Lesson, LessonTexts
from mhsim.dashboard.lessons.measures import measures_of
from mhsim.dashboard.scenario_state import Situation, parameters
from mhsim.errors import InputError
from mhsim.evidence.facts import CODE, codes
from mhsim.scenario_io.loader import read_checked

SHELF = Path(__file__).parent / "shelf"
LANGUAGES = ("en", "de")


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


@lru_cache(maxsize=len(LANGUAGES))
def lessons_of(language: str) -> dict[str, Lesson]:
    """Return the lessons that there are in a language, with its texts, in their order.

    Raises
    ------
    InputError
        If a file is wrong, or its texts are not those of the lesson.
    """
    if language == "en":
        return lessons()
    there = {path.stem: path for path in sorted((SHELF / language).glob("*.yaml"))}
    for name, path in there.items():
        if name not in lessons():
            raise InputError(f"no lesson is named '{name}'", str(path))
    return {name: read_translation(there[name], one) for name, one in lessons().items() if name in there}


def read_lesson(path: Path) -> Lesson:
    """Return the lesson in a file, its situations and parameters checked as well; raise InputError if it is wrong."""
    lesson = read_checked(path, Lesson)
    for case in lesson.cases:
        try:
            scenario = situation_of_case(lesson, case).scenario()
            _measured(lesson, case, measures_of(scenario))
        except InputError as error:
            raise InputError(f"cases, {case.name}: {error}", str(path)) from None
    for name in lesson.rests_on:
        if name not in parameters():
            raise InputError(f"rests_on: no parameter is named '{name}'", str(path))
    return lesson


def read_translation(path: Path, lesson: Lesson) -> Lesson:
    """Return a lesson with the texts of a file in their places; raise InputError if they are not of that lesson."""
    texts = read_checked(path, LessonTexts)
    try:
        found = _laid_over(lesson.model_dump(), texts.model_dump(), ())
    except ValueError as error:
        raise InputError(str(error), str(path)) from None
    return Lesson.model_validate(found)


def _laid_over(whole: Any, texts: Any, place: tuple[str, ...]) -> Any:
    """Return plain data with texts in the places of its own; raise ValueError where either lacks what the other has."""
    where = ", ".join(place)
    if isinstance(texts, dict) and isinstance(whole, dict):
        return whole | {key: _laid_over(whole[key], text, (*place, key)) for key, text in texts.items()}
    if isinstance(texts, tuple) and isinstance(whole, tuple):
        if len(texts) != len(whole):
            raise ValueError(f"{where}: given {len(texts)}, the lesson has {len(whole)}")
        pairs = zip(whole, texts, strict=True)
        return tuple(_laid_over(*pair, (*place, str(k + 1))) for k, pair in enumerate(pairs))
    if bool(texts) != bool(whole):
        raise ValueError(f"{where}: {'given' if texts else 'missing'}, unlike in the lesson")
    return texts


def _measured(lesson: Lesson, case: Case, known: tuple[str, ...]) -> None:
    """Raise InputError if a question asks a measure of a situation that its histories do not have."""
    for side in (side for ask in lesson.asks for side in (ask.first, ask.second)):
        if side.case == case.name and side.measure not in known:
            raise InputError(f"no measure is named '{side.measure}'")


def situation_of_case(lesson: Lesson, case: Case, seed: int | None = None) -> Situation:
    """Return a situation of a lesson as pages know it, with the lesson's length and, where given, another seed."""
    values = {"weeks": lesson.weeks, **case.settings} | ({} if seed is None else {"seed": seed})
    return Situation(case.form, (), case.changes).with_values(values)


def lessons_for_pages(forms: Collection[str] | None = None) -> dict[str, Any]:
    """Return what a page without a server is told of lessons, as plain data; of those on these forms, if any are given.

    Under each language its lessons by name, in their order, the settings of situations as an address has them; under
    ``codes`` what each code of the evidence stands for that they, or the parameters they rest on, name.
    """
    shelves: dict[str, Any] = {
        language: {
            name: _for_page(lesson)
            for name, lesson in lessons_of(language).items()
            if forms is None or {case.form for case in lesson.cases} <= set(forms)
        }
        for language in LANGUAGES
    }
    said = " ".join(path.read_text(encoding="utf-8") for path in SHELF.glob("*.yaml"))
    said += " ".join(str(parameters()[path]["source"]) for one in lessons().values() for path in one.rests_on)
    named = sorted(set(re.findall(CODE, said)) & set(codes()), key=lambda code: (code[0], int(code[1:])))
    return {**shelves, "codes": {code: " · ".join(codes()[code]) for code in named}}


def _for_page(lesson: Lesson) -> dict[str, Any]:
    found = lesson.model_dump(mode="json", exclude_defaults=True)
    for case, said in zip(lesson.cases, found["cases"], strict=True):
        situation = situation_of_case(lesson, case)
        changes = [change.model_dump(mode="json", exclude_defaults=True) for change in situation.changes]
        said |= {"form": case.form, "settings": dict(situation.settings), "changes": changes}
    for ask, said in zip(lesson.asks, found["asks"], strict=True):
        said |= {"scale": ask.scale, "digits": ask.digits, "matters": ask.matters}
    return found | {"pairs": lesson.pairs, "doubt": lesson.doubt}
