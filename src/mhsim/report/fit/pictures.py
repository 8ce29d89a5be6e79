"""The pictures of a fitted group: what lies ahead, and its record beside the simulated groups most like it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from mhsim.palette import BLUE, ORANGE
from mhsim.report.figures import INK, legend_below, picture
from mhsim.report.formatting import plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MONTHS_OF_A_YEAR = 13
"""Periods of four weeks in a year."""
TITLES = {"present": "People at a meeting", "members": "Members", "helpers": "Helpers"}


def next_picture(told: dict[str, Any]) -> Markup:
    """Return the picture of people at a meeting in the two years to come, after those of the record."""
    bands = np.array(told["outlook"]["weekly"])
    ahead = (np.arange(len(bands)) + 0.5) / MONTHS_OF_A_YEAR
    seen = told["months"].get("present", {}).get("seen", [])
    before = (np.arange(len(seen)) - len(seen) + 0.5) / MONTHS_OF_A_YEAR

    def draw(axes: Axes) -> None:
        axes.fill_between(ahead, bands[:, 0], bands[:, 4], color=BLUE, alpha=0.18, linewidth=0, label="95 of 100")
        axes.fill_between(ahead, bands[:, 1], bands[:, 3], color=BLUE, alpha=0.35, linewidth=0, label="half of them")
        axes.plot(ahead, bands[:, 2], color=BLUE, linewidth=1.8, label="middle")
        if len(seen):
            axes.plot(before, _numbers(seen), "o", color=ORANGE, markersize=3.5, label="your record")
        axes.axvline(0.0, color=INK, linewidth=0.8)
        axes.set_xlabel("years from now")
        axes.set_ylabel("people")
        axes.set_ylim(bottom=0)
        legend_below(axes)

    last = f"After two years: {plain(bands[-1, 2])}, 95 of 100 from {plain(bands[-1, 0])} to {plain(bands[-1, 4])}."
    return picture(draw, "People at a meeting from now on", last)


def months_pictures(told: dict[str, Any]) -> list[Markup]:
    """Return a picture of each thing that was noted by the week, with the bands of the groups most like the record."""
    return [_months_picture(TITLES[name], found) for name, found in told["months"].items()]


def _months_picture(title: str, found: dict[str, Any]) -> Markup:
    bands = np.array(found["bands"])
    years = (np.arange(len(bands)) + 0.5) / MONTHS_OF_A_YEAR

    def draw(axes: Axes) -> None:
        axes.fill_between(years, bands[:, 0], bands[:, 2], color=BLUE, alpha=0.22, linewidth=0, label="95 of 100 alike")
        axes.plot(years, bands[:, 1], color=BLUE, linewidth=1.6, label="middle of these")
        axes.plot(years, _numbers(found["seen"]), "o", color=ORANGE, markersize=3.5, label="your record")
        axes.set_xlabel("years since the record begins")
        axes.set_ylabel("people")
        axes.set_ylim(bottom=0)
        legend_below(axes)

    return picture(draw, title, f"{found['within']} of {found['months']} dots lie within the band.")


def _numbers(values: list[float | None]) -> np.ndarray:
    found: np.ndarray = np.array([np.nan if value is None else value for value in values], float)
    return found
