"""Looking after helpers: what is left of their strain, and that it keeps them from burning out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhsim.mechanisms import supervise
from support import (
    after,
    assert_equals_plain,
    assert_rises,
    assert_same_luck,
    case,
    differing,
    measure,
    neutral,
    runs,
)

EASES = ("supervise.supervision", "supervise.peer_forum", "help.training")


def test_all_strain_is_left_at_nothing_and_where_it_is_off() -> None:
    """In the neutral setting, and switched off, helping strains in full; nothing else is touched."""
    state = case("supervise", 1)
    state.groups["relief"] = 0.25
    for rule, values in (("supervise", neutral("supervise", supervise)), ("unsupervised", {})):
        done = after(rule, state, values)
        assert (done.groups["relief"] == 1.0).all()
        assert differing(state.groups, done.groups) == {"relief"}
        assert not differing(state.people, done.people)


def test_what_is_left_is_the_formula() -> None:
    """Supervision takes off a half, training and a forum three tenths, one after the other."""
    values = {"supervise.supervision": 0.8, "supervise.peer_forum": 0.5, "help.training": 0.4}
    done = after("supervise", case("supervise", 2), values)
    assert done.groups["relief"][0] == pytest.approx((1 - 0.5 * 0.8) * (1 - 0.3 * 0.4) * (1 - 0.3 * 0.5), rel=1e-14)


def test_compiled_equals_plain_python(plain: dict[str, np.ndarray]) -> None:
    """The rule gives the same bits uncompiled."""
    assert_equals_plain(plain, "supervise")


@given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 1), st.sampled_from(EASES))
def test_looking_after_helpers_strains_nobody_more(seed: int, a: float, b: float, name: str) -> None:
    """Supervision, training and a forum each lower strain or leave it, person by person."""
    strain = []
    for value in sorted((a, b)):
        looked_after = after("supervise", case("supervise", seed), {name: value})
        strain.append(after("help", looked_after).people["strain"])
    assert (strain[1] <= strain[0]).all()


def test_direction_supervision_lowers_burning_out() -> None:
    """Over a run: with supervision and a forum fewer helpers burn out; without the rule the two do nothing."""
    hard = {"serve.burnout_per_year": 2.0, "weeks": 156}
    eased = {**hard, "supervise.supervision": 1.0, "supervise.peer_forum": 1.0}
    assert_rises(measure(runs(eased), "burnouts"), measure(runs(hard), "burnouts"))
    assert_rises(measure(runs(eased), "burnouts"), measure(runs({**eased, "supervise.enabled": False}), "burnouts"))


def test_switched_off_it_changes_nobodys_luck() -> None:
    """Traits and arrivals are the same with the mechanism on and off."""
    assert_same_luck("supervise")
