"""The story of one person: how need arose, what happened then, and how it stands.

Help and crises between two turning points become one sentence each. Everything that is not help or a crisis is a
turning point: a visit, a change of stage or role, leaving, coming back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from mhsim.schema import label
from mhsim.stories.histories import NO_GROUP, Occurrence, course_of
from mhsim.stories.moments import Moment, Story
from mhsim.stories.narrator import Narrator, finished, most_often
from mhsim.stories.records import Chronicle, Life, chronicle_of

if TYPE_CHECKING:
    from mhsim.engine import Simulation
    from mhsim.outcomes.results import Run

INTRODUCTIONS = ("arrived", "there_at_opening")
REPEATED = ("helped_by", "helped", "crisis")
"""Kinds of occurrence that are summed up between two turning points."""


def life_story(record: Run | Simulation | Chronicle, person: str, language: str = "en", *, fold: bool = True) -> Story:
    """Return the story of one person, in order of weeks.

    Parameters
    ----------
    record : Run, Simulation or Chronicle
        A finished run or a history in progress, recorded as "story". To tell many lives of one record, make its
        chronicle once with `chronicle_of`.
    person : str
        The person's name as in the table of lives: community-step-index, such as "0-4095-2".
    language : str
        One of `languages`.
    fold : bool
        Whether help and crises between two turning points are told in one sentence; otherwise each by itself.

    Raises
    ------
    InputError
        If the record keeps no event log, or there is no such person or language; the message says what is allowed.
    """
    chronicle = chronicle_of(record)
    voice = Narrator(chronicle, language)
    life = chronicle.life(person)
    moments = [_moment(voice, life, part) for part in grouped(_whole_life(chronicle, life), fold)]
    moments = [*sorted(moments, key=lambda moment: moment.week), _last(voice, life)]
    return Story(voice.say("words.person_story", person=person), person, language, tuple(moments))


def _whole_life(chronicle: Chronicle, life: Life) -> list[Occurrence]:
    """Return the person's course together with the help given, the introduction first."""
    course = course_of(chronicle, life)
    given = [
        Occurrence(entry.week, "helped", NO_GROUP, life.stage, life.role, label(entry.community, entry.who))
        for entry in chronicle.help_given(life)
    ]
    ranks = {"helped": 1} | dict.fromkeys(INTRODUCTIONS, 0)
    return sorted([*course, *given], key=lambda one: (one.week, ranks.get(one.kind, 2)))


def grouped(occurrences: Iterable[Occurrence], fold: bool) -> Iterator[list[Occurrence]]:
    """Yield the occurrences in order of weeks, repeated ones in one list; with `fold` False each by itself."""
    pending: dict[str, list[Occurrence]] = {}
    for occurrence in occurrences:
        if fold and occurrence.kind in REPEATED:
            pending.setdefault(occurrence.kind, []).append(occurrence)
            continue
        yield from pending.values()
        pending = {}
        yield [occurrence]
    yield from pending.values()


def _moment(voice: Narrator, life: Life, part: list[Occurrence]) -> Moment:
    """Return one occurrence, or several of a kind, as a moment."""
    first, last = part[0], part[-1]
    if first.kind in INTRODUCTIONS:
        text = _introduction(voice, life, first)
    elif first.kind in REPEATED:
        text = repeated_sentence(voice, part)
    else:
        text = voice.clause(first)
    return Moment(
        week=first.week,
        kind=first.kind,
        when=voice.when(first.week, last.week),
        text=finished(text),
        who=life.person,
        other=first.other if len({occurrence.other for occurrence in part}) == 1 else None,
        until=last.week,
        count=len(part),
        group=None if first.group == NO_GROUP else first.group,
        reason=first.reason,
    )


def repeated_sentence(voice: Narrator, part: list[Occurrence]) -> str:
    """Return one sentence for help or crises between two turning points, at least one."""
    number, kind = len(part), part[0].kind
    if kind == "crisis":
        return voice.say("crisis.several", number=number) if number > 1 else voice.say("crisis.once")
    others = [str(occurrence.other) for occurrence in part]
    best, times, different = most_often(others)
    week = next(o.week for o in reversed(part) if o.other == best)
    other = voice.person(best, week) if kind == "helped_by" else best
    if number == 1:
        return voice.say(f"{kind}.once", other=other)
    if different == 1:
        return voice.say(f"{kind}.all", times=voice.times(number), other=other)
    persons = voice.say("words.by_persons", number=different)
    if times == 1:
        return voice.say(f"{kind}.each_once", times=voice.times(number), persons=persons)
    if 2 * times > number:
        return voice.say(f"{kind}.most", times=voice.times(number), other=other)
    return voice.say(f"{kind}.several", times=voice.times(number), other=other, persons=persons)


def _introduction(voice: Narrator, life: Life, first: Occurrence) -> str:
    """Return the first sentence: when need arose or where the person stood, and what would come by itself."""
    course = voice.say(f"course.{life.resilience}")
    if first.kind == "arrived":
        return voice.say("life.arrived", course=course)
    weeks = round(-(life.joined_week or 0.0))
    tenure = voice.say("life.tenure", number=weeks) if weeks > 0 else voice.say("life.tenure_new")
    return voice.say(
        "life.there_at_opening",
        as_role=voice.say(f"as_role.{first.role}"),
        tenure=tenure,
        course=course,
        **voice.place_words(first.group, first.stage),
    )


def _last(voice: Narrator, life: Life) -> Moment:
    """Return the last line: how it stands, or for a life that has ended what there was in all."""
    chronicle = voice.chronicle
    ended = life.ended != "none"
    parts = _sum_of(voice, life)
    if ended:
        text = voice.listed(parts)
        entries = chronicle.entries(life)
        when, week = voice.say("when.end"), entries[-1].week if entries else chronicle.week
    else:
        as_role, places = voice.say(f"as_role.{life.role}"), voice.place_words(life.group, life.stage)
        stands = finished(voice.say(f"stands.{_standing(life)}", as_role=as_role, **places))
        balance = voice.listed(parts) if life.meetings else ""
        text = f"{stands} {voice.say('when.end')}: {balance}" if balance else stands
        when, week = voice.now(), chronicle.week
    group = None if life.group == NO_GROUP else life.group
    return Moment(week, "ended" if ended else "now", when, finished(text), life.person, None, week, 1, group)


def _sum_of(voice: Narrator, life: Life) -> list[str]:
    """Return what there was in all, part by part; what there was none of is left out, but for meetings."""
    if life.membership == "outside":
        parts = [voice.say("stands.never_came")]
    elif not life.meetings:
        parts = [voice.say("stands.no_meeting")]
    else:
        parts = [voice.say("stands.meetings", number=life.meetings)]
    helps = (("received", life.help_received), ("given", life.help_given))
    parts += [voice.say(f"stands.{name}", times=voice.times(number)) for name, number in helps if number]
    return parts + ([voice.say("stands.crises", number=life.crises)] if life.crises else [])


def _standing(life: Life) -> str:
    if life.membership in ("member", "outside"):
        return life.membership
    return "former" if life.meetings else "never_visited"
