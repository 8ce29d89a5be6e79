"""When a study knows enough: rounds of replicates until the 95 % interval of every named measure is narrow.

All points get the same number of replicates, so that all keep the same luck and the widest interval decides. Whether
another round is wanted follows from the runs alone, whoever did them and in whichever order.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mhsim.studies.columns import KINDS, column
from mhsim.studies.design import StudyBase

Numbers = NDArray[np.float64]
Measure = Callable[[str], Numbers]
"""Returns a measure of all runs by name, shape (points, replicates); NaN where a run failed or had no case."""
LEVEL = 0.95
TABLE = "precision.parquet"
COLUMNS = pa.schema(
    [
        column("measure", pa.string(), "name", "measure named under until"),
        column("point", pa.int64(), "number", "row of points.parquet"),
        column("runs", pa.int64(), "number", "runs at this point that have the measure"),
        column("mean", pa.float64(), "as the measure", "mean of these runs, or share of yes"),
        column("half_width", pa.float64(), "as the measure", "half width of the 95 % interval; missing if unknown"),
        column("asked", pa.float64(), "as the measure", "half width that was asked for"),
        column("narrow_enough", pa.bool_(), "yes/no", "whether half_width is at most what was asked for"),
    ]
)


def next_replicates(study: StudyBase, replicates: int, measure: Measure) -> int | None:
    """Return how many replicates the next round leads to; None if there is none."""
    most: int | None = getattr(study, "most_replicates", None)
    if most is None or replicates >= most:
        return None
    if all(bool(np.all(_interval_of(measure, name)[2] <= limit)) for name, limit in _limits(study).items()):
        return None
    return min(most, replicates + study.replicates)


def precision_table(study: StudyBase, measure: Measure) -> pa.Table | None:
    """Return `precision.parquet`, a row for each named measure at each point; None if none is named."""
    tables = []
    for name, limit in _limits(study).items():
        runs, mean, half = _interval_of(measure, name)
        columns = {
            "measure": pa.array([name] * len(runs)),
            "point": pa.array(range(len(runs)), pa.int64()),
            "runs": pa.array(runs),
            "mean": pa.array(mean, from_pandas=True),
            "half_width": pa.array(np.where(np.isfinite(half), half, np.nan), from_pandas=True),
            "asked": pa.array([float(limit)] * len(runs)),
            "narrow_enough": pa.array(half <= limit),
        }
        tables.append(pa.table(columns, schema=COLUMNS))
    return pa.concat_tables(tables).combine_chunks() if tables else None


def _limits(study: StudyBase) -> dict[str, float]:
    """Return the measures that are to be known well, each with the half width asked for."""
    limits: dict[str, float] = getattr(study, "until", {})
    return limits


def _interval_of(measure: Measure, name: str) -> tuple[NDArray[np.int64], Numbers, Numbers]:
    return intervals(measure(name), share=KINDS[name] == "yes_no")


def intervals(values: Numbers, *, share: bool) -> tuple[NDArray[np.int64], Numbers, Numbers]:
    """Return number of values, mean, and half width of the 95 % interval of the mean, each of shape (points,).

    Parameters
    ----------
    values : array of float, shape (points, replicates)
        NaN where a run failed or had no case; those are left out.
    share : bool
        Whether the values are yes (1) or no (0): then the interval is Wilson's (1927), which has a width even where
        all runs agree. Otherwise it is Student's, which knows nothing from fewer than two values (infinite).
    """
    from scipy.special import ndtri, stdtrit

    there = np.isfinite(values)
    runs = there.sum(axis=1)
    number = np.maximum(runs, 1).astype(np.float64)
    mean = np.where(there, values, 0.0).sum(axis=1) / number
    if share:
        z = float(ndtri(0.5 + LEVEL / 2))
        half = z * np.sqrt(mean * (1 - mean) / number + z**2 / (4 * number**2)) / (1 + z**2 / number)
        known = runs > 0
    else:
        freedom = np.maximum(number - 1, 1)
        squares = (np.where(there, values - mean[:, np.newaxis], 0.0) ** 2).sum(axis=1)
        half = stdtrit(freedom, 0.5 + LEVEL / 2) * np.sqrt(squares / freedom / number)
        known = runs > 1
    return runs.astype(np.int64), np.where(runs > 0, mean, np.nan), np.where(known, half, np.inf)
