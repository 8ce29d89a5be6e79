"""Bars that lie: a row for each thing, one or two bars in it, each with its value in words at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from textwrap import wrap

from mhsim.dashboard.figures.canvas import BOLD, LINE, WIDE, drawing, element, long, words

THICK = 14.0


@dataclass(frozen=True)
class Row:
    """One row of bars.

    Attributes
    ----------
    label : str
        What it is.
    values : tuple of float
        One for each series; no bar where it is not a finite number.
    texts : tuple of str
        The values in words, such as "41 of 100".
    """

    label: str
    values: tuple[float, ...]
    texts: tuple[str, ...]


def bars(
    rows: Sequence[Row],
    series: Sequence[str],
    *,
    title: str,
    describe: str,
    top: float | None = None,
    width: int = WIDE,
) -> str:
    """Return a picture of lying bars as inline SVG.

    Parameters
    ----------
    rows : sequence of Row
        What is drawn, from top to bottom.
    series : sequence of str
        The names of one or two series, such as "A" and "B"; they stand before the bars. The first is filled, the second
        hollow.
    title, describe : str
        What the picture is, and what it shows, in words.
    top : float, optional
        The value of the longest bar possible; None for the largest there is.
    width : int
        The width it is drawn for; under 480 labels stand above their bars. See `canvas.both`.
    """
    wide = width >= 480
    beside = min(0.4 * width, max((long(row.label, BOLD) for row in rows), default=0.0) + 14.0) if wide else 0.0
    before = beside + (max((long(name) for name in series), default=0.0) + 10.0 if len(series) > 1 else 0.0)
    after = max((long(text) for row in rows for text in row.texts), default=0.0) + 12.0
    largest = top or max((value for row in rows for value in row.values if isfinite(value)), default=0.0) or 1.0
    inside, y = [], 6.0
    for row in rows:
        letters = max(1, int((beside - 10.0) / BOLD))
        lines = wrap(row.label, letters, break_long_words=False, break_on_hyphens=False) if wide else []
        lines = lines or [row.label]
        block = max(len(series) * (THICK + 3.0), len(lines) * LINE if wide else 0.0)
        for k, line in enumerate(lines):
            inside.append(words(line, 0.0, y + 11.0 + k * LINE, "words name"))
        y += 0.0 if wide else LINE + 2.0
        for k, name in enumerate(series):
            inside.append(_bar(row, k, name if len(series) > 1 else "", (beside, before, width - after), y, largest))
        y += block + 10.0
    return drawing(width, y, title, describe, inside, "bars")


def _bar(row: Row, k: int, name: str, across: tuple[float, float, float], y: float, largest: float) -> str:
    beside, before, right = across
    y += k * (THICK + 3.0)
    value = row.values[k]
    reach = max(0.0, (right - before) * min(value / largest, 1.0)) if isfinite(value) else 0.0
    parts = [words(name, beside, y + 11.0, "words tick")] if name else []
    parts.append(element("line", x1=before, x2=before, y1=y - 1.0, y2=y + THICK + 1.0, class_="axis-line"))
    if reach > 0:
        kind = f"bar look-{k}"
        parts.append(element("rect", x=before, y=y, width=max(reach, 1.5), height=THICK, class_=kind))
    parts.append(words(row.texts[k], before + reach + 7.0, y + 11.0, "words tick"))
    return "".join(parts)
