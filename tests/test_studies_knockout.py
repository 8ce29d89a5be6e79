"""Knock-outs: what is taken away, whether the numbers are right, failures in the open, and the page."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import combinations, permutations
from math import factorial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mhsim
from mhsim.cli import exit_code
from mhsim.errors import InputError
from mhsim.outcomes.measures import MEASURES
from mhsim.report import write_report
from mhsim.scenario import Scenario
from mhsim.studies.knockout import Knockout, plan_of, tables
from mhsim.studies.knockout.analysis import ALL, shares_of
from mhsim.studies.knockout.design import WORLD, switches, usual
from mhsim.studies.run_study import run_study
from test_report_pages import page

SMALL = "weeks: 30\nstart:\n  members: 8\n  helpers: 2\n"
OTHER = "extends: base.yaml\nform: other\ncommunity: {stigma: 0.9}\n"
GAINS = {"share": 0.3, "help": 0.2, "bond": 0.1}


@pytest.fixture
def forms(tmp_path: Path) -> list[str]:
    """Return the paths of two small scenarios that differ in stigma."""
    (tmp_path / "base.yaml").write_text(SMALL)
    (tmp_path / "other.yaml").write_text(OTHER)
    return [str(tmp_path / "base.yaml"), str(tmp_path / "other.yaml")]


def play(scenario: Scenario, replicate: int, *, record: str = "runs", control: Any = None) -> SimpleNamespace:
    """Return a run with known effects: share 0.3, help 0.2 (double where stigma is high), bond 0.1, and 0.4 for two.

    Share and help together add 0.4 more. Everything shares the luck of the replicate; found does nothing.
    """
    luck = random.Random(f"{scenario.seed} {replicate}")
    noise, twist = luck.random(), luck.random()
    on = {name: float(getattr(scenario, name).enabled) for name in GAINS}
    factor = 2.0 if scenario.community.stigma > 0.8 else 1.0
    value = noise + (0.3 + 0.02 * twist) * on["share"] + 0.2 * factor * on["help"] + 0.1 * on["bond"]
    value += 0.4 * on["share"] * on["help"]
    summary: dict[str, Any] = {measure.name: None for measure in MEASURES}
    summary |= {"accommodated_at_52": value, "alive_at_end": bool(value > 0.9)}
    if not scenario.help.enabled and replicate % 5 == 0:
        summary["hope_at_52"] = None
    else:
        summary["hope_at_52"] = noise + on["share"]
    return SimpleNamespace(summary=summary, series=None, lives=None)


@pytest.fixture
def game(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put runs with known effects in the place of the engine."""
    monkeypatch.setattr(mhsim, "simulate", play)


def study_of(forms: list[str], **keys: Any) -> Knockout:
    """Return a study of four mechanisms."""
    given = {"mechanisms": ["share", "help", "bond", "found"], "forms": forms, "replicates": 24}
    given |= {"watch": ["accommodated_at_52", "hope_at_52", "alive_at_end", "members_at_end"], "seed": 3, **keys}
    return Knockout.model_validate(given)


def found_by(study: Knockout, out: Path, **keys: Any) -> dict[str, pd.DataFrame]:
    """Run a study and return its tables."""
    run_study(study, out, **keys)
    return tables(out)


def one(table: pd.DataFrame, **where: Any) -> Any:
    """Return the only row of a table where columns have these values."""
    for name, value in where.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_usual_mechanisms_leave_people_in_need() -> None:
    """Without arrivals, life outside or stages there would be no outcome to lose; all other switches are tried."""
    assert set(usual()) == set(switches()) - set(WORLD)
    assert set(WORLD) < set(switches())
    on = tuple(name for name in usual() if getattr(Scenario(), name).enabled)
    assert Knockout().mechanisms == on


def test_points_are_each_form_intact_and_without_each(forms: list[str]) -> None:
    """A point must differ from its form in what is taken away and in nothing else, under the same seed and length."""
    study = study_of(
        forms, sets={"no_gain": {"help.benefit_to_helper": 0}}, set={"serve.leaves_with_role": 0.5}, weeks=25
    )
    plan = plan_of(study)
    assert len(plan.points) == 2 * (1 + 4 + 1)
    intact, without_help, no_gain = plan.scenario_at(6), plan.scenario_at(8), plan.scenario_at(11)
    assert (intact.form, intact.community.stigma, intact.weeks, intact.seed) == ("other", 0.9, 25, 3)
    assert intact.help.enabled and not without_help.help.enabled
    assert without_help.model_copy(update={"help": intact.help}) == intact
    assert no_gain.help.benefit_to_helper == 0 and no_gain.model_copy(update={"help": intact.help}) == intact
    assert plan.scenario_at(0).serve.leaves_with_role == 0.5


def test_whole_sets_of_benefits_can_be_taken_away(forms: list[str]) -> None:
    """`benefits: 0` stands for many paths; no other knock-out may bring one of them back."""
    sets = {"all_good": {"benefits": 0}, "no_gain": {"help.benefit_to_helper": 0}}
    plan = plan_of(study_of(forms[:1], mechanisms=[], sets=sets))
    intact, all_good, no_gain = (plan.scenario_at(point) for point in range(3))
    assert (intact.help.benefit_to_helper, no_gain.help.benefit_to_helper) == (1, 0)
    assert (all_good.help.benefit_to_helper, all_good.share.hope_gain, all_good.live.company) == (0, 0, 0)
    assert no_gain.share.hope_gain == intact.share.hope_gain > 0


def test_pairs_and_shares_add_their_points_once(forms: list[str]) -> None:
    """A combination that is both a pair and part of the sharing is run once."""
    study = study_of(forms[:1], pairs=True, shapley={"of": ["share", "help", "bond"]})
    assert len(plan_of(study).points) == 1 + 4 + 6 + 1


@pytest.mark.usefixtures("game")
def test_effects_are_paired_means(forms: list[str], tmp_path: Path) -> None:
    """The luck of a place, here most of the spread, must cancel; ranks go by size; what does nothing is called so."""
    effects = found_by(study_of(forms), tmp_path / "out")["effects"]
    rows = effects[(effects.form == forms[0]) & (effects.measure == "accommodated_at_52")]
    assert list(rows.knockout) == ["share", "help", "bond", "found"] and list(rows["rank"]) == [1, 2, 3, 4]
    twist = [0.02 * _second(f"3 {replicate}") for replicate in range(24)]
    assert rows.effect.iloc[0] == pytest.approx(0.7 + np.mean(twist), abs=1e-12)
    assert list(rows.effect[1:]) == pytest.approx([0.6, 0.1, 0.0], abs=1e-12)
    assert list(rows.clear) == [True, True, True, False] and list(rows.identical) == [False, False, False, True]
    assert (rows["intact"] - rows["without"] - rows.effect).abs().max() < 1e-12


def _second(seed: str) -> float:
    luck = random.Random(seed)
    luck.random()
    return luck.random()


@pytest.mark.usefixtures("game")
def test_interactions_and_differences_by_form(forms: list[str], tmp_path: Path) -> None:
    """Share and help need each other by 0.4 and no other pair does; help does 0.2 more where stigma is high."""
    found = found_by(study_of(forms, pairs=True), tmp_path / "out")
    outcome = {name: table[table.measure == "accommodated_at_52"] for name, table in found.items()}
    pair = one(outcome["interactions"], form=forms[0], one="share", other="help")
    assert pair.interaction == pytest.approx(-0.4) and pair.clear
    rest = outcome["interactions"].query("not (one == 'share' and other == 'help')")
    assert len(rest) == 10 and rest.interaction.abs().max() < 1e-12
    by_form = outcome["form_differences"].set_index("knockout").difference
    assert by_form["help"] == pytest.approx(-0.2) and by_form.drop("help").abs().max() < 1e-12


@pytest.mark.usefixtures("game")
def test_shares_add_up_and_split_what_two_do_together(forms: list[str], tmp_path: Path) -> None:
    """Share and help halve what only both can do; found, which does nothing, gets nothing."""
    study = study_of(forms, shapley={"of": ["share", "help", "found"]})
    shares = found_by(study, tmp_path / "out")["shapley"]
    here = shares[shares.form == forms[0]].set_index("sharer")
    assert here.share["found"] == pytest.approx(0, abs=1e-12)
    assert here.share["help"] == pytest.approx(0.2 + 0.2)
    assert here.share.drop(ALL).sum() == pytest.approx(here.share[ALL], abs=1e-12)
    assert here.of_all.drop(ALL).sum() == pytest.approx(1)


def by_orders(worth: dict[frozenset[str], float], names: list[str]) -> list[float]:
    """Return Shapley values by their first definition: the mean gain over all orders of arrival."""
    gains = dict.fromkeys(names, 0.0)
    for order in permutations(names):
        for place, name in enumerate(order):
            gains[name] += worth[frozenset(order[: place + 1])] - worth[frozenset(order[:place])]
    return [gains[name] / factorial(len(names)) for name in names]


def subsets(names: list[str]) -> list[frozenset[str]]:
    """Return all sets of names."""
    return [frozenset(part) for size in range(len(names) + 1) for part in combinations(names, size)]


@pytest.mark.parametrize("number", [2, 3, 4, 6])
def test_shares_are_the_mean_over_all_orders(number: int) -> None:
    """The weights of the formula are easy to get wrong; the definition by orders of arrival is not."""
    names = list("abcdef"[:number])
    luck = np.random.default_rng(5)
    worth = {part: luck.normal(size=7) for part in subsets(names)}
    shares = shares_of(worth, names)
    for k in range(7):
        single = {part: float(values[k]) for part, values in worth.items()}
        np.testing.assert_allclose(shares[:, k], by_orders(single, names), atol=1e-12)
    np.testing.assert_allclose(shares.sum(axis=0), worth[frozenset(names)] - worth[frozenset()], atol=1e-12)


def test_glove_game_symmetry_and_dummy() -> None:
    """The textbook game of gloves: one left and two right make one pair; shares 2/3, 1/6, 1/6, and a dummy none."""
    names = ["left", "right", "other_right", "dummy"]
    worth = {part: np.array([float("left" in part and len(part - {"left", "dummy"}) > 0)]) for part in subsets(names)}
    np.testing.assert_allclose(shares_of(worth, names)[:, 0], [2 / 3, 1 / 6, 1 / 6, 0], atol=1e-15)


def failing(broken: Callable[[Scenario, int], bool]) -> Callable[..., SimpleNamespace]:
    """Return runs of which some fail."""

    def run(scenario: Scenario, replicate: int, **keys: Any) -> SimpleNamespace:
        if broken(scenario, replicate):
            raise ValueError("injected")
        return play(scenario, replicate, **keys)

    return run


def test_failed_runs_and_missing_cases_are_left_out_and_counted(
    forms: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failed run or a measure without a case must shrink the comparison, not pull the effect to zero."""
    broken = failing(lambda scenario, replicate: not scenario.share.enabled and replicate in (2, 7))
    monkeypatch.setattr(mhsim, "simulate", broken)
    study = study_of(forms[:1], shapley={"of": ["share", "help"]}, pairs=True)
    outcome = run_study(study, tmp_path / "out")
    assert (outcome.failed, outcome.exit_code) == (8, 1)
    found = tables(tmp_path / "out")
    share = one(found["effects"], knockout="share", measure="accommodated_at_52")
    assert (share.replicates, share.failed, share.no_case) == (22, 2, 0) and share.effect > 0.69
    hope = one(found["effects"], knockout="help", measure="hope_at_52")
    assert (hope.replicates, hope.failed, hope.no_case) == (19, 0, 5) and hope.identical
    never = one(found["effects"], knockout="help", measure="members_at_end")
    assert never.replicates == 0 and np.isnan(never.effect) and np.isnan(never["rank"])
    assert set(found["shapley"].replicates) == {22} and set(found["shapley"].failed) == {2}
    text = page(tmp_path / "out")
    assert "Eight of 264 runs failed" in text and "2 failed" in text and "injected" in text


@pytest.mark.usefixtures("game")
def test_a_form_without_a_thing_loses_nothing_by_its_absence(forms: list[str], tmp_path: Path) -> None:
    """What a form lacks already is neither run twice nor called without effect."""
    Path(forms[1]).write_text(OTHER + "bond: {enabled: off}\n")
    study = study_of(forms)
    assert len(plan_of(study).points) == 5 + 4
    effects = found_by(study, tmp_path / "out")["effects"]
    row = one(effects, form=forms[1], knockout="bond", measure="accommodated_at_52")
    assert row.off_already and row.identical
    assert not effects[effects.form == forms[0]].off_already.any()
    assert "Off already in this form: ties and belonging" in page(tmp_path / "out")


def analysis_of(out: Path) -> dict[str, bytes]:
    """Return the bytes of all tables."""
    return {path.name: path.read_bytes() for path in sorted((out / "analysis").iterdir())}


def test_same_tables_from_any_number_of_jobs_and_from_the_engine(forms: list[str], tmp_path: Path) -> None:
    """With the real engine: the same bytes from one worker and two, and a page that says nothing has a case."""
    study = study_of(forms, replicates=3, pairs=True, shapley={"of": ["share", "help"]})
    for jobs in (1, 2):
        assert run_study(study, tmp_path / str(jobs), jobs=jobs).failed == 0
    assert analysis_of(tmp_path / "1") == analysis_of(tmp_path / "2")
    assert set(tables(tmp_path / "1")) == {"effects", "interactions", "form_differences", "shapley"}
    members = tables(tmp_path / "1")["effects"].query("measure == 'members_at_end'")
    assert set(members.replicates) == {3} and not members.clear.any()
    assert "nothing can be said; the measure has no case in these runs" in page(tmp_path / "1")


@pytest.mark.usefixtures("game")
def test_the_page_says_what_is_lost(forms: list[str], tmp_path: Path) -> None:
    """The answer has to be readable without a table: how many fewer of a hundred, how sure, and where it differs."""
    study = study_of(forms, pairs=True, shapley={"of": ["share", "help"]}, question="Why & how?")
    run_study(study, tmp_path / "out")
    text = page(tmp_path / "out")
    assert "Without one-to-one help, 60 fewer of 100 (60 to 60)" in text
    assert "The same in every run without new groups" in text
    assert "One-to-one help: +60 in base, +80 in other; 20 of 100" in text
    assert "mhsim knockout study.yaml" in text and "Why &amp; how?" in text and "None of" not in text
    assert write_report(tmp_path / "out").read_text() == write_report(tmp_path / "out").read_text()


@pytest.mark.usefixtures("game")
def test_the_page_names_what_the_effects_lean_on(forms: list[str], tmp_path: Path) -> None:
    """Whoever reads an effect must see the assumed numbers inside it; a factor on all benefits touches many."""
    sets = {"no_stories": {"share.enabled": False, "benefits": 0}}
    run_study(study_of(forms[:1], mechanisms=["help"], sets=sets, replicates=12), tmp_path / "out")
    lean = page(tmp_path / "out").split("What the effects lean on")[1]
    rows = {name: lean.split(f"{name}</th><td>")[1].split("</td>")[0] for name in ("one-to-one help", "no stories")}
    assert all(0 < int(cell.split(" of ")[0]) < int(cell.split(" of ")[1]) for cell in rows.values())
    assert rows["one-to-one help"] != rows["no stories"]


@pytest.mark.usefixtures("game")
def test_a_page_without_its_analysis_is_refused(
    forms: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder whose runs were never analysed gets one line, not a traceback."""
    run_study(study_of(forms[:1], replicates=2), tmp_path / "out")
    (tmp_path / "out" / "analysis" / "effects.parquet").unlink()
    assert exit_code(["report", str(tmp_path / "out")]) == 2
    assert "its analysis is missing" in capsys.readouterr().err


def test_no_run_ended_well(forms: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even then there are tables, without numbers, and a page that says so."""
    monkeypatch.setattr(mhsim, "simulate", failing(lambda scenario, replicate: True))
    effects = found_by(study_of(forms[:1], replicates=2), tmp_path / "out")["effects"]
    assert effects.effect.isna().all() and set(effects.failed) == {2}
    assert "None of the 10 runs ended well" in page(tmp_path / "out")


WRONG = {
    "mechanism that is none": ("mechanisms: [shar]", "did you mean 'share'"),
    "mechanism twice": ("mechanisms: [share, share]", "given twice"),
    "nothing taken away": ("mechanisms: []", "nothing would be knocked out"),
    "outcome that is none": ("outcome: accomodated_at_52", "accommodated_at_52"),
    "outcome of words": ("outcome: closure_reasons", "is words"),
    "set named like a mechanism": ("sets: {help: {help.comfort: 0}}", "name of a mechanism"),
    "set that is empty": ("sets: {nothing: {}}", "takes nothing away"),
    "path that is none": ("sets: {a: {help.confort: 0}}", "help.comfort"),
    "value not allowed": ("sets: {a: {help.comfort: 7}}", "0 to 1"),
    "path of a rule": ("sets: {a: {rules.mine.rate: 0}}", "cannot be knocked out"),
    "seed": ("sets: {a: {seed: 4}}", "key of the study itself"),
    "base outside the forms": ("base: base\nforms: [twelve_step]", "not among forms"),
    "form that is none": ("forms: [twelve_steps]", "did you mean 'twelve_step'"),
    "one sharer": ("shapley: {of: [share]}", "at least 2"),
    "too many sharers": ("shapley: {of: [share, help, bond, serve, leave, close, found]}", "at most 6"),
    "sharer that is none": ("shapley: {of: [share, hepl]}", "did you mean 'help'"),
    "two values for a path": (
        "pairs: true\nsets: {a: {share.needs_veteran: 0}, b: {share.needs_veteran: 1}}",
        "cannot go together",
    ),
}


@pytest.mark.parametrize(("text", "words"), WRONG.values(), ids=WRONG.keys())
def test_wrong_studies_get_one_line(text: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip must show before hours of runs, in one line with its file."""
    file = tmp_path / "wrong.yaml"
    file.write_text(f"kind: knockout\n{text}\n")
    assert exit_code(["knockout", str(file), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert told.startswith(str(file)) and words in told and told.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_forms_of_unlike_length_or_step_are_refused(forms: list[str], tmp_path: Path) -> None:
    """Effects in runs of unlike length, or on unlike seeds, are no two sides of one comparison."""
    for line, words in (("weeks: 60", "lasts 60 weeks"), ("weeks_per_step: 0.5", "a step of")):
        (tmp_path / "long.yaml").write_text(f"{SMALL.replace('weeks: 30', '') if 'weeks:' in line else SMALL}{line}\n")
        with pytest.raises(InputError, match=f"^forms: .*{words}"):
            plan_of(study_of([forms[0], str(tmp_path / "long.yaml")]))
    assert len(plan_of(study_of([forms[0], str(tmp_path / "long.yaml")], set={"weeks_per_step": 1.0})).points) == 10


def test_a_change_that_would_undo_a_knockout_is_refused(
    forms: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Something taken away at the start and quietly brought back in week 10 would show too small an effect."""
    Path(forms[0]).write_text(SMALL + "changes:\n  - {week: 10, set: {help.benefit_to_helper: 0.5}}\n")
    for sets in ("{a: {help.benefit_to_helper: 0}}", "{a: {benefits: 0}}"):
        file = tmp_path / "study.yaml"
        file.write_text(f"kind: knockout\nbase: {forms[0]}\nsets: {sets}\n")
        assert exit_code(["knockout", str(file), "--dry-run"]) == 2
        assert "would undo a knock-out" in capsys.readouterr().err
