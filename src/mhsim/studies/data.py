"""Results read again: the folder of a study, or of one run, as plain data and arrays.

This is the one reader of results; analyses, reports and the dashboard use it. It runs nothing of what it reads: a
scenario in a folder of results is plain data here, and rules named in it are not imported. What cannot be read, or is
not what such a folder holds, is an InputError of one line that names the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mhsim.errors import InputError
from mhsim.outcomes.measures import BY_NAME
from mhsim.safe_files import column_names, read_json, read_table, read_yaml
from mhsim.scenario import Value, parameter_rows
from mhsim.studies.columns import DRAW
from mhsim.user_paths import user_path

Numbers = NDArray[np.float64]
Row = dict[str, Any]
RUNS = "runs.parquet"
INDEX = ("point", "replicate", "status")
OF_SESSION = ("versions", "git", "platform")
MOST_REPLICATES = 1_000_000
PER_RUN = ("series", "lives", "groups", "people")
"""Folders of a study that hold one table for each run, where they were recorded."""


@dataclass(frozen=True)
class FailedRun:
    """A run that failed: its point and replicate, the error, and the command that repeats it."""

    point: int
    replicate: int
    error: str
    command: str


@dataclass(frozen=True, eq=False)
class StudyData:
    """A study folder, finished or not.

    Attributes
    ----------
    folder : Path
        Where it is.
    manifest, study, base : dict
        `manifest.json`, `study.yaml` and `base.yaml`; the base scenario is plain data.
    scenarios : dict
        Scenarios that stand in the place of the base, by name, as plain data; none unless the study compares some.
    points : tuple of dict
        What each point varies: path and value.
    runs : pa.Table
        Point, replicate, status, error and command of every stored run; point is an index into `points`.
    damaged : tuple of str
        Files of an unfinished study that cannot be read; their runs are missing here.

    Of a study over draws this is what was run with the values as shipped; `drawn` are the same points with the values
    of each draw. Measures of a finished study are read by the column, when they are first asked for; those of an
    unfinished one are held in memory.
    """

    folder: Path
    manifest: Row
    study: Row
    base: Row
    scenarios: Row
    points: tuple[dict[str, Value], ...]
    runs: pa.Table
    damaged: tuple[str, ...] = ()
    _columns: dict[str, NDArray[Any]] = field(default_factory=dict, repr=False)
    _table: pa.Table | None = None
    _whole: StudyData | None = None
    _places: NDArray[np.int64] | None = None

    @property
    def whole(self) -> StudyData:
        """The whole study, with the runs of all draws; the path `DRAW` of its points says which they have."""
        return self._whole or self

    @cached_property
    def drawn(self) -> tuple[StudyData, ...]:
        """The study with the values of each draw, the same points and replicates as this; none without draws."""
        draws = sorted({int(point.get(DRAW, 0)) for point in self.whole.points} - {0})
        return tuple(self.whole.at_draw(draw) for draw in draws)

    def at_draw(self, draw: int) -> StudyData:
        """Return that part of the whole study that has the values of one draw; 0 are the values as shipped."""
        here = [number for number, point in enumerate(self.points) if point.get(DRAW, 0) == draw]
        points = tuple({path: value for path, value in self.points[n].items() if path != DRAW} for n in here)
        number = np.full(len(self.points), -1)
        number[here] = np.arange(len(here))
        own = number[self._cells[0]]
        runs = self.runs.set_column(0, "point", pa.array(own)).filter(pa.array(own >= 0))
        return replace(self, points=points, runs=runs, _columns={}, _whole=self, _places=np.array(here, np.int64))

    @property
    def kind(self) -> str:
        """The kind of study."""
        return str(self.manifest["kind"])

    @property
    def title(self) -> str:
        """The title of the study on one line; empty if it has none."""
        return " ".join(str(self.study.get("title") or "").split())

    @property
    def question(self) -> str:
        """The question of the study on one line; empty if it asks none."""
        return " ".join(str(self.study.get("question") or "").split())

    @cached_property
    def base_name(self) -> str:
        """Name of the base scenario; that of the first one where several are compared."""
        if self.kind == "compare" and self.points:
            return str(self.points[0].get("scenario", "base"))
        return Path(str(self.study.get("base", "base"))).stem

    @cached_property
    def _cells(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Point and replicate of every stored run."""
        return tuple(self.runs[name].to_numpy().astype(np.int64) for name in ("point", "replicate"))  # type: ignore

    @cached_property
    def shape(self) -> tuple[int, int]:
        """Number of points, and of replicates at each."""
        return len(self.points), 1 + int(self.whole._cells[1].max(initial=0))

    @cached_property
    def stored(self) -> NDArray[np.bool_]:
        """Which runs are there, failed ones included; shape (points, replicates)."""
        found = np.zeros(self.shape, np.bool_)
        found[self._cells] = True
        return found

    @cached_property
    def done(self) -> NDArray[np.bool_]:
        """Which runs ended well; shape (points, replicates)."""
        found = np.zeros(self.shape, np.bool_)
        found[self._cells] = np.array(self.runs["status"].to_pylist(), dtype=object) == "done"
        return found

    @property
    def asked(self) -> int:
        """Number of runs that the whole study asks for."""
        asked = self.manifest.get("runs")
        return max(asked if isinstance(asked, int) else 0, int(self.whole.stored.sum()))

    @property
    def complete(self) -> bool:
        """Whether every run that the whole study asks for is there."""
        return int(self.whole.stored.sum()) >= self.asked

    @cached_property
    def failures(self) -> tuple[FailedRun, ...]:
        """Failed runs, in the order in which they are stored."""
        rows = self.runs.filter(pc.not_equal(self.runs["status"], "done")).to_pylist()
        return tuple(
            FailedRun(row["point"], row["replicate"], row["error"] or "no reason was kept", row["command"] or "")
            for row in rows
        )

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures that were watched, in the order of the table of runs."""
        names = column_names(self.folder / RUNS) if self._table is None else self._table.column_names
        return tuple(name for name in names if name in BY_NAME)

    def has(self, *measures: str) -> bool:
        """Return whether all of these measures were watched."""
        return all(name in self.measures for name in measures)

    def numbers(self, measure: str) -> Numbers:
        """Return a measure as numbers, shape (points, replicates).

        NaN stands where a run failed, is missing or had no case, and everywhere if the measure was not watched or is
        text.
        """
        if measure not in self.measures or BY_NAME[measure].kind == "text":
            return np.full(self.shape, np.nan)
        return self._column(measure, np.nan)

    def texts(self, measure: str) -> NDArray[Any]:
        """Return a measure that is text, shape (points, replicates); None where a run failed or said nothing."""
        if measure not in self.measures or BY_NAME[measure].kind != "text":
            return np.full(self.shape, None, dtype=object)
        return self._column(measure, None)

    def _column(self, measure: str, missing: float | None) -> NDArray[Any]:
        """Return a column of the runs as points by replicates, read when it is first asked for."""
        if self._places is not None:
            part: NDArray[Any] = self.whole._column(measure, missing)[self._places]
            return part
        if measure not in self._columns:
            table = read_table(self.folder / RUNS, [measure]) if self._table is None else self._table
            values = table[measure]
            made: NDArray[Any] = np.full(self.shape, missing, dtype=object if missing is None else float)
            try:
                cells = values if missing is None else values.cast(pa.float64())
            except pa.ArrowException:
                raise InputError(f"its column {measure} holds no numbers", str(self.folder / RUNS)) from None
            made[self._cells] = cells.to_numpy(zero_copy_only=False)
            made[~self.done] = missing
            made.flags.writeable = False
            self._columns[measure] = made
        return self._columns[measure]

    @cached_property
    def axes(self) -> tuple[str, ...]:
        """Paths that take more than one value, in the order of the study."""
        paths = self.points[0] if self.points else {}
        return tuple(path for path in paths if len(self.levels(path)) > 1)

    def levels(self, path: str) -> tuple[Value, ...]:
        """Return the values that a path takes, in rising order; text in order of appearance."""
        seen = list(dict.fromkeys(point[path] for point in self.points if path in point))
        return tuple(seen if any(isinstance(value, str) for value in seen) else sorted(seen))

    def scenario(self, point: int) -> Row:
        """Return the scenario of a point before its own values are put in, as plain data."""
        found = self.scenarios.get(str(self.points[point].get("scenario")), self.base)
        return found if isinstance(found, dict) else self.base

    def values(self, path: str) -> tuple[Any, ...]:
        """Return every value that a path has in the study, whether it varies, is set, or is that of a scenario."""
        if self.levels(path):
            return self.levels(path)
        given: Mapping[str, Any] = self.study.get("set") or {}
        if path in given:
            return (given[path],)
        used = [self.scenario(point) for point in range(len(self.points))] if self.scenarios else [self.base]
        found = [at_path(scenario, path) for scenario in used]
        return tuple(value for place, value in enumerate(found) if value is not None and value not in found[:place])

    def assumed(self, path: str) -> Any:
        """Return the value of a path if it is the same in all runs; None if it is not, or there is no such path."""
        values = self.values(path)
        return values[0] if len(values) == 1 else None

    @cached_property
    def lengths(self) -> Numbers:
        """Length of the runs of each point in weeks, shape (points,)."""
        return np.array([float(self._length(number)) for number in range(len(self.points))])

    def _length(self, point: int) -> Any:
        own = self.points[point].get("weeks") or self.study.get("weeks")
        return own or at_path(self.scenario(point), "weeks") or 520

    @property
    def weeks(self) -> int:
        """Length of the runs in weeks; of the shortest if they differ."""
        return int(self.lengths.min(initial=np.inf)) if len(self.lengths) else 520

    def has_table(self, name: str) -> bool:
        """Return whether the analysis holds a table of this name."""
        return (self.folder / "analysis" / f"{name}.parquet").is_file()

    def table(self, name: str) -> pa.Table:
        """Return a table of the analysis.

        Raises
        ------
        InputError
            If it is missing or damaged, or lacks a column that tables of this name have.
        """
        from mhsim.studies.registry import KINDS

        path = self.folder / "analysis" / f"{name}.parquet"
        if not path.is_file():
            words = f"its analysis is missing; go on with it by mhsim {self.kind} --resume"
            raise InputError(words, str(self.folder))
        table = read_table(path)
        schema = KINDS[self.kind].tables[name]
        for column in schema:
            if column.name not in table.column_names or table.schema.field(column.name).type != column.type:
                words = f"it lacks the column {column.name}; mhsim {self.kind} --resume makes the analysis again"
                raise InputError(f"this table cannot be read: {words}", str(path))
        return table

    def rows(self, name: str) -> list[Row]:
        """Return a table of the analysis as one dictionary for each row; see `table` for errors."""
        rows: list[Row] = self.table(name).to_pylist()
        return rows

    def run_table(self, name: str, point: int, replicate: int) -> pa.Table:
        """Return the table `series`, `lives`, `groups` or `people` of one run; InputError if it was not recorded."""
        number = point if self._places is None else int(self._places[point])
        return read_table(self.folder / name / f"point-{number:06d}-replicate-{replicate:06d}.parquet")


@dataclass(frozen=True, eq=False)
class RunData:
    """The folder of one run: summary, scenario and manifest as plain data, weekly series by name.

    `drawn` has the measures of the same history with the values of each draw, a row each; none without draws.
    """

    summary: Row
    scenario: Row
    manifest: Row
    series: dict[str, Numbers]
    drawn: tuple[Row, ...] = ()

    def number(self, name: str) -> float:
        """Return a measure as a number; NaN if there was no case."""
        value = self.summary.get(name)
        return float("nan") if value is None or isinstance(value, str) else float(value)


def read_study(folder: Path) -> StudyData:
    """Read the folder of a study, finished or not.

    Raises
    ------
    InputError
        If the folder holds no study, no run of it yet, or something damaged; one line.
    """
    folder = user_path(folder)
    if not (folder / "manifest.json").is_file():
        raise InputError("this folder holds neither a run nor a study: it has no manifest.json", str(folder))
    manifest = _manifest(folder / "manifest.json")
    study = _study_of(folder, manifest)
    base = checked_scenario(read_yaml(folder / "base.yaml"), folder / "base.yaml")
    others = folder / "others.yaml"
    scenarios = read_yaml(others) if others.is_file() else {}
    for name, scenario in scenarios.items():
        if not isinstance(scenario, dict):
            raise InputError(f"this file cannot be read: {name} is no scenario", str(others))
        checked_scenario(scenario, others)
    points = _points(folder / "points.parquet")
    finished, damaged = (folder / RUNS).is_file(), tuple[str, ...]()
    if finished:
        names = [name for name in column_names(folder / RUNS) if name in (*INDEX, "error", "command")]
        table = read_table(folder / RUNS, names)
    else:
        table, damaged = _unfinished(folder)
    runs = _index(table, folder / RUNS if finished else folder, len(points))
    table = None if finished else table
    found = StudyData(folder, manifest, study, base, scenarios, points, runs, damaged, _table=table)
    return found.at_draw(0) if any(DRAW in point for point in points) else found


def read_run(folder: Path) -> RunData:
    """Read the folder of one run; raise InputError, one line, if it cannot be read."""
    folder = user_path(folder)
    summary = read_json(folder / "summary.json")
    for name, value in summary.items():
        text = name not in BY_NAME or BY_NAME[name].kind == "text"
        if not (value is None or isinstance(value, str if text else (int, float))):
            raise InputError(f"this file cannot be read: {name} is no {'text' if text else 'number'}", str(folder))
    optional = {name: folder / name for name in ("manifest.json", "scenario.yaml", "series.parquet")}
    manifest = read_json(optional["manifest.json"]) if optional["manifest.json"].is_file() else {}
    scenario = read_yaml(optional["scenario.yaml"]) if optional["scenario.yaml"].is_file() else {}
    checked_scenario(scenario, folder / "scenario.yaml")
    series = _series(optional["series.parquet"]) if optional["series.parquet"].is_file() else {}
    drawn = folder / "draws.parquet"
    rows = tuple(read_table(drawn).to_pylist()) if drawn.is_file() else ()
    return RunData(summary, scenario, manifest, series, rows)


def at_path(data: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a dotted path of nested dictionaries; None if nothing does."""
    value: Any = data
    for key in path.split("."):
        if not isinstance(value, Mapping) or key not in value:
            return None
        value = value[key]
    return value


def checked_scenario(scenario: Row, path: Path) -> Row:
    """Return a scenario that is plain data; raise InputError if a number, switch or choice in it is none."""
    for row in parameter_rows():
        value, usual = at_path(scenario, row["path"]), row["default"]
        wanted: Any = bool if isinstance(usual, bool) else str if isinstance(usual, str) else (int, float)
        if value is not None and not isinstance(value, wanted):
            raise InputError(f"this file cannot be read: {row['path']} is of another kind", str(path))
    return scenario


def _study_of(folder: Path, manifest: Row) -> Row:
    """Return `study.yaml` with every key written out, checked as the study file of its kind."""
    from pydantic import ValidationError

    from mhsim.studies.registry import KINDS

    if manifest.get("kind") not in KINDS:
        raise InputError("this folder holds no study: its manifest names no kind of study", str(folder))
    content = read_yaml(folder / "study.yaml")
    try:
        checked = KINDS[manifest["kind"]].study.model_validate(content)
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        place = ".".join(str(key) for key in first["loc"])
        raise InputError(
            f"this file cannot be read: {place or 'study'}: {first['msg']}", str(folder / "study.yaml")
        ) from None
    return checked.model_dump(mode="json") | content


def _manifest(path: Path) -> Row:
    """Return the manifest of a study, checked as far as it is used."""
    manifest = read_json(path)
    sessions = manifest.get("sessions") or []
    parts = [manifest.get("identity") or {}, *(sessions if isinstance(sessions, list) else [None])]
    inner = [one.get(name) or {} for one in parts[1:] if isinstance(one, dict) for name in OF_SESSION]
    if not all(isinstance(part, dict) for part in [*parts, *inner]):
        raise InputError("this file cannot be read: it is no manifest of a study", str(path))
    return manifest


def _points(path: Path) -> tuple[dict[str, Value], ...]:
    """Return what each point varies."""
    rows = read_table(path).to_pylist()
    if not all(isinstance(row.get("point"), int) for row in rows):
        raise InputError("this table cannot be read: its points have no numbers", str(path))
    rows.sort(key=lambda row: row["point"])
    for number, row in enumerate(rows):
        values = [value for name, value in row.items() if name != "point"]
        if row.pop("point") != number or not all(isinstance(value, (bool, int, float, str)) for value in values):
            raise InputError("this table cannot be read: a point is missing, or is no point", str(path))
    return tuple(rows)


def _unfinished(folder: Path) -> tuple[pa.Table, tuple[str, ...]]:
    """Return the runs that an unfinished study has stored so far, and the files that cannot be read."""
    from mhsim.safe_files import StoreError
    from mhsim.studies.chunks import chunks_in, stored_runs

    damaged = tuple(path for path in chunks_in(folder) if not _readable(path))
    try:
        table: pa.Table = stored_runs(folder, [path for path in chunks_in(folder) if path not in damaged])
    except StoreError as problem:
        raise InputError(str(problem), str(folder)) from None
    if not len(table):
        raise InputError("no run of this study is stored yet; go on with it by --resume", str(folder))
    return table, tuple(path.name for path in damaged)


def _readable(path: Path) -> bool:
    try:
        column_names(path)
    except InputError:
        return False
    return True


def _index(table: pa.Table, path: Path, points: int) -> pa.Table:
    """Return point, replicate, status, error and command of every stored run, checked."""
    for name in INDEX:
        text = name == "status"
        there = table[name].type if name in table.column_names else None
        if there is None or (text != pa.types.is_string(there)) or (not text and not pa.types.is_integer(there)):
            raise InputError(f"this table cannot be read: it lacks the column {name}", str(path))
        if table[name].null_count:
            raise InputError(f"this table cannot be read: a run has no {name}", str(path))
    for name in ("error", "command"):
        if name not in table.column_names:
            table = table.append_column(name, pa.nulls(len(table), pa.string()))
    for name, most in (("point", points), ("replicate", MOST_REPLICATES)):
        numbers = table[name].to_numpy()
        if len(numbers) and not (numbers.min() >= 0 and numbers.max() < most):
            raise InputError(f"this table cannot be read: a run is of a {name} that there is not", str(path))
    replicates = 1 + int(table["replicate"].to_numpy().max(initial=0))
    if points * replicates > 100 * len(table) + 10_000:
        raise InputError("this table cannot be read: nearly all of its runs are missing", str(path))
    return table.select([*INDEX, "error", "command"])


def _series(path: Path) -> dict[str, Numbers]:
    """Return the weekly series of a run by name; NaN where there was no value."""
    table = read_table(path)
    return {
        name: table[name].cast(pa.float64()).to_numpy(zero_copy_only=False)
        for name in table.column_names
        if pa.types.is_floating(table[name].type) or pa.types.is_integer(table[name].type)
    }
