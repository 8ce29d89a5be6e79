"""Services in the twin, from the text of `mhsim.modules.services`."""

from __future__ import annotations

import math
from typing import Any

from twin_draws import clip, happens
from twin_people import likeness
from twin_terms import MEMBER

AFTER = "start"
VISITS, POSTS, COMES, SENDS = 1160, 1161, 1162, 1163
COUNTS = ["people", "members", "asked", "seen", "seen_members", "turned", "let_down", "employed", "cases", "late"]
COUNTS += ["late_members", "referred", "sent_on", "evenings", "lent"]
LET_DOWN = 0.5


def start_person(person: Any, values: Any) -> dict[str, Any]:
    """Return what is a person's own at arrival."""
    own: dict[str, Any] = {"hold": 0.0, "disappointed": 0.0, "waiting": 0.0, "case": 0.0}
    return own | {"visits": 0, "_sent": 0, "paid": 0}


def start_group(group: Any, parent: Any, values: Any) -> dict[str, Any]:
    """Return what is a group's own when it begins."""
    return {"professional": 0}


def start_place(community: Any, values: Any) -> dict[str, Any]:
    """Return what is a community's own at the start."""
    own = {"tension": 0.0, "gap": values.gap, "room": 1.0, "vacant": 0.0, "free_cases": 0.0, "crowded": 0.0}
    return own | {"cost": 0.0} | dict.fromkeys(COUNTS, 0)


def part(one: float, whole: float) -> float:
    """Return a share, 0 of nothing."""
    return one / whole if whole else 0.0


def in_community(community: Any, values: Any) -> None:
    """Settle what services can do in this step, by the counts of the last."""
    own = community.own["services"]
    employed, asked, seen = own["employed"], own["asked"], own["seen"]
    own["room"] = min(1.0, values.capacity * own["people"] / 100.0 / asked) if asked else 1.0
    own["vacant"] = part(max(0.0, values.posts - employed), values.posts)
    own["free_cases"] = 1.0 if employed else 0.0
    if employed and seen:
        own["free_cases"] = min(1.0, max(0.0, values.caseload * employed - own["cases"]) / seen)
    own["crowded"] = part(employed, employed + own["members"]) if employed else 0.0
    tension, gap = own["tension"], own["gap"]
    mends = min(1.0, values.mend + values.exchange_mends * values.exchange)
    own["tension"] += values.rub * part(own["let_down"], own["members"]) * (1.0 - tension) - mends * tension
    spread = values.autonomy_spreads * part(own["seen_members"], seen) * gap
    own["gap"] += values.gap_returns * (values.gap - gap) - spread
    own |= dict.fromkeys(COUNTS, 0)


def outside_week(person: Any, values: Any) -> None:
    """Let care hold, and disappointment bring people to groups."""
    own = person.own["services"]
    person.ports["crisis"] *= 1.0 - values.hold_protects * own["hold"]
    person.ports["come"] *= math.exp(values.turned_to_peers * own["disappointed"])
    person.ports["come"] *= math.exp(-values.clinic_deters * values.clinic * own["disappointed"])
    if own["disappointed"] >= LET_DOWN:
        person.community.eager += values.unmet_founds


def after_work(group: Any, values: Any) -> None:
    """Let professionals come, and the paid do less here."""
    place, now = group.community.own["services"], group.model.now
    needed = not group.helpers or any(person.last_crisis == now - 1 for person in group.ring)
    chance = values.professionals + ((1.0 - values.professionals) * values.invited if needed else 0.0)
    there = group.words(COMES)[0] < chance
    group.own["services"]["professional"] = int(there)
    if there:
        group.held = group.due
    for person in group.ring:
        own, ports = person.own["services"], person.ports
        ports["crisis"] *= 1.0 - values.hold_protects * own["hold"]
        if there:
            ports["speak"] *= 1.0 - values.hushes * place["gap"]
            ports["answer"] *= 1.0 - values.displaces
            ports["serve"] *= 1.0 - values.displaces
        if own["paid"]:
            ports["answer"] *= 1.0 - values.busy
            ports["serve"] *= 1.0 - values.busy
        else:
            ports["serve"] *= math.exp(-values.pay_crowds * place["crowded"])


def after_help(group: Any, values: Any) -> None:
    """Let a professional counsel, and the group send who needs more."""
    place, there = group.community.own["services"], group.own["services"]["professional"]
    for person in group.ring:
        own = person.own["services"]
        if there and person.attended:
            person.distress -= values.counsel * person.distress
        seen_here = (there or group.helpers_there) and (person.attended or person.helped_by is not None)
        may = seen_here and person.distress >= values.send_at and not own["_sent"]
        if may and person.words(SENDS)[0] < values.send_skill * (1.0 - place["tension"]):
            own["_sent"] = 1
            place["sent_on"] += 1
            person.model.log("services_sent_on", person)


def after_live(group: Any, values: Any) -> None:
    """Let members visit services."""
    for person in group.ring:
        visit(person, values)


def outside_after(person: Any, values: Any) -> None:
    """Let people outside visit services."""
    visit(person, values)


def visit(person: Any, values: Any) -> None:
    """Let somebody ask for a visit, and all that follows."""
    own, place, dt = person.own["services"], person.community.own["services"], person.model.dt
    member = person.membership == MEMBER
    asks, room, good, case = person.words(VISITS)
    asked = happens(asks, hazard_of_asking(person, values))
    seen = asked and room < place["room"]
    bad = asked and not (seen and good < values.quality)
    if seen:
        be_seen(person, place, not bad, values)
    else:
        spared = values.bridge if member and person.attended else 0.0
        own["hold"] -= values.hold_fades * (1.0 - spared) * own["hold"]
    if bad:
        own["disappointed"] += values.disappoints * (1.0 - own["disappointed"])
    else:
        own["disappointed"] -= values.forgiven * own["disappointed"]
    if own["case"] > 0.0:
        attention = min(1.0, values.full_attention / values.caseload)
        person.coping += min(1.0, values.plan * (1.0 + values.standard)) * attention * (1.0 - person.coping)
        own["case"] = max(0.0, own["case"] - dt)
    elif seen and case < place["free_cases"]:
        own["case"] = values.case_weeks
    if not seen:
        wait(person, values)
    asked_next = person.model.draws.draw(person.who, 0, person.community.number, person.model.now, VISITS, 1)
    if not member and seen and not person.accommodated and not person.leaving and person.going_to is None:
        refer(person, asked_next, values)
    if own["paid"] and happens(asked_next[3], values.post_left_per_year):
        own["paid"] = 0
        person.model.log("services_post_left", person)
    counted = {"people": 1, "members": member, "asked": asked, "seen": seen, "seen_members": seen and member}
    counted |= {"turned": asked and not seen, "let_down": bad and member, "employed": own["paid"]}
    counted |= {"cases": own["case"] > 0.0, "late": own["waiting"] > 0.0}
    counted |= {"late_members": member and own["waiting"] > 0.0}
    for name, one in counted.items():
        place[name] += int(one)
    place["cost"] = cost(place, values)


def cost(place: dict[str, Any], values: Any) -> float:
    """Return the cost of a step."""
    return float(
        values.visit_cost * (place["seen"] + place["evenings"]) + values.wage * place["employed"] + place["lent"]
    )


def hazard_of_asking(person: Any, values: Any) -> float:
    """Return the hazard of asking for a visit."""
    own = person.own["services"]
    barrier = person.access_barrier * (1.0 - (values.navigate if own["case"] > 0.0 else 0.0))
    need = values.visits_per_year * math.exp(values.use_by_distress * (person.distress - 0.5))
    need += values.crisis_brings if own["waiting"] > 0.0 else 0.0
    hazard = need * (1.0 - barrier) * math.exp(-values.keeps_off * own["disappointed"]) * person.ports["service"]
    return float(hazard + (values.sent_goes if own["_sent"] else 0.0))


def be_seen(person: Any, place: dict[str, Any], good: bool, values: Any) -> None:
    """Let somebody be seen."""
    own = person.own["services"]
    own["visits"] += 1
    own["waiting"], own["_sent"] = 0.0, 0
    spared = values.speaks_for if own["case"] > 0.0 else 0.0
    person.self_efficacy -= values.client_gap * place["gap"] * (1.0 - spared) * person.self_efficacy
    if good:
        person.distress = clip(person.distress - values.relief * person.distress)
        own["hold"] = 1.0


def wait(person: Any, values: Any) -> None:
    """Let somebody wait whose crisis no service has seen."""
    own, dt = person.own["services"], person.model.dt
    if own["waiting"] > 0.0:
        own["waiting"] += dt
        if own["waiting"] > values.crisis_weeks:
            own["waiting"] = 0.0
    elif person.in_crisis:
        own["waiting"] = dt


def refer(person: Any, words: Any, values: Any) -> None:
    """Let a service send somebody to a group."""
    own, place = person.own["services"], person.community.own["services"]
    more = 1.0 - values.standard if own["case"] > 0.0 else 0.0
    near = 1.0 + values.clinic_sends * values.clinic
    if words[0] >= values.refer * (1.0 - place["tension"]) * near * (1.0 + more):
        return
    groups = [group for group in person.community.groups if group.open]
    chosen = None
    if groups and words[1] < values.accuracy:
        likes = [likeness(person.profile_x - g.profile_x, person.profile_y - g.profile_y, 1.0) for g in groups]
        chosen = groups[likes.index(max(likes))] if max(likes) >= values.suits_at else None
    elif groups:
        chosen = groups[int(words[2] * len(groups))]
    if chosen is not None:
        person.going_to = chosen
        place["referred"] += 1
        person.model.log("services_referred", person)


def after_serve(group: Any, values: Any) -> None:
    """Let members take posts."""
    vacant = group.community.own["services"]["vacant"]
    for person in group.ring:
        own = person.own["services"]
        if person.accommodated and not own["paid"] and not person.leaving:
            hazard = values.hire_per_year * vacant * person.willingness * person.self_efficacy
            own["paid"] = int(happens(person.words(POSTS)[0], hazard))
            if own["paid"]:
                person.model.log("services_hired", person)


def after_govern(group: Any, values: Any) -> None:
    """Let services lend rooms and teach helpers."""
    place = group.community.own["services"]
    given = values.exchange * (1.0 - place["tension"])
    group.funds += given * values.rooms + values.clinic * values.rooms
    for person in group.ring:
        if person.helper:
            person.know_how += given * values.teaches * (1.0 - person.know_how)
    place["lent"] += given * values.rooms + values.clinic * values.rooms
    place["evenings"] += group.own["services"]["professional"]
    place["cost"] = cost(place, values)
