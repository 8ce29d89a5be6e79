"""The repertoire in the twin, from the text of `mhsim.modules.repertoire`."""

from __future__ import annotations

from typing import Any

from twin_draws import happens

KNOW_HOW, KEEPING, HELPED, FINDINGS, PRACTICE, LEARNT, UPKEEP, ELSEWHERE = range(1180, 1188)
ALL = frozenset(range(32))
KINDS = {"triggers": range(8), "stress": range(8, 16), "asking": range(16, 24), "care": range(24, 32)}


def start_person(person: Any, values: Any) -> dict[str, Any]:
    """Return what is a person's own at arrival."""
    return {"_right": set(), "_wrong": set(), "_warned": 0.0, "known": 0, "misheld": 0} | dict.fromkeys(KINDS, 0)


def start_group(group: Any, parent: Any, values: Any) -> dict[str, Any]:
    """Return what is a group's own when it begins."""
    met = parent is None and group.founded == group.model.opening and group.values.start.kind == "established"
    record = set(parent.own["repertoire"]["_record"]) if parent is not None else set()
    counts = dict.fromkeys(("diversity", "recorded", "found", "brought", "lost"), 0)
    return {"_begun": not met, "_record": record, "_kept": set()} | counts


def one_of(strategies: Any, u: float) -> int | None:
    """Return one of a set of strategies, for a word; None of an empty set."""
    among = sorted(strategies)
    return among[int(u * len(among))] if among else None


def count_person(person: Any) -> None:
    """Count what somebody knows and holds wrongly."""
    own = person.own["repertoire"]
    own["known"], own["misheld"] = len(own["_right"]), len(own["_wrong"])
    for kind, numbers in KINDS.items():
        own[kind] = len(own["_right"].intersection(numbers))


def count(group: Any) -> None:
    """Count all of a group and its members."""
    own = group.own["repertoire"]
    known: set[int] = set()
    for person in group.ring:
        count_person(person)
        known |= person.own["repertoire"]["_right"]
    own["diversity"], own["recorded"] = len(known), len(own["_record"])
    kept = known | own["_record"]
    own["lost"] += len(own["_kept"] - kept)
    own["_kept"] = kept


def begin(group: Any, values: Any) -> None:
    """Give out what is practised in a group that had met."""
    own, model, where = group.own["repertoire"], group.model, group.community.number
    own["_begun"] = True
    practised = {4 * b + w for b in range(8) for w in range(4) if group.words(PRACTICE, b)[w] < values.practised}
    for person in group.ring:
        for b in range(8):
            words = model.draws.draw(person.who, 0, where, model.now, LEARNT, b)
            learnt = {4 * b + w for w in range(4) if words[w] < person.coping}
            person.own["repertoire"]["_right"] |= learnt & practised
    if values.writes_down > 0.0:
        own["_record"] = set(practised)
    count(group)


def bear_on_week(person: Any, values: Any) -> None:
    """Let strategies bear on the week, and a warning wear off."""
    own, ports = person.own["repertoire"], person.ports
    a, b, c, d = (own[kind] / 8.0 for kind in KINDS)
    ports["crisis"] *= 1.0 - values.triggers * a
    ports["shock"] *= 1.0 - values.stress * b
    if own["_warned"] > 0.0:
        ports["shock"] *= 1.0 - values.warning
    ports["ask"] *= 1.0 + values.asking * c
    ports["service"] *= 1.0 + values.care * d
    own["_warned"] = max(0.0, own["_warned"] - person.model.dt)


def after_work(group: Any, values: Any) -> None:
    """Begin where need be; let strategies of members bear on the week."""
    if not group.own["repertoire"]["_begun"]:
        begin(group, values)
    for person in group.ring:
        bear_on_week(person, values)


def outside_week(person: Any, values: Any) -> None:
    """Let strategies of people outside bear on the week, and be forgotten."""
    bear_on_week(person, values)
    may_forget(person, values)
    count_person(person)


def may_forget(person: Any, values: Any) -> None:
    """Let one strategy be forgotten, perhaps."""
    own = person.own["repertoire"]
    held = own["_right"] | own["_wrong"]
    _, _, forgets, which = person.words(KEEPING)
    if held and happens(forgets, values.forget * len(held)):
        lost = one_of(held, which)
        own["_right"].discard(lost)
        own["_wrong"].discard(lost)


def learn(own: dict[str, Any], strategy: int) -> None:
    """Let somebody know a strategy."""
    own["_right"].add(strategy)
    own["_wrong"].discard(strategy)


def tell(teller: Any, hearer: Any, which: float, well: float, values: Any) -> None:
    """Let one tell another a strategy, well or badly."""
    theirs, mine = teller.own["repertoire"], hearer.own["repertoire"]
    can = theirs["_right"] - mine["_right"] | theirs["_wrong"] - mine["_right"] - mine["_wrong"]
    told = one_of(can, which)
    if told is None:
        return
    if told in theirs["_right"] and well < values.fidelity:
        learn(mine, told)
    else:
        mine["_wrong"].add(told)


def after_help(group: Any, values: Any) -> None:
    """Let strategies be told, found, brought, written down and forgotten, and count."""
    there = [person for person in group.ring if person.attended]
    for person in group.ring:
        if not person.attended:
            may_forget(person, values)
        if person.helped_by is not None:
            with_helper(person, person.helped_by, group, values)
        if person.attended:
            at_meeting(person, there, group, values)
    if there:
        bring(there, group, values)
    write_down(there, group, values)
    lost = group.own["repertoire"]["lost"]
    count(group)
    if group.own["repertoire"]["lost"] > lost:
        group.model.log_own("repertoire_lost", group)
    group.community.eager += values.data_founds * len(group.own["repertoire"]["_record"]) / 32


def openness(person: Any, values: Any) -> float:
    """Return how far others tell somebody what they know."""
    return 1.0 - values.guarded * (1.0 - person.belonging)


def with_helper(person: Any, helper: Any, group: Any, values: Any) -> None:
    """Let somebody who was helped be told, find something, be warned."""
    told, which, well, found = person.words(HELPED)
    which_found, warned, _, _ = person.words(FINDINGS)
    mine, theirs = person.own["repertoire"], helper.own["repertoire"]
    knew = bool(mine["_right"])
    if told < values.copy_told * openness(person, values):
        tell(helper, person, which, well, values)
    note_first(person, knew)
    if found < values.invent:
        new = one_of(ALL - mine["_right"] - theirs["_right"], which_found)
        if new is not None:
            learn(mine, new)
            learn(theirs, new)
            group.own["repertoire"]["found"] += 1
            group.model.log("repertoire_found", person, helper)
    if helper.stage > person.stage and warned < values.warns * theirs["triggers"] / 8.0:
        mine["_warned"] = values.warned_weeks


def at_meeting(person: Any, there: list[Any], group: Any, values: Any) -> None:
    """Let somebody who is there be told by the next, and read."""
    knew = bool(person.own["repertoire"]["_right"])
    hears, which, well, _ = person.words(KNOW_HOW)
    if len(there) > 1 and hears < values.copy_in_talk * openness(person, values):
        tell(there[(there.index(person) + 1) % len(there)], person, which, well, values)
    read, which_read, _, _ = person.words(KEEPING)
    if read < values.reads:
        mine = person.own["repertoire"]
        learnt = one_of(group.own["repertoire"]["_record"] - mine["_right"], which_read)
        if learnt is not None:
            learn(mine, learnt)
    note_first(person, knew)


def note_first(person: Any, knew: bool) -> None:
    """Note that somebody who knew no strategy has learnt one."""
    if not knew and person.own["repertoire"]["_right"]:
        person.model.log("repertoire_learnt", person)


def bring(there: list[Any], group: Any, values: Any) -> None:
    """Let somebody bring a strategy from elsewhere, perhaps."""
    _, _, brought, which = group.words(UPKEEP)
    if not happens(brought, values.imports_per_year):
        return
    bringer, suits, turned_away, _ = group.words(ELSEWHERE)
    own = there[int(bringer * len(there))].own["repertoire"]
    new = one_of(ALL - own["_right"], which)
    if new is None:
        return
    if suits < values.outside_fits:
        learn(own, new)
    elif turned_away < values.own_terms:
        return
    else:
        own["_wrong"].add(new)
    group.own["repertoire"]["brought"] += 1
    group.model.log_own("repertoire_brought", group)


def write_down(there: list[Any], group: Any, values: Any) -> None:
    """Let a strategy that helpers know be written down, perhaps."""
    written, which, _, _ = group.words(UPKEEP)
    record = group.own["repertoire"]["_record"]
    if written < values.writes_down:
        known = set().union(*(person.own["repertoire"]["_right"] for person in there if person.helper))
        new = one_of(known - record, which)
        if new is not None:
            record.add(new)
