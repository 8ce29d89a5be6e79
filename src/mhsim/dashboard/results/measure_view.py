"""One measure by what varies in a study: a heat map by two axes, a line by one, or one number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mhsim.dashboard.figures import Curve, Row, bars, both, curves
from mhsim.dashboard.figures.heat import heat
from mhsim.dashboard.results.estimates import cell, estimated, interval_of, named, scale_of, unit_of, value_of
from mhsim.dashboard.results.print_figures import WIDTH, inches
from mhsim.dashboard.results.selection import Choice, at_levels, points_kept, short
from mhsim.outcomes.measures import BY_NAME
from mhsim.palette import BLUE
from mhsim.report.figures import Plate
from mhsim.report.formatting import capital
from mhsim.report.html import folded, table
from mhsim.stats import UNKNOWN, Estimate
from mhsim.studies.data import StudyData

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_CELLS = 400
"""Cells of a heat map for which intervals are found; larger maps show numbers alone."""
MOST_LEVELS = 60


@dataclass(frozen=True)
class Laid:
    """A measure laid out by one or two axes.

    Attributes
    ----------
    measure, across, down : str
        The measure and the axes; `down` is empty for a line, both for a single number.
    columns, rows : tuple of str
        The values of the axes as text; one row where there is one axis.
    cells : tuple of tuple of Estimate
        By row and column.
    """

    measure: str
    across: str
    down: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    cells: tuple[tuple[Estimate, ...], ...]

    @property
    def about(self) -> str:
        """What is shown, in words, for a caption."""
        meaning = capital(BY_NAME[self.measure].meaning)
        return f"{meaning}; {unit_of(self.measure)}."


def laid(found: StudyData, choice: Choice) -> Laid:
    """Return the chosen measure by the chosen axes; points that agree in both are taken together."""
    rows = points_kept(found, choice)
    down = at_levels(found, choice.down, rows)[:MOST_LEVELS]
    across = at_levels(found, choice.across, rows)[:MOST_LEVELS]
    places = [set(numbers) for _, numbers in across]
    cells = tuple(
        tuple(_estimate(found, choice.measure, [n for n in numbers if n in there]) for there in places)
        for _, numbers in down
    )
    names = tuple(text for text, _ in across), tuple(text for text, _ in down)
    return Laid(choice.measure, choice.across, choice.down, *names, cells)


def _estimate(found: StudyData, measure: str, rows: Sequence[int]) -> Estimate:
    return estimated(found, measure, rows) if rows else UNKNOWN


def figure(laid_out: Laid) -> str:
    """Return the figure for the page: a table with colours, or a picture."""
    if laid_out.down:
        return _map(laid_out)
    if not laid_out.across:
        return ""
    return both(lambda width: _line(laid_out, width))


def numbers(laid_out: Laid) -> str:
    """Return the numbers of a line as a table to be opened."""
    rows = [[name, cell(laid_out.measure, one)] for name, one in zip(laid_out.columns, laid_out.cells[0], strict=True)]
    head = [short(laid_out.across), f"{named(laid_out.measure)}, {unit_of(laid_out.measure)}"]
    return folded("The numbers", table(head, rows, f"{named(laid_out.measure)} by {short(laid_out.across)}"))


def _map(laid_out: Laid) -> str:
    measure, cells = laid_out.measure, laid_out.cells
    scale = scale_of(measure)[0]

    def describe(i: int, j: int) -> tuple[str, str]:
        found = cells[i][j]
        ends = interval_of(measure, found)
        return (value_of(measure, found.value) if found.known else "–", "" if ends == "–" else ends)

    return heat(
        laid_out.rows,
        laid_out.columns,
        [[scale * one.value for one in row] for row in cells],
        title=f"{named(measure)}, {unit_of(measure)}",
        down=short(laid_out.down),
        across=short(laid_out.across),
        describe=describe,
        written=lambda value: value_of(measure, value / scale),
        unit=unit_of(measure),
    )


def _line(laid_out: Laid, width: int) -> str:
    measure, along = laid_out.measure, laid_out.cells[0]
    scale = scale_of(measure)[0]
    told = "; ".join(f"{name}: {cell(measure, one)}" for name, one in zip(laid_out.columns, along, strict=True))
    title = f"{named(measure)} by {short(laid_out.across)}"
    places = _numbers(laid_out.columns)
    if places is None:
        rows = [
            Row(name, (scale * one.value,), (cell(measure, one),))
            for name, one in zip(laid_out.columns, along, strict=True)
        ]
        return bars(rows, ("",), title=title, describe=told, width=width)
    edges = [[scale * getattr(one, end) for one in along] for end in ("value", "low", "high")]
    known = [value for edge in edges for value in edge if not np.isnan(value)]
    curve = Curve("", places, edges[0], edges[1], edges[2])
    return curves(
        [curve],
        title=title,
        across=short(laid_out.across),
        up=unit_of(measure),
        describe=told,
        top=100.0 if BY_NAME[measure].unit == "yes/no" else None,
        bottom=min(0.0, *known) if known else 0.0,
        width=width,
    )


def _numbers(texts: Sequence[str]) -> list[float] | None:
    try:
        return [float(text) for text in texts]
    except ValueError:
        return None


def plate(laid_out: Laid) -> Plate:
    """Return the figure for a paper."""
    if laid_out.down:
        high = 28.0 + 9.0 * len(laid_out.rows)
        return Plate(lambda axes: _draw_map(axes, laid_out), laid_out.about, inches(WIDTH, high))
    return Plate(lambda axes: _draw_line(axes, laid_out), laid_out.about, inches())


def _draw_map(axes: Axes, laid_out: Laid) -> None:
    from matplotlib import colormaps

    scale = scale_of(laid_out.measure)[0]
    values = np.array([[scale * one.value for one in row] for row in laid_out.cells])
    image = axes.imshow(np.ma.masked_invalid(values), cmap=colormaps["cividis"], aspect="auto")
    axes.grid(visible=False)
    axes.set_xticks(range(len(laid_out.columns)), laid_out.columns)
    axes.set_yticks(range(len(laid_out.rows)), laid_out.rows)
    axes.set_xlabel(laid_out.across)
    axes.set_ylabel(laid_out.down)
    for i, row in enumerate(laid_out.cells):
        for j, one in enumerate(row):
            if one.known:
                light = bool(values[i, j] > (np.nanmin(values) + np.nanmax(values)) / 2)
                text = value_of(laid_out.measure, one.value)
                axes.text(j, i, text, ha="center", va="center", fontsize=8, color="#000000" if light else "#ffffff")
    axes.figure.colorbar(image, ax=axes, label=unit_of(laid_out.measure))


def _draw_line(axes: Axes, laid_out: Laid) -> None:
    scale, along = scale_of(laid_out.measure)[0], laid_out.cells[0]
    places = _numbers(laid_out.columns)
    x = list(range(len(along))) if places is None else places
    values = np.array([[scale * getattr(one, end) for one in along] for end in ("value", "low", "high")])
    reach = np.nan_to_num(np.maximum(0.0, np.stack([values[0] - values[1], values[2] - values[0]])))
    style = "" if places is None else "-"
    axes.errorbar(x, values[0], yerr=reach, color=BLUE, marker="o", markersize=4, linewidth=1.4, linestyle=style)
    if places is None:
        axes.set_xticks(x, laid_out.columns)
    axes.set_xlabel(laid_out.across)
    axes.set_ylabel(unit_of(laid_out.measure))
