"""Stance: parity lets help flow both ways, rank and links to professionals spoil it, skill keeps from missteps."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from mhsim import simulate
from mhsim.modules.stance import Stance
from mhsim.outcomes.results import Run
from mhsim.scenario import with_values
from mhsim.scenario_io.loader import read_scenario
from support import assert_rises, core_measures, measure

PAIRS, WEEKS = 16, 130


@cache
def _lived(form: str, values: tuple[tuple[str, Any], ...], pairs: int) -> list[Run]:
    world = with_values(read_scenario(form), {"weeks": WEEKS, **dict(values)})
    return [simulate(world, replicate, record="lives") for replicate in range(pairs)]


def lived(form: str, values: dict[str, Any] | None = None, pairs: int = PAIRS) -> list[Run]:
    """Return histories of a form as it ships, but for some values."""
    return _lived(form, tuple((values or {}).items()), pairs)


def shown(found: list[Run], column: str) -> np.ndarray:
    """Return a column of the series of each history, its mean over the weeks."""
    return np.array([np.nanmean(run.series[column].to_numpy()) for run in found])  # type: ignore[index]


def coping_of_helped(found: list[Run]) -> np.ndarray:
    """Return the mean coping, at the end of each history, of those who were ever helped."""
    means = []
    for run in found:
        assert run.lives is not None
        helped = run.lives["help_received"].to_numpy() > 0
        means.append(run.lives["coping"].to_numpy()[helped].mean())
    return np.array(means)


def test_at_its_neutral_values_it_changes_nothing() -> None:
    """A mechanism that is on without doing anything must not move a single bit of the week."""
    off = lived("value_practice", {"stance.enabled": False})
    still = lived("value_practice", {f"stance.{name}": value for name, value in Stance.neutral.items()})
    assert [core_measures(run) for run in off] == [core_measures(run) for run in still]
    assert [run.summary for run in off] != [run.summary for run in lived("value_practice")]


def test_without_marked_benefit_and_harm_nobody_is_better_or_worse_for_it() -> None:
    """Whatever it does to people for good or ill is marked, so that a world in which groups do nothing can be asked."""
    world = with_values(
        read_scenario("value_practice", {"benefits": 0, "harms": 0}),
        {"weeks": WEEKS} | {"stance.power_gap": 0.5, "stance.link": 0.5, "stance.tells_on": 1.0},
    )
    on, off = (simulate(with_values(world, {"stance.enabled": yes}), 1).summary for yes in (True, False))
    assert on["first_visits"] != off["first_visits"]
    for name in ("hope_at_52", "efficacy_at_52", "distress_at_52", "accommodated_at_52"):
        assert on[name] == pytest.approx(off[name], abs=1e-12)


def test_the_gap_moves_as_the_formula_says() -> None:
    """Dilution and training are the only things that move the gap: the series of one group is known in advance."""
    values = {"stance.power_gap": 0.5, "stance.link": 0.8, "stance.training": 0.5, "start.groups": 1}
    world = with_values(read_scenario("professional_led"), {"weeks": 30, "found.enabled": False, **values})
    series = simulate(world, 0, record="series").series
    assert series is not None
    gap = 0.5
    expected = []
    for _ in range(30):
        gap += 0.004 * 0.8 * (1.0 - gap) - 0.01 * 0.5 * gap
        expected.append(gap)
    assert series["stance_gap_groups"].to_numpy()[-30:] == pytest.approx(expected, rel=1e-12)


def test_direction_a_gap_keeps_help_from_going_both_ways() -> None:
    """Parity is the core of mutual help: with rank fewer answer, less is taken, and helpers learn less."""
    level = lived("value_practice", {"stance.training": 0.0, "stance.power_gap": 0.0})
    ranked = lived("value_practice", {"stance.training": 0.0, "stance.power_gap": 0.8})
    for name in ("requests_met", "hope_at_52_joiners"):
        assert_rises(measure(ranked, name), measure(level, name))
    assert_rises(measure(level, "helping_gini"), measure(ranked, "helping_gini"))
    assert_rises(shown(ranked, "stance_learnt_members"), shown(level, "stance_learnt_members"))


def test_direction_links_to_professionals_dilute_and_training_restores() -> None:
    """Organisations drift back to hierarchy unless mutuality is taught: the whole of E194 and E209."""
    linked, free = lived("professional_led"), lived("professional_led", {"stance.link": 0.0})
    taught = lived("professional_led", {"stance.training": 0.7})
    assert_rises(shown(free, "stance_gap_groups"), shown(linked, "stance_gap_groups"))
    assert_rises(shown(taught, "stance_gap_groups"), shown(linked, "stance_gap_groups"))
    assert_rises(shown(linked, "stance_helper_skill_groups"), shown(taught, "stance_helper_skill_groups"))
    assert_rises(measure(linked, "hope_at_52_joiners"), measure(free, "hope_at_52_joiners"))


def test_direction_who_listens_comforts_and_who_mirrors_strengthens() -> None:
    """What a fellow traveller gives beside counsel must reach the one who is helped."""
    as_shipped = lived("value_practice")
    deaf = lived("value_practice", {"stance.listening": 0.0})
    assert_rises(measure(as_shipped, "distress_at_52_joiners"), measure(deaf, "distress_at_52_joiners"))
    blind = lived("value_practice", {"stance.mirror": 0.0})
    assert_rises(measure(blind, "efficacy_at_52_joiners"), measure(as_shipped, "efficacy_at_52_joiners"))


def test_direction_a_challenge_helps_where_there_is_trust_and_drives_out_where_there_is_none() -> None:
    """Support and challenge belong together: without trust the same question makes people go."""
    none = lived("value_practice", {"stance.challenge": 0.0})
    trusted = lived("value_practice", {"stance.challenge_trust": 0.0})
    distrusted = lived("value_practice", {"stance.challenge_trust": 1.0})
    assert shown(trusted, "stance_refused_groups").max() == shown(distrusted, "stance_taken_groups").max() == 0.0
    assert_rises(coping_of_helped(none), coping_of_helped(trusted))
    assert_rises(measure(distrusted, "retention_at_13"), measure(none, "retention_at_13"))


def test_direction_missteps_hurt_and_awareness_keeps_from_them() -> None:
    """Telling on where holding is due, and boundaries passed, are what skill and awareness are for."""
    as_shipped = lived("professional_led")
    aware = lived("professional_led", {"stance.self_awareness": 0.6})
    for column in ("stance_told_on_groups", "stance_lapses_groups", "strain_members"):
        assert_rises(shown(aware, column), shown(as_shipped, column))
    held = lived("professional_led", {"stance.tells_on": 0.0})
    assert_rises(measure(held, "distress_at_52_joiners"), measure(as_shipped, "distress_at_52_joiners"))


def test_direction_helpers_chosen_by_what_suits_the_work_are_abler() -> None:
    """People differ in aptitude; where the apt are drawn into helping, helpers have more of it."""
    anybody = lived("value_practice", {"weeks": 260, "stance.chosen": 0.0}, 30)
    chosen = lived("value_practice", {"weeks": 260}, 30)
    assert_rises(shown(anybody, "stance_helper_skill_groups"), shown(chosen, "stance_helper_skill_groups"))
