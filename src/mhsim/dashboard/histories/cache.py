"""The outcome of one history, the few numbers that the pages ask of many; cached by scenario and replicate."""

from __future__ import annotations

from threading import Lock
from typing import NamedTuple

import numpy as np
from cachetools import LRUCache

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


MOST = 40_000
"""Outcomes cached at most, some 25 MB."""


class OutcomeCache:
    """Outcomes by the digest of their scenario and their replicate; may be used from several threads.

    Parameters
    ----------
    most : int
        How many outcomes are cached; the least recently used is forgotten first.
    """

    def __init__(self, most: int = MOST) -> None:
        self._outcomes: LRUCache[tuple[str, int], Outcome | Failure] = LRUCache(most)
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._outcomes)

    def get(self, digest: str, replicate: int) -> Outcome | Failure | None:
        """Return an outcome, None if it is not known."""
        with self._lock:
            return self._outcomes.get((digest, replicate))

    def first(self, digest: str, replicates: int) -> dict[int, Outcome | Failure]:
        """Return what is known of the first so many replicates of a scenario."""
        with self._lock:
            keys = ((digest, replicate) for replicate in range(replicates))
            return {key[1]: self._outcomes[key] for key in keys if key in self._outcomes}

    def put(self, digest: str, replicate: int, outcome: Outcome | Failure) -> None:
        """Keep an outcome."""
        with self._lock:
            self._outcomes[digest, replicate] = outcome
