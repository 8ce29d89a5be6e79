"""The four figures of docs/docking.md, from the rows of docs/docking.csv."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from findings import Finding

from mhsim.palette import BLUE, GREEN, GREY, ORANGE, RED


def draw(rows: Sequence[Finding], folder: Path) -> None:
    """Draw all figures into a folder."""
    mpl.rcParams.update({"svg.hashsalt": "mhsim", "axes.titlesize": 10, "axes.labelsize": 9, "legend.fontsize": 8})
    folder.mkdir(exist_ok=True)
    for name, drawn in (
        ("overload", _overload),
        ("enthusiasm", _enthusiasm),
        ("contact", _contact),
        ("passage", _passage),
    ):
        figure, panels = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
        drawn(rows, *panels)
        for panel in panels:
            panel.spines[["top", "right"]].set_visible(False)
        figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
        plt.close(figure)


def _line(panel: Any, rows: Sequence[Finding], model: str, what: str, *, times: float = 1.0, **style: Any) -> None:
    """Draw a finding along its places with its interval as a band."""
    own = sorted((row for row in rows if (row.model, row.what) == (model, what)), key=lambda row: row.at)
    places = [row.at for row in own]
    value, low, high = ([times * getattr(row, edge) for row in own] for edge in ("value", "low", "high"))
    (line,) = panel.plot(places, value, **style)
    panel.fill_between(places, low, high, color=line.get_color(), alpha=0.15, linewidth=0)


def _overload(rows: Sequence[Finding], twin: Any, ours: Any) -> None:
    _line(twin, rows, "overload curve", "all drop out", times=100, color=RED, label="of 100 teams, all drop out")
    _line(
        twin,
        rows,
        "overload curve",
        "some drop out",
        times=100,
        color=GREY,
        ls="--",
        label="of 100, a fifth to four fifths",
    )
    twin.set(title="twin of the overload model", xlabel="spread of capacities, mean 50", ylim=(0, 100))
    twin.legend(frameon=False)
    _line(
        ours,
        rows,
        "overload mhsim",
        "alive_at_end",
        times=100,
        color=BLUE,
        marker="o",
        label="of 100 groups, open after ten years",
    )
    _line(
        ours,
        rows,
        "overload mhsim",
        "hours_covered",
        times=100,
        color=ORANGE,
        marker="s",
        ls="--",
        label="of 100 hours called for, done",
    )
    ours.set(
        title="mhsim: helpers go by burning out alone",
        xlabel="spread of spare time (s.d. of logs), same mean",
        ylim=(0, 100),
    )
    ours.legend(frameon=False)


def _enthusiasm(rows: Sequence[Finding], twin: Any, ours: Any) -> None:
    _line(twin, rows, "enthusiasm curve", "share of those outside brought in", times=100, color=BLUE)
    threshold = next(row.value for row in rows if row.what.startswith("threshold 1 / U"))
    twin.axvline(threshold, color=GREY, ls=":")
    twin.text(threshold + 0.05, 80, "threshold 1 / U", color=GREY)
    twin.plot([2.05], [100 * (0.5343 - 0.4894) / 0.5106], "o", color=RED, label="Wales 1904/5")
    twin.legend(frameon=False, loc="lower right")
    twin.set(title="twin: final size, 51 of 100 outside at first", xlabel="reproduction potential R")
    twin.set_ylabel("of 100 outside, brought in")
    growth = {row.at: row for row in rows if (row.model, row.what) == ("enthusiasm mhsim", "growth")}
    places = [row for row in rows if (row.model, row.what) == ("enthusiasm mhsim", "R U")]
    for row in places:
        one = growth[row.at]
        ours.errorbar(row.value, one.value, [[one.value - one.low], [one.high - one.value]], fmt="o", color=BLUE)
    ours.axvline(1, color=GREY, ls=":")
    ours.axhline(1, color=GREY, ls=":")
    ours.set(title="mhsim: a group that lives by invitation", xlabel="R U of members")
    ours.set_ylabel("members at 20 years / those at 10")


def _contact(rows: Sequence[Finding], twin: Any, ours: Any) -> None:
    _line(twin, rows, "contact curve", "speed of beginning", color=RED, marker="o")
    bend = next(row for row in rows if row.what.startswith("critical speed"))
    twin.axvline(bend.value, color=GREY, ls=":")
    twin.axvspan(bend.low, bend.high, color=GREY, alpha=0.15, linewidth=0)
    twin.set(title="twin: beginning to drink", xlabel="chance to move in a step (speed of mixing)", ylim=(0, None))
    twin.set_ylabel("1 / steps until half have begun")
    joiners = "accommodated_at_52_joiners"
    for part, colour, style in (
        ("as shipped", BLUE, "o-"),
        ("every meeting in full", GREEN, "s--"),
        ("meetings do nothing", GREY, "^:"),
    ):
        _line(
            ours,
            rows,
            "contact mhsim",
            f"{part}: {joiners}",
            times=100,
            color=colour,
            marker=style[0],
            ls=style[1:],
            label=part,
        )
    ours.set(title="mhsim: joiners who found the way in a year", xlabel="meetings a week", ylim=(0, 60))
    ours.set_ylabel("of 100 joiners")
    ours.legend(frameon=False)


def _passage(rows: Sequence[Finding], alive: Any, members: Any) -> None:
    for panel, what, times in ((alive, "open", 100.0), (members, "members", 1.0)):
        _line(panel, rows, "passage mean field", what, times=times, color=GREY, ls="--", label="mean field")
        _line(panel, rows, "passage 1", what, times=times, color=BLUE, marker="o", label="mhsim")
        _line(panel, rows, "passage 4", what, times=times, color=ORANGE, marker="s", label="mhsim, four times as large")
        panel.set_xlabel("people who come into need, a week and group")
    threshold = next(row.value for row in rows if row.what.startswith("threshold: people"))
    alive.axvline(threshold, color=GREY, ls=":")
    alive.set(title="of 100 groups, open after ten years", ylim=(0, 102), xlim=(0, 1.0))
    alive.legend(frameon=False, loc="lower right")
    members.set(title="members of an open group (divided by size)")
