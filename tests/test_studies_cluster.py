"""Studies on the workers of a Dask scheduler: real processes over TCP on this machine, one of them killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

import mhsim
from mhsim.cli import exit_code
from mhsim.engine import Stopped
from mhsim.errors import InputError
from mhsim.scenario import Scenario
from mhsim.studies import cluster as clusters
from mhsim.studies.cluster import cluster_at
from mhsim.studies.cluster_worker import build_info, difference, do_batch
from mhsim.studies.design import Study
from mhsim.studies.one_run import Task, TaskResult
from mhsim.studies.run_study import run_study
from ports import free_port

pytest.importorskip("distributed")

TINY = "weeks: {weeks}\nstart:\n  members: 8\n  helpers: 2\n  run_in_weeks: 10\n"
PATIENCE = 60.0
"""Seconds after which something that should have happened has failed."""


@dataclass
class House:
    """A scheduler and its workers, each a process of its own in a group of its own."""

    folder: Path
    address: str = ""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start one of Dask's commands; it says what it does in a file."""
        home = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "DASK_TEMPORARY_DIRECTORY": str(self.folder)}
        with (self.folder / f"{words[0]}-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *words, "--no-dashboard"],
                env={**home, **environment},
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def worker(self, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker of one thread, without a nurse that would start it again."""
        return self.start("worker", self.address, "--nthreads", "1", "--no-nanny", **environment)

    def close(self) -> None:
        """End all, the workers first, and see that they are gone; nothing is kept of them."""
        for process in reversed(self.processes):
            process.kill()
            process.wait(PATIENCE)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return a scheduler without workers; one that gives a batch back as soon as its worker dies."""
    mhsim.simulate(Scenario(weeks=1), 0)
    port = free_port()
    made = House(tmp_path_factory.mktemp("house"), f"tcp://127.0.0.1:{port}")
    made.start(
        "scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0",
    )
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            assert time.monotonic() < deadline, "the scheduler did not start"
            time.sleep(0.05)
    yield made
    made.close()


def study_of(folder: Path, weeks: int, replicates: int) -> Study:
    """Return a study of 2 points, its scenario written into a folder."""
    base = folder / "tiny.yaml"
    base.write_text(TINY.format(weeks=weeks))
    points = {"serve.turnover_per_year": [0.2, 2.0]}
    return Study.model_validate({"base": str(base), "vary": points, "replicates": replicates})


def deadly(task: Task, control: np.ndarray) -> TaskResult:
    """Finish a run, or end the process of the fourth one as the system does when memory runs out."""
    if task.replicate == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return TaskResult(task.point, task.replicate)


def endless(task: Task, control: np.ndarray) -> TaskResult:
    """Run until asked to stop, and then leave a file named after the process."""
    while not control[1]:
        time.sleep(0.01)
    (Path(os.environ["DASK_TEMPORARY_DIRECTORY"]) / f"stopped-{os.getpid()}").write_text("")
    raise Stopped


def test_killed_worker_changes_nothing(house: House, tmp_path: Path) -> None:
    """The claim of the cluster: whoever does the runs and whoever dies, the bytes are those of one machine."""
    study = study_of(tmp_path, weeks=52, replicates=300)
    here = run_study(study, tmp_path / "here", jobs=2)
    one, two = house.worker(), house.worker()
    killed: list[int] = []

    def progress(done: int, total: int, failed: int) -> None:
        if done > 100 and not killed:
            killed.append(done)
            two.kill()

    before = set(threading.enumerate())
    there = run_study(study, tmp_path / "there", scheduler=house.address, progress=progress)
    assert killed
    assert two.wait(PATIENCE) == -signal.SIGKILL
    assert one.poll() is None
    assert (there.done, there.failed, here.done) == (600, 0, 600)
    assert (tmp_path / "there" / "runs.parquet").read_bytes() == (tmp_path / "here" / "runs.parquet").read_bytes()
    left = {thread for thread in set(threading.enumerate()) - before if not thread.daemon}
    assert not [thread.name for thread in left if "Offload" not in thread.name]


def test_a_calibration_finds_there_what_it_finds_here(house: House, tmp_path: Path) -> None:
    """Points of a calibration are rows of their own kind; one number lost would move a posterior."""
    from mhsim.calibration.calibration_file import Calibration, Sought
    from mhsim.calibration.fact_targets import targets_of
    from mhsim.calibration.runs import design, run_points

    house.worker()
    ranges = {"leave.drop_hazard": Sought(low=0.05, high=0.2, log=True, why="a test")}
    sizes = {"points": 32, "replicates": 2, "replicates_elsewhere": 2, "pool": 8}
    plan = Calibration(form="base", about="a test", parameters=ranges, facts=["V22"], **sizes)
    targets, places = targets_of(plan.checks), design(1, 4)
    here = run_points(plan, targets, places, tmp_path / "here")
    there = run_points(plan, targets, places, tmp_path / "there", scheduler=house.address)
    assert np.isfinite(here.found).any()
    assert np.array_equal(here.found, there.found, equal_nan=True)
    assert np.array_equal(here.places, there.places)


def test_run_that_kills_workers_is_a_failed_run(house: House) -> None:
    """A run that dies twice with its worker has failed; its batch and the runs after it are done all the same."""
    for _ in range(3):
        house.worker()
    tasks = [Task(0, replicate, Scenario()) for replicate in range(12)]
    with cluster_at(house.address) as cluster:
        found = sorted(cluster.results(tasks, deadly), key=lambda run: run.replicate)
    assert [run.replicate for run in found] == list(range(12))
    assert {run.replicate: run.error for run in found if run.error} == {
        3: "WorkerDied: the worker of this run died, twice"
    }


def test_interruption_stops_the_runs_under_way(house: House) -> None:
    """Ctrl-C here must not leave other machines computing for nobody."""
    house.worker()
    with cluster_at(house.address) as cluster:
        results = cluster.results([Task(0, 0, Scenario())], endless)
        threading.Timer(1.5, signal.raise_signal, [signal.SIGINT]).start()
        with pytest.raises(KeyboardInterrupt):
            next(results)
        results.close()
    deadline = time.monotonic() + PATIENCE
    while not list(house.folder.glob("stopped-*")):
        assert time.monotonic() < deadline, "the run was never stopped"
        time.sleep(0.05)


def test_batches_take_about_a_second(house: House) -> None:
    """Sending a batch costs milliseconds, so batches of quick runs must be large, and of slow ones a single run."""
    house.worker()
    with cluster_at(house.address) as cluster:
        done = sum(1 for _ in cluster.results((Task(0, k, Scenario()) for k in range(4000)), quick))
        assert done == 4000
        assert cluster.size == clusters.LARGEST
        assert next(cluster.results([Task(0, 0, Scenario())], slow)).replicate == 0
        assert cluster.size == 1


def quick(task: Task, control: np.ndarray) -> TaskResult:
    """Take no time."""
    return TaskResult(task.point, task.replicate)


def slow(task: Task, control: np.ndarray) -> TaskResult:
    """Take longer than a batch is to take."""
    time.sleep(1.1 * clusters.BATCH_SECONDS)
    return TaskResult(task.point, task.replicate)


def test_worker_of_another_make_is_refused(house: House, tmp_path: Path) -> None:
    """Rows of two versions of the model in one table would be worthless; nothing may be run or written."""
    (tmp_path / "sitecustomize.py").write_text(
        "import mhsim.core.kept_code as compiling\ncompiling.sources_digest = lambda *a: 'another'\n"
    )
    stranger = house.worker(PYTHONPATH=os.pathsep.join([str(tmp_path), *sys.path]))
    with cluster_at(house.address) as cluster:
        while len(cluster.client.nthreads()) < sum(1 for it in house.processes[1:] if it.poll() is None):
            time.sleep(0.05)
    study = study_of(tmp_path, weeks=20, replicates=2)
    try:
        with pytest.raises(InputError, match=r"is of another make \(the sources of mhsim: another there") as caught:
            run_study(study, tmp_path / "out", scheduler=house.address)
    finally:
        stranger.terminate()
        stranger.wait(PATIENCE)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_batch_on_another_make_runs_nothing() -> None:
    """A worker that joins in the middle of a study is looked at by every batch."""
    here = build_info()
    other = {**here, "numpy": "1.0"}
    batch = do_batch("session", other, quick, [Task(0, 0, Scenario())])
    assert batch.finished == ()
    assert batch.differs == difference(other, here) == f"numpy: {here['numpy']} there, 1.0 here"
    assert difference(here, here) == ""


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("tcp://127.0.0.1:1", "no scheduler answers at tcp://127.0.0.1:1"),
        ("127.0.0.1:8786", "is no address of a scheduler"),
        ("tcp://127.0.0.1:99999", "is no address of a scheduler"),
    ],
)
def test_wrong_address_is_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str], address: str, words: str) -> None:
    """A slip in the address must show at once, before a folder is made."""
    study_of(tmp_path, weeks=20, replicates=2)
    (tmp_path / "study.yaml").write_text(f"base: {tmp_path / 'tiny.yaml'}\nreplicates: 2\n")
    begun = time.monotonic()
    out = tmp_path / "out"
    assert exit_code(["sweep", str(tmp_path / "study.yaml"), "--out", str(out), "--scheduler", address]) == 2
    assert time.monotonic() - begun < 10
    said = capfd.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert not out.exists()


def test_something_else_at_the_address_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another service may listen there and never answer."""
    monkeypatch.setattr(clusters, "CONNECTING", 1.0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = f"tcp://127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(InputError, match="does not answer as a Dask scheduler does") as caught, cluster_at(address):
            pass
    assert "\n" not in str(caught.value)
