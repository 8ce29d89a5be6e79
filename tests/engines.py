"""The engine as built and as compiled by Numba, and the worlds in which they are held to one another, bit for bit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from baselines.histories import HISTORIES
from extreme_worlds import world_of
from mhsim.core import built_code
from mhsim.core.built_code import Built
from mhsim.core.rng import fill_philox
from mhsim.engine import Simulation, plugin_calls
from mhsim.engine.interventions import lose_busiest
from mhsim.engine.loop import run
from mhsim.modules import optional
from mhsim.outcomes.counts import living
from mhsim.outcomes.results import result_of
from mhsim.scenario import Scenario
from mhsim.scenario_io.loader import read_scenario

RANDOM = 12
"""Random worlds, every value within its range and many at an end of it."""
LONGEST = 80
"""Weeks: what goes on in a world has begun by then."""
OWN = "a rule of one's own"
CASES: dict[str, tuple[str, dict[str, Any], str]] = {
    **{name: case for name, case in HISTORIES.items() if name not in (OWN, "forty communities in parts")},
    **{f"{name} on": ("base", {"weeks": 60, f"{name}.enabled": True}, "story") for name in optional()},
    "all modules on": ("base", {"weeks": 40, **{f"{name}.enabled": True for name in optional()}}, "story"),
    **{f"random {number}": ("", {"weeks": number}, "") for number in range(RANDOM)},
}
"""Name: scenario, other values, what is recorded, as in the baselines; worlds of chance by their number."""
SHORT: dict[str, int] = {
    **dict.fromkeys(("base", "base, runs", "base, series", "base, lives", "two_forms_compete", "a new group"), 4),
    **dict.fromkeys(("growing tables", "half weeks", "three meetings a week", "half weeks, odd meetings"), 4),
    **dict.fromkeys(("five communities", "changes", "acts", "turnover, succession, terms"), 4),
    **dict.fromkeys(("neediest first, no informal help", "nothing but living"), 4),
    "all modules on": 12,
}
"""Cases that plain Python can live: weeks, after two of a run-in."""
SMALL = 1000
"""People and groups, counted in every step, of a world of chance that it can live as it is."""


def scenario_of(name: str) -> tuple[Scenario, int, str]:
    """Return the scenario of a case, a replicate and what is recorded."""
    form, values, record = CASES[name]
    if not form:
        return _random(values["weeks"])
    return _scenario(form, values | {"weeks": min(LONGEST, values["weeks"])}, record)


def short_scenario_of(name: str) -> tuple[Scenario, int, str]:
    """Return the same of a case that plain Python can live."""
    if name not in SHORT:
        return scenario_of(name)
    form, values, record = CASES[name]
    changes = [{**change, "week": min(2, change["week"])} for change in values.get("changes", [])]
    return _scenario(form, {**values, "weeks": SHORT[name], "start.run_in_weeks": 2, "changes": changes}, record)


def small_worlds() -> list[str]:
    """Return the worlds of chance that plain Python can live as they are."""
    found = []
    for name in (name for name, (form, _, _) in CASES.items() if not form):
        scenario, replicate, record = scenario_of(name)
        simulation = Simulation(scenario, replicate, record=record)
        world = simulation.run_to_end()
        if world.tally["person_steps"][0] + world.meter["groups"][0] * simulation.step <= SMALL:
            found.append(name)
    return found


def _scenario(form: str, values: dict[str, Any], record: str) -> tuple[Scenario, int, str]:
    scenario = read_scenario(form, {path: value for path, value in values.items() if path != "changes"})
    return Scenario.model_validate(scenario.model_dump() | {"changes": values.get("changes", [])}), 1, record


def _random(number: int) -> tuple[Scenario, int, str]:
    """Return the first world of chance from a number on whose values fit together and that names no rule of its own."""
    for each in range(1000 * number, 1000 * number + 1000):
        try:
            scenario, replicate, record = world_of(each)
        except ValidationError:
            continue
        if not scenario.rules:
            return scenario, replicate, record
    raise AssertionError("no world fits together")


def found_in(scenario: Scenario, replicate: int, record: str) -> dict[str, Any]:
    """Return what a world has come to: ``tables``, digests of every array, and ``measures``.

    Digests are of what rules beside the week have kept, too; their parameters are given, not found, and what lies
    between two of them is not said.
    """
    simulation = Simulation(scenario, replicate, record=record)
    world = simulation.run_to_end()
    tables = {name: _digest(array) for name, array in world._asdict().items()}
    for name, own in simulation._own.items():
        tables |= {f"{name} {part}": _digest(rows) for part, rows in own.rows.items() if part != "parameters"}
    run = result_of(world, scenario, replicate, "runs", own=simulation.own_tables(living))
    return {"tables": tables, "measures": run.summary}


def _digest(array: np.ndarray) -> str:
    return " ".join([hashlib.sha256(array.tobytes()).hexdigest()[:16], *map(str, array.shape)])


_BY_NUMBA: dict[Any, Any] = {}


@contextmanager
def by_numba() -> Iterator[None]:
    """Let whatever is run within the block run as Numba compiles it."""
    with pytest.MonkeyPatch.context() as patch:
        for entry in (run, fill_philox, lose_busiest):
            patch.setitem(vars(entry), "built", None)
        patch.setattr(plugin_calls, "built_rule", lambda name: None)
        patch.setattr(plugin_calls, "_CODE", _BY_NUMBA)
        yield


def ready_built() -> Built:
    """Return what is built for this machine, built now if it is not there."""
    if built_code.built_code() is None:
        from mhsim.building.build import HERE, build_engine
        from mhsim.building.targets import WASM
        from mhsim.core.kept_code import cache_folder

        folder = cache_folder()
        assert folder is not None
        build_engine([HERE, WASM], folder, fresh=False)
        for entry in (run, fill_philox, lose_busiest):
            vars(entry).pop("built", None)
    built = built_code.built_code()
    assert built is not None
    return built
