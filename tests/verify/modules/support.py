"""Support of several kinds in the twin, from the text of `mhsim.modules.support`."""

from __future__ import annotations

from typing import Any

from twin_bond import tie_to
from twin_draws import clip, happens, logistic

OWN_WEEK, GATHERING = 1190, 1191


def start_person(person: Any, values: Any) -> dict[str, Any]:
    """Return what is a person's own at arrival."""
    return {"_seen": False, "trouble": 0.0, "worth": 0.0, "footing": 0.0}


def start_group(group: Any, parent: Any, values: Any) -> dict[str, Any]:
    """Return what is a group's own when it begins."""
    return {"pool": 0.0, "gatherings": 0}


def week(person: Any, values: Any) -> None:
    """Let trouble, worth and footing move."""
    own = person.own["support"]
    if not own["_seen"]:
        own["_seen"] = True
        if values.entry_isolation > 0.0:
            person.kin_support *= 1.0 - values.entry_isolation * logistic(person.severity)
            person.isolation = 1.0 - person.kin_support
        own["worth"] = 1.0 - person.shame
    own["trouble"] -= values.settles * own["trouble"]
    if happens(person.words(OWN_WEEK)[0], values.troubles_per_year):
        own["trouble"] += values.trouble_size * (1.0 - own["trouble"])
    person.distress = clip(person.distress + values.trouble_hurts * own["trouble"] * (1.0 - person.distress))
    own["worth"] += values.worth_drift * (1.0 - person.shame - own["worth"])
    own["footing"] -= values.footing_fades * own["footing"]
    person.kin_support += values.befriends * own["footing"] * (1.0 - person.kin_support)


outside_week = week


def after_work(group: Any, values: Any) -> None:
    """Let the week of members pass; mix the help they would get."""
    for person in group.ring:
        week(person, values)
        trouble = person.own["support"]["trouble"]
        rest = 1.0 - values.practical * trouble - values.appraisal - values.informational
        person.ports["comfort"] *= max(0.0, rest)
        person.ports["learn"] *= 1.0 + values.informs * values.informational


def after_help(group: Any, values: Any) -> None:
    """Let help do what it does by kind; then footing, gatherings, and the pool."""
    for person in group.ring:
        if person.helped_by is not None:
            be_helped(person, person.helped_by, values)
    for person in group.ring:
        if person.attended:
            win_footing(person, values)
    own = group.own["support"]
    if happens(group.words(GATHERING)[0], values.gatherings_per_year):
        own["gatherings"] += 1
        group.model.log_own("support_gathered", group)
        gather([person for person in group.ring if person.words(OWN_WEEK)[1] < values.gathering_comes], values)
    own["pool"] += values.pool_gift * group.attended
    if own["pool"] >= 1.0 and group.ring:
        neediest = max(group.ring, key=lambda person: person.own["support"]["trouble"])
        trouble = neediest.own["support"]["trouble"]
        if trouble > values.pool_from:
            own["pool"] -= 1.0
            neediest.own["support"]["trouble"] -= values.pool_relief * trouble
            group.model.log("support_granted", neediest)


def be_helped(person: Any, helper: Any, values: Any) -> None:
    """Let somebody be helped hands-on, and affirmed."""
    own = person.own["support"]
    trouble = own["trouble"]
    helper.strain = min(1.0, helper.strain + values.practical_load * values.practical * trouble / helper.spare_time)
    own["trouble"] -= values.practical_relief * values.practical * trouble
    person.self_efficacy += values.affirms * values.appraisal * own["worth"] * (1.0 - person.self_efficacy)
    own["worth"] += values.worth_gained * values.appraisal * (1.0 - own["worth"])


def win_footing(person: Any, values: Any) -> None:
    """Let somebody win footing by being with others."""
    own = person.own["support"]
    own["footing"] += values.footing_gained * (1.0 - own["footing"])


def gather(going: list[Any], values: Any) -> None:
    """Let those who go to a gathering win footing and meet."""
    for place, person in enumerate(going):
        win_footing(person, values)
        if len(going) > 1:
            other = going[(place + 1) % len(going)]
            for one, two in ((person, other), (other, person)):
                tie = tie_to(one, two)
                tie.strength += values.gathering_tie * (1.0 - tie.strength)
