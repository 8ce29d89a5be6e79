"""`mhsim run --record` and `mhsim story`: from the command line to sentences, and one line for whatever is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mhsim.cli import exit_code
from mhsim.safe_files import CHECKSUMS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run that kept its event log."""
    place = tmp_path_factory.mktemp("story") / "run"
    assert exit_code(["run", "base", "--weeks", "120", "--record", "story", "--out", str(place)]) == 0
    return place


def told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Return what a command that goes well writes."""
    capsys.readouterr()
    assert exit_code(arguments) == 0
    return capsys.readouterr().out


def test_a_group_and_lives_worth_reading(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A reader who knows no label yet gets the group and three labels to go on with."""
    lines = told(["story", str(folder)], capsys).splitlines()
    assert lines[0] == "The story of the group"
    assert lines[1] == "Week 0: opened with 16 members, three helpers among them."
    assert lines[-4] == f"Lives to read, chosen by rule (mhsim story {folder} --person LABEL):"
    person, rule = lines[-3].split(": ")
    assert rule == "the first to become a helper here"
    assert told(["story", str(folder), "--person", person], capsys).startswith(f"The story of {person}\n")


def test_in_german(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The language is chosen by its name."""
    text = told(["story", str(folder), "--person", "0-4095-2", "--language", "de"], capsys)
    assert text.startswith("Die Geschichte von 0-4095-2\nWoche 0: war dabei, als")


def test_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Machines get one JSON object and nothing else."""
    group = json.loads(told(["story", str(folder), "--group", "0", "--json"], capsys))
    assert group["who"] == "group 0" and group["moments"][0]["kind"] == "opened"
    assert [row["rule"] for row in group["worth_reading"]] == ["first_helper", "left_early", "done"]
    life = json.loads(told(["story", str(folder), "--person", "0-4095-2", "--json"], capsys))
    assert life["language"] == "en" and life["moments"][0]["kind"] == "there_at_opening"


def test_the_command_in_the_folder_repeats_the_record(folder: Path) -> None:
    """Who repeats the run by its birth certificate has to get the event log again."""
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["command"] == "mhsim run scenario.yaml --replicate 0 --record story"


@pytest.mark.parametrize(
    ("record", "kept"), [("series", {"series", "groups"}), ("lives", {"series", "groups", "lives"}), (None, None)]
)
def test_what_a_run_keeps(record: str | None, kept: set[str] | None, tmp_path: Path) -> None:
    """Without the option it is what it has always been: series, groups and lives."""
    option = ["--record", record] if record else []
    assert exit_code(["run", "base", "--weeks", "4", "--out", str(tmp_path / "run"), *option]) == 0
    assert {path.stem for path in (tmp_path / "run").glob("*.parquet")} == (kept or {"series", "groups", "lives"})


WRONG = {
    "person": (["--person", "0-1"], "people are named community-step-index"),
    "group": (["--group", "7"], "allowed are 0 to 0"),
    "negative group": (["--group", "-1"], "allowed are 0 to 0"),
    "language": (["--language", "fr"], "allowed are de, en"),
    "both": (["--group", "0", "--person", "0-4095-2"], "not both"),
    "option": (["--persn", "0-4095-2"], "--person"),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG.keys())
def test_wrong_arguments(arguments: list[str], said: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line on standard error that says what is allowed, and exit code 2."""
    _refused([str(folder), *arguments], said, capsys)


def test_wrong_folders(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No folder, no run, a run without an event log, a broken table: each is named."""
    _refused([str(tmp_path / "none")], "there is no such folder", capsys)
    _refused([str(tmp_path)], "not the folder of a run", capsys)
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in folder.iterdir():
        if path.name != CHECKSUMS:
            (copy / path.name).write_bytes(path.read_bytes())
    (copy / "lives.parquet").write_text("not a table")
    _refused([str(copy)], "lives.parquet: this file", capsys)
    (copy / "lives.parquet").write_bytes((folder / "groups.parquet").read_bytes())
    _refused([str(copy)], "lives.parquet: this table lacks the column person", capsys)
    (copy / "events.parquet").unlink()
    _refused([str(copy)], "run it again with: mhsim run ... --record story", capsys)


def _refused(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert exit_code(["story", *arguments]) == 2
    written = capsys.readouterr()
    assert written.out == "" and written.err.count("\n") == 1 and said in written.err, written.err
