"""How many groups are alive at the end, how long groups last, and the curves of survival."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from markupsafe import Markup

from mhsim import stats
from mhsim.report.figures import Line, curves_figure, curves_told, estimates_figure
from mhsim.report.formatting import GROUPS, UNKNOWN, Scale, capital, duration, hundred, years
from mhsim.report.html import figures, paragraphs, section
from mhsim.report.turnover.conditions import Layout, Way, following, heading, leaving, per_cent, stay, way_words
from mhsim.stats import Curve, Estimate
from mhsim.studies.data import StudyData

YEARS = Scale(1 / 52.0, "years", 1)
MOST_CURVES = 5


def alive_at(layout: Layout, way: Way, **other: float) -> list[Estimate]:
    """Return the share of groups alive at the end, with its interval, at every rate."""
    return [stats.share(row) for row in layout.matrix("alive_at_end", way, **other)]


def followed(data: StudyData) -> float:
    """Return how many weeks every group was followed."""
    return stats.followed(data.numbers("weeks_to_closure"), data.numbers("closed")) or float(data.weeks)


def alive_section(layout: Layout) -> Markup:
    """Return the section: in how many of a hundred groups."""
    long = duration(layout.data.weeks)
    shares = {way: alive_at(layout, way) for way in layout.ways}
    columns = {"A helper stays, on average": [stay(rate) for rate in layout.rates]}
    columns |= {heading(way): [GROUPS.estimate(one) for one in along] for way, along in shares.items()}
    about = (
        f"Groups still meeting after {long}, of a hundred. The bars are 95 % ranges. The rates stand at equal "
        "distances although they are not equally far apart."
    )
    return section(
        f"In how many of a hundred groups: still meeting after {long}",
        paragraphs(*_in_words(layout, shares, long)),
        figures([_alive_figure(layout, leaves, shares, long) for leaves in layout.leaves], about),
        layout.table(columns, f"Of 100 groups, still meeting after {long} (with the 95 % range)"),
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


def _alive_figure(layout: Layout, leaves: float, shares: dict[Way, list[Estimate]], long: str) -> Markup:
    """Return the figure of survival by turnover for one way of leaving, one line per chance of succession."""
    lines = {following(way.succession): shares[way] for way in layout.ways if way.leaves == leaves}
    return by_rate(
        layout.rates, lines, capital(leaving(leaves)), f"meeting after {long}, of 100 groups", GROUPS, (0, 104)
    )


def by_rate(
    rates: Sequence[float],
    lines: Mapping[str, Sequence[Estimate]],
    title: str,
    ylabel: str,
    scale: Scale,
    limits: tuple[float, float] | None = None,
) -> Markup:
    """Return a figure of estimates along the rates, one line for each name."""
    drawn = [Line(name, range(len(rates)), along) for name, along in lines.items()]
    ticks = [f"{100 * rate:g}" for rate in rates]
    told = []
    for name, along in lines.items():
        values = [f"{per_cent(rate)}: {scale.estimate(one)}" for rate, one in zip(rates, along, strict=True)]
        told.append(f"{capital(name)}. Turnover and value: {'; '.join(values)}.")
    return estimates_figure(
        drawn, title, " ".join(told), scale, "turnover, % a year", ylabel=ylabel, ticks=ticks, limits=limits
    )


def curves_section(layout: Layout) -> Markup:
    """Return the section of survival curves and of how long groups lasted."""
    horizon = followed(layout.data)
    curves = {way: _curves(layout, way) for way in layout.ways}
    chosen = chosen_rates(layout)
    shown = ", ".join(per_cent(layout.rates[k]) for k in chosen)
    about = (
        f"Of 100 groups, those still meeting after so many years; turnover {shown} a year. The shaded bands are 95 % "
        "ranges. Groups still meeting at the end of a run count as lasting at least that long."
    )
    explanation = (
        "“Half had closed after” is the time by which half of the groups were gone. “Mean time” is how long a group "
        f"was there on average within the first {duration(horizon)}; a group that lasted longer counts with all of it."
    )
    halves = {heading(way): [half_cell(curve, horizon) for curve in found] for way, found in curves.items()}
    means = {heading(way): [YEARS.estimate(one) for one in _mean_times(layout, way, horizon)] for way in layout.ways}
    caption = f"Mean time within the first {duration(horizon)}, in years (with the 95 % range)"
    return section(
        "How long groups lasted",
        paragraphs("Each line starts with 100 groups and goes down a step whenever one closes."),
        figures([_curves_figure(found, way, layout, chosen, horizon) for way, found in curves.items()], about),
        paragraphs(explanation),
        layout.table(halves, "Half had closed after so many years (with the 95 % range)"),
        layout.table(means, caption),
        key="lasting",
    )


def _curves(layout: Layout, way: Way) -> list[Curve | None]:
    """Return the Kaplan-Meier curve at each rate."""
    weeks, closed = layout.matrix("weeks_to_closure", way), layout.matrix("closed", way)
    return [stats.kaplan_meier(weeks[k], closed[k]) for k in range(len(layout.rates))]


def _mean_times(layout: Layout, way: Way, horizon: float) -> list[Estimate]:
    """Return the mean time open within a horizon at each rate."""
    weeks, closed = layout.matrix("weeks_to_closure", way), layout.matrix("closed", way)
    return [stats.restricted_mean(weeks[k], closed[k], horizon) for k in range(len(layout.rates))]


def chosen_rates(layout: Layout) -> list[int]:
    """Return which rates get a curve: all, or five spread evenly from the lowest to the highest."""
    number = len(layout.rates)
    return sorted({round(k) for k in np.linspace(0, number - 1, min(number, MOST_CURVES))})


def _curves_figure(
    found: Sequence[Curve | None], way: Way, layout: Layout, chosen: Sequence[int], horizon: float
) -> Markup:
    """Return the figure of survival curves for one way."""
    lines = [(per_cent(layout.rates[k]), found[k]) for k in chosen]
    telling = f"Left after {duration(layout.data.weeks)}: {curves_told(lines, layout.data.weeks) or 'no runs'}."
    return curves_figure(lines, heading(way), telling, [horizon] * len(lines))


def half_cell(curve: Curve | None, horizon: float) -> str:
    """Return the time by which half had closed, in years."""
    if curve is None:
        return UNKNOWN
    half = stats.median_time(curve)
    text = years(half.value, horizon)
    if curve.cases < 2 or np.isinf(half.low):
        return text
    return f"{text} ({years(half.low, horizon)} to {years(half.high, horizon)})"
