"""Sensitivity studies: indices against known answers, failed runs kept out, noise apart from effects, bad input."""

import math
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas
import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError
from SALib.analyze import pawn as salib_pawn
from SALib.analyze import sobol as salib_sobol
from SALib.test_functions import Ishigami, Sobol_G

import mhsim
from mhsim.cli import exit_code
from mhsim.errors import InputError
from mhsim.report import write_report
from mhsim.scenario import Scenario
from mhsim.studies.run_study import run_study
from mhsim.studies.sensitivity import Sensitivity, analyse, plan_of, tables
from mhsim.studies.sensitivity.analysis import read_runs
from mhsim.studies.sensitivity.indices import floor_of, medians, noise_in

THREE = ("leave.belonging_holds", "leave.commitment_holds", "leave.unmet_drives")
EIGHT = (
    "community.stigma",
    "community.bleakness",
    "serve.again",
    "serve.leaves_with_role",
    "serve.skill_counts",
    "serve.burnt_out_leaves",
    "leave.greeting",
    "close.transfer",
)
OUTCOME = "members_at_end"
NUMBER = "accommodated_at_52"
Answer = Callable[[np.ndarray, int], float | None]


def standing_in(monkeypatch: pytest.MonkeyPatch, paths: tuple[str, ...], answer: Answer) -> None:
    """Put a known function of some parameters in the place of the engine."""

    def simulate(scenario: Scenario, replicate: int, *, record: str = "runs", control: Any = None) -> SimpleNamespace:
        values = np.array([getattr(getattr(scenario, a), b) for a, b in (path.split(".") for path in paths)], float)
        return SimpleNamespace(summary={NUMBER: answer(values, replicate)})

    monkeypatch.setattr(mhsim, "simulate", simulate)


def study_of(folder: Path, paths: tuple[str, ...], low: float, high: float, **keys: Any) -> Sensitivity:
    """Return a study over some paths, all with one range; its scenario is written into a folder."""
    base = folder / "small.yaml"
    base.write_text("weeks: 30\nstart:\n  members: 8\n  helpers: 2\n")
    ranges = {path: {"low": low, "high": high} for path in paths}
    given = {"base": str(base), "parameters": ranges, "outcomes": [NUMBER], "replicates": 1, **keys}
    return Sensitivity.model_validate(given)


def found(study: Sensitivity, out: Path, **keys: Any) -> dict[str, pandas.DataFrame]:
    """Run a study and return its tables."""
    run_study(study, out, **keys)
    return tables(out)


def index(frames: dict[str, pandas.DataFrame], name: str) -> np.ndarray:
    """Return an index of each parameter, in the order of the study."""
    rows = frames["indices"]
    return rows[rows["index"] == name]["value"].to_numpy()


def ishigami(values: np.ndarray, replicate: int = 0) -> float:
    """Return the function of Ishigami and Homma, whose shares of variance are known."""
    return float(Ishigami.evaluate(values[None, :])[0])


def test_sobol_finds_the_known_shares_of_ishigami(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way from study file to table must keep the meaning of the sample; the shares are known exactly."""
    standing_in(monkeypatch, THREE, ishigami)
    frames = found(study_of(tmp_path, THREE, -math.pi, math.pi, method="sobol", samples=512), tmp_path / "out")
    a, b, pi = 7.0, 0.1, math.pi
    variance = a**2 / 8 + b * pi**4 / 5 + b**2 * pi**8 / 18 + 0.5
    first = np.array([0.5 * (1 + b * pi**4 / 5) ** 2, a**2 / 8, 0.0]) / variance
    together = b**2 * pi**8 * (1 / 18 - 1 / 50) / variance
    assert index(frames, "first") == pytest.approx(first, abs=0.05)
    assert index(frames, "total") == pytest.approx(first + [together, 0, together], abs=0.05)
    rows = frames["indices"]
    assert ((rows["high"] - rows["low"]) > 0).all()
    assert rows[rows["index"] == "total"]["rank"].tolist() == [1, 2, 3]
    assert frames["outcomes"]["noise_share"].isna().all()
    text = write_report(tmp_path / "out").read_text("utf-8")
    assert "leave.belonging_holds moves it most" in text
    assert "With one run at each point noise cannot be told from effects" in text
    assert "one is only assumed: leave.belonging_holds." in text.split("</section>")[0]


def test_morris_finds_the_known_effects_of_the_g_function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On four levels the mean size of an effect of the G function can be worked out by hand."""
    standing_in(monkeypatch, EIGHT, lambda values, replicate: float(Sobol_G.evaluate(values[None, :])[0]))
    frames = found(study_of(tmp_path, EIGHT, 0.0, 1.0, method="morris", samples=200), tmp_path / "out")
    weights = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
    level = (4 / 3 + weights) / (1 + weights)
    expected = 2 / (1 + weights) * level.prod() / level
    assert index(frames, "mu_star") == pytest.approx(expected, rel=0.1)
    assert np.abs(index(frames, "mu"))[0] < 0.2 * expected[0]
    rows = frames["indices"][frames["indices"]["index"] == "mu_star"]
    assert rows["rank"].tolist()[:4] == [1, 2, 3, 4]
    assert (rows["low"] <= expected).mean() >= 0.75


def test_pawn_is_that_of_salib_and_idle_parameters_stay_below_the_floor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The values are SALib's from the same points; the fast twin behind the intervals must agree with them."""
    standing_in(monkeypatch, THREE, lambda values, replicate: float(values[0] + 0.3 * values[1]))
    frames = found(study_of(tmp_path, THREE, -1.0, 1.0, method="pawn", samples=200), tmp_path / "out")
    runs = read_runs(tmp_path / "out")
    problem = {"num_vars": 3, "names": list(THREE), "bounds": [[-1, 1]] * 3}
    theirs = salib_pawn.analyze(problem, runs.places, runs.values[NUMBER][:, 0], S=10)
    assert index(frames, "median") == pytest.approx(theirs["median"], abs=1e-12)
    assert index(frames, "maximum") == pytest.approx(theirs["maximum"], abs=1e-12)
    assert medians(runs.places, runs.values[NUMBER][:, 0], 10) == pytest.approx(theirs["median"], abs=1e-12)
    steps = frames["convergence"]
    assert sorted(steps["blocks"].unique()) == [80, 120, 160, 200]
    assert steps[steps["share"] == 1.0]["value"].to_numpy() == pytest.approx(index(frames, "median"))
    assert steps[steps["share"] < 1.0]["low"].isna().all()
    assert "Has it settled?" in write_report(tmp_path / "out").read_text("utf-8")
    floor = frames["outcomes"]["floor"][0]
    assert index(frames, "median")[2] < floor < index(frames, "median")[0]


def test_the_fast_twin_of_pawn_keeps_ties_together() -> None:
    """Shares of a few replicates are full of equal values; a twin that broke ties would see effects in them."""
    luck = np.random.default_rng(4)
    places, means = luck.random((120, 2)), luck.integers(0, 4, 120) / 3.0
    theirs = salib_pawn.analyze({"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1]] * 2}, places, means, S=5)
    assert medians(places, means, 5) == pytest.approx(theirs["median"], abs=1e-12)
    assert 0 < floor_of(means) < 1


def test_one_failed_run_in_384_leaves_the_indices_unharmed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SALib makes every index 0 of one missing run; here only its block is left out, and it is told."""
    paths = EIGHT[:4]

    def answer(values: np.ndarray, replicate: int) -> float:
        return float(values[0] + 0.5 * values[1] + 0.2 * values[0] * values[2])

    standing_in(monkeypatch, paths, answer)
    study = study_of(tmp_path, paths, 0.0, 1.0, method="sobol", samples=64)
    whole = found(study, tmp_path / "whole")
    runs = read_runs(tmp_path / "whole")
    assert runs.values[NUMBER].size == 384
    broken = runs.points[200]

    def fragile(values: np.ndarray, replicate: int) -> float:
        if np.array_equal(values, broken):
            raise ZeroDivisionError("nobody left")
        return answer(values, replicate)

    standing_in(monkeypatch, paths, fragile)
    frames = found(study, tmp_path / "broken")
    about = frames["outcomes"].iloc[0]
    assert (about["failed"], about["undefined"], about["left_out"], about["blocks"]) == (1, 0, 1, 64)
    kept = np.delete(runs.values[NUMBER][:, 0].reshape(64, 6), 200 // 6, axis=0).ravel()
    problem = {"num_vars": 4, "names": list(paths), "bounds": [[0, 1]] * 4}
    theirs = salib_sobol.analyze(problem, kept, calc_second_order=False, seed=1)
    assert index(frames, "total") == pytest.approx(theirs["ST"], abs=1e-12)
    assert index(frames, "total") == pytest.approx(index(whole, "total"), abs=0.05)
    gaps = frames["gaps"]
    assert gaps["reason"].unique().tolist() == ["failed"]
    assert gaps["low"].to_numpy() == pytest.approx(broken)
    assert gaps["high"].to_numpy() == pytest.approx(broken)
    assert "One of 384 runs failed" in write_report(tmp_path / "broken").read_text("utf-8")


@pytest.mark.parametrize(("method", "samples"), [("morris", 20), ("pawn", 60), ("sobol", 16)])
def test_undefined_outcomes_are_left_out_and_never_zero(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, samples: int
) -> None:
    """A measure without a case is no 0: far from 0 everywhere, one None must leave all means far from 0."""
    paths = EIGHT[:3]

    def answer(values: np.ndarray, replicate: int) -> float | None:
        return None if replicate == 1 and np.array_equal(values, hole) else float(100 + values[0] + values[1] ** 2)

    study = study_of(tmp_path, paths, 0.0, 1.0, method=method, samples=samples, replicates=2)
    points = np.array(plan_of(study).points)
    hole = points[7]
    empty = (points == hole).all(axis=1)
    lost = empty.reshape(samples, -1).any(axis=1).sum()
    standing_in(monkeypatch, paths, answer)
    frames = found(study, tmp_path / "out")
    about = frames["outcomes"].iloc[0]
    assert (about["state"], about["failed"], about["undefined"], about["left_out"]) == ("done", 0, empty.sum(), lost)
    assert 100 < about["mean"] < 102
    assert about["between"] < 1
    assert frames["indices"]["value"].abs().max() < 5
    assert "Where runs are missing" in write_report(tmp_path / "out").read_text("utf-8")


def test_too_few_whole_blocks_give_no_indices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nearly everything failed there is no result, and the page says so instead of showing zeros."""
    standing_in(monkeypatch, EIGHT[:2], lambda values, replicate: None)
    frames = found(study_of(tmp_path, EIGHT[:2], 0, 1, method="morris", samples=4), tmp_path / "out")
    assert frames["outcomes"]["state"].tolist() == ["too few"]
    assert len(frames["indices"]) == len(frames["convergence"]) == 0
    assert "no ranking" in write_report(tmp_path / "out").read_text("utf-8")


@pytest.mark.parametrize(("method", "samples"), [("morris", 4), ("sobol", 8), ("pawn", 50)])
def test_outcome_that_never_varies_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, samples: int
) -> None:
    """Shares of a variance of 0 do not exist; a study in which no group closes must not end in a crash."""
    standing_in(monkeypatch, EIGHT[:2], lambda values, replicate: 1.0)
    frames = found(study_of(tmp_path, EIGHT[:2], 0, 1, method=method, samples=samples), tmp_path / "out")
    assert frames["outcomes"]["state"].tolist() == ["constant"]
    assert "the same at all points" in write_report(tmp_path / "out").read_text("utf-8")


def test_noise_is_told_apart_from_effects_and_from_common_luck() -> None:
    """Luck shared by all points moves all means alike; only the rest of it can look like an effect."""
    luck = np.random.default_rng(8)
    points, replicates = 400, 10
    effects, common = luck.normal(0, 2.0, (points, 1)), luck.normal(0, 5.0, (1, replicates))
    noise = noise_in(effects + common + luck.normal(0, 3.0, (points, replicates)))
    assert noise.noise == pytest.approx(9 / replicates, rel=0.1)
    assert noise.share == pytest.approx(0.9 / (4 + 0.9), rel=0.2)
    assert noise_in(effects + common).noise == 0.0
    assert noise_in(np.tile(common, (points, 1))).between == 0.0
    assert math.isnan(noise_in(effects).noise)
    assert math.isnan(noise_in(effects).share)


def test_floor_of_morris_is_what_noise_alone_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If nothing matters, the ranking is made of noise, and the floor has to say so."""
    paths = EIGHT[:6]

    def lottery(values: np.ndarray, replicate: int) -> float:
        return float(np.random.default_rng([replicate, *(int(1e6 * v) for v in values)]).normal())

    standing_in(monkeypatch, paths, lottery)
    frames = found(study_of(tmp_path, paths, 0, 1, samples=60, replicates=3), tmp_path / "out")
    alone = 1.5 * math.sqrt(2 / 3) * math.sqrt(2 / math.pi)
    assert index(frames, "mu_star") == pytest.approx(alone, rel=0.25)
    floor = frames["outcomes"]["floor"][0]
    assert alone < floor < 1.3 * alone
    assert (index(frames, "mu_star") < floor).sum() >= 5
    assert frames["outcomes"]["noise_share"][0] > 0.8


def test_convergence_ends_in_the_index_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last of the growing shares is the whole sample."""
    standing_in(monkeypatch, THREE, ishigami)
    frames = found(study_of(tmp_path, THREE, -3, 3, samples=10), tmp_path / "out")
    steps = frames["convergence"]
    assert sorted(steps["blocks"].unique()) == [2, 4, 6, 8, 10]
    assert steps[steps["share"] == 1.0]["value"].to_numpy() == pytest.approx(index(frames, "mu_star"))


def test_same_bytes_for_any_jobs_and_when_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever repeats a study must find the same tables, also the resampled intervals."""
    standing_in(monkeypatch, THREE, ishigami)
    for method, samples in (("morris", 6), ("sobol", 16), ("pawn", 60)):
        study = study_of(tmp_path, THREE, -3, 3, method=method, samples=samples, replicates=2, seed=0)
        folders = [tmp_path / f"{method}-{jobs}" for jobs in (1, 2)]
        for jobs, folder in zip((1, 2), folders, strict=True):
            found(study, folder, jobs=jobs)
        once, twice = ({path.name: path.read_bytes() for path in (f / "analysis").iterdir()} for f in folders)
        assert once == twice
        analyse(folders[0])
        assert {path.name: path.read_bytes() for path in (folders[0] / "analysis").iterdir()} == once


def test_columns_carry_their_meaning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table must be readable without this code."""
    standing_in(monkeypatch, THREE, ishigami)
    found(study_of(tmp_path, THREE, -3, 3, samples=4), tmp_path / "out")
    for path in (tmp_path / "out" / "analysis").iterdir():
        for field in pq.read_schema(path):
            assert field.metadata[b"meaning"], (path.name, field.name)
            assert field.metadata[b"unit"], (path.name, field.name)


def test_points_of_another_sample_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Indices of points that are not the sample they are taken for would be wrong without a sign."""
    standing_in(monkeypatch, THREE, ishigami)
    out = tmp_path / "out"
    found(study_of(tmp_path, THREE, -3, 3, samples=4), out)
    (out / "study.yaml").write_text((out / "study.yaml").read_text().replace("seed: 1", "seed: 2"))
    (tmp_path / "out" / "checksums.sha256").unlink()
    with pytest.raises(InputError, match="another version"):
        analyse(out)


def values_of(base: Path, **keys: Any) -> dict[str, set[Any]]:
    """Return the values each path takes in a study of Morris."""
    base.write_text("serve:\n  turnover_per_year: 0.4\n")
    study = Sensitivity.model_validate({"base": str(base), "samples": 30, "outcomes": [OUTCOME], **keys})
    plan = plan_of(study)
    return {path: {point[place] for point in plan.points} for place, path in enumerate(plan.paths)}


def test_ranges_come_from_the_study_the_parameter_or_around_the_value(tmp_path: Path) -> None:
    """Half to double of a value, within what is allowed; log steps where asked; whole numbers stay whole."""
    base = tmp_path / "base.yaml"
    own = values_of(base, parameters=["community.stigma", "serve.turnover_per_year"])
    assert [(min(v), max(v)) for v in own.values()] == [(0, 1), (0, 52)]
    around = values_of(base, sections=["close", "serve"], around=2)
    assert (min(around["close.transfer"]), max(around["close.transfer"])) == (0.3, 1.0)
    assert (min(around["serve.turnover_per_year"]), max(around["serve.turnover_per_year"])) == (0.2, 0.8)
    assert (min(around["serve.leaves_with_role"]), max(around["serve.leaves_with_role"])) == (0, 1)
    assert "serve.enabled" not in around
    assert "serve.term_weeks" not in around
    logs = values_of(base, parameters={"close.low_at": {"low": 0.1, "high": 100, "scale": "log"}})
    assert sorted(logs["close.low_at"]) == pytest.approx([0.1, 1, 10, 100])
    whole = values_of(base, parameters={"start.members": {"low": 7, "high": 10.5}})
    assert whole["start.members"] == {7, 8, 9, 10}
    fixed = values_of(base, sections=["close"], set={"close.transfer": 0.5})
    assert "close.transfer" not in fixed


def test_parameters_without_a_range_are_named_in_the_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A parameter of a section that could not be varied may not vanish in silence."""
    standing_in(monkeypatch, ("serve.again",), lambda values, replicate: float(values[0]))
    study = study_of(tmp_path, (), 0, 1, sections=["serve"], around=2, samples=2)
    rows = found(study, tmp_path / "out")["parameters"]
    assert rows[~rows["varied"].astype(bool)]["path"].tolist() == ["serve.departures_per_year", "serve.term_weeks"]
    assert "serve.term_weeks" in write_report(tmp_path / "out").read_text("utf-8")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"parameters": {THREE[0]: {"low": 1}}}, "both low and high"),
        ({"parameters": {THREE[0]: {"low": 2, "high": 1}}}, "not below high"),
        ({"parameters": {THREE[0]: {"low": 0, "high": 1, "scale": "log"}}}, "above 0"),
        ({"parameters": [THREE[0], THREE[0]]}, "given twice"),
        ({"parameters": {}}, "give parameters"),
        ({"parameters": ["seed"]}, "key of the study"),
        ({"set": {THREE[0]: 1}}, "given twice"),
        ({"sections": ["serv"]}, "serve"),
        ({"outcomes": ["closure_reasons"]}, "is words"),
        ({"outcomes": ["members_at_ende"]}, "members_at_end"),
        ({"outcomes": []}, "at least 1"),
        ({"method": "sobol", "samples": 100}, "64 or 128"),
        ({"method": "pawn", "samples": 20}, "at least 50"),
        ({"method": "fast"}, "morris"),
        ({"around": 1}, "greater than 1"),
    ],
)
def test_wrong_study_is_refused_with_the_reason(keys: dict[str, Any], words: str) -> None:
    """A study that contradicts itself must not run for hours and answer something else."""
    with pytest.raises(ValidationError, match=words):
        Sensitivity.model_validate({"parameters": [THREE[0]], "samples": 10, "outcomes": [OUTCOME], **keys})


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("parameters: [serve.turnover]", "serve.turnover_per_year"),
        ("parameters: [serve.enabled]", "only numbers"),
        ("parameters: [start.kind]", "only numbers"),
        ("parameters: [benefits]", "give low and high"),
        ("parameters: [serve.term_weeks]\naround: 2", "nothing lies around 0"),
        ("parameters: {start.members: {low: 7.2, high: 8.9}}", "whole numbers"),
        ("parameters: {serve.again: {low: 0, high: 3}}", "serve.again"),
        ("parameters: {serve.again: {low: 0}}", "both low and high"),
        ("parameters: {serve.again: {scale: log}}", "log scale"),
        ("sections: [serve]\nmethod: sobol\nsamples: 65536", "at most"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: str, words: str
) -> None:
    """Wrong input is told at once, in one line, before anything runs."""
    path = tmp_path / "study.yaml"
    more = "" if "samples" in lines else "\nsamples: 10"
    path.write_text(f"kind: sensitivity\nbase: base\noutcomes: [{OUTCOME}]\n{lines}{more}\n")
    assert exit_code(["sensitivity", str(path), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err.strip()
    assert words in said
    assert "\n" not in said
    assert not (tmp_path / "out").exists()
