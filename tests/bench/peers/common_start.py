"""Where all four begin: a world of members and people outside after two weeks, and what the core week is.

The core week is attend, share, live and progress, for members, and live and progress for people outside. All other
mechanisms are switched off: nobody comes, leaves, helps or changes the role, and groups neither begin nor end.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mhsim.engine import Simulation
from mhsim.outcomes.counts import living
from mhsim.scenario import Scenario, with_values

FIRST_STEP = 2
OTHERS = ("work", "prepare", "supervise", "help", "bond", "serve", "leave", "quarrel", "breach", "bequeath")
OTHERS += ("govern", "found", "close")
NOBODY_COMES = ("uptake", "referral_per_year", "outreach", "return_hazard")
COMPARED = ("hope", "coping", "self_efficacy", "distress", "stage", "commitment", "meetings", "crises")


class Start(NamedTuple):
    """What the peers are given.

    Attributes
    ----------
    scenario : Scenario
        What is assumed.
    key : tuple of two uint32
        The key of the run's draws.
    people : ndarray of `mhsim.schema.PEOPLE`
        Everybody after the first steps, in order of community and arrival.
    groups : ndarray of `mhsim.schema.GROUPS`
        All groups.
    """

    scenario: Scenario
    key: tuple[np.uint32, np.uint32]
    people: np.ndarray
    groups: np.ndarray


def core_scenario(people: int, weeks: int) -> Scenario:
    """Return the scenario of the core week for about so many people, half of them members of groups of 20.

    Those outside come into need in week 0; from week 1 on nobody does.
    """
    communities = max(1, people // 2000)
    groups = max(1, people // (40 * communities))
    off = {f"{name}.enabled": False for name in OTHERS} | {f"arrive.{name}": 0.0 for name in NOBODY_COMES}
    return with_values(
        Scenario(),
        off
        | {"community.count": communities, "community.arrivals_per_week": people / 2 / communities}
        | {
            "progress.chronic_slows": 1.0,
            "community.place_sd": 0.0,
            "start.groups": groups,
            "start.members": 20,
            "start.run_in_weeks": 0,
        }
        | {"weeks": FIRST_STEP + weeks, "changes": [{"week": 1, "set": {"arrive.enabled": False}}]},
    )


def first_weeks(scenario: Scenario) -> Simulation:
    """Return the engine's history after the first steps."""
    simulation = Simulation(scenario)
    simulation.run_until(FIRST_STEP)
    return simulation


def start_of(scenario: Scenario) -> Start:
    """Return what the peers begin with."""
    simulation = first_weeks(scenario)
    groups = simulation.world.groups[: int(simulation.world.meter["groups"][0])]
    return Start(scenario, simulation.key, living(simulation.world).copy(), groups.copy())


def outcome_of(people: np.ndarray) -> dict[str, np.ndarray]:
    """Return the compared columns of rows of people."""
    return {name: people[name].astype(float) for name in COMPARED}


def members_of(people: np.ndarray) -> np.ndarray:
    """Return the places of the members among people."""
    return np.flatnonzero(people["group"] >= 0)
