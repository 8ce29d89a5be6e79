"""A picture of one group: its members on a ring of seats, with their stages, roles and ties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx
import numpy as np

from mhsim import palette
from mhsim.schema import ROLES, STAGES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from mhsim.model.group import Group

RINGS = {
    "newcomer": (":", "#777777"),
    "helper": ("-", "#000000"),
    "organiser": ("--", "#000000"),
    "apprentice": ("-", "#777777"),
}
"""Line and colour of the ring round who has such a role."""


def seats(number: int) -> np.ndarray:
    """Return places on a circle of radius 1, shape (number, 2), clockwise from the top."""
    angle = 2.0 * np.pi * np.arange(number) / max(1, number)
    return np.column_stack([np.sin(angle), np.cos(angle)])


def draw_group(group: Group, axes: Axes) -> None:
    """Draw a group: a mark per member by stage, a ring by role, a line per tie, as wide as the tie is strong.

    Members sit in order of arrival, clockwise from the top. At the opening and after its end a group has no members.

    Parameters
    ----------
    group : Group
        Whom to draw.
    axes : matplotlib.axes.Axes
        Where to draw; its frame and ticks are taken away.
    """
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.set(xlim=(-1.25, 1.25), ylim=(-1.25, 1.25))
    members = group.members
    places, stages, roles = seats(len(members)), np.array(members.get("stage")), np.array(members.get("role"))
    _draw_ties(group, dict(zip(members.get("unique_id"), places, strict=True)), axes)
    area = max(20.0, 1800.0 / max(12, len(members)))
    for stage in STAGES:
        colour, shape = palette.STAGES[stage]
        at = places[stages == stage]
        axes.scatter(at[:, 0], at[:, 1], s=area, marker=shape, color=colour, label=f"{stage}: {len(at)}", zorder=2)
    for role in ROLES:
        at = places[roles == role]
        if role in RINGS:
            line, colour = RINGS[role]
            shown = f"{role}: {len(at)}"
            axes.scatter(
                at[:, 0],
                at[:, 1],
                s=3 * area,
                facecolors="none",
                edgecolors=colour,
                linestyle=line,
                label=shown,
                zorder=3,
            )
    axes.set_title(f"Group {group.number}: {len(members)} members" if group.alive else f"Group {group.number}: closed")
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), labelspacing=1.4, borderpad=1.2, frameon=False)


def _draw_ties(group: Group, places: dict[int, np.ndarray], axes: Axes) -> None:
    graph: networkx.Graph = group.model.network(group, directed=False)
    for one, other, tie in graph.edges(data=True):
        (x, y), (other_x, other_y) = places[one], places[other]
        axes.plot([x, other_x], [y, other_y], color="#bbbbbb", linewidth=3.0 * tie["strength"], zorder=1)
