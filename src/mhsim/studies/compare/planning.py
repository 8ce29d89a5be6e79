"""The scenarios of a comparison as points: all of them checked, and fit to be compared with one another."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import ValidationError

from mhsim.errors import InputError
from mhsim.scenario import Scenario, Value, with_values
from mhsim.scenario_io.loader import path_or_name
from mhsim.scenario_io.overrides import with_settings
from mhsim.studies.compare.spec import Arm, Compare
from mhsim.studies.plan import SCENARIO, Plan, first_problem, written
from mhsim.user_paths import command_text


@dataclass(frozen=True)
class ComparePlan(Plan):
    """A plan whose points are named scenarios; `arms` says what each was made from."""

    arms: dict[str, Arm] = field(default_factory=dict)

    def command(self, point: int, replicate: int) -> str:
        """Return the command that repeats one run alone."""
        arm = self.arms[str(self.values(point)[SCENARIO])]
        given = {**arm.set, **self.fixed}
        weeks, _ = given.pop("weeks", None), given.pop("seed", None)
        base = path_or_name(arm.base or self.base, self.beside)
        words = ["mhsim", "run", base, "--seed", str(self.seed), "--replicate", str(replicate)]
        for path, value in given.items():
            words += ["--set", f"{path}={written(value)}"]
        return command_text(*words, *([] if weeks is None else ["--weeks", str(weeks)]))


def plan_of(study: Compare) -> ComparePlan:
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
    first = next(iter(arms))
    points = tuple((name,) for name in arms)
    return ComparePlan.of(study, arms[first], (SCENARIO,), points, others=arms, arms=dict(study.scenarios))


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
