"""The week outside: what life does to everybody in need, in a group or not.

For each person, from the values at the start of the phase (d distress, e self-efficacy):

    buffer    = min(most_buffered, kin_buffer * kin_support + coping_buffer * coping + ties_buffer * tie_support)
    distress' = d - (fall + coping_relief * coping + meaning_relief * meaning) * d
                  + loneliness * isolation * (1 - d)
                  + [shock] shock_size * (1 - buffer) * (1 - d)
                  - [service] service_relief * d
                  + [crisis] crisis_distress * (1 - d)
    target of hope   = (hope_baseline + ease_hope (1 - d) (1 - hope_baseline)) * (1 - bleakness_dims * bleakness)
    hope'            = hope + hope_drift * (target - hope)
    coping'          = coping + practice * (1 - distress_hinders * d) * (1 - coping) - rust * coping
    target of e      = (1 - coping_tells) efficacy_baseline + coping_tells * coping
    e'               = (e + (mastery if the target is above, else doubt) * (target - e))
                       * (1 - service_power_gap [service]) * (1 - crisis_doubt [crisis])
    identification'  = identification + recognition * (seen_alone + (1 - seen_alone) kin_support) * (1 - identification)
    shame'           = shame + shame_drift * (shame_baseline - shame)
    isolation'       = isolation + 0.05 a week of the way to (1 - kin_support) * (1 - company * tie_support)

`fall` is the natural recovery of the person's class (many recover unaided). A shock has hazard `shocks_per_year`; a
contact with services ``services_per_year * (1 - access_barrier)``; a crisis

    crisis_per_year * exp(distress_risks (d - 0.5) - efficacy_protects (e - 0.4) - motivation_protects * motivation
                          - belonging_protects * belonging - ties_protect * tie_support)

Services are the same for members and others. Results are held within 0 to 1.

Sources: E33, E94-E98, E104-E105, E188 client role; V44, V97-V99 natural course.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.core.maths import clip, exp, happens
from mhsim.core.params import Parameters, par, switch
from mhsim.kernel_helpers import MIDPOINT, TYPICAL_EFFICACY, drift
from mhsim.schema import CHRONIC, RESILIENT

WRITES = {
    "people": (
        "distress",
        "hope",
        "coping",
        "self_efficacy",
        "identification",
        "shame",
        "isolation",
        "in_crisis",
        "crises",
        "last_crisis",
    ),
}
NEUTRAL = {
    "fall_resilient": 0.0,
    "fall_recovering": 0.0,
    "fall_chronic": 0.0,
    "coping_relief": 0.0,
    "meaning_relief": 0.0,
    "loneliness": 0.0,
    "shocks_per_year": 0.0,
    "services_per_year": 0.0,
    "crisis_per_year": 0.0,
    "hope_drift": 0.0,
    "practice": 0.0,
    "rust": 0.0,
    "mastery": 0.0,
    "doubt": 0.0,
    "recognition": 0.0,
    "shame_drift": 0.0,
    "isolation_drift": 0.0,
}


class Live(Parameters):
    """Parameters of the week outside."""

    enabled: bool = switch("whether life outside does anything")
    fall_resilient: float = par(
        0.05, 0, 1, unit="share/week", why="of distress, lost by the resilient", source="V97 V98"
    )
    fall_recovering: float = par(
        0.018, 0, 1, unit="share/week", why="of distress, lost by the recovering", source="V98"
    )
    fall_chronic: float = par(0.003, 0, 1, unit="share/week", why="of distress, lost by the chronic", source="V98")
    coping_relief: float = par(0.02, 0, 1, unit="share/week", why="of distress, lifted by coping", source="assumed")
    meaning_relief: float = par(
        0.004, 0, 1, unit="share/week", why="of distress, lifted by meaning found", source="E29", benefit=True
    )
    loneliness: float = par(0.004, 0, 1, unit="share/week", why="distress that isolation brings", source="assumed; E96")
    company: float = par(0.5, 0, 1, unit="share", why="how far ties relieve isolation", source="E96", benefit=True)
    shocks_per_year: float = par(1.04, 0, 52, unit="1/year", why="stressful events", source="assumed")
    shock_size: float = par(0.35, 0, 1, unit="share", why="distress that a shock brings", source="assumed")
    kin_buffer: float = par(0.3, 0, 1, unit="share", why="of a shock, taken by kin", source="assumed; E94")
    coping_buffer: float = par(0.3, 0, 1, unit="share", why="of a shock, taken by coping", source="assumed; E83")
    most_buffered: float = par(0.6, 0, 1, unit="share", why="of a shock, taken at most", source="assumed")
    ties_buffer: float = par(0.4, 0, 1, unit="share", why="of a shock, taken by ties", source="E94", benefit=True)
    services_per_year: float = par(1.5, 0, 52, unit="1/year", why="contacts with services", source="assumed; V103")
    service_relief: float = par(0.04, 0, 1, unit="share", why="of distress, lifted by a service", source="assumed")
    service_power_gap: float = par(
        0.005, 0, 1, unit="share", why="of self-efficacy, lost in the role of client", source="E188"
    )
    hope_drift: float = par(0.03, 0, 1, unit="share/week", why="pull of hope to its own level", source="assumed")
    ease_hope: float = par(0.45, 0, 1, unit="share", why="how far ease raises the level of hope", source="assumed; E44")
    bleakness_dims: float = par(
        0.5, 0, 1, unit="share", why="of the level of hope, lost in bleak places", source="assumed; E45"
    )
    practice: float = par(0.004, 0, 1, unit="share/week", why="coping learnt by living with it", source="assumed")
    distress_hinders: float = par(
        0.5, 0, 1, unit="share", why="of learning to cope, lost in full distress", source="assumed"
    )
    rust: float = par(0.002, 0, 1, unit="share/week", why="coping forgotten", source="assumed")
    mastery: float = par(0.02, 0, 1, unit="share/week", why="coping turns into efficacy", source="E48")
    coping_tells: float = par(0.5, 0, 1, unit="share", why="how far efficacy rests on coping", source="assumed; E48")
    doubt: float = par(0.005, 0, 1, unit="share/week", why="efficacy beyond coping wears off", source="assumed")
    recognition: float = par(
        0.008, 0, 1, unit="share/week", why="identification that grows outside: kin, media, time", source="assumed"
    )
    seen_alone: float = par(0.3, 0, 1, unit="share", why="of recognition outside, left without kin", source="assumed")
    shame_drift: float = par(0.02, 0, 1, unit="share/week", why="pull of shame to its own level", source="assumed")
    isolation_drift: float = par(0.05, 0, 1, unit="share/week", why="pull of isolation to its level", source="assumed")
    crisis_per_year: float = par(0.5, 0, 52, unit="1/year", why="crises or relapses, typical", source="assumed; E33")
    crisis_distress: float = par(0.2, 0, 1, unit="share", why="distress that a crisis brings", source="assumed; E33")
    crisis_doubt: float = par(0.1, 0, 1, unit="share", why="of self-efficacy, lost in a crisis", source="assumed; E33")
    distress_risks: float = par(2.0, -10, 10, unit="weight", why="distress brings crises on", source="assumed; E33")
    efficacy_protects: float = par(1.5, -10, 10, unit="weight", why="efficacy keeps crises off", source="assumed; V32")
    motivation_protects: float = par(0.3, -10, 10, unit="weight", why="motivation keeps crises off", source="assumed")
    belonging_protects: float = par(
        0.4, 0, 10, unit="weight", why="belonging lowers the hazard of crisis", source="E33 E63", benefit=True
    )
    ties_protect: float = par(
        0.4, 0, 10, unit="weight", why="ties lower the hazard of crisis", source="E33 E95", benefit=True
    )


@kernel
def live(people, luck, ports, clock, bleakness, p):  # type: ignore[no-untyped-def]
    """Let a step of life pass for each person; `bleakness` is that of the community."""
    for i in range(len(people)):
        d, e = people.distress[i], people.self_efficacy[i]
        crisis = happens(luck.crisis[i], _crisis_hazard(people, i, p) * ports.crisis[i])
        shock = happens(luck.shock[i], p.shocks_per_year)
        contact = p.services_per_year * (1.0 - people.access_barrier[i]) * ports.service[i]
        service = happens(luck.service[i], contact)
        distress = _distress(people, i, d, shock, ports.shock[i], service, p)
        efficacy = _efficacy(people, i, e, service, p)
        _learn(people, i, d, bleakness, p)
        people.in_crisis[i] = 1 if crisis else 0
        if crisis:
            distress += p.crisis_distress * (1.0 - d)
            efficacy = efficacy * (1.0 - p.crisis_doubt)
            people.crises[i] += 1
            people.last_crisis[i] = clock.step
        people.distress[i] = clip(distress)
        people.self_efficacy[i] = clip(efficacy)


@kernel
def _crisis_hazard(people, i, p):  # type: ignore[no-untyped-def]
    tilt = p.distress_risks * (people.distress[i] - MIDPOINT)
    tilt -= p.efficacy_protects * (people.self_efficacy[i] - TYPICAL_EFFICACY)
    tilt -= p.motivation_protects * people.motivation[i]
    shield = p.belonging_protects * people.belonging[i] + p.ties_protect * people.tie_support[i]
    return p.crisis_per_year * exp(tilt - shield)


@kernel
def _distress(people, i, d, shock, size, service, p):  # type: ignore[no-untyped-def]
    fall = p.fall_recovering
    if people.resilience[i] == RESILIENT:
        fall = p.fall_resilient
    elif people.resilience[i] == CHRONIC:
        fall = p.fall_chronic
    share = fall + p.coping_relief * people.coping[i] + p.meaning_relief * people.meaning[i]
    distress = d - share * d + p.loneliness * people.isolation[i] * (1.0 - d)
    if shock:
        shield = p.kin_buffer * people.kin_support[i] + p.coping_buffer * people.coping[i]
        shield += p.ties_buffer * people.tie_support[i]
        distress += size * p.shock_size * (1.0 - min(p.most_buffered, shield)) * (1.0 - d)
    if service:
        distress -= p.service_relief * d
    return distress


@kernel
def _efficacy(people, i, e, service, p):  # type: ignore[no-untyped-def]
    target = (1.0 - p.coping_tells) * people.efficacy_baseline[i] + p.coping_tells * people.coping[i]
    efficacy = drift(e, target, p.mastery if target > e else p.doubt)
    if service:
        efficacy = efficacy * (1.0 - p.service_power_gap)
    return efficacy


@kernel
def _learn(people, i, d, bleakness, p):  # type: ignore[no-untyped-def]
    base = people.hope_baseline[i]
    target = (base + p.ease_hope * (1.0 - d) * (1.0 - base)) * (1.0 - p.bleakness_dims * bleakness)
    people.hope[i] = clip(drift(people.hope[i], target, p.hope_drift))
    coping = people.coping[i]
    people.coping[i] = clip(coping + p.practice * (1.0 - p.distress_hinders * d) * (1.0 - coping) - p.rust * coping)
    kin = people.kin_support[i]
    seen = p.recognition * (p.seen_alone + (1.0 - p.seen_alone) * kin) * (1.0 - people.identification[i])
    people.identification[i] = clip(people.identification[i] + seen)
    people.shame[i] = clip(drift(people.shame[i], people.shame_baseline[i], p.shame_drift))
    alone = (1.0 - kin) * (1.0 - p.company * people.tie_support[i])
    people.isolation[i] = clip(drift(people.isolation[i], alone, p.isolation_drift))
