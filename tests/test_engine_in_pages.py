"""Histories that a page lives, in node: planned, lived and measured by itself, the same bits as on this machine."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from engines import CASES, found_in, ready_built, scenario_of
from page_modules import asked_in_node, asked_of


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
