"""Safeguards in the twin, from the text of `mhsim.modules.safeguard`."""

from __future__ import annotations

import math
from typing import Any

from twin_draws import happens
from twin_roles import end_role
from twin_terms import LEFT_WITH_ROLE

QUALITY, CRAFT, TRAINING, MISCONDUCT = 1150, 1151, 1152, 1153
AFTER = "serve"
MOST_OFFENCES = 255


def start_person(person: Any, values: Any) -> dict[str, Any]:
    """Return what is a person's own at arrival."""
    return {"_met": 0, "_craft": 0.0, "trained": 0, "offences": 0, "wronged": 0.0, "untreated": 0.0}


def start_group(group: Any, parent: Any, values: Any) -> dict[str, Any]:
    """Return what is a group's own when it begins."""
    own = {"_met": 0, "_quality": 0.0}
    if parent is not None:
        own = {name: parent.own["safeguard"][name] for name in own}
    return own | {"quality": 0.0, "spread": 0.0, "scandal": 0.0, "harms": 0, "answered": 0}


def even(u: float) -> float:
    """Return an even number of mean 0 and standard deviation 1."""
    return math.sqrt(3.0) * (2.0 * u - 1.0)


def after_work(group: Any, values: Any) -> None:
    """Let quality tell, training be asked for, and people be kept from care."""
    works = quality(group, values)
    for person in group.ring:
        for name in ("hear", "comfort", "learn"):
            person.ports[name] *= works
    for person in group.ring:
        own = person.own["safeguard"]
        if values.required > 0.0 and not own["trained"] and person.accommodated:
            own["trained"] = int(happens(person.words(TRAINING)[0], values.trains))
        person.ports["serve"] *= 1.0 - values.required * (1.0 - own["trained"])
    for person in group.ring:
        own = person.own["safeguard"]
        kept = values.anti_care * person.belonging
        person.ports["service"] *= 1.0 - kept
        need = kept if person.distress > values.care_at else 0.0
        own["untreated"] += values.leaves_untreated * (need - own["untreated"])
        person.ports["crisis"] *= 1.0 + values.untreated_risks * own["untreated"]


def quality(group: Any, values: Any) -> float:
    """Return the quality of the group's help now."""
    own = group.own["safeguard"]
    if not own["_met"]:
        own["_met"], own["_quality"] = 1, 1.0 + values.quality_sd * even(group.words(QUALITY)[0])
    brings = []
    for person in group.ring:
        if person.helper:
            mine = person.own["safeguard"]
            if not mine["_met"]:
                mine["_met"], mine["_craft"] = 1, values.leader_sd * even(person.words(CRAFT)[0])
            brings.append(mine["_craft"] + values.lifts * mine["trained"])
    own["quality"] = max(0.0, own["_quality"] + (sum(brings) / len(brings) if brings else 0.0))
    own["spread"] = abs(own["quality"] - 1.0)
    return float(own["quality"])


def outside_week(person: Any, values: Any) -> None:
    """Let want of care fade outside."""
    own = person.own["safeguard"]
    own["untreated"] -= values.leaves_untreated * own["untreated"]
    person.ports["crisis"] *= 1.0 + values.untreated_risks * own["untreated"]


def in_group(group: Any, values: Any) -> None:
    """Let helpers do wrong, and wrongs drive people out."""
    own = group.own["safeguard"]
    own["scandal"] -= values.forgets * own["scandal"]
    for person in group.ring:
        mine = person.own["safeguard"]
        mine["wronged"] -= values.forgets * mine["wronged"]
    for person in group.ring:
        if person.helper and not person.leaving:
            may_do_wrong(person, group, values)
    for person in group.ring:
        felt = max(person.own["safeguard"]["wronged"], own["scandal"] * (1.0 - person.trust))
        person.ports["drop"] *= 1.0 + values.drives * felt


def may_do_wrong(helper: Any, group: Any, values: Any) -> None:
    """Let one helper do wrong to a member, or not."""
    own, mine = group.own["safeguard"], helper.own["safeguard"]
    wrong, whom, known, answered = helper.words(MISCONDUCT)
    hazard = values.misconduct * (1.0 + values.repeats * mine["offences"]) * (1.0 - values.guards * mine["trained"])
    others = [other for other in group.ring if other.attended and not other.accommodated and other is not helper]
    if not (others and happens(wrong, hazard)):
        return
    victim = others[int(whom * len(others))]
    own["harms"] += 1
    group.model.log("safeguard_wronged", victim, helper)
    mine["offences"] = min(MOST_OFFENCES, mine["offences"] + 1)
    victim.distress += values.harm * (1.0 - victim.distress)
    victim.trust -= values.shakes * victim.trust
    victim.own["safeguard"]["wronged"] = 1.0
    if answered < values.accountability:
        own["answered"] += 1
        group.model.log("safeguard_answered", helper)
        end_role(helper, LEFT_WITH_ROLE)
        helper.leaving = LEFT_WITH_ROLE
        victim.own["safeguard"]["wronged"] = 1.0 - values.settles
    elif known < values.gets_about:
        own["scandal"] = 1.0
        group.model.log_own("safeguard_scandal", group)
        for other in group.ring:
            if other.attended and other is not helper and other is not victim:
                other.trust -= values.cascade * other.trust
