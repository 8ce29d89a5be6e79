"""The folder of one history: weekly series to choose from, what became of the group, and lives told by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mhsim.dashboard.figures import Curve, both, curves
from mhsim.dashboard.results.print_figures import inches
from mhsim.dashboard.results.results_folder import Opened
from mhsim.palette import COLOURS
from mhsim.report.figures import DASHES, Plate, legend_below
from mhsim.report.formatting import capital, joined, plain
from mhsim.report.run_page import what_happened
from mhsim.stats import Numbers
from mhsim.stories import Chronicle, group_story, life_story, worth_reading
from mhsim.stories.loader import chronicle_in
from mhsim.studies.data import RunData, read_run

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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


def history_of(opened: Opened) -> RunData:
    """Return the history in a folder; raise InputError, one line, if it cannot be read."""
    return _history(opened.stamp)


@lru_cache(maxsize=8)
def _history(stamp: tuple[str, int]) -> RunData:
    from pathlib import Path

    return read_run(Path(stamp[0]))


def events_told(history: RunData) -> list[str]:
    """Return what happened to the group, in words."""
    return what_happened(history)


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
    """Return the series for the page; the means of four weeks each, so that lines can be told apart."""
    lines = [
        Curve(label_of(name), *_by_four(series.weeks, values), look=look)
        for look, (name, values) in enumerate(series.values.items())
    ]
    ends = [f"{line.label} from {plain(line.y[0])} to {plain(line.y[-1])}" for line in lines if len(line.y)]

    def draw(width: int) -> str:
        describe = f"First and last: {joined(ends)}."
        return curves(
            lines, title=series.title, across="years", up=series.unit, describe=describe, top=None, width=width
        )

    return both(draw)


def _by_four(weeks: Numbers, values: Numbers) -> tuple[list[float], list[float]]:
    """Return years and means of four weeks each; NaN where no week has a value."""
    places, means = [], []
    for start in range(0, len(weeks), 4):
        part = values[start : start + 4]
        there = part[~np.isnan(part)]
        places.append(float(weeks[start]) / 52.0)
        means.append(float(there.mean()) if len(there) else float("nan"))
    return places, means


def series_plate(series: Series) -> Plate:
    """Return the series for a paper, week by week."""

    def draw(axes: Axes) -> None:
        for k, (name, values) in enumerate(series.values.items()):
            style: Any = {"color": COLOURS[k % 7], "linestyle": DASHES[k % 5], "linewidth": 1.1}
            axes.plot(series.weeks / 52.0, values, label=label_of(name), **style)
        axes.set_xlabel("years")
        axes.set_ylabel(series.unit)
        axes.set_ylim(bottom=0)
        legend_below(axes, 3)

    return Plate(draw, series.title, inches())


@dataclass(frozen=True)
class Told:
    """Stories of a run: lives worth reading (sentence, name), and one story as lines."""

    worth: tuple[tuple[str, str], ...]
    heading: str
    lines: tuple[str, ...]


def stories_of(opened: Opened, person: str, group: int) -> Told:
    """Return the story of a person, or of a group where no person is named.

    Raises
    ------
    InputError
        If the run kept no event log, or there is no such person or group; one line.
    """
    chronicle = _chronicle(opened.stamp)
    worth = tuple((one.text, one.person) for one in worth_reading(chronicle, group) if one.person)
    story = life_story(chronicle, person) if person else group_story(chronicle, group)
    heading, _, rest = story.text().partition("\n")
    return Told(worth, heading, tuple(rest.split("\n")) if rest else ())


@lru_cache(maxsize=4)
def _chronicle(stamp: tuple[str, int]) -> Chronicle:
    from pathlib import Path

    return chronicle_in(Path(stamp[0]))
