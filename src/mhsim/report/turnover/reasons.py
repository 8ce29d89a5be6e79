"""Why groups closed: the reason that closed them, and what else was the case when they did."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from mhsim.palette import BLUE, GREEN, GREY, ORANGE, PINK, RED
from mhsim.report.figures import legend_below, picture
from mhsim.report.formatting import CIRCUMSTANCES, REASONS, UNKNOWN, capital, hundred, joined
from mhsim.report.html import figures, note, paragraphs, section
from mhsim.report.turnover.conditions import Layout, Way, heading, per_cent
from mhsim.stats import Numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

UNKNOWN_REASON = "a reason that was not recorded"
CAUTION = (
    "What was the case when groups closed is evidence only in contrast with groups that were still meeting: a "
    "circumstance found at every closing may be just as common in groups that live on. That contrast is not part of "
    "this study. The reason is the one that closed the group in the model; several may have been at work."
)
COLOURS = {"low_attendance": BLUE, "no_leader": RED, "no_longer_needed": GREEN, "conflict": PINK, "money": ORANGE}
HATCHES = {"low_attendance": "", "no_leader": "///", "no_longer_needed": "...", "conflict": "xxx", "money": "\\\\\\"}


def reasons_section(layout: Layout) -> Markup:
    """Return the section: why groups closed."""
    title = "Why groups closed"
    if not layout.data.has("closure_reasons"):
        return section(title, paragraphs("The reasons were not recorded in this study."), key="reasons")
    drawn = figures(
        [_reasons_figure(layout, way) for way in layout.ways],
        "Of 100 groups: still meeting at the end, or closed, by the reason that closed them.",
    )
    return section(title, paragraphs(in_words(layout)), drawn, _circumstances(layout), note(CAUTION), key="reasons")


def reasons_of(layout: Layout, way: Way) -> tuple[list[Counter[str]], list[int]]:
    """Return how many groups closed for each reason at each rate, and how many groups there were."""
    reasons = layout.along(layout.data.texts("closure_reasons"), way)
    closed: Numbers = layout.matrix("closed", way)
    counts = [
        Counter(reason if reason in REASONS else "unknown" for reason in row[there == 1])
        for row, there in zip(reasons, closed, strict=True)
    ]
    return counts, [int((~np.isnan(row)).sum()) for row in closed]


def in_words(layout: Layout) -> str:
    """Return the commonest reasons over all runs of the ways shown."""
    total: Counter[str] = Counter()
    for way in layout.ways:
        total.update(sum(reasons_of(layout, way)[0], Counter()))
    number = sum(total.values())
    if number == 0:
        return "No group closed in any of the runs looked at here."
    order = sorted(total, key=lambda name: (-total[name], name))
    parts = [f"{hundred(total[name] / number)} of 100 for {_reason(name)}" for name in order]
    return f"Of the {number:,} groups that closed in the runs shown here, {joined(parts)}."


def _reason(name: str) -> str:
    return REASONS.get(name, UNKNOWN_REASON)


def _reasons_figure(layout: Layout, way: Way) -> Markup:
    """Return stacked bars, one per rate: still meeting, and each reason."""
    counts, cases = reasons_of(layout, way)
    names = [name for name in (*REASONS, "unknown") if any(count.get(name) for count in counts)]

    def draw(axes: Axes) -> None:
        left = np.zeros(len(cases))
        places = np.arange(len(cases))
        parts = [("still meeting", [n - sum(c.values()) for n, c in zip(cases, counts, strict=True)], GREY, "")]
        parts += [
            (_reason(name), [count.get(name, 0) for count in counts], COLOURS.get(name, GREY), HATCHES.get(name, "--"))
            for name in names
        ]
        for k, (label, numbers, colour, hatch) in enumerate(parts):
            wide = 100.0 * np.array(numbers) / np.maximum(cases, 1)
            fade = 0.35 if k == 0 else 1.0
            style: Any = {"facecolor": colour, "alpha": fade, "hatch": hatch, "edgecolor": "#ffffff", "linewidth": 0.3}
            axes.barh(places, wide, left=left, label=label, height=0.78, **style)
            left = left + wide
        axes.set_yticks(places, [per_cent(rate) for rate in layout.rates])
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        axes.set_xlim(0, 100)
        axes.set_xlabel("of 100 groups")
        axes.set_ylabel("turnover a year")
        legend_below(axes)

    telling = "; ".join(
        f"at {per_cent(rate)} " + (", ".join(f"{count[name]} for {_reason(name)}" for name in sorted(count)) or "none")
        for rate, count in zip(layout.rates, counts, strict=True)
    )
    return picture(draw, heading(way), f"Closings at each turnover: {telling}.", (4.7, 3.9))


def _circumstances(layout: Layout) -> Markup:
    """Return how many of a hundred closed groups had each circumstance when they closed, all ways together."""
    if not layout.data.has("closure_circumstances"):
        return paragraphs("The circumstances at closing were not recorded in this study.")
    texts, closed = layout.data.texts("closure_circumstances"), layout.data.numbers("closed")
    present: list[list[set[str]]] = [[] for _ in layout.rates]
    for way in layout.ways:
        for k, (row, there) in enumerate(zip(layout.along(texts, way), layout.along(closed, way), strict=True)):
            present[k] += [set((text or "").split("+")) for text in row[there == 1]]
    columns = {"Groups closed": [f"{len(found):,}" for found in present]}
    columns |= {capital(words): [_share(name, found) for found in present] for name, words in CIRCUMSTANCES.items()}
    return layout.table(columns, "Of 100 groups that closed, those in which this was the case (several may hold)")


def _share(name: str, found: list[set[str]]) -> str:
    return hundred(sum(name in one for one in found) / len(found)) if found else UNKNOWN
