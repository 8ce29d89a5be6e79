"""Preparation and succession in the twin (ODD section 7, prepare)."""

from __future__ import annotations

from twin_draws import ROLE, happens
from twin_groups import TwinGroup
from twin_people import TwinPerson
from twin_roles import become_helper, can_take_role, fill_places, knows_enough, readiness
from twin_terms import APPRENTICE, NOBODY, PLAIN_MEMBER


def prepare(group: TwinGroup) -> None:
    """Let know-how move, helpers and successors come from those who are prepared, and the plan go on."""
    learn(group)
    for person in group.ring:
        if person.role == APPRENTICE and person.apprentice_since == group.model.now:
            descend(person, group)
    finish(group)
    follow(group)
    plan(group)


def waiting(person: TwinPerson) -> bool:
    """Tell whether a member is prepared and waits to follow."""
    return person.successor and person.role == PLAIN_MEMBER and knows_enough(person)


def learn(group: TwinGroup) -> None:
    """Move everybody's know-how."""
    values, dt = group.values.prepare, group.model.dt
    apprentices = [person for person in group.ring if person.role == APPRENTICE]
    apprentices.sort(key=lambda person: (person.apprentice_since, person.who))
    taught = apprentices[: group.helpers]
    for person in group.ring:
        if person.helper:
            person.know_how += values.practice * (1.0 - person.know_how)
        elif person.role == APPRENTICE:
            pace = 1.0 if person in taught else max(values.alone, group.values.bequeath.record * group.legacy)
            person.know_how = min(1.0, person.know_how + values.able_at * dt / values.weeks * pace)
        elif not waiting(person):
            person.know_how -= values.forget * person.know_how


def finish(group: TwinGroup) -> None:
    """Let apprentices who know enough become helpers, or wait to follow one."""
    new_helpers = 0
    for person in group.ring:
        if person.role == APPRENTICE and knows_enough(person) and person.accommodated and not person.leaving:
            if person.successor:
                person.role = PLAIN_MEMBER
            else:
                become_helper(person, group)
                new_helpers += 1
    fill_places(group, new_helpers)


def follow(group: TwinGroup) -> None:
    """Let those who wait take the places that are vacant."""
    while group.vacancies > 0:
        ready = [person for person in group.ring if waiting(person) and can_take_role(person)]
        if not ready:
            break
        readiest = min(ready, key=lambda person: (-readiness(person), person.who))
        become_helper(readiest, group)
        group.vacancies -= 1


def plan(group: TwinGroup) -> None:
    """Ask the readiest member to prepare, while too few do."""
    values = group.values.prepare
    preparing = sum(p.successor and (p.role == APPRENTICE or waiting(p)) for p in group.ring)
    if preparing >= values.successors or not group.helpers + group.organisers:
        return
    ready = [p for p in group.ring if can_take_role(p) and not knows_enough(p)]
    if ready:
        asked = min(ready, key=lambda person: (-readiness(person), person.who))
        if happens(asked.words(ROLE)[2], values.ask_per_week):
            asked.role, asked.successor = APPRENTICE, True
            asked.apprentice_since = group.model.now
            descend(asked, group)


def descend(person: TwinPerson, group: TwinGroup) -> None:
    """Note from whom the help of somebody who begins to learn will descend."""
    helpers = [other for other in group.ring if other.helper]
    if not helpers:
        person.descent, person.generation = NOBODY, 0
        return
    teacher = min(helpers, key=lambda other: (-closeness(person, other), -other.know_how, other.who))
    person.descent = teacher.who if teacher.descent == NOBODY else teacher.descent
    person.generation = teacher.generation + 1


def closeness(person: TwinPerson, other: TwinPerson) -> float:
    """Return the strength of a person's tie to another, 0 without one."""
    tie = person.tie_with(other)
    return tie.strength if tie else 0.0
