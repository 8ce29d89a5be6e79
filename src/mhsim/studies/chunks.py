"""Chunks of finished runs: which runs they hold, put in order, each of them once, and the numbers of points in them.

A run is a pure function of its point and its replicate. So a run that stands in two chunks, as after two sessions on
a system without locks, counts once if both rows are equal; a run that failed and was done later has been done.

Chunks are never written again. So a point keeps the number it first had there, even after points were added to its
study, and new points take the next ones; `numbering.json` lists the points in that order. It is written only where
that order is not the one of the study.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mhsim.errors import InputError
from mhsim.safe_files import StoreError, open_checked, read_json, read_table, write_whole
from mhsim.scenario import Value
from mhsim.studies.columns import DRAW

NUMBERING = "numbering.json"


def point_names(paths: Sequence[str], points: Sequence[Sequence[Value]]) -> list[str]:
    """Return a name for each point, made from its values; equal points are told apart by their order.

    A point with the values as shipped is named as in a study without draws, which may so be given draws later.
    """
    seen: Counter[str] = Counter()
    names = []
    for values in points:
        given = dict(zip(paths, values, strict=True))
        name = json.dumps({path: value for path, value in given.items() if path != DRAW or value}, sort_keys=True)
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
    return point_names(tuple(columns), list(rows))


def stored_points(folder: Path) -> list[str]:
    """Return the points in the order of their numbers in the chunks."""
    path = folder / NUMBERING
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
    if (folder / NUMBERING).exists() or names[: len(points)] != list(points):
        write_whole(folder / NUMBERING, (json.dumps(names, indent=0) + "\n").encode())


def point_numbers(folder: Path, points: Sequence[str]) -> NDArray[np.int64]:
    """Return the number of each point in the chunks, shape (points,)."""
    if not (folder / NUMBERING).exists():
        return np.arange(len(points))
    place = {name: number for number, name in enumerate(stored_points(folder))}
    return np.array([place[name] for name in points], np.int64)


def points_by_number(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the point behind each number in the chunks; -1 where the study has no such point."""
    found = np.full(1 + int(numbers.max(initial=-1)), -1, np.int64)
    found[numbers] = np.arange(len(numbers))
    return found


RUNS_IN_CHUNK = 50
"""Runs in a chunk at least, unless they take long."""
MOST_CHUNKS = 200
"""Chunks of a large study at most, about."""
ENVIRONMENT = {"WorkerDied", "MemoryError", OSError.__name__, *(kind.__name__ for kind in OSError.__subclasses__())}
"""Errors that come from the machine and not from the run, by their names at the beginning of what is stored."""


@dataclass(frozen=True)
class Chunks:
    """The chunks of a folder, read with the points that its study has now.

    Attributes
    ----------
    paths : tuple of Path
        The chunks, by name.
    points : array of int, shape (numbers,)
        The point behind each number in the chunks; -1 where the study has no such point.
    replicates : int
        Replicates of the study; rows beyond are left out.
    """

    paths: tuple[Path, ...]
    points: NDArray[np.int64]
    replicates: int

    @property
    def total(self) -> int:
        """Number of runs of the study."""
        return int((self.points >= 0).sum()) * self.replicates

    def rows(self, path: Path, columns: Sequence[str] | None = None) -> pa.Table:
        """Return those rows of a chunk that belong to the study, with its own points.

        Parameters
        ----------
        path : Path
            The chunk.
        columns : sequence of str, optional
            Columns besides point and replicate; all of them unless given.
        """
        table = read_table(path, None if columns is None else ["point", "replicate", *columns])
        number, replicate = table["point"].to_numpy(), table["replicate"].to_numpy()
        known = (number >= 0) & (number < len(self.points))
        points = np.where(known, self.points[np.where(known, number, 0)] if len(self.points) else -1, -1)
        belongs = (points >= 0) & (replicate >= 0) & (replicate < self.replicates)
        return table.set_column(0, "point", pa.array(points)).filter(pa.array(belongs))

    def places(self, table: pa.Table) -> NDArray[np.int64]:
        """Return the number of each run among all runs of the study, in the order point, replicate."""
        places: NDArray[np.int64] = table["point"].to_numpy() * self.replicates + table["replicate"].to_numpy()
        return places

    def ordered(self, start: int, stop: int) -> pa.Table:
        """Return the stored runs number `start` to `stop` (not included), in order, each of them once.

        Raises
        ------
        StoreError
            If a run is stored twice with different results, or a damaged file holds other columns; one line that names
            both files.
        """
        parts: list[pa.Table] = []
        files: list[NDArray[np.int64]] = []
        for number, path in enumerate(self.paths):
            table = self.rows(path)
            places = self.places(table)
            near = (places >= start) & (places < stop)
            if near.any():
                if parts and not table.schema.equals(parts[0].schema):
                    other = self.paths[int(files[0][0])].name
                    raise StoreError(f"{path} holds other columns than {other}; delete it and go on with --resume")
                parts.append(table.filter(pa.array(near)))
                files.append(np.full(int(near.sum()), number))
        if not parts:
            return self.rows(self.paths[0]).slice(0, 0) if self.paths else pa.table({})
        table, file = pa.concat_tables(parts), np.concatenate(files)
        places, failed = self.places(table), _failed(table)
        order = np.lexsort((-file, failed, places))
        again = np.flatnonzero(np.diff(places[order]) == 0) + 1
        again = again[~failed[order[again]]]
        first = table.take(pa.array(order[again - 1])).combine_chunks()
        differ = _differing(first, table.take(pa.array(order[again])).combine_chunks())
        if differ is not None:
            one, other = (self.paths[file[order[again[differ] - before]]] for before in (1, 0))
            point, replicate = divmod(int(places[order[again[differ]]]), self.replicates)
            raise StoreError(
                f"{one} and {other.name} hold different results of point {point}, replicate {replicate}; delete the "
                "one you trust less and go on with --resume"
            )
        once = np.concatenate(([True], np.diff(places[order]) != 0))
        return table.take(pa.array(order[once])).combine_chunks()


def chunk_size(total: int) -> int:
    """Return how many runs of a study are stored together, unless they take long."""
    return max(RUNS_IN_CHUNK, total // MOST_CHUNKS)


def _failed(table: pa.Table) -> NDArray[np.bool_]:
    failed: NDArray[np.bool_] = pc.equal(table["status"], "failed").to_numpy(zero_copy_only=False).astype(bool)
    return failed


def _differing(one: pa.Table, other: pa.Table) -> int | None:
    """Return the first row in which two tables differ; None if they are equal."""
    if one.equals(other):
        return None
    return next(row for row in range(len(one)) if not one.slice(row, 1).equals(other.slice(row, 1)))


def from_environment(errors: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Return which errors are failures of the machine, such as a worker that died, and not of the run itself."""
    names = (str(error).split(":")[0] for error in errors.to_pylist())
    return np.fromiter((name in ENVIRONMENT for name in names), np.bool_, len(errors))


def chunks_in(folder: Path) -> tuple[Path, ...]:
    """Return the finished chunks of a study folder, by name."""
    return tuple(sorted((folder / "runs").glob("chunk-*.parquet")))


def stored_runs(folder: Path, paths: Sequence[Path] | None = None) -> pa.Table:
    """Return the runs of a study folder that is not finished, with the columns of `runs.parquet`, in its order.

    Only those replicates are in it that all points have, so that points can be compared; a study is run replicate by
    replicate. Only if not even the first replicate is complete, all that is stored is in it.

    Parameters
    ----------
    folder : Path
        The study.
    paths : sequence of Path, optional
        The chunks that are read; all of them unless given.

    Raises
    ------
    InputError
        If a file of the folder is missing or damaged; one line.
    StoreError
        If a run is stored twice with different results; one line.
    """
    replicates = read_json(folder / "manifest.json").get("replicates")
    if not isinstance(replicates, int) or replicates < 1:
        raise InputError("this file does not say how many replicates the study has", str(folder / "manifest.json"))
    numbers = point_numbers(folder, study_points(folder))
    chunks = Chunks(tuple(chunks_in(folder) if paths is None else paths), points_by_number(numbers), replicates)
    if not chunks.paths:
        raise InputError("no run of this study is stored yet", str(folder))
    table = chunks.ordered(0, chunks.total)
    counts = np.bincount(table["replicate"].to_numpy(), minlength=replicates + 1)
    complete = int(np.argmax(counts < len(numbers)))
    return table.filter(pc.less(table["replicate"], complete)) if complete else table
