"""What all pictures share: SVG elements as text, ticks at round numbers, how wide words are, two sizes of a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from math import ceil, floor, isfinite, log10

WIDE, NARROW = 640, 340
"""Widths for which pictures are drawn; a page shows the one that fits (`both`)."""
LETTER = 6.6
"""Mean width of a letter at the size of words in pictures, in units of a picture."""
BOLD = 8.0
"""The same in names, which are bold; wide enough for the widest of the usual fonts."""
LINE = 16.0
"""Height of a line of words."""


def element(name: str, inside: str = "", **attributes: object) -> str:
    """Return an SVG element; `class_` stands for class, underscores for hyphens, numbers are rounded to a tenth."""
    told = "".join(f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"' for key, value in attributes.items())
    return f"<{name}{told}>{inside}</{name}>" if inside else f"<{name}{told}/>"


def words(text: str, x: float, y: float, kind: str = "words", anchor: str = "start") -> str:
    """Return words at a place of a picture."""
    return element("text", escape(text), x=x, y=y, class_=kind, text_anchor=anchor)


def drawing(width: float, height: float, title: str, describe: str, inside: Sequence[str], kind: str) -> str:
    """Return a whole picture, with its title and its description in words."""
    told = element("title", escape(title)) + element("desc", escape(describe))
    return (
        f'<svg class="picture {kind}" role="img" viewBox="0 0 {width:g} {height:.1f}" '
        f'xmlns="http://www.w3.org/2000/svg">{told}{"".join(inside)}</svg>'
    )


def both(draw: Callable[[int], str]) -> str:
    """Return a picture in two sizes, of which the page shows the one that fits; `draw` takes the width."""
    parts = ((WIDE, "picture-wide"), (NARROW, "picture-narrow"))
    return "".join(f'<div class="{kind}">{draw(width)}</div>' for width, kind in parts)


def long(text: str, letter: float = LETTER) -> float:
    """Return about how wide words are."""
    return letter * len(text)


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Return round numbers from low to high, about so many."""
    if not (isfinite(low) and isfinite(high)) or high <= low:
        return [low]
    rough = (high - low) / max(1, about)
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(k * step, 10) for k in range(first, last + 1)]


def apart(places: Sequence[float], least: float, low: float, high: float) -> list[float]:
    """Return places moved as little as need be so that they lie at least so far from one another, within bounds."""
    order = sorted(range(len(places)), key=lambda k: (places[k], k))
    moved = [0.0] * len(places)
    above = low - least
    for k in order:
        above = moved[k] = max(places[k], above + least)
    below = high + least
    for k in reversed(order):
        below = moved[k] = min(moved[k], below - least)
    return moved


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return escape(str(value), quote=True)
