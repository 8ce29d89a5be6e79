"""Interventions: single acts in mid-life, on the world between two steps."""

from __future__ import annotations

from mhsim.core.blocks import grown
from mhsim.core.jit import entry, kernel
from mhsim.engine.events import GROUP_INTERVENTION, INTERVENTION, ROLE_ENDED, note_group, note_person
from mhsim.engine.world import World
from mhsim.schema import CLOSED, HELPER, LEFT_WITH_ROLE, NOWHERE, ORDINARY


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
    more = lose_busiest(world, count, leave)
    if more:
        world = world._replace(events=grown(world.events, int(world.meter["events"][0]) + more))
        lose_busiest(world, count, leave)
    return world


@entry
def lose_busiest(world, count, leave):  # type: ignore[no-untyped-def]
    """Do what `lose_busiest_helpers` says, and return 0; or nothing, and how many events there must be room for."""
    groups, number, communities, events = world.groups, world.meter.groups[0], len(world.communities), 0
    for g in range(number):
        if groups.status[g] != CLOSED:
            first = world.blocks.start[communities + g]
            events += 1 + min(count, _helpers(world.people[first : first + world.blocks.count[communities + g]]))
    if len(world.events) > 0 and world.meter.events[0] + events > len(world.events):
        return events
    for g in range(number):
        if groups.status[g] != CLOSED:
            first = world.blocks.start[communities + g]
            members = world.people[first : first + world.blocks.count[communities + g]]
            _lose_in_group(world, g, members, count, leave)
    return 0


@kernel
def _helpers(members):  # type: ignore[no-untyped-def]
    number = 0
    for i in range(len(members)):
        number += 1 if members.role[i] == HELPER else 0
    return number


@kernel
def _lose_in_group(world, g, members, count, leave):  # type: ignore[no-untyped-def]
    step, lost, i = world.meter.step[0], 0, _busiest(members)
    while lost < count and i != NOWHERE:
        note_person(world, members, i, step, ROLE_ENDED, INTERVENTION, g)
        members.role[i] = ORDINARY
        members.role_end[i] = LEFT_WITH_ROLE
        members.role_left[i] = step
        if leave:
            members.leaving[i] = LEFT_WITH_ROLE
        lost += 1
        i = _busiest(members)
    note_group(world, g, step, GROUP_INTERVENTION, 0, lost)
    world.groups.vacancies[g] += lost
    world.groups.helpers_lost[g] += lost


@kernel
def _busiest(members):  # type: ignore[no-untyped-def]
    """Return the helper who has given most help, of equals the first to have come; NOWHERE if there is none."""
    best, most = NOWHERE, 0
    for i in range(len(members)):
        if members.role[i] == HELPER:
            given = members.help_given[i]
            if best == NOWHERE or given > most or (given == most and members.who[i] < members.who[best]):
                best, most = i, given
    return best
