"""One world from its run-in to its end."""

from __future__ import annotations

import numpy as np

from mhsim.engine.simulation import History
from mhsim.engine.world import World
from mhsim.scenario import Scenario


def live_through(
    scenario: Scenario, replicate: int = 0, *, record: str = "runs", control: np.ndarray | None = None
) -> World:
    """Let one world live from the run-in to the end and return it; see `History` for the arguments.

    Raises
    ------
    Stopped
        If it was asked to stop.
    """
    return History(scenario, replicate, record=record, control=control).live_to_end()
