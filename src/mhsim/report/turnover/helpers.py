"""The section on helpers: how many are left, how many wear out, how much each carries."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from mhsim import stats
from mhsim.report.formatting import Scale, capital, why
from mhsim.report.html import items, paragraphs, section
from mhsim.report.turnover.conditions import Layout, Way, heading, rate_words
from mhsim.stats import Estimate

YEARLY = Scale(100.0, "per 100 helpers and year", 1)


class HelperMeasure(NamedTuple):
    """A measure of helping: its name, how it is called and written, and whether only groups still meeting count."""

    measure: str
    words: str
    scale: Scale = Scale(decimals=1)
    open_only: bool = False


MEASURES = (
    HelperMeasure("helpers_at_end", "helpers at the end, in groups still meeting", open_only=True),
    HelperMeasure("helpers_made", "people who became helpers, in all"),
    HelperMeasure("turnover_per_helper_year", "roles left by turnover, per 100 helpers and year", YEARLY),
    HelperMeasure("burnouts", "helpers burnt out, in all"),
    HelperMeasure("burnouts_per_helper_year", "helpers burnt out, per 100 helpers and year", YEARLY),
    HelperMeasure("load_mean", "people helped per helper and week", Scale(decimals=2)),
)
COMPARED = ("load_mean", "burnouts_per_helper_year")
"""Measures of which the highest rate is compared with the lowest, in words."""
CAUTION = (
    "Counts over the whole time are lower where groups closed early, because nobody helps in a group that is gone; the "
    "numbers per helper and year are not. Numbers at the end are those of groups still meeting, which are not a random "
    "choice of all groups."
)


def helpers_section(layout: Layout) -> Markup:
    """Return the section: what happened to the helpers."""
    title = "What happened to the helpers"
    shown = [measure for measure in MEASURES if layout.data.has(measure.measure)]
    if not shown:
        return section(title, paragraphs("Nothing about helpers was recorded in this study."), key="helpers")
    low = layout.successions[0]
    texts = [
        f"{heading(way)}, {measure.words}: "
        f"{change_words(_change(layout, way, measure), layout.rates[-1], measure.scale)}"
        for way in layout.ways
        for measure in shown
        if way.succession == low and measure.measure in COMPARED
    ]
    tables = [_helpers_table(layout, way, shown) for way in layout.ways]
    return section(title, items(texts), *tables, paragraphs(CAUTION), key="helpers")


def _helpers_table(layout: Layout, way: Way, shown: list[HelperMeasure]) -> Markup:
    """Return the table of helper measures for one way."""
    columns = {}
    for measure in shown:
        values = layout.matrix(measure.measure, way)
        if measure.open_only:
            values = np.where(layout.matrix("alive_at_end", way) == 1, values, np.nan)
        columns[capital(measure.words)] = [measure.scale.estimate(stats.mean(row)) for row in values]
    return layout.table(columns, f"{heading(way)}: helpers, means (with the 95 % range)")


def _change(layout: Layout, way: Way, measure: HelperMeasure) -> Estimate:
    values = layout.matrix(measure.measure, way)
    return stats.paired_difference(values[-1] - values[0])


def change_words(change: Estimate, rate: float, scale: Scale) -> str:
    """Return a change from the lowest to the highest rate in words."""
    if change.identical:
        return "no difference in any run."
    if not change.clear:
        return f"at {rate_words(rate)} {scale.change(change, mark=False)}, {why(change)}."
    size = scale.change(change, mark=False)
    return f"{'more' if change.value > 0 else 'fewer'} at {rate_words(rate)} than at the lowest turnover: {size}."
