"""Single acts in mid-life, on the world between two steps."""

from __future__ import annotations

import numpy as np

from mhsim.engine.world import World
from mhsim.schema import CLOSED, HELPER, LEFT_WITH_ROLE, ORDINARY


def lose_busiest_helpers(world: World, count: int) -> int:
    """Let the helpers of each open group who have given most help lose the role; return how many did.

    They stay as members. Equals go by arrival.

    Parameters
    ----------
    world : World
        The world, changed in place.
    count : int
        How many in each group, or all if there are fewer.
    """
    lost = 0
    communities = len(world.communities)
    for g in range(int(world.meter["groups"][0])):
        if world.groups["status"][g] == CLOSED:
            continue
        block = world.blocks[communities + g]
        members = world.people[block["start"] : block["start"] + block["count"]]
        helpers = np.flatnonzero(members["role"] == HELPER)
        busiest = helpers[np.lexsort((members["who"][helpers], -members["help_given"][helpers].astype(np.int64)))]
        chosen = busiest[:count]
        members["role"][chosen] = ORDINARY
        members["role_end"][chosen] = LEFT_WITH_ROLE
        world.groups["vacancies"][g] += len(chosen)
        world.groups["helpers_lost"][g] += len(chosen)
        lost += len(chosen)
    return lost
