"""The page of a study: a measure by what varies, how long groups lasted, the analysis of its kind, its tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from typing import NamedTuple

import solara
from solara.lab import use_task

from mhsim.dashboard.elements import element, trusted, words
from mhsim.dashboard.results import measure_view, survival
from mhsim.dashboard.results.paging import TableColumn, TablePage, summary_page
from mhsim.dashboard.results.parts import Go, Keys, choose, explore_link, figure_links, heading, result_figure
from mhsim.dashboard.results.results_folder import ResultsFolder, numeric_measures, study_in
from mhsim.dashboard.results.selection import NONE, Selection, chosen, downs, kept_text, level_texts, points_kept, short
from mhsim.dashboard.results.tables import Tables
from mhsim.dashboard.widgets.fields import Fields, InputField
from mhsim.errors import InputError
from mhsim.outcomes.measures import BY_NAME
from mhsim.report.figures import FigureSpec, kept_specs
from mhsim.report.formatting import capital
from mhsim.scenario import Value
from mhsim.studies.data import StudyData
from mhsim.studies.registry import KINDS

MOST_FILTERS = 8
MOST_VALUES = 40
PLACES = {"measure", "across", "up", "axis"}
WITH_CURVES = ("sweep", "compare")
"""Kinds whose analysis does not show how long groups lasted already."""


@solara.component  # type: ignore[untyped-decorator]
def Study(opened: ResultsFolder, keys: Keys, go: Go) -> None:  # noqa: N802
    """Show a study."""
    try:
        data = study_in(opened)
        choice = chosen(keys, data, numeric_measures(data))
    except InputError as error:
        words(str(error), class_="wrong", role="alert")
        return
    heading(opened, data)
    if is_analysed(opened):
        Analysis(opened, data, keys, go)
    if opened.kind in KINDS and KINDS[opened.kind].along_axes and numeric_measures(data):
        Measures(opened, data, choice, keys, go)
    if opened.kind in WITH_CURVES:
        Survival(opened, data, choice, keys, go)

    def summary(of: Keys) -> TablePage:
        return with_links(data, summary_page(data, choice.measure, points_kept(data, choice.kept), of))

    Tables(opened, keys, go, summary, choice.measure)


def with_links(data: StudyData, table_page: TablePage) -> TablePage:
    """Return the table of points with a link to each point's scenario, where Explore can show it."""
    links = [explore_link(data, data.points[int(str(row[0]))]) for row in table_page.rows]
    if not any(links):
        return table_page
    rows = tuple((*row, ("Explore", to) if to else "") for row, to in zip(table_page.rows, links, strict=True))
    return replace(table_page, rows=rows, columns=(*table_page.columns, TableColumn("see", sortable=False)))


class AnalysisParts(NamedTuple):
    """Parts of a report as HTML that we made, and the figures in them, in order."""

    parts: tuple[str, ...]
    specs: tuple[FigureSpec, ...]


def is_analysed(opened: ResultsFolder) -> bool:
    """Whether runs of this kind of study are analysed."""
    return opened.kind in KINDS and bool(KINDS[opened.kind].tables)


@lru_cache(maxsize=24)
def analysis_of(opened: ResultsFolder, measure: str) -> AnalysisParts:
    """Return what the analysis of a study has to show; some kinds show one measure at a time.

    Raises
    ------
    InputError
        If the analysis is missing or cannot be read; one line.
    """
    data = study_in(opened)
    with kept_specs() as specs:
        parts = import_module(f"mhsim.report.{opened.kind.replace('-', '_')}.page").parts(data, measure)
    return AnalysisParts(tuple(part for part in parts if part), tuple(specs))


@solara.component  # type: ignore[untyped-decorator]
def Analysis(opened: ResultsFolder, data: StudyData, keys: Keys, go: Go) -> None:  # noqa: N802
    """Show what the analysis of a kind of study found; its figures are drawn while the page is there already."""
    outcomes = [str(name) for name in data.study.get("outcomes") or ()] if opened.kind == "sensitivity" else []
    measure = keys.get("measure", "") if keys.get("measure") in outcomes else (outcomes[0] if outcomes else "")
    asked = (opened.stamp, measure)

    def read() -> tuple[object, AnalysisParts | str]:
        try:
            return asked, analysis_of(opened, measure)
        except InputError as error:
            return asked, str(error)

    task = use_task(read, dependencies=[opened.stamp, measure])
    if outcomes:
        labels = [(one, BY_NAME[one].label) for one in outcomes]
        choose("measure", "Outcome", measure, labels, go, "What is shown")
    of, shown = task.value if task.finished else (None, "")
    if task.error:
        words("The analysis of this study cannot be shown; its tables stand below.", class_="wrong", role="alert")
    elif of != asked:
        words("Reading the analysis and drawing its figures.", class_="quiet", role="status")
    elif isinstance(shown, str):
        words(shown, class_="wrong", role="alert")
    else:
        trusted("".join(shown.parts), class_="report")
        with element("p", class_="row links"):
            for number, spec in enumerate(shown.specs, start=1):
                with element("span", class_="download"):
                    words(f"{spec.title}: ", "span")
                    figure_links({**keys, "measure": measure}, f"analysis-{number}", spec.title)


@solara.component  # type: ignore[untyped-decorator]
def Measures(opened: ResultsFolder, data: StudyData, choice: Selection, keys: Keys, go: Go) -> None:  # noqa: N802
    """Show a measure by the axes of the study, with what can be chosen."""

    def choose_one(name: str, value: Value, final: bool) -> None:
        if name in PLACES:
            go(**{name: str(value)}, page=None)
        else:
            kept = {**dict(choice.kept), name: str(value)}
            go(point=kept_text({path: text for path, text in kept.items() if text}), page=None)

    words("A measure by what varies", "h2")
    Fields(choice_fields(data, choice), choose_one, legend="What is shown", look="across")
    kept = kept_fields(data, choice)
    if kept:
        Fields(kept, choose_one, legend="Which points are looked at", look="across")
    view = solara.use_memo(lambda: measure_view.measure_view(data, choice), [opened.stamp, choice])
    drawn = solara.use_memo(lambda: measure_view.figure(view), [opened.stamp, choice])
    with element("figure", class_="result"):
        trusted(drawn if view.down else f'<div class="pictures">{drawn}</div>', class_="report maps")
        if view.across and not view.down:
            trusted(measure_view.numbers(view), class_="report")
        words(view.caption, "figcaption")
        if view.across:
            figure_links(keys, "measure")


def choice_fields(data: StudyData, choice: Selection) -> list[InputField]:
    """Return the inputs by which a measure and its axes are chosen."""
    about = BY_NAME[choice.measure]
    labels = tuple((name, BY_NAME[name].label) for name in numeric_measures(data))
    means = f"{capital(about.meaning)}; unit: {about.shown_unit}."
    fields = [InputField("measure", "Measure", "choice", choice.measure, choices=labels, help=means)]
    kept = dict(choice.kept)
    free = [path for path in data.axes if path not in kept]
    if len(free) > 1:
        fields.append(InputField("across", "Across", "choice", choice.across, choices=_named(free)))
        rest = (*_named(downs(data, free, choice.across)), (NONE, "nothing: lines"))
        fields.append(InputField("up", "Down", "choice", choice.down or NONE, choices=rest))
    return fields


def kept_fields(data: StudyData, choice: Selection) -> list[InputField]:
    """Return the inputs that keep one value of an axis; none where there is one axis only."""
    kept, fields = dict(choice.kept), []
    for path in data.axes[:MOST_FILTERS] if len(data.axes) > 1 else ():
        values = level_texts(data, path)
        if len(values) <= MOST_VALUES:
            texts = (("", "all values"), *((value, value) for value in values))
            fields.append(InputField(path, capital(short(path)), "choice", kept.get(path, ""), choices=texts))
    return fields


def _named(paths: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((path, short(path)) for path in paths)


@solara.component  # type: ignore[untyped-decorator]
def Survival(opened: ResultsFolder, data: StudyData, choice: Selection, keys: Keys, go: Go) -> None:  # noqa: N802
    """Show how long groups lasted by one axis, and why they closed."""
    axis = keys.get("axis", "") if keys.get("axis") in data.axes else choice.across
    views = solara.use_memo(lambda: survival.curves_views(data, choice, axis), [opened.stamp, choice, axis])
    drawn = solara.use_memo(
        lambda: {name: survival.curves_figures(view) for name, view in views.items()}, [opened.stamp, choice, axis]
    )
    words("How long groups lasted", "h2")
    if not drawn.get("survival"):
        none = "No run ended well" if views else "This study did not watch when groups closed"
        words(f"{none}, so there are no curves.")
        return
    if len(data.axes) > 1:
        choose("axis", "A curve for each value of", axis, _named(data.axes), go, "Which curves")
    for name, figure in drawn.items():
        if figure:
            result_figure(figure, views[name].caption, keys, name)
