"""Colours of figures, written once for reports, the dashboard and Mesa's pictures.

The hues are those of Okabe and Ito (2008), which people with any kind of colour vision can tell apart; lines and marks
differ in dash and shape as well. Each colour has a lighter form for dark pages: a figure inside a page names the
colour as a CSS variable, and the page says what it is by day and by night.
"""

from __future__ import annotations

from typing import NamedTuple


class Hue(NamedTuple):
    """A colour: the name of its CSS variable, and its form on a light and on a dark ground."""

    name: str
    light: str
    dark: str


HUES = (
    Hue("blue", "#0072b2", "#6db7e8"),
    Hue("sky", "#56b4e9", "#9fd3f2"),
    Hue("green", "#00785a", "#3fc79d"),
    Hue("orange", "#e69f00", "#f0b84a"),
    Hue("red", "#c04a00", "#f08a4b"),
    Hue("pink", "#a8447e", "#e59ac4"),
    Hue("grey", "#8c959b", "#a9b4ba"),
)
BLUE, SKY, GREEN, ORANGE, RED, PINK, GREY = (hue.light for hue in HUES)
COLOURS = (BLUE, RED, GREEN, ORANGE, SKY, PINK, GREY)
"""For lines that have no order."""
ORDERED = (BLUE, SKY, GREEN, ORANGE, RED)
"""For lines from a low to a high value."""

STAGES = {"impact": (RED, "^"), "recoil": (BLUE, "s"), "accommodation": (GREEN, "o")}
"""Colour and mark of each stage of a person, in every picture; either alone tells them apart."""


def variables(dark: bool = False) -> str:
    """Return the declarations of the CSS variables of all colours, for light or for dark pages."""
    return "".join(f"--{hue.name}:{hue.dark if dark else hue.light};" for hue in HUES)


def with_variables(svg: str) -> str:
    """Return an SVG in which every colour of the palette is a CSS variable, with its light form where there is none."""
    for hue in HUES:
        svg = svg.replace(f": {hue.light}", f": var(--{hue.name}, {hue.light})")
    return svg
