"""Why a group closed, or how it is doing: the turning points of its story, and what might have happened otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from mhsim.dashboard.explore.controls import at_week, set_from
from mhsim.dashboard.pseudonyms import group_name
from mhsim.dashboard.replay.recording import Recording
from mhsim.dashboard.scenario_state import Situation
from mhsim.dashboard.url_state import address_of
from mhsim.report.formatting import duration
from mhsim.scenario import Change, Value
from mhsim.stories import group_story
from mhsim.stories.moments import Moment

TURNING = ("without_helper", "year", "closed")
"""Kinds of moments of which the last leads to the end."""
SUCCESSORS = 2


@dataclass(frozen=True)
class GroupEnding:
    """How the first group of a history ended, or is doing at the end.

    Attributes
    ----------
    sentence : str
        The end in one sentence.
    because : list of Moment
        The turning points that led there, in order.
    whole : list of Moment
        The whole story of the group.
    closed_week : float or None
        When it closed.
    """

    sentence: str
    because: list[Moment]
    whole: list[Moment]
    closed_week: float | None


def group_ending(recording: Recording) -> GroupEnding | None:
    """Return how the first group of a history ended; None where no group was opened."""
    if not recording.chronicle.groups:
        return None
    number = recording.scenario.focal_group
    story = list(group_story(recording.chronicle, number))
    about, several = recording.chronicle.group(number), recording.chronicle.several_groups
    end = [moment for moment in story if moment.kind == "closed"]
    name = group_name(number, about.form.replace("_", " ")) if several else "the group"
    if end:
        sentence = f"In this run {name} {end[0].text[:1].lower()}{end[0].text[1:]}"
    else:
        members = "one member" if about.roll == 1 else f"{about.roll} members"
        helpers = {0: "none of them a helper", 1: "one of them a helper"}.get(about.helpers, f"{about.helpers} helpers")
        sentence = (
            f"In this run {name} was still meeting after {duration(recording.scenario.weeks)}, with {members}, "
            f"{helpers}{' among them' if about.helpers > 1 else ''}."
        )
    if several:
        sentence += f" {_others(recording)}"
    last_of_kind = [[moment for moment in story if moment.kind == kind][-1:] for kind in TURNING]
    because = sorted((moment for last in last_of_kind for moment in last), key=lambda moment: moment.week)
    return GroupEnding(sentence, because, story, about.closed_week)


def _others(recording: Recording) -> str:
    """Return how many groups of the town were open at the end."""
    groups = recording.chronicle.groups
    still = sum(group.closed_week is None for group in groups)
    were = "was" if still == 1 else "were"
    return f"The town had {len(groups)} groups in all; {still or 'none'} {were} open at the end."


def moment_asked_about(situation: Situation) -> int:
    """Return the week from which questions change something: that of the first change, or the start."""
    return min((change.week for change in situation.changes), default=0)


def questions(situation: Situation, *, closed: bool) -> list[tuple[str, str]]:
    """Return what one may ask next, each with the link to the page that answers it with the same chance events.

    What is asked about is changed from the moment of the situation's own first change on, since before it both
    histories are what they were.
    """
    week = moment_asked_about(situation)
    arrivals = float(at_week(situation, week).value("community.arrivals_per_week"))
    saved = (
        "Would it have lasted with two prepared to follow?" if closed else "What if two had been prepared to follow?"
    )
    asked: list[tuple[str, str, Value]] = [
        (saved, "prepare.successors", SUCCESSORS),
        ("What if no helper had stepped down?", "serve.turnover_per_year", 0.0),
        ("What if twice as many people had needed help?", "community.arrivals_per_week", 2.0 * arrivals),
    ]
    others = [(words, from_then_on(situation, path, value, week)) for words, path, value in asked]
    if situation.changes:
        others.insert(0, ("What if you had changed nothing?", situation.with_changes(())))
    return [
        (words, f"/turnover?{address_of(situation, other, {'view': 'story'}).query()}")
        for words, other in others
        if other != situation
    ]


def from_then_on(situation: Situation, path: str, value: Value, week: int) -> Situation:
    """Return the situation with a value from a week on to the end: later changes of the same setting are dropped."""
    kept = []
    for change in situation.changes:
        settings = {name: one for name, one in change.set.items() if name != path or change.week < week}
        if settings or change.act:
            kept.append(Change(week=change.week, set=settings, act=change.act, count=change.count, leave=change.leave))
    return set_from(situation.with_changes(kept), path, value, week)
