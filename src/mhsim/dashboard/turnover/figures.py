"""The pictures of a pair: groups alive by year, and reasons for closing."""

from __future__ import annotations

from mhsim.dashboard.figures import Curve, Row, bars, curves
from mhsim.dashboard.figures.canvas import WIDE
from mhsim.dashboard.histories import statistics
from mhsim.dashboard.turnover.queries import Pair
from mhsim.dashboard.turnover.wording import NAMES, curve_words, lasting, reason_rows
from mhsim.report.formatting import trimmed


def alive_picture(pair: Pair, width: int = WIDE) -> str:
    """Return the curves of groups alive, with bands, and a mark where helpers stop helping at once."""
    lines: list[Curve] = []
    marks: dict[int, list[str]] = {}
    arms = zip(NAMES, (pair.first, pair.second), (pair.one, pair.other), strict=True)
    for look, (name, scenario, outcomes) in enumerate(arms):
        alive = statistics.alive_by_time(outcomes, scenario.weeks)
        years = [week / 52.0 for week in alive.weeks]
        label = f"{name}: {trimmed(alive.share[-1])}"
        lines.append(Curve(label, years, alive.share, alive.low, alive.high, look=look, steps=True))
        for change in scenario.changes:
            if change.act:
                marks.setdefault(change.week, []).append(name)
    return curves(
        lines,
        title="Groups alive by year",
        across="years since the groups opened",
        up="alive, of 100 groups",
        describe=curve_words(pair),
        top=100.0,
        marks=[(week / 52.0, f"helpers stop ({' and '.join(names)})") for week, names in marks.items()],
        width=width,
    )


def reasons_picture(pair: Pair, width: int = WIDE) -> str:
    """Return the bars of groups still meeting and of reasons for closing."""
    rows = reason_rows(pair)
    told = "; ".join(f"{label}: A {trimmed(one)}, B {trimmed(other)}" for label, (one, other) in rows)
    drawn = [Row(label, values, tuple(f"{trimmed(value)} of 100" for value in values)) for label, values in rows]
    title = f"What became of 100 groups after {lasting(pair.first.weeks)}"
    return bars(drawn, NAMES, title=title, describe=told, top=100.0, width=width)
