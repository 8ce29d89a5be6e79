"""Bonds: ties grow with help and talk and fade when idle; belonging, trust, cohesion and climate follow.

Talk. Each member who is there talks with chance `chat`: where that word is under ``chat * company`` with the one who
is there to whom the tie is strongest (the first place among equals), if there is one, and else with the next on the
ring who is there; both ties move up by `chat_gain` of what is missing to one. Help. Where j helped i this step, both
ties move up by `help_gain`, twice that if help has gone both ways between them (i has also helped j: the gain is then
applied a second time, in succession); the tie counts help given and received and becomes a help tie. A tie stronger
than `friend_at` turns into friendship. Where the form has sponsors, a member who is not accommodated and has no
sponsor takes the helper who helped in this very step, if that was the time number `sponsor_after` or a later one.
Every tie then fades by `fade` of itself (friendships by `friend_fade` of that), and below `gone_below` it is gone.
``tie_support = S / (S + 1)`` for the sum S of the strengths of living ties.

A person has eight places for ties: a new one takes the first free place or else that of the weakest (the first among
equals).

Sponsors. All that the core says of them stands here but whom one asks first (`help.policy`): what having one does is
two numbers that others read, a sponsor turns to the one sponsored (`sponsor_calls`, a hazard added in `help`) and holds
(`sponsor_holds`, a weight in `leave`); both are the form's, whether this rule is on or not. Who wants sponsors with
room for a few, who call, steady and are missed, switches on the optional mechanism `sponsor` and leaves these at 0.

`first_sponsor` is the first step in which a sponsor was taken. First contact is the first step in which a person
there was helped or talked with.

For members who came, with ``alike`` the likeness of those heard and climate the group's at the start of the phase:

    belonging += belonging_gain * alike * (cold_welcome + (1 - cold_welcome) climate) * (1 - belonging)
    trust     += trust_gain * (1 - trust)
    fit       += fit_memory * (alike - fit)                     if anybody was heard

For members who did not come, ``belonging -= belonging_fade * belonging``. For former members this holds too, and
their ties fade. The group's cohesion and climate move by `group_memory` toward the mean belonging and the mean trust
of those there (if anybody is).

Sources: E36 friendship, E60 both directions, E61-E67 cohesion, trust, E95 ties as a stock, E101 instant community;
V33, V71.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.core.params import Parameters, par, switch
from mhsim.kernel_helpers import around, drift
from mhsim.schema import (
    ACCOMMODATION,
    ACQUAINTANCE,
    FRIEND,
    HELP_TIE,
    HELPER,
    LARGEST_COUNT,
    MEMBER,
    NEVER,
    NO_TIE,
    SPONSOR,
    TIE_SLOTS,
)
from mhsim.ties import has_sponsor, strengthen

WRITES = {
    "members": ("trust", "fit", "first_contact", "first_sponsor"),
    "people": ("belonging", "tie_support"),
    "groups": ("cohesion", "climate"),
    "ties": ("strength", "other", "generation", "given", "received", "kind"),
}
NEUTRAL = {
    "chat": 0.0,
    "chat_gain": 0.0,
    "help_gain": 0.0,
    "belonging_gain": 0.0,
    "belonging_fade": 0.0,
    "trust_gain": 0.0,
    "fit_memory": 0.0,
    "group_memory": 0.0,
    "fade": 0.0,
}


class Bond(Parameters):
    """Parameters of bonds."""

    enabled: bool = switch("whether ties, belonging and trust change")
    chat: float = par(0.3, 0, 1, unit="chance", why="of talking with a neighbour at a meeting", source="assumed; V71")
    company: float = par(
        0.0, 0, 1, unit="share", why="of talking, with those one is closest to", source="assumed; N37 cliques"
    )
    chat_gain: float = par(0.04, 0, 1, unit="share/week", why="tie gained by talk", source="assumed; E150")
    help_gain: float = par(0.1, 0, 1, unit="share/help", why="tie gained by help", source="assumed; E60")
    friend_at: float = par(0.6, 0.02, 1, unit="share", why="strength at which a tie is a friendship", source="E36")
    sponsors: bool = switch("whether the form has sponsors", default=False)
    sponsor_after: int = par(3, 1, 100, unit="number", why="times helped before one asks a sponsor", source="assumed")
    sponsor_calls: float = par(0.0, 0, 20, unit="1/week", why="a sponsor turns to the one sponsored", source="V33 V46")
    sponsor_holds: float = par(0.0, 0, 10, unit="weight", why="having a sponsor holds", source="assumed; V33 E117")
    fade: float = par(0.01, 0, 1, unit="share/week", why="of an idle tie, lost", source="assumed")
    friend_fade: float = par(
        0.5, 0, 1, unit="share", why="how fast friendships fade, of other ties' pace", source="assumed; E36"
    )
    gone_below: float = par(0.02, 0.0001, 1, unit="share", why="strength at which a tie is gone", source="assumed")
    belonging_gain: float = par(
        0.08, 0, 1, unit="share/week", why="belonging gained among people alike", source="assumed; E61 E101"
    )
    cold_welcome: float = par(
        0.5, 0, 1, unit="share", why="of belonging gained, left where nobody trusts", source="assumed; E66"
    )
    belonging_fade: float = par(0.03, 0, 1, unit="share/week", why="belonging lost by staying away", source="assumed")
    trust_gain: float = par(0.03, 0, 1, unit="share/week", why="trust gained by coming", source="assumed; E67")
    fit_memory: float = par(0.2, 0, 1, unit="share/week", why="how fast fit follows those heard", source="V12")
    group_memory: float = par(
        0.1, 0, 1, unit="share/week", why="how fast the group follows its people", source="assumed"
    )


@kernel
def bond(members, groups, g, luck, ring, ties, handles, clock, p):  # type: ignore[no-untyped-def]
    """Let ties, belonging and trust of a group's members change."""
    n = len(members)
    for seat in range(n):
        i = ring[seat]
        if members.attended[i] and luck.chat[i] < p.chat:
            j = -1
            if luck.chat[i] < p.chat * p.company:
                j = _closest_there(members, i, ties, handles)
            if j < 0:
                j = _next_there(members, ring, seat)
            if j >= 0:
                strengthen(ties, handles, members.slot[i], members.slot[j], p.chat_gain)
                strengthen(ties, handles, members.slot[j], members.slot[i], p.chat_gain)
                _contact(members, i, clock)
                _contact(members, j, clock)
    for seat in range(n):
        i = ring[seat]
        if members.helped_by[i] >= 0:
            _record_help(members, i, members.helped_by[i], ties, handles, clock, p)
            if members.attended[i]:
                _contact(members, i, clock)
    belonging = trust = 0.0
    there = 0
    for i in range(n):
        _fade_ties(members, i, ties, handles, p)
        _belong(members, i, groups.climate[g], p)
        if members.attended[i]:
            there += 1
            belonging += members.belonging[i]
            trust += members.trust[i]
    if there > 0:
        groups.cohesion[g] = drift(groups.cohesion[g], belonging / there, p.group_memory)
        groups.climate[g] = drift(groups.climate[g], trust / there, p.group_memory)


@kernel
def bond_outside(people, ties, handles, p):  # type: ignore[no-untyped-def]
    """Let the ties and the belonging of people outside fade."""
    for i in range(len(people)):
        if people.tie_support[i] > 0.0:
            _fade_ties(people, i, ties, handles, p)
        people.belonging[i] -= p.belonging_fade * people.belonging[i]


@kernel
def _closest_there(members, i, ties, handles):  # type: ignore[no-untyped-def]
    first_row = handles.row[members.slot[0]]
    slot = members.slot[i]
    found = -1
    closest = 0.0
    for k in range(TIE_SLOTS):
        other = ties.other[slot, k]
        if ties.kind[slot, k] != NO_TIE and ties.generation[slot, k] == handles.generation[other]:
            j = handles.row[other] - first_row
            if 0 <= j < len(members) and members.attended[j] and ties.strength[slot, k] > closest:
                found, closest = j, ties.strength[slot, k]
    return found


@kernel
def _next_there(members, ring, seat):  # type: ignore[no-untyped-def]
    n = len(members)
    for k in range(1, n):
        j = ring[around(seat + k, n)]
        if members.attended[j]:
            return j
    return -1


@kernel
def _contact(members, i, clock):  # type: ignore[no-untyped-def]
    if members.first_contact[i] == NEVER:
        members.first_contact[i] = clock.step


@kernel
def _record_help(members, i, j, ties, handles, clock, p):  # type: ignore[no-untyped-def]
    seeker, helper = members.slot[i], members.slot[j]
    k = strengthen(ties, handles, seeker, helper, p.help_gain)
    back = strengthen(ties, handles, helper, seeker, p.help_gain)
    if ties.given[seeker, k] > 0:
        strengthen(ties, handles, seeker, helper, p.help_gain)
        strengthen(ties, handles, helper, seeker, p.help_gain)
    ties.received[seeker, k] = min(LARGEST_COUNT, ties.received[seeker, k] + 1)
    ties.given[helper, back] = min(LARGEST_COUNT, ties.given[helper, back] + 1)
    for owner, place in ((seeker, k), (helper, back)):
        if ties.kind[owner, place] == ACQUAINTANCE:
            ties.kind[owner, place] = HELP_TIE
    if p.sponsors and members.role[j] == HELPER and members.stage[i] != ACCOMMODATION:
        if ties.received[seeker, k] >= p.sponsor_after and not has_sponsor(ties, handles, seeker):
            ties.kind[seeker, k] = SPONSOR
            if members.first_sponsor[i] == NEVER:
                members.first_sponsor[i] = clock.step


@kernel
def _fade_ties(people, i, ties, handles, p):  # type: ignore[no-untyped-def]
    slot = people.slot[i]
    total = 0.0
    for k in range(TIE_SLOTS):
        kind = ties.kind[slot, k]
        if kind != NO_TIE:
            if ties.generation[slot, k] != handles.generation[ties.other[slot, k]]:
                ties.kind[slot, k] = NO_TIE
                continue
            strength = ties.strength[slot, k]
            if strength > p.friend_at and (kind == ACQUAINTANCE or kind == HELP_TIE):
                kind = FRIEND
            strength -= (p.friend_fade * p.fade if kind == FRIEND else p.fade) * strength
            ties.strength[slot, k] = strength
            ties.kind[slot, k] = NO_TIE if strength < p.gone_below else kind
            if strength >= p.gone_below:
                total += strength
    people.tie_support[i] = total / (total + 1.0)


@kernel
def _belong(members, i, climate, p):  # type: ignore[no-untyped-def]
    if members.membership[i] == MEMBER and members.attended[i]:
        alike = members.met_alike[i]
        gain = p.belonging_gain * alike * (p.cold_welcome + (1.0 - p.cold_welcome) * climate)
        members.belonging[i] += gain * (1.0 - members.belonging[i])
        members.trust[i] += p.trust_gain * (1.0 - members.trust[i])
        if alike > 0.0:
            members.fit[i] = drift(members.fit[i], alike, p.fit_memory)
    else:
        members.belonging[i] -= p.belonging_fade * members.belonging[i]
