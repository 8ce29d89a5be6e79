"""Kin in the twin, from the text of `mhsim.modules.kin`."""

from __future__ import annotations

from typing import Any

from twin_people import likeness
from twin_terms import NEVER, STARTERS

KIN, FAMILY = 1210, 1211
AFTER = "close"


def start_person(person: Any, values: Any) -> dict[str, Any]:
    """Return what is a person's own at arrival."""
    own: dict[str, Any] = {"relative": 0, "cannot_come": 0, "matched": 0}
    return own | {"_other": None, "_level": person.kin_support, "_seen": 0.0}


def start_group(group: Any, parent: Any, values: Any) -> dict[str, Any]:
    """Return what is a group's own when it begins."""
    if parent is not None:
        return {name: parent.own["kin"][name] for name in ("_begun", "family", "_drawn")}
    return {"_begun": 0, "family": 0, "_drawn": NEVER}


def start_place(community: Any, values: Any) -> dict[str, Any]:
    """Return what is a community's own at the start."""
    return {"family_groups": 0}


def outside_week(person: Any, values: Any) -> None:
    """Settle who is a relative and who cannot come."""
    own = person.own["kin"]
    if person.arrived == person.model.now:
        relative, cannot_come, _, _ = person.words(KIN)
        own["relative"] = int(relative < values.relatives)
        own["cannot_come"] = int(not own["relative"] and cannot_come < values.proxies)
    if own["cannot_come"]:
        person.ports["come"] = 0.0
    own["_seen"] = person.identification


def after_work(group: Any, values: Any) -> None:
    """Settle for whom a group is, and let those apart hear and learn less."""
    own = group.own["kin"]
    if not own["_begun"]:
        begin(group, values)
        if own["family"]:
            group.model.log_own("kin_family", group)
        own["_begun"] = 1
        own["_drawn"] = group.model.now
    relatives = sum(person.own["kin"]["relative"] for person in group.ring)
    for person in group.ring:
        others = len(group.ring) - relatives if person.own["kin"]["relative"] else relatives
        for name in ("hear", "learn"):
            person.ports[name] *= 1.0 - values.apart * others / len(group.ring)


def begin(group: Any, values: Any) -> None:
    """Settle in the first step whether a group is for relatives."""
    own = group.own["kin"]
    if group.who >> 20 == STARTERS:
        own["family"] = int(group.words(FAMILY)[0] < values.family_groups)
        if own["family"]:
            for person in group.ring:
                person.own["kin"]["relative"] = 1
    elif values.family_groups > 0.0:
        own["family"] = int(2 * sum(person.own["kin"]["relative"] for person in group.ring) > len(group.ring))


def after_bond(group: Any, values: Any) -> None:
    """Note identification before the week outside."""
    for person in group.ring:
        person.own["kin"]["_seen"] = person.identification


def keep_gain(person: Any, values: Any) -> None:
    """Keep a part of what identification has gained outside."""
    seen = person.own["kin"]["_seen"]
    person.identification = seen + (1.0 - values.role_vacuum) * (person.identification - seen)


def after_live(group: Any, values: Any) -> None:
    """Let there be no role to step into, for members."""
    for person in group.ring:
        keep_gain(person, values)


def outside_after(person: Any, values: Any) -> None:
    """Let there be no role to step into, and relatives go to groups of their own."""
    keep_gain(person, values)
    goes = person.going_to
    relative = person.own["kin"]["relative"]
    if person.community.own["kin"]["family_groups"] and goes is not None and known(goes) != relative:
        best, best_like = None, -1.0
        for group in person.community.with_room:
            like = likeness(person.profile_x - group.profile_x, person.profile_y - group.profile_y, 1.0)
            if known(group) == relative and like > best_like:
                best, best_like = group, like
        person.going_to = best


def known(group: Any) -> int:
    """Return whether a group is one for relatives, as people outside know it: as the step began."""
    own = group.own["kin"]
    return int(own["family"] and own["_drawn"] < group.model.now)


def in_community(community: Any, values: Any) -> None:
    """Match relatives, let the two bear on each other, and count groups for relatives."""
    match(community, values)
    for person in community.everybody:
        other = person.own["kin"]["_other"]
        if person.own["kin"]["relative"] and other is not None and other in community.everybody:
            bear(person, other, values)
    groups = [group for group in community.groups if group.open]
    community.own["kin"]["family_groups"] = sum(group.own["kin"]["family"] for group in groups)


def match(community: Any, values: Any) -> None:
    """Match relatives who came in this step."""
    people = community.people_by_who()
    for person in people:
        if person.own["kin"]["relative"] and person.arrived == person.model.now:
            free = [other for other in people if other.who < person.who and may_match(other, values)]
            if free:
                other = free[-1]
                person.model.log("kin_relative", person, other)
                person.own["kin"] |= {"_other": other, "matched": 1}
                other.own["kin"] |= {"_other": person, "matched": 1}


def may_match(other: Any, values: Any) -> bool:
    """Tell whether a relative may be matched to this person."""
    own = other.own["kin"]
    recent = (other.model.now - other.arrived) * other.model.dt <= values.matched_weeks
    return bool(recent and not own["relative"] and not own["matched"])


def bear(relative: Any, other: Any, values: Any) -> None:
    """Let a relative and the other bear on each other."""
    d_r, c_r, d_a, c_a = relative.distress, relative.coping, other.distress, other.coping
    relative.distress += values.kin_strain * d_a * (1.0 - d_r)
    goal = other.own["kin"]["_level"] * (1.0 - values.wears * d_r)
    other.kin_support += values.repair * (goal - other.kin_support)
    if other.own["kin"]["cannot_come"]:
        other.coping += values.passes_on * max(0.0, c_r - c_a)
