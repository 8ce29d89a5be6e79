"""Run the model as plain Python, without compiling: every rule on random states, and a small world for a while.

Run as a script by the fixture `plain`: ``python plain_python.py TARGET.npz``. Every compiled function in the package
and in `support` is replaced by the Python function it was made from; nothing else differs.
"""

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np

from mhsim.core.jit import Kernel
from mhsim.engine import simulation
from mhsim.engine.world import settings_of
from support import CALLS, LIVELY, PLAIN_SEEDS, State, case, scenario

SMALL_WORLD = {
    **{"weeks": 50, "start.run_in_weeks": 8, "start.members": 8, "start.helpers": 2, "start.groups": 2},
    **{"community.count": 2, "community.arrivals_per_week": 0.7, "arrive.uptake": 0.286, "arrive.return_hazard": 0.05},
    **{"bond.sponsors": True, "serve.turnover_per_year": 3.0, "serve.become_hazard": 10.0},
    **{"serve.seasoning": 2, "leave.moves_per_year": 0.3, "leave.graduate_hazard": 0.05, "found.split_hazard": 0.4},
    **{"found.split_at": 8.0, "found.found_per_year": 20.0, "found.enough_groups": 6, "close.low_per_year": 3.0},
    **{"quarrel.conflict_per_year": 6.0, "serve.burnout_per_year": 5.0, "help.policy": "alike"},
}
"""A world small enough for plain Python in which every mechanism has something to do."""
WORLD_PARTS = (
    "people",
    "blocks",
    "handles",
    "ties",
    "groups",
    "losses",
    "communities",
    "meter",
    "tally",
    "history",
    "lives",
)


def as_records(value: Any) -> Any:
    """Return arrays of records as NumPy record arrays, whose fields plain Python can name; all else as it is."""
    if isinstance(value, np.ndarray):
        return value.view(np.recarray) if value.dtype.names else value
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(as_records(part) for part in value))
    return value


def uncompile() -> None:
    """Replace every compiled function by the Python function it was made from."""
    for name, module in list(sys.modules.items()):
        if name == "support" or name.split(".")[0] == "mhsim":
            for key, value in list(vars(module).items()):
                if isinstance(value, Kernel):
                    setattr(module, key, value.py_func)


def state_in_plain_python(name: str, seed: int) -> State:
    """Return a random state after one rule has run."""
    state: State = as_records(case(name, seed))
    CALLS[name](state, settings_of(scenario(LIVELY)))
    return state


def world_in_plain_python() -> Any:
    """Return the small world at its end."""
    new_world, with_room = simulation.new_world, simulation.with_room
    simulation.new_world = lambda *args, **more: as_records(new_world(*args, **more))
    simulation.with_room = lambda *args: as_records(with_room(*args))
    return simulation.Simulation(scenario(SMALL_WORLD), 3, record="lives").run_to_end()


def plainly(array: np.ndarray) -> np.ndarray:
    """Return the array as an ordinary one that can be saved."""
    return np.asarray(array).view(np.ndarray)


def main(target: str) -> None:
    """Write what plain Python finds."""
    uncompile()
    warnings.simplefilter("ignore", RuntimeWarning)  # whole numbers of 32 bits wrap round, as they should
    found = {}
    for name in CALLS:
        for seed in PLAIN_SEEDS:
            state = state_in_plain_python(name, seed)
            for part in ("people", "groups", "communities", "ties"):
                found[f"{name} {seed} {part}"] = plainly(getattr(state, part))
    world = world_in_plain_python()
    for part in WORLD_PARTS:
        found[f"world {part}"] = plainly(getattr(world, part))
    np.savez(target, **found)


if __name__ == "__main__":
    main(sys.argv[1])
