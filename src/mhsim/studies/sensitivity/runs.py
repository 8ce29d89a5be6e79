"""The finished runs of a study as its analysis sees them: outcomes by point and replicate, and the sample."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from numpy.typing import NDArray

from mhsim.errors import InputError
from mhsim.scenario import Scenario
from mhsim.studies.sensitivity.design import Sensitivity
from mhsim.studies.sensitivity.planning import sample, values_of
from mhsim.studies.sensitivity.ranges import Ranges, ranges_of

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Runs:
    """The runs of a study.

    Attributes
    ----------
    places : array, shape (points, parameters)
        The sample between 0 and 1.
    points : array, shape (points, parameters)
        The values of the parameters.
    failed : array of bool, shape (points, replicates)
        Which runs failed.
    values : dict of arrays, shape (points, replicates)
        Each outcome; NaN where a run failed or the outcome is not defined.
    """

    study: Sensitivity
    ranges: Ranges
    places: Numbers
    points: Numbers
    failed: NDArray[np.bool_]
    values: dict[str, Numbers]


def read_runs(folder: Path) -> Runs:
    """Read the folder of a study whose runs are done.

    Raises
    ------
    InputError
        If it holds none, or its points are not those its study stands for.
    """
    study, scenario = _study(folder)
    ranges = ranges_of(study, scenario)
    places = sample(study, len(ranges.varied))
    table = _table(folder / "points.parquet")
    points = np.array([table[one.path].to_pylist() for one in ranges.varied], dtype=float).T
    if points.shape != places.shape or not np.array_equal(points, np.array(values_of(places, ranges.varied), float)):
        raise InputError(f"{folder}: its points were drawn by another version of SALib or NumPy; run the study anew")
    runs = _table(folder / "runs.parquet")
    shape = (len(points), study.replicates)
    failed = np.array([status != "done" for status in runs["status"].to_pylist()], dtype=bool).reshape(shape)
    values = {name: _numbers(runs[name]).reshape(shape) for name in study.outcomes}
    return Runs(study, ranges, places, points, failed, {k: np.where(failed, np.nan, v) for k, v in values.items()})


def _study(folder: Path) -> tuple[Sensitivity, Scenario]:
    """Return the study and the base scenario of a folder."""
    try:
        found: list[Any] = [yaml.safe_load((folder / name).read_text("utf-8")) for name in ("study.yaml", "base.yaml")]
        return Sensitivity.model_validate(found[0]), Scenario.model_validate(found[1])
    except (OSError, ValueError, yaml.YAMLError) as problem:
        raise InputError(f"the study in {folder} cannot be read: {problem}") from None


def _table(path: Path) -> pa.Table:
    try:
        with pq.ParquetFile(path) as file:
            return file.read()
    except (OSError, pa.ArrowException) as problem:
        raise InputError(f"{path} cannot be read: {problem}") from None


def _numbers(column: pa.ChunkedArray) -> Numbers:
    return np.array([np.nan if value is None else float(value) for value in column.to_pylist()], dtype=float)
