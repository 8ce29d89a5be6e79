"""From finished runs to tables: indices, their convergence, noise, gaps; written into `analysis/` of the folder."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mhsim.studies.analysis import read_analysis, write_analysis
from mhsim.studies.sensitivity.columns import SCHEMAS
from mhsim.studies.sensitivity.gaps import gap_rows
from mhsim.studies.sensitivity.indices import FEWEST_BLOCKS, MAIN, Indices, defined, indices, main_index, whole_blocks
from mhsim.studies.sensitivity.noise import floor, noise_in
from mhsim.studies.sensitivity.planning import block_of
from mhsim.studies.sensitivity.ranges import Ranges, declared
from mhsim.studies.sensitivity.runs import Runs, read_runs

if TYPE_CHECKING:
    import pandas

SHARES = (0.2, 0.4, 0.6, 0.8, 1.0)
"""Shares of the sample from which the main index is computed, to see whether it has settled."""
Numbers = NDArray[np.float64]
Rows = list[dict[str, Any]]


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
    found: dict[str, Rows] = {name: [] for name in SCHEMAS}
    for outcome, values in runs.values.items():
        for name, rows in of_outcome(runs, outcome, values).items():
            found[name] += rows
    found["gaps"], found["parameters"] = gap_rows(runs), parameter_table(runs.ranges)
    cells = {name: [_cells(row) for row in rows] for name, rows in found.items()}
    write_analysis(folder, {name: pa.Table.from_pylist(cells[name], schema=schema) for name, schema in SCHEMAS.items()})


def tables(folder: Path) -> dict[str, pandas.DataFrame]:
    """Return the tables of a finished study by name: indices, convergence, outcomes, gaps, parameters.

    Raises
    ------
    InputError
        If the folder holds no analysis.
    """
    return read_analysis(folder, SCHEMAS, "there is no analysis of sensitivity in this folder")


def of_outcome(runs: Runs, outcome: str, values: Numbers) -> dict[str, Rows]:
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
    if len(means) < FEWEST_BLOCKS[method] * block_of(method, parameters):
        return "too few"
    return "done" if defined(method, means, parameters) and np.ptp(means) > 0 else "constant"


def index_rows(outcome: str, paths: list[str], found: Indices) -> Rows:
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


def convergence(method: str, outcome: str, paths: list[str], places: Numbers, means: Numbers, found: Indices) -> Rows:
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


def parameter_table(ranges: Ranges) -> Rows:
    """Return one row per parameter: its range, its value in the scenario, its meaning and source."""
    rows = []
    for one in ranges.varied:
        shape = {"varied": True, "low": one.low, "high": one.high, "scale": one.scale}
        rows.append({"path": one.path, **shape, "present": one.present, "whole": one.whole, "origin": one.origin})
    rows += [{"path": path, "varied": False, "present": 0.0} for path in ranges.left_out]
    return [{**row, **{key: declared().get(str(row["path"]), {}).get(key) for key in ABOUT}} for row in rows]


ABOUT = ("unit", "meaning", "source")


def _interval(value: float, half: float) -> dict[str, Any]:
    return {"value": float(value), "low": float(value - half), "high": float(value + half)}


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row in which what is not a number is missing."""
    return {name: None if isinstance(cell, float) and isnan(cell) else cell for name, cell in row.items()}
