"""One story of each: the same replicate lived in A and in B, where the two part, and how each group ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara
from solara.lab import use_task

from mhsim.dashboard.html import element, words
from mhsim.dashboard.pseudonyms import with_names
from mhsim.dashboard.replay.cache import recording_of
from mhsim.dashboard.replay.divergence import called_in_both, pair, parting
from mhsim.dashboard.replay.recording import Recording
from mhsim.dashboard.replay.widget import ReplayWidget
from mhsim.dashboard.turnover.one_history import STORIES
from mhsim.report.formatting import capital
from mhsim.scenario import Scenario
from mhsim.stories import group_story

WORKING = "Working out the two new histories. "
BEFORE = "Shown in grey: the stories of the situation before."
Choose = Callable[[int, str], None]
"""Told whose life is to be shown: 0 for A or 1 for B, and the person's name in tables."""


@dataclass(frozen=True)
class Tale:
    """The two stories as the page tells them.

    Attributes
    ----------
    scenarios : tuple of Scenario
        A and B.
    payloads : list of dict
        What the moving picture plays.
    parting : dict or None
        Where they part, for the picture.
    parted : str
        The same as a sentence of the page.
    told : tuple of tuple of (str, str)
        When and what, moment by moment, of the group in A and in B; the last is how it ended or stands.
    """

    scenarios: tuple[Scenario, Scenario]
    payloads: list[dict[str, Any]]
    parting: dict[str, Any] | None
    parted: str
    told: tuple[tuple[tuple[str, str], ...], ...]


def tale_of(first: Scenario, second: Scenario) -> Tale:
    """Return the stories of replicate 0 in two scenarios."""
    one, other = recording_of(first), recording_of(second)
    found = parting(one, other)
    if found is None:
        marked, parted = None, "The two histories are the same to the end: under this luck the difference never shows."
    else:
        told = found.words
        marked = {"week": found.week, "words": told}
        until = "From the first week on they differ." if found.week < 1 else (
            f"Until week {found.week:g} both histories are the same, person by person. Then they part."
        )  # fmt: skip
        parted = f"{until} {told}"
    payloads, called = pair(one, other), called_in_both(one, other)
    return Tale((first, second), payloads, marked, parted, (moments_of(one, called), moments_of(other, called)))


def moments_of(recording: Recording, called: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the story of the first group: when, and what; empty where there is no group."""
    if not len(recording.groups):
        return ()
    story = group_story(recording.chronicle, 0)
    return tuple((moment.when, with_names(moment.text, called)) for moment in story.moments)


@solara.component  # type: ignore[untyped-decorator]
def Stories(  # noqa: N802
    first: Scenario, second: Scenario, note: str, week: float, choose: Choose
) -> None:
    """Show one story of each, side by side under one clock."""
    latest = solara.use_ref(None)
    task = use_task(lambda: tale_of(first, second), dependencies=[first.model_dump_json(), second.model_dump_json()])
    if task.finished and task.value is not None:
        latest.current = task.value
    tale: Tale | None = latest.current
    with element("section", class_="turnover-stories", id=STORIES, aria_label="One story of each"):
        words("One story of each, under the same luck", "h2")
        words(note, class_="quiet if-any")
        failed = "This story could not be told." if task.error else ""
        words(failed, class_="wrong if-any", role="alert")
        if tale is None:
            words("Working out the two histories.", class_="turnover-parted", aria_busy="true")
            return
        stale = tale.scenarios != (first, second)
        words(
            f"{'' if task.error else WORKING}{BEFORE}" if stale else tale.parted,
            class_="turnover-parted",
            aria_busy="true" if stale else "false",
        )
        with element("div", class_="turnover-tale" + (" stale" if stale else "")):
            with element("div", class_="turnover-endings"):
                for name, told in zip("AB", tale.told, strict=True):
                    Ending(name, told)
            Picture(tale, week, choose)


@solara.component  # type: ignore[untyped-decorator]
def Ending(name: str, told: tuple[tuple[str, str], ...]) -> None:  # noqa: N802
    """Show how the group of one history ended, and its story on demand."""
    with element("div", class_=f"card ending-{name.lower()}"):
        if not told:
            words(f"{name}: there is no group.")
            return
        when, what = told[-1]
        element("p", element("b", f"{name}. "), f"{when}: {capital(what)}")
        with element("details"):
            words(f"The story of {name}, year by year", "summary")
            with element("ol", class_="turnover-moments"):
                for moment, text in told:
                    element("li", element("b", f"{moment}: "), text)


@solara.component  # type: ignore[untyped-decorator]
def Picture(tale: Tale, week: float, choose: Choose) -> None:  # noqa: N802
    """Show the moving picture of both; the browser keeps the week in its address."""

    def heard(content: dict[str, Any]) -> None:
        if content.get("kind") == "person" and content.get("person"):
            choose(1 if content.get("which") == 1 else 0, str(content["person"]))

    latest = solara.use_ref(heard)
    latest.current = heard
    ReplayWidget.element(
        recordings=tale.payloads, week=week, parting=tale.parting, heard=lambda content: latest.current(content)
    )
