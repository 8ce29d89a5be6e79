"""How long groups lasted, by one axis of a study, and why the others closed.

What else varies stands side by side, a picture for each combination. Runs of several points that share a seed are not
independent: bands are those of the replicates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mhsim.dashboard.results.selection import (
    Panel,
    Panels,
    Selection,
    at_levels,
    inches,
    panels_of,
    short,
    thirds,
)
from mhsim.palette import COLOURS
from mhsim.report.figures import FigureSpec, draw_curves, legend_below, picture
from mhsim.report.formatting import REASONS, capital, duration
from mhsim.stats import Curve, Numbers, aalen_johansen, followed, kaplan_meier
from mhsim.studies.data import StudyData

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NEEDED = ("weeks_to_closure", "closed")
REASON = "closure_reasons"
MOST_PANELS, MOST_CURVES = 4, 12
CLOSED = {"colours": COLOURS, "top": None, "ylabel": "closed so far, of 100 groups"}
Curves = tuple[tuple[str, Curve], ...]


@dataclass(frozen=True)
class CurvesView:
    """Curves of 100 groups along time, for each combination of what else varies.

    Attributes
    ----------
    about : str
        What the curves are, in a sentence or two.
    title : str
        Stands above a picture whose panel has no name.
    what : str
        What the groups counted at the end are: "still meeting" or "closed".
    panels : Panels
        The combinations of what else varies.
    curves : tuple of tuple of (str, Curve)
        By panel: one for each value of the axis, or for each reason.
    horizon : float
        Weeks to which every group was followed.
    look : dict
        Colours, highest value and name of the axis, where they are not those of survival; see `draw_curves`.
    """

    about: str
    title: str
    what: str
    panels: Panels
    curves: tuple[Curves, ...]
    horizon: float
    look: Mapping[str, Any]

    @property
    def caption(self) -> str:
        """What is shown and where the curves end, in words."""
        ends = " ".join(self.ends(*pair) for pair in zip(self.panels.panels, self.curves, strict=True))
        return (
            f"{self.about}{self.panels.words()} {ends} The bands are 95 % intervals by replicate: they show chance "
            "alone, not whether the model is right."
        )

    def ends(self, panel: Panel, curves: Curves) -> str:
        """Return where the curves of a panel end, in words."""
        ends = "; ".join(f"{name}: {100 * curve.value[-1]:.0f} of 100" for name, curve in curves)
        return f"{capital(panel.name)}{': at' if panel.name else 'At'} the end {self.what}: {ends or 'none'}."


def curves_views(data: StudyData, choice: Selection, axis: str) -> dict[str, CurvesView]:
    """Return how long groups lasted by the values of an axis, and why they closed; nothing where it was not watched.

    The keys are "survival", the share still meeting by value, and "reasons", that closed by reason over all values.
    Where there are many values they are taken together by thirds.
    """
    if not data.has(*NEEDED):
        return {}
    weeks, closed = data.numbers("weeks_to_closure"), data.numbers("closed")
    panels = panels_of(data, choice, (axis,), MOST_PANELS)
    survival, reasons, grouped = [], [], False
    for panel in panels.panels:
        levels = at_levels(data, axis, panel.points)
        grouped |= len(levels) > MOST_CURVES
        made = [(name, kaplan_meier(*_pooled(points, weeks, closed))) for name, points in thirds(levels, MOST_CURVES)]
        survival.append(tuple((name, curve) for name, curve in made if curve is not None))
        reasons.append(_by_reason(data, list(panel.points), weeks, closed))
    horizon = followed(weeks, closed) or max(1.0, float(data.weeks))
    by = f" by {short(axis)}" if axis else ""
    about = f"Of 100 groups, those still meeting{by}, over {duration(horizon)} (Kaplan-Meier)."
    about += " Its values are taken together by thirds." if grouped else ""
    together = f"All values of {short(axis)} together: of" if axis else "Of"
    why = f"{together} 100 groups, those closed so far for each reason (Aalen-Johansen)."
    return {
        "survival": CurvesView(about, "Groups still meeting", "still meeting", panels, tuple(survival), horizon, {}),
        "reasons": CurvesView(why, "Groups closed, by reason", "closed", panels, tuple(reasons), horizon, CLOSED),
    }


def _pooled(points: list[int], *columns: Numbers) -> tuple[NDArray[Any], ...]:
    """Return the runs of some points as flat columns, and the replicate of each."""
    replicates = np.broadcast_to(np.arange(columns[0].shape[1]), (len(points), columns[0].shape[1]))
    return (*(column[points].ravel() for column in columns), replicates.ravel())


def _by_reason(data: StudyData, points: list[int], weeks: Numbers, closed: Numbers) -> Curves:
    """Return of the groups at some points the share that closed for each reason, the commonest first."""
    if not data.has(REASON):
        return ()
    when, ended, texts, replicates = _pooled(points, weeks, closed, data.texts(REASON))
    there = ~(np.isnan(when) | np.isnan(ended))
    said = [str(text) if gone and text else None for text, gone in zip(texts[there], ended[there] == 1, strict=True)]
    curves = []
    for reason in sorted({text for text in said if text}):
        curve = aalen_johansen(when[there], said, reason, replicates[there])
        if curve is not None:
            curves.append((REASONS.get(reason, reason.replace("_", " ")), curve))
    return tuple(sorted(curves, key=lambda one: -one[1].value[-1]))


def curves_figures(view: CurvesView) -> str:
    """Return the curves for the page, a picture for each panel; nothing if no group closed."""

    def drawn(panel: Panel, curves: Curves) -> str:
        title, size = capital(panel.name or view.title), (5.4, 3.2 + 0.11 * len(curves))
        return picture(lambda axes: _draw(axes, curves, view), title, view.ends(panel, curves), size)

    return "".join(drawn(*pair) for pair in zip(view.panels.panels, view.curves, strict=True) if pair[1])


def curves_spec(view: CurvesView) -> FigureSpec:
    """Return the curves for a paper: the panels in one figure, two beside each other, with one legend."""
    number = len(view.curves)

    def draw(axes: Axes) -> None:
        if number == 1:
            _draw(axes, view.curves[0], view)
            return
        axes.axis("off")
        for part, curves in zip(view.panels.axes_in(axes), view.curves, strict=True):
            _draw(part, curves, view, legend=False)
        for part in axes.child_axes[1::2]:
            part.set_ylabel("")
        every_line = {line.get_label(): line for part in axes.child_axes for line in part.get_lines()}
        for name, line in every_line.items():
            axes.plot([], [], color=line.get_color(), linestyle=line.get_linestyle(), label=name)
        if every_line:
            legend_below(axes, 3)

    return FigureSpec(draw, view.caption, inches(100.0 if number == 1 else 10.0 + 72.0 * -(-number // 2)))


def _draw(axes: Axes, curves: Curves, view: CurvesView, *, legend: bool = True) -> None:
    draw_curves(axes, [(*one, view.horizon) for one in curves], max(view.horizon, 1.0), **view.look)
    if legend and curves:
        legend_below(axes, 3)
