"""A situation: what a page assumes, kept as a shipped form, the settings that differ from it, and what happens later.

That is as much as an address holds, and all that a scenario is: any scenario without rules of its own can be written
as a form, some settings and some changes, and read back bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from pydantic import ValidationError

from mhsim.errors import InputError
from mhsim.scenario import Change, Scenario, Value, parameter_rows
from mhsim.scenario_io.error_messages import explain
from mhsim.scenario_io.loader import read_scenario, shipped
from mhsim.scenario_io.overrides import problem_with, with_settings
from mhsim.scenario_io.source_map import Document

TEXTS = ("title", "about", "form")
"""Settings that are words for people and change no run."""
NO_RULES = (
    "rules: a scenario with rules of its own is not opened here, since rules are programs; "
    "run it with mhsim run and open the folder"
)
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

    def __hash__(self) -> int:
        """Return a hash; changes are told apart by their text."""
        return hash((self.form, self.settings, tuple(change.model_dump_json() for change in self.changes)))

    def scenario(self) -> Scenario:
        """Return the scenario, checked.

        Raises
        ------
        InputError
            If there is no such form, a path or a value is not allowed, or one history would be too long to wait for.
        """
        scenario = with_settings(form_named(self.form), dict(self.settings))
        if self.changes:
            scenario = with_changes(scenario, self.changes)
        return small_enough(scenario)

    def value(self, path: str) -> Value:
        """Return the value at a path, such as ``serve.turnover_per_year``."""
        return value_at(self.scenario(), path)

    def with_value(self, path: str, value: Value) -> Situation:
        """Return the situation with another value at a path, checked; the form's own value is no difference.

        Raises
        ------
        InputError
            If the path or the value is not allowed.
        """
        return self.with_values({path: value})

    def with_values(self, values: Mapping[str, Value]) -> Situation:
        """Return the situation with other values at some paths; see `with_value`."""
        whole = with_settings(form_named(self.form), {**dict(self.settings), **values})
        situation = replace(self, settings=differences(form_named(self.form), whole))
        situation.scenario()
        return situation

    def with_change(self, change: Change) -> Situation:
        """Return the situation with one more change; a setting changed twice in one week keeps its last value."""
        changes = [one for one in self.changes if not _overruled(one, change)]
        situation = replace(self, changes=tuple(sorted([*changes, change], key=lambda one: one.week)))
        situation.scenario()
        return situation

    def without_change(self, position: int) -> Situation:
        """Return the situation without the change at a position."""
        return replace(self, changes=tuple(one for k, one in enumerate(self.changes) if k != position))


def situation_of(scenario: Scenario) -> Situation:
    """Return a scenario as a situation; raise InputError if it has rules of its own or is too large for a page."""
    if scenario.rules:
        raise InputError(NO_RULES)
    form = scenario.form if scenario.form in shipped() else "base"
    situation = Situation(form, differences(form_named(form), scenario), scenario.changes)
    small_enough(scenario)
    return situation


@lru_cache(maxsize=64)
def form_named(name: str) -> Scenario:
    """Return a shipped scenario; raise InputError if none is named so."""
    if name not in shipped():
        raise InputError(f"form: there is none named '{name[:60]}'; there are {', '.join(shipped())}")
    return read_scenario(name)


def differences(base: Scenario, other: Scenario) -> tuple[tuple[str, Value], ...]:
    """Return the paths at which another scenario differs from a base, with the other's values."""
    paths = [*TEXTS, *(str(row["path"]) for row in parameter_rows())]
    return tuple((path, value_at(other, path)) for path in paths if value_at(other, path) != value_at(base, path))


def value_at(scenario: Scenario, path: str) -> Value:
    """Return the value of a scenario at a dotted path; raise InputError where there is none."""
    found: object = scenario
    for name in path.split("."):
        found = getattr(found, name, None)
    if not isinstance(found, (bool, int, float, str)):
        raise InputError(f"{path}: no such path")
    return found


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
    people = 180 * max(community.arrivals_per_week, 0.1) + start.groups * start.members
    work = people * weeks * community.count / scenario.weeks_per_step
    if work > MOST_WORK:
        raise InputError(
            f"this is too large for a page: about {work / 1e6:,.0f} million person-weeks, allowed are "
            f"{MOST_WORK / 1e6:.0f} million; run it with mhsim run and open the folder"
        )
    return scenario


def _overruled(earlier: Change, later: Change) -> bool:
    """Whether a later change says the same things anew in the same week."""
    if earlier.week != later.week or earlier.act != later.act:
        return False
    return bool(later.act) or set(earlier.set) <= set(later.set)
