"""A group's own record: refused by the line, counted as the model's groups are, fitted within its intervals."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from mhsim.calibration.fitting import group_fit, posterior_sample, trust
from mhsim.calibration.fitting.group_fit import FitQuestion, fit_group
from mhsim.calibration.fitting.observed import Design, design_of, observed_in, window
from mhsim.calibration.fitting.outlook import chosen_histories
from mhsim.calibration.fitting.posterior_sample import Table, weighted_quantiles
from mhsim.calibration.fitting.prior import drawn, learnable, value_at
from mhsim.calibration.fitting.record_reader import BadRows, read_record
from mhsim.calibration.fitting.summaries import on_roll, summaries
from mhsim.calibration.fitting.synthetic import shipped_records, write_records
from mhsim.cli import exit_code
from mhsim.errors import InputError
from mhsim.report.fit.page import fit_page
from mhsim.scenario_io.loader import read_scenario

WRONG = {
    "member,join,leave\na,2023-01-02,2022-12-31\n": (2, "leave: 2022-12-31 lies before join"),
    "member,join,leave\na,2023-01-02,\n,2023-01-02,\n": (3, "member: given nothing"),
    "member,join,leave\na,02.01.2023,\n": (2, "join: given the text '02.01.2023'"),
    "member,join,leave\na,2023-01-02,2023-03-01\na,2023-02-01,\n": (3, "lies in the spell of line 2, which ends"),
    "member,join,leave\na,2023-01-02,\na,2023-01-02,\n": (3, "the same row stands in line 2"),
    "week,present\n2023-W01,9\n2023-01-04,8\n": (3, "the week of 2023-01-02 stands in line 2 already"),
    "week,present\n2023-01-04,-1\n": (2, "present: given the text '-1'"),
    "date,present,newcomers\n2023-01-04,2,3\n": (2, "newcomers: 3 of 2 present"),
    "member,role,from,to\na,chair,2023-01-02,\n": (2, "role: given the text 'chair'; allowed: helper, organiser"),
}


def written(folder: Path, text: str, name: str = "record.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("text", WRONG)
def test_a_bad_row_is_told_by_its_line(text: str, tmp_path: Path) -> None:
    """Who keeps a list by hand must find what to mend without searching; a row taken wrongly would be fitted."""
    line, words = WRONG[text]
    with pytest.raises(BadRows) as caught:
        read_record(written(tmp_path, text))
    assert [(problem.line, words in str(problem)) for problem in caught.value.problems] == [(line, True)]


def test_all_bad_rows_are_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One error at a time would mean a hundred tries; names stay out of what is said but for days and numbers."""
    rows = "".join(f"anna-{k},2023-13-01,\n" for k in range(50))
    path = written(tmp_path, "member;join;leave\n".replace(";", ",") + rows)
    assert exit_code(["fit", str(path), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 37 and "50 of 50 rows cannot be used" in said[-1]
    assert "anna" not in "".join(said) and not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("who,when\na,2023-01-02\n", "the header is the text 'who, when'; allowed: member, join, leave (members)"),
        ("member,join,leave\n", "it has a header and no row"),
    ],
)
def test_a_file_that_is_no_record_is_refused(text: str, words: str, tmp_path: Path) -> None:
    """A table of something else must not be read as if it were a record."""
    with pytest.raises(InputError, match=words.replace("(", r"\(").replace(")", r"\)")):
        read_record(written(tmp_path, text))


def test_spells_are_half_open_and_gaps_stay_gaps(tmp_path: Path) -> None:
    """Worked by hand: four weeks from a Monday on; a week without a count is not a week with nobody."""
    members = "member\tjoin\tleave\na\t2020-05-01\t\nb\t2023-01-09\t2023-01-16\nc\t2023-01-11\t2023-01-11\n"
    counts = "date,present\n2023-01-04,7\n2023-01-25,5\n"
    records = [read_record(written(tmp_path, members)), read_record(written(tmp_path, counts, "counts.csv"))]
    seen = observed_in(records, date(2023, 1, 2), date(2023, 1, 30))
    assert on_roll(seen.spells, 4).tolist() == [1, 2, 1, 1]  # who came and left on one day is on no week's roll
    assert np.array_equal(seen.present, [7, np.nan, np.nan, 5], equal_nan=True)
    with pytest.raises(InputError, match="4 weeks; allowed: 26 to 1040"):
        window(records, date(2023, 1, 2), date(2023, 1, 30), False)


def test_a_list_of_members_is_complete_from_the_first_leaving_on(tmp_path: Path) -> None:
    """Those who left before anybody wrote it down are missing; counted from the first joining, nobody ever leaves."""
    rows = "member,join,leave\na,2015-01-01,\nb,2016-01-01,2020-06-01\nc,2020-01-01,2022-01-01\n"
    record = read_record(written(tmp_path, rows))
    assert window([record], None, None, False)[0] == date(2020, 6, 1)
    assert window([record], None, None, True)[0] == date(2015, 1, 1)


def test_a_record_is_counted_as_the_history_it_was_written_from(tmp_path: Path) -> None:
    """Else every difference between the two ways of counting would be fitted as one between the groups."""
    scenario = read_scenario("base")
    write_records(scenario, 60, 3, tmp_path)
    records = [read_record(tmp_path / f"{name}.csv") for name in ("members", "attendance", "roles")]
    seen = observed_in(records, date(2022, 1, 3), date(2023, 2, 27))
    design = design_of(records, seen, founded=False, came_once=True)
    assert (design.weeks, design.members, design.helpers) == (60, scenario.start.members, scenario.start.helpers)
    from mhsim.calibration.fitting.likenesses import AHEAD, Setting
    from mhsim.calibration.fitting.prior import group_alone

    truth = plain_yaml(tmp_path / "truth.yaml")
    same = Design(60, design.kinds, design.counted, 16, 3, None, scenario.start.tenure_weeks, False, True)
    lived = Setting(group_alone(scenario, same, 60 + AHEAD), [], same, 3).history(truth["draw"])
    assert summaries(seen, design) == pytest.approx(summaries(lived.seen, same), nan_ok=True)


def plain_yaml(path: Path) -> dict[str, Any]:
    import yaml

    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def test_draws_are_the_form_moved_by_what_groups_differ() -> None:
    """The spread beforehand is what is stated, and a posterior's row is kept together; within five standard errors."""
    scenario, design = read_scenario("base"), Design(60, ("members",), (False,) * 60, 12, None, None, 90.0, False, True)
    row = {"leave.once_hazard": 0.2, "share.hope_gain": 0.05}
    found = [drawn(scenario, [row], design, 1, index) for index in range(400)]
    one = next(one for one in learnable() if one.path == "leave.once_hazard")
    moved = np.log([values[one.path] for values in found]) - np.log(0.2)
    assert abs(moved.mean()) < 5 * one.spread / 20 and abs(moved.std() / one.spread - 1) < 5 / np.sqrt(800)
    assert {values["share.hope_gain"] for values in found} == {0.05}
    assert {values["start.members"] for values in found} == {12}
    assert value_at(scenario, one.path) != 0.2


def test_weighted_quantiles_are_those_of_numpy_when_all_weigh_the_same() -> None:
    """Hazen's quantiles, to which NumPy has a way of its own."""
    values = np.random.default_rng(5).normal(size=41)
    at = (0.025, 0.3, 0.5, 0.975)
    assert np.allclose(weighted_quantiles(values, np.ones(41), at), np.quantile(values, at, method="hazen"))


@pytest.fixture(scope="module")
def linear() -> tuple[Table, np.ndarray]:
    """Two unknowns, normal beforehand; three numbers tell of the first alone. The posterior is known in closed form."""
    luck = np.random.default_rng(11)
    unknowns = luck.normal(size=(3000, 2))
    told = unknowns[:, [0, 0, 0]] + luck.normal(size=(3000, 3))
    return Table(told, unknowns, unknowns[:, :1]), unknowns


def test_the_posterior_is_the_one_in_closed_form(linear: tuple[Table, np.ndarray]) -> None:
    """Normal with three measurements of unit error: mean 3/4 of theirs, variance 1/4; of the other nothing."""
    near = linear[0].nearest(np.array([1.0, 0.4, 1.0]))
    known = stats.norm(0.6, 0.5)
    low, middle, high = near.quantiles(near.unknowns[:, 0], (0.025, 0.5, 0.975))
    assert (low, middle, high) == pytest.approx(known.ppf([0.025, 0.5, 0.975]), abs=0.2)
    assert np.diff(near.quantiles(near.unknowns[:, 1], (0.025, 0.975)))[0] == pytest.approx(2 * 1.96, abs=0.7)


def test_intervals_hold_the_truth_in_95_of_100(linear: tuple[Table, np.ndarray]) -> None:
    """Of 300 truths 285 are to be expected; 270 to 297 are allowed, which chance leaves once in 6,000 tests or so."""
    table, unknowns = linear
    held = 0
    for row in np.setdiff1d(np.arange(3000), table.tuning)[:300]:
        near = table.nearest(table.summaries[row], leave_out=int(row))
        low, high = near.quantiles(near.unknowns[:, 0], (0.025, 0.975))
        held += low <= unknowns[row, 0] <= high
    assert 270 <= held <= 297


def test_a_fit_from_files_to_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it, small: what is kept holds no identifier, a resume lives nothing again, the scenario can be run."""
    monkeypatch.setattr(group_fit, "FEWEST_OPEN", 150)
    monkeypatch.setattr(posterior_sample, "FEWEST_NEAREST", 60)
    monkeypatch.setattr(posterior_sample, "TUNING", 20)
    monkeypatch.setattr(group_fit, "TRUTHS", 20)
    names = shipped_records()
    records = tuple(read_record(names[kind]) for kind in ("members", "attendance", "roles"))
    question = FitQuestion(
        records, read_scenario("base"), end=date(2022, 10, 31), histories=200, jobs=2, check_coverage=12
    )
    folder = tmp_path / "fit"
    told = fit_group(question, folder, resume=False, progress=lambda what: lambda done, total, failed: None)
    pieces = {path: path.stat().st_mtime_ns for path in (folder / "histories").glob("*.npz")}
    with pytest.raises(InputError, match="already holds a fit"):
        fit_group(question, folder, resume=False, progress=lambda what: lambda done, total, failed: None)
    again = fit_group(question, folder, resume=True, progress=lambda what: lambda done, total, failed: None)
    assert again == told and len(pieces) == 2
    assert pieces == {path: path.stat().st_mtime_ns for path in (folder / "histories").glob("*.npz")}
    assert json.loads((folder / "fit.json").read_text()) == told
    for name in ("fit.json", "draws.csv", "fitted.yaml", "manifest.json"):
        assert "m001" not in (folder / name).read_text() and "h01" not in (folder / name).read_text()
    fitted = read_scenario(str(folder / "fitted.yaml"))
    assert fitted.start.members == told["group"]["members"]["number"] and fitted.weeks == 104
    assert (told["trust"]["truths"], told["elsewhere"]["truths"]) == (20, 12)
    assert told["elsewhere"]["covered"] != told["trust"]["covered"]
    page = fit_page(told)
    assert "95 %, other values" in page and "12 further groups were drawn around the values of the form" in page
    assert all(title in page for title in ("What your record cannot say", "How far this can be trusted"))
    other = FitQuestion(records, read_scenario("base"), end=date(2022, 11, 30), histories=200)
    with pytest.raises(InputError, match="cannot resume"):
        fit_group(other, folder, resume=True, progress=lambda what: lambda done, total, failed: None)


def test_a_chance_that_always_comes_true_has_no_error() -> None:
    """The Brier score of right chances is zero and that of one chance for all is p (1 - p)."""
    came = np.array([1.0, 0.0, 1.0, 1.0])
    found = trust._chances(came, came)
    assert (found["brier"], found["base"], found["said"], found["came"][0]) == (0.0, 0.1875, 0.75, 0.75)


def test_intervals_are_held_against_truths_they_do_not_know(linear: tuple[Table, np.ndarray]) -> None:
    """Coverage must be able to be bad: truths moved by two spreads from what was believed are held far less often."""
    table, unknowns = linear
    rows = np.setdiff1d(np.arange(3000), table.tuning)[:60]

    def held(moved: float) -> float:
        nears = [table.nearest(table.summaries[row], leave_out=int(row)) for row in rows]
        truths = [
            trust.Truth(near, unknowns[row] + moved, np.ones(2), np.ones(2))
            for near, row in zip(nears, rows, strict=True)
        ]
        return float(np.mean([trust._inside(one, trust.INTERVALS["covered"])[1] for one in truths]))

    assert held(0.0) > 0.85 and held(2.0) < held(0.0) - 0.3


def test_repeated_groups_are_not_counted_as_further_cases() -> None:
    """Few groups of great weight are worth less than all: taken more often, intervals come out too short."""
    near = posterior_sample.Nearest(np.arange(4), np.array([0.7, 0.1, 0.1, 0.1]), np.zeros((4, 1)), 1.0)
    assert near.worth == pytest.approx(1 / 0.52)
    even = posterior_sample.Nearest(np.arange(4), np.full(4, 0.25), np.zeros((4, 1)), 1.0)
    assert sorted(chosen_histories(even, round(even.worth), 3)) == [0, 1, 2, 3]
