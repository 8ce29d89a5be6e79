"""The points of a knock-out: every form as it is, and without one thing after the other.

A point holds the values of all paths that any knock-out touches, so that `points.parquet` alone tells what each point
is: a form's own values, with those that take something away in their place. Where a form lacks a thing already, the
knock-out is no other point than the form itself, and nothing is run twice.
"""

from __future__ import annotations

from mhsim.errors import InputError
from mhsim.scenario import Scenario, Value, marked
from mhsim.scenario_io.overrides import WHOLESALE, problem_with, with_settings
from mhsim.studies.compare.design import check_alike
from mhsim.studies.knockout.design import Knockout
from mhsim.studies.plan import SCENARIO, Plan, checked, written
from mhsim.studies.points import MOST_POINTS, value_at


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
    points: dict[tuple[Value, ...], None] = {}
    for name, form in forms.items():
        check_changes(name, form, paths)
        own = own_values(with_settings(form, fixed), paths)
        for absence in study.absences():
            given = {**own, **study.taken_away(absence)}
            points[(name, *checked(form, fixed, given, len(points)))] = None
    if len(points) > MOST_POINTS:
        raise InputError(f"the study has {len(points):,} points; at most {MOST_POINTS:,} are allowed")
    watch = tuple(dict.fromkeys((*study.watch, study.outcome, study.shared_outcome)))
    return Plan.of(study, forms[study.base], (SCENARIO, *paths), tuple(points), watch=watch, others=forms)


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
