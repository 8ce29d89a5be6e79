"""Stories of recorded histories: every life can be told, and what is told agrees with the tables."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mhsim import simulate
from mhsim.engine import Simulation
from mhsim.errors import InputError
from mhsim.outcomes.results import Run, result_of
from mhsim.scenario import Change
from mhsim.scenario_io.loader import read_scenario
from mhsim.stories import Chronicle, chronicle_of, feed, group_story, languages, life_story
from mhsim.stories.histories import group_history, whole_course_of

WEEKS = 156
CASES = {
    "turnover": ("base", {"weeks": 312, "serve.turnover_per_year": 4}),
    "half_weeks": ("peer_participatory", {"weeks_per_step": 0.5}),
    "founding": (
        "base",
        {"weeks": 312, "start.members": 4, "start.kind": "founding", "found.found_per_year": 3, "help.ask_per_week": 0},
    ),
    "town": ("twelve_step", {}),
}
ACTS = tuple(Change(week=week, act="lose_busiest_helpers", count=2) for week in (60, 100, 130))


@pytest.fixture(scope="module", params=CASES)
def run(request: pytest.FixtureRequest) -> Run:
    """Return a recorded history: with much turnover, in half weeks, with founding, of a town with acts in mid-life."""
    name, values = CASES[request.param]
    scenario = read_scenario(name, {"weeks": WEEKS, **values})
    if request.param == "town":
        scenario = scenario.model_copy(update={"changes": ACTS})
    return simulate(scenario, record="story")


@pytest.fixture(scope="module")
def told(run: Run) -> Chronicle:
    """Return the chronicle of that history."""
    return chronicle_of(run)


def test_every_life_agrees_with_the_table_of_lives(run: Run, told: Chronicle) -> None:
    """A story that contradicts the tables would be worse than none: weeks, reasons, counts, for every single life."""
    assert run.lives is not None
    for row in run.lives.to_pylist():
        story = life_story(told, row["person"])
        weeks = [moment.week for moment in story]
        assert weeks == sorted(weeks), row["person"]
        _counts_agree(row, story)
        _weeks_agree(row, story)
        assert story.moments[-1].kind == ("now" if row["ended"] == "none" else "ended")


def _counts_agree(row: dict[str, Any], story: Any) -> None:
    """Help and crises told together add up to those of the table, folded or not."""
    for kind, column in (("helped_by", "help_received"), ("helped", "help_given"), ("crisis", "crises")):
        assert sum(moment.count for moment in story if moment.kind == kind) == row[column], (row["person"], kind)


def _weeks_agree(row: dict[str, Any], story: Any) -> None:
    """First weeks and the last exit are those of the table."""
    first: dict[str, float] = {}
    for moment in story:
        first.setdefault(moment.kind, moment.week)
    started = row["starter"]
    for kind, column in (
        ("first_visit", "joined_week"),
        ("first_contact", "first_contact_week"),
        ("accommodation", "accommodated_week"),
        ("recoil", "recoil_week"),
    ):
        if not started:
            assert first.get(kind) == row[column], (row["person"], kind)
    if row["helper_week"] is not None and not started:
        took = [moment.week for moment in story if moment.kind in ("became_helper", "founded")]
        assert row["helper_week"] in took, row["person"]
    exits = [(moment.week, moment.reason) for moment in story if moment.kind == "left"]
    if row["left_week"] is None:
        assert exits == [], row["person"]
    else:
        assert exits[-1] == (row["left_week"], row["left_reason"]), row["person"]


def test_numbers_of_the_focal_group_are_those_of_its_series(run: Run, told: Chronicle) -> None:
    """What the log leaves unsaid is concluded rightly only if members and helpers agree in every week."""
    past, closed = group_history(told, 0), told.groups[0].closed_week
    assert run.series is not None
    for row in run.series.select(["week", "focal_members", "focal_helpers"]).to_pylist():
        if closed is None or row["week"] <= closed:
            numbers = (past.members_at(row["week"]), past.helpers_at(row["week"]))
            assert numbers == (row["focal_members"], row["focal_helpers"]), row["week"]


def test_weeks_of_helping_are_those_of_the_table(told: Chronicle) -> None:
    """Every beginning and end of the role is found, logged or not, if the weeks between them add up."""
    for person in told.people:
        life, since, weeks = told.life(person), None, 0.0
        for one in whole_course_of(told, life):
            starts = one.kind in ("there_at_opening", "founded") and one.role == "helper"
            if starts or one.kind in ("became_helper", "helper_again"):
                since = -told.step_weeks if one.kind == "there_at_opening" else one.week
            if one.kind == "role_ended" and since is not None:
                weeks, since = weeks + one.week - since - (told.step_weeks if one.beforehand else 0.0), None
        weeks += told.week - told.step_weeks - since if since is not None else 0.0
        assert weeks == life.weeks_helping, person


def test_numbers_of_every_group_at_the_end(run: Run, told: Chronicle) -> None:
    """Splits and foundings too: the rolls at the end are those of the table of groups."""
    for group in told.groups:
        past = group_history(told, group.group)
        assert past.members_at(told.week) == group.roll, group
        assert past.helpers_at(told.week) == group.helpers, group


@pytest.mark.parametrize("language", languages())
def test_everything_can_be_told_in_every_language(language: str, told: Chronicle) -> None:
    """No life, group or week meets a gap; every line is a finished sentence."""
    for person in told.people[::7]:
        _reads_well(life_story(told, person, language).text())
    for group in told.groups:
        _reads_well(group_story(told, group.group, language).text())
    for week in range(0, int(told.week), 13):
        _reads_well(feed(told, week, week + 3, language=language, each=week % 5).text())
        _reads_well(feed(told, week, week + 3, 0, language, order="time").text())


def _reads_well(text: str) -> None:
    for line in text.splitlines()[1:]:
        assert line.endswith(".") and not line.endswith(".."), line
        assert not re.search(r"[{}_]|\bNone\b|\bnan\b|  ", line), line


def test_a_history_in_progress_tells_the_same() -> None:
    """A face that shows a living world must say what the finished run will say, up to that week."""
    scenario = read_scenario("base", {"weeks": 200})
    simulation = Simulation(scenario, record="story")
    for week in (-20, 0, 90, 200):
        simulation.run_until(simulation.opening + week)
        now = chronicle_of(simulation)
        assert now.week == week
        if week < 0:
            assert (
                not now.groups and life_story(now, now.people[0]).moments[-1].when == "Now, 20 weeks before the start"
            )
            continue
        finished = chronicle_of(result_of(simulation.world, scenario, 0, "story"))
        assert now.people == finished.people
        for person in now.people:
            assert life_story(now, person) == life_story(finished, person)
        if now.groups:
            assert group_story(now) == group_story(finished)
    whole = chronicle_of(simulate(scenario, record="story"))
    assert [life_story(whole, person) for person in whole.people] == [life_story(now, person) for person in now.people]


def test_a_life_goes_on_as_it_was_told() -> None:
    """What has been told is not taken back when the history goes on: lines but the last only grow in number."""
    simulation = Simulation(read_scenario("base", {"weeks": 104}), record="story")
    simulation.run_until(simulation.opening + 52)
    early = chronicle_of(simulation)
    simulation.run_to_end()
    late = chronicle_of(simulation)
    for person in early.people:
        before = life_story(early, person, fold=False).moments[:-1]
        after = life_story(late, person, fold=False).moments
        assert [moment.line for moment in before] == [moment.line for moment in after[: len(before)]]


def test_a_record_without_events() -> None:
    """The message says how to record."""
    scenario = read_scenario("base", {"weeks": 2})
    for record in (simulate(scenario, record="lives"), Simulation(scenario, record="lives")):
        with pytest.raises(InputError, match='record="story"'):
            life_story(record, "0-4095-0")


def test_importing_stories_is_cheap() -> None:
    """A dashboard imports it at its start."""
    heavy = ("pyarrow", "pandas", "numba", "mesa", "pydantic", "matplotlib")
    code = f"import sys, mhsim.stories; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_the_page_about_stories_is_up_to_date() -> None:
    """The story that is shown must be one that the model tells."""
    page = (Path(__file__).parents[1] / "docs" / "stories.md").read_text(encoding="utf-8")
    run = simulate(read_scenario("twelve_step", {"weeks": 260, "seed": 1}), record="story")
    for person, language in re.findall(r"<!-- story (\S+) (\S+) -->", page):
        begin = page.index(f"<!-- story {person} {language} -->")
        shown = page[begin:].split("\n\n")[1]
        text = life_story(run, person, language).text()
        assert shown == "\n".join("    " + line for line in text.splitlines())
    assert page.count("<!-- story ") == 2
