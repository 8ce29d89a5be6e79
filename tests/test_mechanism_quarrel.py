"""Open conflict: how often, what it costs a group, and that it drives members out."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mhsim.mechanisms import quarrel
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
    measure,
    neutral,
    runs,
)


def hazard(s: State, per_year: float) -> np.ndarray:
    """Return the hazard of conflict in each group, by the text."""
    loose = s.groups["roll"] / 15.0 * (1.0 - s.groups["norms"])
    return np.asarray(per_year / 52 * loose * (1.0 - 0.5 * s.groups["formality"]))


def test_nothing_happens_at_zero_rate() -> None:
    """In the neutral setting a conflict of the step before is over, and nothing else is touched."""
    state = case("quarrel", 1, 500)
    done = after("quarrel", state, neutral("quarrel", quarrel))
    assert differing(state.groups, done.groups) == {"conflict"}
    assert not done.groups["conflict"].any()
    assert not differing(state.people, done.people)


def test_switched_off_the_conflict_there_was_is_over() -> None:
    """Otherwise a group caught by a change in mid-life would quarrel for ever, and lose members every week."""
    state = case("at_peace", 1)
    state.groups["conflict"][0] = 1
    done = after("at_peace", state)
    assert done.groups["conflict"][0] == 0
    assert differing(state.groups, done.groups) == {"conflict"}


def test_the_rate_is_the_formula_and_spares_who_has_none() -> None:
    """Over thousands of groups of all kinds (four standard errors); a fifth of ease is lost, and only there."""
    state = case("quarrel", 3, 8000)
    done = after("quarrel", state, {"quarrel.conflict_per_year": 5.0}).groups
    assert_count(done["conflict"], chance(hazard(state, 5.0)))
    left = np.where(done["conflict"] == 1, 0.8, 1.0)
    for name in ("cohesion", "climate"):
        assert np.allclose(done[name], state.groups[name] * left, rtol=1e-14)


def test_compiled_equals_plain_python(plain: dict[str, np.ndarray]) -> None:
    """The rule gives the same bits uncompiled."""
    assert_equals_plain(plain, "quarrel")


@given(st.integers(0, 10**6), st.floats(0, 52), st.floats(0, 52))
def test_a_higher_rate_of_conflict_spares_no_group(seed: int, a: float, b: float) -> None:
    """Paired luck: a group in conflict at a rate is so at any higher one."""
    state = case("quarrel", seed)
    low, high = (after("quarrel", state, {"quarrel.conflict_per_year": v}).groups["conflict"] for v in sorted((a, b)))
    assert (high >= low).all()


def test_direction_conflict_drives_members_out() -> None:
    """Over a run: more exits for conflict, fewer where it makes nobody leave, none where the rule is off."""
    often = {"quarrel.conflict_per_year": 10.0}
    low, high = (runs({**often, "quarrel.conflict_hazard": v}) for v in (0.05, 0.5))
    assert_rises(measure(low, "exits_conflict"), measure(high, "exits_conflict"))
    assert not measure(runs({**often, "quarrel.enabled": False}), "exits_conflict").any()


def test_switched_off_it_changes_nobodys_luck() -> None:
    """Traits and arrivals are the same with the mechanism on and off."""
    assert_same_luck("quarrel")
