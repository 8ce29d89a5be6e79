"""Why groups closed: the reason that closed them, and what else was the case when they did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mhsim.report.figures import BLUE, GREEN, GREY, ORANGE, PINK, RED, legend_below, picture
from mhsim.report.formatting import UNKNOWN, capital, hundred, joined
from mhsim.report.html import Markup, figures, note, paragraphs, section, table
from mhsim.report.turnover.layout import Layout, Way, per_cent, rate_rows, way_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

REASONS = {
    "low_attendance": "too few people at the meetings",
    "no_leader": "nobody to carry it",
    "no_longer_needed": "no longer needed",
    "conflict": "conflict",
    "money": "money or room",
}
CIRCUMSTANCES = {
    "low_attendance": "few people at the meetings",
    "no_leader": "nobody to carry it",
    "no_longer_needed": "hardly any newcomers",
    "conflict": "open conflict",
    "money": "no money left",
}
COLOURS = {"low_attendance": BLUE, "no_leader": RED, "no_longer_needed": GREEN, "conflict": PINK, "money": ORANGE}
HATCHES = {"low_attendance": "", "no_leader": "///", "no_longer_needed": "...", "conflict": "xxx", "money": "\\\\\\"}


def reasons_section(layout: Layout) -> Markup:
    """Return the section: why groups closed."""
    title = "Why groups closed"
    if not layout.found.has("closure_reasons"):
        return section(title, paragraphs("The reasons were not kept in this study."), key="reasons")
    pictures = [reasons_picture(layout, way) for way in layout.ways]
    caution = note(
        "What was the case when groups closed is evidence only in contrast with groups that were still meeting: a "
        "circumstance found at every closing may be just as common in groups that live on. That contrast is not part "
        "of this study. The reason is the one that closed the group in the model; several may have been at work."
    )
    return section(
        title,
        paragraphs(in_words(layout)),
        figures(pictures, "Of 100 groups: still meeting at the end, or closed, by the reason that closed them."),
        circumstances_table(layout),
        caution,
        key="reasons",
    )


def counted(reasons: NDArray[Any], closed: NDArray[np.float64]) -> dict[str, int]:
    """Return how many groups closed for each reason; those that closed without one are "unknown"."""
    found: dict[str, int] = {}
    for reason in reasons[closed == 1]:
        name = reason if reason in REASONS else "unknown"
        found[name] = found.get(name, 0) + 1
    return found


def in_words(layout: Layout) -> str:
    """Return the commonest reasons over all runs in the usual setting."""
    total: dict[str, int] = {}
    for way in layout.ways:
        reasons, closed = _along(layout, way)
        for name, number in counted(reasons, closed).items():
            total[name] = total.get(name, 0) + number
    number = sum(total.values())
    if number == 0:
        return "No group closed in any of the runs looked at here."
    order = sorted(total, key=lambda name: (-total[name], name))
    parts = [f"{hundred(total[name] / number)} of 100 for {_reason(name)}" for name in order]
    return f"Of the {number:,} groups that closed in the runs shown here, {joined(parts)}."


def _reason(name: str) -> str:
    return REASONS.get(name, "a reason that was not kept")


def _along(layout: Layout, way: Way) -> tuple[NDArray[Any], NDArray[np.float64]]:
    return layout.along(layout.found.texts("closure_reasons"), way), layout.matrix("closed", way)


def reasons_picture(layout: Layout, way: Way) -> str:
    """Return stacked bars, one per rate: still meeting, and each reason."""
    reasons, closed = _along(layout, way)
    counts = [counted(reasons[k], closed[k]) for k in range(len(layout.rates))]
    cases = [int((~np.isnan(row)).sum()) for row in closed]
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
        f"at {per_cent(rate)} " + (_counts_told(count) or "none closed")
        for rate, count in zip(layout.rates, counts, strict=True)
    )
    return picture(draw, capital(way_words(way)), f"Closings at each turnover: {telling}.", (4.7, 3.9))


def _counts_told(count: dict[str, int]) -> str:
    return ", ".join(f"{number} for {_reason(name)}" for name, number in sorted(count.items()))


def circumstances_table(layout: Layout) -> Markup:
    """Return how many of a hundred closed groups had each circumstance when they closed, all ways together."""
    if not layout.found.has("closure_circumstances"):
        return paragraphs("The circumstances at closing were not kept in this study.")
    texts = layout.found.texts("closure_circumstances")
    rows = []
    for k, rate in enumerate(rate_rows(layout.rates)):
        present = [
            set((text or "").split("+"))
            for way in layout.ways
            for text, closed in zip(layout.along(texts, way)[k], layout.matrix("closed", way)[k], strict=True)
            if closed == 1
        ]
        cells = [_of_hundred([name in found for found in present]) for name in CIRCUMSTANCES]
        rows.append([rate, f"{len(present):,}", *cells])
    head = ["Turnover a year", "Groups closed", *(capital(name) for name in CIRCUMSTANCES.values())]
    return table(head, rows, "Of 100 groups that closed, those in which this was the case (several may hold)")


def _of_hundred(flags: list[bool]) -> str:
    return hundred(sum(flags) / len(flags)) if flags else UNKNOWN
