"""What the analysis of a study found, as its report shows it; its figures are drawn while the page is there already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import solara
from solara.lab import use_task

from mhsim.dashboard.html import element, link, trusted, words
from mhsim.dashboard.results.links import download
from mhsim.dashboard.results.results_folder import Opened
from mhsim.dashboard.results.study_kinds import Shown, analysis_of, outcomes_of
from mhsim.dashboard.widgets.fields import Field, Fields
from mhsim.errors import InputError
from mhsim.outcomes.measures import BY_NAME

Keys = dict[str, str]


@dataclass(frozen=True)
class AnalysisRead:
    """An analysis that was read, what it is of, and what was wrong with it."""

    of: tuple[tuple[str, int], str]
    shown: Shown | None = None
    wrong: str = ""


def read(opened: Opened, measure: str) -> AnalysisRead:
    """Read an analysis and draw its figures; what is wrong with it is told in one line."""
    of = (opened.stamp, measure)
    try:
        return AnalysisRead(of, analysis_of(opened, measure))
    except InputError as error:
        return AnalysisRead(of, wrong=str(error))


@solara.component  # type: ignore[untyped-decorator]
def Analysis(opened: Opened, keys: Keys, go: Callable[..., None]) -> None:  # noqa: N802
    """Show what the analysis of a kind of study found."""
    outcomes = outcomes_of(opened)
    measure = keys.get("measure", "") if keys.get("measure") in outcomes else (outcomes[0] if outcomes else "")
    task = use_task(lambda: read(opened, measure), dependencies=[opened.stamp, measure])
    if outcomes:
        field = Field(
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
