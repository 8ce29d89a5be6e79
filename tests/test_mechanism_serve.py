"""Roles: taken by those who are ready, left by turnover, burning out or term, handed on or lost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhsim.engine import Simulation
from mhsim.mechanisms import serve
from mhsim.outcomes.counts import living
from mhsim.schema import (
    ACCOMMODATION,
    BURNT_OUT,
    HELP_TIE,
    HELPER,
    LEFT_WITH_ROLE,
    NEVER,
    NEWCOMER,
    NO_TIE,
    ORDINARY,
    ORGANISER,
    RECOIL,
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
    copied,
    differing,
    lives,
    measure,
    neutral,
    runs,
    scenario,
    tie,
)


def ready(seed: int, n: int) -> State:
    """Return members all of whom can take a role, in a group without vacancies, surplus or shortage."""
    state = case("serve", seed, n)
    p, g = state.people, state.groups
    p["stage"], p["role"], p["resting"], p["meetings"], p["role_end"], p["first_helper"] = (
        ACCOMMODATION,
        ORDINARY,
        0,
        30,
        0,
        NEVER,
    )
    g["roll"][0], g["helpers"][0], g["seekers"][0], g["organisers"][0], g["vacancies"][0] = n, 2, 4, 1, 0
    return state


def helpers(seed: int, n: int, strain: float = 0.0) -> State:
    """Return members all of whom are helpers with some strain."""
    state = ready(seed, n)
    state.people["role"], state.people["strain"], state.people["helper_since"] = HELPER, strain, 290
    return state


def test_roles_stay_as_they_are_at_zero_rate() -> None:
    """In the neutral setting nobody takes or leaves a role; newcomers grow into members, the rested rest no more."""
    state = case("serve", 1, 500)
    done = after("serve", state, neutral("serve", serve))
    assert differing(state.people, done.people) <= {"role", "role_end", "resting", "steps_helping"}
    changed = done.people["role"] != state.people["role"]
    assert (state.people["role"][changed] == NEWCOMER).all()
    assert (done.people["role"][changed] == ORDINARY).all()
    assert differing(state.groups, done.groups) <= {"vacancies"}


@pytest.mark.parametrize(
    "why",
    [("stage", RECOIL), ("role", NEWCOMER), ("resting", 1), ("meetings", 3), ("willingness", 0.0), ("belonging", 0.0)],
)
def test_who_is_not_ready_becomes_no_helper(why: tuple[str, float]) -> None:
    """Not accommodated, new, burnt out, not seasoned, unwilling or apart: each alone keeps from the role."""
    state = ready(2, 300)
    state.people[why[0]] = why[1]
    state.people["strain"] = 0.9
    done = after("serve", state, {"serve.become_hazard": 10.0})
    assert not (done.people["role"] == HELPER).any()
    assert (after("serve", ready(2, 300), {"serve.become_hazard": 10.0}).people["role"] == HELPER).any()


@pytest.mark.parametrize(("helping", "seeking"), [(2, 4), (12, 3), (1, 40)])
def test_the_rate_of_becoming_a_helper_is_the_formula(helping: int, seeking: int) -> None:
    """With enough, too many and too few helpers: the count over thousands of ready members (four standard errors)."""
    state = ready(3, 12000)
    p, g = state.people, state.groups
    g["roll"][0], g["helpers"][0], g["seekers"][0] = 50, helping, seeking
    surplus, shortage = max(0.0, 1.5 * helping - seeking) / 50, max(0.0, seeking - 3 * helping) / 50
    become = p["willingness"] * p["self_efficacy"] * p["belonging"] * (1 + shortage) / (1 + 13 * surplus)
    organise = 0.2 * p["self_efficacy"] * p["belonging"] / 2.0
    done = after("serve", state, {"serve.become_hazard": 1.0, "serve.organise_hazard": 0.2}).people["role"]
    both = chance(become + organise)
    assert_count(done == HELPER, both * become / (become + organise))
    assert_count(done == ORGANISER, both * organise / (become + organise))


def test_skill_in_sharing_makes_a_helper_as_the_formula_says() -> None:
    """Among the ready all else being alike: half of readiness goes with skill, of which the typical have one."""
    state = ready(3, 12000)
    p, g = state.people, state.groups
    g["roll"][0], g["helpers"][0], g["seekers"][0] = 50, 2, 4
    skill = p["sharing_skill"]
    become = p["willingness"] * p["self_efficacy"] * p["belonging"] * (0.5 + skill / (1.0 + skill))
    values = {"serve.become_hazard": 1.0, "serve.organise_hazard": 0.0, "serve.skill_counts": 0.5}
    done = after("serve", state, values).people["role"]
    assert_count(done == HELPER, chance(become))


def test_direction_where_skill_counts_helpers_are_the_abler_ones() -> None:
    """Over a run, the same luck: those who become helpers share better where skill counts than where it does not."""
    found = []
    for counts in (0.0, 1.0):
        values = {"serve.skill_counts": counts, "start.helpers": 0, "start.groups": 4}
        made = [lives(values, replicate) for replicate in range(30)]
        found.append([np.log(p["sharing_skill"][p["first_helper"] != NEVER]).mean() for p in made])
    assert_rises(*np.array(found))


def test_the_rate_of_turnover_is_the_formula() -> None:
    """Helpers step down at the yearly rate; the share `leaves_with_role` leaves the group too, all others stay."""
    state = helpers(4, 8000)
    done = after("serve", state, {"serve.turnover_per_year": 10.0, "serve.leaves_with_role": 0.4})
    down = done.people["role_end"] == LEFT_WITH_ROLE
    assert_count(down, np.full(8000, float(chance(np.array(10.0 / 52)))))
    assert_count((done.people["leaving"] == LEFT_WITH_ROLE)[down], np.full(down.sum(), 0.4))
    assert not done.people["leaving"][~down].any()
    assert (done.people["role"][down] == ORDINARY).all()
    assert done.groups["vacancies"][0] == done.groups["helpers_lost"][0] == down.sum()


def test_the_rate_of_burning_out_is_the_formula() -> None:
    """Only helpers under strain burn out, the more of it the more; those who stay must rest."""
    state = helpers(5, 8000)
    state.people["strain"][::2] = 0.9
    values = {
        "serve.burnout_per_year": 1.0,
        "serve.strain_tells": 3.0,
        "serve.turnover_per_year": 5.0,
        "serve.burnt_out_leaves": 0.3,
    }
    done = after("serve", state, values).people
    burnt, strained = done["role_end"] == BURNT_OUT, state.people["strain"] > 0.0
    burning = (np.exp(3.0 * 0.9) - 1.0) / 52
    total = burning + 5.0 / 52
    assert not burnt[~strained].any()
    assert_count(burnt[strained], np.full(strained.sum(), float(chance(np.array(total))) * burning / total))
    stays = done["leaving"][burnt] != BURNT_OUT
    assert (done["resting"][burnt] == stays).all()
    assert not done["resting"][~burnt].any()
    assert_count((done["leaving"] == BURNT_OUT)[burnt], np.full(burnt.sum(), 0.3))


def test_a_term_ends_for_everybody_and_is_no_burning_out() -> None:
    """Planned rotation: at the end of a term the role is left, which the text does not count as burning out."""
    state = helpers(6, 200, strain=0.9)
    state.people["helper_since"][::2] = 300 - 52
    values = {"serve.term_weeks": 52, "serve.turnover_per_year": 0.0, "serve.burnout_per_year": 1e-9}
    done = after("serve", state, values).people
    assert (done["role"][::2] == ORDINARY).all()
    assert (done["role"][1::2] == HELPER).all()
    assert (done["role_end"][::2] == LEFT_WITH_ROLE).all(), "a term that ends is not burning out"


@pytest.mark.parametrize("role", [HELPER, ORGANISER])
def test_who_leaves_a_role_does_not_take_one_in_the_same_step(role: int) -> None:
    """The text says so for every role; otherwise whoever is ready would step down and follow himself."""
    state = ready(8, 1)
    state.people["role"], state.people["strain"], state.people["helper_since"] = role, 0.0, 200
    state.luck["take_role"], state.luck["step_down"] = 0.0, 0.0
    values = {"serve.become_hazard": 10.0, "serve.turnover_per_year": 52.0, "serve.leaves_with_role": 0.0}
    assert after("serve", state, values).people["role"][0] == ORDINARY


def test_credit_is_shared_by_help_received_and_once() -> None:
    """On first becoming a helper, credit goes to those who helped and are still there, by their shares of help."""
    state = ready(9, 4)
    state.people["role"], state.luck["take_role"], state.luck["reason"] = (ORDINARY, RECOIL, RECOIL, RECOIL), 0.0, 0.0
    state.people["stage"][1:] = RECOIL
    state.ties["kind"] = NO_TIE
    for k, (other, received, lapsed) in enumerate(((1, 3, 0), (2, 1, 0), (3, 4, 1))):
        state.ties[0, k] = tie(0.5, other, state.handles["generation"][other] + lapsed, 0, received, HELP_TIE)
    state.people["credit"] = 0.0
    done = after("serve", state, {"serve.become_hazard": 10.0}).people
    assert done["credit"].tolist() == pytest.approx([0.0, 3 / 8, 1 / 8, 0.0])
    state.people["first_helper"][0] = 100
    assert not after("serve", state, {"serve.become_hazard": 10.0}).people["credit"].any()


def test_compiled_equals_plain_python(plain: dict[str, np.ndarray]) -> None:
    """The rule gives the same bits uncompiled."""
    assert_equals_plain(plain, "serve")


@given(st.integers(0, 10**6), st.floats(0, 10), st.floats(0, 10))
def test_more_turnover_keeps_no_helper_and_more_pull_loses_none(seed: int, a: float, b: float) -> None:
    """Paired luck, person by person: turnover only takes roles away, `become_hazard` only gives them."""
    state = case("serve", seed)
    state.groups["vacancies"][0] = 0
    low, high = (after("serve", state, {"serve.turnover_per_year": v}).people["role"] == HELPER for v in sorted((a, b)))
    assert (high <= low).all()
    none = {"serve.organise_hazard": 0.0}
    low, high = (
        after("serve", state, {**none, "serve.become_hazard": v}).people["role"] == HELPER for v in sorted((a, b))
    )
    assert (high >= low).all()


@given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 1))
def test_the_more_leave_with_the_role_the_more_leave(seed: int, a: float, b: float) -> None:
    """Whoever goes at some share goes at any larger one; who steps down is the same."""
    state = helpers(seed, 30)
    low, high = (
        after("serve", copied(state), {"serve.turnover_per_year": 30.0, "serve.leaves_with_role": v}).people
        for v in sorted((a, b))
    )
    assert np.array_equal(low["role"], high["role"])
    assert ((high["leaving"] > 0) >= (low["leaving"] > 0)).all()


def test_direction_more_turnover_means_more_stepping_down_and_fewer_helpers() -> None:
    """Over a run: roles left rise, helpers at the end and the share of helpers on the roll fall."""
    low, high = runs({"serve.turnover_per_year": 0.1}), runs({"serve.turnover_per_year": 1.5})
    assert_rises(measure(low, "stepped_down"), measure(high, "stepped_down"))
    assert_rises(measure(high, "helpers_at_end"), measure(low, "helpers_at_end"))
    assert_rises(measure(high, "helper_share_of_roll"), measure(low, "helper_share_of_roll"))


def test_switched_off_it_changes_nobodys_luck() -> None:
    """Traits and arrivals are the same with the mechanism on and off."""
    assert_same_luck("serve")


def learnt(seed: int, n: int) -> State:
    """Return members all of whom can take a role and know enough for it, in a group with five vacant places."""
    state = ready(seed, n)
    state.people["know_how"], state.people["successor"], state.groups["vacancies"][0] = 0.9, 1, 5
    return state


def test_where_helping_is_learnt_a_new_helper_takes_a_place_and_a_starter_none() -> None:
    """Places are counted by roles taken, not by dates: at the opening all helpers have the date of that step."""
    values = {"prepare.able_at": 0.5, "serve.become_hazard": 0.6, "serve.organise_hazard": 0.0}
    state = learnt(3, 40)
    state.people["role"][:10], state.people["helper_since"] = HELPER, state.clock.step
    done = after("serve", state, {**values, "serve.turnover_per_year": 0.0})
    made = int((done.people["role"] == HELPER).sum()) - 10
    assert 0 < made < 5
    assert done.groups["vacancies"][0] == 5 - made
    assert not done.people["successor"][done.people["role"] == HELPER][10:].any()


def test_who_is_marked_as_leaving_takes_no_role() -> None:
    """An act marks people before the step: they may not take a role on the way out."""
    state = ready(4, 500)
    state.people["leaving"][:250] = LEFT_WITH_ROLE
    done = after("serve", state, {"serve.become_hazard": 10.0}).people["role"]
    assert (done[:250] == ORDINARY).all()
    assert (done[250:] == HELPER).any()


ROTATION: dict[str, Any] = {
    "start.members": 20,
    "start.helpers": 10,
    "start.groups": 20,
    "start.run_in_weeks": 0,
    "weeks": 110,
}
ROTATION |= {"serve.term_weeks": 104, "serve.turnover_per_year": 0.0, "serve.become_hazard": 0.0}
ROTATION |= {"leave.enabled": False, "close.enabled": False, "live.enabled": False}


def opening(values: dict[str, Any]) -> np.ndarray:
    """Return everybody who is there when the groups open."""
    world = Simulation(scenario(values), 1)
    world.open_groups()
    return living(world.world)


def test_starters_have_served_a_part_of_their_term() -> None:
    """At the opening: a uniform part of the term, never more than the tenure; nothing in a founding group."""
    people = opening(ROTATION)
    first = people[people["first_helper"] != NEVER]
    served, tenure = first["first_helper"] - first["helper_since"], first["first_helper"] - first["joined"]
    assert len(first) == 200 and (served <= tenure).all() and (served <= 104).all()
    long = tenure >= 104
    assert_count(served[long] < 52, np.full(long.sum(), 0.5))
    new = opening({**ROTATION, "start.kind": "founding"})
    new = new[new["first_helper"] != NEVER]
    assert (new["helper_since"] == new["first_helper"]).all()


def test_direction_terms_of_starters_do_not_end_together() -> None:
    """Over two years of rotation no week takes a tenth of the helpers of the opening, and all have gone at the end."""
    (run,) = runs(ROTATION, range(1), record="series", weeks=110)
    helpers = run.series["helpers"].to_numpy()
    assert helpers[-1] == 0 and np.diff(helpers).min() > -20
