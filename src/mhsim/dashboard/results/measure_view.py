"""One measure by what varies in a study: heat maps by two axes, lines by one, or one number.

What else varies stands side by side, a map or a line for each combination; see `selection.panels_of`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from mhsim.dashboard.results.heat import heat
from mhsim.dashboard.results.selection import Panel, Panels, Selection, at_levels, axis_label, inches, panels_of, short
from mhsim.outcomes.measures import BY_NAME
from mhsim.report.figures import FigureSpec, Line, estimates_figure, kept_specs
from mhsim.report.formatting import UNKNOWN, capital, scale_of, span
from mhsim.report.html import folded, table
from mhsim.report.sweep.axes import estimate
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
    """

    measure: str
    across: str
    down: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    panels: Panels
    cells: tuple[tuple[tuple[Estimate, ...], ...], ...]

    @property
    def caption(self) -> str:
        """What is shown, in words."""
        side = len(self.panels.panels)
        each = f" {side} {'maps' if self.down else 'lines'}, one for each combination of what else varies." * (side > 1)
        return (
            f"{capital(BY_NAME[self.measure].meaning)}; {BY_NAME[self.measure].shown_unit}.{each}{self.panels.words()} "
            "Ranges are 95 % intervals: they show chance alone, not whether the model is right."
        )


def measure_view(data: StudyData, choice: Selection) -> MeasureView:
    """Return the chosen measure by the chosen axes."""
    panels = panels_of(data, choice, (choice.across, choice.down), MOST_PANELS)
    every = [number for panel in panels.panels for number in panel.points]
    across, down = at_levels(data, choice.across, every), at_levels(data, choice.down, every)
    cells = tuple(
        tuple(
            tuple(estimate(data, choice.measure, sorted(here & set(row) & set(column))) for _, column in across)
            for _, row in down
        )
        for here in (set(panel.points) for panel in panels.panels)
    )
    names = tuple(text for text, _ in across), tuple(text for text, _ in down)
    return MeasureView(choice.measure, choice.across, choice.down, *names, panels, cells)


def interval_text(measure: str, known: Estimate) -> str:
    """Return the interval of an estimate; a dash where there is none."""
    scale = scale_of(measure)
    return span(*(UNKNOWN if isnan(end) else scale.number(end) for end in (known.low, known.high)))


def figure(view: MeasureView) -> str:
    """Return the figure for the page: tables with colours, or lines; single numbers where nothing varies."""
    if view.down:
        return "".join(f"<div>{_map(view, *pair)}</div>" for pair in zip(view.panels.panels, view.cells, strict=True))
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


def figure_spec(view: MeasureView) -> FigureSpec | None:
    """Return the figure for a paper; None for single numbers."""
    if view.down:
        high = 14.0 + (34.0 + 8.0 * len(view.rows)) * -(-len(view.cells) // 2)
        return FigureSpec(lambda axes: _draw_maps(axes, view), view.caption, inches(high))
    if not view.across:
        return None
    with kept_specs() as specs:
        _lines(view)
    return FigureSpec(specs[0].draw, view.caption, inches(95.0 + 5.0 * len(view.cells)))


def _map(view: MeasureView, panel: Panel, cells: Sequence[Sequence[Estimate]]) -> str:
    scale, measure = scale_of(view.measure), BY_NAME[view.measure]
    return heat(
        view.rows,
        view.columns,
        [
            [(scale.factor * one.value, scale.number(one.value), interval_text(view.measure, one)) for one in row]
            for row in cells
        ],
        title=f"{measure.label}, {measure.shown_unit}" + (f": {panel.name}" if panel.name else ""),
        down=axis_label(view.down),
        across=axis_label(view.across),
        ends=_ends(view),
        written=lambda value: scale.number(value / scale.factor),
        unit=scale.unit,
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
    every = [one for cells in view.cells for one in cells[0]]
    known = [part for one in every for part in (one.value, one.low, one.high) if not isnan(part)]
    limits = (0.0, 1.06 * scale.factor * max(known) or 1.0) if known and min(known) >= 0 else None
    told = "; ".join(
        f"{line.label} {column}: {scale.estimate(one)}".strip()
        for line in lines
        for column, one in zip(view.columns, line.estimates, strict=True)
    )
    return estimates_figure(
        lines,
        f"{measure.label} by {short(view.across)}",
        told,
        scale,
        axis_label(view.across),
        ticks=ticks,
        limits=(0.0, 104.0) if measure.unit == "yes/no" else limits,
        joined=view.panels.grid and not ticks,
        size=(6.4, 3.6 + 0.19 * len(lines)),
    )


def _draw_maps(axes: Axes, view: MeasureView) -> None:
    """Draw a map for each panel into one pair of axes, two beside each other, with one scale of colours."""
    from matplotlib import colormaps

    scale, (low, high) = scale_of(view.measure), _ends(view)
    axes.axis("off")
    image = None
    for part, panel, cells in zip(view.panels.axes_in(axes), view.panels.panels, view.cells, strict=True):
        values = np.array([[scale.factor * one.value for one in row] for row in cells])
        image = part.imshow(
            np.ma.masked_invalid(values), cmap=colormaps["cividis"], aspect="auto", vmin=low, vmax=max(high, low + 1e-9)
        )
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
