"""An address holds all that a page assumes: it reads back as written, says what is wrong, and is never a program."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mhsim.dashboard.scenario_state import Situation, form_named, situation_of
from mhsim.dashboard.server import start_address
from mhsim.dashboard.url_state import address_of, read_address
from mhsim.errors import InputError
from mhsim.scenario import Change, parameter_rows
from mhsim.scenario_io.loader import shipped

NUMBERS = [row for row in parameter_rows() if isinstance(row["default"], float) and row["path"] != "weeks_per_step"]
FREE = [row for row in NUMBERS if not str(row["path"]).startswith(("community", "start"))]


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Any form with any seed, a few other values and a few changes."""
    situation = Situation(draw(st.sampled_from(sorted(shipped())))).with_values({"seed": draw(st.integers(0, 2**53))})
    for row in draw(st.lists(st.sampled_from(FREE), max_size=3, unique_by=lambda row: row["path"])):
        value = draw(st.floats(row["low"], row["high"], allow_nan=False))
        situation = situation.with_values({str(row["path"]): value})
    for _ in range(draw(st.integers(0, 2))):
        week = draw(st.integers(0, 500))
        share = draw(st.floats(0, 1))
        lost = Change(week=week, act="lose_busiest_helpers", count=draw(st.integers(1, 9)), leave=draw(st.booleans()))
        changed = Change(week=week, set={"serve.again": share, "supervise.supervision": share / 3})
        later = [*situation.changes, draw(st.sampled_from([lost, changed]))]
        situation = situation.with_values({}, sorted(later, key=lambda one: one.week))
    return situation


@settings(max_examples=60, deadline=None)
@given(situations(), situations(), st.integers(0, 500))
def test_an_address_reads_back_as_written_so_that_a_link_restores_everything(
    first: Situation, second: Situation, week: int
) -> None:
    address = address_of(first, second, {"week": week, "person": "0-12-3"})
    again = read_address(address.query())
    assert again.query() == address.query()
    assert again.first.scenario() == first.scenario()
    assert again.second.scenario() == second.scenario()
    assert again.other("week") == str(week)
    assert again.other("person") == "0-12-3"


@pytest.mark.parametrize("form", sorted(shipped()))
def test_every_shipped_form_is_a_situation_without_settings(form: str) -> None:
    assert situation_of(form_named(form)) == Situation(form)


def test_a_scenario_with_its_own_words_keeps_them() -> None:
    scenario = form_named("base").model_copy(update={"title": "Märzen & Söhne; 50 %", "form": "mine", "about": "a=b"})
    again = read_address(address_of(situation_of(scenario)).query()).first.scenario()
    assert again == scenario


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("form=bass", "form: there is none named 'bass'"),
        ("sed=3", "did you mean seed?"),
        ("serve.turnover_per_year=often", "allowed: a number from 0 to 52"),
        ("serve.turnover_per_year=99", "allowed: a number from 0 to 52"),
        ("weeks=0", "weeks"),
        ("change=3", "WEEK:PATH=VALUE"),
        ("change=3:serve.nothing=1", "no such key"),
        ("change=3:start.members=5", "cannot change in mid-life"),
        ("change=9999:serve.again=1", "3600"),
        ("change=3:lose_busiest_helpers=-1", "greater than or equal to 0"),
        ("start.members=2", "start.helpers is 3"),
        ("community.arrivals_per_week=5000", "too large for a page"),
        ("b.serve.again=2", "allowed: a number from 0 to 1"),
        ("x" * 30_000, "characters"),
        ("rules.mine=/etc/passwd", "no such key"),
    ],
)
def test_a_wrong_address_gives_one_line_that_says_what_is_allowed(query: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_address(query)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_second_situation_says_only_in_what_it_differs() -> None:
    first = Situation().with_values({"serve.turnover_per_year": 2.0}, [Change(week=9, set={"help.training": 1})])
    second = Situation(first.form, first.settings).with_values({"serve.again": 0.8})
    query = address_of(first, second).query()
    assert "b.serve.again=0.8" in query
    assert "b.change=" in query
    assert "b.serve.turnover" not in query
    assert read_address(query).second.changes == ()


def test_the_second_situation_may_be_shorter_than_a_change_of_the_first() -> None:
    """What B takes away of A is taken away before B is checked, or a right address would be refused."""
    first = Situation().with_values({}, [Change(week=400, set={"serve.again": 1.0})])
    second = Situation().with_values({"weeks": 200})
    again = read_address(address_of(first, second).query())
    assert (again.first, again.second) == (first, second)


def test_the_past_of_a_branch_stays_bit_for_bit() -> None:
    from mhsim import simulate

    plain = Situation().with_values({"weeks": 120})
    branch = plain.with_values({}, [Change(week=60, set={"serve.turnover_per_year": 4.0})])
    before, after = (simulate(one.scenario(), record="story") for one in (plain, branch))
    assert before.series is not None
    assert after.series is not None
    assert before.series.slice(0, 60).equals(after.series.slice(0, 60))
    assert not before.series.equals(after.series)


def test_the_command_opens_a_form_a_file_or_a_folder(tmp_path) -> None:
    assert start_address() == "/"
    assert start_address(["twelve_step"]) == "/explore?form=twelve_step"
    assert start_address([str(tmp_path)]) == "/results", "a folder of folders of results is a list to choose from"
    (tmp_path / "manifest.json").write_text("{}")
    assert start_address([str(tmp_path)]).startswith("/results?folder=")
    assert start_address([str(tmp_path), "base"]).startswith("/results?folder=")
    assert start_address(["base", str(tmp_path)]).startswith("/explore?form=base")
    for wrong, said in (["nothing"], "no scenario is named 'nothing'"), (["base", "twelve_step"], "one scenario"):
        with pytest.raises(InputError, match=said):
            start_address(wrong)
