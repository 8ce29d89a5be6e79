"""Support of several kinds: each kind does its own work, gatherings tie without helping, and the pool is spent on need.

Directions are paired (same luck, one value changed) and hold at the values shipped in
`configs/parents_of_disabled_children.yaml`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from mhsim import read_scenario, simulate
from mhsim.modules.support import Support
from mhsim.outcomes.results import Run
from mhsim.scenario import Scenario, with_values
from support import SIGMAS, core_measures

FORM = "parents_of_disabled_children"
PAIRS, WEEKS = 25, 260
ON = {"support.enabled": True}


@cache
def lived(values: tuple[tuple[str, Any], ...]) -> tuple[Run, ...]:
    """Return histories of the form with some values changed."""
    world = with_values(read_scenario(FORM), {"weeks": WEEKS, **dict(values)})
    return tuple(simulate(world, replicate, record="lives") for replicate in range(PAIRS))


def seen(values: dict[str, Any], measure: str) -> np.ndarray:
    """Return a measure of each history: of the runs, of the series after a year, or of those who have left again."""
    runs = lived(tuple(values.items()))
    kind, _, name = measure.rpartition(":")
    if kind == "series":
        return np.array([np.nanmean(np.array(run.series[name].to_pylist()[52:], float)) for run in runs])
    if kind == "left":
        return np.array([np.nanmean(of_former_members(run, name)) for run in runs])
    return np.array([float(run.summary[name] or 0.0) for run in runs])


def of_former_members(run: Run, name: str) -> np.ndarray:
    """Return a column of those who were members for some time and are outside now."""
    table = run.lives
    former = np.array([m >= 8 and s == "former" for m, s in pairs(table["meetings"], table["membership"])])
    return np.asarray(np.array(table[name].to_pylist(), float)[former])


def pairs(one: Any, other: Any) -> list[tuple[Any, Any]]:
    """Return the values of two columns, row by row."""
    return list(zip(one.to_pylist(), other.to_pylist(), strict=True))


def assert_moves(low: dict[str, Any], high: dict[str, Any], measure: str, way: int) -> None:
    """Assert that a measure goes a way from the values of one world to those of another, run for run."""
    difference = way * (seen(high, measure) - seen(low, measure))
    error = difference.std(ddof=1) / np.sqrt(PAIRS)
    assert difference.mean() > SIGMAS * error, (measure, float(difference.mean()), float(error))


def without(name: str) -> dict[str, Any]:
    """Return the form without one of the rules."""
    return {f"support.{name}": 0}


# --- off and neutral ------------------------------------------------------------------------------------------------


def core(run: Run, table: str) -> dict[str, Any]:
    """Return a table of a run without what is the mechanism's own."""
    found = getattr(run, table)
    return {name: found[name].to_pylist() for name in found.column_names if not name.startswith("support_")}


def test_off_nothing_is_different() -> None:
    """Values of a mechanism that is off must touch nobody."""
    base = with_values(Scenario(), {"weeks": 104})
    off = with_values(base, {"support.practical": 1.0, "support.gatherings_per_year": 52.0})
    assert core_measures(simulate(base, 1)) == core_measures(simulate(off, 1))


@pytest.mark.parametrize("form", ["base", FORM])
def test_neutral_only_its_own_columns_change(form: str) -> None:
    """Trouble that hurts nobody and help that is comfort alone must leave every other number as it is, bit for bit."""
    world = with_values(read_scenario(form), {"weeks": 156, "community.arrivals_per_week": 2.0})
    neutral = {f"support.{name}": value for name, value in Support.neutral.items()}
    off = simulate(with_values(world, {"support.enabled": False}), 2, record="lives")
    still = simulate(with_values(world, ON | neutral), 2, record="lives")
    assert core_measures(off) == core_measures(still)
    for table in ("series", "lives", "groups"):
        assert repr(core(off, table)) == repr(core(still, table)), table
    assert max(still.lives["support_trouble"].to_pylist()) > 0.5


def test_trouble_is_the_same_outside_and_the_rest_is_held_within_its_range() -> None:
    """Life brings trouble to members and others alike: a group may relieve it, not bring it."""
    world = with_values(read_scenario(FORM), {"weeks": 156, "support.practical": 0.0, "support.pool_gift": 0.0})
    runs = [simulate(world, k, record="lives") for k in range(12)]
    member, other = [], []
    for run in runs:
        table = run.lives
        for name in ("support_trouble", "support_worth", "support_footing", "kin_support"):
            values = np.array(table[name].to_pylist(), float)
            assert ((values >= 0.0) & (values <= 1.0)).all(), name
        long_there = [int(run.scenario.weeks) - week > 52 for week in table["arrived_week"].to_pylist()]
        for trouble, kind, long in zip(
            table["support_trouble"].to_pylist(), table["membership"].to_pylist(), long_there, strict=True
        ):
            if long:
                (member if kind == "member" else other).append(trouble)
    error = np.sqrt(np.var(member) / len(member) + np.var(other) / len(other))
    assert abs(np.mean(member) - np.mean(other)) < SIGMAS * error


# --- directions at the values shipped -------------------------------------------------------------------------------


def test_hands_on_help_lifts_trouble_and_costs_the_helper() -> None:
    """E90: it relieves a stressor of its own kind, takes the place of comfort, and takes time of those who help."""
    assert_moves(without("practical"), {}, "series:support_trouble_members", -1)
    assert_moves(without("practical_relief"), {}, "distress_at_104_joiners", -1)
    assert_moves(without("practical_load"), {}, "series:strain_members", 1)
    idle = without("practical_relief")
    assert_moves(idle | without("practical"), idle, "distress_at_52_joiners", 1)


def test_being_affirmed_raises_worth_and_efficacy() -> None:
    """E91: believed as far as one has worth, so worth has to come first."""
    assert_moves(without("appraisal"), {}, "series:support_worth_members", 1)
    assert_moves(without("affirms"), {}, "efficacy_at_52_joiners", 1)
    assert_moves(without("worth_gained"), {}, "efficacy_at_52_joiners", 1)


def test_kinds_of_help_share_one_act() -> None:
    """E93: a form that gives more of one gives less of another, all at once in every act."""
    assert_moves({}, {"support.appraisal": 0.6}, "distress_at_52_joiners", 1)
    assert_moves({}, {"support.appraisal": 0.6}, "efficacy_at_52_joiners", 1)
    assert_moves(without("informational"), {}, "efficacy_at_52_joiners", 1)


def test_footing_won_back_brings_support_outside() -> None:
    """E97: taking part restores relating outside, too, and it stays with those who have left."""
    assert_moves(without("footing_gained"), {}, "left:kin_support", 1)
    assert_moves(without("befriends"), {}, "distress_at_104_joiners", -1)


def test_a_long_struggle_has_cost_relationships() -> None:
    """E98: who comes with fewer ties is more alone and more distressed, and company does more for them."""
    assert_moves(without("entry_isolation"), {}, "distress_at_52", 1)


def test_gatherings_tie_without_helping() -> None:
    """E150: ties come from being together; requests do not rise by it."""
    assert_moves(without("gatherings_per_year"), {}, "series:support_footing_members", 1)
    assert_moves(without("gathering_tie"), {}, "distress_at_104_joiners", -1)
    more = seen({}, "series:requests") - seen(without("gathering_tie"), "series:requests")
    assert more.mean() < SIGMAS * more.std(ddof=1) / np.sqrt(PAIRS)


def test_means_in_common_lift_trouble() -> None:
    """E176: what is gathered is spent on whoever is in the greatest trouble."""
    assert_moves(without("pool_gift"), {}, "series:support_trouble_members", -1)
    assert_moves(without("pool_gift"), {}, "distress_at_104_joiners", -1)
