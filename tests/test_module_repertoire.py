"""A repertoire: sets of strategies are sets, who is away learns nothing, and each rule moves what it is there for.

Directions are paired (same luck, one value changed) and hold at the values shipped in `configs/disease_specific.yaml`.
"""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mhsim import read_scenario, simulate
from mhsim.modules import repertoire
from mhsim.modules.repertoire import EVERY, Repertoire
from mhsim.outcomes.results import Run
from mhsim.scenario import Scenario, with_values
from support import SIGMAS, core_measures, uncompiled

PLAIN: Any = uncompiled(repertoire)
PAIRS, WEEKS = 25, 260
ON = {"repertoire.enabled": True}
MISHELD = "series:repertoire_misheld_members"
HELPERS_GO = {"serve.departures_per_year": 1.0}


@cache
def lived(values: tuple[tuple[str, Any], ...]) -> tuple[Run, ...]:
    """Return histories of the form with some values changed."""
    world = with_values(read_scenario("disease_specific"), {"weeks": WEEKS, **dict(values)})
    return tuple(simulate(world, replicate, record="series") for replicate in range(PAIRS))


def seen(values: dict[str, Any], measure: str) -> np.ndarray:
    """Return a measure of each history, or the mean of a column of the series over the weeks after the first year."""
    runs = lived(tuple(values.items()))
    if measure.startswith("series:"):
        name = measure.removeprefix("series:")
        return np.array([np.nanmean(np.array(run.series[name].to_pylist()[52:], float)) for run in runs])
    return np.array([float(run.summary[measure] or 0.0) for run in runs])


def assert_moves(low: dict[str, Any], high: dict[str, Any], measure: str, way: int) -> None:
    """Assert that a measure goes a way from the values of one world to those of another, person for person alike."""
    difference = way * (seen(high, measure) - seen(low, measure))
    error = difference.std(ddof=1) / np.sqrt(PAIRS)
    assert difference.mean() > SIGMAS * error, (measure, float(difference.mean()), float(error))


def without(name: str) -> dict[str, Any]:
    """Return the form without one of the rules."""
    return {f"repertoire.{name}": 0}


# --- sets -----------------------------------------------------------------------------------------------------------


def test_one_of_a_set_is_each_of_it_alike_often() -> None:
    """A choice that left the last one out, or favoured the first, would make some strategies rarer than others."""
    strategies = (1 << 3) | (1 << 17) | (1 << 31)
    chosen = [PLAIN._one_of(strategies, (k + 0.5) / 30) for k in range(30)]
    assert [chosen.count(1 << bit) for bit in (3, 17, 31)] == [10, 10, 10]
    assert PLAIN._one_of(0, 0.7) == 0
    assert PLAIN._size(EVERY) == 32
    assert PLAIN._size(strategies) == 3


def told(right: tuple[int, int], wrong: tuple[int, int], which: float, well: float) -> tuple[int, int]:
    """Return what the first knows and holds wrongly when the second has told something."""
    own = SimpleNamespace(right=list(right), wrong=list(wrong))
    PLAIN._tell(own, 0, 1, which, well, SimpleNamespace(fidelity=0.8))
    return own.right[0], own.wrong[0]


def test_telling_passes_on_what_is_known_well_or_wrongly() -> None:
    """What is held wrongly spreads; who hears the right version afterwards holds it wrongly no more."""
    assert told((0, 4), (0, 0), 0.5, 0.7) == (4, 0)
    assert told((0, 4), (0, 0), 0.5, 0.9) == (0, 4)
    assert told((0, 0), (0, 4), 0.5, 0.7) == (0, 4)
    assert told((0, 4), (4, 0), 0.5, 0.7) == (4, 0)
    assert told((4, 0), (0, 4), 0.5, 0.7) == (4, 0)
    assert told((4, 4), (1, 0), 0.5, 0.7) == (4, 1)


def test_what_is_under_a_chance_is_that_share() -> None:
    """The practice at the opening is one of 32, four to a block."""
    assert PLAIN._under((0.1, 0.9, 0.3, 0.6), 0.5, 2) == (1 << 8) | (1 << 10)


# --- off and neutral ------------------------------------------------------------------------------------------------


def core(run: Run, table: str) -> dict[str, Any]:
    """Return a table of a run without what is the mechanism's own."""
    found = getattr(run, table)
    return {name: found[name].to_pylist() for name in found.column_names if not name.startswith("repertoire_")}


def test_off_nothing_is_different() -> None:
    """Values of a mechanism that is off must touch nobody."""
    base = with_values(Scenario(), {"weeks": 104})
    off = with_values(base, {"repertoire.copy_told": 1.0, "repertoire.practised": 1.0})
    assert core_measures(simulate(base, 1)) == core_measures(simulate(off, 1))


@pytest.mark.parametrize("form", ["base", "disease_specific"])
def test_neutral_only_its_own_columns_change(form: str) -> None:
    """Strategies that do nothing must leave every other number as it is, bit for bit."""
    world = with_values(read_scenario(form), {"weeks": 156, "community.arrivals_per_week": 2.0})
    neutral = {f"repertoire.{name}": value for name, value in Repertoire.neutral.items()}
    off = simulate(with_values(world, {"repertoire.enabled": False}), 2, record="lives")
    still = simulate(with_values(world, ON | neutral), 2, record="lives")
    assert core_measures(off) == core_measures(still)
    for table in ("series", "lives", "groups"):
        assert repr(core(off, table)) == repr(core(still, table)), table
    assert max(still.lives["repertoire_known"].to_pylist()) > 5


def test_counts_are_of_sets() -> None:
    """Four kinds make up the whole, nothing is known and misheld at once, and who never came knows nothing."""
    table = simulate(with_values(read_scenario("disease_specific"), {"weeks": 156}), 3, record="lives").lives
    kinds = sum(np.array(table[f"repertoire_{kind}"]) for kind in ("triggers", "stress", "asking", "care"))
    known = np.array(table["repertoire_known"])
    assert (kinds == known).all()
    assert (known + np.array(table["repertoire_misheld"]) <= 32).all()
    never = np.array([week is None for week in table["joined_week"].to_pylist()])
    assert never.any()
    assert not known[never].any()


# --- directions at the values shipped -------------------------------------------------------------------------------


def test_telling_makes_a_repertoire_and_a_repertoire_makes_fewer_crises() -> None:
    """E83: what peers pass on is there to be used; without copying newcomers would stay as they came."""
    silent = without("copy_told") | without("copy_in_talk") | without("reads")
    assert_moves(silent, {}, "series:repertoire_known_members", 1)
    assert_moves(silent, {}, "crises_per_person_year", -1)
    assert_moves(silent, {}, "distress_at_104_joiners", -1)


def test_each_kind_moves_its_own_outcome() -> None:
    """E84: four skills, four outcomes; one number for all would say nothing about any of them."""
    assert_moves(without("triggers"), {}, "crises_per_person_year", -1)
    assert_moves(without("stress"), {}, "distress_at_104_joiners", -1)
    assert_moves(without("asking"), {}, "series:requests", 1)
    assert_moves(without("care"), {}, "distress_at_104_joiners", -1)


def test_warned_one_is_hit_less() -> None:
    """E81: those ahead can warn of what comes."""
    assert_moves(without("warning"), {}, "distress_at_52_joiners", -1)
    assert_moves(without("warns"), {}, "distress_at_52_joiners", -1)


def test_two_find_what_neither_knew() -> None:
    """E22: without it a group could only hand on what it had, and would slowly lose it."""
    assert_moves(without("invent"), {}, "series:repertoire_diversity_groups", 1)


def test_what_is_told_badly_is_held_wrongly() -> None:
    """E92: information may be wrong, and wrong versions stand in the way of right ones."""
    assert_moves({"repertoire.fidelity": 1.0}, {}, MISHELD, 1)
    assert_moves({"repertoire.fidelity": 1.0}, {}, "series:repertoire_known_members", -1)


def test_knowledge_comes_from_elsewhere_on_own_terms() -> None:
    """E111: what is brought in adds; what members turn away is not held wrongly later."""
    assert_moves(without("imports_per_year"), {}, "series:repertoire_diversity_groups", 1)
    often = {"repertoire.imports_per_year": 4.0}
    assert_moves(often | {"repertoire.own_terms": 0.0}, often | {"repertoire.own_terms": 1.0}, MISHELD, -1)


def test_guarded_knowledge_leaves_newcomers_behind() -> None:
    """E130: who does not belong yet is not told."""
    assert_moves({}, {"repertoire.guarded": 0.8}, "series:repertoire_known_members", -1)


def test_a_record_keeps_what_goes_with_helpers() -> None:
    """E82, E109: where helpers go, strategies go with them, unless they are written down."""
    unwritten = without("writes_down")
    assert_moves(unwritten, unwritten | HELPERS_GO, "series:repertoire_known_members", -1)
    assert_moves(unwritten | HELPERS_GO, HELPERS_GO, "series:repertoire_known_members", 1)


def test_what_is_written_down_leads_to_more_groups() -> None:
    """E221: others begin groups on what is known of a practice; where nothing is known, it is as if they could not."""
    world = with_values(read_scenario("recorded_practice"), {"weeks": 260})

    def groups(values: dict[str, Any], pairs: int = 6) -> list[float]:
        return [float(simulate(with_values(world, values), k).summary["groups_ever"] or 0) for k in range(pairs)]

    deaf = {"repertoire.data_founds": 0.0}
    assert sum(groups({})) > sum(groups(deaf))
    nothing = {"repertoire.writes_down": 0.0}
    assert groups(nothing, 4) == groups(nothing | deaf, 4)
