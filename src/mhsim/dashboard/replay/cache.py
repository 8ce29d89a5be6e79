"""Recordings that are cached, so that several people who look at the same situation wait for it once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock

from cachetools import LRUCache

from mhsim.dashboard.replay.recording import Recording, record
from mhsim.dashboard.scenario_digest import digest_of
from mhsim.scenario import Scenario

MOST_BYTES = 150_000_000
"""Bytes of memory that cached recordings may take together."""


class RecordingCache:
    """Recordings by scenario; the least recently used are let go when they take too much memory together.

    Only pure results of a scenario are cached: nothing of who asked for them.

    Parameters
    ----------
    most_bytes : int
        Bytes that they may take together; the newest is kept in any case.
    make : callable
        Makes a recording of a scenario.
    """

    def __init__(self, most_bytes: int = MOST_BYTES, make: Callable[[Scenario], Recording] = record) -> None:
        self.make = make
        self._lock = Lock()
        self._recordings: LRUCache[str, Recording] = LRUCache(most_bytes, lambda one: min(one.nbytes, most_bytes))
        self._coming: dict[str, Future[Recording]] = {}

    def recording(self, scenario: Scenario) -> Recording:
        """Return the recording of a scenario; whoever asks while it is being made waits for the same one."""
        key = digest_of(scenario)
        with self._lock:
            if key in self._recordings:
                return self._recordings[key]
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
            return digest_of(scenario) in self._recordings

    def _make(self, key: str, scenario: Scenario, coming: Future[Recording]) -> None:
        try:
            made = self.make(scenario)
        except BaseException as error:
            with self._lock:
                del self._coming[key]
            coming.set_exception(error)
            return
        with self._lock:
            self._recordings[key] = made
            del self._coming[key]
        coming.set_result(made)


CACHE = RecordingCache()
"""Shared by everybody who uses this dashboard."""


def recording_of(scenario: Scenario) -> Recording:
    """Return the recording of a scenario, made now or cached from before."""
    return CACHE.recording(scenario)
