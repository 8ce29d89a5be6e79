"""The week outside: the same for everybody in need, by the formula; a harder life spares nobody."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mhsim.mechanisms import live
from mhsim.schema import NEVER
from support import (
    NOW,
    State,
    after,
    assert_count,
    assert_equals_plain,
    assert_same_luck,
    case,
    chance,
    differing,
    neutral,
)
from support import lives as histories


def expected(s: State) -> dict[str, np.ndarray]:
    """Return the state after a week by the text of the rule, the default values and the draws."""
    p, u = s.people, s.luck
    d, e, h, c, kin, ties = (
        p[k].copy() for k in ("distress", "self_efficacy", "hope", "coping", "kin_support", "tie_support")
    )
    tilt = 2.0 * (d - 0.5) - 1.5 * (e - 0.4) - 0.3 * p["motivation"] - 0.4 * p["belonging"] - 0.4 * ties
    crisis = u["crisis"] < chance(0.5 / 52 * np.exp(tilt))
    shock, service = (
        u["shock"] < chance(np.array(1.04 / 52)),
        u["service"] < chance(1.5 / 52 * (1 - p["access_barrier"])),
    )
    fall = np.array([0.05, 0.018, 0.003])[p["resilience"]]
    buffer = np.minimum(0.6, 0.3 * kin + 0.3 * c + 0.4 * ties)
    distress = d - (fall + 0.02 * c + 0.004 * p["meaning"]) * d + 0.004 * p["isolation"] * (1 - d)
    distress += shock * 0.35 * (1 - buffer) * (1 - d) - service * 0.04 * d + crisis * 0.2 * (1 - d)
    target = 0.5 * p["efficacy_baseline"] + 0.5 * c
    efficacy = e + np.where(target > e, 0.02, 0.005) * (target - e)
    efficacy *= np.where(service, 0.995, 1.0) * np.where(crisis, 0.9, 1.0)
    base = p["hope_baseline"]
    level = (base + 0.45 * (1 - d) * (1 - base)) * (1 - 0.5 * 0.2)
    return {
        "distress": distress,
        "self_efficacy": efficacy,
        "hope": h + 0.03 * (level - h),
        "coping": c + 0.004 * (1 - 0.5 * d) * (1 - c) - 0.002 * c,
        "identification": p["identification"] + 0.008 * (0.3 + 0.7 * kin) * (1 - p["identification"]),
        "shame": p["shame"] + 0.02 * (p["shame_baseline"] - p["shame"]),
        "isolation": p["isolation"] + 0.05 * ((1 - kin) * (1 - 0.5 * ties) - p["isolation"]),
        "in_crisis": crisis.astype(float),
    }


def test_nothing_happens_at_zero_rate() -> None:
    """In the neutral setting a week leaves everybody as they were; only the mark of last week's crisis is cleared."""
    state = case("live", 1, 2000)
    done = after("live", state, neutral("live", live))
    assert differing(state.people, done.people) <= {"in_crisis"}
    assert not done.people["in_crisis"].any()


def test_the_week_is_the_formula() -> None:
    """Every field of thousands of people against the text written a second time in NumPy."""
    for seed in (2, 3):
        state = case("live", seed, 5000)
        done = after("live", state).people
        for name, value in expected(state).items():
            assert np.allclose(done[name], np.clip(value, 0, 1), rtol=0, atol=1e-12), name
        struck = done["in_crisis"] == 1
        assert np.array_equal(done["crises"], state.people["crises"] + struck)
        assert (done["last_crisis"][struck] == NOW).all()
        assert not differing(state.people, done, ~struck) & {"last_crisis", "crises"}


def test_the_rate_of_crises_is_the_formula() -> None:
    """Over many people (four standard errors), at ten times the usual rate for power."""
    state = case("live", 4, 20000)
    p = state.people
    tilt = 2.0 * (p["distress"] - 0.5) - 1.5 * (p["self_efficacy"] - 0.4) - 0.3 * p["motivation"]
    tilt -= 0.4 * p["belonging"] + 0.4 * p["tie_support"]
    assert_count(
        after("live", state, {"live.crisis_per_year": 5.0}).people["in_crisis"], chance(5.0 / 52 * np.exp(tilt))
    )


def test_members_and_people_outside_live_the_same_week() -> None:
    """A group has no say in the week but by what its members carry: membership, role and group change nothing."""
    inside, outside = case("live", 6, 500), case("live", 6, 500)
    outside.people["membership"], outside.people["role"], outside.people["group"] = 0, 0, -1
    fields = set(live.WRITES["people"])
    one, other = (after("live", s).people for s in (inside, outside))
    assert not differing(one, other) & fields


def test_compiled_equals_plain_python(plain: dict[str, np.ndarray]) -> None:
    """The rule gives the same bits uncompiled."""
    assert_equals_plain(plain, "live")


@given(st.integers(0, 10**6), st.floats(0, 5), st.floats(0, 5))
def test_a_harder_life_spares_nobody(seed: int, a: float, b: float) -> None:
    """Paired luck: who has a crisis at a rate has one at any higher rate, and is at least as distressed."""
    state = case("live", seed)
    low, high = (after("live", state, {"live.crisis_per_year": v}).people for v in sorted((a, b)))
    assert (high["in_crisis"] >= low["in_crisis"]).all()
    assert (high["distress"] >= low["distress"]).all()
    assert (high["self_efficacy"] <= low["self_efficacy"]).all()


@given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 1))
def test_more_relief_or_a_better_buffer_leaves_nobody_more_distressed(seed: int, a: float, b: float) -> None:
    """Each parameter that relieves does so for every person or leaves that person as before."""
    state = case("live", seed)
    for name in ("coping_relief", "meaning_relief", "ties_buffer", "service_relief", "fall_recovering"):
        more = {"live.shocks_per_year": 20.0, "live.services_per_year": 20.0}
        low, high = (after("live", state, {**more, f"live.{name}": v}).people["distress"] for v in sorted((a, b)))
        assert (high <= low + 1e-15).all(), name


def test_direction_a_harder_life_brings_more_crises_to_everybody() -> None:
    """Over two years: nobody who never joins has fewer crises; all together have more."""
    low, high = histories({}), histories({"live.crisis_per_year": 1.5})
    never = (low["joined"] == NEVER) & (high["joined"] == NEVER) & (low["group"] < 0) & (high["group"] < 0)
    ended = (low["leaving"] != high["leaving"]) | (low["arrived"] < 52)
    same = never & ~ended
    assert same.sum() > 20
    assert (high["crises"][same] >= low["crises"][same]).all()
    assert high["crises"].sum() > 1.5 * low["crises"].sum()


def test_switched_off_it_changes_nobodys_luck() -> None:
    """Traits and arrivals are the same with the mechanism on and off."""
    assert_same_luck("live")
