"""Figures: Matplotlib draws, the page gets an inline SVG that has words, follows its colours and needs nothing else.

Colours are those of `mhsim.palette`, written as CSS variables, and the ink of axes and words is that of the page, so a
figure is right by day, by night and on paper. Text is drawn as it is written: a dollar sign begins no formula.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from io import StringIO
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from markupsafe import Markup

from mhsim.palette import BLUE, COLOURS, GREY, ORANGE, ORDERED, RED, with_variables
from mhsim.report.formatting import Scale, ends, hundred, plain, why
from mhsim.report.html import NOTHING
from mhsim.stats import Curve, Estimate, Numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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
    "text.parse_math": False,
}


@contextmanager
def drawing(settings: Any) -> Iterator[None]:
    """Draw with these settings, one thread at a time; signs that the font lacks are left to the reader's fonts."""
    from matplotlib import rc_context

    with DRAWING, rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="(?s)Glyph .* missing from")
        yield


class FigureSpec(NamedTuple):
    """A figure as what draws it, its title and its size in inches, so that it can be drawn in another format."""

    draw: Callable[[Axes], None]
    title: str
    size: tuple[float, float]


_KEPT: ContextVar[list[FigureSpec] | None] = ContextVar("kept figure specs", default=None)


@contextmanager
def kept_specs() -> Iterator[list[FigureSpec]]:
    """Collect the specs of the figures drawn within this block, in order."""
    specs: list[FigureSpec] = []
    token = _KEPT.set(specs)
    try:
        yield specs
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
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    kept = _KEPT.get()
    if kept is not None:
        kept.append(FigureSpec(draw, title, size))
    settings: Any = {**SETTINGS, "svg.hashsalt": f"{title}|{telling}"}
    with drawing(settings):
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
    svg = with_variables(svg.replace(INK, "currentColor").replace(RULE, "var(--rule)"))
    svg = svg.replace("font-family: 'DejaVu Sans'", "font-family: 'DejaVu Sans', Verdana, Arial, sans-serif")
    used = set(re.findall(r"#([\w-]+)", svg))
    svg = re.sub(r' id="([^"]+)"', lambda found: found.group(0) if found.group(1) in used else "", svg)
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    head, rest = svg.split(">", 1)
    described = Markup(' role="img" aria-label="{0}. {1}"><title>{0}</title>').format(title, telling)
    return Markup(head) + described + Markup(rest)


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


class Line(NamedTuple):
    """Estimates along an axis: what the line is called, where they lie, and the estimates."""

    label: str
    places: Sequence[float]
    estimates: Sequence[Estimate]


def estimates_figure(
    lines: Sequence[Line],
    title: str,
    telling: str,
    scale: Scale,
    xlabel: str,
    *,
    ylabel: str = "",
    ticks: Sequence[str] = (),
    limits: tuple[float, float] | None = None,
    joined: bool = True,
    log: bool = False,
    further: Callable[[Axes], object] | None = None,
    size: tuple[float, float] = (4.7, 3.4),
) -> Markup:
    """Return estimates along an axis with bars for their intervals, a line each.

    Parameters
    ----------
    lines : sequence of Line
        One without a label gets no entry in the legend.
    title, telling : str
        What stands above, and what is to be seen for readers who cannot see it.
    scale : Scale
        How the numbers are written.
    xlabel, ylabel : str
        Names of the axes; the unit of the scale if the second is not given.
    ticks : sequence of str
        What stands at the places 0, 1, 2 and so on, for an axis that is no number.
    limits : tuple of float, optional
        Ends of the vertical axis.
    joined : bool
        Whether points are joined by lines.
    log : bool
        Whether the horizontal axis is logarithmic.
    further : callable, optional
        Draws more into the same axes, beneath.
    size : tuple of float
        Width and height in inches.
    """

    def draw(axes: Axes) -> None:
        if further is not None:
            further(axes)
        for k, line in enumerate(lines):
            values, low, high = (
                np.array([scale.factor * getattr(one, edge) for one in line.estimates])
                for edge in ("value", "low", "high")
            )
            shift = 0.12 * (k - (len(lines) - 1) / 2) if ticks else 0.0
            reach = np.nan_to_num(np.maximum(0.0, np.stack([values - low, high - values])))
            style: Any = {"color": COLOURS[k % 7], "marker": MARKS[k % 7], "linestyle": DASHES[k % 7] if joined else ""}
            spots = np.asarray(line.places, dtype=float) + shift
            banded = draw_knowledge(axes, spots, line.estimates, scale, COLOURS[k % 7], joined and not ticks)
            label = line.label or ("as shipped; bar: chance" if banded else None)
            axes.errorbar(spots, values, yerr=reach, label=label, markersize=4.5, linewidth=1.5, **style)
        if ticks:
            axes.set_xticks(range(len(ticks)), list(ticks))
        if log:
            axes.set_xscale("log")
        if limits:
            axes.set_ylim(*limits)
        axes.set_xlabel(xlabel)
        axes.set_ylabel(ylabel or scale.unit)
        names = axes.get_legend_handles_labels()[1]
        if len(names) > 1:
            legend_below(axes, 1 if max(map(len, names)) > 24 else 2)

    return picture(draw, title, telling, size)


VALUES = "pale: values not known"
"""What the paler band is called in a legend."""


def draw_knowledge(
    axes: Axes, places: Numbers, estimates: Sequence[Estimate], scale: Scale, colour: str, filled: bool
) -> bool:
    """Draw a paler band of what is not known behind estimates, or a bar behind each; return whether there are any.

    Parameters
    ----------
    axes : Axes
        Drawn into.
    places : array
        Where the estimates lie.
    estimates : sequence of Estimate
        Those without draws get nothing.
    scale : Scale
        How the numbers are written.
    colour : str
        That of the estimates.
    filled : bool
        Whether the bars are one band from place to place.
    """
    known = [(place, one.knowledge) for place, one in zip(places, estimates, strict=True) if one.knowledge is not None]
    if not known:
        return False
    spots = np.array([place for place, _ in known])
    low, high = (scale.factor * np.array([getattr(one, edge) for _, one in known]) for edge in ("low", "high"))
    label = None if VALUES in axes.get_legend_handles_labels()[1] else VALUES
    look: Any = {"color": colour, "label": label}
    if filled and len(known) > 1:
        axes.fill_between(spots, low, high, alpha=0.18, linewidth=0, **look)
    else:
        axes.vlines(spots, low, high, alpha=0.28, linewidth=7, **look)
    return True


def lines_picture(years: Numbers, lines: list[tuple[str, Numbers]], title: str, ylabel: str) -> str:
    """Return a picture of weekly series, smoothed over eight weeks."""
    smoothed = [(label, _smoothed(values)) for label, values in lines]

    def draw(axes: Axes) -> None:
        for k, (label, values) in enumerate(smoothed):
            dash = DASHES[(k + k // len(COLOURS)) % len(DASHES)]
            axes.plot(years, values, color=COLOURS[k % len(COLOURS)], linestyle=dash, linewidth=1.6, label=label)
        axes.set_xlabel("years")
        axes.set_ylabel(ylabel)
        axes.set_ylim(bottom=0)
        legend_below(axes, 2 if len(lines) < 5 else 3)

    ends = "; ".join(f"{label}: {_ends(values)}" for label, values in smoothed)
    return picture(draw, title, f"First and last: {ends}.")


def stacked_picture(years: Numbers, parts: Sequence[tuple[str, Numbers]], title: str, ylabel: str) -> Markup:
    """Return a picture of weekly series that stand on one another, the first at the bottom; the upper edge is all."""
    edges = np.cumsum([np.zeros(len(years)), *(values for _, values in parts)], axis=0)

    def draw(axes: Axes) -> None:
        for k, (label, _) in reversed(list(enumerate(parts))):
            style: Any = {"color": COLOURS[k % len(COLOURS)]}
            axes.fill_between(years, edges[k], edges[k + 1], step="post", alpha=0.35, linewidth=0, **style)
            dash = DASHES[(k + k // len(COLOURS)) % len(DASHES)]
            axes.step(years, edges[k + 1], where="post", linestyle=dash, linewidth=1.6, label=label, **style)
        axes.set_xlabel("years")
        axes.set_ylabel(ylabel)
        axes.set_ylim(bottom=0)
        legend_below(axes, 2 if len(parts) < 5 else 3)

    ends = "; ".join(f"{label}: {_ends(values)}" for label, values in reversed(parts))
    return picture(draw, title, f"First and last, from the top: {ends}.")


def _smoothed(values: Numbers, width: int = 8) -> Numbers:
    """Return the mean of the last weeks at each week, weeks without a value left out."""
    there = ~np.isnan(values)
    totals = np.convolve(np.where(there, values, 0.0), np.ones(width))[: len(values)]
    cases = np.convolve(there.astype(float), np.ones(width))[: len(values)]
    mean: Numbers = np.divide(totals, cases, out=np.full(len(values), np.nan), where=(cases > 0.5) & there)
    return mean


def _ends(values: Numbers) -> str:
    there = values[~np.isnan(values)]
    return f"{plain(float(there[0]))} and {plain(float(there[-1]))}" if len(there) else "no values"


def curves_figure(
    curves: Sequence[tuple[str, Curve | None]], title: str, telling: str, ends: Sequence[float], columns: int = 3
) -> Markup:
    """Return survival curves with their bands, of 100 groups; nothing without any.

    Parameters
    ----------
    curves : sequence of (str, Curve or None)
        What each is called, and the curve; one that is None is left out.
    title, telling : str
        As for `picture`.
    ends : sequence of float
        For each curve the week to which its groups were followed.
    columns : int
        Of the legend.
    """
    shown = [(name, curve, end) for (name, curve), end in zip(curves, ends, strict=True) if curve is not None]
    if not shown:
        return NOTHING

    def draw(axes: Axes) -> None:
        draw_curves(axes, shown, max(end for *_, end in shown))
        legend_below(axes, columns)

    return picture(draw, title, telling)


def draw_curves(
    axes: Axes,
    curves: Sequence[tuple[str, Curve, float]],
    horizon: float,
    *,
    colours: Sequence[str] = ORDERED,
    top: float | None = 104.0,
    ylabel: str = "still meeting, of 100 groups",
) -> None:
    """Draw curves of time to an event with their bands, of 100 groups, up to a week: name, curve, week of its end."""
    for k, (name, curve, end) in enumerate(curves):
        style: Any = {"color": colours[k % len(colours)]}
        weeks = np.append(curve.weeks, max(end, curve.weeks[-1])) / 52.0
        share, low, high = (100.0 * np.append(part, part[-1]) for part in (curve.value, curve.low, curve.high))
        dash = DASHES[(k // len(colours)) % 5]
        axes.step(weeks, share, where="post", linestyle=dash, linewidth=1.8, label=name, **style)
        axes.fill_between(weeks, low, high, step="post", alpha=0.14, linewidth=0, **style)
    axes.set_ylim(0, top)
    axes.set_xlim(0, horizon / 52.0)
    axes.set_xlabel("years")
    axes.set_ylabel(ylabel)


def curves_told(curves: Sequence[tuple[str, Curve | None]], week: float) -> str:
    """Return how many of a hundred groups are left at a week, for each curve that there is."""
    return "; ".join(f"{name}: {hundred(curve.at(week).value)} of 100" for name, curve in curves if curve is not None)


class Bar(NamedTuple):
    """One bar of a ranking: its name, the number, and whether it is drawn as merely assumed."""

    name: str
    estimate: Estimate
    filled: bool
    assumed: bool | None = None


def ranked_bars(
    bars: Sequence[Bar],
    scale: Scale,
    title: str,
    xlabel: str,
    *,
    reach: tuple[float, float] | None = None,
    floor: float = np.nan,
    telling: str = "",
) -> Markup:
    """Return bars with their intervals below each other, the name above each; nothing if no number is known.

    Parameters
    ----------
    bars : sequence of Bar
        In the order in which they are drawn, from the top; filled or hollow. Where `assumed` is given the colour says
        so, else whether the number is above or below zero.
    scale : Scale
        How the numbers are written.
    title, xlabel : str
        What stands above the figure and below its axis.
    reach : tuple of float, optional
        Ends of the axis in the numbers' own unit, so that figures beside each other agree.
    floor : float
        What noise alone may make, drawn as a dotted line; NaN for none.
    telling : str
        The same in words; made of the numbers if not given.
    """
    known = [bar for bar in bars if bar.estimate.known]
    if not known:
        return NOTHING

    def draw(axes: Axes) -> None:
        legend = set()
        for place, bar in enumerate(known):
            y, found = -float(place), bar.estimate
            colour = (ORANGE if bar.assumed else BLUE) if bar.assumed is not None else RED if found.value > 0 else BLUE
            look: Any = {"color": colour if bar.filled else "none", "edgecolor": colour if bar.filled else GREY}
            if bar.assumed is not None:
                label = "only assumed" if bar.assumed else "has a source"
                look |= {"label": None if label in legend else label, "hatch": "///" if bar.assumed else ""}
                look["edgecolor"] = "white" if bar.assumed else colour
                legend.add(label)
            axes.barh(y, scale.factor * found.value, height=0.34, linewidth=1.2, **look)
            if found.knowledge is not None:
                pale = {scale.factor * end for end in (found.knowledge.low, found.knowledge.high)}
                named = None if VALUES in legend else VALUES
                axes.plot(sorted(pale), [y] * len(pale), color=GREY, alpha=0.4, linewidth=7, label=named)
                legend.add(VALUES)
            if not np.isnan(found.low):
                axes.plot([scale.factor * found.low, scale.factor * found.high], [y, y], color=INK, linewidth=1.2)
            axes.text(0.01, y + 0.22, bar.name, transform=axes.get_yaxis_transform(), va="bottom", fontsize=9)
        if floor > 0:
            axes.axvline(scale.factor * floor, color=RED, linestyle=":", label="what noise may make")
        axes.axvline(0.0, color=INK, linewidth=0.8)
        if reach is not None:
            axes.set_xlim(scale.factor * reach[0], scale.factor * reach[1])
        axes.set_ylim(-len(known) + 0.6, 0.75)
        axes.set_yticks([])
        axes.grid(visible=False, axis="y")
        axes.set_xlabel(xlabel)
        if axes.get_legend_handles_labels()[0]:
            legend_below(axes, 3)

    told = "; ".join(f"{bar.name}: {scale.change(bar.estimate, mark=False)}, {why(bar.estimate)}" for bar in known)
    return picture(draw, title, telling or f"{told}.", (4.7, 0.95 + 0.43 * len(known)))


def extent(estimates: Sequence[Estimate]) -> tuple[float, float]:
    """Return from where to where estimates and their intervals reach, zero included, with a little room."""
    listed = [0.0, *(end for found in estimates for end in ends(found))]
    low, high = float(np.nanmin(listed)), float(np.nanmax(listed))
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room
