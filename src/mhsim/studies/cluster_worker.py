"""What a worker of a cluster does with the runs it is sent; it knows nothing of the cluster's own software."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from mhsim.core.kept_code import PACKAGE, sources_digest
from mhsim.studies import manifest
from mhsim.studies.one_run import Task, TaskResult
from mhsim.studies.runner import Control, Work

_controls: dict[str, Control] = {}
"""By session of a study: the control array that its runs in this process look at."""


@dataclass(frozen=True)
class BatchResult:
    """What came of a batch of runs: each of them, and the seconds that all took together on the worker.

    `differs` says how the worker differs from what was expected; then nothing was run.
    """

    finished: tuple[TaskResult, ...] = ()
    seconds: float = 0.0
    differs: str = ""


@cache
def build_info() -> dict[str, str]:
    """Return what makes results in this process: digests of the sources, and versions."""
    return {
        "the sources of mhsim": sources_digest(),
        "the sources of its studies": sources_digest(PACKAGE / "studies"),
        **manifest.versions(),
    }


def difference(expected: dict[str, str], found: dict[str, str]) -> str:
    """Return the first thing in which a worker's build_info differ from those expected, in words; "" if in nothing."""
    for name, value in expected.items():
        if found.get(name) != value:
            return f"{name}: {found.get(name, 'nothing')} there, {value} here"
    return ""


def do_batch(session: str, expected: dict[str, str], work: Work, tasks: Sequence[Task]) -> BatchResult:
    """Do some runs one after the other, unless this worker is not what was expected.

    Raises
    ------
    mhsim.Stopped
        If the session was asked to stop.
    """
    differs = difference(expected, build_info())
    if differs:
        return BatchResult(differs=differs)
    control = _controls.setdefault(session, np.zeros(2, np.int64))
    begun = time.perf_counter()
    finished = tuple(work(task, control) for task in tasks)
    return BatchResult(finished, time.perf_counter() - begun)


def stop(session: str) -> None:
    """Ask all runs of a session in this process to stop, and those that may yet begin."""
    _controls.setdefault(session, np.zeros(2, np.int64))[1] = 1
