"""Studies over draws: chance shared by all draws, bands known beforehand, resume, refusals, what pages say of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy.stats import norm

import mhsim
from mhsim.calibration.posterior import Learnt, Posterior
from mhsim.cli import exit_code
from mhsim.errors import InputError
from mhsim.report import rests, write_report
from mhsim.scenario import Scenario
from mhsim.studies import draws
from mhsim.studies.analysis import tables
from mhsim.studies.data import read_study
from mhsim.studies.design import StudyBase
from mhsim.studies.registry import kind_named, plan_for
from mhsim.studies.run_study import run_study
from mhsim.studies.trial.estimates import Sample, pseudo_values
from test_studies_stand_in import Interruption, stand_in

DROP, LEVER, TWIN = "leave.drop_hazard", "serve.turnover_per_year", "leave.hope_holds"
MIDDLE, SPREAD, DRAWS = 0.1, 0.01, 60
HOPE, MEMBERS, ALIVE = "hope_at_52", "members_at_end", "alive_at_end"
WATCH = [HOPE, MEMBERS, ALIVE]


def a_fit() -> Posterior:
    """Return a fit of base: a parameter well known, the lever of which little is learnt, and one with a twin."""
    values = MIDDLE + SPREAD * norm.ppf((np.arange(DRAWS) + 0.5) / DRAWS)
    rows = [{DROP: float(value), LEVER: 0.2 + 0.001 * k, TWIN: 0.8} for k, value in enumerate(values)]
    known = {DROP: (0.9, ()), LEVER: (0.05, ()), TWIN: (0.5, (DROP,))}
    about = {name: Learnt(0.0, 1.0, 0.2, 0.2, 0.1, 0.3, learnt, twins) for name, (learnt, twins) in known.items()}
    return Posterior("base", about, rows)


def linear(scenario: Scenario, replicate: int, **keys: Any) -> SimpleNamespace:
    """Return a run whose hope follows both parameters in a straight line, with the chance of the replicate."""
    run = stand_in(scenario, replicate, **keys)
    chance = np.random.default_rng(replicate).normal()
    hope = 1.0 + 5.0 * (scenario.leave.drop_hazard - MIDDLE) - 0.5 * scenario.serve.turnover_per_year
    run.summary |= {HOPE: hope + 0.05 * chance, MEMBERS: 10 + replicate, ALIVE: bool(chance < 1.5 * hope)}
    return run


@pytest.fixture(autouse=True)
def _small_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the straight line in the place of the engine, and the fit of base in that of the shipped ones."""

    def only_base(form: str, place: Path | None = None) -> Posterior:
        if form != "base":
            raise InputError(f"'{form}' has no posterior")
        return a_fit()

    monkeypatch.setattr(mhsim, "simulate", linear)
    for module in (draws, rests):
        monkeypatch.setattr(module, "posterior_of", only_base)


def study(kind: str = "sweep", **keys: Any) -> StudyBase:
    """Return a study of a kind with the draws asked for."""
    given = {"base": "base", "weeks": 30, "replicates": 4, "draws": 12, "watch": WATCH, **keys}
    return kind_named(kind).study.model_validate(given)


def sweep(**keys: Any) -> StudyBase:
    """Return a sweep over two rates of turnover."""
    return study(vary={LEVER: [0.0, 1.0]}, **keys)


def drawn_of(number: int) -> np.ndarray:
    """Return the values of the first draws, worked out from the fit and the order in which they are taken."""
    order = np.random.default_rng(draws.ORDER).permutation(DRAWS)[:number]
    return np.array([a_fit().draws[row][DROP] for row in order])


def test_all_draws_share_their_chance(tmp_path: Path) -> None:
    """What differs between draws must be knowledge: the same replicate differs by the same in all of them."""
    run_study(sweep(), tmp_path, jobs=2)
    data = read_study(tmp_path)
    assert (data.shape, len(data.drawn), data.complete) == ((2, 4), 12, True)
    beyond = np.array([part.numbers(HOPE) - data.numbers(HOPE) for part in data.drawn])
    expected = 5.0 * (drawn_of(12) - MIDDLE)
    assert np.allclose(beyond, expected[:, None, None])
    table = pq.read_table(tmp_path / "runs.parquet")
    assert sorted(set(table["draw"].to_pylist())) == list(range(13))
    values = pq.read_table(tmp_path / "draws.parquet").to_pandas()
    assert list(values[values["path"] == DROP]["value"]) == pytest.approx(list(drawn_of(12)))
    kept = json.loads((tmp_path / "manifest.json").read_text())["draws"]["base"]
    assert (kept["draws"], kept["kept"], len(kept["fit"])) == (12, [LEVER], 16)


def test_pairs_stay_pairs_within_a_draw(tmp_path: Path) -> None:
    """A difference that does not depend on what is not known has no range over draws, though both its sides have."""
    arms = {"steady": "base", "restless": {"base": "base", "set": {LEVER: 1.0}}, "firm": {"set": {DROP: MIDDLE}}}
    run_study(study("compare", scenarios=arms, parting=[]), tmp_path)
    rows = tables(tmp_path)["comparison"].set_index(["scenario", "measure"])
    same, moved = rows.loc[("restless", HOPE)], rows.loc[("firm", HOPE)]
    kept = json.loads((tmp_path / "manifest.json").read_text())["draws"]
    assert (kept["steady"]["kept"], kept["restless"]["kept"], kept["firm"]["kept"]) == ([], [LEVER], [DROP])
    plan = plan_for(study("compare", scenarios=arms, parting=[]))
    turnover = np.array([plan.scenario_at(3 * k).serve.turnover_per_year for k in range(1, 13)])
    low, high = np.quantile(-0.5 * (1.0 - turnover), (0.025, 0.975), method="median_unbiased")
    assert (same["knowledge_low"], same["knowledge_high"]) == pytest.approx((low, high))
    ends = np.quantile(-5.0 * (drawn_of(12) - MIDDLE), (0.025, 0.975), method="median_unbiased")
    spread = moved["knowledge_high"] - moved["knowledge_low"]
    assert spread == pytest.approx(ends[1] - ends[0])
    assert moved["knowledge_draws"] == 12


def test_stopped_grown_and_resumed_studies_are_the_same(tmp_path: Path) -> None:
    """Draws cost runs, so none may be lost: stopped, given draws later, or more of them, the tables are the same."""

    def asked(number: int) -> StudyBase:
        return sweep(draws=number, replicates=4)

    run_study(asked(8), tmp_path / "direct")
    expected = [(tmp_path / "direct" / name).read_bytes() for name in ("runs.parquet", "points.parquet")]
    with pytest.raises(KeyboardInterrupt):
        run_study(asked(8), tmp_path / "stopped", progress=Interruption(20))
    run_study(asked(0), tmp_path / "without")
    run_study(asked(3), tmp_path / "fewer")
    for name, there in (("stopped", 19), ("without", 8), ("fewer", 32)):
        done: list[int] = []
        run_study(asked(8), tmp_path / name, resume=True, progress=lambda now, *_, done=done: done.append(now))
        assert done[0] >= there, "what was done is not done again"
        assert [(tmp_path / name / file).read_bytes() for file in ("runs.parquet", "points.parquet")] == expected, name
    with pytest.raises(InputError, match="can grow but not shrink"):
        run_study(asked(3), tmp_path / "direct", resume=True)


def test_another_fit_is_not_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of two fits in one table would be the draws of neither."""
    run_study(sweep(draws=3), tmp_path)
    other = a_fit()
    other.draws[0][DROP] = 0.2
    monkeypatch.setattr(draws, "posterior_of", lambda form: other)
    with pytest.raises(InputError, match="draws are of another fit"):
        run_study(sweep(draws=3), tmp_path, resume=True)


REFUSED = {
    "sensitivity moves the same values": (
        "sensitivity",
        {"samples": 2, "parameters": [LEVER, DROP], "outcomes": [HOPE], "watch": []},
        "moves the values itself",
    ),
    "one draw": ("sweep", {"draws": 1}, "one draw has no spread"),
    "one replicate": ("sweep", {"replicates": 1}, "chance cannot be told from"),
    "more than there are": ("sweep", {"draws": 61}, "61 are asked for; the fit of base holds 60"),
    "a form without a fit": ("sweep", {"base": "twelve_step"}, "'twelve_step' has no posterior"),
    "several forms": ("sweep", {"base": "town"}, "a world of several forms"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_run_over_draws_is_refused_in_a_line(case: str) -> None:
    """Who asks for draws where they mean nothing must be told why, before anything runs."""
    kind, keys, words = REFUSED[case]
    with pytest.raises((InputError, ValueError), match=re.escape(words)):
        plan_for(study(kind, **keys))


def test_the_command_takes_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """A failed run must be repeatable alone, with the values of its draw; a refusal exits with 2."""
    monkeypatch.chdir(tmp_path)
    Path("s.yaml").write_text(f"vary: {{{LEVER}: [0.0, 1.0]}}\nreplicates: 3\nweeks: 30\n")
    assert exit_code(["sweep", "s.yaml", "--draws", "3", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "8 points with 3 replicates: 24 runs" in said and "draw: 3 of the fit of base" in said
    assert f"draw, kept: {LEVER}" in said
    assert exit_code(["sweep", "s.yaml", "--draws", "1"]) == 2
    assert exit_code(["robustness", "s.yaml", "--draws", "3"]) == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith("--draws: a study of robustness alters assumed values")
    plan = plan_for(sweep(draws=3))
    assert f"--set {DROP}={drawn_of(3)[0]} " in plan.command(2, 0) and "draw" not in plan.command(2, 0).split(DROP)[0]
    assert exit_code(["run", "base", "--weeks", "30", "--draws", "3", "--out", "one"]) == 0
    again = pq.read_table("one/draws.parquet").to_pylist()
    assert [row[DROP] for row in again] == pytest.approx(list(drawn_of(3)))
    assert "The same history with other values" in write_report(Path("one")).read_text()


def test_a_critical_value_has_its_range_over_draws(tmp_path: Path) -> None:
    """Hope crosses a half at 1 + 10 x (draw - middle): the search of each draw must find its own place."""
    search = study("tipping-point", path=LEVER, low=0.0, high=2.0, outcome=HOPE, rounds=1, draws=4, replicates=4)
    run_study(search, tmp_path)
    row = tables(tmp_path)["critical"].set_index("measure").loc[HOPE]
    ends = np.quantile(10.0 * (drawn_of(4) - MIDDLE), (0.025, 0.975), method="median_unbiased")
    found = [row["knowledge_low"] - row["critical"], row["knowledge_high"] - row["critical"]]
    assert found == pytest.approx(list(ends), abs=0.02), "the same chance moves all draws and the values shipped alike"
    assert (row["crossing_draws"], row["knowledge_draws"]) == (1.0, 4)
    before = (tmp_path / "runs.parquet").read_bytes()
    run_study(search, tmp_path, resume=True)
    assert (tmp_path / "runs.parquet").read_bytes() == before
    text = write_report(tmp_path).read_text()
    assert "not knowing the values would move it between" in text and "pale: values not known" in text


def test_worlds_add_up_to_the_trial() -> None:
    """The range of a trial rests on what each world adds; for worlds of equal size that is the mean of each."""
    luck = np.random.default_rng(2)
    worlds = {k: Sample(np.ones((30, 1)), luck.normal(size=30)) for k in (0, 1, 3)}
    found = pseudo_values(worlds, 4)
    assert found[[0, 1, 3]] == pytest.approx([one.outcome.mean() for one in worlds.values()])
    assert np.isnan(found[2])


def test_a_page_sets_chance_and_knowledge_side_by_side(tmp_path: Path) -> None:
    """The reader must see both in words, in cells and in figures, and what was not drawn."""
    knock = {"sets": {"calm": {DROP: 0.05}}, "mechanisms": ["bond"], "outcome": HOPE}
    for name, one in (("a", sweep()), ("b", study("knockout", **knock))):
        run_study(one, tmp_path / name)
        text = write_report(tmp_path / name).read_text().replace("\u2212", "-")
        assert re.search(r"Chance alone would move it between [\d.-]+ and [\d.-]+; not knowing the values", text)
        assert "pale: values not known" in text or "less than these runs can tell" in text
        assert "these are not drawn" in text and "12 of the fit of base" in text
    assert re.search(
        r"\(chance [\d.-]+ to [\d.-]+, values [\d.-]+ to [\d.-]+\)", write_report(tmp_path / "a").read_text()
    )


def test_every_page_says_what_it_rests_on(tmp_path: Path) -> None:
    """A lever of which the facts teach little is named with what it stands for; without a fit nothing is claimed."""
    run_study(sweep(draws=0, replicates=2), tmp_path / "a")
    text = write_report(tmp_path / "a").read_text()
    assert f"rests on a value that these facts cannot fix: {LEVER} (" in text
    assert "take away 5 of 100" in text and "two of the three values of base" in text
    assert "Chance alone" not in text
    run_study(study(base="twelve_step", draws=0, replicates=2), tmp_path / "b")
    assert "No fit of twelve_step to published facts exists" in write_report(tmp_path / "b").read_text()
