"""The opening: the groups of week 0 and who is there."""

from __future__ import annotations

from mhsim.core.blocks import make_room
from mhsim.core.jit import kernel
from mhsim.core.maths import normal_quantile
from mhsim.core.rng import draw
from mhsim.engine.arrivals import add_person
from mhsim.engine.events import GROUP_OPENED, THERE_AT_OPENING, note_group, note_person
from mhsim.engine.groups import open_group
from mhsim.population import set_starter
from mhsim.random_streams import START
from mhsim.schema import (
    APPRENTICE,
    ESTABLISHED,
    FOUNDED,
    HELPER,
    MEMBER,
    NOWHERE,
    ORDINARY,
    STARTERS_STEP,
    WHO_BITS,
)


@kernel
def open_groups(world, settings, key, clock):  # type: ignore[no-untyped-def]
    """Open the groups of every community with their starters, who enter at once; forms one after the other."""
    groups = int(settings.start[0].groups)
    communities = len(world.communities)
    for community in range(communities):
        for index in range(groups):
            form = _form_of(index, settings)
            established = settings.start[form].kind == 1  # the second of its choices
            g = open_group(world, community, NOWHERE, index, form, ESTABLISHED if established else FOUNDED, clock)
            world.groups.who[g] = (STARTERS_STEP << WHO_BITS) | index
            _furnish(world.groups, g, community, key, settings.start[form])
            note_group(world, g, clock.step, GROUP_OPENED, 0, 0)
    number = communities + world.meter.groups[0]
    for g in range(world.meter.groups[0]):
        world.blocks.incoming[communities + g] = int(settings.start[world.groups.form[g]].members)
    make_room(world.people, world.blocks, number, world.handles, world.meter)
    for b in range(number):
        world.blocks.incoming[b] = 0
    first = 0
    for g in range(world.meter.groups[0]):
        form = world.groups.form[g]
        members, established = int(settings.start[form].members), settings.start[form].kind == 1
        first = 0 if g % groups == 0 else first
        for k in range(members):
            community, people = world.groups.community[g], world.people
            row = add_person(world, communities + g, community, STARTERS_STEP, first + k, clock.step, settings, key)
            role, term = _role_of(k, form, settings), settings.serve[form].term_weeks
            set_starter(people, row, key, community, clock, role, established, term, settings.start[form])
            people.group[row] = g
            people.membership[row] = MEMBER
            note_person(world, people, row, clock.step, THERE_AT_OPENING, 0, g)
        first += members


@kernel
def _role_of(k, form, settings):  # type: ignore[no-untyped-def]
    """Return the role of the k-th starter of a group: helpers come first, then who learns to help."""
    p = settings.start[form]
    if k < p.helpers:
        return HELPER
    return APPRENTICE if settings.prepare[form].enabled and k < p.helpers + p.apprentices else ORDINARY


@kernel
def _form_of(index, settings):  # type: ignore[no-untyped-def]
    """Return the form of a community's group by its place among those that open."""
    form = 0
    if len(settings.start) > 1:
        before = 0
        while index >= before:
            form += 1
            before += int(settings.start[form].groups)
    return form


@kernel
def _furnish(groups, g, community, key, p):  # type: ignore[no-untyped-def]
    _, _, x, y = draw(key, groups.who[g], 0, community, 0, START, 1)
    groups.profile_x[g] = p.centre_sd * normal_quantile(x)
    groups.profile_y[g] = p.centre_sd * normal_quantile(y)
    groups.attendance[g] = p.turnout * p.members
    groups.inflow[g] = p.inflow
