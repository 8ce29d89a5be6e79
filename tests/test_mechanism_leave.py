"""Leaving: each exit has its hazard and its reason; people outside leave only by moving away or being done."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhsim.mechanisms import leave
from mhsim.schema import (
    ACCOMMODATION,
    BURNT_OUT,
    CAME_ONCE,
    CONFLICT,
    DRIFTED_OFF,
    DROPPED_OUT,
    GRADUATED,
    HELPER,
    MOVED_AWAY,
    NEVER,
    RELAPSED,
    SETTLED,
    SPONSOR,
    STAYS,
)
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
    measure,
    neutral,
    runs,
)

REASONS = (DROPPED_OUT, DRIFTED_OFF, CAME_ONCE, GRADUATED, RELAPSED, CONFLICT)


def hazards(s: State) -> dict[int, np.ndarray]:
    """Return each member's hazard by reason, by the text and the default values."""
    p = s.people
    tilt = -2.6 * p["belonging"] - 3.5 * p["commitment"] - 0.8 * (p["hope"] - 0.4) + 0.6 * p["unmet"]
    tilt -= 0.5 * (p["fit"] - 0.6) + 0.5 * (p["belief_fit"] - 0.6)
    drop = 0.09 * p["propensity"] * np.exp(tilt) * np.where(p["role"] >= HELPER, 0.26, 1.0)
    drop = drop * np.where(p["attended"] == 1, 1.0, 1.3)
    first = (p["meetings"] == 1) & (p["attended"] == 1)
    greeted = np.where(p["first_contact"] != NEVER, 0.6, 1.0)
    well = (p["stage"] == ACCOMMODATION) & (p["distress"] < 0.4)
    return {
        DROPPED_OUT: ~well * drop,
        DRIFTED_OFF: well * drop,
        CAME_ONCE: first * 0.35 * np.minimum(1.6, p["propensity"]) * greeted,
        GRADUATED: well * 0.004 * np.sqrt(p["propensity"]) * (1.0 - 0.7 * p["commitment"]),
        RELAPSED: p["in_crisis"] * 0.08,
        CONFLICT: s.groups["conflict"][0] * 0.15 * (1.0 - p["trust"]),
    }


def test_nobody_leaves_at_zero_rate() -> None:
    """In the neutral setting nobody is marked, in a group or outside."""
    for rule in ("leave", "leave_group"):
        state = case(rule, 1, 2000)
        still = {**neutral("leave", leave), "quarrel.conflict_hazard": 0.0}
        assert not differing(state.people, after(rule, state, still).people)


def test_the_rates_of_all_reasons_are_the_formula() -> None:
    """Competing hazards, each reason apart (four standard errors), in quiet and in conflict."""
    for conflict in (0, 1):
        state = case("leave_group", 2, 40000)
        state.groups["conflict"][0] = conflict
        state.people["meetings"][::5], state.people["attended"][::5] = 1, 1
        by_reason = hazards(state)
        total = sum(by_reason.values())
        left = after("leave_group", state, {"leave.moves_per_year": 0.0}).people["leaving"]
        for reason in REASONS[: 5 + conflict]:
            assert_count(left == reason, chance(total) * by_reason[reason] / total)
        assert conflict or not (left == CONFLICT).any()


def test_moving_away_is_the_same_for_members_and_others() -> None:
    """The same draw and the same hazard inside and outside: otherwise groups would seem to keep people alive."""
    inside, outside = case("leave_group", 3, 20000), case("leave", 3, 20000)
    moved = [
        after(rule, s, {"leave.moves_per_year": 2.0}).people["leaving"] == MOVED_AWAY
        for rule, s in (("leave_group", inside), ("leave", outside))
    ]
    assert np.array_equal(*moved)
    assert_count(moved[0], np.full(20000, float(chance(np.array(2.0 / 52)))))


def test_people_outside_settle_only_after_two_years() -> None:
    """Everybody is followed for 104 weeks; then the rate is the formula, three times faster for those who are well."""
    state = case("leave", 4, 20000)
    p = state.people
    left = after("leave", state, {"leave.settle_per_year": 8.0, "leave.moves_per_year": 0.0}).people["leaving"]
    late = 300 - p["arrived"] >= 104
    well = (p["stage"] == ACCOMMODATION) & (p["distress"] < 0.4)
    assert not left[~late].any()
    assert_count(left[late] == SETTLED, chance(8.0 / 52 * np.where(well, 3.0, 1.0))[late])


def test_who_leaves_with_a_role_keeps_that_reason() -> None:
    """An exit has one reason: burning out is not turned into dropping out by the draw that follows."""
    state = case("leave_group", 5, 500)
    state.people["leaving"] = BURNT_OUT
    left = after("leave_group", state, {"leave.drop_hazard": 10.0, "leave.moves_per_year": 0.0}).people["leaving"]
    assert (left == BURNT_OUT).all()


@pytest.mark.parametrize(
    ("reason", "values"),
    [
        (CAME_ONCE, {"leave.once_hazard": 10.0}),
        (GRADUATED, {"leave.graduate_hazard": 10.0}),
        (RELAPSED, {"leave.relapse_hazard": 10.0}),
    ],
)
def test_an_exit_needs_its_occasion(reason: int, values: dict[str, float]) -> None:
    """Nobody comes once who has come twice, graduates in distress, or relapses without a crisis."""
    state = case("leave_group", 6, 3000)
    p = state.people
    occasion = {
        CAME_ONCE: (p["meetings"] == 1) & (p["attended"] == 1),
        GRADUATED: (p["stage"] == ACCOMMODATION) & (p["distress"] < 0.4),
        RELAPSED: p["in_crisis"] == 1,
    }[reason]
    left = after("leave_group", state, values).people["leaving"] == reason
    assert left.any()
    assert not left[~occasion].any()


@pytest.mark.parametrize("rule", ["leave", "leave_group"])
def test_compiled_equals_plain_python(plain: dict[str, np.ndarray], rule: str) -> None:
    """The rule gives the same bits uncompiled."""
    assert_equals_plain(plain, rule)


@given(
    st.integers(0, 10**6),
    st.floats(0, 3),
    st.floats(0, 3),
    st.sampled_from(["drop_hazard", "once_hazard", "relapse_hazard", "graduate_hazard", "absent_drifts"]),
)
def test_a_higher_hazard_keeps_nobody(seed: int, a: float, b: float, name: str) -> None:
    """Paired luck: whoever leaves at a rate leaves at any higher one, though perhaps for another reason."""
    low, high = (
        after("leave_group", case("leave_group", seed), {f"leave.{name}": v}).people["leaving"] for v in sorted((a, b))
    )
    assert ((high != STAYS) >= (low != STAYS)).all()


@given(st.integers(0, 10**6))
def test_belonging_loses_nobody(seed: int) -> None:
    """Attachment comes from people, not from a calendar: more belonging or commitment never makes a person leave."""
    for name in ("belonging", "commitment"):
        state = case("leave_group", seed)
        closer = state._replace(people=state.people.copy())
        closer.people[name] = np.minimum(1.0, state.people[name] + 0.3)
        loose, close = (
            after("leave_group", s, {"leave.drop_hazard": 1.0}).people["leaving"] != STAYS for s in (state, closer)
        )
        assert (close <= loose).all()


def test_direction_a_higher_hazard_of_dropping_out_empties_the_group() -> None:
    """Over a run: fewer still there after half a year, fewer members at the end, more exits for that reason."""
    low, high = (runs({"arrive.uptake": 0.0857, "leave.drop_hazard": v}) for v in (0.05, 0.2))
    assert_rises(measure(high, "retention_at_26"), measure(low, "retention_at_26"))
    assert_rises(measure(high, "members_at_end"), measure(low, "members_at_end"))
    assert_rises(measure(low, "exits_dropped_out"), measure(high, "exits_dropped_out"))


def test_direction_the_sooner_one_is_called_well_the_more_drift_off_and_nobody_else_leaves() -> None:
    """Only the reason differs: where graduating is off, the same people leave in the same week either way."""
    low, high = (
        lives({"leave.graduate_hazard": 0.0, "leave.settle_per_year": 0.0, "leave.well_below": v}) for v in (0.0, 0.5)
    )
    assert np.array_equal(low["left_at"], high["left_at"])
    assert not (low["last_reason"] == DRIFTED_OFF).any()
    drifted = high["last_reason"] == DRIFTED_OFF
    assert drifted.sum() > 3
    assert (low["last_reason"][drifted] == DROPPED_OUT).all()
    assert np.array_equal(low["last_reason"][~drifted], high["last_reason"][~drifted])


def test_a_sponsor_holds_by_the_formula() -> None:
    """Half have a sponsor: of them alone fewer drop out, by the weight; a sponsor who is gone holds nobody."""
    state = case("leave_group", 8, 20000)
    state.ties["kind"] = 0
    state.ties["kind"][::2, 0] = SPONSOR
    state.ties["generation"][:, 0] = state.handles["generation"][state.ties["other"][:, 0]]
    state.ties["generation"][::4, 0] += 1
    held = np.arange(20000) % 4 == 2
    quiet = {"leave.moves_per_year": 0.0, "leave.once_hazard": 0.0, "leave.graduate_hazard": 0.0}
    quiet |= {"leave.relapse_hazard": 0.0, "quarrel.conflict_hazard": 0.0, "bond.sponsor_holds": 1.0}
    by_reason = hazards(state)
    drop = (by_reason[DROPPED_OUT] + by_reason[DRIFTED_OFF]) * np.where(held, np.exp(-1.0), 1.0)
    left = after("leave_group", state, quiet).people["leaving"] != STAYS
    for rows in (held, ~held):
        assert_count(left[rows], chance(drop)[rows])


def test_direction_sponsors_hold_people() -> None:
    """Over a run in which sponsors are found: more are still there after half a year where a sponsor holds."""
    values = {"arrive.uptake": 0.0857, "bond.sponsors": True, "bond.sponsor_after": 1}
    low, high = (runs({**values, "bond.sponsor_holds": v}) for v in (0.0, 2.0))
    assert_rises(measure(low, "retention_at_26"), measure(high, "retention_at_26"))


def test_direction_people_outside_are_not_touched() -> None:
    """Turning dropping out up changes nothing for those who never join in either history."""
    low, high = lives({}), lives({"leave.drop_hazard": 0.3})
    never = (low["joined"] == NEVER) & (high["joined"] == NEVER) & (low["group"] < 0) & (high["group"] < 0)
    assert never.sum() > 20
    assert not differing(low, high, never) & {"hope", "stage", "distress", "crises", "leaving"}


def test_switched_off_it_changes_nobodys_luck() -> None:
    """Traits and arrivals are the same with the mechanism on and off."""
    assert_same_luck("leave")
