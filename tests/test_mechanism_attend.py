"""Coming to the meeting: the chance is the formula, absentees stay as they are, and the first visit is certain."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mhsim.engine import Simulation, run_world
from mhsim.mechanisms import attend
from mhsim.outcomes.counts import living
from mhsim.schema import HELPER, NEVER, NEWCOMER
from support import (
    NOW,
    State,
    after,
    assert_count,
    assert_equals_plain,
    assert_rises,
    assert_same_luck,
    case,
    copied,
    differing,
    lives,
    logistic,
    neutral,
    runs,
    scenario,
)


def inclination(s: State) -> np.ndarray:
    """Return each member's log-odds of coming, by the text of the rule and the default values."""
    p = s.people
    pull = -0.58 + 3.0 * p["belonging"] + 0.7 * (p["role"] >= HELPER) + 0.5 * (p["hope"] - 0.4)
    pull -= 0.4 * (p["distress"] - 0.5) + 0.8 * p["access_barrier"]
    return np.asarray(pull - 0.8 * (s.groups["leaderless"][0] >= 13.0))


def seasoned(seed: int, n: int) -> State:
    """Return members all of whom have been at a meeting before."""
    state = case("attend", seed, n)
    state.people["meetings"] = np.maximum(1, state.people["meetings"])
    return state


def test_in_the_neutral_setting_all_are_alike() -> None:
    """Nothing but `ease` decides: the chance is the same for all, and attachment does not change."""
    state = seasoned(1, 4000)
    done = after("attend", state, neutral("attend", attend))
    assert_count(done.people["attended"] == 1, np.full(4000, 1.0 / (1.0 + np.exp(0.58))))
    assert "commitment" not in differing(state.people, done.people)


def test_nobody_comes_when_coming_is_next_to_impossible() -> None:
    """At the lowest ease allowed those who have been before stay away, all of them."""
    done = after(
        "attend", seasoned(2, 1000), {"attend.ease": -10.0, "attend.belonging_pull": 0.0, "attend.hope_pull": 0.0}
    )
    assert done.people["attended"].sum() <= 1


def test_those_absent_are_left_alone() -> None:
    """Who stays away counts one more step of absence and loses a little attachment; nothing else changes."""
    state = seasoned(3, 2000)
    done = after("attend", state)
    away = done.people["attended"] == 0
    assert away.any()
    assert differing(state.people, done.people, away) <= {"attended", "visits", "steps_absent", "commitment"}
    assert (done.people["steps_absent"][away] == state.people["steps_absent"][away] + 1).all()
    assert (done.people["commitment"][away] <= state.people["commitment"][away]).all()


def test_the_rate_of_coming_is_the_formula() -> None:
    """Over thousands of members of all kinds (four standard errors), in a led and in a leaderless group."""
    for weeks in (0.0, 13.0):
        state = seasoned(4, 8000)
        state.groups["leaderless"][0] = weeks
        assert_count(after("attend", state).people["attended"] == 1, logistic(inclination(state)))


def test_a_first_visit_is_certain_and_is_joining() -> None:
    """Joining is the first attendance: it is dated now, once, and never moved by later visits."""
    state = case("attend", 5, 2000)
    done = after("attend", state, {"attend.ease": -10.0})
    first = state.people["meetings"] == 0
    assert first.any()
    assert (done.people["attended"][first] == 1).all()
    assert (done.people["joined"][first & (state.people["joined"] == NEVER)] == NOW).all()
    assert np.array_equal(done.people["joined"][~first], state.people["joined"][~first])
    assert (done.people["role"][first] == NEWCOMER).all()
    assert done.groups["newcomers"][0] == first.sum()


def test_the_groups_counts_are_those_of_its_members() -> None:
    """Attendance, helpers there and first visits are what everything later in the week rests on."""
    done = after("attend", case("attend", 6, 500))
    there = done.people["attended"] == 1
    assert done.groups["attended"][0] == there.sum()
    assert done.groups["helpers_there"][0] == (there & (done.people["role"] == HELPER)).sum()


def test_founders_keep_the_role_of_helper_at_their_first_meeting() -> None:
    """A founded group begins with two helpers (ODD, Founding); their first meeting may not make newcomers of them."""
    values = {"start.groups": 0, "start.members": 0, "start.helpers": 0, "start.run_in_weeks": 60, "weeks": 2}
    values |= {
        "found.found_per_year": 52.0,
        "arrive.uptake": 0.0,
        "arrive.referral_per_year": 0.0,
        "serve.enabled": False,
    }
    values |= {"leave.enabled": False, "close.enabled": False}
    world = run_world(scenario(values), 1)
    assert world.meter["groups"][0] == 1, "a group was founded in the first week"
    people = living(world)
    founders = people[people["first_helper"] != NEVER]
    assert len({int(who) for who in founders["who"]}) == 2
    assert (founders["role"] == HELPER).all()


def test_several_meetings_are_attended_one_by_one() -> None:
    """With three meetings held, the number one comes to is binomial with the chance of one (chi-squared, 0.001)."""
    state = seasoned(5, 6000)
    state.people[:] = state.people[0]
    state.people["who"] = np.arange(6000)
    state.groups["due"], state.groups["held"] = 3, 3
    done = after("attend", state)
    chance = float(logistic(inclination(state))[0])
    found = np.bincount(done.people["visits"], minlength=4)
    expected = 6000 * stats.binom.pmf(np.arange(4), 3, chance)
    assert stats.chisquare(found, expected).pvalue > 0.001
    assert (done.people["attended"] == (done.people["visits"] > 0)).all()
    assert int(done.groups["visits"][0]) == int(done.people["visits"].sum())


def test_attachment_grows_by_the_week_and_a_first_visit_is_one() -> None:
    """Who comes three times a week is no more attached for it than who comes once; nobody's first visit is three."""
    one, three = seasoned(6, 2000), seasoned(6, 2000)
    for state, due in ((one, 1), (three, 3)):
        state.groups["due"], state.groups["held"] = due, due
        state.people["meetings"][:100] = 0
    few, many = (after("attend", state, {"attend.ease": 10.0}).people for state in (one, three))
    assert (many["visits"][:100] == 1).all()
    assert many["visits"][100:].mean() > 2.9
    both = (few["attended"] == 1) & (many["attended"] == 1)
    assert np.array_equal(few["commitment"][both], many["commitment"][both])


def test_direction_several_meetings_a_week_give_more_but_not_as_many_times() -> None:
    """Over a run, under the same chance events: three a week help joiners more than one, by less than three times."""
    values = {"weeks": 208, "start.groups": 4, "community.arrivals_per_week": 3.0}
    paired = [
        runs({**values, "meetings_per_week": pace, "share.dose_exponent": exponent}, range(6))
        for pace, exponent in ((1.0, 0.5), (3.0, 0.0), (3.0, 0.5), (3.0, 1.0))
    ]
    hope = [np.mean([run.summary["hope_at_52_joiners"] for run in each]) for each in paired]
    often = [np.mean([run.summary["meetings_a_week"] for run in each]) for each in paired]
    assert hope[1] < hope[2] < hope[3]
    assert often[0] == 1.0 < 1.5 < often[2] < 3.0


def test_meetings_fall_due_at_an_even_pace() -> None:
    """One and a half a week are one and two in turn, and each step is an occasion however rare the meetings are."""
    for pace, dt, most in ((1.5, 1.0, 2), (0.3, 1.0, 1), (1.0, 0.5, 1), (14.0, 1.0, 14)):
        values = {"meetings_per_week": pace, "weeks_per_step": dt, "weeks": 12, "start.run_in_weeks": 0}
        simulation = Simulation(scenario(values))
        seen = []
        for step in range(8):
            simulation.run_until(step + 1)
            seen.append(int(simulation.world.groups["due"][0]))
        assert (min(seen), max(seen)) == (max(1, int(pace * dt)), most)
        assert sum(seen) == max(8, int(8 * pace * dt))


def test_compiled_equals_plain_python(plain: dict[str, np.ndarray]) -> None:
    """The rule gives the same bits uncompiled."""
    assert_equals_plain(plain, "attend")


@given(st.integers(0, 10**6), st.floats(-10, 10), st.floats(-10, 10))
def test_more_ease_never_keeps_anybody_away(seed: int, a: float, b: float) -> None:
    """Paired luck: whoever comes at some ease comes at any greater one, and is no less attached for it."""
    state = case("attend", seed)
    low, high = (after("attend", state, {"attend.ease": value}).people for value in sorted((a, b)))
    assert (high["attended"] >= low["attended"]).all()
    assert (high["commitment"] >= low["commitment"]).all()


@given(st.integers(0, 10**6))
def test_belonging_draws_each_person_in(seed: int) -> None:
    """The same person with more belonging never comes less."""
    state = case("attend", seed)
    closer = copied(state)
    closer.people["belonging"] = np.minimum(1.0, state.people["belonging"] + 0.3)
    assert (after("attend", closer).people["attended"] >= after("attend", state).people["attended"]).all()


def test_direction_more_ease_fills_meetings() -> None:
    """Over a run: a larger share of members comes; in every one of the histories, as all share their luck."""
    for low, high in zip(
        runs({}, range(12), record="series"), runs({"attend.ease": 0.3}, range(12), record="series"), strict=True
    ):
        shares = [
            run.series["attended"].to_numpy().sum() / run.series["members"].to_numpy().sum() for run in (low, high)
        ]
        assert shares[1] > shares[0]


def test_direction_people_outside_are_not_touched() -> None:
    """Turning ease up changes nothing for those who never join in either history: same hope, stage, crises."""
    low, high = lives({}), lives({"attend.ease": 0.3})
    never = (low["joined"] == NEVER) & (high["joined"] == NEVER) & (low["going_to"] < 0) & (high["going_to"] < 0)
    assert never.sum() > 30
    assert not differing(low, high, never) & {"hope", "stage", "crises", "distress", "self_efficacy"}


def test_switched_off_it_changes_nobodys_luck() -> None:
    """Traits and arrivals are the same with the mechanism on and off."""
    assert_same_luck("attend")


def test_direction_doing_away_with_barriers_raises_attendance() -> None:
    """Under the same luck nobody stays away who came, and over a run a larger share of members comes."""
    state = seasoned(12, 2000)
    near, far = (after("attend", state, {"attend.remote": v}).people["attended"] for v in (0.0, 1.0))
    assert (far >= near).all() and far.sum() > near.sum()
    shares = [
        [
            run.series["attended"].to_numpy().sum() / run.series["members"].to_numpy().sum()
            for run in runs({"attend.remote": v}, range(12), record="series")
        ]
        for v in (0.0, 1.0)
    ]
    assert_rises(*np.array(shares))
