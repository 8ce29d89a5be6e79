"""What just happened, in plain words: one by one where it is little, counted where it is much."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mhsim.errors import InputError, shown
from mhsim.schema import label
from mhsim.stories.group_story import beginning, cancelled, ending, moment_of, own_moment
from mhsim.stories.histories import NO_GROUP, GroupHistory, Occurrence
from mhsim.stories.moments import Moment, Story
from mhsim.stories.narrator import Narrator, capitalised, finished
from mhsim.stories.own_words import own_events, own_kinds
from mhsim.stories.records import Chronicle, Entry, chronicle_of

if TYPE_CHECKING:
    from mhsim.engine import Simulation
    from mhsim.outcomes.results import Run

MOST_TELLING_FIRST = (
    *(
        "closed",
        "opened",
        "founded",
        "split_off",
        "became_helper",
        "became_organiser",
        "role_ended",
        "helper_again",
        "organiser_ended",
        "prepared",
        "began_to_follow",
        "began_learning",
        "learning_ended",
        "cancelled",
    ),
    *("left", "moved_group", "came_back", "first_visit", "found_closed", "accommodation", "set_back", "crisis"),
    *("recoil", "ended", "coming", "first_contact", "helped_by", "arrived"),
)
"""Kinds in the order in which a feed puts them when asked for the most telling first; those of optional mechanisms
stand before "left"."""
SAYS_ITS_GROUP = ("first_visit", "came_back", "founded", "first_contact", "left", "moved_group", "coming")
NOT_NEWS = ("there_at_opening",)
ORDERS = ("telling", "time")


def feed(
    record: Run | Simulation | Chronicle,
    from_week: float,
    to_week: float,
    group: int | None = None,
    language: str = "en",
    *,
    order: str = "telling",
    each: int = 3,
) -> Story:
    """Return what happened from one week to another.

    Parameters
    ----------
    record : Run, Simulation or Chronicle
        A finished run or a history in progress, recorded as "story".
    from_week, to_week : float
        The first and the last week, both included.
    group : int, optional
        Tell of this group alone.
    language : str
        One of `languages`.
    order : {"telling", "time"}
        The most telling kinds first, or in order of weeks.
    each : int
        Up to so many of a kind are told one by one; more are counted in one sentence.

    Raises
    ------
    InputError
        If the record keeps no event log, there is no such group or language, the weeks are in the wrong order, or
        `order` is none of the two.
    """
    if order not in ORDERS:
        raise InputError(f"order: {shown(order)} is none; allowed are {', '.join(ORDERS)}")
    if to_week < from_week:
        raise InputError(f"to_week: {to_week:g} lies before from_week {from_week:g}")
    chronicle = chronicle_of(record)
    voice = Narrator(chronicle, language)
    if group is not None:
        chronicle.group(group)
    named = _news(voice, from_week, to_week, group)
    moments = [*_of_people(voice, named, each), *_of_groups(voice, named, from_week, to_week, group)]
    moments += _of_mechanisms(voice, from_week, to_week, group, each)
    before = MOST_TELLING_FIRST.index("left")
    ranked = (*MOST_TELLING_FIRST[:before], *own_events(), *MOST_TELLING_FIRST[before:])
    rank = {kind: place for place, kind in enumerate(ranked)}
    if order == "telling":
        moments.sort(key=lambda moment: (rank[moment.kind], moment.week))
    else:
        moments.sort(key=lambda moment: (moment.week, rank[moment.kind]))
    if not moments:
        text = finished(capitalised(voice.say("feed.quiet")))
        moments = [Moment(from_week, "quiet", voice.when(from_week, to_week), text, "", None, to_week, 0)]
    title = voice.say("words.feed", first=from_week, last=to_week)
    if from_week == to_week:
        title = voice.say("words.feed_week", week=from_week)
    return Story(title, "", language, tuple(moments))


def _news(voice: Narrator, first: float, last: float, group: int | None) -> list[tuple[str, Occurrence]]:
    """Return what happened to people in these weeks, with their names, in order of weeks and arrival."""
    entries = voice.chronicle.between(first, last)
    people = sorted({(entry.community, entry.who) for entry in entries})
    named = [
        (person, one)
        for person in (label(*identity) for identity in people)
        for one in voice.course(person)
        if first <= one.week <= last
        and one.kind not in NOT_NEWS
        and (group is None or group in (one.group, one.origin))
    ]
    return sorted(named, key=lambda pair: pair[1].week)


def _of_people(voice: Narrator, named: list[tuple[str, Occurrence]], each: int) -> list[Moment]:
    kinds: dict[str, list[tuple[str, Occurrence]]] = {}
    for person, one in named:
        kinds.setdefault(one.kind, []).append((person, one))
    told = []
    for kind, cases in kinds.items():
        if len(cases) <= each:
            told += [_one(voice, person, one) for person, one in cases]
        else:
            told.append(_counted(voice, kind, [one for _, one in cases]))
    return told


def _one(voice: Narrator, person: str, one: Occurrence) -> Moment:
    subject = person
    if voice.chronicle.several_groups and one.group != NO_GROUP and one.kind not in SAYS_ITS_GROUP:
        subject = voice.say("words.person_in_group", person=person, group=voice.group(one.group))
    text = finished(voice.with_subject(subject, voice.clause(one)))
    group = None if one.group == NO_GROUP else one.group
    return Moment(one.week, one.kind, voice.when(one.week), text, person, one.other, one.week, 1, group, one.reason)


def _counted(voice: Narrator, kind: str, cases: list[Occurrence]) -> Moment:
    first, last, number = cases[0].week, cases[-1].week, len(cases)
    text = finished(capitalised(voice.say(f"feed.{kind}", number=number)))
    groups = {one.group for one in cases}
    group = groups.pop() if len(groups) == 1 else NO_GROUP
    return Moment(
        first, kind, voice.when(first, last), text, "", None, last, number, None if group == NO_GROUP else group
    )


def _of_mechanisms(voice: Narrator, first: float, last: float, group: int | None, each: int) -> list[Moment]:
    """Return what optional mechanisms wrote of groups in these weeks."""
    kinds: dict[str, list[Entry]] = {kind: [] for kind in own_kinds("groups")}
    for about in voice.chronicle.groups:
        for entry in voice.chronicle.entries_of_group(about.group) if group in (None, about.group) else ():
            if entry.kind in kinds and first <= entry.week <= last:
                kinds[entry.kind].append(entry)
    told = []
    for kind, cases in kinds.items():
        if len(cases) <= each:
            for one in (own_moment(voice, entry) for entry in cases):
                assert one.group is not None
                text = finished(capitalised(voice.with_subject(voice.group(one.group), one.text)))
                told.append(replace(one, text=text))
        else:
            weeks = sorted(entry.week for entry in cases)
            text = finished(capitalised(voice.say(f"feed.{kind}", number=len(cases))))
            told.append(Moment(weeks[0], kind, voice.when(weeks[0], weeks[-1]), text, "", None, weeks[-1], len(cases)))
    return told


def _of_groups(
    voice: Narrator, named: list[tuple[str, Occurrence]], first: float, last: float, group: int | None
) -> list[Moment]:
    """Return beginnings and ends of groups in these weeks, and meetings of theirs that fell through."""
    told, past = [], GroupHistory(named, [])
    for about in voice.chronicle.groups:
        if group is not None and group not in (about.group, about.parent):
            continue
        parts = [beginning(voice, about, past)] if first <= about.founded_week <= last else []
        if about.closed_week is not None and first <= about.closed_week <= last:
            parts.append(ending(voice, about, past))
        if number := cancelled(voice, about, first, last):
            text = finished(voice.say("group.fell_through", number=number))
            parts.append(moment_of(voice, about.group, first, "cancelled", text, until=last))
        for part in parts:
            text = capitalised(voice.with_subject(voice.group(about.group), part.text))
            told.append(replace(part, text=text))
    return told
