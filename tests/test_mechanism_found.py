"""How groups begin: splitting and founding happen at their rates and never without the people for it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mhsim.engine.world import settings_of
from mhsim.mechanisms import found
from mhsim.schema import COMMUNITIES, IMPACT, NOWHERE, STAYS
from support import (
    after,
    assert_count,
    assert_equals_plain,
    assert_rises,
    assert_same_luck,
    call_choose_founders,
    call_found,
    case,
    chance,
    differing,
    logistic,
    measure,
    neutral,
    runs,
    scenario,
)


def founded(values: dict[str, float], seed: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return many communities without open groups and in which of them a group is founded."""
    rng = np.random.default_rng(seed)
    communities = np.zeros(n, COMMUNITIES)
    communities["members"] = rng.integers(0, 20, n)
    communities["people"] = communities["members"] + rng.integers(0, 200, n)
    happened = np.zeros(n, np.int64)
    call_found(communities, rng.random((n, 2)), happened, settings_of(scenario(values)).found)
    return communities, happened


def test_no_group_begins_at_zero_rate() -> None:
    """In the neutral setting no group is marked to split and none is founded."""
    state = case("found", 1, 2000)
    state.groups["splitting"] = 0
    assert not differing(state.groups, after("found", state, neutral("found", found)).groups)
    assert not founded({**neutral("found", found), "found.enough_groups": 5}, 1, 500)[1].any()


def test_a_group_with_fewer_than_two_helpers_does_not_split() -> None:
    """Somebody must carry either part, so such a group is left alone however large."""
    state = case("found", 2, 500)
    state.groups["roll"] = 500
    done = after("found", state, {"found.split_hazard": 10.0}).groups["splitting"]
    few = state.groups["helpers"] < 2
    assert not done[few].any()
    assert done[~few].all()


def test_the_rate_of_splitting_is_the_formula() -> None:
    """Over thousands of groups of all sizes (four standard errors)."""
    state = case("found", 3, 20000)
    hazard = 0.5 * logistic((state.groups["roll"] - 30.0) / 3.0)
    able = state.groups["helpers"] >= 2
    done = after("found", state, {"found.split_hazard": 0.5}).groups["splitting"]
    assert_count(done[able], chance(hazard[able]))


def test_the_rate_of_founding_is_the_formula() -> None:
    """Over thousands of communities (four standard errors); none is founded where there are enough groups."""
    communities, happened = founded({"found.found_per_year": 10.0}, 4, 10000)
    assert_count(happened, chance(10.0 / 52 * (communities["people"] - communities["members"]) / 100.0))
    assert not founded({"found.found_per_year": 52.0, "found.enough_groups": 0}, 4, 500)[1].any()


@given(st.integers(0, 10**6), st.integers(3, 50))
def test_founders_are_the_readiest_outside(seed: int, count: int) -> None:
    """By willingness times efficacy among those not in impact, not leaving and not already on their way, best first."""
    state = case("arrive", seed, 40)
    p, rng = state.people, np.random.default_rng(seed)
    p["leaving"], p["going_to"] = rng.integers(0, 5, 40) // 4, rng.integers(0, 4, 40) // 3 - 1
    chosen = np.zeros(64, np.int32)
    number = call_choose_founders(p, chosen, count)
    able = np.flatnonzero((p["leaving"] == STAYS) & (p["stage"] != IMPACT) & (p["going_to"] == NOWHERE))
    best = able[np.argsort(-(p["willingness"] * p["self_efficacy"])[able], kind="stable")]
    assert chosen[:number].tolist() == best[:count].tolist()


def test_compiled_equals_plain_python(plain: dict[str, np.ndarray]) -> None:
    """The rule gives the same bits uncompiled."""
    assert_equals_plain(plain, "found")


@given(st.integers(0, 10**6), st.floats(0, 10), st.floats(0, 10))
def test_a_higher_hazard_of_splitting_keeps_no_group_whole(seed: int, a: float, b: float) -> None:
    """Paired luck: a group that splits at a rate splits at any higher one."""
    low, high = (
        after("found", case("found", seed), {"found.split_hazard": v}).groups["splitting"] for v in sorted((a, b))
    )
    assert (high >= low).all()


def test_direction_easier_splitting_makes_more_groups() -> None:
    """Over a run of a growing group: more groups ever."""
    low, high = (runs({"arrive.uptake": 0.143, "found.split_hazard": v, "found.split_at": 15.0}) for v in (0.0, 0.2))
    assert_rises(measure(low, "groups_ever"), measure(high, "groups_ever"))
    assert (measure(low, "groups_ever") == 1).all()


def test_direction_founding_brings_groups_where_there_are_none() -> None:
    """Over a run that starts without any group: groups are founded, and people join them."""
    empty = {"start.groups": 0, "start.members": 0, "start.helpers": 0}
    low, high = (runs({**empty, "found.found_per_year": v}) for v in (0.0, 10.0))
    assert_rises(measure(low, "groups_ever"), measure(high, "groups_ever"))
    assert_rises(measure(low, "first_visits"), measure(high, "first_visits"))
    assert not measure(low, "first_visits").any()


def test_switched_off_it_changes_nobodys_luck() -> None:
    """Traits and arrivals are the same with the mechanism on and off."""
    assert_same_luck("found")
