"""Arriving and coming: at zero rate nobody comes; the rate is the formula; more of it never loses a comer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mhsim.core.rng import run_key
from mhsim.mechanisms import arrive
from mhsim.random_streams import ARRIVALS
from mhsim.schema import ACCOMMODATION, FORMER, NOWHERE, OUTSIDE
from support import (
    NOW,
    State,
    after,
    assert_count,
    assert_equals_plain,
    assert_mean,
    assert_rises,
    assert_same_luck,
    call_count_arrivals,
    case,
    chance,
    differing,
    measure,
    neutral,
    runs,
    uniforms,
)


def hazards(s: State) -> np.ndarray:
    """Return each person's hazard of coming, by the text of the rule and the default values."""
    p, c = s.people, s.communities[0]
    reach = (max(0.5, c["members"] / c["open_groups"]) / 15.0) ** 0.3
    weeks = NOW - p["arrived"]
    tilt = 2.0 * (p["distress"] - 0.6) + 1.0 * (p["identification"] - 0.5) + 0.3 * p["motivation"]
    tilt -= 1.0 * p["access_barrier"] + 0.8 * p["shame"] + 0.5 * p["self_reliance"]
    first = 5.0 * 0.0314 * np.exp(tilt - weeks / 26.0) * reach
    first += np.where(weeks < 52, 10.0 * 0.1 / 52 * (1.0 - p["access_barrier"]), 0.0)
    outside = max(1, c["people"] - c["members"])
    first += np.where(p["stage"] != ACCOMMODATION, 0.5 * c["helpers"] / outside, 0.0)
    back = 50.0 * 0.001 * np.exp(2.0 * (p["distress"] - 0.5) + 1.5 * p["commitment"]) * reach
    return np.where(p["membership"] == FORMER, back, first)


STRONGER = {
    "arrive.uptake": 0.157,
    "arrive.referral_per_year": 1.0,
    "arrive.outreach": 0.5,
    "arrive.return_hazard": 0.05,
}


def test_nobody_comes_at_zero_rate() -> None:
    """In the neutral setting the rule changes nothing at all."""
    state = case("arrive", 1, 4000)
    assert not differing(state.people, after("arrive", state, neutral("arrive", arrive)).people)


def test_people_on_their_way_out_are_left_alone() -> None:
    """Who leaves the community may not be marked as coming, however strong the pull."""
    state = case("arrive", 2, 400)
    state.people["leaving"][::2] = 8
    going = after("arrive", state, {"arrive.uptake": 10.0, "arrive.return_hazard": 10.0}).people["going_to"]
    assert (going[::2] == NOWHERE).all()
    assert (going[1::2] != NOWHERE).any()


def test_without_a_group_with_room_nobody_comes() -> None:
    """A full community turns people away: no rooms, no marks."""
    state = case("arrive", 3, 400)._replace(rooms=np.zeros(0, np.int32))
    assert (after("arrive", state, {"arrive.uptake": 10.0}).people["going_to"] == NOWHERE).all()


def test_the_rate_of_coming_is_the_formula() -> None:
    """First comers and returners apart, over thousands of people of all kinds (four standard errors each)."""
    state = case("arrive", 4, 12000)
    state.people["arrived"] = np.random.default_rng(4).integers(NOW - 100, NOW, len(state.people))
    came = after("arrive", state, STRONGER).people["going_to"] != NOWHERE
    for membership in (OUTSIDE, FORMER):
        rows = state.people["membership"] == membership
        assert_count(came[rows], chance(hazards(state)[rows]))


def test_people_choose_the_most_alike_of_the_groups_they_look_at() -> None:
    """With two groups far apart most go to the nearer one, and nobody goes to a group that is not listed."""
    state = case("arrive", 5, 3000)
    state = state._replace(rooms=np.array([1, 2], np.int32))
    state.groups["profile_x"][1], state.groups["profile_x"][2] = -3.0, 3.0
    state.groups["profile_y"][1:3] = 0.0
    going = after("arrive", state, {"arrive.uptake": 10.0}).people["going_to"]
    came = going != NOWHERE
    nearer = np.where(state.people["profile_x"] < 0, 1, 2)
    assert set(going[came].tolist()) == {1, 2}
    assert_count((going == nearer)[came], np.full(came.sum(), 1.0 - 0.5**4))


def test_compiled_equals_plain_python(plain: dict[str, np.ndarray]) -> None:
    """The rule gives the same bits uncompiled."""
    assert_equals_plain(plain, "arrive")


@given(
    st.integers(0, 10**6), st.floats(0, 5), st.floats(0, 5), st.sampled_from(["uptake", "outreach", "return_hazard"])
)
def test_a_stronger_pull_never_keeps_anybody_away(seed: int, a: float, b: float, name: str) -> None:
    """Paired luck: whoever comes at a rate comes at any higher one too, and to the same group."""
    state = case("arrive", seed)
    low, high = (after("arrive", state, {f"arrive.{name}": value}).people["going_to"] for value in sorted((a, b)))
    assert (high[low != NOWHERE] == low[low != NOWHERE]).all()


@given(st.integers(0, 10**6))
def test_the_distressed_come_sooner_than_the_calm(seed: int) -> None:
    """Selection is made by the rule: the same person, more distressed, is never less likely to come."""
    state = case("arrive", seed)
    worse = state._replace(people=state.people.copy())
    worse.people["distress"] = np.minimum(1.0, state.people["distress"] + 0.2)
    calm, hard = (after("arrive", s, {"arrive.uptake": 1.0}).people["going_to"] for s in (state, worse))
    assert (hard[calm != NOWHERE] != NOWHERE).all()


def test_arrivals_are_the_poisson_quantile_of_their_draw() -> None:
    """Up to a mean of 16 one word decides, so the number of arrivals can be checked draw by draw."""
    key = run_key(3, 0)
    words = np.array([uniforms(key, np.zeros(1, np.uint32), 0, step, ARRIVALS, 0)[0, 0] for step in range(500)])
    assert np.array_equal(call_count_arrivals(key, 500, 3.7), stats.poisson.ppf(words, 3.7).astype(int))


def test_arrivals_are_poisson_when_many() -> None:
    """Larger means are drawn in chunks; mean and variance must still be those of one Poisson number."""
    numbers = call_count_arrivals(run_key(4, 0), 4000, 70.5).astype(float)
    assert_mean(numbers, 70.5)
    assert_mean((numbers - 70.5) ** 2, 70.5)
    assert not call_count_arrivals(run_key(4, 0), 50, 0.0).any()


def test_direction_more_uptake_brings_more_first_visits() -> None:
    """Over a run: first visits rise, arrivals of need do not change (they are the place's, not the group's)."""
    low, high = runs({}), runs({"arrive.uptake": 0.0942})
    assert_rises(measure(low, "first_visits"), measure(high, "first_visits"))
    assert np.array_equal(measure(low, "arrivals"), measure(high, "arrivals"))


@pytest.mark.parametrize("name", ["barrier_keeps", "shame_keeps", "reliance_keeps"])
def test_direction_what_keeps_people_away_lowers_first_visits(name: str) -> None:
    """Obstacles are obstacles: the more each of them tells, the fewer come for the first time."""
    low, high = runs({f"arrive.{name}": 0.0}), runs({f"arrive.{name}": 2.0})
    assert_rises(measure(high, "first_visits"), measure(low, "first_visits"))


def test_direction_doing_away_with_barriers_raises_reach() -> None:
    """A channel without barriers brings more people, and never keeps one away."""
    low, high = runs({}), runs({"arrive.remote": 1.0})
    assert_rises(measure(low, "first_visits"), measure(high, "first_visits"))
    state = case("arrive", 9, 4000)
    near, far = (after("arrive", state, {**STRONGER, "arrive.remote": v}).people["going_to"] for v in (0.0, 1.0))
    assert (far[near != NOWHERE] == near[near != NOWHERE]).all()
    assert (far != NOWHERE).sum() > (near != NOWHERE).sum()


def test_switched_off_it_changes_nobodys_luck() -> None:
    """Without arriving only starters are there, and they are who they are anyway."""
    assert_same_luck("arrive")
