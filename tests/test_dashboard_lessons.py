"""Lessons are data that people edit, and their words are chosen by what came out: both must be right without a page."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from mhsim import simulate
from mhsim.dashboard.lessons.__main__ import main
from mhsim.dashboard.lessons.evaluate import answers, verdict
from mhsim.dashboard.lessons.lesson_file import SHELF, lessons, read_lesson, situation_of_case
from mhsim.dashboard.lessons.lesson_parts import Lesson
from mhsim.dashboard.lessons.measures import MEASURES, OF_PEOPLE, LessonOutcome, measures_of, outcome_of
from mhsim.dashboard.lessons.runs import Runs, all_runs
from mhsim.dashboard.url_state import address_of, read_address
from mhsim.errors import InputError
from mhsim.scenario import Scenario, with_values
from mhsim.scenario_io.loader import read_scenario

EVIDENCE = Path(__file__).parents[1] / "docs" / "evidence.md"
WANTED = {
    *("living_proof", "helper_benefit", "burnout_spiral", "graduation_starves", "succession", "superusers"),
    *("without_supervision", "who_joins"),
}
NUMBER = r"\b\d+(\.\d+)? (of 100|points|per cent|%)"


def runs_of(
    lesson: Lesson, value: dict[tuple[str, str], list[float]], pairs: int = 60
) -> dict[str, tuple[LessonOutcome | None, ...]]:
    """Return the runs there would be if each (situation, measure) had shown these values, in turn."""
    outcomes: dict[str, tuple[LessonOutcome | None, ...]] = {}
    for case in lesson.cases:
        scenario = situation_of_case(lesson, case).scenario()
        columns = [np.resize(value.get((case.name, measure), [1.0]), pairs) for measure in measures_of(scenario)]
        rows = [tuple(float(x) for x in row) for row in zip(*columns, strict=True)]
        outcomes[case.name] = tuple(LessonOutcome(row, tuple(scenario.forms)) for row in rows)
    return outcomes


# --- the files ---


def test_the_eight_lessons_asked_for_are_there_in_their_order() -> None:
    """A lesson that no longer loads would vanish from the list; the eight of the brief must not."""
    assert set(lessons()) >= WANTED
    orders = [lesson.order for lesson in lessons().values()]
    assert orders == sorted(set(orders))


@pytest.mark.parametrize("name", lessons())
def test_what_a_lesson_says_has_sources_and_no_result_written_in(name: str) -> None:
    """Codes must lead somewhere in docs/evidence.md, and numbers of results come from the run alone."""
    lesson = lessons()[name]
    codes = set(re.findall(r"^\| ([VE]\d+) \|", EVIDENCE.read_text(encoding="utf-8"), re.MULTILINE))
    text = (SHELF / f"{name}.yaml").read_text(encoding="utf-8")
    assert set(lesson.sources) | set(re.findall(r"\b[VE]\d+\b", text)) <= codes
    said = [ask_words for ask in lesson.asks for ask_words in (ask.more, ask.fewer, ask.same)]
    said += [why.says for why in lesson.why] + [lesson.limits, lesson.evidence, lesson.doubt]
    assert [words for words in said if re.search(NUMBER, words)] == []
    assert "!" not in text.replace("!=", "")


@pytest.mark.parametrize("name", lessons())
def test_each_situation_can_be_carried_in_an_address_and_comes_back(name: str) -> None:
    """What to try next is a link; a situation that did not survive the address would show another one."""
    lesson = lessons()[name]
    for step in lesson.next:
        first = situation_of_case(lesson, lesson.case(step.case), 7)
        second = situation_of_case(lesson, lesson.case(step.against or step.case), 7)
        back = read_address(address_of(first, second, {"week": step.week}).query())
        assert back.first.scenario() == first.scenario()
        assert back.second.scenario() == second.scenario()
        assert back.first.scenario().seed == 7


@pytest.mark.parametrize("name", lessons())
def test_every_situation_is_measured_or_shown(name: str) -> None:
    """A situation that no question looks at would be lived for nothing while somebody waits."""
    lesson = lessons()[name]
    looked_at = {side.case for ask in lesson.asks for side in (ask.first, ask.second)}
    assert {case.name for case in lesson.cases} == looked_at
    assert lesson.pairs * lesson.weeks * len(lesson.cases) <= 275_000


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("rule: first_helper", "rule: best_helper", r":\d+: .*life\.rule"),
        ("measure: alive_at_end", "measure: alive_at_ned", "no measure is named 'alive_at_ned'"),
        ("measure: alive_at_end", "measure: members_of_online", "no measure is named 'members_of_online'"),
        ("case: stay_prepared", "case: stay_prepraed", "no situation is named 'stay_prepraed'"),
        ("prepare.successors: 2", "prepare.sucessors: 2", "did you mean 'prepare.successors'"),
        ("prepare.successors: 2", "prepare.successors: 21", "prepare.successors"),
        ("staying: [more]", "stayng: [more]", "no question is named 'stayng'"),
        ("rests_on: [serve.", "rests_on: [swerve.", "no parameter is named 'swerve.turnover_per_year'"),
        ("weeks: 520", "weeks: many", r":\d+: weeks: given the text 'many'"),
        ("title: Succession", "titel: Succession", r":\d+: titel"),
        ("order: 5", "order: [", r"succession\.yaml:\d+"),
    ],
)
def test_a_wrong_file_gives_one_line_that_names_the_place(old: str, new: str, words: str, tmp_path: Path) -> None:
    """Psychologists edit these files; a traceback would tell them nothing."""
    text = (SHELF / "succession.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "succession.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=words) as caught:
        read_lesson(path)
    assert "\n" not in str(caught.value)
    assert "succession.yaml" in str(caught.value)


def test_the_files_are_part_of_the_package() -> None:
    """Lessons are read from beside the code, so they must lie inside the package that is installed."""
    import mhsim

    assert Path(mhsim.__file__).parent in SHELF.parents


# --- words that follow what came out ---


def test_the_words_follow_the_outcome() -> None:
    """The same lesson must say other things if the model came out otherwise; nothing of the reveal is fixed."""
    lesson = lessons()["succession"]
    half, most, none = [0.0, 1.0], [1.0, 1.0, 1.0, 1.0, 0.0], [0.0]
    alive = "alive_at_end"
    cases = {"stay": half, "stay_prepared": most, "leave": most, "leave_prepared": none}
    staying, leaving = answers(lesson, runs_of(lesson, {(case, alive): values for case, values in cases.items()}))
    assert (staying.outcome, leaving.outcome) == ("more", "fewer")
    assert staying.words == lesson.asks[0].more
    assert "50 of 100 groups" in staying.numbers
    assert re.fullmatch(r"That is 30 more \(\d+ to \d+\)\.", staying.uncertainty)
    turned = {"stay": most, "stay_prepared": half, "leave": half, "leave_prepared": half}
    staying, leaving = answers(lesson, runs_of(lesson, {(case, alive): values for case, values in turned.items()}))
    assert (staying.outcome, leaving.outcome) == ("fewer", "same")
    assert staying.words == lesson.asks[0].fewer
    assert leaving.words == lesson.asks[1].same
    assert leaving.uncertainty == "None of the 60 pairs shows any difference."


def test_what_was_expected_is_held_against_the_outcome() -> None:
    """Right, half right and wrong must be told apart, and by the questions a choice speaks of alone."""
    lesson = lessons()["succession"]
    half, most, none = [0.0, 1.0], [1.0, 1.0, 1.0, 1.0, 0.0], [0.0]
    cases = {"stay": half, "stay_prepared": most, "leave": half, "leave_prepared": none}
    found = answers(lesson, runs_of(lesson, {(case, "alive_at_end"): values for case, values in cases.items()}))
    said = {choice.name: verdict(choice, found) for choice in lesson.choices}
    assert said == {"both": "in part", "where_stay": "in part", "where_leave": "otherwise", "none": "otherwise"}


def test_a_clear_difference_too_small_to_matter_counts_as_none_and_is_shown() -> None:
    """With many pairs a hair's breadth is clear; a lesson must not make much of it, nor hide it."""
    lesson = lessons()["superusers"]
    ask = lesson.asks[2]
    less = {(ask.first.case, ask.first.measure): [0.9], (ask.second.case, ask.second.measure): [0.898, 0.8985]}
    found = answers(lesson, runs_of(lesson, less))[2]
    assert found.outcome == "same"
    assert found.uncertainty.startswith("Clear, but small: 0.2 fewer")


def test_pairs_without_a_case_and_failed_histories_are_left_out_of_both() -> None:
    """A mean over other histories than the difference would not add up on the page."""
    lesson = lessons()["helper_benefit"]
    ask = lesson.asks[1]
    both = runs_of(lesson, {("gain", ask.second.measure): [0.6, np.nan], ("no_gain", ask.first.measure): [0.5, 0.9]})
    both["gain"] = (None, *both["gain"][1:])
    found = answers(lesson, both)[1]
    assert found.difference.cases == 29
    assert found.first == pytest.approx(50)
    assert found.second == pytest.approx(60)


# --- the run ---


def test_a_history_is_the_one_that_mhsim_run_gives() -> None:
    """The numbers of a lesson must be those that the scenario gives on the command line."""
    scenario = Scenario(weeks=60, seed=4)
    summary = simulate(scenario, 3).summary
    seen = outcome_of(scenario, 3)
    for measure in set(MEASURES) - set(OF_PEOPLE):
        expected = summary[measure]
        assert seen.value(measure) == pytest.approx(np.nan if expected is None else float(expected), nan_ok=True)
    several = read_scenario("two_forms_compete", {"weeks": 26})
    seen = outcome_of(several, 1)
    assert seen.value("first_visits_of_circle") == simulate(several, 1).summary["first_visits_of_circle"] > 0


def test_helpers_and_others_are_those_of_the_table_of_lives() -> None:
    """Who counts as a helper must be what the table of lives says, people of the opening left out."""
    scenario = with_values(Scenario(weeks=400, seed=3), {"serve.become_hazard": 0.5})
    lives = simulate(scenario, 0, record="lives").lives.to_pandas()
    came = lives[~lives["starter"] & lives["joined_week"].notna()]
    helped = came["helper_week"].notna()
    seen = outcome_of(scenario, 0)
    assert helped.any()
    assert seen.value("efficacy_of_helpers") == pytest.approx(came["self_efficacy"][helped].mean())
    assert seen.value("efficacy_of_other_members") == pytest.approx(came["self_efficacy"][~helped].mean())


def test_the_runs_of_a_lesson_are_replicates_of_its_situations() -> None:
    """Replicate k of one situation stands beside replicate k of every other, whichever ended first."""
    lesson = lessons()["succession"].model_copy(update={"pairs": 12, "weeks": 52})
    runs: Runs = all_runs(lesson, 5)
    assert list(runs) == [case.name for case in lesson.cases]
    for case in lesson.cases:
        scenario = situation_of_case(lesson, case, 5).scenario()
        assert scenario.seed == 5
        wanted = [simulate(scenario, k).summary["members_at_end"] for k in range(lesson.pairs)]
        assert [one.value("members_at_end") for one in runs[case.name] if one is not None] == wanted


def test_the_command_says_what_a_lesson_comes_to(capsys: pytest.CaptureFixture[str]) -> None:
    """docs/lessons.md names this command as the source of its numbers."""
    main(["graduation_starves", "--seed", "6"])
    text = capsys.readouterr().out
    assert text.startswith("### 4. When success means leaving")
    assert "150 runs of each situation" in text
    with pytest.raises(SystemExit) as ended:
        main(["graduation"])
    assert ended.value.code == 2
    assert "no lesson is named 'graduation'" in capsys.readouterr().err


def test_the_page_of_numbers_has_every_lesson() -> None:
    """A lesson added without its measured numbers would go unnoticed."""
    text = (EVIDENCE.parent / "lessons.md").read_text(encoding="utf-8")
    for lesson in lessons().values():
        assert f"### {lesson.order}. {lesson.title}\n" in text
        assert all(ask.title in text for ask in lesson.asks)
