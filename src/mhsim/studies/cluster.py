"""Runs on other machines, through a Dask scheduler: the same rows as at home, whichever worker does them.

Runs go out in batches that take about a second, so that sending them costs little; a worker that dies costs its
batches. They are done again one run at a time, and a run whose worker dies then too has failed.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from itertools import islice
from typing import Any
from uuid import uuid4

from mhsim.errors import InputError, one_line
from mhsim.studies.cluster_worker import BatchResult, build_info, difference, do_batch, stop
from mhsim.studies.one_run import Task, TaskResult
from mhsim.studies.runner import TICK, Work

ADDRESS = re.compile(r"(?:tcp|tls)://(?P<host>[^/:\s]+|\[[0-9a-fA-F:]+\]):(?P<port>\d{1,5})")
CONNECTING = 5.0
"""Seconds within which a scheduler has to answer."""
WAITING = 60.0
"""Seconds that a study waits for a worker while there is none."""
BATCH_SECONDS = 1.0
"""Seconds that a batch is to take; sending one and fetching its rows takes some milliseconds."""
LARGEST = 500
"""Runs in a batch at most."""
GROWTH = 4
"""How many times as long as a finished batch the next one may be."""
AHEAD = 2
"""Batches handed out at a time, per thread of a worker."""
GO_ON = "what is done is kept, and --resume goes on with it"


class ClusterError(RuntimeError):
    """The cluster is gone or unfit; what is stored is good. The message is one line."""


@dataclass
class Cluster:
    """A scheduler that answered, how large batches are by what the last ones took, and how long workers were busy."""

    client: Any
    address: str
    session: str = field(default_factory=lambda: uuid4().hex)
    expected: dict[str, str] = field(default_factory=build_info)
    size: int = 1
    busy: float = 0.0
    threads: int = 0
    looked: float = float("-inf")
    peopled: float = field(default_factory=time.monotonic)

    def results(self, tasks: Iterable[Task], work: Work) -> Generator[TaskResult, None, None]:
        """Yield what came of each run, in the order in which batches end; see `runner.results`.

        Raises
        ------
        ClusterError
            If the scheduler is lost, no worker is left, or one that came later runs another mhsim.
        """
        waiting, suspects = iter(tasks), list[Task]()
        running: dict[Any, list[Task]] = {}
        try:
            while self._hand_out(waiting, work, running):
                for future in self._ended(running):
                    batch, tasks_of = self._taken(future), running.pop(future)
                    if batch is None:
                        suspects += tasks_of
                        continue
                    self._fit(batch)
                    yield from batch.finished
            for task in suspects:
                yield self._alone(task, work, running)
        finally:
            self._call_off(running)

    def _hand_out(self, waiting: Iterator[Task], work: Work, running: dict[Any, list[Task]]) -> bool:
        """Hand out batches until every thread has enough; return whether any are under way."""
        self._look()
        while len(running) < AHEAD * max(1, self.threads):
            tasks = list(islice(waiting, self.size))
            if not tasks:
                break
            self._submit(tasks, work, running)
        return bool(running)

    def _submit(self, tasks: list[Task], work: Work, running: dict[Any, list[Task]]) -> None:
        key = f"mhsim-{self.session}-{tasks[0].point}-{tasks[0].replicate}-{uuid4().hex[:8]}"
        running[self.client.submit(do_batch, self.session, self.expected, work, tasks, key=key, pure=False)] = tasks

    def _ended(self, running: dict[Any, list[Task]]) -> Sequence[Any]:
        """Wait until batches have ended and return their futures, which may be none while the cluster is looked at."""
        with suppress(TimeoutError), self.client.as_current():
            dask().wait(list(running), timeout=TICK, return_when="FIRST_COMPLETED")
        self._look()
        return [future for future in running if future.done()]

    def _taken(self, future: Any) -> BatchResult | None:
        """Return what came of a batch; None if its worker died."""
        from concurrent.futures import CancelledError

        try:
            batch: BatchResult = future.result()
        except dask().KilledWorker:
            return None
        except CancelledError:
            raise ClusterError(self._lost()) from None
        except (ImportError, AttributeError, TypeError) as problem:
            raise ClusterError(one_line(f"a worker of {self.address} cannot do the runs: {problem}")) from problem
        if batch.differs:
            raise ClusterError(f"a worker that came to {self.address} later is of another make ({batch.differs})")
        return batch

    def _alone(self, task: Task, work: Work, running: dict[Any, list[Task]]) -> TaskResult:
        """Do one run while nothing else is under way; it has failed if its worker dies again."""
        self._submit([task], work, running)
        while True:
            for future in self._ended(running):
                batch = self._taken(future)
                del running[future]
                if batch is None:
                    return TaskResult(
                        task.point, task.replicate, error="WorkerDied: the worker of this run died, twice"
                    )
                return batch.finished[0]

    def _fit(self, batch: BatchResult) -> None:
        """Make the next batches as long as they should be."""
        self.busy += batch.seconds
        fitting = int(BATCH_SECONDS * len(batch.finished) / max(batch.seconds, 1e-9))
        self.size = max(1, min(fitting, max(self.size, GROWTH * len(batch.finished)), LARGEST))

    def _look(self) -> None:
        """See now and then whether the scheduler and any workers are still there."""
        now = time.monotonic()
        if now - self.looked < TICK:
            return
        if self.client.status != "running":
            raise ClusterError(self._lost())
        self.threads, self.looked = sum(self.client.nthreads().values()), now
        if self.threads:
            self.peopled = now
        elif now - self.peopled > WAITING:
            raise ClusterError(f"no worker has been at {self.address} for {WAITING:.0f} s; {GO_ON}")

    def _lost(self) -> str:
        return f"the scheduler at {self.address} is gone; {GO_ON}"

    def _call_off(self, running: dict[Any, list[Task]]) -> None:
        """Drop the batches not begun and stop the runs under way."""
        if running and self.client.status == "running":
            self.client.cancel(list(running), force=True)
            self.client.run(stop, self.session, on_error="ignore")
        running.clear()


@cache
def dask() -> Any:
    """Return the package `distributed`; raise InputError if it is not installed."""
    try:
        return import_module("distributed")
    except ImportError:
        raise InputError('--scheduler needs Dask: pip install "mhsim[cluster]"') from None


@contextmanager
def cluster_at(address: str) -> Iterator[Cluster]:
    """Connect to a scheduler whose workers are all of this very make of mhsim, until the block ends.

    Parameters
    ----------
    address : str
        Such as ``tcp://10.0.0.1:8786``.

    Raises
    ------
    InputError
        If it is no address, nobody answers, no worker comes, or a worker runs another mhsim; one line.
    """
    check_address(address)
    try:
        client = dask().Client(address, timeout=CONNECTING, set_as_default=False, name="mhsim")
    except (OSError, ValueError, RuntimeError) as problem:
        raise InputError(f"{address} does not answer as a Dask scheduler does: {problem}") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=2 * CONNECTING)
        except TimeoutError:
            raise InputError(
                f"the scheduler at {address} has no workers; start one by: dask worker {address}"
            ) from None
        cluster = Cluster(client, address)
        check_workers(cluster)
        yield cluster


def check_address(address: str) -> None:
    """Raise InputError if nothing listens at an address, it is none, or who listens is mute, as no scheduler is.

    Dask's own client would wait for ever for the first word of a mute one; behind TLS nobody speaks first.
    """
    match = ADDRESS.fullmatch(address)
    if match is None or int(match["port"]) > 65535:
        raise InputError(f"'{address}' is no address of a scheduler; give one such as tcp://127.0.0.1:8786")
    try:
        probe = socket.create_connection((match["host"].strip("[]"), int(match["port"])), timeout=CONNECTING)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise InputError(f"no scheduler answers at {address}: {reason}; start one by: dask scheduler") from None
    with probe:
        try:
            spoke = address.startswith("tls") or probe.recv(1) != b""
        except OSError:
            spoke = False
    if not spoke:
        raise InputError(f"{address} does not answer as a Dask scheduler does")


def check_workers(cluster: Cluster) -> None:
    """Raise InputError if a worker cannot be asked, or is of another make than this process."""
    for worker, found in cluster.client.run(build_info, on_error="return").items():
        if isinstance(found, BaseException):
            raise InputError(f"the worker {worker} cannot load mhsim: {type(found).__name__}: {found}")
        differs = difference(cluster.expected, found)
        if differs:
            raise InputError(f"the worker {worker} is of another make ({differs}); install the same there")
