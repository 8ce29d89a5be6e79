"""One measure along the first thing that a sweep varies: sentences, tables and a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mhsim.outcomes.measures import MEASURES
from mhsim.report.figures import COLOURS, DASHES, MARKS, legend_below, picture
from mhsim.report.formatting import UNKNOWN, capital, difference_cell, number_cell, share_cell, value_text
from mhsim.report.html import Markup, figures, folded, paragraphs, section, table
from mhsim.report.intervals import Estimate, mean_of, mean_over, paired, share_of
from mhsim.report.study_data import Found, Value

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LINES, MOST_ROWS, MOST_DOTS, MANY = 6, 60, 300, 12
ENDS = ("low", "high")
INFORMATION = {measure.name: measure for measure in MEASURES}


def estimate(found: Found, measure: str, rows: Sequence[int]) -> Estimate:
    """Return the mean or share of a measure over the runs of some points, each replicate counted once."""
    values = found.numbers(measure)[list(rows)]
    if INFORMATION[measure].kind == "yes_no" and len(rows) == 1:
        return share_of(values[0])
    return mean_of(mean_over(values))


def difference(found: Found, measure: str, there: Sequence[int], first: Sequence[int]) -> Estimate:
    """Return a measure at some points less the same replicates at others; each replicate counted once."""
    values = found.numbers(measure)
    change = mean_over(values[list(there)]) - mean_over(values[list(first)])
    most = 1.0 if INFORMATION[measure].kind == "yes_no" else None
    return paired(change[None, :], most)[0]


def ends_of(found: Found, path: str) -> tuple[list[int], list[int], str]:
    """Return the points at the low and at the high end of a path, and what is compared, in words.

    The ends are the first and the last value; where there are many values, the lowest and the highest third of them.
    """
    levels = found.levels(path)
    if len(levels) <= MANY:
        low, high = at_level(found, path, levels[0]), at_level(found, path, levels[-1])
        return low, high, f"{path} from {value_text(levels[0])} to {value_text(levels[-1])}"
    spots = {value: place for place, value in enumerate(levels)}
    order = sorted(range(len(found.points)), key=lambda n: spots[found.points[n][path]])
    third = max(1, len(order) // 3)
    return order[:third], order[-third:], f"{path} from its lowest third to its highest"


def at_level(found: Found, path: str, value: Value) -> list[int]:
    """Return the numbers of the points at which a path has a value."""
    return [number for number, point in enumerate(found.points) if point.get(path) == value]


def label(found: Found, number: int, without: str = "") -> str:
    """Return what a point varies, in a few words."""
    parts = [f"{path} = {value_text(found.points[number][path])}" for path in found.axes if path != without]
    return ", ".join(parts) or "all runs"


def told(found: Found, measure: str) -> str:
    """Return in words whether a measure changes along the first axis; the mean if nothing varies."""
    what = capital(INFORMATION[measure].meaning)
    if not found.axes:
        return f"{what}: {cell(measure, estimate(found, measure, range(len(found.points))))}."
    low, high, ends = ends_of(found, found.axes[0])
    change = difference(found, measure, high, low)
    if not change.known:
        return f"{what}: there are no runs to compare ({ends})."
    if change.identical:
        return f"{what}: the same in every pair of runs with {ends}."
    verb = "rises" if change.rises else "falls" if change.falls else "does not clearly change"
    scale, digits = _scale(measure)
    size = difference_cell(change, scale, digits).removesuffix(" clear")
    return f"{what}: {verb} with {ends}, by {size}{_unit(measure)}."


def cell(measure: str, found: Estimate) -> str:
    """Return an estimate of a measure as a cell."""
    return share_cell(found) if INFORMATION[measure].kind == "yes_no" else number_cell(found, *_scale(measure))


def measure_section(found: Found, measure: str) -> Markup:
    """Return the section of one measure: a picture and a table by the first axis, and all points if they are few."""
    information = INFORMATION[measure]
    parts: list[str] = [paragraphs(f"{capital(information.meaning)}; unit: {information.unit}.")]
    if found.axes:
        path = found.axes[0]
        levels = found.levels(path)
        few = len(found.points) <= MOST_DOTS
        about = "" if few else f" Of {len(found.points):,} combinations {MOST_DOTS} are shown, picked evenly."
        parts.append(figures([measure_picture(found, measure)], f"By {path}; bars show the range of chance.{about}"))
        if len(levels) <= MOST_ROWS:
            parts.append(level_table(found, measure, path))
    if len(found.points) <= MOST_ROWS:
        rows = [[label(found, k), cell(measure, estimate(found, measure, [k]))] for k in range(len(found.points))]
        parts.append(folded("All combinations", table(["Combination", "Value"], rows, f"{measure}, all combinations")))
    return section(capital(measure.replace("_", " ")), *parts, key=f"of-{measure}")


def level_table(found: Found, measure: str, path: str) -> Markup:
    """Return a measure at each value of a path, all else averaged, and its difference from the first value."""
    scale, digits = _scale(measure)
    rows = []
    first = at_level(found, path, found.levels(path)[0])
    for level in found.levels(path):
        there = at_level(found, path, level)
        same = there == first
        change = UNKNOWN if same else difference_cell(difference(found, measure, there, first), scale, digits)
        rows.append([value_text(level), cell(measure, estimate(found, measure, there)), change])
    unit = _unit(measure).strip()
    head = [path, f"Value ({unit})", "Less the first value, same replicates"]
    return table(head, rows, f"{measure} by {path}, everything else averaged")


def measure_picture(found: Found, measure: str) -> Markup:
    """Return a picture of a measure by the first axis: lines for few combinations of the rest, dots for many."""
    path = found.axes[0]
    levels = found.levels(path)
    scale = _scale(measure)[0]
    rest = sorted({label(found, k, path) for k in range(len(found.points))})
    lines = len(rest) <= MOST_LINES
    numeric = not any(isinstance(value, (str, bool)) for value in levels)

    def place(number: int) -> float:
        value = found.points[number][path]
        return float(value) if numeric else float(levels.index(value))

    def draw(axes: Axes) -> None:
        for k, name in enumerate(rest if lines else [""]):
            rows = [n for n in range(len(found.points)) if not lines or label(found, n, path) == name]
            rows = thinned(sorted(rows, key=place))
            values = [estimate(found, measure, [n]) for n in rows]
            low, high = (scale * np.nan_to_num([abs(getattr(e, end) - e.value) for e in values]) for end in ENDS)
            style: Any = {"color": COLOURS[k % 7], "marker": MARKS[k % 7], "linestyle": DASHES[k % 7] if lines else ""}
            spots, heights = [place(n) for n in rows], [scale * e.value for e in values]
            axes.errorbar(spots, heights, yerr=[low, high], markersize=4, linewidth=1.4, label=name, **style)
        if not numeric:
            axes.set_xticks(range(len(levels)), [value_text(value) for value in levels])
        axes.set_xlabel(path)
        axes.set_ylabel(_unit(measure).strip())
        if lines and len(rest) > 1:
            legend_below(axes, 1)

    return picture(draw, capital(measure.replace("_", " ")), told(found, measure))


def thinned(rows: list[int]) -> list[int]:
    """Return some of many points, evenly picked."""
    if len(rows) <= MOST_DOTS:
        return rows
    return [rows[round(k)] for k in np.linspace(0, len(rows) - 1, MOST_DOTS)]


def _scale(measure: str) -> tuple[float, int]:
    """Return how a measure is written: shares and scales of a hundred, all else as it is."""
    return (100.0, 1) if INFORMATION[measure].unit in ("share", "yes/no", "0-1") else (1.0, 1)


def _unit(measure: str) -> str:
    unit = INFORMATION[measure].unit
    return {"share": " of 100", "yes/no": " of 100", "0-1": " points of 100"}.get(unit, f" {unit}")
