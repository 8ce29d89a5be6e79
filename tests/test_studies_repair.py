"""Study folders that are damaged, doubled, failed or half done: found out, said, and mended by resuming."""

import hashlib
import json
import random
import shutil
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mhsim
from mhsim.errors import InputError
from mhsim.safe_files import CHECKSUMS, StoreError, has_changed, read_table
from mhsim.scenario import Scenario
from mhsim.studies import manifest, runner
from mhsim.studies.chunks import stored_runs
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
def out(study: Study, tmp_path: Path) -> Path:
    """Return the folder of the study, finished."""
    run_study(study, tmp_path / "out")
    return tmp_path / "out"


def flipped(path: Path, bit: int) -> None:
    """Turn one bit of a file round."""
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def test_every_flipped_bit_is_found_and_mended(study: Study, out: Path) -> None:
    """Parquet notices some flips and reads other values for others; the checksum notices all, and says which file."""
    expected = (out / "runs.parquet").read_bytes()
    luck = random.Random(7)
    for _ in range(25):
        chunk = out / "runs" / luck.choice(chunks(out))
        flipped(chunk, luck.randrange(8 * chunk.stat().st_size))
        said: list[str] = []
        run_study(study, out, resume=True, notice=said.append)
        assert len(said) == 1 and said[0].startswith("1 files of results were damaged"), said
        assert f"runs/{chunk.name}" in said[0]
        assert (out / "runs.parquet").read_bytes() == expected
    sessions = json.loads((out / "manifest.json").read_text())["sessions"]
    assert len(sessions) == 26 and all(session["damaged"] for session in sessions[1:])


@pytest.mark.parametrize("damage", ["cut", "emptied", "replaced"])
def test_damaged_chunks_are_run_again(study: Study, out: Path, damage: str) -> None:
    """A disk may also lose the end of a file, or all of it."""
    expected = (out / "runs.parquet").read_bytes()
    chunk = out / "runs" / chunks(out)[1]
    content = {"cut": chunk.read_bytes()[:-40], "emptied": b"", "replaced": (out / "runs.parquet").read_bytes()}
    chunk.write_bytes(content[damage])
    assert bytes_of(study, out, resume=True) == expected


@pytest.mark.parametrize("damage", ["flipped", "lost"])
def test_damaged_tables_of_runs_are_run_again(study: Study, tmp_path: Path, damage: str) -> None:
    """A run whose weekly series is gone is not done, even if its row is there."""
    small = study.model_copy(update={"record": "series", "replicates": 4})
    run_study(small, tmp_path / "out")
    kept = {path: path.read_bytes() for path in (tmp_path / "out" / "series").iterdir()}
    for path in list(kept)[:3]:
        path.unlink() if damage == "lost" else flipped(path, 801)
    run_study(small, tmp_path / "out", resume=True)
    assert {path: path.read_bytes() for path in (tmp_path / "out" / "series").iterdir()} == kept
    assert not any(map(has_changed, kept))


def test_damaged_table_of_points_is_written_again(study: Study, out: Path) -> None:
    """The study says which points there are."""
    before = (out / "points.parquet").read_bytes()
    flipped(out / "points.parquet", 999)
    with pytest.raises(InputError, match=r"points.parquet: this file is damaged"):
        read_table(out / "points.parquet")
    run_study(study, out, resume=True)
    assert (out / "points.parquet").read_bytes() == before


def test_checksums_are_those_of_sha256sum(study: Study, out: Path) -> None:
    """Whoever gets a folder can check it without this package; every file is in the list, once."""
    lines = [line.split("  ") for line in (out / CHECKSUMS).read_text().splitlines()]
    assert {name: digest for digest, name in lines} == {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in out.rglob("*")
        if path.is_file() and path.name != CHECKSUMS
    }
    assert len({name for _, name in lines}) == len(lines)


def test_runs_that_are_there_twice_count_once(study: Study, out: Path) -> None:
    """Two sessions on a system without locks do the same runs; equal rows are one run."""
    expected = (out / "runs.parquet").read_bytes()
    for name in chunks(out)[1:]:
        shutil.copy(out / "runs" / name, out / "runs" / name.replace(".parquet", "-1.parquet"))
    (out / "runs.parquet").unlink()
    assert len(stored_runs(out)) == 180
    assert bytes_of(study, out, resume=True) == expected


def test_different_results_of_one_run_name_both_files(study: Study, out: Path) -> None:
    """Which of two results is right, nobody can tell; so nothing is dropped, and both files are named."""
    first = out / "runs" / chunks(out)[0]
    table = pq.read_table(first)
    measure = table.column_names.index("members_at_end")
    other = pa.array([value + 1 for value in table["members_at_end"].to_pylist()])
    pq.write_table(table.set_column(measure, "members_at_end", other), out / "runs" / "chunk-000000000-1.parquet")
    with pytest.raises(StoreError, match="different results of point 0, replicate 0") as caught:
        run_study(study, out, resume=True)
    assert first.name in str(caught.value) and "chunk-000000000-1.parquet" in str(caught.value)


def fragile(errors: dict[tuple[int, int], Exception]) -> Any:
    """Return a stand-in whose runs of some members and replicates fail."""

    def simulate(scenario: Scenario, replicate: int, **keys: Any) -> SimpleNamespace:
        if (scenario.start.members, replicate) in errors:
            raise errors[scenario.start.members, replicate]
        return stand_in(scenario, replicate, **keys)

    return simulate


def test_runs_that_failed_because_of_the_machine_are_run_again(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory may be there tomorrow; a run that divides by zero does so for ever, unless it is asked for."""
    expected = bytes_of(study, tmp_path / "expected")
    out, ran = tmp_path / "out", []
    failing = {(9, 3): MemoryError("none left"), (8, 0): PermissionError("a rule"), (10, 5): ZeroDivisionError()}
    monkeypatch.setattr(mhsim, "simulate", fragile(failing))
    assert run_study(study, out).failed == 3

    def noted(scenario: Scenario, replicate: int, **keys: Any) -> SimpleNamespace:
        ran.append((scenario.start.members, replicate))
        return stand_in(scenario, replicate, **keys)

    monkeypatch.setattr(mhsim, "simulate", noted)
    said: list[str] = []
    assert run_study(study, out, resume=True, notice=said.append).failed == 1
    assert ran == [(8, 0), (9, 3)]
    assert said == ["2 runs that failed because of the machine are run again"]
    outcome = run_study(study, out, resume=True, retry_failed=True)
    assert ran[2:] == [(10, 5)]
    assert (outcome.done, outcome.failed) == (180, 0)
    assert (out / "runs.parquet").read_bytes() == expected


def test_run_that_fails_twice_is_one_failure(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried once in each session, not for ever in one, and stands in the table once."""
    monkeypatch.setattr(mhsim, "simulate", fragile({(9, 3): MemoryError("none left")}))
    for resume in (False, True, True):
        outcome = run_study(study, tmp_path / "out", resume=resume)
        assert (outcome.done, outcome.failed) == (179, 1)
    assert len(read_table(tmp_path / "out" / "runs.parquet")) == 180


def test_stopped_study_is_balanced(study: Study, tmp_path: Path) -> None:
    """What is there of a study that was stopped must be a smaller study, not its first points."""
    with pytest.raises(KeyboardInterrupt):
        run_study(study, tmp_path / "out", progress=Interruption(after=50))
    rows = pq.read_table(tmp_path / "out" / "runs").to_pylist()
    assert sorted(Counter(row["point"] for row in rows).values()) == [16, 17, 17]
    table = stored_runs(tmp_path / "out")
    assert [(row["point"], row["replicate"]) for row in table.to_pylist()] == [
        (point, replicate) for point in range(3) for replicate in range(16)
    ]
    run_study(study, tmp_path / "out", resume=True)
    whole = read_table(tmp_path / "out" / "runs.parquet").to_pylist()
    assert table.to_pylist() == [row for row in whole if row["replicate"] < 16]


def test_stored_runs_of_a_study_that_has_none(study: Study, tmp_path: Path) -> None:
    """A study may be stopped before its first run."""
    with pytest.raises(KeyboardInterrupt):
        run_study(study, tmp_path / "out", progress=Interruption(after=0))
    with pytest.raises(InputError, match="no run of this study is stored yet"):
        stored_runs(tmp_path / "out")


def test_hidden_files_of_systems_do_not_make_a_folder_full(study: Study, tmp_path: Path) -> None:
    """Finder and Explorer show such a folder as empty."""
    out = tmp_path / "out"
    out.mkdir()
    for name in (".DS_Store", "desktop.ini", ".gitkeep"):
        (out / name).write_text("")
    assert run_study(study, out).done == 180
    (tmp_path / "home").mkdir()
    for name in "abcde":
        (tmp_path / "home" / name).write_text("")
    with pytest.raises(InputError, match="it holds a, b, c and 2 more and no study"):
        run_study(study, tmp_path / "home")


def test_fewer_replicates_than_before_are_refused_in_words(study: Study, out: Path) -> None:
    """Rows may not vanish in silence; the way out is in the message."""
    words = r"replicates: 60 there, 59 now\); a study can grow but not shrink: ask for as many replicates or more"
    with pytest.raises(InputError, match=words):
        run_study(study.model_copy(update={"replicates": 59}), out, resume=True)


def test_commit_is_that_of_the_package_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package installed inside the repository of somebody's paper is not made from the commit of the paper."""
    package = tmp_path / "paper" / ".venv" / "mhsim"
    package.mkdir(parents=True)
    (package / "errors.py").write_text("")
    monkeypatch.setattr(manifest, "PACKAGE", package)
    assert manifest.git_state() is None
    monkeypatch.setattr(manifest, "PACKAGE", tmp_path / "paper")
    monkeypatch.chdir(tmp_path / "paper")
    for words in (
        ["init", "-q"],
        ["-c", "user.name=u", "-c", "user.email=u@example.org", "commit", "-q", "--allow-empty", "-m", "a paper"],
    ):
        manifest._git(*words)
    monkeypatch.setattr(manifest, "PACKAGE", package)
    assert manifest._git("rev-parse", "HEAD")
    assert manifest.git_state() is None
    manifest._git("add", "-f", "errors.py")
    state = manifest.git_state()
    assert state is not None and state["edited"]


def test_worker_processes_that_cannot_start_blame_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A script without a guard ends every worker; its runs have not failed, and the message says what to write."""
    monkeypatch.setattr(runner, "_enter_process", _ends_at_once)
    with pytest.raises(InputError, match='if __name__ == "__main__":'):
        list(runner.results(iter([runner.Task(0, 0, Scenario())]), stand_in, kind="processes"))


def _ends_at_once(memory: Any) -> None:
    raise RuntimeError("as in a script without a guard")
