"""Preparation and succession: learning beside a helper, from a record or alone; who follows, and what a plan does."""

from __future__ import annotations

import numpy as np
import pytest

from mhsim.mechanisms import prepare
from mhsim.schema import (
    ACCOMMODATION,
    APPRENTICE,
    HELPER,
    NEVER,
    NOBODY,
    ORDINARY,
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
    differing,
    measure,
    neutral,
    runs,
)

LEARNT = {"prepare.able_at": 0.5, "bequeath.record": 0.0}
ON = {"work.enabled": True, "prepare.enabled": True, "prepare.able_at": 0.5, "serve.rest_weeks": 26.0}
ON |= {"close.no_leader_per_year": 0.0, "attend.leaderless_push": 0.0}


def group(helpers: int, apprentices: int, members: int = 12) -> State:
    """Return accommodated members, the first of whom help, the next learn since 10 steps; nothing is vacant."""
    state = case("prepare", 3, members)
    p, g = state.people, state.groups
    p["role"] = [HELPER] * helpers + [APPRENTICE] * apprentices + [ORDINARY] * (members - helpers - apprentices)
    p["stage"], p["meetings"], p["resting"], p["know_how"], p["successor"] = ACCOMMODATION, 30, 0, 0.0, 0
    p["helper_since"][:helpers], p["first_helper"][:helpers] = 100, 100
    p["first_helper"][helpers:] = NEVER
    p["know_how"][:helpers], p["apprentice_since"] = 0.9, 290
    g["helpers"][0], g["organisers"][0], g["vacancies"][0], g["legacy"][0] = helpers, 0, 0, 0.5
    return state


def test_nothing_happens_in_the_neutral_setting() -> None:
    """Nobody learns, forgets, is asked or follows; apprentices, whom nothing keeps waiting, become helpers."""
    state = case("prepare", 1, 300)
    done = after("prepare", state, neutral("prepare", prepare))
    assert not differing(state.people, done.people)


def test_know_how_after_the_stated_weeks_is_enough() -> None:
    """So many weeks beside a helper, and three times as long alone: no more for the rounding of many small gains."""
    for helpers, weeks, alone in ((1, 26, 1.0), (1, 6, 1.0), (1, 25, 1.0), (0, 26, 0.25)):
        state = group(helpers, 1)
        taken = 0
        while state.people["role"][helpers] == APPRENTICE:
            state = after("prepare", state, {**LEARNT, "prepare.weeks": weeks, "prepare.alone": alone})
            taken += 1
        assert taken == weeks / alone
        assert state.people["role"][helpers] == HELPER
        assert state.groups["helpers_made"][0] == 1


def test_a_helper_teaches_one_at_a_time() -> None:
    """Of three who learn beside two helpers, who began last, or came last of equals, learns as if alone."""
    state = group(2, 3)
    state.people["apprentice_since"][2:5] = [290, 280, 290]
    gained = after("prepare", state, LEARNT).people["know_how"][2:5] * 52.0
    last = np.argmax(np.where(state.people["apprentice_since"][2:5] == 290, state.people["who"][2:5], 0))
    assert gained == pytest.approx([0.33 if k == last else 1.0 for k in range(3)])


def test_a_record_teaches_where_nobody_does() -> None:
    """What is written down counts by the quality of the methods handed down, and only where it is more than trial."""
    state = group(0, 1)
    for record, pace in ((0.2, 0.33), (1.0, 0.5)):
        done = after("prepare", state, {**LEARNT, "bequeath.record": record})
        assert done.people["know_how"][0] * 52.0 == pytest.approx(pace)


def test_helping_teaches_and_idleness_forgets() -> None:
    """A helper gains a share of what is missing, a member loses a share; who waits to follow keeps it."""
    state = group(1, 0)
    p = state.people
    p["know_how"][1:3], p["successor"][2] = 0.6, 1
    done = after("prepare", state, LEARNT).people["know_how"]
    assert done[:3] == pytest.approx([0.9 + 0.01 * 0.1, 0.6 * (1.0 - 0.002), 0.6])


def test_who_is_prepared_by_plan_waits_for_a_place() -> None:
    """With nothing vacant a successor becomes a member who waits; with a place, a helper; the readiest goes first."""
    state = group(1, 2)
    p = state.people
    p["know_how"][1:3], p["successor"][1:3] = 0.5, 1
    waiting = after("prepare", state, LEARNT)
    assert waiting.people["role"][:3].tolist() == [HELPER, ORDINARY, ORDINARY]
    waiting.groups["vacancies"][0] = 1
    p = waiting.people
    ready = p["willingness"] * p["self_efficacy"] * p["belonging"]
    done = after("prepare", waiting, LEARNT)
    first, other = (1, 2) if ready[1] > ready[2] else (2, 1)
    assert done.people["role"][[first, other]].tolist() == [HELPER, ORDINARY]
    assert done.people["successor"][[first, other]].tolist() == [0, 1]
    assert done.groups["vacancies"][0] == 0


@pytest.mark.parametrize("why", [("stage", RECOIL), ("leaving", 1), ("role_left", 295), ("resting", 1)])
def test_who_cannot_take_a_role_does_not_follow(why: tuple[str, int]) -> None:
    """Nor does anybody succeed himself while resting, as heart's second proof found."""
    state = group(1, 0)
    p = state.people
    p["know_how"][1], p["successor"][1] = 0.8, 1
    p[why[0]][1] = why[1]
    state.groups["vacancies"][0] = 1
    done = after("prepare", state, {**LEARNT, "serve.rest_weeks": 26.0})
    assert done.people["role"][1] == ORDINARY
    assert done.groups["vacancies"][0] == 1


def test_help_descends_from_the_helper_one_is_closest_to() -> None:
    """A chain of three: the founder, who learnt from him, and who learns from that one by the strongest tie."""
    state = group(2, 1)
    p, ties = state.people, state.ties
    p["apprentice_since"][2] = 300
    p["descent"][:2], p["generation"][:2] = [NOBODY, p["who"][0]], [0, 1]
    ties["kind"][2], ties["kind"][2, :2] = 0, 1
    ties["other"][2, :2], ties["strength"][2, :2] = [0, 1], [0.2, 0.7]
    ties["generation"][2, :2] = state.handles["generation"][:2]
    done = after("prepare", state, LEARNT).people[2]
    assert (done["descent"], done["generation"]) == (p["who"][0], 2)
    alone = group(0, 1)
    alone.people["apprentice_since"][0] = 300
    assert after("prepare", alone, LEARNT).people["descent"][0] == NOBODY


def test_who_is_asked_by_plan_has_a_descent_too() -> None:
    """Nobody is left out of the family tree of help because a plan, not a wish, began it."""
    state = group(1, 0)
    state.luck["goes_too"] = 0.0
    done = after("prepare", state, {**LEARNT, "prepare.successors": 1, "prepare.ask_per_week": 10.0}).people
    asked = done["role"] == APPRENTICE
    assert asked.sum() == 1
    assert done["descent"][asked].tolist() == [state.people["who"][0]]
    assert done["generation"][asked].tolist() == [1]


def test_a_plan_asks_with_the_stated_chance_and_no_more_than_it_wants() -> None:
    """One who knows too little is asked, the readiest, until so many prepare or wait."""
    asked, chances = [], []
    for seed in range(2000):
        state = group(1, 0)
        state.luck["goes_too"] = np.random.default_rng(seed).random(len(state.luck))
        done = after("prepare", state, {**LEARNT, "prepare.successors": 1, "prepare.ask_per_week": 0.2})
        asked.append((done.people["role"] == APPRENTICE).sum())
        chances.append(chance(np.array(0.2)))
    assert_count(np.array(asked), np.array(chances))
    full = group(1, 1)
    full.people["successor"][1] = 1
    full.luck["goes_too"] = 0.0
    done = after("prepare", full, {**LEARNT, "prepare.successors": 1, "prepare.ask_per_week": 10.0})
    assert (done.people["role"] == APPRENTICE).sum() == 1
    nobody = group(0, 0)
    done = after("prepare", nobody, {**LEARNT, "prepare.successors": 1, "prepare.ask_per_week": 10.0})
    assert (done.people["role"] == APPRENTICE).sum() == 0


@pytest.mark.slow
def test_a_plan_keeps_helpers_where_they_stay_longer_than_it_takes_to_prepare() -> None:
    """Direction, under the same chance events: helpers who stay two years are followed; the plan costs hours."""
    base = {**ON, "serve.turnover_per_year": 0.5, "serve.leaves_with_role": 0.0}
    none, plan = (runs({**base, "prepare.successors": k}, weeks=260) for k in (0, 2))
    assert_rises(measure(none, "helpers_at_end"), measure(plan, "helpers_at_end"))


@pytest.mark.slow
def test_nobody_succeeds_himself() -> None:
    """Heart's second proof turned round: no role taken within 13 weeks by whoever left it."""
    values = {**ON, "serve.turnover_per_year": 4.0, "prepare.successors": 2, "serve.become_hazard": 0.3}
    taken = 0
    for run in runs(values, range(10), record="story", weeks=260):
        last: dict[str, int] = {}
        table = run.events.to_pandas().sort_values("week", kind="stable")
        for who, week, kind in zip(table["who"], table["week"], table["kind"], strict=True):
            if kind == "role_ended":
                last[who] = week
            elif kind == "became_helper":
                taken += 1
                assert week - last.get(who, -999) >= 13
    assert taken > 20


def test_switched_off_it_changes_nobodys_luck() -> None:
    """Traits and arrivals are the same with and without."""
    assert_same_luck("prepare")


def test_it_gives_the_bits_of_plain_python(plain: dict[str, np.ndarray]) -> None:
    """Compiled and uncompiled, bit for bit."""
    assert_equals_plain(plain, "prepare")
