"""From the finished runs of a comparison to its tables in `analysis/`; it can be done again at any time.

`comparison` has every measure of every scenario less the first, with verdict and how many runs it takes; `reasons`
counts texts; `parting` and `spreading` say where histories diverge.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import ceil, isfinite, nan
from pathlib import Path
from typing import Any

import numpy as np

from mhsim.outcomes.measures import BY_NAME, MEASURES, NAMES, Measure
from mhsim.scenario import Scenario, with_values
from mhsim.stats import Estimate, Numbers, kaplan_meier, median_time, over_draws, paired_differences
from mhsim.studies.analysis import Row, difference_cells, schemas_of, write_analysis
from mhsim.studies.compare.design import Compare
from mhsim.studies.compare.divergence import HistoryDivergence, compare_histories, first_person, named
from mhsim.studies.data import StudyData, read_study

MOST_NAMED = 20
"""People named in a table who differ first, as its `tables.yaml` says."""
TIME, ENDED = "weeks_to_closure", "closed"
"""The measure that is a time until an event, and the one that says whether the event came."""
SCHEMAS = schemas_of("mhsim.studies.compare")


def analyse(folder: Path) -> None:
    """Write the tables of a comparison into `analysis/`; the same runs give the same bytes.

    Raises
    ------
    InputError
        If the folder holds no finished comparison.
    StoreError
        If the disk refuses.
    """
    data = read_study(folder)
    names = [str(point["scenario"]) for point in data.points]
    diverged = list(_divergence_rows(data, names))
    rows = {
        "comparison": comparison_rows(data, names),
        "reasons": reason_rows(data, names),
        "parting": [row for row, _ in diverged],
        "spreading": [row for _, rows in diverged for row in rows],
    }
    write_analysis(folder, SCHEMAS, rows)


def _divergence_rows(data: StudyData, names: list[str]) -> Iterator[tuple[Row, list[Row]]]:
    """Yield, for each scenario but the first and each replicate to look into, the rows of both tables."""
    fixed = Compare.model_validate(data.study).fixed
    first, *others = (with_values(Scenario.model_validate(data.scenarios[name]), fixed) for name in names)
    for (name, other), replicate in product(zip(names[1:], others, strict=True), data.study["parting"]):
        which = {"scenario": name, "reference": names[0], "replicate": replicate}
        try:
            found = compare_histories(first, other, replicate)
        except Exception as problem:
            yield {**which, "status": "failed", "error": f"{type(problem).__name__}: {problem}"}, []
            continue
        spreading = [
            {
                **which,
                "week": look.week,
                "present": look.present,
                "shared": look.shared,
                "differing": look.people,
                "share": look.people / look.present if look.present else None,
            }
            for look in found.looks
        ]
        yield {**which, "status": "done", **_parting_cells(found)}, spreading


def _parting_cells(found: HistoryDivergence) -> Row:
    """Return where two histories part as a row; nothing where they never do."""
    if found.moment is None:
        return {}
    person, columns, words = first_person(found.moment)
    return {
        "week": found.week,
        "people": found.moment.people,
        "present": found.moment.present,
        "names": ", ".join(named(key) for key in sorted(found.moment.keys())[:MOST_NAMED]),
        "person": person,
        "columns": ", ".join(columns),
        "told": words,
    }


def comparison_rows(data: StudyData, names: list[str]) -> list[Row]:
    """Return one row per scenario but the first and watched measure that is a number or yes or no.

    All rows are judged together.
    """
    return [
        {"scenario": names[arm], "reference": names[0], **_cells(data, arm, measure, one)}
        for arm, measure, one in differences_of(data, len(names))
    ]


def differences_of(data: StudyData, arms: int) -> list[tuple[int, Measure, Estimate]]:
    """Return every scenario but the first, every watched measure but texts, and the difference; judged together."""
    known = [*MEASURES, *(BY_NAME[name] for name in data.measures if name not in NAMES)]
    watched = [measure for measure in known if data.has(measure.name) and measure.kind != "text"]
    keys = list(product(range(1, arms), watched))

    def changes_in(part: StudyData) -> Numbers:
        rows = [_change(part, arm, measure.name) for arm, measure in keys]
        return np.array(rows).reshape(len(keys), -1)

    yes_no = [measure.kind == "yes_no" for _, measure in keys]
    found = over_draws(paired_differences(changes_in(data), yes_no=yes_no), [changes_in(one) for one in data.drawn])
    return [(arm, measure, one) for (arm, measure), one in zip(keys, found, strict=True)]


def _change(data: StudyData, arm: int, measure: str) -> Numbers:
    found: Numbers = data.numbers(measure)[arm] - data.numbers(measure)[0]
    return found


def _cells(data: StudyData, arm: int, measure: Measure, found: Estimate) -> Row:
    change = _change(data, arm, measure.name)
    used = ~np.isnan(change)
    values = data.numbers(measure.name)[:, used]
    reference, other, failed = values[0], values[arm], int((~(data.done[0] & data.done[arm])).sum())
    tolerance = tolerance_of(data.study, reference, measure.name)
    needed = pairs_for(found.half_width, found.cases, tolerance)
    return {
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
    return float(given) if given is not None else share if share > 0 else nan


def pairs_for(half_width: float, pairs: int, tolerance: float) -> float:
    """Return how many pairs bring the half width below a tolerance, if it shrinks as the root of their number.

    NaN where either is not known, or where the interval has no width because no pair shows any spread.
    """
    if not (isfinite(half_width) and isfinite(tolerance)) or min(half_width, tolerance) <= 0 or pairs < 2:
        return nan
    return float(max(2, ceil(round(pairs * (half_width / tolerance) ** 2, 9))))


def variance_ratio(reference: Numbers, other: Numbers) -> float:
    """Return how many times as many replicates it would take without shared seeds: variance unpaired over paired.

    NaN where all pairs differ by the same amount, or there are fewer than two.
    """
    change = other - reference
    if len(change) < 2 or np.ptp(change) <= 1e-12 * np.abs(change).max():
        return nan
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
    return float(values.std(ddof=1)) if len(values) > 1 else nan


def reason_rows(data: StudyData, names: list[str]) -> Iterator[Row]:
    """Yield how often each text was given, by scenario and measure."""
    watched = [measure.name for measure in MEASURES if measure.kind == "text" and data.has(measure.name)]
    for name, (arm, scenario) in product(watched, enumerate(names)):
        texts = [text for text in data.texts(name)[arm] if text is not None]
        about = {"scenario": scenario, "measure": name, "of": len(texts)}
        yield from ({**about, "value": text, "runs": texts.count(text)} for text in sorted(set(texts)))
