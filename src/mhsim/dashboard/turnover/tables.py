"""The tables of a pair as HTML, for the page: what differs, and what happened to people."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from mhsim.dashboard.histories.statistics import Told
from mhsim.dashboard.turnover.wording import NAMES, change_cell, mean_cell


def people_table(told: Sequence[Told], *, judged: bool = True) -> str:
    """Return what happened to people: each measure in A and B, and the difference, with their intervals.

    What a difference means is said only where it may be `judged`: when all histories are there.
    """
    rows = []
    for one in told:
        change, meaning = change_cell(one)
        said = meaning if judged else ""
        label = f'{escape(one.measure.words)} <span class="quiet">{escape(one.measure.unit)}</span>'
        cells = "".join(f'<td data-name="{name}">{escape(mean_cell(one, k))}</td>' for k, name in enumerate(NAMES))
        last = f'<td data-name="B minus A">{escape(change)} <span class="quiet">{escape(said)}</span></td>'
        rows.append(f'<tr><th scope="row">{label}</th>{cells}{last}</tr>')
    head = "".join(f'<th scope="col">{name}</th>' for name in ("What", *NAMES, "Difference, B minus A"))
    caption = "<caption>Means over histories, with the range that chance leaves open</caption>"
    return (
        f'<table class="turnover-people">{caption}<thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def differing_list(rows: Sequence[tuple[str, str, str]]) -> str:
    """Return in what two situations differ: what, in A, in B."""
    parts = [
        f"<dt>{escape(what)}</dt><dd><b>A</b> {escape(one)}</dd><dd><b>B</b> {escape(other)}</dd>"
        for what, one, other in rows
    ]
    return f'<dl class="turnover-differing">{"".join(parts)}</dl>'
