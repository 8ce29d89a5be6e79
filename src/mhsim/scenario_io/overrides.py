"""Other values at some paths of a scenario: from the command line, and from changes in mid-life."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import ValidationError

from mhsim.core.params import plain
from mhsim.errors import InputError, nearest_path, shortened, shown, suggestion
from mhsim.scenario import (
    CHANGE_PATH,
    Change,
    Scenario,
    form_and_path,
    no_such_form_or_rule,
    parameter_rows,
    sections,
    with_values,
)
from mhsim.scenario_io.error_messages import explain, no_such_key
from mhsim.scenario_io.source_map import Document
from mhsim.scenario_io.value_types import AMBIGUOUS, allowed, ambiguous, find, kind_of, kinds
from mhsim.scenario_io.yaml_reader import scalar

WHOLESALE = ("benefits", "harms")
"""Names that stand for all parameters so marked; their value is a factor."""


def with_settings(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """Return the scenario with other values at some paths, in the order given; text is read as YAML reads it.

    Raises
    ------
    InputError
        If a path does not exist or a value is not allowed.
    """
    if not values:
        return scenario
    read = {path: _as_value(path, value) for path, value in values.items()}
    for path, value in read.items():
        text = str(values[path])
        problem = problem_with(path, value, text)
        if problem:
            raise InputError(f"{shortened(path)}={shortened(text)}: {problem}")
    try:
        return with_values(scenario, read)
    except KeyError as error:
        raise InputError(f"{error.args[0]}: {no_such_form_or_rule(scenario)}") from None
    except ValidationError as error:
        raise explain(error, Scenario, Document("", {})) from None


def problem_with(path: str, value: Any, text: str = "") -> str:
    """Return what is wrong with a value at a path of a scenario, in words; empty if it may stand there.

    Parameters
    ----------
    path : str
        A dotted path such as ``share.hope_gain``, or ``benefits`` or ``harms``.
    value : float, int, bool or str
        The value, as read.
    text : str, optional
        The value as it was written.
    """
    value = plain(value)
    given = f"given {shown(value, text)}; allowed: "
    if path in WHOLESALE:
        fine = kind_of(value) == "number" and math.isfinite(value) and value >= 0
        return "" if fine else given + "a factor of 0 or more"
    change = CHANGE_PATH.fullmatch(path)
    if change:
        try:
            Change.model_validate({"week": 1, "act": "lose_busiest_helpers", change[2]: value}, strict=True)
        except ValidationError:
            return given + allowed(Change.model_fields[change[2]], int)
        return ""
    keys = tuple(path.split("."))
    if keys[0] == "rules":
        return "" if len(keys) == 3 else "name a parameter of a rule, as in rules.NAME.PARAMETER"
    field, annotation = find(Scenario, keys)
    form, inner = form_and_path(path)
    if keys[0] == "forms" and (field is None or inner in sections()):
        return _no_path_of_a_form(form, inner)
    if path == "changes":
        return "changes are a list; write them in a scenario file, and name the week of the first as changes[0].week"
    if field is None or (len(keys) == 1 and path in sections()):
        return unknown_path(path)
    if not isinstance(value, (bool, int, float, str)) or kind_of(value) not in kinds(annotation):
        return given + allowed(field, annotation)
    if ambiguous(text, annotation):
        return AMBIGUOUS.format(text)
    data: dict[str, Any] = {keys[-1]: value}
    for key in reversed(keys[:-1]):
        data = {key: data}
    try:
        Scenario.model_validate(data)
    except ValidationError as error:
        if any(detail["loc"] == keys for detail in error.errors(include_url=False)):
            return given + allowed(field, annotation)
    return ""


def check_changes(document: Document) -> None:
    """Raise InputError if a change in mid-life names a path that does not exist or a value that is not allowed."""
    changes = document.data.get("changes")
    for position, change in enumerate(changes if isinstance(changes, list) else ()):
        values = change.get("set") if isinstance(change, dict) else None
        for path, value in (values if isinstance(values, dict) else {}).items():
            keys = ("changes", position, "set", path)
            problem = problem_with(path, value, document.place(keys).text)
            if problem:
                raise document.error(keys, problem)


def _no_path_of_a_form(form: str, path: str) -> str:
    """Return the words for a path that no form has."""
    if not form:
        return "name a setting of a form, as in forms.NAME.serve.term_weeks"
    if path in sections() or find(Scenario, tuple(path.split(".")))[0] is None:
        return unknown_path(path)
    return f"this is a setting of the whole world, not of one form; write {path}"


def unknown_path(path: str, left_out: Collection[str] = ()) -> str:
    """Return the words for a path that does not exist; those left out are not suggested."""
    paths = [*WHOLESALE, *(row["path"] for row in parameter_rows() if row["path"] not in left_out)]
    section, _, leaf = path.partition(".")
    if section in sections() and not leaf:
        return f"this is a section; name a key in it, such as {next(p for p in paths if p.startswith(section + '.'))}"
    near = nearest_path(path, paths, 0.75)
    if near:
        return f"no such path; did you mean '{near}'?"
    if left_out:
        return "no such path" + suggestion(path, paths)
    return no_such_key(leaf or section, Scenario, (section,) if leaf and section in sections() else ())


def _as_value(path: str, value: Any) -> Any:
    """Return a value as YAML would read it, but leave text alone where text is wanted."""
    value = plain(value)
    annotation = find(Scenario, tuple(path.split(".")))[1]
    if not isinstance(value, str) or annotation is str:
        return value
    return scalar(value.strip())
