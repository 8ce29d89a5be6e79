"""The passage: hazards are the formula, the same for members and others; a crisis sets back and never moves on."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mhsim.mechanisms import progress
from mhsim.schema import ACCOMMODATION, IMPACT, NEVER, RECOIL
from support import (
    NOW,
    State,
    after,
    assert_count,
    assert_equals_plain,
    assert_rises,
    assert_same_luck,
    case,
    chance,
    differing,
    lives,
    logistic,
    measure,
    neutral,
    runs,
)


def hazards(s: State) -> np.ndarray:
    """Return each person's hazard of moving on, by the text and the default values; 0 for those who cannot."""
    p = s.people
    ease = np.array([1.0, 0.5, 0.0])[p["resilience"]]
    seeing = 0.06 * p["identification"] * (1 - 0.5 * p["shame"]) + 0.022 * (0.3 + ease)
    mean = 3.0 / (1.0 / p["hope"] + 1.0 / p["self_efficacy"] + 1.0 / p["coping"])
    learning = 0.25 * logistic(9.0 * (mean - 0.5)) * (1 - 0.7 * p["distress"])
    return np.where(
        p["in_crisis"] == 1, 0.0, np.select([p["stage"] == IMPACT, p["stage"] == RECOIL], [seeing, learning], 0.0)
    )


def test_nobody_moves_at_zero_rate() -> None:
    """In the neutral setting not a bit changes."""
    state = case("progress", 1, 2000)
    assert not differing(state.people, after("progress", state, neutral("progress", progress)).people)


def test_those_who_have_arrived_and_those_in_crisis_do_not_move_on() -> None:
    """In a crisis nobody moves on, however strong the pull; in accommodation nobody moves without one."""
    state = case("progress", 2, 2000)
    done = after(
        "progress", state, {"progress.see_hazard": 10.0, "progress.learn_hazard": 10.0, "progress.time_hazard": 10.0}
    )
    crisis, there = state.people["in_crisis"] == 1, state.people["stage"] == ACCOMMODATION
    assert (done.people["stage"][crisis] <= state.people["stage"][crisis]).all()
    assert (done.people["stage"][there & ~crisis] == ACCOMMODATION).all()


def test_the_rates_are_the_formula() -> None:
    """Both passages apart over thousands of people (four standard errors); dates are set at the first entry."""
    state = case("progress", 4, 30000)
    done = after("progress", state).people
    for stage, date in ((IMPACT, "recoil_at"), (RECOIL, "accommodated_at")):
        rows = (state.people["stage"] == stage) & (state.people["in_crisis"] == 0)
        moved = done["stage"] > state.people["stage"]
        assert_count(moved[rows], chance(hazards(state)[rows]))
        assert (done[date][rows & moved] == NOW).all()
    state.people["recoil_at"] = 7
    assert (after("progress", state).people["recoil_at"] == 7).all()


def test_the_rate_of_setbacks_is_the_formula() -> None:
    """In a crisis a person beyond impact falls back by one stage with the chance `setback`."""
    state = case("progress", 5, 20000)
    rows = (state.people["in_crisis"] == 1) & (state.people["stage"] > IMPACT)
    fell = after("progress", state).people["stage"].astype(int) - state.people["stage"]
    assert set(fell[rows].tolist()) == {0, -1}
    assert_count(fell[rows] == -1, np.full(rows.sum(), 0.25))


def test_all_three_are_needed_for_accommodation() -> None:
    """Without hope, without efficacy or without coping the other two are worth next to nothing."""
    state = case("progress", 6, 6000)
    state.people["stage"], state.people["in_crisis"], state.people["distress"] = RECOIL, 0, 0.0
    for name in ("hope", "self_efficacy", "coping"):
        state.people[name] = 1.0
    most = (after("progress", state).people["stage"] == ACCOMMODATION).sum()
    for name in ("hope", "self_efficacy", "coping"):
        less = state._replace(people=state.people.copy())
        less.people[name] = 0.0
        assert (after("progress", less).people["stage"] == ACCOMMODATION).sum() < 0.05 * most


def test_compiled_equals_plain_python(plain: dict[str, np.ndarray]) -> None:
    """The rule gives the same bits uncompiled."""
    assert_equals_plain(plain, "progress")


@given(
    st.integers(0, 10**6),
    st.floats(0, 2),
    st.floats(0, 2),
    st.sampled_from(["see_hazard", "time_hazard", "learn_hazard"]),
)
def test_a_higher_hazard_leaves_nobody_behind(seed: int, a: float, b: float, name: str) -> None:
    """Paired luck: each person is at least as far as at any lower hazard."""
    low, high = (
        after("progress", case("progress", seed), {f"progress.{name}": v}).people["stage"] for v in sorted((a, b))
    )
    assert (high >= low).all()


@given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_or_setback_moves_nobody_on(seed: int, a: float, b: float) -> None:
    """What makes the passage harder makes it so for each person."""
    for name in ("threshold", "setback"):
        low, high = (
            after("progress", case("progress", seed), {f"progress.{name}": v}).people["stage"] for v in sorted((a, b))
        )
        assert (high <= low).all()


def test_direction_faster_learning_brings_more_people_through() -> None:
    """Over two years: more of all people in need are in accommodation; of those who never join none is further back."""
    slow, fast = runs({"progress.learn_hazard": 0.1}, weeks=156), runs({"progress.learn_hazard": 0.6}, weeks=156)
    assert_rises(measure(slow, "accommodated_at_52"), measure(fast, "accommodated_at_52"))
    low, high = lives({"progress.learn_hazard": 0.1}), lives({"progress.learn_hazard": 0.6})
    never = (low["joined"] == NEVER) & (high["joined"] == NEVER) & (low["group"] < 0) & (high["group"] < 0)
    same = never & (low["arrived"] >= 52)
    assert same.sum() > 20
    assert (high["stage"][same] >= low["stage"][same]).all()


def test_switched_off_it_changes_nobodys_luck() -> None:
    """Traits and arrivals are the same with the mechanism on and off."""
    assert_same_luck("progress")
