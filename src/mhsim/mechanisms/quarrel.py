"""Conflict: members fall out in the open; it costs the group its ease, drives some out, and may break the group up.

A conflict opens with hazard ``conflict_per_year * roll / 15 * (1 - norms) * (1 - formality_calms * formality)`` and
lasts for the step: then `conflict` is 1, else 0, and cohesion and climate lose `conflict_cost` of themselves. Where the
rule is off, `conflict` is 0 from this phase on.

What an open conflict does to others is two numbers that they read, whether this rule is on or not: each member weighs
leaving over it by `conflict_hazard` (in `leave`, which comes before this phase and so sees the conflict of the step
before), and the group breaking up by `strife_hazard` (in `close`, still in this step).

Sources: E196 conflict and personality clash, E197 norms contain it, E106 so does formality.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.core.maths import happens
from mhsim.core.params import Parameters, par, switch
from mhsim.kernel_helpers import disorder

WRITES = {"groups": ("conflict", "cohesion", "climate")}
NEUTRAL = {"conflict_per_year": 0.0, "conflict_hazard": 0.0, "strife_hazard": 0.0}


class Quarrel(Parameters):
    """Parameters of conflict."""

    enabled: bool = switch("whether groups come into open conflict")
    conflict_per_year: float = par(0.5, 0, 52, unit="1/year", why="open conflict: 15 members, no norms", source="E196")
    formality_calms: float = par(
        0.5, 0, 1, unit="share", why="of conflicts, spared by formality", source="assumed; E106"
    )
    conflict_cost: float = par(
        0.2, 0, 1, unit="share", why="of cohesion and climate, lost by a conflict", source="assumed; E196"
    )
    conflict_hazard: float = par(0.15, 0, 10, unit="weight", why="leaving in an open conflict", source="assumed; E196")
    strife_hazard: float = par(0.02, 0, 10, unit="weight", why="breaking up in a conflict", source="assumed; E196")


@kernel
def at_peace(groups, g):  # type: ignore[no-untyped-def]
    """Leave a group without conflict where the rule is off."""
    groups.conflict[g] = 0


@kernel
def quarrel(groups, g, conflict_draw, p):  # type: ignore[no-untyped-def]
    """Let a group come into open conflict for this step, or not."""
    hazard = p.conflict_per_year * disorder(groups, g) * (1.0 - p.formality_calms * groups.formality[g])
    conflict = happens(conflict_draw, hazard)
    groups.conflict[g] = 1 if conflict else 0
    if conflict:
        groups.cohesion[g] = (1.0 - p.conflict_cost) * groups.cohesion[g]
        groups.climate[g] = (1.0 - p.conflict_cost) * groups.climate[g]
