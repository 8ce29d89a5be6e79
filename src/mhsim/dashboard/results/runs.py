"""The runs of a study, read by the column: only the measures that are shown, quickly for a hundred thousand runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from mhsim.dashboard.results.results_folder import Held, Opened
from mhsim.errors import InputError
from mhsim.outcomes.measures import MEASURES
from mhsim.report.study_data import KINDS, Failure, Found
from mhsim.safe_files import StoreError
from mhsim.studies import point_ids

WHERE = ["point", "replicate", "status"]
MOST_FAILURES = 200
UNREADABLE = (OSError, ValueError, LookupError, TypeError, pa.ArrowException)


@dataclass(frozen=True)
class Runs:
    """What a study's folder holds of its runs.

    Attributes
    ----------
    found : Found
        The study with the measures that were asked for.
    measures : tuple of str
        Every measure that was watched and is a number, in the order of the list of measures.
    asked, there, failed : int
        How many runs the study asks for, how many are stored, and how many of these failed.
    damaged : tuple of str
        Names of chunks that cannot be read; their runs are missing here.
    """

    found: Found
    measures: tuple[str, ...]
    asked: int
    there: int
    failed: int
    damaged: tuple[str, ...] = ()


def runs_of(opened: Opened, measures: Sequence[str]) -> Runs:
    """Return the runs of a study with some of its measures; those it did not watch are left out.

    Raises
    ------
    InputError
        If a table cannot be read or the folder holds no run yet; one line.
    """
    return _runs(opened.stamp, tuple(measures), Held(opened))


@lru_cache(maxsize=32)
def _runs(stamp: tuple[str, int], measures: tuple[str, ...], held: Held) -> Runs:
    del stamp
    opened = held.opened
    if "points" not in opened.tables:
        raise InputError("this study holds no table of its points", opened.name)
    try:
        points = read_columns(opened.tables["points"]).to_pylist()
        table, watched, damaged = _stored(opened, measures)
        return _assembled(opened, points, table, watched, damaged)
    except InputError:
        raise
    except (*UNREADABLE, StoreError) as problem:
        words = f"the runs in this folder cannot be read: {str(problem).splitlines()[0]}"
        raise InputError(words, opened.name) from None


def read_columns(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Return a Parquet file or some of its columns; those it lacks are left out.

    Raises
    ------
    InputError
        If it cannot be read; one line.
    """
    try:
        with pq.ParquetFile(path) as file:
            names = None if columns is None else [name for name in columns if name in file.schema_arrow.names]
            return file.read(columns=names)
    except UNREADABLE as problem:
        raise InputError(f"this table cannot be read: {str(problem).splitlines()[0]}", str(path)) from None


def _stored(opened: Opened, measures: tuple[str, ...]) -> tuple[pa.Table, list[str], list[str]]:
    """Return the stored runs with some measures, the names of all columns, and the chunks that cannot be read."""
    wanted = [*WHERE, "error", "command", *measures]
    if opened.finished:
        with pq.ParquetFile(opened.tables["runs"]) as file:
            names = list(file.schema_arrow.names)
        return read_columns(opened.tables["runs"], wanted), names, []
    parts, names, damaged = [], [], []
    for chunk in opened.chunks:
        try:
            names = list(pq.read_schema(chunk).names)
            parts.append(read_columns(chunk, wanted))
        except (InputError, *UNREADABLE):
            damaged.append(chunk.name)
    if not parts:
        raise InputError(f"no run of this study is stored yet{_rounds(opened)}", opened.name)
    return _renumbered(opened, pa.concat_tables(parts)), names, damaged


def _rounds(opened: Opened) -> str:
    """Return where the runs of a study in rounds are, in words."""
    inside = sorted(path.parent.name for path in opened.folder.glob("*/manifest.json"))
    return f"; its rounds are studies of their own: {', '.join(inside[:6])}" if inside else ""


def _renumbered(opened: Opened, table: pa.Table) -> pa.Table:
    """Return rows of chunks with the numbers that points have in the study; rows of no point of it are left out."""
    known = {name: place for place, name in enumerate(point_ids.study_points(opened.folder))}
    place = np.array([known.get(name, -1) for name in point_ids.stored_points(opened.folder)], np.int64)
    number = table["point"].to_numpy()
    points = np.where(number < len(place), place[np.minimum(number, len(place) - 1)], -1)
    return table.set_column(table.column_names.index("point"), "point", pa.array(points)).filter(pa.array(points >= 0))


def _assembled(
    opened: Opened, points: list[dict[str, Any]], table: pa.Table, watched: list[str], damaged: list[str]
) -> Runs:
    rows = sorted(points, key=lambda row: int(row["point"]))
    numbers = np.array([int(row.pop("point")) for row in rows], np.int64)
    at = np.searchsorted(numbers, table["point"].to_numpy())
    replicate = table["replicate"].to_numpy()
    shape = (len(rows), 1 + int(replicate.max(initial=0)))
    done = np.zeros(shape, np.bool_)
    ended = pc.equal(table["status"], "done").to_numpy(zero_copy_only=False)
    done[at, replicate] = ended
    columns = {name: _column(table[name], shape, at, replicate) for name in table.column_names if name in KINDS}
    failures = _failures(table.filter(pc.not_equal(table["status"], "done")), numbers)
    name = Path(str(opened.study.get("base", "base"))).stem
    found = Found(opened.manifest, opened.study, opened.base, tuple(rows), columns, done, failures, name)
    numeric = tuple(one.name for one in MEASURES if one.name in watched and one.kind != "text")
    asked = int(opened.manifest.get("runs") or done.size)
    return Runs(found, numeric, asked, len(table), int((~ended).sum()), tuple(damaged))


def _column(values: pa.ChunkedArray, shape: tuple[int, int], at: NDArray[Any], replicate: NDArray[Any]) -> NDArray[Any]:
    """Return a column of runs as points by replicates; NaN or None where there is nothing."""
    text = pa.types.is_string(values.type) or pa.types.is_large_string(values.type)
    made: NDArray[Any] = np.full(shape, None if text else np.nan, dtype=object if text else float)
    made[at, replicate] = (values if text else values.cast(pa.float64())).to_numpy(zero_copy_only=False)
    return made


def _failures(table: pa.Table, numbers: NDArray[np.int64]) -> tuple[Failure, ...]:
    """Return the first failed runs, each with its error and the command that repeats it."""
    rows = table.slice(0, MOST_FAILURES).to_pylist()
    return tuple(
        Failure(
            int(np.searchsorted(numbers, row["point"])),
            row["replicate"],
            row.get("error") or "no reason was kept",
            row.get("command") or "",
        )
        for row in rows
    )
