"""Stewardship: care for the group's future, offices that pass round, ways and purse of one's own, a parent body."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from mhsim import simulate
from mhsim.modules.steward import Steward
from mhsim.outcomes.results import Run
from mhsim.scenario import with_values
from mhsim.scenario_io.loader import read_scenario
from support import assert_rises, core_measures, measure

TOWN = {"start.groups": 6, "community.arrivals_per_week": 3.0}
"""Six groups of the form: six times as much is seen in a history."""


@cache
def _lived(form: str, values: tuple[tuple[str, Any], ...], pairs: int) -> list[Run]:
    world = with_values(read_scenario(form), dict(values))
    return [simulate(world, replicate, record="lives") for replicate in range(pairs)]


def lived(
    values: dict[str, Any] | None = None, form: str = "mood_group", pairs: int = 14, weeks: int = 130
) -> list[Run]:
    """Return histories of six groups of a form as it ships, but for some values."""
    return _lived(form, tuple({"weeks": weeks, **TOWN, **(values or {})}.items()), pairs)


def shown(found: list[Run], column: str) -> np.ndarray:
    """Return a column of the series of each history, its mean over the weeks."""
    return np.array([np.nanmean(run.series[column].to_numpy()) for run in found])  # type: ignore[index]


def test_at_its_neutral_values_it_changes_nothing() -> None:
    """A mechanism that is on without doing anything must not move a single bit of the week."""
    off = lived({"steward.enabled": False}, pairs=3)
    still = lived({f"steward.{name}": value for name, value in Steward.neutral.items()}, pairs=3)
    assert [core_measures(run) for run in off] == [core_measures(run) for run in still]
    assert [run.summary for run in off] != [run.summary for run in lived(pairs=3)]


def test_a_fee_is_taken_for_every_visit_and_nothing_else_adds_to_the_purse() -> None:
    """Money that comes from nowhere would keep groups open."""
    values = {"govern.gift": 0.0, "govern.venue_cost": 0.0, "govern.reserve": 10000.0, "steward.fee": 2.0}
    run = lived({**values, "start.groups": 1, "steward.fundraise": 0.0, "steward.pledge": 0.0}, pairs=1, weeks=40)[0]
    assert run.series is not None
    visits = np.cumsum(run.series["attended"].to_numpy()[-40:])
    assert run.series["funds_groups"].to_numpy()[-40:] == pytest.approx(10.0 + 2.0 * visits, rel=1e-12)


def test_an_office_is_one_person_s_at_a_time_and_rotates_to_all_before_anybody_again() -> None:
    """Where offices rotate, nobody holds one twice while somebody who can has not held it."""
    term = {"steward.office": "rotating", "steward.office_weeks": 4.0, "steward.office_after": 0.0}
    still = {"leave.enabled": False, "arrive.enabled": False, "serve.enabled": False, "progress.enabled": False}
    run = lived({**term, **still, "start.groups": 1, "found.enabled": False}, pairs=1, weeks=60)[0]
    assert run.lives is not None
    held = run.lives["steward_in_office"].to_numpy()
    able = run.lives["role"].to_numpy(zero_copy_only=False) != "none"
    assert held.sum() == 60
    assert set(held[held > 0]) <= {4, 8, 12, 16, 20}
    assert np.ptp(held[held > 0]) <= 4
    assert (held > 0).sum() <= able.sum()


def test_direction_care_brings_helpers_where_the_group_is_in_danger() -> None:
    """Who minds the group's future takes work on when few carry it: a group that loses helpers finds others."""
    loss = {"serve.departures_per_year": 1.0}
    none, care = lived({**loss, "steward.care_serves": 0.0}, weeks=156), lived(loss, weeks=156)
    assert_rises(measure(none, "helper_share_of_roll"), measure(care, "helper_share_of_roll"))
    assert_rises(shown(none, "helpers"), shown(care, "helpers"))


def test_direction_offices_that_rotate_are_less_one_person_s() -> None:
    """Rotation is there so that no group hangs on one person; short terms do the same where there are elections."""
    fixed = lived({"steward.office": "fixed"}, weeks=260, pairs=12)
    rotating = lived({"steward.office": "rotating"}, weeks=260, pairs=12)
    assert_rises(shown(rotating, "steward_concentration_groups"), shown(fixed, "steward_concentration_groups"))
    short = lived({"steward.office_weeks": 13.0})
    assert_rises(shown(short, "steward_concentration_groups"), shown(lived(), "steward_concentration_groups"))


def test_direction_who_has_a_say_belongs_and_ways_that_move_suit() -> None:
    """Members who own policy and purse stay; rules that adapt suit those who come, and formality holds them up."""
    assert_rises(shown(lived({"steward.say": 0.0}), "belonging_members"), shown(lived(), "belonging_members"))
    rigid = lived({"steward.ways_drift": 0.0})
    assert_rises(shown(rigid, "steward_suits_groups"), shown(lived(), "steward_suits_groups"))
    formal, light = lived({"start.formality": 0.9}), lived({"start.formality": 0.9, "steward.stiffens": 0.0})
    assert_rises(shown(formal, "steward_suits_groups"), shown(light, "steward_suits_groups"))


def test_direction_a_fee_keeps_away_and_makes_no_helpers() -> None:
    """Help that is sold makes customers: fewer come, fewer become helpers, and the purse is full."""
    free, sold = lived(), lived({"steward.fee": 2.0})
    assert_rises(measure(sold, "first_visits"), measure(free, "first_visits"))
    assert_rises(shown(sold, "helpers"), shown(free, "helpers"))
    assert_rises(shown(free, "funds_groups"), shown(sold, "funds_groups"))


def test_direction_money_raised_keeps_groups_open_at_the_cost_of_help() -> None:
    """Fundraising takes helpers' time from those who ask."""
    poor = {"start.funds": 0.0}
    none, raised = lived({**poor, "steward.fundraise": 0.0}), lived({**poor, "steward.fundraise": 0.5})
    assert_rises(shown(none, "open_groups"), shown(raised, "open_groups"))
    assert_rises(measure(raised, "requests_met"), measure(none, "requests_met"))


def test_direction_a_parent_body_lends_helpers_and_rules() -> None:
    """Chapters nobody carries still meet; what the body settles is not settled by the members."""
    bare = {"start.helpers": 0, "serve.enabled": False}
    alone = lived({**bare, "steward.nested_share": 0.0}, "bereaved_parents", weeks=52)
    nested = lived(bare, "bereaved_parents", weeks=52)
    assert_rises(shown(alone, "attended"), shown(nested, "attended"))
    ruled, free = lived({}, "bereaved_parents"), lived({"steward.parent_rules": 0.0}, "bereaved_parents")
    for column in ("belonging_members", "steward_suits_groups"):
        assert_rises(shown(ruled, column), shown(free, column))
