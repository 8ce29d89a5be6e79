"""The runs of a tipping point, read from the folders of its rounds, and where they put the crossing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mhsim.stats import Numbers, spread_of_resamples
from mhsim.studies.analysis import Row, knowledge_cells
from mhsim.studies.columns import KINDS
from mhsim.studies.data import read_study
from mhsim.studies.tipping.design import TippingPoint, place_of, value_of
from mhsim.studies.tipping.threshold import Crossing, by_logistic, by_staircase, falls

STARTS = "starts"


@dataclass(frozen=True)
class RunsByValue:
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

    def selected(self, rows: Any) -> RunsByValue:
        """Return the runs at some of the values, by rising value."""
        rows = np.arange(len(self.values))[rows]
        rows = rows[np.argsort(self.values[rows], kind="stable")]
        columns = {name: column[rows] for name, column in self.columns.items()}
        return RunsByValue(self.values[rows], self.rounds[rows], self.done[rows], columns)


def round_folder(folder: Path, number: int) -> Path:
    """Return the folder of a round; 0 is the first."""
    return folder / "rounds" / f"{number:02d}"


def draw_folder(folder: Path, draw: int) -> Path:
    """Return the folder of the search with the values of a draw; that of the study itself for 0, as shipped."""
    return folder / "draws" / f"{draw:04d}" if draw else folder


def draw_folders(folder: Path) -> list[Path]:
    """Return the folders of the searches with the values of each draw, in their order; none without draws."""
    return sorted(path for path in (folder / "draws").glob("[0-9]" * 4) if path.is_dir())


def round_folders(folder: Path) -> list[Path]:
    """Return the folders of the rounds that are done, the first one first."""
    return sorted(path for path in (folder / "rounds").glob("[0-9][0-9]") if (path / "runs.parquet").is_file())


def read_rounds(folders: list[Path], path: str) -> RunsByValue:
    """Return the runs of all rounds together, by rising value."""
    return _read(folders, path).selected(slice(None))


def read_starts(folder: Path, path: str) -> tuple[RunsByValue, RunsByValue]:
    """Return the runs from the strong and from the weak start, by rising value; they alternate in the folder."""
    both = _read([folder], path)
    return both.selected(slice(0, None, 2)), both.selected(slice(1, None, 2))


def _read(folders: list[Path], path: str) -> RunsByValue:
    """Return the runs of some folders, in the order of their points."""
    parts = [read_study(folder) for folder in folders]
    columns = {
        name: np.concatenate([(d.texts if KINDS[name] == "text" else d.numbers)(name) for d in parts])
        for name in parts[0].measures
    }
    return RunsByValue(
        np.array([float(point[path]) for data in parts for point in data.points]),
        np.repeat(np.arange(len(parts)), [len(data.points) for data in parts]),
        np.concatenate([data.done for data in parts]),
        columns,
    )


def crossings(study: TippingPoint, runs: RunsByValue) -> dict[str, Crossing]:
    """Return where the outcome crosses its level by each method, in values of the path; the main method first."""
    outcome, places = runs.columns[study.outcome], runs.places(study.scale)
    falling = falls(outcome)
    found = {"staircase": by_staircase(places, outcome, study.level, falling)}
    if KINDS[study.outcome] == "yes_no":
        found = {"logistic": by_logistic(places, outcome, study.level, falling), **found}
    return {method: in_values(crossing, study.scale) for method, crossing in found.items()}


def in_values(crossing: Crossing, scale: str) -> Crossing:
    """Return a crossing found on a scale in values of the path."""
    if not crossing.crosses:
        return crossing
    value, low, high = (value_of(place, scale) for place in (crossing.value, crossing.low, crossing.high))
    return replace(crossing, value=value, low=low, high=high)


def critical_over_draws(study: TippingPoint, drawn: Sequence[RunsByValue], method: str, measure: str) -> Row:
    """Return the range of a critical value over draws as cells, and in what share of them there is one; or nothing.

    A draw in which it is not crossed counts at the end of the values tried beyond which it would be.
    """
    if not drawn:
        return {}
    found = [crossing_of(study, runs, method, measure) for runs in drawn]
    low, high = place_of(study.low, study.scale), place_of(study.high, study.scale)
    places = np.clip([one.resamples for one in found if one.side != "nothing"], low, high)
    known = spread_of_resamples(places) if len(places) else None
    if known is not None:
        middle, low, high = (value_of(place, study.scale) for place in (known.middle, known.low, known.high))
        known = replace(known, middle=middle, low=low, high=high)
    share = float(np.mean([one.crosses for one in found]))
    return {**knowledge_cells(known), "crossing_draws": share}


def crossing_of(study: TippingPoint, runs: RunsByValue, method: str, measure: str) -> Crossing:
    """Return where a measure crosses its level by a method, on the scale of the study."""
    outcome, places = runs.columns[measure], runs.places(study.scale)
    by, level = by_logistic if method == "logistic" else by_staircase, study.level if measure == study.outcome else 1.0
    return by(places, outcome, level, falls(outcome))


def chosen(found: dict[str, Crossing]) -> str:
    """Return the method to be believed: the logistic curve, unless the staircase contradicts it."""
    if "logistic" not in found:
        return "staircase"
    curve, steps = found["logistic"], found["staircase"]
    agree = curve.side == steps.side and (not curve.crosses or steps.low <= curve.value <= steps.high)
    return "logistic" if agree else "staircase"
