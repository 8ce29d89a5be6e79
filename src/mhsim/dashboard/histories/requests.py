"""Requests for histories of scenarios: outcomes come while histories are simulated, and a request can be cancelled."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock
from time import monotonic

from mhsim.dashboard.histories.cache import Failure, Outcome, OutcomeCache
from mhsim.dashboard.histories.workers import CHUNK, Workers
from mhsim.dashboard.scenario_state import digest_of
from mhsim.scenario import Scenario

REPORT_AT = (20, 60, 120)
"""Numbers of histories at which they are reported, besides all of them."""
OFTEN, MORE = 2.0, 1.25
"""Where histories take long they are reported after so many seconds too, if there are so many times as many."""
Outcomes = tuple[Outcome | Failure, ...]


@dataclass(frozen=True)
class Batch:
    """What is known of a request so far.

    Attributes
    ----------
    outcomes : tuple
        Replicates 0, 1, 2, ... without a gap; a Failure in the place of a history that failed.
    asked : int
        How many were asked for.
    """

    outcomes: Outcomes
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
    """A request that is being answered; `stop` cancels it.

    Parameters
    ----------
    workers : Workers
        Who simulates.
    scenario : Scenario
        What is assumed; its seed included.
    replicates : int
        How many histories, from replicate 0 on.
    on_batch : callable
        Called with a Batch as histories end, from another thread, or from this one before the constructor returns with
        what is known already. Must not wait for anything.
    report_at : sequence of int
        Numbers of histories at which it is called.
    """

    def __init__(
        self,
        workers: Workers,
        scenario: Scenario,
        replicates: int,
        on_batch: Callable[[Batch], None],
        report_at: Sequence[int] = REPORT_AT,
    ) -> None:
        self.asked, self.stopped = replicates, False
        self._workers, self._on_batch, self._report_at = workers, on_batch, report_at
        self._lock, self._reporting = Lock(), Lock()
        digest = digest_of(scenario)
        self._outcomes = workers.cache.first(digest, replicates)
        self._reported, self._last_report = 0, monotonic()
        chunks = range(-(-replicates // CHUNK))
        lacking = [number for number in chunks if self._lacks(number)]
        self._report()
        if lacking:
            workers.want(digest, scenario, lacking, self)
            for replicate, outcome in workers.cache.first(digest, replicates).items():
                if replicate not in self._outcomes:  # ended in a running chunk, before this request joined it
                    self.take(replicate, outcome)

    def batch(self) -> Batch:
        """Return what is known so far."""
        with self._lock:
            return without_gap(self._outcomes, self.asked)

    def stop(self) -> None:
        """Cancel the request; nothing is reported any more but a batch that is being reported at this moment."""
        self.stopped = True
        self._workers.leave(self)

    def take(self, replicate: int, outcome: Outcome | Failure) -> None:
        """Receive a history from the workers."""
        with self._lock:
            if replicate >= self.asked:
                return
            self._outcomes[replicate] = outcome
        self._report()

    def _lacks(self, number: int) -> bool:
        last = min((number + 1) * CHUNK, self.asked)
        return any(replicate not in self._outcomes for replicate in range(number * CHUNK, last))

    def _report(self) -> None:
        """Report what is known if enough of it is new; one batch after the other, never fewer after more."""
        with self._reporting:
            batch = self.batch()
            if self.stopped or not self._due(len(batch.outcomes)):
                return
            self._reported, self._last_report = len(batch.outcomes), monotonic()
            try:
                self._on_batch(batch)
            except Exception:
                logging.getLogger(__name__).exception("a batch of histories could not be reported")

    def _due(self, number: int) -> bool:
        if number <= self._reported:
            return False
        passed = any(self._reported < mark <= number for mark in (*self._report_at, self.asked))
        return passed or (number >= MORE * self._reported and monotonic() - self._last_report > OFTEN)


class JointRequest:
    """The same replicates of several scenarios, reported together: always as many of each.

    Parameters
    ----------
    scenarios : sequence of Scenario
        What is assumed; equal ones are simulated once.
    replicates : int
        How many histories of each.
    on_outcomes : callable
        Called with the outcomes of each scenario, in order, as more come.
    least : int
        Below so many histories of each nothing is reported.
    ask : callable
        Makes a request: from a scenario, replicates, a function for batches and, if given, `report_at`.
    """

    def __init__(
        self,
        scenarios: Sequence[Scenario],
        replicates: int,
        on_outcomes: Callable[[tuple[Outcomes, ...]], None],
        *,
        least: int = 1,
        ask: Callable[[Scenario, int, Callable[[Batch], None]], Request],
    ) -> None:
        self.reported = 0
        self._scenarios, self._replicates, self._least = tuple(scenarios), replicates, least
        self._on_outcomes, self._ask = on_outcomes, ask
        self._outcomes: dict[Scenario, Outcomes] = dict.fromkeys(scenarios, ())
        self._lock = Lock()
        self._requests: list[Request] = []

    def begin(self) -> None:
        """Ask; what is known already is reported before this returns."""
        for scenario in self._outcomes:
            self._requests.append(self._ask(scenario, self._replicates, partial(self._receive, scenario)))

    def stop(self) -> None:
        """Cancel all requests."""
        for request in self._requests:
            request.stop()

    def _receive(self, scenario: Scenario, batch: Batch) -> None:
        with self._lock:
            self._outcomes[scenario] = batch.outcomes
            cases = min(len(outcomes) for outcomes in self._outcomes.values())
            enough = cases == self._replicates or cases >= max(self._least, MORE * self.reported)
            if cases <= self.reported or not enough:
                return
            self.reported = cases
            joint = tuple(self._outcomes[one][:cases] for one in self._scenarios)
        self._on_outcomes(joint)


def without_gap(outcomes: dict[int, Outcome | Failure], asked: int) -> Batch:
    """Return outcomes by replicate as a batch, up to the first that is missing."""
    first: list[Outcome | Failure] = []
    while len(first) < asked and (outcome := outcomes.get(len(first))) is not None:
        first.append(outcome)
    return Batch(tuple(first), asked)


_CACHE = OutcomeCache()
_WORKERS = Workers(_CACHE)


def ask(scenario: Scenario, replicates: int, on_batch: Callable[[Batch], None]) -> Request:
    """Ask for the first so many histories of a scenario; see `Request`."""
    return Request(_WORKERS, scenario, replicates, on_batch)


def known(scenario: Scenario, replicates: int) -> Batch:
    """Return what is known already of the first so many histories, at once."""
    return without_gap(_CACHE.first(digest_of(scenario), replicates), replicates)


def stop_all() -> None:
    """Cancel all requests and let the threads end, as at the end of the process."""
    _WORKERS.stop()
