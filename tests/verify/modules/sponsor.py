"""Sponsors in the twin, from the text of `mhsim.modules.sponsor`."""

from __future__ import annotations

import math
from typing import Any

from twin_bond import tie_to, touch
from twin_draws import happens
from twin_terms import HELP_TIE, NEVER, NOBODY, SPONSOR

GUIDING = 1100


def start_person(person: Any, values: Any) -> dict[str, Any]:
    """Return what is a person's own at arrival."""
    return {"_guide": NOBODY, "sponsees": 0, "contacts": 0, "sought": 0, "shaken": 0.0, "greeted": 0}


def sponsor_tie(person: Any) -> Any:
    """Return the first tie to a sponsor on the roll of the same group, None without one."""
    for place in sorted(person.ties):
        tie = person.ties[place]
        if tie.kind == SPONSOR and tie.other in person.group.ring:
            return tie
    return None


def sponsored_by(person: Any) -> Any:
    """Return the tie to the sponsor of who is sponsored, None of all others."""
    return None if person.accommodated else sponsor_tie(person)


def move_up(one: Any, other: Any, share: float) -> None:
    """Let the ties of two to each other move up, that of the first one first."""
    for person, partner in ((one, other), (other, one)):
        tie = tie_to(person, partner)
        tie.strength += share * (1.0 - tie.strength)


def after_work(group: Any, values: Any) -> None:
    """Let who was called come more readily."""
    for person in group.ring:
        if person.own["sponsor"]["sought"]:
            person.ports["attend"] += values.call_brings


def after_attend(group: Any, values: Any) -> None:
    """Let old-timers greet newcomers."""
    now, dt = group.model.now, group.model.dt
    there = [person for person in group.ring if person.attended]
    old = [person for person in there if (now - person.joined) * dt >= values.veteran_weeks]
    new = [person for person in there if person.meetings == 1 and not person.starter]
    for k, person in enumerate(new):
        place = k // values.greets
        if place < len(old) and person.words(GUIDING)[2] < values.greet:
            touch(person)
            move_up(person, old[place], values.greet_tie)
            person.belonging += values.greet_welcome * (1.0 - person.belonging)
            person.own["sponsor"]["greeted"] = 1


def after_bond(group: Any, values: Any) -> None:
    """Let sponsors take whom they have room for, and be in contact."""
    for person in group.ring:
        person.own["sponsor"]["sponsees"] = 0
    for person in group.ring:
        tie = sponsored_by(person)
        if tie is not None and person.own["sponsor"]["_guide"] == tie.other.who:
            tie.other.own["sponsor"]["sponsees"] += 1
    for person in group.ring:
        settle_guide(person, values)
    for person in group.ring:
        be_in_contact(person, group, values)


def settle_guide(person: Any, values: Any) -> None:
    """Let somebody be taken by the sponsor, or be refused."""
    mine, tie = person.own["sponsor"], sponsored_by(person)
    if tie is None:
        if not person.accommodated:
            mine["_guide"] = NOBODY
    elif mine["_guide"] != tie.other.who:
        theirs = tie.other.own["sponsor"]
        if theirs["sponsees"] < values.capacity:
            mine["_guide"] = tie.other.who
            person.model.log("sponsor_taken", person, tie.other)
            theirs["sponsees"] += 1
        else:
            tie.kind = HELP_TIE
            mine["_guide"] = NOBODY
            if person.first_sponsor == person.model.now:
                person.first_sponsor = NEVER


def be_in_contact(person: Any, group: Any, values: Any) -> None:
    """Let somebody who is sponsored be in contact with the sponsor."""
    mine = person.own["sponsor"]
    mine["contacts"] = mine["sought"] = 0
    person.ports["drop"] *= 1.0 + values.loss_drives * mine["shaken"]
    tie = sponsored_by(person)
    if tie is None:
        return
    call, check_in, _, _ = person.words(GUIDING)
    wanting = person.visits < values.pledge and person.visits < group.held and check_in < values.check_in
    if not (happens(call, values.calls) or wanting):
        return
    mine["contacts"] = 1
    mine["sought"] = int(wanting)
    person.ports["drop"] *= 1.0 - values.call_holds
    person.ports["crisis"] *= 1.0 - values.call_steadies
    sponsor = tie.other
    early = (person.model.now - person.first_sponsor) * person.model.dt
    met = NEVER not in (person.joined, sponsor.joined)
    gap = max(0.0, (person.joined - sponsor.joined) * person.model.dt) if met else 0.0
    share = values.call_gain * math.exp(-early / values.early_weeks)
    share *= (gap / values.best_gap) * math.exp(1.0 - gap / values.best_gap)
    for name in ("hope", "self_efficacy", "coping"):
        ahead = max(0.0, getattr(sponsor, name) - getattr(person, name))
        setattr(person, name, getattr(person, name) + share * ahead)
    sponsor.strain += values.call_strain * (1.0 - sponsor.strain)
    move_up(person, sponsor, values.call_tie)


def after_progress(group: Any, values: Any) -> None:
    """Let those be proud who helped somebody who has come through."""
    for person in group.ring:
        if person.accommodated_at == person.model.now:
            for place in sorted(person.ties):
                tie = person.ties[place]
                if tie.received and tie.other in group.ring:
                    tie.other.commitment += values.pride * (1.0 - tie.other.commitment)
                    tie.other.hope += values.pride * (1.0 - tie.other.hope)


def after_leave(group: Any, values: Any) -> None:
    """Let those be shaken whose sponsor leaves."""
    for person in group.ring:
        mine, tie = person.own["sponsor"], sponsored_by(person)
        if not person.leaving and tie is not None and tie.other.leaving:
            person.model.log("sponsor_lost", person, tie.other)
            person.distress += values.loss_hurts * (1.0 - person.distress)
            mine["shaken"] = 1.0
            if person.words(GUIDING)[3] < values.lets_go:
                tie.kind = HELP_TIE
        else:
            mine["shaken"] -= values.loss_fade * mine["shaken"]
