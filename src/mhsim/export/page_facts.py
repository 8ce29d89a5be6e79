"""What a page must know of the model besides its engine: parameters, shipped forms, columns, measures, names, words.

It is made from the declarations of the package, so that nothing of it is written twice by hand, and kept small: a
parameter stands in it once, a form as what differs. `browser/engine/facts.js` unfolds it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mhsim.core.blocks import TILE
from mhsim.core.kept_code import engine_digest
from mhsim.core.params import WEEKS_PER_YEAR, rows
from mhsim.core.rng import LARGEST_REPLICATE, LARGEST_STEP
from mhsim.dashboard.scenario_state import MOST_WORK, differences, form_named, worlds
from mhsim.dashboard.url_state import ACTS, LONGEST, OTHERS
from mhsim.engine.event_kinds import first_kind_of, kinds_of_modules
from mhsim.engine.events import KINDS
from mhsim.engine.tally import LOADS, RETENTION_WEEKS
from mhsim.errors import InputError
from mhsim.forms import MOST_FORMS, FormBase, is_of_a_form
from mhsim.modules import optional
from mhsim.outcomes.measures import MEASURES, OF_A_FORM, OF_MODULES
from mhsim.outcomes.simulate import PART
from mhsim.outcomes.summary import TENURES
from mhsim.plugins import Rule
from mhsim.scenario import FIXED, MOST_GROUPS, Form, Scenario, Value, parameter_rows
from mhsim.scenario_io.loader import read_extended, shipped
from mhsim.schema import (
    EXITS,
    GROUP_COLUMNS,
    NAMES,
    PEOPLE_COLUMNS,
    SNAPSHOT_WEEKS,
    STARTERS_STEP,
    TIE_SLOTS,
    WHO_BITS,
    Column,
)
from mhsim.stories.narrator import catalogue, languages
from mhsim.stories.own_words import own_events
from mhsim.studies.manifest import versions
from mhsim.studies.points import value_at

TEXTS = ("title", "form", "about")
FIRST_NAMES = tuple((Path(__file__).parent / "first_names.txt").read_text(encoding="utf-8").split())
"""Invented names, given to people in the order of their arrival; a name says nothing about anybody."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TIMES = ("", " evening", " morning", " lunchtime", " late", " early")
"""When groups meet, which are called so where there are several: "the Tuesday group", "the Tuesday evening group"."""
KINDS_OF_VALUES = {bool: "switch", int: "whole", float: "number", str: "text"}


def facts_of(scenarios: Mapping[str, Scenario] | None = None) -> dict[str, Any]:
    """Return everything that pages know of the model, as JSON can say it.

    Parameters
    ----------
    scenarios : mapping of str to Scenario, optional
        The forms to choose from, by name; the first is shown at first. All that are shipped unless given; `base` is
        always among them.

    Returns
    -------
    dict
        ``parameters`` in the order of a scenario file, each without what is empty, and ``groups``, that of a form;
        ``forms`` by name, in what they differ from the defaults of the model, and their own ``forms`` in what these
        differ from them; ``columns``, what people and groups start with, and of optional mechanisms their own;
        ``rules`` beside the week, those of one's own first, and of these ``own_rules``, where they come from;
        ``measures``, and of what those of optional mechanisms are made; ``limits`` and what is ``fixed`` in mid-life;
        codes of the log; how an ``identity`` is made; lists of names; ``words`` in every language of stories.
    """
    forms = {name: form_named(name) for name in ("base", *shipped())} if scenarios is None else {**scenarios}
    forms.setdefault("base", form_named("base"))
    own = rules_of(forms.values())
    return {
        **{"version": versions()["mhsim"], "engine": engine_digest()},
        "parameters": [_parameter(row) for row in parameter_rows()] + _own_parameters(own),
        "groups": next(_parameter(row) for row in rows("", FormBase)),
        "texts": {name: _text(name) for name in TEXTS},
        "fields": [*Scenario.model_fields],
        "forms": {name: _form(name, one) for name, one in forms.items()},
        "first": next(iter(scenarios or forms)),
        "columns": _columns(),
        "rules": {name: _rule(name, rule) for name, rule in {**own, **optional()}.items()},
        "own_rules": _origins(forms),
        "measures": [one._asdict() | {"label": one.label} for of in (MEASURES, *OF_MODULES.values()) for one in of],
        "of_a_form": OF_A_FORM,
        "fixed": FIXED,
        "address": {"acts": ACTS, "others": OTHERS},
        "limits": _limits(),
        "log": {"kinds": KINDS, "own": kinds_of_modules()},
        "identity": {"bits": WHO_BITS, "starters": STARTERS_STEP},
        "own_events": {kind: event.of for kind, event in own_events().items()},
        **{"first_names": FIRST_NAMES, "days": DAYS, "times": TIMES, "exits": EXITS, "tenures": TENURES},
        **{name.lower(): names for name, names in NAMES.items()},
        "words": {language: catalogue(language).data for language in languages()},
    }


def facts_text(scenarios: Mapping[str, Scenario] | None = None) -> str:
    """Return the facts as one line of JSON."""
    return json.dumps(facts_of(scenarios), ensure_ascii=False, separators=(",", ":"))


def rules_of(scenarios: Iterable[Scenario]) -> dict[str, type[Rule]]:
    """Return the rules of one's own of some scenarios by name, as in ``rules.NAME``.

    Raises
    ------
    InputError
        If two of them have the same name, or the code of one was not run when its scenario was read.
    """
    found: dict[str, type[Rule]] = {}
    for scenario in scenarios:
        for name, use in scenario.rules.items():
            rule = found.setdefault(f"rules.{name}", type(use.values))
            if rule.source_digest != use.digest:
                raise InputError(f"rules.{name}: two scenarios have different rules of this name; rename one of them")
    return found


def _own_parameters(own: Mapping[str, type[Rule]]) -> list[dict[str, Any]]:
    """Return the parameters of rules of one's own, which are off in every form that does not name them."""
    found = [_parameter(row) for name, rule in own.items() for row in rows(name, rule)]
    return [one | ({"default": False} if one["path"].endswith(".enabled") else {}) for one in found]


def _origins(forms: Mapping[str, Scenario]) -> dict[str, dict[str, str]]:
    """Return where rules come from, as a file beside a scenario says it: no folder of this machine."""
    return {
        f"rules.{name}": {"from": Path(use.origin).name, "digest": use.digest}
        for scenario in forms.values()
        for name, use in scenario.rules.items()
    }


def _parameter(row: dict[str, Any]) -> dict[str, Any]:
    kind = "choice" if row["choices"] else KINDS_OF_VALUES[type(row["default"])]
    said = {name: value for name, value in row.items() if value is not None and value != "" and value != []}
    kept = {name: value for name, value in said.items() if value is not False or name == "default"}
    return kept | {"kind": kind} | ({"shared": True} if is_of_a_form(Form, row["path"]) else {})


def _text(name: str) -> dict[str, Any]:
    field = Scenario.model_fields[name]
    longest = next(one.max_length for one in field.metadata if hasattr(one, "max_length"))
    return {"default": field.default, "longest": longest}


def _form(name: str, scenario: Scenario) -> dict[str, Any]:
    changes = [change.model_dump(exclude_defaults=True) for change in scenario.changes]
    return {
        **{"title": scenario.title, "about": scenario.about, "world": name in worlds()},
        "values": dict(differences(Scenario(), scenario)) | _own_values(scenario),
        "forms": {form: _in_form(scenario, form) for form in scenario.forms},
        **{"changes": changes, "whole": _whole_forms(name)},
    }


def _own_values(scenario: Scenario) -> dict[str, Value]:
    """Return the values of a scenario's own rules, where a page does not have them anyway."""
    return {
        f"rules.{name}.{leaf}": value
        for name, use in scenario.rules.items()
        for leaf, value in use.values
        if value != (False if leaf == "enabled" else type(use.values).model_fields[leaf].default)
    }


def _whole_forms(name: str) -> list[str]:
    """Return the forms of a shipped world that are taken from elsewhere: no setting of theirs is the world's."""
    said = read_extended(shipped()[name]).data.get("forms", {}) if name in shipped() else {}
    return [form for form, own in said.items() if {*Form.model_fields} <= {*own}]


def _in_form(scenario: Scenario, form: str) -> dict[str, Value]:
    own: dict[str, Value] = {"groups": scenario.forms[form].groups}
    for row in parameter_rows():
        if is_of_a_form(Form, row["path"]):
            value = value_at(scenario, f"forms.{form}.{row['path']}")
            if value != value_at(scenario, row["path"]):
                own[row["path"]] = value
    return own


def _columns() -> dict[str, dict[str, Any]]:
    """Return with what people and groups start, where that is not 0."""
    found = {"people": PEOPLE_COLUMNS, "groups": GROUP_COLUMNS}
    return {table: {c.name: c.start for c in columns if c.start} for table, columns in found.items()}


def _rule(name: str, rule: type[Rule]) -> dict[str, Any]:
    tables = {"people": rule.people, "groups": rule.groups, "places": rule.places}
    return {
        **{table: [_own_column(column) for column in columns] for table, columns in tables.items()},
        **{"events": len(rule.events), "first_kind": first_kind_of(name)},
        "measures": [{"name": one.name, "of": one.of, "over": one.over, "when": one.when} for one in rule.measures],
    }


def _own_column(column: Column) -> list[Any]:
    return [column.name, column.kind, column.start, *([column.shown] if column.shown else [])]


def _limits() -> dict[str, Any]:
    return {
        **{"steps": LARGEST_STEP, "replicate": LARGEST_REPLICATE, "groups": MOST_GROUPS, "forms": MOST_FORMS},
        **{"work": MOST_WORK, "address": LONGEST, "loads": LOADS, "weeks_per_year": WEEKS_PER_YEAR},
        **{"tile": TILE, "tie_slots": TIE_SLOTS, "communities": PART},
        **{"retention_weeks": RETENTION_WEEKS, "snapshot_weeks": SNAPSHOT_WEEKS},
    }
