"""Stewardship in the twin, from the text of `mhsim.modules.steward`."""

from __future__ import annotations

import math
from typing import Any

from twin_draws import clip, happens
from twin_people import likeness
from twin_terms import NEVER, NOBODY, PLAIN_MEMBER

STEWARD = 1140
UNSETTLED, ALONE, NESTED = range(3)
SUITS_AT = 0.6


def start_person(person: Any, values: Any) -> dict[str, Any]:
    """Return what is a person's own at arrival."""
    return {"care": 0.0, "in_office": 0.0, "_last_office": NEVER}


def start_group(group: Any, parent: Any, values: Any) -> dict[str, Any]:
    """Return what is a group's own when it begins."""
    nested = parent.own["steward"]["_nested"] if parent is not None else UNSETTLED
    own = {"_nested": nested, "visitor": 0, "visits_lent": 0, "_holder": NOBODY, "_held_since": 0, "debt": 0}
    return own | dict.fromkeys(("danger", "raised", "concentration", "suits"), 0.0)


def rules(group: Any, values: Any) -> float:
    """Return how far the parent body settles things here."""
    return values.parent_rules if group.own["steward"]["_nested"] == NESTED else 0.0


def want_of_money(group: Any, values: Any) -> float:
    """Return how far money is wanted."""
    return clip(1.0 - group.funds / values.money_wanted)


def after_work(group: Any, values: Any) -> None:
    """Settle whether it is nested, see the danger, raise money, and write ports."""
    own = group.own["steward"]
    carriers = group.helpers + group.organisers
    settle_and_lend(group, carriers, values)
    want = want_of_money(group, values)
    few, empty = 1.0 - carriers / values.carriers_wanted, 1.0 - group.attendance / values.people_wanted
    own["danger"] = max(clip(few), clip(empty), want)
    raise_money(group, values.fundraise * want, values)
    for person in group.ring:
        mine, ports = person.own["steward"], person.ports
        ports["serve"] *= 1.0 + values.care_serves * mine["care"] * own["danger"]
        ports["attend"] += values.care_comes * mine["care"] * own["danger"]
        if person.who == own["_holder"] and values.office != "none":
            ports["attend"] += values.office_draws
        if mine["in_office"] and values.office != "none":
            ports["serve"] *= 1.0 + values.office_readies
        ports["attend"] -= values.fee_parts * values.fee * person.access_barrier
        ports["serve"] *= math.exp(-values.fee_cools * values.fee)
        ports["drop"] *= math.exp(values.ways_hold * (SUITS_AT - like_centre(person, group)))


def like_centre(person: Any, group: Any) -> float:
    """Return the likeness of a person to the centre of the group."""
    return likeness(person.profile_x - group.profile_x, person.profile_y - group.profile_y, 1.0)


def settle_and_lend(group: Any, carriers: int, values: Any) -> None:
    """Settle once whether the group is nested, and let the body lend a helper."""
    own = group.own["steward"]
    nested, lent, _, _ = group.words(STEWARD)
    if own["_nested"] == UNSETTLED:
        own["_nested"] = NESTED if nested < values.nested_share else ALONE
    own["visitor"] = 0
    if own["_nested"] == NESTED and carriers < values.lends_below and happens(lent, values.lends):
        own["visitor"] = 1
        own["visits_lent"] += 1
        group.held, group.greeting = group.due, 1.0


def raise_money(group: Any, effort: float, values: Any) -> None:
    """Let those in charge raise money with a part of their time."""
    group.free *= 1.0 - effort
    in_charge = [person for person in group.ring if person.carrier]
    money = values.raises * effort * sum(person.able * person.spare_time for person in in_charge)
    group.funds += money
    group.own["steward"]["raised"] += money
    for person in in_charge:
        person.know_how += values.builds * effort * (1.0 - person.know_how)


def outside_week(person: Any, values: Any) -> None:
    """Let a fee keep people away."""
    person.ports["come"] *= math.exp(-values.fee_keeps * values.fee * person.access_barrier)


def after_attend(group: Any, values: Any) -> None:
    """Count the visitor, take money, and let care grow."""
    own = group.own["steward"]
    came = [person for person in group.ring if person.attended]
    if own["visitor"] and came:
        group.helpers_there = max(1, group.helpers_there)
    group.funds += values.fee * group.visits
    say_here = values.say * (1.0 - rules(group, values))
    care = sum(person.own["steward"]["care"] for person in came)
    group.funds += values.pledge * want_of_money(group, values) * say_here * care
    if own["_nested"] == NESTED:
        group.funds += values.parent_support
    for person in came:
        mine = person.own["steward"]
        mine["care"] += values.care_grows * (person.belonging - mine["care"])


def after_prepare(group: Any, values: Any) -> None:
    """Pass on the office, and let the holder hold it."""
    if values.office == "none":
        return
    own, now, dt = group.own["steward"], group.model.now, group.model.dt
    able = [person for person in group.ring if can_hold(person, values)]
    holder = next((person for person in able if person.who == own["_holder"]), None)
    ended = None
    if holder is not None and values.office != "fixed" and (now - own["_held_since"]) * dt >= values.office_weeks:
        holder, ended = None, holder
    if holder is None:
        holder = next_holder(group, able, ended, values)
        if holder is not None and holder.who != own["_holder"]:
            group.model.log_own("steward_office", group, holder)
        if holder is None and own["_holder"] != NOBODY:
            group.model.log_own("steward_vacant", group)
        own["_holder"] = holder.who if holder is not None else NOBODY
        own["_held_since"] = now
    if holder is not None:
        hold(holder, group, values)
    times = [person.own["steward"]["in_office"] for person in group.ring]
    own["concentration"] = sum(time * time for time in times) / sum(times) ** 2 if sum(times) else 0.0


def can_hold(person: Any, values: Any) -> bool:
    """Tell whether a member can hold the office."""
    seasoned = person.meetings * person.model.dt >= values.office_after
    fit = person.carrier or (person.accommodated and person.role == PLAIN_MEMBER)
    return fit and seasoned and not person.leaving and not person.resting


def next_holder(group: Any, able: list[Any], ended: Any, values: Any) -> Any:
    """Return who takes the office now, None if nobody can."""
    if values.office == "fixed":
        return min(able, key=lambda person: (not person.starter, person.joined, person.who), default=None)
    if values.office == "rotating":
        return min(able, key=lambda person: (person.own["steward"]["_last_office"], person.who), default=None)
    stand = [person for person in able if person is not ended] or able
    votes = dict.fromkeys(stand, 0)
    for voter in group.ring:
        if voter.attended:
            known = [(tie.strength, -tie.other.who, tie.other) for tie in voter.ties.values() if tie.other in votes]
            known = [each for each in known if each[0] > 0.0 and each[2] is not voter]
            if known:
                votes[max(known, key=lambda each: each[:2])[2]] += 1
    return min(stand, key=lambda person: (-votes[person], person.who), default=None)


def hold(holder: Any, group: Any, values: Any) -> None:
    """Let the holder be in office for a step."""
    mine = holder.own["steward"]
    mine["in_office"] += group.model.dt
    mine["_last_office"] = group.model.now
    holder.self_efficacy += values.office_gain * (1.0 - holder.self_efficacy)
    holder.belonging += values.office_belongs * (1.0 - holder.belonging)
    holder.strain = min(1.0, holder.strain + values.office_strain)
    group.norms += values.upholds * holder.able * (1.0 - group.norms)


def after_govern(group: Any, values: Any) -> None:
    """Note debt; let the parent's form come, and ways follow those who settle them."""
    if group.funds < 0.0 and not group.own["steward"]["debt"]:
        group.model.log_own("steward_debt", group)
    group.own["steward"]["debt"] = int(group.funds < 0.0)
    if group.own["steward"]["_nested"] == NESTED:
        group.formality += values.parent_forms * max(0.0, values.parent_rules - group.formality)
    came = [person for person in group.ring if person.attended]
    if not came:
        return
    in_charge = [person for person in group.ring if person.carrier] or came
    say_here = values.say * (1.0 - rules(group, values))
    pace = values.ways_drift * (1.0 - values.stiffens * group.formality) * (1.0 - rules(group, values))
    for axis in ("profile_x", "profile_y"):
        here, lead = mean_of(axis, came), mean_of(axis, in_charge)
        goal = say_here * here + (1.0 - say_here) * lead
        setattr(group, axis, getattr(group, axis) + pace * (goal - getattr(group, axis)))
    for person in came:
        person.belonging += values.voice * say_here * (1.0 - person.belonging)
    group.own["steward"]["suits"] = sum(like_centre(person, group) for person in came) / len(came)


def mean_of(name: str, people: list[Any]) -> float:
    """Return the mean of a value over people."""
    return sum(getattr(person, name) for person in people) / len(people)
