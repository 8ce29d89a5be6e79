"""Sponsors: off and neutral nothing changes; on, the sponsored stay and fare better, and their loss tells."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from mhsim import simulate
from mhsim.modules.sponsor import Sponsor
from mhsim.outcomes.results import Run
from mhsim.scenario import with_values
from mhsim.scenario_io.loader import read_scenario
from support import core_measures

WEEKS, PAIRS = 104, 12
ON = {"sponsor.enabled": True}


@cache
def lived(changes: tuple[tuple[str, Any], ...], pairs: int = PAIRS) -> list[Run]:
    """Return histories of the fellowship with what is changed, by replicate."""
    form = with_values(read_scenario("recovery_fellowship"), {"weeks": WEEKS})
    return [simulate(with_values(form, dict(changes)), k, record="series") for k in range(1, pairs + 1)]


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


def test_off_and_neutral_nothing_changes() -> None:
    """Who does not use the module has the same bits; who has it do nothing, too, whatever it notes."""
    form = with_values(read_scenario("twelve_step"), {"weeks": 80})
    still = {f"sponsor.{name}": value for name, value in Sponsor.neutral.items()}
    plain = core_measures(simulate(form, 1))
    assert core_measures(simulate(with_values(form, {"sponsor.calls": 9.0}), 1)) == plain
    assert core_measures(simulate(with_values(form, ON | still), 1)) == plain
    assert core_measures(simulate(with_values(form, ON), 1)) != plain


def test_without_ties_to_sponsors_only_greeting_and_pride_are_left() -> None:
    """The module makes nobody a sponsor: that is the rule of bonds."""
    form = with_values(read_scenario("twelve_step"), {"weeks": 80, "bond.sponsors": False})
    rest = {"sponsor.greet": 0.0, "sponsor.pride": 0.0}
    assert core_measures(simulate(form, 1)) == core_measures(simulate(with_values(form, ON | rest), 1))


@pytest.mark.parametrize(
    ("changes", "read", "sign"),
    [
        ({"bond.sponsors": False}, of_runs("retention_at_26"), -1),
        ({"bond.sponsors": False}, of_runs("crises_per_person_year"), 1),
        ({"sponsor.call_gain": 0.0}, of_runs("efficacy_at_52_joiners"), -1),
        ({"sponsor.best_gap": 8.0}, of_runs("efficacy_at_52_joiners"), -1),
        ({"sponsor.best_gap": 1000.0}, of_runs("efficacy_at_52_joiners"), -1),
        ({"sponsor.greet": 0.0}, of_runs("retention_at_4"), -1),
        ({"sponsor.loss_hurts": 0.0}, series("distress_members"), -1),
        ({"sponsor.check_in": 0.0}, of_runs("meetings_a_week"), -1),
        ({"sponsor.pride": 0.0}, series("hope_members"), -1),
        ({"sponsor.capacity": 1}, series("sponsor_sponsees_members"), -1),
        ({"sponsor.lets_go": 0.0}, series("sponsor_sponsees_members"), -1),
    ],
)
def test_what_each_rule_is_for(changes: dict[str, Any], read: Callable[[Run], float], sign: int) -> None:
    """Contact keeps and teaches, far gaps give less, greeting keeps, pledges bring, loss hurts, pride cheers."""
    assert sign * paired(changes, read) > 2.5


def test_no_sponsor_takes_more_than_there_is_room_for() -> None:
    """Room is the limit, whoever is asked how often."""
    form = with_values(read_scenario("twelve_step"), {"weeks": 80, "sponsor.capacity": 1} | ON)
    assert set(simulate(form, 1, record="lives").lives["sponsor_sponsees"].to_pylist()) == {0, 1}
