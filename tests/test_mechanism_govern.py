"""Keeping house: money, norms and what a group remembers of its weeks follow the formula."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mhsim.mechanisms import govern
from mhsim.schema import ACTIVE, DORMANT, FORMING
from support import (
    NOW,
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

COUNTS = {"attendance", "inflow", "leaderless", "unvisited", "status"}


def test_nothing_happens_at_zero_rate() -> None:
    """In the neutral setting only what is remembered of attendance, inflow and status is kept up to date."""
    state = case("govern", 1, 500)
    done = after("govern", state, neutral("govern", govern))
    assert differing(state.groups, done.groups) <= COUNTS
    assert not differing(state.people, done.people)


def test_the_house_is_kept_by_the_formula() -> None:
    """Every field of many groups in a week against the text written a second time in NumPy."""
    state = case("govern", 4, 300)
    g = state.groups
    g["founded"] = np.where(np.arange(300) % 3 == 0, NOW - 25, 0)
    g["unvisited"][::2], g["attended"][::4] = 3.0, 0
    g["visits"], g["held"] = 2 * g["attended"], 2
    done = after("govern", state).groups
    carriers = g["helpers"] + g["organisers"]
    formality = g["formality"] + 0.004 * g["roll"] / (g["roll"] + 20.0) * (1 - g["formality"])
    target = np.minimum(1.0, 0.3 + 0.2 * np.minimum(3, carriers) + 0.2 * formality)
    unvisited = np.where(g["attended"] == 0, g["unvisited"] + 1.0, 0.0)
    expected = {
        "funds": np.minimum(60.0, g["funds"] + g["attended"] - 4.0),
        "formality": formality,
        "norms": g["norms"] + 0.03 * (target - g["norms"]),
        "attendance": g["attendance"] + 0.12 * (g["attended"] - g["attendance"]),
        "inflow": g["inflow"] + 0.04 * (g["newcomers"] - g["inflow"]),
        "leaderless": np.where(carriers == 0, g["leaderless"] + 1.0, 0.0),
        "unvisited": unvisited,
        "status": np.where(g["founded"] > NOW - 26, FORMING, np.where(unvisited >= 4.0, DORMANT, ACTIVE)),
    }
    for name, value in expected.items():
        assert np.allclose(done[name], value, rtol=0, atol=1e-12), name
    assert differing(g, done) <= set(expected)
    assert len(set(done["status"].tolist())) == 3


def test_compiled_equals_plain_python(plain: dict[str, np.ndarray]) -> None:
    """The rule gives the same bits uncompiled."""
    assert_equals_plain(plain, "govern")


@given(st.integers(0, 10**6), st.floats(0, 50), st.floats(0, 50))
def test_a_dearer_room_leaves_no_group_richer(seed: int, a: float, b: float) -> None:
    """Money by sign, for every group: rent takes, gifts give."""
    state = case("govern", seed)
    low, high = (after("govern", state, {"govern.venue_cost": v}).groups["funds"] for v in sorted((a, b)))
    assert (high <= low).all()
    low, high = (after("govern", state, {"govern.gift": v}).groups["funds"] for v in sorted((a, b)))
    assert (high >= low).all()


def test_direction_a_dear_room_ends_groups() -> None:
    """Over a run: with a room that gifts cannot pay, fewer groups are open at the end."""
    low, high = (runs({"govern.venue_cost": v}, weeks=156) for v in (2.0, 40.0))
    assert_rises(measure(high, "alive_at_end"), measure(low, "alive_at_end"))


def test_switched_off_it_changes_nobodys_luck() -> None:
    """Traits and arrivals are the same with the mechanism on and off."""
    assert_same_luck("govern")
