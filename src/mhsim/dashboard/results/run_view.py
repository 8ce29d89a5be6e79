"""The page of one history: what happened, weekly series, lives told by name, tables."""

from __future__ import annotations

from collections.abc import Callable

import solara

from mhsim.dashboard.elements import Button, element, trusted, words
from mhsim.dashboard.results.analysis import FigureLinks
from mhsim.dashboard.results.header import Heading
from mhsim.dashboard.results.history import history_of, series_choices, series_figure, series_of, stories_of
from mhsim.dashboard.results.paging import whole
from mhsim.dashboard.results.results_folder import ResultsFolder
from mhsim.dashboard.results.tables import Tables
from mhsim.dashboard.widgets.fields import Fields, InputField
from mhsim.errors import InputError
from mhsim.report.run_page import what_happened
from mhsim.studies.data import RunData

Keys = dict[str, str]
Go = Callable[..., None]


@solara.component  # type: ignore[untyped-decorator]
def OneRun(opened: ResultsFolder, keys: Keys, go: Go) -> None:  # noqa: N802
    """Show one history."""
    try:
        history = history_of(opened)
    except InputError as error:
        words(str(error), class_="wrong", role="alert")
        return
    Heading(opened, None)
    words("What happened", "h2")
    with element("ul"):
        for text in what_happened(history):
            words(text, "li")
    words(
        "This is one history of a model. Another under the same assumptions may end quite differently.", class_="note"
    )
    Weekly(history, keys, go)
    Stories(opened, keys, go)
    Tables(opened, keys, go, None, "")


@solara.component  # type: ignore[untyped-decorator]
def Weekly(history: RunData, keys: Keys, go: Go) -> None:  # noqa: N802
    """Show weekly series, chosen from a list."""
    words("Week by week", "h2")
    choices = series_choices(history)
    series = series_of(history, keys.get("watch", ""))
    if series is None or not len(series.weeks):
        words("The weekly series was not kept. Run it again with: mhsim run ... --record series")
        return
    chosen = keys.get("watch", "") if keys.get("watch") in dict(choices) else choices[0][0]
    field = InputField("watch", "Series", "choice", chosen, choices=tuple(choices))
    Fields([field], lambda name, value, final: go(watch=str(value)), legend="What is shown", look="across")
    with element("figure", class_="result"):
        trusted(f'<div class="pictures">{series_figure(series)}</div>', class_="report")
        words(f"{series.title}; smoothed over eight weeks. Week 0 is when the groups open.", "figcaption")
        FigureLinks(keys, "series")


@solara.component  # type: ignore[untyped-decorator]
def Stories(opened: ResultsFolder, keys: Keys, go: Go) -> None:  # noqa: N802
    """Show a life's story by name, or that of a group."""
    words("A life, by name", "h2")
    person, group = keys.get("life", "").strip(), whole(keys.get("group", ""), 0)
    wrong = ""
    try:
        stories = stories_of(opened, person, group)
    except InputError as error:
        wrong = str(error)
        try:
            stories = stories_of(opened, "", 0)
        except InputError as other:
            words(str(other), class_="note")
            return
    field = InputField("life", "Name of the person", "text", person, help="As in the table of lives, such as 0-4095-2.")
    about = "Leave it empty for the story of the group."
    Fields([field], lambda name, value, final: go(life=str(value).strip() or None), legend="Whose story", about=about)
    with element("div", class_="row"):
        for text, name in stories.worth:
            Button(text, lambda name=name: go(life=name), look="quiet", pressed=name == person)
    if wrong:
        words(wrong, class_="wrong", role="alert")
        return
    with element("article", class_="card story", aria_label=stories.heading):
        words(stories.heading, "h3")
        with element("ol", class_="story-lines"):
            for line in stories.lines:
                words(line, "li")
