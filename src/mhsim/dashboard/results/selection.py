"""What is chosen on the page, out of what a study offers: a measure, axes, and which points are looked at.

A choice is made of keys of the address: measure, across, up, point. What does not fit the study falls back to the first
thing that does, so that an address of one study opens another. In a grid of points nothing is averaged over what else
varies: its combinations stand side by side, and where there are too many, one value of an axis is looked at, and said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import prod
from typing import Any

from mhsim.core.params import UNITS
from mhsim.report.formatting import joined, value_text
from mhsim.report.sweep.page import MAIN
from mhsim.scenario import parameter_rows
from mhsim.studies.data import StudyData, at_path

NONE, ALL = "none", "all"
MOST_CELLS = 4000
"""Cells of a heat map; axes of more values give no map."""
UNIT_WORDS = {
    "1/year": "times a year",
    "1/week": "times a week",
    "share/week": "share a week",
    "share/meeting": "share a meeting",
    "share/help": "share each time",
    "share": "0 to 1",
    "chance": "0 to 1",
    "people/week": "people a week",
    "meetings/week": "meetings a week",
    "hours/week": "hours a week",
    "money/week": "gifts a week",
} | {unit: unit for unit in ("people", "groups", "communities", "weeks", "s.d.", "distance")}
"""How the unit of a parameter stands at an axis."""
NAMELESS = {"weight", "people a week", "log-odds", "money", "choice", "switch", "number"}
"""Units with no name to show there."""
assert set(UNIT_WORDS) | NAMELESS == set(UNITS)


@dataclass(frozen=True)
class Selection:
    """What is shown of a study.

    Attributes
    ----------
    measure : str
        The measure; empty if none was watched.
    across, down : str
        The axes of the heat map or line; empty where there is none.
    kept : tuple of (str, str)
        Axes at which only one value is looked at, with that value as text.
    """

    measure: str
    across: str
    down: str
    kept: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Panel:
    """One combination of the values of what else varies: in words, and its points."""

    name: str
    points: tuple[int, ...]


@dataclass(frozen=True)
class Panels:
    """The combinations of what else varies, side by side.

    Attributes
    ----------
    panels : tuple of Panel
        At least one; its name is empty where nothing else varies.
    kept : tuple of (str, str)
        Axes of which there were too many combinations, and the value that is looked at.
    grid : bool
        Whether the points are a grid.
    mixed : tuple of str
        Axes that vary along with what is shown, in a study whose points are no grid.
    """

    panels: tuple[Panel, ...]
    kept: tuple[tuple[str, str], ...]
    grid: bool = True
    mixed: tuple[str, ...] = ()

    def words(self) -> str:
        """Return what is looked at and what is taken together, in sentences that follow a caption."""
        kept = "".join(f" Only {short(path)} = {text}." for path, text in self.kept)
        along = joined([short(path) for path in self.mixed])
        return kept + (f" Points that agree in what is named are taken together; {along} vary too." if along else "")

    def axes_in(self, axes: Any) -> list[Any]:
        """Return axes within axes, two beside each other, each under the name of its panel; all for a single one."""
        if len(self.panels) == 1:
            return [axes.inset_axes((0.0, 0.0, 1.0, 1.0))]
        room = 1.0 / -(-len(self.panels) // 2)
        made = []
        for k, panel in enumerate(self.panels):
            high = room * (0.68 - 0.06 * (panel.name.count(", ") + 1))
            made.append(axes.inset_axes((0.54 * (k % 2), 1.0 - room * (k // 2 + 1), 0.46, high)))
            made[-1].set_title(panel.name.replace(", ", "\n"), fontsize=8, fontweight="normal")
        return made


def chosen(keys: Mapping[str, str], data: StudyData, measures: Sequence[str]) -> Selection:
    """Return the choice that an address makes for a study."""
    measure = keys.get("measure", "")
    if measure not in measures:
        measure = next((name for name in MAIN if name in measures), measures[0] if measures else "")
    wanted = kept_in(keys["point"]) if "point" in keys else usual(data)
    kept = tuple((path, wanted[path]) for path in data.axes if wanted.get(path) in level_texts(data, path))
    free = [path for path in data.axes if path not in dict(kept)]
    across = keys.get("across") if keys.get("across") in free else (free[0] if free else "")
    rest = downs(data, free, across or "")
    first = rest[0] if rest and is_grid(data) else NONE
    down = keys.get("up") if keys.get("up") in (*rest, NONE) else first
    return Selection(measure, across or "", "" if down == NONE else down or "", kept)


def downs(data: StudyData, free: Sequence[str], across: str) -> list[str]:
    """Return the axes that can stand down a map beside one that stands across."""
    wide = len(data.levels(across)) if across else 1
    return [path for path in free if path != across and wide * len(data.levels(path)) <= MOST_CELLS]


def is_grid(data: StudyData) -> bool:
    """Whether every combination of the values of the axes is a point, once."""
    return len(data.points) == prod(len(data.levels(path)) for path in data.axes)


def level_texts(data: StudyData, path: str) -> list[str]:
    """Return the values of an axis as text, in rising order."""
    return [value_text(value) for value in data.levels(path)]


def kept_in(text: str) -> dict[str, str]:
    """Return the axes at which one value is looked at, from text such as ``prepare.successors=1;start.members=8``."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {path: value for path, _, value in pairs if path}


def usual(data: StudyData) -> dict[str, str]:
    """Return what is kept unless the address says otherwise: where a study tries two starts, the scenario's own."""
    starts = data.study.get("strong") or {}
    return {path: own_value(data, path) for path in starts if path in data.axes}


def own_value(data: StudyData, path: str) -> str:
    """Return the scenario's own value of an axis as text; the first value of the study if it is none of these."""
    texts, own = level_texts(data, path), value_text(at_path(data.base, path))
    return own if own in texts else texts[0]


def kept_text(kept: Mapping[str, str]) -> str:
    """Return the same as text; "all" where all values are looked at."""
    return ";".join(f"{path}={value}" for path, value in kept.items()) or ALL


def points_kept(data: StudyData, kept: Sequence[tuple[str, str]]) -> list[int]:
    """Return the numbers of the points at which axes have some values."""
    there = enumerate(data.points)
    return [number for number, point in there if all(value_text(point[path]) == text for path, text in kept)]


def panels_of(data: StudyData, choice: Selection, shown: Sequence[str], most: int) -> Panels:
    """Return the combinations of all axes but those shown and kept, at most so many.

    Parameters
    ----------
    data : StudyData
        The study.
    choice : Selection
        What is kept at one value.
    shown : sequence of str
        Axes that the figure itself shows.
    most : int
        Panels at most; axes beyond that are looked at where the scenario itself is.
    """
    others = [path for path in data.axes if path not in (*shown, *dict(choice.kept))]
    if not is_grid(data):
        return Panels((Panel("", tuple(points_kept(data, choice.kept))),), choice.kept, False, tuple(others))
    side: list[str] = []
    for path in others:
        if prod(len(data.levels(one)) for one in (*side, path)) <= most:
            side.append(path)
    kept = (*choice.kept, *((path, own_value(data, path)) for path in others if path not in side))
    panels = []
    for texts in product(*(level_texts(data, path) for path in side)):
        pairs = tuple(zip(side, texts, strict=True))
        name = ", ".join(f"{short(path)} = {text}" for path, text in pairs)
        panels.append(Panel(name, tuple(points_kept(data, (*kept, *pairs)))))
    return Panels(tuple(panels), kept)


def at_levels(data: StudyData, path: str, rows: Sequence[int]) -> list[tuple[str, list[int]]]:
    """Return some points by the value of a path: the value as text and the numbers of its points, in rising order."""
    if not path:
        return [("all runs", list(rows))]
    by_text: dict[str, list[int]] = {text: [] for text in level_texts(data, path)}
    for number in rows:
        by_text[value_text(data.points[number][path])].append(number)
    return [(text, numbers) for text, numbers in by_text.items() if numbers]


def thirds(levels: Sequence[tuple[str, list[int]]], most: int) -> list[tuple[str, list[int]]]:
    """Return values with their points as they are, or by thirds of the values where there are more than so many."""
    if len(levels) <= most:
        return list(levels)
    edges = [round(k * len(levels) / 3) for k in range(4)]
    parts = [levels[first:last] for first, last in pairwise(edges)]
    return [(f"{part[0][0]} to {part[-1][0]}", [n for _, numbers in part for n in numbers]) for part in parts]


def short(path: str) -> str:
    """Return a path as a reader meets it: "serve.turnover_per_year" is "turnover per year (serve)"."""
    section, _, name = path.rpartition(".")
    if name == "enabled":
        return f"{section.replace('_', ' ')} on or off"
    return name.replace("_", " ") + (f" ({section.replace('_', ' ')})" if section else "")


def axis_label(path: str) -> str:
    """Return what stands at an axis: a path in words, with its unit."""
    unit = next((str(row["unit"]) for row in parameter_rows() if row["path"] == path), "")
    return f"{short(path)}, {UNIT_WORDS[unit]}" if unit in UNIT_WORDS else short(path)


def inches(high: float = 100.0) -> tuple[float, float]:
    """Return the width of a figure for a paper, 160 mm, and its height in millimetres, both as inches."""
    return 160.0 / 25.4, high / 25.4
