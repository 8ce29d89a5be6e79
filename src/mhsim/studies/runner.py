"""Runs side by side in threads or processes, a bounded number at a time, and stops them when asked.

Threads are the rule: the engine releases the interpreter's lock for a whole run. Processes cost a start-up each, but
one that dies costs only its own run. Anything with the interface of `concurrent.futures` would do.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mhsim.errors import InputError
from mhsim.studies.one_run import Task, TaskResult

Control = NDArray[np.int64]
Work = Callable[[Task, Control], TaskResult]
Kind = Literal["threads", "processes"]
WINDOW = 4
"""Runs handed out at a time, per job; results beyond that never wait in memory."""
TICK = 1.0
"""Seconds after which a wait looks up, so that Ctrl-C is heard on every platform."""

MAIN_GUARD = 'a script has to call run_study below the line `if __name__ == "__main__":`'

_inherited: dict[str, Control] = {}
"""In a worker process: the control array it shares with the process that started it."""


@dataclass(frozen=True)
class Pool:
    """Workers, and the control array that all their runs look at."""

    executor: Executor
    control: Control
    shared: bool

    def submit(self, work: Work, task: Task) -> Future[TaskResult]:
        """Hand out one run."""
        if self.shared:
            return self.executor.submit(_work_in_process, work, task)
        return self.executor.submit(work, task, self.control)

    def close(self) -> None:
        """Ask all runs to stop, drop those not begun, and wait until the workers are gone."""
        self.control[1] = 1
        self.executor.shutdown(wait=True, cancel_futures=True)


def start_pool(kind: Kind, jobs: int) -> Pool:
    """Start a pool of threads, or of processes that begin as fresh interpreters (never by fork)."""
    if kind == "threads":
        return Pool(ThreadPoolExecutor(jobs), np.zeros(2, np.int64), shared=False)
    context = multiprocessing.get_context("spawn")
    memory = context.RawArray("q", 2)
    executor = ProcessPoolExecutor(jobs, mp_context=context, initializer=_enter_process, initargs=(memory,))
    return Pool(executor, np.frombuffer(memory, dtype=np.int64), shared=True)


def results(
    tasks: Iterable[Task], work: Work, *, jobs: int = 1, kind: Kind = "threads"
) -> Generator[TaskResult, None, None]:
    """Yield the result of each run, in the order in which they end; those that end together, in the order of tasks.

    Tasks are drawn only as workers need them. Closing the iterator, or an exception such as KeyboardInterrupt in
    it, stops the runs under way. A run whose worker process dies is tried once more by itself; if that dies too it
    has failed, and the others go on.
    """
    waiting = iter(tasks)
    pool = start_pool(kind, jobs)
    running: dict[Future[TaskResult], Task] = {}
    try:
        while hand_out(pool, work, waiting, running, WINDOW * jobs):
            try:
                done = wait(running, timeout=TICK, return_when=FIRST_COMPLETED).done
                for future in [future for future in running if future in done]:
                    finished = future.result()
                    del running[future]
                    yield finished
            except BrokenExecutor:
                pool.close()
                check_start(kind)
                yield from one_by_one(work, running.values(), kind)
                running.clear()
                pool = start_pool(kind, jobs)
    finally:
        pool.close()


def check_start(kind: Kind) -> None:
    """Raise InputError if not even a worker with nothing to do starts, so that no run is to blame."""
    pool = start_pool(kind, 1)
    try:
        pool.executor.submit(os.getpid).result()
    except BrokenExecutor:
        raise InputError(
            f"worker processes cannot be started: {MAIN_GUARD}; or use kind='threads'. No run has failed"
        ) from None
    finally:
        pool.close()


def check_main_guard() -> None:
    """Raise InputError in a worker process that is still reading the script that started it."""
    if getattr(multiprocessing.process.current_process(), "_inheriting", False):
        raise InputError(f"a worker process must not start the study again: {MAIN_GUARD}")


def hand_out(
    pool: Pool, work: Work, waiting: Iterator[Task], running: dict[Future[TaskResult], Task], window: int
) -> bool:
    """Hand out runs until the window is full; return whether any are under way.

    A run that a dead pool cannot take counts as under way; its future holds the reason.
    """
    for task in islice(waiting, window - len(running)):
        try:
            running[pool.submit(work, task)] = task
        except BrokenExecutor as reason:
            refused: Future[TaskResult] = Future()
            refused.set_exception(reason)
            running[refused] = task
            break
    return bool(running)


def one_by_one(work: Work, tasks: Iterable[Task], kind: Kind) -> Iterator[TaskResult]:
    """Do runs one after the other; one whose worker dies has failed, and the next gets a new worker."""
    pool = start_pool(kind, 1)
    try:
        for task in tasks:
            try:
                yield pool.submit(work, task).result()
            except BrokenExecutor:
                yield TaskResult(task.point, task.replicate, error="WorkerDied: the process of this run ended, twice")
                pool.close()
                pool = start_pool(kind, 1)
    finally:
        pool.close()


def _work_in_process(work: Work, task: Task) -> TaskResult:
    """Do one run in a worker process, under the control array of that process."""
    return work(task, _inherited["control"])


def _enter_process(memory: Any) -> None:
    """Set a worker process up: shared control, Ctrl-C left to the parent, end when the parent ends."""
    _inherited["control"] = np.frombuffer(memory, dtype=np.int64)
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process as soon as the one that started it is gone, even if that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
