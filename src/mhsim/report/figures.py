"""Pictures: Matplotlib draws, the page gets an inline SVG that has words, follows its colours and needs nothing else.

Colours are those of Okabe and Ito, which people with any kind of colour vision tell apart; lines differ in their
dashes and marks too. The ink of axes and words is that of the page, so a picture is right by day, by night and on
paper.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from html import escape
from io import StringIO
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from mhsim.report.html import Markup

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, SKY, GREEN, ORANGE, RED, PINK, GREY = (
    "#0072B2",
    "#56B4E9",
    "#009E73",
    "#E69F00",
    "#D55E00",
    "#CC79A7",
    "#8c959b",
)
ORDERED = (BLUE, SKY, GREEN, ORANGE, RED)
COLOURS = (BLUE, RED, GREEN, ORANGE, SKY, PINK, GREY)
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (5, 1, 1, 1)), (0, (8, 2)), "-", "-")
MARKS = ("o", "s", "^", "D", "v", "P", "X")
INK, RULE = "#010203", "#0a0b0c"
"""Stand-ins that become the ink and the rules of the page."""

DRAWING = Lock()
"""Matplotlib's settings are shared by all threads, so one picture is drawn at a time."""

SETTINGS: dict[str, Any] = {
    "svg.fonttype": "none",
    "font.family": ["DejaVu Sans"],
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "path.simplify": True,
}


class Plate(NamedTuple):
    """What a picture is made of, so that it can be drawn again in another format; size in inches."""

    draw: Callable[[Axes], None]
    title: str
    size: tuple[float, float]


_KEPT: ContextVar[list[Plate] | None] = ContextVar("kept plates", default=None)


@contextmanager
def kept_plates() -> Iterator[list[Plate]]:
    """Keep what the pictures made within this block are made of, in order."""
    plates: list[Plate] = []
    token = _KEPT.set(plates)
    try:
        yield plates
    finally:
        _KEPT.reset(token)


def picture(draw: Callable[[Axes], None], title: str, telling: str, size: tuple[float, float] = (4.7, 3.4)) -> Markup:
    """Return an inline SVG of one pair of axes.

    Parameters
    ----------
    draw : callable
        Draws into the axes.
    title : str
        Stands above the picture.
    telling : str
        What is to be seen, for readers who cannot see it.
    size : tuple of float
        Width and height in inches.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    kept = _KEPT.get()
    if kept is not None:
        kept.append(Plate(draw, title, size))
    settings: Any = {**SETTINGS, "svg.hashsalt": f"{title}|{telling}"}
    with DRAWING, rc_context(settings):
        figure = Figure(figsize=size)
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        draw(axes)
        axes.set_title(title)
        place(figure, axes)
        text = StringIO()
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None})
    return cleaned(text.getvalue(), title, telling)


def cleaned(svg: str, title: str, telling: str) -> Markup:
    """Return an SVG fit for a page: no preamble, short numbers, the page's colours, only the ids that are used."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.S)
    svg = re.sub(r"<style .*?</style>", "", svg, flags=re.S)
    svg = re.sub(r"(\d+\.\d\d)\d+", r"\1", svg)
    svg = svg.replace(INK, "currentColor").replace(RULE, "var(--rule)")
    svg = svg.replace("font-family: 'DejaVu Sans'", "font-family: 'DejaVu Sans', Verdana, Arial, sans-serif")
    used = set(re.findall(r"#([\w-]+)", svg))
    svg = re.sub(r' id="([^"]+)"', lambda found: found.group(0) if found.group(1) in used else "", svg)
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    words = f"<title>{escape(title)}</title>"
    head, rest = svg.split(">", 1)
    return Markup(f'{head} role="img" aria-label="{escape(f"{title}. {telling}", quote=True)}">{words}{rest}')


def legend_below(axes: Axes, columns: int = 2) -> None:
    """Put the legend below the picture, where it covers nothing."""
    figure = axes.figure
    axes.legend(
        loc="lower center",
        bbox_to_anchor=(0.52, 0.0),
        bbox_transform=figure.transFigure,
        ncols=columns,
        handlelength=2.6,
        borderaxespad=0.1,
    )


def place(figure: Figure, axes: Axes) -> None:
    """Give the axes the room that labels and legend leave; all in inches, so that pictures beside each other agree."""
    wide, high = figure.get_size_inches()
    legend = axes.get_legend()
    below = 0.0 if legend is None else legend.get_window_extent().height / figure.dpi
    figure.subplots_adjust(0.68 / wide, (0.5 + below) / high, 1.0 - 0.1 / wide, 1.0 - 0.3 / high)
