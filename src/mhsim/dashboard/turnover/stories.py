"""One story of each: the same replicate in A and in B, where the two part, and how each group ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara
from solara.lab import use_task

from mhsim.dashboard.describe import length_in_words
from mhsim.dashboard.elements import element, link, words
from mhsim.dashboard.pseudonyms import with_names
from mhsim.dashboard.replay.divergence import divergence_of, names_in_both, payloads_of_pair
from mhsim.dashboard.replay.recording import Recording, recording_of
from mhsim.dashboard.replay.widget import ReplayWidget
from mhsim.dashboard.turnover.wording import NAMES
from mhsim.report.formatting import capital
from mhsim.scenario import Scenario
from mhsim.stories import group_story

STORIES = "turnover-stories"
"""The part of the page where both stories stand."""
WORKING = "Calculating the two new runs… "
BEFORE = "Shown in grey: the stories for the settings before."
Choose = Callable[[int, str], None]
"""Called with whose life is to be shown: 0 for A or 1 for B, and the person's name in tables."""


@dataclass(frozen=True)
class StoryPair:
    """The two stories as the page shows them.

    Attributes
    ----------
    scenarios : tuple of Scenario
        A and B.
    payloads : list of dict
        What the moving picture plays.
    divergence : dict or None
        Where they part, for the picture.
    parted : str
        The same as a sentence of the page.
    moments : tuple of tuple of (str, str)
        When and what, moment by moment, of the group in A and in B; the last is how it ended or stands.
    """

    scenarios: tuple[Scenario, Scenario]
    payloads: list[dict[str, Any]]
    divergence: dict[str, Any] | None
    parted: str
    moments: tuple[tuple[tuple[str, str], ...], ...]


def story_pair(first: Scenario, second: Scenario) -> StoryPair:
    """Return the stories of replicate 0 in two scenarios."""
    one, other = recording_of(first), recording_of(second)
    found = divergence_of(one, other)
    if found is None:
        marked, parted = None, "The two runs are the same to the end: with these chance events nothing differs."
    else:
        marked = {"week": max(0.0, found.week), "words": found.words}
        until = "From the first week on they differ." if found.week < 1 else (
            f"Up to week {found.week:g} both runs are the same, person by person. Then they part."
        )  # fmt: skip
        parted = f"{until} {found.words}"
    names = names_in_both(one, other)
    moments = (moments_of(one, names), moments_of(other, names))
    return StoryPair((first, second), payloads_of_pair(one, other), marked, parted, moments)


def moments_of(recording: Recording, names: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the story of the first group: when, and what; empty where there is no group."""
    if not len(recording.groups):
        return ()
    return tuple((moment.when, with_names(moment.text, names)) for moment in group_story(recording.chronicle))


def endings_of(first: Scenario, second: Scenario) -> str:
    """Return what became of the first group of replicate 0 in two scenarios, in one sentence each."""
    one, other = (end_in_words(recording_of(scenario)) for scenario in (first, second))
    return f"A {one}. B {same_too(one, other)}."


def end_in_words(recording: Recording) -> str:
    """Return what became of the first group, to follow its name; the words are those of its story."""
    if not len(recording.groups):
        return "has no group"
    closed = [moment.text for moment in group_story(recording.chronicle) if moment.kind == "closed"]
    if not closed:
        return f"was still meeting after {length_in_words(recording.scenario.weeks)}"
    text = closed[0].split(". ")[0].rstrip(".")
    return f"{text[:1].lower()}{text[1:]}"


def same_too(one: str, other: str) -> str:
    """Return the second end, with "too" where both came at the same time."""
    when, colon, why = other.partition(":")
    return f"{when} too{colon}{why}" if when == one.partition(":")[0] else other


@solara.component  # type: ignore[untyped-decorator]
def OneRun(first: Scenario, second: Scenario) -> None:  # noqa: N802
    """Show what became of the group in A and in B, before anything is said of many runs."""
    asked = (first, second)
    task = use_task(lambda: (asked, endings_of(*asked)), dependencies=[first, second])
    known = task.value[1] if task.finished and task.value and task.value[0] == asked else ""
    with element("section", class_="card turnover-one", aria_label="This one run"):
        if task.error:
            words("This run could not be shown.", class_="wrong")
        elif not known:
            words("Calculating this one run in A and in B…", aria_busy="true")
        else:
            words(f"In this one run: {known}", class_="turnover-one-said")
        link("Both stories, week by week", f"#{STORIES}")


@solara.component  # type: ignore[untyped-decorator]
def Stories(  # noqa: N802
    first: Scenario, second: Scenario, note: str, week: float, choose: Choose
) -> None:
    """Show one story of each, side by side under one clock."""
    latest = solara.use_ref(None)
    task = use_task(lambda: story_pair(first, second), dependencies=[first, second])
    if task.finished and task.value is not None:
        latest.current = task.value
    pair: StoryPair | None = latest.current
    with element("section", class_="turnover-stories", id=STORIES, aria_label="One story of each"):
        words("One story of each, with the same chance events", "h2")
        words(note, class_="quiet if-any")
        failed = "These stories could not be shown." if task.error else ""
        words(failed, class_="wrong if-any", role="alert")
        if pair is None:
            words("Calculating the two runs…", class_="turnover-parted", aria_busy="true")
            return
        stale = pair.scenarios != (first, second)
        words(
            f"{'' if task.error else WORKING}{BEFORE}" if stale else pair.parted,
            class_="turnover-parted",
            aria_busy="true" if stale else "false",
        )
        with element("div", class_="turnover-tale" + (" stale" if stale else "")):
            with element("div", class_="turnover-endings"):
                for name, moments in zip(NAMES, pair.moments, strict=True):
                    Ending(name, moments)
            Picture(pair, week, choose)


@solara.component  # type: ignore[untyped-decorator]
def Ending(name: str, moments: tuple[tuple[str, str], ...]) -> None:  # noqa: N802
    """Show how the group of one history ended, and its story on demand."""
    with element("div", class_=f"card ending-{name.lower()}"):
        if not moments:
            words(f"{name}: there is no group.")
            return
        when, what = moments[-1]
        element("p", element("b", f"{name}. "), f"{when}: {capital(what)}")
        with element("details"):
            words(f"The story of {name}, year by year", "summary")
            with element("ol", class_="turnover-moments"):
                for moment, text in moments:
                    element("li", element("b", f"{moment}: "), text)


@solara.component  # type: ignore[untyped-decorator]
def Picture(pair: StoryPair, week: float, choose: Choose) -> None:  # noqa: N802
    """Show the moving picture of both; the browser keeps the week in its address."""

    def on_message(content: dict[str, Any]) -> None:
        if content.get("kind") == "person" and content.get("person"):
            choose(1 if content.get("which") == 1 else 0, str(content["person"]))

    latest = solara.use_ref(on_message)
    latest.current = on_message
    ReplayWidget.element(
        recordings=pair.payloads,
        week=week,
        parting=pair.divergence,
        handler=lambda content: latest.current(content),
    )
