"""Acting together in the twin, from the text of `mhsim.modules.advocate`."""

from __future__ import annotations

import math
from typing import Any

from twin_draws import clip

AFTER = "start"


def start_person(person: Any, values: Any) -> dict[str, Any]:
    """Return what is a person's own at arrival."""
    return {"agency": values.agency, "_voice": False}


def start_group(group: Any, parent: Any, values: Any) -> dict[str, Any]:
    """Return what is a group's own when it begins."""
    return {"acts": 0.0}


def start_place(community: Any, values: Any) -> dict[str, Any]:
    """Return what is a community's own at the start."""
    return {"stigma": 1.0, "norm": 0.0, "practice": 0.0, "acts": 0.0, "people": 0, "members": 0}


def in_community(community: Any, values: Any) -> None:
    """Let stigma, practice and norm follow what was done in the last step."""
    own = community.own["advocate"]
    a = 100.0 * own["acts"] / max(1, own["people"])
    c = own["members"] / max(1, own["people"])
    stigma, practice, norm = own["stigma"], own["practice"], own["norm"]
    fall = min(1.0, values.voice * a + values.contact * c) * stigma
    own["stigma"] = clip(stigma + values.returns * (1.0 - stigma) - fall)
    gained = min(1.0, values.insists * a) * (1.0 - practice)
    own["practice"] = clip(practice + gained - values.practice_wears * practice)
    own["norm"] = clip(norm + values.spreads * c * (1.0 - norm) - values.norm_wears * norm)
    own["acts"], own["people"], own["members"] = 0.0, 0, 0


def public(person: Any, values: Any) -> dict[str, float]:
    """Let norm and services bear on a person, and return the factors."""
    place = person.community.own["advocate"]
    leans = math.exp(values.norm_draws * place["norm"] * person.self_reliance)
    return {"leans": leans, "service": 1.0 + values.heeds * place["practice"]}


def outside_week(person: Any, values: Any) -> None:
    """Let the public bear on people outside."""
    if person.arrived == person.model.now:
        stigma = person.community.own["advocate"]["stigma"]
        factor = max(0.0, 1.0 - values.public * (1.0 - stigma))
        person.shame *= factor
        person.shame_baseline *= factor
    bears = public(person, values)
    person.ports["come"] *= bears["leans"]
    person.ports["service"] *= bears["service"]


def after_work(group: Any, values: Any) -> None:
    """Let acting together take time, and the public bear on members."""
    group.free *= 1.0 - values.effort
    for person in group.ring:
        bears = public(person, values)
        person.ports["hear"] *= 1.0 - values.effort
        person.ports["ask"] *= bears["leans"]
        person.ports["service"] *= bears["service"]
        person.ports["serve"] *= math.exp(values.agency_gates * (person.own["advocate"]["agency"] - values.agency))


def after_share(group: Any, values: Any) -> None:
    """Let those who came act together."""
    came = [person for person in group.ring if person.attended]
    acts = values.effort * sum(person.own["advocate"]["agency"] for person in came)
    group.own["advocate"]["acts"] = acts
    group.community.own["advocate"]["acts"] += acts
    together = acts / (1.0 + acts)
    for person in came:
        mine = person.own["advocate"]
        lifted = values.fights * values.effort * together * person.shame
        person.shame = clip(person.shame - lifted)
        person.self_efficacy = clip(person.self_efficacy + values.esteem * lifted * (1.0 - person.self_efficacy))
        grown = (values.takes_part + values.acting * values.effort) * (1.0 - mine["agency"])
        mine["agency"] = clip(mine["agency"] + grown)


def after_help(group: Any, values: Any) -> None:
    """Let helping give agency; count members."""
    for person in group.ring:
        mine = person.own["advocate"]
        if person.load:
            mine["agency"] += values.by_helping * (1.0 - mine["agency"])
        if not mine["_voice"] and mine["agency"] > (1.0 + values.agency) / 2.0:
            mine["_voice"] = True
            person.model.log("advocate_voice", person)
        settle(person, values)
        group.community.own["advocate"]["members"] += 1


def outside_after(person: Any, values: Any) -> None:
    """Let agency return; count people outside."""
    settle(person, values)


def settle(person: Any, values: Any) -> None:
    """Let agency return to its level, and count the person."""
    mine = person.own["advocate"]
    mine["agency"] = clip(mine["agency"] + values.agency_returns * (values.agency - mine["agency"]))
    person.community.own["advocate"]["people"] += 1
