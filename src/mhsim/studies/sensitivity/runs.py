"""The finished runs of a study as its analysis sees them: outcomes by point and replicate, the sample, the gaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mhsim.errors import InputError
from mhsim.scenario import Scenario
from mhsim.stats import Numbers
from mhsim.studies.analysis import Row
from mhsim.studies.data import read_study
from mhsim.studies.sensitivity.design import Sensitivity
from mhsim.studies.sensitivity.planning import sample, values_of
from mhsim.studies.sensitivity.ranges import Ranges, ranges_of


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
