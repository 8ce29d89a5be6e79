"""What is chosen on the page, out of what a study offers: a measure, axes, and which points are looked at.

A choice is made of keys of the address: measure, across, up, point. What does not fit the study falls back to the first
thing that does, so that an address of one study opens another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mhsim.report.formatting import value_text
from mhsim.report.sweep.page import MAIN
from mhsim.studies.data import StudyData, at_path

NONE, ALL = "none", "all"
MOST_LINES = 6


@dataclass(frozen=True)
class Choice:
    """What is shown of a study.

    Attributes
    ----------
    measure : str
        The measure; empty if none was watched.
    across, down : str
        The axes of the heat map or line; empty where there is none.
    kept : tuple of (str, str)
        Axes at which only one value is looked at, with that value as text; all others are averaged.
    """

    measure: str
    across: str
    down: str
    kept: tuple[tuple[str, str], ...] = ()


def chosen(keys: Mapping[str, str], found: StudyData, measures: Sequence[str]) -> Choice:
    """Return the choice that an address makes for a study."""
    measure = keys.get("measure", "")
    if measure not in measures:
        measure = next((name for name in MAIN if name in measures), measures[0] if measures else "")
    wanted = kept_in(keys["point"]) if "point" in keys else usual(found)
    kept = tuple(
        (path, wanted[path])
        for path in found.axes
        if wanted.get(path) in {value_text(value) for value in found.levels(path)}
    )
    free = [path for path in found.axes if path not in dict(kept)]
    across = keys.get("across") if keys.get("across") in free else (free[0] if free else "")
    rest = [path for path in free if path != across]
    down = keys.get("up") if keys.get("up") in (*rest, NONE) else (rest[0] if rest else "")
    return Choice(measure, across or "", "" if down == NONE else down or "", kept)


def kept_in(text: str) -> dict[str, str]:
    """Return the axes at which one value is looked at, from text such as ``serve.succession=1;start.members=8``."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {path: value for path, _, value in pairs if path}


def usual(found: StudyData) -> dict[str, str]:
    """Return what is kept unless the address says otherwise: where a study tries two starts, the scenario's own."""
    starts = found.study.get("strong") or {}
    return {path: value_text(at_path(found.base, path)) for path in starts if path in found.axes}


def kept_text(kept: Mapping[str, str]) -> str:
    """Return the same as text; "all" where all values are looked at."""
    return ";".join(f"{path}={value}" for path, value in kept.items()) or ALL


def points_kept(found: StudyData, choice: Choice) -> list[int]:
    """Return the numbers of the points that are looked at."""
    return [
        number
        for number, point in enumerate(found.points)
        if all(value_text(point[path]) == text for path, text in choice.kept)
    ]


def at_levels(found: StudyData, path: str, rows: Sequence[int]) -> list[tuple[str, list[int]]]:
    """Return some points by the value of a path: the value as text and the numbers of its points, in rising order."""
    if not path:
        return [("all runs", list(rows))]
    by_text: dict[str, list[int]] = {value_text(value): [] for value in found.levels(path)}
    for number in rows:
        by_text[value_text(found.points[number][path])].append(number)
    return [(text, numbers) for text, numbers in by_text.items() if numbers]


def spread(items: Sequence[tuple[str, list[int]]], most: int = MOST_LINES) -> list[tuple[str, list[int]]]:
    """Return at most so many of some items: the first, the last and those evenly between them."""
    if len(items) <= most:
        return list(items)
    return [items[round(k * (len(items) - 1) / (most - 1))] for k in range(most)]


def short(path: str) -> str:
    """Return a path as a reader meets it: "serve.turnover_per_year" is "turnover per year (serve)"."""
    section, _, name = path.rpartition(".")
    if name == "enabled":
        return f"{section.replace('_', ' ')} on or off"
    return name.replace("_", " ") + (f" ({section.replace('_', ' ')})" if section else "")
