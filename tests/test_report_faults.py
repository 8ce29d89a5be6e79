"""Faults that readers of reports met: a part told as the whole, censored times compared, names as formulas, damage."""

import itertools
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mhsim import palette
from mhsim.errors import InputError
from mhsim.report import page_of, write_report
from mhsim.report.figures import Line, curves_figure, estimates_figure
from mhsim.report.formatting import GROUPS, Scale, duration, scale_of
from mhsim.report.sweep.axes import axes_of, told
from mhsim.stats import Estimate, kaplan_meier
from mhsim.studies.data import read_run, read_study
from report_cases import falling, run_folder, study_folder

TURNOVER = "serve.turnover_per_year"
ARRIVALS = "community.arrivals_per_week"
FEW = ("alive_at_end", "weeks_to_closure", "closed")


def text_of(folder: Path) -> str:
    """Return the words of a page, without figures and marks."""
    words = re.sub(r"<svg.*?</svg>|<style.*?</style>|<[^>]+>", " ", page_of(folder), flags=re.S)
    return re.sub(r"\s+", " ", words.replace("\u00a0", " "))


@pytest.mark.parametrize("design", ["list", "sobol", "lhs"])
def test_no_slice_of_a_list_or_a_sample_stands_for_the_study(tmp_path: Path, design: str) -> None:
    """One point of three was told as "at every rate"; such designs have no slice that is the study."""
    more: dict[str, Any] = {} if design == "list" else {"samples": 8}
    vary = {TURNOVER: (0.0, 1.0, 4.0)}
    text = text_of(study_folder(tmp_path, falling, vary=vary, replicates=12, watch=FEW, design=design, **more))
    assert "at every rate" not in text
    assert "Alive at end by" in text


def test_runs_of_unlike_length_are_told_as_they_are(tmp_path: Path) -> None:
    """An age at closing that ends with the run "rose" from 26 weeks to 260; and all runs "were run for 26 weeks"."""
    vary = {"weeks": (26, 260)}
    folder = study_folder(tmp_path, lambda values: 0.5, vary=vary, replicates=20, watch=FEW)
    data = read_study(folder)
    sentence = told(data, "weeks_to_closure", axes_of(data))
    assert "within the first 26 weeks" in sentence
    assert "rises" not in sentence
    text = text_of(folder)
    assert "26 weeks (20 runs) and five years (20 runs)" in text
    assert "do not measure the same thing" in text


def test_too_few_pairs_are_the_reason_that_is_said_and_every_axis_is_told(tmp_path: Path) -> None:
    """A change "not clear" and yet "+43 (23 to 63)" contradicts itself unless it says why."""
    vary = {"start.members": (5, 20), "share.enabled": (False, True)}

    def chance(values: dict[str, Any]) -> float:
        return 0.95 if values["start.members"] == 20 else 0.3

    text = text_of(study_folder(tmp_path, chance, vary=vary, replicates=5, watch=FEW))
    answer = text[text.index("The short answer") : text.index("What was done")]
    assert "5 pairs of runs are too few to call it clear" in answer
    assert "start.members" in answer and "share.enabled" in answer


def test_paths_that_vary_side_by_side_are_not_told_apart(tmp_path: Path) -> None:
    """In a list each path would get the credit for all that changed with it."""
    folder = study_folder(
        tmp_path,
        lambda values: 0.5,
        vary={"start.members": (5, 20), "help.training": (0.1, 0.9)},
        watch=FEW,
        design="list",
    )
    text = text_of(folder)
    assert "cannot be told from what is due to the others" in text
    assert text.count("with start.members from") == 0


@pytest.mark.parametrize("name", ["$$", "$5 fee", "支え合い", "🙂", "a_b^c \\frac"])
def test_names_are_drawn_as_they_are_written(name: str) -> None:
    """A dollar sign began a formula, and signs that the font lacks printed warnings with paths of the sources."""
    weeks = np.array([5.0, 9.0, 9.0])
    curve = kaplan_meier(weeks, np.array([1.0, 1.0, 0.0]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg = curves_figure([(name, curve)], f"{name} against {name}", "", [9.0])
    assert name in svg.unescape()


def test_figures_name_their_colours_so_that_pages_choose_them() -> None:
    """The dashboard overruled colours by their codes; a page says once what a colour is by day and by night."""
    svg = estimates_figure([Line("one", [0, 1], [Estimate(0.5, 0.4, 0.6, 9)] * 2)], "t", "", GROUPS, "x")
    assert f"var(--blue, {palette.BLUE})" in svg
    style = (Path(palette.__file__).parent / "dashboard" / "browser" / "style.css").read_text()
    for stage, (colour, _) in palette.STAGES.items():
        assert f"--stage-{stage}: {colour};" in style


def test_a_study_that_was_stopped_is_told_as_a_part(tmp_path: Path) -> None:
    """What is there of a long study may be looked at, but not taken for all of it."""
    folder = study_folder(tmp_path, lambda values: 0.7, vary={"start.members": (5, 20)}, replicates=10, watch=FEW)
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"runs": 20', '"runs": 80'))
    assert "This study is not finished: 20 of 80 runs are there" in text_of(folder)


def test_the_page_of_a_folder_that_cannot_be_written_goes_elsewhere(tmp_path: Path) -> None:
    """Results of others often lie where one may only read."""
    folder = run_folder(tmp_path / "run")
    target = write_report(folder, tmp_path / "page.html")
    assert target == tmp_path / "page.html"
    assert not (folder / "report.html").exists()


def test_one_week_is_one_week() -> None:
    """The page said "alive after 1 weeks"."""
    assert [duration(1), duration(8), duration(52), duration(60)] == ["one week", "8 weeks", "one year", "60 weeks"]


def test_a_measure_is_written_in_one_way() -> None:
    """Yes and no was of 100, of 100 groups and of 100 histories, with none or one decimal."""
    found = Estimate(-0.125, -0.2, -0.05, 30, 0.001, 0.001)
    assert scale_of("alive_at_end").amount(found) == "12 fewer of 100 groups (5 to 20)"
    assert scale_of("alive_at_end").change(found) == "−12 (−20 to −5) clear"
    assert scale_of("accommodated_at_52").level(0.331) == "33.1 of 100"
    assert scale_of("hope_at_52").amount(found) == "12.5 points of 100 lower (5.0 to 20.0)"
    assert Scale(1.0, "weeks").size(Estimate(0.04, 0.01, 0.07, 30)) == "0.040 weeks (0.010 to 0.070)"


def cut(content: bytes) -> bytes:
    """Return the first half."""
    return content[: len(content) // 2]


def flip(content: bytes) -> bytes:
    """Return the content with one bit turned."""
    place = len(content) // 3
    return content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :]


DAMAGE = {
    "cut": cut,
    "flipped": flip,
    "empty": lambda content: b"",
    "list": lambda content: b"[1, 2]",
    "words": lambda content: b"kind: sweep\nserve: {turnover_per_year: [many]}\nsessions: 3\nversions: x\n",
    "deep": lambda content: b"[" * 100_000,
    "noise": lambda content: b"\xff\xfe\x00" * 50,
}


@pytest.mark.parametrize(("kind", "how"), list(itertools.product(["study", "run"], DAMAGE)))
def test_damage_is_one_line_or_no_harm(tmp_path: Path, kind: str, how: str) -> None:
    """Of 336 folders with one damaged file sixteen ended in an error of Python."""
    original = tmp_path / "original"
    if kind == "study":
        study_folder(original, lambda values: 0.6, vary={"start.members": (5, 20)}, replicates=3, watch=FEW)
    else:
        run_folder(original, series=True)
    for path in sorted(original.iterdir()):
        content = path.read_bytes()
        path.write_bytes(DAMAGE[how](content))
        try:
            data: Any = read_study(original) if kind == "study" else read_run(original)
            if kind == "study":
                assert all(np.isfinite(data.lengths))
                [data.numbers(name) for name in data.measures]
        except InputError as refused:
            assert "\n" not in str(refused)
        finally:
            path.write_bytes(content)
