"""Meetings of the twin: coming and hearing (ODD section 7, attend and share)."""

from __future__ import annotations

import math

from twin_draws import MEETING, clip, how_many, logistic
from twin_groups import TwinGroup
from twin_people import TwinPerson
from twin_terms import NEVER, NEWCOMER, NO_ROLE


def attend(group: TwinGroup) -> None:
    """Let members come or stay away."""
    for person in group.ring:
        if group.held and person.joined == NEVER:
            first_visit(person, group)
        elif group.held:
            person.visits = how_many(person.words(MEETING)[0], group.held, chance_of_coming(person, group))
        person.attended = person.visits > 0
        form_habit(person)
        group.visits += person.visits
        if person.attended:
            person.meetings += 1
            group.attended += 1
            group.helpers_there += person.helper


def first_visit(person: TwinPerson, group: TwinGroup) -> None:
    """Let somebody be at one meeting for the first time."""
    person.joined = person.model.now
    person.visits = 1
    if person.role == NO_ROLE:
        person.role = NEWCOMER
    group.newcomers += 1
    group.first_visits += 1
    person.model.log("first_visit", person, value=group.number)


def chance_of_coming(person: TwinPerson, group: TwinGroup) -> float:
    """Return the chance with which a member comes to each meeting held in this step."""
    values = person.values.attend
    leaderless = group.leaderless >= values.leaderless_weeks
    return logistic(
        values.ease
        + values.belonging_pull * person.belonging
        + values.role_pull * person.carrier
        + values.hope_pull * (person.hope - 0.4)
        - values.distress_push * (person.distress - 0.5)
        - values.barrier_push * (1.0 - values.remote) * person.access_barrier
        - values.leaderless_push * leaderless
        + person.ports["attend"]
    )


def form_habit(person: TwinPerson) -> None:
    """Let commitment grow by coming and fade by staying away."""
    values = person.values.attend
    if person.attended:
        person.commitment += values.habit * (1.0 - person.commitment)
    else:
        person.commitment -= values.habit_loss * person.commitment


def share(group: TwinGroup) -> None:
    """Let members hear one another; effects rest on the values at the start."""
    tellers = [(place, person, voice(person)) for place, person in enumerate(group.ring) if person.attended]
    rate = group.values.share.talk_rate
    speakers = [
        (place, person, loud)
        for place, person, loud in tellers
        if person.words(MEETING)[2] < 1.0 - math.exp(-rate * loud)
    ]
    changed = []
    for place, person in enumerate(group.ring):
        if person.attended:
            heard = heard_by(person, place, speakers, len(group.ring))
            if heard:
                changed.append((person, effects_of_hearing(person, heard, group)))
    for person, effects in changed:
        person.heard_anybody = True
        person.met_alike = effects.pop("met_alike")
        for name, change in effects.items():
            setattr(person, name, clip(getattr(person, name) + change))


def voice(person: TwinPerson) -> float:
    """Return how much a member who is there is heard."""
    values = person.values.share
    factor = 1.0
    if person.carrier:
        factor = values.helper_voice
    elif person.at_first_visit:
        factor = values.first_voice
    return person.sharing_skill * factor * person.ports["speak"]


def heard_by(
    hearer: TwinPerson, place: int, speakers: list[tuple[int, TwinPerson, float]], size: int
) -> list[tuple[TwinPerson, float]]:
    """Return the speakers next clockwise, with their voices."""
    others = [speaker for speaker in speakers if speaker[1] is not hearer]
    others.sort(key=lambda speaker: (speaker[0] - place) % size)
    return [(person, loud) for _, person, loud in others[: hearer.values.share.heard_at_most]]


def effects_of_hearing(hearer: TwinPerson, heard: list[tuple[TwinPerson, float]], group: TwinGroup) -> dict[str, float]:
    """Return what hearing these people changes in the hearer, and the likeness met."""
    values = hearer.values.share
    total = alike = hope = coping = efficacy = distress = 0.0
    living_proof = False
    for teller, loud in heard:
        like = hearer.likeness(teller, values.breadth)
        visible = 1.0 if teller.accommodated else 1.0 - values.needs_veteran
        gap = max(0.0, teller.hope - hearer.hope)
        total += loud
        alike += loud * like
        distress += loud * teller.distress
        hope += loud * like * visible * gap * max(0.0, 1.0 - gap / (2.0 * values.best_gap))
        if teller.accommodated:
            living_proof = living_proof or teller.hope > hearer.hope
            coping += loud * like * max(0.0, teller.coping - hearer.coping)
            efficacy += loud * like * max(0.0, teller.self_efficacy - hearer.self_efficacy)
    opened = values.guarded + (1.0 - values.guarded) * group.climate
    untaught = hearer.values.bequeath.untaught
    taught = untaught + (1.0 - untaught) * group.legacy
    alike, distress = alike / total, distress / total
    weighs = max(0.0, distress - values.despair_above)
    despair = 0.0 if living_proof else values.despair * weighs * hearer.hope
    times = dose(hearer, group) * hearer.ports["hear"]
    changes = {
        "hope": values.hope_gain * opened * hope / total - despair,
        "coping": values.coping_gain * opened * taught * coping / total,
        "self_efficacy": values.efficacy_gain * opened * efficacy / total,
        "shame": -values.shame_relief * alike * hearer.shame,
        "identification": values.identification_gain * alike * (1.0 - hearer.identification),
    }
    return {"met_alike": alike} | {name: times * change for name, change in changes.items()}


def dose(person: TwinPerson, group: TwinGroup) -> float:
    """Return how many times what one meeting a week does is done by the meetings one came to."""
    values = person.values
    rate = values.meetings_per_week / group.due * person.visits
    return rate if rate <= 1.0 else math.exp(values.share.dose_exponent * math.log(rate))
