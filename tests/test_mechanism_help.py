"""Help, one to one: asked for by need, answered by those who can, good for both sides and costly for one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhsim.mechanisms import help
from mhsim.schema import ACCOMMODATION, HELPER, IMPACT, ORDINARY, RECOIL
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
)


def couple(seed: int, stage: int = IMPACT) -> State:
    """Return a seeker in row 0 who asks for certain and the one helper in row 1 who does not, both at the meeting."""
    state = case("help", seed, 2)
    p = state.people
    p["attended"], p["role"], p["stage"] = 1, (ORDINARY, HELPER), (stage, ACCOMMODATION)
    state.luck["ask"], state.luck["accept"], state.luck["match"], state.luck["advice"] = (0.0, 1.0), 0.0, 0.5, 0.999
    state.ties["kind"] = 0
    state.groups["helpers"][0], state.groups["organisers"][0], state.groups["sharers"][0] = 1, 0, 1.0
    state.groups["relief"][0] = 0.94
    return state


def test_nothing_happens_at_zero_rate() -> None:
    """In the neutral setting nobody asks or is worn out; only old strain and old disappointment fade."""
    state = case("help", 1, 300)
    done = after("help", state, neutral("help", help))
    assert differing(state.people, done.people) <= {"strain", "unmet", "helped_by"}
    assert (done.people["strain"] <= state.people["strain"]).all()
    assert (done.people["unmet"] <= state.people["unmet"]).all()
    state.people["strain"], state.people["unmet"], state.people["helped_by"] = 0.0, 0.0, -1
    assert not differing(state.people, after("help", state, neutral("help", help)).people)


def test_those_who_neither_ask_nor_answer_are_left_alone() -> None:
    """Without a request and without an answer nothing but strain, its hurt and fading touches a member."""
    state = case("help", 2, 300)
    done = after("help", state).people
    idle = (done["helped_by"] == -1) & (done["load"] == 0) & (done["unmet_requests"] == state.people["unmet_requests"])
    assert idle.any()
    assert differing(state.people, done, idle) <= {"strain", "unmet", "distress", "helped_by"}


def test_who_stays_away_is_out_of_reach_where_there_is_no_telephone() -> None:
    """With `off_meeting` 0 nobody absent asks, is asked or helps."""
    state = case("help", 3, 300)
    done = after("help", state, {"help.off_meeting": 0.0, "help.ask_per_week": 20.0}).people
    away = state.people["attended"] == 0
    assert (done["helped_by"][away] == -1).all()
    assert (done["load"][away] == 0).all()
    assert np.array_equal(done["unmet_requests"][away], state.people["unmet_requests"][away])
    assert (done["load"] > 0).any()


def test_the_rate_of_asking_is_the_formula() -> None:
    """Requests over thousands of members, at meetings and between them (four standard errors)."""
    state = case("help", 4, 3000)
    p = state.people
    need = p["distress"] * (1.0 - 0.5 * p["self_reliance"]) * (1.0 - 0.4 * p["shame"])
    hazard = 1.2 * need * np.where(p["attended"] == 1, 1.0, 0.3)
    done = after("help", state)
    asked = (done.people["helped_by"] >= 0) | (done.people["unmet_requests"] > p["unmet_requests"])
    assert_count(asked, chance(hazard))
    assert done.groups["requests"][0] == asked.sum()
    assert done.groups["requests_unmet"][0] == (done.people["helped_by"] < 0)[asked].sum()
    assert done.people["load"].sum() == (done.people["helped_by"] >= 0).sum()


def test_a_request_is_met_with_the_chance_of_the_formula() -> None:
    """One seeker, one fresh helper without a tie: total pull 1 against a reluctance of 0.35."""
    met = []
    rng = np.random.default_rng(5)
    for seed in range(1500):
        state = couple(seed % 20)
        state.luck["accept"] = rng.random()
        met.append(after("help", state, {"help.ask_per_week": 20.0}).people["helped_by"][0] == 1)
    assert_count(np.array(met), np.full(len(met), 1.0 / 1.35))


def test_the_policy_says_who_answers_and_not_whether() -> None:
    """One request among many who could answer: under every policy met or not alike, and by other people."""
    answers = []
    for policy in ("random", "alike", "veteran", "own_sponsor", "neediest"):
        by = []
        for seed in range(40):
            state = case("help", seed)
            state.luck["ask"][:1], state.luck["ask"][1:] = 0.0, 0.9999999
            state.people["attended"][0] = 1
            values = {"help.policy": policy, "help.ask_per_week": 5.0, "help.reluctance": 4.0}
            by.append(after("help", state, values).people["helped_by"][0])
        answers.append(by)
    found = np.array(answers)
    assert ((found >= 0) == (found[0] >= 0)).all()
    assert 0 < (found[0] >= 0).sum() < 40
    assert (found[1] != found[0]).any() and (found[2] != found[0]).any() and (found[3] != found[0]).any()
    assert (found[4] == found[0]).all()


@pytest.mark.parametrize("policy", ["alike", "veteran", "neediest"])
def test_direction_policies_change_by_whom_and_hardly_how_many_are_met(policy: str) -> None:
    """Over a run: the share of requests met differs from random matching by less than two in a hundred."""
    low, high = (measure(runs({"help.policy": v}, range(12)), "requests_met") for v in ("random", policy))
    assert abs((high - low).mean()) < 0.02


@pytest.mark.parametrize("stage", [IMPACT, RECOIL, ACCOMMODATION])
def test_what_help_does_to_both_is_the_formula(stage: int) -> None:
    """One act of help by hand: the seeker's gains by stage, the helper's benefit and strain."""
    for seed in range(30):
        state = couple(seed, stage)
        a, b = state.people[0].copy(), state.people[1].copy()
        done = after("help", state, {"help.ask_per_week": 20.0, "help.unfit_advice": 0.0}).people
        assert done["helped_by"][0] == 1
        assert done["load"][1] == 1
        dx, dy = a["profile_x"] - b["profile_x"], a["profile_y"] - b["profile_y"]
        close = 0.4 + 0.6 / (1.0 + (dx * dx + dy * dy) / (2.0 * 1.2 * 1.2))
        hurt = 0.004 * a["strain"] * (1.0 - a["distress"])
        seeker = {
            "distress": a["distress"] - 0.03 * close * a["distress"] + hurt,
            "identification": a["identification"] + (stage == IMPACT) * 0.05 * close * (1 - a["identification"]),
            "coping": a["coping"] + (0.06 if stage == RECOIL else 0.03) * close * max(0.0, b["coping"] - a["coping"]),
            "hope": a["hope"] + 0.05 * close * max(0.0, b["hope"] - a["hope"]),
            "self_efficacy": a["self_efficacy"] + 0.008 * close * max(0.0, b["self_efficacy"] - a["self_efficacy"]),
            "dependency": a["dependency"] + 0.01 * (1 - a["dependency"]),
            "unmet": a["unmet"] * 0.9,
        }
        strain = b["strain"] - 0.1 * b["strain"] + 0.94 * (0.022 * (0.4 + a["distress"]) + 0.06)
        helper = {
            "self_efficacy": b["self_efficacy"] + 0.01 * (1 - b["self_efficacy"]),
            "hope": b["hope"] + 0.006 * (1 - b["hope"]),
            "distress": b["distress"] - 0.004 * b["distress"] + 0.004 * b["strain"] * (1 - b["distress"]),
            "meaning": b["meaning"] + 0.02 * (1 - b["meaning"]),
            "belonging": b["belonging"] + 0.03 * (1 - b["belonging"]),
            "dependency": b["dependency"] * 0.95,
            "strain": strain,
        }
        for row, expected in ((0, seeker), (1, helper)):
            for name, value in expected.items():
                assert done[name][row] == pytest.approx(min(1.0, max(0.0, value)), abs=1e-13), (row, name)


def test_unfit_advice_falls_with_know_how_by_the_formula() -> None:
    """One act of help, the draw of advice spread evenly: harm of self-efficacy and trust as often as the text says."""
    for know_how in (0.0, 0.6, 1.0):
        unfit, chances = [], []
        for k in range(600):
            state = couple(k % 20)
            p = state.people
            p["know_how"][1], state.luck["advice"] = know_how, (k + 0.5) / 600
            done = after("help", state, {"help.ask_per_week": 20.0, "help.unfit_advice": 1.0}).people
            dx, dy = p["profile_x"][0] - p["profile_x"][1], p["profile_y"][0] - p["profile_y"][1]
            chances.append((1.0 - 1.0 / (1.0 + (dx * dx + dy * dy) / 2.88)) * 0.8 * (1.0 - know_how))
            unfit.append(done["trust"][0] < p["trust"][0])
        assert (np.array(unfit) == ((np.arange(600) + 0.5) / 600 < np.array(chances))).all()
        assert know_how == 1.0 or np.any(unfit)


def test_direction_where_helpers_know_their_work_advice_is_better() -> None:
    """Over a run with much unfit advice: who was helped trusts more where helpers know all than where nothing."""
    found = []
    for known in (0.0, 1.0):
        values = {"help.unfit_advice": 1.0, "help.unfit_trust": 1.0, "start.helper_know_how": known}
        kept = [lives({**values, "prepare.enabled": True}, replicate) for replicate in range(12)]
        found.append([p["trust"][p["help_received"] > 0].mean() for p in kept])
    assert_rises(*np.array(found))


def test_the_most_distressed_are_served_first_under_neediest() -> None:
    """The helper answers easily only a few: under `neediest` the refused are calmer than the served, on average."""
    served, refused = [], []
    for seed in range(60):
        state = case("help", seed, 25)
        state.people["role"], state.people["stage"], state.people["attended"] = ORDINARY, RECOIL, 1
        state.people["role"][0], state.people["stage"][0] = HELPER, ACCOMMODATION
        state.luck["ask"] = 0.0
        done = after("help", state, {"help.policy": "neediest", "help.ask_per_week": 20.0, "help.capacity_people": 1.0})
        met = done.people["helped_by"] >= 0
        served.append(state.people["distress"][met].mean())
        refused.append(state.people["distress"][~met][1:].mean())
    assert_rises(np.array(refused), np.array(served))


def test_nobody_helps_himself_and_only_those_who_can() -> None:
    """Every answer comes from a helper or an accommodated member, never from the seeker."""
    state = case("help", 6, 400)
    done = after("help", state, {"help.ask_per_week": 20.0}).people
    i = np.flatnonzero(done["helped_by"] >= 0)
    j = done["helped_by"][i]
    assert len(i) > 50
    assert (i != j).all()
    assert ((state.people["role"][j] == HELPER) | (state.people["stage"][j] == ACCOMMODATION)).all()


def test_compiled_equals_plain_python(plain: dict[str, np.ndarray]) -> None:
    """The rule gives the same bits uncompiled."""
    assert_equals_plain(plain, "help")


GAINS = {"naming": "identification", "teaching": "coping", "encourage": "hope", "coaching": "self_efficacy"}


@given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 1), st.sampled_from(sorted(GAINS)))
def test_better_help_leaves_nobody_with_less(seed: int, a: float, b: float, name: str) -> None:
    """Paired luck: the same requests are answered by the same people, and each gains at least as much."""
    state = case("help", seed)
    low, high = (after("help", state, {f"help.{name}": value}).people for value in sorted((a, b)))
    assert np.array_equal(low["helped_by"], high["helped_by"])
    assert (high[GAINS[name]] >= low[GAINS[name]]).all()


@given(st.integers(0, 10**6), st.floats(0, 20), st.floats(0, 20))
def test_asking_more_never_takes_a_request_back(seed: int, a: float, b: float) -> None:
    """Whoever asks at some rate asks at any higher one."""
    low, high = (after("help", case("help", seed), {"help.ask_per_week": v}) for v in sorted((a, b)))
    asked = [(s.people["helped_by"] >= 0) | (s.people["unmet_requests"] > 0) for s in (low, high)]
    assert (asked[1] >= asked[0]).all()


def test_direction_more_comfort_calms_those_who_come() -> None:
    """Over a run: mean distress of those who join falls in the mean over histories."""
    low, high = [], []
    for replicate in range(12):
        one, other = lives({}, replicate), lives({"help.comfort": 0.12}, replicate)
        joined = (one["joined"] >= 52) & (other["joined"] >= 52)
        low.append(one["distress"][joined].mean())
        high.append(other["distress"][joined].mean())
    assert_rises(np.array(high), np.array(low))


def test_switched_off_it_changes_nobodys_luck() -> None:
    """Traits and arrivals are the same with the mechanism on and off."""
    assert_same_luck("help")


def test_a_smaller_reluctance_leaves_fewer_requests_unmet() -> None:
    """Person by person in one step: with one seeker asking, a request met stays met when people are less reluctant."""
    for seed in range(30):
        state = couple(seed)
        state.luck["accept"] = (seed + 0.5) / 30
        met = [
            after("help", copied(state), {"help.ask_per_week": 20.0, "help.reluctance": r}).people["helped_by"][0] >= 0
            for r in (2.0, 0.35, 0.01)
        ]
        assert met == sorted(met)
