"""The coordinator's question: put in weeks or months, each answer does what it says, words keep to tables."""

from __future__ import annotations

import re

import pytest

from mhsim.dashboard.histories import Batch, Outcome
from mhsim.dashboard.scenario_state import Situation
from mhsim.dashboard.turnover import question
from mhsim.dashboard.turnover.answers import answers_table, not_yet, question_in_words, sentences, waiting
from mhsim.dashboard.turnover.ask import WHEN, fields_of_question, ten_years, with_answer
from mhsim.dashboard.turnover.question import (
    COLUMNS,
    HISTORIES,
    HORIZONS,
    Conversation,
    arms_of,
    opening,
    parts_of,
    read_time,
    table_of,
    time_in_words,
)
from mhsim.dashboard.turnover.sliders import LOSS, LOSS_LEAVE, loss_leaves, loss_of, with_loss
from mhsim.dashboard.url_state import address_of, read_address
from mhsim.engine.simulation import Simulation
from mhsim.errors import InputError
from mhsim.outcomes.simulate import simulate
from mhsim.scenario_io.loader import shipped
from mhsim.schema import ACCOMMODATION, APPRENTICE, HELPER
from support import assert_rises

LEARNT = {"prepare.enabled": True}


def outcome(alive: bool = True, helpers: int = 4, members: int = 20, met: float = 0.75) -> Outcome:
    weeks = 520.0 if alive else 100.0
    return Outcome(alive, weeks, "", members, helpers, 20, 4, 10, 2, 0.3, 0.5, 0.4, met, 1, 0, 0)


# The question


@pytest.mark.parametrize(
    ("text", "week"),
    [
        *(("4 weeks", 4), ("week 4", 4), ("4", 4), ("0 weeks", 0), ("1 month", 4), ("month 2", 9), ("2 months", 9)),
        *(("12 months", 52), ("1 year", 52), (" 9  Years ", 468), ("519", 519)),
    ],
)
def test_a_time_can_be_given_in_weeks_months_or_years(text, week):
    assert read_time(text) == week
    assert read_time(time_in_words(week)) == week


def test_every_week_comes_back_from_its_words():
    assert [read_time(time_in_words(week)) for week in range(HORIZONS[-1])] == list(range(HORIZONS[-1]))


@pytest.mark.parametrize(
    "text", ["", "soon", "-3", "2 moons", "week 4 months", "520", "10 years", "4.5 weeks", "9" * 5]
)
def test_a_time_that_is_none_is_told_in_one_line(text):
    with pytest.raises(InputError, match="when: given"):
        read_time(text)


def test_all_of_the_question_can_be_put_and_stands_in_the_address():
    asked = opening()
    for name, value in (
        ("start.members", 20),
        ("start.helpers", 5),
        (LOSS, 3),
        (WHEN, "2 months"),
        (LOSS_LEAVE, False),
    ):
        assert name in [field.name for field in fields_of_question(asked)]
        asked = with_answer(asked, name, value)
    assert (asked.value("start.members"), asked.value("start.helpers")) == (20, 5)
    assert (loss_of(asked), loss_leaves(asked)) == ((3, 9), False)
    assert read_address(address_of(asked, None, {"view": "ask"}).query()).first == asked
    told = question_in_words(asked)
    assert "20 members, five helpers among them" in told
    assert "After 2 months (week 9) the three busiest helpers stop helping at once and stay as members" in told
    assert "leave the group" in question_in_words(with_answer(asked, LOSS_LEAVE, True))


def test_who_learns_already_can_be_said_where_helping_has_to_be_learnt():
    assert "start.apprentices" not in [
        field.name for field in fields_of_question(opening().with_values({"prepare.enabled": False}))
    ]
    asked = with_answer(opening().with_values(LEARNT), "start.apprentices", 2)
    assert "start.apprentice_know_how" in [field.name for field in fields_of_question(asked)]
    assert "four helpers among them, two more learning to help." in question_in_words(asked)
    for learnt, learning in ((True, 2), (False, 0)):
        simulation = Simulation(asked.with_values({"prepare.enabled": learnt}).scenario())
        simulation.open_groups()
        block = simulation.world.blocks[1]
        members = simulation.world.people[block["start"] : block["start"] + block["count"]]
        apprentices = members[members["role"] == APPRENTICE]
        assert ((members["role"] == HELPER).sum(), len(apprentices)) == (4, learning)
        assert (apprentices["stage"] == ACCOMMODATION).all() and (apprentices["apprentice_since"] >= 0).all()
        assert (apprentices["know_how"] == asked.value("start.apprentice_know_how")).all()
    with pytest.raises(InputError, match=r"start\.apprentices"):
        with_answer(asked, "start.apprentices", 13)


def test_who_learns_already_makes_good_a_part_of_what_is_lost():
    """Two of four helpers leave in a month: with one who learns already there are more helpers half a year later."""
    asked = opening().with_values({**LEARNT, "start.run_in_weeks": 0, "weeks": 40})
    there = [asked.with_values({"start.apprentices": n, "start.apprentice_know_how": 0.4}).scenario() for n in (0, 1)]
    none, one = ([simulate(world, k).summary["helpers_at_end"] for k in range(60)] for world in there)
    assert_rises(none, one)


def test_another_type_of_group_keeps_who_is_there_and_who_stops():
    for form in shipped():
        asked = with_answer(opening(), "form", form)
        assert (asked.form, asked.value("start.helpers"), asked.value("weeks")) == (form, 4, HORIZONS[-1])
        assert asked.changes == opening().changes
        assert len(arms_of(asked)) == (6 if asked.value("prepare.enabled") else 4), form  # who learns can follow


# The answers


@pytest.mark.parametrize("learnt", [False, True])
def test_each_answer_differs_from_doing_nothing_in_what_it_names_alone(learnt):
    asked = opening().with_values({"prepare.enabled": learnt})
    nothing, *others = arms_of(asked)
    assert nothing.situation == asked
    for arm in others[:-1]:
        own = {path for path, _ in set(arm.situation.settings) ^ set(asked.settings)}
        assert len(own) == 1, arm.name
        assert arm.situation.changes == asked.changes
    assert others[-1].situation == with_loss(asked, 0, 0)
    paths = {path for arm in others for path, _ in set(arm.situation.settings) - set(asked.settings)}
    assert ("prepare.successors" in paths) == learnt, "who learns can follow; where nothing is learnt that does nothing"


def test_every_answer_acts_in_the_model():
    """A row that moved nothing in any run would be an empty promise."""
    asked = opening().with_values({**LEARNT, "start.run_in_weeks": 4})
    parts = parts_of(arms_of(asked))
    three = parts[1]
    seen = [[simulate(scenario, k).summary for k in range(6)] for scenario in three.scenarios]
    assert all(other != seen[0] for other in seen[1:])


def test_what_holds_already_is_said_to_be_the_same():
    asked = opening().with_values({"supervise.supervision": 0.9})
    arms = arms_of(asked)
    rows = table_of([[outcome()] * HISTORIES] * len(arms))
    assert "it is so already" in answers_table(arms, 52, rows).split("Get supervision")[1][:120]


def test_one_shorter_run_is_the_beginning_of_a_longer():
    """The horizons are told as one history: after one year, three and ten of the same group."""
    asked = opening().with_values({"start.run_in_weeks": 4})
    parts = parts_of(arms_of(asked)[:1])
    assert [part.weeks for part in parts] == list(HORIZONS)
    long = simulate(parts[2].scenarios[0], 3, record="series").series
    for part in parts[:2]:
        short = simulate(part.scenarios[0], 3, record="series").series
        assert short.num_rows and long.slice(0, short.num_rows).equals(short)


def test_nothing_is_said_of_a_time_before_the_loss():
    asked = with_loss(opening(), 2, 100)
    assert [part.weeks for part in parts_of(arms_of(asked))] == [156, 520]
    assert "after one year" in not_yet(asked)
    assert not_yet(opening()) == ""


def test_words_say_what_the_table_shows_and_no_more():
    arms = arms_of(opening())
    same = [outcome()] * HISTORIES
    more = [outcome(helpers=6)] * 100 + [outcome(helpers=5)] * 100
    fewer = [outcome(False, 0, 0)] * 60 + [outcome()] * 140
    rows = table_of([same, more, same, fewer, same, same])
    told = " ".join(sentences(arms, 156, rows))
    assert "After three years, with nothing done, 100 of 100 groups are still meeting" in told
    assert f"Clearly more helpers then than with nothing done: “{arms[1].name}” (+1.5" in told
    assert f"Clearly fewer groups still meeting than with nothing done: “{arms[3].name}” (−30" in told
    assert arms[4].name not in told
    assert not re.search("better|worse|saved", told)
    table = answers_table(arms, 156, rows)
    assert table.count("<tr>") == 1 + len(arms)
    assert table.count("no difference") >= len(COLUMNS)
    none = sentences(arms, 52, table_of([same] * 6))
    assert none[1:] == ["Nothing in the table below changes clearly how many groups still meet."]


def test_a_row_of_doing_nothing_has_no_difference():
    rows = table_of([[outcome()] * 30] * 3)
    assert not any(cell.change.known for cell in rows[0])
    assert all(cell.change.known for row in rows[1:] for cell in row)


def test_all_is_told_as_unfinished_until_all_runs_are_there():
    assert waiting(40, HISTORIES) == "Calculating… 40 of 200 runs of each answer are done; too early to say."


# The conversation


class Asked:
    """Stands for requests: nothing is simulated, outcomes come when the test says so."""

    def __init__(self):
        self.open = []

    def __call__(self, scenario, replicates, on_batch):
        self.open.append(One(scenario, on_batch))
        return self.open[-1]


class One:
    """One request."""

    def __init__(self, scenario, on_batch):
        self.scenario, self.on_batch, self.stopped = scenario, on_batch, False

    def give(self, number):
        self.on_batch(Batch((outcome(),) * number, HISTORIES))

    def stop(self):
        self.stopped = True


@pytest.fixture
def asked(monkeypatch):
    ask = Asked()
    monkeypatch.setattr(question.histories, "ask", ask)
    return ask


def test_one_horizon_follows_the_other_and_a_new_question_stops_all(asked):
    told = []
    talk = Conversation(told.append)
    parts = parts_of(arms_of(opening()))
    talk.ask(parts)
    arms = len(parts[0].scenarios)
    assert {one.scenario.weeks for one in asked.open} == {52}
    for one in list(asked.open):
        one.give(40)
    assert [(news.runs(0), news.done(0)) for news in told] == [(40, False)]
    for one in list(asked.open):
        one.give(HISTORIES)
    assert told[-1].done(0) and not told[-1].done(1)
    assert [one.scenario.weeks for one in asked.open[arms:]] == [156] * arms
    other = parts_of(arms_of(with_loss(opening(), 1, 4)))
    talk.ask(other)
    assert all(one.stopped for one in asked.open[arms : 2 * arms])
    before = len(told)
    for one in asked.open[arms : 2 * arms]:
        one.give(HISTORIES)
    assert len(told) == before, "nothing of a question that was overtaken is told"
    for one in asked.open[2 * arms :]:
        one.give(20)
    assert told[-1].parts == other
    talk.stop()
    assert all(one.stopped for one in asked.open[2 * arms :])


def test_a_question_has_the_length_of_its_last_horizon():
    short = Situation().with_values({"weeks": 80}).with_changes(opening().changes)
    assert ten_years(short).value("weeks") == HORIZONS[-1]
    assert ten_years(short).changes == short.changes
