"""Bonds: ties, belonging and trust grow by being there and fade away from it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhsim.mechanisms import bond
from mhsim.schema import FRIEND, HELP_TIE, HELPER, NEVER, NO_TIE, RECOIL, SPONSOR
from support import (
    State,
    after,
    assert_count,
    assert_equals_plain,
    assert_rises,
    assert_same_luck,
    case,
    differing,
    measure,
    neutral,
    runs,
    tie,
)


def untied(seed: int, n: int = 40) -> State:
    """Return members without any tie, whom nobody helped this step."""
    state = case("bond", seed, n)
    state.ties["kind"], state.people["helped_by"], state.people["tie_support"] = NO_TIE, -1, 0.0
    return state


def test_nothing_grows_or_fades_at_zero_rate() -> None:
    """In the neutral setting talk leaves no trace but the date of a first contact."""
    state = untied(1, 200)
    done = after("bond", state, neutral("bond", bond))
    assert differing(state.people, done.people) <= {"first_contact"}
    assert not differing(state.groups, done.groups)
    assert not (done.ties["kind"] != NO_TIE).any()


def test_those_absent_are_left_alone_but_for_fading() -> None:
    """Who stays away and was not helped makes no contact and no tie, gains no trust and loses some belonging."""
    state = untied(2, 300)
    away = state.people["attended"] == 0
    done = after("bond", state)
    assert differing(state.people, done.people, away) <= {"belonging"}
    assert np.allclose(done.people["belonging"][away], 0.97 * state.people["belonging"][away], rtol=1e-14)
    assert not (done.ties["kind"][state.people["slot"][away]] != NO_TIE).any()


def test_the_rate_of_talking_is_the_formula() -> None:
    """Each member there starts talking with chance `chat`: seen in first contacts of those whom nobody else reaches."""
    state = untied(3, 4000)
    state.people["first_contact"] = NEVER
    done = after("bond", state, {"bond.chat": 0.3, "bond.chat_gain": 0.5})
    there = state.people["attended"] == 1
    reached = done.people["first_contact"] != NEVER
    assert not reached[~there].any()
    assert_count(reached[there], np.full(there.sum(), 1.0 - 0.7 * 0.7))


def test_belonging_trust_fit_and_the_group_follow_the_formula() -> None:
    """By hand for all who came: growth by likeness and climate; cohesion and climate follow the mean of those there."""
    state = untied(4, 60)
    p, g = state.people, state.groups[0].copy()
    there = p["attended"] == 1
    done = after("bond", state)
    gain = 0.08 * p["met_alike"] * (0.5 + 0.5 * g["climate"])
    belonging, trust = p["belonging"] + gain * (1 - p["belonging"]), p["trust"] + 0.03 * (1 - p["trust"])
    fit = np.where(p["met_alike"] > 0, p["fit"] + 0.2 * (p["met_alike"] - p["fit"]), p["fit"])
    for name, value in (("belonging", belonging), ("trust", trust), ("fit", fit)):
        assert np.allclose(done.people[name][there], value[there], atol=1e-14), name
    assert done.groups["cohesion"][0] == pytest.approx(g["cohesion"] + 0.1 * (belonging[there].mean() - g["cohesion"]))
    assert done.groups["climate"][0] == pytest.approx(g["climate"] + 0.1 * (trust[there].mean() - g["climate"]))


def test_help_makes_a_tie_on_both_sides_that_counts_who_gave() -> None:
    """One act of help: both ties move up by the gain and fade, giver and taker are counted, support follows."""
    state = untied(5, 2)
    state.people["attended"], state.people["helped_by"] = 0, (1, -1)
    done = after("bond", state)
    mine, other = done.ties[0, 0], done.ties[1, 0]
    assert (mine["other"], mine["received"], mine["given"], mine["kind"]) == (1, 1, 0, HELP_TIE)
    assert (other["other"], other["received"], other["given"], other["kind"]) == (0, 0, 1, HELP_TIE)
    assert mine["strength"] == other["strength"] == pytest.approx(0.1 * 0.99, rel=1e-14)
    assert done.people["tie_support"][0] == pytest.approx(0.099 / 1.099, rel=1e-13)


def test_help_in_both_directions_counts_double() -> None:
    """If help has gone both ways between two people, the tie moves up twice."""
    state = untied(6, 2)
    state.people["attended"], state.people["helped_by"] = 0, (1, -1)
    for slot in (0, 1):
        state.ties[slot, 0] = tie(0.2, 1 - slot, state.handles["generation"][1 - slot], 1 - slot, slot, HELP_TIE)
    state.ties["given"][0, 0], state.ties["received"][1, 0] = 1, 1
    done = after("bond", state)
    assert done.ties["strength"][0, 0] == pytest.approx((1.0 - 0.8 * 0.9 * 0.9) * 0.99, rel=1e-13)


def test_strong_ties_turn_into_friendship_and_weak_ones_end() -> None:
    """A friendship fades half as fast; a tie under 0.02 is gone; a lapsed tie supports nobody."""
    state = untied(7, 4)
    state.people["attended"] = 0
    generation = state.handles["generation"]
    for k, (strength, other) in enumerate(((0.7, 1), (0.0201, 2), (0.5, 3))):
        state.ties[0, k] = tie(strength, other, generation[other] + (other == 3), 0, 0, HELP_TIE)
    done = after("bond", state)
    assert done.ties["kind"][0].tolist()[:3] == [FRIEND, NO_TIE, NO_TIE]
    assert done.ties["strength"][0, 0] == pytest.approx(0.7 * 0.995, rel=1e-14)
    assert done.people["tie_support"][0] == pytest.approx(0.6965 / 1.6965, rel=1e-13)


def test_a_sponsor_is_taken_after_the_third_help_and_only_one() -> None:
    """Where the form has sponsors, the third help by a helper makes that one the sponsor of somebody not yet well."""
    for before, sponsors in ((1, 0), (2, 1)):
        state = untied(8, 3)
        state.people["attended"], state.people["helped_by"] = 0, (1, -1, -1)
        state.people["role"], state.people["stage"] = (2, HELPER, HELPER), (RECOIL, 2, 2)
        state.ties[0, 0] = tie(0.3, 1, state.handles["generation"][1], 0, before, HELP_TIE)
        done = after("bond", state, {"bond.sponsors": True})
        assert (done.ties["kind"][0] == SPONSOR).sum() == sponsors
        assert not (after("bond", state).ties["kind"] == SPONSOR).any(), "not without the switch"
    done.people["helped_by"] = (2, -1, -1)
    done.ties[0, 1] = tie(0.3, 2, done.handles["generation"][2], 0, 5, HELP_TIE)
    assert (after("bond", done, {"bond.sponsors": True}).ties["kind"][0] == SPONSOR).sum() == 1


def test_outside_a_group_belonging_and_ties_only_fade() -> None:
    """Former members keep what they had for a while; nothing outside makes it grow."""
    state = case("bond_outside", 9, 200)
    done = after("bond_outside", state)
    assert differing(state.people, done.people) <= {"belonging", "tie_support"}
    assert (done.people["belonging"] <= state.people["belonging"]).all()
    assert (done.ties["strength"] <= state.ties["strength"]).all()


@pytest.mark.parametrize("rule", ["bond", "bond_outside"])
def test_compiled_equals_plain_python(plain: dict[str, np.ndarray], rule: str) -> None:
    """The rule gives the same bits uncompiled."""
    assert_equals_plain(plain, rule)


@given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_gain_leaves_nobody_with_less_belonging_or_trust(seed: int, a: float, b: float) -> None:
    """Paired luck: each member has at least as much as at any smaller gain; a faster fading leaves at most as much."""
    state = case("bond", seed)
    for name, field in (("belonging_gain", "belonging"), ("trust_gain", "trust")):
        low, high = (after("bond", state, {f"bond.{name}": v}).people[field] for v in sorted((a, b)))
        assert (high >= low).all()
    slow, fast = (after("bond", state, {"bond.belonging_fade": v}).people["belonging"] for v in sorted((a, b)))
    assert (fast <= slow).all()


@given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 1))
def test_more_talk_leaves_nobody_with_less_support(seed: int, a: float, b: float) -> None:
    """Without full lists of ties, whoever talks more has at least as much support in ties."""
    low, high = (after("bond", untied(seed, 8), {"bond.chat_gain": v}).people["tie_support"] for v in sorted((a, b)))
    assert (high >= low).all()


def test_direction_faster_belonging_keeps_people() -> None:
    """Over a run: more belonging by meeting, more people still there half a year after their first visit."""
    low, high = (runs({"arrive.uptake": 0.0857, "bond.belonging_gain": v}) for v in (0.02, 0.3))
    assert_rises(measure(low, "retention_at_26"), measure(high, "retention_at_26"))
    assert_rises(measure(low, "members_at_end"), measure(high, "members_at_end"))


def test_switched_off_it_changes_nobodys_luck() -> None:
    """Traits and arrivals are the same with the mechanism on and off."""
    assert_same_luck("bond")
