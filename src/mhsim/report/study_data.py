"""A finished study as the report sees it: what varied, and every measure as a table of points by replicates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from numpy.typing import NDArray

from mhsim.errors import InputError
from mhsim.outcomes.measures import MEASURES

Value = float | int | bool | str
Numbers = NDArray[np.float64]
KINDS = {measure.name: measure.kind for measure in MEASURES}


@dataclass(frozen=True)
class Failure:
    """A run that did not end well: where it stands, what went wrong, how to repeat it."""

    point: int
    replicate: int
    error: str
    command: str


@dataclass(frozen=True)
class Found:
    """A finished study.

    Attributes
    ----------
    manifest, study, base : dict
        What the folder says about itself, its study and its base scenario.
    points : tuple of dict
        What each point varies: path and value.
    columns : dict of arrays, shape (points, replicates)
        Every watched measure; NaN or None where a run failed or had no case.
    done : array of bool, shape (points, replicates)
        Which runs ended well.
    """

    manifest: dict[str, Any]
    study: dict[str, Any]
    base: dict[str, Any]
    points: tuple[dict[str, Value], ...]
    columns: dict[str, NDArray[Any]]
    done: NDArray[np.bool_]
    failures: tuple[Failure, ...] = ()
    base_name: str = field(default="base")

    @cached_property
    def axes(self) -> tuple[str, ...]:
        """The paths that take more than one value, in the order of the study."""
        paths = self.points[0] if self.points else {}
        return tuple(path for path in paths if len(self.levels(path)) > 1)

    def levels(self, path: str) -> tuple[Value, ...]:
        """Return the values that a path takes, in rising order; text in order of appearance."""
        seen = list(dict.fromkeys(point[path] for point in self.points if path in point))
        return tuple(seen if any(isinstance(value, str) for value in seen) else sorted(seen))

    def has(self, *measures: str) -> bool:
        """Return whether all of these measures were watched."""
        return all(name in self.columns for name in measures)

    def numbers(self, measure: str) -> Numbers:
        """Return a measure as numbers, shape (points, replicates); NaN where a run failed or had no case."""
        if measure not in self.columns:
            return np.full(self.done.shape, np.nan)
        return np.where(self.done, self.columns[measure].astype(float), np.nan)

    def texts(self, measure: str) -> NDArray[Any]:
        """Return a measure of words, shape (points, replicates); None where a run failed or said nothing."""
        found = np.full(self.done.shape, None, dtype=object)
        if measure in self.columns:
            found[self.done] = self.columns[measure][self.done]
        return found

    def assumed(self, path: str) -> Any:
        """Return the value of a path wherever it does not vary; None if there is no such path."""
        single = self.levels(path)
        if len(single) == 1:
            return single[0]
        given: Mapping[str, Any] = self.study.get("set") or {}
        if path in given:
            return given[path]
        return inner(self.base, path)

    @property
    def weeks(self) -> int:
        """The length of the runs, in weeks; of the shortest if they differ."""
        if self.levels("weeks"):
            return int(min(float(value) for value in self.levels("weeks")))
        return int(self.study.get("weeks") or self.assumed("weeks") or 520)


def inner(data: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a dotted path of nested dictionaries; None if nothing does."""
    value: Any = data
    for key in path.split("."):
        if not isinstance(value, Mapping) or key not in value:
            return None
        value = value[key]
    return value


def read_study(folder: Path) -> Found:
    """Read the folder of a finished study.

    Raises
    ------
    InputError
        If the folder holds none; the message is one line.
    """
    if not (folder / "manifest.json").is_file():
        raise InputError("this folder holds neither a run nor a study", str(folder))
    if not (folder / "runs.parquet").is_file():
        raise InputError("the study in this folder is not finished; go on with it by mhsim sweep --resume", str(folder))
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        study = yaml.safe_load((folder / "study.yaml").read_text(encoding="utf-8"))
        base = yaml.safe_load((folder / "base.yaml").read_text(encoding="utf-8"))
        points, runs = read_table(folder / "points.parquet"), read_table(folder / "runs.parquet")
        return found_in(manifest, study, base, points, runs)
    except (OSError, ValueError, KeyError, AttributeError, TypeError, yaml.YAMLError, pa.ArrowException) as problem:
        raise InputError(f"the study in this folder cannot be read: {problem}", str(folder)) from None


def read_table(path: Path) -> pa.Table:
    """Return a Parquet file, whatever the names of the folders above it."""
    with path.open("rb") as opened, pq.ParquetFile(opened) as file:
        return file.read()


def found_in(
    manifest: dict[str, Any], study: dict[str, Any], base: dict[str, Any], points: pa.Table, runs: pa.Table
) -> Found:
    """Return a study from the tables it left behind."""
    rows = sorted(points.to_pylist(), key=lambda row: int(row["point"]))
    number = {int(row.pop("point")): place for place, row in enumerate(rows)}
    at = np.array([number[point] for point in runs["point"].to_pylist()], dtype=int)
    replicate = np.array(runs["replicate"].to_pylist(), dtype=int)
    shape = (len(rows), 1 + max(replicate, default=0))
    done = np.zeros(shape, np.bool_)
    done[at, replicate] = [status == "done" for status in runs["status"].to_pylist()]
    columns = {}
    for name in runs.column_names:
        if name in KINDS:
            text = KINDS[name] == "text"
            columns[name] = np.full(shape, None if text else np.nan, dtype=object if text else float)
            columns[name][at, replicate] = [_cell(value, text) for value in runs[name].to_pylist()]
    name = Path(str(study.get("base", "base"))).stem
    return Found(manifest, study, base, tuple(rows), columns, done, tuple(_failures(runs, number)), name)


def _cell(value: Any, text: bool) -> Any:
    if text:
        return value
    return np.nan if value is None else float(value)


def _failures(runs: pa.Table, number: dict[int, int]) -> list[Failure]:
    commands = runs["command"].to_pylist() if "command" in runs.column_names else [None] * len(runs)
    rows = zip(*(runs[k].to_pylist() for k in ("point", "replicate", "status", "error")), commands, strict=True)
    return [
        Failure(number[point], replicate, error or "no reason was kept", command or "")
        for point, replicate, status, error, command in rows
        if status != "done"
    ]
