"""Help one to one in the twin (ODD section 7, help)."""

from __future__ import annotations

import math
from collections import defaultdict

from twin_draws import HELPING, clip, happens
from twin_groups import TwinGroup
from twin_people import TwinPerson
from twin_terms import IMPACT, NEVER, RECOIL, SPONSOR, YEAR

Changes = dict[TwinPerson, dict[str, float]]
LEAST_FREE = 0.05
"""Of helpers' time, left for those who ask at least."""


def help_phase(group: TwinGroup) -> None:
    """Let members ask and answer; effects rest on the values at the start."""
    values = group.values.help
    places = {person: place for place, person in enumerate(group.ring)}
    seekers = [person for person in group.ring if asks(person)]
    if values.policy == "neediest":
        seekers.sort(key=lambda person: -person.distress)
    changes: Changes = defaultdict(lambda: defaultdict(float))
    for person in group.ring:
        person.unmet -= values.unmet_fade * person.unmet
        lead(person, group, changes)
    for seeker in seekers:
        group.requests += 1
        if seeker.first_asked == NEVER:
            seeker.first_asked = seeker.model.now
        answerer = find_answerer(seeker, places[seeker], group)
        if answerer is None:
            go_without(seeker, group)
        else:
            answer(seeker, answerer, changes)
    for person, change in changes.items():
        for name, amount in change.items():
            setattr(person, name, clip(getattr(person, name) + amount))


def asks(person: TwinPerson) -> bool:
    """Tell whether a member asks for help in this step."""
    values = person.values.help
    held_back = (1.0 - values.reliance_silences * person.self_reliance) * (1.0 - values.shame_silences * person.shame)
    need = person.distress * held_back
    reach = 1.0 if person.attended else values.off_meeting
    hazard = values.ask_per_week * need * reach + values.ease_asks * person.tie_support
    if person.sponsored:
        hazard += person.values.bond.sponsor_calls
    return happens(person.words(HELPING)[0], hazard * person.ports["ask"])


def relief(person: TwinPerson) -> float:
    """Return how much of the strain of helping the group's arrangements leave."""
    values = person.values.supervise
    taken_off = (
        (values.supervision_relieves, values.supervision),
        (values.training_relieves, person.values.help.training),
        (values.forum_relieves, values.peer_forum),
    )
    return math.prod(1.0 - share * how_much for share, how_much in taken_off) if values.enabled else 1.0


def lead(person: TwinPerson, group: TwinGroup, changes: Changes) -> None:
    """Count the strain of leading, rest, and what strain does."""
    values = person.values.help
    change = changes[person]
    if person.carrier:
        change["strain"] += values.lead_strain / group.sharers * relief(person)
    change["strain"] -= min(1.0, values.rest * (1.0 + values.self_care)) * person.strain
    change["distress"] += values.strain_hurts * person.strain * (1.0 - person.distress)


def pull(seeker: TwinPerson, other: TwinPerson) -> float:
    """Return how strongly a seeker is drawn to a candidate."""
    values = seeker.values.help
    if other.helper:
        weight = 1.0
    elif other.accommodated:
        weight = values.informal
    else:
        return 0.0
    if not (seeker.attended and other.attended):
        weight *= values.off_meeting
    capacity = values.capacity_people * seeker.model.dt * (1.0 + values.skill_eases * (other.sharing_skill - 1.0))
    capacity *= other.spare_time
    if other.helper:
        capacity *= max(LEAST_FREE, other.group.free)
    tie = seeker.tie_with(other)
    known = 1.0 + values.known * tie.strength if tie else 1.0
    return weight * known / (1.0 + (other.load / capacity) ** 2) * other.ports["answer"]


def policy(seeker: TwinPerson, other: TwinPerson) -> float:
    """Return the factor of the group's way of matching."""
    model, tie = seeker.model, seeker.tie_with(other)
    name = seeker.values.help.policy
    if name == "alike":
        return seeker.likeness(other, seeker.values.share.breadth) ** 2
    if name == "veteran":
        return 1.0 + (model.now - other.joined) * model.dt / YEAR
    if name == "own_sponsor" and tie is not None and tie.kind == SPONSOR:
        return seeker.values.help.sponsor_pull
    return 1.0


def find_answerer(seeker: TwinPerson, place: int, group: TwinGroup) -> TwinPerson | None:
    """Return who answers a request, None if nobody does."""
    _, match, accept, _ = seeker.words(HELPING)
    ring = group.ring
    around = [ring[(place + k) % len(ring)] for k in range(1, len(ring))]
    pulls = [pull(seeker, other) for other in around]
    total = sum(pulls)
    values = seeker.values.help
    if accept >= total / (total + values.reluctance * (1.0 + values.formality_slows * group.formality)):
        return None
    pulls = [strength and strength * policy(seeker, other) for other, strength in zip(around, pulls, strict=True)]
    left = match * sum(pulls)
    chosen = None
    for other, strength in zip(around, pulls, strict=True):
        if strength > 0.0:
            chosen = other
            left -= strength
            if left < 0.0:
                break
    return chosen


def go_without(seeker: TwinPerson, group: TwinGroup) -> None:
    """Count a request that nobody met."""
    group.requests_unmet += 1
    seeker.unmet_requests += 1
    seeker.unmet += seeker.values.help.unmet_gain * (1.0 - seeker.unmet)


def answer(seeker: TwinPerson, helper: TwinPerson, changes: Changes) -> None:
    """Count what one helping does to both."""
    seeker.helped_by = helper
    seeker.help_received += 1
    helper.help_given += 1
    helper.help_this_year += 1
    helper.load += 1
    seeker.model.log("helped_by", seeker, other=helper)
    receive(seeker, helper, changes[seeker])
    give(seeker, helper, changes[helper])


def receive(seeker: TwinPerson, helper: TwinPerson, change: dict[str, float]) -> None:
    """Count what help does to the one who is helped."""
    values = seeker.values.help
    like = seeker.likeness(helper, seeker.values.share.breadth)
    close = (values.unlike_works + (1.0 - values.unlike_works) * like) * helper.able
    change["distress"] -= seeker.ports["comfort"] * values.comfort * close * seeker.distress
    close *= seeker.ports["learn"]
    if seeker.stage == IMPACT:
        change["identification"] += values.naming * close * (1.0 - seeker.identification)
    teaching = min(1.0, values.teaching * (2.0 if seeker.stage == RECOIL else 1.0) * close)
    change["coping"] += teaching * max(0.0, helper.coping - seeker.coping)
    change["hope"] += values.encourage * close * max(0.0, helper.hope - seeker.hope)
    change["self_efficacy"] += values.coaching * close * max(0.0, helper.self_efficacy - seeker.self_efficacy)
    seeker.dependency += values.dependency_gain * (1.0 - seeker.dependency)
    unfit = values.unfit_advice * (1.0 - like) * (1.0 - values.training) * (1.0 - helper.know_how)
    if seeker.words(HELPING)[3] < unfit:
        change["self_efficacy"] -= values.unfit_harm * seeker.self_efficacy
        change["trust"] -= values.unfit_trust * seeker.trust


def give(seeker: TwinPerson, helper: TwinPerson, change: dict[str, float]) -> None:
    """Count what help does to the one who helps."""
    values = seeker.values.help
    benefit = values.benefit_to_helper
    change["self_efficacy"] += benefit * values.helper_efficacy * (1.0 - helper.self_efficacy)
    change["hope"] += benefit * values.helper_hope * (1.0 - helper.hope)
    change["distress"] -= benefit * values.helper_relief * helper.distress
    helper.meaning += benefit * values.helper_meaning * (1.0 - helper.meaning)
    helper.belonging += values.helper_belonging * (1.0 - helper.belonging)
    helper.dependency -= values.helper_freed * helper.dependency
    weighs = values.strain_per_help * (values.strain_least + seeker.distress) / helper.spare_time
    change["strain"] += weighs * relief(helper)
