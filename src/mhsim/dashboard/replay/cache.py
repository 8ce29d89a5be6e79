"""Recordings that are kept for a while, so that several people who look at the same situation wait for it once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock

from mhsim.dashboard.replay.recording import Recording, record
from mhsim.dashboard.scenario_digest import digest_of
from mhsim.scenario import Scenario

MOST_BYTES = 150_000_000
"""Bytes of memory that kept recordings may take together."""


class Kept:
    """Recordings by scenario; those not asked for longest are let go when they take too much memory together.

    Only pure results of a scenario are kept: nothing of who asked for them.

    Parameters
    ----------
    most_bytes : int
        Bytes that they may take together; the newest is kept in any case.
    make : callable
        Makes a recording of a scenario.
    """

    def __init__(self, most_bytes: int = MOST_BYTES, make: Callable[[Scenario], Recording] = record) -> None:
        self.most_bytes = most_bytes
        self.make = make
        self._lock = Lock()
        self._found: OrderedDict[str, Recording] = OrderedDict()
        self._coming: dict[str, Future[Recording]] = {}

    def recording(self, scenario: Scenario) -> Recording:
        """Return the recording of a scenario; whoever asks while it is being made waits for the same one."""
        key = digest_of(scenario)
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
            coming = self._coming.get(key)
            mine = coming is None
            if coming is None:
                coming = self._coming[key] = Future()
        if mine:
            self._make(key, scenario, coming)
        return coming.result()

    def has(self, scenario: Scenario) -> bool:
        """Tell whether the recording of a scenario is at hand."""
        with self._lock:
            return digest_of(scenario) in self._found

    @property
    def nbytes(self) -> int:
        """Bytes that all kept recordings take."""
        with self._lock:
            return sum(recording.nbytes for recording in self._found.values())

    def _make(self, key: str, scenario: Scenario, coming: Future[Recording]) -> None:
        try:
            made = self.make(scenario)
        except BaseException as error:
            with self._lock:
                del self._coming[key]
            coming.set_exception(error)
            return
        with self._lock:
            self._found[key] = made
            del self._coming[key]
            total = sum(recording.nbytes for recording in self._found.values())
            while total > self.most_bytes and len(self._found) > 1:
                total -= self._found.popitem(last=False)[1].nbytes
        coming.set_result(made)


KEPT = Kept()
"""Shared by everybody who uses this dashboard."""


def recording_of(scenario: Scenario) -> Recording:
    """Return the recording of a scenario, made now or kept from before."""
    return KEPT.recording(scenario)
