"""The work of a group in the twin (ODD section 7, work)."""

from __future__ import annotations

import math

from twin_draws import UPKEEP, how_many
from twin_groups import TwinGroup
from twin_people import TwinPerson
from twin_terms import APPRENTICE, NEVER

LEAST_HOURS = 0.1
"""Hours a week that those in charge can give at least, where leading is shared."""
WITHOUT_END = 1e9
"""Sharers where nothing is called for: leading tires nobody."""


def without_work(group: TwinGroup) -> None:
    """Leave everybody all the time there is."""
    group.due = group.held = meetings_due(group)
    group.greeting, group.free = 1.0, 1.0
    group.sharers = max(1, group.helpers + group.organisers)


def work(group: TwinGroup) -> None:
    """Settle how many meetings there are, and what time is left for people."""
    values = group.values.work
    for person in group.ring:
        person.able = able(person)
    helpers = [person for person in group.ring if person.helper]
    organisers = [person for person in group.ring if person.carrier and not person.helper]
    opening = values.meeting_hours + values.member_hours * group.roll
    greet = values.newcomer_hours * expected(group)
    teach = values.mentor_hours * sum(person.role == APPRENTICE for person in group.ring)
    by_helpers, by_organisers = got_done(helpers), got_done(organisers)
    left = max(0.0, by_helpers - max(0.0, opening - by_organisers))
    group.hours_asked, group.hours_open = opening + greet + teach, opening
    group.hours_done = by_helpers + by_organisers
    group.greeting = share(left, greet)
    group.free = max(0.0, left - greet - teach) / by_helpers if by_helpers > 0.0 else 0.0
    can_give = values.hours * sum(person.spare_time for person in helpers + organisers)
    group.sharers = max(LEAST_HOURS, can_give) / group.hours_asked if group.hours_asked > 0.0 else WITHOUT_END
    covered = share(group.hours_done, opening)
    group.due = meetings_due(group)
    chance = 1.0 - math.exp(-(values.bare + values.carried * covered))
    group.held = how_many(group.words(UPKEEP)[0], group.due, chance)


def meetings_due(group: TwinGroup) -> int:
    """Return how many meetings are due in this step."""
    values, now = group.values, group.model.now
    pace = values.meetings_per_week * values.dt
    return max(1, math.floor(pace * (now + 1)) - math.floor(pace * now))


def able(person: TwinPerson) -> float:
    """Return what somebody gets done, of what a seasoned and rested helper would."""
    values = person.values.work
    return (values.green + (1.0 - values.green) * person.know_how) * (1.0 - values.tired * person.strain)


def got_done(people: list[TwinPerson]) -> float:
    """Return the hours' work that these people get done in a week."""
    return sum(person.values.work.hours * person.spare_time * person.able for person in people)


def share(done: float, asked: float) -> float:
    """Return how much of what is called for is done, at most all of it."""
    return min(1.0, done / asked) if asked > 0.0 else 1.0


def expected(group: TwinGroup) -> float:
    """Return the first visits a week expected now."""
    return sum(person.joined == NEVER for person in group.ring) / group.model.dt
