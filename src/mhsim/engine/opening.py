"""The opening: who is there when the groups open, and a one-off act in mid-life."""

from __future__ import annotations

import mhsim.engine.cache  # noqa: F401  (must come before any entry is declared)
from mhsim.core.compiling import entry, kernel
from mhsim.core.draws import draw
from mhsim.core.maths import normal_quantile
from mhsim.core.records import lacks_room, set_apart
from mhsim.engine.moves import open_group
from mhsim.engine.week import add_person, set_places
from mhsim.luck import START
from mhsim.people import Clock
from mhsim.state import CLOSED, HELPER, LEFT_WITH_ROLE, MEMBER, NOWHERE, ORDINARY
from mhsim.traits import set_starter

STARTERS_STEP = 4095


@entry
def begin(world, place_sd, key):  # type: ignore[no-untyped-def]
    """Make the places before anybody is there."""
    set_places(world, place_sd, key)
    for community in range(len(world.communities)):
        world.communities.first_group[community] = NOWHERE
        world.communities.last_group[community] = NOWHERE


@entry
def open_groups(world, settings, key, dt, groups, members, helpers, established, tenure):  # type: ignore[no-untyped-def]
    """Open the groups of every community with their starters, who enter at once."""
    step = world.meter.step[0]
    clock = Clock(step, dt, step)
    communities = len(world.communities)
    for community in range(communities):
        for index in range(groups):
            g = open_group(world, community, NOWHERE, index, clock)
            world.groups.who[g] = (STARTERS_STEP << 20) | index
            _furnish(world, g, community, key, members, established)
    number = communities + world.meter.groups[0]
    for community in range(communities):
        world.blocks.incoming[community] = groups * members
    for g in range(world.meter.groups[0]):
        world.blocks.incoming[communities + g] = members
    if lacks_room(world.blocks, number):
        set_apart(world.people, world.blocks, number, world.handles)
    for b in range(number):
        world.blocks.incoming[b] = 0
    for g in range(world.meter.groups[0]):
        first = (g % groups) * members
        for k in range(members):
            row = add_person(world, world.groups.community[g], STARTERS_STEP, first + k, step, settings, key)
            people = world.people
            set_starter(people, row, key, people.community[row], step, dt, k < helpers, established, tenure)
            people.group[row] = g
            people.membership[row] = MEMBER
            _seat_in_group(world, row, communities + g)


@kernel
def _furnish(world, g, community, key, members, established):  # type: ignore[no-untyped-def]
    groups = world.groups
    _, _, x, y = draw(key, groups.who[g], 0, community, 0, START, 1)
    groups.profile_x[g] = 0.5 * normal_quantile(x)
    groups.profile_y[g] = 0.5 * normal_quantile(y)
    level = 0.6 if established else 0.3
    groups.cohesion[g] = groups.norms[g] = groups.climate[g] = groups.legacy[g] = level
    groups.formality[g] = 0.2 if established else 0.0
    groups.funds[g] = 20.0 if established else 0.0
    groups.attendance[g] = 0.6 * members
    groups.inflow[g] = 0.2


@kernel
def _seat_in_group(world, row, b):  # type: ignore[no-untyped-def]
    people, blocks = world.people, world.blocks
    outside = people.community[row]
    place = blocks.start[b] + blocks.count[b]
    blocks.count[b] += 1
    blocks.count[outside] -= 1
    people[place] = people[row]
    world.handles.row[people.slot[place]] = place


@entry
def lose_busiest_helpers(world, count):  # type: ignore[no-untyped-def]
    """Let the helpers of each open group who have given most help lose their role, `count` in each; return how many.

    Equals go by arrival. Whether they leave the group too is not touched: they stay as members.
    """
    lost = 0
    communities = len(world.communities)
    for g in range(world.meter.groups[0]):
        if world.groups.status[g] != CLOSED:
            b = communities + g
            members = world.people[world.blocks.start[b] : world.blocks.start[b] + world.blocks.count[b]]
            for _ in range(count):
                busiest = _busiest(members)
                if busiest >= 0:
                    members.role[busiest] = ORDINARY
                    members.role_end[busiest] = LEFT_WITH_ROLE
                    world.groups.vacancies[g] += 1
                    world.groups.helpers_lost[g] += 1
                    lost += 1
    return lost


@kernel
def _busiest(members):  # type: ignore[no-untyped-def]
    best = -1
    for i in range(len(members)):
        if members.role[i] == HELPER:
            if best < 0 or members.help_given[i] > members.help_given[best]:
                best = i
            elif members.help_given[i] == members.help_given[best] and members.who[i] < members.who[best]:
                best = i
    return best
