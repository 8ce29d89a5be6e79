"""Columns that belong to one rule: of people by handle, of groups by number, kept beside the world and grown with it.

They are led to by address, so that the types of a world, and with them the compiled engine, stay as they are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from mhsim.core.blocks import grown
from mhsim.core.params import record_of
from mhsim.engine.event_kinds import first_kind_of
from mhsim.engine.plugin_calls import code_of, ordered, tables_of
from mhsim.engine.rule_code import HOOK
from mhsim.engine.rule_lines import places_of, sum_names
from mhsim.engine.world import World
from mhsim.errors import InputError
from mhsim.modules import optional
from mhsim.plugins import Rule, UnloadedRule
from mhsim.scenario import Scenario
from mhsim.schema import ESTABLISHED, FOUNDED, Column

LED = (
    *(("people", "people_rows"), ("groups", "group_rows"), ("places", "place_rows")),
    *(("gone", "gone_rows"), ("series", "series_rows"), ("sums", "sum_rows")),
)
"""Tables of a rule, and under what name it is told how many rows they have."""


class OwnTables(NamedTuple):
    """What a rule has kept of its own at the end: of everybody who ever lived, of groups, and sums by step.

    `sums` is what its measures are made of: since the opening, and in the last step; see `rule_lines.sum_names`.
    """

    name: str
    people_columns: tuple[Column, ...]
    group_columns: tuple[Column, ...]
    place_columns: tuple[Column, ...]
    people: np.ndarray
    groups: np.ndarray
    series: np.ndarray
    sums: np.ndarray


class OwnColumns:
    """The columns of one rule in one world.

    Parameters
    ----------
    name : str
        Its name in the scenario.
    values : Rule
        Its parameters; those of now are given anew with every call of `hook`.
    """

    def __init__(self, name: str, values: Rule) -> None:
        self.name, self.rule = name, type(values)
        people = [(c.name, c.kind) for c in self.rule.people]
        groups = [(c.name, c.kind) for c in self.rule.groups]
        places = [(c.name, c.kind) for c in self.rule.places]
        shown = [(c.name, "f8") for c in (*self.rule.people, *self.rule.groups, *self.rule.places) if c.shown]
        self.kinds: dict[str, np.dtype[Any]] = {"parameters": record_of(values, 1.0).dtype}
        if people:
            self.kinds["people"] = np.dtype([("known", "u4"), *people], align=True)
            self.kinds["gone"] = np.dtype([("community", "i4"), ("who", "u4"), *people], align=True)
        if groups:
            self.kinds["groups"] = np.dtype([("known", "u1"), *groups], align=True)
        if places:
            self.kinds["places"] = np.dtype(places, align=True)
        if shown:
            self.kinds["series"] = np.dtype(shown, align=True)
        if self.rule.measures:
            self.kinds["sums"] = np.dtype([(each, "f8") for each in sum_names(self.rule)], align=True)
        self.rows = {each: np.zeros(2 if each == "sums" else 0, kind) for each, kind in self.kinds.items()}
        self.link, self.tables_of_world = np.zeros(1, HOOK), np.zeros(0)

    def hook(
        self, each: tuple[Rule, ...], world: World, scenario: Scenario, recorded: bool, tables: np.ndarray
    ) -> np.ndarray:
        """Return the record that leads the rule to its parameters and columns, grown to the world, shape (1,).

        `each` are its parameters: the scenario's own, and those of each form; `tables` says where the world's are.
        """
        self.tables_of_world = tables  # kept as long as the link leads to it
        values, starts = each[0], 2 * len(each)
        forms: tuple[Any, ...] = (scenario, *scenario.forms.values())
        self.rows["parameters"] = np.array([record_of(one, scenario.weeks_per_step) for one in each])
        if "people" in self.rows:
            people = _fitted(self.rows["people"], len(world.handles), 1)
            _write_start(people[-1:], self.rule.people, values, 0)
            self.rows["people"], self.rows["gone"] = people, grown(self.rows["gone"], len(world.lives))
        if "groups" in self.rows:
            groups = self.rows["groups"] = _fitted(self.rows["groups"], len(world.groups), starts)
            for k, (one, form) in enumerate(zip(each, forms, strict=True)):
                opens = ESTABLISHED if form.start.kind == "established" else FOUNDED
                for met, which in enumerate((FOUNDED, opens)):
                    place = len(groups) - starts + 2 * k + met
                    _write_start(groups[place : place + 1], self.rule.groups, one, which)
        if "places" in self.rows and not len(self.rows["places"]):
            self.rows["places"] = np.zeros(len(world.communities), self.kinds["places"])
            _write_start(self.rows["places"], self.rule.places, values, 0)
        if "series" in self.rows:
            self.rows["series"] = grown(self.rows["series"], len(world.series) if recorded else 0)
        for name, rows in LED:
            self._lead(name, rows)
        self._lead("parameters", "")
        self.link["starts"], self.link["first_kind"] = starts, first_kind_of(self.name)
        self.link["world"] = tables.ctypes.data
        return self.link

    def _lead(self, name: str, count: str) -> None:
        array = self.rows.get(name)
        if array is not None:
            self.link[name] = int(array.ctypes.data)
            if count:
                self.link[count] = len(array)

    def tables(self, world: World, alive: np.ndarray) -> OwnTables:
        """Return what there is of everybody alive (these rows) or gone, of all groups and of all steps."""
        people: np.ndarray = np.zeros(0, self.kinds.get("gone", np.dtype([("community", "i4"), ("who", "u4")])))
        if "people" in self.rows:
            own = self.rows["people"]
            known = own["known"][alive["slot"]] == world.handles["generation"][alive["slot"]] + 1
            place = np.where(known, alive["slot"], len(own) - 1)
            now: np.ndarray = np.zeros(len(alive), people.dtype)
            now["community"], now["who"] = alive["community"], alive["who"]
            for column in self.rule.people:
                now[column.name] = own[column.name][place]
            people = np.concatenate([self.rows["gone"][: int(self.link["gone_count"][0])], now])
        number = int(world.meter["groups"][0])
        groups = self.rows.get("groups", np.zeros(number, np.dtype([("known", "u1")])))[:number]
        series = self.rows.get("series", np.zeros(0, np.dtype([("none", "u1")])))
        sums = self.rows.get("sums", np.zeros(0, np.dtype([("none", "u1")])))
        columns = (self.rule.people, self.rule.groups, self.rule.places)
        return OwnTables(self.name, *columns, people, groups.copy(), series.copy(), sums.copy())


def acting(scenario: Scenario) -> dict[str, tuple[Rule, ...]]:
    """Return the rules that act in a scenario, by name: those it names, then the optional mechanisms that are on.

    Each has the scenario's own parameters and those of every form; one that is on in some form only acts in its groups.

    Raises
    ------
    InputError
        If the code of a rule was not run when the scenario was read.
    """
    found: dict[str, tuple[Rule, ...]] = {}
    forms = (scenario, *scenario.forms.values())
    for name, use in scenario.rules.items():
        if use.values.enabled:
            if isinstance(use.values, UnloadedRule):
                raise InputError(
                    f"rules.{name}: the code of '{use.origin}' was not run when this scenario was read; to simulate "
                    "it, read it with read_scenario, or name it to mhsim run"
                )
            found[f"rules.{name}"] = (use.values,) * len(forms)
    for name in optional():
        each = tuple(getattr(form, name) for form in forms)
        if any(one.enabled for one in each):
            found[name] = each
    return found


def table_of(
    columns: dict[str, OwnColumns], scenario: Scenario, world: World, key: object, recorded: bool
) -> np.ndarray:
    """Return where every acting rule is called (see `mhsim.engine.plugin_calls.ordered`).

    `columns` keeps what rules own from call to call; a rule that acts for the first time is added to it.
    """
    calls, tables = [], tables_of(world)
    told = sum(len(type(each[0]).events) for each in acting(scenario).values())
    world.meter["own_kinds"] = max(told, int(world.meter["own_kinds"][0]))  # more if a model was given other values
    for name, each in acting(scenario).items():
        own = columns.setdefault(name, OwnColumns(name, each[0]))
        link = own.hook(each, world, scenario, recorded, tables)
        code = code_of(own.rule, world, key, own.kinds)
        calls += [(place, code, link.ctypes.data) for place in places_of(own.rule)]
    return ordered(calls)


def _fitted(rows: np.ndarray, number: int, starts: int) -> np.ndarray:
    """Return the rows with so many places, and behind them those that say how everybody starts."""
    if len(rows) == number + starts:
        return rows
    larger = np.zeros(number + starts, rows.dtype)
    kept = max(0, len(rows) - starts)
    larger[:kept] = rows[:kept]
    return larger


def _write_start(row: np.ndarray, columns: tuple[Column, ...], values: Rule, which: int) -> None:
    for column in columns:
        start = column.start[which] if isinstance(column.start, tuple) else column.start
        row[column.name] = getattr(values, start) if isinstance(start, str) else start
