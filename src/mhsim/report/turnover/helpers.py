"""The section on helpers: how many are left, how many wear out, how much each carries."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mhsim.report.formatting import capital, number_cell, plain, signed, span
from mhsim.report.html import Markup, items, paragraphs, section, table
from mhsim.report.intervals import FEWEST, Estimate, mean_of, paired
from mhsim.report.turnover.layout import Layout, Way, rate_rows, rate_words, way_words


class HelperMeasure(NamedTuple):
    """A measure of helping: its name, words, its scale, whether only living groups count, its decimals."""

    measure: str
    words: str
    scale: float
    living: bool
    digits: int = 1


MEASURES = (
    HelperMeasure("helpers_at_end", "helpers at the end, in groups still meeting", 1.0, True),
    HelperMeasure("helpers_made", "people who became helpers, in all", 1.0, False),
    HelperMeasure("turnover_per_helper_year", "roles left by turnover, per 100 helpers and year", 100.0, False),
    HelperMeasure("burnouts", "helpers burnt out, in all", 1.0, False),
    HelperMeasure("burnouts_per_helper_year", "helpers burnt out, per 100 helpers and year", 100.0, False),
    HelperMeasure("load_mean", "people helped per helper and week", 1.0, False, 2),
)
CAUTION = (
    "Counts over the whole time are lower where groups closed early, because nobody helps in a group that is gone; the "
    "numbers per helper and year are not. Numbers at the end are those of groups still meeting, which are not a random "
    "choice of all groups."
)


def helpers_section(layout: Layout) -> Markup:
    """Return the section: what happened to the helpers."""
    title = "What happened to the helpers"
    shown = [measure for measure in MEASURES if layout.found.has(measure.measure)]
    if not shown:
        return section(title, paragraphs("Nothing about helpers was kept in this study."), key="helpers")
    texts = [text for way in layout.ways if way.succession == layout.successions[0] for text in told(layout, way)]
    tables = [helpers_table(layout, way, shown) for way in layout.ways]
    return section(title, items(texts), *tables, paragraphs(CAUTION), key="helpers")


def along(layout: Layout, way: Way, measure: HelperMeasure) -> list[Estimate]:
    """Return the mean of a measure at each rate; of living groups only where that is asked for."""
    values = layout.matrix(measure.measure, way)
    if measure.living:
        values = np.where(layout.matrix("alive_at_end", way) == 1, values, np.nan)
    return [mean_of(row) for row in values]


def helpers_table(layout: Layout, way: Way, shown: list[HelperMeasure]) -> Markup:
    """Return the table of helper measures for one way."""
    columns = [along(layout, way, measure) for measure in shown]
    rows = [
        [rate, *(number_cell(column[k], m.scale, m.digits) for column, m in zip(columns, shown, strict=True))]
        for k, rate in enumerate(rate_rows(layout.rates))
    ]
    head = ["Turnover a year", *(capital(measure.words) for measure in shown)]
    return table(head, rows, f"{capital(way_words(way))}: helpers, means (with the range that is uncertain)")


def told(layout: Layout, way: Way) -> list[str]:
    """Return what turnover does to load and to burning out: the highest rate against the lowest, same replicate."""
    texts = []
    words = {
        "load_mean": ("people helped per helper and week", 1.0, 2),
        "burnouts_per_helper_year": ("burnt out per 100 helpers and year", 100.0, 1),
    }
    for measure, (what, scale, digits) in words.items():
        if layout.found.has(measure):
            values = layout.matrix(measure, way)
            change = paired((values[-1] - values[0])[None, :])[0]
            texts.append(f"{capital(way_words(way))}, {what}: {change_told(change, layout.rates[-1], scale, digits)}")
    return texts


def change_told(change: Estimate, rate: float, scale: float, digits: int) -> str:
    """Return a change from the lowest to the highest rate in words."""
    if not change.known or change.cases < FEWEST:
        return "too few runs to say."
    if change.identical:
        return "no difference in any run."
    ends = span(signed(scale * change.low, digits), signed(scale * change.high, digits))
    size = f"{plain(abs(scale * change.value), digits)} (change {ends})"
    if not change.clear:
        return f"no clear change up to {rate_words(rate)} (change {ends})."
    return f"{'more' if change.value > 0 else 'fewer'} at {rate_words(rate)} than at the lowest turnover, by {size}."
