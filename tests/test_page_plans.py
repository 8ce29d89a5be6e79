"""Plans made in a page: those that the simulation in Python makes, to the last bit of every value."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from engines import CASES, ready_built, scenario_of
from extreme_worlds import world_of
from mhsim.building.page_plan import plan_of
from mhsim.engine.own_columns import OwnColumns
from mhsim.engine.world import settings_by_form
from mhsim.modules import optional
from mhsim.scenario import Scenario
from page_modules import asked_in_node, asked_of

MORE = 40
"""Worlds of chance besides those that are lived."""


def _worlds() -> dict[str, tuple[Scenario, int, str]]:
    found = {name: scenario_of(name) for name in CASES}
    number = 50_000
    while len(found) < len(CASES) + MORE:
        try:
            scenario, replicate, record = world_of(number)
            if not scenario.rules:
                found[f"world {number}"] = (scenario, replicate, record)
        except ValidationError:
            pass
        number += 1
    return found


@pytest.fixture(scope="module")
def worlds() -> dict[str, tuple[Scenario, int, str]]:
    return _worlds()


@pytest.fixture(scope="module")
def made(worlds: dict[str, tuple[Scenario, int, str]]) -> dict[str, Any]:
    """What a page plans for every world."""
    asked = {name: asked_of(*world) for name, world in worlds.items()}
    asked["many"] = {**asked["base"], "settings": {"community.count": 17}}
    return dict(asked_in_node("plans", asked, [ready_built().folder / "engine.json"]))


def _readable(plan: dict[str, Any], scenario: Scenario) -> dict[str, Any]:
    """Return a plan whose records are values: what lies between two of them is not said."""
    settings = [np.asarray(each).dtype for each in settings_by_form(scenario)]
    for what, said in plan["does"]:
        if what == "settle":
            given = zip(said["settings"], settings, strict=True)
            said["settings"] = [(each["item"], _values(each["given"], kind)) for each, kind in given]
            for name, rule in said["rules"].items():
                for part, kind in OwnColumns(name, optional()[name]()).kinds.items():
                    if part in rule:
                        rule[part] = _values(rule[part], kind)
    return plan


def _values(letters: str, kind: np.dtype[Any]) -> Any:
    return np.frombuffer(b64decode(letters), kind).tolist()


def test_a_page_plans_what_the_simulation_does(
    made: dict[str, Any], worlds: dict[str, tuple[Scenario, int, str]]
) -> None:
    """One parameter or start amiss, and a page lives another history under the same name."""
    for name, world in worlds.items():
        expected = _readable(json.loads(json.dumps(plan_of(*world))), world[0])
        found = _readable(made[name], world[0])
        for part in expected:
            assert found[part] == expected[part], f"{name}: {part}"


def test_a_page_refuses_what_would_be_lived_in_parts(made: dict[str, Any]) -> None:
    """Sums of parts are added in another order than those of one world, so last bits could differ from a study's."""
    assert "a page lives 16 communities at most" in made["many"]["refused"]
