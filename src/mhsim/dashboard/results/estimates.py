"""A measure at some points of a study, with its interval, and how both are written."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from mhsim.report.by_axis import INFORMATION
from mhsim.report.formatting import UNKNOWN, plain, span
from mhsim.report.intervals import NOTHING, Estimate, Numbers, mean_of, mean_over, share_of
from mhsim.report.study_data import Found

OF_HUNDRED = ("share", "yes/no", "0-1")


def estimated(found: Found, measure: str, rows: Sequence[int]) -> Estimate:
    """Return a measure over the runs of some points, each replicate counted once, as the reports do it."""
    values = found.numbers(measure)[list(rows)]
    if not len(values):
        return NOTHING
    if INFORMATION[measure].kind == "yes_no" and len(values) == 1:
        return share_of(values[0])
    return mean_of(values)


def means(found: Found, measure: str) -> Numbers:
    """Return the mean of a measure at every point, NaN where there is no case; quick for many points."""
    return mean_over(found.numbers(measure).T)


def scale_of(measure: str) -> tuple[float, int]:
    """Return how a measure is written: of a hundred where it is a share or a scale, and the decimals."""
    unit = INFORMATION[measure].unit
    return (100.0, 0 if unit == "yes/no" else 1) if unit in OF_HUNDRED else (1.0, 1)


def unit_of(measure: str) -> str:
    """Return what a measure is counted in, as it is written."""
    unit = INFORMATION[measure].unit
    return {"share": "of 100", "yes/no": "of 100 histories", "0-1": "points of 100"}.get(unit, unit)


def named(measure: str) -> str:
    """Return the name of a measure in words."""
    words = measure.replace("_", " ")
    return words[:1].upper() + words[1:]


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
    ends = interval_of(measure, found)
    value = value_of(measure, found.value) if found.known else UNKNOWN
    return value if ends == UNKNOWN else f"{value} ({ends})"
