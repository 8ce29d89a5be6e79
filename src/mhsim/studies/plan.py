"""What is to be run: every point of a study, checked before anything starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from mhsim.errors import InputError, suggestion
from mhsim.outcomes.results import Run
from mhsim.scenario import Scenario, Value, is_unloaded, parameter_rows, with_values
from mhsim.scenario_io.loader import path_or_name
from mhsim.scenario_io.overrides import WHOLESALE, problem_with
from mhsim.scenario_io.value_types import kind_of
from mhsim.studies.design import Study
from mhsim.studies.points import rows_of, value_at
from mhsim.user_paths import command_text

SCENARIO = "scenario"
"""The path whose values are scenarios."""


@dataclass(frozen=True)
class Plan:
    """All that is to be run: one scenario, other values at each point, replicates under the same luck.

    Every kind of study that runs points ends in a plan; the store and the runner know nothing else. Where a path is
    named `SCENARIO`, its values name scenarios among `others`, which stand in the place of the base at their points.
    Files of scenarios named by a relative path lie under `beside`, the folder of the study's own file.
    A kind that keeps more of a run than the engine tells gives a `simulate` of its own, see `one_run`.
    """

    base: str
    scenario: Scenario
    fixed: dict[str, Value]
    paths: tuple[str, ...]
    points: tuple[tuple[Value, ...], ...]
    replicates: int
    seed: int
    watch: tuple[str, ...]
    record: str
    others: dict[str, Scenario] = field(default_factory=dict)
    simulate: Callable[..., Run] | None = None
    beside: Path = Path()

    @property
    def total(self) -> int:
        """The number of runs."""
        return len(self.points) * self.replicates

    def values(self, point: int) -> dict[str, Value]:
        """Return what a point varies: path and value."""
        return dict(zip(self.paths, self.points[point], strict=True))

    def scenario_at(self, point: int) -> Scenario:
        """Return the scenario of a point: the base, then the fixed values, then the point's own."""
        given = self.values(point)
        base = self.others[str(given.pop(SCENARIO))] if SCENARIO in given else self.scenario
        return with_values(base, {**self.fixed, **given})

    def command(self, point: int, replicate: int) -> str:
        """Return the command that repeats one run alone."""
        given = {**self.fixed, **self.values(point)}
        weeks = given.pop("weeks", None)
        given.pop("seed", None)
        base = path_or_name(str(given.pop(SCENARIO, self.base)), self.beside)
        words = ["mhsim", "run", base, "--seed", str(self.seed), "--replicate", str(replicate)]
        for path, value in given.items():
            words += ["--set", f"{path}={written(value)}"]
        return command_text(*words, *([] if weeks is None else ["--weeks", str(weeks)]))


def written(value: Value) -> str:
    """Return a value as YAML would have it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


STUDY = Study


def plan_of(study: Study) -> Plan:
    """Turn a study into a plan, every point of which is an allowed scenario.

    Raises
    ------
    InputError
        If the base does not exist or a point is not allowed; the message is one line and names the point.
    """
    scenario = study.scenario_named("base", study.base)
    check_paths(study, scenario)
    fixed: dict[str, Value] = {"seed": study.seed, **study.set}
    if study.weeks is not None:
        fixed["weeks"] = study.weeks
    points = tuple(
        checked(scenario, fixed, dict(zip(study.vary, values, strict=True)), number)
        for number, values in enumerate(rows_of(study, scenario))
    )
    return Plan(
        study.base,
        scenario,
        fixed,
        tuple(study.vary),
        points,
        study.replicates,
        study.seed,
        study.watch,
        study.record,
        beside=study.beside,
    )


def check_paths(study: Study, scenario: Scenario) -> None:
    """Raise InputError if a path under `set` or `vary` is none of the scenario's, or a value is of the wrong kind."""
    known = [*WHOLESALE, *(row["path"] for row in parameter_rows())]
    for path in [*study.set, *study.vary]:
        if is_unloaded(scenario, path):
            continue
        try:
            present = value_at(scenario, path)
        except KeyError:
            raise InputError(f"the scenario has no parameter {path}{suggestion(path, known)}") from None
        listed = study.vary[path].values or () if path in study.vary else (study.set[path],)
        for value in listed:
            problem = problem_with(path, value, written(value))
            if problem and (path in WHOLESALE or kind_of(value) != kind_of(present)):
                raise InputError(f"{path}={written(value)}: {problem}")


def checked(scenario: Scenario, fixed: dict[str, Value], given: dict[str, Value], point: int) -> tuple[Value, ...]:
    """Return a point's values as the scenario holds them; raise InputError naming the point if one is not allowed."""
    try:
        made = with_values(scenario, {**fixed, **given})
    except ValidationError as reason:
        values = ", ".join(f"{path}={written(value)}" for path, value in given.items())
        problem = first_problem({**fixed, **given}, reason)
        raise InputError(f"point {point} ({values or 'nothing varies'}): {problem}") from None
    return tuple(float(value) if path in WHOLESALE else value_at(made, path) for path, value in given.items())


def first_problem(values: dict[str, Value], reason: ValidationError) -> str:
    """Return what is wrong with the first value that is not allowed, or else with their combination."""
    for path, value in values.items():
        problem = problem_with(path, value, written(value))
        if problem:
            return f"{path}: {problem}"
    return str(reason.errors(include_url=False)[0]["msg"]).removeprefix("Value error, ")
