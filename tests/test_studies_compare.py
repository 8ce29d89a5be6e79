"""A comparison: its table against runs by hand; failures in the open; where histories part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

import mhsim
from mhsim import simulate
from mhsim.cli import exit_code
from mhsim.engine import Simulation
from mhsim.errors import InputError
from mhsim.report import write_report
from mhsim.scenario import Scenario
from mhsim.scenario_io.loader import read_scenario
from mhsim.studies.compare import Compare, analyse, plan_of, tables
from mhsim.studies.compare.analysis import MOST_NAMED, SCHEMAS, pairs_for, variance_ratio
from mhsim.studies.compare.divergence import compare_histories, snapshot_of
from mhsim.studies.run_study import run_study
from test_studies_stand_in import stand_in

SMALL = "weeks: 30\nstart:\n  members: 8\n  helpers: 2\n  run_in_weeks: 10\n"
TURNOVER = "serve.turnover_per_year"


@pytest.fixture
def base(tmp_path: Path) -> str:
    """Return the path of a small scenario."""
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return str(path)


def study(base: str, **keys: Any) -> Compare:
    """Return a comparison of two rates of turnover, without histories side by side unless asked for."""
    arms = {"steady": base, "restless": {"base": base, "set": {TURNOVER: 3.0}}}
    return Compare.model_validate({"scenarios": arms, "replicates": 12, "parting": [], **keys})


def rows(folder: Path) -> Any:
    """Return the comparison table of a folder, by measure."""
    return tables(folder)["comparison"].set_index("measure")


def test_variance_ratio_and_pairs_have_their_closed_forms() -> None:
    """For equal variances and correlation r the ratio is 1 / (1 - r); runs needed go with the square of the width."""
    luck = np.random.default_rng(7)
    shared, own = luck.normal(size=(2, 40_000)), luck.normal(size=(2, 40_000))
    first, other = np.sqrt(0.9) * shared[0] + np.sqrt(0.1) * own[0], np.sqrt(0.9) * shared[0] + np.sqrt(0.1) * own[1]
    assert variance_ratio(first, other) == pytest.approx(10.0, rel=0.05)
    assert np.isnan(variance_ratio(first, first))
    assert pairs_for(0.4, 50, 0.2) == 200
    assert np.isnan(pairs_for(float("nan"), 50, 0.2))


@pytest.fixture
def _no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a stand-in in the place of the engine, so that nothing is compiled."""
    monkeypatch.setattr(mhsim, "simulate", stand_in)


@pytest.mark.usefixtures("_no_engine")
def test_failed_runs_and_missing_cases_are_counted_and_left_out(
    base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failed run must never become a zero; its partner is left out too, and both reasons are told apart."""

    def fragile(scenario: Scenario, replicate: int, **keys: Any) -> Any:
        if replicate in (2, 5) and scenario.serve.turnover_per_year == 3.0:
            raise RuntimeError("broken")
        run = stand_in(scenario, replicate, **keys)
        run.summary["hope_at_52"] = None if replicate < 4 else 0.5 + 0.01 * replicate + scenario.serve.turnover_per_year
        return run

    monkeypatch.setattr(mhsim, "simulate", fragile)
    outcome = run_study(study(base, watch=["hope_at_52", "members_at_end", "alive_at_end"]), tmp_path / "out")
    assert (outcome.failed, outcome.exit_code) == (2, 1)
    assert outcome.first_command == f"mhsim run {base} --seed 1 --replicate 2 --set {TURNOVER}=3.0"
    row = rows(tmp_path / "out").loc["hope_at_52"]
    assert (row["pairs"], row["dropped_failed"], row["dropped_no_case"]) == (7, 2, 3)
    kept = [replicate for replicate in range(4, 12) if replicate != 5]
    assert row["mean_reference"] == pytest.approx(np.mean([0.7 + 0.01 * replicate for replicate in kept]))
    assert row["difference"] == pytest.approx(2.8)
    text = write_report(tmp_path / "out").read_text()
    assert "2 failed, 3 no case" in text and "wo of 24 runs failed" in text


@pytest.mark.usefixtures("_no_engine")
def test_runs_that_all_fail_are_no_result(base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a single run there is nothing to say, and the page must say so instead of failing."""
    monkeypatch.setattr(mhsim, "simulate", lambda *given, **keys: 1 / 0)
    run_study(study(base), tmp_path / "out")
    found = rows(tmp_path / "out")
    assert (found["pairs"] == 0).all() and found["difference"].isna().all() and not found["clear"].any()
    assert "no result to report" in write_report(tmp_path / "out").read_text()


@pytest.mark.usefixtures("_no_engine")
def test_another_scenario_is_not_mixed_into_a_folder(base: str, tmp_path: Path) -> None:
    """Resuming after an edit of any arm's file, not of the first alone, would compare runs of two scenarios."""
    other = tmp_path / "other.yaml"
    other.write_text(SMALL)
    arms = {"a": base, "b": str(other)}
    run_study(study(base, scenarios=arms), tmp_path / "out")
    other.write_text(SMALL.replace("helpers: 2", "helpers: 3"))
    with pytest.raises(InputError, match=r"b.start.helpers: 2 there, 3 now"):
        run_study(study(base, scenarios=arms), tmp_path / "out", resume=True)
    with pytest.raises(InputError, match="cannot resume"):
        run_study(study(base, scenarios={"b": base, "a": base}), tmp_path / "out", resume=True)


def test_jobs_and_repetition_do_not_change_a_byte(base: str, tmp_path: Path) -> None:
    """The analysis has to be the same for any number of workers, and when it is done again."""
    found = []
    for jobs in (1, 2):
        run_study(study(base, parting=[0, 3]), tmp_path / f"jobs{jobs}", jobs=jobs)
        found.append({path.name: path.read_bytes() for path in (tmp_path / f"jobs{jobs}" / "analysis").iterdir()})
    analyse(tmp_path / "jobs1")
    again = {path.name: path.read_bytes() for path in (tmp_path / "jobs1" / "analysis").iterdir()}
    assert found[0] == found[1] == again
    assert set(again) == {"comparison.parquet", "reasons.parquet", "parting.parquet", "spreading.parquet"}
    text = write_report(tmp_path / "jobs1").read_text()
    assert "Where the runs part" in text and "<script" not in text and str(tmp_path) not in text


def test_table_is_what_two_runs_by_hand_give(base: str, tmp_path: Path) -> None:
    """The whole way from runs to a row, against histories that were run one by one here."""
    run_study(study(base, replicates=4), tmp_path / "out")
    pair = [read_scenario(base, {"seed": 1}), read_scenario(base, {"seed": 1, TURNOVER: 3.0})]
    found = np.array([[simulate(one, k).summary["helpers_at_end"] for k in range(4)] for one in pair], float)
    row = rows(tmp_path / "out").loc["helpers_at_end"]
    assert row["difference"] == pytest.approx((found[1] - found[0]).mean())
    assert row["sd_difference"] == pytest.approx((found[1] - found[0]).std(ddof=1))
    assert row["verdict"] == "too few"


def test_equal_scenarios_never_part(base: str) -> None:
    """The same scenario and luck is the same history; a difference here would be one of bookkeeping."""
    scenario = read_scenario(base)
    found = compare_histories(scenario, scenario, 1)
    assert (found.week, found.moment) == (None, None)
    assert [look.week for look in found.looks] == [0, 4, 13, 26, 30]
    assert all(look.people == 0 and look.present == look.shared > 0 for look in found.looks)


def test_parting_is_at_the_change_and_by_the_helpers_it_takes(base: str) -> None:
    """Where it is known when and for whom histories part, they must part then and there: two helpers stop in week 9."""
    scenario = read_scenario(base, {"serve.enabled": False})
    changed = scenario.model_copy(
        update={"changes": Scenario(changes=[{"week": 9, "act": "lose_busiest_helpers", "count": 1}]).changes}
    )
    found = compare_histories(scenario, changed, 0)
    assert found.moment is not None and found.week == 9
    before, after = (Simulation(one, 0) for one in (scenario, changed))
    for one in (before, after):
        one.run_until(one.opening + 9)
    assert snapshot_of(before, after).people == 0
    for one in (before, after):
        one.run_until(one.opening + 10)
    assert set(snapshot_of(before, after).keys()) == set(found.moment.keys()) != set()
    assert "role" in found.moment.differing


def test_the_codebook_says_how_many_people_are_named() -> None:
    """The number stands in the code and in the meaning of the column; a reader trusts the second."""
    assert f"{MOST_NAMED} at most" in SCHEMAS["parting"].field("names").metadata[b"meaning"].decode()


def test_histories_that_cannot_be_lived_are_told(base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One history that fails side by side must not lose the comparison of all the runs."""
    import mhsim.studies.compare.analysis as module

    def broken(*given: Any) -> Any:
        raise RuntimeError("out of room")

    monkeypatch.setattr(module, "compare_histories", broken)
    run_study(study(base, replicates=2, parting=[0]), tmp_path / "out")
    found = tables(tmp_path / "out")
    assert found["parting"].loc[0, ["status", "error"]].tolist() == ["failed", "RuntimeError: out of room"]
    assert len(found["spreading"]) == 0
    assert "This pair failed: RuntimeError: out of room" in write_report(tmp_path / "out").read_text()


@pytest.mark.slow
def test_shared_luck_is_worth_ten_times_the_runs(tmp_path: Path) -> None:
    """The reason for shared luck: turnover 0.2 against 0.3, members after a year, at least ten times fewer runs."""
    arms = {"a": "base", "b": {"set": {TURNOVER: 0.3}}}
    asked = Compare.model_validate(
        {"scenarios": arms, "weeks": 52, "replicates": 200, "watch": ["members_at_end"], "parting": []}
    )
    run_study(asked, tmp_path / "out", jobs=2)
    assert rows(tmp_path / "out").loc["members_at_end", "variance_ratio"] > 10


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"scenarios": {"a": "base"}}, "2 to 12"),
        ({"scenarios": {"a": "base", "b": 3}}, "name of a scenario"),
        ({"scenarios": {"a": "base", "b": {"set": {"seed": 3}}}}, "same for all scenarios"),
        ({"scenarios": {"a": "base", "b": {"set": {TURNOVER: 3}}}, "set": {TURNOVER: 1}}, "given twice"),
        ({"tolerance": {"members_at_ende": 1}}, "members_at_end"),
        ({"tolerance": {"members_at_end": 0}}, "greater than 0"),
        ({"parting": [1, 1]}, "given twice"),
    ],
)
def test_wrong_study_is_refused_with_the_reason(keys: dict[str, object], words: str) -> None:
    """A comparison that contradicts itself must not run."""
    with pytest.raises(ValidationError, match=words):
        Compare.model_validate({"scenarios": {"a": "base", "b": "base"}, **keys})


def test_scenarios_of_unlike_length_are_refused(base: str) -> None:
    """Thirty weeks against ten years would compare lengths; one key for all of them puts it right."""
    arms = {"a": "base", "b": base}
    with pytest.raises(InputError, match="b lasts 30 weeks and a 520"):
        plan_of(study(base, scenarios=arms))
    plan = plan_of(study(base, scenarios=arms, weeks=20))
    assert {plan.scenario_at(point).weeks for point in (0, 1)} == {20}
    with pytest.raises(InputError, match="cannot share a seed"):
        plan_of(study(base, scenarios={"a": base, "b": {"base": base, "set": {"weeks_per_step": 0.5}}}))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("scenarios:\n  first: base\n  second: bse\n", 3, "did you mean 'base'"),
        ("scenarios:\n  a: base\n  b: {set: {serve.turnover: 1}}\n", 3, "serve.turnover"),
        ("scenarios:\n  a: base\n  b: base\nreplicates: many\n", 4, "a whole number"),
        ("title: x\n", 1, "scenarios is missing"),
    ],
)
def test_wrong_file_is_one_line(
    text: str, line: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """A slip shows at once, with its line, before a folder is made."""
    monkeypatch.chdir(tmp_path)
    Path("wrong.yaml").write_text(text)
    assert exit_code(["compare", "wrong.yaml"]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"wrong.yaml:{line}: ") and words in told and told.count("\n") == 1
    assert not Path("runs").exists()


def test_scenarios_from_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """Two scenarios can be held against each other without writing a study; one alone is explained."""
    monkeypatch.chdir(tmp_path)
    Path("ours.yaml").write_text(SMALL)
    assert exit_code(["compare", "ours.yaml", "ours.yaml", "--replicates", "2", "--weeks", "20"]) == 0
    assert "4 of 4 runs done" in capsys.readouterr().out
    found = tables(next((tmp_path / "runs").iterdir()))
    assert set(found["comparison"]["scenario"]) == {"ours (2)"} and found["comparison"]["identical"].any()
    assert exit_code(["compare", "base"]) == 2
    assert "two or more" in capsys.readouterr().err
    assert exit_code(["compare", "base", "twelve_stepp"]) == 2
    assert "did you mean 'twelve_step'" in capsys.readouterr().err
