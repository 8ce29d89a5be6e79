"""The pictures of a search for a tipping point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mhsim.report.by_axis import INFORMATION
from mhsim.report.figures import BLUE, COLOURS, DASHES, GREY, INK, MARKS, ORDERED, RED, SKY, legend_below, picture
from mhsim.report.formatting import capital, value_text
from mhsim.report.html import Markup
from mhsim.report.tipping.wording import Row, band, worth

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_CURVES = 5
Numbers = NDArray[np.float64]


def column(rows: list[Row], name: str, scale: float = 1.0) -> Numbers:
    """Return a column as numbers; NaN where it is empty."""
    return np.array([np.nan if row[name] is None else scale * float(row[name]) for row in rows])


def bars(axes: Axes, rows: list[Row], name: str, scale: float, **style: Any) -> None:
    """Draw values with their intervals."""
    value, low, high = (column(rows, key, scale) for key in (name, "low", "high"))
    reach = np.nan_to_num(np.maximum(0.0, np.stack([value - low, high - value])))
    axes.errorbar(column(rows, "value"), value, yerr=reach, markersize=4.5, **style)


def finish(axes: Axes, study: dict[str, Any], ylabel: str, columns: int = 2) -> None:
    """Name the axes, put values on the scale of the study, and the legend below."""
    if study["scale"] == "log":
        axes.set_xscale("log")
    axes.set_xlabel(str(study["path"]))
    axes.set_ylabel(ylabel)
    if axes.get_legend_handles_labels()[0]:
        legend_below(axes, columns)


def unit_of(measure: str) -> str:
    """Return what the vertical axis counts."""
    return "of 100 groups" if worth(measure)[0] == 100 else INFORMATION[measure].unit


def outcome_picture(study: dict[str, Any], along: list[Row], best: Row | None) -> Markup:
    """Return the outcome by value, both fits, the level, and the critical value with its range."""
    scale, digits = worth(study["outcome"])

    def draw(axes: Axes) -> None:
        values = column(along, "value")
        if best is not None and best["side"] == "crosses":
            axes.axvspan(
                best["low"], best["high"], color=SKY, alpha=0.25, linewidth=0, label="range of the critical value"
            )
            axes.axvline(best["critical"], color=BLUE, linewidth=1.6, linestyle=DASHES[1], label="critical value")
        axes.axhline(scale * study["level"], color=GREY, linewidth=1.2, linestyle=DASHES[2], label="level")
        bars(axes, along, "mean", scale, color=INK, marker="o", linestyle="", linewidth=1.0, label="runs")
        for name, colour, dash in (("logistic", RED, "-"), ("staircase", COLOURS[2], DASHES[1])):
            fit = column(along, name, scale)
            if not np.isnan(fit).all():
                axes.plot(values, fit, color=colour, linestyle=dash, linewidth=1.7, label=name)
        if scale == 100:
            axes.set_ylim(0, 104)
        finish(axes, study, unit_of(study["outcome"]), 3)

    told = "; ".join(f"{value_text(row['value'])}: {band(row, 'mean', digits, scale)}" for row in along)
    title = capital(str(study["outcome"]).replace("_", " "))
    return picture(draw, title, f"Value and outcome: {told}.", (7.2, 4.2))


def curves_picture(study: dict[str, Any], rows: list[Row], weeks: float) -> Markup:
    """Return survival curves at up to five values, spread from the lowest to the highest."""
    values = sorted({row["value"] for row in rows})
    chosen = [values[k] for k in sorted({round(k) for k in np.linspace(0, len(values) - 1, MOST_CURVES)})]
    ends = {value: [row for row in rows if row["value"] == value][-1]["open"] for value in chosen}

    def draw(axes: Axes) -> None:
        for k, value in enumerate(chosen):
            mine = [row for row in rows if row["value"] == value]
            age = np.append(column(mine, "week"), weeks) / 52
            share, low, high = (
                np.append(column(mine, name, 100), column(mine, name, 100)[-1]) for name in ("open", "low", "high")
            )
            style: Any = {"color": ORDERED[k % 5], "linestyle": DASHES[k % 5]}
            axes.step(age, share, where="post", linewidth=1.8, label=value_text(value), **style)
            axes.fill_between(age, low, high, step="post", color=style["color"], alpha=0.13, linewidth=0)
        axes.set_ylim(0, 104)
        axes.set_xlim(0, weeks / 52)
        finish(axes, {"scale": "linear", "path": "years"}, "still meeting, of 100 groups", 5)

    told = "; ".join(f"at {value_text(value)}: {100 * end:.0f} of 100" for value, end in ends.items())
    return picture(draw, f"Still meeting, by {study['path'].split('.')[-1]}", f"Left at the end: {told}.")


def reasons_picture(study: dict[str, Any], rows: list[Row], values: list[float]) -> Markup:
    """Return of a hundred groups those closed by the end for each reason, by value."""
    reasons = sorted({row["reason"] for row in rows})
    last = {(row["value"], row["reason"]): 100 * row["share"] for row in rows}

    def draw(axes: Axes) -> None:
        for k, reason in enumerate(reasons):
            heights = [last.get((value, reason), 0.0) for value in values]
            style: Any = {"color": COLOURS[k % 7], "linestyle": DASHES[k % 7], "marker": MARKS[k % 7]}
            axes.plot(values, heights, markersize=4, linewidth=1.5, label=reason.replace("_", " "), **style)
        axes.set_ylim(bottom=0)
        finish(axes, study, "closed by the end, of 100 groups", 2)

    told = "; ".join(
        f"{reason.replace('_', ' ')}: {last.get((values[0], reason), 0.0):.0f} of 100 at {value_text(values[0])}, "
        f"{last.get((values[-1], reason), 0.0):.0f} at {value_text(values[-1])}"
        for reason in reasons
    )
    return picture(draw, "Why groups had closed", f"{told}.")


def starts_picture(study: dict[str, Any], rows: list[Row]) -> Markup:
    """Return the difference between both starts by value, with its interval, and both outcomes."""
    scale, digits = worth(study["outcome"])

    def draw(axes: Axes) -> None:
        values = column(rows, "value")
        for name, colour, mark in (("strong", BLUE, "s"), ("weak", RED, "v")):
            line: Any = {"color": colour, "marker": mark, "linewidth": 1.5, "label": f"{name} start"}
            axes.plot(values, column(rows, name, scale), markersize=4.5, linestyle=DASHES[name == "weak"], **line)
        bars(axes, rows, "difference", scale, color=INK, marker="o", linestyle="", linewidth=1.0, label="difference")
        axes.axhline(0.0, color=GREY, linewidth=1.0)
        finish(axes, study, unit_of(study["outcome"]), 3)

    told = "; ".join(f"{value_text(row['value'])}: {band(row, 'difference', digits, scale)}" for row in rows)
    return picture(draw, "Strong and weak start", f"Value and difference, strong less weak: {told}.", (6.0, 3.8))


def reproduction_picture(study: dict[str, Any], rows: list[Row]) -> Markup:
    """Return the helper reproduction number by value, with the line at 1."""

    def draw(axes: Axes) -> None:
        bars(axes, rows, "mean", 1.0, color=BLUE, marker="o", linestyle="-", linewidth=1.2, label="mean of the runs")
        axes.axhline(1.0, color=GREY, linewidth=1.4, linestyle=DASHES[1], label="one helper for each")
        axes.set_ylim(bottom=0)
        finish(axes, study, "new helpers per helper", 2)

    told = "; ".join(f"{value_text(row['value'])}: {band(row, 'mean', 2)}" for row in rows)
    return picture(draw, "Helper reproduction number", f"Value and mean: {told}.", (6.0, 3.6))
