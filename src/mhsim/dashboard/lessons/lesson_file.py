"""Lessons: data that a psychologist can read and change, one file for each in `shelf/`, read and checked here.

No number of a result stands in a lesson. It names situations, what is measured in them, and words for each possible
result; which words are shown is decided by the run that the reader starts. A wrong file gives one readable line.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mhsim.dashboard.lessons.measures import measures_of
from mhsim.dashboard.scenario_state import Situation, parameters
from mhsim.errors import InputError
from mhsim.scenario import Change, Value
from mhsim.scenario_io.loader import read_checked

Direction = Literal["more", "fewer", "same"]
"""How the second of two numbers differs from the first."""


class LessonPart(BaseModel):
    """A part of a lesson: nothing may stand in it that is not known here."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Case(LessonPart):
    """A situation that is simulated: a type of group and the settings in which it differs."""

    name: str = Field(pattern=r"^[a-z_]+$", description="a short name, used in this file only")
    label: str = Field(max_length=48, description="what it is, in few words, as pictures show it")
    about: str = Field(max_length=240, description="the same in a sentence")
    form: str = Field(default="base", description="the shipped form it starts from")
    settings: dict[str, Value] = Field(default_factory=dict, description="paths of a scenario and their values")
    changes: tuple[Change, ...] = Field(default=(), description="what happens in mid-life")


class CaseMeasure(LessonPart):
    """A measure in a situation."""

    case: str = Field(description="the name of a situation of this lesson")
    measure: str = Field(description="the name of a measure")


class Ask(LessonPart):
    """A question that numbers answer: a second measure is compared with a first, pair by pair."""

    name: str = Field(pattern=r"^[a-z_]+$", description="a short name, used by the choices")
    title: str = Field(max_length=120, description="the question in a line")
    first: CaseMeasure
    second: CaseMeasure
    names: tuple[str, str] | None = Field(default=None, description="names of both sides, instead of the labels")
    unit: str = Field(max_length=120, description="what is counted, such as 'of 100 groups are alive'")
    scale: float = Field(default=100.0, gt=0, description="what a measure is multiplied by")
    digits: int = Field(default=0, ge=0, le=2, description="decimals shown")
    matters: float = Field(default=0.0, ge=0, description="a clear difference below this counts as 'same'")
    more: str = Field(description="words if the second is clearly more")
    fewer: str = Field(description="words if the second is clearly fewer or less")
    same: str = Field(description="words if no difference worth speaking of is clear")


class Choice(LessonPart):
    """Something one can expect, and what each answer would then be."""

    name: str = Field(pattern=r"^[a-z_]+$")
    says: str = Field(max_length=160, description="the expectation, as a reader would put it")
    expects: dict[str, tuple[Direction, ...]] = Field(description="the outcomes that would agree with it, by question")


class Why(LessonPart):
    """One step of the explanation: a mechanism, and what it does here."""

    mechanism: str = Field(max_length=40)
    says: str
    when: dict[str, tuple[Direction, ...]] = Field(
        default_factory=dict, description="the outcomes, by question, with which it holds; with any unless given"
    )


class LifeChoice(LessonPart):
    """Which life from the first of the histories is shown, chosen by rule."""

    case: str
    rule: Literal["first_helper", "left_early", "done"] = Field(description="see mhsim.stories.notable_lives")
    says: str = Field(description="why this life is shown")


class Next(LessonPart):
    """Something to try: a page of the dashboard with a situation, or two."""

    says: str = Field(max_length=160)
    page: Literal["explore", "turnover"]
    case: str
    against: str | None = Field(default=None, description="the second situation, on the page Turnover")
    week: int | None = None


class Lesson(LessonPart):
    """A guided lesson."""

    order: int = Field(ge=1, description="its place in the list")
    title: str = Field(max_length=60)
    line: str = Field(max_length=120, description="one line for the list")
    question: str
    background: tuple[str, ...] = Field(min_length=3, max_length=5, description="sentences")
    sources: tuple[str, ...] = Field(min_length=1, description="codes of docs/evidence.md")
    weeks: int = Field(ge=52, le=520)
    pairs: int = Field(default=200, ge=20, le=200)
    cases: tuple[Case, ...] = Field(min_length=1, max_length=5)
    asks: tuple[Ask, ...] = Field(min_length=1, max_length=4)
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=5)
    why: tuple[Why, ...] = Field(min_length=1)
    rests_on: tuple[str, ...] = Field(min_length=1, description="paths of the parameters that carry the result")
    evidence: str = Field(description="how strong what is published about it is, in words")
    doubt: str = Field(default="", description="who would doubt it, and at what values it comes out otherwise")
    limits: str = Field(description="what this does not show")
    life: LifeChoice
    next: tuple[Next, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits_together(self) -> Lesson:
        cases, asks = {case.name for case in self.cases}, {ask.name for ask in self.asks}
        sides = [side for ask in self.asks for side in (ask.first, ask.second)]
        named = [side.case for side in sides] + [self.life.case] + [step.case for step in self.next]
        named += [step.against for step in self.next if step.against]
        _known("situation", named, cases)
        _known("question", [name for choice in self.choices for name in choice.expects], asks)
        _known("question", [name for why in self.why for name in why.when], asks)
        for what, names in (
            ("situation", [case.name for case in self.cases]),
            ("question", [a.name for a in self.asks]),
        ):
            if len(set(names)) < len(names):
                raise ValueError(f"two of its {what}s have the same name")
        return self

    def case(self, name: str) -> Case:
        """Return a situation by its name."""
        return next(case for case in self.cases if case.name == name)

    def choice(self, name: str) -> Choice | None:
        """Return a choice by its name; None if there is none."""
        return next((choice for choice in self.choices if choice.name == name), None)


def _measured(lesson: Lesson, case: Case, known: tuple[str, ...]) -> None:
    """Raise InputError if a question asks a measure of a situation that its histories do not have."""
    for side in (side for ask in lesson.asks for side in (ask.first, ask.second)):
        if side.case == case.name and side.measure not in known:
            raise InputError(f"no measure is named '{side.measure}'")


def _known(what: str, names: list[str], known: object) -> None:
    for name in names:
        if name not in known:  # type: ignore[operator]
            raise ValueError(f"no {what} is named '{name}'")


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
            scenario = situation_of_case(lesson, case).scenario()
            _measured(lesson, case, measures_of(scenario))
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
