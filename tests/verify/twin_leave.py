"""Leaving a group or the community in the twin (ODD section 7, leave)."""

from __future__ import annotations

import math

from twin_draws import PARTING, ROLE, happens
from twin_groups import in_proportion
from twin_people import TwinPerson
from twin_terms import (
    CAME_ONCE,
    CONFLICT,
    DRIFTED_OFF,
    DROPPED_OUT,
    FORMER,
    GRADUATED,
    MEMBER,
    MOVED_AWAY,
    NEVER,
    RELAPSED,
    SETTLED,
)


def leave(person: TwinPerson) -> None:
    """Let somebody leave the community or the group."""
    values = person.values.leave
    move, settle, _, _ = person.words(PARTING)
    if happens(move, values.moves_per_year):
        person.leaving = MOVED_AWAY
    elif person.membership == MEMBER:
        if not person.leaving and (person.joined != NEVER or person.group.held):
            leave_group(person)
    elif (person.model.now - person.arrived) * person.model.dt >= 104.0:
        well = person.accommodated and person.distress < values.well_below
        if happens(settle, values.settle_per_year * (values.settle_well if well else 1.0)):
            person.leaving = SETTLED
    if person.membership == MEMBER:
        person.loss -= values.loss_fade * person.loss


def leave_group(person: TwinPerson) -> None:
    """Let a member leave the group for one of the competing reasons."""
    values, group = person.values.leave, person.group
    calm = person.accommodated and person.distress < values.well_below
    greeted = person.first_contact == person.model.now
    welcome = values.greeting * group.greeting * greeted
    once = values.once_hazard * min(values.once_most, person.propensity) * (1.0 - welcome)
    done = values.graduate_hazard * math.sqrt(person.propensity) * (1.0 - values.commitment_keeps * person.commitment)
    hazards = {
        (DRIFTED_OFF if calm else DROPPED_OUT): hazard_of_dropping_out(person),
        CAME_ONCE: once if person.at_first_visit else 0.0,
        GRADUATED: done if calm else 0.0,
        RELAPSED: values.relapse_hazard if person.in_crisis else 0.0,
        CONFLICT: person.values.quarrel.conflict_hazard * (1.0 - person.trust) if group.conflict else 0.0,
    }
    if person.words(PARTING)[3] < 1.0 - math.exp(-sum(hazards.values())):
        person.leaving = in_proportion(hazards, person.words(ROLE)[3])


def hazard_of_dropping_out(person: TwinPerson) -> float:
    """Return the hazard of dropping out."""
    values = person.values.leave
    hold = (
        -values.belonging_holds * person.belonging
        - values.commitment_holds * person.commitment
        - values.hope_holds * (person.hope - 0.4)
        + values.unmet_drives * person.unmet
        - values.fit_holds * (person.fit - 0.6)
        - values.belief_holds * (person.belief_fit - 0.6)
    )
    hazard = values.drop_hazard * person.propensity * math.exp(hold) * (1.0 + values.loss_drives * person.loss)
    if person.carrier:
        hazard *= values.helper_stays
    if not person.attended:
        hazard *= values.absent_drifts
    if person.sponsored:
        hazard *= math.exp(-person.values.bond.sponsor_holds)
    return hazard * person.ports["drop"]


def outside(person: TwinPerson) -> bool:
    """Tell whether somebody is not a member."""
    return person.membership != MEMBER


def former(person: TwinPerson) -> bool:
    """Tell whether somebody was a member and is not now."""
    return person.membership == FORMER
