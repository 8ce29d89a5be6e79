"""Asking for histories of a scenario: parts come while they are lived, and a question can be taken back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from mhsim.dashboard.histories.cache import Kept
from mhsim.dashboard.histories.outcome import Failure, Outcome
from mhsim.dashboard.histories.workers import CHUNK, Workers
from mhsim.dashboard.scenario_digest import digest_of
from mhsim.scenario import Scenario

TOLD_AT = (20, 60, 120)
"""Numbers of histories at which a part is handed over, besides all of them."""
OFTEN, MORE = 2.0, 1.25
"""Where histories take long a part is handed over after so many seconds too, if it is so many times as large."""


@dataclass(frozen=True)
class Part:
    """What is known of a question so far.

    Attributes
    ----------
    outcomes : tuple
        Replicates 0, 1, 2, ... without a gap; a Failure in the place of a history that failed.
    asked : int
        How many were asked for.
    """

    outcomes: tuple[Outcome | Failure, ...]
    asked: int

    @property
    def done(self) -> bool:
        """Whether all are there."""
        return len(self.outcomes) == self.asked

    @property
    def failed(self) -> int:
        """How many of them failed."""
        return sum(isinstance(outcome, Failure) for outcome in self.outcomes)


class Request:
    """A question that is being answered; `stop` takes it back."""

    def __init__(
        self,
        workers: Workers,
        scenario: Scenario,
        replicates: int,
        on_part: Callable[[Part], None],
        told_at: Sequence[int] = TOLD_AT,
    ) -> None:
        self.asked, self.stopped = replicates, False
        self._workers, self._on_part, self._told_at = workers, on_part, told_at
        self._lock, self._telling = Lock(), Lock()
        digest = digest_of(scenario)
        self._found = {k: found for k, found in workers.kept.all_of(digest).items() if k < replicates}
        self._told, self._last_told = 0, monotonic()
        chunks = range(-(-replicates // CHUNK))
        lacking = [number for number in chunks if self._lacks(number)]
        self._tell()
        if lacking:
            workers.want(digest, scenario, lacking, self)
            for replicate, outcome in workers.kept.all_of(digest).items():
                if replicate not in self._found:  # ended in a running chunk, before this question joined it
                    self.take(replicate, outcome)

    def part(self) -> Part:
        """Return what is known so far."""
        with self._lock:
            outcomes: list[Outcome | Failure] = []
            while (found := self._found.get(len(outcomes))) is not None:
                outcomes.append(found)
            return Part(tuple(outcomes), self.asked)

    def stop(self) -> None:
        """Take the question back; no part comes any more but one that is being handed over at this moment."""
        self.stopped = True
        self._workers.leave(self)

    def take(self, replicate: int, outcome: Outcome | Failure) -> None:
        """Receive a history from the workers."""
        with self._lock:
            if replicate >= self.asked:
                return
            self._found[replicate] = outcome
        self._tell()

    def _lacks(self, number: int) -> bool:
        last = min((number + 1) * CHUNK, self.asked)
        return any(replicate not in self._found for replicate in range(number * CHUNK, last))

    def _tell(self) -> None:
        """Hand over what is known if enough of it is new; one part after the other, never fewer after more."""
        with self._telling:
            part = self.part()
            if self.stopped or not self._due(len(part.outcomes)):
                return
            self._told, self._last_told = len(part.outcomes), monotonic()
            try:
                self._on_part(part)
            except Exception:
                logging.getLogger(__name__).exception("a part could not be handed over")

    def _due(self, number: int) -> bool:
        if number <= self._told:
            return False
        passed = any(self._told < mark <= number for mark in (*self._told_at, self.asked))
        return passed or (number >= MORE * self._told and monotonic() - self._last_told > OFTEN)


_KEPT = Kept()
_WORKERS = Workers(_KEPT)


def ask(
    scenario: Scenario, replicates: int, on_part: Callable[[Part], None], told_at: Sequence[int] = TOLD_AT
) -> Request:
    """Ask for the first so many histories of a scenario.

    Parameters
    ----------
    scenario : Scenario
        What is assumed; its seed included.
    replicates : int
        How many, from replicate 0 on.
    on_part : callable
        Called with a Part as histories end, from another thread, or from this one before `ask` returns with what is
        known already. Must not wait for anything.
    told_at : sequence of int
        Numbers of histories at which a part is handed over.

    Returns
    -------
    Request
        Its `stop` takes the question back.
    """
    return Request(_WORKERS, scenario, replicates, on_part, told_at)


def known(scenario: Scenario, replicates: int) -> Part:
    """Return what is known already of the first so many histories, at once."""
    found = _KEPT.all_of(digest_of(scenario))
    outcomes: list[Outcome | Failure] = []
    while len(outcomes) < replicates and (outcome := found.get(len(outcomes))) is not None:
        outcomes.append(outcome)
    return Part(tuple(outcomes), replicates)


def stop_all() -> None:
    """Drop all questions and let the threads end, as at the end of the process."""
    _WORKERS.stop()
