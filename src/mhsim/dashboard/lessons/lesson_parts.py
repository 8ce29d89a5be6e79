"""What a lesson is made of. Each part has its texts in a class of their own, which is all that a translation holds."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mhsim.scenario import Change, Value

Direction = Literal["more", "fewer", "same"]
"""How the second of two numbers differs from the first."""


class LessonPart(BaseModel):
    """A part of a lesson: nothing may stand in it that is not known here."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CaseTexts(LessonPart):
    """The texts of a situation."""

    label: str = Field(max_length=48, description="what it is, in few words, as pictures show it")
    about: str = Field(max_length=240, description="the same in a sentence")


class Case(CaseTexts):
    """A situation that is simulated: a type of group and the settings in which it differs."""

    name: str = Field(pattern=r"^[a-z_]+$", description="a short name, used in this file only")
    form: str = Field(default="base", description="the shipped form it starts from")
    settings: dict[str, Value] = Field(default_factory=dict, description="paths of a scenario and their values")
    changes: tuple[Change, ...] = Field(default=(), description="what happens in mid-life")


class CaseMeasure(LessonPart):
    """A measure in a situation."""

    case: str = Field(description="the name of a situation of this lesson")
    measure: str = Field(description="the name of a measure")


class AskTexts(LessonPart):
    """The texts of a question, and of what may come out."""

    title: str = Field(max_length=120, description="the question in a line")
    names: tuple[str, str] | None = Field(default=None, description="names of both sides, instead of the labels")
    unit: str = Field(max_length=120, description="what is counted, such as 'of 100 groups are alive'")
    more: str = Field(description="words if the second is clearly more")
    fewer: str = Field(description="words if the second is clearly fewer or less")
    same: str = Field(description="words if no difference worth speaking of is clear")


class Ask(AskTexts):
    """A question that numbers answer: a second measure is compared with a first, pair by pair."""

    name: str = Field(pattern=r"^[a-z_]+$", description="a short name, used by the choices")
    first: CaseMeasure
    second: CaseMeasure
    scale: float = Field(default=100.0, gt=0, description="what a measure is multiplied by")
    digits: int = Field(default=0, ge=0, le=2, description="decimals shown")
    matters: float = Field(default=0.0, ge=0, description="a clear difference below this counts as 'same'")


class ChoiceTexts(LessonPart):
    """The text of an expectation."""

    says: str = Field(max_length=160, description="the expectation, as a reader would put it")


class Choice(ChoiceTexts):
    """Something one can expect, and what each answer would then be."""

    name: str = Field(pattern=r"^[a-z_]+$")
    expects: dict[str, tuple[Direction, ...]] = Field(description="the outcomes that would agree with it, by question")


class WhyTexts(LessonPart):
    """The texts of one step of the explanation."""

    mechanism: str = Field(max_length=40)
    says: str


class Why(WhyTexts):
    """One step of the explanation: a mechanism, and what it does here."""

    when: dict[str, tuple[Direction, ...]] = Field(
        default_factory=dict, description="the outcomes, by question, with which it holds; with any unless given"
    )


class LifeTexts(LessonPart):
    """The text beside a life."""

    says: str = Field(description="why this life is shown")


class LifeChoice(LifeTexts):
    """Which life from the first of the histories is shown, chosen by rule."""

    case: str
    rule: Literal["first_helper", "left_early", "done"] = Field(description="see mhsim.stories.notable_lives")


class NextTexts(LessonPart):
    """The text of something to try."""

    says: str = Field(max_length=160)


class Next(NextTexts):
    """Something to try: a page of the dashboard with a situation, or two."""

    page: Literal["explore", "turnover"]
    case: str
    against: str | None = Field(default=None, description="the second situation, on the page Turnover")
    week: int | None = None


class Misconception(LessonPart):
    """Something that is easily thought, and what may be said to it."""

    thought: str = Field(max_length=200)
    instead: str = Field(max_length=300)


class TeacherTexts(LessonPart):
    """What a teacher wants to know beforehand, in words."""

    aims: tuple[str, ...] = Field(min_length=2, max_length=4, description="what students can do afterwards")
    misconceptions: tuple[Misconception, ...] = Field(min_length=1, max_length=4)
    discussion: tuple[str, ...] = Field(min_length=2, max_length=5, description="questions to talk about")


class Teacher(TeacherTexts):
    """What a teacher wants to know beforehand."""

    minutes: int = Field(ge=15, le=120, description="how long it takes with a class, talking about it included")


class LessonTexts(LessonPart):
    """The texts of a lesson: what stands in its file in another language."""

    title: str = Field(max_length=60)
    line: str = Field(max_length=120, description="one line for the list")
    question: str
    background: tuple[str, ...] = Field(min_length=3, max_length=5, description="sentences")
    cases: tuple[CaseTexts, ...] = Field(min_length=1, max_length=5)
    asks: tuple[AskTexts, ...] = Field(min_length=1, max_length=4)
    choices: tuple[ChoiceTexts, ...] = Field(min_length=2, max_length=5)
    why: tuple[WhyTexts, ...] = Field(min_length=1)
    evidence: str = Field(description="how strong what is published about it is, in words")
    doubt: str = Field(default="", description="who would doubt it, and at what values it comes out otherwise")
    limits: str = Field(description="what this does not show")
    life: LifeTexts
    next: tuple[NextTexts, ...] = Field(min_length=1)
    teacher: TeacherTexts


class Lesson(LessonTexts):
    """A guided lesson."""

    order: int = Field(ge=1, description="its place in the list")
    sources: tuple[str, ...] = Field(min_length=1, description="codes of docs/evidence.md")
    weeks: int = Field(ge=52, le=520)
    pairs: int = Field(default=200, ge=20, le=200)
    cases: tuple[Case, ...] = Field(min_length=1, max_length=5)
    asks: tuple[Ask, ...] = Field(min_length=1, max_length=4)
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=5)
    why: tuple[Why, ...] = Field(min_length=1)
    rests_on: tuple[str, ...] = Field(min_length=1, description="paths of the parameters that carry the result")
    life: LifeChoice
    next: tuple[Next, ...] = Field(min_length=1)
    teacher: Teacher

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


def _known(what: str, names: list[str], known: object) -> None:
    for name in names:
        if name not in known:  # type: ignore[operator]
            raise ValueError(f"no {what} is named '{name}'")
