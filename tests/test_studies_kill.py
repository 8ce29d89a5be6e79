"""Sweeps of the real engine in processes of their own: killed, interrupted, spread over processes.

The scenario is tiny, so that compiling is most of the work.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

import mhsim
from mhsim.scenario import Scenario
from mhsim.studies import runner
from mhsim.studies.design import Study
from mhsim.studies.estimate import estimate_cost
from mhsim.studies.one_run import Task, TaskResult
from mhsim.studies.plan import plan_of
from mhsim.studies.run_study import run_study

TINY = "weeks: {weeks}\nstart:\n  members: 8\n  helpers: 2\n  run_in_weeks: 10\n"
PATIENCE = 120.0
"""Seconds after which something that should have happened has failed; compiling takes most of it."""

SWEEP = """
import sys
from pathlib import Path
from mhsim.studies.design import Study
from mhsim.studies.run_study import run_study

def progress(done, total, failed):
    progress.calls += 1
    print(done, flush=True)
    if progress.calls % 70 == 0:
        sys.stdin.readline()

progress.calls = 0
study = Study.model_validate_json(sys.argv[1])
run_study(study, Path(sys.argv[2]), jobs=2, resume=True, progress=progress)
"""
"""A sweep that tells how far it is and waits for a line after every 70 runs; with no input it just goes on."""


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """Compile the engine once, so that the processes of these tests find it compiled."""
    mhsim.simulate(Scenario(weeks=1), 0)


def study_of(folder: Path, weeks: int, replicates: int) -> Study:
    """Return a study of 2 points, its scenario written into a folder."""
    base = folder / "tiny.yaml"
    base.write_text(TINY.format(weeks=weeks))
    points = {"serve.turnover_per_year": [0.2, 2.0]}
    return Study.model_validate({"base": str(base), "vary": points, "replicates": replicates})


def begin(study: Study, out: Path, **pipes: Any) -> subprocess.Popen[str]:
    """Start a sweep in a process of its own, in a session of its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", SWEEP, study.model_dump_json(), str(out)]
    return subprocess.Popen(command, env=environment, text=True, start_new_session=True, **pipes)


def await_more(out: Path, before: int, process: subprocess.Popen[str]) -> None:
    """Return when there is another finished chunk; fail if the process ends before, or time runs out."""
    deadline = time.monotonic() + PATIENCE
    while len(chunks(out)) <= before:
        assert process.poll() is None, "the sweep ended too early"
        assert time.monotonic() < deadline, "the sweep took too long"
        time.sleep(0.005)


def chunks(out: Path) -> dict[str, bytes]:
    """Return the finished chunks and what is in them."""
    return {path.name: path.read_bytes() for path in (out / "runs").glob("chunk-*.parquet")}


@pytest.mark.slow
def test_ten_kills_and_a_resume_give_the_same_bytes(tmp_path: Path) -> None:
    """The claim of the store: whatever is killed and whenever, the results are those of one quiet run.

    Each kill comes a little while after a chunk, drawn from a fixed seed, so that it hits runs, chunks half written
    and the reading of what is there.
    """
    study, out, luck = study_of(tmp_path, weeks=30, replicates=450), tmp_path / "out", random.Random(5)
    for kill in range(1, 11):
        before = chunks(out)
        process = begin(study, out, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        await_more(out, len(before), process)
        time.sleep(luck.uniform(0, 0.02))
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        assert before.items() <= chunks(out).items(), "a finished chunk was written again"
        assert len(chunks(out)) >= kill
        assert not (out / "runs.parquet").exists()
    last = begin(study, out, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    assert last.wait(PATIENCE) == 0
    run_study(study, tmp_path / "quiet")
    assert (out / "runs.parquet").read_bytes() == (tmp_path / "quiet" / "runs.parquet").read_bytes()


def test_ctrl_c_stops_long_runs_at_once(tmp_path: Path) -> None:
    """Runs of the engine cannot be interrupted; the sweep asks them to stop, leaves in order, and can be resumed."""
    study, out = study_of(tmp_path, weeks=3600, replicates=500), tmp_path / "out"
    process = begin(study, out, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    while int(process.stdout.readline()) < 3:
        pass
    process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    process.stdout.read()
    _, said = process.communicate(timeout=PATIENCE)
    assert time.monotonic() - begun < 20
    assert "KeyboardInterrupt" in said
    kept = pq.read_table(out / "runs")
    assert 3 <= len(kept) < 1000
    assert set(kept["status"].to_pylist()) == {"done"}
    assert not list(out.rglob(".*"))


def test_threads_and_processes_give_the_same_bytes(tmp_path: Path) -> None:
    """Where runs happen may not matter; processes start afresh and share nothing with this one."""
    study = study_of(tmp_path, weeks=30, replicates=10)
    found = []
    kinds: list[tuple[int, runner.Kind]] = [(1, "threads"), (2, "threads"), (2, "processes")]
    for jobs, kind in kinds:
        outcome = run_study(study, tmp_path / f"{kind}-{jobs}", jobs=jobs, kind=kind)
        assert (outcome.done, outcome.failed, outcome.exit_code) == (20, 0, 0)
        found.append((outcome.folder / "runs.parquet").read_bytes())
    assert found[0] == found[1] == found[2]


def deadly(task: Task, control: np.ndarray) -> TaskResult:
    """Finish a run, or end the process of the fourth one as the system does when memory runs out."""
    if task.replicate == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return TaskResult(task.point, task.replicate)


def test_process_that_dies_costs_one_run() -> None:
    """A run that is killed from outside is a failed run; the runs beside it and after it are done."""
    tasks = (Task(0, replicate, Scenario()) for replicate in range(12))
    found = sorted(runner.results(tasks, deadly, jobs=2, kind="processes"), key=lambda run: run.replicate)
    assert [run.replicate for run in found] == list(range(12))
    assert [run.replicate for run in found if run.error] == [3]
    assert found[3].error is not None
    assert found[3].error.startswith("WorkerDied")


def test_recorded_tables_are_the_same_in_processes(tmp_path: Path) -> None:
    """Series and lives come back from worker processes unharmed."""
    study = study_of(tmp_path, weeks=30, replicates=2).model_copy(update={"record": "lives"})
    run_study(study, tmp_path / "threads")
    run_study(study, tmp_path / "processes", jobs=2, kind="processes")
    for name in ("series", "lives"):
        kept = {path.name: path.read_bytes() for path in (tmp_path / "threads" / name).iterdir()}
        assert len(kept) == 4
        assert kept == {path.name: path.read_bytes() for path in (tmp_path / "processes" / name).iterdir()}


def test_estimate_counts_and_times(tmp_path: Path) -> None:
    """Before a long study one wants to know how long it takes and what it leaves on disk."""
    study = study_of(tmp_path, weeks=30, replicates=100)
    plan = plan_of(study)
    one, two = estimate_cost(plan), estimate_cost(plan, jobs=2)
    assert (one.points, one.runs) == (2, 200)
    assert one.seconds == pytest.approx(200 * one.seconds_per_run)
    assert two.seconds == pytest.approx(100 * two.seconds_per_run)
    series = plan_of(study.model_copy(update={"record": "series"}))
    assert estimate_cost(series).bytes_on_disk > one.bytes_on_disk > 200 * 100
