"""Legacy: told on by helpers at meetings, forgotten without, and what teaching it adds."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mhsim.mechanisms import bequeath
from support import (
    after,
    assert_equals_plain,
    assert_rises,
    assert_same_luck,
    case,
    differing,
    lives,
    neutral,
)


def test_nothing_happens_at_zero_rate() -> None:
    """In the neutral setting methods are neither built up nor forgotten."""
    state = case("bequeath", 1)
    done = after("bequeath", state, neutral("bequeath", bequeath))
    assert not differing(state.groups, done.groups) | differing(state.people, done.people)


def test_it_is_told_on_by_helpers_and_forgotten_without() -> None:
    """A hundredth of what is missing with a helper at the meeting, less a hundredth without; nothing else changes."""
    for helpers, target in ((0, 0.0), (1, 1.0), (3, 1.0)):
        state = case("bequeath", 2)
        state.groups["helpers_there"] = helpers
        done = after("bequeath", state)
        before = state.groups["legacy"]
        assert np.allclose(done.groups["legacy"], before + 0.01 * (target - before), rtol=1e-13)
        assert differing(state.groups, done.groups) == {"legacy"}
        assert not differing(state.people, done.people)


def test_compiled_equals_plain_python(plain: dict[str, np.ndarray]) -> None:
    """The rule gives the same bits uncompiled."""
    assert_equals_plain(plain, "bequeath")


@given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 1))
def test_less_left_without_methods_teaches_nobody_more(seed: int, a: float, b: float) -> None:
    """Paired luck: the more teaching rests on what was handed down, the less coping anybody learns by hearing."""
    low, high = (after("share", case("share", seed), {"bequeath.untaught": v}).people["coping"] for v in sorted((a, b)))
    assert (high >= low).all()


def test_direction_a_legacy_teaches() -> None:
    """Over a run of groups that begin without methods: where these are built up, those who join cope better."""
    bare = {"start.quality": 0.1, "bequeath.untaught": 0.0, "share.coping_gain": 0.1}
    coping = []
    for memory in (0.0, 0.2):
        ends = [lives({**bare, "bequeath.legacy_memory": memory}, replicate) for replicate in range(12)]
        coping.append(np.array([people["coping"][people["joined"] >= 52].mean() for people in ends]))
    assert_rises(*coping)


def test_switched_off_it_changes_nobodys_luck() -> None:
    """Traits and arrivals are the same with the mechanism on and off."""
    assert_same_luck("bequeath")
