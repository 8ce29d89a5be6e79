"""A finished study done again: equal where it is equal, and told with its size where a number was another."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from mhsim.cli import exit_code
from mhsim.report import write_report
from mhsim.report.page_differences import page_differences
from mhsim.studies.registry import KINDS
from mhsim.studies.run_study import run_study
from mhsim.studies.table_differences import table_difference

MEASURES = ("alive_at_end", "hope_at_52")
COMPARED: dict[str, Any] = {"scenarios": {"one": "base", "other": {"set": {"benefits": 0.5}}}, "parting": [0]}
SMALL: dict[str, dict[str, Any]] = {
    "sweep": {"vary": {"serve.turnover_per_year": [0.1, 4.0]}},
    "compare": COMPARED,
    "trial": {"watch": None},
    "draws": {"kind": "sweep", "vary": {"serve.turnover_per_year": [0.1, 4.0]}, "draws": 2, "record": "series"},
    "robustness": {"watch": None, "only": ["time-step"], "of": {"kind": "compare", **COMPARED, "watch": MEASURES}},
}
"""One small study of each kind whose runs are told apart: tables of runs, scenarios of its own, its own simulation."""


def small(kind: str, folder: Path) -> Path:
    """Run a small study of a kind and return its folder."""
    keys = {"replicates": 2, "weeks": 60, "watch": MEASURES, **SMALL[kind]}
    kept = {name: value for name, value in keys.items() if value is not None}
    study = KINDS[kept.get("kind", kind)].study.model_validate(kept)
    run_study(study, folder / kind)
    return folder / kind


def without_checksums(folder: Path) -> None:
    """Forget the checksums, as somebody who changes a number and hides it would."""
    (folder / "checksums.sha256").unlink(missing_ok=True)


def told(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, Any]]:
    """Return the exit code of `mhsim reproduce` and what it says as JSON."""
    capsys.readouterr()
    code = exit_code(["reproduce", str(folder), "--json", "--jobs", "1", *options])
    said = capsys.readouterr()
    assert said.out, said.err
    return code, json.loads(said.out)


@pytest.mark.parametrize("kind", [kind for kind in SMALL if kind != "sweep"])
def test_what_was_not_touched_is_reproduced_to_the_bit(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every kind from its folder alone: the fit that draws are of may have been made anew since."""
    folder = small(kind, tmp_path)
    write_report(folder)
    monkeypatch.setattr("mhsim.studies.draws.posterior_of", lambda form: pytest.fail("the folder holds its draws"))
    code, found = told(folder, capsys)
    names = [one["name"] for one in found["tables"]]
    assert code == 0 and found["same"], found
    assert {"points.parquet", "runs.parquet"} <= set(names) and found["tables"][1]["rows"] > 3
    assert kind == "draws" or any(name.startswith("analysis/") for name in names)
    assert sum(one["texts"] for one in found["sections"]) > 20
    assert told(folder, capsys, "--rows", "3")[0] == 0


def test_a_changed_number_is_found_with_its_size_and_a_changed_page_with_its_section(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One run's hope is raised by a tenth and its checksum removed; then one number of the page."""
    folder = small("sweep", tmp_path)
    write_report(folder)
    page, table = folder / "report.html", pq.read_table(folder / "runs.parquet")
    raised = pc.if_else(pc.equal(table["point"], 1), pc.multiply(table["hope_at_52"], 1.1), table["hope_at_52"])
    place = table.column_names.index("hope_at_52")
    pq.write_table(table.set_column(place, "hope_at_52", raised), folder / "runs.parquet")
    without_checksums(folder)
    code, found = told(folder, capsys)
    runs = next(one for one in found["tables"] if one["name"] == "runs.parquet")
    assert code == 1 and runs["equal"] == 2 and [one["name"] for one in runs["columns"]] == ["hope_at_52"]
    assert runs["columns"][0]["cells"] == 2 and runs["columns"][0]["relative"] == pytest.approx(0.1 / 1.1)
    assert any(not one["same"] for one in found["sections"] if one["name"] == "of-hope_at_52")
    assert told(folder, capsys, "--rows", "4")[0] == 1

    pq.write_table(table, folder / "runs.parquet")
    page.write_text(page.read_text().replace("60 weeks", "61 weeks", 1))
    code, found = told(folder, capsys)
    assert code == 1
    assert {one["name"].endswith("(report.html)") for one in found["sections"] if not one["same"]} == {True}


def test_another_engine_is_said_and_what_cannot_be_done_again_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder of an earlier version: engine and library are named, an unknown parameter ends it with exit code 2."""
    folder = small("sweep", tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["identity"]["engine"] = "0123456789abcdef"
    manifest["sessions"][-1]["versions"]["numpy"] = "1.0"
    del manifest["identity"]["scenario"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    base = (folder / "base.yaml").read_text()
    without_checksums(folder)
    code, found = told(folder, capsys, "--rows", "1")
    said = " ".join(found["since"])
    assert code == 0 and "0123456789abcdef" in said and "numpy 1.0 then" in said
    (folder / "base.yaml").write_text(
        base.replace("  turnover_per_year:", "  turnover_a_year: 1\n  turnover_per_year:")
    )
    assert exit_code(["reproduce", str(folder)]) == 2
    said = capsys.readouterr().err
    assert "turnover_a_year" in said and "it was made by mhsim" in said and said.count("\n") == 1
    (folder / "runs.parquet").unlink()
    shutil.copy(tmp_path / "sweep" / "study.yaml", tmp_path / "elsewhere.yaml")
    (folder / "base.yaml").write_text(base)
    assert exit_code(["reproduce", str(folder)]) == 2
    assert "is not finished" in capsys.readouterr().err


def test_a_single_run_is_reproduced_with_its_story(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Series, lives, groups and the log of events, from the folder of `mhsim run`."""
    folder = tmp_path / "run"
    assert exit_code(["run", "base", "--weeks", "20", "--record", "story", "--out", str(folder)]) == 0
    code, found = told(folder, capsys)
    names = {one["name"] for one in found["tables"]}
    assert code == 0 and names == {f"{name}.parquet" for name in ("series", "lives", "groups", "events")} | {
        "summary.json"
    }
    assert exit_code(["reproduce", str(folder), "--rows", "2"]) == 2


def test_differences_of_tables_and_pages_by_hand() -> None:
    """Missing against missing is equal, a number against nothing is not; a figure that moved is found."""
    one = pa.table({"a": [1.0, None, 3.0, 4.0], "b": ["x", None, "z", "z"], "gone": [1, 1, 1, 1]})
    other = pa.table({"a": [1.0, None, 3.3, None], "b": ["x", None, "y", "z"]})
    found = table_difference("t", one, other)
    assert (found.equal, found.missing) == (2, ("gone",)) and [part.cells for part in found.columns] == [2, 1]
    page = "<body><section aria-labelledby='s'><p>Of 100, 7.</p><svg><path d='M 1 2'/></svg></section></body>"
    assert [part.same for part in page_differences(page, page)] == [True]
    moved = page_differences(page, page.replace("M 1 2", "M 1 3"))
    assert [(part.texts_differing, part.drawings_differing) for part in moved] == [(0, 1)]
    assert [part.texts_differing for part in page_differences(page, page.replace("7.", "8."))] == [1]
