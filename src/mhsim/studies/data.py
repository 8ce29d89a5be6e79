"""Results read again: the folder of a study, or of one run, as plain data and arrays.

This is the one reader of results; analyses, reports and the dashboard use it. It runs nothing of what it reads: a
scenario in a folder of results is plain data here, and rules named in it are not imported. What cannot be read, or is
not what such a folder holds, is an InputError of one line that names the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml
from numpy.typing import NDArray

from mhsim.errors import InputError
from mhsim.outcomes.measures import MEASURES
from mhsim.scenario import Value, parameter_rows
from mhsim.user_paths import user_path

Numbers = NDArray[np.float64]
Row = dict[str, Any]
MEASURE_KINDS = {measure.name: measure.kind for measure in MEASURES}
INDEX = ("point", "replicate", "status")
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
    """

    folder: Path
    manifest: Row
    study: Row
    base: Row
    scenarios: Row
    points: tuple[dict[str, Value], ...]
    runs: pa.Table
    _columns: dict[str, NDArray[Any]] = field(default_factory=dict, repr=False)

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
        return len(self.points), 1 + int(self._cells[1].max(initial=0))

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
        """Number of runs that the study asks for."""
        asked = self.manifest.get("runs")
        return max(asked if isinstance(asked, int) else 0, int(self.stored.sum()))

    @property
    def complete(self) -> bool:
        """Whether every run that the study asks for is there."""
        return int(self.stored.sum()) >= self.asked

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
        return tuple(name for name in _run_columns(self.folder) if name in MEASURE_KINDS)

    def has(self, *measures: str) -> bool:
        """Return whether all of these measures were watched."""
        return all(name in self.measures for name in measures)

    def numbers(self, measure: str) -> Numbers:
        """Return a measure as numbers, shape (points, replicates).

        NaN stands where a run failed, is missing or had no case, and everywhere if the measure was not watched or is
        text.
        """
        if measure not in self.measures or MEASURE_KINDS[measure] == "text":
            return np.full(self.shape, np.nan)
        return self._column(measure, np.nan)

    def texts(self, measure: str) -> NDArray[Any]:
        """Return a measure that is text, shape (points, replicates); None where a run failed or said nothing."""
        if measure not in self.measures or MEASURE_KINDS[measure] != "text":
            return np.full(self.shape, None, dtype=object)
        return self._column(measure, None)

    def _column(self, measure: str, missing: float | None) -> NDArray[Any]:
        """Return a column of the runs as points by replicates, read when it is first asked for."""
        if measure not in self._columns:
            values = _run_table(self.folder, self.points, [measure])[measure]
            made: NDArray[Any] = np.full(self.shape, missing, dtype=object if missing is None else float)
            try:
                cells = values if missing is None else values.cast(pa.float64())
            except pa.ArrowException:
                raise InputError(f"its column {measure} holds no numbers", str(self.folder / "runs.parquet")) from None
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

    def assumed(self, path: str) -> Any:
        """Return the value of a path wherever it does not vary; None if there is no such path."""
        single = self.levels(path)
        if len(single) == 1:
            return single[0]
        given: Mapping[str, Any] = self.study.get("set") or {}
        return given[path] if path in given else at_path(self.base, path)

    @cached_property
    def lengths(self) -> Numbers:
        """Length of the runs of each point in weeks, shape (points,)."""
        usual = self.study.get("weeks") or self.assumed("weeks") or 520
        return np.array([float(point.get("weeks", usual)) for point in self.points])

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
        table = _read_table(path)
        schema = KINDS[self.kind].tables[name]
        for column in schema:
            if column.name not in table.column_names or table.schema.field(column.name).type != column.type:
                raise InputError(f"this table cannot be read: it lacks the column {column.name}", str(path))
        return table

    def rows(self, name: str) -> list[Row]:
        """Return a table of the analysis as one dictionary for each row; see `table` for errors."""
        rows: list[Row] = self.table(name).to_pylist()
        return rows

    def run_table(self, name: str, point: int, replicate: int) -> pa.Table:
        """Return the table `series`, `lives`, `groups` or `people` of one run; InputError if it was not recorded."""
        return _read_table(self.folder / name / f"point-{point:06d}-replicate-{replicate:06d}.parquet")


@dataclass(frozen=True)
class RunData:
    """The folder of one run: summary, scenario and manifest as plain data, weekly series by name."""

    summary: Row
    scenario: Row
    manifest: Row
    series: dict[str, Numbers]

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
    manifest = _read_mapping(folder / "manifest.json")
    study = _study_of(folder, manifest)
    base = checked_scenario(_read_mapping(folder / "base.yaml"), folder / "base.yaml")
    others = folder / "others.yaml"
    scenarios = _read_mapping(others) if others.is_file() else {}
    for name, scenario in scenarios.items():
        if not isinstance(scenario, dict):
            raise InputError(f"this file cannot be read: {name} is no scenario", str(others))
        checked_scenario(scenario, others)
    points = _points(folder / "points.parquet")
    return StudyData(folder, manifest, study, base, scenarios, points, _index(folder, points))


def read_run(folder: Path) -> RunData:
    """Read the folder of one run; raise InputError, one line, if it cannot be read."""
    folder = user_path(folder)
    summary = _read_mapping(folder / "summary.json")
    for name, value in summary.items():
        text = MEASURE_KINDS.get(name, "text") == "text"
        if not (value is None or isinstance(value, str if text else (int, float))):
            raise InputError(f"this file cannot be read: {name} is no {'text' if text else 'number'}", str(folder))
    optional = {name: folder / name for name in ("manifest.json", "scenario.yaml", "series.parquet")}
    manifest, scenario = (
        _read_mapping(optional[name]) if optional[name].is_file() else {} for name in ("manifest.json", "scenario.yaml")
    )
    checked_scenario(scenario, folder / "scenario.yaml")
    series = _series(optional["series.parquet"]) if optional["series.parquet"].is_file() else {}
    return RunData(summary, scenario, manifest, series)


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
    content = _read_mapping(folder / "study.yaml")
    try:
        checked = KINDS[manifest["kind"]].study.model_validate(content)
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        place = ".".join(str(key) for key in first["loc"])
        raise InputError(
            f"this file cannot be read: {place or 'study'}: {first['msg']}", str(folder / "study.yaml")
        ) from None
    return checked.model_dump(mode="json") | content


def _points(path: Path) -> tuple[dict[str, Value], ...]:
    """Return what each point varies."""
    rows = _read_table(path).to_pylist()
    if not all(isinstance(row.get("point"), int) for row in rows):
        raise InputError("this table cannot be read: its points have no numbers", str(path))
    rows.sort(key=lambda row: row["point"])
    for number, row in enumerate(rows):
        values = [value for name, value in row.items() if name != "point"]
        if row.pop("point") != number or not all(isinstance(value, (bool, int, float, str)) for value in values):
            raise InputError("this table cannot be read: a point is missing, or is no point", str(path))
    return tuple(rows)


def _index(folder: Path, points: Sequence[Any]) -> pa.Table:
    """Return point, replicate, status, error and command of every stored run, checked."""
    table = _run_table(folder, points, [*INDEX, "error", "command"])
    where = str(folder / "runs.parquet")
    for name in INDEX:
        text = name == "status"
        there = table[name].type if name in table.column_names else None
        if there is None or (text != pa.types.is_string(there)) or (not text and not pa.types.is_integer(there)):
            raise InputError(f"this table cannot be read: it lacks the column {name}", where)
        if table[name].null_count:
            raise InputError(f"this table cannot be read: a run has no {name}", where)
    for name in ("error", "command"):
        if name not in table.column_names:
            table = table.append_column(name, pa.nulls(len(table), pa.string()))
    for name, most in (("point", len(points)), ("replicate", MOST_REPLICATES)):
        numbers = table[name].to_numpy()
        if len(numbers) and not (numbers.min() >= 0 and numbers.max() < most):
            raise InputError(f"this table cannot be read: a run is of a {name} that there is not", where)
    replicates = 1 + int(table["replicate"].to_numpy().max(initial=0))
    if len(points) * replicates > 100 * len(table) + 10_000:
        raise InputError("this table cannot be read: nearly all of its runs are missing", where)
    return table


def _run_columns(folder: Path) -> list[str]:
    """Return the names of the columns of the runs."""
    path = folder / "runs.parquet"
    if not path.is_file():
        raise InputError("the study in this folder is not finished; go on with it by --resume", str(folder))
    return _schema_names(path)


def _run_table(folder: Path, points: Sequence[Any], columns: list[str]) -> pa.Table:
    """Return columns of the stored runs, those of them that there are."""
    known = _run_columns(folder)
    return _read_table(folder / "runs.parquet", [name for name in columns if name in known])


def _series(path: Path) -> dict[str, Numbers]:
    """Return the weekly series of a run by name; NaN where there was no value."""
    table = _read_table(path)
    return {
        name: table[name].cast(pa.float64()).to_numpy(zero_copy_only=False)
        for name in table.column_names
        if pa.types.is_floating(table[name].type) or pa.types.is_integer(table[name].type)
    }


UNREADABLE = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    MemoryError,
    RecursionError,
    yaml.YAMLError,
    pa.ArrowException,
)


def _read_table(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    try:
        with path.open("rb") as opened, pq.ParquetFile(opened) as file:
            return file.read(columns=columns)
    except UNREADABLE as problem:
        raise _refusal(path, problem) from None


def _schema_names(path: Path) -> list[str]:
    try:
        with path.open("rb") as opened, pq.ParquetFile(opened) as file:
            return list(file.schema_arrow.names)
    except UNREADABLE as problem:
        raise _refusal(path, problem) from None


def _read_mapping(path: Path) -> Row:
    try:
        text = path.read_bytes()
        content = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except UNREADABLE as problem:
        raise _refusal(path, problem) from None
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        raise InputError("this file cannot be read: it holds no names with values", str(path))
    return content


def _refusal(path: Path, problem: BaseException) -> InputError:
    detail = (str(problem).splitlines() or [""])[0] or type(problem).__name__
    if isinstance(problem, FileNotFoundError):
        detail = "there is no such file"
    return InputError(f"this file cannot be read: {detail}", str(path))
