"""mhsim: an agent-based simulation of mutual help groups.

When does a group last, and whom does it help? The names below are imported when they are first used, so that the
command line starts at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mhsim.engine import Stopped
    from mhsim.errors import InputError
    from mhsim.outcomes.results import Run
    from mhsim.outcomes.simulate import ensemble, simulate, warm
    from mhsim.scenario import Scenario
    from mhsim.scenario_io.loader import read_scenario

__all__ = ["InputError", "Run", "Scenario", "Stopped", "ensemble", "read_scenario", "simulate", "warm"]

_HOMES = {
    "InputError": "mhsim.errors",
    "Run": "mhsim.outcomes.results",
    "Scenario": "mhsim.scenario",
    "Stopped": "mhsim.engine",
    "ensemble": "mhsim.outcomes.simulate",
    "read_scenario": "mhsim.scenario_io.loader",
    "simulate": "mhsim.outcomes.simulate",
    "warm": "mhsim.outcomes.simulate",
}


def __getattr__(name: str) -> Any:
    """Import a public name from the module that it lives in."""
    if name not in _HOMES:
        raise AttributeError(f"module 'mhsim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
