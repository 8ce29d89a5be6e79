"""The folder of one history: weekly series to choose from, what became of the group, and lives told by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from mhsim.dashboard.results.print_figures import inches
from mhsim.dashboard.results.results_folder import ResultsFolder
from mhsim.report.figures import Plate, kept_plates
from mhsim.report.formatting import capital
from mhsim.report.run_page import lines_picture
from mhsim.stats import Numbers
from mhsim.stories import Chronicle, group_story, life_story, notable_lives
from mhsim.stories.records import chronicle_in
from mhsim.studies.data import RunData, read_run

SETS: dict[str, tuple[str, tuple[str, ...]]] = {
    "group": ("Group 0: members, meetings, helpers", ("focal_members", "focal_attended", "focal_helpers")),
    "members": ("Members and helpers of all groups", ("members", "helpers", "newcomers")),
    "stages": ("People in need, by stage", ("impact", "recoil", "accommodated")),
    "hope": ("Hope of members and others", ("hope_members", "hope_outside", "hope_former")),
    "distress": ("Distress of members and others", ("distress_members", "distress_outside", "distress_former")),
    "requests": ("Requests for help, and those not met", ("requests", "requests_unmet")),
}
"""Series that belong together, by the key of the address."""
NAMES = {"outside": "never been in a group", "former": "left a group", "accommodated": "accommodation"}


@dataclass(frozen=True)
class Series:
    """Some weekly series of one history: what they are together, weeks, and values by name."""

    title: str
    weeks: Numbers
    values: dict[str, Numbers]
    unit: str


@lru_cache(maxsize=8)
def history_of(opened: ResultsFolder) -> RunData:
    """Return the history in a folder; raise InputError, one line, if it cannot be read."""
    return read_run(opened.folder)


def series_choices(history: RunData) -> list[tuple[str, str]]:
    """Return the keys and names of what can be drawn: series that belong together, then each alone."""
    together = [(key, name) for key, (name, parts) in SETS.items() if any(part in history.series for part in parts)]
    alone = [(name, f"only: {name.replace('_', ' ')}") for name in history.series if name != "week"]
    return [*together, *alone]


def series_of(history: RunData, key: str) -> Series | None:
    """Return the series that a key names, or the first there are; None where none was kept."""
    choices = dict(series_choices(history))
    if not choices:
        return None
    chosen = key if key in choices else next(iter(choices))
    names = SETS[chosen][1] if chosen in SETS else (chosen,)
    values = {name: history.series[name] for name in names if name in history.series}
    title = SETS[chosen][0] if chosen in SETS else capital(chosen.replace("_", " "))
    share = any(name.startswith(("hope", "distress", "self_efficacy", "belonging", "strain")) for name in values)
    return Series(title, history.series["week"], values, "0 to 1" if share else "people")


def label_of(name: str) -> str:
    """Return what a series is called at its end."""
    words = name.removeprefix("focal_")
    for mean in ("hope_", "distress_"):
        words = words.removeprefix(mean)
    return NAMES.get(words, words.replace("_", " "))


def series_figure(series: Series) -> str:
    """Return the series as a picture, smoothed so that lines can be told apart."""
    lines = [(label_of(name), values) for name, values in series.values.items()]
    return lines_picture(series.weeks / 52.0, lines, series.title, series.unit)


def series_plate(series: Series) -> Plate:
    """Return the same picture for a paper."""
    with kept_plates() as plates:
        series_figure(series)
    return Plate(plates[0].draw, series.title, inches())


@dataclass(frozen=True)
class RunStories:
    """Stories of a run: lives worth reading (sentence, name), and one story as lines."""

    worth: tuple[tuple[str, str], ...]
    heading: str
    lines: tuple[str, ...]


def stories_of(opened: ResultsFolder, person: str, group: int) -> RunStories:
    """Return the story of a person, or of a group where no person is named.

    Raises
    ------
    InputError
        If the run kept no event log, or there is no such person or group; one line.
    """
    chronicle = _chronicle(opened)
    worth = tuple((one.text, one.person) for one in notable_lives(chronicle, group) if one.person)
    story = life_story(chronicle, person) if person else group_story(chronicle, group)
    heading, _, rest = story.text().partition("\n")
    return RunStories(worth, heading, tuple(rest.split("\n")) if rest else ())


@lru_cache(maxsize=4)
def _chronicle(opened: ResultsFolder) -> Chronicle:
    return chronicle_in(opened.folder)
