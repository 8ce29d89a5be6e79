"""Roles in the twin (ODD section 7, serve)."""

from __future__ import annotations

import math

from twin_draws import ROLE, UPKEEP, happens
from twin_groups import TwinGroup, in_proportion
from twin_people import TwinPerson
from twin_terms import (
    APPRENTICE,
    BURNT_OUT,
    HELPER,
    LEFT_WITH_ROLE,
    NEVER,
    NEWCOMER,
    ORGANISER,
    OTHER_WORK_LEFT,
    PLAIN_MEMBER,
)

ROUNDING = 1e-9
"""Know-how by which somebody may fall short of enough, since it is a sum of rounded steps."""


def serve(group: TwinGroup) -> None:
    """Let members take and leave roles."""
    departing = who_departs(group)
    newcomers = [person for person in group.ring if person.role == NEWCOMER]
    for person in group.ring:
        if person.helper:
            person.steps_helping += 1
        if person is departing:
            end_role(person, LEFT_WITH_ROLE)
            person.leaving = LEFT_WITH_ROLE
        else:
            keep_role(person, group)
    new_helpers = 0
    for person in group.ring:
        if can_take_role(person) and person not in newcomers:
            new_helpers += take_role(person, group)
    fill_places(group, new_helpers)


def keep_role(person: TwinPerson, group: TwinGroup) -> None:
    """Settle newcomers, end roles, end rests."""
    if person.resting and person.strain < person.values.serve.rested_at:
        person.resting = False
    if person.role == NEWCOMER and person.meetings * person.model.dt >= person.values.serve.newcomer_weeks:
        person.role = PLAIN_MEMBER
    elif person.role == HELPER:
        leave_role(person, group)
    elif person.role == ORGANISER and happens(person.words(ROLE)[1], person.values.serve.turnover_per_year):
        end_role(person, OTHER_WORK_LEFT)


def leave_role(person: TwinPerson, group: TwinGroup) -> None:
    """Let a helper leave the role by turnover, burning out or at the end of a term."""
    values = person.values.serve
    _, step_down, goes_too, reason = person.words(ROLE)
    burning = values.burnout_per_year * (math.exp(values.strain_tells * person.strain) - 1.0)
    hazards = {BURNT_OUT: burning, LEFT_WITH_ROLE: values.turnover_per_year}
    served = (person.model.now - person.helper_since) * person.model.dt
    if step_down < 1.0 - math.exp(-sum(hazards.values())):
        if in_proportion(hazards, reason) == BURNT_OUT:
            burn_out(person, goes_too)
        else:
            end_role(person, LEFT_WITH_ROLE)
            if goes_too < values.leaves_with_role:
                person.leaving = LEFT_WITH_ROLE
    elif values.term_weeks > 0 and served >= values.term_weeks:
        end_role(person, LEFT_WITH_ROLE)


def burn_out(person: TwinPerson, goes_too: float) -> None:
    """End the role of somebody burnt out."""
    end_role(person, BURNT_OUT)
    if goes_too < person.values.serve.burnt_out_leaves:
        person.leaving = BURNT_OUT
    else:
        person.resting = True


def end_role(person: TwinPerson, reason: int) -> None:
    """Let somebody become a member like others."""
    if person.helper:
        person.group.helpers_lost += 1
        person.group.vacancies += 1
        person.role_left = person.model.now
        person.model.log("role_ended", person, value=reason)
    else:
        person.model.log("organiser_ended", person, value=reason)
    person.role = PLAIN_MEMBER
    person.role_end = reason


def can_take_role(person: TwinPerson) -> bool:
    """Tell whether a member can take a role."""
    weeks_of_meetings = person.meetings * person.model.dt
    weeks_since = (person.model.now - person.role_left) * person.model.dt
    return (
        person.accommodated
        and person.role == PLAIN_MEMBER
        and weeks_of_meetings >= person.values.serve.seasoning
        and not person.resting
        and not person.role_end
        and not person.leaving
        and (person.role_left == NEVER or weeks_since >= person.values.serve.rest_weeks)
    )


def take_role(person: TwinPerson, group: TwinGroup) -> bool:
    """Let a member become helper or organiser, both in one draw, and tell whether there is a new helper."""
    values = person.values.serve
    take, _, _, reason = person.words(ROLE)
    surplus = max(0.0, values.enough * group.helpers - group.seekers) / group.roll
    shortage = max(0.0, group.seekers - values.short_at * group.helpers) / group.roll
    called = readiness(person)
    helping = values.become_hazard * called * (1.0 + values.asking * shortage) / (1.0 + values.crowding * surplus)
    helping *= person.ports["serve"]
    if person.first_helper != NEVER:
        helping *= values.again
    organising = values.organise_hazard * person.self_efficacy * person.belonging / (1.0 + group.organisers)
    hazards = {HELPER: helping, ORGANISER: organising}
    if take < 1.0 - math.exp(-sum(hazards.values())):
        if in_proportion(hazards, reason) == HELPER:
            return begin_to_help(person, group)
        person.role = ORGANISER
        person.successor = False
        person.model.log("became_organiser", person, value=group.number)
    return False


def begin_to_help(person: TwinPerson, group: TwinGroup) -> bool:
    """Let somebody who wishes to help do so, or learn it first, and tell whether there is a new helper."""
    if person.values.prepare.enabled and not knows_enough(person):
        person.role = APPRENTICE
        person.apprentice_since = person.model.now
        person.successor = False
        return False
    become_helper(person, group)
    return True


def knows_enough(person: TwinPerson) -> bool:
    """Tell whether somebody knows enough of the work to help alone."""
    return person.know_how >= person.values.prepare.able_at - ROUNDING


def fill_places(group: TwinGroup, new_helpers: int) -> None:
    """Let each new helper take a place that fell vacant, if there is one."""
    group.vacancies -= min(group.vacancies, new_helpers)


def become_helper(person: TwinPerson, group: TwinGroup) -> None:
    """Make a member a helper; the first time, credit those who helped."""
    person.role = HELPER
    person.helper_since = person.model.now
    person.successor = False
    if person.first_helper == NEVER:
        person.first_helper = person.model.now
        group.helpers_made += 1
        received = sum(tie.received for tie in person.ties.values())
        for tie in person.ties.values():
            if tie.received:
                tie.other.credit += tie.received / received
    person.model.log("became_helper", person, value=group.number)


def readiness(person: TwinPerson) -> float:
    """Return how ready somebody is to take a place that fell vacant."""
    counts = person.values.serve.skill_counts
    shares = 1.0 - counts + counts * (2.0 * person.sharing_skill / (1.0 + person.sharing_skill))
    return person.willingness * person.self_efficacy * person.belonging * shares


def who_departs(group: TwinGroup) -> TwinPerson | None:
    """Return the helper who leaves the group in this step apart from all turnover, if one does."""
    helpers = [person for person in group.ring if person.helper]
    if helpers and happens(group.words(UPKEEP)[1], group.values.serve.departures_per_year):
        return max(helpers, key=lambda person: person.words(ROLE)[2])
    return None
