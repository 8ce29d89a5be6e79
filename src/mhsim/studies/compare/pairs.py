"""The finished runs of a comparison side by side: every measure as a table of scenarios by replicates."""

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
from mhsim.scenario import Scenario, with_values
from mhsim.studies.columns import KINDS
from mhsim.studies.compare.spec import Compare
from mhsim.studies.plan import SCENARIO

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """What a folder holds of a comparison.

    Attributes
    ----------
    study : Compare
        What was asked.
    arms : dict of Scenario
        The scenarios by name as they were run, the first the one the others are held against.
    done : array of bool, shape (scenarios, replicates)
        Which runs ended well.
    columns : dict of arrays, shape (scenarios, replicates)
        Every watched measure; NaN or None where a run failed or had no case.
    """

    study: Compare
    arms: dict[str, Scenario]
    done: NDArray[np.bool_]
    columns: dict[str, NDArray[Any]]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the scenarios, the first the one the others are held against."""
        return tuple(self.arms)


def read_pairs(folder: Path) -> Pairs:
    """Read the folder of a comparison whose runs are done; raise InputError, one line, if it holds none."""
    try:
        study = Compare.model_validate(yaml.safe_load((folder / "study.yaml").read_text(encoding="utf-8")))
        others = yaml.safe_load((folder / "others.yaml").read_text(encoding="utf-8"))
        points, runs = _table(folder / "points.parquet"), _table(folder / "runs.parquet")
        names = [str(name) for name in points[SCENARIO].to_pylist()]
        fixed = {**study.set, "seed": study.seed} | ({} if study.weeks is None else {"weeks": study.weeks})
        arms = {name: with_values(Scenario.model_validate(others[name]), fixed) for name in names}
        shape = (len(names), study.replicates)
        at = (runs["point"].to_numpy(), runs["replicate"].to_numpy())
        done = np.zeros(shape, np.bool_)
        done[at] = [status == "done" for status in runs["status"].to_pylist()]
        columns = {name: _column(runs[name].to_pylist(), name, at, shape) for name in study.watch}
    except (OSError, ValueError, KeyError, IndexError, TypeError, yaml.YAMLError, pa.ArrowException) as problem:
        raise InputError(f"the comparison in this folder cannot be read: {problem}", str(folder)) from None
    return Pairs(study, arms, done, columns)


def _table(path: Path) -> pa.Table:
    with pq.ParquetFile(path) as file:
        return file.read()


def _column(values: list[Any], name: str, at: Any, shape: tuple[int, int]) -> NDArray[Any]:
    """Return a measure as scenarios by replicates; text as objects, everything else as numbers."""
    if KINDS[name] == "text":
        texts = np.full(shape, None, dtype=object)
        texts[at] = values
        return texts
    numbers = np.full(shape, np.nan)
    numbers[at] = [np.nan if value is None else float(value) for value in values]
    return numbers
