"""Sponsors: one seasoned member guides one who is not there yet, calls between meetings, and is missed when gone.

Who sponsors whom is settled by `bond` (`bond.sponsors`): who is helped often enough takes the helper as a sponsor.
Here the *sponsor* of a member is the other of the first place for ties, from 0 on, that holds a living tie of that
kind to somebody on the roll of the same group; *sponsored* is who has one and is not accommodated. `guide` is the
identity of the sponsor by whom one was taken, nobody's at first. Everything below is for one group; "in the order of
the ring" goes by the seats of this step.

Old-timers greet. After attend, those there who came first `veteran_weeks` or more ago (``(step - joined) * dt``) are
old-timers, those there at their first visit (`meetings` is 1) and not starters are newcomers, both counted from 0 in
the order of the ring. Newcomer number k has the care of old-timer number ``floor(k / greets)``, if there is one, and
is greeted where the word "greet" is under `greet`. Being greeted is a first contact, unless there was one; the ties of
newcomer and old-timer to each other move up by `greet_tie` of what is missing to one, the newcomer's first; and
``belonging += greet_welcome * (1 - belonging)`` for the newcomer. `greeted` is 1 from then on.

No sponsor has room for more than so many. After bond, `sponsees` of every member is counted: those sponsored by this
member whose `guide` this member is. Then, in the order of the ring, whoever is sponsored by somebody who is not the
`guide` asks to be taken: where the sponsor has fewer than `capacity` sponsees, counting those taken before in this
step, `guide` becomes the sponsor's identity and `sponsees` goes up by one; else the tie becomes one of help, and, if
the first sponsor was found in this very step, none was found yet. In the same turn, `guide` of who is neither
accommodated nor sponsored becomes nobody's, as it does of who was refused.

Contact. Then, in the order of the ring: the hazard of dropping out (port `drop`) of every member is multiplied by ``1
+ loss_drives * shaken`` (see below), and each who is sponsored (after what was just settled) is in contact with the
sponsor in this step if the word "call" makes an event of the hazard `calls`, or if the member came to fewer meetings
than promised (`visits` below `pledge` and below those held) and the word "check in" is under `check_in`. `contact` is
1 in a step with contact, else 0; `sought` is 1 where there was a contact for want of coming. With contact, at once and
so seen by who comes later on the ring,

    share = call_gain * exp(-early / early_weeks) * (gap / best_gap) * exp(1 - gap / best_gap)
    hope          += share * max(0, hope of the sponsor - hope)
    self_efficacy += share * max(0, self_efficacy of the sponsor - self_efficacy)
    coping        += share * max(0, coping of the sponsor - coping)
    strain of the sponsor += call_strain * (1 - strain of the sponsor)

for the time ``early = (step - first_sponsor) * dt`` and the gap in weeks of their first visits, ``gap = max(0, (joined
- joined of the sponsor) * dt)``, 0 where one of them has never been at a meeting: as between siblings, most is passed
on by who is some way ahead, and less by one's equal or by somebody of long ago. The ties of member and sponsor to each
other move up by `call_tie` of what is missing, the member's first. Before all this, the hazard of dropping out is
multiplied by ``1 - call_holds`` and that of a crisis (port `crisis`) by ``1 - call_steadies``. In the next step as a
member, after work, who was `sought` is readier to come: `call_brings` is added to the log-odds of coming (port
`attend`).

Loss. After leave, who stays (no mark of leaving) and is sponsored by somebody marked to leave, in the order of the
ring, loses the sponsor: ``distress += loss_hurts * (1 - distress)``, and `shaken` becomes 1. Where the word "lets go"
is under `lets_go` the tie becomes one of help, so that another may be found; `guide` is settled after the next bond.
Of all others `shaken` fades by `loss_fade` of itself, in every step.

Pride. After progress, for every member who has come to accommodation for the first time in this step, by rows, each
other member of the group to whom that one has a living tie over which help was received, by places, gains ``pride``:
of what is missing to one, in commitment and in hope.

Log: `taken` of who is taken by a sponsor, naming the sponsor; `lost` of who loses the sponsor, naming the one who
goes.

Draws: a member, each step, block 0. Values are read when they are used. `sponsees`, `guide` and `contact` are of this
step for members who went through bond.

Sources: E35 spacing as between siblings, E38 old members ease newcomers in, E44 hope keeps old members, E69
accountability, E117 sponsors; V32 early, V33 contact and taking part, V40 people per sponsor, V46, V71. All sizes are
assumed.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.plugins import Column, Event, OwnMeasure, Purpose, Rule, clip, draw, exp, happens, par, switch, tell
from mhsim.schema import (
    ACCOMMODATION,
    HELP_TIE,
    LARGEST_SMALL_COUNT,
    NEVER,
    NO_TIE,
    NOBODY,
    SPONSOR,
    STAYS,
    TIE_SLOTS,
)
from mhsim.ties import strengthen

GUIDING = 1100
TAKEN, LOST = 0, 1


class Sponsor(Rule):
    """Parameters of sponsors."""

    people = (
        Column("guide", "u4", "identity", "the sponsor by whom this person was taken; nobody's for none", start=NOBODY),
        Column("sponsees", "u1", "people", "members whom this person sponsors", shown="sponsees"),
        Column("contact", "u1", "0/1", "in contact with the sponsor this step", shown="contacts"),
        Column("sought", "u1", "0/1", "was called this step for want of coming", shown="sought"),
        Column("shaken", "f8", "0-1", "by the leaving of the sponsor, lately", shown="shaken"),
        Column("greeted", "u1", "0/1", "an old-timer turned to this person at the first visit", shown="greeted"),
    )
    measures = (
        OwnMeasure("sponsored", "people.sponsees", "members", "share", "members who have a sponsor, of all members"),
        OwnMeasure(
            "contacts", "people.contact", "people.sponsees", "share", "of who has a sponsor, in contact in a step"
        ),
        OwnMeasure("greeted", "people.greeted", "members", "share", "members whom an old-timer greeted at first"),
    )
    events = (
        Event(
            TAKEN,
            "taken",
            "people",
            {
                "en": ("took {other} as a sponsor", "one person took a sponsor", "{count} people took a sponsor"),
                "de": (
                    "bekam {other} als Sponsor",
                    "eine Person bekam jemanden als Sponsor",
                    "{count} Personen bekamen jemanden als Sponsor",
                ),
            },
        ),
        Event(
            LOST,
            "lost",
            "people",
            {
                "en": ("lost the sponsor, {other}, who left", "one lost the sponsor", "{count} lost their sponsors"),
                "de": (
                    "verlor {other} als Sponsor durch Weggang",
                    "eine Person verlor den Sponsor",
                    "{count} Personen verloren den Sponsor",
                ),
            },
        ),
    )
    purposes = (Purpose(GUIDING, "guiding", "a member, each step", ("call", "check in", "greet", "lets go")),)
    writes = {
        "members": (
            *("hope", "self_efficacy", "coping", "strain", "distress", "belonging", "commitment"),
            *("first_contact", "first_sponsor"),
        ),
        "ties": ("strength", "other", "generation", "given", "received", "kind"),
        "ports": ("attend", "drop", "crisis"),
    }
    neutral = {
        "greet": 0.0,
        "capacity": 1000,
        "calls": 0.0,
        "check_in": 0.0,
        "loss_hurts": 0.0,
        "loss_drives": 0.0,
        "lets_go": 0.0,
        "pride": 0.0,
    }

    enabled: bool = switch("whether sponsors guide and are missed", default=False)
    veteran_weeks: float = par(52.0, 1, 1000, unit="weeks", why="until one is an old-timer", source="assumed; E38")
    greets: int = par(2, 1, 100, unit="people", why="newcomers whom each old-timer looks after", source="assumed; E38")
    greet: float = par(0.3, 0, 1, unit="chance", why="that a newcomer is greeted", source="assumed; E38 V71")
    greet_tie: float = par(0.1, 0, 1, unit="share", why="tie gained by being greeted", source="assumed; E38")
    greet_welcome: float = par(0.1, 0, 1, unit="share", why="belonging gained by being greeted", source="assumed; E38")
    capacity: int = par(2, 1, 1000, unit="people", why="whom one sponsor takes at most", source="V40")
    calls: float = par(1.0, 0, 14, unit="1/week", why="sponsor and sponsored are in contact", source="V33 V46; E117")
    call_gain: float = par(
        0.02,
        0,
        1,
        unit="share",
        why="of the gap to the sponsor in hope, efficacy, coping, closed by a contact",
        source="assumed; V32 E117",
        benefit=True,
    )
    early_weeks: float = par(26.0, 1, 1000, unit="weeks", why="over which what contact gives wears off", source="V32")
    best_gap: float = par(104.0, 1, 1000, unit="weeks", why="how far ahead a sponsor gives most", source="assumed; E35")
    call_tie: float = par(0.03, 0, 1, unit="share", why="tie gained by a contact", source="assumed; V33")
    call_strain: float = par(0.005, 0, 1, unit="share", why="strain of sponsors by a contact", source="assumed; E205")
    call_holds: float = par(0.3, 0, 1, unit="share", why="of dropping out, prevented by contact", source="assumed; V33")
    call_steadies: float = par(
        0.2, 0, 1, unit="share", why="of crises, prevented by contact", source="assumed; V33 E117", benefit=True
    )
    pledge: int = par(1, 1, 20, unit="number", why="meetings promised in each step", source="assumed; E69")
    check_in: float = par(0.5, 0, 1, unit="chance", why="of a call to who came to fewer", source="assumed; E69")
    call_brings: float = par(
        1.0, 0, 10, unit="weight", why="such a call brings back, in log-odds", source="assumed; E69"
    )
    loss_hurts: float = par(
        0.15, 0, 1, unit="share", why="distress when the sponsor leaves", source="assumed; E117", harm=True
    )
    loss_drives: float = par(1.0, 0, 10, unit="weight", why="such a loss makes people leave", source="assumed; E117")
    loss_fade: float = par(0.08, 0, 1, unit="share/week", why="of such a loss, got over", source="assumed; E117")
    lets_go: float = par(1.0, 0, 1, unit="chance", why="of looking for another sponsor then", source="assumed; E117")
    pride: float = par(
        0.02,
        0,
        1,
        unit="share",
        why="of commitment and hope missing, gained when somebody one helped has come through",
        source="assumed; E44",
        benefit=True,
    )

    @staticmethod
    def after_work(members, ports, own, p):  # type: ignore[no-untyped-def]
        """Bring back who was called for want of coming."""
        for i in range(len(members)):
            if own.sought[members.slot[i]] > 0:
                ports.attend[i] += p.call_brings

    @staticmethod
    def after_attend(members, ring, own, ties, handles, community, key, clock, p):  # type: ignore[no-untyped-def]
        """Let old-timers turn to newcomers."""
        newcomers = 0
        for seat in range(len(members)):
            i = ring[seat]
            if members.attended[i] and members.meetings[i] == 1 and members.starter[i] == 0:
                j = old_timer(members, ring, newcomers // int(p.greets), clock, p)
                newcomers += 1
                _, _, greet, _ = draw(key, members.who[i], 0, community, clock.step, GUIDING, 0)
                if j >= 0 and greet < p.greet:
                    own.greeted[members.slot[i]] = 1
                    if members.first_contact[i] == NEVER:
                        members.first_contact[i] = clock.step
                    strengthen(ties, handles, members.slot[i], members.slot[j], p.greet_tie)
                    strengthen(ties, handles, members.slot[j], members.slot[i], p.greet_tie)
                    members.belonging[i] += p.greet_welcome * (1.0 - members.belonging[i])

    @staticmethod
    def after_bond(members, groups, g, ring, own, ties, handles, ports, events, community, key, clock, p):  # type: ignore[no-untyped-def]
        """Settle who is taken, and let sponsors and sponsored be in contact."""
        take(members, ring, own, ties, handles, events, clock, p)
        for seat in range(len(members)):
            i = ring[seat]
            slot = members.slot[i]
            own.contact[slot] = own.sought[slot] = 0
            ports.drop[i] *= 1.0 + p.loss_drives * own.shaken[slot]
            place = sponsored_at(members, i, ties, handles)
            if place >= 0:
                call, check, _, _ = draw(key, members.who[i], 0, community, clock.step, GUIDING, 0)
                missing = members.visits[i] < min(p.pledge, groups.held[g])
                if missing and check < p.check_in:
                    own.sought[slot] = 1
                if own.sought[slot] > 0 or happens(call, p.calls):
                    own.contact[slot] = 1
                    ports.drop[i] *= 1.0 - p.call_holds
                    ports.crisis[i] *= 1.0 - p.call_steadies
                    in_contact(members, i, place, ties, handles, clock, p)

    @staticmethod
    def after_progress(members, ties, handles, clock, p):  # type: ignore[no-untyped-def]
        """Let those who helped somebody that has come through take heart."""
        if len(members) == 0:
            return
        first = handles.row[members.slot[0]]
        for i in range(len(members)):
            if members.accommodated_at[i] == clock.step:
                slot = members.slot[i]
                for k in range(TIE_SLOTS):
                    other = ties.other[slot, k]
                    living = ties.kind[slot, k] != NO_TIE and ties.generation[slot, k] == handles.generation[other]
                    if living and ties.received[slot, k] > 0:
                        j = handles.row[other] - first
                        if 0 <= j < len(members):
                            members.commitment[j] += p.pride * (1.0 - members.commitment[j])
                            members.hope[j] += p.pride * (1.0 - members.hope[j])

    @staticmethod
    def after_leave(members, ring, own, ties, handles, events, community, key, clock, p):  # type: ignore[no-untyped-def]
        """Let a sponsor who leaves be missed by those sponsored."""
        for seat in range(len(members)):
            i = ring[seat]
            slot = members.slot[i]
            own.shaken[slot] -= p.loss_fade * own.shaken[slot]
            place = sponsored_at(members, i, ties, handles) if members.leaving[i] == STAYS else -1
            j = row_of(members, ties, handles, slot, place) if place >= 0 else -1
            if j >= 0 and members.leaving[j] != STAYS:
                tell(events, LOST, members, i, members.who[j])
                own.shaken[slot] = 1.0
                members.distress[i] = clip(members.distress[i] + p.loss_hurts * (1.0 - members.distress[i]))
                _, _, _, lets_go = draw(key, members.who[i], 0, community, clock.step, GUIDING, 0)
                if lets_go < p.lets_go:
                    ties.kind[slot, place] = HELP_TIE


@kernel
def old_timer(members, ring, number, clock, p):  # type: ignore[no-untyped-def]
    """Return the row of an old-timer who is there, by number in the order of the ring; -1 if there are fewer."""
    for seat in range(len(members)):
        j = ring[seat]
        if members.attended[j] and (clock.step - members.joined[j]) * clock.dt >= p.veteran_weeks:
            if number == 0:
                return j
            number -= 1
    return -1


@kernel
def row_of(members, ties, handles, slot, place):  # type: ignore[no-untyped-def]
    """Return the row, in the group, of the other of a living tie; -1 for somebody who is not on the roll."""
    other = ties.other[slot, place]
    j = handles.row[other] - handles.row[members.slot[0]]
    living = ties.kind[slot, place] != NO_TIE and ties.generation[slot, place] == handles.generation[other]
    return j if living and 0 <= j < len(members) else -1


@kernel
def sponsored_at(members, i, ties, handles):  # type: ignore[no-untyped-def]
    """Return the place of the tie to the sponsor of a member who is not accommodated; -1 for who has none."""
    if members.stage[i] != ACCOMMODATION:
        for k in range(TIE_SLOTS):
            if ties.kind[members.slot[i], k] == SPONSOR and row_of(members, ties, handles, members.slot[i], k) >= 0:
                return k
    return -1


@kernel
def take(members, ring, own, ties, handles, events, clock, p):  # type: ignore[no-untyped-def]
    """Let sponsors take who asks them, as long as they have room."""
    for i in range(len(members)):
        own.sponsees[members.slot[i]] = 0
    for i in range(len(members)):
        slot = members.slot[i]
        place = sponsored_at(members, i, ties, handles)
        if place >= 0:
            j = row_of(members, ties, handles, slot, place)
            if own.guide[slot] == members.who[j]:
                add_sponsee(own, members.slot[j])
    for seat in range(len(members)):
        i = ring[seat]
        slot = members.slot[i]
        place = sponsored_at(members, i, ties, handles)
        if place >= 0:
            j = row_of(members, ties, handles, slot, place)
            if own.guide[slot] != members.who[j]:
                if own.sponsees[members.slot[j]] < p.capacity:
                    own.guide[slot] = members.who[j]
                    tell(events, TAKEN, members, i, members.who[j])
                    add_sponsee(own, members.slot[j])
                else:
                    ties.kind[slot, place] = HELP_TIE
                    own.guide[slot] = NOBODY
                    if members.first_sponsor[i] == clock.step:
                        members.first_sponsor[i] = NEVER
        elif members.stage[i] != ACCOMMODATION:
            own.guide[slot] = NOBODY


@kernel
def add_sponsee(own, slot):  # type: ignore[no-untyped-def]
    """Count one more whom somebody sponsors, as far as the column goes."""
    own.sponsees[slot] = min(LARGEST_SMALL_COUNT, own.sponsees[slot] + 1)


@kernel
def in_contact(members, i, place, ties, handles, clock, p):  # type: ignore[no-untyped-def]
    """Let a sponsor and the one sponsored be in contact."""
    slot = members.slot[i]
    j = row_of(members, ties, handles, slot, place)
    early = (clock.step - members.first_sponsor[i]) * clock.dt / p.early_weeks
    known = members.joined[i] != NEVER and members.joined[j] != NEVER
    gap = max(0.0, (members.joined[i] - members.joined[j]) * clock.dt) / p.best_gap if known else 0.0
    share = p.call_gain * exp(-early) * gap * exp(1.0 - gap)
    members.hope[i] += share * max(0.0, members.hope[j] - members.hope[i])
    members.self_efficacy[i] += share * max(0.0, members.self_efficacy[j] - members.self_efficacy[i])
    members.coping[i] += share * max(0.0, members.coping[j] - members.coping[i])
    members.strain[j] += p.call_strain * (1.0 - members.strain[j])
    strengthen(ties, handles, slot, members.slot[j], p.call_tie)
    strengthen(ties, handles, members.slot[j], slot, p.call_tie)
