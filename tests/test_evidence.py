"""The scoreboard: observables on lives made by hand, pairs of worlds, the files of checks, and the command."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mhsim import read_scenario
from mhsim.cli import exit_code
from mhsim.errors import InputError
from mhsim.evidence import scoreboard, subgroups
from mhsim.evidence.checks import NONE, Check, checks, read_family
from mhsim.evidence.facts import codes, facts
from mhsim.evidence.observables import OBSERVABLES
from mhsim.evidence.page import patterns_page
from mhsim.evidence.sample import ReplicateSample
from mhsim.evidence.scoreboard import CheckResult, judge, selected, verdict_of
from mhsim.evidence.subgroups import unlikeness

CALIBRATE = (
    *("V01", "V02", "V03", "V04", "V05", "V16", "V20", "V21", "V22", "V29", "V33", "V39", "V40", "V41", "V45", "V48"),
    *("V51", "V53", "V55", "V58", "V71", "V77", "V78", "V79", "V80", "V91", "V98"),
)
CONTEXT_OR_TRAP = ("context", "trap")
PAGE = Path(__file__).parents[1] / "docs" / "patterns.md"
NAN = math.nan


class ByHand(ReplicateSample):
    """A sample whose lives, groups and summaries are written down; two replicates of the same."""

    def __init__(self, lives: dict[str, list[Any]] | None = None, **more: Any) -> None:
        super().__init__(read_scenario("base"), 2)
        self.worlds: dict[str, ByHand] = more.pop("worlds", {})
        columns = {
            name: np.array(values, dtype=object if isinstance(values[0], str) else float)
            for name, values in (lives or {"who": [0]}).items()
        }
        count = len(next(iter(columns.values())))
        columns = {"starter": np.zeros(count), "who": np.arange(float(count)), "community": np.zeros(count), **columns}
        groups = {name: np.array(v, dtype=object if isinstance(v[0], str) else float) for name, v in more.items()}
        self.__dict__["_runs"] = [({}, columns, groups)] * 2

    def under(self, values: Any) -> ReplicateSample:
        return self.worlds[next(iter(values))]


def stays(*weeks: float, joined: float = 0.0) -> dict[str, list[Any]]:
    """Return lives of newcomers who joined in one week and left after so many; NaN stayed to the end."""
    return {"joined_week": [joined] * len(weeks), "first_left_week": [joined + w for w in weeks]}


def value(name: str, sample: ReplicateSample, **arguments: Any) -> float:
    """Return the estimate of an observable."""
    return OBSERVABLES[name].of(sample, **arguments).value


# --- observables in closed form --------------------------------------------------------------------------------------


def test_staying_is_counted_from_the_first_visit() -> None:
    """Of five newcomers two leave within 26 weeks; one who leaves in the very week 26 has stayed 26 weeks."""
    sample = ByHand(stays(3, 20, 26, 60, NAN))
    assert value("newcomers_staying", sample, week=26) == pytest.approx(3 / 5)
    assert value("newcomers_staying", sample, week=52) == pytest.approx(2 / 5)


def test_those_who_joined_too_late_to_be_followed_are_left_out() -> None:
    """Who joined in the last year cannot be seen a year later and would look like a stayer."""
    lives = {"joined_week": [0.0, 500.0], "first_left_week": [10.0, NAN]}
    assert value("newcomers_staying", ByHand(lives), week=52) == 0.0


def test_the_half_life_is_where_the_curve_reaches_half() -> None:
    """Two of four leave after 13 weeks, so that half are left from week 14 on."""
    assert value("half_life_of_newcomers", ByHand(stays(13, 13, NAN, NAN))) == pytest.approx(14 * 12 / 52)


def test_a_constant_hazard_has_a_ratio_of_one() -> None:
    """Half is lost every two months: the early hazard is the late one (V04 refuses such a model)."""
    month = 52 / 12
    left, stays_of = 4096.0, []
    for k in range(6):  # a half is lost every two months
        stays_of += [month * (2 * k + 0.5)] * int(left / 2)
        left /= 2
    curve = ByHand(stays(*stays_of, *[NAN] * int(left)))
    assert value("early_over_late_hazard", curve) == pytest.approx(1.0)


def test_coming_again_is_a_difference_of_shares() -> None:
    """Of two met at the first visit both come again, of two others one: 50 points; met were two of four."""
    lives = {"joined_week": [0.0] * 4, "first_contact_week": [0.0, 0.0, NAN, 9.0], "meetings": [2, 5, 1, 3]}
    assert value("return_after_contact", ByHand(lives)) == pytest.approx(0.5)
    assert value("contacted_at_first_visit", ByHand(lives)) == pytest.approx(0.5)


def test_the_skewness_of_sizes() -> None:
    """Sizes 1, 1, 1, 5: mean 2, variance 3, third moment 6; closed groups do not count."""
    sample = ByHand(roll=[1, 1, 1, 5, 90], status=["active", "active", "dormant", "active", "closed"])
    assert value("group_size_skewness", sample) == pytest.approx(6 / 3**1.5)


def test_rise_and_fall_are_read_from_when_groups_were_open() -> None:
    """One group to week 104 and two more from week 52 to 78: three at the peak in year 1, none in year 2."""
    sample = ByHand(
        founded_week=[0, 52, 52], closed_week=[103, 77, 77], status=["closed"] * 3, parent=[-1, 0, -1], roll=[0, 0, 0]
    )
    assert value("years_to_peak", sample) == pytest.approx(1.0)
    assert value("open_over_peak", sample, years=1.5) == pytest.approx(1 / 3)
    assert value("open_over_peak", sample, years=2) == 0.0
    assert value("closing_split_over_founded", sample) == pytest.approx(1.0)  # both live half a year


def test_the_age_of_groups_is_that_of_those_open() -> None:
    """Runs of base last 520 weeks: ages 10 and 5 years, and one that closed is not asked."""
    sample = ByHand(founded_week=[0, 260, 0], closed_week=[NAN, NAN, 9], status=["active", "dormant", "closed"])
    assert value("age_of_open_groups", sample) == pytest.approx(7.5)


def test_unlikeness_is_the_distance_to_those_who_are_there() -> None:
    """The third comes when one is at (0, 0) and one at (2, 0), the fourth when one has left: 1 and 3 away."""
    lives = {"joined_week": [0, 0, 10, 30], "first_left_week": [20, NAN, 25, NAN], "profile_x": [0, 2, 1, 5]}
    lives |= {"group": [-1, 0, -1, 0], "last_group": [0, -1, 0, -1], "profile_y": [0, 0, 1, 0]}
    found = unlikeness({name: np.array(column, float) for name, column in lives.items()} | {"starter": np.zeros(4)})
    assert np.isnan(found[:2]).all()  # nobody was there before them
    assert found[2:].tolist() == pytest.approx([1.0, 3.0])


def test_an_effect_compares_the_same_people_in_both_worlds() -> None:
    """Efficacy 0.6 and 0.8 with groups, 0.5 and 0.7 without: 0.1 over an s.d. of 0.1 is d = 1; in any order."""
    joined = {"arrived_week": [0.0, 0.0], "joined_week": [5.0, 5.0]}
    with_groups = {**joined, "who": [7, 3], "efficacy_at_52": [0.6, 0.8]}
    without = ByHand({**joined, "joined_week": [NAN, NAN], "who": [3, 7], "efficacy_at_52": [0.7, 0.5]})
    sample = ByHand(with_groups, worlds={"start.groups": without})
    assert value("effect_on_joiners", sample, outcome="efficacy", week=52) == pytest.approx(1.0)


def test_who_lives_in_one_world_only_is_in_no_pair() -> None:
    """A person without a pair, or who came before the opening, is left out rather than compared with somebody else."""
    one = ByHand({"arrived_week": [0.0, 0.0, -3.0], "who": [1, 2, 3], "x": [1, 2, 3]})
    two = ByHand({"arrived_week": [0.0, 0.0, -3.0], "who": [2, 9, 3], "x": [20, 90, 30]})
    first, second = next(one.pairs(two))
    assert first["x"].tolist() == [2.0]
    assert second["x"].tolist() == [20.0]


def test_a_difference_between_people_is_in_standard_deviations() -> None:
    """Severity -1 and 0 of leavers, 0 and 1 of stayers: means 1 apart, s.d. within a half."""
    sample = ByHand({**stays(5, 6, NAN, NAN), "severity": [-1, 0, 0, 1]})
    assert value("leavers_less_stayers", sample, trait="severity", week=26) == pytest.approx(-2.0)


def test_sponsored_people_are_compared_with_those_who_stayed_as_long() -> None:
    """Who left in the first 13 weeks is in neither share; of those sponsored one of one stays, of others one of two."""
    lives = {**stays(4, 60, 20, NAN), "sponsored_week": [1.0, 2.0, NAN, NAN]}
    assert value("staying_by_sponsor", ByHand(lives)) == pytest.approx(0.5)


def test_unmet_requests_are_shares_of_all_asked() -> None:
    """Leavers had 3 of 4 unmet, stayers 1 of 4: 50 points."""
    lives = {**stays(9, NAN), "unmet_requests": [3, 1], "help_received": [1, 3]}
    assert value("unmet_of_leavers_less_stayers", ByHand(lives)) == pytest.approx(0.5)


def test_strain_is_compared_by_how_many_share() -> None:
    """Three helpers of group 0 are less strained than the one of group 1; members without the role do not count."""
    lives = {
        "role": ["helper"] * 5 + ["none"],
        "membership": ["member"] * 6,
        "group": [0, 0, 0, 1, 2, 1],
        "strain": [0.1, 0.2, 0.3, 0.4, 0.6, 9.0],
    }
    spread = math.sqrt((0.02 + 0.02) / 5)
    assert value("strain_by_sharing", ByHand(lives)) == pytest.approx(-0.3 / spread)


def test_reasons_of_closing_are_shares_of_closed_groups() -> None:
    """One of two closed groups closed with low attendance; open groups do not count."""
    sample = ByHand(reason=["low_attendance", "no_leader", "open"], status=["closed", "closed", "active"])
    assert value("closings_by_reason", sample, reasons=["low_attendance"]) == pytest.approx(0.5)


# --- verdicts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("interval", "band", "verdict"),
    [
        ((0.3, 0.25, 0.35), (0.2, 0.4), "inside"),
        ((0.3, 0.15, 0.35), (0.2, 0.4), "cannot tell"),
        ((0.5, 0.45, 0.55), (0.2, 0.4), "outside"),
        ((0.1, 0.05, 0.15), (0.2, 0.4), "outside"),
        ((5.0, 4.0, 9.0), (1.0, None), "inside"),
        ((0.1, 0.05, 0.15), (0.0, None), "inside"),
        ((0.1, 0.05, 0.15), (None, 0.0), "outside"),
        ((0.0, 0.0, 0.0), (0.0, None), "cannot tell"),
        ((NAN, NAN, NAN), (0.2, 0.4), "cannot tell"),
    ],
)
def test_verdicts(interval: tuple[float, ...], band: tuple[float | None, float | None], verdict: str) -> None:
    """The whole interval decides; no difference at all has no sign; without a case nothing can be told."""
    assert verdict_of(*interval, *band) == verdict


def test_a_check_that_fails_is_a_row() -> None:
    """An observable that cannot be worked out costs its row, not the board."""
    check = Check(fact="V02", check="x", form="base", observable="newcomers_staying", band=(0.0, 1.0), use="check")
    row = judge(check, ByHand(stays(3)))
    assert row.verdict == "failed"
    assert "week" in row.reason


# --- files -----------------------------------------------------------------------------------------------------------


def test_the_facts_are_read_from_the_page() -> None:
    """Facts have all their cells; elements are codes but no facts."""
    assert facts()["V05"].reliability == "A"
    assert "35.9 %" in facts()["N01"].numbers
    assert "E57" in codes()
    assert "E57" not in facts()


def test_every_fact_with_a_number_or_a_direction_is_held_against_the_model() -> None:
    """A fact that is neither context nor a trap has a check, if only one that says why it cannot be observed."""
    held = {check.fact for check in checks()}
    due = {code for code, fact in facts().items() if not fact.use.startswith(CONTEXT_OR_TRAP)}
    assert due - held == set()
    assert held - set(facts()) == set()


def test_all_facts_for_calibration_are_there() -> None:
    """The 27 facts that the model may be tuned to, no more and no fewer."""
    assert {check.fact for check in checks() if check.use == "calibrate"} == set(CALIBRATE)


@pytest.mark.parametrize("check", checks(), ids=lambda check: f"{check.fact} {check.form} {check.check}")
def test_a_check_can_be_run(check: Check) -> None:
    """Its form reads with its values, its observable is known and takes its arguments, its band is a band."""
    import inspect

    read_scenario(check.form, check.values)
    if check.observable == NONE:
        return
    inspect.signature(OBSERVABLES[check.observable].of).bind(None, **check.arguments)
    for changed in ("values", "against"):
        if check.arguments.get(changed):
            read_scenario(check.form, check.arguments[changed])
    assert (check.low is None) or (check.high is None) or check.low < check.high


def test_checks_of_a_fact_have_names_of_their_own() -> None:
    """A row of the board can be named by its fact, its form and what is looked at."""
    names = [(check.fact, check.form, check.check) for check in checks()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("line", "words"),
    [("observable: none", "needs a reason"), ("observable: uptake", "either a band or a direction")],
)
def test_a_check_that_is_not_whole_is_refused(tmp_path: Path, line: str, words: str) -> None:
    """A check without an observable says why, one with an observable has a band or a direction; one clear line."""
    file = tmp_path / "x.yaml"
    file.write_text(f"about: x\nchecks:\n  - {{fact: V02, check: x, form: base, use: check, {line}}}\n")
    with pytest.raises(InputError, match=words):
        read_family(file)


def test_the_page_has_every_fact_and_every_check() -> None:
    """docs/patterns.md is written by `make patterns`; numbers come from runs, so that only rows are compared."""
    text = PAGE.read_text(encoding="utf-8")
    cells = [line.split(" | ") for line in text.splitlines()]
    rows = {(*row[:2], row[2].split(",")[0]) for row in cells if len(row) > 2}
    assert [c for c in checks() if (f"| {c.fact}", c.check, c.form) not in rows] == []


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that lets the scoreboard give rows without running anything."""

    def gives(must: bool, estimate: float) -> None:
        def rows(chosen: scoreboard.Board, *_: Any) -> list[CheckResult]:
            check = next(c for c in chosen[0][2] if c.fact == "V02")
            names = (check.family, check.observable, "share", check.use, 0.2, 0.32)
            verdict = verdict_of(estimate, estimate - 0.01, estimate + 0.01, 0.2, 0.32)
            interval = (estimate, estimate - 0.01, estimate + 0.01)
            return [CheckResult("V02", check.check, "twelve_step", *names, *interval, verdict, must, "too many stay")]

        monkeypatch.setattr(scoreboard, "scoreboard", rows)

    return gives


def test_the_table_shows_band_estimate_verdict_and_reason(board: Callable[..., None], capsys: Any) -> None:
    """What a reader needs to judge a fact stands in one row; what is outside without being a must is no failure."""
    board(False, 0.63)
    assert exit_code(["patterns", "twelve_step", "--only", "V02"]) == 0
    out = capsys.readouterr().out
    for words in ("V02", "0.2 to 0.32", "0.63 (0.62 to 0.64)", "outside", "too many stay", "0 of 1 facts inside"):
        assert words in out


@pytest.mark.parametrize(("estimate", "code"), [(0.63, 1), (0.25, 0)])
def test_a_must_that_is_missed_ends_with_1(board: Callable[..., None], capsys: Any, estimate: float, code: int) -> None:
    """A script can tell that a fact that was met is lost, and which."""
    board(True, estimate)
    assert exit_code(["patterns", "--only", "V02"]) == code
    assert ("V02 must be met and is missed" in capsys.readouterr().err) == bool(code)


def test_json_and_markdown_carry_the_rows(board: Callable[..., None], capsys: Any) -> None:
    """Other programs get numbers, pages get text."""
    board(False, 0.25)
    assert exit_code(["patterns", "--only", "V02", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rows"][0]["verdict"] == "inside"
    assert found["facts"]["calibrate"] == {"facts": 1, "inside": 1, "estimates_inside": 1}
    assert exit_code(["patterns", "--only", "V02", "--markdown"]) == 0
    assert "| V02 | " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--only", "V2"], "--only V2: V2 is not a fact"),
        (["--only", "V25"], "V25 is context or a trap"),
        (["--only", ","], "--only is empty"),
        (["twelve_stp"], "did you mean 'twelve_step'"),
        (["base", "--only", "V05"], "none of these facts is held against base"),
        (["--set", "leave.drop_hazrd=1"], "drop_hazard"),
        (["--json", "--markdown"], "give one of them"),
    ],
)
def test_wrong_input_is_one_line_and_2(arguments: list[str], words: str, capsys: Any) -> None:
    """An unknown fact, form or path is named at once, before anything is run."""
    assert exit_code(["patterns", *arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_a_folder_of_scenarios_is_held_against_the_checks_of_their_forms(tmp_path: Path) -> None:
    """A file extends a form and bears its name; each file of a folder is a form of its own."""
    for name, form in (("a", "twelve_step"), ("b", "base")):
        (tmp_path / f"{name}.yaml").write_text(f"extends: {form}\ntitle: {name}\n")
    board = selected([str(tmp_path)], ["V02", "V77"])
    assert [(Path(label).stem, {c.fact for c in mine}) for label, _, mine in board] == [("a", {"V02"}), ("b", {"V77"})]
    with pytest.raises(InputError, match="holds no scenario"):
        selected([str(_empty(tmp_path))])


def _empty(folder: Path) -> Path:
    empty = folder / "empty"
    empty.mkdir()
    return empty


@pytest.mark.slow
def test_a_small_board_runs_whole() -> None:
    """Every check of every form gives a row without failing; with the same replicates the same numbers come again."""
    short = {"weeks": 313}  # six years: as long as any check asks for
    rows = scoreboard.scoreboard(selected(values=short), 3)
    assert len(rows) == len(checks())
    assert [row for row in rows if row.verdict == "failed"] == []
    assert {row.fact for row in rows if row.verdict == "not observed"} == {
        check.fact for check in checks() if check.observable == NONE
    }
    again = scoreboard.scoreboard(selected(["base"], ["V77"], short), 3)
    assert [row.value for row in again] == [row.value for row in rows if row.fact == "V77" and row.form == "base"]
    page = patterns_page(rows, {"base": 4})
    assert all(f"| {check.fact} | {check.check} |" in page for check in checks())


@pytest.mark.slow
def test_a_change_between_worlds_has_the_sign_of_its_cause() -> None:
    """Twice the arrivals bring more first visits in every pair; no change at all is no difference."""
    sample = ReplicateSample(read_scenario("base"), 4)
    more = subgroups.measure_change(sample, "first_visits", {"community.arrivals_per_week": 1.2})
    assert more.value > 0
    same = subgroups.measure_change(sample, "first_visits", {"community.arrivals_per_week": 0.5})
    assert same.value == 0.0
