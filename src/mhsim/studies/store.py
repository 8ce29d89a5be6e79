"""The folder of a study: what was asked, the points, finished runs in chunks, and one table of all runs in the end.

Only the process that runs the study writes here. A chunk is written whole and never again, even when points or
replicates are added later; what a kill leaves behind is at most a file that was never finished, and the next session
removes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml
from numpy.typing import NDArray

from mhsim.errors import InputError
from mhsim.safe_files import (
    PARQUET,
    StoreError,
    leftovers,
    read_table,
    refusals,
    whole_file,
    write_table,
    write_whole,
)
from mhsim.studies import manifest, point_ids, stopping_rule
from mhsim.studies.columns import CHUNK, KINDS, bare, points_table, run_schema
from mhsim.studies.design import StudyBase
from mhsim.studies.one_run import Finished
from mhsim.studies.plan import Plan
from mhsim.studies.resume_check import admit

BLOCK = 20_000
"""Rows of `runs.parquet` put together at a time."""


@dataclass(frozen=True)
class Stored:
    """Which runs a folder holds: one place per run, in the order point, replicate."""

    there: NDArray[np.bool_]
    failed: int

    @property
    def done(self) -> int:
        """The number of runs that ended well."""
        return int(self.there.sum()) - self.failed


@dataclass(frozen=True)
class Store:
    """A study folder that is open for writing."""

    folder: Path
    study: StudyBase
    plan: Plan

    def prepare(self, *, resume: bool) -> None:
        """Make the folder ready for a session: a new one, or one that holds part of this study, or of a smaller one.

        Raises
        ------
        InputError
            If the folder holds something else; nothing in it has been touched then.
        StoreError
            If the disk refuses.
        """
        grows = admit(self.folder, self.study, self.plan, resume=resume)
        with refusals(self.folder):
            for unfinished in leftovers(self.folder):
                unfinished.unlink()
            (self.folder / "runs").mkdir(exist_ok=True)
            if grows:
                self._drop_results()
        point_ids.keep(self.folder, self._points)
        if not self._path("manifest.json").exists():
            self.write_manifest(manifest.new_manifest(self.study, self.plan))
        elif grows:
            self.write_manifest(
                self.read_manifest() | manifest.of_study(self.study, self.plan) | {"state": "unfinished"}
            )
        self._write_yaml("study.yaml", self.study.model_dump(mode="json"))
        self._write_yaml("base.yaml", manifest.scenario_content(self.plan))
        if self.plan.others:
            self._write_yaml("others.yaml", manifest.others_content(self.plan))
        write_table(self._path("points.parquet"), points_table(self.plan.paths, self.plan.points))

    def with_replicates(self, replicates: int) -> Store:
        """Return the store of the same study with another number of replicates."""
        return replace(self, plan=replace(self.plan, replicates=replicates))

    def _drop_results(self) -> None:
        """Remove what was made of the runs of a smaller study, so that nobody takes it for the larger one's."""
        for name in ("runs.parquet", stopping_rule.TABLE):
            self._path(name).unlink(missing_ok=True)
        if self._path("analysis").is_dir():
            for path in self._path("analysis").iterdir():
                path.unlink()

    def read_manifest(self) -> dict[str, Any]:
        """Return the manifest of the folder."""
        return manifest.read(self.folder)

    def write_manifest(self, content: dict[str, Any]) -> None:
        """Write the manifest of the folder."""
        write_whole(self._path("manifest.json"), manifest.as_json(content))

    def close_session(self, session: dict[str, Any]) -> Stored:
        """Add a session to the manifest, with what the folder holds at its end; return that."""
        content, stored = self.read_manifest(), self.stored()
        content |= {"replicates": self.plan.replicates, "runs": self.plan.total}
        content |= {"done": stored.done, "failed": stored.failed}
        content["state"] = "complete" if self._path("runs.parquet").exists() else "unfinished"
        content["sessions"].append({**session, "ended": manifest.now()})
        self.write_manifest(content)
        return stored

    def first_failure(self) -> tuple[str | None, str | None]:
        """Return the error of the first failed run and the command that repeats it; None and None without one."""
        for path in self._chunks():
            table = self._read(path, ["error", "command"])
            failed = table.filter(pc.is_valid(table["error"]))
            if len(failed):
                return failed["error"][0].as_py(), failed["command"][0].as_py()
        return None, None

    def stored(self) -> Stored:
        """Return which runs the finished chunks hold."""
        there, failed = np.zeros(self.plan.total, np.bool_), 0
        for path in self._chunks():
            table = self._rows(path, ["point", "replicate", "status"])
            there[self._places(table)] = True
            failed += table["status"].to_pylist().count("failed")
        return Stored(there, failed)

    def measure(self, name: str) -> NDArray[np.float64]:
        """Return a measure of all runs as numbers, shape (points, replicates); NaN where a run failed or had no case.

        Raises
        ------
        ValueError
            If the measure is words.
        """
        if KINDS[name] == "text":
            raise ValueError(f"measure {name} is words")
        found = np.full(self.plan.total, np.nan)
        for path in self._chunks():
            table = self._rows(path, ["point", "replicate", name])
            found[self._places(table)] = table[name].cast(pa.float64()).to_numpy()
        return found.reshape(len(self.plan.points), self.plan.replicates)

    def write_chunk(self, finished: Sequence[Finished]) -> None:
        """Write a chunk of finished runs, whole, under the name of the first of them; never write one twice."""
        rows = sorted(finished, key=lambda run: (run.point, run.replicate))
        first = rows[0].point * self.plan.replicates + rows[0].replicate
        names = (f"chunk-{first:09d}{f'-{again}' if again else ''}.parquet" for again in count())
        path = next(path for path in map(self._path("runs").joinpath, names) if not path.exists())
        write_table(path, self._table(rows), **CHUNK)

    def write_tables(self, run: Finished) -> None:
        """Write the tables of one run, each in the folder of its name."""
        for name, content in run.tables.items():
            folder = self._path(name)
            with refusals(folder):
                folder.mkdir(exist_ok=True)
            write_whole(folder / f"point-{run.point:06d}-replicate-{run.replicate:06d}.parquet", content)

    def assemble(self) -> None:
        """Put all chunks together as `runs.parquet`, in the order point, replicate.

        The file depends on the runs alone, not on how they were cut into chunks: it is built in blocks of fixed
        length, each from the chunks that reach into it.
        """
        extents = [(path, *extent) for path in self._chunks() if (extent := self._extent(path))]
        schema = run_schema(self.plan.watch)
        with whole_file(self._path("runs.parquet")) as file, pq.ParquetWriter(file, schema, **PARQUET) as writer:
            for start in range(0, self.plan.total, BLOCK):
                stop = min(start + BLOCK, self.plan.total)
                near = [path for path, low, high in extents if low < stop and high >= start]
                writer.write_table(self._block(near, start, stop).cast(schema), row_group_size=BLOCK)

    def _block(self, chunks: Iterable[Path], start: int, stop: int) -> pa.Table:
        """Return the rows of runs number `start` to `stop` (not included), in order."""
        table = pa.concat_tables([self._rows(path) for path in chunks])
        places = self._places(table)
        order = np.argsort(places, kind="stable")
        order = order[(places[order] >= start) & (places[order] < stop)]
        if not np.array_equal(places[order], np.arange(start, stop)):
            raise StoreError(f"{self._path('runs')} holds a run twice or lacks one between {start} and {stop}")
        return table.take(pa.array(order)).combine_chunks()

    def _table(self, rows: Sequence[Finished]) -> pa.Table:
        """Return finished runs as rows of `runs.parquet`."""
        columns: dict[str, list[Any]] = {
            "point": [self._numbers[run.point] for run in rows],
            "replicate": [run.replicate for run in rows],
            "seed": [self.plan.seed] * len(rows),
            **{name: [run.measures.get(name) for run in rows] for name in self.plan.watch},
            "status": ["done" if run.error is None else "failed" for run in rows],
            "error": [run.error for run in rows],
            "command": [None if run.error is None else self.plan.command(run.point, run.replicate) for run in rows],
        }
        return pa.table(columns, schema=bare(run_schema(self.plan.watch)))

    def _path(self, name: str) -> Path:
        return self.folder / name

    def _chunks(self) -> list[Path]:
        return sorted(self._path("runs").glob("chunk-*.parquet"))

    def _read(self, path: Path, columns: list[str] | None = None) -> pa.Table:
        """Return a chunk, or some of its columns; raise StoreError if it cannot be read."""
        try:
            return read_table(path, columns)
        except InputError:
            raise StoreError(f"{path} is damaged; delete it and resume, and its runs are done again") from None

    @cached_property
    def _points(self) -> list[str]:
        return point_ids.names_of(self.plan.paths, self.plan.points)

    @cached_property
    def _numbers(self) -> NDArray[np.int64]:
        """The number of each point in the chunks; to be asked for only when the folder is ready."""
        return point_ids.numbers(self.folder, self._points)

    @cached_property
    def _points_by_number(self) -> NDArray[np.int64]:
        """The point behind each number in the chunks; -1 where the study has no such point."""
        found = np.full(1 + int(self._numbers.max(initial=-1)), -1, np.int64)
        found[self._numbers] = np.arange(len(self._numbers))
        return found

    def _rows(self, path: Path, columns: list[str] | None = None) -> pa.Table:
        """Return those rows of a chunk that belong to this study, with its own points; `columns` begin with point."""
        table = self._read(path, columns)
        number = table["point"].to_numpy()
        known = number < len(self._points_by_number)
        points = np.where(known, self._points_by_number[np.where(known, number, 0)], -1)
        belongs = (points >= 0) & (table["replicate"].to_numpy() < self.plan.replicates)
        return table.set_column(0, "point", pa.array(points)).filter(pa.array(belongs))

    def _places(self, table: pa.Table) -> NDArray[np.int64]:
        """Return the number of each run among all runs of the study."""
        places: NDArray[np.int64] = (
            table["point"].to_numpy() * self.plan.replicates + table["replicate"].to_numpy()
        ).astype(np.int64)
        return places

    def _extent(self, path: Path) -> tuple[int, int] | None:
        """Return the first and the last place that a chunk reaches; None if none of its rows belongs to the study."""
        places = self._places(self._rows(path, ["point", "replicate"]))
        return (int(places.min()), int(places.max())) if len(places) else None

    def _write_yaml(self, name: str, content: dict[str, Any]) -> None:
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
        write_whole(self._path(name), text.encode())


def missing(stored: Stored) -> Iterator[int]:
    """Yield the numbers of the runs that are not there."""
    return (int(place) for place in np.flatnonzero(~stored.there))
