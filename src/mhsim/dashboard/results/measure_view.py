"""One measure by what varies in a study: heat maps by two axes, lines by one, or one number.

What else varies stands side by side, a map or a line for each combination; see `selection.panels_of`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from mhsim.dashboard.figures.heat import heat
from mhsim.dashboard.results.print_figures import WIDTH, inches, panel_axes
from mhsim.dashboard.results.selection import Panels, Selection, at_levels, axis_label, is_grid, panels_of, short
from mhsim.outcomes.measures import BY_NAME
from mhsim.report.figures import Line, Plate, estimates_figure, kept_plates
from mhsim.report.formatting import UNKNOWN, capital, scale_of, span
from mhsim.report.html import folded, table
from mhsim.report.sweep.axes import estimate
from mhsim.stats import UNKNOWN as NO_ESTIMATE
from mhsim.stats import Estimate
from mhsim.studies.data import StudyData

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_PANELS = 12


@dataclass(frozen=True)
class MeasureView:
    """A measure by one or two axes, for each combination of what else varies.

    Attributes
    ----------
    measure, across, down : str
        The measure and the axes; `down` is empty for lines, both for single numbers.
    columns, rows : tuple of str
        The values of the axes as text; one row where there is one axis.
    panels : Panels
        The combinations of what else varies.
    cells : tuple of tuple of tuple of Estimate
        By panel, row and column.
    joined : bool
        Whether the points of a line are joined: those of a grid are.
    """

    measure: str
    across: str
    down: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    panels: Panels
    cells: tuple[tuple[tuple[Estimate, ...], ...], ...]
    joined: bool = True

    @property
    def caption(self) -> str:
        """What is shown, in words."""
        side = len(self.panels.panels)
        each = f" {side} {'maps' if self.down else 'lines'}, one for each combination of what else varies." * (side > 1)
        return (
            f"{capital(BY_NAME[self.measure].meaning)}; {BY_NAME[self.measure].shown_unit}.{each}{self.panels.words()} "
            "Ranges are 95 % intervals: they show chance alone, not whether the model is right."
        )

    def named(self, panel: int) -> str:
        """Return the title of a panel: the measure, and the combination where there are several."""
        name, measure = self.panels.panels[panel].name, BY_NAME[self.measure]
        return f"{measure.label}, {measure.shown_unit}" + (f": {name}" if name else "")


def measure_view(found: StudyData, choice: Selection) -> MeasureView:
    """Return the chosen measure by the chosen axes."""
    panels = panels_of(found, choice, (choice.across, choice.down), MOST_PANELS)
    every = [number for panel in panels.panels for number in panel.points]
    across, down = at_levels(found, choice.across, every), at_levels(found, choice.down, every)
    cells = tuple(
        tuple(
            tuple(estimated(found, choice.measure, set(panel.points) & set(row) & set(column)) for _, column in across)
            for _, row in down
        )
        for panel in panels.panels
    )
    names = tuple(text for text, _ in across), tuple(text for text, _ in down)
    return MeasureView(choice.measure, choice.across, choice.down, *names, panels, cells, is_grid(found))


def estimated(found: StudyData, measure: str, points: Sequence[int] | set[int]) -> Estimate:
    """Return a measure over the runs of some points, each replicate counted once, as the reports do it."""
    return estimate(found, measure, sorted(points)) if points else NO_ESTIMATE


def interval_text(measure: str, found: Estimate) -> str:
    """Return the interval of an estimate; a dash where there is none."""
    scale = scale_of(measure)
    return span(*(UNKNOWN if isnan(end) else scale.number(end) for end in (found.low, found.high)))


def figure(view: MeasureView) -> str:
    """Return the figure for the page: tables with colours, or lines; single numbers where nothing varies."""
    if view.down:
        return "".join(f"<div>{_map(view, panel)}</div>" for panel in range(len(view.cells)))
    if view.across:
        return str(_lines(view))
    scale = scale_of(view.measure)
    return "".join(f'<p class="single">{scale.estimate(panel[0][0])} {scale.unit}</p>' for panel in view.cells)


def numbers(view: MeasureView) -> str:
    """Return the numbers of lines as a table to be opened."""
    scale = scale_of(view.measure)
    names = [panel.name or BY_NAME[view.measure].label for panel in view.panels.panels]
    rows = [[column, *(scale.estimate(panel[0][k]) for panel in view.cells)] for k, column in enumerate(view.columns)]
    caption = f"{BY_NAME[view.measure].label}, {scale.unit}, by {short(view.across)}"
    return str(folded("The numbers", table([short(view.across), *names], rows, caption)))


def plate(view: MeasureView) -> Plate | None:
    """Return the figure for a paper; None for single numbers."""
    if view.down:
        high = 14.0 + (34.0 + 8.0 * len(view.rows)) * -(-len(view.cells) // 2)
        return Plate(lambda axes: _draw_maps(axes, view), view.caption, inches(WIDTH, high))
    if not view.across:
        return None
    with kept_plates() as plates:
        _lines(view)
    return Plate(plates[0].draw, view.caption, inches(high=95.0 + 5.0 * len(view.cells)))


def _map(view: MeasureView, panel: int) -> str:
    scale, cells = scale_of(view.measure), view.cells[panel]

    def describe(i: int, j: int) -> tuple[str, str]:
        ends = interval_text(view.measure, cells[i][j])
        return scale.number(cells[i][j].value), "" if ends == UNKNOWN else ends

    return heat(
        view.rows,
        view.columns,
        [[scale.factor * one.value for one in row] for row in cells],
        title=view.named(panel),
        down=axis_label(view.down),
        across=axis_label(view.across),
        describe=describe,
        written=lambda value: scale.number(value / scale.factor),
        unit=scale.unit,
        ends=_ends(view),
    )


def _ends(view: MeasureView) -> tuple[float, float]:
    """Return the lowest and the highest value of all panels, so that a colour means one thing in all of them."""
    known = [one.value for panel in view.cells for row in panel for one in row if one.known]
    factor = scale_of(view.measure).factor
    return factor * min(known, default=0.0), factor * max(known, default=0.0)


def _lines(view: MeasureView) -> str:
    scale, measure = scale_of(view.measure), BY_NAME[view.measure]
    ticks: tuple[str, ...] = ()
    try:
        places = [float(text) for text in view.columns]
    except ValueError:
        places, ticks = [float(k) for k in range(len(view.columns))], view.columns
    lines = [Line(panel.name, places, cells[0]) for panel, cells in zip(view.panels.panels, view.cells, strict=True)]
    known = [part for line in lines for one in line.estimates for part in (one.value, one.low) if not isnan(part)]
    told = "; ".join(
        f"{line.label} {column}: {scale.estimate(one)}".strip()
        for line in lines
        for column, one in zip(view.columns, line.estimates, strict=True)
    )
    yes_no = measure.unit == "yes/no"
    return estimates_figure(
        lines,
        f"{measure.label} by {short(view.across)}",
        told,
        scale,
        axis_label(view.across),
        ticks=ticks,
        limits=(0.0, 104.0) if yes_no else None if not known or min(known) < 0 else (0.0, _top(lines, scale.factor)),
        joined=view.joined and not ticks,
        size=(6.4, 3.6 + 0.19 * len(lines)),
    )


def _top(lines: Sequence[Line], factor: float) -> float:
    highest = max(part for line in lines for one in line.estimates for part in (one.value, one.high) if part == part)
    return 1.06 * factor * highest or 1.0


def _draw_maps(axes: Axes, view: MeasureView) -> None:
    """Draw a map for each panel into one pair of axes, two beside each other, with one scale of colours."""
    from matplotlib import colormaps

    scale, (low, high) = scale_of(view.measure), _ends(view)
    axes.axis("off")
    image = None
    for part, panel, cells in zip(panel_axes(axes, view.panels.panels), view.panels.panels, view.cells, strict=True):
        values = np.array([[scale.factor * one.value for one in row] for row in cells])
        shown = np.ma.masked_invalid(values)
        image = part.imshow(shown, cmap=colormaps["cividis"], aspect="auto", vmin=low, vmax=max(high, low + 1e-9))
        part.grid(visible=False)
        part.set_xticks(range(len(view.columns)), view.columns)
        part.set_yticks(range(len(view.rows)), view.rows)
        part.set_xlabel(axis_label(view.across))
        if panel in view.panels.panels[::2]:
            part.set_ylabel(axis_label(view.down))
        for (i, j), value in np.ndenumerate(values):
            if not isnan(value):
                ink = "#000000" if value > (low + high) / 2 else "#ffffff"
                text = scale.number(value / scale.factor)
                part.text(j, i, text, ha="center", va="center", fontsize=8, color=ink)
    if image is not None:
        axes.figure.colorbar(image, cax=axes.inset_axes((1.04, 0.1, 0.025, 0.8)), label=scale.unit)
