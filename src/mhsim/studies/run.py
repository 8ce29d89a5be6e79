"""A sweep: every point of a study, every replicate, kept on disk as it goes; what a kill left undone can be resumed."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from mhsim import engine
from mhsim.errors import InputError
from mhsim.safe_files import StoreError, only_writer, refusals
from mhsim.studies import manifest, stopping_rule
from mhsim.studies.design import StudyBase
from mhsim.studies.one_run import Finished, Task, run_one
from mhsim.studies.plan import Plan
from mhsim.studies.registry import kind_named, plan_for
from mhsim.studies.runner import Kind, Work, results
from mhsim.studies.store import Store, Stored, missing
from mhsim.user_paths import user_path

CHUNK = 50
"""Runs in a chunk at least, unless they take long."""
MOST_CHUNKS = 200
"""Chunks of a large study at most, about."""
PATIENCE = 10.0
"""Seconds after which finished runs are stored even if they do not fill a chunk."""

Progress = Callable[[int, int, int], None]
"""Called as ``progress(done, total, failed)``; done counts failed runs too, and those of earlier sessions."""

Workers = Callable[[Iterable[Task], Work], Generator[Finished, None, None]]
"""Does runs side by side somewhere and yields what came of each as it ends; closed, it stops those under way."""


@dataclass(frozen=True)
class StudyOutcome:
    """What a session left behind."""

    folder: Path
    total: int
    done: int
    failed: int
    elapsed: float
    first_error: str | None = None
    first_command: str | None = None

    @property
    def exit_code(self) -> int:
        """0 if all runs ended well, 1 if one failed."""
        return 1 if self.failed else 0


@dataclass
class Buffer:
    """Finished runs on their way to disk."""

    store: Store
    size: int
    rows: list[Finished] = field(default_factory=list)
    written: float = field(default_factory=time.monotonic)

    def add(self, run: Finished) -> None:
        """Take a run; write a chunk when there are enough, or when the last one was written long ago."""
        self.store.write_tables(run)
        self.rows.append(run)
        if len(self.rows) >= self.size or time.monotonic() - self.written > PATIENCE:
            self.flush()

    def flush(self) -> None:
        """Write what there is."""
        if self.rows:
            self.store.write_chunk(self.rows)
        self.rows, self.written = [], time.monotonic()


def run_study(
    study: StudyBase,
    out: Path,
    *,
    jobs: int = 1,
    resume: bool = False,
    progress: Progress | None = None,
    kind: Kind = "threads",
    scheduler: str | None = None,
) -> StudyOutcome:
    """Run a study into a folder; the results are the same for any number and kind of workers, kills and resumes.

    Parameters
    ----------
    study : Study
        What to run; all of its points are checked before anything starts.
    out : Path
        The folder; made if need be.
    jobs : int
        Runs side by side.
    resume : bool
        Go on with what the folder already holds of this very study.
    progress : callable, optional
        Called after every run as ``progress(done, total, failed)``.
    kind : {"threads", "processes"}
        The workers.
    scheduler : str, optional
        Address of a Dask scheduler, such as ``tcp://10.0.0.1:8786``, whose workers do the runs in place of `jobs`.

    Raises
    ------
    InputError
        If the study is not allowed, the folder holds something else, or the scheduler does not answer; one line.
    StoreError
        If the disk refuses; what is stored is good.
    ClusterError
        If the scheduler or all workers are lost; what is stored is good.
    KeyboardInterrupt
        On Ctrl-C, after the runs under way have been stopped and the finished ones stored.
    """
    if jobs < 1:
        raise InputError(f"jobs is {jobs}; at least 1 is needed")
    out = user_path(out)
    own = kind_named(study.kind).run
    if own is not None:
        outcome: StudyOutcome = own(
            study, out, jobs=jobs, resume=resume, progress=progress, kind=kind, scheduler=scheduler
        )
        return outcome
    begun = time.monotonic()
    store = Store(out, study, plan_for(study))
    with workers(kind, jobs, scheduler) as do:
        with refusals(out):
            out.mkdir(parents=True, exist_ok=True)
        with only_writer(out) as free:
            if not free:
                raise InputError(f"{out} is in use by another process")
            store.prepare(resume=resume)
            session = manifest.new_session(jobs, "cluster" if scheduler else kind)
            stored = work_through(store, session, do, progress or (lambda done, total, failed: None))
            analyse = kind_named(study.kind).analyse
            if analyse is not None:
                analyse(out)
    error, command = store.first_failure() if stored.failed else (None, None)
    return StudyOutcome(out, len(stored.there), stored.done, stored.failed, time.monotonic() - begun, error, command)


@contextmanager
def workers(kind: Kind, jobs: int, scheduler: str | None) -> Iterator[Workers]:
    """Find who does the runs: threads or processes of this machine, or the workers of a scheduler."""
    if scheduler is not None:
        from mhsim.studies.cluster import cluster_at

        with cluster_at(scheduler) as cluster:
            yield cluster.results
        return
    if kind == "processes":
        engine.warm()
    yield partial(results, jobs=jobs, kind=kind)


def work_through(store: Store, session: dict[str, Any], do: Workers, progress: Progress) -> Stored:
    """Do the runs that are missing, storing them as they end, and put all together; return what there is then.

    A study that runs until its measures are known well enough goes on round by round.
    """
    try:
        run_missing(store, do, progress)
        while replicates := stopping_rule.wanted(store):
            store = store.with_replicates(replicates)
            run_missing(store, do, progress)
        stopping_rule.write(store)
        store.assemble()
    except BaseException:
        with suppress(StoreError, InputError):
            store.close_session(session)
        raise
    return store.close_session(session)


def run_missing(store: Store, do: Workers, progress: Progress) -> None:
    """Do the runs that are missing; finished ones are stored even if this is interrupted."""
    plan, stored = store.plan, store.stored()
    done, failed = int(stored.there.sum()), stored.failed
    progress(done, plan.total, failed)
    work = partial(run_one, watch=plan.watch, record=plan.record, simulate=plan.simulate)
    buffer = Buffer(store, max(CHUNK, plan.total // MOST_CHUNKS))
    with closing(do(tasks(plan, missing(stored)), work)) as finished:
        try:
            for run in finished:
                buffer.add(run)
                done, failed = done + 1, failed + (run.error is not None)
                progress(done, plan.total, failed)
        finally:
            buffer.flush()


def tasks(plan: Plan, numbers: Iterable[int]) -> Iterator[Task]:
    """Yield the runs of these numbers, making the scenario of a point once for its replicates."""
    at, scenario = -1, plan.scenario
    for number in numbers:
        point, replicate = divmod(number, plan.replicates)
        if point != at:
            at, scenario = point, plan.scenario_at(point)
        yield Task(point, replicate, scenario)
