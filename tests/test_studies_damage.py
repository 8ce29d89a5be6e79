"""Damaged folders of results: every reader answers in one line or reads what is whole, never with a Python error."""

import random
import shutil
from pathlib import Path

import pytest

import mhsim
from mhsim.cli import exit_code
from mhsim.errors import InputError
from mhsim.safe_files import CHECKSUMS, StoreError, has_changed
from mhsim.studies.data import read_run, read_study
from mhsim.studies.design import Study
from mhsim.studies.run_study import run_study
from test_studies_stand_in import Interruption, small_study, stand_in

DAMAGES = ("cut", "emptied", "flipped", "replaced", "removed", "a folder", "noise")


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """Return a study of 3 points and 6 runs each, with weekly series; a stand-in is in the place of the engine."""
    monkeypatch.setattr(mhsim, "simulate", stand_in)
    return small_study(tmp_path).model_copy(update={"replicates": 6, "record": "series"})


def damage(path: Path, how: str, luck: random.Random) -> None:
    """Do to a file what disks, editors and sync programs do."""
    content = path.read_bytes()
    if how == "removed" or how == "a folder":
        path.unlink()
        if how == "a folder":
            path.mkdir()
        return
    flipped = bytearray(content)
    for _ in range(3):
        flipped[luck.randrange(len(flipped))] ^= 1 << luck.randrange(8)
    others = [other for other in path.parent.iterdir() if other.is_file() and other != path]
    new = {
        "cut": content[: luck.randrange(len(content))],
        "emptied": b"",
        "flipped": bytes(flipped),
        "replaced": luck.choice(others).read_bytes() if others else b"[1]",
        "noise": luck.randbytes(len(content)),
    }
    path.write_bytes(new[how])


def one_line_or_fine(words: list[str], capsys: pytest.CaptureFixture[str]) -> int:
    """Run a command; check that it ended well or said one line that is no Python error."""
    code = exit_code(words)
    told = capsys.readouterr().err
    assert code in (0, 1, 2), told
    assert "it failed: " not in told or "it failed: StoreError" in told, told
    if code == 2:
        assert told.count("\n") == 1, told
    return code


@pytest.mark.parametrize("checked", [True, False], ids=["with checksums", "without"])
@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("finished", [True, False], ids=["finished", "stopped"])
def test_damaged_study_folders_are_answered_in_a_line(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str], how: str, checked: bool, finished: bool
) -> None:
    """Each file of the folder in turn; folders of before have no checksums, and are read all the same."""
    whole = tmp_path / "whole"
    if finished:
        run_study(study, whole)
    else:
        with pytest.raises(KeyboardInterrupt):
            run_study(study, whole, progress=Interruption(after=10))
    if not checked:
        (whole / CHECKSUMS).unlink()
    luck = random.Random(f"{how} {checked} {finished}")
    names = [path.relative_to(whole) for path in sorted(whole.rglob("*")) if path.is_file()]
    chosen = [name for name in names if name.parent.name != "series"] + luck.sample(names, 1)
    for name in chosen:
        folder = tmp_path / "out"
        shutil.copytree(whole, folder)
        damage(folder / name, how, luck)
        capsys.readouterr()
        one_line_or_fine(["tables", str(folder), "--out", str(tmp_path / "t.csv")], capsys)
        try:
            data = read_study(folder)
            data.numbers("members_at_end"), data.texts("closure_reasons"), data.failures
        except InputError as problem:
            assert "\n" not in str(problem)
        try:
            run_study(study, folder, resume=True)
            assert not any(has_changed(path) for path in folder.rglob("*.parquet"))
            if checked and finished and how != "a folder":
                assert (folder / "runs.parquet").read_bytes() == (whole / "runs.parquet").read_bytes(), name
        except (InputError, StoreError) as problem:
            assert "\n" not in str(problem)
            assert how == "a folder" or name.name in ("manifest.json", CHECKSUMS) or not checked, problem
        shutil.rmtree(folder)


@pytest.mark.parametrize("how", DAMAGES)
def test_damaged_run_folders_are_answered_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], how: str
) -> None:
    """A run is a folder of its own, with a summary, a scenario and tables."""
    scenario, found = mhsim.Scenario(), stand_in(mhsim.Scenario(weeks=20), 0)
    run = mhsim.Run(scenario, 0, found.summary, series=found.series, lives=found.lives.slice(1))
    run.save(tmp_path / "whole", manifest={"kind": "run", "seed": 1}, scenario_yaml="weeks: 20\n")
    luck = random.Random(how)
    for name in sorted(path.name for path in (tmp_path / "whole").iterdir()):
        for checked in (True, False):
            folder = tmp_path / "out"
            shutil.copytree(tmp_path / "whole", folder)
            if not checked and name != CHECKSUMS:
                (folder / CHECKSUMS).unlink()
            damage(folder / name, how, luck)
            for table in ("runs", "series"):
                one_line_or_fine(["tables", str(folder), "--table", table, "--out", str(tmp_path / "t.csv")], capsys)
            try:
                read_run(folder)
                assert name in (CHECKSUMS, "lives.parquet") or how in ("removed", "a folder") or not checked, name
            except InputError as problem:
                assert "\n" not in str(problem)
            shutil.rmtree(folder)
