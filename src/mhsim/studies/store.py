"""The folder of a study: what was asked, the points, finished runs in chunks, and one table of all runs in the end.

Only the process that runs the study writes here. A chunk is written whole and never again, even when points or
replicates are added later; what a kill leaves behind is at most a file that was never finished, and the next session
removes it. Whatever no longer fits its checksum is removed as well, and its runs are run again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from mhsim.errors import InputError
from mhsim.safe_files import (
    PARQUET,
    StoreError,
    has_changed,
    leftovers,
    read_table,
    refusals,
    tidy_checksums,
    whole_file,
    write_table,
    write_whole,
)
from mhsim.studies import manifest, stopping_rule
from mhsim.studies.chunks import (
    Chunks,
    add_points,
    chunks_in,
    from_environment,
    point_names,
    point_numbers,
    points_by_number,
)
from mhsim.studies.columns import CHUNK, DRAW, KINDS, bare, points_table, run_schema
from mhsim.studies.design import StudyBase
from mhsim.studies.draws import TABLE, table_of
from mhsim.studies.manifest import check_resume, is_the_same
from mhsim.studies.one_run import TABLES, TaskResult
from mhsim.studies.plan import Plan
from mhsim.studies.preregistration import noted, runs_in

BLOCK = 20_000
"""Rows in a row group of `runs.parquet`."""
IN_MEMORY = 25 * BLOCK
"""Rows of `runs.parquet` put in order at a time; every chunk is read once for each."""
TABLE_FILE = re.compile(r"point-(\d+)-replicate-(\d+)\.parquet")


@dataclass(frozen=True)
class StoredRuns:
    """Which runs a folder holds: one place per run, in the order point, replicate.

    Attributes
    ----------
    there, failed : array of bool, shape (runs,)
        Whether a run is stored, and whether it has failed.
    again : array of bool, shape (runs,)
        Whether a failure came from the machine, such as a worker that died, and the run may end well another time.
    """

    there: NDArray[np.bool_]
    failed: NDArray[np.bool_]
    again: NDArray[np.bool_]

    @property
    def failures(self) -> int:
        """Number of runs that failed."""
        return int(self.failed.sum())

    @property
    def done(self) -> int:
        """Number of runs that ended well."""
        return int(self.there.sum()) - self.failures


@dataclass(frozen=True)
class Store:
    """A study folder that is open for writing."""

    folder: Path
    study: StudyBase
    plan: Plan

    def prepare(self, *, resume: bool) -> list[str]:
        """Make the folder ready for a session: a new one, or one that holds part of this study, or of a smaller one.

        Returns
        -------
        list of str
            Names of the files that were damaged and have been removed; their runs are run again.

        Raises
        ------
        InputError
            If the folder holds something else; nothing in it has been touched then.
        StoreError
            If the disk refuses.
        """
        grows = check_resume(self.folder, self.study, self.plan, resume=resume)
        with refusals(self.folder):
            for unfinished in leftovers(self.folder):
                unfinished.unlink()
            (self.folder / "runs").mkdir(exist_ok=True)
            if grows:
                self._drop_results()
            damaged = self._drop_damaged()
        add_points(self.folder, self._points)
        self._note_study(grows)
        for name, content in manifest.sources_of(self.study, self.plan).items():
            write_whole(self._path(name), manifest.as_yaml(content))
        write_table(self._path("points.parquet"), points_table(self.plan.paths, self.plan.points))
        if self.plan.draws:
            write_table(self._path(TABLE), table_of(self.plan))
        return damaged

    def _note_study(self, grows: bool) -> None:
        """Write into the manifest what is run, and the plan that was made for it, with the runs there were by then."""
        known = manifest.of_study(self.study, self.plan) | {"state": "unfinished"}
        new = not self._path("manifest.json").exists()
        before: dict[str, Any] = {"done": 0, "failed": 0, "sessions": []} if new else manifest.read(self.folder)
        runs = max(runs_in(self.folder), before.get("done", 0) + before.get("failed", 0))
        plans = noted(before.get("plans", []), self.study, runs, manifest.now())
        after = (before | known if new or grows else before) | ({"plans": plans} if plans else {})
        if new or after != before:
            self.write_manifest(after)

    def _drop_results(self) -> None:
        """Remove what was made of the runs of a smaller study, so that nobody takes it for the larger one's."""
        for name in ("runs.parquet", stopping_rule.TABLE):
            self._path(name).unlink(missing_ok=True)
        if self._path("analysis").is_dir():
            for path in self._path("analysis").iterdir():
                path.unlink()

    def _drop_damaged(self) -> list[str]:
        """Remove chunks, tables of runs and the table of points that are not what was written; return their names.

        The points are those of the study if its file is as it would be written now.
        """
        damaged = [path for path in chunks_in(self.folder) if not _readable(path)]
        points = self._path("points.parquet")
        if points.is_file() and not _readable(points, ("point",)) and is_the_same(self.folder, self.study):
            damaged.append(points)
        damaged += [path for tables in self._tables().values() for path in tables.values() if has_changed(path)]
        for path in damaged:
            path.unlink()
        return [path.relative_to(self.folder).as_posix() for path in damaged]

    def _tables(self) -> dict[str, dict[tuple[int, int], Path]]:
        """Return the tables of single runs, by folder, point and replicate; folders that there should be are there."""
        found: dict[str, dict[tuple[int, int], Path]] = {
            name: {} for name in TABLES["series" if self.plan.series_at else self.plan.record]
        }
        for path in self.folder.glob("*/point-*-replicate-*.parquet"):
            match = TABLE_FILE.fullmatch(path.name)
            if match:
                found.setdefault(path.parent.name, {})[int(match[1]), int(match[2])] = path
        return found

    def write_manifest(self, content: dict[str, Any]) -> None:
        """Write the manifest of the folder."""
        write_whole(self._path("manifest.json"), manifest.as_json(content))

    def close_session(self, session: dict[str, Any]) -> StoredRuns:
        """Add a session to the manifest, with what the folder holds at its end; return that."""
        content, stored = manifest.read(self.folder), self.stored()
        content |= {"replicates": self.plan.replicates, "runs": self.plan.total}
        content |= {"done": stored.done, "failed": stored.failures}
        content["state"] = "complete" if self._path("runs.parquet").exists() else "unfinished"
        content["sessions"] = [*content.get("sessions", ()), {**session, "ended": manifest.now()}]
        self.write_manifest(content)
        tidy_checksums(self.folder)
        return stored

    def first_failure(self) -> tuple[str | None, str | None]:
        """Return the error of the first failed run and the command that repeats it; None and None without one.

        The runs have to be put together.
        """
        table = read_table(self._path("runs.parquet"), ["status", "error", "command"])
        failed = table.filter(pc.equal(table["status"], "failed"))
        return (failed["error"][0].as_py(), failed["command"][0].as_py()) if len(failed) else (None, None)

    def stored(self) -> StoredRuns:
        """Return which runs the finished chunks hold, with all tables that belong to them."""
        done, failed, again = (np.zeros(self.plan.total, np.bool_) for _ in range(3))
        for path in self._chunks.paths:
            table = self._chunks.rows(path, ["status", "error"])
            places = self._chunks.places(table)
            ill = pc.equal(table["status"], "failed").to_numpy(zero_copy_only=False).astype(bool)
            done[places[~ill]] = True
            failed[places[ill]] = True
            again[places[ill][from_environment(table["error"].filter(pa.array(ill)))]] = True
        for name, tables in self._tables().items():
            has = np.zeros((len(self.plan.points), self.plan.replicates), np.bool_)
            if name in TABLES["lives"]:
                has[[point for point in range(len(has)) if name not in TABLES[self.plan.record_at(point)]]] = True
            within = [key for key in tables if key[0] < has.shape[0] and key[1] < has.shape[1]]
            if within:
                has[tuple(np.array(within).T)] = True
            done &= has.ravel()
        failed &= ~done
        return StoredRuns(done | failed, failed, again & failed)

    def measure(self, name: str) -> NDArray[np.float64]:
        """Return a measure as numbers, shape (points, replicates); NaN where a run failed or had no case.

        Of a study over draws these are the runs with the values as shipped.

        Raises
        ------
        ValueError
            If the measure is text.
        """
        if KINDS[name] == "text":
            raise ValueError(f"measure {name} is text")
        found = np.full(self.plan.total, np.nan)
        for path in self._chunks.paths:
            table = self._chunks.rows(path, [name, "status"])
            table = table.filter(pc.equal(table["status"], "done"))
            found[self._chunks.places(table)] = table[name].cast(pa.float64()).to_numpy()
        return found.reshape(len(self.plan.points), self.plan.replicates)[: self.plan.as_shipped]

    def runs(self) -> pa.Table:
        """Return all stored runs in the order point, replicate, with the columns of `runs.parquet`."""
        return self._chunks.ordered(0, self.plan.total).cast(run_schema(self.plan.watch))

    def write_chunk(self, results: Sequence[TaskResult]) -> None:
        """Write a chunk of finished runs, whole, under the name of the first of them; never write one twice."""
        rows = sorted(results, key=lambda run: (run.replicate, run.point))
        first = rows[0].replicate * len(self.plan.points) + rows[0].point
        names = (f"chunk-{first:09d}{f'-{again}' if again else ''}.parquet" for again in count())
        path = next(path for path in map(self._path("runs").joinpath, names) if not path.exists())
        write_table(path, self._table(rows), **CHUNK)

    def write_tables(self, run: TaskResult) -> None:
        """Write the tables of one run, each in the folder of its name."""
        for name, content in run.tables.items():
            folder = self._path(name)
            with refusals(folder):
                folder.mkdir(exist_ok=True)
            write_whole(folder / f"point-{run.point:06d}-replicate-{run.replicate:06d}.parquet", content)

    def assemble(self, asked: NDArray[np.bool_] | None = None) -> None:
        """Put all chunks together as `runs.parquet`, in the order point, replicate.

        The file depends on the runs alone, not on how they were cut into chunks. Of a study that leaves runs out,
        `asked` says which there have to be, shape (runs,).

        Raises
        ------
        StoreError
            If a run is missing, or stored twice with different results.
        """
        schema, chunks = run_schema(self.plan.watch, draws=bool(self.plan.draws)), self._chunks
        draws = np.array([self.plan.draw_of(point) for point in range(len(self.plan.points))], np.int64)
        with whole_file(self._path("runs.parquet")) as file, pq.ParquetWriter(file, schema, **PARQUET) as writer:
            for start in range(0, self.plan.total, IN_MEMORY):
                stop = min(start + IN_MEMORY, self.plan.total)
                table = chunks.ordered(start, stop)
                there = stop - start if asked is None else int(asked[start:stop].sum())
                if len(table) < there:
                    raise StoreError(f"{self._path('runs')} lacks {there - len(table)} runs; go on with --resume")
                if self.plan.draws:
                    table = table.add_column(1, DRAW, pa.array(draws[table["point"].to_numpy()]))
                writer.write_table(table.cast(schema), row_group_size=BLOCK)

    def _table(self, rows: Sequence[TaskResult]) -> pa.Table:
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

    @property
    def _chunks(self) -> Chunks:
        """The chunks as they are now; to be asked for only when the folder is ready."""
        return Chunks(chunks_in(self.folder), points_by_number(self._numbers), self.plan.replicates)

    @cached_property
    def _points(self) -> list[str]:
        return point_names(self.plan.paths, self.plan.points)

    @cached_property
    def _numbers(self) -> NDArray[np.int64]:
        """The number of each point in the chunks; to be asked for only when the folder is ready."""
        return point_numbers(self.folder, self._points)


def _readable(path: Path, columns: Sequence[str] = ("point", "replicate", "status", "error")) -> bool:
    """Return whether a table is what was written and some of its columns can be read."""
    try:
        read_table(path, columns)
    except InputError:
        return False
    return True
