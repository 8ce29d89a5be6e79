"""The page of one history: what happened, weekly series to choose from, lives told by name, tables."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import solara

from mhsim.dashboard.elements import Button, element, words
from mhsim.dashboard.results.paging import whole
from mhsim.dashboard.results.parts import Go, Keys, choose, heading, result_figure
from mhsim.dashboard.results.results_folder import ResultsFolder, run_in
from mhsim.dashboard.results.selection import inches
from mhsim.dashboard.results.tables import Tables
from mhsim.dashboard.widgets.fields import Fields, InputField
from mhsim.errors import InputError
from mhsim.report.figures import FigureSpec, kept_specs, lines_picture, stacked_picture
from mhsim.report.formatting import capital
from mhsim.report.groups_by_form import SHOWN, STACKED, forms_among, in_words
from mhsim.report.run_page import what_happened
from mhsim.stats import Numbers
from mhsim.stories import Chronicle, NotableLife, Story, group_story, life_story, notable_lives
from mhsim.stories.records import chronicle_in
from mhsim.studies.data import RunData

SETS: dict[str, tuple[str, tuple[str, ...]]] = {
    "group": ("Focal group: members, meetings, helpers", ("focal_members", "focal_attended", "focal_helpers")),
    "members": ("Members and helpers of all groups", ("members", "helpers", "newcomers")),
    "stages": ("People in need, by stage", ("impact", "recoil", "accommodated")),
    "hope": ("Hope of members and others", ("hope_members", "hope_outside", "hope_former")),
    "distress": ("Distress of members and others", ("distress_members", "distress_outside", "distress_former")),
    "requests": ("Requests for help, and those not met", ("requests", "requests_unmet")),
}
"""Series that belong together, by the key of the address."""
NAMES = {"outside": "never been in a group", "former": "left a group", "accommodated": "accommodation"}
SHARES = ("hope", "distress", "self_efficacy", "belonging", "strain")
"""Beginnings of the names of series that lie from 0 to 1."""
TOGETHER = "_by_form"
"""Ending of the keys of series of all forms."""
BY_FORM = tuple(f"{one.name}_of_" for one in SHOWN)
"""Beginnings of the names of series of one form."""


@solara.component  # type: ignore[untyped-decorator]
def OneRun(opened: ResultsFolder, keys: Keys, go: Go) -> None:  # noqa: N802
    """Show one history."""
    try:
        history = run_in(opened)
    except InputError as error:
        words(str(error), class_="wrong", role="alert")
        return
    heading(opened, history)
    words("What happened", "h2")
    with element("ul"):
        for text in what_happened(history):
            words(text, "li")
    words(
        "This is one history of a model. Another under the same assumptions may end quite differently.", class_="note"
    )
    Weekly(history, keys, go)
    Stories(opened, keys, go)
    Tables(opened, keys, go)


class Series(NamedTuple):
    """Some weekly series of one history: their key, what they are together, weeks, values by name, and the unit."""

    key: str
    title: str
    weeks: Numbers
    values: dict[str, Numbers]
    unit: str


def sets_of(history: RunData) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the series that belong together; in a world of several forms also what is counted of each."""
    forms = forms_among(history.series)
    by_form = {f"{one.name}{TOGETHER}": (one.title, tuple(f"{one.name}_of_{form}" for form in forms)) for one in SHOWN}
    return SETS | (by_form if forms else {})


def series_choices(history: RunData) -> list[tuple[str, str]]:
    """Return the keys and names of what can be drawn: series that belong together, then each alone."""
    sets = sets_of(history)
    together = [(key, name) for key, (name, parts) in sets.items() if any(part in history.series for part in parts)]
    alone = [(name, f"only: {name.replace('_', ' ')}") for name in history.series if name != "week"]
    return [*together, *alone]


def series_of(history: RunData, key: str) -> Series | None:
    """Return the series that a key names, or the first there are; None where none was kept."""
    choices = dict(series_choices(history))
    if not choices:
        return None
    chosen = key if key in choices else next(iter(choices))
    title, names = sets_of(history).get(chosen) or (capital(chosen.replace("_", " ")), (chosen,))
    values = {name: history.series[name] for name in names if name in history.series}
    share = any(name.startswith(SHARES) for name in values)
    unit = "0 to 1" if share else "groups" if chosen.startswith("open_groups") else "people"
    return Series(chosen, title, history.series["week"], values, unit)


def label_of(name: str) -> str:
    """Return what a series is called at its end."""
    if name.startswith(BY_FORM):
        return in_words(name.partition("_of_")[2])
    words = name.removeprefix("focal_").removeprefix("hope_").removeprefix("distress_")
    return NAMES.get(words, words.replace("_", " "))


def series_figure(series: Series) -> str:
    """Return the series as a picture: forms on one another, all else smoothed so that lines can be told apart."""
    lines = [(label_of(name), values) for name, values in series.values.items()]
    if series.key.endswith(TOGETHER):
        return stacked_picture(series.weeks / 52.0, lines, series.title, series.unit)
    return lines_picture(series.weeks / 52.0, lines, series.title, series.unit)


def series_spec(series: Series) -> FigureSpec:
    """Return the same picture for a paper."""
    with kept_specs() as specs:
        series_figure(series)
    return FigureSpec(specs[0].draw, series.title, inches())


@solara.component  # type: ignore[untyped-decorator]
def Weekly(history: RunData, keys: Keys, go: Go) -> None:  # noqa: N802
    """Show weekly series, chosen from a list."""
    words("Week by week", "h2")
    series = series_of(history, keys.get("watch", ""))
    if series is None or not len(series.weeks):
        words("The weekly series was not kept. Run it again with: mhsim run ... --record series")
        return
    choose("watch", "Series", series.key, series_choices(history), go, "What is shown")
    drawn = STACKED if series.key.endswith(TOGETHER) else "Smoothed over eight weeks."
    caption = f"{series.title}. {drawn} Week 0 is when the groups open."
    result_figure(series_figure(series), caption, keys, "series")


def stories_of(opened: ResultsFolder, person: str, group: int) -> tuple[list[NotableLife], Story]:
    """Return the lives of a run worth reading, and the story of a person, or of a group where no person is named.

    Raises
    ------
    InputError
        If the run kept no event log, or there is no such person or group; one line.
    """
    chronicle = _chronicle(opened)
    notable = [one for one in notable_lives(chronicle, group) if one.person]
    return notable, life_story(chronicle, person) if person else group_story(chronicle, group)


@lru_cache(maxsize=4)
def _chronicle(opened: ResultsFolder) -> Chronicle:
    return chronicle_in(opened.folder)


@solara.component  # type: ignore[untyped-decorator]
def Stories(opened: ResultsFolder, keys: Keys, go: Go) -> None:  # noqa: N802
    """Show a life's story by name, or that of a group."""
    words("A life, by name", "h2")
    person, group = keys.get("life", "").strip(), whole(keys.get("group", ""), 0)
    wrong = ""
    try:
        notable, story = stories_of(opened, person, group)
    except InputError as error:
        wrong = str(error)
        try:
            notable, story = stories_of(opened, "", 0)
        except InputError as other:
            words(str(other), class_="note")
            return
    field = InputField("life", "Name of the person", "text", person, help="As in the table of lives, such as 0-4095-2.")
    about = "Leave it empty for the story of the group."
    Fields([field], lambda name, value, final: go(life=str(value).strip() or None), legend="Whose story", about=about)
    with element("div", class_="row"):
        for one in notable:
            Button(one.text, lambda name=one.person: go(life=name), look="quiet", pressed=one.person == person)
    if wrong:
        words(wrong, class_="wrong", role="alert")
        return
    with element("article", class_="card story", aria_label=story.title):
        words(story.title, "h3")
        with element("ol", class_="story-lines"):
            for moment in story:
                words(moment.line, "li")
