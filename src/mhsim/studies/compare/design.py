"""What a file of a comparison may say, and its scenarios as points: all checked, and fit to be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from mhsim.errors import InputError, suggestion
from mhsim.outcomes.measures import BY_NAME
from mhsim.scenario import Scenario, Value, with_values
from mhsim.scenario_io.overrides import with_settings
from mhsim.scenario_io.source_map import Document
from mhsim.studies.design import OWN_KEYS, StudyBase, given_once
from mhsim.studies.plan import SCENARIO, Plan, first_problem

MOST_ARMS = 12
LONGEST_NAME = 60
FIRST = (0, 1, 2, 3, 4)
"""Replicates whose histories are simulated side by side unless others are named."""


class Arm(BaseModel):
    """One scenario of a comparison: its name or file, and other values at some of its paths."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    base: str | None = Field(
        default=None, min_length=1, description="name of a scenario, or path of its file; the study's base unless given"
    )
    set: dict[str, Value] = Field(default_factory=dict, description="paths with another value in this scenario")

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, given: Any) -> Any:
        """Read a plain text as the name or file of a scenario."""
        if isinstance(given, str):
            return {"base": given}
        if not isinstance(given, (Mapping, Arm)):
            raise ValueError("give the name of a scenario, the path of its file, or {base: ..., set: {path: value}}")
        return given

    @model_validator(mode="after")
    def _own_keys(self) -> Arm:
        """Refuse what must be equal in all scenarios for their seeds to be shared."""
        for path in OWN_KEYS:
            if path in self.set:
                raise ValueError(f"{path} is the same for all scenarios; give it as a key of the study itself")
        return self


class Compare(StudyBase):
    """A comparison: scenarios by name, each with the same seeds; the others are compared with the first."""

    kind: Literal["compare"] = Field(default="compare", description="kind of study")
    scenarios: dict[str, Arm] = Field(description="name: a scenario, its file, or {base: ..., set: {path: value}}")
    tolerance: dict[str, Annotated[float, Field(gt=0)]] = Field(
        default_factory=dict, description="measure: half width its interval is to fall below, in the measure's unit"
    )
    tolerance_share: float = Field(
        default=0.1, gt=0, le=10, description="the same for all other measures, as a share of their s.d. in the first"
    )
    parting: Annotated[tuple[Annotated[int, Field(ge=0, le=2**31 - 1)], ...], AfterValidator(given_once)] = Field(
        default=FIRST, max_length=1000, description="replicates whose histories are simulated side by side"
    )

    @field_validator("scenarios")
    @classmethod
    def _two_or_more(cls, scenarios: dict[str, Arm]) -> dict[str, Arm]:
        """Refuse a single scenario, too many, and names that would not fit a table."""
        if not 2 <= len(scenarios) <= MOST_ARMS:
            raise ValueError(f"a comparison needs 2 to {MOST_ARMS} scenarios; there are {len(scenarios)}")
        for name in scenarios:
            if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
                raise ValueError(
                    f"the name of a scenario is one line of 1 to {LONGEST_NAME} characters; given {name!r}"
                )
        return scenarios

    @model_validator(mode="after")
    def _fits_together(self) -> Compare:
        """Refuse paths given twice, and a tolerance for what is not watched or has no mean."""
        for name, arm in self.scenarios.items():
            for path in arm.set:
                if path in self.set:
                    raise ValueError(f"{path} is given twice, under set and under scenario {name}")
        numbers = [name for name in self.watch if BY_NAME[name].kind != "text"]
        for measure in self.tolerance:
            if measure not in numbers:
                raise ValueError(f"tolerance: no measure {measure!r} is watched{suggestion(measure, numbers)}")
        return self


def plan_of(study: Compare) -> Plan:
    """Turn a comparison into a plan with one point per scenario.

    Raises
    ------
    InputError
        If a scenario does not exist, a value is not allowed, or the scenarios differ in what must be equal for their
        seeds to be shared; one line that names the scenario.
    """
    fixed = study.fixed
    arms = {name: scenario_of(study, name, arm, fixed) for name, arm in study.scenarios.items()}
    check_alike("scenarios", {name: with_values(scenario, fixed) for name, scenario in arms.items()})
    points = tuple((name,) for name in arms)
    parts = {name: (arm.base or study.base, arm.set) for name, arm in study.scenarios.items()}
    return Plan.of(study, next(iter(arms.values())), (SCENARIO,), points, others=arms, parts=parts)


def scenario_of(study: Compare, name: str, arm: Arm, fixed: dict[str, Value]) -> Scenario:
    """Return the scenario of an arm without the values all arms share; raise InputError if it is not allowed."""
    whole = study.scenario_named(f"scenarios.{name}" if arm.base else "base", arm.base or study.base)
    try:
        made = with_settings(whole, arm.set)
        with_settings(made, {path: value for path, value in fixed.items() if path not in ("seed", "weeks")})
    except InputError as error:
        raise InputError(f"scenarios.{name}: {error}") from None
    try:
        with_values(made, fixed)
    except ValidationError as reason:
        raise InputError(f"scenarios.{name}: {first_problem(fixed, reason)}") from None
    return made


def check_alike(key: str, scenarios: dict[str, Scenario]) -> None:
    """Raise InputError if scenarios named under a key differ in length, or in steps, by which seeds are used."""
    first, reference = next(iter(scenarios.items()))
    for name, scenario in scenarios.items():
        if scenario.weeks != reference.weeks:
            raise InputError(
                f"{key}: {name} lasts {scenario.weeks} weeks and {first} {reference.weeks}; "
                "give weeks as a key of the study, so that all last equally long"
            )
        if scenario.weeks_per_step != reference.weeks_per_step:
            raise InputError(
                f"{key}: a step of {name} is {scenario.weeks_per_step:g} weeks and of {first} "
                f"{reference.weeks_per_step:g}; chance events are drawn by step, so these cannot share a seed"
            )


def document_of(scenarios: Sequence[str]) -> Document:
    """Return the document of the study that compares scenarios, named or in files, with the first of them."""
    names = arm_names(scenarios)
    title = f"{' and '.join(names[1:])} compared with {names[0]}"
    arms = dict(zip(names, scenarios, strict=True))
    return Document("", {"kind": "compare", "title": title[:200], "scenarios": arms})


def arm_names(scenarios: Sequence[str]) -> list[str]:
    """Return a name for each scenario: that of its file; a number is added to one that was there before."""
    names: list[str] = []
    for path in scenarios:
        stem = Path(path).stem[:50] or "scenario"
        taken = sum(name == stem or name.startswith(f"{stem} (") for name in names)
        names.append(f"{stem} ({taken + 1})" if taken else stem)
    return names
