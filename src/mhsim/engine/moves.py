"""Moving people at the end of a step, by the marks that the mechanisms left: in, out, between groups, away.

Mechanisms only mark. Here marks become moves, in order of arrival: those who leave a group become former members, those
who come enter it, groups that close or split hand their members on, and who left the community is archived.
"""

from __future__ import annotations

from mhsim.core.compiling import kernel
from mhsim.core.draws import draw
from mhsim.core.maths import normal_quantile
from mhsim.core.records import append, free_handle, lacks_room, set_apart, take_out
from mhsim.engine.events import LEFT, MOVED_GROUP, note
from mhsim.engine.tally import count_career, count_life
from mhsim.luck import MOVING_ON, START
from mhsim.mechanisms.arrive import choose
from mhsim.mechanisms.close import lose_group
from mhsim.mechanisms.found import choose_founders
from mhsim.state import (
    CLOSED,
    FORMER,
    FORMING,
    GROUP_CLOSED,
    HELPER,
    MEMBER,
    MOVED_AWAY,
    NEVER,
    NO_ROLE,
    NOWHERE,
    ORDINARY,
    SETTLED,
    STAYS,
)
from mhsim.ties import forget


@kernel
def note_movers(people, world):  # type: ignore[no-untyped-def]
    """Write down who of a tile is marked to move."""
    for i in range(len(people)):
        if people.leaving[i] != STAYS or people.going_to[i] != NOWHERE:
            add_mover(people, i, world)


@kernel
def add_mover(people, i, world):  # type: ignore[no-untyped-def]
    """Write down one person who moves."""
    k = world.meter.movers[0]
    world.handles.mover[k] = people.slot[i]
    world.meter.movers[0] = k + 1


@kernel
def open_group(world, community, parent, index, clock):  # type: ignore[no-untyped-def]
    """Make a new group, split from a parent or founded (parent -1); return its number."""
    groups = world.groups
    g = world.meter.groups[0]
    world.meter.groups[0] = g + 1
    groups.community[g] = community
    groups.who[g] = (clock.step << 20) | index
    groups.parent[g] = parent
    groups.lineage[g] = groups.lineage[parent] if parent != NOWHERE else g
    groups.founded[g] = clock.step
    groups.closed[g] = -1
    groups.status[g] = FORMING
    groups.next_group[g] = NOWHERE
    last = world.communities.last_group[community]
    if last == NOWHERE:
        world.communities.first_group[community] = g
    else:
        groups.next_group[last] = g
    world.communities.last_group[community] = g
    return g


@kernel
def split_groups(world, community, settings, key, clock):  # type: ignore[no-untyped-def]
    """Let marked groups split; return the index for the next group that begins this step."""
    groups = world.groups
    index = 0
    g = world.communities.first_group[community]
    while g != NOWHERE:
        if groups.splitting[g] and not groups.closing[g]:
            new = open_group(world, community, g, index, clock)
            index += 1
            _, _, x, y = draw(key, groups.who[new], 0, community, clock.step, START, 1)
            groups.profile_x[new] = groups.profile_x[g] + 0.3 * normal_quantile(x)
            groups.profile_y[new] = groups.profile_y[g] + 0.3 * normal_quantile(y)
            groups.funds[g] = 0.5 * groups.funds[g]
            groups.funds[new] = groups.funds[g]
            groups.cohesion[new] = groups.cohesion[g]
            groups.norms[new] = groups.norms[g]
            groups.climate[new] = groups.climate[g]
            groups.formality[new] = groups.formality[g]
            groups.legacy[new] = groups.legacy[g]
            _hand_over(world, community, g, new, settings, key, clock)
            groups.attendance[new] = groups.attendance[g] * settings.found.split_share
            groups.inflow[new] = groups.inflow[g] * settings.found.split_share
            groups.attendance[g] -= groups.attendance[new]
            groups.inflow[g] -= groups.inflow[new]
        groups.splitting[g] = 0
        g = groups.next_group[g]
    return index


@kernel
def _hand_over(world, community, g, new, settings, key, clock):  # type: ignore[no-untyped-def]
    b = len(world.communities) + g
    members = world.people[world.blocks.start[b] : world.blocks.start[b] + world.blocks.count[b]]
    for i in range(len(members)):
        if members.leaving[i] == STAYS:
            _, goes, _, _ = draw(key, members.who[i], 0, community, clock.step, MOVING_ON, 0)
            if goes < settings.found.split_share:
                members.going_to[i] = new
                add_mover(members, i, world)


@kernel
def close_groups(world, community, rooms_count, settings, key, clock):  # type: ignore[no-untyped-def]
    """Let marked groups end: each member moves to another open group with room, or becomes a former member."""
    groups = world.groups
    g = world.communities.first_group[community]
    while g != NOWHERE:
        if groups.closing[g] and groups.status[g] != CLOSED:
            b = len(world.communities) + g
            members = world.people[world.blocks.start[b] : world.blocks.start[b] + world.blocks.count[b]]
            lose_group(members, settings.close)
            for i in range(len(members)):
                if members.leaving[i] == STAYS:
                    _move_on(members, i, world, community, g, rooms_count, settings, key, clock)
                    add_mover(members, i, world)
            groups.status[g] = CLOSED
            groups.closed[g] = clock.step
            groups.reason[g] = groups.closing[g]
        g = groups.next_group[g]


@kernel
def _move_on(members, i, world, community, g, rooms_count, settings, key, clock):  # type: ignore[no-untyped-def]
    stays, _, _, _ = draw(key, members.who[i], 0, community, clock.step, MOVING_ON, 0)
    if rooms_count > 0 and stays < settings.close.transfer:
        members.going_to[i] = choose(
            members, i, world.groups, community, world.groups.with_room, rooms_count, g, key, clock
        )
        if members.going_to[i] != NOWHERE and world.groups.closing[members.going_to[i]]:
            members.going_to[i] = NOWHERE
    if members.going_to[i] == NOWHERE:
        members.leaving[i] = GROUP_CLOSED


@kernel
def found_group(world, community, index, settings, clock):  # type: ignore[no-untyped-def]
    """Let people outside found a group, if at least three are there to do it."""
    groups, chosen = world.groups, world.scratch.seeker
    block = world.blocks.start[community]
    people = world.people[block : block + world.blocks.count[community]]
    count = choose_founders(people, chosen, int(settings.found.founders))
    if count < 3:
        return
    g = open_group(world, community, NOWHERE, index, clock)
    groups.cohesion[g] = 0.3
    groups.climate[g] = 0.3
    groups.norms[g] = 0.3
    groups.legacy[g] = 0.3
    for k in range(count):
        i = chosen[k]
        groups.profile_x[g] += people.profile_x[i] / count
        groups.profile_y[g] += people.profile_y[i] / count
        people.going_to[i] = g
        people.role[i] = HELPER if k < 2 else NO_ROLE
        add_mover(people, i, world)
    groups.attendance[g] = count


@kernel
def move_people(world, clock):  # type: ignore[no-untyped-def]
    """Carry out all marked moves of the step, by community and order of arrival."""
    count = _drop_void(world)
    if count == 0:
        return
    _by_arrival(world, count)
    communities = len(world.communities)
    blocks = communities + world.meter.groups[0]
    for k in range(count):
        row = world.handles.row[world.handles.mover[k]]
        b = _destination(world, row)
        if b >= 0:
            world.blocks.incoming[b] += 1
    if lacks_room(world.blocks, blocks):
        set_apart(world.people, world.blocks, blocks, world.handles)
    for b in range(blocks):
        world.blocks.incoming[b] = 0
    for k in range(count):
        _move(world, world.handles.row[world.handles.mover[k]], clock)
    world.meter.movers[0] = 0


@kernel
def _drop_void(world):  # type: ignore[no-untyped-def]
    """Let those who were on their way to a group that closed stay where they are; return how many move."""
    kept = 0
    for k in range(world.meter.movers[0]):
        slot = world.handles.mover[k]
        row = world.handles.row[slot]
        target = world.people.going_to[row]
        if world.people.leaving[row] == STAYS and world.groups.status[target] == CLOSED:
            world.people.going_to[row] = NOWHERE
        else:
            world.handles.mover[kept] = slot
            kept += 1
    world.meter.movers[0] = kept
    return kept


@kernel
def _by_arrival(world, count):  # type: ignore[no-untyped-def]
    gap = count // 2
    while gap > 0:
        for k in range(gap, count):
            slot = world.handles.mover[k]
            place = k
            while place >= gap and _comes_before(world, slot, world.handles.mover[place - gap]):
                world.handles.mover[place] = world.handles.mover[place - gap]
                place -= gap
            world.handles.mover[place] = slot
        gap //= 2


@kernel
def _comes_before(world, slot, other):  # type: ignore[no-untyped-def]
    a, b = world.handles.row[slot], world.handles.row[other]
    if world.people.community[a] != world.people.community[b]:
        return world.people.community[a] < world.people.community[b]
    return world.people.who[a] < world.people.who[b]


@kernel
def _destination(world, row):  # type: ignore[no-untyped-def]
    leaving = world.people.leaving[row]
    if leaving == MOVED_AWAY or leaving == SETTLED:
        return -1
    if leaving != STAYS:
        return world.people.community[row]
    return len(world.communities) + world.people.going_to[row]


@kernel
def _move(world, row, clock):  # type: ignore[no-untyped-def]
    people = world.people
    g = people.group[row]
    source = len(world.communities) + g if g != NOWHERE else people.community[row]
    target = _destination(world, row)
    if people.leaving[row] != STAYS:
        if len(world.events):
            reason = people.leaving[row]
            note(world.events, world.meter, clock.step, LEFT, people.community[row], people.who[row], 0, reason)
        if g != NOWHERE:
            _part(world, row, g, clock)
    if target < 0:
        _end_life(world, row, clock)
        take_out(people, world.blocks, source, row, world.handles)
        return
    if people.leaving[row] == STAYS:
        _enter(world, row, g, clock)
    people.leaving[row] = STAYS
    people.going_to[row] = NOWHERE
    place = append(people, world.blocks, target)
    people[place] = people[row]
    world.handles.row[people.slot[place]] = place
    take_out(people, world.blocks, source, row, world.handles)


@kernel
def _part(world, row, g, clock):  # type: ignore[no-untyped-def]
    people = world.people
    if people.role[row] == HELPER:
        world.groups.vacancies[g] += 1
        world.groups.helpers_lost[g] += 1
    world.tally.exits[0, people.leaving[row]] += 1.0
    people.membership[row] = FORMER
    people.role[row] = NO_ROLE
    people.last_group[row] = g
    people.group[row] = NOWHERE
    people.left_at[row] = clock.step
    people.last_reason[row] = people.leaving[row]
    people.first_group_stay[row] = 0
    people.attended[row] = 0
    people.helped_by[row] = NOWHERE
    people.role_end[row] = STAYS
    people.met_alike[row] = 0.0
    people.load[row] = 0


@kernel
def _enter(world, row, g, clock):  # type: ignore[no-untyped-def]
    people = world.people
    target = people.going_to[row]
    if g == NOWHERE:
        if people.membership[row] == FORMER:
            people.returns[row] = min(255, people.returns[row] + 1)
        if people.role[row] == HELPER:
            people.helper_since[row] = clock.step
            if people.first_helper[row] == NEVER:
                people.first_helper[row] = clock.step
        elif people.meetings[row] > 0:
            people.role[row] = ORDINARY
        people.membership[row] = MEMBER
        people.steps_absent[row] = 0
    else:
        if len(world.events):
            note(world.events, world.meter, clock.step, MOVED_GROUP, people.community[row], people.who[row], 0, target)
        people.last_group[row] = g
        people.first_group_stay[row] = 0
    people.helped_by[row] = NOWHERE
    people.attended[row] = 0
    people.group[row] = target


@kernel
def _end_life(world, row, clock):  # type: ignore[no-untyped-def]
    people = world.people
    count_life(people, row, world.tally)
    count_career(people, row, world.tally)
    if len(world.lives):
        world.lives[world.meter.lives[0]] = people[row]
        world.meter.lives[0] += 1
    slot = people.slot[row]
    forget(world.ties, slot)
    free_handle(world.handles, world.meter, slot)
    world.meter.people[0] -= 1
