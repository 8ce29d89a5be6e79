"""`mhsim tables`: what other programs read is what is in the folder."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import mhsim
from mhsim.cli import exit_code
from mhsim.safe_files import CHECKSUMS, read_table
from mhsim.studies.design import Study
from mhsim.studies.export import stata_names
from mhsim.studies.run_study import run_study
from test_studies_stand_in import Interruption, small_study, stand_in


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a study of 3 points and 4 runs each, two of which failed, with weekly series."""

    def simulate(scenario: mhsim.Scenario, replicate: int, **keys: object) -> SimpleNamespace:
        if replicate == 3 and scenario.start.members > 8:
            raise ZeroDivisionError("nobody left")
        return stand_in(scenario, replicate)

    monkeypatch.setattr(mhsim, "simulate", simulate)
    study: Study = small_study(tmp_path).model_copy(update={"replicates": 4, "record": "series"})
    run_study(study, tmp_path / "out")
    return tmp_path / "out"


def expected(out: Path) -> pd.DataFrame:
    """Return the runs with the members of their points beside them, put together by hand."""
    runs = read_table(out / "runs.parquet").to_pandas()
    runs.insert(1, "start.members", [8 + point for point in runs["point"]])
    return runs


def agree(found: pd.DataFrame, runs: pd.DataFrame) -> None:
    """Check that two tables say the same: numbers to the bit, yes and no as 1 and 0, nothing where nothing is."""
    assert len(found) == len(runs)
    for old, new in zip(runs.columns, found.columns, strict=True):
        if runs[old].dropna().map(lambda value: isinstance(value, str)).all():
            assert found[new].fillna("").astype(str).tolist() == runs[old].fillna("").astype(str).tolist(), old
        else:
            np.testing.assert_array_equal(found[new].astype(float), runs[old].astype(float), err_msg=old)


def test_csv_is_read_as_it_was_written(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Comma and point, as R and most others read it."""
    assert exit_code(["tables", str(out)]) == 0
    agree(pd.read_csv(out / "tables" / "runs.csv", float_precision="round_trip"), expected(out))
    assert "12 rows" in capsys.readouterr().out


def test_csv_for_excel_has_semicolons_and_decimal_commas(out: Path, tmp_path: Path) -> None:
    """Half of Europe's spreadsheets read a comma-separated file as one column."""
    assert exit_code(["tables", str(out), "--format", "excel", "--out", str(tmp_path / "a.csv")]) == 0
    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith("\ufeffpoint;start.members;".encode()) and content.count(b"\r\n") == 13
    agree(pd.read_csv(tmp_path / "a.csv", sep=";", decimal=",").round(12), expected(out).round(12))
    assert not (tmp_path / CHECKSUMS).exists()


def test_stata_takes_every_column(out: Path, tmp_path: Path) -> None:
    """Stata refuses dots, long names and columns in which nothing is; the labels keep what they were."""
    assert exit_code(["tables", str(out), "--format", "stata", "--out", str(tmp_path / "a.dta")]) == 0
    agree(pd.read_stata(tmp_path / "a.dta"), expected(out))
    with pd.io.stata.StataReader(tmp_path / "a.dta") as reader:
        labels = reader.variable_labels()
    assert labels["start_members"] == "start.members"
    assert labels["members_at_end"].startswith("members_at_end: ")


def test_names_for_stata_are_allowed_and_differ() -> None:
    """Two long names that begin alike are two variables."""
    names = stata_names(["a.b", "a_b", "x" * 40, "x" * 41, "1st", "größe"])
    assert list(names.values()) == ["a_b", "a_b_2", "x" * 32, "x" * 30 + "_2", "_1st", "gr__e"]


def test_series_of_all_runs_are_one_table(out: Path) -> None:
    """A folder of a hundred thousand files is no table."""
    assert exit_code(["tables", str(out), "--table", "series", "--format", "parquet"]) == 0
    found = pd.read_parquet(out / "tables" / "series.parquet")
    assert len(found) == 10 * 30
    assert found.columns[:3].tolist() == ["point", "start.members", "replicate"]
    assert found.groupby(["start.members", "replicate"]).size().tolist() == [30] * 10


def test_table_that_is_none_is_one_line(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name may be misspelt; what there is stands in the message."""
    for name in ("lives", "../runs", ""):
        assert exit_code(["tables", str(out), "--table", name]) == 2
        told = capsys.readouterr().err
        assert f"there is no table '{name}'; there are points, runs, series" in told and told.count("\n") == 1
    assert exit_code(["tables", str(out / "runs")]) == 2


def test_unfinished_study_gives_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking at half a study is what one stops it for."""
    monkeypatch.setattr(mhsim, "simulate", stand_in)
    with pytest.raises(KeyboardInterrupt):
        run_study(small_study(tmp_path), tmp_path / "half", progress=Interruption(after=50))
    assert exit_code(["tables", str(tmp_path / "half")]) == 0
    assert len(pd.read_csv(tmp_path / "half" / "tables" / "runs.csv")) == 48


def test_single_run_gives_its_summary(tmp_path: Path) -> None:
    """A run has a summary and tables of its own."""
    (tmp_path / "manifest.json").write_text(json.dumps({"kind": "run"}))
    (tmp_path / "summary.json").write_text(json.dumps({"alive_at_end": True, "hope_at_52": None}))
    assert exit_code(["tables", str(tmp_path), "--out", str(tmp_path / "a.csv")]) == 0
    assert (tmp_path / "a.csv").read_text() == "alive_at_end,hope_at_52\n1,\n"
    assert exit_code(["tables", str(tmp_path), "--table", "series"]) == 2
