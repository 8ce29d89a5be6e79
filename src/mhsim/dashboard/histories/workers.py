"""Two threads for the whole process that simulate histories for whoever asks, a few at a time, first ones first.

Work is cut into chunks of replicates. The first chunk of every request goes before the second of any, and so on, so
that in a class everybody sees something soon. A chunk that two people want is simulated once; one that nobody wants any
more is dropped, or stopped if it runs. The threads end when nobody has asked for some seconds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from threading import Condition, Thread
from typing import Protocol

import numpy as np

from mhsim.dashboard.histories.cache import Failure, Outcome, OutcomeCache, outcome_of
from mhsim.engine import Stopped
from mhsim.scenario import Scenario

CHUNK = 10
THREADS = 2
PATIENCE = 5.0
"""Seconds that an idle thread waits for more."""
Simulate = Callable[[Scenario, int, np.ndarray], Outcome]


class Listener(Protocol):
    """Who wants histories."""

    def take(self, replicate: int, outcome: Outcome | Failure) -> None:
        """Receive one history."""


@dataclass(eq=False)
class Chunk:
    """A few replicates of a scenario, and who wants them."""

    digest: str
    number: int
    scenario: Scenario
    listeners: list[Listener] = field(default_factory=list)
    control: np.ndarray = field(default_factory=lambda: np.zeros(2, np.int64))

    @property
    def replicates(self) -> range:
        """The replicates of this chunk."""
        return range(self.number * CHUNK, (self.number + 1) * CHUNK)


class Workers:
    """The threads and what waits for them; see the module.

    Parameters
    ----------
    cache : OutcomeCache
        Where outcomes are looked for and put.
    simulate : callable
        Simulates one history; raises Stopped when its control array asks it to stop.
    threads : int
        How many run side by side.
    patience : float
        Seconds that an idle thread waits before it ends.
    """

    def __init__(
        self, cache: OutcomeCache, simulate: Simulate = outcome_of, threads: int = THREADS, patience: float = PATIENCE
    ) -> None:
        self.cache, self.simulate, self.threads, self.patience = cache, simulate, threads, patience
        self._changed = Condition()
        self._waiting: list[tuple[int, int, Chunk]] = []
        self._chunks: dict[tuple[str, int], Chunk] = {}
        self._tickets = 0
        self._alive = self._idle = 0

    def want(self, digest: str, scenario: Scenario, numbers: list[int], listener: Listener) -> None:
        """Ask for chunks of a scenario on behalf of a listener, which gets every history in them."""
        with self._changed:
            for number in numbers:
                chunk = self._chunks.get((digest, number))
                if chunk is None:
                    chunk = self._chunks[digest, number] = Chunk(digest, number, scenario)
                    self._tickets += 1
                    heappush(self._waiting, (number, self._tickets, chunk))
                chunk.listeners.append(listener)
            for _ in range(min(self.threads - self._alive, len(self._waiting) - self._idle)):
                self._begin()
            self._changed.notify_all()

    def leave(self, listener: Listener) -> None:
        """Forget a listener; chunks that nobody else wants are dropped or stopped."""
        with self._changed:
            for key, chunk in list(self._chunks.items()):
                if listener in chunk.listeners:
                    chunk.listeners.remove(listener)
                    if not chunk.listeners:
                        chunk.control[1] = 1
                        del self._chunks[key]
            self._waiting = [entry for entry in self._waiting if entry[2].listeners]
            self._waiting.sort(key=lambda entry: entry[:2])

    def stop(self) -> None:
        """Drop all that waits and stop all that runs; the threads end."""
        with self._changed:
            for chunk in self._chunks.values():
                chunk.control[1] = 1
                chunk.listeners.clear()
            self._chunks.clear()
            self._waiting.clear()
            self.patience = 0.0
            self._changed.notify_all()

    @property
    def alive(self) -> int:
        """How many threads there are now."""
        with self._changed:
            return self._alive

    def _begin(self) -> None:
        thread = Thread(target=self._work, name="histories", daemon=True)
        thread.current_context = None  # type: ignore[attr-defined]  # Solara would tie it to the user who asked first
        self._alive += 1
        thread.start()

    def _work(self) -> None:
        while (chunk := self._next()) is not None:
            try:
                self._run(chunk)
            except Stopped:
                pass
            except Exception:
                logging.getLogger(__name__).exception("a chunk of histories failed as a whole")
            finally:
                with self._changed:
                    if self._chunks.get((chunk.digest, chunk.number)) is chunk:
                        del self._chunks[chunk.digest, chunk.number]

    def _next(self) -> Chunk | None:
        """Return the next chunk; None when the thread is to end, which it then counts as having done."""
        with self._changed:
            self._idle += 1
            there = self._changed.wait_for(lambda: bool(self._waiting), timeout=self.patience)
            self._idle -= 1
            if there:
                return heappop(self._waiting)[2]
            self._alive -= 1
            return None

    def _run(self, chunk: Chunk) -> None:
        for replicate in chunk.replicates:
            outcome = self.cache.get(chunk.digest, replicate)
            if outcome is None:
                outcome = self._outcome(chunk, replicate)
                self.cache.put(chunk.digest, replicate, outcome)
            with self._changed:
                listeners = list(chunk.listeners)
            for listener in listeners:
                listener.take(replicate, outcome)
            if chunk.control[1]:
                return

    def _outcome(self, chunk: Chunk, replicate: int) -> Outcome | Failure:
        try:
            return self.simulate(chunk.scenario, replicate, chunk.control)
        except Stopped:
            raise
        except Exception as problem:
            logging.getLogger(__name__).warning("history %d failed", replicate, exc_info=True)
            return Failure(replicate, f"{type(problem).__name__}: {problem}")
