"""How long groups lasted, by one axis of a study, and why the others closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mhsim.dashboard.figures import Curve as Drawn
from mhsim.dashboard.figures import both, curves
from mhsim.dashboard.results.print_figures import inches
from mhsim.dashboard.results.selection import Choice, at_levels, points_kept, short, spread
from mhsim.palette import COLOURS
from mhsim.report.figures import DASHES, Plate, legend_below
from mhsim.report.formatting import REASONS, duration
from mhsim.stats import Curve, Numbers, aalen_johansen, followed, kaplan_meier
from mhsim.studies.data import StudyData

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NEEDED = ("weeks_to_closure", "closed")
REASON = "closure_reasons"


@dataclass(frozen=True)
class Line:
    """One curve: its name, weeks, and the share of a hundred groups with its band."""

    name: str
    weeks: Numbers
    share: Numbers
    low: Numbers
    high: Numbers
    cases: int


@dataclass(frozen=True)
class Lasting:
    """Survival curves by the values of an axis, curves of closing by reason over all of them, and the horizon."""

    axis: str
    lines: tuple[Line, ...]
    reasons: tuple[Line, ...]
    horizon: float
    left_out: int

    @property
    def about(self) -> str:
        """What the curves show, in words."""
        by = f" by {short(self.axis)}" if self.axis else ""
        more = f" Not drawn, for want of room: {self.left_out} more." if self.left_out else ""
        return (
            f"Of 100 groups, those still meeting{by}, over {duration(self.horizon)} (Kaplan-Meier); the bands are 95 % "
            f"intervals and show chance alone.{more}"
        )


def lasting(found: StudyData, choice: Choice, axis: str) -> Lasting | None:
    """Return how long groups lasted by the values of an axis; None where that was not watched."""
    if not found.has(*NEEDED):
        return None
    weeks, closed = found.numbers("weeks_to_closure"), found.numbers("closed")
    rows = points_kept(found, choice)
    levels = at_levels(found, axis, rows)
    drawn = spread(levels)
    made = [(name, kaplan_meier(*_pooled(numbers, weeks, closed))) for name, numbers in drawn]
    lines = tuple(_line(name, one) for name, one in made if one is not None)
    horizon = followed(weeks, closed) or float(found.weeks)
    return Lasting(axis, lines, _reasons(found, rows, weeks, closed), horizon, len(levels) - len(drawn))


def _line(name: str, one: Curve) -> Line:
    return Line(name, one.weeks, one.value, one.low, one.high, one.cases)


def _pooled(points: list[int], *columns: Numbers) -> tuple[NDArray[Any], ...]:
    """Return the runs of some points as flat columns, and the replicate of each: runs of one replicate share a seed."""
    replicates = np.broadcast_to(np.arange(columns[0].shape[1]), (len(points), columns[0].shape[1]))
    return (*(column[points].ravel() for column in columns), replicates.ravel())


def _reasons(found: StudyData, rows: list[int], weeks: Numbers, closed: Numbers) -> tuple[Line, ...]:
    """Return of all groups looked at the share that closed for each reason, the commonest first."""
    if not found.has(REASON):
        return ()
    when, ended, texts, replicates = _pooled(rows, weeks, closed, found.texts(REASON))
    there = ~(np.isnan(when) | np.isnan(ended))
    said = [str(text) if gone and text else None for text, gone in zip(texts[there], ended[there] == 1, strict=True)]
    lines = []
    for reason in sorted({text for text in said if text}):
        of_reason = aalen_johansen(when[there], said, reason, replicates[there])
        if of_reason is not None:
            lines.append(_line(REASONS.get(reason, reason.replace("_", " ")), of_reason))
    return tuple(sorted(lines, key=lambda line: -line.share[-1]))


def told(lines: tuple[Line, ...], how: str) -> str:
    """Return where curves end, in words."""
    return f"At the end {how}: {'; '.join(f'{line.name}: {100 * line.share[-1]:.0f} of 100' for line in lines)}."


def survival_figure(found: Lasting) -> str:
    """Return the survival curves for the page."""
    return _figure(found, found.lines, "Groups still meeting", "still meeting, of 100 groups", "still meeting")


def reasons_figure(found: Lasting) -> str:
    """Return the curves of closing by reason for the page; nothing if no group closed."""
    if not found.reasons:
        return ""
    return _figure(found, found.reasons, "Groups closed, by reason", "closed so far, of 100 groups", "closed")


def _figure(found: Lasting, lines: tuple[Line, ...], title: str, up: str, how: str) -> str:
    drawn = []
    for look, line in enumerate(lines[:6]):
        years, share, low, high = _extended(line, found.horizon)
        drawn.append(Drawn(line.name, years, share, low, high, look=look, steps=True))
    top = 100.0 if how == "still meeting" else None
    words = told(lines, how)

    def draw(width: int) -> str:
        return curves(drawn, title=title, across="years", up=up, describe=words, top=top, width=width)

    return both(draw)


def _extended(line: Line, horizon: float) -> list[list[float]]:
    """Return years, share, low and high to the horizon, of a hundred."""
    weeks = np.append(line.weeks, max(horizon, line.weeks[-1])) / 52.0
    parts = [100.0 * np.append(part, part[-1]) for part in (line.share, line.low, line.high)]
    return [[float(value) for value in part] for part in (weeks, *parts)]


def survival_plate(found: Lasting) -> Plate:
    """Return the survival curves for a paper."""
    return _plate(found, found.lines, "still meeting, of 100 groups", (0.0, 102.0))


def reasons_plate(found: Lasting) -> Plate:
    """Return the curves of closing by reason for a paper."""
    return _plate(found, found.reasons, "closed so far, of 100 groups", None)


def _plate(found: Lasting, lines: tuple[Line, ...], up: str, limits: tuple[float, float] | None) -> Plate:
    above = f"{found.axis} = " if lines is found.lines and found.axis else ""

    def draw(axes: Axes) -> None:
        for k, line in enumerate(lines):
            years, share, low, high = _extended(line, found.horizon)
            style: Any = {"color": COLOURS[k % 7], "linestyle": DASHES[k % 5]}
            axes.step(years, share, where="post", linewidth=1.6, label=f"{above}{line.name}", **style)
            axes.fill_between(years, low, high, step="post", color=COLOURS[k % 7], alpha=0.14, linewidth=0)
        axes.set_xlim(0, found.horizon / 52.0)
        axes.set_ylim(*(limits or (0.0, None)))
        axes.set_xlabel("years")
        axes.set_ylabel(up)
        if lines:
            legend_below(axes, 2)

    return Plate(draw, up, inches())
