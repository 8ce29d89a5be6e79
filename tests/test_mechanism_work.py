"""The group's work: what is called for, what is done, what is left undone, and what that does to a group."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhsim.mechanisms import work
from mhsim.schema import APPRENTICE, HELPER, ORDINARY, ORGANISER
from support import State, after, assert_equals_plain, assert_rises, assert_same_luck, case, measure, neutral, runs

ON = {"work.enabled": True, "prepare.enabled": True, "close.no_leader_per_year": 0.0, "attend.leaderless_push": 0.0}
"""The work of a group with both rules off that stood for it before."""
TWO_HOURS = {"work.hours": 2.0}
"""Hours of a helper with which the sums by hand are worked out."""


def group(helpers: int = 0, organisers: int = 0, apprentices: int = 0, coming: int = 0, members: int = 20) -> State:
    """Return a group with so many people in each role, seasoned and rested, and so many about to come first."""
    state = case("work", 1, members)
    roles = [HELPER] * helpers + [ORGANISER] * organisers + [APPRENTICE] * apprentices
    p = state.people
    p["role"] = roles + [ORDINARY] * (members - len(roles))
    p["know_how"], p["strain"], p["spare_time"], p["meetings"] = 1.0, 0.0, 1.0, 9
    p["meetings"][members - coming :] = 0
    state.groups["roll"][0] = members
    return state


def test_everything_is_done_where_nothing_is_called_for() -> None:
    """In the neutral setting every meeting is held, everybody is met and nothing is taken from anybody."""
    for seed in range(20):
        done = after("work", case("work", seed), neutral("work", work))
        g = done.groups[0]
        assert (g["held"], g["greeting"], g["hours_asked"]) == (1, 1.0, 0.0)
        assert (done.people["able"] == 1.0).all()


def test_of_several_meetings_some_fall_through() -> None:
    """Each of three meetings a week is held with the chance of one: the mean over many groups is three times that."""
    held = []
    for seed in range(400):
        state = case("work", seed)
        state.groups["due"] = 3
        state.people["role"], state.people["meetings"] = ORDINARY, 9
        held.append(int(after("work", state).groups["held"][0]))
    assert set(held) == {0, 1, 2, 3}
    assert abs(np.mean(held) - 3.0 * (1.0 - np.exp(-0.7))) < 4.0 * np.sqrt(3 * 0.25 / 400)


def test_hours_are_those_of_the_formula() -> None:
    """Three helpers, one of them new and tired, and an organiser, by hand."""
    state = group(helpers=3, organisers=1, apprentices=2, coming=1)
    p = state.people
    p["know_how"][0], p["strain"][0], p["spare_time"][1] = 0.0, 1.0, 2.0
    g = after("work", state, {"work.hours": 2.0, "work.tired": 0.5, "work.green": 0.5}).groups[0]
    opening, greet, teach = 1.5 + 0.05 * 20, 1.0, 0.5 * 2
    by_helpers, by_organisers = 2.0 * 0.25 + 4.0 + 2.0, 2.0
    assert g["hours_open"] == pytest.approx(opening)
    assert g["hours_asked"] == pytest.approx(opening + greet + teach)
    assert g["hours_done"] == pytest.approx(by_helpers + by_organisers)
    left = by_helpers - (opening - by_organisers)
    assert g["greeting"] == 1.0
    assert g["free"] == pytest.approx((left - greet - teach) / by_helpers)
    assert g["sharers"] == pytest.approx(2.0 * 5.0 / (opening + greet + teach))


def test_what_nobody_has_time_for_is_not_done_in_its_order() -> None:
    """One helper opens the meeting; newcomers are met with what is left, and nothing is left for those who ask."""
    g = after("work", group(helpers=1, coming=4), TWO_HOURS).groups[0]
    assert g["hours_open"] > g["hours_done"]
    assert (g["greeting"], g["free"]) == (0.0, 0.0)
    more = after("work", group(helpers=2, coming=4), TWO_HOURS).groups[0]
    assert more["greeting"] == pytest.approx((4.0 - 2.5) / 4.0)
    assert more["free"] == 0.0
    assert after("work", group(helpers=1, organisers=2), TWO_HOURS).groups["free"][0] == 1.0


@pytest.mark.parametrize(("helpers", "organisers"), [(0, 0), (1, 0), (0, 1), (3, 0)])
def test_the_chance_that_a_meeting_is_held_is_the_formula(helpers: int, organisers: int) -> None:
    """Just under and just over the chance of the text."""
    state = group(helpers=helpers, organisers=organisers)
    covered = min(1.0, 2.0 * (helpers + organisers) / 2.5)
    chance = -np.expm1(-0.7 - 3.9 * covered)
    for draw, held in ((chance - 1e-9, 1), (chance + 1e-9, 0)):
        state.draws[0, 0] = draw
        assert after("work", state, TWO_HOURS).groups["held"][0] == held


@given(seed=st.integers(0, 10_000))
def test_shares_are_shares_and_more_hands_do_more(seed: int) -> None:
    """Whatever the group: shares lie within 0 and 1, and one more helper never lessens what is done."""
    state = case("work", seed)
    before = after("work", state).groups[0]
    more = state._replace(people=state.people.copy())
    plain = np.flatnonzero(more.people["role"] == ORDINARY)
    if len(plain):
        more.people["role"][plain[0]] = HELPER
    now = after("work", more).groups[0]
    for name in ("greeting", "free"):
        assert 0.0 <= before[name] <= 1.0
    for name in ("hours_done", "greeting", "sharers", "held"):
        assert now[name] >= before[name]


@pytest.mark.slow
def test_hands_keep_a_group_going() -> None:
    """Direction, under the same chance events: without hours from anybody more meetings fall through and groups end."""
    short, enough = (runs({**ON, "work.hours": hours, "serve.become_hazard": 0.0}, weeks=260) for hours in (0.4, 4.0))
    assert_rises(measure(short, "retention_at_52"), measure(enough, "retention_at_52"))


@pytest.mark.slow
def test_organisers_have_work() -> None:
    """Groups without helpers last longer when members take on other work (heart's fifth proof, turned round)."""
    base = {**ON, "start.helpers": 0, "serve.become_hazard": 0.0}
    none, some = (runs({**base, "serve.organise_hazard": rate}, weeks=260) for rate in (0.0, 0.1))
    assert_rises(measure(none, "weeks_to_closure"), measure(some, "weeks_to_closure"))


def test_switched_off_it_changes_nobodys_luck() -> None:
    """Traits and arrivals are the same with and without."""
    assert_same_luck("work")


def test_it_gives_the_bits_of_plain_python(plain: dict[str, np.ndarray]) -> None:
    """Compiled and uncompiled, bit for bit."""
    assert_equals_plain(plain, "work")
