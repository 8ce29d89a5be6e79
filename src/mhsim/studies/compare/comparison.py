"""Every measure of every scenario compared with the first: a row each, with verdict and how many runs it takes."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, isfinite
from typing import Any

import numpy as np
import pyarrow as pa

from mhsim.outcomes.measures import MEASURES, Measure
from mhsim.stats import Estimate, Numbers, kaplan_meier, median_time, paired_differences
from mhsim.studies.analysis import NUMBER, TEXT, WHOLE, Row, difference_cells, difference_columns
from mhsim.studies.columns import column
from mhsim.studies.data import StudyData

TIME, ENDED = "weeks_to_closure", "closed"
"""The measure that is a time until an event, and the one that says whether the event came."""

COMPARISON = pa.schema(
    [
        column("scenario", TEXT, "name", "the scenario that is compared with the first"),
        column("reference", TEXT, "name", "the first scenario"),
        column("measure", TEXT, "name", "the measure; see docs/measures.md"),
        column("unit", TEXT, "text", "unit of means, differences, intervals and tolerance; yes/no: a share"),
        column("mean_reference", NUMBER, "unit", "mean in the first scenario, over the pairs"),
        column("mean", NUMBER, "unit", "mean in this scenario, over the pairs"),
        *difference_columns("difference", "unit", "mean less mean_reference, same replicates"),
        column("pairs", WHOLE, "replicates", "replicates with a value in both scenarios"),
        column("dropped_failed", WHOLE, "replicates", "left out because a run failed"),
        column("dropped_no_case", WHOLE, "replicates", "left out because a run had no case of the measure"),
        column("sd_reference", NUMBER, "unit", "s.d. in the first scenario, over the pairs"),
        column("sd", NUMBER, "unit", "s.d. in this scenario, over the pairs"),
        column("sd_difference", NUMBER, "unit", "s.d. of the differences"),
        column("variance_ratio", NUMBER, "times", "replicates needed without shared seeds, over those with them"),
        column("tolerance", NUMBER, "unit", "the half width that is close enough"),
        column("half_width", NUMBER, "unit", "half the width of the interval"),
        column("pairs_needed", NUMBER, "replicates", "for the half width to fall to the tolerance, about"),
        column("pairs_more", NUMBER, "replicates", "of these, how many more than there are"),
        column("median_reference", NUMBER, "unit", "time after which half have closed, first scenario"),
        column("median", NUMBER, "unit", "the same in this scenario; missing where fewer than half have"),
    ]
)
REASONS = pa.schema(
    [
        column("scenario", TEXT, "name", "the scenario"),
        column("measure", TEXT, "name", "a measure that is a text"),
        column("value", TEXT, "text", "what it says; empty where nothing is to be said"),
        column("runs", WHOLE, "runs", "runs that say so"),
        column("of", WHOLE, "runs", "runs with a value; those that failed are not among them"),
    ]
)


def names_of(data: StudyData) -> list[str]:
    """Return the names of the scenarios, the first the one the others are compared with."""
    return [str(point["scenario"]) for point in data.points]


def comparison_rows(data: StudyData) -> list[Row]:
    """Return one row per scenario but the first and watched measure that is a number or yes or no.

    All rows are judged together.
    """
    keys = [
        (arm, measure)
        for arm in range(1, len(data.points))
        for measure in MEASURES
        if data.has(measure.name) and measure.kind != "text"
    ]
    changes = [data.numbers(measure.name)[arm] - data.numbers(measure.name)[0] for arm, measure in keys]
    yes_no = [measure.kind == "yes_no" for _, measure in keys]
    found = paired_differences(np.array(changes).reshape(len(keys), -1), yes_no=yes_no)
    return [_row(data, *key, change, one) for key, change, one in zip(keys, changes, found, strict=True)]


def _row(data: StudyData, arm: int, measure: Measure, change: Numbers, found: Estimate) -> Row:
    used = ~np.isnan(change)
    values = data.numbers(measure.name)[:, used]
    reference, other, failed = values[0], values[arm], int((~(data.done[0] & data.done[arm])).sum())
    tolerance = tolerance_of(data.study, reference, measure.name)
    needed = pairs_for(found.half_width, found.cases, tolerance)
    names = names_of(data)
    return {
        "scenario": names[arm],
        "reference": names[0],
        "measure": measure.name,
        "unit": "share" if measure.kind == "yes_no" else measure.unit,
        "mean_reference": reference.mean() if found.known else None,
        "mean": other.mean() if found.known else None,
        **difference_cells(found, "difference"),
        "pairs": found.cases,
        "dropped_failed": failed,
        "dropped_no_case": len(used) - found.cases - failed,
        "sd_reference": _sd(reference),
        "sd": _sd(other),
        "sd_difference": _sd(change[used]),
        "variance_ratio": variance_ratio(reference, other),
        "tolerance": tolerance,
        "half_width": found.half_width,
        "pairs_needed": needed,
        "pairs_more": max(0.0, needed - found.cases) if not np.isnan(needed) else None,
        **(_medians(data, arm, used) if measure.name == TIME and data.has(ENDED) else {}),
    }


def tolerance_of(study: Row, reference: Numbers, measure: str) -> float:
    """Return the half width that is close enough; NaN where the first scenario shows no spread to take a share of."""
    given = study["tolerance"].get(measure)
    share = float(study["tolerance_share"]) * _sd(reference)
    return float(given) if given is not None else share if share > 0 else float("nan")


def pairs_for(half_width: float, pairs: int, tolerance: float) -> float:
    """Return how many pairs bring the half width below a tolerance, if it shrinks as the root of their number.

    NaN where either is not known, or where the interval has no width because no pair shows any spread.
    """
    if not (isfinite(half_width) and isfinite(tolerance)) or min(half_width, tolerance) <= 0 or pairs < 2:
        return float("nan")
    return float(max(2, ceil(round(pairs * (half_width / tolerance) ** 2, 9))))


def variance_ratio(reference: Numbers, other: Numbers) -> float:
    """Return how many times as many replicates it would take without shared seeds: variance unpaired over paired.

    NaN where all pairs differ by the same amount, or there are fewer than two.
    """
    change = other - reference
    if len(change) < 2 or np.ptp(change) <= 1e-12 * np.abs(change).max():
        return float("nan")
    return float((reference.var(ddof=1) + other.var(ddof=1)) / change.var(ddof=1))


def _medians(data: StudyData, arm: int, used: Any) -> Row:
    """Return the times after which half the groups have closed, in the first scenario and in another."""
    weeks, ended = data.numbers(TIME)[:, used], data.numbers(ENDED)[:, used]
    curves = [kaplan_meier(weeks[row], ended[row]) for row in (0, arm)]
    return {
        name: None if curve is None else median_time(curve).value
        for name, curve in zip(("median_reference", "median"), curves, strict=True)
    }


def _sd(values: Numbers) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else np.nan


def reason_rows(data: StudyData) -> Iterator[Row]:
    """Yield how often each text was said, by scenario and measure."""
    for name in (measure.name for measure in MEASURES if measure.kind == "text" and data.has(measure.name)):
        for arm, scenario in enumerate(names_of(data)):
            said = [text for text in data.texts(name)[arm] if text is not None]
            about = {"scenario": scenario, "measure": name, "of": len(said)}
            yield from ({**about, "value": text, "runs": said.count(text)} for text in sorted(set(said)))
