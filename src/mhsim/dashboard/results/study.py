"""The page of a study: a measure by what varies, how long groups lasted, the analysis of its kind, its tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import solara

from mhsim.dashboard.html import element, trusted, words
from mhsim.dashboard.results import measure_view, survival
from mhsim.dashboard.results.analysis import Analysis, FigureLinks
from mhsim.dashboard.results.estimates import cell, estimated, named
from mhsim.dashboard.results.header import Heading
from mhsim.dashboard.results.links import explore_link
from mhsim.dashboard.results.paging import Column, Sheet
from mhsim.dashboard.results.points_table import summary_sheet
from mhsim.dashboard.results.results_folder import Opened
from mhsim.dashboard.results.runs import Runs, runs_of
from mhsim.dashboard.results.selection import NONE, Choice, chosen, kept_text, points_kept, short
from mhsim.dashboard.results.study_kinds import ANALYSED, BY_AXIS, WITH_CURVES
from mhsim.dashboard.results.tables import Tables
from mhsim.dashboard.widgets.fields import Field, Fields
from mhsim.errors import InputError
from mhsim.outcomes.measures import BY_NAME
from mhsim.report.formatting import capital, value_text
from mhsim.scenario import Value
from mhsim.studies.data import StudyData

Keys = dict[str, str]
Go = Callable[..., None]
MOST_FILTERS = 8
MOST_VALUES = 40
PLACES = {"measure", "across", "up", "axis"}


@solara.component  # type: ignore[untyped-decorator]
def Study(opened: Opened, keys: Keys, go: Go) -> None:  # noqa: N802
    """Show a study."""
    try:
        runs = runs_of(opened)
        choice = chosen(keys, runs.found, runs.measures)
    except InputError as error:
        words(str(error), class_="wrong", role="alert")
        return
    Heading(opened, runs)
    if opened.kind in ANALYSED:
        Analysis(opened, keys, go)
    if opened.kind in BY_AXIS and runs.measures:
        Measures(opened, runs, choice, keys, go)
    if opened.kind in WITH_CURVES:
        Survival(opened, runs.found, choice, keys, go)

    def summary(of: Keys) -> Sheet:
        return with_links(
            opened, runs.found, summary_sheet(runs.found, choice.measure, points_kept(runs.found, choice), of)
        )

    Tables(opened, keys, go, summary, choice.measure)


def with_links(opened: Opened, found: StudyData, sheet: Sheet) -> Sheet:
    """Return the table of points with a link to each point's scenario, where Explore can show it."""
    points = [int(str(row[0])) for row in sheet.rows]
    links = [explore_link(opened, found.points[number]) for number in points]
    if not any(links):
        return sheet
    rows = tuple((*row, ("Explore", to) if to else "") for row, to in zip(sheet.rows, links, strict=True))
    return replace(sheet, rows=rows, columns=(*sheet.columns, Column("see", sortable=False)))


@solara.component  # type: ignore[untyped-decorator]
def Measures(opened: Opened, runs: Runs, choice: Choice, keys: Keys, go: Go) -> None:  # noqa: N802
    """Show a measure by the axes of the study, with what can be chosen."""
    found = runs.found

    def told(name: str, value: Value, final: bool) -> None:
        if not final:
            return
        if name in PLACES:
            go(**{name: str(value)}, page=None)
        else:
            kept = {**dict(choice.kept), name: str(value)}
            go(point=kept_text({path: text for path, text in kept.items() if text}), page=None)

    words("A measure by what varies", "h2")
    Fields(choice_fields(found, runs.measures, choice), told, legend="What is shown", look="across")
    kept = kept_fields(found, choice)
    if kept:
        Fields(kept, told, legend="Which points are looked at", look="across")
    laid = solara.use_memo(lambda: measure_view.laid(found, choice), [opened.stamp, choice])
    with element("figure", class_="result"):
        if laid.across:
            trusted(measure_view.figure(laid), class_="pictures")
            if not laid.down:
                trusted(measure_view.numbers(laid), class_="report")
        else:
            rows = points_kept(found, choice)
            words(
                f"{named(choice.measure)}: {cell(choice.measure, estimated(found, choice.measure, rows))}",
                class_="single",
            )
        words(caption_of(found, choice, laid.about), "figcaption")
        if laid.across:
            FigureLinks(keys, "measure")


def caption_of(found: StudyData, choice: Choice, about: str) -> str:
    """Return the caption of a measure: what it is, what is averaged and what the ranges are."""
    used = {choice.across, choice.down, *dict(choice.kept)}
    averaged = [short(path) for path in found.axes if path not in used]
    rest = f" Averaged over {', '.join(averaged)}." if averaged else ""
    kept = "".join(f" Only {short(path)} = {text}." for path, text in choice.kept)
    return f"{about}{kept}{rest} Ranges are 95 % intervals: they show chance alone, not whether the model is right."


def choice_fields(found: StudyData, measures: Sequence[str], choice: Choice) -> list[Field]:
    """Return the inputs by which a measure and its axes are chosen."""
    about = BY_NAME[choice.measure]
    fields = [
        Field(
            *("measure", "Measure", "choice", choice.measure),
            choices=tuple((name, named(name)) for name in measures),
            help=f"{capital(about.meaning)}; unit: {about.unit}.",
        )
    ]
    kept = dict(choice.kept)
    free = [path for path in found.axes if path not in kept]
    if len(free) > 1:
        fields.append(Field("across", "Across", "choice", choice.across, choices=_named(free)))
        rest = [path for path in free if path != choice.across]
        downs = (*_named(rest), (NONE, "nothing: one line"))
        fields.append(Field("up", "Down", "choice", choice.down or NONE, choices=downs))
    return fields


def kept_fields(found: StudyData, choice: Choice) -> list[Field]:
    """Return the inputs that keep one value of an axis; none where there is one axis only."""
    kept, fields = dict(choice.kept), []
    for path in found.axes[:MOST_FILTERS] if len(found.axes) > 1 else ():
        values = found.levels(path)
        if len(values) <= MOST_VALUES:
            texts = (("", "all values"), *((value_text(value), value_text(value)) for value in values))
            fields.append(Field(path, capital(short(path)), "choice", kept.get(path, ""), choices=texts))
    return fields


def _named(paths: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((path, short(path)) for path in paths)


@solara.component  # type: ignore[untyped-decorator]
def Survival(opened: Opened, found: StudyData, choice: Choice, keys: Keys, go: Go) -> None:  # noqa: N802
    """Show how long groups lasted by one axis, and why they closed."""
    axis = keys.get("axis", "") if keys.get("axis") in found.axes else choice.across
    made = solara.use_memo(lambda: survival.lasting(found, choice, axis), [opened.stamp, choice, axis])
    words("How long groups lasted", "h2")
    if made is None or not made.lines:
        none = "No run ended well" if made else "This study did not watch when groups closed"
        words(f"{none}, so there are no curves.")
        return
    if len(found.axes) > 1:
        field = Field("axis", "A curve for each value of", "choice", axis, choices=_named(found.axes))
        Fields([field], lambda name, value, final: go(axis=str(value)), legend="Which curves", look="across")
    with element("div", class_="result-pair"):
        with element("figure", class_="result"):
            trusted(survival.survival_figure(made), class_="pictures")
            words(f"{made.about} {survival.told(made.lines, 'still meeting')}", "figcaption")
            FigureLinks(keys, "survival")
        if made.reasons:
            with element("figure", class_="result"):
                trusted(survival.reasons_figure(made), class_="pictures")
                about = "All values together: of 100 groups, those closed so far for each reason (Aalen-Johansen)."
                words(f"{about} {survival.told(made.reasons, 'closed')}", "figcaption")
                FigureLinks(keys, "reasons")
