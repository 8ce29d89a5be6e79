"""A whole world in plain Python: the engine's code, uncompiled, gives the bits that the compiled engine gives.

Rules are compared one by one in their own tests; here is what binds them: arriving, opening, moving, splitting,
closing, ties, counting. The independent second implementation is elsewhere; this one shares every line with the engine.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines import SHORT, found_in, short_scenario_of, small_worlds
from mhsim.engine import run_world
from mhsim.engine.world import World
from plain_python import SMALL_WORLD, WORLD_PARTS
from support import differing, scenario


@pytest.fixture(scope="module")
def compiled() -> World:
    """Return the small world as the compiled engine leaves it."""
    return run_world(scenario(SMALL_WORLD), 3, record="lives")


@pytest.mark.parametrize("part", WORLD_PARTS)
def test_a_world_in_plain_python_is_the_same_to_the_bit(
    part: str, compiled: World, plain: dict[str, np.ndarray]
) -> None:
    """A difference anywhere would mean that results depend on the compiler, and so on the machine."""
    one, other = getattr(compiled, part), plain[f"world {part}"]
    assert one.shape == other.shape
    assert not differing(one, other)


@pytest.fixture(scope="module")
def lived() -> dict[str, Any]:
    """What plain Python finds in every short case, in another process."""
    command = [sys.executable, str(Path(__file__).parents[1] / "plain_cases.py"), *SHORT, *small_worlds()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("name", SHORT)
def test_worlds_of_each_kind_are_the_same_in_plain_python(lived: dict[str, Any], name: str) -> None:
    """Every optional mechanism, kind of step, change and act: what compiling did to one of them would be seen here."""
    assert lived[name] == json.loads(json.dumps(found_in(*short_scenario_of(name))))


def test_worlds_of_chance_are_the_same_in_plain_python(lived: dict[str, Any]) -> None:
    """Values at the ends of their ranges are where compiled numbers and Python's could part."""
    worlds = set(lived) - set(SHORT)
    assert len(worlds) >= 2
    for name in worlds:
        assert lived[name] == json.loads(json.dumps(found_in(*short_scenario_of(name)))), name


def test_much_happens_in_that_world(compiled: World) -> None:
    """The comparison is worth what the world contains: every kind of move, several reasons to leave and to close."""
    tally, groups = compiled.tally[0], compiled.groups[: compiled.meter["groups"][0]]
    assert (tally["exits"] > 0).sum() >= 6
    assert (tally["closed_for"] > 0).sum() >= 2
    assert (groups["parent"] >= 0).any()
    assert groups["helpers_made"].sum() > 0
    assert tally["requests"] > tally["requests_unmet"] > 0
    assert compiled.ties["kind"].any()
    assert compiled.meter["lives"][0] > 0
