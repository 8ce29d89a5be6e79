"""What a robustness study says, and its plan: the points that a study's sentences need, under each alteration."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from mhsim.errors import InputError, suggestion
from mhsim.scenario import Scenario, Value, with_values
from mhsim.scenario_io.source_map import Document
from mhsim.scenario_io.yaml_reader import read_yaml
from mhsim.studies.design import Names, StudyBase
from mhsim.studies.plan import SCENARIO, Plan, first_problem, written
from mhsim.studies.robustness.alterations import GROUPS, USUAL, Alteration, alterations_of, assumed_values
from mhsim.studies.robustness.questions import OF_KINDS, question_of
from mhsim.user_paths import command_text, user_path

ALTERATION = "alteration"
"""The path whose values are names of alterations."""


class Robustness(StudyBase):
    """A study that asks another study's question again, with one thing after the other altered."""

    kind: Literal["robustness"] = Field(default="robustness", description="kind of study")
    of: dict[str, Any] = Field(description="the study whose sentences are tried, as its own file says it")
    only: Names = Field(
        default=USUAL, min_length=1, description="groups of alterations, or rules or paths of assumed values"
    )
    screen: int = Field(
        default=0, ge=0, le=1_000_000, description="replicates of a first look; the rest where it may fall"
    )

    grows_by = ("replicates", "only", "screen")
    without_draws = (
        "a study of robustness alters assumed values itself, one at a time, and draws would be altered once more; "
        "run it without draws, and the study that it tries with them"
    )

    @model_validator(mode="before")
    @classmethod
    def _as_the_study(cls, given: Any) -> Any:
        """Let seed, length, question and title be those of the study that is tried, unless given."""
        if not isinstance(given, dict) or not isinstance(given.get("of"), dict):
            return given
        of = given["of"]
        taken = {key: of[key] for key in ("base", "seed", "weeks", "question") if of.get(key) and key not in given}
        if of.get("title") and "title" not in given:
            taken["title"] = f"What of “{of['title']}” holds otherwise?"[:200]
        return {**given, **taken}

    @field_validator("of")
    @classmethod
    def _a_study(cls, of: dict[str, Any]) -> dict[str, Any]:
        kind = of.get("kind", "sweep")
        if kind not in OF_KINDS:
            raise ValueError(
                f"a study of kind {kind!r} makes no sentences that could be tried{suggestion(str(kind), OF_KINDS)}"
            )
        return of

    @field_validator("only")
    @classmethod
    def _known_groups(cls, only: tuple[str, ...]) -> tuple[str, ...]:
        known = (*GROUPS, *dict.fromkeys(path.split(".")[0] for path in assumed_values()), *assumed_values())
        for name in only:
            if name not in known:
                raise ValueError(
                    f"no group of alterations is named {name!r}{suggestion(name, GROUPS)}; rules or paths of assumed "
                    "values may be named, too, such as serve or serve.become_hazard"
                )
        return only

    @model_validator(mode="after")
    def _screens_fewer(self) -> Self:
        """Refuse a first look at more replicates than there are, and a study that cannot be."""
        if self.screen >= self.replicates > 0 and self.screen:
            raise ValueError(f"screen is {self.screen}; a first look takes fewer than replicates, {self.replicates}")
        self.asks  # noqa: B018 - checked here, so that a wrong one is told with its place
        return self

    @cached_property
    def asks(self) -> StudyBase:
        """The study that is tried, with replicates, seed and length of this one."""
        from mhsim.studies.registry import kind_named

        said = {"replicates": self.replicates, "seed": self.seed, "weeks": self.weeks}
        given = {**self.of, **{key: value for key, value in said.items() if value is not None}}
        for key in ("until", "most_replicates", "series_of", "draws"):
            given.pop(key, None)
        given.pop("record", None)
        context = {"beside": self.beside, "scenarios": self.kept}
        return kind_named(given.get("kind", "sweep")).study.model_validate(given, context=context)


@dataclass(frozen=True)
class AlteredPlan(Plan):
    """A plan whose points are those of another plan, each under one alteration."""

    alterations: dict[str, Alteration] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()

    def scenario_at(self, point: int) -> Scenario:
        """Return the scenario of a point of the study that is tried, altered."""
        whole = self._whole(point)
        return with_values(whole, self.altered(point, whole))

    def _whole(self, point: int) -> Scenario:
        given = self.values(point)
        del given[ALTERATION]
        key = tuple(given.items())
        if key not in self._known:
            base = self.others[str(given.pop(SCENARIO))] if SCENARIO in given else self.scenario
            self._known[key] = with_values(base, {**self.fixed, **given})
        return self._known[key]

    @cached_property
    def _known(self) -> dict[Any, Scenario]:
        return {}

    def altered(self, point: int, whole: Scenario) -> dict[str, Value]:
        """Return what an alteration sets at a point."""
        return self.alterations[str(self.values(point)[ALTERATION])].of(whole)

    def command(self, point: int, replicate: int) -> str:
        """Return the command that repeats one run alone."""
        values = self.values(point)
        del values[ALTERATION]
        plain = Plan(
            self.base, self.scenario, self.fixed, tuple(values), (tuple(values.values()),), 1, self.seed, self.watch,
            self.record, self.others, self.parts, beside=self.beside,
        )  # fmt: skip
        more = self.altered(point, self._whole(point))
        words = [word for path, value in more.items() for word in ("--set", f"{path}={written(value)}")]
        return " ".join([plain.command(0, replicate), *([command_text(*words)] if words else [])])


def plan_of(study: Robustness) -> AlteredPlan:
    """Turn a robustness study into a plan, every point of which is an allowed scenario.

    Raises
    ------
    InputError
        If the study that is tried is not allowed, or nothing is left to alter; one line.
    """
    asked_plan, asked = question_of(study.asks)
    whole = [asked_plan.scenario_at(point) for point in range(len(asked_plan.points))]
    alterations = {one.name: one for one in alterations_of(whole, asked, study.only)}
    if len(alterations) == 1:
        raise InputError(f"only: {', '.join(study.only)}: nothing of it is left to alter in this study")
    points = tuple((name, *values) for name, values in product(alterations, asked_plan.points))
    plan = AlteredPlan.of(
        study, asked_plan.scenario, (ALTERATION, *asked_plan.paths), points,
        fixed=asked_plan.fixed, others=asked_plan.others, parts=asked_plan.parts, watch=asked_plan.watch,
        base=asked_plan.base, seed=asked_plan.seed, record="runs", alterations=alterations, asked=asked,
    )  # fmt: skip
    for point in range(len(points)):
        _check(plan, point)
    return plan


def _check(plan: AlteredPlan, point: int) -> None:
    try:
        plan.scenario_at(point)
    except ValidationError as reason:
        values = plan.altered(point, plan._whole(point))
        raise InputError(f"alteration {plan.values(point)[ALTERATION]}: {first_problem(values, reason)}") from None


def document_of_study(name: str) -> Document:
    """Return the document of a robustness study: its own file, or that of the study it tries, or its finished folder.

    Raises
    ------
    InputError
        If there is no such file, or the folder holds no study; one line.
    """
    path = user_path(Path(name))
    folder = path.is_dir()
    if folder and not (path / "study.yaml").is_file():
        raise InputError("this folder holds no study: it has no study.yaml", name)
    document = read_yaml(str(path / "study.yaml") if folder else name)
    data = document.data
    if data.get("kind") == "robustness":
        return document
    if folder and str(data.get("base", "")).endswith((".yaml", ".yml")):
        data["base"] = "base.yaml"
    places = {("of", *keys): place for keys, place in document.places.items()}
    return Document(document.file, {"kind": "robustness", "of": data}, places)
