"""Kin: relatives who are in need themselves, what they carry of another's trouble, and groups of their own.

Who is a relative. Whoever comes into need draws in that step (purpose "kin", by the person): a relative if word 0 is
under `relatives`; else one who cannot come to groups if word 1 is under `proxies`. At the end of that step, once for
each community, relatives of this step are matched in the order of `who`: each to the person in need of the community,
not a relative and not yet matched, who came into need last (the largest `who` below the relative's own that came within
`matched_weeks`), wherever that person is; a relative for whom there is nobody stays unmatched. `level` of everybody is
the support by kin with which they came.

What goes on between the two, at the end of every step while both live in the community, from the values then (d_r and
c_r distress and coping of the relative, d_a, c_a of the other):

    d_r      += kin_strain * d_a * (1 - d_r)
    kin_support of the other += repair * (level * (1 - wears * d_r) - kin_support)
    c_a      += passes_on * max(0, c_r - c_a)                 only where the other cannot come

Which group. A group of the opening is one for relatives with chance `family_groups` (word 0 of the draw "family", by
the group, in its first step), and then all who are there at the opening are relatives, unmatched; one that split off is
as its parent; one that people in need found, in the step of the opening or later, is for relatives if `family_groups`
is above 0 and more than half of those on its roll in its first step are relatives. Where the community has open
groups for relatives (settled at the end of the last step), relatives who have decided to come go to these and all
others to the rest: whoever of people outside is on the way to a group of the wrong kind goes to the one of the right
kind with room whose centre is most like the person (breadth 1; of equals the first in the order of founding), or to
none. They know a group by what it was when the step began: one that did not split off, in its first step, as one for
others. Who cannot come has a hazard of 0. In any group a member hears and learns less from those in another position:
with s the share of members (on the roll, before the meeting) who are of the other kind, ``hear *= 1 - apart * s`` and
``learn *= 1 - apart * s``.

A passage without a script. Where life brings a trouble for which there is no role to step into (`role_vacuum`), hardly
anybody outside tells one what it is: of what identification gains in the phase live, ``1 - role_vacuum`` is kept.

Log: `relative` of a relative who is matched, naming the other; `family` of a group for relatives, in its first step
unless it split off.

Sources: E134 proxies, E169 role vacuums, E170 kin and group, E211 support for families; all sizes assumed.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.kernel_helpers import most_alike_group
from mhsim.plugins import Column, Event, OwnMeasure, Purpose, Rule, clip, draw, par, switch, tell, tell_group
from mhsim.schema import CLOSED, NOWHERE, STARTERS_STEP, WHO_BITS

KIN, FAMILY = 1210, 1211
RELATED, FOR_FAMILIES = 0, 1


class Kin(Rule):
    """Parameters of kin."""

    after = "close"
    people = (
        Column("relative", "u1", "0/1", "is a relative of somebody in need", shown="relative"),
        Column("cannot_come", "u1", "0/1", "cannot come to groups", shown="cannot_come"),
        Column("other", "i4", "handle", "the one this person is matched to, -1 for none", start=-1),
        Column("generation", "u4", "count", "the generation of that handle when they were matched"),
        Column("matched", "u1", "0/1", "is matched", shown="matched"),
        Column("level", "f8", "0-1", "support by kin at arrival; -1 not yet known", start=-1),
        Column("seen", "f8", "0-1", "identification before the week outside"),
    )
    groups = (
        Column("begun", "u1", "0/1", "its first step has been", inherits=True),
        Column("family", "u1", "0/1", "is a group for relatives", inherits=True, shown="family"),
    )
    places = (Column("family_groups", "f8", "groups", "open groups for relatives", shown="family_groups"),)
    measures = (
        OwnMeasure("relatives", "people.relative", "members", "share", "members who are relatives of somebody in need"),
        OwnMeasure(
            "family_groups",
            "communities.family_groups",
            "communities",
            "groups",
            "groups for relatives, of a community",
        ),
    )
    events = (
        Event(
            RELATED,
            "relative",
            "people",
            {
                "en": (
                    "was a relative of {other}, who was in need as well",
                    "one relative of somebody in need was in need as well",
                    "{count} relatives of people in need were in need as well",
                ),
                "de": (
                    "war mit {other} verwandt, auch in Not",
                    "eine Person in Not war mit jemandem in Not verwandt",
                    "{count} Personen in Not waren mit jemandem in Not verwandt",
                ),
            },
        ),
        Event(
            FOR_FAMILIES,
            "family",
            "groups",
            {
                "en": (
                    "began as a group for relatives",
                    "one group began as one for relatives",
                    "{count} groups began as groups for relatives",
                ),
                "de": (
                    "begann als Gruppe für Angehörige",
                    "eine Gruppe begann als Gruppe für Angehörige",
                    "{count} Gruppen begannen als Gruppen für Angehörige",
                ),
            },
        ),
    )
    purposes = (
        Purpose(KIN, "kin", "a new person", ("relative", "cannot come", "", "")),
        Purpose(FAMILY, "family", "a group, in its first step", ("family", "", "", "")),
    )
    writes = {
        "people": ("distress", "kin_support", "coping", "identification"),
        "outside": ("going_to", "identification"),
        "members": ("identification",),
    }
    neutral = {"relatives": 0.0, "proxies": 0.0, "family_groups": 0.0, "role_vacuum": 0.0}

    enabled: bool = switch("whether relatives are people of their own", default=False)
    relatives: float = par(
        0.3, 0, 1, unit="share", why="of people in need, relatives of others", source="assumed; E211"
    )
    proxies: float = par(0.0, 0, 1, unit="share", why="of the others, who cannot come themselves", source="E134")
    matched_weeks: float = par(
        104.0, 0, 5000, unit="weeks", why="how long after the other's trouble a relative's begins", source="assumed"
    )
    kin_strain: float = par(
        0.02, 0, 1, unit="share/week", why="distress that another's distress brings", source="assumed; E211"
    )
    repair: float = par(0.05, 0, 1, unit="share/week", why="how fast support by kin follows", source="assumed; E170")
    wears: float = par(0.8, 0, 1, unit="share", why="of support, lost where kin are distressed", source="assumed; E211")
    passes_on: float = par(
        0.02, 0, 1, unit="share/week", why="of a relative's coping, passed on to who cannot come", source="E134"
    )
    family_groups: float = par(0.0, 0, 1, unit="chance", why="that a group is for relatives", source="assumed; E211")
    apart: float = par(
        0.6, 0, 1, unit="share", why="of what is heard and taught, lost on those in another position", source="assumed"
    )
    role_vacuum: float = par(
        0.0, 0, 1, unit="share", why="how far there is no role to step into, and nobody tells one", source="E169"
    )

    @staticmethod
    def outside_week(outside, own, ports, community, key, clock, p):  # type: ignore[no-untyped-def]
        """Let new people be what they are, and keep away who cannot come."""
        for i in range(len(outside)):
            slot = outside.slot[i]
            if own.level[slot] < 0.0:
                own.level[slot] = outside.kin_support[i]
                if outside.arrived[i] == clock.step:
                    relative, barred, _, _ = draw(key, outside.who[i], 0, community, clock.step, KIN, 0)
                    own.relative[slot] = 1 if relative < p.relatives else 0
                    own.cannot_come[slot] = 1 if relative >= p.relatives and barred < p.proxies else 0
            if own.cannot_come[slot]:
                ports.come[i] *= 0.0
            own.seen[slot] = outside.identification[i]

    @staticmethod
    def outside_after(outside, own, ours, groups, communities, place, community, p):  # type: ignore[no-untyped-def]
        """Send relatives and others to groups of their own; keep of what was seen what there are words for."""
        for i in range(len(outside)):
            slot = outside.slot[i]
            kept = (1.0 - p.role_vacuum) * (outside.identification[i] - own.seen[slot])
            outside.identification[i] = own.seen[slot] + kept
            g = outside.going_to[i]
            if place.family_groups[community] > 0.0 and g != NOWHERE and ours.family[g] != own.relative[slot]:
                outside.going_to[i] = most_alike_group(
                    outside, i, groups, communities.rooms[community], ours.family, own.relative[slot]
                )

    @staticmethod
    def after_work(members, own, ours, groups, g, ports, events, community, key, clock, p):  # type: ignore[no-untyped-def]
        """Let a group begin as one for relatives or for others; those in another position are heard less."""
        opens = groups.who[g] >> WHO_BITS == STARTERS_STEP
        if ours.begun[g] == 0 and opens:
            family, _, _, _ = draw(key, groups.who[g], 0, community, clock.step, FAMILY, 0)
            ours.family[g] = 1 if family < p.family_groups else 0
        relatives = 0
        for i in range(len(members)):
            if ours.begun[g] == 0 and opens and ours.family[g]:
                own.relative[members.slot[i]] = 1
            relatives += own.relative[members.slot[i]]
            if own.level[members.slot[i]] < 0.0:
                own.level[members.slot[i]] = members.kin_support[i]
        if ours.begun[g] == 0 and not opens:
            ours.family[g] = 1 if p.family_groups > 0.0 and 2 * relatives > len(members) else 0
        if ours.begun[g] == 0 and ours.family[g]:
            tell_group(events, FOR_FAMILIES, groups, g, 0)
        ours.begun[g] = 1
        for i in range(len(members)):
            others = len(members) - relatives if own.relative[members.slot[i]] else relatives
            ports.hear[i] *= 1.0 - p.apart * others / len(members)
            ports.learn[i] *= 1.0 - p.apart * others / len(members)

    @staticmethod
    def after_bond(members, own):  # type: ignore[no-untyped-def]
        """Remember what members saw in others before the week outside."""
        for i in range(len(members)):
            own.seen[members.slot[i]] = members.identification[i]

    @staticmethod
    def after_live(members, own, p):  # type: ignore[no-untyped-def]
        """Keep of what was seen outside what there are words for."""
        for i in range(len(members)):
            seen = own.seen[members.slot[i]]
            members.identification[i] = seen + (1.0 - p.role_vacuum) * (members.identification[i] - seen)

    @staticmethod
    def in_community(
        outside, groups, communities, community, own, ours, place, blocks, people, handles, events, clock, p
    ):  # type: ignore[no-untyped-def]
        """Match new relatives, count groups for relatives, and let what goes on between kin happen."""
        place.family_groups[community] = 0.0
        g = communities.first_group[community]
        while g != NOWHERE:
            if groups.status[g] != CLOSED:
                place.family_groups[community] += ours.family[g]
            g = groups.next_group[g]
        last = -1
        i = _next_new(outside, own, last, clock)
        while i >= 0:
            last = outside.who[i]
            _match(outside, i, groups, communities, community, own, blocks, people, handles, events, clock, p)
            i = _next_new(outside, own, last, clock)
        b = community
        g = communities.first_group[community]
        while b >= 0:
            for row in range(blocks.start[b], blocks.start[b] + blocks.count[b]):
                if own.relative[people.slot[row]] and own.matched[people.slot[row]]:
                    _bear(people, row, own, handles, p)
            b = len(communities) + g if g != NOWHERE else -1
            g = groups.next_group[g] if g != NOWHERE else NOWHERE


@kernel
def _next_new(outside, own, last, clock):  # type: ignore[no-untyped-def]
    """Return the row of the relative of this step who is next by identity, -1 if there is none."""
    found = -1
    for i in range(len(outside)):
        if outside.arrived[i] == clock.step and own.relative[outside.slot[i]] and outside.who[i] > last:
            if found < 0 or outside.who[i] < outside.who[found]:
                found = i
    return found


@kernel
def _match(outside, i, groups, communities, community, own, blocks, people, handles, events, clock, p):  # type: ignore[no-untyped-def]
    found = -1
    b = community
    g = communities.first_group[community]
    while b >= 0:
        for row in range(blocks.start[b], blocks.start[b] + blocks.count[b]):
            slot = people.slot[row]
            if own.relative[slot] == 0 and own.matched[slot] == 0 and people.who[row] < outside.who[i]:
                late = (clock.step - people.arrived[row]) * clock.dt > p.matched_weeks
                if not late and (found < 0 or people.who[row] > people.who[found]):
                    found = row
        b = len(communities) + g if g != NOWHERE else -1
        g = groups.next_group[g] if g != NOWHERE else NOWHERE
    if found >= 0:
        slot, other = outside.slot[i], people.slot[found]
        tell(events, RELATED, outside, i, people.who[found])
        own.matched[slot] = own.matched[other] = 1
        own.other[slot], own.generation[slot] = other, handles.generation[other]


@kernel
def _bear(people, row, own, handles, p):  # type: ignore[no-untyped-def]
    slot = people.slot[row]
    other = own.other[slot]
    if handles.generation[other] != own.generation[slot]:
        return
    i = handles.row[other]
    distress, coping = people.distress[row], people.coping[row]
    support = own.level[other] * (1.0 - p.wears * distress)
    people.distress[row] = clip(distress + p.kin_strain * people.distress[i] * (1.0 - distress))
    people.kin_support[i] += p.repair * (support - people.kin_support[i])
    if own.cannot_come[other]:
        people.coping[i] += p.passes_on * max(0.0, coping - people.coping[i])
