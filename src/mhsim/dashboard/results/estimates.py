"""A measure at some points of a study, with its interval, and how both are written."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from mhsim import stats
from mhsim.outcomes.measures import BY_NAME
from mhsim.report import formatting
from mhsim.report.formatting import UNKNOWN, plain, span
from mhsim.report.sweep.axes import estimate
from mhsim.stats import Estimate, Numbers
from mhsim.studies.data import StudyData


def estimated(found: StudyData, measure: str, rows: Sequence[int]) -> Estimate:
    """Return a measure over the runs of some points, each replicate counted once, as the reports do it."""
    return estimate(found, measure, rows) if rows else stats.UNKNOWN


def means(found: StudyData, measure: str) -> Numbers:
    """Return the mean of a measure at every point, NaN where there is no case; quick for many points."""
    return stats.mean_over(found.numbers(measure).T)


def scale_of(measure: str) -> tuple[float, int]:
    """Return how a measure is written: of a hundred where it is a share or a scale, and the decimals."""
    scale = formatting.scale_of(measure)
    return scale.factor, 1 if scale.decimals is None else scale.decimals


def unit_of(measure: str) -> str:
    """Return what a measure is counted in, as it is written."""
    return BY_NAME[measure].shown_unit


def named(measure: str) -> str:
    """Return the name of a measure in words."""
    return BY_NAME[measure].label


def value_of(measure: str, value: float) -> str:
    """Return a value of a measure as it is written, without its unit."""
    scale, digits = scale_of(measure)
    return plain(scale * value, digits)


def interval_of(measure: str, found: Estimate) -> str:
    """Return the interval of an estimate; a dash where there is none."""
    if not found.known or isnan(found.low):
        return UNKNOWN
    return span(value_of(measure, found.low), value_of(measure, found.high))


def cell(measure: str, found: Estimate) -> str:
    """Return an estimate with its interval."""
    return formatting.scale_of(measure).estimate(found)
