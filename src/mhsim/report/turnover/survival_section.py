"""How many groups are alive at the end, how long groups last, and the curves of survival."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mhsim.report.figures import BLUE, DASHES, MARKS, ORDERED, RED, SKY, legend_below, picture
from mhsim.report.formatting import UNKNOWN, capital, duration, hundred, number_cell, share_cell, years
from mhsim.report.html import Markup, figures, paragraphs, section, table
from mhsim.report.intervals import Estimate, share_of
from mhsim.report.survival import Curve, Lifetime, curve, followed, lifetime
from mhsim.report.turnover.layout import Layout, Way, following, leaving, per_cent, rate_rows, stay, way_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_CURVES = 5


def alive_at(layout: Layout, way: Way, **other: float) -> list[Estimate]:
    """Return the share of groups alive at the end, with its interval, at every rate."""
    return [share_of(row) for row in layout.matrix("alive_at_end", way, **other)]


def alive_section(layout: Layout) -> Markup:
    """Return the section: in how many of a hundred groups."""
    long = duration(layout.found.weeks)
    shares = {way: alive_at(layout, way) for way in layout.ways}
    rows = [
        [rate, stay(layout.rates[k]), *(share_cell(shares[way][k]) for way in layout.ways)]
        for k, rate in enumerate(rate_rows(layout.rates))
    ]
    head = ["Turnover a year", "A helper stays, on average", *(capital(way_words(way)) for way in layout.ways)]
    caption = f"Of 100 groups, still meeting after {long} (with the range that is uncertain)"
    pictures = [alive_picture(layout, leaves, shares, long) for leaves in layout.leaves]
    about = (
        f"Groups still meeting after {long}, of a hundred. The bars show the range that chance leaves open. "
        "The rates stand at equal distances although they are not equally far apart."
    )
    return section(
        f"In how many of a hundred groups: still meeting after {long}",
        paragraphs(*_in_words(layout, shares, long)),
        figures(pictures, about),
        table(head, rows, caption),
        key="alive",
    )


def _in_words(layout: Layout, shares: dict[Way, list[Estimate]], long: str) -> list[str]:
    """Return one sentence per way: the lowest and the highest rate."""
    texts = []
    for way, along in shares.items():
        known = [k for k, share in enumerate(along) if share.known]
        if not known:
            continue
        low, high = known[0], known[-1]
        if len({along[k].value for k in known}) == 1:
            same = hundred(along[low].value)
            texts.append(
                f"{capital(way_words(way))}: {same} of 100 groups were still meeting after {long} at every rate."
            )
            continue
        texts.append(
            f"{capital(way_words(way))}: {hundred(along[low].value)} of 100 groups were still meeting after {long} at "
            f"a turnover of {per_cent(layout.rates[low])} a year, {hundred(along[high].value)} of 100 at "
            f"{per_cent(layout.rates[high])}."
        )
    return texts


def alive_picture(layout: Layout, leaves: float, shares: dict[Way, list[Estimate]], long: str) -> str:
    """Return the picture of survival by turnover for one way of leaving, one line per chance of succession."""
    lines = [(following(way.succession), shares[way]) for way in layout.ways if way.leaves == leaves]
    return by_rate(layout.rates, lines, capital(leaving(leaves)), f"alive after {long}, of 100 groups", (0, 104))


def by_rate(
    rates: tuple[float, ...],
    lines: list[tuple[str, list[Estimate]]],
    title: str,
    ylabel: str,
    limits: tuple[float, float] | None = None,
    scale: float = 100.0,
) -> str:
    """Return a picture of estimates along the rates, one line each, with bars for the intervals."""
    colours = (BLUE, RED, ORDERED[2], ORDERED[3], SKY)

    def draw(axes: Axes) -> None:
        for k, (name, along) in enumerate(lines):
            values, low, high = (
                np.array([scale * getattr(e, edge) for e in along]) for edge in ("value", "low", "high")
            )
            places = np.arange(len(along)) + 0.12 * (k - (len(lines) - 1) / 2)
            reach = np.nan_to_num(np.maximum(0.0, np.stack([values - low, high - values])))
            style: Any = {"color": colours[k % 5], "linestyle": DASHES[k % 5], "marker": MARKS[k % 5]}
            axes.errorbar(places, values, yerr=reach, label=name, markersize=4.5, linewidth=1.6, **style)
        axes.set_xticks(range(len(rates)), [f"{100 * rate:g}" for rate in rates])
        axes.set_xlabel("turnover, % a year")
        axes.set_ylabel(ylabel)
        if limits:
            axes.set_ylim(*limits)
        if len(lines) > 1:
            legend_below(axes, 2)

    return picture(draw, title, _telling(rates, lines, scale))


def _telling(rates: tuple[float, ...], lines: list[tuple[str, list[Estimate]]], scale: float) -> str:
    digits = 0 if scale == 100.0 else 1
    parts = []
    for name, along in lines:
        values = [f"{per_cent(rate)}: {number_cell(e, scale, digits)}" for rate, e in zip(rates, along, strict=True)]
        parts.append(f"{capital(name)}. Turnover and value: {'; '.join(values)}.")
    return " ".join(parts)


def curves_section(layout: Layout) -> Markup:
    """Return the section of survival curves and of how long groups last."""
    horizon = followed(layout.found)
    chosen = chosen_rates(layout)
    pictures = [curves_picture(layout, way, chosen, horizon) for way in layout.ways]
    shown = ", ".join(per_cent(layout.rates[k]) for k in chosen)
    about = (
        f"Of 100 groups, those still meeting after so many years; turnover {shown} a year. The shaded bands show the "
        "range that chance leaves open. Groups still meeting at the end of a run count as lasting at least that long."
    )
    explanation = (
        "“Half had closed after” is the time by which half of the groups were gone. “Mean time” is how long a group "
        f"was there on average within the first {duration(horizon)}; a group that lasted longer counts with all of it."
    )
    return section(
        "How long groups lasted",
        paragraphs("Each line starts with 100 groups and goes down a step whenever one closes."),
        figures(pictures, about),
        paragraphs(explanation),
        *lifetimes_tables(layout, horizon),
        key="lasting",
    )


def chosen_rates(layout: Layout) -> list[int]:
    """Return which rates get a curve: all, or five spread evenly from the lowest to the highest."""
    number = len(layout.rates)
    return sorted({round(k) for k in np.linspace(0, number - 1, min(number, MOST_CURVES))})


def curves_picture(layout: Layout, way: Way, chosen: list[int], horizon: float) -> str:
    """Return the picture of survival curves for one way."""
    weeks, closed = layout.matrix("weeks_to_closure", way), layout.matrix("closed", way)
    lines = [(f"{per_cent(layout.rates[k])}", curve(weeks[k], closed[k])) for k in chosen]
    telling = "; ".join(
        f"at {name} {hundred(float(line.share[-1]))} of 100 are left" for name, line in lines if line is not None
    )
    title = capital(way_words(way))
    return curves(lines, title, f"At the end of the run: {telling or 'no runs'}.", horizon)


def curves(lines: list[tuple[str, Curve | None]], title: str, telling: str, horizon: float, columns: int = 3) -> str:
    """Return a picture of survival curves with their bands."""

    def draw(axes: Axes) -> None:
        for k, (name, line) in enumerate(lines):
            if line is None:
                continue
            colour, dash = ORDERED[k % len(ORDERED)], DASHES[(k // len(ORDERED)) % 5]
            x = np.append(line.weeks, max(horizon, line.weeks[-1])) / 52.0
            share, low, high = (100.0 * np.append(part, part[-1]) for part in (line.share, line.low, line.high))
            axes.step(x, share, where="post", color=colour, linestyle=dash, linewidth=1.8, label=name)
            axes.fill_between(x, low, high, step="post", color=colour, alpha=0.14, linewidth=0)
        axes.set_ylim(0, 104)
        axes.set_xlim(0, horizon / 52.0)
        axes.set_xlabel("years")
        axes.set_ylabel("still meeting, of 100 groups")
        if any(line is not None for _, line in lines):
            legend_below(axes, columns)

    return picture(draw, title, telling)


def lifetimes_tables(layout: Layout, horizon: float) -> list[Markup]:
    """Return the tables of the time by which half have closed and of the mean time within the horizon."""
    columns = []
    for way in layout.ways:
        weeks, closed = layout.matrix("weeks_to_closure", way), layout.matrix("closed", way)
        columns.append([lifetime(weeks[k], closed[k], horizon) for k in range(len(layout.rates))])
    head = ["Turnover a year", *(capital(way_words(way)) for way in layout.ways)]
    tables = []
    captions = ("Half had closed after so many years", f"Mean time within the first {duration(horizon)}, in years")
    for caption, cell in zip(captions, (half_cell, mean_cell), strict=True):
        rows = [
            [rate, *(cell(column[k], horizon) for column in columns)] for k, rate in enumerate(rate_rows(layout.rates))
        ]
        tables.append(table(head, rows, f"{caption} (with the range that is uncertain)"))
    return tables


def half_cell(found: Lifetime | None, horizon: float) -> str:
    """Return the time by which half had closed, in years."""
    if found is None:
        return UNKNOWN
    half = years(found.half, horizon)
    if np.isinf(found.half_low):
        return half
    return f"{half} ({years(found.half_low, horizon)} to {years(found.half_high, horizon)})"


def mean_cell(found: Lifetime | None, horizon: float) -> str:
    """Return the mean time within the horizon, in years."""
    return UNKNOWN if found is None else number_cell(found.mean, 1 / 52.0, 1)
