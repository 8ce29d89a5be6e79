"""Trials: who is enrolled and invited, statistics that others can confirm, and the same tables however it is done."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from numpy.linalg import lstsq
from scipy import stats

from mhsim.cli import exit_code
from mhsim.engine import Simulation
from mhsim.outcomes.counts import living
from mhsim.report import write_report
from mhsim.schema import OUTSIDE
from mhsim.studies.run_study import run_study
from mhsim.studies.trial import Trial, analyse, plan_of, tables
from mhsim.studies.trial import enrolled as people_of_trial
from mhsim.studies.trial.estimates import Sample, in_one_world, least_squares, over_worlds
from test_report_pages import page

SMALL: dict[str, Any] = {
    "kind": "trial",
    "title": "A small trial",
    # every meeting is held, so who is invited comes in the week after
    "set": {"community.count": 4, "start.run_in_weeks": 20, "arrive.uptake": 0.057, "work.enabled": False},
    "enrol_after_weeks": 2,
    "wait_weeks": 24,
    "follow_up": 26,
    "weeks": 45,
    "replicates": 4,
    "seed": 5,
    "watch": ["alive_at_end"],
}
NOTHING_HELPS = {"community.count": 5, "start.run_in_weeks": 20, "benefits": 0.0, "harms": 0.0}


def run(folder: Path, jobs: int = 2, **changes: Any) -> Path:
    """Run a trial into a folder and return it."""
    run_study(Trial.model_validate({**SMALL, **changes}), folder, jobs=jobs)
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small trial."""
    return run(tmp_path_factory.mktemp("trial") / "small")


@pytest.fixture(scope="module")
def null(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the tables of a trial in forty worlds in which groups do nobody good or ill."""
    folder = tmp_path_factory.mktemp("trial") / "null"
    changes = {"set": NOTHING_HELPS, "replicates": 40, "weeks": 55, "outcomes": ["hope", "distress"]}
    return tables(run(folder, **changes))


def at_end(found: dict[str, Any], outcome: str, comparison: str, table: str = "estimates") -> Any:
    """Return the rows of one comparison at the end of the follow-up."""
    rows = found[table]
    rows = rows[(rows.outcome == outcome) & (rows.comparison == comparison)]
    return rows[rows.week == rows.week.max()]


def test_nothing_is_found_where_nothing_helps(null: dict[str, Any]) -> None:
    """The trial must be right where groups do nothing: of 40 intervals at 95 %, 34 or more hold zero.

    With a true coverage of 95 % fewer than 34 would be seen in one of 700 such tests; the seed is fixed.
    """
    for outcome in ("hope", "distress"):
        each = at_end(null, outcome, "trial", "by_world")
        assert len(each) == 40
        assert ((each.low <= 0.0) & (each.high >= 0.0)).sum() >= 34
        pooled = at_end(null, outcome, "trial").iloc[0]
        assert pooled.low <= 0.0 <= pooled.high
        for truth in ("truth_exchanged", "truth_enrolled", "truth_came"):
            found = at_end(null, outcome, truth).iloc[0]
            assert found.value == 0.0
            assert found.people > 500 or truth == "truth_came"


def test_an_observer_is_misled_where_nothing_helps(null: dict[str, Any]) -> None:
    """Who comes differs beforehand: the raw gap in distress is clear though groups do nothing at all."""
    crude = at_end(null, "distress", "attended_observed_crude").iloc[0]
    assert crude.low > 0.0


def test_arms_are_alike_beforehand_and_attenders_are_not(null: dict[str, Any]) -> None:
    """Lots make arms alike; choosing does not: those who come have more severe trouble in this model."""
    rows = null["beforehand"].set_index(["groups", "trait"]).difference
    assert all(abs(rows["arms", trait]) < 0.1 for trait in ("severity", "hope", "efficacy", "shame", "motivation"))
    assert rows["attended", "severity"] > 0.1


def test_the_enrolled_are_those_outside_who_never_came(small: Path) -> None:
    """The table makes enrolment again from dates; watching week by week must find the same people, and they come."""
    plan = plan_of(Trial.model_validate(SMALL))
    scenario = plan.scenario_at(1)
    simulation = Simulation(scenario, 1)
    enrolled: set[tuple[int, int]] = set()
    for step in range(simulation.opening, simulation.last):
        simulation.run_until(step)
        rows = living(simulation.world)
        due = (rows["arrived"] == step - 2) & (rows["arrived"] >= simulation.opening) & (rows["membership"] == OUTSIDE)
        enrolled |= set(zip(rows["community"][due].tolist(), rows["who"][due].tolist(), strict=True))
    table = pq.read_table(small / "people" / "point-000001-replicate-000001.parquet").to_pandas()
    mine = table[table.enrolled]
    assert set(zip(mine.community, mine.who, strict=True)) == enrolled
    assert len(enrolled) > 30
    early = mine[mine.arrived_week < 40]
    assert (early[early.takes_up].came_weeks == 3.0).mean() > 0.95
    assert (early[~early.takes_up].came_weeks == 3.0).mean() < 0.2


def test_same_people_at_every_point(small: Path) -> None:
    """The truth compares each person with himself or herself: who and how they began must be the same."""
    found = [
        pq.read_table(small / "people" / f"point-{point:06d}-replicate-000002.parquet").to_pandas()
        for point in range(4)
    ]
    same = ["community", "who", "arrived_week", "severity_before", "motivation_before", "resilience"]
    assert all(table[same].equals(found[0][same]) for table in found)
    assert (found[3].invited == ~found[0].invited).all()
    assert found[1].invited.all()
    assert not found[2].takes_up.any()


def test_those_who_wait_are_invited_later(tmp_path: Path) -> None:
    """Waiting is not being left out: the same invitation comes, after the follow-up has ended."""
    folder = run(tmp_path / "out", replicates=2, weeks=70, uptake=1.0)
    table = pq.read_table(folder / "people" / "point-000000-replicate-000001.parquet").to_pandas()
    waiting = table[table.enrolled & ~table.invited & (table.arrived_week < 40) & table.gone_weeks.isna()]
    unaided = waiting.came_weeks < 26
    assert len(waiting) > 10
    assert (waiting[~unaided].came_weeks == 27.0).mean() > 0.9


def test_difference_of_two_groups_is_that_of_welch() -> None:
    """The error of least squares must be Welch's for two groups, as SciPy has it."""
    luck = np.random.default_rng(1)
    one, other = luck.normal(1.0, 2.0, 31), luck.normal(0.4, 0.7, 55)
    design = np.column_stack([np.ones(86), np.r_[np.ones(31), np.zeros(55)]])
    found = least_squares(design, np.r_[one, other])
    welch = stats.ttest_ind(one, other, equal_var=False)
    assert found.value == pytest.approx(one.mean() - other.mean(), rel=1e-10)
    assert found.value / found.error == pytest.approx(welch.statistic, rel=1e-10)


def test_adjusting_takes_away_what_is_adjusted_for() -> None:
    """With the cause of both known, the adjusted coefficient is the true one; the coefficients are those of NumPy."""
    luck = np.random.default_rng(2)
    cause = luck.normal(size=4000)
    ones = (cause + luck.normal(size=4000) > 0).astype(float)
    outcome = 0.3 * ones + cause + luck.normal(size=4000)
    design = np.column_stack([np.ones(4000), ones, cause])
    found = least_squares(design, outcome)
    assert found.value == pytest.approx(lstsq(design, outcome, rcond=None)[0][1], rel=1e-9)
    assert found.low < 0.3 < found.high
    assert least_squares(design[:, :2], outcome).low > 1.0


def test_jackknife_over_worlds_of_equal_size_is_student() -> None:
    """With worlds of equal size the pooled mean and its interval are those of the means of the worlds."""
    worlds = np.random.default_rng(3).normal(0.2, 1.0, (12, 25))
    found = over_worlds([Sample(np.ones((25, 1)), row) for row in worlds])
    means = stats.ttest_1samp(worlds.mean(axis=1), 0.0).confidence_interval(0.95)
    assert found.value == pytest.approx(worlds.mean(), rel=1e-10)
    assert (found.low, found.high) == pytest.approx((means.low, means.high), rel=1e-9)


def made_world(luck: np.random.Generator, people: int) -> Sample:
    """Return a world in which half of the invited come because of it, and gain 1 on average."""
    invited = (luck.random(people) < 0.5).astype(float)
    came = invited * (luck.random(people) < 0.5)
    return Sample(np.column_stack([np.ones(people), invited]), came + luck.normal(size=people), came)


def test_ratio_recovers_the_effect_on_compliers() -> None:
    """The ratio is 1 though the arms differ by a half, and its intervals hold 1 as often as they say.

    Of 300 worlds, and of 150 studies of twelve worlds, the number that hold it is within four standard errors of 95 %.
    """
    luck = np.random.default_rng(4)
    each = [in_one_world(made_world(luck, 300)) for _ in range(300)]
    assert sum(found.low <= 1.0 <= found.high for found in each) >= 270
    studies = [over_worlds([made_world(luck, 100) for _ in range(12)]) for _ in range(150)]
    assert 132 <= sum(found.low <= 1.0 <= found.high for found in studies) < 150
    assert np.mean([found.value for found in studies]) == pytest.approx(1.0, abs=4 * 0.12 / np.sqrt(150))


def test_what_cannot_be_told_is_not_told() -> None:
    """Nobody, few in a group, an instrument that moves nobody, or one world: no number is made up."""
    luck = np.random.default_rng(5)
    design = np.column_stack([np.ones(60), np.r_[np.ones(30), np.zeros(30)]])
    noise = luck.normal(size=60)
    few = np.column_stack([np.ones(60), np.r_[np.ones(9), np.zeros(51)]])
    assert np.isnan(over_worlds([]).value)
    assert np.isnan(over_worlds([Sample(few, noise)] * 1).value)
    assert np.isnan(in_one_world(Sample(few, noise)).value)
    assert np.isnan(in_one_world(Sample(design, noise, (luck.random(60) < 0.5).astype(float))).value)
    alone = over_worlds([Sample(design, noise)])
    assert not np.isnan(alone.value)
    assert np.isnan(alone.low)
    constant = least_squares(np.column_stack([design, np.ones(60)]), noise)
    assert np.isnan(constant.value)


def test_flow_adds_up(small: Path) -> None:
    """Nobody is lost from the flow: all who came into need are in it once, and so are the arms."""
    flow = tables(small)["flow"].groupby(["stage", "arm"]).people.sum()
    total = flow["in_need", "everybody"]
    assert total == sum(flow[stage, "everybody"] for stage in ("came_before", "gone_before", "enrolled"))
    assert flow["enrolled", "everybody"] == flow["enrolled", "invited"] + flow["enrolled", "waits"]
    for arm in ("invited", "waits"):
        assert flow["enrolled", arm] == flow["lost", arm] + flow["followed", arm]
        assert 0 < flow["followed", arm] < total
    assert flow["came", "invited"] > flow["came", "waits"]


def test_jobs_do_not_change_the_tables(small: Path, tmp_path: Path) -> None:
    """Same runs, same bytes: for one job and two, and when the analysis is done again."""
    alone = run(tmp_path / "alone", jobs=1)
    for path in sorted((small / "analysis").iterdir()):
        before = path.read_bytes()
        assert before == (alone / "analysis" / path.name).read_bytes()
    before = (small / "analysis" / "estimates.parquet").read_bytes()
    analyse(small)
    assert before == (small / "analysis" / "estimates.parquet").read_bytes()
    assert len(list((small / "analysis").iterdir())) == 4


def test_failed_runs_are_left_out_in_the_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failed run costs the comparisons that need it one world each, and never counts as people who fared badly."""

    def fragile(scenario: Any, replicate: int, **keys: Any) -> Any:
        if replicate == 1 and scenario.rules["inviting"].values.swapped:
            raise ZeroDivisionError("nobody left")
        return people_of_trial.simulate(scenario, replicate, **keys)

    monkeypatch.setattr("mhsim.studies.trial.design.simulate", fragile)
    folder = run(tmp_path / "out")
    found = tables(folder)
    worlds = {
        name: at_end(found, "hope", name).iloc[0].worlds for name in ("trial", "truth_exchanged", "truth_enrolled")
    }
    assert worlds == {"trial": 4, "truth_exchanged": 3, "truth_enrolled": 4}
    failed = pq.read_table(folder / "runs.parquet").to_pandas().query("status == 'failed'")
    assert failed.command.tolist() == [
        "mhsim run base.yaml --seed 5 --replicate 1 --set community.count=4 --set start.run_in_weeks=20 --set "
        "arrive.uptake=0.057 --set work.enabled=false --set rules.inviting.share_invited=0.5 --set "
        "rules.inviting.uptake=0.6 --set rules.inviting.swapped=true --weeks 45"
    ]
    assert "One of 16 runs failed" in page(folder)


def test_every_run_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing to tell, the tables are empty or say so, and the page says that nothing ended well."""

    def broken(scenario: Any, replicate: int, **keys: Any) -> Any:
        raise ZeroDivisionError("nobody left")

    monkeypatch.setattr("mhsim.studies.trial.design.simulate", broken)
    folder = run(tmp_path / "out", replicates=2)
    found = tables(folder)
    assert found["estimates"].value.isna().all()
    assert len(found["by_world"]) == len(found["flow"]) == 0
    assert "None of the 8 runs ended well" in page(folder)


def test_nobody_to_enrol_is_no_crash(tmp_path: Path) -> None:
    """A place where nobody comes into need gives a page that says that there were too few enrolled."""
    folder = run(tmp_path / "out", replicates=2, set={"community.arrivals_per_week": 0.0, "start.run_in_weeks": 5})
    assert tables(folder)["estimates"].value.isna().all()
    assert "too few people" in page(folder)


def test_page_tells_all_sides(small: Path) -> None:
    """The page must set the trial beside the observer and the truth, and say why the raw gap is not the effect."""
    text = page(small)
    assert text == write_report(small).read_text(encoding="utf-8").replace("\u00a0", " ")
    for words in ("The short answer", "All side by side", "Why the raw gap is not the effect", "How sure", "Waiting"):
        assert words in text
    assert text.count('role="img"') == text.count("<svg") == 5
    assert "mhsim trial study.yaml" in text


def test_tables_say_units_and_meanings(small: Path) -> None:
    """A table somebody finds later must explain itself."""
    for path in (*(small / "analysis").iterdir(), next((small / "people").iterdir())):
        for field in pq.read_schema(path):
            if field.name not in ("point", "replicate") or path.parent.name == "analysis":
                assert set(field.metadata or ()) >= {b"unit", b"meaning"}, (path.name, field.name)


WRONG = {
    "wait_weeks": ("follow_up: 52\nwait_weeks: 20", "at least 48 is needed"),
    "enrol_after_weeks": ("follow_up: 13\nenrol_after_weeks: 13", "must be under follow_up, 13"),
    "outcomes": ("outcomes: [hop]", "hope"),
    "weeks": ("weeks: 52", "more than that is needed"),
    "follow_up": ("follow_up: 30", "13, 26, 52"),
    "uptake": ("uptake: 2", "1"),
    "serve.turnover": ("set: {serve.turnover: 1}", "serve.turnover_per_year"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_input_is_one_clear_line(what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A study that cannot answer its question must be refused before anything runs, in one line that names the key."""
    words, expected = WRONG[what]
    file = tmp_path / "study.yaml"
    file.write_text(f"kind: trial\n{words}\n")
    assert exit_code(["trial", str(file), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err.strip()
    assert "\n" not in said
    assert what in said
    assert expected in said
    assert not (tmp_path / "out").exists()


def test_command_runs_and_resumes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command must lead from a file to a page, reckon beforehand what it costs, and go on where it was."""
    file, out = tmp_path / "study.yaml", tmp_path / "out"
    file.write_text(
        "kind: trial\nfollow_up: 13\nwait_weeks: 13\nweeks: 30\nreplicates: 2\nset: {start.run_in_weeks: 5}\n"
    )
    assert exit_code(["trial", str(file), "--dry-run", "--jobs", "1"]) == 0
    assert "4 points with 2 replicates: 8 runs" in capsys.readouterr().out
    assert exit_code(["trial", str(file), "--out", str(out), "--jobs", "1"]) == 0
    before = (out / "analysis" / "estimates.parquet").read_bytes()
    shutil.rmtree(out / "analysis")
    assert exit_code(["trial", str(file), "--out", str(out), "--resume"]) == 0
    assert before == (out / "analysis" / "estimates.parquet").read_bytes()
    assert exit_code(["report", str(out)]) == 0
