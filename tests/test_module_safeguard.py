"""Safeguards: quality that differs, training asked for, misconduct and its answer, people who are kept from care."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from mhsim import simulate
from mhsim.modules.safeguard import Safeguard
from mhsim.outcomes.results import Run
from mhsim.scenario import with_values
from mhsim.scenario_io.loader import read_scenario
from support import assert_rises, core_measures, measure

TOWN = {"start.groups": 8, "community.arrivals_per_week": 2.8, "found.enabled": False}
"""Eight chapters of the form: twice as much is seen in a history, and nobody founds more."""
HELPERS_DO_WRONG = {"safeguard.misconduct": 0.5}


@cache
def _lived(values: tuple[tuple[str, Any], ...], pairs: int) -> list[Run]:
    world = with_values(read_scenario("bereaved_parents"), dict(values))
    return [simulate(world, replicate, record="lives") for replicate in range(pairs)]


def lived(values: dict[str, Any] | None = None, pairs: int = 14, weeks: int = 156) -> list[Run]:
    """Return histories of eight chapters of a form as it ships, but for some values."""
    return _lived(tuple({"weeks": weeks, **TOWN, **(values or {})}.items()), pairs)


def shown(found: list[Run], column: str) -> np.ndarray:
    """Return a column of the series of each history, its mean over the weeks."""
    return np.array([np.nanmean(run.series[column].to_numpy()) for run in found])  # type: ignore[index]


def between_groups(found: list[Run]) -> np.ndarray:
    """Return the variance, between the groups of each history, of the mean hope of those who are in them at the end."""
    spread = []
    for run in found:
        assert run.lives is not None
        group, hope = run.lives["group"].to_numpy(), run.lives["hope"].to_numpy()
        there = [g for g in np.unique(group) if g >= 0 and (group == g).sum() >= 4]
        spread.append(np.var([hope[group == g].mean() for g in there], ddof=1))
    return np.array(spread)


def test_at_its_neutral_values_it_changes_nothing() -> None:
    """A mechanism that is on without doing anything must not move a single bit of the week."""
    off = lived({"safeguard.enabled": False}, pairs=3)
    still = lived({f"safeguard.{name}": value for name, value in Safeguard.neutral.items()}, pairs=3)
    assert [core_measures(run) for run in off] == [core_measures(run) for run in still]
    assert [run.summary for run in off] != [run.summary for run in lived(pairs=3)]


def test_every_wrong_is_answered_for_or_none() -> None:
    """What is answered for costs the helper the role and the place; what is not costs nothing."""
    still = {**HELPERS_DO_WRONG, "serve.turnover_per_year": 0.0, "serve.burnout_per_year": 0.0}
    every = lived({**still, "safeguard.accountability": 1.0}, pairs=4)
    none = lived({**still, "safeguard.accountability": 0.0}, pairs=4)
    for run in (*every, *none):
        assert run.groups is not None
        harms, answered = run.groups["safeguard_harms"].to_numpy(), run.groups["safeguard_answered"].to_numpy()
        assert harms.sum() > 0
        assert (answered == (harms if run in every else 0)).all()
    assert measure(every, "exits_left_with_role").sum() == sum(
        run.groups["safeguard_answered"].to_numpy().sum()
        for run in every  # type: ignore[index]
    )
    assert measure(none, "exits_left_with_role").sum() == 0


def test_direction_groups_that_differ_in_quality_differ_in_hope() -> None:
    """Some groups are good and some are not: their members' hope tells, and on the whole nothing is gained."""
    alike = lived({"safeguard.quality_sd": 0.0, "safeguard.leader_sd": 0.0}, pairs=40, weeks=104)
    differ = lived({"safeguard.quality_sd": 0.5, "safeguard.leader_sd": 0.0}, pairs=40, weeks=104)
    assert_rises(shown(alike, "safeguard_spread_groups"), shown(differ, "safeguard_spread_groups"))
    assert between_groups(differ).mean() > 1.1 * between_groups(alike).mean()


def test_direction_training_spares_harm_and_makes_fewer_helpers() -> None:
    """Standard training against free entry: fewer wrongs and better help, and fewer who help."""
    free, asked = lived({"safeguard.required": 0.0}), lived({"safeguard.required": 1.0})
    assert_rises(shown(asked, "helpers"), shown(free, "helpers"))
    assert_rises(shown(free, "safeguard_quality_groups"), shown(asked, "safeguard_quality_groups"))
    often = {**HELPERS_DO_WRONG, "safeguard.accountability": 0.0}
    unguarded = lived({**often, "safeguard.guards": 0.0})
    assert_rises(shown(lived(often), "safeguard_harms_groups"), shown(unguarded, "safeguard_harms_groups"))


def test_direction_misconduct_drives_out_and_an_answer_spares_repeats() -> None:
    """Where there is nobody to complain to, wrongs are repeated; where there is, there are fewer helpers."""
    none = lived({**HELPERS_DO_WRONG, "safeguard.misconduct": 0.0})
    unanswered = lived({**HELPERS_DO_WRONG, "safeguard.accountability": 0.0})
    answered = lived({**HELPERS_DO_WRONG, "safeguard.accountability": 0.8})
    assert_rises(measure(unanswered, "retention_at_13"), measure(none, "retention_at_13"))
    assert_rises(measure(unanswered, "members_in_world_at_end"), measure(none, "members_in_world_at_end"))
    assert_rises(shown(answered, "safeguard_harms_groups"), shown(unanswered, "safeguard_harms_groups"))
    assert_rises(shown(answered, "helpers"), shown(unanswered, "helpers"))


def test_direction_who_is_kept_from_care_has_more_crises() -> None:
    """Members who are talked out of treatment carry more distress; people outside are left alone."""
    kept = {"safeguard.anti_care": 0.8, "live.services_per_year": 6.0, "live.crisis_per_year": 1.0}
    advised, free = lived(kept), lived({**kept, "safeguard.anti_care": 0.0})
    assert_rises(shown(free, "distress_members"), shown(advised, "distress_members"))
    harmless = lived({**kept, "safeguard.untreated_risks": 0.0})
    assert_rises(measure(harmless, "crises_per_person_year"), measure(advised, "crises_per_person_year"))
    assert abs(shown(free, "distress_outside") - shown(advised, "distress_outside")).max() < 0.02
