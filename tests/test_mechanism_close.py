"""How groups end: competing hazards with their reasons, circumstances kept apart, and what the end does to people."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhsim.mechanisms import close
from mhsim.schema import LOW_ATTENDANCE, MONEY, NEVER, NO_LEADER, NO_LONGER_NEEDED, STRIFE
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
    logistic,
    measure,
    neutral,
    runs,
)


def hazards(s: State) -> dict[int, np.ndarray]:
    """Return each group's hazard by reason, by the text and the default values."""
    g = s.groups
    hold = (1.0 - 0.5 * g["cohesion"]) * (1.0 - 0.3 * g["formality"])
    return {
        LOW_ATTENDANCE: 3.0 / 52 * logistic((3.5 - g["attendance"]) / 0.7) * hold,
        NO_LEADER: 0.5 / 52 * np.minimum(1.0, g["leaderless"] / 26.0),
        NO_LONGER_NEEDED: 0.5 / 52 * ((g["inflow"] < 0.02) & (g["seekers"] < 0.2 * g["roll"])),
        STRIFE: 0.02 * hold * g["conflict"],
        MONEY: 1.0 / 52 * hold * (g["funds"] < 0.0),
    }


def test_no_group_closes_at_zero_rate() -> None:
    """In the neutral setting none is marked; the circumstances present are still taken down."""
    state = case("close", 1, 2000)
    done = after("close", state, {**neutral("close", close), "quarrel.strife_hazard": 0.0})
    assert differing(state.groups, done.groups) <= {"circumstances"}


def test_the_rates_of_all_reasons_are_the_formula() -> None:
    """Competing hazards, each reason apart (four standard errors)."""
    state = case("close", 2, 60000)
    state.groups["attendance"] /= 3.0
    by_reason = hazards(state)
    total = sum(by_reason.values())
    closing = after("close", state).groups["closing"]
    for reason, hazard in by_reason.items():
        assert_count(closing == reason, chance(total) * hazard / total)


def test_circumstances_are_kept_whether_or_not_they_close_a_group() -> None:
    """Only the contrast with living groups is evidence, so the bits are the circumstances and nothing else."""
    state = case("close", 3, 2000)
    g = state.groups
    done = after("close", state).groups["circumstances"]
    present = {
        LOW_ATTENDANCE: g["attendance"] < 3.5,
        NO_LEADER: g["leaderless"] > 0.0,
        NO_LONGER_NEEDED: g["inflow"] < 0.02,
        STRIFE: g["conflict"] == 1,
        MONEY: g["funds"] < 0.0,
    }
    for reason, there in present.items():
        assert there.any()
        assert np.array_equal((done & (1 << reason)) != 0, there)


def test_a_group_nobody_visits_closes_for_certain() -> None:
    """After `unvisited_weeks` without anybody the group is over, whatever the draw; a week earlier it need not be."""
    state = case("close", 4, 200)
    state.groups["unvisited"][::2], state.groups["unvisited"][1::2] = 8.0, 7.0
    state.draws[:, 0] = 0.999999
    closing = after("close", state).groups["closing"]
    assert (closing[::2] == LOW_ATTENDANCE).all()
    assert not closing[1::2].any()


def test_the_end_costs_those_who_relied_on_the_group_by_the_formula() -> None:
    """Distress rises with dependency and by nothing else; at zero harm not a bit changes."""
    state = case("lose_group", 5, 500)
    p = state.people
    done = after("lose_group", state).people
    assert differing(p, done) == {"distress"}
    assert np.allclose(
        done["distress"], p["distress"] + 0.2 * p["dependency"] * (1 - p["distress"]), rtol=0, atol=1e-14
    )
    assert not differing(p, after("lose_group", state, {"close.loss_harm": 0.0}).people)
    p["dependency"][::2] = 0.0
    assert np.array_equal(after("lose_group", state).people["distress"][::2], p["distress"][::2]), (
        "the others are left alone"
    )


@pytest.mark.parametrize("rule", ["close", "lose_group"])
def test_compiled_equals_plain_python(plain: dict[str, np.ndarray], rule: str) -> None:
    """The rule gives the same bits uncompiled."""
    assert_equals_plain(plain, rule)


@given(
    st.integers(0, 10**6),
    st.floats(0, 10),
    st.floats(0, 10),
    st.sampled_from(
        [
            *(
                f"close.{name}"
                for name in ("low_per_year", "no_leader_per_year", "needless_per_year", "broke_per_year")
            ),
            "quarrel.strife_hazard",
        ]
    ),
)
def test_a_higher_hazard_saves_no_group(seed: int, a: float, b: float, name: str) -> None:
    """Paired luck: a group that closes at a rate closes at any higher one, though perhaps for another reason."""
    low, high = (after("close", case("close", seed), {name: v}).groups["closing"] for v in sorted((a, b)))
    assert ((high > 0) >= (low > 0)).all()


@given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 1))
def test_a_greater_harm_leaves_nobody_less_distressed(seed: int, a: float, b: float) -> None:
    """For every member of a group that ends."""
    low, high = (
        after("lose_group", case("lose_group", seed), {"close.loss_harm": v}).people["distress"] for v in sorted((a, b))
    )
    assert (high >= low).all()


SMALL = {"start.members": 5, "start.helpers": 1, "arrive.uptake": 0.0057}


def test_direction_a_higher_hazard_ends_groups_sooner() -> None:
    """Over a run of small groups: fewer weeks to closure, fewer alive, more exits because the group closed."""
    low, high = (runs({**SMALL, "close.low_per_year": v}) for v in (0.5, 10.0))
    assert_rises(measure(high, "weeks_to_closure"), measure(low, "weeks_to_closure"))
    assert_rises(measure(high, "alive_at_end"), measure(low, "alive_at_end"))


def test_direction_the_harm_of_an_end_falls_on_members_alone() -> None:
    """Right after the end members are more distressed the greater the harm; people who never joined are not touched."""
    ended = {"close.low_per_year": 52.0, "close.low_at": 100.0, "start.run_in_weeks": 20, "attend.habit": 0.0}
    low, high = (lives({**ended, "close.loss_harm": v}, weeks=12) for v in (0.0, 1.0))
    never = (low["joined"] == NEVER) & (high["joined"] == NEVER) & (low["group"] < 0) & (high["group"] < 0)
    members = low["starter"] == 1
    assert (high["distress"][members] >= low["distress"][members]).all()
    assert high["distress"][members].sum() > low["distress"][members].sum()
    assert never.any()
    assert not differing(low, high, never) & {"distress", "stage", "hope", "crises"}


def test_switched_off_it_changes_nobodys_luck() -> None:
    """Traits and arrivals are the same with the mechanism on and off."""
    assert_same_luck("close")
