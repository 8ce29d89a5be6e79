"""The compiled engine never writes outside its arrays, and every allowed world is simulated or refused in one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mhsim import simulate
from mhsim.engine import Simulation
from mhsim.engine.loop import MOST_ARRIVALS
from mhsim.errors import InputError
from mhsim.outcomes.counts import living
from mhsim.scenario import with_values
from mhsim.schema import NOWHERE, STAYS
from support import scenario

WORLDS = 320


@pytest.mark.slow
def test_extreme_worlds_stay_within_their_arrays(tmp_path: Path) -> None:
    """What is written outside an array is wrong in silence or a crash: here every index is checked as it is used.

    Before the table of people had room for everybody to move at once, 23 of 400 such worlds wrote beyond its end.
    """
    script = Path(__file__).parent / "extreme_worlds.py"
    checked = dict(os.environ) | {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, str(script), "0", str(WORLDS)], env=checked, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert not found["faults"]
    assert found["simulated"] >= 300


def test_everybody_may_move_in_one_step() -> None:
    """The worst case of the proof in `engine.world.has_room`: all groups close at once, and all are moved on."""
    words = {"start.groups": 40, "start.members": 30, "community.count": 3, "start.run_in_weeks": 0, "weeks": 4}
    ends = {"close.unvisited_weeks": 1.0, "attend.ease": -10.0, "close.transfer": 1.0, "arrive.room": 100000}
    simulation = Simulation(scenario(words | ends), record="story")
    world = simulation.run_to_end()
    people = living(world)
    assert (world.groups["closed"][: world.meter["groups"][0]] >= 0).sum() >= 100
    assert world.meter["tail"][0] <= len(world.people), "rows were written behind the end of the table"
    assert (world.handles["row"][people["slot"]] >= 0).all()
    assert len(people) == world.meter["people"][0]


def test_a_record_that_is_none_is_refused_in_one_line() -> None:
    """A misspelt record ended in "tuple.index(x): x not in tuple"."""
    with pytest.raises(InputError, match="record: given 'summary'; allowed: runs, series, lives, story"):
        simulate(scenario({"weeks": 1}), record="summary")


def test_more_arrivals_than_can_be_told_apart_are_refused_in_one_line() -> None:
    """The number of a person among those of a step has 20 bits: one more would give two people the same luck."""
    crowded = with_values(
        scenario({"weeks": 1, "start.run_in_weeks": 0}),
        {"community.arrivals_per_week": 5000.0, "community.place_sd": 2.0},
    )
    simulation = Simulation(crowded)
    simulation.open_groups()
    simulation.world.communities["inflow_factor"] = 1000.0
    with pytest.raises(InputError, match=f"week 0: .* allowed: up to {MOST_ARRIVALS}"):
        simulation.run_to_end()


def test_a_rule_may_send_members_of_a_closing_group_elsewhere() -> None:
    """Who was marked to move and whose group then closed was moved twice, and landed in another community's rows."""
    words = {"start.groups": 3, "start.members": 10, "start.run_in_weeks": 0, "weeks": 3, "arrive.enabled": False}
    simulation = Simulation(
        scenario(words | {"leave.enabled": False, "close.unvisited_weeks": 1.0, "attend.ease": -10.0})
    )
    simulation.open_groups()
    people = simulation.world.people
    there = np.flatnonzero(people["group"] == 0)
    people["going_to"][there] = 1
    people["going_to"][np.flatnonzero(people["group"] == 2)[:1]] = 999  # no such group
    simulation.run_to_end()
    after = living(simulation.world)
    assert len(after) == 30 == simulation.world.meter["people"][0]
    assert len(np.unique(after["who"])) == 30
    assert (after["going_to"] == NOWHERE).all()
    assert (after["leaving"] == STAYS).all()
