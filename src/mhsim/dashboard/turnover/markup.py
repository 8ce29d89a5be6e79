"""Pictures and tables of a pair as markup, for the page and the handout."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from mhsim.dashboard.describe import length_in_words
from mhsim.dashboard.figures import ChartLine, Row, bars, curves
from mhsim.dashboard.figures.canvas import WIDE
from mhsim.dashboard.histories import statistics
from mhsim.dashboard.histories.statistics import Comparison
from mhsim.dashboard.turnover.queries import Pair
from mhsim.dashboard.turnover.wording import NAMES, change_cell, mean_cell, reason_rows
from mhsim.report.formatting import trimmed


def alive_picture(pair: Pair, width: int = WIDE) -> str:
    """Return the curves of groups still meeting, with bands, and a mark where helpers stop helping at once."""
    lines: list[ChartLine] = []
    marks: dict[int, list[str]] = {}
    described = []
    arms = zip(NAMES, (pair.first, pair.second), (pair.one, pair.other), strict=True)
    for look, (name, scenario, outcomes) in enumerate(arms):
        alive = statistics.alive_by_time(outcomes, scenario.weeks)
        years = [week / 52.0 for week in alive.weeks]
        label = f"{name}: {trimmed(alive.share[-1])}"
        lines.append(ChartLine(label, years, alive.share, alive.low, alive.high, look=look, steps=True))
        every_other = [(year, share) for year, share in zip(years, alive.share, strict=True) if year and year % 2 == 0]
        described.append(
            f"{name}: " + ", ".join(f"{trimmed(share)} after {year:.0f} years" for year, share in every_other)
        )
        for change in scenario.changes:
            if change.act:
                marks.setdefault(change.week, []).append(name)
    return curves(
        lines,
        title="Groups still meeting, by year",
        across="years since the start",
        up="still meeting, of 100 groups",
        describe=f"Groups still meeting, of 100. {'. '.join(described)}.",
        top=100.0,
        marks=[(week / 52.0, f"helpers stop ({' and '.join(names)})") for week, names in marks.items()],
        width=width,
    )


def reasons_picture(pair: Pair, width: int = WIDE) -> str:
    """Return the bars of groups still meeting and of reasons for closing."""
    rows = reason_rows(pair)
    described = "; ".join(f"{label}: A {trimmed(one)}, B {trimmed(other)}" for label, (one, other) in rows)
    drawn = [Row(label, values, tuple(f"{trimmed(value)} of 100" for value in values)) for label, values in rows]
    title = f"What became of 100 groups after {length_in_words(pair.first.weeks)}"
    return bars(drawn, NAMES, title=title, describe=described, top=100.0, width=width)


def people_table(rows: Sequence[Comparison], *, judged: bool = True) -> str:
    """Return what happened to people: each measure in A and B, and the difference, with their intervals.

    What a difference means is said only where it may be `judged`: when all runs are there.
    """
    body = []
    for one in rows:
        change, meaning = change_cell(one)
        label = f"{escape(one.measure.words)} <small>{escape(one.measure.unit)}</small>"
        cells = "".join(f'<td data-name="{name}">{escape(mean_cell(one, k))}</td>' for k, name in enumerate(NAMES))
        last = f'<td data-name="B minus A">{escape(change)} <small>{escape(meaning) if judged else ""}</small></td>'
        body.append(f'<tr><th scope="row">{label}</th>{cells}{last}</tr>')
    head = "".join(f'<th scope="col">{name}</th>' for name in ("What", *NAMES, "Difference, B minus A"))
    caption = "<caption>Averages over runs, with the range that chance leaves open</caption>"
    return (
        f'<table class="turnover-people">{caption}<thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table>'
    )


def differing_list(rows: Sequence[tuple[str, str, str]]) -> str:
    """Return in what two situations differ: what, in A, in B."""
    parts = [
        f"<dt>{escape(what)}</dt><dd><b>A</b> {escape(one)}</dd><dd><b>B</b> {escape(other)}</dd>"
        for what, one, other in rows
    ]
    return f'<dl class="turnover-differing">{"".join(parts)}</dl>'
