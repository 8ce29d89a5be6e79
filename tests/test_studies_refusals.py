"""Folders a sweep will not write to: it says why in one line and touches nothing."""

from pathlib import Path
from typing import Any

import pytest

import mhsim
from mhsim.errors import InputError
from mhsim.safe_files import only_writer
from mhsim.studies.design import Study
from mhsim.studies.run_study import run_study
from test_studies_stand_in import small_study, stand_in


@pytest.fixture(autouse=True)
def _no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the stand-in in the place of the engine."""
    monkeypatch.setattr(mhsim, "simulate", stand_in)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Return a study of 3 points and 60 runs each."""
    return small_study(tmp_path)


def refused(study: Study, out: Path, **keys: Any) -> str:
    """Return the one line with which a sweep is refused."""
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    with pytest.raises(InputError) as caught:
        run_study(study, out, **keys)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_folder_with_other_things_is_refused(study: Study, tmp_path: Path) -> None:
    """A study may not be strewn among somebody's files, nor mixed into another study."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("dear")
    assert "not empty" in refused(study, tmp_path / "home")
    assert "not empty" in refused(study, tmp_path / "home", resume=True)
    run_study(study, tmp_path / "out")
    assert "--resume" in refused(study, tmp_path / "out")


def test_resume_of_another_study_is_refused_with_the_difference(study: Study, tmp_path: Path) -> None:
    """Rows of two studies in one table would be worthless; the message says which key differs."""
    run_study(study, tmp_path / "out")
    other = study.model_copy(update={"replicates": 59})
    assert "(replicates: 60 there, 59 now)" in refused(other, tmp_path / "out", resume=True)
    wider = Study(base=study.base, vary={"start.members": [8, 9, 11]}, replicates=60)
    assert "vary.start.members" in refused(wider, tmp_path / "out", resume=True)


def test_words_of_a_study_may_change(study: Study, tmp_path: Path) -> None:
    """A better title is no other study."""
    run_study(study, tmp_path / "out")
    run_study(study.model_copy(update={"title": "Better"}), tmp_path / "out", resume=True)
    assert "title: Better" in (tmp_path / "out" / "study.yaml").read_text()


def test_resume_after_the_scenario_changed_is_refused(study: Study, tmp_path: Path) -> None:
    """The study names its base by file; the file may have been edited in between."""
    run_study(study, tmp_path / "out")
    Path(study.base).write_text("weeks: 30\nstart:\n  members: 8\n  helpers: 3\n")
    assert "(start.helpers: 2 there, 3 now)" in refused(study, tmp_path / "out", resume=True)


def test_resume_by_another_engine_is_refused(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of a study by old code and half by new is neither."""
    run_study(study, tmp_path / "out")
    monkeypatch.setattr("mhsim.studies.manifest.sources_digest", lambda: "edited")
    assert "sources of mhsim have changed" in refused(study, tmp_path / "out", resume=True)


def test_two_processes_cannot_write_to_one_folder(study: Study, tmp_path: Path) -> None:
    """Starting a sweep twice by mistake must not do its runs twice."""
    run_study(study, tmp_path / "out")
    with only_writer(tmp_path / "out") as free:
        assert free
        assert "in use" in refused(study, tmp_path / "out", resume=True)
