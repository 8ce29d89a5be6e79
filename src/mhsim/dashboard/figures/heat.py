"""A heat map as a real table: a number in every cell, with its colour from light to dark and a legend below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from math import isfinite

SHADES = 9
"""Shades of the scale; `browser/results.css` gives each its colour, and words that stand out from it."""


def heat(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float]],
    *,
    title: str,
    down: str,
    across: str,
    describe: Callable[[int, int], tuple[str, str]],
    written: Callable[[float], str],
    unit: str = "",
    ends: tuple[float, float] | None = None,
) -> str:
    """Return a heat map as an HTML table that can be read without colours.

    Parameters
    ----------
    rows, columns : sequence of str
        The values of the two axes, as they are written.
    values : sequence of sequence of float, shape (rows, columns)
        What is shown; NaN where there is nothing.
    title, down, across : str
        What it shows; what rows and columns are.
    describe : callable
        Gives for row and column what stands in the cell: the number, and smaller beneath it its interval.
    written : callable
        How a value is written in the legend.
    unit : str
        Unit of the values, for the legend.
    ends : tuple of float, optional
        The lowest and the highest value of the scale, for maps beside each other; those of this map unless given.
    """
    known = [value for row in values for value in row if isfinite(value)]
    low, high = ends or (min(known, default=0.0), max(known, default=0.0))
    head = [
        f'<td class="corner"></td><th class="across" scope="colgroup" colspan="{len(columns)}">{escape(across)}</th>'
    ]
    named = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    head.append(f'<th class="down" scope="col">{escape(down)}</th>{named}')
    body = [
        f'<th scope="row">{escape(name)}</th>'
        + "".join(_cell(values[i][j], describe(i, j), low, high) for j in range(len(columns)))
        for i, name in enumerate(rows)
    ]
    lines = "".join(f"<tr>{row}</tr>" for row in head)
    table = f"<caption>{escape(title)}</caption><thead>{lines}</thead><tbody>{_lines(body)}</tbody>"
    inside = f'<table class="heat">{table}</table>'
    scroll = f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(title, quote=True)}">{inside}</div>'
    return scroll + _legend(low, high, written, unit)


def shade_of(value: float, low: float, high: float) -> int:
    """Return the shade of a value between the lowest and the highest: 0 to 8."""
    if high <= low:
        return 0
    return min(SHADES - 1, int((value - low) / (high - low) * SHADES))


def _lines(rows: Sequence[str]) -> str:
    return "".join(f"<tr>{row}</tr>" for row in rows)


def _cell(value: float, told: tuple[str, str], low: float, high: float) -> str:
    number, beneath = told
    small = f"<small>{escape(beneath)}</small>" if beneath else ""
    if not isfinite(value):
        return f'<td class="heat-none">{escape(number)}{small}</td>'
    return f'<td class="heat-{shade_of(value, low, high)}">{escape(number)}{small}</td>'


def _legend(low: float, high: float, written: Callable[[float], str], unit: str) -> str:
    """Return the scale from the lowest to the highest value; hidden from screen readers, who have the numbers."""
    if high <= low:
        return ""
    swatches = "".join(f'<i class="heat-{shade}"></i>' for shade in range(SHADES))
    ends = f"<span>{escape(written(low))}</span>{swatches}<span>{escape(written(high))} {escape(unit)}</span>"
    return f'<p class="heat-legend" aria-hidden="true">{ends}</p>'
