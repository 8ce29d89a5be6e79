"""A search for a tipping point: its statistics against known truths, its rounds, its failures, its words."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError

import mhsim
from mhsim.cli import exit_code
from mhsim.errors import InputError
from mhsim.outcomes.measures import MEASURES
from mhsim.report import write_report
from mhsim.scenario import Scenario
from mhsim.stats import aalen_johansen, counts, kaplan_meier, means, restricted_mean
from mhsim.studies.analysis import tables
from mhsim.studies.run_study import run_study
from mhsim.studies.tipping import TippingPoint, plan_of, threshold
from mhsim.studies.tipping.tables import reversal
from mhsim.studies.tipping.threshold import RIDGE, by_logistic, by_staircase, logistic, staircases
from test_studies_stand_in import Interruption

TURNOVER = "serve.turnover_per_year"
FAMILIES = ("critical", "by_value", "rounds", "survival", "closing", "starts")


def synthetic(scenario: Scenario, replicate: int, *, record: str = "runs", control: Any = None) -> SimpleNamespace:
    """Return a run that took no time, whose chance to be alive falls along a logistic curve that is 1/2 at 1.2.

    Large groups live longer; the luck of a replicate is the same everywhere.
    """
    luck = np.random.default_rng([scenario.seed, replicate])
    fate, moment = luck.random(), luck.random()
    edge = 1.2 + (1.0 if scenario.start.members > 15 else -1.0 if scenario.start.members < 7 else 0.0)
    alive = bool(fate < 1 / (1 + np.exp(4 * (scenario.serve.turnover_per_year - edge))))
    summary = {measure.name: {"text": "", "yes_no": False}.get(measure.kind, 0) for measure in MEASURES} | {
        "alive_at_end": alive,
        "closed": not alive,
        "weeks_to_closure": 30.0 if alive else float(1 + int(28 * moment)),
        "closure_reasons": "" if alive else ("no_leader", "money")[int(2 * moment)],
        "helper_reproduction": None if fate > 0.8 else 1.6 - 0.5 * scenario.serve.turnover_per_year,
    }
    return SimpleNamespace(summary=summary)


@pytest.fixture(autouse=True)
def _no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the synthetic runs in the place of the engine, and draw fewer resamples."""
    monkeypatch.setattr(mhsim, "simulate", synthetic)
    monkeypatch.setattr(threshold, "counts", lambda replicates: counts(replicates)[:301])


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, Any]:
    """Return what a study says; its scenario is written into a folder."""
    base = tmp_path / "small.yaml"
    base.write_text("weeks: 30\nstart:\n  members: 10\n  helpers: 2\n")
    found = {"base": str(base), "path": TURNOVER, "low": 0.0, "high": 4.0, "points": 5, "rounds": 2, "replicates": 30}
    return {**found, "strong": {"start.members": 20}, "weak": {"start.members": 5}}


def contents(out: Path) -> dict[str, bytes]:
    """Return every table that a study leaves behind."""
    names = ["runs.parquet", "points.parquet", *(f"analysis/{name}.parquet" for name in FAMILIES)]
    return {name: (out / name).read_bytes() for name in names}


# The statistics


def shared_luck(places: np.ndarray, replicates: int, sharing: float, seed: int) -> np.ndarray:
    """Return yes and no by a logistic curve that is 1/2 at 1.2; part of each run's luck is that of its replicate."""
    from scipy.special import expit
    from scipy.stats import norm

    luck = np.random.default_rng(seed)
    own, common = luck.normal(size=(len(places), replicates)), luck.normal(size=replicates)
    fate = norm.cdf(np.sqrt(sharing) * common + np.sqrt(1 - sharing) * own)
    return (fate < expit(3 * (1.2 - places))[:, None]).astype(float)


@pytest.mark.parametrize("method", [by_logistic, by_staircase])
@pytest.mark.parametrize("sharing", [0.0, 0.9])
def test_interval_covers_the_truth_at_about_its_rate(method: Any, sharing: float) -> None:
    """A 95 % interval is one only if it holds the truth about that often, whether or not runs share their luck.

    120 studies with fixed seeds: were the rate 95 %, fewer than 107 would come less than once in 100 times.
    """
    places = np.linspace(0, 3, 9)
    hits, widths = 0, []
    for seed in range(120):
        found = method(places, shared_luck(places, 60, sharing, seed), 0.5, True)
        hits += found.low <= 1.2 <= found.high
        widths.append(found.high - found.low)
    assert 107 <= hits <= 120
    assert np.mean(widths) < 1.0


def test_sharing_luck_is_not_taken_for_more_cases() -> None:
    """Runs of one replicate with the same luck at near values are hardly more than one; the interval has to say so."""
    places = np.linspace(0.6, 1.8, 25)
    apart, together = (
        np.mean([_width(by_logistic(places, shared_luck(places, 60, s, seed), 0.5, True)) for seed in range(8)])
        for s in (0.0, 0.95)
    )
    assert together > 1.4 * apart


def _width(found: Any) -> float:
    return float(found.high - found.low)


@pytest.mark.parametrize("method", [by_logistic, by_staircase])
@pytest.mark.parametrize("falling", [True, False])
def test_step_is_found_between_the_values_beside_it(method: Any, falling: bool) -> None:
    """With a clean step nothing more is known than the gap it lies in: no false precision."""
    places = np.array([0.0, 1.0, 2.0, 2.5, 3.0, 4.0])
    outcome = np.repeat(((places < 2.2) == falling).astype(float)[:, None], 30, axis=1)
    found = method(places, outcome, 0.5, falling)
    assert found.crosses
    assert 2.0 <= found.value <= 2.5
    assert (found.low, found.high) == (2.0, 2.5)


def test_logistic_curve_is_that_of_scipy() -> None:
    """Newton's method written here must give what SciPy's general minimiser gives, for uneven weights too."""
    from scipy.optimize import minimize
    from scipy.special import expit, log_expit

    luck = np.random.default_rng(4)
    places = np.linspace(0, 1, 7)
    cases = luck.integers(1, 40, size=(5, 7)).astype(float)
    sums = luck.binomial(cases.astype(int), expit(2 - 4 * places)).astype(float)
    height, slope = logistic(places, cases, sums)
    for row in range(5):

        def loss(line: np.ndarray, row: int = row) -> float:
            eta = line[0] + line[1] * places
            likely = sums[row] @ log_expit(eta) + (cases[row] - sums[row]) @ log_expit(-eta)
            return float(-likely + RIDGE * line[1] ** 2 / 2)

        best = minimize(loss, [0.0, 0.0], method="BFGS", options={"gtol": 1e-7}).x
        assert np.allclose([height[row], slope[row]], best, atol=1e-4)


def test_staircases_are_those_of_scipy() -> None:
    """All resamples are fitted at once by another formula; values without a case are left out."""
    from scipy.optimize import isotonic_regression

    luck = np.random.default_rng(10)
    cases = luck.integers(0, 4, size=(300, 9)).astype(float)
    cases[:, 4] += 1
    sums = np.where(cases > 0, luck.normal(size=cases.shape) * 3, 0.0)
    for row, found in enumerate(staircases(cases, sums)):
        there = cases[row] > 0
        means_there = sums[row][there] / cases[row][there]
        expected = isotonic_regression(means_there, weights=cases[row][there], increasing=False).x
        assert found[there] == pytest.approx(expected)
        assert np.isnan(found[~there]).all()


@pytest.mark.parametrize("method", [by_logistic, by_staircase])
def test_no_crossing_says_on_which_side(method: Any) -> None:
    """A search that finds nothing may not name a value at the edge."""
    places = np.linspace(0, 1, 4)
    luck = np.random.default_rng(1)
    high = (luck.random((4, 200)) < 0.9).astype(float)
    assert method(places, high, 0.5, True).side == "above"
    assert method(places, high, 0.5, False).side == "above"
    assert method(places, 1 - high, 0.5, True).side == "below"
    assert method(places, 1 - high, 0.5, False).side == "below"
    assert np.isnan(method(places, high, 0.5, True).value)
    assert method(places, np.full((4, 5), np.nan), 0.5, True).side == "nothing"


def test_missing_runs_are_left_out_not_zero() -> None:
    """If failed runs counted as closed groups, failing more often at high turnover would move the critical value."""
    places = np.linspace(0, 3, 7)
    outcome = shared_luck(places, 400, 0.0, 3)
    some = outcome.copy()
    some[4:, ::2] = np.nan
    assert by_logistic(places, some, 0.5, True).value == pytest.approx(1.2, abs=0.12)
    as_zero = by_logistic(places, np.nan_to_num(some), 0.5, True).value
    assert as_zero < by_logistic(places, some, 0.5, True).value
    assert means(some, yes_no=True)[5].cases == 200


def test_reversal_is_clear_only_when_it_is_there() -> None:
    """A curve with a hump has no single critical value; a noisy monotone one has."""
    luck = np.random.default_rng(5)
    hump = np.array([0.9, 0.3, 0.8, 0.1])
    found, lower, upper = reversal((luck.random((4, 150)) < hump[:, None]).astype(float), True, yes_no=True)
    assert found.rises and (lower, upper) == (1, 2)
    clear = [reversal((luck.random((6, 60)) < 0.5).astype(float), True, yes_no=True)[0].rises for _ in range(40)]
    assert sum(clear) <= 6


# How long groups last


def test_survival_by_hand() -> None:
    """Five groups: closed in weeks 2 and 2, open at 3, closed in 5, open at 6; worked out on paper."""
    weeks, closed = np.array([2.0, 2, 3, 5, 6]), np.array([1.0, 1, 0, 1, 0])
    found = kaplan_meier(weeks, closed)
    assert found is not None
    assert found.weeks.tolist() == [0, 2, 3, 5, 6]
    assert found.at_risk.tolist() == [5, 5, 3, 2, 1]
    assert found.value == pytest.approx([1, 0.6, 0.6, 0.3, 0.3])
    assert restricted_mean(weeks, closed, 6.0).value == pytest.approx(2 * 1 + 3 * 0.6 + 1 * 0.3)
    reasons = ["money", "no_leader", None, "money", None]
    for reason, wanted in (("money", [0, 0.2, 0.2, 0.5, 0.5]), ("no_leader", [0, 0.2, 0.2, 0.2, 0.2])):
        curve = aalen_johansen(weeks, reasons, reason)
        assert curve is not None and curve.value == pytest.approx(wanted)


# The search


def test_search_finds_the_truth_and_narrows_down(keys: dict[str, Any], tmp_path: Path) -> None:
    """The whole way from a study to its tables, with the truth known: 1.2, helpers' reproduction 1 at 1.2 too."""
    outcome = run_study(TippingPoint(**{**keys, "rounds": 3, "replicates": 150}), tmp_path / "out", jobs=2)
    found = tables(tmp_path / "out")
    critical = found["critical"]
    assert critical["method"].tolist() == ["logistic", "staircase", "staircase"]
    assert critical["believed"].tolist() == [True, False, True]
    assert critical["low"][0] < 1.2 < critical["high"][0]
    assert critical["critical"][0] == pytest.approx(1.2, abs=0.2)
    assert critical["critical"][2] == pytest.approx(1.2, abs=0.02)
    assert critical["without"][2] > 0 and critical["failed"].tolist() == [0, 0, 0]
    rounds = found["rounds"]
    assert (rounds["highest"] - rounds["lowest"])[2] <= 1.01
    starts = found["starts"].set_index("value")
    assert starts.loc[4.0, "verdict"] == "alike" and starts.loc[1.0, "verdict"] == "differ"
    assert starts.loc[1.0, "difference"] > 0.5
    assert set(found["closing"]["reason"]) == {"no_leader", "money"}
    runs = pq.read_table(tmp_path / "out" / "runs.parquet")
    points = pq.read_table(tmp_path / "out" / "points.parquet")
    assert len(runs) == outcome.total == outcome.done == 150 * len(points)
    assert points["start.members"].to_pylist()[:5] == [10] * 5
    assert points["start.members"].to_pylist()[-2:] == [20, 5]


def test_same_bytes_for_any_jobs_and_when_stopped(keys: dict[str, Any], tmp_path: Path, monkeypatch: Any) -> None:
    """What a round tries depends on runs alone; a finished round is never done again."""
    study = TippingPoint(**{**keys, "rounds": 2, "replicates": 25})
    run_study(study, tmp_path / "one", jobs=1)
    run_study(study, tmp_path / "two", jobs=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    with pytest.raises(KeyboardInterrupt):
        run_study(study, tmp_path / "three", progress=Interruption(after=180))
    with pytest.raises(InputError, match="--resume"):
        run_study(study, tmp_path / "three")
    first = [path.stat().st_mtime_ns for path in chunks(tmp_path / "three" / "rounds" / "00")]
    run_study(study, tmp_path / "three", resume=True)
    assert contents(tmp_path / "three") == contents(tmp_path / "one")
    assert [path.stat().st_mtime_ns for path in chunks(tmp_path / "three" / "rounds" / "00")] == first
    monkeypatch.setattr(mhsim, "simulate", None)
    run_study(study, tmp_path / "three", resume=True)
    assert contents(tmp_path / "three") == contents(tmp_path / "one")


def chunks(folder: Path) -> list[Path]:
    """Return the files in which runs are stored as they end."""
    found = sorted((folder / "runs").glob("chunk-*.parquet"))
    assert found
    return found


def test_failed_runs_are_told_and_count_for_nothing(keys: dict[str, Any], tmp_path: Path, monkeypatch: Any) -> None:
    """A failing run is a row with its command, in rounds and in starts, and never a closed group."""

    def fragile(scenario: Scenario, replicate: int, **more: Any) -> SimpleNamespace:
        if replicate == 3 and (scenario.serve.turnover_per_year == 0 or scenario.start.members == 5):
            raise ZeroDivisionError("nobody left")
        return synthetic(scenario, replicate, **more)

    monkeypatch.setattr(mhsim, "simulate", fragile)
    outcome = run_study(TippingPoint(**keys), tmp_path / "out")
    found = tables(tmp_path / "out")
    weak = len(found["starts"])
    assert outcome.failed == 2 + weak and outcome.exit_code == 1
    assert found["critical"]["failed"].tolist()[0] == 1
    first = found["by_value"].iloc[0]
    assert (first["runs"], first["failed"], first["value"]) == (29, 1, 0.0)
    assert found["starts"]["pairs"].tolist() == [29] * weak
    assert found["starts"]["failed"].tolist() == [2] + [1] * (weak - 1)
    page = write_report(tmp_path / "out").read_text()
    assert "nobody left" in page and f"mhsim run {keys['base']} --seed 1 --replicate 3" in page


def test_no_run_ends_well(keys: dict[str, Any], tmp_path: Path, monkeypatch: Any) -> None:
    """Even then there are tables, a page and an exit code that says so."""

    def broken(scenario: Scenario, replicate: int, **more: Any) -> SimpleNamespace:
        raise ZeroDivisionError("nobody left")

    monkeypatch.setattr(mhsim, "simulate", broken)
    outcome = run_study(TippingPoint(**keys), tmp_path / "out")
    assert outcome.done == 0
    assert set(tables(tmp_path / "out")["critical"]["side"]) == {"nothing"}
    assert "no result" in write_report(tmp_path / "out").read_text()


def test_no_crossing_ends_the_search_and_is_said(keys: dict[str, Any], tmp_path: Path) -> None:
    """Rounds around a crossing that is not there would be wasted, and a value at the edge would be a lie."""
    study = TippingPoint(**{**keys, "low": 2.8, "high": 4.0, "strong": {}, "weak": {}})
    run_study(study, tmp_path / "out")
    found = tables(tmp_path / "out")
    assert found["critical"]["side"][0] == "below" and len(found["rounds"]) == 1
    page = write_report(tmp_path / "out").read_text()
    assert "There is no critical value" in page and "lies below 50 of 100 groups" in page


def test_tolerance_stops_early_and_whole_numbers_stay_whole(keys: dict[str, Any], tmp_path: Path) -> None:
    """More rounds than the question needs cost time; half a member cannot be simulated."""
    run_study(TippingPoint(**{**keys, "tolerance": 3.0}), tmp_path / "out")
    assert len(tables(tmp_path / "out")["rounds"]) == 1
    members = {**keys, "path": "start.members", "low": 3, "high": 20, "strong": {}, "weak": {}, "set": {TURNOVER: 1.2}}
    run_study(TippingPoint(**members), tmp_path / "whole")
    values = tables(tmp_path / "whole")["by_value"]["value"]
    assert (values == values.round()).all()


def test_numbers_and_log_scales(keys: dict[str, Any], tmp_path: Path) -> None:
    """An outcome that is a number has no logistic curve; a rate may be looked for on a log scale."""
    study = TippingPoint(
        **{**keys, "low": 0.1, "high": 4.0, "scale": "log", "outcome": "helper_reproduction", "level": 1.3}
    )
    run_study(study, tmp_path / "out")
    critical = tables(tmp_path / "out")["critical"]
    assert critical["method"].tolist() == ["staircase"]
    assert critical["critical"][0] == pytest.approx(0.6, abs=0.05)
    assert "falls below a mean of 1.3" in write_report(tmp_path / "out").read_text()


def test_measures_that_are_not_watched_are_missed_by_nobody(keys: dict[str, Any], tmp_path: Path) -> None:
    """Who watches the outcome alone gets a critical value, and tables without rows for the rest."""
    run_study(TippingPoint(**{**keys, "watch": ["alive_at_end"]}), tmp_path / "out")
    found = tables(tmp_path / "out")
    assert len(found["survival"]) == len(found["closing"]) == 0
    assert found["critical"]["side"].tolist() == ["crosses", "crosses"]
    assert "How long groups lasted" not in write_report(tmp_path / "out").read_text()


def test_page_is_whole(keys: dict[str, Any], tmp_path: Path) -> None:
    """The page is one file that needs nothing else, the same each time, and has every part."""
    from test_report_pages import page

    run_study(TippingPoint(**keys, title="A <search>"), tmp_path / "out")
    text = page(tmp_path / "out")
    for words in ("A &lt;search&gt;", "falls below 50 of 100 groups", "Does the start decide?", "mhsim tipping-point"):
        assert words in text
    assert page(tmp_path / "out") == text


# What a study may say


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"low": 5}, "not below high"),
        ({"scale": "log"}, "above 0"),
        ({"level": 1.5}, "between 0 and 1"),
        ({"outcome": "alive"}, "outcome"),
        ({"outcome": "closure_reasons"}, "number or yes and no"),
        ({"watch": ["members_at_end"]}, "not among"),
        ({"weak": {}}, "start.members"),
        ({"weak": {"start.members": 20}}, "the same start"),
        ({"set": {TURNOVER: 1}}, "given twice"),
        ({"set": {"start.members": 9}}, "given elsewhere"),
        ({"path": "weeks"}, "key of the study"),
        ({"rounds": 0}, "greater than or equal to 1"),
    ],
)
def test_wrong_study_is_refused(keys: dict[str, Any], change: dict[str, Any], words: str) -> None:
    """What contradicts itself must not run."""
    with pytest.raises(ValidationError, match=words):
        TippingPoint(**{**keys, **change})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"path": "serve.turnover"}, "serve.turnover_per_year"),
        ({"path": "start.kind"}, "among numbers"),
        ({"high": 900}, "a number from 0 to 52"),
        ({"strong": {"start.members": 1}}, "start.members"),
        ({"path": "start.members", "low": 3.2, "high": 3.4, "strong": {}, "weak": {}}, "whole number"),
    ],
)
def test_wrong_values_are_one_line_before_anything_runs(
    keys: dict[str, Any], change: dict[str, Any], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, one line, no folder."""
    import yaml

    file = tmp_path / "search.yaml"
    file.write_text(yaml.safe_dump({"kind": "tipping-point", **keys, **change}))
    assert exit_code(["tipping-point", str(file), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert words in told and told.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_plan_tells_the_most_work(keys: dict[str, Any]) -> None:
    """A dry run counts rounds and both starts, so that nobody is surprised."""
    assert len(plan_of(TippingPoint(**keys)).points) == 2 * 5 + 2 * 6
    assert {measure.name for measure in MEASURES} == set(TippingPoint(**keys).watch)


def test_folder_without_a_search_is_refused(tmp_path: Path) -> None:
    """A notebook pointed at the wrong folder gets one line."""
    with pytest.raises(InputError, match="neither a run nor a study"):
        tables(tmp_path)
