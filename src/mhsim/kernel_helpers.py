"""What mechanisms share about people: likeness, the ring of seats, the clock."""

from __future__ import annotations

from typing import NamedTuple

from mhsim.core.jit import kernel
from mhsim.schema import HELPER, NOWHERE, ORGANISER

TYPICAL_ROLL = 15.0
"""Members of a typical group (V21, V22): hazards of a group are stated for one of this size."""
TYPICAL_HOPE, TYPICAL_EFFICACY, TYPICAL_FIT = 0.4, 0.4, 0.6
TYPICAL_DISTRESS_OUTSIDE, MIDPOINT = 0.6, 0.5
"""Points of reference: effects act on the distance from them, hazards are stated for somebody who is there."""


class Clock(NamedTuple):
    """When: the step since the world began, the length of a step in weeks, and the step in which groups opened."""

    step: int
    dt: float
    opening: int


@kernel
def likeness(x, y, other_x, other_y, breadth):  # type: ignore[no-untyped-def]
    """Return how alike two people are, 1 for the same profile, 1/2 at the distance ``sqrt(2) * breadth``."""
    dx = x - other_x
    dy = y - other_y
    return 1.0 / (1.0 + (dx * dx + dy * dy) / (2.0 * breadth * breadth))


@kernel
def most_alike_group(people, i, groups, rooms, kinds, kind):  # type: ignore[no-untyped-def]
    """Return the group of a kind with room whose centre is most like a person's profile, -1 if there is none.

    Parameters
    ----------
    people, i
        A table of people and the row of the person.
    groups, rooms
        The groups, and how many the community's list of groups with room has.
    kinds, kind
        What each group is, by number, and what it must be. Of equals it is the first in the order of founding.
    """
    best = NOWHERE
    most = -1.0
    for k in range(rooms):
        g = groups.with_room[k]
        if kinds[g] == kind:
            like = likeness(people.profile_x[i], people.profile_y[i], groups.profile_x[g], groups.profile_y[g], 1.0)
            if like > most:
                best, most = g, like
    return best


@kernel
def spaced(gap, best):  # type: ignore[no-untyped-def]
    """Return what a gap between teller and hearer is worth: most at the best gap, nothing at twice that."""
    return gap * max(0.0, 1.0 - gap / (2.0 * best))


@kernel
def carries_work(role):  # type: ignore[no-untyped-def]
    """Tell whether a role is one of those that carry the group: helper or organiser."""
    return role == HELPER or role == ORGANISER


@kernel
def seat(ring, members, luck):  # type: ignore[no-untyped-def]
    """Seat all members on the ring by their keyed seat (equals by arrival); ring[k] is the row on place k."""
    for i in range(len(members)):
        place = i
        while place > 0 and _sits_before(i, ring[place - 1], members, luck):
            ring[place] = ring[place - 1]
            place -= 1
        ring[place] = i


@kernel
def _sits_before(i, j, members, luck):  # type: ignore[no-untyped-def]
    if luck.seat[i] != luck.seat[j]:
        return luck.seat[i] < luck.seat[j]
    return members.who[i] < members.who[j]


@kernel
def around(place, number):  # type: ignore[no-untyped-def]
    """Return a place on a ring of so many places, for a place less than twice round."""
    return place - number if place >= number else place


@kernel
def disorder(groups, g):  # type: ignore[no-untyped-def]
    """Return what conflict and breaches grow with: people without norms, 1 for a typical roll and no norms."""
    return groups.roll[g] / TYPICAL_ROLL * (1.0 - groups.norms[g])


@kernel
def drift(x, target, share):  # type: ignore[no-untyped-def]
    """Return x moved by a share of the way to a target."""
    return x + share * (target - x)


@kernel
def binomial(u, number, chance):  # type: ignore[no-untyped-def]
    """Return how many of a number of things happen, each with a chance: the largest k with ``u < P(k or more)``.

    Parameters
    ----------
    u : float
        A uniform draw.
    number : int
        How many there are; a handful, since chances are added up one by one.
    chance : float
        Of each, from 0 to 1.
    """
    if number <= 1:
        return 1 if number == 1 and u < chance else 0
    if chance >= 1.0:
        return number
    term = 1.0
    for _ in range(number):
        term *= 1.0 - chance
    rest = 1.0 - term
    k = 0
    while k < number and u < rest:
        k += 1
        term *= chance * (number - k + 1) / ((1.0 - chance) * k)
        rest -= term
    return k
