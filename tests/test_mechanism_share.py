"""Sharing: who is not there gains nothing; hope comes from those ahead; the numbers are the formula."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhsim.mechanisms import share
from mhsim.schema import ACCOMMODATION, HELPER, NEVER, RECOIL
from support import (
    State,
    after,
    assert_count,
    assert_equals_plain,
    assert_same_luck,
    case,
    chance,
    copied,
    differing,
    lives,
    neutral,
)


def pair(state: State, teller_stage: int = ACCOMMODATION) -> State:
    """Return a meeting of two: row 0 hears, row 1 speaks for certain and row 0 next to never."""
    two = copied(state)._replace(people=state.people[:2].copy(), luck=state.luck[:2].copy(), ring=np.zeros(2, np.int32))
    two.people["attended"], two.people["visits"], two.people["meetings"], two.people["role"] = 1, 1, 9, 2
    two.people["sharing_skill"] = (1e-9, 1.0)
    two.luck["speak"] = (0.999, 0.0)
    two.people["stage"] = (RECOIL, teller_stage)
    two.people["met_alike"] = 0.0
    return two


def like(p: np.ndarray, i: int, j: int, breadth: float = 1.2) -> float:
    """Return how alike two people are, by the text."""
    dx, dy = p["profile_x"][i] - p["profile_x"][j], p["profile_y"][i] - p["profile_y"][j]
    return float(1.0 / (1.0 + (dx * dx + dy * dy) / (2.0 * breadth * breadth)))


def test_nothing_is_gained_at_zero_rate() -> None:
    """In the neutral setting people hear one another, and nothing but the trace of whom they heard changes."""
    state = case("share", 1, 500)
    assert differing(state.people, after("share", state, neutral("share", share)).people) <= {"met_alike"}


def test_those_absent_are_left_alone() -> None:
    """Who stays away hears nobody and is heard by nobody: not a bit changes, and whoever is there hears only them."""
    state = case("share", 2, 500)
    away = state.people["attended"] == 0
    done = after("share", state, {"share.hope_gain": 0.9, "share.despair": 0.9})
    assert not differing(state.people, done.people, away)
    state.people["attended"] = 0
    state.people["attended"][:1] = 1
    state.people["met_alike"] = 0.0
    assert not differing(state.people, after("share", state).people), "one alone hears nobody"


def test_the_rate_of_speaking_is_the_formula() -> None:
    """Participation is unequal by skill and role; the count of speakers is as the text says (four standard errors)."""
    state = case("share", 3, 6000)
    p = state.people
    voice = p["sharing_skill"] * np.where(p["role"] >= HELPER, 2.0, np.where(p["meetings"] == 1, 0.3, 1.0))
    there = p["attended"] == 1
    done = after("share", state)
    assert_count(done.scratch["voice"][there] > 0, chance(0.8 * voice[there]))
    assert not done.scratch["voice"][~there].any()


@pytest.mark.parametrize("stage", [RECOIL, ACCOMMODATION])
@pytest.mark.parametrize("needs_veteran", [0.0, 0.7, 1.0])
def test_what_is_heard_from_one_teller_is_the_formula(stage: int, needs_veteran: float) -> None:
    """One hearer and one teller by hand: hope, coping, efficacy, shame and identification, veteran or not."""
    for seed in range(40):
        two = pair(case("share", seed), stage)
        p, g = two.people, two.groups[0]
        done = after("share", two, {"share.needs_veteran": needs_veteran}).people
        alike, veteran, openness = like(p, 0, 1), stage == ACCOMMODATION, 0.5 + 0.5 * g["climate"]
        gap = max(0.0, p["hope"][1] - p["hope"][0])
        visible = 1.0 if veteran else 1.0 - needs_veteran
        hope = 0.09 * openness * alike * visible * max(0.0, 1.0 - gap / 0.7) * gap
        if not (veteran and gap > 0) and p["distress"][1] > 0.6:
            hope -= 0.02 * (p["distress"][1] - 0.6) * p["hope"][0]
        teaching = 0.05 * openness * (0.5 + 0.5 * g["legacy"])
        ahead = {k: veteran * max(0.0, p[k][1] - p[k][0]) for k in ("coping", "self_efficacy")}
        expected = {
            "met_alike": alike,
            "hope": p["hope"][0] + hope,
            "coping": p["coping"][0] + teaching * alike * ahead["coping"],
            "self_efficacy": p["self_efficacy"][0] + 0.015 * openness * alike * ahead["self_efficacy"],
            "shame": p["shame"][0] * (1.0 - 0.03 * alike),
            "identification": p["identification"][0] + 0.02 * alike * (1.0 - p["identification"][0]),
        }
        for name, value in expected.items():
            assert done[name][0] == pytest.approx(min(1.0, max(0.0, value)), abs=1e-13), name
        assert not differing(p, done, slice(1, 2)) - {"met_alike"}, "the teller heard nobody"


@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0])
def test_what_several_meetings_give_is_the_formula(exponent: float) -> None:
    """Three, two and one of three meetings a week: all that is gained is gained so many times to the power said."""
    for seed in range(10):
        two = pair(case("share", seed), ACCOMMODATION)
        two.people["hope"], two.people["shame"] = (0.2, 0.5), 0.3
        gains = []
        for due, visits in ((1, 1), (3, 1), (3, 2), (3, 3)):
            two.groups["due"], two.people["visits"] = due, visits
            done = after("share", two, {"share.dose_exponent": exponent}).people
            gains.append((done["hope"][0] - 0.2, 0.3 - done["shame"][0]))
        for visits in (1, 2, 3):
            assert gains[visits] == pytest.approx(np.array(gains[0]) * visits**exponent, rel=1e-9)


def test_spacing_is_an_inverted_u() -> None:
    """Who is ahead by the best gap gives most; a little ahead and far ahead give less, twice as far ahead nothing."""
    gained = []
    for gap in (0.1, 0.35, 0.6, 0.7, 0.8):
        two = pair(case("share", 6))
        two.people["hope"] = (0.1, 0.1 + gap)
        gained.append(after("share", two).people["hope"][0] - 0.1)
    assert gained[1] > max(gained[0], gained[2]) and min(gained[0], gained[2]) > 0
    assert gained[3] == pytest.approx(0.0, abs=1e-12) and gained[4] == 0.0


def test_direction_where_only_the_hardly_ahead_count_less_hope_is_gained() -> None:
    """Over a run: with a best gap next to nothing, those who come end with less hope, in every history."""
    for replicate in range(8):
        near, wide = lives({"share.best_gap": 0.05}, replicate), lives({"share.best_gap": 0.35}, replicate)
        joined = (near["joined"] != NEVER) & (wide["joined"] != NEVER)
        assert wide["hope"][joined].mean() > near["hope"][joined].mean()


def test_one_hears_those_who_sit_next_and_never_oneself() -> None:
    """With a talking time of one speaker each hears exactly one other, the next on the ring."""
    state = case("share", 4, 30)
    state.people["attended"], state.people["visits"], state.people["sharing_skill"] = 1, 1, 1.0
    state.people["role"], state.people["meetings"] = 2, 9
    state.luck["speak"] = 0.0
    done = after("share", state, {"share.heard_at_most": 1})
    ring = np.argsort(state.luck["seat"])
    for seat, i in enumerate(ring):
        j = ring[(seat + 1) % 30]
        assert done.people["met_alike"][i] == pytest.approx(like(state.people, i, j), abs=1e-15)


def test_means_do_not_grow_with_the_number_heard() -> None:
    """Gains are averaged over those heard: twins of one teller give what the teller alone gives."""
    two = pair(case("share", 5))
    many = copied(two)._replace(
        people=two.people[[0, 1, 1, 1, 1]].copy(), luck=two.luck[[0, 1, 1, 1, 1]].copy(), ring=np.zeros(5, np.int32)
    )
    many.people["who"] += np.arange(5, dtype=np.uint32)
    one, five = (after("share", s).people[0] for s in (two, many))
    for name in ("hope", "coping", "self_efficacy", "met_alike"):
        assert one[name] == pytest.approx(five[name], abs=1e-14)


def test_compiled_equals_plain_python(plain: dict[str, np.ndarray]) -> None:
    """The rule gives the same bits uncompiled."""
    assert_equals_plain(plain, "share")


GAINS = {
    "hope_gain": "hope",
    "coping_gain": "coping",
    "efficacy_gain": "self_efficacy",
    "identification_gain": "identification",
}


@given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 1), st.sampled_from(sorted(GAINS)))
def test_a_larger_gain_leaves_nobody_with_less(seed: int, a: float, b: float, name: str) -> None:
    """Paired luck: each person ends with at least as much as at any smaller gain, whatever else is heard."""
    state = case("share", seed)
    low, high = (after("share", state, {f"share.{name}": value}).people[GAINS[name]] for value in sorted((a, b)))
    assert (high >= low).all()


@given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 1))
def test_needing_a_veteran_and_despair_give_nobody_more_hope(seed: int, a: float, b: float) -> None:
    """The two parameters that take hope away do so for every person or leave that person as before."""
    for name in ("needs_veteran", "despair"):
        low, high = (after("share", case("share", seed), {f"share.{name}": v}).people["hope"] for v in sorted((a, b)))
        assert (high <= low).all()


@given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 1))
def test_more_relief_leaves_nobody_more_ashamed(seed: int, a: float, b: float) -> None:
    """Relief of shame works on each person alike in sign."""
    low, high = (after("share", case("share", seed), {"share.shame_relief": v}).people["shame"] for v in sorted((a, b)))
    assert (high <= low).all()


def test_direction_more_hope_gain_raises_hope_of_members_and_of_nobody_else() -> None:
    """Over a run: mean hope of those who come rises in every history; people who never join are the same to the bit."""
    for replicate in range(8):
        low, high = lives({}, replicate), lives({"share.hope_gain": 0.3}, replicate)
        joined = (low["joined"] != NEVER) & (high["joined"] != NEVER)
        never = (low["joined"] == NEVER) & (high["joined"] == NEVER) & (low["group"] < 0) & (high["group"] < 0)
        assert high["hope"][joined].mean() > low["hope"][joined].mean()
        assert never.sum() > 20
        assert not differing(low, high, never) & {"hope", "stage", "distress", "crises"}


def test_switched_off_it_changes_nobodys_luck() -> None:
    """Traits and arrivals are the same with the mechanism on and off."""
    assert_same_luck("share")
