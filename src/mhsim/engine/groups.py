"""Groups that begin and end at the end of a step: splits, foundings, closings, by the marks that mechanisms left."""

from __future__ import annotations

from typing import Any

from mhsim.core.jit import kernel, kernel_of
from mhsim.core.maths import normal_quantile
from mhsim.core.rng import draw
from mhsim.engine.events import (
    BECAME_HELPER,
    CO_FOUNDED,
    GROUP_ENDED,
    GROUP_FOUNDED,
    GROUP_SPLIT,
    note_group,
    note_person,
)
from mhsim.engine.moves import add_mover
from mhsim.kernel_helpers import likeness
from mhsim.mechanisms.arrive import choose
from mhsim.mechanisms.close import lose_group
from mhsim.mechanisms.found import choose_founders
from mhsim.random_streams import MOVING_ON, START
from mhsim.schema import CLOSED, FOUNDED, GROUP_CLOSED, GROUP_COLUMNS, HELPER, NO_ROLE, NOWHERE, STAYS, WHO_BITS

_INHERITED = [f"groups.{column.name}[new] = groups.{column.name}[g]" for column in GROUP_COLUMNS if column.inherits]
inherit: Any = kernel_of("inherit", "groups, new, g", _INHERITED, globals())
"""Let a group that split off start with what it takes over from the old one."""


@kernel
def open_group(world, community, parent, index, form, beginning, clock):  # type: ignore[no-untyped-def]
    """Make a new group, split from a parent or founded (parent -1), FOUNDED or ESTABLISHED; return its number."""
    groups = world.groups
    g = world.meter.groups[0]
    world.meter.groups[0] = g + 1
    groups[g] = world.empty_groups[2 * form + beginning]
    groups.form[g] = form
    groups.community[g] = community
    groups.who[g] = (clock.step << WHO_BITS) | index
    groups.parent[g] = parent
    groups.lineage[g] = groups.lineage[parent] if parent != NOWHERE else g
    groups.founded[g] = clock.step
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
            form = groups.form[g]
            p = settings.found[form]
            new = open_group(world, community, g, index, form, FOUNDED, clock)
            index += 1
            note_group(world, g, clock.step, GROUP_SPLIT, 0, new)
            _, _, x, y = draw(key, groups.who[new], 0, community, clock.step, START, 1)
            inherit(groups, new, g)
            groups.profile_x[new] = groups.profile_x[g] + p.split_shift * normal_quantile(x)
            groups.profile_y[new] = groups.profile_y[g] + p.split_shift * normal_quantile(y)
            groups.funds[new] = p.split_funds * groups.funds[g]
            groups.funds[g] -= groups.funds[new]
            _hand_over(world, community, g, new, p.split_share, key, clock)
            groups.attendance[new] = groups.attendance[g] * p.split_share
            groups.inflow[new] = groups.inflow[g] * p.split_share
            groups.attendance[g] -= groups.attendance[new]
            groups.inflow[g] -= groups.inflow[new]
        groups.splitting[g] = 0
        g = groups.next_group[g]
    return index


@kernel
def _hand_over(world, community, g, new, share, key, clock):  # type: ignore[no-untyped-def]
    b = len(world.communities) + g
    members = world.people[world.blocks.start[b] : world.blocks.start[b] + world.blocks.count[b]]
    for i in range(len(members)):
        if members.leaving[i] == STAYS and members.going_to[i] == NOWHERE:
            _, goes, _, _ = draw(key, members.who[i], 0, community, clock.step, MOVING_ON, 0)
            if goes < share:
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
            lose_group(members, settings.close[groups.form[g]])
            for i in range(len(members)):
                if members.leaving[i] == STAYS:
                    if members.going_to[i] == NOWHERE:  # else a rule of one's own sends this person elsewhere already
                        add_mover(members, i, world)
                    _move_on(members, i, world, community, g, rooms_count, settings, key, clock)
            groups.status[g] = CLOSED
            groups.closed[g] = clock.step
            groups.reason[g] = groups.closing[g]
            note_group(world, g, clock.step, GROUP_ENDED, groups.circumstances[g], groups.reason[g])
        g = groups.next_group[g]


@kernel
def _move_on(members, i, world, community, g, rooms_count, settings, key, clock):  # type: ignore[no-untyped-def]
    stays, _, _, _ = draw(key, members.who[i], 0, community, clock.step, MOVING_ON, 0)
    members.going_to[i] = NOWHERE
    if rooms_count > 0 and stays < settings.close[world.groups.form[g]].transfer:
        members.going_to[i] = choose(
            members,
            i,
            world.groups,
            community,
            world.groups.with_room,
            rooms_count,
            g,
            key,
            clock,
            settings.of_form,
            settings.arrive[0].barrier_keeps,
        )
        if members.going_to[i] != NOWHERE and world.groups.closing[members.going_to[i]]:
            members.going_to[i] = NOWHERE
    if members.going_to[i] == NOWHERE:
        members.leaving[i] = GROUP_CLOSED


@kernel
def found_group(world, community, index, settings, clock):  # type: ignore[no-untyped-def]
    """Let people outside found a group, if enough are there to do it."""
    groups, chosen, p = world.groups, world.scratch.seeker, settings.found[0]
    block = world.blocks.start[community]
    people = world.people[block : block + world.blocks.count[community]]
    count = choose_founders(people, chosen, int(p.founders))
    if count < p.fewest_founders:
        return
    x = y = 0.0
    for k in range(count):
        x += people.profile_x[chosen[k]] / count
        y += people.profile_y[chosen[k]] / count
    form = _form_to_copy(world, community, x, y) if len(settings.found) > 1 else 0
    g = open_group(world, community, NOWHERE, index, form, FOUNDED, clock)
    groups.profile_x[g], groups.profile_y[g] = x, y
    note_group(world, g, clock.step, GROUP_FOUNDED, 0, 0)
    for k in range(count):
        i = chosen[k]
        people.going_to[i] = g
        people.role[i] = HELPER if k < 2 else NO_ROLE
        note_person(world, people, i, clock.step, CO_FOUNDED, g, g)
        if k < 2:
            note_person(world, people, i, clock.step, BECAME_HELPER, g, g)
        add_mover(people, i, world)
    groups.attendance[g] = count


@kernel
def _form_to_copy(world, community, x, y):  # type: ignore[no-untyped-def]
    """Return the form founders copy: of the open group most alike, else of the newest there was, else the first."""
    groups = world.groups
    last = world.communities.last_group[community]
    form = groups.form[last] if last != NOWHERE else 1
    most = -1.0
    g = world.communities.first_group[community]
    while g != NOWHERE:
        like = likeness(x, y, groups.profile_x[g], groups.profile_y[g], 1.0)
        if groups.status[g] != CLOSED and like > most:
            form, most = groups.form[g], like
        g = groups.next_group[g]
    return form
