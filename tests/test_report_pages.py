"""Pages: complete, self-contained, the same each time, honest about failed runs, and never a crash."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from mhsim.errors import InputError
from mhsim.report import write_report
from report_cases import TURNOVER, falling, run_folder, study_folder

VOID = {"meta", "path", "use", "rect"}
ONE_OF_EACH = ("alive_at_end", "closed", "weeks_to_closure", "closure_reasons", "members_at_end")
"""A measure of each kind: enough where only what is varied matters."""
SMALL = {**TURNOVER, "serve.turnover_per_year": (0.0, 4.0)}


class Balance(HTMLParser):
    """Notes the elements that were opened and not closed, ids given twice, and what would be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        self.fetched += [str(v) for k, v in attrs if k in ("src", "href", "xlink:href") and not str(v).startswith("#")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Nothing stays open; references count."""
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        self.fetched += [str(v) for k, v in attrs if k in ("src", "href", "xlink:href") and not str(v).startswith("#")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page(folder: Path) -> str:
    """Write the report of a folder, check its form and return it with plain spaces."""
    text = write_report(folder).read_text(encoding="utf-8")
    found = Balance()
    found.feed(text)
    assert found.open == []
    assert found.fetched == []
    assert len(found.ids) == len(set(found.ids))
    assert not re.search(r"@import|url\((?!#)|<script|<link", text)
    assert str(folder) not in text
    assert len(text) < 3_000_000
    assert not re.search(r"\bnan\b|>(None|inf)<|= None\b", text)
    return text.replace("\u00a0", " ")


def test_the_page_of_a_sweep_is_complete(tmp_path: Path) -> None:
    """From the short answer to the checklist, with what was run by which version."""
    folder = study_folder(tmp_path / "a", falling)
    text = page(folder)
    titles = re.findall(r"<h2[^>]*>(.*?)</h2>", text)
    assert titles[0] == "The short answer"
    assert titles[-3:] == ["What it does not say", "Where this comes from", "For a report on this study"]
    assert "A &lt;study&gt;" in text
    assert text.count('role="img"') == text.count("<svg")
    assert "The focal group is open at the end: falls with serve.turnover_per_year from 0 to 4" in text
    assert "No run failed." in text
    assert "abc123 with changes not yet in it" in text


def test_the_same_results_give_the_same_page(tmp_path: Path) -> None:
    """Nobody could check a page that changes by itself."""
    vary = {"serve.turnover_per_year": (0.0, 1.0, 4.0)}
    pages = [page(study_folder(tmp_path / name, falling, vary=vary, replicates=12)) for name in "ab"]
    assert pages[0] == pages[1]


def test_a_sample_of_many_points_is_thinned_and_compared_by_thirds(tmp_path: Path) -> None:
    """Thousands of dots would make a page that no phone opens."""
    vary = {"supervise.supervision": tuple(k / 400 for k in range(400))}
    watch = ("alive_at_end", "members_at_end")
    text = page(
        study_folder(tmp_path, lambda values: 0.9 - 0.8 * values["supervise.supervision"], vary=vary, watch=watch)
    )
    assert "Of 400 combinations 300 are shown" in text
    assert "falls with supervise.supervision from its lowest third to its highest" in text


@pytest.mark.parametrize(("chance", "cell"), [(0.0, "0 (0 to 14)"), (1.0, "100 (86 to 100)")])
def test_all_die_or_none(tmp_path: Path, chance: float, cell: str) -> None:
    """The same at every rate: that is said, and how far it is known."""
    text = page(study_folder(tmp_path, lambda values: chance, vary=SMALL, replicates=24))
    assert "The focal group is open at the end: the same in every pair of runs with serve.turnover_per_year" in text
    assert cell in text


def test_one_replicate_says_that_nothing_can_be_said(tmp_path: Path) -> None:
    """One replicate says that nothing can be said."""
    text = page(study_folder(tmp_path, falling, vary=SMALL, replicates=1))
    assert "are too few to call it clear" in text
    assert "There are one run" not in text


def test_failed_runs_are_told_and_never_counted(tmp_path: Path) -> None:
    """Failed runs are told and never counted."""

    def failing(point: int, replicate: int) -> bool:
        return replicate % 4 == 0

    text = page(study_folder(tmp_path, lambda values: 1.0, vary=SMALL, replicates=16, failing=failing))
    assert "64 of 256 runs failed" in text
    assert "ValueError: &lt;broken&gt; &amp; bent" in text
    assert "the same in every pair of runs" in text
    assert "runs.parquet lists them all" in text


def test_a_study_in_which_all_runs_failed(tmp_path: Path) -> None:
    """A study in which all runs failed."""
    text = page(study_folder(tmp_path, falling, vary=SMALL, replicates=2, failing=lambda point, replicate: True))
    assert "None of the 32 runs ended well" in text


def test_measures_that_are_missing_or_not_watched(tmp_path: Path) -> None:
    """Measures that are missing or not watched."""

    def emptied(found: dict[str, Any]) -> dict[str, Any]:
        return found | dict.fromkeys(("accommodated_at_52", "hope_at_52", "load_mean", "closure_circumstances"))

    page(study_folder(tmp_path / "none", falling, vary=SMALL, replicates=12, measures=emptied))
    few = ("alive_at_end", "weeks_to_closure", "closed")
    text = page(study_folder(tmp_path / "few", falling, vary=SMALL, replicates=12, watch=few))
    assert "Hope" not in text


def test_what_harms_is_said_to_lower_survival(tmp_path: Path) -> None:
    """What else was varied beside turnover is told in the same way."""
    text = page(study_folder(tmp_path, lambda values: 0.8 - 0.6 * values["serve.leaves_with_role"], vary=SMALL))
    assert "The focal group is open at the end: falls with serve.leaves_with_role from 0 to 1" in text


@pytest.mark.parametrize(
    "vary",
    [
        {"start.members": (8, 12, 16), "start.kind": ("founding", "established")},
        {"start.kind": ("founding", "established")},
        {"help.enabled": (True, False)},
        {"supervise.supervision": tuple(k / 30 for k in range(30)), "help.training": (0.1, 0.2, 0.3)},
        {"serve.turnover_per_year": tuple(k / 10 for k in range(40))},
        {"weeks": (260, 520)},
        {},
    ],
)
def test_any_other_sweep_gets_a_page(tmp_path: Path, vary: dict[str, tuple[Any, ...]]) -> None:
    """Whatever is varied, and with all measures where nothing is."""
    more = {"watch": ONE_OF_EACH} if vary else {}
    text = page(study_folder(tmp_path, lambda values: 0.7, vary=vary, replicates=5, question="Why & how?", **more))
    assert "The short answer" in text
    assert "Why &amp; how?" in text


def test_another_sweep_without_main_measures_or_without_runs(tmp_path: Path) -> None:
    """Another sweep without main measures or without runs."""
    vary = {"start.members": (8, 12)}
    few = page(study_folder(tmp_path / "few", lambda values: 0.5, vary=vary, watch=("crises_per_person_year",)))
    assert "Crises per person year" in few
    gone = study_folder(tmp_path / "gone", lambda values: 0.5, vary=vary, replicates=2, failing=lambda p, r: True)
    assert "None of the 4 runs ended well" in page(gone)


@pytest.mark.parametrize("series", [True, False])
def test_one_history_gets_a_page(tmp_path: Path, series: bool) -> None:
    """One history gets a page."""
    text = page(run_folder(tmp_path / "alive", series=series))
    assert "still meeting after ten years" in text
    assert ("<svg" in text) == series
    assert "The group closed after" in page(run_folder(tmp_path / "closed", alive=False, series=series))


@pytest.mark.parametrize("missing", ["manifest.json", "runs.parquet", "points.parquet", "study.yaml"])
def test_a_folder_without_a_finished_study_is_refused_in_one_line(tmp_path: Path, missing: str) -> None:
    """A folder without a finished study is refused in one line."""
    folder = study_folder(tmp_path, falling, vary=SMALL, replicates=1)
    (folder / missing).unlink()
    with pytest.raises(InputError) as refused:
        write_report(folder)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["runs.parquet", "manifest.json", "summary.json"])
def test_damaged_files_are_refused(tmp_path: Path, name: str) -> None:
    """Damaged files are refused."""
    folder = study_folder(tmp_path, falling, vary=SMALL, replicates=1)
    (folder / name).write_text("[broken")
    with pytest.raises(InputError, match="cannot be read"):
        write_report(folder)


def test_importing_the_report_does_not_import_what_draws() -> None:
    """Importing the report does not import what draws."""
    code = "import sys, mhsim.report; print([m for m in ('matplotlib', 'lifelines', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_page_of_a_study_ends_with_a_checklist(tmp_path: Path) -> None:
    """Who reports a study should not have to look for what guidelines ask; each item names its place."""
    text = page(study_folder(tmp_path, falling))
    assert text.index("Where this comes from") < text.index("For a report on this study")
    for item in ("1.1", "1.2", "1.3", "2.1", "2.5", "3.3", "4.1", "4.3", "5.2", "6.1"):
        assert re.search(rf"{re.escape(item)} \w", text), item
