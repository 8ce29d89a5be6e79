"""The answer for the one history that somebody comes with: what became of its group in A, and in B."""

from __future__ import annotations

from dataclasses import dataclass

import solara
from solara.lab import use_task

from mhsim.dashboard.html import element, link, words
from mhsim.dashboard.replay.cache import recording_of
from mhsim.dashboard.replay.recording import Recording
from mhsim.dashboard.turnover.wording import lasting
from mhsim.scenario import Scenario
from mhsim.stories import group_story

STORIES = "turnover-stories"
"""Where on the page both stories are told."""


@dataclass(frozen=True)
class Ends:
    """How the first group of one history ended in two scenarios, in one sentence each."""

    scenarios: tuple[Scenario, Scenario]
    sentences: tuple[str, str]


def ends_of(first: Scenario, second: Scenario) -> Ends:
    """Return what became of the group of replicate 0 in two scenarios."""
    told = [end_in_words(recording_of(scenario)) for scenario in (first, second)]
    return Ends((first, second), (f"A {told[0]}.", f"B {same_too(*told)}."))


def end_in_words(recording: Recording) -> str:
    """Return what became of the first group, to follow its name; the words are those of its story."""
    if not len(recording.groups):
        return "has no group"
    closed = [moment.text for moment in group_story(recording.chronicle, 0) if moment.kind == "closed"]
    if not closed:
        return f"was still there after {lasting(recording.scenario.weeks)}"
    text = closed[0].split(". ")[0].rstrip(".")
    return f"{text[:1].lower()}{text[1:]}"


def same_too(one: str, other: str) -> str:
    """Return the second end, with "too" where both came at the same time."""
    when, colon, why = other.partition(":")
    return f"{when} too{colon}{why}" if when == one.partition(":")[0] else other


@solara.component  # type: ignore[untyped-decorator]
def OneHistory(first: Scenario, second: Scenario) -> None:  # noqa: N802
    """Show what became of the group in A and in B, before anything is said of many histories."""
    task = use_task(lambda: ends_of(first, second), dependencies=[first.model_dump_json(), second.model_dump_json()])
    ends = task.value if task.finished else None
    if ends is not None and ends.scenarios != (first, second):
        ends = None
    with element("section", class_="card turnover-one", aria_label="This one history"):
        if task.error:
            words("This history could not be told.", class_="wrong")
        elif ends is None:
            words("Working out this one history in A and in B.", aria_busy="true")
        else:
            words(f"In this one history: {' '.join(ends.sentences)}", class_="turnover-one-said")
        link("Both stories, week by week", f"#{STORIES}")
