"""Breaches of confidence: how often, and that they cost trust and nothing else."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mhsim.mechanisms import breach
from support import (
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
    neutral,
)


def hazard(s: State, per_year: float) -> np.ndarray:
    """Return the hazard of a breach in each group, by the text."""
    return np.asarray(per_year / 52 * s.groups["roll"] / 15.0 * (1.0 - s.groups["norms"]))


def test_nothing_happens_at_zero_rate() -> None:
    """In the neutral setting no group and nobody is touched."""
    state = case("breach", 1, 500)
    done = after("breach", state, neutral("breach", breach))
    assert not differing(state.groups, done.groups) | differing(state.people, done.people)


def test_it_costs_trust_where_it_happens_and_nowhere_else() -> None:
    """Who is in a group without a breach is left alone; elsewhere trust and climate lose three tenths."""
    state = case("breach", 2, 800)
    done = after("breach", state, {"breach.breach_per_year": 20.0})
    breached = state.draws[:, 0] < chance(hazard(state, 20.0))
    assert 0 < breached.sum() < 800
    assert not differing(state.people, done.people, ~breached)
    assert differing(state.people, done.people) == {"trust"}
    assert np.allclose(done.people["trust"][breached], 0.7 * state.people["trust"][breached], rtol=1e-13)
    assert differing(state.groups, done.groups) == {"climate"}
    assert np.allclose(done.groups["climate"], state.groups["climate"] * np.where(breached, 0.7, 1.0), rtol=1e-13)


def test_the_rate_is_the_formula() -> None:
    """Over thousands of groups of all kinds (four standard errors)."""
    state = case("breach", 3, 8000)
    done = after("breach", state, {"breach.breach_per_year": 5.0})
    assert_count(done.people["trust"] != state.people["trust"], chance(hazard(state, 5.0)))


def test_compiled_equals_plain_python(plain: dict[str, np.ndarray]) -> None:
    """The rule gives the same bits uncompiled."""
    assert_equals_plain(plain, "breach")


@given(st.integers(0, 10**6), st.floats(0, 52), st.floats(0, 52))
def test_more_breaches_leave_nobody_with_more_trust(seed: int, a: float, b: float) -> None:
    """Paired luck, member by member."""
    state = case("breach", seed)
    low, high = (after("breach", state, {"breach.breach_per_year": v}).people["trust"] for v in sorted((a, b)))
    assert (high <= low).all()


def test_direction_where_confidences_are_broken_people_give_one_another_less_hope() -> None:
    """Over a run: where confidences are often breached, people are guarded, and those who join end with less hope."""
    hope = []
    for rate in (26.0, 0.0):
        ends = [lives({"breach.breach_per_year": rate}, replicate) for replicate in range(12)]
        hope.append(np.array([people["hope"][people["joined"] >= 52].mean() for people in ends]))
    assert_rises(*hope)


def test_switched_off_it_changes_nobodys_luck() -> None:
    """Traits and arrivals are the same with the mechanism on and off."""
    assert_same_luck("breach")
