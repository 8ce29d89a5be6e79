"""Keeping house: money, norms and their upkeep, form, and what the group remembers of its weeks.

Each step, for the group (carriers: helpers and organisers on the roll):

    funds      += gift * attended - venue_cost              held to at most `reserve`
    formality  += formalise * roll / (roll + formal_at) * (1 - formality)
    norms      += norm_memory * (target - norms)
    target      = min(1, norms_bare + norms_carried * min(carriers_counted, carriers) + norms_written * formality)
    attendance += attendance_memory * (visits / meetings held - attendance)       0 visits where none is held
    inflow     += inflow_memory * (first visits per week - inflow)
    leaderless  = weeks without a carrier on the roll       unvisited  = weeks in which nobody came

The target of norms uses formality as just updated. What norms hold off stands elsewhere: conflict in `quarrel`,
breaches of confidence in `breach`.

Status: forming for 26 weeks; after that dormant while nobody has come for four weeks, else active.

Sources: E106 formality, E113, E141 gifts, E140 venue, E154, E197 norms.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.core.params import Parameters, par, switch
from mhsim.kernel_helpers import drift
from mhsim.schema import ACTIVE, DORMANT, FORMING

WRITES = {
    "groups": (
        "funds",
        "formality",
        "norms",
        "attendance",
        "inflow",
        "leaderless",
        "unvisited",
        "status",
    ),
}
NEUTRAL = {
    "gift": 0.0,
    "venue_cost": 0.0,
    "formalise": 0.0,
    "norm_memory": 0.0,
}
FORMING_WEEKS, DORMANT_WEEKS = 26.0, 4.0
"""Names of a group's state for readers; nothing depends on them."""


class Govern(Parameters):
    """Parameters of keeping house."""

    enabled: bool = switch("whether the group's house is kept: money, norms, form")
    gift: float = par(1.0, 0, 100, unit="money/week", why="gifts per person there, in usual gifts", source="E141")
    venue_cost: float = par(4.0, 0, 1000, unit="money/week", why="the room, in usual gifts a week", source="E140")
    reserve: float = par(60.0, 0, 10000, unit="money", why="what a group keeps at most", source="assumed")
    formalise: float = par(0.004, 0, 1, unit="share/week", why="how fast a body forms", source="E106")
    formal_at: float = par(
        20.0, 0.1, 100000, unit="people", why="roll at which a body forms half as fast", source="assumed"
    )
    norms_bare: float = par(0.3, 0, 1, unit="share", why="norms that hold without upkeep", source="assumed; E197")
    norms_carried: float = par(0.2, 0, 1, unit="share", why="norms upheld by each carrier", source="assumed; E154")
    carriers_counted: float = par(3.0, 0, 100, unit="people", why="carriers beyond whom none counts", source="assumed")
    norms_written: float = par(0.2, 0, 1, unit="share", why="norms upheld by full formality", source="assumed; E106")
    norm_memory: float = par(0.03, 0, 1, unit="share/week", why="how fast norms follow upkeep", source="assumed; E197")
    attendance_memory: float = par(
        0.12, 0, 1, unit="share/week", why="how fast remembered attendance follows", source="assumed"
    )
    inflow_memory: float = par(0.04, 0, 1, unit="share/week", why="how fast remembered visits follow", source="assumed")


@kernel
def govern(groups, g, clock, p):  # type: ignore[no-untyped-def]
    """Keep a group's house for one step."""
    _keep_count(groups, g, clock, p)
    _keep_house(groups, g, p)


@kernel
def _keep_count(groups, g, clock, p):  # type: ignore[no-untyped-def]
    carriers = groups.helpers[g] + groups.organisers[g]
    groups.leaderless[g] = groups.leaderless[g] + clock.dt if carriers == 0 else 0.0
    groups.unvisited[g] = groups.unvisited[g] + clock.dt if groups.attended[g] == 0 else 0.0
    there = groups.visits[g] / max(1, groups.held[g])
    groups.attendance[g] = drift(groups.attendance[g], there, p.attendance_memory)
    groups.inflow[g] = drift(groups.inflow[g], groups.newcomers[g] / clock.dt, p.inflow_memory)
    groups.status[g] = ACTIVE
    if (clock.step - groups.founded[g]) * clock.dt < FORMING_WEEKS:
        groups.status[g] = FORMING
    elif groups.unvisited[g] >= DORMANT_WEEKS:
        groups.status[g] = DORMANT


@kernel
def _keep_house(groups, g, p):  # type: ignore[no-untyped-def]
    carriers = groups.helpers[g] + groups.organisers[g]
    roll = groups.roll[g]
    groups.funds[g] = min(p.reserve, groups.funds[g] + p.gift * groups.attended[g] - p.venue_cost)
    groups.formality[g] += p.formalise * roll / (roll + p.formal_at) * (1.0 - groups.formality[g])
    upheld = p.norms_bare + p.norms_carried * min(p.carriers_counted, carriers)
    target = min(1.0, upheld + p.norms_written * groups.formality[g])
    groups.norms[g] = drift(groups.norms[g], target, p.norm_memory)
