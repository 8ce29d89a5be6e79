"""The core week by the engine: a scenario with the other mechanisms switched off."""

from __future__ import annotations

import numpy as np

from bench.peers.common_start import FIRST_STEP, first_weeks, outcome_of
from bench.timing import cpu_seconds
from mhsim.engine import History
from mhsim.outcomes.counts import living
from mhsim.scenario import Scenario


class EngineWeek:
    """The engine, which always draws its luck itself and keeps its tallies."""

    name = "engine"

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.history: History | None = None

    def seconds(self, weeks: int) -> float:
        """Live through so many weeks from the common start and return the CPU seconds they took."""
        self.history = history = first_weeks(self.scenario)
        return cpu_seconds(lambda: history.live_until(FIRST_STEP + weeks))

    def outcome(self) -> dict[str, np.ndarray]:
        """Return the compared columns after the last weeks lived."""
        assert self.history is not None
        return outcome_of(living(self.history.world))
