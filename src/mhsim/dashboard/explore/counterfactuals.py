"""Why a group closed, or how it went on: the turning points of its story, and what might have been otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from mhsim.dashboard.replay.recording import Recording
from mhsim.dashboard.scenario_state import Situation
from mhsim.dashboard.url_state import address_of
from mhsim.report.formatting import duration
from mhsim.stories import group_story
from mhsim.stories.moments import Moment

TURNING = ("without_helper", "year", "closed")
"""Kinds of moments of which the last leads to the end."""
SUCCESSION = 0.8


@dataclass(frozen=True)
class Outcome:
    """How it went with the first group of a history.

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


def outcome(recording: Recording) -> Outcome | None:
    """Return how it went with the first group; None where no group was opened."""
    if not recording.chronicle.groups:
        return None
    story = group_story(recording.chronicle, 0)
    about = recording.chronicle.group(0)
    end = [moment for moment in story if moment.kind == "closed"]
    group = "group 0" if recording.chronicle.several_groups else "the group"
    if end:
        sentence = f"In this history {group} {end[0].text[:1].lower()}{end[0].text[1:]}"
    else:
        sentence = (
            f"In this history {group} was still there after {duration(recording.scenario.weeks)}, "
            f"with {about.roll} member{'' if about.roll == 1 else 's'}, {_helpers(about.helpers)}."
        )
    if recording.chronicle.several_groups:
        sentence += f" {_others(recording)}"
    return Outcome(sentence, _turning_points(list(story)), list(story), about.closed_week)


def _others(recording: Recording) -> str:
    """Return how many groups of the town were open at the end."""
    groups = recording.chronicle.groups
    still = sum(group.closed_week is None for group in groups)
    verb = "was" if still == 1 else "were"
    return f"Of {len(groups)} groups that the town had in all, {still or 'none'} {verb} open at the end."


def _helpers(number: int) -> str:
    return {0: "no helper among them", 1: "one helper among them"}.get(number, f"{number} helpers among them")


def _turning_points(moments: list[Moment]) -> list[Moment]:
    """Return what led to the end: the last time without a helper, the last yearly count, the end itself."""
    chosen = []
    for kind in TURNING:
        last = [moment for moment in moments if moment.kind == kind]
        chosen += last[-1:]
    return sorted(chosen, key=lambda moment: moment.week)


def questions(situation: Situation, closed: bool) -> list[tuple[str, str]]:
    """Return what one may ask next, with the link to the page that answers it under the same luck."""
    arrivals = float(situation.value("community.arrivals_per_week"))
    saved = "Would succession have saved it?" if closed else "What if successors had been prepared?"
    asked = [
        (saved, "serve.succession", SUCCESSION),
        ("What if no helper had stepped down?", "serve.turnover_per_year", 0.0),
        ("What if twice as many had come into need?", "community.arrivals_per_week", 2.0 * arrivals),
    ]
    others = [(words, situation.with_value(path, value)) for words, path, value in asked]
    if situation.changes:
        others.insert(0, ("And without your changes?", Situation(situation.form, situation.settings)))
    return [
        (words, f"/turnover?{address_of(situation, other, {'view': 'story'}).query()}")
        for words, other in others
        if other != situation
    ]
