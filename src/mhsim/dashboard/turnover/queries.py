"""What a visitor asks while moving a slider: two situations at a time, the newest question counts.

A question that has been overtaken is stopped. One that is about to give its first answer may give it, so that the page
answers while the slider moves and not only when it rests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Event, Lock
from time import monotonic

from mhsim.dashboard.histories import Failure, Outcome, Part, Request, ask
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
    one: tuple[Outcome | Failure, ...]
    other: tuple[Outcome | Failure, ...]
    asked: int = HISTORIES

    @property
    def done(self) -> bool:
        """Whether all are there."""
        return len(self.one) == self.asked

    @property
    def failed(self) -> int:
        """In how many pairs at least one history failed."""
        return sum(isinstance(a, Failure) or isinstance(b, Failure) for a, b in zip(self.one, self.other, strict=True))


class Question:
    """Two requests that are answered together."""

    def __init__(self, first: Scenario, second: Scenario, on_pair: Callable[[Question, Pair], None]) -> None:
        self.first, self.second, self.began = first, second, monotonic()
        self.told = 0
        self._on_pair = on_pair
        self._lock = Lock()
        self._parts = [Part((), HISTORIES), Part((), HISTORIES)]
        self._requests: list[Request] = []

    def begin(self) -> None:
        """Ask; what is known already is told before this returns."""
        same = self.first == self.second
        for k, scenario in enumerate((self.first,) if same else (self.first, self.second)):
            arms = (0, 1) if same else (k,)
            self._requests.append(ask(scenario, HISTORIES, partial(self._hear, arms)))

    def stop(self) -> None:
        """Take the question back."""
        for request in self._requests:
            request.stop()

    def _hear(self, arms: tuple[int, ...], part: Part) -> None:
        with self._lock:
            for arm in arms:
                self._parts[arm] = part
            one, other = (part.outcomes for part in self._parts)
            cases = min(len(one), len(other))
            if cases <= self.told or cases < FIRST:
                return
            self.told = cases
        self._on_pair(self, Pair(self.first, self.second, one[:cases], other[:cases]))


def answered(first: Scenario, second: Scenario, seconds: float) -> Pair:
    """Return what many histories of two scenarios say, waiting for them so long at most."""
    done, latest = Event(), Pair(first, second, (), ())

    def hear(_question: Question, pair: Pair) -> None:
        nonlocal latest
        latest = pair
        if pair.done:
            done.set()

    question = Question(first, second, hear)
    question.begin()
    done.wait(seconds)
    question.stop()
    return latest


class Conversation:
    """The questions of one visitor, one after the other.

    Parameters
    ----------
    told : callable
        Called with a Pair as histories end, from other threads.
    """

    def __init__(self, told: Callable[[Pair], None]) -> None:
        self._told = told
        self._lock = Lock()
        self._open: Question | None = None
        self._next: tuple[Scenario, Scenario] | None = None

    def ask(self, first: Scenario, second: Scenario) -> None:
        """Ask about two scenarios; any question before is overtaken."""
        with self._lock:
            now = self._open
            if now is not None and not now.told and monotonic() - now.began < PATIENCE:
                self._next = (first, second)
                return
            question = self._replace(first, second)
        question.begin()

    def stop(self) -> None:
        """Take back whatever is asked."""
        with self._lock:
            now, self._open, self._next = self._open, None, None
        if now is not None:
            now.stop()

    def _replace(self, first: Scenario, second: Scenario) -> Question:
        if self._open is not None:
            self._open.stop()
        self._open, self._next = Question(first, second, self._hear), None
        return self._open

    def _hear(self, question: Question, pair: Pair) -> None:
        with self._lock:
            if question is not self._open:
                return
            following = self._replace(*self._next) if self._next else None
        self._told(pair)
        if following is not None:
            following.begin()
