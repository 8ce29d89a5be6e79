"""What the coming and going of helpers does, by rules about people alone: proofs of what did not hold before.

Both rules that stood for it, closing and staying away for want of a leader, are off throughout. Histories are paired by
their chance events; differences are judged at four standard errors (see `support.SIGMAS`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest

from support import assert_rises, measure, runs

RULES = {
    **{"work.enabled": True, "prepare.enabled": True, "prepare.able_at": 0.5, "serve.rest_weeks": 26.0},
    **{"close.no_leader_per_year": 0.0, "attend.leaderless_push": 0.0},
    **{"serve.burnout_per_year": 0.05, "traits.spare_time_sd": 0.5},
    **{"leave.loss_of_belonging": 0.3, "leave.loss_drives": 1.0},
    **{"serve.turnover_per_year": 0.0, "serve.leaves_with_role": 0.0},
}
"""The rules of the heart, and nothing that stands for them."""

pytestmark = pytest.mark.slow


TURNOVER, SUCCESSORS = {"serve.turnover_per_year": 1.0}, {"prepare.successors": 2}
PREPARED_LONG = {"prepare.weeks": 156.0}


def weeks(values: Mapping[str, float | bool], histories: int = 400) -> np.ndarray:
    """Return how long the group lasted in each of so many histories, ten years at most; asked again it is at hand."""
    return _weeks(tuple(values.items()), histories)


@cache
def _weeks(values: tuple[tuple[str, float | bool], ...], histories: int) -> np.ndarray:
    return measure(runs({**RULES, **dict(values)}, range(histories), weeks=520), "weeks_to_closure")


def test_a_group_needs_somebody_in_a_role() -> None:
    """First proof: helpers who step down and stay members are missed, and most where hands are what keeps a group."""
    kept, left = weeks({}, 200), weeks(TURNOVER)[:200]
    assert_rises(left, kept)
    free = {"work.enabled": False}
    kept_free, left_free = weeks(free, 200), weeks({**free, **TURNOVER}, 200)
    assert_rises(kept_free - left_free, kept - left)


def test_preparing_helps_where_helpers_stay_longer_than_it_takes() -> None:
    """Stays of a year against half a year or three years of learning, at the same chance events."""
    without, prepared = weeks(TURNOVER), weeks({**TURNOVER, **SUCCESSORS})
    assert_rises(without, prepared)
    long = {**TURNOVER, **PREPARED_LONG}
    assert_rises(weeks({**long, **SUCCESSORS}) - weeks(long), prepared - without)


def test_who_follows_brings_no_more_departures_a_helper() -> None:
    """Third proof: departures are of the group, so one with twice the helpers loses no more persons a year."""
    rates = []
    for k in (0, 2):
        found = runs({**RULES, "serve.departures_per_year": 0.5, "prepare.successors": k}, range(60), weeks=520)
        rates.append(measure(found, "exits_left_with_role").sum() / measure(found, "weeks_to_closure").sum() * 52.0)
    assert rates == pytest.approx([0.5, 0.5], rel=0.25)


def test_strain_acts_without_a_threshold() -> None:
    """Fourth proof: more strain from each act of help ends more roles and leaves fewer helpers, from low values on."""
    low, high = (runs({**RULES, "help.strain_per_help": s}, range(60), weeks=520) for s in (0.011, 0.044))
    assert_rises(measure(low, "burnouts"), measure(high, "burnouts"))
    assert max(measure(high, "burnouts_per_helper_year")) < 2.0


def test_who_loses_somebody_close_leaves_more() -> None:
    """Sixth proof: without the rule those who lost somebody stay as others do; with it more leave."""
    exits = []
    for belonging, drives in ((0.0, 0.0), (0.5, 2.0)):
        found = runs({**RULES, "leave.loss_of_belonging": belonging, "leave.loss_drives": drives}, range(200))
        exits.append(measure(found, "exits_dropped_out") + measure(found, "exits_drifted_off"))
    assert_rises(*exits)


def test_those_who_know_how_are_missed() -> None:
    """Seventh proof: groups whose helpers know little get less done, and meet more often at a closed door."""
    values = {"prepare.practice": 0.0, "work.green": 0.1, "work.hours": 2.0, "start.helpers": 2}
    green, seasoned = (weeks({**values, "start.helper_know_how": k}) for k in (0.0, 0.9))
    assert_rises(green, seasoned)


PREPARED = {
    "a stay of two years, half a year of learning": (0.5, 26.0),
    "a stay of half a year, two years of learning": (2.0, 104.0),
    "a stay of a quarter, half a year of learning": (4.0, 26.0),
}
"""Ways in which helpers come and go and are prepared: turnover a year, and weeks beside a helper."""


@pytest.fixture(scope="module")
def prepared() -> dict[str, dict[str, np.ndarray]]:
    """Return what a plan for two successors adds to some measures, by way, in each of 60 histories of five years."""
    measures = ("hours_done", "hours_needed", "hours_covered", "apprentices_per_group")
    found = {}
    for way, (turnover, learning) in PREPARED.items():
        values = {**RULES, "serve.turnover_per_year": turnover, "prepare.weeks": learning}
        without, with_plan = (runs({**values, "prepare.successors": k}, range(60), weeks=260) for k in (0, 2))
        found[way] = {one: measure(with_plan, one) - measure(without, one) for one in measures}
    return found


def test_preparing_gets_more_done_where_helpers_stay_longer_than_it_takes(
    prepared: dict[str, dict[str, np.ndarray]],
) -> None:
    """Both ways: much more done where the stay is the longer one, nothing gained where the learning is far longer."""
    longer, shorter, _ = (prepared[way]["hours_done"] for way in PREPARED)
    assert_rises(np.zeros(60), longer)
    most = shorter.mean() + 4.0 * shorter.std(ddof=1) / np.sqrt(60)
    assert most < 0.1 * longer.mean(), "of what preparing adds there, not a tenth"


def test_preparing_asks_for_hours_whether_it_helps_or_not(prepared: dict[str, dict[str, np.ndarray]]) -> None:
    """Its cost: who learns sits with a helper for half an hour a week, and that is what the group has more to do."""
    for found in prepared.values():
        assert_rises(np.zeros(60), found["hours_needed"])
        assert found["hours_needed"].mean() == pytest.approx(0.5 * found["apprentices_per_group"].mean(), rel=0.2)


def test_the_stay_of_helpers_is_not_the_border_by_itself(prepared: dict[str, dict[str, np.ndarray]]) -> None:
    """Half a year of learning pays even where helpers stay for a quarter: somebody is always about to be ready."""
    shorter = prepared["a stay of a quarter, half a year of learning"]
    assert_rises(np.zeros(60), shorter["hours_done"])
    assert_rises(np.zeros(60), shorter["hours_covered"])
