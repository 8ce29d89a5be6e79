"""Ranked bars: what changes without each thing, and how an outcome is shared out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mhsim.report.figures import BLUE, GREY, INK, ORANGE, picture
from mhsim.report.html import Markup
from mhsim.report.intervals import Estimate
from mhsim.report.knockout.wording import amount, scale, unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Bar = tuple[str, Estimate]


def extent(bars: Sequence[Bar], measure: str) -> tuple[float, float]:
    """Return from where to where bars and their intervals reach, zero included, with a little room."""
    ends = [0.0, *(scale(measure) * end for _, found in bars for end in (found.value, found.low, found.high))]
    low, high = float(np.nanmin(ends)), float(np.nanmax(ends))
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room


def ranked_bars(bars: Sequence[Bar], measure: str, title: str, axis: str, reach: tuple[float, float]) -> Markup:
    """Return bars with their intervals below each other, filled where clear; nothing if no number is known.

    Parameters
    ----------
    bars : sequence of (str, Estimate)
        Names and numbers, in the order in which they are drawn from the top.
    measure : str
        What the numbers are of.
    title, axis : str
        What stands above the picture and below its axis.
    reach : tuple of float
        Ends of the axis, so that pictures beside each other agree.
    """
    known = [(name, found) for name, found in bars if found.known]
    if not known:
        return Markup("")

    def draw(axes: Axes) -> None:
        for place, (name, found) in enumerate(known):
            y, value = -float(place), scale(measure) * found.value
            colour = GREY if not found.clear else BLUE if found.value < 0 else ORANGE
            axes.barh(y, value, height=0.34, color=colour if found.clear else "none", edgecolor=colour, linewidth=1.2)
            if not np.isnan(found.low):
                axes.plot([scale(measure) * found.low, scale(measure) * found.high], [y, y], color=INK, linewidth=1.2)
            axes.text(0.01, y + 0.22, name, transform=axes.get_yaxis_transform(), va="bottom", fontsize=9)
        axes.axvline(0.0, color=INK, linewidth=0.8)
        axes.set_xlim(*reach)
        axes.set_ylim(-len(known) + 0.6, 0.75)
        axes.set_yticks([])
        axes.grid(visible=False, axis="y")
        axes.set_xlabel(f"{axis} ({unit(measure)})")

    telling = "; ".join(f"{name}: {amount(measure, found)}, {_sure(found)}" for name, found in known)
    return picture(draw, title, f"{telling}.", (4.7, 0.95 + 0.43 * len(known)))


def _sure(found: Estimate) -> str:
    return "clear" if found.clear else "not clear"
