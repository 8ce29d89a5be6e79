"""Federation: groups of one body hand on how the work is done; a clearing house tells people where to go.

Belonging. In its first step a group draws (purpose "belonging", by the group, in that step): it belongs to the body
if word 0 is under `joined`, and is listed by the clearing house if word 1 is under `listed`; a group that split off
belongs and is listed as its parent does, without drawing. `seen` of a group says whether its first step has been.

Before anybody comes (after work), in a group that belongs: if it has not begun yet (`begun`) and was founded, or split
off, after the opening, each helper's know-how becomes ``know_how + guideline * max(0, held - know_how)``, `held` being
the body's know-how as it was settled at the end of the last step. Then, with hazard `exchange_per_year` (word 0 of the
draw "exchange", by the group, each step), its helpers visit others: ``know_how + exchange * max(0, best - know_how)``,
`best` being that of the group of the body whose helpers know most. Funds lose `dues`. What is done by the book suits
who is like most: the hazard of dropping out of each member is multiplied by ``exp(rigid * guideline * (d - 1.25))``, d
being the distance of the member's profile from the middle of the space.

The clearing house. While the community has a listed open group (as settled at the end of the last step), the hazard of
coming of people outside who have never been at a meeting is multiplied by ``1 + informs``, and everybody outside counts
``1 + founds`` times where a group may be founded (`founds` is added to the community's `eager` for each). Whoever of
people outside has decided to come in this step is sent on with chance `sends` (word 0 of the draw "sending", by the
person): to the listed group with room whose centre is most like the person (breadth 1; of equals the first in the order
of founding), if there is one. A group is on the list from the step after its first on (one that split off, from its
first on): who comes chooses before groups are seen. A listed group that is marked to close (after close) and younger
than `young_weeks` goes on if word 1 of its draw "exchange" is under `holds`, unless nobody has visited it for eight
weeks or more.

Settling, once for each community: `body` is the number of open groups that belong, `listed_groups` of those listed;
`spread` the mean distance, over belonging open groups with helpers, of the mean know-how of these from `held` as it was
before (0 where there is no such group); then `held` becomes the mean of those means and `best` the largest (both stay
as they were where there is no such group). All these start at 0.

Log: of groups `joined` and `listed` where the draw says so, `guided` when one founded or split off after the opening
begins by the guideline, `kept` when one goes on; `sent` of each person sent on.

Sources: E142 guidelines, E143-E144 federation, E137 the copied recipe, E164 clearing houses; all sizes assumed.
"""

from __future__ import annotations

from math import sqrt

from mhsim.core.jit import kernel
from mhsim.kernel_helpers import most_alike_group
from mhsim.plugins import Column, Event, OwnMeasure, Purpose, Rule, draw, exp, happens, par, switch, tell, tell_group
from mhsim.schema import CLOSED, HELPER, NEVER, NOWHERE

BELONGING, EXCHANGE, SENDING = 1200, 1201, 1202
TYPICAL_DISTANCE = 1.25
"""Mean distance of people from the middle of the space of profiles."""
DESERTED_WEEKS = 8.0
"""Weeks without a visit from which no help from outside keeps a group open."""
JOINED, LISTED, GUIDED, KEPT, SENT = 0, 1, 2, 3, 4


class Federate(Rule):
    """Parameters of federation."""

    after = "close"
    groups = (
        Column("seen", "u1", "0/1", "its first step has been", inherits=True),
        Column("belongs", "u1", "0/1", "belongs to the body", inherits=True, shown="belongs"),
        Column("listed", "u1", "0/1", "listed by the clearing house", inherits=True, shown="listed"),
        Column("begun", "u1", "0/1", "its helpers have had the guideline"),
        Column("kept_open", "i4", "times", "times it was kept open in its first years", shown="kept_open"),
    )
    places = (
        Column("held", "f8", "0-1", "know-how of the body", shown="held"),
        Column("best", "f8", "0-1", "know-how of the body's group that knows most", shown="best"),
        Column("spread", "f8", "0-1", "how far know-how differs between its groups", shown="spread"),
        Column("body", "f8", "groups", "open groups that belong", shown="body"),
        Column("listed_groups", "f8", "groups", "open groups that are listed", shown="listed"),
        Column("sent", "f8", "people", "people sent on so far", shown="sent"),
    )
    measures = (
        OwnMeasure(
            "groups", "communities.body", "communities", "groups", "groups of a community that belong to the body"
        ),
        OwnMeasure(
            "spread", "communities.spread", "communities", "0-1", "how far know-how differs between the body's groups"
        ),
        OwnMeasure(
            "kept_open",
            "groups.kept_open",
            "groups",
            "1/year",
            "times that a group is kept open by help from outside, in a year",
            "so_far",
        ),
    )
    events = (
        Event(
            JOINED,
            "joined",
            "groups",
            {
                "en": (
                    "joined the federation",
                    "one group joined the federation",
                    "{count} groups joined the federation",
                ),
                "de": (
                    "trat dem Verband bei",
                    "eine Gruppe trat dem Verband bei",
                    "{count} Gruppen traten dem Verband bei",
                ),
            },
        ),
        Event(
            LISTED,
            "listed",
            "groups",
            {
                "en": (
                    "was listed by the clearing house",
                    "one group was listed by the clearing house",
                    "{count} groups were listed by the clearing house",
                ),
                "de": (
                    "kam auf die Liste der Kontaktstelle",
                    "eine Gruppe kam auf die Liste der Kontaktstelle",
                    "{count} Gruppen kamen auf die Liste der Kontaktstelle",
                ),
            },
        ),
        Event(
            GUIDED,
            "guided",
            "groups",
            {
                "en": (
                    "began with the guidelines of the federation",
                    "one group began with the guidelines of the federation",
                    "{count} groups began with the guidelines of the federation",
                ),
                "de": (
                    "begann mit den Leitlinien des Verbands",
                    "eine Gruppe begann mit den Leitlinien des Verbands",
                    "{count} Gruppen begannen mit den Leitlinien des Verbands",
                ),
            },
        ),
        Event(
            KEPT,
            "kept",
            "groups",
            {
                "en": (
                    "was about to close and stayed open with help from outside",
                    "one group about to close stayed open with help from outside",
                    "{count} times a group about to close stayed open with help from outside",
                ),
                "de": (
                    "stand vor dem Ende und blieb mit Hilfe von außen offen",
                    "eine Gruppe blieb mit Hilfe von außen offen",
                    "{count}mal blieb eine Gruppe mit Hilfe von außen offen",
                ),
            },
        ),
        Event(
            SENT,
            "sent",
            "people",
            {
                "en": (
                    "was told by the clearing house where to go",
                    "one person was told by the clearing house where to go",
                    "{count} people were told by the clearing house where to go",
                ),
                "de": (
                    "erfuhr von der Kontaktstelle, wohin",
                    "eine Person erfuhr von der Kontaktstelle, wohin",
                    "{count} Personen erfuhren von der Kontaktstelle, wohin",
                ),
            },
        ),
    )
    purposes = (
        Purpose(BELONGING, "belonging", "a group, in its first step", ("joined", "listed", "", "")),
        Purpose(EXCHANGE, "exchange", "a group, each step", ("visit", "holds", "", "")),
        Purpose(SENDING, "sending", "a person who comes", ("sent", "", "", "")),
    )
    writes = {
        "members": ("know_how",),
        "groups": ("funds", "closing"),
        "outside": ("going_to",),
        "communities": ("eager",),
    }
    neutral = {"joined": 0.0, "listed": 0.0}

    enabled: bool = switch("whether groups belong to a body or are listed by a clearing house", default=False)
    joined: float = par(0.8, 0, 1, unit="chance", why="that a group belongs to the body", source="assumed; E144")
    guideline: float = par(
        0.7, 0, 1, unit="share", why="of what a new group's helpers lack, made good by guidelines", source="E142"
    )
    rigid: float = par(0.3, 0, 5, unit="weight", why="guidelines suit people who are like most", source="assumed; E142")
    exchange_per_year: float = par(
        2.0, 0, 52, unit="1/year", why="visits to other groups of the body", source="assumed; E143"
    )
    exchange: float = par(
        0.2, 0, 1, unit="share", why="of what helpers lack, learnt at a visit", source="assumed; E143"
    )
    dues: float = par(0.5, 0, 100, unit="money/week", why="paid by a group to the body", source="assumed; E144")
    listed: float = par(0.8, 0, 1, unit="chance", why="that the clearing house lists a group", source="assumed; E164")
    informs: float = par(0.5, 0, 10, unit="weight", why="more people hear of listed groups", source="assumed; E164")
    sends: float = par(0.5, 0, 1, unit="chance", why="that one is sent where it fits best", source="assumed; E164")
    founds: float = par(1.0, 0, 20, unit="weight", why="help for those who would found a group", source="E164")
    holds: float = par(0.5, 0, 1, unit="chance", why="that help keeps a young group open", source="assumed; E164")
    young_weeks: float = par(
        104.0, 0, 1000, unit="weeks", why="until a group is no longer young", source="assumed; E164"
    )

    @staticmethod
    def after_work(members, groups, g, ours, place, community, ports, events, key, clock, p):  # type: ignore[no-untyped-def]
        """Let a group begin, learn and pay; what is done by the book drives away whom it does not suit."""
        if ours.seen[g] == 0:
            joins, lists, _, _ = draw(key, groups.who[g], 0, community, clock.step, BELONGING, 0)
            ours.belongs[g] = 1 if joins < p.joined else 0
            ours.listed[g] = 1 if lists < p.listed else 0
            ours.seen[g] = 1
            if ours.belongs[g]:
                tell_group(events, JOINED, groups, g, 0)
            if ours.listed[g]:
                tell_group(events, LISTED, groups, g, 0)
        if ours.belongs[g] == 0:
            return
        if ours.begun[g] == 0:
            ours.begun[g] = 1
            if groups.founded[g] > clock.opening:
                tell_group(events, GUIDED, groups, g, 0)
                _learn(members, p.guideline, place.held[community])
        visit, _, _, _ = draw(key, groups.who[g], 0, community, clock.step, EXCHANGE, 0)
        if happens(visit, p.exchange_per_year):
            _learn(members, p.exchange, place.best[community])
        groups.funds[g] -= p.dues
        for i in range(len(members)):
            x, y = members.profile_x[i], members.profile_y[i]
            ports.drop[i] *= exp(p.rigid * p.guideline * (sqrt(x * x + y * y) - TYPICAL_DISTANCE))

    @staticmethod
    def after_close(groups, g, ours, events, community, key, clock, p):  # type: ignore[no-untyped-def]
        """Keep a young group open."""
        if groups.closing[g] and ours.listed[g] and groups.unvisited[g] < DESERTED_WEEKS:
            if (clock.step - groups.founded[g]) * clock.dt < p.young_weeks:
                _, holds, _, _ = draw(key, groups.who[g], 0, community, clock.step, EXCHANGE, 0)
                if holds < p.holds:
                    groups.closing[g] = 0
                    ours.kept_open[g] += 1
                    tell_group(events, KEPT, groups, g, 0)

    @staticmethod
    def outside_week(outside, communities, place, community, ports, p):  # type: ignore[no-untyped-def]
        """Let people hear of groups."""
        if place.listed_groups[community] > 0.0:
            communities.eager[community] += p.founds * len(outside)
            for i in range(len(outside)):
                if outside.joined[i] == NEVER:
                    ports.come[i] *= 1.0 + p.informs

    @staticmethod
    def outside_after(outside, groups, ours, communities, place, community, events, key, clock, p):  # type: ignore[no-untyped-def]
        """Send those who come where they fit best."""
        for i in range(len(outside)):
            if outside.going_to[i] != NOWHERE:
                sent, _, _, _ = draw(key, outside.who[i], 0, community, clock.step, SENDING, 0)
                if sent < p.sends:
                    best = most_alike_group(outside, i, groups, communities.rooms[community], ours.listed, 1)
                    if best != NOWHERE:
                        outside.going_to[i] = best
                        place.sent[community] += 1.0
                        tell(events, SENT, outside, i, 0)

    @staticmethod
    def in_community(groups, communities, community, ours, place, blocks, people, p):  # type: ignore[no-untyped-def]
        """Settle what the body knows and who is listed."""
        place.body[community] = place.listed_groups[community] = 0.0
        number = 0
        total = best = apart = 0.0
        g = communities.first_group[community]
        while g != NOWHERE:
            if groups.status[g] != CLOSED:
                place.body[community] += ours.belongs[g]
                place.listed_groups[community] += ours.listed[g]
                mean = _mean_know_how(people, blocks, len(communities) + g) if ours.belongs[g] else -1.0
                if mean >= 0.0:
                    number += 1
                    total += mean
                    best = max(best, mean)
                    apart += abs(mean - place.held[community])
            g = groups.next_group[g]
        place.spread[community] = apart / number if number > 0 else 0.0
        if number > 0:
            place.held[community] = total / number
            place.best[community] = best


@kernel
def _learn(members, share, known):  # type: ignore[no-untyped-def]
    for i in range(len(members)):
        if members.role[i] == HELPER:
            members.know_how[i] += share * max(0.0, known - members.know_how[i])


@kernel
def _mean_know_how(people, blocks, b):  # type: ignore[no-untyped-def]
    number = 0
    total = 0.0
    for row in range(blocks.start[b], blocks.start[b] + blocks.count[b]):
        if people.role[row] == HELPER:
            number += 1
            total += people.know_how[row]
    return total / number if number > 0 else -1.0
