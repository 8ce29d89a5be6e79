"""Telling: off and neutral nothing changes; on, safety opens, being met lifts shame, names and doors count."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from mhsim import simulate
from mhsim.modules.disclose import Disclose
from mhsim.outcomes.results import Run
from mhsim.scenario import with_values
from mhsim.scenario_io.loader import read_scenario
from support import core_measures

WEEKS, PAIRS = 104, 12


@cache
def lived(changes: tuple[tuple[str, Any], ...]) -> list[Run]:
    """Return histories of the community online with what is changed, by replicate."""
    form = with_values(read_scenario("online_community"), {"weeks": WEEKS} | dict(changes))
    return [simulate(form, k, record="series") for k in range(1, PAIRS + 1)]


def paired(changes: dict[str, Any], read: Callable[[Run], float]) -> float:
    """Return the paired difference that changes make to a reading, in standard errors."""
    pairs = zip(lived(()), lived(tuple(changes.items())), strict=True)
    found = np.array([read(other) - read(one) for one, other in pairs])
    return float(found.mean() / (found.std(ddof=1) / math.sqrt(len(found))))


def of_runs(name: str) -> Callable[[Run], float]:
    """Return the reading of a measure of the table of runs."""
    return lambda run: float(run.summary[name])


def series(name: str) -> Callable[[Run], float]:
    """Return the reading of the mean of a column of the series."""
    return lambda run: float(np.nanmean(run.series[name].to_numpy()))


def asked(run: Run) -> float:
    """Return requests per member and week."""
    return float(np.sum(run.series["requests"].to_numpy()) / np.sum(run.series["members"].to_numpy()))


TOLD, SHAME = series("disclose_told_members"), series("disclose_shame_members")


def test_off_and_neutral_nothing_changes() -> None:
    """Who does not use the module has the same bits; who has it do nothing, too, whatever it notes."""
    on = with_values(read_scenario("online_community"), {"weeks": 60})
    off = with_values(on, {"disclose.enabled": False})
    plain = core_measures(simulate(off, 1))
    still = {f"disclose.{name}": value for name, value in Disclose.neutral.items()}
    assert core_measures(simulate(with_values(off, {"disclose.warmth": 1.0}), 1)) == plain
    assert core_measures(simulate(with_values(on, still), 1)) == plain
    assert simulate(on, 1).summary != plain


@pytest.mark.parametrize(
    ("changes", "read", "sign"),
    [
        ({"breach.breach_per_year": 5.0}, TOLD, -1),
        ({"disclose.unsafe_closes": 0.0}, TOLD, 1),
        ({"disclose.leader_first": 0.0}, series("disclose_told_new_members"), -1),
        ({"disclose.silences": 0.0}, asked, 1),
        ({"disclose.understood": 0.0}, asked, -1),
        ({"disclose.price_outside": 0.6}, of_runs("distress_at_52"), 1),
        ({"disclose.met_well": 0.0}, SHAME, 1),
        ({"disclose.trust_told": 0.0}, series("disclose_openness_members"), -1),
        ({"disclose.first_relief": 0.0}, SHAME, 1),
        ({"disclose.invalidation": 0.0}, SHAME, 1),
        ({"disclose.at_peace": 0.0}, SHAME, 1),
        ({"disclose.first_belonging": 0.0}, of_runs("retention_at_13"), -1),
        ({"disclose.warmth": 1.0}, series("belonging_members"), 1),
        ({"disclose.open_door": 0.4}, of_runs("first_visits"), -1),
        ({"disclose.open_door": 0.4}, TOLD, 1),
        ({"disclose.anonymity": 0.0}, TOLD, -1),
        ({"disclose.anonymity": 0.0}, of_runs("first_visits"), -1),
        ({"disclose.anonymity": 0.0}, asked, 1),
    ],
)
def test_what_each_rule_is_for(changes: dict[str, Any], read: Callable[[Run], float], sign: int) -> None:
    """Safety and whoever goes first open, being met lifts shame; names that stay out open people and part them."""
    assert sign * paired(changes, read) > 2.5


def test_names_that_stay_out_open_the_ashamed_above_all() -> None:
    """Anonymity is for those who have most to hide: as newcomers they tell more for it than others do."""
    form = with_values(read_scenario("online_community"), {"weeks": WEEKS})

    def ashamed_less_others(anonymity: float, replicate: int) -> float:
        run = simulate(with_values(form, {"disclose.anonymity": anonymity}), replicate, record="lives")
        lives = run.lives.to_pandas()
        lives = lives[(lives["starter"] == 0) & lives["joined_week"].notna() & (lives["arrived_week"] >= 0)]
        ashamed = lives["shame_baseline"] > 0.62
        told = lives["disclose_told_new"]
        return float(told[ashamed].mean() - told[~ashamed].mean())

    found = np.array([ashamed_less_others(1.0, k) - ashamed_less_others(0.0, k) for k in range(16)])
    assert found.mean() > 2.5 * found.std(ddof=1) / math.sqrt(len(found))


def test_labels_lose_weight_for_who_tells_in_own_words() -> None:
    """What a service calls one weighs on hope; telling it oneself undoes that, and telling what others say does not."""
    form = with_values(read_scenario("peers_in_a_clinic"), {"weeks": WEEKS})

    def paired_with(changes: dict[str, Any], name: str) -> float:
        worlds = (with_values(form, changes), form)
        runs = [[simulate(world, k, record="series") for k in range(PAIRS)] for world in worlds]
        found = np.array([series(name)(two) - series(name)(one) for one, two in zip(*runs, strict=True)])
        return float(found.mean() / (found.std(ddof=1) / math.sqrt(len(found))))

    for changes in ({"disclose.own_words": 0.0}, {"disclose.own_account": 0.3}):
        assert paired_with(changes, "hope_members") > 4.0
        assert paired_with(changes, "disclose_label_members") < -4.0
    assert paired_with({"disclose.label": 0.0}, "hope_outside") < -4.0
