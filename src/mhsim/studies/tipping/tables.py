"""What is made of a finished search: its tables, written from the runs alone, so that equal runs give equal files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from mhsim.errors import InputError
from mhsim.studies.analysis import write_analysis
from mhsim.studies.columns import KINDS, column
from mhsim.studies.paired_differences import Mean, differences, means, reversal
from mhsim.studies.survival import Steps, closed_for, mean_time, still_open
from mhsim.studies.tipping.runs import (
    STARTS,
    Runs,
    chosen,
    crossings,
    in_values,
    read_rounds,
    read_starts,
    round_folders,
)
from mhsim.studies.tipping.search import TippingPoint
from mhsim.studies.tipping.threshold import Crossing, Numbers, by_staircase, falls

REPRODUCTION = "helper_reproduction"
MARGIN = 0.1
"""Starts are alike where the whole interval of their difference in shares lies within ten of a hundred groups."""
UNKNOWN_REASON = "no reason kept"

NUMBER, WHOLE, TEXT, YES_NO = pa.float64(), pa.int64(), pa.string(), pa.bool_()
VALUE = column("value", NUMBER, "as the path", "value of the path")
BAND = (
    column("low", NUMBER, "as the value beside it", "lower end of the 95 % interval"),
    column("high", NUMBER, "as the value beside it", "upper end of the 95 % interval"),
)
SCHEMAS = {
    "critical": pa.schema(
        [
            column("measure", TEXT, "name", "what crosses the level"),
            column("level", NUMBER, "as the measure", "level that is crossed"),
            column("method", TEXT, "choice", "logistic: a curve; staircase: isotonic regression, without a model"),
            column("believed", YES_NO, "yes/no", "whether this is the result; the other method checks it"),
            column("side", TEXT, "choice", "crosses; above or below the level at all values tried; nothing: no runs"),
            column("falling", YES_NO, "yes/no", "whether the measure falls along the path"),
            column("critical", NUMBER, "as the path", "where it crosses; empty if it does not"),
            *BAND,
            column("at_lowest", YES_NO, "yes/no", "the interval ends only because lower values were not tried"),
            column("at_highest", YES_NO, "yes/no", "the interval ends only because higher values were not tried"),
            column("crossing_share", NUMBER, "share", "of the resamples, those in which it crosses"),
            column("against", NUMBER, "as the measure", "largest step against its direction between two values"),
            column("against_clear", YES_NO, "yes/no", "whether that step is more than chance"),
            column("against_from", NUMBER, "as the path", "where that step begins"),
            column("against_to", NUMBER, "as the path", "where that step ends"),
            column("runs", WHOLE, "runs", "runs that ended well and have the measure"),
            column("failed", WHOLE, "runs", "runs that failed; they count for nothing"),
            column("without", WHOLE, "runs", "runs that ended well in which the measure had no case"),
        ]
    ),
    "by_value": pa.schema(
        [
            VALUE,
            column("round", WHOLE, "number", "round in which it was tried"),
            column("measure", TEXT, "name", "the outcome, helper_reproduction, or weeks_open"),
            column("mean", NUMBER, "as the measure", "mean over the runs; for yes and no the share of yes"),
            *BAND,
            column("runs", WHOLE, "runs", "runs with the measure"),
            column("failed", WHOLE, "runs", "runs that failed"),
            column("logistic", NUMBER, "share", "the logistic curve, for the outcome"),
            column("staircase", NUMBER, "as the measure", "the isotonic regression"),
        ]
    ),
    "rounds": pa.schema(
        [
            column("round", WHOLE, "number", "0 is the first"),
            column("lowest", NUMBER, "as the path", "lowest value tried in it"),
            column("highest", NUMBER, "as the path", "highest value tried in it"),
            column("values", WHOLE, "number", "values tried in it"),
            column("critical", NUMBER, "as the path", "critical value by the runs up to this round"),
            *BAND,
        ]
    ),
    "survival": pa.schema(
        [
            VALUE,
            column("week", NUMBER, "weeks", "from this age on"),
            column("at_risk", WHOLE, "groups", "groups open until then"),
            column("open", NUMBER, "share", "still open (Kaplan-Meier)"),
            *BAND,
        ]
    ),
    "closing": pa.schema(
        [
            VALUE,
            column("reason", TEXT, "name", "why groups closed"),
            column("week", NUMBER, "weeks", "from this age on"),
            column("share", NUMBER, "share", "closed for this reason (Aalen-Johansen)"),
            *BAND,
        ]
    ),
    "starts": pa.schema(
        [
            VALUE,
            column("strong", NUMBER, "as the outcome", "mean from the strong start"),
            column("weak", NUMBER, "as the outcome", "mean from the weak start"),
            column("difference", NUMBER, "as the outcome", "strong less weak, the same replicates"),
            *BAND,
            column("pairs", WHOLE, "pairs", "replicates in which both runs ended well and have the outcome"),
            column("failed", WHOLE, "runs", "runs that failed"),
            column("verdict", TEXT, "choice", "alike, differ, or unclear"),
        ]
    ),
}
NAMES = tuple(SCHEMAS)


def write_tables(folder: Path) -> None:
    """Read the runs of a finished study and write all tables of its analysis."""
    study = TippingPoint.model_validate(yaml.safe_load((folder / "study.yaml").read_text(encoding="utf-8")))
    folders = round_folders(folder)
    runs = read_rounds(folders, study.path)
    rows = {
        "critical": critical_rows(study, runs),
        "by_value": value_rows(study, runs),
        "rounds": [round_row(study, folders[: number + 1]) for number in range(len(folders))],
        "survival": survival_rows(runs),
        "closing": closing_rows(runs),
        "starts": start_rows(study, folder),
    }
    made = {}
    for name, schema in SCHEMAS.items():
        cells = {field.name: [tidy(row.get(field.name)) for row in rows[name]] for field in schema}
        made[name] = pa.table(cells, schema=schema)
    write_analysis(folder, made)


def read_table(folder: Path, name: str) -> pa.Table:
    """Return one table of the analysis; raise InputError if the folder does not hold it."""
    path = folder / "analysis" / f"{name}.parquet"
    try:
        with pq.ParquetFile(path) as file:
            return file.read()
    except (OSError, pa.ArrowException):
        raise InputError("this folder holds no finished search for a tipping point", str(folder)) from None


def critical_rows(study: TippingPoint, runs: Runs) -> list[dict[str, Any]]:
    """Return where the outcome crosses its level by each method, and where helpers just replace themselves."""
    found = crossings(study, runs)
    best = chosen(found)
    rows = [
        _critical_row(study, runs, study.outcome, study.level, method, crossing) | {"believed": method == best}
        for method, crossing in found.items()
    ]
    if REPRODUCTION in runs.columns and study.outcome != REPRODUCTION:
        crossing = reproduction(study, runs)
        rows.append(_critical_row(study, runs, REPRODUCTION, 1.0, "staircase", crossing) | {"believed": True})
    return rows


def reproduction(study: TippingPoint, runs: Runs) -> Crossing:
    """Return where the helper reproduction number crosses 1."""
    outcome = runs.columns[REPRODUCTION]
    crossing = by_staircase(runs.places(study.scale), outcome, 1.0, _falling(outcome))
    return in_values(crossing, study.scale)


def _falling(outcome: Numbers) -> bool:
    return bool(np.isnan(outcome).all()) or falls(outcome)


def _critical_row(
    study: TippingPoint, runs: Runs, measure: str, level: float, method: str, crossing: Crossing
) -> dict[str, Any]:
    outcome = runs.columns[measure]
    falling = _falling(outcome)
    step = reversal(outcome, falling)
    lowest, highest = float(runs.values[0]), float(runs.values[-1])
    close = 1e-9 * max(1.0, abs(highest))
    return {
        "measure": measure,
        "level": level,
        "method": method,
        "side": crossing.side,
        "falling": falling,
        "critical": crossing.value,
        "low": crossing.low,
        "high": crossing.high,
        "at_lowest": crossing.crosses and crossing.low - lowest < close,
        "at_highest": crossing.crosses and highest - crossing.high < close,
        "crossing_share": crossing.share,
        "against": step.size,
        "against_clear": step.clear,
        "against_from": float(runs.values[step.lower]) if step.size else None,
        "against_to": float(runs.values[step.upper]) if step.size else None,
        "runs": int((~np.isnan(outcome)).sum()),
        "failed": int((~runs.done).sum()),
        "without": int((runs.done & np.isnan(outcome)).sum()),
    }


def value_rows(study: TippingPoint, runs: Runs) -> list[dict[str, Any]]:
    """Return the outcome, the helper reproduction number and the mean time open at each value."""
    found = crossings(study, runs)
    fits = {method: crossing.fitted for method, crossing in found.items()}
    rows = _mean_rows(runs, study.outcome, means(runs.columns[study.outcome], KINDS[study.outcome] == "yes_no"), fits)
    if REPRODUCTION in runs.columns and study.outcome != REPRODUCTION:
        along = {"staircase": reproduction(study, runs).fitted}
        rows += _mean_rows(runs, REPRODUCTION, means(runs.columns[REPRODUCTION], False), along)
    if {"weeks_to_closure", "closed"} <= set(runs.columns):
        horizon = followed(runs)
        open_for = [mean_time(*lives(runs, row)[:2], horizon) for row in range(len(runs.values))]
        rows += _mean_rows(runs, "weeks_open", open_for, {})
    return rows


def _mean_rows(runs: Runs, measure: str, along: list[Mean], fits: dict[str, Numbers]) -> list[dict[str, Any]]:
    return [
        {
            "value": runs.values[row],
            "round": int(runs.rounds[row]),
            "measure": measure,
            "mean": mean.value,
            "low": mean.low,
            "high": mean.high,
            "runs": mean.cases,
            "failed": int((~runs.done[row]).sum()),
            **{name: fit[row] for name, fit in fits.items()},
        }
        for row, mean in enumerate(along)
    ]


def round_row(study: TippingPoint, folders: list[Path]) -> dict[str, Any]:
    """Return what a round tried and where the crossing was taken to be after it."""
    runs = read_rounds(folders, study.path)
    found = crossings(study, runs)
    crossing = found[chosen(found)]
    last = runs.values[runs.rounds == len(folders) - 1]
    return {
        "round": len(folders) - 1,
        "lowest": last.min(),
        "highest": last.max(),
        "values": len(last),
        "critical": crossing.value,
        "low": crossing.low,
        "high": crossing.high,
    }


def followed(runs: Runs) -> float:
    """Return how many weeks every group was followed: the shortest time of one still open, or else the longest."""
    weeks, closed = runs.columns["weeks_to_closure"], runs.columns["closed"]
    still = weeks[closed == 0]
    known = still if len(still) else weeks[~np.isnan(weeks)]
    if len(known) == 0:
        return 0.0
    return float(known.min() if len(still) else known.max())


def lives(runs: Runs, row: int) -> tuple[Numbers, Numbers, list[str | None]]:
    """Return when the groups at a value were last seen, whether they closed then, and why; failed runs left out."""
    weeks, closed = runs.columns["weeks_to_closure"][row], runs.columns["closed"][row]
    there = ~(np.isnan(weeks) | np.isnan(closed))
    given = runs.columns.get("closure_reasons")
    texts = [None] * len(weeks) if given is None else list(given[row])
    reasons = [
        (text or UNKNOWN_REASON) if end == 1 else None
        for text, end, known in zip(texts, closed, there, strict=True)
        if known
    ]
    return weeks[there], closed[there], reasons


def survival_rows(runs: Runs) -> list[dict[str, Any]]:
    """Return the survival curve at each value; nothing if it was not watched."""
    if not {"weeks_to_closure", "closed"} <= set(runs.columns):
        return []
    rows = []
    for row, value in enumerate(runs.values):
        weeks, closed, _ = lives(runs, row)
        if len(weeks):
            steps = still_open(weeks, closed)
            risk = [{"at_risk": int(number)} for number in steps.at_risk]
            rows += [one | two for one, two in zip(_step_rows(value, steps, "open"), risk, strict=True)]
    return rows


def closing_rows(runs: Runs) -> list[dict[str, Any]]:
    """Return the share of groups closed for each reason at each value; nothing if reasons were not watched."""
    if not {"weeks_to_closure", "closed", "closure_reasons"} <= set(runs.columns):
        return []
    rows = []
    for row, value in enumerate(runs.values):
        weeks, _, reasons = lives(runs, row)
        for reason in sorted({reason for reason in reasons if reason is not None}):
            steps = closed_for(weeks, reasons, reason)
            rows += [{**one, "reason": reason} for one in _step_rows(value, steps, "share")]
    return rows


def _step_rows(value: float, steps: Steps, name: str) -> list[dict[str, Any]]:
    columns = zip(steps.weeks, steps.value, steps.low, steps.high, strict=True)
    return [{"value": value, "week": week, name: share, "low": low, "high": high} for week, share, low, high in columns]


def start_rows(study: TippingPoint, folder: Path) -> list[dict[str, Any]]:
    """Return what becomes of a strong and of a weak start at each value; nothing if no starts were given."""
    if not study.strong:
        return []
    strong, weak = read_starts(folder / STARTS, study.path)
    yes_no = KINDS[study.outcome] == "yes_no"
    one, other = strong.columns[study.outcome], weak.columns[study.outcome]
    rows = []
    pairs = differences(one, other, MARGIN if yes_no else None)
    for row, (pair, verdict) in enumerate(pairs):
        rows.append(
            {
                "value": strong.values[row],
                "strong": means(one, yes_no)[row].value,
                "weak": means(other, yes_no)[row].value,
                "difference": pair.value,
                "low": pair.low,
                "high": pair.high,
                "pairs": pair.cases,
                "failed": int((~strong.done[row]).sum() + (~weak.done[row]).sum()),
                "verdict": verdict,
            }
        )
    return rows


def tidy(value: Any) -> Any:
    """Return a cell as Parquet keeps it: no NumPy, no NaN."""
    if isinstance(value, (np.floating, np.integer, np.bool_)):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value
