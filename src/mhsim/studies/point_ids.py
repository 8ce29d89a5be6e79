"""Which number a point goes by in the chunks of a folder, even after points were added to its study.

Chunks are never written again. So a point keeps the number it first had there, and new points take the next ones;
`numbering.json` lists the points in that order. It is written only where that order is not the one of the study.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mhsim.errors import InputError
from mhsim.safe_files import open_checked, read_table, write_whole
from mhsim.scenario import Value

FILE = "numbering.json"


def names_of(paths: Sequence[str], points: Sequence[Sequence[Value]]) -> list[str]:
    """Return a name for each point, made from its values; equal points are told apart by their order."""
    seen: Counter[str] = Counter()
    names = []
    for values in points:
        name = json.dumps(dict(zip(paths, values, strict=True)), sort_keys=True)
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return names


def study_points(folder: Path) -> list[str]:
    """Return the points that a folder's study had when it was last worked on, by name; none in a new folder."""
    path = folder / "points.parquet"
    if not path.exists():
        return []
    columns: dict[str, list[Any]] = read_table(path).to_pydict()
    number = len(columns.pop("point", ()))
    rows = zip(*columns.values(), strict=True) if columns else [()] * number
    return names_of(tuple(columns), list(rows))


def stored_points(folder: Path) -> list[str]:
    """Return the points in the order of their numbers in the chunks."""
    path = folder / FILE
    if not path.exists():
        return study_points(folder)
    with open_checked(path) as file:
        names = json.loads(file.read())
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise InputError("this file cannot be read: it holds no list of points", str(path))
    return names


def renumbers(folder: Path, points: Sequence[str]) -> bool:
    """Return whether these points of a study are not numbered as they are in the chunks."""
    before = stored_points(folder)
    return list(points[: len(before)]) != before[: len(points)]


def add_points(folder: Path, points: Sequence[str]) -> None:
    """Give every point that has no number yet the next one; write that down if numbers are not those of the study."""
    before = stored_points(folder)
    known = set(before)
    names = before + [name for name in points if name not in known]
    if (folder / FILE).exists() or names[: len(points)] != list(points):
        write_whole(folder / FILE, (json.dumps(names, indent=0) + "\n").encode())


def numbers(folder: Path, points: Sequence[str]) -> NDArray[np.int64]:
    """Return the number of each point in the chunks, shape (points,)."""
    if not (folder / FILE).exists():
        return np.arange(len(points))
    place = {name: number for number, name in enumerate(stored_points(folder))}
    return np.array([place[name] for name in points], np.int64)


def points_by_number(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the point behind each number in the chunks; -1 where the study has no such point."""
    found = np.full(1 + int(numbers.max(initial=-1)), -1, np.int64)
    found[numbers] = np.arange(len(numbers))
    return found
