"""From finished runs to tables: indices, their convergence, noise, gaps; written into `analysis/` of the folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mhsim.errors import InputError
from mhsim.scenario import Scenario
from mhsim.stats import Numbers
from mhsim.studies.analysis import Row, schemas_of, write_analysis
from mhsim.studies.data import read_study
from mhsim.studies.sensitivity.design import FEWEST, Sensitivity
from mhsim.studies.sensitivity.indices import MAIN, Indices, defined, floor, indices, main_index, noise_in, whole_blocks
from mhsim.studies.sensitivity.planning import Ranges, block_of, declared, ranges_of, sample, values_of


@dataclass(frozen=True)
class SampleRuns:
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


def read_runs(folder: Path) -> SampleRuns:
    """Read the folder of a study whose runs are done.

    Raises
    ------
    InputError
        If it holds none, or its points are not those its study stands for.
    """
    data = read_study(folder)
    study = Sensitivity.model_validate(data.study)
    ranges = ranges_of(study, Scenario.model_validate(data.base))
    places = sample(study, len(ranges.varied))
    points = np.array([[point[one.path] for one in ranges.varied] for point in data.points], dtype=float)
    if points.shape != places.shape or not np.array_equal(points, np.array(values_of(places, ranges.varied), float)):
        words = "its points were drawn by another version of SALib or NumPy; run the study again in another folder"
        raise InputError(words, str(folder))
    return SampleRuns(study, ranges, places, points, ~data.done, {name: data.numbers(name) for name in study.outcomes})


def gap_rows(runs: SampleRuns) -> Iterator[Row]:
    """Yield one row per outcome, reason and parameter, for every outcome that lacks runs."""
    for outcome, values in runs.values.items():
        undefined = np.isnan(values) & ~runs.failed
        for reason, missing in (("failed", runs.failed), ("undefined", undefined)):
            there = missing.any(axis=1)
            for one, tried in zip(runs.ranges.varied, runs.points.T if there.any() else (), strict=False):
                yield {
                    "outcome": outcome,
                    "reason": reason,
                    "path": one.path,
                    "runs": int(missing.sum()),
                    "points": int(there.sum()),
                    "low": tried[there].min(),
                    "high": tried[there].max(),
                    "tried_low": tried.min(),
                    "tried_high": tried.max(),
                }


SCHEMAS = schemas_of("mhsim.studies.sensitivity")
SHARES = (0.2, 0.4, 0.6, 0.8, 1.0)
"""Shares of the sample from which the main index is computed, to see whether it has settled."""


def analyse(folder: Path) -> None:
    """Write the tables of a study whose runs are done; the same runs give the same bytes.

    Raises
    ------
    InputError
        If the folder holds no such study.
    StoreError
        If the disk refuses.
    """
    runs = read_runs(folder)
    found: dict[str, list[Row]] = {name: [] for name in SCHEMAS}
    for outcome, values in runs.values.items():
        for name, rows in of_outcome(runs, outcome, values).items():
            found[name] += rows
    found["gaps"], found["parameters"] = list(gap_rows(runs)), parameter_table(runs.ranges)
    write_analysis(folder, SCHEMAS, found)


def of_outcome(runs: SampleRuns, outcome: str, values: Numbers) -> dict[str, list[Row]]:
    """Return the rows of one outcome: its indices, their convergence, and what there is to say about it."""
    method, parameters = runs.study.method, runs.places.shape[1]
    means = values.mean(axis=1)
    whole = whole_blocks(method, means, parameters)
    used = np.repeat(whole, block_of(method, parameters))
    places, means = runs.places[used], means[used]
    noise = noise_in(values[used])
    known = defined(method, means, parameters)
    about = {
        "outcome": outcome,
        "state": state_of(method, means, parameters),
        "blocks": len(whole),
        "left_out": int((~whole).sum()),
        "runs": values.size,
        "failed": int(runs.failed.sum()),
        "undefined": int((np.isnan(values) & ~runs.failed).sum()),
        "mean": float(means.mean()) if len(means) else None,
        "between": noise.between,
        "noise": noise.noise,
        "noise_share": noise.share,
        "main": MAIN[method],
        "floor": floor(method, noise, means, parameters) if known else None,
    }
    paths = [one.path for one in runs.ranges.varied]
    found = indices(method, places, means) if known else {}
    return {
        "outcomes": [about],
        "indices": index_rows(outcome, paths, found),
        "convergence": convergence(method, outcome, paths, places, means, found),
    }


def state_of(method: str, means: Numbers, parameters: int) -> str:
    """Return whether an outcome has too few whole blocks, is the same at all points, or is as it should be."""
    if len(means) < FEWEST[method] * block_of(method, parameters):
        return "too few"
    return "done" if defined(method, means, parameters) and np.ptp(means) > 0 else "constant"


def index_rows(outcome: str, paths: list[str], found: Indices) -> list[Row]:
    """Return one row per parameter and index."""
    rows = []
    for name, (values, halves) in found.items():
        size = np.abs(values) if name == "mu" else values
        order = np.argsort(-size, kind="stable")
        ranks = np.empty(len(values), dtype=int)
        ranks[order] = np.arange(1, len(values) + 1)
        for path, value, half, rank in zip(paths, values, halves, ranks, strict=True):
            row = {"outcome": outcome, "path": path, "index": name, **_interval(value, half), "rank": int(rank)}
            rows.append(row)
    return rows


def convergence(
    method: str, outcome: str, paths: list[str], places: Numbers, means: Numbers, found: Indices
) -> list[Row]:
    """Return the main index from growing shares of the sample, where there is enough of it; the last is all of it."""
    block, rows = block_of(method, len(paths)), []
    total = len(means) // block
    for blocks in sorted({round(share * total) for share in SHARES}):
        part = slice(0, blocks * block)
        if defined(method, means[part], len(paths)):
            whole = blocks == total
            values, halves = found[MAIN[method]] if whole else main_index(method, places[part], means[part])
            shared = {"outcome": outcome, "index": MAIN[method], "share": blocks / total, "blocks": blocks}
            rows += [
                {**shared, "path": path, **_interval(value, half)}
                for path, value, half in zip(paths, values, halves, strict=True)
            ]
    return rows


def parameter_table(ranges: Ranges) -> list[Row]:
    """Return one row per parameter: its range, its value in the scenario, its meaning and source."""
    rows = []
    for one in ranges.varied:
        shape = {"varied": True, "low": one.low, "high": one.high, "scale": one.scale}
        rows.append({"path": one.path, **shape, "present": one.present, "whole": one.whole, "origin": one.origin})
    rows += [{"path": path, "varied": False, "present": 0.0} for path in ranges.left_out]
    return [{**row, **{key: declared().get(str(row["path"]), {}).get(key) for key in ABOUT}} for row in rows]


ABOUT = ("unit", "meaning", "source")


def _interval(value: float, half: float) -> Row:
    return {"value": float(value), "low": float(value - half), "high": float(value + half)}
