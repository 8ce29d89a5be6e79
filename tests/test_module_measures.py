"""What optional mechanisms measure: each has a value where it is on, and moves where its mechanism says it must."""

from __future__ import annotations

from math import isfinite
from typing import Any

import pytest

from mhsim import simulate
from mhsim.modules import optional
from mhsim.outcomes.measures import OF_MODULES
from mhsim.scenario import Scenario, with_values

WORLD: dict[str, Any] = {
    "weeks": 60,
    "start.groups": 3,
    "start.members": 14,
    "start.helpers": 4,
    "community.arrivals_per_week": 3.0,
    "bond.sponsors": True,
    "bond.sponsor_after": 1,
}
CASES: list[tuple[str, str, Any, Any, dict[str, Any]]] = [
    ("advocate_stigma", "advocate.voice", 0.1, 0.0, {"advocate.effort": 0.4}),
    ("advocate_practice", "advocate.insists", 0.0, 0.1, {"advocate.effort": 0.4}),
    ("disclose_told", "disclose.tell_rate", 0.1, 3.0, {}),
    ("disclose_openness", "disclose.unsafe_closes", 5.0, 0.0, {}),
    ("federate_groups", "federate.joined", 0.0, 1.0, {"federate.listed": 1.0}),
    ("kin_relatives", "kin.relatives", 0.0, 0.8, {}),
    ("kin_family_groups", "kin.family_groups", 0.0, 1.0, {}),
    ("mandate_made_to_come", "mandate.share", 0.0, 0.6, {}),
    ("programme_path", "programme.walk", 0.0, 0.1, {"programme.structure": 0.8}),
    ("repertoire_known", "repertoire.copy_told", 0.0, 0.9, {}),
    ("repertoire_misheld", "repertoire.fidelity", 1.0, 0.1, {"repertoire.copy_told": 0.9}),
    ("safeguard_harms", "safeguard.misconduct", 0.2, 8.0, {}),
    ("safeguard_answered", "safeguard.accountability", 0.0, 1.0, {"safeguard.misconduct": 4.0}),
    ("services_visits", "services.visits_per_year", 0.5, 20.0, {"services.capacity": 100.0}),
    ("services_turned_away", "services.capacity", 50.0, 0.1, {"services.visits_per_year": 10.0}),
    ("sponsor_sponsored", "sponsor.capacity", 1, 6, {}),
    ("sponsor_contacts", "sponsor.calls", 0.1, 3.0, {}),
    ("stance_gap", "stance.power_gap", 0.1, 0.9, {}),
    ("stance_lapses", "stance.lapse", 0.0, 0.5, {}),
    ("steward_funds", "steward.fee", 0.0, 2.0, {}),
    ("steward_in_debt", "govern.venue_cost", 0.0, 40.0, {}),
    ("support_trouble", "support.troubles_per_year", 0.5, 12.0, {}),
    ("support_gatherings", "support.gatherings_per_year", 1.0, 20.0, {}),
    ("trouble_second", "trouble.share", 0.0, 0.9, {"trouble.open_to_all": True}),
    ("trouble_for_second", "trouble.groups_for_it", 0.0, 1.0, {}),
]
"""A measure, what raises it, the value at which it is low and that at which it is high, and what else holds."""


@pytest.mark.parametrize(("measure", "path", "low", "high", "besides"), CASES, ids=[case[0] for case in CASES])
def test_a_measure_moves_where_its_mechanism_says(
    measure: str, path: str, low: Any, high: Any, besides: dict[str, Any]
) -> None:
    """A measure of the wrong column, or over the wrong people, would not follow what it is to measure."""
    module = measure.split("_")[0]
    worlds = [
        with_values(Scenario(), WORLD | {f"{module}.enabled": True} | besides | {path: each}) for each in (low, high)
    ]
    below, above = (simulate(world, 1).summary for world in worlds)
    assert below[measure] < above[measure]
    for one in OF_MODULES[module]:
        value = above[one.name]
        assert value is not None and isfinite(value), one.name
        assert one.unit not in ("share", "0-1") or 0.0 <= value <= 1.0, one.name


def test_every_module_measures_something() -> None:
    """What is not in the table of runs is left out of studies, knock-outs and reports."""
    assert all(1 <= len(rule.measures) <= 3 for rule in optional().values())
    assert set(optional()) == {case[0].split("_")[0] for case in CASES}
