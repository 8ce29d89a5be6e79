"""The plan of a study: every point, checked before anything runs.

It is the same for a study that is resumed; which runs are left to do then is settled by `run_missing` in `run_study`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from pydantic import ValidationError

from mhsim.errors import InputError
from mhsim.modules import modules_in
from mhsim.outcomes.measures import NAMES, names_of_forms, names_of_modules
from mhsim.outcomes.results import Run
from mhsim.scenario import Scenario, Value, is_unloaded, with_values
from mhsim.scenario_io.loader import path_or_name
from mhsim.scenario_io.overrides import WHOLESALE, problem_with, unknown_path
from mhsim.scenario_io.value_types import kind_of
from mhsim.studies.columns import DRAW
from mhsim.studies.design import OWN_KEYS, Study, StudyBase
from mhsim.studies.points import rows_of, rows_of_part, value_at
from mhsim.user_paths import command_text

SCENARIO = "scenario"
"""The path whose values are scenarios."""


MOST_RUNS = 100_000_000
SPOT_CHECKED = 20_000
SPOT_EVERY = 97
"""In a spot check: all of the first points are checked, and of the others every so many."""


_checks: ContextVar[tuple[Callable[[int], None], bool]] = ContextVar("point_checks", default=(lambda done: None, False))
"""What is called with the number of points that were checked, and whether only some of many are: a spot check."""


def is_spot(point: int) -> bool:
    """Return whether a spot check looks at a point."""
    return point < SPOT_CHECKED or point % SPOT_EVERY == 0


def tell_checked(point: int) -> bool:
    """Tell how far the checking of points is; return whether this one is to be looked at."""
    progress, spot = _checks.get()
    progress(point + 1)
    return not spot or is_spot(point)


def spot_checked(points: int) -> int:
    """Return how many of so many points a spot check looks at."""
    return sum(map(is_spot, range(points)))


@contextmanager
def point_checks(progress: Callable[[int], None], *, spot: bool = False) -> Iterator[None]:
    """Tell how far the checking of points is, in every kind of study, until the block ends.

    Parameters
    ----------
    progress : callable
        Called as ``progress(done)`` with the number of points that have been checked.
    spot : bool
        Whether of very many points only some are checked; such a plan is not to be run.
    """
    token = _checks.set((progress, spot))
    try:
        yield
    finally:
        _checks.reset(token)


@dataclass(frozen=True)
class FormDraws:
    """The draws that one scenario of a study is run with.

    Attributes
    ----------
    form : str
        The form whose fit they are of.
    digest : str
        Of the whole fit, so that nobody goes on with another.
    values : tuple of dict
        For each draw, from the first: path and value of whatever it decides.
    kept : tuple of str
        Parameters of the fit that it does not decide, since the study or its scenario says them itself.
    """

    form: str
    digest: str
    values: tuple[dict[str, Value], ...]
    kept: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """All that is to be run: one scenario, other values at each point, replicates with the same random seeds.

    Every kind of study that runs points ends in a plan; the store and the runner know nothing else. Where a path is
    named `SCENARIO`, its values name scenarios among `others`, which stand in the place of the base at their points.
    Files of scenarios named by a relative path lie under `beside`, the folder of the study's own file.
    Where one of them was made from another file, `parts` names that file and the values that were put into it.
    A kind that keeps more of a run than the engine tells gives a `simulate` of its own, see `one_run`. At the points
    `series_at` the weekly series of runs are kept although those of others are not. With `draws`, by the scenario that
    they are for, the last path is `DRAW`: its values number the draws, and 0 are the values as shipped.
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
    parts: dict[str, tuple[str, dict[str, Value]]] = field(default_factory=dict)
    simulate: Callable[..., Run] | None = None
    beside: Path = Path()
    series_at: frozenset[int] = frozenset()
    draws: dict[str, FormDraws] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what no disk holds."""
        if self.total > MOST_RUNS:
            raise InputError(f"the study has {self.total:,} runs; at most {MOST_RUNS:,} are allowed")

    @classmethod
    def of(
        cls,
        study: StudyBase,
        scenario: Scenario,
        paths: tuple[str, ...],
        points: tuple[tuple[Value, ...], ...],
        **more: Any,
    ) -> Self:
        """Return the plan of a study from its points and what all studies say; fields in `more` go before that.

        Unless a study names what it watches, it watches what optional mechanisms that are on measure, too.
        """
        said = {
            name: getattr(study, name) for name in ("base", "fixed", "replicates", "seed", "watch", "record", "beside")
        }
        watch, worlds = more.pop("watch", study.watch), (scenario, *more.get("others", {}).values())
        if set(study.watch) >= set(NAMES):
            watch = (*watch, *names_of_forms(dict.fromkeys(name for one in worlds for name in one.forms)))
        if study.watch and "watch" not in study.model_fields_set:
            given = [*study.fixed.items(), *(pair for point in points for pair in zip(paths, point, strict=True))]
            watch = (*watch, *names_of_modules(modules_in(worlds, given)))
        said["watch"] = tuple(dict.fromkeys(watch))
        return cls(**{**said, "scenario": scenario, "paths": paths, "points": points, **more})

    @property
    def total(self) -> int:
        """The number of runs."""
        return len(self.points) * self.replicates

    def values(self, point: int) -> dict[str, Value]:
        """Return what a point varies: path and value."""
        return dict(zip(self.paths, self.points[point], strict=True))

    def record_at(self, point: int) -> str:
        """Return what is kept of the runs at a point; of draws nothing but their summaries."""
        if self.draw_of(point):
            return "runs"
        return "series" if point in self.series_at else self.record

    def draw_of(self, point: int) -> int:
        """Return which draw a point has the values of; 0 for the values as shipped."""
        return int(self.points[point][-1]) if self.draws else 0

    def drawn(self, point: int) -> dict[str, Value]:
        """Return what the draw of a point decides: path and value; nothing for the values as shipped."""
        draw, name = self.draw_of(point), str(self.values(point).get(SCENARIO, ""))
        return self.draws[name].values[draw - 1] if draw else {}

    @property
    def as_shipped(self) -> int:
        """The number of points with the values as shipped; they come first."""
        return sum(not self.draw_of(point) for point in range(len(self.points))) if self.draws else len(self.points)

    def scenario_at(self, point: int) -> Scenario:
        """Return the scenario of a point: the base, then its draw, then the fixed values, then the point's own."""
        given = self.values(point)
        given.pop(DRAW, None)
        base = self.others[str(given.pop(SCENARIO))] if SCENARIO in given else self.scenario
        return with_values(base, {**self.drawn(point), **self.fixed, **given})

    def command(self, point: int, replicate: int) -> str:
        """Return the command that repeats one run alone."""
        values = self.values(point)
        values.pop(DRAW, None)
        name = str(values.pop(SCENARIO, self.base))
        base, own = self.parts.get(name, (name, {}))
        given = {**own, **self.drawn(point), **self.fixed, **values}
        weeks, _ = given.pop("weeks", None), given.pop("seed", None)
        words = [
            "mhsim",
            "run",
            path_or_name(base, self.beside),
            "--seed",
            str(self.seed),
            "--replicate",
            str(replicate),
        ]
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
    named = study.vary[SCENARIO].values or () if SCENARIO in study.vary else ()
    others = {str(name): study.scenario_named(f"vary.{SCENARIO}", str(name)) for name in named}
    for one in others.values() or (scenario,):
        check_paths(study, one)
    fixed = study.fixed
    paths = study.paths
    points = tuple(
        checked(scenario, fixed, dict(zip(paths, values, strict=True)), number, others)
        for number, values in enumerate(rows_of(study, scenario))
    )
    if study.design == "parts":
        points = tuple(dict.fromkeys(points))
    return Plan.of(study, scenario, paths, points, others=others, series_at=_series_at(study, scenario, points))


def _series_at(study: Study, scenario: Scenario, points: tuple[tuple[Value, ...], ...]) -> frozenset[int]:
    """Return the numbers of the points that belong to a part whose weekly series are kept."""
    fixed, paths = study.fixed, study.paths
    wanted = {
        checked(scenario, fixed, dict(zip(paths, values, strict=True)), 0)
        for name in study.series_of
        for values in rows_of_part(study, scenario, name)
    }
    return frozenset(number for number, values in enumerate(points) if values in wanted)


def check_paths(study: Study, scenario: Scenario) -> None:
    """Raise InputError if a path under `set` or `vary` is none of the scenario's, or a value is of the wrong kind."""
    listed: list[tuple[str, tuple[Value, ...]]] = [(path, (value,)) for path, value in study.set.items()]
    listed += [(path, variation.values or ()) for path, variation in study.variations]
    for path, values in listed:
        if is_unloaded(scenario, path) or (path == SCENARIO and path in study.vary):
            continue
        try:
            present = value_at(scenario, path)
        except KeyError:
            raise InputError(_no_parameter(path, scenario)) from None
        for value in values:
            problem = problem_with(path, value, written(value))
            if problem and (path in WHOLESALE or kind_of(value) != kind_of(present)):
                raise InputError(f"{path}={written(value)}: {problem}")


def _no_parameter(path: str, scenario: Scenario) -> str:
    """Return the words for a path that the scenario does not have."""
    if path.startswith("changes"):
        number = f"the scenario has {len(scenario.changes)} changes in mid-life"
        return f"{path}: {number}; a path is changes[0].week or changes[0].count, counted from 0"
    return f"{path}: {unknown_path(path, left_out=OWN_KEYS)}"


def checked(
    scenario: Scenario,
    fixed: dict[str, Value],
    given: dict[str, Value],
    point: int,
    others: Mapping[str, Scenario] = MappingProxyType({}),
) -> tuple[Value, ...]:
    """Return a point's values as the scenario holds them; raise InputError naming the point if one is not allowed.

    Parameters
    ----------
    scenario : Scenario
        The base.
    fixed, given : dict
        Paths and values of all points, and of this one.
    point : int
        The number of the point.
    others : dict of Scenario, optional
        Scenarios that the path `SCENARIO` names.
    """
    if not tell_checked(point):
        return tuple(given.values())
    own = {path: value for path, value in given.items() if path != SCENARIO}
    try:
        made = with_values(others[str(given[SCENARIO])] if SCENARIO in given else scenario, {**fixed, **own})
    except ValidationError as reason:
        values = ", ".join(f"{path}={written(value)}" for path, value in given.items())
        problem = first_problem({**fixed, **own}, reason)
        raise InputError(f"point {point} ({values or 'nothing varies'}): {problem}") from None
    return tuple(
        float(value) if path in WHOLESALE else str(value) if path == SCENARIO else value_at(made, path)
        for path, value in given.items()
    )


def first_problem(values: dict[str, Value], reason: ValidationError) -> str:
    """Return what is wrong with the first value that is not allowed, or else with their combination."""
    for path, value in values.items():
        problem = problem_with(path, value, written(value))
        if problem:
            return f"{path}: {problem}"
    return str(reason.errors(include_url=False)[0]["msg"]).removeprefix("Value error, ")
