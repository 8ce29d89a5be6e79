"""Sweeps that were interrupted, or met a bad disk: what is done is good, and resume does only what is missing."""

import _thread
import errno
import json
import os
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest

import mhsim
from mhsim.safe_files import StoreError
from mhsim.scenario import Scenario
from mhsim.studies.design import Study
from mhsim.studies.run_study import run_study
from test_studies_stand_in import Interruption, bytes_of, chunks, small_study, stand_in


@pytest.fixture(autouse=True)
def _no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the stand-in in the place of the engine."""
    monkeypatch.setattr(mhsim, "simulate", stand_in)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Return a study of 3 points and 60 runs each."""
    return small_study(tmp_path)


@pytest.fixture
def expected(study: Study, tmp_path: Path) -> bytes:
    """Return runs.parquet of the study, done in one go by one worker."""
    return bytes_of(study, tmp_path / "expected")


def test_resume_after_interruptions_gives_the_same_bytes(
    study: Study, expected: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C keeps every finished run, chunks are never touched again, and only what is missing is run."""
    counted: list[int] = []

    def noted(scenario: Scenario, replicate: int, **keys: Any) -> SimpleNamespace:
        counted.append(replicate)
        return stand_in(scenario, replicate, **keys)

    out = tmp_path / "out"
    monkeypatch.setattr(mhsim, "simulate", noted)
    kept: dict[str, int] = {}
    for session in range(3):
        with pytest.raises(KeyboardInterrupt):
            run_study(study, out, jobs=2, resume=session > 0, progress=Interruption(after=31))
        for name, changed in kept.items():
            assert (out / "runs" / name).stat().st_mtime_ns == changed
        kept = {name: (out / "runs" / name).stat().st_mtime_ns for name in chunks(out)}
        assert json.loads((out / "manifest.json").read_text())["done"] == 31 * (session + 1)
        assert json.loads((out / "manifest.json").read_text())["state"] == "unfinished"
    before = len(counted)
    assert bytes_of(study, out, resume=True) == expected
    assert len(counted) - before == 180 - 93
    manifest = json.loads((out / "manifest.json").read_text())
    assert (manifest["state"], manifest["done"], manifest["failed"], len(manifest["sessions"])) == (
        "complete",
        180,
        0,
        4,
    )


def test_ctrl_c_reaches_the_runs_under_way(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A compiled run cannot be interrupted, so Ctrl-C has to set the flag that it looks at every week."""
    stopped: list[int] = []
    one_is_done = threading.Event()

    def progress(done: int, total: int, failed: int) -> None:
        if done:
            one_is_done.set()

    def endless(scenario: Scenario, replicate: int, *, record: str, control: Any) -> SimpleNamespace:
        members = scenario.start.members
        if members == 8:
            return stand_in(scenario, replicate)
        if members == 10:
            assert one_is_done.wait(30)
            _thread.interrupt_main()
        deadline = time.monotonic() + 30
        while not control[1]:
            assert time.monotonic() < deadline, "the flag was never set"
        stopped.append(members)
        raise mhsim.Stopped

    monkeypatch.setattr(mhsim, "simulate", endless)
    with pytest.raises(KeyboardInterrupt):
        run_study(study, tmp_path / "out", jobs=2, progress=progress)
    assert sorted(stopped) == [9, 10]
    assert len(pq.read_table(tmp_path / "out" / "runs")) == 1


def test_finished_study_is_left_alone_by_resume(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking again for what is done costs nothing, and failed runs stay what they are."""
    first = run_study(study, tmp_path / "out")
    monkeypatch.setattr(mhsim, "simulate", None)
    again = run_study(study, tmp_path / "out", resume=True)
    assert (again.done, again.failed) == (first.done, first.failed) == (180, 0)


def test_unfinished_files_are_removed(study: Study, expected: bytes, tmp_path: Path) -> None:
    """A kill in the middle of writing leaves a file that is nobody's; it must neither stay nor be read."""
    (tmp_path / "out" / "runs").mkdir(parents=True)
    (tmp_path / "out" / ".manifest.json.part").write_text("{")
    (tmp_path / "out" / "runs" / ".chunk-000000000.parquet.part").write_bytes(b"PAR1")
    (tmp_path / "out" / "runs").rename(tmp_path / "runs")
    with pytest.raises(KeyboardInterrupt):
        run_study(study, tmp_path / "out", progress=Interruption(after=60))
    (tmp_path / "runs" / ".chunk-000000000.parquet.part").rename(tmp_path / "out" / "runs" / ".chunk-0.parquet.part")
    assert bytes_of(study, tmp_path / "out", resume=True) == expected
    assert not list((tmp_path / "out").rglob(".*"))


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
def test_disk_that_refuses_stops_the_sweep_and_spoils_nothing(
    study: Study, expected: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: int
) -> None:
    """A full disk at night: one clear line, finished chunks good, and resume goes on when there is room."""
    real, left = os.fsync, [12]

    def failing(handle: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(reason, os.strerror(reason))
        real(handle)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(StoreError, match=os.strerror(reason)) as caught:
        run_study(study, tmp_path / "out", jobs=2)
    assert "\n" not in str(caught.value)
    assert not list((tmp_path / "out").rglob(".*"))
    assert len(pq.read_table(tmp_path / "out" / "runs")) >= 50
    monkeypatch.setattr(os, "fsync", real)
    assert bytes_of(study, tmp_path / "out", resume=True) == expected


def test_folder_that_cannot_be_made_is_one_line(study: Study, tmp_path: Path) -> None:
    """A path that leads through a file is a common slip and needs no traceback."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot write"):
        run_study(study, tmp_path / "file" / "out")
