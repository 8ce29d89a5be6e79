"""A second trouble in the town: who has it, how it is looked at and runs, and which groups are for whom.

Who has it. Whoever comes into need from `appears_week` weeks after the opening on draws in that step (purpose
"trouble", by the person): the trouble is the second one if word 0 is under `share`. Then, in that step, shame and its
own level gain ``stigma * (1 - their value)``, and if word 1 is under `lasting`, the natural course is the chronic one.
Everybody else, starters too, has the first trouble. Every step the hazard of a crisis of those with the second trouble,
members or not, is multiplied by `crises`.

Which groups are for whom. In its first step, before anybody comes, it is settled for which trouble a group is: at the
opening the second with chance `groups_for_it` (word 0 of the draw "for whom", by the group, in that step), and then all
who are there have the second trouble (without more shame or another course); a group that split off is for the second
if its parent is, or else, with chance `spreads` (word 1), because its members carry the recipe to people in that other
position; one founded later is for the second if more than half of those there have it. Unless groups are `open_to_all`,
whoever of people outside has decided to come to a group that is for the other trouble goes to the group for the own one
with room whose centre is most like the person (breadth 1; of equals the first in the order of founding), or to none.
Where they are open to all, that person does so with chance `own_draws` (word 2 of "trouble" in this step), and only if
there is such a group.
People outside know a group as it was when the step began: one that begins in it is for the first trouble to them, or
what its parent is. Members of a group that has closed in this step who are on their way to a group for the other
trouble leave instead, as those do who find no other group (at the end of the step, before anybody is moved).

In any group a member hears and learns less from those in another position: with s the share of members (on the roll,
before the meeting) who have the other trouble, ``hear *= 1 - apart * s`` and ``learn *= 1 - apart * s``.

What sets people apart need not be a trouble: with `stigma` and `lasting` at 0 and `crises` at 1 it is a culture or an
identity, and a group for the second is one that gathers around it.

Log: `second` of who comes into need with the second trouble; `takes_up` of a group that is for it in its first step,
unless its parent was.

Sources: E10 entry by a common concern, E11 range of positions, E12 groups built on culture or identity, E166 founding
for a new trouble, E175 spread to new troubles; all sizes assumed.
"""

from __future__ import annotations

from mhsim.kernel_helpers import most_alike_group
from mhsim.plugins import Column, Event, OwnMeasure, Purpose, Rule, draw, par, switch, tell, tell_group
from mhsim.schema import CHRONIC, GROUP_CLOSED, NOWHERE, STARTERS_STEP, WHO_BITS

TROUBLE, FOR_WHOM = 1220, 1221
SECOND, TAKES_UP = 0, 1


class Trouble(Rule):
    """Parameters of a second trouble."""

    after = "close"
    people = (
        Column("begun", "u1", "0/1", "the first step has been"),
        Column("second", "u1", "0/1", "has the second trouble", shown="second"),
    )
    groups = (
        Column("begun", "u1", "0/1", "its first step has been"),
        Column("for_second", "u1", "0/1", "is for the second trouble", inherits=True, shown="for_second"),
    )
    measures = (
        OwnMeasure("second", "people.second", "members", "share", "members who have the second trouble"),
        OwnMeasure("for_second", "groups.for_second", "groups", "share", "groups that are for the second trouble"),
    )
    events = (
        Event(
            SECOND,
            "second",
            "people",
            {
                "en": (
                    "had the second of the two kinds of trouble",
                    "one person had the second kind of trouble",
                    "{count} people had the second kind of trouble",
                ),
                "de": (
                    "hatte die zweite der beiden Arten von Not",
                    "eine Person hatte die zweite Art von Not",
                    "{count} Personen hatten die zweite Art von Not",
                ),
            },
        ),
        Event(
            TAKES_UP,
            "takes_up",
            "groups",
            {
                "en": (
                    "took up the second kind of trouble",
                    "one group took up the second kind of trouble",
                    "{count} groups took up the second kind of trouble",
                ),
                "de": (
                    "nahm sich der zweiten Art von Not an",
                    "eine Gruppe nahm sich der zweiten Art von Not an",
                    "{count} Gruppen nahmen sich der zweiten Art von Not an",
                ),
            },
        ),
    )
    purposes = (
        Purpose(TROUBLE, "trouble", "a person, new or coming", ("second", "lasting", "own", "")),
        Purpose(FOR_WHOM, "for whom", "a group, in its first step", ("second", "spreads", "", "")),
    )
    writes = {
        "outside": ("going_to", "shame", "shame_baseline", "resilience"),
        "people": ("going_to", "leaving"),
    }
    neutral = {"share": 0.0, "groups_for_it": 0.0, "spreads": 0.0}

    enabled: bool = switch("whether there is a second trouble", default=False)
    share: float = par(
        0.3, 0, 1, unit="share", why="of those who come into need, with the second trouble", source="E11"
    )
    appears_week: float = par(
        0.0, 0, 3600, unit="weeks", why="after the opening, from when on there is the second trouble", source="E166"
    )
    stigma: float = par(0.3, 0, 1, unit="share", why="more shame that it brings", source="assumed; E11 E99")
    lasting: float = par(0.5, 0, 1, unit="chance", why="that it is of the lasting kind", source="assumed; E11")
    crises: float = par(1.5, 0, 20, unit="weight", why="how many times more crises it brings", source="assumed; E11")
    groups_for_it: float = par(
        0.3, 0, 1, unit="chance", why="that a group of the opening is for the second trouble", source="assumed; E10"
    )
    open_to_all: bool = switch("whether every group takes people with either trouble", default=False)
    own_draws: float = par(
        0.0, 0, 1, unit="chance", why="of going to people of the own kind, where all are open", source="assumed; E12"
    )
    spreads: float = par(
        0.2, 0, 1, unit="chance", why="that who splits off takes up the second trouble", source="assumed; E175"
    )
    apart: float = par(
        0.6, 0, 1, unit="share", why="of what is heard and taught, lost on those in another position", source="assumed"
    )

    @staticmethod
    def outside_week(outside, own, ports, events, community, key, clock, p):  # type: ignore[no-untyped-def]
        """Let new people have their trouble, and those with the second one more crises."""
        for i in range(len(outside)):
            slot = outside.slot[i]
            if own.begun[slot] == 0:
                own.begun[slot] = 1
                late = (clock.step - clock.opening) * clock.dt >= p.appears_week
                if late and outside.arrived[i] == clock.step:
                    second, lasting, _, _ = draw(key, outside.who[i], 0, community, clock.step, TROUBLE, 0)
                    if second < p.share:
                        own.second[slot] = 1
                        tell(events, SECOND, outside, i, 0)
                        outside.shame[i] += p.stigma * (1.0 - outside.shame[i])
                        outside.shame_baseline[i] += p.stigma * (1.0 - outside.shame_baseline[i])
                        if lasting < p.lasting:
                            outside.resilience[i] = CHRONIC
            if own.second[slot]:
                ports.crisis[i] *= p.crises

    @staticmethod
    def outside_after(outside, own, ours, groups, communities, community, key, clock, p):  # type: ignore[no-untyped-def]
        """Send those who come to a group for their trouble, or let them go where they find their like."""
        if p.open_to_all and p.own_draws == 0.0:
            return
        for i in range(len(outside)):
            g, kind = outside.going_to[i], own.second[outside.slot[i]]
            if g != NOWHERE and ours.for_second[g] != kind:
                for_own = most_alike_group(outside, i, groups, communities.rooms[community], ours.for_second, kind)
                if p.open_to_all:
                    _, _, drawn, _ = draw(key, outside.who[i], 0, community, clock.step, TROUBLE, 0)
                    for_own = for_own if for_own != NOWHERE and drawn < p.own_draws else g
                outside.going_to[i] = for_own

    @staticmethod
    def after_work(members, own, ours, groups, g, ports, events, community, key, clock, p):  # type: ignore[no-untyped-def]
        """Settle for whom a new group is; those in another position are heard less."""
        opens = ours.begun[g] == 0 and groups.who[g] >> WHO_BITS == STARTERS_STEP
        had = ours.for_second[g]
        if ours.begun[g] == 0:
            second, spreads, _, _ = draw(key, groups.who[g], 0, community, clock.step, FOR_WHOM, 0)
            if (opens and second < p.groups_for_it) or (groups.parent[g] >= 0 and spreads < p.spreads):
                ours.for_second[g] = 1
        having = 0
        for i in range(len(members)):
            if opens and ours.for_second[g]:
                own.second[members.slot[i]] = 1
            own.begun[members.slot[i]] = 1
            having += own.second[members.slot[i]]
        if ours.begun[g] == 0 and not opens and groups.parent[g] < 0:
            ours.for_second[g] = 1 if 2 * having > len(members) else 0
        if ours.for_second[g] and not had:
            tell_group(events, TAKES_UP, groups, g, 0)
        ours.begun[g] = 1
        for i in range(len(members)):
            second = own.second[members.slot[i]]
            others = len(members) - having if second else having
            ports.hear[i] *= 1.0 - p.apart * others / len(members)
            ports.learn[i] *= 1.0 - p.apart * others / len(members)
            if second:
                ports.crisis[i] *= p.crises

    @staticmethod
    def in_community(groups, communities, community, own, ours, blocks, people, clock, p):  # type: ignore[no-untyped-def]
        """Let members of a group that closed go to none that is for the other trouble."""
        g = communities.first_group[community]
        while g != NOWHERE and not p.open_to_all:
            if groups.closed[g] == clock.step:
                b = len(communities) + g
                for row in range(blocks.start[b], blocks.start[b] + blocks.count[b]):
                    to = people.going_to[row]
                    if to != NOWHERE and ours.for_second[to] != own.second[people.slot[row]]:
                        people.going_to[row] = NOWHERE
                        people.leaving[row] = GROUP_CLOSED
            g = groups.next_group[g]
