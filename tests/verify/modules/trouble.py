"""A second trouble in the twin, from the text of `mhsim.modules.trouble`."""

from __future__ import annotations

from typing import Any

from twin_people import likeness
from twin_terms import CHRONIC, GROUP_CLOSED, NEVER, STARTERS

TROUBLE, FOR_WHOM = 1220, 1221
AFTER = "close"


def start_person(person: Any, values: Any) -> dict[str, Any]:
    """Return what is a person's own at arrival."""
    return {"second": 0}


def start_group(group: Any, parent: Any, values: Any) -> dict[str, Any]:
    """Return what is a group's own when it begins."""
    second = parent.own["trouble"]["for_second"] if parent is not None else 0
    return {"for_second": second, "_first": second, "_begun": NEVER}


def outside_week(person: Any, values: Any) -> None:
    """Give new people their trouble, and those with the second one more crises."""
    now, opening, own = person.model.now, person.model.opening, person.own["trouble"]
    if person.arrived == now and (now - opening) * person.model.dt >= values.appears_week:
        second, lasting, _, _ = person.words(TROUBLE)
        if second < values.share:
            own["second"] = 1
            person.model.log("trouble_second", person)
            person.shame += values.stigma * (1.0 - person.shame)
            person.shame_baseline += values.stigma * (1.0 - person.shame_baseline)
            if lasting < values.lasting:
                person.resilience = CHRONIC
    if own["second"]:
        person.ports["crisis"] *= values.crises


def after_work(group: Any, values: Any) -> None:
    """Settle for whom a group is; let those in another position hear and learn less."""
    if group.own["trouble"]["_begun"] == NEVER:
        begin(group, values)
    having = sum(person.own["trouble"]["second"] for person in group.ring)
    for person in group.ring:
        second = person.own["trouble"]["second"]
        others = len(group.ring) - having if second else having
        for name in ("hear", "learn"):
            person.ports[name] *= 1.0 - values.apart * others / len(group.ring)
        if second:
            person.ports["crisis"] *= values.crises


def begin(group: Any, values: Any) -> None:
    """Settle in the first step for which trouble a group is."""
    own = group.own["trouble"]
    own["_begun"] = group.model.now
    second, spreads, _, _ = group.words(FOR_WHOM)
    if group.who >> 20 == STARTERS:
        own["for_second"] = int(second < values.groups_for_it)
        for person in group.ring if own["for_second"] else []:
            person.own["trouble"]["second"] = 1
    elif group.parent >= 0:
        own["for_second"] = int(own["for_second"] or spreads < values.spreads)
    else:
        having = sum(person.own["trouble"]["second"] for person in group.ring)
        own["for_second"] = int(2 * having > len(group.ring))
    if own["for_second"] and not own["_first"]:
        group.model.log_own("trouble_takes_up", group)


def known(group: Any) -> int:
    """Return for whom a group is, as people outside know it: as the step began."""
    own = group.own["trouble"]
    return int(own["for_second"] if own["_begun"] < group.model.now else own["_first"])


def outside_after(person: Any, values: Any) -> None:
    """Let those who come go to groups for their trouble."""
    goes, second = person.going_to, person.own["trouble"]["second"]
    if goes is None or known(goes) == second:
        return
    best, best_like = None, -1.0
    for group in person.community.with_room:
        like = likeness(person.profile_x - group.profile_x, person.profile_y - group.profile_y, 1.0)
        if known(group) == second and like > best_like:
            best, best_like = group, like
    if not values.open_to_all or (best is not None and person.words(TROUBLE)[2] < values.own_draws):
        person.going_to = best


def in_community(community: Any, values: Any) -> None:
    """Let members of a group that closed go to none for the other trouble."""
    for person in community.everybody:
        group, goes = person.group, person.going_to
        if group is None or group.closed != group.model.now or goes is None or values.open_to_all:
            continue
        if goes.own["trouble"]["for_second"] != person.own["trouble"]["second"]:
            person.going_to = None
            person.leaving = GROUP_CLOSED
