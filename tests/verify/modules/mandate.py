"""Being made to come in the twin, from the text of `mhsim.modules.mandate`."""

from __future__ import annotations

from typing import Any

from twin_terms import CAME_ONCE, DRIFTED_OFF, DROPPED_OUT, OUTSIDE

MANDATE = 1230


def start_person(person: Any, values: Any) -> dict[str, Any]:
    """Return what is a person's own at arrival."""
    return {"sent": 0, "owes": 0.0}


def outside_week(person: Any, values: Any) -> None:
    """Let new people be sent, and those who owe weeks come sooner."""
    own, model = person.own["mandate"], person.model
    if person.arrived == model.now >= model.opening and person.words(MANDATE)[0] < values.share:
        own |= {"sent": 1, "owes": values.weeks}
    if own["owes"] > 0.0 and person.membership == OUTSIDE:
        person.ports["come"] *= values.presses


def owing(group: Any) -> list[Any]:
    """Return the members who still owe weeks."""
    return [person for person in group.ring if person.own["mandate"]["owes"] > 0.0]


def after_work(group: Any, values: Any) -> None:
    """Let those who owe weeks come, and take in less."""
    for person in owing(group):
        person.ports["attend"] += values.has_to
        for name in ("hear", "learn"):
            person.ports[name] *= 1.0 - values.unwilling


def after_attend(group: Any, values: Any) -> None:
    """Let having to come make little attachment."""
    for person in owing(group):
        if person.attended:
            person.commitment -= values.hollow * person.commitment
            if person.at_first_visit:
                person.model.log("mandate_came", person)


def after_leave(group: Any, values: Any) -> None:
    """Hold some who would leave, and count the weeks."""
    for person in owing(group):
        would = person.leaving in (DROPPED_OUT, DRIFTED_OFF, CAME_ONCE)
        if would and person.words(MANDATE)[1] < values.held:
            person.leaving = 0
        own = person.own["mandate"]
        own["owes"] = max(0.0, own["owes"] - person.model.dt)
        if own["owes"] == 0.0 and not person.leaving:
            person.model.log("mandate_free", person)
