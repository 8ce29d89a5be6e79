"""The page of any other sweep: each main measure by the first thing that varies, and survival where it can be shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mhsim.measures import MEASURES
from mhsim.report.certainty import certainty_section, no_results
from mhsim.report.drawing import COLOURS, DASHES, MARKS, legend_below, picture
from mhsim.report.found import Found, Value
from mhsim.report.intervals import Estimate, mean_of, paired, share_of
from mhsim.report.limits import limits_section
from mhsim.report.page import Markup, element, figures, folded, items, page, paragraphs, section, table, together
from mhsim.report.provenance import provenance_section
from mhsim.report.survival import curve, followed
from mhsim.report.turnover.lasting import curves
from mhsim.report.words import capital, difference_cell, duration, number_cell, share_cell, value_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MAIN = (
    "alive_at_end weeks_to_closure members_at_end helpers_at_end accommodated_at_52 hope_at_52 distress_at_52 "
    "retention_at_52 helper_reproduction helping_gini"
).split()
MOST_CURVES, MOST_LINES, MOST_ROWS = 8, 6, 60
INFORMATION = {measure.name: measure for measure in MEASURES}


def sweep_page(found: Found) -> str:
    """Return the page of a sweep as HTML."""
    title = str(found.study.get("title") or "A sweep")
    kicker = f"A simulation study of {found.done.size:,} runs"
    if not found.done.any():
        return page(title, kicker, no_results(found))
    measures = main_measures(found)
    question = " ".join(str(found.study.get("question") or "").split())
    parts = [
        answer(found, measures),
        section("The question", paragraphs(question), key="asked") if question else "",
        done_section(found),
        survival_section(found),
        *(measure_section(found, measure) for measure in measures),
        certainty_section(found),
        limits_section(found, found.axes),
        provenance_section(found),
    ]
    return page(title, kicker, parts)


def main_measures(found: Found) -> list[str]:
    """Return which measures are shown: the main ones watched, or else the first few that are numbers."""
    numbers = [name for name in found.columns if INFORMATION[name].kind != "text"]
    return [name for name in MAIN if name in numbers] or numbers[:6]


def estimate(found: Found, measure: str, rows: Sequence[int]) -> Estimate:
    """Return the mean or share of a measure over the runs of some points, each replicate counted once."""
    values = found.numbers(measure)[list(rows)]
    if INFORMATION[measure].kind == "yes_no" and len(rows) == 1:
        return share_of(values[0])
    there = ~np.isnan(values)
    cases = there.sum(axis=0)
    total = np.where(there, values, 0.0).sum(axis=0)
    return mean_of(np.divide(total, cases, out=np.full(total.shape, np.nan), where=cases > 0))


def at_level(found: Found, path: str, value: Value) -> list[int]:
    """Return the numbers of the points at which a path has a value."""
    return [number for number, point in enumerate(found.points) if point.get(path) == value]


def label(found: Found, number: int, without: str = "") -> str:
    """Return what a point varies, in a few words."""
    parts = [f"{path} = {value_text(found.points[number][path])}" for path in found.axes if path != without]
    return ", ".join(parts) or "all runs"


def answer(found: Found, measures: Sequence[str]) -> Markup:
    """Return the box with the short answer: each main measure from the first to the last value of the first axis."""
    texts = [told(found, measure) for measure in measures]
    inside = together([element("h2", "The short answer", id="answer"), items([text for text in texts if text])])
    return element("section", inside, class_="answer", aria_labelledby="answer")


def told(found: Found, measure: str) -> str:
    """Return in words whether a measure changes along the first axis; the mean if nothing varies."""
    what = capital(INFORMATION[measure].meaning)
    if not found.axes:
        return f"{what}: {cell(measure, estimate(found, measure, range(len(found.points))))}."
    path = found.axes[0]
    levels = found.levels(path)
    change = difference(found, measure, path, levels[-1])
    ends = f"{path} from {value_text(levels[0])} to {value_text(levels[-1])}"
    if not change.known:
        return f"{what}: there are no runs to compare ({ends})."
    verb = "rises" if change.rises else "falls" if change.falls else "does not clearly change"
    scale, digits = _scale(measure)
    return f"{what}: {verb} with {ends}, by {difference_cell(change, scale, digits).removesuffix(' clear')}{_unit(measure)}."


def difference(found: Found, measure: str, path: str, value: Value) -> Estimate:
    """Return a measure at one value of a path less the same replicates at the first value; other axes averaged."""
    first, there = (at_level(found, path, level) for level in (found.levels(path)[0], value))
    values = found.numbers(measure)
    means = []
    for rows in (there, first):
        known = ~np.isnan(values[rows])
        cases = known.sum(axis=0)
        total = np.where(known, values[rows], 0.0).sum(axis=0)
        means.append(np.divide(total, cases, out=np.full(total.shape, np.nan), where=cases > 0))
    most = 1.0 if INFORMATION[measure].kind == "yes_no" else None
    return paired((means[0] - means[1])[None, :], most)[0]


def _scale(measure: str) -> tuple[float, int]:
    """Return how a measure is written: shares and scales of a hundred, all else as it is."""
    return (100.0, 1) if INFORMATION[measure].unit in ("share", "yes/no", "0-1") else (1.0, 1)


def _unit(measure: str) -> str:
    unit = INFORMATION[measure].unit
    return {"share": " of 100", "yes/no": " of 100", "0-1": " points of 100"}.get(unit, f" {unit}")


def cell(measure: str, found: Estimate) -> str:
    """Return an estimate of a measure as a cell."""
    return share_cell(found) if INFORMATION[measure].kind == "yes_no" else number_cell(found, *_scale(measure))


def done_section(found: Found) -> Markup:
    """Return the section: what was done."""
    replicates = found.done.shape[1]
    text = (
        f"The scenario “{found.base_name}” was run for {duration(found.weeks)}, {found.done.size:,} times: at "
        f"{len(found.points):,} combinations of what varied, {replicates:,} times each; the same luck at all of them."
    )
    rows = [[path, _levels(found, path)] for path in found.axes]
    varied = table(["What", "Values"], rows, "What varied") if rows else paragraphs("Nothing was varied.")
    return section("What was done", paragraphs(text), varied, key="done")


def _levels(found: Found, path: str) -> str:
    levels = found.levels(path)
    if len(levels) > 12:
        return f"{len(levels)} values from {value_text(levels[0])} to {value_text(levels[-1])}"
    return ", ".join(value_text(value) for value in levels)


def survival_section(found: Found) -> Markup:
    """Return the section of survival curves; nothing if they were not kept or there are too many points."""
    if not found.has("weeks_to_closure", "closed") or len(found.points) > MOST_CURVES:
        return Markup("")
    weeks, closed = found.numbers("weeks_to_closure"), found.numbers("closed")
    lines = [(label(found, k), curve(weeks[k], closed[k])) for k in range(len(found.points))]
    telling = "; ".join(f"{name}: {100 * line.share[-1]:.0f} of 100 left" for name, line in lines if line is not None)
    drawn = curves(lines, "Groups still meeting", f"At the end, {telling}.", followed(found), 1)
    return section(
        "How long groups lasted", figures([drawn], "Of 100 groups; the bands show the range of chance."), key="lasting"
    )


def measure_section(found: Found, measure: str) -> Markup:
    """Return the section of one measure: a picture and a table by the first axis, and all points if they are few."""
    information = INFORMATION[measure]
    parts: list[str] = [paragraphs(f"{capital(information.meaning)}; unit: {information.unit}.")]
    if found.axes:
        path = found.axes[0]
        levels = found.levels(path)
        parts.append(figures([measure_picture(found, measure)], f"By {path}; bars or dots as in the table."))
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
    for level in found.levels(path):
        now = cell(measure, estimate(found, measure, at_level(found, path, level)))
        rows.append([value_text(level), now, difference_cell(difference(found, measure, path, level), scale, digits)])
    unit = _unit(measure).strip()
    head = [path, f"Value ({unit})", "Less the first value, same replicates"]
    return table(head, rows, f"{measure} by {path}, everything else averaged")


def measure_picture(found: Found, measure: str) -> str:
    """Return a picture of a measure by the first axis: lines for few combinations of the rest, dots for many."""
    path = found.axes[0]
    levels = found.levels(path)
    scale = _scale(measure)[0]
    rest = sorted({label(found, k, path) for k in range(len(found.points))})
    numeric = not any(isinstance(value, (str, bool)) for value in levels)

    def place(value: Value) -> float:
        return float(value) if numeric else float(levels.index(value))

    def draw(axes: Axes) -> None:
        lines = len(rest) <= MOST_LINES and len(levels) > 1
        for k, name in enumerate(rest if lines else [""]):
            rows = [n for n in range(len(found.points)) if not lines or label(found, n, path) == name]
            rows.sort(key=lambda n: place(found.points[n][path]))
            values = [estimate(found, measure, [n]) for n in rows]
            x, y = [place(found.points[n][path]) for n in rows], [scale * each.value for each in values]
            reach = [
                [scale * max(0.0, a) for a in np.nan_to_num([each.value - each.low for each in values])],
                [scale * max(0.0, a) for a in np.nan_to_num([each.high - each.value for each in values])],
            ]
            style = {"color": COLOURS[k % 7], "marker": MARKS[k % 7], "linestyle": DASHES[k % 7] if lines else "none"}
            axes.errorbar(x, y, yerr=reach, markersize=4, linewidth=1.4, elinewidth=0.8, label=name, **style)
        if not numeric:
            axes.set_xticks(range(len(levels)), [value_text(value) for value in levels])
        axes.set_xlabel(path)
        axes.set_ylabel(_unit(measure).strip())
        if lines and len(rest) > 1:
            legend_below(axes, 1)

    return picture(draw, capital(measure.replace("_", " ")), told(found, measure))
