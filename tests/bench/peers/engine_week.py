"""The core week by the engine: a scenario with the other mechanisms switched off."""

from __future__ import annotations

import numpy as np

from bench.peers.common_start import FIRST_STEP, first_weeks, outcome_of
from bench.timing import cpu_seconds
from mhsim.engine import Simulation
from mhsim.outcomes.counts import living
from mhsim.scenario import Scenario


class EngineWeek:
    """The engine, which always draws its luck itself and keeps its tallies."""

    name = "engine"

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.simulation: Simulation | None = None

    def seconds(self, weeks: int) -> float:
        """Live through so many weeks from the common start and return the CPU seconds they took."""
        self.simulation = simulation = first_weeks(self.scenario)
        return cpu_seconds(lambda: simulation.run_until(FIRST_STEP + weeks))

    def outcome(self) -> dict[str, np.ndarray]:
        """Return the compared columns after the last weeks lived."""
        assert self.simulation is not None
        return outcome_of(living(self.simulation.world))
