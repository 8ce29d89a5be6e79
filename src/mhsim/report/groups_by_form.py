"""Several forms in one world, seen side by side: open groups and members of each, in one run and over a study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from mhsim import stats
from mhsim.report.figures import Line, estimates_figure, stacked_picture
from mhsim.report.formatting import UNKNOWN, Scale, joined, value_text
from mhsim.report.html import NOTHING, figures, section, table
from mhsim.report.wording import Wording
from mhsim.stats import Estimate, Numbers
from mhsim.studies.data import RunData, StudyData

WORDS = Wording()
MOST_POINTS, MOST_ROWS = 6, 60
"""Points of a study that are drawn, and rows of its table."""
UNBROKEN = "\N{NO-BREAK SPACE}"
STACKED = (
    "Forms stand on one another, the first at the bottom, so that the upper edge is all groups, or all their members."
)


class Counted(NamedTuple):
    """Something that is counted of each form: the beginning of its name, what stands above its picture, the unit."""

    name: str
    title: str
    unit: str


SHOWN = (Counted("open_groups", "Open groups, by form", "groups"), Counted("members", "Members, by form", "people"))


def forms_among(names: Iterable[str]) -> tuple[str, ...]:
    """Return the forms of a world of several, in their order, from the names of its measures or series."""
    first = f"{SHOWN[0].name}_of_"
    return tuple(name.removeprefix(first) for name in names if name.startswith(first))


def in_words(form: str) -> str:
    """Return what a form is called in pictures and tables."""
    return form.replace("_", " ")


def series_by_form(series: Mapping[str, Numbers], counted_of: Counted) -> list[tuple[str, Numbers]]:
    """Return the weekly series of each form, with what it is called."""
    return [(in_words(form), series[f"{counted_of.name}_of_{form}"]) for form in forms_among(series)]


def run_section(data: RunData) -> Markup:
    """Return the section of one run: open groups and members of each form along the years; nothing with one form."""
    series = data.series
    if len(forms_among(series)) < 2 or not len(series["week"]):
        return NOTHING
    pictures = [
        stacked_picture(series["week"] / 52.0, series_by_form(series, one), one.title, one.unit) for one in SHOWN
    ]
    return section("Groups by form", figures(pictures, STACKED), table_by_year(series), key="forms")


def table_by_year(series: Mapping[str, Numbers]) -> Markup:
    """Return what there was of each form at the beginning of each year and at the end, as a table."""
    weeks, forms = series["week"], forms_among(series)
    at = [*np.flatnonzero(np.diff(np.floor(weeks / 52.0), prepend=-1.0) > 0), len(weeks) - 1]
    rows = [[f"week{UNBROKEN}{weeks[place]:,.0f}", *(_there(series, form, place) for form in forms)] for place in at]
    return table(
        ["When", *map(in_words, forms)],
        rows,
        "Open groups with their members, at the beginning of each year and at the end",
    )


def _there(series: Mapping[str, Numbers], form: str, place: int) -> str:
    groups, members = (int(series[f"{one.name}_of_{form}"][place]) for one in SHOWN)
    return f"{groups} with {members}".replace(" ", UNBROKEN) if groups else "none"


def study_section(data: StudyData) -> Markup:
    """Return the section of a study: open groups and members of each form at the end; nothing with one form."""
    forms = forms_among(data.measures)
    if len(forms) < 2:
        return NOTHING
    points = range(len(data.points))
    found = {(point, one, form): _mean(data, point, one, form) for point in points for one in SHOWN for form in forms}
    drawn = points[:MOST_POINTS]
    pictures = []
    for one in SHOWN:
        lines = [
            Line(_point(data, point), range(len(forms)), [found[point, one, form] for form in forms]) for point in drawn
        ]
        told = "; ".join(f"{line.label}: {_told(forms, line.estimates)}" for line in lines)
        ticks = [in_words(form) for form in forms]
        pictures.append(
            estimates_figure(lines, one.title, f"{told}.", Scale(unit=one.unit), "form", ticks=ticks, joined=False)
        )
    every = [(point, form) for point in points for form in forms]
    rows = [
        [_point(data, point), in_words(form), *(Scale().estimate(found[point, one, form]) for one in SHOWN)]
        for point, form in every[:MOST_ROWS]
    ]
    left = len(every) - len(rows)
    return WORDS.section(
        "forms",
        WORDS.figures("forms", pictures, drawn=len(drawn), points=len(points)),
        WORDS.table("forms", rows, left=f"; runs.parquet has {left:,} more" if left else ""),
        forms=joined([in_words(form) for form in forms]),
    )


def _mean(data: StudyData, point: int, one: Counted, form: str) -> Estimate:
    return stats.mean(data.numbers(f"{one.name}_of_{form}")[[point]])


def _told(forms: tuple[str, ...], estimates: Iterable[Estimate]) -> str:
    scale = Scale()
    return ", ".join(f"{in_words(form)} {scale.estimate(one)}" for form, one in zip(forms, estimates, strict=True))


def _point(data: StudyData, point: int) -> str:
    """Return what a point is called: the scenario that stands there, or what it varies."""
    values = data.points[point]
    named = [str(values["scenario"])] if "scenario" in values else []
    varied = [f"{path} = {value_text(values[path])}" for path in data.axes if path in values and path != "scenario"]
    return ", ".join([*named, *varied]) or UNKNOWN
