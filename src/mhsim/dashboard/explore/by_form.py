"""Several forms in one town: open groups and members of each along the years of the run that is shown."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import solara

from mhsim.dashboard.elements import element, trusted, words
from mhsim.dashboard.figures import ChartLine, both, curves
from mhsim.dashboard.replay.recording import Recording
from mhsim.report.groups_by_form import SHOWN, STACKED, Counted, series_by_form, table_by_year
from mhsim.stats import Numbers


def weekly(recording: Recording) -> dict[str, Numbers]:
    """Return the weeks of a run and what is counted of each form in them; of groups of all communities together."""
    series = recording.run.series
    assert series is not None, "a recording keeps its series"
    wanted = [name for name in series.column_names if name == "week" or "_of_" in name]
    return {name: np.asarray(series[name].to_numpy(), dtype=np.float64) for name in wanted}


def picture(series: Mapping[str, Numbers], counted: Counted) -> str:
    """Return what is counted of each form along the years, forms on one another, as SVG."""
    years = (series["week"] / 52.0).tolist()
    parts = series_by_form(series, counted)
    edges = np.cumsum([np.zeros(len(years)), *(values for _, values in parts)], axis=0).tolist()
    lines = [
        ChartLine(form, years, edges[k + 1], edges[k], edges[k + 1], look=k, steps=True)
        for k, (form, _) in reversed(list(enumerate(parts)))
    ]
    ends = "; ".join(f"{form}: {values[0]:.0f}, at the end {values[-1]:.0f}" for form, values in reversed(parts))
    return both(
        lambda width: curves(
            lines,
            title=counted.title,
            across="years since the start",
            up=counted.unit,
            describe=f"At the start, from the top: {ends}.",
            top=None,
            width=width,
        )
    )


@solara.component  # type: ignore[untyped-decorator]
def ByForm(recording: Recording) -> None:  # noqa: N802
    """Show open groups and members by form, with the numbers in a table; nothing where there is one form."""
    drawn = solara.use_memo(lambda: pictures(recording), [id(recording)])
    if not drawn:
        return
    with element("section", class_="card", aria_label="Groups by form"):
        words("Groups by form", "h2", class_="minor")
        words(STACKED, class_="quiet")
        with element("div", class_="beside"):
            for title, drawing in drawn:
                with element("div"):
                    words(title, "h3")
                    trusted(drawing, class_="pictures")
        with element("details"):
            words("The numbers, year by year", "summary")
            trusted(table_by_year(weekly(recording)), class_="report")


def pictures(recording: Recording) -> list[tuple[str, str]]:
    """Return title and picture of what is counted of each form; none where there is one form."""
    if len(recording.scenario.forms) < 2:
        return []
    series = weekly(recording)
    return [(one.title, picture(series, one)) for one in SHOWN]
