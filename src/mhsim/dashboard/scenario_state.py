"""A situation: what a page assumes, kept as a shipped form, the settings that differ from it, and what happens later.

That is as much as an address holds, and all that a scenario is: any scenario without rules of its own can be written
as a form, some settings and some changes, and read back bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Any

from pydantic import ValidationError

from mhsim.errors import InputError
from mhsim.forms import is_of_a_form
from mhsim.scenario import Change, Form, Scenario, Value, form_and_path, parameter_rows
from mhsim.scenario_io.error_messages import explain
from mhsim.scenario_io.loader import read_scenario, shipped
from mhsim.scenario_io.overrides import problem_with, with_settings
from mhsim.scenario_io.source_map import Document
from mhsim.studies.points import value_at

TEXTS = ("title", "about", "form")
"""Settings that are words for people and change no run."""
FOCAL = "focal"
NO_RULES = (
    "rules: a scenario with rules of its own is not opened here, since rules are programs; "
    "run it with mhsim run and open the folder"
)
BETWEEN_GROUPS = ("trouble.enabled", "kin.enabled", "federate.enabled")
"""Switches of optional mechanisms that make a scenario one about what happens between groups."""
MOST_WORK = 12_000_000
"""Person-weeks of one history that a page takes on, at most: about two seconds of one processor."""


@dataclass(frozen=True)
class Situation:
    """A form, the settings in which it differs, and the changes that come in mid-life.

    Parameters
    ----------
    form : str
        The name of a shipped scenario.
    settings : tuple of (str, value)
        Paths of a scenario and their values, in the order of a scenario file.
    changes : tuple of Change
        What happens later, in order of weeks.
    """

    form: str = "base"
    settings: tuple[tuple[str, Value], ...] = ()
    changes: tuple[Change, ...] = ()

    def scenario(self) -> Scenario:
        """Return the scenario, checked once and then remembered.

        Raises
        ------
        InputError
            If there is no such form, a path or a value is not allowed, or one history would be too long to wait for.
        """
        return self._whole

    def with_values(self, values: Mapping[str, Value], changes: Iterable[Change] | None = None) -> Situation:
        """Return the situation with other values at some paths and, if given, other changes, checked.

        Raises
        ------
        InputError
            If a path, a value or a change is not allowed.
        """
        at_start = with_settings(self._at_start, values)
        found = differences(form_named(self.form), at_start)
        situation = Situation(self.form, found, self.changes if changes is None else tuple(changes))
        situation.__dict__["_at_start"] = at_start
        situation.scenario()
        return situation

    @cached_property
    def _at_start(self) -> Scenario:
        """The scenario without its changes."""
        return with_settings(form_named(self.form), dict(self.settings))

    @cached_property
    def _whole(self) -> Scenario:
        """The scenario with its changes, checked to be small enough for a page."""
        whole = with_changes(self._at_start, self.changes) if self.changes else self._at_start
        return small_enough(whole)


def situation_of(scenario: Scenario) -> Situation:
    """Return a scenario as a situation; raise InputError if it has rules of its own or is too large for a page."""
    if scenario.rules:
        raise InputError(NO_RULES)
    form = scenario.form if scenario.form in shipped() else "base"
    if [*form_named(form).forms] != [*scenario.forms]:
        raise InputError("forms: a world of forms that is not shipped is not opened here; run it with mhsim run")
    situation = Situation(form, differences(form_named(form), scenario), scenario.changes)
    small_enough(scenario)
    return situation


@lru_cache(maxsize=64)
def form_named(name: str) -> Scenario:
    """Return a shipped scenario; raise InputError if none is named so."""
    if name not in shipped():
        raise InputError(f"form: there is none named '{name[:60]}'; there are {', '.join(shipped())}")
    return read_scenario(name)


def is_world(scenario: Scenario) -> bool:
    """Whether a scenario is about what happens between groups, and not about one form of group.

    That is so where forms, troubles or families live side by side, where a body or a clearing house stands over groups,
    or where several groups begin together.
    """
    together = scenario.start.kind == "founding" and scenario.start.groups > 1
    return bool(scenario.forms) or together or any(value_at(scenario, path) for path in BETWEEN_GROUPS)


@lru_cache(maxsize=1)
def worlds() -> frozenset[str]:
    """Return the shipped scenarios about what happens between groups; they stand after those of one form of group."""
    return frozenset(name for name in shipped() if is_world(form_named(name)))


def differences(base: Scenario, other: Scenario) -> tuple[tuple[str, Value], ...]:
    """Return the paths at which another scenario differs from a base, with the other's values.

    Paths that name a form come last, and only where the path without the form does not give its value already.
    """
    found = {path: get(other) for path, get in _getters() if get(other) != get(base)}
    reached = {}
    for path in form_paths(base):
        inner = form_and_path(path)[1]
        everywhere = inner in found and is_of_a_form(Form, inner)
        value = value_at(other, path)
        if value != (found[inner] if everywhere else value_at(base, path)):
            reached[path] = value
    return tuple((found | reached).items())


def form_paths(scenario: Scenario) -> tuple[str, ...]:
    """Return every path that names a form of a world of several, in the order of a scenario file."""
    inner = ("groups", *(path for path in parameters() if is_of_a_form(Form, path)))
    return tuple(f"forms.{name}.{path}" for name in scenario.forms for path in inner)


@lru_cache(maxsize=1)
def parameters() -> dict[str, dict[str, Any]]:
    """Return what is known of each parameter (range, unit, meaning, source) by its path."""
    return {str(row["path"]): row for row in parameter_rows()}


@lru_cache(maxsize=1)
def paths() -> tuple[str, ...]:
    """Return every path at which two scenarios can differ, in the order of a scenario file."""
    return (*TEXTS, FOCAL, *parameters())


@lru_cache(maxsize=1)
def _getters() -> tuple[tuple[str, Callable[[Scenario], Value]], ...]:
    return tuple((path, attrgetter(path)) for path in paths())


def with_changes(scenario: Scenario, changes: Iterable[Change]) -> Scenario:
    """Return the scenario with these changes; raise InputError, naming the path, if one is not allowed."""
    changes = tuple(changes)
    for change in changes:
        for path, value in change.set.items():
            problem = problem_with(path, value)
            if problem:
                raise InputError(f"changes, week {change.week}: {path}: {problem}")
    try:
        return Scenario.model_validate({**scenario.model_dump(), "changes": changes})
    except ValidationError as error:
        raise explain(error, Scenario, Document("", {})) from None


def small_enough(scenario: Scenario) -> Scenario:
    """Return the scenario; raise InputError if one history of it would keep people waiting."""
    start, community = scenario.start, scenario.community
    weeks = scenario.weeks + start.run_in_weeks
    starters = sum(form.groups * form.start.members for form in scenario.forms.values())
    people = 180 * max(community.arrivals_per_week, 0.1) + (starters or start.groups * start.members)
    work = people * weeks * community.count / scenario.weeks_per_step
    if work > MOST_WORK:
        raise InputError(
            f"this is too large for a page: about {work / 1e6:,.0f} million person-weeks, allowed are "
            f"{MOST_WORK / 1e6:.0f} million; run it with mhsim run and open the folder"
        )
    return scenario
