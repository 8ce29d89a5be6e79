"""Outcomes of histories that were simulated, cached by scenario and replicate."""

from __future__ import annotations

from threading import Lock

from cachetools import LRUCache

from mhsim.dashboard.histories.outcome import Failure, Outcome

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
