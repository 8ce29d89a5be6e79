"""The scenarios that are measured."""

from __future__ import annotations

from typing import Any

from mhsim.engine import Simulation
from mhsim.scenario import Scenario, with_values

MEMBERS_ALONE = {
    "arrive.enabled": False,
    "leave.enabled": False,
    "found.enabled": False,
    "close.enabled": False,
    "start.run_in_weeks": 0,
    "start.groups": 20,
    "start.members": 17,
    "weeks": 104,
}
OUTSIDE_ALONE = {"start.groups": 0, "community.arrivals_per_week": 5.0, "weeks": 208}
PEOPLE_OF_A_PLACE = 295


def changed(values: dict[str, Any]) -> Scenario:
    """Return the base scenario with other values."""
    return with_values(Scenario(), values)


def places(people: int, weeks: int) -> Scenario:
    """Return a world of about so many people in communities of about 295, 40 of them members at the opening."""
    return changed(
        {
            "community.count": max(1, people // PEOPLE_OF_A_PLACE),
            "start.members": 40,
            "start.helpers": 8,
            "community.arrivals_per_week": 210 / 104,
            "start.run_in_weeks": 104,
            "weeks": weeks,
        }
    )


def still_town(people: int, weeks: int = 13) -> Scenario:
    """Return a town of about 1,000 or 20,000 people for the engine and the plain-Mesa twin."""
    small = people < 10_000
    groups = 8 if small else 100
    return changed(
        {
            "start.groups": groups,
            "start.members": 20 if small else 60,
            "community.arrivals_per_week": groups * (0.9 if small else 2.0),
            "arrive.room": 90,
            "start.run_in_weeks": 104,
            "weeks": weeks,
        }
    )


def person_weeks(simulation: Simulation) -> float:
    """Return the person-weeks that a history has lived through so far."""
    return float(simulation.world.tally["person_steps"][0])


def people_now(simulation: Simulation) -> int:
    """Return the number of people in need in a history now."""
    return int(simulation.world.meter["people"][0])
