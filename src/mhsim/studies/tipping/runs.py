"""The runs of a tipping point, read from the folders of its rounds: measures as tables of values by replicates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from mhsim.studies.columns import KINDS
from mhsim.studies.tipping.refine import place_of, value_of
from mhsim.studies.tipping.search import TippingPoint
from mhsim.studies.tipping.threshold import Crossing, Numbers, by_logistic, by_staircase, falls

ROUNDS, STARTS = "rounds", "starts"


@dataclass(frozen=True)
class Runs:
    """Runs at some values of the path, in rising order.

    Attributes
    ----------
    values : array, shape (values,)
        What was tried.
    rounds : array of int, shape (values,)
        In which round; 0 is the first.
    done : array of bool, shape (values, replicates)
        Which runs ended well.
    columns : dict of arrays, shape (values, replicates)
        Watched measures: numbers with NaN, texts with None where a run failed or had no case.
    """

    values: Numbers
    rounds: NDArray[np.int64]
    done: NDArray[np.bool_]
    columns: dict[str, NDArray[Any]]

    def places(self, scale: str) -> Numbers:
        """Return where the values lie on a scale."""
        return np.array([place_of(value, scale) for value in self.values])

    def taken(self, rows: NDArray[Any]) -> Runs:
        """Return the runs at some of the values, in the order given."""
        columns = {name: column[rows] for name, column in self.columns.items()}
        return Runs(self.values[rows], self.rounds[rows], self.done[rows], columns)


def round_folders(folder: Path) -> list[Path]:
    """Return the folders of the rounds, the first one first."""
    return sorted(path for path in (folder / ROUNDS).glob("[0-9][0-9]") if (path / "runs.parquet").is_file())


def read_rounds(folders: list[Path], path: str) -> Runs:
    """Return the runs of all rounds together, by rising value."""
    parts = [_read(folder, path, number) for number, folder in enumerate(folders)]
    joined = Runs(
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.rounds for part in parts]),
        np.concatenate([part.done for part in parts]),
        {name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns},
    )
    return joined.taken(np.argsort(joined.values, kind="stable"))


def read_starts(folder: Path, path: str) -> tuple[Runs, Runs]:
    """Return the runs from the strong and from the weak start, by rising value; they alternate in the folder."""
    both = _read(folder, path, -1)
    strong, weak = both.taken(np.arange(0, len(both.values), 2)), both.taken(np.arange(1, len(both.values), 2))
    order = np.argsort(strong.values, kind="stable")
    return strong.taken(order), weak.taken(order)


def _read(folder: Path, path: str, number: int) -> Runs:
    """Return the runs of one folder, in the order of its points."""
    with pq.ParquetFile(folder / "points.parquet") as file:
        values = np.array(file.read()[path].to_pylist(), dtype=float)
    with pq.ParquetFile(folder / "runs.parquet") as file:
        runs = file.read()
    shape = (len(values), len(runs) // len(values))
    done = np.array([status == "done" for status in runs["status"].to_pylist()]).reshape(shape)
    columns: dict[str, NDArray[Any]] = {}
    for name in runs.column_names:
        if name not in KINDS:
            continue
        found = np.array(runs[name].to_pylist(), dtype=object).reshape(shape)
        found[~done] = None
        columns[name] = found if KINDS[name] == "text" else found.astype(float)
    return Runs(values, np.full(len(values), number), done, columns)


def crossings(study: TippingPoint, runs: Runs) -> dict[str, Crossing]:
    """Return where the outcome crosses its level by each method, in values of the path; the main method first."""
    outcome, places = runs.columns[study.outcome], runs.places(study.scale)
    falling = falls(outcome) if not np.isnan(outcome).all() else True
    found = {"staircase": by_staircase(places, outcome, study.level, falling)}
    if KINDS[study.outcome] == "yes_no":
        found = {"logistic": by_logistic(places, outcome, study.level, falling), **found}
    return {method: in_values(crossing, study.scale) for method, crossing in found.items()}


def in_values(crossing: Crossing, scale: str) -> Crossing:
    """Return a crossing found on a scale in values of the path."""
    if not crossing.crosses:
        return crossing
    value, low, high = (value_of(place, scale) for place in (crossing.value, crossing.low, crossing.high))
    return Crossing(crossing.side, value, low, high, crossing.share, crossing.fitted)


def chosen(found: dict[str, Crossing]) -> str:
    """Return the method to be believed: the logistic curve, unless the staircase contradicts it."""
    if "logistic" not in found:
        return "staircase"
    curve, steps = found["logistic"], found["staircase"]
    agree = curve.side == steps.side and (not curve.crosses or steps.low <= curve.value <= steps.high)
    return "logistic" if agree else "staircase"
