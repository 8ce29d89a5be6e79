"""How long groups lasted, by one axis of a study, and why the others closed.

What else varies stands side by side, a picture for each combination. Runs of several points that share a seed are not
independent: bands are those of the replicates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mhsim.dashboard.results.print_figures import inches, panel_axes
from mhsim.dashboard.results.selection import Panel, Panels, Selection, at_levels, panels_of, short, thirds
from mhsim.palette import COLOURS, ORDERED
from mhsim.report.figures import DASHES, Plate, legend_below, picture
from mhsim.report.formatting import REASONS, capital, duration
from mhsim.stats import Curve, Numbers, aalen_johansen, followed, kaplan_meier
from mhsim.studies.data import StudyData

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NEEDED = ("weeks_to_closure", "closed")
REASON = "closure_reasons"
MOST_PANELS, MOST_CURVES = 4, 12
Curves = tuple[tuple[str, Curve], ...]


@dataclass(frozen=True)
class SurvivalView:
    """Survival curves by the values of an axis, and curves of closing by reason, for each combination of the rest.

    Attributes
    ----------
    axis : str
        The axis; empty if nothing varies.
    panels : Panels
        The combinations of what else varies.
    open_, closed : tuple of tuple of (str, Curve)
        By panel: the share still meeting by value, and the share closed by reason over all values.
    horizon : float
        Weeks to which every group was followed.
    grouped : bool
        Whether values were taken together by thirds, since there are many.
    """

    axis: str
    panels: Panels
    open_: tuple[Curves, ...]
    closed: tuple[Curves, ...]
    horizon: float
    grouped: bool

    def caption(self, view: str) -> str:
        """Return what is shown and where the curves end, in words."""
        curves = self.open_ if view == "survival" else self.closed
        by = f" by {short(self.axis)}" if self.axis else ""
        thirds_said = " Its values are taken together by thirds." if self.grouped else ""
        about = f"Of 100 groups, those still meeting{by}, over {duration(self.horizon)} (Kaplan-Meier).{thirds_said}"
        if view != "survival":
            together = f"All values of {short(self.axis)} together: of" if self.axis else "Of"
            about = f"{together} 100 groups, those closed so far for each reason (Aalen-Johansen)."
        ends = " ".join(self.ends(panel, view, found) for panel, found in zip(self.panels.panels, curves, strict=True))
        return (
            f"{about}{self.panels.words()} {ends} The bands are 95 % intervals by replicate: they show chance alone, "
            "not whether the model is right."
        )

    def ends(self, panel: Panel, view: str, curves: Curves) -> str:
        """Return where the curves of a panel end, in words."""
        what = "still meeting" if view == "survival" else "closed"
        ends = "; ".join(f"{name}: {100 * curve.value[-1]:.0f} of 100" for name, curve in curves)
        return f"{capital(panel.name)}{': at' if panel.name else 'At'} the end {what}: {ends or 'none'}."


def survival_view(found: StudyData, choice: Selection, axis: str) -> SurvivalView | None:
    """Return how long groups lasted by the values of an axis; None where that was not watched."""
    if not found.has(*NEEDED):
        return None
    weeks, closed = found.numbers("weeks_to_closure"), found.numbers("closed")
    panels = panels_of(found, choice, (axis,), MOST_PANELS)
    open_, reasons, grouped = [], [], False
    for panel in panels.panels:
        levels = at_levels(found, axis, panel.points)
        grouped |= len(levels) > MOST_CURVES
        made = [(name, kaplan_meier(*_pooled(points, weeks, closed))) for name, points in thirds(levels, MOST_CURVES)]
        open_.append(tuple((name, curve) for name, curve in made if curve is not None))
        reasons.append(_by_reason(found, list(panel.points), weeks, closed))
    horizon = followed(weeks, closed) or max(1.0, float(found.weeks))
    return SurvivalView(axis, panels, tuple(open_), tuple(reasons), horizon, grouped)


def _pooled(points: list[int], *columns: Numbers) -> tuple[NDArray[Any], ...]:
    """Return the runs of some points as flat columns, and the replicate of each."""
    replicates = np.broadcast_to(np.arange(columns[0].shape[1]), (len(points), columns[0].shape[1]))
    return (*(column[points].ravel() for column in columns), replicates.ravel())


def _by_reason(found: StudyData, points: list[int], weeks: Numbers, closed: Numbers) -> Curves:
    """Return of the groups at some points the share that closed for each reason, the commonest first."""
    if not found.has(REASON):
        return ()
    when, ended, texts, replicates = _pooled(points, weeks, closed, found.texts(REASON))
    there = ~(np.isnan(when) | np.isnan(ended))
    said = [str(text) if gone and text else None for text, gone in zip(texts[there], ended[there] == 1, strict=True)]
    curves = []
    for reason in sorted({text for text in said if text}):
        curve = aalen_johansen(when[there], said, reason, replicates[there])
        if curve is not None:
            curves.append((REASONS.get(reason, reason.replace("_", " ")), curve))
    return tuple(sorted(curves, key=lambda one: -one[1].value[-1]))


def survival_figures(found: SurvivalView, view: str) -> str:
    """Return the curves for the page, "survival" or "reasons"; nothing if no group closed."""
    every = found.open_ if view == "survival" else found.closed
    usual = "Groups still meeting" if view == "survival" else "Groups closed, by reason"

    def drawn(panel: Panel, curves: Curves) -> str:
        size = (5.4, 3.2 + 0.11 * len(curves))
        told = found.ends(panel, view, curves)
        return picture(lambda axes: _draw(axes, curves, found, view), capital(panel.name or usual), told, size)

    pairs = zip(found.panels.panels, every, strict=True)
    return "".join(drawn(panel, curves) for panel, curves in pairs if curves)


def survival_plate(found: SurvivalView, view: str) -> Plate:
    """Return the curves for a paper: the panels in one figure, two beside each other, with one legend."""
    every = found.open_ if view == "survival" else found.closed
    rows = -(-len(every) // 2)

    def draw(axes: Axes) -> None:
        if len(every) == 1:
            _draw(axes, every[0], found, view)
            return
        axes.axis("off")
        for part, curves in zip(panel_axes(axes, found.panels.panels), every, strict=True):
            _draw(part, curves, found, view, legend=False)
        for part in axes.child_axes[1::2]:
            part.set_ylabel("")
        every_line = {line.get_label(): line for part in axes.child_axes for line in part.get_lines()}
        for name, line in every_line.items():
            axes.plot([], [], color=line.get_color(), linestyle=line.get_linestyle(), label=name)
        if every_line:
            legend_below(axes, 3)

    return Plate(draw, found.caption(view), inches(high=100.0 if len(every) == 1 else 10.0 + 72.0 * rows))


def _draw(axes: Axes, curves: Curves, found: SurvivalView, view: str, *, legend: bool = True) -> None:
    colours = ORDERED if view == "survival" else COLOURS
    for k, (name, curve) in enumerate(curves):
        style: Any = {"color": colours[k % len(colours)], "linestyle": DASHES[(k // len(colours)) % 5]}
        weeks = np.append(curve.weeks, max(found.horizon, curve.weeks[-1])) / 52.0
        share, low, high = (100.0 * np.append(part, part[-1]) for part in (curve.value, curve.low, curve.high))
        axes.step(weeks, share, where="post", linewidth=1.7, label=name, **style)
        axes.fill_between(weeks, low, high, step="post", color=style["color"], alpha=0.14, linewidth=0)
    axes.set_xlim(0, max(found.horizon, 1.0) / 52.0)
    axes.set_ylim(0, 104 if view == "survival" else None)
    axes.set_xlabel("years")
    axes.set_ylabel("still meeting, of 100 groups" if view == "survival" else "closed so far, of 100 groups")
    if legend and curves:
        legend_below(axes, 3)
