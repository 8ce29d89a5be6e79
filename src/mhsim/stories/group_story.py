"""The story of one group: how it began, its numbers year by year, its helpers, and how it ended or stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mhsim.schema import label
from mhsim.stories.histories import GroupHistory, Occurrence, group_history
from mhsim.stories.moments import Moment, Story
from mhsim.stories.narrator import Narrator, capitalised, finished
from mhsim.stories.own_words import names_another, own_kinds
from mhsim.stories.records import Chronicle, Entry, GroupRecord, chronicle_of

if TYPE_CHECKING:
    from mhsim.engine import Simulation
    from mhsim.outcomes.results import Run

YEAR = 52.0
WHAT_COUNTS = {
    "first_visit": "came",
    "came_back": "came_back",
    "left": "left",
    "began_learning": "began",
    "began_to_follow": "began",
    "learning_ended": "gave_up",
    "became_helper": "made",
    "helper_again": "again",
    "role_ended": "lost",
}
"""Kinds of occurrence that the line of a year counts, and the names of their sentences."""
COUNTED = (
    "came",
    "came_back",
    "moved_in",
    "left",
    "moved_out",
    "began",
    "gave_up",
    "made",
    "again",
    "lost",
    "cancelled",
)


def group_story(record: Run | Simulation | Chronicle, group: int | None = None, language: str = "en") -> Story:
    """Return the story of one group, in order of weeks.

    Parameters
    ----------
    record : Run, Simulation or Chronicle
        A finished run or a history in progress, recorded as "story".
    group : int, optional
        The group's number, from 0; the focal group unless given.
    language : str
        One of `languages`.

    Raises
    ------
    InputError
        If the record keeps no event log, or there is no such group or language; the message says what is allowed.
    """
    chronicle = chronicle_of(record)
    voice = Narrator(chronicle, language)
    group = chronicle.scenario.focal_group if group is None else group
    about, past = chronicle.group(group), group_history(chronicle, group)
    parts = [beginning(voice, about, past), *_helpers(voice, about, past), *_events(voice, about)]
    parts += [*_splits(voice, about, past), *_years(voice, about, past)]
    parts.sort(key=lambda moment: (moment.week, moment.kind != "year"))  # a year's count is of its first moment
    parts.append(ending(voice, about, past) if about.closed_week is not None else _now(voice, about))
    form = about.form.replace("_", " ")
    called = f"{voice.group(group)} ({form})" if form else voice.group(group)
    return Story(voice.say("words.group_story", group=called), f"group {group}", language, tuple(parts))


def moment_of(
    voice: Narrator,
    group: int,
    week: float,
    kind: str,
    text: str,
    *,
    reason: str | None = None,
    until: float | None = None,
) -> Moment:
    """Return a moment of a group."""
    last = week if until is None else until
    return Moment(week, kind, voice.when(week, last), finished(text), f"group {group}", None, last, 1, group, reason)


def beginning(voice: Narrator, about: GroupRecord, past: GroupHistory | None) -> Moment:
    """Return how a group began; without its past the numbers are left out."""
    week, kind = about.founded_week, "founded"
    if about.parent >= 0:
        kind = "split_off"
        text = voice.say("group.split_off", parent=voice.group(about.parent), persons=_goers(voice, about, past))
    elif week == 0.0:
        kind, start = "opened", voice.chronicle.start_of(about)
        members, helpers = start.members, min(start.helpers, start.members)
        text = voice.say("group.opened", **_heads(voice, members, helpers, "words.with_members"))
    else:
        text = voice.say("group.founded")
    return moment_of(voice, about.group, week, kind, text)


def ending(voice: Narrator, about: GroupRecord, past: GroupHistory) -> Moment:
    """Return how a group that has closed came to its end."""
    assert about.closed_week is not None
    week = about.closed_week
    weeks = round(week + voice.chronicle.step_weeks - about.founded_week)
    reason = voice.say(f"closing.{about.reason}")
    sentences = [voice.say("group.closed", week=week, weeks=voice.say("words.weeks", number=weeks), reason=reason)]
    others = [name for name in about.circumstances.split("+") if name and name != about.reason]
    if others:
        listed = voice.listed([voice.say(f"closing.{name}") for name in others])
        sentences.append(voice.say("group.circumstances", reasons=listed))
    moved = past.count(lambda one: one.kind == "moved_group" and one.origin == about.group and one.week == week)
    stranded = past.count(lambda one: one.kind == "left" and one.reason == "group_closed" and one.week == week)
    fates = [voice.say(f"group.{key}", number=n) for key, n in (("moved_on", moved), ("stranded", stranded)) if n]
    if fates:
        sentences.append(capitalised(voice.listed(fates)))
    return moment_of(voice, about.group, week, "closed", ". ".join(sentences), reason=about.reason)


def _now(voice: Narrator, about: GroupRecord) -> Moment:
    counts = {"came": about.first_visits, "made": about.helpers_made, "lost": about.helpers_lost}
    counts["cancelled"] = cancelled(voice, about, about.founded_week, voice.chronicle.week)
    status = voice.say(f"status.{about.status}")
    heads = _heads(voice, about.roll, about.helpers, "words.with_members")
    text = voice.say("group.now", status=status, changes=_changes(voice, counts), **heads)
    week = voice.chronicle.week
    return Moment(week, "now", voice.now(), finished(text), f"group {about.group}", None, week, 1, about.group)


def _heads(voice: Narrator, members: int, helpers: int, key: str = "words.members") -> dict[str, Any]:
    return {"members": voice.say(key, number=members), "helpers": voice.say("words.helpers", number=helpers)}


def _changes(voice: Narrator, counts: dict[str, int]) -> str:
    """Return what happened how often, part by part; what there was none of is left out."""
    keys = (*COUNTED, *own_kinds("people"))
    parts = [voice.say(f"group.{key}", number=counts[key]) for key in keys if counts.get(key)]
    return voice.listed(parts) if parts else voice.say("group.quiet")


def _years(voice: Narrator, about: GroupRecord, past: GroupHistory) -> list[Moment]:
    """Return a line for each full year of the group's life."""
    told = []
    last = voice.chronicle.week if about.closed_week is None else about.closed_week
    week = about.founded_week + YEAR
    while week <= last:
        counts: dict[str, int] = {}
        for _, one in past.named:
            name = _counted_as(one, about.group)
            if name and week - YEAR <= one.week < week:
                counts[name] = counts.get(name, 0) + 1
        counts["cancelled"] = cancelled(voice, about, week - YEAR, week - voice.chronicle.step_weeks)
        heads = _heads(voice, past.members_at(week), past.helpers_at(week))
        text = voice.say("group.year", changes=_changes(voice, counts), **heads)
        told.append(moment_of(voice, about.group, week, "year", text))
        week += YEAR
    return told


def cancelled(voice: Narrator, about: GroupRecord, first: float, last: float) -> int:
    """Return how many meetings of a group fell through from one week to another, both included."""
    entries = voice.chronicle.entries_of_group(about.group)
    return sum(one.value for one in entries if one.kind == "group_cancelled" and first <= one.week <= last)


def _counted_as(one: Occurrence, number: int) -> str | None:
    if one.kind == "moved_group":
        return "moved_in" if one.group == number else "moved_out"
    return one.kind if one.kind in own_kinds("people") else WHAT_COUNTS.get(one.kind)


def _helpers(voice: Narrator, about: GroupRecord, past: GroupHistory) -> list[Moment]:
    """Return who was the group's first new helper, and when it had none."""
    told = []
    first = next(((person, one) for person, one in past.named if one.kind == "became_helper"), None)
    if first is not None:
        person, one = first
        text = voice.say("group.first_helper", person=person)
        told.append(moment_of(voice, about.group, one.week, "first_helper", text))
    helpers, since = 0, None
    for week in sorted({change.from_week for change in past.changes if change.helpers}):
        had, helpers = helpers, past.helpers_at(week)
        seen = week - voice.chronicle.step_weeks
        if had and not helpers and (about.closed_week is None or seen < about.closed_week):
            since = seen
            told.append(moment_of(voice, about.group, seen, "without_helper", voice.say("group.without_helper")))
        elif helpers and since is not None:
            weeks = voice.say("words.weeks", number=round(seen - since))
            text = voice.say("group.helper_again", weeks=weeks)
            told.append(moment_of(voice, about.group, seen, "helper_again", text))
            since = None
    return told


def _events(voice: Narrator, about: GroupRecord) -> list[Moment]:
    """Return what happened to the group as a whole, as the log and optional mechanisms have it."""
    told, alone = [], []
    for entry in voice.chronicle.entries_of_group(about.group):
        kind = entry.kind.removeprefix("group_")
        if kind == "intervention" and entry.value:
            told.append(moment_of(voice, about.group, entry.week, "act", voice.say("group.act", number=entry.value)))
        elif kind in ("conflict", "breach"):
            told.append(moment_of(voice, about.group, entry.week, kind, voice.say(f"group.{kind}")))
        elif kind == "alone":
            alone.append(entry.week)
        elif kind in own_kinds("groups"):
            told.append(own_moment(voice, entry))
    return told + [_alone(voice, about, first, last) for first, last in _spells(alone, voice.chronicle.step_weeks)]


def own_moment(voice: Narrator, entry: Entry) -> Moment:
    """Return what an optional mechanism wrote of a group."""
    values: dict[str, Any] = {}
    if names_another(entry.kind):
        values["other"] = voice.person(label(entry.community, entry.other), entry.week)
    text = voice.say(f"group.{entry.kind}", **values)
    return moment_of(voice, entry.group, entry.week, entry.kind, text)


def _alone(voice: Narrator, about: GroupRecord, first: float, last: float) -> Moment:
    weeks = voice.say("words.weeks", number=round(last - first + voice.chronicle.step_weeks))
    return moment_of(voice, about.group, first, "alone", voice.say("group.alone", weeks=weeks), until=last)


def _spells(weeks: list[float], step: float) -> list[tuple[float, float]]:
    """Return the first and the last week of each run of weeks without a gap."""
    found: list[tuple[float, float]] = []
    for week in weeks:
        if found and week == found[-1][1] + step:
            found[-1] = (found[-1][0], week)
        else:
            found.append((week, week))
    return found


def _splits(voice: Narrator, about: GroupRecord, past: GroupHistory) -> list[Moment]:
    """Return when other groups split off."""
    told = []
    for child in voice.chronicle.groups:
        if child.parent == about.group:
            persons = _goers(voice, child, past)
            text = voice.say("group.split", persons=persons, child=voice.group(child.group))
            told.append(moment_of(voice, about.group, child.founded_week, "split", text))
    return told


def _goers(voice: Narrator, child: GroupRecord, past: GroupHistory | None) -> str:
    """Return how many went along when a group split off, in words."""
    named = past.named if past is not None else []
    goes = [
        person
        for person, one in named
        if one.kind == "moved_group"
        and (one.group, one.origin, one.week) == (child.group, child.parent, child.founded_week)
    ]
    return voice.say("words.persons", number=len(goes))
