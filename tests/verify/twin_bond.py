"""Ties, belonging and trust in the twin (ODD section 7, bond)."""

from __future__ import annotations

from twin_draws import MEETING
from twin_groups import TwinGroup
from twin_people import Tie, TwinPerson
from twin_terms import ACQUAINTANCE, FRIEND, HELP_TIE, NEVER, SPONSOR

MOST_TIES = 8


def bond(group: TwinGroup) -> None:
    """Let ties, belonging, trust, cohesion and climate move."""
    there = [person for person in group.ring if person.attended]
    for place, person in enumerate(there):
        if len(there) > 1 and person.words(MEETING)[3] < group.values.bond.chat:
            talk(person, closest(person, there) or there[(place + 1) % len(there)])
    for person in group.ring:
        if person.helped_by is not None:
            tie_by_help(person, person.helped_by)
            if group.values.bond.sponsors:
                find_sponsor(person, person.helped_by)
            if person.attended:
                touch(person)
    for person in group.ring:
        fade_ties(person)
        feel_at_home(person, group)
    follow_people(group, there)


def touch(person: TwinPerson) -> None:
    """Note the first contact."""
    if person.first_contact == NEVER:
        person.first_contact = person.model.now
        person.model.log("first_contact", person)


def talk(one: TwinPerson, next_one: TwinPerson) -> None:
    """Let two neighbours talk."""
    gain = one.values.bond.chat_gain
    for person, other in ((one, next_one), (next_one, one)):
        touch(person)
        tie = tie_to(person, other)
        tie.strength += gain * (1.0 - tie.strength)


def closest(person: TwinPerson, there: list[TwinPerson]) -> TwinPerson | None:
    """Return the one there with the strongest tie, if it is such whom the person turns to this time."""
    values = person.values.bond
    if person.words(MEETING)[3] >= values.chat * values.company:
        return None
    ties = [person.ties[place] for place in sorted(person.ties) if person.ties[place].other in there]
    return max(ties, key=lambda tie: tie.strength).other if ties else None


def tie_to(person: TwinPerson, other: TwinPerson) -> Tie:
    """Return a person's tie to another, making one in the first free place, or in place of the weakest."""
    tie = person.tie_with(other)
    if tie is None:
        places = person.ties
        free = [place for place in range(MOST_TIES) if place not in places]
        place = free[0] if free else min(sorted(places), key=lambda taken: places[taken].strength)
        tie = places[place] = Tie(other, kind=ACQUAINTANCE)
    return tie


def tie_by_help(seeker: TwinPerson, helper: TwinPerson) -> None:
    """Let a tie grow by help on both sides."""
    gain = seeker.values.bond.help_gain
    taken, offered = tie_to(seeker, helper), tie_to(helper, seeker)
    taken.received += 1
    offered.given += 1
    both_ways = taken.given > 0
    for tie in (taken, offered):
        if tie.kind == ACQUAINTANCE:
            tie.kind = HELP_TIE
        for _ in range(2 if both_ways else 1):
            tie.strength += gain * (1.0 - tie.strength)


def find_sponsor(person: TwinPerson, helper: TwinPerson) -> None:
    """Let a member without a sponsor take the helper who has just helped, for the third time or more."""
    if person.accommodated or person.sponsored:
        return
    tie = person.tie_with(helper)
    if tie is not None and tie.received >= person.values.bond.sponsor_after and helper.helper:
        tie.kind = SPONSOR
        if person.first_sponsor == NEVER:
            person.first_sponsor = person.model.now


def fade_ties(person: TwinPerson) -> None:
    """Turn strong ties into friendships, let all fade, and sum the support standing in them."""
    values = person.values.bond
    for place, tie in list(person.ties.items()):
        if tie.strength > values.friend_at and tie.kind in (ACQUAINTANCE, HELP_TIE):
            tie.kind = FRIEND
        fade = values.fade * (values.friend_fade if tie.kind == FRIEND else 1.0)
        tie.strength -= fade * tie.strength
        if tie.strength < values.gone_below:
            del person.ties[place]
    total = sum(tie.strength for tie in person.ties.values())
    person.tie_support = total / (total + 1.0)


def feel_at_home(person: TwinPerson, group: TwinGroup) -> None:
    """Move a member's belonging, trust and fit."""
    values = person.values.bond
    if not person.attended:
        person.belonging -= values.belonging_fade * person.belonging
        return
    warmth = values.cold_welcome + (1.0 - values.cold_welcome) * group.climate
    welcome = values.belonging_gain * person.met_alike * warmth
    person.belonging += welcome * (1.0 - person.belonging)
    person.trust += values.trust_gain * (1.0 - person.trust)
    if person.heard_anybody:
        person.fit += values.fit_memory * (person.met_alike - person.fit)


def follow_people(group: TwinGroup, there: list[TwinPerson]) -> None:
    """Move cohesion and climate toward those who are there."""
    if not there:
        return
    memory = group.values.bond.group_memory
    group.cohesion += memory * (sum(person.belonging for person in there) / len(there) - group.cohesion)
    group.climate += memory * (sum(person.trust for person in there) / len(there) - group.climate)


def drift_apart(person: TwinPerson) -> None:
    """Let a former member's ties and belonging fade."""
    fade_ties(person)
    person.belonging -= person.values.bond.belonging_fade * person.belonging
