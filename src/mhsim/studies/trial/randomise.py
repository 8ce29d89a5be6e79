"""Inviting people in need to a group, some now and some later, by a draw for each of them.

A person who came into need after the groups opened, belongs to no group and has never been to one is enrolled
`enrol_after_weeks` after need arose. The draw "inviting" of that person (the same at every step and in every scenario)
has two words that matter: the first under `share_invited` means invited now, else the person waits; the second under
`uptake` means that an invitation is taken up. Who waits gets the same invitation `wait_weeks` later, if he or she has
not come by then. Whoever takes an invitation up is marked to come to the open group with fewer than `room` members
whose centre is most alike, and visits it in the next step; where no group has room nothing happens. With `swapped` the
two arms change places. Nobody is kept from coming unaided, and being invited does nothing else to anybody.

Sources: none; this is the design of a trial, not a claim about people.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.core.params import par, switch
from mhsim.core.rng import draw
from mhsim.plugins import OWN_PURPOSES, Rule
from mhsim.schema import NOWHERE, OUTSIDE, STAYS

INVITING = OWN_PURPOSES + 100
"""The purpose of the draw: word 0 the arm, word 1 whether an invitation is taken up."""

DESIGN = "the design of the trial"


class Inviting(Rule):
    """Parameters of inviting."""

    enrol_after_weeks: float = par(4, 1, 103, unit="weeks", why="from need to being enrolled", source=DESIGN)
    wait_weeks: float = par(52, 0, 3600, unit="weeks", why="how much later those who wait are invited", source=DESIGN)
    uptake: float = par(0.6, 0, 1, unit="chance", why="an invitation is taken up", source="assumed")
    share_invited: float = par(0.5, 0, 1, unit="share", why="of the enrolled, invited now", source=DESIGN)
    room: int = par(40, 1, 100000, unit="people", why="members a group has room for", source="V21 V26")
    swapped: bool = switch("whether those invited wait and those who wait are invited", default=False)

    @staticmethod
    def in_group(members, outside, groups, g, ties, handles, key, clock, p):  # type: ignore[no-untyped-def]
        """Let those who take an invitation up come to this group, unless one before it was more alike."""
        if len(members) >= p.room:
            return
        for i in range(len(outside)):
            if _may_be_enrolled(outside, i, clock) and _comes(outside, i, groups.community[g], key, clock, p):
                there = outside.going_to[i]
                if there == NOWHERE or _distance(outside, i, groups, g) < _distance(outside, i, groups, there):
                    outside.going_to[i] = g


@kernel
def _may_be_enrolled(outside, i, clock):  # type: ignore[no-untyped-def]
    """Tell whether a person came into need after the opening and has never been to a group."""
    new = outside.arrived[i] >= clock.opening and outside.starter[i] == 0
    return new and outside.membership[i] == OUTSIDE and outside.leaving[i] == STAYS


@kernel
def _comes(outside, i, community, key, clock, p):  # type: ignore[no-untyped-def]
    """Tell whether this is the step of a person's invitation and it is taken up."""
    since = (clock.step - outside.arrived[i]) * clock.dt - p.enrol_after_weeks
    if since != 0.0 and since != p.wait_weeks:
        return False
    arm, takes_up, _, _ = draw(key, outside.who[i], 0, community, 0, INVITING, 0)
    invited = (arm < p.share_invited) != p.swapped
    return takes_up < p.uptake and since == (0.0 if invited else p.wait_weeks)


@kernel
def _distance(outside, i, groups, g):  # type: ignore[no-untyped-def]
    """Return how far a person's profile lies from a group's centre, squared."""
    dx = outside.profile_x[i] - groups.profile_x[g]
    dy = outside.profile_y[i] - groups.profile_y[g]
    return dx * dx + dy * dy
