"""What is counted of losses of helpers, of the group's work and of the family tree of help, by hand-made histories."""

from __future__ import annotations

import numpy as np
import pytest

from mhsim import Scenario, simulate
from mhsim.engine import losses as losses_kept
from mhsim.engine import tally as tally_kept
from mhsim.engine import work_tally
from mhsim.engine.tally import TALLY
from mhsim.evidence.observables import above_and_below
from mhsim.kernel_helpers import Clock
from mhsim.outcomes.counts import family_of
from mhsim.outcomes.measures import BY_NAME
from mhsim.outcomes.summary import _losses, _waiting
from mhsim.scenario import with_values
from mhsim.schema import GROUPS, HELPER, NOBODY, NOWHERE, ORGANISER, PEOPLE
from support import uncompiled

LOSSES_PLAIN, WORK_PLAIN, TALLY_PLAIN = uncompiled(losses_kept), uncompiled(work_tally), uncompiled(tally_kept)
"""Kernels in plain Python: compiled, only an entry can be called from outside."""
OF_WORK = ("hours_needed", "hours_done", "hours_covered", "meetings_cancelled", "helpers_who_must_go")
OF_LEARNING = ("apprentices_per_group", "know_how_of_helpers", "founders_of_help", "help_from_one_founder")
OF_LEARNING += ("founders_of_help_given", "help_given_from_one_founder")


def watched(history: list[tuple[int, int]], closes: bool = False) -> np.void:
    """Return the tally of one group: helpers as each week begins, and how many left the role in the week before."""
    groups, losses, tally = np.zeros(1, GROUPS), np.zeros(1, losses_kept.LOSSES), np.zeros(1, TALLY)
    records = groups.view(np.recarray), losses.view(np.recarray), tally.view(np.recarray)
    for week, (helpers, left) in enumerate(history):
        groups["helpers"] = helpers
        groups["helpers_lost"] += left
        LOSSES_PLAIN.watch_losses(records[0], 0, records[1], records[2], Clock(week, 1.0, 0))
    if closes:
        LOSSES_PLAIN.close_want(records[1], 0, records[2])
    return tally[0]


def test_a_loss_is_followed_for_a_year_and_held_against_what_is_usual() -> None:
    """Four helpers; one leaves in week 11, another in week 21, a third in week 101, two years in all."""
    history = [(4, 0)] * 11 + [(3, 1)] + [(3, 0)] * 9 + [(2, 1)] + [(2, 0)] * 79 + [(1, 1)] + [(1, 0)] * 3
    found = watched(history)
    assert found["losses"].tolist() == [2.0, 1.0, 0.0]
    assert found["following_gone"].tolist() == [1.0, 0.0, 0.0]
    assert found["quiet_gone"] == 2.0
    # weeks 12 to 63 follow the first loss: three helpers for ten weeks, two for 42;
    # weeks 22 to 73 the second; weeks 102 to 104 the third
    assert found["following_helpers"].tolist() == [10 * 3 + 42 * 2 + 3 * 1, 52 * 2, 0]
    # weeks 1 to 11, and 74 to 101
    assert found["quiet_helpers"] == 11 * 4 + 28 * 2
    measures = _losses(found)
    assert measures["losses_after_first"] == 0.5
    assert measures["losses_after_first_beyond_expected"] == pytest.approx((1 - 2 / 100 * 117) / 2)
    assert measures["losses_after_third"] is None


def test_losses_of_one_week_do_not_follow_one_another() -> None:
    """Three who leave at once are a first, a second and a third loss, and nobody follows."""
    found = watched([(5, 0), (2, 3), (2, 0)])
    assert found["losses"].tolist() == [1.0, 1.0, 1.0]
    assert found["following_gone"].sum() == 0.0


@pytest.mark.parametrize(
    ("later", "closes", "expected"),
    [
        ([(3, 0)] * 6 + [(4, 0)], False, (1, 1, 7)),
        ([(3, 0)] * 60, False, (1, 0, 0)),
        ([(3, 0)] * 6, True, (1, 0, 0)),
        ([(3, 0)] * 6, False, (0, 0, 0)),
        ([(3, 0), (1, 0), (2, 0)], False, (1, 1, 3)),
    ],
    ids=["seven weeks", "not in a year", "closes", "still waiting", "two go with a split"],
)
def test_a_loss_is_made_good_when_as_many_help_again(
    later: list[tuple[int, int]], closes: bool, expected: tuple[int, int, int]
) -> None:
    """Four helpers, of whom one leaves in the week before the sixth."""
    found = watched([(4, 0)] * 5 + [(3, 1)] + later, closes)
    assert (found["wants"], found["made_good"], found["weeks_of_want"]) == expected


def test_who_is_replaced_in_the_same_week_leaves_no_want() -> None:
    """As many help as before."""
    assert watched([(4, 0), (4, 1), (4, 0)])["wants"] == 0


@pytest.mark.parametrize(
    ("needed", "expected"), [(0.5, 3), (1.0, 3), (1.1, 2), (2.5, 2), (3.1, 1), (5.0, 1), (7.0, 1), (7.1, 0)]
)
def test_helpers_go_who_do_most_first_until_the_meeting_is_not_covered(needed: float, expected: int) -> None:
    """Three helpers do 4, 2 and 0.5 hours, an organiser 0.5: 7 in all, then 3, then 1, then 0.5."""
    members = np.zeros(4, PEOPLE).view(np.recarray)
    members.role = [HELPER, HELPER, ORGANISER, HELPER]
    members.spare_time = [0.5, 2.0, 0.25, 1.0]
    members.able = [0.5, 1.0, 1.0, 1.0]
    hours = np.array([(2.0,)], [("hours", "f8")]).view(np.recarray)[0]
    gone = np.ones(4, np.int32)
    assert WORK_PLAIN.how_many_must_go(members, 7.0, needed, gone, hours) == expected


def test_all_must_go_where_organisers_do_enough() -> None:
    """One helper, and more work done than called for."""
    members = np.zeros(2, PEOPLE).view(np.recarray)
    members.role, members.spare_time, members.able = [HELPER, ORGANISER], [1.0, 1.0], [1.0, 1.0]
    hours = np.array([(2.0,)], [("hours", "f8")]).view(np.recarray)[0]
    assert WORK_PLAIN.how_many_must_go(members, 4.0, 1.0, np.zeros(2, np.int32), hours) == 1


def test_the_family_tree_of_help_in_two_groups() -> None:
    """Half, a quarter and a quarter are 2.67 founders by inverse Simpson; who learnt from nobody is a founder."""
    helpers = np.zeros(5, PEOPLE)
    helpers["group"] = [0, 0, 0, 0, 3]
    helpers["who"] = [1, 2, 3, 4, 5]
    helpers["descent"] = [NOBODY, 1, NOBODY, 9, 1]
    helpers["generation"] = [0, 1, 0, 2, 2]
    groups, effective, largest, count, generations, *by_help = family_of(helpers)
    assert (groups, count, generations) == (2, 5, 5)
    assert effective == pytest.approx(1 / (0.5**2 + 0.25**2 + 0.25**2) + 1)
    assert largest == 0.5 + 1.0
    assert by_help == [0, 0, 0], "nobody gave any help"
    assert not family_of(helpers[:0]).any()


def test_the_family_tree_is_weighed_by_the_help_of_this_year() -> None:
    """Of 10 helps 8 descend from one of two founders, who are 1.47 by weight; the other group gave no help."""
    helpers = np.zeros(4, PEOPLE)
    helpers["group"], helpers["who"] = [0, 0, 0, 3], [1, 2, 3, 5]
    helpers["descent"] = [NOBODY, 1, NOBODY, NOBODY]
    helpers["help_given"], helpers["help_this_year"] = 900, [0, 8, 2, 0]
    groups, effective, largest = family_of(helpers)[5:]
    assert (groups, largest) == (1, 0.8)
    assert effective == pytest.approx(1 / (0.8**2 + 0.2**2))


def covered(history: list[tuple[int, float]], closes: bool = False) -> np.void:
    """Return the tally of one group: who left the role before each week, and hours done in it, of two called for."""
    groups, losses, tally = np.zeros(1, GROUPS), np.zeros(1, losses_kept.LOSSES), np.zeros(1, TALLY)
    records = groups.view(np.recarray), losses.view(np.recarray), tally.view(np.recarray)
    groups["hours_open"], groups["helpers"] = 2.0, 9
    for week, (left, done) in enumerate(history):
        groups["helpers_lost"] += left
        groups["hours_done"] = done
        LOSSES_PLAIN.watch_losses(records[0], 0, records[1], records[2], Clock(week, 1.0, 0))
        LOSSES_PLAIN.watch_cover(records[0], 0, records[1], records[2], Clock(week, 1.0, 0))
    if closes:
        LOSSES_PLAIN.close_want(records[1], 0, records[2])
    return tally[0]


@pytest.mark.parametrize(
    ("later", "closes", "expected"),
    [
        ([(0, 1.0)] * 6 + [(0, 2.0)], False, (1, 1, 1, 1, 7)),
        ([(0, 2.5)] * 9, False, (1, 1, 1, 1, 1)),
        ([(0, 1.0)] * 60, False, (1, 1, 1, 0, 0)),
        ([(0, 1.0)] * 6, True, (1, 1, 1, 0, 0)),
        ([(0, 1.0)] * 6, False, (1, 1, 0, 0, 0)),
        ([(0, 1.0), (1, 1.0), (0, 3.0)], False, (1, 1, 1, 1, 3)),
        ([(0, 3.0), (2, 3.0), (0, 1.0)], False, (2, 1, 1, 1, 1)),
    ],
    ids=["seven weeks", "next week", "not in a year", "closes", "still waiting", "another goes", "no loss uncovers"],
)
def test_a_gap_in_the_work_lasts_until_it_is_covered_again(
    later: list[tuple[int, float]], closes: bool, expected: tuple[int, ...]
) -> None:
    """Three hours are done of two called for, until one helper goes and one hour is done."""
    found = covered([(0, 3.0)] * 5 + [(1, 1.0)] + later, closes)
    names = ("covered_losses", "uncovered", "gaps", "covered_again", "weeks_uncovered")
    assert tuple(found[name] for name in names) == expected
    assert _losses(found)["weeks_to_cover_work"] == (expected[4] if expected[3] else None)


def test_a_loss_where_the_work_was_not_covered_before_uncovers_nothing() -> None:
    """What is short already cannot be uncovered, and a gap that no loss made is none."""
    found = covered([(0, 1.0)] * 3 + [(1, 0.5), (0, 3.0), (0, 1.0), (0, 3.0)])
    assert (found["covered_losses"], found["uncovered"]) == (0, 0)
    assert found["losses"].sum() == 1
    assert _losses(found)["losses_that_uncover"] is None


def test_waiting_begins_with_the_first_request() -> None:
    """Two asked in week 3: one is helped in week 5, one in week 9, who has not been helped four weeks after."""
    people, tally = np.zeros(2, PEOPLE), np.zeros(1, TALLY)
    records = people.view(np.recarray), tally.view(np.recarray)
    people["first_asked"], people["joined"], people["arrival_distress"] = 3, 1, [0.2, 0.8]
    people["helped_by"] = people["last_crisis"] = NOWHERE
    helped = {5: 0, 9: 1}
    for week in range(3, 12):
        people["helped_by"] = NOWHERE
        if week in helped:
            people["helped_by"][helped[week]] = 0
            people["help_received"][helped[week]] += 1
        for i in range(2):
            TALLY_PLAIN._watch_first_help(records[0], i, records[1], Clock(week, 1.0, 0))
        TALLY_PLAIN.watch_people(records[0], records[1], Clock(week, 1.0, 0))
    measures = _waiting(tally[0])
    assert measures["weeks_from_asking_to_help_low_distress"] == 2.0
    assert measures["weeks_from_asking_to_help_middle_distress"] is None
    assert measures["weeks_from_asking_to_help_high_distress"] == 6.0
    assert measures["weeks_from_asking_to_help"] == 4.0
    assert measures["weeks_to_help_high_distress"] == 8.0, "from the first visit"
    shares = [measures[f"helped_4_weeks_after_asking{tail}"] for tail in ("_low_distress", "_high_distress", "")]
    assert shares == [1.0, 0.0, 0.5]


def test_weeks_of_helping_are_cut_at_the_median_strain() -> None:
    """Of ten weeks the lower six and the upper four are the more even halves."""
    helpers, ended = np.array([[1.0, 5.0, 4.0, 0.0]]), np.array([[0.0, 1.0, 3.0, 0.0]])
    assert above_and_below(helpers, ended).tolist() == [[4.0, 3.0, 6.0, 1.0]]


def test_measures_say_none_where_their_rule_is_off_and_exist_where_it_is_on() -> None:
    """A number of hours that nobody counts would be an invention."""
    plain = Scenario(weeks=104)
    off = {"work.enabled": False, "prepare.enabled": False}
    without = simulate(with_values(plain, off)).summary
    assert all(without[name] is None for name in (*OF_WORK, *OF_LEARNING))
    found = simulate(with_values(plain, {"work.enabled": True, "prepare.enabled": True})).summary
    assert all(found[name] is not None for name in (*OF_WORK, *OF_LEARNING))
    assert all("where" in BY_NAME[name].meaning for name in (*OF_WORK, *OF_LEARNING))
    assert 0.0 <= found["meetings_cancelled"] <= 1.0  # type: ignore[operator]
    assert found["hours_done"] >= found["hours_covered"] * found["hours_needed"] - 1e-9  # type: ignore[operator]


def test_counts_of_strain_agree_with_the_other_counts() -> None:
    """Helpers by strain are those who help at the end of a week and those whose role ended in it."""
    run = simulate(with_values(Scenario(weeks=208), {"serve.turnover_per_year": 2.0}), 1)
    ended = run.summary["stepped_down"] + run.summary["burnouts"]  # type: ignore[operator]
    assert ended <= sum(run.extra["ended_by_strain"]) <= sum(run.extra["helpers_by_strain"])
    assert ended > 0
    without_work = simulate(with_values(Scenario(weeks=52), {"work.enabled": True, "work.meeting_hours": 100.0}))
    assert without_work.summary["helpers_who_must_go"] == 0.0
    assert without_work.summary["meetings_cancelled"] > 0.2  # type: ignore[operator]
