"""A heat map as a real table: a number in every cell, with its colour from light to dark and a legend below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from math import isfinite

from mhsim.report.formatting import UNKNOWN

SHADES = 9
"""Shades of the scale; `browser/results.css` gives each its colour, and words that stand out from it."""


def heat(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[tuple[float, str, str]]],
    *,
    title: str,
    down: str,
    across: str,
    ends: tuple[float, float],
    written: Callable[[float], str],
    unit: str = "",
) -> str:
    """Return a heat map as an HTML table that can be read without colours.

    Parameters
    ----------
    rows, columns : sequence of str
        The values of the two axes, as they are written.
    cells : sequence of sequence of (float, str, str), shape (rows, columns)
        The value, NaN where there is none; it in words, and smaller beneath it its interval, a dash where it has none.
    title, down, across : str
        What it shows; what rows and columns are.
    ends : tuple of float
        The lowest and the highest value of the scale.
    written : callable
        How a value is written in the legend.
    unit : str
        Unit of the values, for the legend.
    """
    low, high = ends
    top = f'<td class="corner"></td><th class="across" scope="colgroup" colspan="{len(columns)}">{escape(across)}</th>'
    named = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    head = f'<tr>{top}</tr><tr><th class="down" scope="col">{escape(down)}</th>{named}</tr>'
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>' + "".join(_cell(*cell, ends) for cell in row) + "</tr>"
        for name, row in zip(rows, cells, strict=True)
    )
    inside = f"<caption>{escape(title)}</caption><thead>{head}</thead><tbody>{body}</tbody>"
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(title)}">'
        f'<table class="heat">{inside}</table></div>{_legend(low, high, written, unit)}'
    )


def shade_of(value: float, low: float, high: float) -> int:
    """Return the shade of a value between the lowest and the highest: 0 to 8."""
    if high <= low:
        return 0
    return min(SHADES - 1, int((value - low) / (high - low) * SHADES))


def _cell(value: float, number: str, interval: str, ends: tuple[float, float]) -> str:
    shade = shade_of(value, *ends) if isfinite(value) else "none"
    small = "" if interval == UNKNOWN else f"<small>{escape(interval)}</small>"
    return f'<td class="heat-{shade}">{escape(number)}{small}</td>'


def _legend(low: float, high: float, written: Callable[[float], str], unit: str) -> str:
    """Return the scale from the lowest to the highest value; hidden from screen readers, who have the numbers."""
    if high <= low:
        return ""
    swatches = "".join(f'<i class="heat-{shade}"></i>' for shade in range(SHADES))
    ends = f"<span>{escape(written(low))}</span>{swatches}<span>{escape(written(high))} {escape(unit)}</span>"
    return f'<p class="heat-legend" aria-hidden="true">{ends}</p>'
