"""Histories already lived, kept by scenario and replicate; those not asked for longest are forgotten first."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from mhsim.dashboard.histories.outcome import Failure, Outcome

MOST_KEPT = 40_000
"""Histories kept at most, some 25 MB."""


class Kept:
    """Outcomes by the digest of their scenario and their replicate; may be used from several threads.

    Parameters
    ----------
    most : int
        How many outcomes are kept; whole scenarios are forgotten, the one used longest ago first.
    """

    def __init__(self, most: int = MOST_KEPT) -> None:
        self.most = most
        self._outcomes: OrderedDict[str, dict[int, Outcome | Failure]] = OrderedDict()
        self._count = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return self._count

    def get(self, digest: str, replicate: int) -> Outcome | Failure | None:
        """Return an outcome, None if it is not known."""
        with self._lock:
            return self._outcomes.get(digest, {}).get(replicate)

    def all_of(self, digest: str) -> dict[int, Outcome | Failure]:
        """Return a copy of all that is known of a scenario, which now counts as used."""
        with self._lock:
            if digest in self._outcomes:
                self._outcomes.move_to_end(digest)
            return dict(self._outcomes.get(digest, {}))

    def put(self, digest: str, replicate: int, outcome: Outcome | Failure) -> None:
        """Keep an outcome."""
        with self._lock:
            own = self._outcomes.setdefault(digest, {})
            self._outcomes.move_to_end(digest)
            self._count += replicate not in own
            own[replicate] = outcome
            while self._count > self.most and len(self._outcomes) > 1:
                self._count -= len(self._outcomes.popitem(last=False)[1])
