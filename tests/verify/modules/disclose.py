"""Telling what hurts in the twin, from the text of `mhsim.modules.disclose`."""

from __future__ import annotations

import math
from typing import Any

from twin_draws import happens
from twin_terms import OUTSIDE

TELLING = 1110


def start_person(person: Any, values: Any) -> dict[str, Any]:
    """Return what is a person's own at arrival."""
    own = {"openness": 0.0, "told": 0, "ever_told": 0, "told_new": 0, "_relieved": 0, "shame": 0.0}
    return own | {"label": values.label}


def bear_label(person: Any, values: Any) -> None:
    """Let what services call somebody weigh on hope, and return."""
    own = person.own["disclose"]
    person.hope -= values.label_weighs * own["label"] * person.hope
    own["label"] += values.label_returns * (values.label - own["label"])


def newcomer(person: Any, values: Any) -> bool:
    """Tell whether somebody who is there is new."""
    return bool(person.attended and not person.starter and person.meetings <= values.new_meetings)


def after_attend(group: Any, values: Any) -> None:
    """Settle who is open, and what that bears on."""
    there = [person for person in group.ring if person.attended]
    strangers = sum(newcomer(person, values) for person in there) / len(there) if there else 0.0
    led = False
    for person in group.ring:
        ahead = person.attended and person.carrier and person.words(TELLING)[0] < values.leader_first
        person.own["disclose"]["told"] = int(ahead)
        led = led or ahead
    for person in group.ring:
        own, ports = person.own["disclose"], person.ports
        bear_label(person, values)
        in_the_way = (
            values.unsafe_closes * (1.0 - (group.climate + person.trust) / 2.0)
            + values.shame_closes * (1.0 - values.anonymity) * person.shame
            + values.strangers_close * strangers
        )
        if led and newcomer(person, values):
            in_the_way *= 1.0 - values.leader_opens
        own["openness"] = math.exp(-in_the_way)
        silenced = 1.0 - values.silences * (1.0 - own["openness"])
        ports["speak"] *= silenced
        ports["ask"] *= silenced * (1.0 + values.understood * person.fit * person.shame)
        ports["service"] *= 1.0 - values.price_outside * person.shame
        if not person.attended:
            for name in ("ask", "answer"):
                ports[name] *= 1.0 - values.untraced * values.anonymity


def outside_week(person: Any, values: Any) -> None:
    """Let the ashamed be kept from services, and come where names stay out."""
    bear_label(person, values)
    person.ports["service"] *= 1.0 - values.price_outside * person.shame
    if person.membership == OUTSIDE:
        person.ports["come"] *= math.exp(values.anonymity_draws * values.anonymity * person.shame) * values.open_door


def after_share(group: Any, values: Any) -> None:
    """Let people tell, be met or not, and feel relief for the first time."""
    for person in group.ring:
        own = person.own["disclose"]
        if not person.attended:
            continue
        if not own["told"]:
            own["told"] = int(happens(person.words(TELLING)[1], values.tell_rate * own["openness"]))
        if own["told"]:
            if not own["ever_told"] and not person.starter:
                unmet = 0.0 < person.met_alike <= person.words(TELLING)[2]
                person.model.log("disclose_unmet" if unmet else "disclose_told", person)
            own["ever_told"] = 1
            own["told_new"] = max(own["told_new"], int(newcomer(person, values)))
            if person.met_alike > 0.0:
                be_met(person, values)
            if person.words(TELLING)[3] < values.own_account:
                own["label"] -= values.own_words * own["label"]
            else:
                own["label"] += values.retold * (1.0 - own["label"])
        first_times(person, group, values)


def be_met(person: Any, values: Any) -> None:
    """Let somebody who told be met, or not."""
    if person.words(TELLING)[2] < person.met_alike:
        person.shame -= values.met_well * person.shame
        person.trust += values.trust_told * (1.0 - person.trust)
    else:
        person.trust -= values.told_in_vain * person.trust


def first_times(person: Any, group: Any, values: Any) -> None:
    """Let the first meeting among people alike relieve, and warmth act."""
    own = person.own["disclose"]
    heard = person.met_alike > 0.0
    if heard and not person.starter and not own["_relieved"] and group.attended - 1 >= values.peers_needed:
        share = values.first_relief * (1.0 + values.invalidation) * person.met_alike
        person.shame -= min(1.0, share) * person.shame
        own["_relieved"] = 1
    if not person.starter and person.at_first_visit:
        person.belonging += values.first_belonging * person.met_alike * (1.0 - person.belonging)
    person.belonging += values.warmth_gain * values.warmth * (1.0 - person.belonging)


def after_help(group: Any, values: Any) -> None:
    """Let peace with it be caught from who helps."""
    for person in group.ring:
        helper = person.helped_by
        if helper is not None and helper.shame < person.shame:
            person.shame -= values.at_peace * (person.shame - helper.shame)


def after_bond(group: Any, values: Any) -> None:
    """Let ties fade where names are unknown."""
    for person in group.ring:
        for tie in person.ties.values():
            tie.strength -= values.fades_unknown * values.anonymity * tie.strength


def after_leave(group: Any, values: Any) -> None:
    """Note shame for tables."""
    for person in group.ring:
        person.own["disclose"]["shame"] = person.shame
