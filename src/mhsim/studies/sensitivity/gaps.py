"""Runs without a number: how many, whether they failed or the outcome is not defined, and where in the ranges."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mhsim.studies.sensitivity.runs import Runs


def gap_rows(runs: Runs) -> list[dict[str, Any]]:
    """Return one row per outcome, reason and parameter, for every outcome that lacks runs."""
    rows = []
    for outcome, values in runs.values.items():
        undefined = np.isnan(values) & ~runs.failed
        for reason, missing in (("failed", runs.failed), ("undefined", undefined)):
            if missing.any():
                rows += [_row(runs, outcome, reason, missing, place) for place in range(len(runs.ranges.varied))]
    return rows


def _row(runs: Runs, outcome: str, reason: str, missing: NDArray[np.bool_], place: int) -> dict[str, Any]:
    """Return between which values of one parameter runs are missing."""
    one, there = runs.ranges.varied[place], missing.any(axis=1)
    values = runs.points[there, place]
    return {
        "outcome": outcome,
        "reason": reason,
        "path": one.path,
        "runs": int(missing.sum()),
        "points": int(there.sum()),
        "low": float(values.min()),
        "high": float(values.max()),
        "tried_low": float(runs.points[:, place].min()),
        "tried_high": float(runs.points[:, place].max()),
    }
