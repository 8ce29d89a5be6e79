"""People who come into need: how much need a place has, how many come, and their rows in the world."""

from __future__ import annotations

from mhsim.core.blocks import append, make_room, new_handle
from mhsim.core.jit import kernel
from mhsim.core.maths import exp, normal_quantile
from mhsim.core.rng import draw
from mhsim.engine.events import ARRIVED, note_person
from mhsim.mechanisms.arrive import count_arrivals
from mhsim.population import set_traits
from mhsim.random_streams import PLACE
from mhsim.schema import NOWHERE, WHO_BITS


@kernel
def set_places(world, place_sd, key):  # type: ignore[no-untyped-def]
    """Draw how much more need arises in each community than in the typical place (lognormal with mean 1)."""
    for community in range(len(world.communities)):
        u, _, _, _ = draw(key, 0, 0, community, 0, PLACE, 0)
        z = normal_quantile(u)
        world.communities.inflow_factor[community] = exp(place_sd * z - place_sd * place_sd / 2.0)
        world.communities.first_group[community] = NOWHERE
        world.communities.last_group[community] = NOWHERE


@kernel
def count_all_arrivals(world, settings, key, step):  # type: ignore[no-untyped-def]
    """Draw how many people come into need in each community this step; return their sum."""
    total = 0
    for community in range(len(world.communities)):
        mean = settings.community[0].arrivals_per_week * world.communities.inflow_factor[community]
        number = count_arrivals(key, community, step, mean) if settings.arrive[0].enabled else 0
        world.communities.arrivals[community] = number
        total += number
    return total


@kernel
def add_person(world, b, community, step, index, arrived, settings, key):  # type: ignore[no-untyped-def]
    """Append one person of a community to block b, which has room; return the row."""
    people = world.people
    row = append(people, world.blocks, b)
    people[row] = world.empty[0]
    slot = new_handle(world.handles, world.meter)
    world.handles.row[slot] = row
    people.slot[row] = slot
    people.community[row] = community
    people.who[row] = (step << WHO_BITS) | index
    world.meter.people[0] += 1
    set_traits(people, row, key, community, step, settings)
    people.arrived[row] = arrived
    return row


@kernel
def let_arrive(world, settings, key, clock):  # type: ignore[no-untyped-def]
    """Add those who come into need this step, as counted before, to their communities."""
    communities = len(world.communities)
    blocks = communities + world.meter.groups[0]
    for community in range(communities):
        world.blocks.incoming[community] = world.communities.arrivals[community]
    make_room(world.people, world.blocks, blocks, world.handles, world.meter)
    for community in range(communities):
        world.blocks.incoming[community] = 0
        for index in range(world.communities.arrivals[community]):
            row = add_person(world, community, community, clock.step, index, clock.step, settings, key)
            note_person(world, world.people, row, clock.step, ARRIVED, 0, NOWHERE)
