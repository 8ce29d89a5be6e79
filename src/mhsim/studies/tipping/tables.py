"""The tables of a finished search for a tipping point, written from the runs alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from mhsim.safe_files import read_yaml
from mhsim.stats import (
    Curve,
    Estimate,
    Numbers,
    aalen_johansen,
    followed,
    kaplan_meier,
    means,
    paired_differences,
    restricted_mean,
    spread_over_draws,
)
from mhsim.studies.analysis import Row, estimate_cells, schemas_of, write_analysis
from mhsim.studies.columns import KINDS
from mhsim.studies.tipping.design import TippingPoint
from mhsim.studies.tipping.runs import (
    STARTS,
    RunsByValue,
    chosen,
    critical_over_draws,
    crossings,
    draw_folders,
    in_values,
    read_rounds,
    read_starts,
    round_folders,
)
from mhsim.studies.tipping.threshold import Crossing, by_staircase, falls

REPRODUCTION = "helper_reproduction"
MARGIN = 0.1
"""Starts are alike where the whole interval of their difference in shares lies within ten of a hundred groups."""
UNKNOWN_REASON = "no reason kept"
TIMES = ("weeks_to_closure", "closed")

SCHEMAS = schemas_of("mhsim.studies.tipping")


def analyse(folder: Path) -> None:
    """Write the tables of a finished study into its folder `analysis`; the same runs give the same bytes."""
    study = TippingPoint.model_validate(read_yaml(folder / "study.yaml"))
    folders = round_folders(folder)
    runs = read_rounds(folders, study.path)
    drawn = [read_rounds(round_folders(one), study.path) for one in draw_folders(folder)]
    rows = {
        "critical": critical_rows(study, runs, drawn),
        "by_value": value_rows(study, runs, drawn),
        "rounds": [round_row(study, folders[: number + 1]) for number in range(len(folders))],
        "survival": list(survival_rows(runs)),
        "closing": list(closing_rows(runs)),
        "starts": start_rows(study, folder),
    }
    write_analysis(folder, SCHEMAS, rows)


def critical_rows(study: TippingPoint, runs: RunsByValue, drawn: Sequence[RunsByValue] = ()) -> list[Row]:
    """Return where the outcome crosses its level by each method, and where helpers just replace themselves.

    `drawn` are the runs of the searches with the values of each draw of what is not known.
    """
    found = crossings(study, runs)
    best = chosen(found)
    rows = [
        _critical_row(runs, study.outcome, study.level, method, crossing) | {"believed": method == best}
        for method, crossing in found.items()
    ]
    if REPRODUCTION in runs.columns and study.outcome != REPRODUCTION:
        crossing = reproduction(study, runs)
        rows.append(_critical_row(runs, REPRODUCTION, 1.0, "staircase", crossing) | {"believed": True})
    return [row | critical_over_draws(study, drawn, row["method"], row["measure"]) for row in rows]


def reproduction(study: TippingPoint, runs: RunsByValue) -> Crossing:
    """Return where the helper reproduction number crosses 1."""
    outcome = runs.columns[REPRODUCTION]
    return in_values(by_staircase(runs.places(study.scale), outcome, 1.0, falls(outcome)), study.scale)


def _critical_row(runs: RunsByValue, measure: str, level: float, method: str, crossing: Crossing) -> Row:
    outcome = runs.columns[measure]
    falling = falls(outcome)
    step, lower, upper = reversal(outcome, falling, yes_no=KINDS[measure] == "yes_no")
    against = max(0.0, step.value) if step.known else 0.0
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
        "against": against,
        "against_clear": step.rises,
        "against_from": float(runs.values[lower]) if against else None,
        "against_to": float(runs.values[upper]) if against else None,
        "runs": int((~np.isnan(outcome)).sum()),
        "failed": int((~runs.done).sum()),
        "without": int((runs.done & np.isnan(outcome)).sum()),
    }


def reversal(outcome: Numbers, falling: bool, *, yes_no: bool) -> tuple[Estimate, int, int]:
    """Return the largest step against the direction between two values, and which these are.

    All pairs of values are judged together. A step that is clear goes before larger ones that are not.

    Parameters
    ----------
    outcome : array, shape (values, replicates)
        By rising value; NaN is no case.
    falling : bool
        Whether the outcome is taken to fall.
    yes_no : bool
        Whether it is made of yes and no.
    """
    lower, upper = np.triu_indices(len(outcome), 1)
    sign = 1.0 if falling else -1.0
    steps = paired_differences(sign * (outcome[upper] - outcome[lower]), yes_no=yes_no)
    worst = max(range(len(steps)), key=lambda k: (steps[k].rises, steps[k].value if steps[k].known else -np.inf))
    return steps[worst], int(lower[worst]), int(upper[worst])


def value_rows(study: TippingPoint, runs: RunsByValue, drawn: Sequence[RunsByValue] = ()) -> list[Row]:
    """Return the outcome, the helper reproduction number and the mean time open at each value.

    Their ranges over draws are known at values that the searches of all draws have tried, such as those of the first
    round.
    """
    fits = {method: crossing.fitted for method, crossing in crossings(study, runs).items()}
    rows = _mean_rows(runs, study.outcome, _means(runs, study.outcome, drawn), fits)
    if REPRODUCTION in runs.columns and study.outcome != REPRODUCTION:
        along = {"staircase": reproduction(study, runs).fitted}
        rows += _mean_rows(runs, REPRODUCTION, _means(runs, REPRODUCTION, drawn), along)
    if set(TIMES) <= set(runs.columns):
        weeks, closed = (runs.columns[name] for name in TIMES)
        horizon = followed(weeks, closed)
        open_for = [restricted_mean(weeks[row], closed[row], horizon) for row in range(len(runs.values))]
        rows += _mean_rows(runs, "weeks_open", open_for, {})
    return rows


def _means(runs: RunsByValue, measure: str, drawn: Sequence[RunsByValue] = ()) -> list[Estimate]:
    found = means(runs.columns[measure], yes_no=KINDS[measure] == "yes_no")
    return with_common_values(found, runs, [(one, one.columns[measure]) for one in drawn])


def with_common_values(
    found: list[Estimate], runs: RunsByValue, drawn: Sequence[tuple[RunsByValue, Numbers]]
) -> list[Estimate]:
    """Return estimates by value, with their ranges over draws at those values that all draws have tried.

    Parameters
    ----------
    found : list of Estimate
        One for each value of `runs`.
    runs : RunsByValue
        With the values as shipped.
    drawn : sequence of (RunsByValue, array of shape (values, replicates))
        Of each draw, and what is estimated there.
    """
    rows = [dict(zip(one.values.tolist(), numbers, strict=True)) for one, numbers in drawn]
    common = [bool(rows) and all(value in one for one in rows) for value in runs.values.tolist()]
    return [
        replace(one, knowledge=spread_over_draws(np.array([row[value] for row in rows]))) if there else one
        for one, value, there in zip(found, runs.values.tolist(), common, strict=True)
    ]


def _mean_rows(runs: RunsByValue, measure: str, along: list[Estimate], fits: dict[str, Numbers]) -> list[Row]:
    return [
        {
            "value": runs.values[row],
            "round": int(runs.rounds[row]),
            "measure": measure,
            **estimate_cells(mean, "mean"),
            "runs": mean.cases,
            "failed": int((~runs.done[row]).sum()),
            **{name: fit[row] for name, fit in fits.items()},
        }
        for row, mean in enumerate(along)
    ]


def round_row(study: TippingPoint, folders: list[Path]) -> Row:
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


def survival_rows(runs: RunsByValue) -> Iterator[Row]:
    """Yield the steps of the survival curve at each value; nothing if it was not watched."""
    if not set(TIMES) <= set(runs.columns):
        return
    weeks, closed = (runs.columns[name] for name in TIMES)
    for row, value in enumerate(runs.values):
        yield from _step_rows({"value": value}, kaplan_meier(weeks[row], closed[row]), "open")


def closing_rows(runs: RunsByValue) -> Iterator[Row]:
    """Yield the steps of the share of groups closed for each reason at each value; nothing if not watched."""
    if not {*TIMES, "closure_reasons"} <= set(runs.columns):
        return
    weeks, closed, texts = (runs.columns[name] for name in (*TIMES, "closure_reasons"))
    for row, value in enumerate(runs.values):
        ends = zip(texts[row], closed[row], strict=True)
        reasons = [(text or UNKNOWN_REASON) if end == 1 else None for text, end in ends]
        for reason in sorted({reason for reason in reasons if reason is not None}):
            curve = aalen_johansen(weeks[row], reasons, reason)
            yield from _step_rows({"value": value, "reason": reason}, curve, "share")


def _step_rows(what: Row, curve: Curve | None, name: str) -> Iterator[Row]:
    if curve is not None:
        steps = zip(curve.weeks, curve.at_risk, curve.value, curve.low, curve.high, strict=True)
        for week, at_risk, share, low, high in steps:
            yield {**what, "week": week, "at_risk": int(at_risk), name: share, "low": low, "high": high}


def start_rows(study: TippingPoint, folder: Path) -> list[Row]:
    """Return what becomes of a strong and of a weak start at each value; nothing if no starts were given."""
    if not study.strong:
        return []
    strong, weak = read_starts(folder / STARTS, study.path)
    yes_no = KINDS[study.outcome] == "yes_no"
    one, other = strong.columns[study.outcome], weak.columns[study.outcome]
    pairs = [read_starts(draw / STARTS, study.path) for draw in draw_folders(folder)]
    drawn = [(a, a.columns[study.outcome] - b.columns[study.outcome]) for a, b in pairs]
    differences = with_common_values(paired_differences(one - other, yes_no=yes_no), strong, drawn)
    return [
        {
            "value": strong.values[row],
            "strong": means(one, yes_no=yes_no)[row].value,
            "weak": means(other, yes_no=yes_no)[row].value,
            **estimate_cells(found, "difference"),
            "p": found.p,
            "p_together": found.p_together,
            "pairs": found.cases,
            "failed": int((~strong.done[row]).sum() + (~weak.done[row]).sum()),
            "verdict": "differ" if found.clear else "alike" if yes_no and found.within(MARGIN) else "unclear",
        }
        for row, found in enumerate(differences)
    ]
