"""Turnover: levers pull what they say, words stay within the interval, the newest question counts, papers hold."""

from __future__ import annotations

import csv
import re
from io import StringIO
from math import nan

import pytest
from starlette.requests import Request

from mhsim.dashboard import histories
from mhsim.dashboard.describe import differing, in_common, length_in_words
from mhsim.dashboard.histories import Batch, Outcome
from mhsim.dashboard.histories.statistics import Comparison, PairCounts, people
from mhsim.dashboard.scenario_state import Situation
from mhsim.dashboard.turnover import queries
from mhsim.dashboard.turnover.answer import differing_list, people_table
from mhsim.dashboard.turnover.exports import handout, routes
from mhsim.dashboard.turnover.queries import HISTORIES, LatestQuestion, Pair, answered
from mhsim.dashboard.turnover.sliders import (
    EXAMPLES,
    LOSS,
    LOSS_LEAVE,
    LOSS_WEEK,
    SUCCESSORS,
    fields_of,
    loss_of,
    opening,
    with_input,
    with_input_in_both,
    with_loss,
)
from mhsim.dashboard.turnover.stories import endings_of, same_too
from mhsim.dashboard.turnover.wording import (
    answer_text,
    change_cell,
    difference_in_words,
    meaning,
    on_people,
    reason_rows,
)
from mhsim.dashboard.url_state import address_of, read_address
from mhsim.errors import InputError
from mhsim.report.formatting import capital
from mhsim.scenario import Change
from mhsim.scenario_io.loader import shipped
from mhsim.stats import Estimate

SHORT = {"weeks": 80, "start.run_in_weeks": 4}
RATE, LEAVES = "serve.turnover_per_year", "serve.leaves_with_role"
STOPS = "after two years the busiest helper stops helping at once and stays as a member"


def outcome(alive: bool, weeks: float = 520.0, reason: str = "", hope: float = 0.5) -> Outcome:
    return Outcome(alive, weeks, reason, 5, 1, 20, 4, 10, 2, 0.3, hope, 0.4, 0.75, 1, 0, 0)


OPEN, SHUT = outcome(True), outcome(False, 100.0, "no_leader")


def pair_of(one: list[Outcome], other: list[Outcome]) -> Pair:
    first = Situation().scenario()
    return Pair(first, first, tuple(one), tuple(other))


# Levers


def test_every_slider_shows_the_value_it_stands_for_and_pulls_it():
    """A slider in per cent that set a share to 40 instead of 0.4 would be refused, or worse, taken."""
    situation = Situation()
    for field in fields_of(situation):
        if field.name in (LOSS, LOSS_WEEK, LOSS_LEAVE):
            continue
        shown = field.high
        there = with_input(situation, field.name, int(shown) if isinstance(field.value, int) else shown)
        again = next(one for one in fields_of(there) if one.name == field.name)
        assert again.value == pytest.approx(shown), field.name
        assert with_input(there, field.name, field.value).scenario() == situation.scenario(), field.name


def test_a_loss_is_a_change_in_mid_life_and_there_is_one_at_most():
    situation = with_input(Situation(), LOSS, 2)
    assert situation.changes == (Change(week=104, act="lose_busiest_helpers", count=2),)
    later = with_input(with_input(situation, LOSS_WEEK, 260), LOSS, 4)
    assert [change.week for change in later.changes] == [260]
    assert loss_of(later) == (4, 260)
    assert with_input(later, LOSS, 0).changes == ()


def test_a_loss_leaves_other_changes_alone():
    base = Situation().with_change(Change(week=52, set={RATE: 1.0}))
    both = base.with_change(Change(week=60, set={LEAVES: 0.5}, act="lose_busiest_helpers", count=1))
    assert with_loss(both, 0, 1).changes == (base.changes[0], Change(week=60, set={LEAVES: 0.5}))


def test_who_stops_at_once_leaves_the_group_too_where_that_is_said():
    situation = with_input(with_input(Situation(), LOSS, 2), LOSS_LEAVE, True)
    assert situation.changes[0].leave
    later = with_input(with_input(situation, LOSS_WEEK, 0), LOSS, 3)
    assert later.changes == (Change(week=0, act="lose_busiest_helpers", count=3, leave=True),)
    assert not with_input(later, LOSS_LEAVE, False).changes[0].leave
    assert read_address(address_of(later).query()).first == later


def test_the_slider_of_who_follows_is_the_one_that_acts():
    """Where helping has not to be learnt nobody prepares: that slider would move nothing."""
    for learnt in (False, True):
        names = [field.name for field in fields_of(Situation().with_values({"prepare.enabled": learnt}))]
        assert (SUCCESSORS in names) == learnt


def test_a_loss_never_lies_beyond_the_run():
    short = Situation().with_values({"weeks": 60})
    assert with_loss(short, 1, 468).changes[0].week == 59


def test_b_follows_a_where_they_were_the_same_and_not_where_b_is_different():
    first, second = Situation(), Situation().with_value(RATE, 2.0)
    one, other = with_input_in_both(first, second, LEAVES, 0.4)
    assert one.value(LEAVES) == other.value(LEAVES) == 0.4
    one, other = with_input_in_both(first, second, RATE, 1.0)
    assert (one.value(RATE), other.value(RATE)) == (1.0, 2.0)
    one, other = with_input_in_both(first, second, LOSS, 3)
    assert loss_of(one) == loss_of(other) == (3, 104)


def test_more_helpers_than_members_is_refused_in_words():
    few = Situation().with_values({"start.members": 4})
    assert next(field for field in fields_of(few) if field.name == "start.helpers").high == 4
    with pytest.raises(InputError, match="helpers are members"):
        with_input(few, "start.helpers", 9)


def test_what_differs_is_told_in_words_and_nothing_else():
    first, second = opening()
    assert [what for what, _, _ in differing(first.scenario(), second.scenario())] == ["Members prepared to follow"]
    assert differing(first.scenario(), first.scenario()) == []
    lost = with_loss(first, 1, 104)
    assert differing(first.scenario(), lost.scenario()) == [("Events", "none", STOPS)]
    other = first.with_value("share.hope_gain", 0.05)
    assert len(differing(first.scenario(), other.scenario())) == 1


@pytest.mark.parametrize("form", sorted(shipped()))
def test_every_example_is_allowed_in_every_form_and_comes_back_from_its_address(form):
    for example in EXAMPLES:
        first, second = example.situations(form, 5)
        assert first.scenario() != second.scenario(), example.label
        found = read_address(address_of(first, second).query())
        assert (found.first.scenario(), found.second.scenario()) == (first.scenario(), second.scenario())


def test_what_both_share_is_told_with_what_changes_later():
    """A slider shows the value of the first week; who reads only that would not know of the change."""
    later = Situation().with_value(RATE, 2.0).with_change(Change(week=52, set={RATE: 3.0}))
    first = with_loss(later, 2, 104)
    told = in_common(first.scenario(), first.with_value("supervise.supervision", 0.8).scenario())
    assert told.startswith("The same in both: ")
    assert "each helper steps down twice a year on average; " in told
    assert "from week 52 on each helper steps down 3 times a year on average" in told
    assert "two busiest helpers" in told
    assert "supervision" not in told, "that is where they differ"
    assert told.endswith("ten years; the same chance events.")


# Words


@pytest.mark.parametrize(
    ("estimate", "counts", "words"),
    [
        (
            Estimate(0.4, 0.3, 0.5, 200, 0.001, 0.001),
            PairCounts(60, 0, 80, 60),
            "40 more of 100 are still meeting than in A (30 to 50)",
        ),
        (
            Estimate(-0.4, -0.5, -0.3, 200, 0.001, 0.001),
            PairCounts(60, 80, 0, 60),
            "40 fewer of 100 are still meeting than in A (30 to 50)",
        ),
        (Estimate(0.02, -0.03, 0.07, 200, 0.4, 0.4), PairCounts(60, 8, 12, 120), "This could be chance"),
        (
            Estimate(-0.025, -0.045, -0.005, 200, 0.001, 0.001),
            PairCounts(60, 8, 3, 129),
            "2.5 fewer of 100 are still meeting than in A (0.5",
        ),
        (Estimate(0.0, -0.01, 0.01, 200, identical=True), PairCounts(100, 0, 0, 100), "No difference"),
        (Estimate(0.5, 0.1, 0.9, 4), PairCounts(0, 0, 2, 2), "too few"),
    ],
)
def test_a_difference_is_told_with_its_interval_and_never_beyond_it(estimate, counts, words):
    told = difference_in_words(estimate, counts)
    assert words in told
    assert ("rarely" in told) == estimate.clear
    assert not re.search(r"better|worse|saved", told)


def test_the_answer_names_its_histories_and_says_how_many_there_are_so_far():
    told = answer_text(pair_of([OPEN] * 10 + [SHUT] * 30, [OPEN] * 40))
    assert told.headline == f"40 of {HISTORIES} runs done; too early to say."
    assert told.difference == "", "no verdict before all are there, however large the difference"
    assert "closed in A and still meeting in B 30 times of 40" in told.by_pair


def test_headline_and_difference_agree():
    """A 86, B 84 and "three fewer" would look like a mistake: one pair of 200 is half a point."""
    told = answer_text(pair_of([OPEN] * 173 + [SHUT] * 27, [OPEN] * 168 + [SHUT] * 32))
    assert told.headline == "Still meeting after ten years: A 86.5 of 100 groups, B 84 of 100."
    assert "2.5 fewer" in told.difference or "−2.5" in told.difference
    assert told.so_far == f"All {HISTORIES} runs of each."


def test_times_beyond_twenty_years_are_told_in_whole_years():
    assert [length_in_words(weeks) for weeks in (80, 520, 3600)] == ["80 weeks", "ten years", "69 years"]


@pytest.mark.parametrize(
    ("estimate", "scale", "words"),
    [
        (Estimate(0.02, 0.01, 0.03, 200, 0.001, 0.001), 100.0, "clear"),
        (Estimate(0.004, 0.002, 0.006, 200, 0.001, 0.001), 100.0, "clear, but small"),
        (Estimate(0.4, 0.2, 0.6, 200, 0.001, 0.001), 1.0, "clear"),
        (Estimate(0.02, 0.001, 0.04, 200, 0.04, 0.2), 100.0, "unclear (many comparisons)"),
        (Estimate(0.02, -0.01, 0.04, 200, 0.3, 0.8), 100.0, "could be chance"),
        (Estimate(0.0, 0.0, 0.0, 200, identical=True), 100.0, "no difference"),
    ],
)
def test_what_a_difference_means_does_not_contradict_its_interval(estimate, scale, words):
    """An interval without 0 called "could be chance" is a mistake; a clear trifle must not sound like a finding."""
    assert meaning(estimate, scale) == words


def test_people_are_not_judged_before_all_histories_are_there():
    told = people([OPEN] * 30, [outcome(True, hope=0.9)] * 30)
    assert "clear" in people_table(told)
    assert "clear" not in people_table(told, judged=False)


def test_reasons_add_up_to_all_groups():
    rows = reason_rows(pair_of([OPEN, SHUT, SHUT, SHUT], [OPEN, OPEN, OPEN, outcome(False, 3.0, "money")]))
    assert [sum(values[k] for _, values in rows) for k in (0, 1)] == [100.0, 100.0]
    assert [label for label, _ in rows][:2] == ["still meeting", "closed: nobody to run it"]


def test_small_differences_among_people_are_put_in_proportion():
    told = people([OPEN] * 20, [OPEN] * 20)
    assert "Only about 20 (A) and 20 (B) of 100 people in need" in on_people(told)
    assert on_people([Comparison(told[0].measure, (Estimate(nan, nan, nan, 0),) * 2)]) == ""
    assert change_cell(told[2])[1] == "no difference"


def test_tables_cannot_be_broken_by_words():
    assert "<i>" not in differing_list([("<i>", "<i>", "<i>")])
    assert people_table(people([OPEN] * 3, [SHUT] * 3)).count("<tr>") == 11


# One history


def test_one_history_is_answered_in_the_words_of_its_story():
    """Who comes from Explore asks about one history: the answer must be that history's, not the many's."""
    first, second = (situation.with_value("seed", 4) for situation in opening())
    assert endings_of(first.scenario(), second.scenario()) == (
        "A closed at the end of week 183, after 184 weeks: too few people came. B was still meeting after ten years."
    )


def test_two_ends_at_the_same_time_say_so():
    nobody, money = "closed after 270 weeks: nobody to lead it", "closed after 270 weeks: too little money"
    assert same_too(nobody, money) == "closed after 270 weeks too: too little money"
    assert same_too(nobody, "closed after 300 weeks: too little money") == "closed after 300 weeks: too little money"
    assert same_too("was still meeting after ten years", nobody) == nobody


# The conversation


class Asked:
    """Stands for the requests that a conversation makes: nothing is lived, parts come when the test says so."""

    def __init__(self) -> None:
        self.open: list[Asked.One] = []

    def __call__(self, scenario, replicates, on_batch):
        one = Asked.One(scenario, on_batch)
        self.open.append(one)
        return one

    class One:
        """One request."""

        def __init__(self, scenario, on_batch):
            self.scenario, self.on_batch, self.stopped = scenario, on_batch, False

        def stop(self):
            self.stopped = True

        def give(self, number):
            self.on_batch(Batch((OPEN,) * number, HISTORIES))


@pytest.fixture
def asked(monkeypatch):
    made = Asked()
    monkeypatch.setattr(histories, "ask", made)
    return made


def scenarios(*rates: float):
    return [Situation().with_value(RATE, rate).scenario() for rate in rates]


def test_a_pair_is_told_when_both_have_enough_and_only_what_both_have(asked):
    told = []
    first, second = scenarios(0.1, 0.2)
    LatestQuestion(told.append).ask(first, second)
    one, other = asked.open
    one.give(60)
    other.give(10)
    assert told == [], "under twenty nothing is said"
    other.give(25)
    assert [len(pair.one) for pair in told] == [25] and len(told[0].other) == 25
    other.give(24)
    assert len(told) == 1


def test_an_overtaken_question_gives_its_first_answer_and_then_the_newest_is_asked(asked):
    """Otherwise a slider that keeps moving would never be answered; what lies between is never asked at all."""
    told = []
    a, b, c, d = scenarios(0.1, 0.2, 0.3, 0.4)
    talk = LatestQuestion(told.append)
    talk.ask(a, b)
    talk.ask(a, c)
    talk.ask(a, d)
    assert [one.scenario for one in asked.open] == [a, b]
    for one in asked.open[:2]:
        one.give(20)
    assert [pair.second for pair in told] == [b]
    assert all(one.stopped for one in asked.open[:2])
    assert [one.scenario for one in asked.open[2:]] == [a, d]


def test_a_stale_question_is_stopped_at_once_when_it_has_answered_or_is_slow(asked, monkeypatch):
    told = []
    a, b, c, d = scenarios(0.1, 0.2, 0.3, 0.4)
    talk = LatestQuestion(told.append)
    talk.ask(a, b)
    for one in list(asked.open):
        one.give(20)
    talk.ask(a, c)
    assert all(one.stopped for one in asked.open[:2]), "it had given its first answer"
    monkeypatch.setattr(queries, "PATIENCE", 0.0)
    talk.ask(a, d)
    assert all(one.stopped for one in asked.open[2:4]), "patience was at its end"
    for one in asked.open[:4]:
        one.give(60)
    assert [len(pair.one) for pair in told] == [20], "nothing stale is told"
    talk.stop()
    for one in asked.open:
        one.give(HISTORIES)
    assert len(told) == 1
    assert all(one.stopped for one in asked.open)


def test_two_equal_situations_are_lived_once(asked):
    told = []
    (a,) = scenarios(0.1)
    LatestQuestion(told.append).ask(a, a)
    assert len(asked.open) == 1
    asked.open[0].give(HISTORIES)
    assert told[0].one == told[0].other and told[0].done


# Papers


@pytest.fixture(scope="module")
def short() -> tuple[Situation, Situation]:
    first = Situation().with_values({**SHORT, RATE: 2.0})
    return first, with_loss(first.with_value("prepare.successors", 2), 2, 52)


def get(path: str, query: str):
    """Return what a browser gets from a document of the page: its status and its text."""
    route = next(route for route in routes() if route.path == path)
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": []}
    response = route.endpoint(Request({**scope, "scheme": "http", "server": ("127.0.0.1", 80)}))
    return response.status_code, bytes(response.body).decode()


def test_the_table_holds_what_the_page_counts(short):
    status, text = get("/get/turnover.csv", address_of(*short).query())
    assert status == 200, text
    rows = {row["what"]: row for row in csv.DictReader(StringIO(text))}
    pair = answered(short[0].scenario(), short[1].scenario(), 100.0)
    told = people(pair.one, pair.other)[2]
    row = rows[told.measure.words]
    assert float(row["a"]) == pytest.approx(100 * told.means[0].value, rel=1e-5)
    assert float(row["b_less_a_high"]) == pytest.approx(100 * told.difference.high, rel=1e-5)
    assert rows["still meeting at the end"]["pairs"] == str(HISTORIES)
    assert row["clear_in_words"] == change_cell(told)[1], "the column clear is explained in the words of the page"


def test_a_wrong_address_of_a_paper_is_told_in_one_line():
    for path in ("/handout", "/get/turnover.csv"):
        status, text = get(path, "serve.turnover_per_year=99")
        assert status == 400
        assert len(text.splitlines()) == 1


def test_the_handout_is_complete_in_itself_and_takes_no_markup_from_the_address(short):
    bad = '<img src=x onerror="alert(1)">'
    first, second = (situation.with_value("about", bad).with_value("title", bad) for situation in short)
    pair = answered(first.scenario(), second.scenario(), 100.0)
    page = handout(pair, address_of(first, second).query())
    assert "<img" not in page
    assert not re.search(r"<[^>]*(src|href)=|url\(|@import|<script", page)
    told = answer_text(pair)
    for words in (told.headline, told.difference.split(".")[0], "All 200 runs", "no medical advice", "--seed 1 "):
        assert words in page
    for _, one, other in differing(pair.first, pair.second):
        assert capital(one) in page and capital(other) in page
