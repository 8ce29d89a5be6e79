"""The page of a study: a measure by what varies, how long groups lasted, the analysis of its kind, its tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import solara

from mhsim.dashboard.elements import element, trusted, words
from mhsim.dashboard.results import measure_view, survival
from mhsim.dashboard.results.analysis import ANALYSED, BY_AXIS, WITH_CURVES, Analysis, FigureLinks
from mhsim.dashboard.results.header import Heading
from mhsim.dashboard.results.links import explore_link
from mhsim.dashboard.results.paging import Sheet, TableColumn
from mhsim.dashboard.results.points_table import summary_sheet
from mhsim.dashboard.results.results_folder import ResultsFolder
from mhsim.dashboard.results.runs import Runs, runs_of
from mhsim.dashboard.results.selection import NONE, Selection, chosen, downs, kept_text, level_texts, points_kept, short
from mhsim.dashboard.results.tables import Tables
from mhsim.dashboard.widgets.fields import Fields, InputField
from mhsim.errors import InputError
from mhsim.outcomes.measures import BY_NAME
from mhsim.report.formatting import capital
from mhsim.scenario import Value
from mhsim.studies.data import StudyData

Keys = dict[str, str]
Go = Callable[..., None]
MOST_FILTERS = 8
MOST_VALUES = 40
PLACES = {"measure", "across", "up", "axis"}


@solara.component  # type: ignore[untyped-decorator]
def Study(opened: ResultsFolder, keys: Keys, go: Go) -> None:  # noqa: N802
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
            opened, runs.found, summary_sheet(runs.found, choice.measure, points_kept(runs.found, choice.kept), of)
        )

    Tables(opened, keys, go, summary, choice.measure)


def with_links(opened: ResultsFolder, found: StudyData, sheet: Sheet) -> Sheet:
    """Return the table of points with a link to each point's scenario, where Explore can show it."""
    points = [int(str(row[0])) for row in sheet.rows]
    links = [explore_link(opened, found.points[number]) for number in points]
    if not any(links):
        return sheet
    rows = tuple((*row, ("Explore", to) if to else "") for row, to in zip(sheet.rows, links, strict=True))
    return replace(sheet, rows=rows, columns=(*sheet.columns, TableColumn("see", sortable=False)))


@solara.component  # type: ignore[untyped-decorator]
def Measures(opened: ResultsFolder, runs: Runs, choice: Selection, keys: Keys, go: Go) -> None:  # noqa: N802
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
    view = solara.use_memo(lambda: measure_view.measure_view(found, choice), [opened.stamp, choice])
    drawn = solara.use_memo(lambda: measure_view.figure(view), [opened.stamp, choice])
    with element("figure", class_="result"):
        trusted(drawn if view.down else f'<div class="pictures">{drawn}</div>', class_="report maps")
        if view.across and not view.down:
            trusted(measure_view.numbers(view), class_="report")
        words(view.caption, "figcaption")
        if view.across:
            FigureLinks(keys, "measure")


def choice_fields(found: StudyData, measures: Sequence[str], choice: Selection) -> list[InputField]:
    """Return the inputs by which a measure and its axes are chosen."""
    about = BY_NAME[choice.measure]
    fields = [
        InputField(
            *("measure", "Measure", "choice", choice.measure),
            choices=tuple((name, BY_NAME[name].label) for name in measures),
            help=f"{capital(about.meaning)}; unit: {about.shown_unit}.",
        )
    ]
    kept = dict(choice.kept)
    free = [path for path in found.axes if path not in kept]
    if len(free) > 1:
        fields.append(InputField("across", "Across", "choice", choice.across, choices=_named(free)))
        rest = (*_named(downs(found, free, choice.across)), (NONE, "nothing: lines"))
        fields.append(InputField("up", "Down", "choice", choice.down or NONE, choices=rest))
    return fields


def kept_fields(found: StudyData, choice: Selection) -> list[InputField]:
    """Return the inputs that keep one value of an axis; none where there is one axis only."""
    kept, fields = dict(choice.kept), []
    for path in found.axes[:MOST_FILTERS] if len(found.axes) > 1 else ():
        values = level_texts(found, path)
        if len(values) <= MOST_VALUES:
            texts = (("", "all values"), *((value, value) for value in values))
            fields.append(InputField(path, capital(short(path)), "choice", kept.get(path, ""), choices=texts))
    return fields


def _named(paths: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((path, short(path)) for path in paths)


@solara.component  # type: ignore[untyped-decorator]
def Survival(opened: ResultsFolder, found: StudyData, choice: Selection, keys: Keys, go: Go) -> None:  # noqa: N802
    """Show how long groups lasted by one axis, and why they closed."""
    axis = keys.get("axis", "") if keys.get("axis") in found.axes else choice.across
    made = solara.use_memo(lambda: survival.survival_view(found, choice, axis), [opened.stamp, choice, axis])
    drawn = solara.use_memo(
        lambda: {view: survival.survival_figures(made, view) if made else "" for view in ("survival", "reasons")},
        [opened.stamp, choice, axis],
    )
    words("How long groups lasted", "h2")
    if made is None or not drawn["survival"]:
        none = "No run ended well" if made else "This study did not watch when groups closed"
        words(f"{none}, so there are no curves.")
        return
    if len(found.axes) > 1:
        field = InputField("axis", "A curve for each value of", "choice", axis, choices=_named(found.axes))
        Fields([field], lambda name, value, final: go(axis=str(value)), legend="Which curves", look="across")
    for view, figure in drawn.items():
        if figure:
            with element("figure", class_="result"):
                trusted(f'<div class="pictures">{figure}</div>', class_="report")
                words(made.caption(view), "figcaption")
                FigureLinks(keys, view)
