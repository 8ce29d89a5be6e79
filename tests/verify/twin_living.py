"""What everybody goes through in the twin (ODD section 7, arrive, live, progress)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from twin_draws import CHOICE_OF_GROUP, PARTING, WEEK_OUTSIDE, clip, happens, logistic
from twin_groups import TwinGroup
from twin_people import TwinPerson, likeness
from twin_terms import ACCOMMODATION, CHRONIC, FORMER, IMPACT, NEVER, RECOIL

if TYPE_CHECKING:
    from twin_model import TwinCommunity


def come(person: TwinPerson) -> None:
    """Let somebody outside decide to come to a group, or to come back."""
    community = person.community
    if community.open_groups == 0:
        return
    liked = choose_group(person, community)
    if liked is None:
        return
    remote = liked.values.arrive.remote
    hazard = hazard_of_return(person) if person.membership == FORMER else hazard_of_coming(person, remote)
    if happens(person.words(WEEK_OUTSIDE)[0], hazard * person.ports["come"]):
        person.going_to = liked


def reach(community: TwinCommunity) -> float:
    """Return how well the groups of a community are known."""
    values = community.model.values.arrive
    return (max(0.5, community.members / community.open_groups) / 15.0) ** values.word_of_mouth


def hazard_of_coming(person: TwinPerson, remote: float) -> float:
    """Return the hazard of a first coming, to a group that does away with so much of the barriers."""
    values, community = person.values.arrive, person.community
    weeks = (person.model.now - person.arrived) * person.model.dt
    barrier = (1.0 - remote) * person.access_barrier
    drive = (
        values.distress_drives * (person.distress - 0.6)
        + values.seen_draws * (person.identification - 0.5)
        + values.motivation_drives * person.motivation
        - values.barrier_keeps * barrier
        - values.shame_keeps * person.shame
        - values.reliance_keeps * person.self_reliance
        - weeks / values.fade_weeks
    )
    hazard = values.uptake * math.exp(drive) * reach(community)
    if weeks < 52.0:
        hazard += values.referral_per_year * (1.0 - barrier)
    if not person.accommodated and community.people > community.members:
        bringing = values.outreach * community.helpers + values.invite_per_year * community.members
        hazard += bringing / (community.people - community.members)
    return hazard


def hazard_of_return(person: TwinPerson) -> float:
    """Return the hazard with which a former member comes back."""
    values = person.values.arrive
    drive = values.distress_returns * (person.distress - 0.5) + values.commitment_returns * person.commitment
    return values.return_hazard * math.exp(drive) * reach(person.community)


def choose_group(person: TwinPerson, community: TwinCommunity, barred: TwinGroup | None = None) -> TwinGroup | None:
    """Return the most alike of up to four drawn groups with room, None if there is none."""
    listed = community.with_room
    if len(listed) <= 1:
        return listed[0] if listed and listed[0] is not barred else None
    words = person.words(CHOICE_OF_GROUP)
    best, best_like = None, -1.0
    for u in words:
        group = listed[int(u * len(listed))]
        if group is barred:
            continue
        like = likeness(person.profile_x - group.profile_x, person.profile_y - group.profile_y, 1.0)
        if group.form:
            keeps = person.model.values.arrive.barrier_keeps * (1.0 - group.values.arrive.remote)
            holds = group.values.leave.belief_holds * (person.belief_fit - 0.6)
            like *= math.exp(holds - keeps * person.access_barrier)
        if like > best_like:
            best, best_like = group, like
    return best


def live(person: TwinPerson) -> None:
    """Let somebody live through the week outside."""
    values, stigma = person.values.live, person.values.community
    _, shock_u, crisis_u, _ = person.words(WEEK_OUTSIDE)
    d, e, coping = person.distress, person.self_efficacy, person.coping
    shock = happens(shock_u, values.shocks_per_year)
    contact = values.services_per_year * (1.0 - person.access_barrier) * person.ports["service"]
    service = happens(person.words(PARTING)[2], contact)
    crisis = happens(crisis_u, hazard_of_crisis(person) * person.ports["crisis"])
    taken = (
        values.kin_buffer * person.kin_support + values.coping_buffer * coping + values.ties_buffer * person.tie_support
    )
    buffer = min(values.most_buffered, taken)
    fall = (values.fall_resilient, values.fall_recovering, values.fall_chronic)[person.resilience]
    distress = d - (fall + values.coping_relief * coping + values.meaning_relief * person.meaning) * d
    distress += values.loneliness * person.isolation * (1.0 - d)
    distress += person.ports["shock"] * shock * values.shock_size * (1.0 - buffer) * (1.0 - d)
    distress += crisis * values.crisis_distress * (1.0 - d) - service * values.service_relief * d
    target = person.hope_baseline + values.ease_hope * (1.0 - d) * (1.0 - person.hope_baseline)
    target *= 1.0 - values.bleakness_dims * stigma.bleakness
    goal = person.efficacy_baseline + values.coping_tells * (coping - person.efficacy_baseline)
    e += (values.mastery if goal > e else values.doubt) * (goal - e)
    e *= (1.0 - values.service_power_gap * service) * (1.0 - values.crisis_doubt * crisis)
    person.hope = clip(person.hope + values.hope_drift * (target - person.hope))
    person.coping = clip(
        coping + values.practice * (1.0 - values.distress_hinders * d) * (1.0 - coping) - values.rust * coping
    )
    person.distress, person.self_efficacy = clip(distress), clip(e)
    settle_feelings(person)
    if crisis:
        suffer_crisis(person)


def settle_feelings(person: TwinPerson) -> None:
    """Move identification, shame and isolation."""
    values = person.values.live
    grown = (
        values.recognition
        * (values.seen_alone + (1.0 - values.seen_alone) * person.kin_support)
        * (1.0 - person.identification)
    )
    person.identification = clip(person.identification + grown)
    person.shame = clip(person.shame + values.shame_drift * (person.shame_baseline - person.shame))
    lonely = (1.0 - person.kin_support) * (1.0 - values.company * person.tie_support)
    person.isolation = clip(person.isolation + values.isolation_drift * (lonely - person.isolation))


def hazard_of_crisis(person: TwinPerson) -> float:
    """Return the hazard of a crisis."""
    values = person.values.live
    return values.crisis_per_year * math.exp(
        values.distress_risks * (person.distress - 0.5)
        - values.efficacy_protects * (person.self_efficacy - 0.4)
        - values.motivation_protects * person.motivation
        - values.belonging_protects * person.belonging
        - values.ties_protect * person.tie_support
    )


def suffer_crisis(person: TwinPerson) -> None:
    """Note a crisis."""
    person.in_crisis = True
    person.crises += 1
    person.last_crisis = person.model.now
    person.model.log("crisis", person)


def progress(person: TwinPerson) -> None:
    """Move somebody along the passage, or back."""
    values = person.values.progress
    u = person.words(WEEK_OUTSIDE)[3]
    if person.in_crisis:
        if person.stage != IMPACT and u < values.setback:
            person.stage -= 1
            person.model.log("set_back", person, value=person.stage)
    elif person.stage == IMPACT:
        ease = (1.0, values.recovering_ease, 0.0)[person.resilience]
        seeing = values.see_hazard * person.identification * (1.0 - values.shame_blinds * person.shame)
        if happens(u, seeing + values.time_hazard * (values.least_ease + ease)):
            enter_stage(person, RECOIL)
    elif person.stage == RECOIL:
        ready = logistic(values.steepness * (all_three(person) - values.threshold))
        ready *= values.chronic_slows if person.resilience == CHRONIC else 1.0
        if happens(u, values.learn_hazard * ready * (1.0 - values.distress_hinders * person.distress)):
            enter_stage(person, ACCOMMODATION)


def all_three(person: TwinPerson) -> float:
    """Return the harmonic mean of hope, self-efficacy and coping."""
    parts = (person.hope, person.self_efficacy, person.coping)
    return 0.0 if min(parts) <= 0.0 else 3.0 / sum(1.0 / part for part in parts)


def enter_stage(person: TwinPerson, stage: int) -> None:
    """Move on to a stage and note the first time."""
    person.stage = stage
    if stage == RECOIL and person.recoil_at == NEVER:
        person.recoil_at = person.model.now
    if stage == ACCOMMODATION and person.accommodated_at == NEVER:
        person.accommodated_at = person.model.now
    person.model.log("recoil" if stage == RECOIL else "accommodation", person, value=stage)
