"""Moving people at the end of a step, by the marks that the mechanisms left: in, out, between groups, away.

Mechanisms only mark. Here marks become moves, in order of community and arrival: those who leave a group become former
members, those who come enter it, who changes group goes over, and who left the community is archived.
"""

from __future__ import annotations

from mhsim.core.blocks import append, free_handle, make_room, take_out
from mhsim.core.jit import kernel
from mhsim.engine.events import (
    CAME_BACK,
    COMING,
    FOUND_CLOSED,
    LEARNING_ENDED,
    LEFT,
    MOVED_GROUP,
    ORGANISER_ENDED,
    ROLE_ENDED,
    note_person,
)
from mhsim.engine.tally import count_career, count_life
from mhsim.mechanisms.leave import miss
from mhsim.schema import (
    APPRENTICE,
    CLOSED,
    FORMER,
    HELPER,
    LARGEST_SMALL_COUNT,
    MEMBER,
    MOVED_AWAY,
    NEVER,
    NO_ROLE,
    NOWHERE,
    ORDINARY,
    ORGANISER,
    SETTLED,
    STAYS,
    WHO_BITS,
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
    """Write down one person who moves; once in a step, since a person has one row and there is one place for each."""
    k = world.meter.movers[0]
    world.handles.mover[k] = people.slot[i]
    world.meter.movers[0] = k + 1


@kernel
def move_people(world, settings, clock):  # type: ignore[no-untyped-def]
    """Carry out all marked moves of the step, by community and order of arrival."""
    count = _drop_void(world, clock)
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
    make_room(world.people, world.blocks, blocks, world.handles, world.meter)
    for b in range(blocks):
        world.blocks.incoming[b] = 0
    for k in range(count):
        _move(world, world.handles.row[world.handles.mover[k]], settings, clock)
    world.meter.movers[0] = 0


@kernel
def _drop_void(world, clock):  # type: ignore[no-untyped-def]
    """Let those who were on their way to a group that is none, or closed, stay where they are; return how many move."""
    kept = 0
    for k in range(world.meter.movers[0]):
        slot = world.handles.mover[k]
        row = world.handles.row[slot]
        if world.people.leaving[row] == STAYS and not _is_open(world, world.people.going_to[row]):
            target = world.people.going_to[row]
            if world.people.group[row] == NOWHERE and 0 <= target < world.meter.groups[0]:
                note_person(world, world.people, row, clock.step, FOUND_CLOSED, target, target)
            world.people.going_to[row] = NOWHERE
        else:
            world.handles.mover[kept] = slot
            kept += 1
    world.meter.movers[0] = kept
    return kept


@kernel
def _is_open(world, g):  # type: ignore[no-untyped-def]
    return 0 <= g < world.meter.groups[0] and world.groups.status[g] != CLOSED


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
def _move(world, row, settings, clock):  # type: ignore[no-untyped-def]
    people = world.people
    g = people.group[row]
    source = len(world.communities) + g if g != NOWHERE else people.community[row]
    target = _destination(world, row)
    if people.leaving[row] != STAYS:
        if people.role[row] == HELPER or people.role[row] == ORGANISER:
            ended = ROLE_ENDED if people.role[row] == HELPER else ORGANISER_ENDED
            note_person(world, people, row, clock.step, ended, people.leaving[row], g)
        elif people.role[row] == APPRENTICE:
            note_person(world, people, row, clock.step, LEARNING_ENDED, people.leaving[row], g)
        note_person(world, people, row, clock.step, LEFT, people.leaving[row], g)
        if g != NOWHERE:
            p = settings.leave[world.groups.form[g]]
            if p.enabled:
                miss(people, row, world.ties, world.handles, p)
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
        people.role_left[row] = clock.step
    world.tally.exits[0, people.leaving[row]] += 1.0
    people.membership[row] = FORMER
    people.role[row] = NO_ROLE
    people.successor[row] = 0
    people.last_group[row] = g
    people.group[row] = NOWHERE
    people.left_at[row] = clock.step
    if people.first_left[row] == NEVER:
        people.first_left[row] = clock.step
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
        if world.groups.who[target] >> WHO_BITS != clock.step:  # else just founded: founders have their own event
            kind = COMING if people.joined[row] == NEVER else CAME_BACK
            note_person(world, people, row, clock.step, kind, target, target)
        if people.membership[row] == FORMER:
            people.returns[row] = min(LARGEST_SMALL_COUNT, people.returns[row] + 1)
        if people.role[row] == HELPER:
            people.helper_since[row] = clock.step
            if people.first_helper[row] == NEVER:
                people.first_helper[row] = clock.step
        elif people.meetings[row] > 0:
            people.role[row] = ORDINARY
        people.membership[row] = MEMBER
        people.steps_absent[row] = 0
    else:
        note_person(world, people, row, clock.step, MOVED_GROUP, target, g)
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
