"""A step of the engine that stops after any of its phases, compiled: what a phase adds is what it costs.

The order is that of `mhsim.engine.week`; `bench.by_mechanism` names the phases, and a depth of k means the first k.
Nobody moves at the end, so a world is good for one call.
"""

from __future__ import annotations

from mhsim.core.jit import entry
from mhsim.core.rng import draw
from mhsim.engine import week
from mhsim.kernel_helpers import seat
from mhsim.mechanisms.arrive import come
from mhsim.mechanisms.attend import attend
from mhsim.mechanisms.bond import bond, bond_outside
from mhsim.mechanisms.close import close
from mhsim.mechanisms.found import may_split
from mhsim.mechanisms.govern import govern
from mhsim.mechanisms.help import help_one_to_one
from mhsim.mechanisms.leave import leave, leave_group
from mhsim.mechanisms.live import live
from mhsim.mechanisms.progress import progress
from mhsim.mechanisms.serve import serve
from mhsim.mechanisms.share import share
from mhsim.random_streams import FOUNDING, GROUP, fill_everyone, fill_members
from mhsim.schema import CLOSED

clear, watch, list_rooms, TILE = week._clear, week._watch, week._list_rooms, week.TILE


@entry
def go_through_groups(world, settings, key, clock, depth):  # type: ignore[no-untyped-def]
    """Take every open group through the first phases of a step, so many as `depth` says."""
    groups, scratch, row = world.groups, world.scratch, world.series[0:0]
    for g in range(world.meter.groups[0]):
        if groups.status[g] == CLOSED:
            continue
        b = len(world.communities) + g
        members = world.people[world.blocks.start[b] : world.blocks.start[b] + world.blocks.count[b]]
        community = groups.community[g]
        luck, ring = world.luck[: len(members)], scratch.ring[: len(members)]
        conflict = breach = ends = reason = 0.5
        if depth > 0:
            fill_everyone(luck, world.words, members, key, community, clock.step)
            fill_members(luck, world.words, members, key, community, clock.step)
            conflict, breach, ends, reason = draw(key, groups.who[g], 0, community, clock.step, GROUP, 0)
        if depth > 1:
            clear(members, groups, g)
            seat(ring, members, luck)
        if depth > 2:
            attend(members, groups, g, luck, clock, settings.attend)
        if depth > 3:
            share(members, groups, g, luck, ring, scratch, settings.share)
        if depth > 4:
            breadth, ties, handles = settings.share.breadth, world.ties, world.handles
            help_one_to_one(members, groups, g, luck, ring, scratch, ties, handles, clock, breadth, settings.help)
        if depth > 5:
            bond(members, groups, g, luck, ring, world.ties, world.handles, clock, settings.bond)
        if depth > 6:
            live(members, luck, clock, settings.community.bleakness, settings.live)
        if depth > 7:
            progress(members, luck, clock, settings.progress)
        if depth > 8:
            serve(members, world.people, groups, g, luck, world.ties, world.handles, clock, settings.serve)
        if depth > 9:
            leave_group(members, groups, g, luck, settings.leave)
        if depth > 10:
            govern(members, groups, g, conflict, breach, clock, settings.govern)
        if depth > 11:
            splits, _, _, _ = draw(key, groups.who[g], 0, community, clock.step, FOUNDING, 1)
            may_split(groups, g, splits, settings.found)
        if depth > 12:
            close(groups, g, ends, reason, settings.close)
        if depth > 13:
            week.watch_group(members, groups, g, world.tally, clock)
            watch(world, members, community, clock, row)


@entry
def go_through_outside(world, settings, key, clock, depth):  # type: ignore[no-untyped-def]
    """Take everybody outside through the first phases of a step, so many as `depth` says."""
    row = world.series[0:0]
    for community in range(len(world.communities)):
        rooms_count = list_rooms(world, community, settings.arrive.room)
        start, end = world.blocks.start[community], world.blocks.start[community] + world.blocks.count[community]
        while start < end:
            people = world.people[start : min(end, start + TILE)]
            start += TILE
            luck = world.luck[: len(people)]
            if depth > 0:
                fill_everyone(luck, world.words, people, key, community, clock.step)
            if depth > 1:
                rooms, groups = world.groups.with_room, world.groups
                come(
                    people, groups, community, world.communities, luck, rooms, rooms_count, key, clock, settings.arrive
                )
            if depth > 2:
                bond_outside(people, world.ties, world.handles, settings.bond)
            if depth > 3:
                live(people, luck, clock, settings.community.bleakness, settings.live)
            if depth > 4:
                progress(people, luck, clock, settings.progress)
            if depth > 5:
                leave(people, luck, clock, settings.leave)
            if depth > 6:
                watch(world, people, community, clock, row)
