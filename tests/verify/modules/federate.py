"""Federation and clearing houses in the twin, from the text of `mhsim.modules.federate`."""

from __future__ import annotations

import math
from typing import Any

from twin_draws import happens
from twin_people import likeness
from twin_terms import NEVER

BELONGING, EXCHANGE, SENDING = 1200, 1201, 1202
TYPICAL_DISTANCE, DESERTED_WEEKS = 1.25, 8.0
AFTER = "close"


def start_group(group: Any, parent: Any, values: Any) -> dict[str, Any]:
    """Return what is a group's own when it begins."""
    own = {"_seen": 0, "belongs": 0, "listed": 0}
    if parent is not None:
        own = {name: parent.own["federate"][name] for name in own}
    return own | {"_begun": 0, "kept_open": 0, "_drawn": NEVER}


def start_place(community: Any, values: Any) -> dict[str, Any]:
    """Return what is a community's own at the start."""
    return {"held": 0.0, "best": 0.0, "spread": 0.0, "body": 0, "listed": 0, "sent": 0}


def after_work(group: Any, values: Any) -> None:
    """Let a group join, take over guidelines, visit others and pay."""
    own, place = group.own["federate"], group.community.own["federate"]
    if not own["_seen"]:
        joined, listed, _, _ = group.words(BELONGING)
        own["_drawn"] = group.model.now
        own |= {"_seen": 1, "belongs": int(joined < values.joined), "listed": int(listed < values.listed)}
        for name, event in (("belongs", "joined"), ("listed", "listed")):
            if own[name]:
                group.model.log_own(f"federate_{event}", group)
    if not own["belongs"]:
        return
    helpers = [person for person in group.ring if person.helper]
    if not own["_begun"] and group.founded > group.model.opening:
        group.model.log_own("federate_guided", group)
        for person in helpers:
            person.know_how += values.guideline * max(0.0, place["held"] - person.know_how)
    own["_begun"] = 1
    if happens(group.words(EXCHANGE)[0], values.exchange_per_year):
        for person in helpers:
            person.know_how += values.exchange * max(0.0, place["best"] - person.know_how)
    group.funds -= values.dues
    for person in group.ring:
        distance = math.hypot(person.profile_x, person.profile_y)
        person.ports["drop"] *= math.exp(values.rigid * values.guideline * (distance - TYPICAL_DISTANCE))


def outside_week(person: Any, values: Any) -> None:
    """Let people hear of groups, and of help to found one."""
    if person.community.own["federate"]["listed"]:
        person.community.eager += values.founds
        if person.joined == NEVER:
            person.ports["come"] *= 1.0 + values.informs


def outside_after(person: Any, values: Any) -> None:
    """Send who comes where it fits best."""
    if person.going_to is None or person.words(SENDING)[0] >= values.sends:
        return
    best, best_like = None, -1.0
    for group in person.community.with_room:
        like = likeness(person.profile_x - group.profile_x, person.profile_y - group.profile_y, 1.0)
        on_list = group.own["federate"]["listed"] and group.own["federate"]["_drawn"] < group.model.now
        if on_list and like > best_like:
            best, best_like = group, like
    if best is not None:
        person.going_to = best
        person.community.own["federate"]["sent"] += 1
        person.model.log("federate_sent", person)


def after_close(group: Any, values: Any) -> None:
    """Let help keep a young group open."""
    own = group.own["federate"]
    young = (group.model.now - group.founded) * group.model.dt < values.young_weeks
    helped = own["listed"] and young and group.unvisited < DESERTED_WEEKS
    if group.closing and helped and group.words(EXCHANGE)[1] < values.holds:
        group.closing, group.reason, group.circumstances = 0, 0, []
        own["kept_open"] += 1
        group.model.log_own("federate_kept", group)


def in_community(community: Any, values: Any) -> None:
    """Settle what the body knows and how many are listed."""
    place = community.own["federate"]
    groups = [group for group in community.groups if group.open]
    body = [group for group in groups if group.own["federate"]["belongs"]]
    place["body"] = len(body)
    place["listed"] = sum(group.own["federate"]["listed"] for group in groups)
    known = [[person.know_how for person in group.ring if person.helper] for group in body]
    means = [sum(each) / len(each) for each in known if each]
    place["spread"] = sum(abs(mean - place["held"]) for mean in means) / len(means) if means else 0.0
    if means:
        place["held"], place["best"] = sum(means) / len(means), max(means)
