"""What a visitor asks while moving a slider: two situations at a time, the newest question counts.

A question that has been overtaken is stopped. One that is about to give its first answer may give it, so that the page
answers while the slider moves and not only when it rests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock
from time import monotonic

from mhsim.dashboard import histories
from mhsim.dashboard.histories import Failure, JointRequest, Outcomes
from mhsim.scenario import Scenario

HISTORIES = 200
FIRST = 20
"""Histories below which nothing is said of them."""
PATIENCE = 1.0
"""Seconds that an overtaken question may take for its first answer."""


@dataclass(frozen=True)
class Pair:
    """What many histories of two situations gave so far: the same replicates of both.

    Attributes
    ----------
    first, second : Scenario
        A and B.
    one, other : tuple
        Their outcomes, replicate by replicate.
    asked : int
        How many were asked for.
    """

    first: Scenario
    second: Scenario
    one: Outcomes = ()
    other: Outcomes = ()
    asked: int = HISTORIES

    @property
    def done(self) -> bool:
        """Whether all are there."""
        return len(self.one) == self.asked

    @property
    def failed(self) -> int:
        """In how many pairs at least one history failed."""
        return sum(isinstance(a, Failure) or isinstance(b, Failure) for a, b in zip(self.one, self.other, strict=True))


class Question(JointRequest):
    """Two scenarios that are asked about together; see `JointRequest`."""

    def __init__(self, first: Scenario, second: Scenario, on_pair: Callable[[Question, Pair], None]) -> None:
        self.began = monotonic()

        def report(outcomes: tuple[Outcomes, ...]) -> None:
            on_pair(self, Pair(first, second, outcomes[0], outcomes[1]))

        super().__init__((first, second), HISTORIES, report, least=FIRST, ask=histories.ask)


def answered(first: Scenario, second: Scenario, seconds: float) -> Pair:
    """Return what many histories of two scenarios say, waiting for them so long at most."""
    done, latest = Event(), Pair(first, second)

    def report(_question: Question, pair: Pair) -> None:
        nonlocal latest
        latest = pair
        if pair.done:
            done.set()

    question = Question(first, second, report)
    question.begin()
    done.wait(seconds)
    question.stop()
    return latest


class LatestQuestion:
    """The questions of one visitor, one after the other.

    Parameters
    ----------
    on_pair : callable
        Called with a Pair as histories end, from other threads.
    """

    def __init__(self, on_pair: Callable[[Pair], None]) -> None:
        self._on_pair = on_pair
        self._lock = Lock()
        self._open: Question | None = None
        self._next: tuple[Scenario, Scenario] | None = None

    def ask(self, first: Scenario, second: Scenario) -> None:
        """Ask about two scenarios; any question before is overtaken."""
        with self._lock:
            now = self._open
            if now is not None and not now.reported and monotonic() - now.began < PATIENCE:
                self._next = (first, second)
                return
            question = self._replace(first, second)
        question.begin()

    def stop(self) -> None:
        """Cancel whatever is asked."""
        with self._lock:
            now, self._open, self._next = self._open, None, None
        if now is not None:
            now.stop()

    def _replace(self, first: Scenario, second: Scenario) -> Question:
        if self._open is not None:
            self._open.stop()
        self._open, self._next = Question(first, second, self._report), None
        return self._open

    def _report(self, question: Question, pair: Pair) -> None:
        with self._lock:
            if question is not self._open:
                return
            following = self._replace(*self._next) if self._next else None
        self._on_pair(pair)
        if following is not None:
            following.begin()
