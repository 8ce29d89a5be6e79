"""A repertoire: named strategies, told well or badly, found together, brought from elsewhere, written down, and lost.

There are 32 strategies, bits of a whole number: 0-7 against triggers, 8-15 against stress, 16-23 to ask for help, 24-31
to keep to care. A person knows those of the set ``right`` and holds those of ``wrong`` in a version that does not work;
no strategy is in both. A group may have a ``record``. Everybody starts with nothing, and so does every group that is
founded; one that splits off has the record of the old one, and is counted for the first time in its first week.

Choosing. One of a set of n strategies is, for a word u, the one with the number ``int(u * n)`` of them, counted from 0
and from the lowest bit; of an empty set, none.

The beginning, in a group that had met when the world opened, before its first week: strategy ``4 b + w`` is practised
there where word w of block b (0-7) of the group's "practice" is under `practised`. Every member of that moment knows
those of them for which the own word w of block b of "learnt" is under the own coping. Where `writes_down` is above 0,
all that is practised stands in the record. All is counted (see the end).

What strategies do. With a, b, c, d the numbers that a person knows of each kind, over 8, each step multiplies, for
members before anybody comes and for people outside before they decide to come:

    hazard of a crisis        by 1 - triggers * a
    size of a shock           by 1 - stress * b, and by 1 - warning where warned > 0
    hazard of asking          by 1 + asking * c
    contacts with services    by 1 + care * d

After that ``warned`` (weeks) falls by the length of a step, not below 0, and people outside may forget.

Forgetting. Somebody who was at no meeting of the step, or is outside, loses with hazard `forget` times the size of
``right | wrong`` (word `forgets`) the one of these by `which_lost`. What is spoken of is kept.

Being told. What can be told is what the teller knows and the hearer does not know, and what the teller holds wrongly
and the hearer neither knows nor holds wrongly; one of these together, by the word `which`. It is learnt if the teller
knows it and `well` is under `fidelity`; else the hearer holds it wrongly. Learning takes a strategy out of ``wrong``.
Groups can be guarded: let ``open = 1 - guarded * (1 - belonging)`` for the belonging of the hearer.

What happens in a group, after help one to one. Everything counts at once, so who comes later learns from what those
before have learnt. For each member, in the order of the ring:

1. who is not there may forget;
2. who was helped (a) is told by the helper where `told` is under ``copy_told * open`` (words of "help with know-how");
   (b) finds something with the helper where `found` is under `invent`: of what is in neither's ``right``, the one by
   `which_found`; both learn it, and the group's ``found`` rises by 1 (nothing where they know all); (c) is warned
   where the helper's stage is further on and `warned` is under ``warns * a``, a being the helper's as last counted:
   ``warned = warned_weeks``;
3. who is there (a) is told by the next on the ring who is there, if there is one, where `hears` is under ``copy_in_talk
   * open`` (words of "know-how"); (b) learns from the record where `read` of "keeping" is under `reads`: of what is
   written there and not in the own ``right``, the one by `which_read`.

Then for the group. Brought from elsewhere, if anybody is there and `brought` says so at hazard `imports_per_year`: of
what is not in the ``right`` of the one who brings, the one by `which_brought`; who brings is, of the n who are there,
the one with the number ``int(bringer * n)`` in the order of the ring. Where `suits` is under `outside_fits` it is
learnt; else it is turned away where `turned_away` is under `own_terms`, and held wrongly otherwise. What was not turned
away counts in ``brought`` (nothing happens where the one who brings knows all). Written down, if `written` is under
`writes_down`: of what helpers who are there know and the record does not hold, the one by `which_written`.

What is written down gets about, and people begin groups on it: with r the number of strategies in the record, as
counted below, each group adds ``data_founds * r / 32`` to `eager` of its community (see `found`).

At the end all is counted: of each member ``knows`` (size of ``right``), ``misheld`` (of ``wrong``) and the numbers
known of each kind; of the group ``diversity`` (strategies that any member knows), ``recorded``, and ``lost``, which
rises by the number of strategies that a member knew or the record held when last counted and now neither does. People
outside are counted after forgetting.

Words: "know-how" (each member who is there): hears, which, well, -; "keeping" (each person): read, which_read,
forgets, which_lost; "help with know-how" (who was helped): told, which, well, found; "findings" (the same):
which_found, warned, -, -; of a group, "upkeep of know-how": written, which_written, brought, which_brought; "from
elsewhere": bringer, suits, turned_away, -.

Log: `found` of who was helped, naming the helper; `learnt` of who knew none and knows one by being told or by reading
(each by itself: by the helper, then at the meeting); of groups `brought`, and `lost` in a step in which any is lost.

Sources: E22 co-created wisdom, E81 warnings, E82-E84 repertoire and skills, E92 information, E109 methods left behind,
E111 knowledge borrowed, E130 guarded knowledge, E221 founding on data about a practice.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.kernel_helpers import around
from mhsim.plugins import (
    Column,
    Event,
    OwnMeasure,
    Purpose,
    Rule,
    draw,
    draw_words,
    happens,
    par,
    switch,
    tell,
    tell_group,
    uniform,
)
from mhsim.schema import HELPER

KNOW_HOW, KEEPING, HELPED, FINDINGS, PRACTICE, LEARNT, UPKEEP, ELSEWHERE = range(1180, 1188)
EVERY = 4294967295
"""The set of all 32 strategies."""
KIND = 255
"""The set of the eight of the first kind."""
STRESS, ASKING, CARE = 8, 16, 24
"""How much higher the bits of the other kinds lie."""
EACH, ALL, BLOCKS = 8.0, 32.0, 8
"""Strategies of a kind, all of them, and blocks of four words in which each strategy has one."""
FOUND_ONE, LEARNT_ONE, BROUGHT_ONE, LOST_ONE = 0, 1, 2, 3


class Repertoire(Rule):
    """Parameters of a repertoire of strategies."""

    people = (
        Column("right", "i8", "bits", "strategies known"),
        Column("wrong", "i8", "bits", "strategies held in a version that does not work"),
        Column("warned", "f8", "weeks", "how long a warning still holds"),
        Column("knows", "u1", "strategies", "number known", shown="known"),
        Column("misheld", "u1", "strategies", "number held wrongly", shown="misheld"),
        Column("triggers", "u1", "strategies", "number known against triggers", shown="triggers"),
        Column("stress", "u1", "strategies", "number known against stress", shown="stress"),
        Column("asking", "u1", "strategies", "number known of asking for help", shown="asking"),
        Column("care", "u1", "strategies", "number known of keeping to care", shown="care"),
    )
    groups = (
        Column("begun", "u1", "0/1", "what was there at the opening has been given out", start=(1, 0)),
        Column("record", "i8", "bits", "strategies written down", inherits=True),
        Column("kept", "i8", "bits", "strategies known to a member or written down when last counted"),
        Column("diversity", "u1", "strategies", "number known to any member", shown="diversity"),
        Column("recorded", "u1", "strategies", "number written down", shown="recorded"),
        Column("found", "i4", "times", "found by two together", shown="found"),
        Column("brought", "i4", "times", "brought from elsewhere and taken in", shown="brought"),
        Column("lost", "i4", "times", "lost: known to nobody any more and not written down", shown="lost"),
    )
    measures = (
        OwnMeasure("known", "people.knows", "members", "strategies", "strategies that a member knows"),
        OwnMeasure(
            "misheld",
            "people.misheld",
            ("people.knows", "people.misheld"),
            "share",
            "of what members hold, in a version that does not work",
        ),
        OwnMeasure("lost", "groups.lost", "groups", "1/year", "strategies that a group loses in a year", "so_far"),
    )
    events = (
        Event(
            FOUND_ONE,
            "found",
            "people",
            {
                "en": (
                    "found a new way of coping together with {other}",
                    "two people found a new way of coping",
                    "{count} times two people found a new way of coping",
                ),
                "de": (
                    "fand mit {other} einen neuen Weg, zurechtzukommen",
                    "zwei Personen fanden einen neuen Weg, zurechtzukommen",
                    "{count}mal fanden zwei Personen einen neuen Weg, zurechtzukommen",
                ),
            },
        ),
        Event(
            LEARNT_ONE,
            "learnt",
            "people",
            {
                "en": (
                    "learnt a first way of coping from the group",
                    "one person learnt a first way of coping",
                    "{count} people learnt a first way of coping",
                ),
                "de": (
                    "lernte in der Gruppe einen ersten Weg, zurechtzukommen",
                    "eine Person lernte einen ersten Weg, zurechtzukommen",
                    "{count} Personen lernten einen ersten Weg, zurechtzukommen",
                ),
            },
        ),
        Event(
            BROUGHT_ONE,
            "brought",
            "groups",
            {
                "en": (
                    "took in a way of coping from elsewhere",
                    "one group took in a way of coping from elsewhere",
                    "{count} times a group took in a way of coping from elsewhere",
                ),
                "de": (
                    "nahm von anderswo einen Weg auf, zurechtzukommen",
                    "eine Gruppe nahm von anderswo einen Weg auf, zurechtzukommen",
                    "{count}mal nahm eine Gruppe von anderswo einen Weg auf, zurechtzukommen",
                ),
            },
        ),
        Event(
            LOST_ONE,
            "lost",
            "groups",
            {
                "en": (
                    "lost a way of coping that nobody knew any more",
                    "one group lost a way of coping",
                    "{count} times a group lost a way of coping",
                ),
                "de": (
                    "verlor einen Weg, zurechtzukommen, den niemand mehr kannte",
                    "eine Gruppe verlor einen Weg, zurechtzukommen",
                    "{count}mal verlor eine Gruppe einen Weg, zurechtzukommen",
                ),
            },
        ),
    )
    purposes = (
        Purpose(KNOW_HOW, "know-how", "a member who is there", ("hears", "which", "well", "")),
        Purpose(KEEPING, "keeping", "each person, each step", ("read", "which_read", "forgets", "which_lost")),
        Purpose(HELPED, "help with know-how", "a member who was helped", ("told", "which", "well", "found")),
        Purpose(FINDINGS, "findings", "a member who was helped", ("which_found", "warned", "", "")),
        Purpose(PRACTICE, "practice", "a group that had met; block 0 to 7", ("practised",) * 4),
        Purpose(LEARNT, "learnt", "its members at the opening; block 0 to 7", ("learnt",) * 4),
        Purpose(
            UPKEEP, "upkeep of know-how", "a group, each step", ("written", "which_written", "brought", "which_brought")
        ),
        Purpose(ELSEWHERE, "from elsewhere", "a group, each step", ("bringer", "suits", "turned_away", "")),
    )
    writes = {"communities": ("eager",)}
    neutral = {"triggers": 0.0, "stress": 0.0, "asking": 0.0, "care": 0.0, "warning": 0.0}

    enabled: bool = switch("whether members tell one another named strategies", default=False)
    practised: float = par(
        0.5, 0, 1, unit="chance", why="of each strategy, practised in a group that had met", source="assumed; E109"
    )
    copy_told: float = par(0.15, 0, 1, unit="chance", why="of being told a strategy when helped", source="assumed; E83")
    copy_in_talk: float = par(
        0.03, 0, 1, unit="share/meeting", why="chance of being told one at a meeting", source="assumed; E83 E92"
    )
    fidelity: float = par(
        0.8, 0, 1, unit="chance", why="of taking a strategy up as it was told", source="assumed; E83 E92"
    )
    guarded: float = par(
        0.0, 0, 1, unit="share", why="of telling, kept from those who do not belong yet", source="assumed; E130"
    )
    invent: float = par(
        0.003, 0, 1, unit="chance", why="of finding a new strategy when one helps another", source="assumed; E22"
    )
    imports_per_year: float = par(
        0.5, 0, 52, unit="1/year", why="strategies that members bring from elsewhere", source="assumed; E111"
    )
    outside_fits: float = par(
        0.6, 0, 1, unit="chance", why="of a strategy from elsewhere, fit for here", source="assumed; E111"
    )
    own_terms: float = par(
        0.7, 0, 1, unit="share", why="of what does not fit, turned away by the group", source="assumed; E111"
    )
    writes_down: float = par(
        0.0, 0, 1, unit="share/meeting", why="chance of writing a strategy down", source="assumed; E82 E109"
    )
    data_founds: float = par(
        0.0,
        0,
        1000,
        unit="people",
        why="more, as whom people in need count where a group may be founded, by a full record",
        source="assumed; E221",
    )
    reads: float = par(
        0.05, 0, 1, unit="share/meeting", why="chance of learning one from the record", source="assumed; E82"
    )
    forget: float = par(
        0.004, 0, 10, unit="1/week", why="forgetting a strategy while one stays away", source="assumed; E109"
    )
    triggers: float = par(
        0.5,
        0,
        1,
        unit="share",
        why="of crises, kept off by all eight against triggers",
        source="assumed; E84",
        benefit=True,
    )
    stress: float = par(
        0.3,
        0,
        1,
        unit="share",
        why="of a shock, taken by all eight against stress",
        source="assumed; E84",
        benefit=True,
    )
    asking: float = par(
        0.5, 0, 10, unit="weight", why="asking for help, more by all eight of that kind", source="assumed; E84"
    )
    care: float = par(
        1.0,
        0,
        10,
        unit="weight",
        why="contacts with services, more by all eight of keeping to care",
        source="assumed; E84",
        benefit=True,
    )
    warns: float = par(
        0.3, 0, 1, unit="chance", why="of a warning by one further on who knows all triggers", source="assumed; E81"
    )
    warned_weeks: float = par(13.0, 0, 520, unit="weeks", why="how long a warning holds", source="assumed; E81")
    warning: float = par(
        0.3, 0, 1, unit="share", why="of a shock, taken where one was warned", source="assumed; E81", benefit=True
    )

    @staticmethod
    def outside_week(outside, own, ports, key, community, clock, p):  # type: ignore[no-untyped-def]
        """Let people outside live by what they know, and forget it."""
        for i in range(len(outside)):
            slot = outside.slot[i]
            if own.right[slot] + own.wrong[slot] > 0 or own.warned[slot] > 0.0:
                _live_by(own, slot, ports, i, clock, p)
                _may_forget(own, slot, outside.who[i], key, community, clock, p)
                _count(own, slot)

    @staticmethod
    def after_work(members, groups, g, own, ours, ports, key, community, clock, p):  # type: ignore[no-untyped-def]
        """Give out what is there at the opening; let members live by what they know."""
        if not ours.begun[g]:
            ours.begun[g] = 1
            _begin(members, groups, g, own, ours, key, community, clock, p)
        for i in range(len(members)):
            _live_by(own, members.slot[i], ports, i, clock, p)

    @staticmethod
    def after_help(members, groups, g, own, ours, ring, words, events, key, communities, community, clock, p):  # type: ignore[no-untyped-def]
        """Let members forget, tell, find, warn, read; let the group bring in and write down; count."""
        n = len(members)
        draw_words(words, n, key, community, clock.step, KNOW_HOW, 0)
        for seat in range(n):
            i = ring[seat]
            slot = members.slot[i]
            if not members.attended[i]:
                _may_forget(own, slot, members.who[i], key, community, clock, p)
            if members.helped_by[i] >= 0:
                _with_helper(members, i, members.helped_by[i], ours, g, own, events, key, community, clock, p)
            if members.attended[i]:
                _at_meeting(members, seat, ours.record[g], own, ring, words, events, key, community, clock, p)
        _for_the_group(members, groups, g, own, ours, ring, events, key, community, clock, p)
        communities.eager[community] += p.data_founds * (ours.recorded[g] / ALL)


@kernel
def _size(strategies):  # type: ignore[no-untyped-def]
    """Return how many strategies are in a set."""
    number = 0
    while strategies > 0:
        strategies = strategies & (strategies - 1)
        number += 1
    return number


@kernel
def _one_of(strategies, u):  # type: ignore[no-untyped-def]
    """Return one of a set of strategies as a set of its own; nothing of nothing."""
    for _ in range(int(u * _size(strategies))):
        strategies = strategies & (strategies - 1)
    return strategies - (strategies & (strategies - 1)) if strategies > 0 else 0


@kernel
def _learn(own, slot, one):  # type: ignore[no-untyped-def]
    own.right[slot] = own.right[slot] | one
    own.wrong[slot] = own.wrong[slot] & (EVERY - one)


@kernel
def _tell(own, slot, other, which, well, p):  # type: ignore[no-untyped-def]
    """Let the person of one handle be told a strategy by that of another."""
    told = own.right[other] & (EVERY - own.right[slot])
    rumour = own.wrong[other] & (EVERY - (own.right[slot] | own.wrong[slot]))
    one = _one_of(told | rumour, which)
    if one & told and well < p.fidelity:
        _learn(own, slot, one)
    else:
        own.wrong[slot] = own.wrong[slot] | one


@kernel
def _count(own, slot):  # type: ignore[no-untyped-def]
    right = own.right[slot]
    own.misheld[slot] = _size(own.wrong[slot])
    triggers, stress = _size(right & KIND), _size((right >> STRESS) & KIND)
    asking, care = _size((right >> ASKING) & KIND), _size((right >> CARE) & KIND)
    own.triggers[slot], own.stress[slot], own.asking[slot], own.care[slot] = triggers, stress, asking, care
    own.knows[slot] = triggers + stress + asking + care


@kernel
def _live_by(own, slot, ports, i, clock, p):  # type: ignore[no-untyped-def]
    ports.crisis[i] *= 1.0 - p.triggers * (own.triggers[slot] / EACH)
    ports.shock[i] *= 1.0 - p.stress * (own.stress[slot] / EACH)
    if own.warned[slot] > 0.0:
        ports.shock[i] *= 1.0 - p.warning
        own.warned[slot] = max(0.0, own.warned[slot] - clock.dt)
    ports.ask[i] *= 1.0 + p.asking * (own.asking[slot] / EACH)
    ports.service[i] *= 1.0 + p.care * (own.care[slot] / EACH)


@kernel
def _may_forget(own, slot, who, key, community, clock, p):  # type: ignore[no-untyped-def]
    held = own.right[slot] | own.wrong[slot]
    if held > 0:
        _, _, forgets, which = draw(key, who, 0, community, clock.step, KEEPING, 0)
        if happens(forgets, p.forget * _size(held)):
            rest = EVERY - _one_of(held, which)
            own.right[slot] = own.right[slot] & rest
            own.wrong[slot] = own.wrong[slot] & rest


@kernel
def _begin(members, groups, g, own, ours, key, community, clock, p):  # type: ignore[no-untyped-def]
    practice = 0
    for b in range(BLOCKS):
        practice += _under(draw(key, groups.who[g], 0, community, clock.step, PRACTICE, b), p.practised, b)
    for i in range(len(members)):
        learnt = 0
        for b in range(BLOCKS):
            learnt += _under(draw(key, members.who[i], 0, community, clock.step, LEARNT, b), members.coping[i], b)
        slot = members.slot[i]
        own.right[slot] = practice & learnt
        _count(own, slot)
    ours.record[g] = practice if p.writes_down > 0.0 else 0
    _count_group(members, g, own, ours)


@kernel
def _under(words, chance, b):  # type: ignore[no-untyped-def]
    """Return the set of those strategies of a block whose words are under a chance."""
    found = 0
    for w in range(len(words)):
        if words[w] < chance:
            found += 1 << (len(words) * b + w)
    return found


@kernel
def _open(members, i, p):  # type: ignore[no-untyped-def]
    return 1.0 - p.guarded * (1.0 - members.belonging[i])


@kernel
def _with_helper(members, i, j, ours, g, own, events, key, community, clock, p):  # type: ignore[no-untyped-def]
    slot, helper = members.slot[i], members.slot[j]
    told, which, well, found = draw(key, members.who[i], 0, community, clock.step, HELPED, 0)
    which_found, warned, _, _ = draw(key, members.who[i], 0, community, clock.step, FINDINGS, 0)
    knew = own.right[slot]
    if told < p.copy_told * _open(members, i, p):
        _tell(own, slot, helper, which, well, p)
    if knew == 0 and own.right[slot] > 0:
        tell(events, LEARNT_ONE, members, i, 0)
    if found < p.invent:
        one = _one_of(EVERY - (own.right[slot] | own.right[helper]), which_found)
        if one > 0:
            _learn(own, slot, one)
            _learn(own, helper, one)
            ours.found[g] += 1
            tell(events, FOUND_ONE, members, i, members.who[j])
    if members.stage[j] > members.stage[i] and warned < p.warns * (own.triggers[helper] / EACH):
        own.warned[slot] = p.warned_weeks


@kernel
def _at_meeting(members, seat, record, own, ring, words, events, key, community, clock, p):  # type: ignore[no-untyped-def]
    i = ring[seat]
    slot = members.slot[i]
    knew = own.right[slot]
    if uniform(words[0, i]) < p.copy_in_talk * _open(members, i, p):
        j = _next_there(members, seat, ring)
        if j >= 0:
            _tell(own, slot, members.slot[j], uniform(words[1, i]), uniform(words[2, i]), p)
    if record > 0:
        read, which_read, _, _ = draw(key, members.who[i], 0, community, clock.step, KEEPING, 0)
        if read < p.reads:
            _learn(own, slot, _one_of(record & (EVERY - own.right[slot]), which_read))
    if knew == 0 and own.right[slot] > 0:
        tell(events, LEARNT_ONE, members, i, 0)


@kernel
def _next_there(members, seat, ring):  # type: ignore[no-untyped-def]
    n = len(members)
    for k in range(1, n):
        j = ring[around(seat + k, n)]
        if members.attended[j]:
            return j
    return -1


@kernel
def _for_the_group(members, groups, g, own, ours, ring, events, key, community, clock, p):  # type: ignore[no-untyped-def]
    written, which_written, brought, which_brought = draw(key, groups.who[g], 0, community, clock.step, UPKEEP, 0)
    if happens(brought, p.imports_per_year):
        _bring(members, groups, g, own, ours, ring, which_brought, events, key, community, clock, p)
    if written < p.writes_down:
        known = 0
        for i in range(len(members)):
            if members.attended[i] and members.role[i] == HELPER:
                known = known | own.right[members.slot[i]]
        ours.record[g] += _one_of(known & (EVERY - ours.record[g]), which_written)
    for i in range(len(members)):
        _count(own, members.slot[i])
    lost = ours.lost[g]
    _count_group(members, g, own, ours)
    if ours.lost[g] > lost:
        tell_group(events, LOST_ONE, groups, g, 0)


@kernel
def _bring(members, groups, g, own, ours, ring, which, events, key, community, clock, p):  # type: ignore[no-untyped-def]
    bringer, suits, turned_away, _ = draw(key, groups.who[g], 0, community, clock.step, ELSEWHERE, 0)
    there = 0
    for i in range(len(members)):
        there += members.attended[i]
    number = int(bringer * there)
    for seat in range(len(members)):
        i = ring[seat]
        if members.attended[i]:
            if number == 0:
                slot = members.slot[i]
                one = _one_of(EVERY - own.right[slot], which)
                if suits < p.outside_fits:
                    _learn(own, slot, one)
                elif turned_away < p.own_terms:
                    return
                else:
                    own.wrong[slot] = own.wrong[slot] | one
                if one > 0:
                    ours.brought[g] += 1
                    tell_group(events, BROUGHT_ONE, groups, g, 0)
                return
            number -= 1


@kernel
def _count_group(members, g, own, ours):  # type: ignore[no-untyped-def]
    known = 0
    for i in range(len(members)):
        known = known | own.right[members.slot[i]]
    now = known | ours.record[g]
    ours.lost[g] += _size(ours.kept[g] & (EVERY - now))
    ours.kept[g] = now
    ours.diversity[g] = _size(known)
    ours.recorded[g] = _size(ours.record[g])
