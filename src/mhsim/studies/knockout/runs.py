"""The finished runs of a knock-out, found again by what they lack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import yaml
from numpy.typing import NDArray

from mhsim.studies.columns import KINDS
from mhsim.studies.knockout.design import Absence, Knockout
from mhsim.studies.plan import SCENARIO

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Runs:
    """The runs of a finished knock-out study.

    Attributes
    ----------
    study : Knockout
        What was asked.
    points : list of dict
        Scenario and values of each point, in order.
    columns : dict of arrays, shape (points, replicates)
        Every measure that is no text; NaN where a run failed or had no case.
    done : array of bool, shape (points, replicates)
        Which runs ended well.
    """

    study: Knockout
    points: Sequence[dict[str, Any]]
    columns: dict[str, Numbers]
    done: NDArray[np.bool_]

    def point(self, form: str, absence: Absence) -> int:
        """Return the number of the point of a form without some things."""
        intact = next(row for row in self.points if row[SCENARIO] == form)
        wanted = {**intact, **self.study.taken_away(absence)}
        return next(number for number, row in enumerate(self.points) if row == wanted)

    def lacks(self, form: str, name: str) -> bool:
        """Return whether a form lacks a thing by itself, so that taking it away changes nothing."""
        return self.point(form, (name,)) == self.point(form, ())

    def of(self, measure: str, form: str, absence: Absence = ()) -> Numbers:
        """Return a measure in a form without some things, shape (replicates,)."""
        values: Numbers = self.columns[measure][self.point(form, absence)]
        return values

    def failed(self, form: str, *absences: Absence) -> int:
        """Return in how many replicates one of these runs failed."""
        points = [self.point(form, absence) for absence in absences]
        return int((~self.done[points].all(axis=0)).sum())


def read_runs(folder: Path) -> Runs:
    """Read the runs of a finished knock-out study."""
    study = Knockout.model_validate(yaml.safe_load((folder / "study.yaml").read_text(encoding="utf-8")))
    points = _read(folder / "points.parquet").to_pylist()
    for row in points:
        row.pop("point")
    runs = _read(folder / "runs.parquet")
    at = runs["point"].to_numpy(), runs["replicate"].to_numpy()
    shape = (len(points), study.replicates)
    done = np.zeros(shape, np.bool_)
    done[at] = [status == "done" for status in runs["status"].to_pylist()]
    columns = {}
    for name in runs.column_names:
        if KINDS.get(name, "text") != "text":
            columns[name] = np.full(shape, np.nan)
            columns[name][at] = [np.nan if value is None else float(value) for value in runs[name].to_pylist()]
            columns[name][~done] = np.nan
    return Runs(study, points, columns, done)


def _read(path: Path) -> Any:
    with pq.ParquetFile(path) as file:
        return file.read()
