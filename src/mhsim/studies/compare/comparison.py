"""Every measure of every scenario held against the first: one row each, with how sure and how many runs it takes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mhsim.outcomes.measures import MEASURES
from mhsim.studies.columns import TYPES, column
from mhsim.studies.compare.paired import chance, holm, interval, median_time, pairs_for, variance_ratio
from mhsim.studies.compare.pairs import Pairs

Numbers = NDArray[np.float64]
FEWEST = 10
"""Pairs without which no difference is called clear."""
TOGETHER = 0.05
TIME, ENDED = "weeks_to_closure", "closed"
"""The measure that is a time until an event, and the one that says whether the event came."""

SCHEMA = pa.schema(
    [
        column("scenario", TYPES["text"], "name", "the scenario that is held against the first"),
        column("reference", TYPES["text"], "name", "the first scenario"),
        column("measure", TYPES["text"], "name", "the measure; see docs/measures.md"),
        column("unit", TYPES["text"], "text", "unit of means, differences, intervals and tolerance; yes/no: a share"),
        column("mean_reference", TYPES["number"], "unit", "mean in the first scenario, over the pairs"),
        column("mean", TYPES["number"], "unit", "mean in this scenario, over the pairs"),
        column("difference", TYPES["number"], "unit", "mean less mean_reference, same replicates"),
        column("low", TYPES["number"], "unit", "lower end of its 95 % interval for this measure alone"),
        column("high", TYPES["number"], "unit", "upper end of the same"),
        column("pairs", TYPES["whole"], "replicates", "replicates with a value in both scenarios"),
        column("dropped_failed", TYPES["whole"], "replicates", "left out because a run failed"),
        column("dropped_no_case", TYPES["whole"], "replicates", "left out because a run had no case of the measure"),
        column("identical", TYPES["yes_no"], "yes/no", "no pair differs at all"),
        column("sd_reference", TYPES["number"], "unit", "s.d. in the first scenario, over the pairs"),
        column("sd", TYPES["number"], "unit", "s.d. in this scenario, over the pairs"),
        column("sd_difference", TYPES["number"], "unit", "s.d. of the differences"),
        column("variance_ratio", TYPES["number"], "times", "replicates needed without shared luck, over those with it"),
        column("tolerance", TYPES["number"], "unit", "the half width that is close enough"),
        column("half_width", TYPES["number"], "unit", "half the width of the interval"),
        column("pairs_needed", TYPES["number"], "replicates", "for the half width to fall to the tolerance, about"),
        column("pairs_more", TYPES["number"], "replicates", "of these, how many more than there are"),
        column("median_reference", TYPES["number"], "unit", "time after which half have closed, first scenario"),
        column("median", TYPES["number"], "unit", "the same in this scenario; missing where fewer than half have"),
        column("chance", TYPES["number"], "share", "how likely by chance alone; Student's, yes/no McNemar's exact"),
        column("chance_together", TYPES["number"], "share", "the same, adjusted for all rows of the table (Holm)"),
        column("clear_alone", TYPES["yes_no"], "yes/no", f"the interval leaves out 0, and {FEWEST} pairs or more"),
        column("clear", TYPES["yes_no"], "yes/no", f"chance_together at most {TOGETHER}, and clear_alone"),
    ]
)
REASONS = pa.schema(
    [
        column("scenario", TYPES["text"], "name", "the scenario"),
        column("measure", TYPES["text"], "name", "a measure that is a text"),
        column("value", TYPES["text"], "text", "what it says; empty where nothing is to be said"),
        column("runs", TYPES["whole"], "runs", "runs that say so"),
        column("of", TYPES["whole"], "runs", "runs with a value; those that failed are not among them"),
    ]
)


class Selected(NamedTuple):
    """One measure of two scenarios over the replicates that have it in both, and which these are."""

    reference: Numbers
    other: Numbers
    used: NDArray[np.bool_]
    failed: int


def comparison(pairs: Pairs) -> pa.Table:
    """Return one row per scenario but the first and watched measure that is a number or yes or no."""
    rows = [
        _row(pairs, arm, measure)
        for arm in range(1, len(pairs.names))
        for measure in MEASURES
        if measure.name in pairs.columns and measure.kind != "text"
    ]
    for row, adjusted in zip(rows, holm([row["chance"] for row in rows]), strict=True):
        row["chance_together"] = float(adjusted)
        row["clear"] = bool(row["clear_alone"] and adjusted <= TOGETHER)
    found = [{name: _cell(value) for name, value in row.items()} for row in rows]
    return pa.Table.from_pylist(found, schema=SCHEMA)


def reasons(pairs: Pairs) -> pa.Table:
    """Return how often each text was said, by scenario and measure."""
    rows = []
    for name in (measure.name for measure in MEASURES if measure.kind == "text" and measure.name in pairs.columns):
        for arm, scenario in enumerate(pairs.names):
            said = [text for text in pairs.columns[name][arm][pairs.done[arm]] if text is not None]
            about = {"scenario": scenario, "measure": name, "of": len(said)}
            rows += [{**about, "value": text, "runs": said.count(text)} for text in sorted(set(said))]
    return pa.Table.from_pylist(rows, schema=REASONS)


def select(pairs: Pairs, arm: int, measure: str) -> Selected:
    """Return a measure of the first scenario and of another, over the replicates that have it in both."""
    values, both = pairs.columns[measure], pairs.done[0] & pairs.done[arm]
    used = both & ~np.isnan(values[0]) & ~np.isnan(values[arm])
    return Selected(values[0][used], values[arm][used], used, int((~both).sum()))


def _row(pairs: Pairs, arm: int, measure: Any) -> dict[str, Any]:
    """Return the row of one scenario and measure, all but what depends on the other rows."""
    chosen, yes_no = select(pairs, arm, measure.name), measure.kind == "yes_no"
    change, count = chosen.other - chosen.reference, len(chosen.reference)
    low, high = interval(change, pairs.study.seed, 1.0 if yes_no else None)
    half, tolerance = (high - low) / 2.0, _tolerance(pairs, chosen.reference, measure.name)
    needed = pairs_for(half, count, tolerance)
    medians = _medians(pairs, arm, chosen) if measure.name == TIME else (np.nan, np.nan)
    return {
        "scenario": pairs.names[arm],
        "reference": pairs.names[0],
        "measure": measure.name,
        "unit": "share" if yes_no else measure.unit,
        "mean_reference": _mean(chosen.reference),
        "mean": _mean(chosen.other),
        "difference": _mean(change),
        "low": low,
        "high": high,
        "pairs": count,
        "dropped_failed": chosen.failed,
        "dropped_no_case": len(chosen.used) - count - chosen.failed,
        "identical": count > 0 and not change.any(),
        "sd_reference": _sd(chosen.reference),
        "sd": _sd(chosen.other),
        "sd_difference": _sd(change),
        "variance_ratio": variance_ratio(chosen.reference, chosen.other),
        "tolerance": tolerance,
        "half_width": half,
        "pairs_needed": needed,
        "pairs_more": max(0.0, needed - count) if not np.isnan(needed) else np.nan,
        "median_reference": medians[0],
        "median": medians[1],
        "chance": chance(change, yes_no=yes_no),
        "clear_alone": bool(count >= FEWEST and not low <= 0.0 <= high),
    }


def _tolerance(pairs: Pairs, reference: Numbers, measure: str) -> float:
    """Return the half width that is close enough; NaN where the first scenario shows no spread to take a share of."""
    given = pairs.study.tolerance.get(measure)
    if given is not None:
        return given
    share = pairs.study.tolerance_share * _sd(reference)
    return share if share > 0 else float("nan")


def _medians(pairs: Pairs, arm: int, chosen: Selected) -> tuple[float, float]:
    """Return the times after which half the groups have closed, in the first scenario and in another."""
    if ENDED not in pairs.columns:
        return np.nan, np.nan
    ended = pairs.columns[ENDED]
    return (
        median_time(chosen.reference, ended[0][chosen.used]),
        median_time(chosen.other, ended[arm][chosen.used]),
    )


def _mean(values: Numbers) -> float:
    return float(values.mean()) if len(values) else np.nan


def _sd(values: Numbers) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else np.nan


def _cell(value: Any) -> Any:
    """Return a value as a cell; what is no number is missing."""
    return None if isinstance(value, float) and not np.isfinite(value) else value
