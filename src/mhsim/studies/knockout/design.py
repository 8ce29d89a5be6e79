"""What a knock-out study may say, and its points: every form as it is, and without one thing after the other.

A point holds the values of all paths that any knock-out touches, so that `points.parquet` alone tells what each point
is: a form's own values, with those that take something away in their place. Where a form lacks a thing already, the
knock-out is no other point than the form itself, and nothing is run twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from mhsim.errors import InputError, suggestion
from mhsim.scenario import Scenario, Value, everywhere, form_and_path, marked, sections
from mhsim.scenario_io.overrides import WHOLESALE, problem_with, with_settings
from mhsim.studies.compare.design import check_alike
from mhsim.studies.design import OWN_KEYS, Measures, Names, NumericMeasure, StudyBase
from mhsim.studies.plan import SCENARIO, Plan, checked, written
from mhsim.studies.points import MOST_POINTS, value_at

WORLD = ("arrive", "live", "progress")
"""Mechanisms that are the need itself and its course; without one of them there is nobody, or nothing, to help."""

MAIN = (
    "accommodated_at_52",
    "accommodated_at_52_joiners",
    "hope_at_52",
    "distress_at_52",
    "retention_at_52",
    "alive_at_end",
    "members_at_end",
    "helpers_at_end",
    "helper_reproduction",
)
"""Measures that are watched unless others are named."""

MOST_SHARERS = 6
Absence = tuple[str, ...]
"""Names of what is taken away together; empty for the world as it is."""


def switches() -> tuple[str, ...]:
    """Return the names of all mechanisms that can be switched off."""
    return tuple(name for name, model in sections().items() if "enabled" in model.model_fields)


def usual() -> tuple[str, ...]:
    """Return the mechanisms, optional ones too, whose being off leaves a world in which people are in need."""
    return tuple(name for name in switches() if name not in WORLD)


class Sharing(BaseModel):
    """An outcome that is shared out fairly among some mechanisms, by all of their combinations."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: Names = Field(min_length=2, max_length=MOST_SHARERS, description="mechanisms or named sets")
    outcome: NumericMeasure | Literal[""] = Field(default="", description="the measure; that of the study unless given")


class Knockout(StudyBase):
    """A knock-out: a world as it is, and the same world, with the same seeds, without one thing after the other."""

    kind: Literal["knockout"] = Field(default="knockout", description="kind of study")
    mechanisms: Names = Field(default_factory=usual, description="mechanisms to switch off, one at a time")
    sets: dict[str, dict[str, Value]] = Field(
        default_factory=dict, description="name of a knock-out of one's own: paths and the values that take it away"
    )
    pairs: bool = Field(default=False, description="whether every two are taken away together, too")
    forms: Names = Field(default=(), max_length=50, description="scenarios to do it in; base unless given")
    outcome: NumericMeasure = Field(default="accommodated_at_52", description="the measure that the answer is about")
    shapley: Sharing | None = Field(default=None, description="an outcome to share out among some of them")
    watch: Measures = Field(default=MAIN, min_length=1, description="measures to keep")

    @model_validator(mode="before")
    @classmethod
    def _base_is_a_form(cls, given: Any) -> Any:
        """Let the base be the first of the forms, and the only form be the base, where only one of them is given."""
        if not isinstance(given, dict):
            return given
        forms = given.get("forms")
        if not forms:
            return {**given, "forms": [given.get("base", "base")]}
        return given if "base" in given or not isinstance(forms, (list, tuple)) else {**given, "base": forms[0]}

    @field_validator("mechanisms")
    @classmethod
    def _known_mechanisms(cls, mechanisms: tuple[str, ...]) -> tuple[str, ...]:
        for name in mechanisms:
            if name not in switches():
                raise ValueError(f"no mechanism {name!r} that can be switched off{suggestion(name, switches())}")
        return mechanisms

    @field_validator("sets")
    @classmethod
    def _named_sets(cls, sets: dict[str, dict[str, Value]]) -> dict[str, dict[str, Value]]:
        for name, values in sets.items():
            if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
                raise ValueError(f"{name!r} is no name of a set: small letters, digits and _, at most 40")
            if name in switches():
                raise ValueError(f"{name!r} is the name of a mechanism; give the set another")
            if not values:
                raise ValueError(f"{name!r} takes nothing away; give paths and their values")
            for path in OWN_KEYS:
                if path in values:
                    raise ValueError(f"{name!r}: {path} is a key of the study itself and cannot be knocked out")
        return sets

    @model_validator(mode="after")
    def _without_what_is_off(self) -> Knockout:
        """Leave out what no form has on, unless the study names its mechanisms: taking it away changes nothing."""
        if "mechanisms" in self.model_fields_set:
            return self
        try:
            forms = [with_settings(self.scenario_named("forms", name), dict(self.set)) for name in self.forms]
        except InputError:
            return self  # `plan_of` says what is wrong with it
        each = [one for form in forms for one in (form, *form.forms.values())]
        on = tuple(name for name in self.mechanisms if any(_is_on(one, name) for one in each))
        self.__dict__["mechanisms"] = on
        return self

    @model_validator(mode="after")
    def _fits_together(self) -> Knockout:
        """Refuse a study that takes nothing away, a base outside its forms, and things that cannot go together."""
        if not self.knockouts:
            raise ValueError("mechanisms is empty and there are no sets: nothing would be knocked out")
        if self.base not in self.forms:
            raise ValueError(f"base is {self.base!r}, which is not among forms; leave base away or add it there")
        for name in self.sharers:
            if name not in (*switches(), *self.sets):
                raise ValueError(f"shapley: no mechanism or set {name!r}{suggestion(name, (*switches(), *self.sets))}")
        self._check_combinations()
        return self

    def _check_combinations(self) -> None:
        """Raise ValueError if two things that are to be taken away together want one path to have two values."""
        together = self.knockouts if self.pairs else ()
        for names in (together, self.sharers):
            for one, other in combinations(names, 2):
                for path, value in self.values_without(one).items():
                    if self.values_without(other).get(path, value) != value:
                        raise ValueError(f"sets: {one!r} and {other!r} give {path} two values and cannot go together")

    @property
    def knockouts(self) -> tuple[str, ...]:
        """All that is taken away by itself: mechanisms, then named sets."""
        return (*self.mechanisms, *self.sets)

    @property
    def sharers(self) -> tuple[str, ...]:
        """Those among whom an outcome is shared out."""
        return self.shapley.of if self.shapley else ()

    @property
    def shared_outcome(self) -> str:
        """The outcome that is shared out."""
        return (self.shapley.outcome if self.shapley else "") or self.outcome

    def values_without(self, name: str) -> dict[str, Value]:
        """Return the paths and values that take one thing away."""
        return self.sets.get(name, {f"{name}.enabled": False})

    def taken_away(self, absence: Absence) -> dict[str, Value]:
        """Return the paths and values that take several things away."""
        return {path: value for name in absence for path, value in self.values_without(name).items()}

    def absences(self) -> Iterator[Absence]:
        """Yield what is taken away: nothing, each in turn, every two, every combination of the sharers."""
        yield ()
        yield from ((name,) for name in self.knockouts)
        if self.pairs:
            yield from combinations(self.knockouts, 2)
        for number in range(1, len(self.sharers) + 1):
            yield from combinations(self.sharers, number)


def plan_of(study: Knockout) -> Plan:
    """Turn a knock-out study into a plan, every point of which is an allowed scenario.

    Raises
    ------
    InputError
        If a form does not exist, or a path or a value is not allowed; the message is one line.
    """
    forms = {name: study.scenario_named("forms", name) for name in study.forms}
    fixed = study.fixed
    check_values(study)
    check_alike("forms", {name: with_settings(form, fixed) for name, form in forms.items()})
    paths = paths_of(study)
    if any(form.forms for form in forms.values()):
        if len(forms) > 1:
            raise InputError("forms: a world of several forms is knocked out alone; run a study of each")
        paths = tuple(dict.fromkeys(one for path in paths for one in everywhere(forms[study.base], path)))
    points: dict[tuple[Value, ...], None] = {}
    for name, form in forms.items():
        check_changes(name, form, paths)
        own = own_values(with_settings(form, fixed), paths)
        for absence in study.absences():
            given = without(own, study.taken_away(absence))
            points[(name, *checked(form, fixed, given, len(points)))] = None
    if len(points) > MOST_POINTS:
        raise InputError(f"the study has {len(points):,} points; at most {MOST_POINTS:,} are allowed")
    watch = tuple(dict.fromkeys((*study.watch, study.outcome, study.shared_outcome)))
    return Plan.of(study, forms[study.base], (SCENARIO, *paths), tuple(points), watch=watch, others=forms)


def _is_on(form: Any, name: str) -> bool:
    return bool(getattr(getattr(form, name), "enabled", False))


def without(own: Mapping[str, Value], taken_away: Mapping[str, Value]) -> dict[str, Value]:
    """Return the values at all paths with some taken away; a path that names no form is taken away in every form."""
    return {path: taken_away.get(path, taken_away.get(form_and_path(path)[1], value)) for path, value in own.items()}


def paths_of(study: Knockout) -> tuple[str, ...]:
    """Return all paths that a knock-out touches; `benefits` and `harms` last, since they stand for many others."""
    names = dict.fromkeys((*study.knockouts, *study.sharers))
    paths = dict.fromkeys(path for name in names for path in study.values_without(name))
    return tuple(sorted(paths, key=lambda path: path in WHOLESALE))


def own_values(form: Scenario, paths: tuple[str, ...]) -> dict[str, Value]:
    """Return the values that a form has by itself."""
    found: dict[str, Value] = {}
    for path in paths:
        try:
            found[path] = value_at(form, path)
        except (KeyError, AttributeError):
            raise InputError(f"{path}: this cannot be knocked out; name a parameter of a mechanism") from None
    return found


def check_values(study: Knockout) -> None:
    """Raise InputError if a set names a path that does not exist or gives a value that is not allowed."""
    for name, values in study.sets.items():
        for path, value in values.items():
            problem = problem_with(path, value, written(value))
            if problem:
                raise InputError(f"sets.{name}: {path}={written(value)}: {problem}")


def check_changes(name: str, form: Scenario, paths: tuple[str, ...]) -> None:
    """Raise InputError if a change in mid-life would bring back what was taken away."""
    touched = {*paths, *(part for path in paths if path in WHOLESALE for part in marked(path.removesuffix("s")))}
    for change in form.changes:
        for path in change.set:
            if path in touched:
                raise InputError(
                    f"forms: {name} changes {path} in week {change.week}, which would undo a knock-out; "
                    "leave that one out or use a scenario without the change"
                )
