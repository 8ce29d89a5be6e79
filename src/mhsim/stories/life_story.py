"""The story of one person: how need arose, what happened then, and how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mhsim.schema import label
from mhsim.stories.aggregate import Fold, folded, told_together
from mhsim.stories.life_history import NO_GROUP, Occurrence, course_of
from mhsim.stories.moments import Moment, Story
from mhsim.stories.narrator import Narrator, finished
from mhsim.stories.records import Chronicle, Life, chronicle_of

if TYPE_CHECKING:
    from mhsim.engine import History
    from mhsim.outcomes.results import Run

INTRODUCTIONS = ("arrived", "there_at_opening")


def life_story(record: Run | History | Chronicle, person: str, language: str = "en", *, fold: bool = True) -> Story:
    """Return the story of one person, in order of weeks.

    Parameters
    ----------
    record : Run, History or Chronicle
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
    moments = [_moment(voice, life, part) for part in folded(_whole_life(chronicle, life), fold)]
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


def _moment(voice: Narrator, life: Life, part: Fold) -> Moment:
    """Return one occurrence, or several of a kind, as a moment."""
    first, number = part.first, len(part.occurrences)
    if first.kind in INTRODUCTIONS:
        text = _introduction(voice, life, first)
    elif first.kind in ("helped", "helped_by", "crisis"):
        text = told_together(voice, part)
    else:
        text = voice.clause(first)
    others = {occurrence.other for occurrence in part.occurrences}
    return Moment(
        week=first.week,
        kind=first.kind,
        when=voice.when(first.week, part.last_week),
        text=finished(text),
        who=life.person,
        other=first.other if len(others) == 1 else None,
        until=part.last_week,
        count=number,
        group=None if first.group == NO_GROUP else first.group,
        reason=first.reason,
    )


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
        **voice.place(first.group, first.stage),
    )


def _last(voice: Narrator, life: Life) -> Moment:
    """Return the last line: how it stands, or for a life that has ended what there was in all."""
    chronicle = voice.chronicle
    ended = life.ended != "none"
    parts = _sum_of(voice, life)
    if ended:
        text = voice.words.listed(parts)
        when, week = voice.say("when.end"), _end_of(chronicle, life)
    else:
        stands = finished(voice.say(f"stands.{_standing(life)}", **_standing_values(voice, life)))
        balance = voice.words.listed(parts) if life.meetings else ""
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
    if life.membership == "member":
        return "member"
    if life.membership == "outside":
        return "outside"
    return "former" if life.meetings else "never_visited"


def _standing_values(voice: Narrator, life: Life) -> dict[str, Any]:
    return {"as_role": voice.say(f"as_role.{life.role}"), **voice.place(life.group, life.stage)}


def _end_of(chronicle: Chronicle, life: Life) -> float:
    """Return the last week of a life that has ended."""
    entries = chronicle.entries(life)
    return entries[-1].week if entries else chronicle.week
