"""What the analysis of a study found, as its report shows it; its figures are drawn while the page is there already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

import solara
from solara.lab import use_task

from mhsim.dashboard.elements import element, link, trusted, words
from mhsim.dashboard.results.links import download
from mhsim.dashboard.results.results_folder import ResultsFolder
from mhsim.dashboard.results.runs import runs_of
from mhsim.dashboard.widgets.fields import Fields, InputField
from mhsim.errors import InputError
from mhsim.outcomes.measures import BY_NAME
from mhsim.report.figures import Plate, kept_plates
from mhsim.studies.registry import KINDS

Keys = dict[str, str]
ANALYSED = tuple(kind.name for kind in KINDS.values() if kind.tables)
"""Kinds whose runs are analysed."""
BY_AXIS = tuple(kind.name for kind in KINDS.values() if kind.along_axes)
"""Kinds whose points lie along axes, so that curves and maps by axis mean something."""
WITH_CURVES = ("sweep", "compare")
"""Kinds whose analysis does not show how long groups lasted already."""


@dataclass(frozen=True)
class AnalysisParts:
    """Parts of a report as HTML that we made, and the figures in them, in order."""

    parts: tuple[str, ...]
    plates: tuple[Plate, ...]


@lru_cache(maxsize=24)
def analysis_of(opened: ResultsFolder, measure: str) -> AnalysisParts:
    """Return what the analysis of a study has to show; some kinds show one measure at a time.

    Raises
    ------
    InputError
        If the analysis is missing or cannot be read; one line.
    """
    data = runs_of(opened).found
    with kept_plates() as plates:
        parts = import_module(f"mhsim.report.{opened.kind.replace('-', '_')}.page").parts(data, measure)
    return AnalysisParts(tuple(part for part in parts if part), tuple(plates))


def outcomes_of(opened: ResultsFolder) -> tuple[str, ...]:
    """Return the outcomes between which the figures of a kind are chosen; none where all are shown."""
    return tuple(str(name) for name in opened.study.get("outcomes") or ()) if opened.kind == "sensitivity" else ()


@dataclass(frozen=True)
class AnalysisRead:
    """An analysis that was read, what it is of, and what was wrong with it."""

    of: tuple[tuple[str, int], str]
    shown: AnalysisParts | None = None
    wrong: str = ""


def read(opened: ResultsFolder, measure: str) -> AnalysisRead:
    """Read an analysis and draw its figures; what is wrong with it is told in one line."""
    of = (opened.stamp, measure)
    try:
        return AnalysisRead(of, analysis_of(opened, measure))
    except InputError as error:
        return AnalysisRead(of, wrong=str(error))


@solara.component  # type: ignore[untyped-decorator]
def Analysis(opened: ResultsFolder, keys: Keys, go: Callable[..., None]) -> None:  # noqa: N802
    """Show what the analysis of a kind of study found."""
    outcomes = outcomes_of(opened)
    measure = keys.get("measure", "") if keys.get("measure") in outcomes else (outcomes[0] if outcomes else "")
    task = use_task(lambda: read(opened, measure), dependencies=[opened.stamp, measure])
    if outcomes:
        field = InputField(
            "measure", "Outcome", "choice", measure, choices=tuple((one, BY_NAME[one].label) for one in outcomes)
        )
        Fields([field], lambda name, value, final: go(measure=str(value)), legend="What is shown", look="across")
    found: AnalysisRead | None = task.value if task.finished else None
    if task.error:
        words("The analysis of this study cannot be shown; its tables stand below.", class_="wrong", role="alert")
    elif found is None or found.of != (opened.stamp, measure):
        words("Reading the analysis and drawing its figures.", class_="quiet", role="status")
    elif found.shown is None:
        words(found.wrong, class_="wrong", role="alert")
    else:
        trusted("".join(found.shown.parts), class_="report")
        with element("p", class_="row links"):
            for number, plate in enumerate(found.shown.plates, start=1):
                with element("span", class_="download"):
                    words(f"{plate.title}: ", "span")
                    FigureLinks({**keys, "measure": measure}, f"analysis-{number}", plate.title)


@solara.component  # type: ignore[untyped-decorator]
def FigureLinks(keys: Keys, view: str, what: str = "this figure") -> None:  # noqa: N802
    """Show the links to a figure for a paper."""
    with element("span", class_="downloads"):
        link("SVG", download("figure.svg", keys, view=view), aria_label=f"Download {what} as SVG")
        link("PNG", download("figure.png", keys, view=view), aria_label=f"Download {what} as PNG")
