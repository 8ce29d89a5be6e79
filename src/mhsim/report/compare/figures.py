"""Pictures of a comparison: all differences on one scale, and how a difference spreads from life to life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mhsim.report.compare.data import Compared
from mhsim.report.compare.wording import verdict
from mhsim.report.figures import BLUE, COLOURS, DASHES, GREY, INK, legend_below, picture
from mhsim.report.formatting import hundred, plain
from mhsim.report.html import Markup

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Row = dict[str, Any]


def differences_figure(rows: list[Row], title: str) -> Markup:
    """Return a picture of differences in s.d. of the first scenario, one line each; nothing if none can be drawn."""
    drawn = [row for row in rows if row["difference"] is not None and row["low"] is not None and row["sd_reference"]]
    if not drawn:
        return Markup("")

    def draw(axes: Axes) -> None:
        axes.axvline(0.0, color=INK, linewidth=0.8)
        for place, row in enumerate(reversed(drawn)):
            spread, colour = row["sd_reference"], BLUE if row["clear"] else GREY
            low, value, high = (row[name] / spread for name in ("low", "difference", "high"))
            axes.plot([low, high], [place, place], color=colour, linewidth=2.2, solid_capstyle="butt")
            face = colour if row["clear"] else "none"
            axes.plot([value], [place], marker="o", markersize=6, color=colour, markerfacecolor=face, linestyle="")
        labels = [row["measure"].replace("_", " ") for row in reversed(drawn)]
        axes.set_yticks(range(len(drawn)), [""] * len(drawn))
        for place, name in enumerate(labels):
            axes.text(0.0, place + 0.18, f" {name}", transform=axes.get_yaxis_transform(), va="bottom", fontsize=8.5)
        axes.set_ylim(-0.6, len(drawn) - 0.1)
        axes.set_xlabel("difference, in s.d. of the first scenario")
        axes.tick_params(axis="y", length=0)

    telling = "; ".join(
        f"{row['measure'].replace('_', ' ')}: {plain(row['difference'] / row['sd_reference'], 2)} s.d., {verdict(row)}"
        for row in drawn
    )
    return picture(draw, title, telling, (6.2, 0.9 + 0.42 * len(drawn)))


def spreading_figure(compared: Compared) -> Markup:
    """Return a picture of the share of people whose lives differ, by week; nothing without any."""
    lines = {name: _lines(compared, name) for name in compared.names[1:]}
    if not any(lines.values()):
        return Markup("")

    def draw(axes: Axes) -> None:
        for k, (name, runs) in enumerate(lines.items()):
            for run in runs:
                axes.plot(
                    list(run), [100 * share for share in run.values()], color=COLOURS[k % 7], alpha=0.3, linewidth=0.8
                )
            mean = _mean(runs)
            heights = [100 * share for share in mean.values()]
            axes.plot(list(mean), heights, color=COLOURS[k % 7], linestyle=DASHES[k % 7], linewidth=2.2, label=name)
        axes.set_ylim(bottom=0)
        axes.set_xlim(left=0)
        axes.set_xlabel("weeks since the groups opened")
        axes.set_ylabel("of 100 people, lives that differ")
        if len(lines) > 1:
            legend_below(axes)

    told = []
    for name, runs in lines.items():
        shares = ", ".join(f"week {plain(week, 0)}: {hundred(share)}" for week, share in _mean(runs).items())
        told.append(f"{name}: of 100 people, {shares}")
    return picture(draw, "How far a difference spreads", "; ".join(told), (6.2, 3.4))


def _lines(compared: Compared, scenario: str) -> list[dict[float, float]]:
    """Return, for each replicate, the share of lives that differ by week."""
    runs: dict[int, dict[float, float]] = {}
    for row in compared.spreading:
        if row["scenario"] == scenario and row["share"] is not None:
            runs.setdefault(row["replicate"], {})[row["week"]] = row["share"]
    return list(runs.values())


def _mean(runs: list[dict[float, float]]) -> dict[float, float]:
    """Return the mean over the replicates by week."""
    weeks = sorted({week for run in runs for week in run})
    found = {week: [run[week] for run in runs if week in run] for week in weeks}
    return {week: sum(shares) / len(shares) for week, shares in found.items()}
