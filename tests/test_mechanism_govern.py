"""Keeping house: money, norms, conflict and legacy of a group follow the formula."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mhsim.mechanisms import govern
from mhsim.schema import ACTIVE, DORMANT, FORMING
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
    measure,
    neutral,
    runs,
)

COUNTS = {"attendance", "inflow", "leaderless", "unvisited", "status", "conflict"}


def disorder(s: State) -> np.ndarray:
    """Return what conflict and breaches grow with, by the text."""
    return np.asarray(s.groups["roll"] / 15.0 * (1.0 - s.groups["norms"]))


def test_nothing_happens_at_zero_rate() -> None:
    """In the neutral setting only what is remembered of attendance, inflow and status is kept up to date."""
    state = case("govern", 1, 500)
    done = after("govern", state, neutral("govern", govern))
    assert differing(state.groups, done.groups) <= COUNTS
    assert not done.groups["conflict"].any()
    assert not differing(state.people, done.people)


def test_groups_without_a_breach_leave_their_members_alone() -> None:
    """Keeping house touches people by a breach of confidence alone, and then only their trust."""
    state = case("govern", 2, 800)
    done = after("govern", state, {"govern.breach_per_year": 20.0})
    breach = state.draws[:, 1] < chance(20.0 / 52 * disorder(state))
    assert breach.any()
    assert not differing(state.people, done.people, ~breach)
    assert differing(state.people, done.people) == {"trust"}
    assert np.allclose(done.people["trust"][breach], 0.7 * state.people["trust"][breach], rtol=1e-13)


def test_the_rates_of_conflict_and_breach_are_the_formula() -> None:
    """Over thousands of groups of all kinds (four standard errors)."""
    state = case("govern", 3, 8000)
    done = after("govern", state, {"govern.conflict_per_year": 5.0, "govern.breach_per_year": 5.0})
    conflict = chance(5.0 / 52 * disorder(state) * (1.0 - 0.5 * state.groups["formality"]))
    assert_count(done.groups["conflict"], conflict)
    assert_count(done.people["trust"] != state.people["trust"], chance(5.0 / 52 * disorder(state)))


def test_the_house_is_kept_by_the_formula() -> None:
    """Every field of many groups in a quiet week against the text written a second time in NumPy."""
    state = case("govern", 4, 300)
    g = state.groups
    g["founded"] = np.where(np.arange(300) % 3 == 0, NOW - 25, 0)
    g["unvisited"][::2], g["attended"][::4] = 3.0, 0
    g["visits"], g["held"] = 2 * g["attended"], 2
    done = after("govern", state, {"govern.conflict_per_year": 0.0, "govern.breach_per_year": 0.0}).groups
    carriers = g["helpers"] + g["organisers"]
    formality = g["formality"] + 0.004 * g["roll"] / (g["roll"] + 20.0) * (1 - g["formality"])
    target = np.minimum(1.0, 0.3 + 0.2 * np.minimum(3, carriers) + 0.2 * formality)
    unvisited = np.where(g["attended"] == 0, g["unvisited"] + 1.0, 0.0)
    expected = {
        "funds": np.minimum(60.0, g["funds"] + g["attended"] - 4.0),
        "formality": formality,
        "norms": g["norms"] + 0.03 * (target - g["norms"]),
        "legacy": g["legacy"] + 0.01 * ((g["helpers_there"] > 0) - g["legacy"]),
        "attendance": g["attendance"] + 0.12 * (g["attended"] - g["attendance"]),
        "inflow": g["inflow"] + 0.04 * (g["newcomers"] - g["inflow"]),
        "leaderless": np.where(carriers == 0, g["leaderless"] + 1.0, 0.0),
        "unvisited": unvisited,
        "cohesion": g["cohesion"],
        "climate": g["climate"],
        "status": np.where(g["founded"] > NOW - 26, FORMING, np.where(unvisited >= 4.0, DORMANT, ACTIVE)),
    }
    for name, value in expected.items():
        assert np.allclose(done[name], value, rtol=0, atol=1e-12), name
    assert len(set(done["status"].tolist())) == 3


def test_a_conflict_costs_a_fifth_of_cohesion_and_climate() -> None:
    """What an open conflict does to a group, and to no other."""
    state = case("govern", 5, 500)
    done = after("govern", state, {"govern.conflict_per_year": 20.0, "govern.breach_per_year": 0.0}).groups
    open_conflict = done["conflict"] == 1
    for name in ("cohesion", "climate"):
        assert np.allclose(done[name], state.groups[name] * np.where(open_conflict, 0.8, 1.0), rtol=1e-14)


def test_compiled_equals_plain_python(plain: dict[str, np.ndarray]) -> None:
    """The rule gives the same bits uncompiled."""
    assert_equals_plain(plain, "govern")


@given(st.integers(0, 10**6), st.floats(0, 52), st.floats(0, 52))
def test_a_higher_rate_of_conflict_spares_no_group(seed: int, a: float, b: float) -> None:
    """Paired luck: a group in conflict at a rate is so at any higher one, and members trust no more for breaches."""
    state = case("govern", seed)
    low, high = (after("govern", state, {"govern.conflict_per_year": v}).groups["conflict"] for v in sorted((a, b)))
    assert (high >= low).all()
    low, high = (after("govern", state, {"govern.breach_per_year": v}).people["trust"] for v in sorted((a, b)))
    assert (high <= low).all()


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


def test_direction_conflict_drives_members_out() -> None:
    """Over a run: more exits for conflict."""
    low, high = (runs({"govern.conflict_per_year": v}) for v in (0.2, 10.0))
    assert_rises(measure(low, "exits_conflict"), measure(high, "exits_conflict"))


def test_switched_off_it_changes_nobodys_luck() -> None:
    """Traits and arrivals are the same with the mechanism on and off."""
    assert_same_luck("govern")
