"""Histories that a page lives, in node: planned, lived and measured by itself, the same bits as on this machine."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engines import CASES, found_in, ready_built, scenario_of
from mhsim.building.page_plan import plan_of
from mhsim.errors import InputError
from mhsim.scenario_io.loader import read_scenario
from page_modules import asked_in_node, asked_of

RULE = Path(__file__).parents[1] / "experiments" / "bring-a-friend" / "scenario.yaml"


@pytest.fixture(scope="module")
def lived() -> dict[str, Any]:
    """What a page finds in every case."""
    built = ready_built().folder
    asked = {name: asked_of(*scenario_of(name)) for name in CASES}
    return dict(asked_in_node("histories", asked, [built / "engine.wasm", built / "engine.json"]))


@cache
def _here(name: str) -> dict[str, Any]:
    return found_in(*scenario_of(name))


@pytest.mark.parametrize("name", CASES)
def test_every_array_is_that_of_this_machine(lived: dict[str, Any], name: str) -> None:
    """What a student sees in a page must be what `mhsim run` gives, to the last bit, or nobody can check it."""
    assert lived[name]["tables"] == _here(name)["tables"]


@pytest.mark.parametrize("name", CASES)
def test_every_measure_is_that_of_this_machine(lived: dict[str, Any], name: str) -> None:
    """A page that counts otherwise gives a class other answers than the report of the same study."""
    assert list(lived[name]["measures"].items()) == list(_here(name)["measures"].items())


def test_a_rule_from_outside_is_refused() -> None:
    """A page without it would show another model under the scenario's name."""
    with pytest.raises(InputError, match=r"not in the engine that is built for pages"):
        plan_of(read_scenario(str(RULE)))
