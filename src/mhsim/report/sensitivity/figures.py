"""Pictures of sensitivity: ranked bars with their intervals, and how the index settles as the sample grows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mhsim.report.figures import BLUE, COLOURS, DASHES, MARKS, ORANGE, RED, legend_below, picture
from mhsim.report.formatting import capital, joined, plain
from mhsim.report.html import Markup
from mhsim.report.sensitivity.ranking import Analysis, Ranked, number, scale_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_BARS, MOST_LINES = 12, 5


def bars(analysis: Analysis, outcome: str, ranked: Sequence[Ranked]) -> Markup:
    """Return the largest indices as bars, the name of the parameter above each; assumed ones are hatched."""
    factor, digits, unit = scale_of(analysis.method, outcome)
    shown = ranked[:MOST_BARS]

    def draw(axes: Axes) -> None:
        named = set()
        for place, one in enumerate(shown):
            look: Any = {"facecolor": ORANGE, "hatch": "///", "edgecolor": "white"} if one.assumed else {"color": BLUE}
            label = "only assumed" if one.assumed else "has a source"
            look["label"] = f"_{label}" if label in named else label
            named.add(label)
            axes.barh(place, factor * one.value, height=0.42, linewidth=0, **look)
            ends = [[factor * max(0.0, one.value - one.low)], [factor * max(0.0, one.high - one.value)]]
            axes.errorbar([factor * one.value], [place], xerr=ends, color="#707a80", linewidth=1.3, capsize=3)
            axes.text(0, place - 0.29, f" {one.path}", va="bottom", ha="left", fontsize=9)
        if shown[0].floor > 0:
            axes.axvline(factor * shown[0].floor, color=RED, linestyle=":", label="what noise may make")
        axes.set_yticks(range(len(shown)), [str(place + 1) for place in range(len(shown))])
        axes.set_ylim(len(shown) - 0.55, -0.85)
        axes.set_xlim(left=0)
        axes.grid(visible=False, axis="y")
        axes.set_xlabel(unit.strip())
        legend_below(axes, 3)

    telling = joined([f"{one.path} {plain(factor * one.value, digits)}" for one in shown])
    title = f"{capital(outcome.replace('_', ' '))}: what moves it most"
    return picture(draw, title, f"In order:{' ' + telling}; in{unit}.", (5.6, 1.15 + 0.46 * len(shown)))


def settling(analysis: Analysis, outcome: str, ranked: Sequence[Ranked]) -> Markup:
    """Return the main index of the first parameters by the share of the sample it is computed from."""
    factor, digits, unit = scale_of(analysis.method, outcome)
    shown = ranked[:MOST_LINES]
    rows = [row for row in analysis.convergence if row["outcome"] == outcome]

    def draw(axes: Axes) -> None:
        for place, one in enumerate(shown):
            steps = [row for row in rows if row["path"] == one.path]
            spots = [row["blocks"] for row in steps]
            look = {"color": COLOURS[place], "marker": MARKS[place], "linestyle": DASHES[place]}
            axes.plot(spots, [factor * number(row["value"]) for row in steps], label=one.path, markersize=4, **look)
            low, high = ([factor * number(row[end]) for row in steps] for end in ("low", "high"))
            axes.fill_between(spots, low, high, color=COLOURS[place], alpha=0.13, linewidth=0)
        axes.set_ylim(bottom=0)
        axes.set_xlabel(BLOCKS[analysis.method])
        axes.set_ylabel(unit.strip())
        legend_below(axes, 1)

    told = []
    for one in shown:
        steps = [factor * number(row["value"]) for row in rows if row["path"] == one.path]
        told.append(f"{one.path} from {plain(steps[0], digits)} to {plain(steps[-1], digits)}")
    return picture(draw, "Has it settled?", f"As the sample grows: {'; '.join(told)}.", (5.6, 4.6))


BLOCKS = {"morris": "trajectories used", "sobol": "blocks used", "pawn": "points used"}
