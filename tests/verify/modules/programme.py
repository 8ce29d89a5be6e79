"""The programme in the twin, from the text of `mhsim.modules.programme`."""

from __future__ import annotations

import math
from typing import Any

from twin_draws import logistic

GOAL = 1130
UNKNOWN = -1.0


def start_person(person: Any, values: Any) -> dict[str, Any]:
    """Return what is a person's own at arrival."""
    return {"path": 0.0, "reading": 0.0, "goal": UNKNOWN, "reached": 0}


def after_work(group: Any, values: Any) -> None:
    """Give goals; let a set text and venting bear on talk and help."""
    for person in group.ring:
        own, ports = person.own["programme"], person.ports
        if own["goal"] == UNKNOWN:
            u = group.model.draws.draw(person.who, 0, group.community.number, 0, GOAL, 0)[0]
            own["goal"] = 1.0 - values.goal_spread * u
        text = 1.0 - values.text_takes * values.structure
        spared = 1.0 - values.venting_spares * values.venting
        ports["speak"] *= text
        ports["hear"] *= text * spared
        ports["learn"] *= spared
        ports["comfort"] *= 1.0 + values.venting_comforts * values.venting


def after_share(group: Any, values: Any) -> None:
    """Let those who came and heard somebody walk the path, read anew, vent, and come to their goals."""
    there = [person for person in group.ring if person.attended]
    if not there:
        return
    mean = sum(person.meetings * person.own["programme"]["path"] for person in there)
    mean /= sum(person.meetings for person in there)
    for person in there:
        if person.met_alike > 0.0:
            own = person.own["programme"]
            path, goal = own["path"], own["goal"]
            limit = goal + values.strictness * (1.0 - goal)
            walked = path + values.walk * values.structure * (1.0 - path) + values.sway * (mean - path)
            own["path"] = max(0.0, min(limit, walked))
            own["reading"] += values.reread * (1.0 - values.venting) * (1.0 - own["reading"])
            person.distress -= values.venting_relieves * values.venting * person.distress
            if not own["reached"] and own["path"] >= goal:
                own["reached"] = 1
                person.model.log("programme_reached", person)
                gained = values.own_goal * (1.0 - values.strictness)
                person.self_efficacy += gained * (1.0 - person.self_efficacy)


def bear_on_week(person: Any, values: Any) -> None:
    """Let path, readings and what holds one bear on the week of somebody who has ever been a member."""
    own = person.own["programme"]
    if own["goal"] == UNKNOWN:
        return
    spirit = values.spirituality * person.belief_fit
    held = 1.0 - (1.0 - person.tie_support) * (1.0 - person.belonging) * (1.0 - spirit)
    together = values.together * (1.0 - person.self_efficacy) * held
    person.ports["crisis"] *= math.exp(-values.path_protects * own["path"] - together)
    person.ports["shock"] *= 1.0 - values.reread_shields * own["reading"]


def suits(person: Any, values: Any) -> float:
    """Return how far the spiritual side suits somebody, or puts off."""
    return values.spirit_keeps * values.spirituality * (person.belief_fit - values.suits_at)


def after_bond(group: Any, values: Any) -> None:
    """Bear on the week of members, and on who drops out."""
    for person in group.ring:
        bear_on_week(person, values)
        drives = math.exp(values.strict_drives * values.strictness * (1.0 - person.own["programme"]["goal"]))
        person.ports["drop"] *= drives * 2.0 * logistic(-suits(person, values))


def outside_week(person: Any, values: Any) -> None:
    """Bear on the week of people outside, and on who comes."""
    bear_on_week(person, values)
    person.ports["come"] *= 2.0 * logistic(suits(person, values))


def after_live(group: Any, values: Any) -> None:
    """Let a crisis cost part of the path, and strictness drive out who had one."""
    for person in group.ring:
        if person.in_crisis:
            own = person.own["programme"]
            own["path"] -= values.lost_in_crisis * own["path"]
            person.ports["drop"] *= math.exp(values.strict_drives * values.strictness)
