"""The outcome of one history: the few numbers that the pages ask of many."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mhsim.outcomes.simulate import simulate
from mhsim.scenario import Scenario


class Outcome(NamedTuple):
    """One history of the focal group and its place; None where there is no case. See `outcomes.measures` for each."""

    alive_at_end: bool | None
    weeks_to_closure: float | None
    closure_reasons: str | None
    members_at_end: int
    helpers_at_end: int
    arrivals: int
    first_visits: int
    seen_at_52: int
    seen_at_52_joiners: int
    accommodated_at_52: float | None
    hope_at_52: float | None
    distress_at_52: float | None
    requests_met: float | None
    helpers_made: int
    burnouts: int
    exits_burnt_out: int


class Failure(NamedTuple):
    """A history that could not be simulated to its end, and why."""

    replicate: int
    words: str


def outcome_of(scenario: Scenario, replicate: int, control: np.ndarray) -> Outcome:
    """Simulate one history and return its outcome; raise Stopped if `control` asks to stop."""
    summary = simulate(scenario, replicate, control=control).summary
    return Outcome._make(summary[name] for name in Outcome._fields)
