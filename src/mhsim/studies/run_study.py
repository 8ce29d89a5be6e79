"""Running a study of any kind: every point, every replicate, kept on disk as it goes; a study can be resumed."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import mhsim
from mhsim.errors import InputError
from mhsim.safe_files import StoreError, only_writer, refusals, write_table
from mhsim.studies import manifest, stopping_rule
from mhsim.studies.chunks import chunk_size
from mhsim.studies.design import StudyBase
from mhsim.studies.one_run import Task, TaskResult, run_one
from mhsim.studies.plan import Plan
from mhsim.studies.registry import kind_named, plan_for
from mhsim.studies.run_crate import write_crate
from mhsim.studies.runner import Kind, Work, check_main_guard, results
from mhsim.studies.store import Store, StoredRuns
from mhsim.user_paths import user_path

PATIENCE = 10.0
"""Seconds after which finished runs are stored even if they do not fill a chunk."""

Progress = Callable[[int, int, int], None]
"""Called as ``progress(done, total, failed)``; done counts failed runs too, and those of earlier sessions."""

Notice = Callable[[str], None]
"""Called with a line for people before the first run, such as which damaged files are run again."""

Workers = Callable[[Iterable[Task], Work], Generator[TaskResult, None, None]]
"""Does runs side by side somewhere and yields the result of each as it ends; closed, it stops those under way."""


@dataclass(frozen=True)
class StudyOutcome:
    """What a session left in a study folder.

    Attributes
    ----------
    folder : Path
        The folder.
    total, done, failed : int
        Runs of the study, those that ended well, and those that failed.
    elapsed : float
        Seconds that the session took.
    first_error, first_command : str or None
        Error of the first failed run, and the command that repeats it.
    """

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
class ChunkWriter:
    """Finished runs on their way to disk."""

    store: Store
    size: int
    rows: list[TaskResult] = field(default_factory=list)
    written: float = field(default_factory=time.monotonic)

    def add(self, run: TaskResult) -> None:
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
    retry_failed: bool = False,
    progress: Progress | None = None,
    notice: Notice | None = None,
    kind: Kind = "threads",
    scheduler: str | None = None,
    plan: Plan | None = None,
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
        Go on with what the folder already holds of this very study. Runs whose files are damaged, and runs that failed
        because of the machine (a worker that died, no memory, a file that could not be opened), are run again.
    retry_failed : bool
        When resuming, run every failed run again.
    progress : callable, optional
        Called after every run as ``progress(done, total, failed)``.
    notice : callable, optional
        Called with a line for people if something is run again.
    kind : {"threads", "processes"}
        The workers. For processes a script needs the line ``if __name__ == "__main__":`` above the call.
    scheduler : str, optional
        Address of a Dask scheduler, such as ``tcp://10.0.0.1:8786``, whose workers do the runs in place of `jobs`.
    plan : Plan, optional
        The plan of this study, if it has been made already.

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
    check_main_guard()
    if jobs < 1:
        raise InputError(f"jobs is {jobs}; at least 1 is needed")
    out = user_path(out)
    own = kind_named(study.kind).run
    progress, notice = progress or (lambda done, total, failed: None), notice or (lambda line: None)
    if own is not None:
        how = {"jobs": jobs, "kind": kind, "scheduler": scheduler, "retry_failed": retry_failed, "notice": notice}
        outcome: StudyOutcome = own(study, out, resume=resume, progress=progress, **how)
        return outcome
    begun = time.monotonic()
    store = Store(out, study, plan or plan_for(study))
    with workers(kind, jobs, scheduler) as do, study_session(store, resume, jobs, scheduler or kind, notice) as session:
        again = runs_again(store, retry_failed, notice)
        stored = finish_runs(store, session, do, progress, again)
        analyse = kind_named(study.kind).analyse
        if analyse is not None:
            analyse(out)
        write_crate(out)
    return outcome_of(store, stored, begun)


def outcome_of(store: Store, stored: StoredRuns, begun: float) -> StudyOutcome:
    """Return what a session that began at a time of `time.monotonic` left in a folder."""
    failure = store.first_failure() if stored.failures else (None, None)
    seconds = time.monotonic() - begun
    return StudyOutcome(store.folder, len(stored.there), stored.done, stored.failures, seconds, *failure)


@contextmanager
def workers(kind: Kind, jobs: int, scheduler: str | None) -> Iterator[Workers]:
    """Find who does the runs: threads or processes of this machine, or the workers of a scheduler."""
    if scheduler is not None:
        from mhsim.studies.cluster import cluster_at

        with cluster_at(scheduler) as cluster:
            yield cluster.results
        return
    if kind == "processes":
        mhsim.warm()
    yield partial(results, jobs=jobs, kind=kind)


@contextmanager
def study_session(store: Store, resume: bool, jobs: int, workers: str, notice: Notice) -> Iterator[dict[str, Any]]:
    """Make a folder, claim it for this process and prepare it; yield what the manifest is to say of the session."""
    folder = store.folder
    with refusals(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with only_writer(folder) as free:
        if not free:
            raise InputError(f"{folder} is in use by another process")
        damaged = store.prepare(resume=resume)
        if damaged:
            names = ", ".join(damaged[:3]) + (" and others" if len(damaged) > 3 else "")
            notice(f"{len(damaged):,} files of results were damaged and their runs are run again: {names}")
        session = manifest.new_session(jobs, workers if "://" not in workers else "cluster")
        yield session | ({"damaged": damaged} if damaged else {})


def runs_again(store: Store, retry_failed: bool, notice: Notice) -> NDArray[np.bool_]:
    """Return which failed runs are run again, shape (runs,)."""
    stored = store.stored()
    again = stored.failed if retry_failed else stored.again
    if again.any():
        why = "" if retry_failed else " because of the machine"
        notice(f"{int(again.sum()):,} runs that failed{why} are run again")
    return again


def finish_runs(
    store: Store, session: dict[str, Any], do: Workers, progress: Progress, again: NDArray[np.bool_]
) -> StoredRuns:
    """Do the runs that are missing, storing them as they end, and put all together; return what there is then.

    A study that runs until its measures are known well enough goes on round by round.

    Parameters
    ----------
    store : Store
        The folder, prepared.
    session : dict
        What the manifest is to say of this session.
    do : callable
        The workers.
    progress : callable
        Called after every run.
    again : array of bool, shape (runs,)
        Failed runs that are run again.
    """
    try:
        run_missing(store, do, progress, again)
        while replicates := stopping_rule.next_replicates(store.study, store.plan.replicates, store.measure):
            store = replace(store, plan=replace(store.plan, replicates=replicates))
            run_missing(store, do, progress)
        precision = stopping_rule.precision_table(store.study, store.measure)
        if precision is not None:
            write_table(store.folder / stopping_rule.TABLE, precision)
        store.assemble()
    except BaseException:
        with suppress(StoreError, InputError):
            store.close_session(session)
        raise
    return store.close_session(session)


def run_missing(
    store: Store,
    do: Workers,
    progress: Progress,
    again: NDArray[np.bool_] | None = None,
    among: NDArray[np.bool_] | None = None,
) -> None:
    """Do the runs that are missing or are to be done again; finished ones are stored even if this is interrupted.

    Where `among` is given, shape (runs,), only those are done.
    """
    plan, stored = store.plan, store.stored()
    wanted = ~stored.there if again is None else ~stored.there | again
    if among is not None:
        wanted &= among
    done, failed = plan.total - int(wanted.sum()), int((stored.failed & ~wanted).sum())
    progress(done, plan.total, failed)
    work = partial(run_one, watch=plan.watch, simulate=plan.simulate)
    writer = ChunkWriter(store, chunk_size(plan.total))
    with closing(do(tasks(plan, wanted), work)) as finished:
        try:
            for run in finished:
                writer.add(run)
                done, failed = done + 1, failed + (run.error is not None)
                progress(done, plan.total, failed)
        finally:
            writer.flush()


def tasks(plan: Plan, wanted: NDArray[np.bool_]) -> Iterator[Task]:
    """Yield the tasks of the runs that are wanted, replicate by replicate.

    So a study that is stopped has about as many runs at every point.
    """
    for replicate, runs in enumerate(wanted.reshape(-1, plan.replicates).T):
        for point in np.flatnonzero(runs).tolist():
            yield Task(point, replicate, plan.scenario_at(point), plan.record_at(point))
