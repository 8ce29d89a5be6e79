"""Interventions: single acts in mid-life, on the world between two steps."""

from __future__ import annotations

import numpy as np

from mhsim.core.blocks import grown
from mhsim.engine.events import GROUP_INTERVENTION, INTERVENTION, NO_STAGE, ROLE_ENDED
from mhsim.engine.world import World
from mhsim.schema import CLOSED, HELPER, LEFT_WITH_ROLE, NOBODY, ORDINARY


def lose_busiest_helpers(world: World, count: int, leave: bool = False) -> World:
    """Let the helpers of every open group who have given most help lose the role, and return the world.

    They stay as members, or leave the group at the end of the step that follows. Equals go by arrival. Where events are
    recorded, each of them has one, and so has the group.

    Parameters
    ----------
    world : World
        The world, changed in place but for its log, which may have to grow.
    count : int
        How many in each group, or all if there are fewer.
    leave : bool
        Whether they leave the group too.
    """
    communities, step = len(world.communities), int(world.meter["step"][0])
    log: list[tuple[int, ...]] = []
    for g in np.flatnonzero(world.groups["status"][: world.meter["groups"][0]] != CLOSED).tolist():
        block = world.blocks[communities + g]
        members = world.people[block["start"] : block["start"] + block["count"]]
        helpers = np.flatnonzero(members["role"] == HELPER)
        busiest = helpers[np.lexsort((members["who"][helpers], -members["help_given"][helpers].astype(np.int64)))]
        chosen = busiest[:count]
        community = int(world.groups["community"][g])
        for who, stage in zip(members["who"][chosen].tolist(), members["stage"][chosen].tolist(), strict=True):
            log.append((step, ROLE_ENDED, community, INTERVENTION, g, who, 0, stage, HELPER))
        log.append((step, GROUP_INTERVENTION, community, len(chosen), g, NOBODY, 0, NO_STAGE, NO_STAGE))
        members["role"][chosen] = ORDINARY
        members["role_end"][chosen] = LEFT_WITH_ROLE
        members["role_left"][chosen] = step
        if leave:
            members["leaving"][chosen] = LEFT_WITH_ROLE
        world.groups["vacancies"][g] += len(chosen)
        world.groups["helpers_lost"][g] += len(chosen)
    return _noted(world, log) if len(world.events) else world


def _noted(world: World, log: list[tuple[int, ...]]) -> World:
    """Return the world with more events at the end of its log."""
    first = int(world.meter["events"][0])
    events = grown(world.events, first + len(log))
    events[first : first + len(log)] = np.array(log, events.dtype)
    world.meter["events"][0] = first + len(log)
    return world._replace(events=events)
