"""Supervision: those who help are looked after, and helping strains them less.

What is left of the strain of helping and of leading, before anybody helps in this step:

    relief = (1 - supervision_relieves * supervision) * (1 - training_relieves * training) * (1 - forum_relieves
             * peer_forum)

with `training` that of `help`, where it makes advice fit, too. `help` strains by it. Where the rule is off, `relief`
is 1: nobody looks after helpers. What people do for themselves is `self_care` of `help`.

Sources: E204-E209 what protects helpers; V49 training and supervision wanted.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.core.params import Parameters, par, switch

WRITES = {"groups": ("relief",)}
NEUTRAL = {"supervision": 0.0, "training_relieves": 0.0, "peer_forum": 0.0}


class Supervise(Parameters):
    """Parameters of looking after those who help."""

    enabled: bool = switch("whether those who help are looked after")
    supervision: float = par(
        0.0,
        0,
        1,
        unit="share",
        why="how far helpers are supervised; full supervision halves the strain of each act of helping",
        source="E206 V49",
        label="Helpers get supervision",
        slider=(0, 1, 0.05),
        special=((0, "none"), (1, "full")),
    )
    supervision_relieves: float = par(
        0.5, 0, 1, unit="share", why="of strain, taken off when supervised", source="assumed; V49"
    )
    training_relieves: float = par(
        0.3, 0, 1, unit="share", why="of strain, taken off by training", source="assumed; V49"
    )
    peer_forum: float = par(0.0, 0, 1, unit="share", why="a place where helpers talk it over", source="E208")
    forum_relieves: float = par(0.3, 0, 1, unit="share", why="of strain, taken off by a forum", source="assumed; E208")


@kernel
def supervise(groups, g, training, p):  # type: ignore[no-untyped-def]
    """Note what is left of the strain of helping in a group; `training` is that of `help`."""
    relief = (1.0 - p.supervision_relieves * p.supervision) * (1.0 - p.training_relieves * training)
    groups.relief[g] = relief * (1.0 - p.forum_relieves * p.peer_forum)


@kernel
def unsupervised(groups, g):  # type: ignore[no-untyped-def]
    """Leave all of the strain where the rule is off."""
    groups.relief[g] = 1.0
