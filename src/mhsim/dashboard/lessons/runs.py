"""The run of a lesson: the same histories in each of its situations, told of together as they grow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, cast

from mhsim.dashboard.histories.cache import Kept
from mhsim.dashboard.histories.outcome import Failure
from mhsim.dashboard.histories.requests import Part, Request
from mhsim.dashboard.histories.workers import Workers
from mhsim.dashboard.lessons.loader import situation_of_case
from mhsim.dashboard.lessons.measures import Seen, seen_in
from mhsim.dashboard.lessons.schema import Lesson

TOLD_AT = (10, 40, 100)
"""Numbers of pairs at which a reader is told, besides all of them; more often would make the page restless."""
MOST_KEPT = 20_000
_WORKERS = Workers(Kept(MOST_KEPT), living=cast(Any, seen_in))


@dataclass(frozen=True)
class Lived:
    """What has been lived so far.

    Attributes
    ----------
    asked : int
        How many histories were asked for in each situation.
    seen : dict of str to tuple
        Replicates 0, 1, 2, ... of each situation, as many in all; a Failure in the place of one that failed.
    """

    asked: int
    seen: dict[str, tuple[Seen | Failure, ...]]

    @property
    def pairs(self) -> int:
        """How many replicates are there in every situation."""
        return min(len(seen) for seen in self.seen.values())

    @property
    def done(self) -> bool:
        """Whether all are there."""
        return self.pairs == self.asked

    @property
    def failed(self) -> int:
        """In how many replicates a history failed in any situation."""
        rows = zip(*self.seen.values(), strict=True)
        return sum(any(isinstance(one, Failure) for one in row) for row in rows)


class Running:
    """A run that is going on; `stop` takes it back.

    Parameters
    ----------
    lesson : Lesson
        What is run.
    seed : int
        The seed of its histories.
    on_lived : callable
        Called with a Lived now and then, from other threads, and at once with what is known already.
    workers : Workers, optional
        Who lives the histories.
    """

    def __init__(
        self, lesson: Lesson, seed: int, on_lived: Callable[[Lived], None], workers: Workers = _WORKERS
    ) -> None:
        self._asked, self._on_lived = lesson.pairs, on_lived
        self._names = [case.name for case in lesson.cases]
        self._parts: dict[str, Part] = {}
        self._told, self._lock = 0, Lock()
        self._requests: list[Request] = []
        for case in lesson.cases:
            scenario = situation_of_case(lesson, case, seed).scenario()
            self._requests.append(Request(workers, scenario, lesson.pairs, self._hearer(case.name), TOLD_AT))

    def stop(self) -> None:
        """Take the run back."""
        for request in self._requests:
            request.stop()

    def _hearer(self, name: str) -> Callable[[Part], None]:
        def hear(part: Part) -> None:
            with self._lock:
                self._parts[name] = part
                lived = self._lived()
                due = lived is not None and any(self._told < mark <= lived.pairs for mark in (*TOLD_AT, self._asked))
                if lived is None or not due:
                    return
                self._told = lived.pairs
                self._on_lived(lived)

        return hear

    def _lived(self) -> Lived | None:
        """Return what all situations have in common; None before each has something."""
        if len(self._parts) < len(self._names):
            return None
        pairs = min(len(part.outcomes) for part in self._parts.values())
        seen = {name: self._parts[name].outcomes[:pairs] for name in self._names}
        return Lived(self._asked, cast("dict[str, tuple[Seen | Failure, ...]]", seen))
