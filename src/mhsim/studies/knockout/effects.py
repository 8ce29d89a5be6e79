"""What each thing does: the world as it is less the world without it, replicate by replicate.

A replicate in which one of the runs failed, or had no case of the measure, is left out of that comparison and counted;
it never becomes a zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from mhsim.outcomes.measures import MEASURES
from mhsim.studies.columns import KINDS
from mhsim.studies.knockout.bootstrap import Judged, judged, mean
from mhsim.studies.knockout.runs import Numbers, Runs

Row = dict[str, Any]
UNITS = {measure.name: measure.unit for measure in MEASURES}


def effect_rows(runs: Runs) -> Iterator[Row]:
    """Yield one row per form, measure and knock-out, the largest effects first; judged together by form and measure."""
    names = runs.study.knockouts
    for form in runs.study.forms:
        for measure in runs.columns:
            found = judged(effects_of(runs, measure, form), most_of(measure))
            order = ranked(found)
            for place, k in enumerate(order):
                yield _effect_row(runs, measure, form, names[k], found[k], place + 1)


def effects_of(runs: Runs, measure: str, form: str) -> Numbers:
    """Return the effect of every knock-out in every replicate, shape (knock-outs, replicates)."""
    intact = runs.of(measure, form)
    return np.array([intact - runs.of(measure, form, (name,)) for name in runs.study.knockouts])


def most_of(measure: str) -> float | None:
    """Return the largest difference that one replicate can show: 1 for a yes and no."""
    return 1.0 if KINDS[measure] == "yes_no" else None


def ranked(found: list[Judged]) -> list[int]:
    """Return the places of numbers by size, the largest first and what is not known last; equals as they came."""
    return sorted(range(len(found)), key=lambda k: -abs(found[k].value) if found[k].cases else np.inf)


def _effect_row(runs: Runs, measure: str, form: str, name: str, found: Judged, rank: int) -> Row:
    intact, off = runs.of(measure, form), runs.of(measure, form, (name,))
    both = np.where(np.isnan(intact + off), np.nan, 1.0)
    return {
        "form": form,
        "measure": measure,
        "unit": UNITS[measure],
        "knockout": name,
        "rank": rank if found.cases else None,
        "intact": mean(intact * both),
        "without": mean(off * both),
        **told(found, "effect"),
        "off_already": runs.lacks(form, name),
        **counted(runs, form, found, (), (name,)),
    }


def told(found: Judged, name: str) -> Row:
    """Return a number with its interval as cells."""
    return {
        name: found.value,
        "low": found.low,
        "high": found.high,
        "clear": found.clear,
        "identical": found.identical,
    }


def counted(runs: Runs, form: str, found: Judged, *absences: tuple[str, ...]) -> Row:
    """Return how many replicates stand behind a number, how many have a failed run, and how many had no case."""
    failed = runs.failed(form, *absences)
    return {"replicates": found.cases, "failed": failed, "no_case": runs.done.shape[1] - failed - found.cases}


def interaction_rows(runs: Runs) -> Iterator[Row]:
    """Yield one row per form, measure and pair: the effect of both less the sum of the two."""
    pairs = list(combinations(runs.study.knockouts, 2)) if runs.study.pairs else []
    for form in runs.study.forms:
        for measure in runs.columns if pairs else ():
            intact = runs.of(measure, form)
            both = np.array([intact - runs.of(measure, form, pair) for pair in pairs])
            alone = {name: intact - runs.of(measure, form, (name,)) for name in runs.study.knockouts}
            sums = np.array([alone[one] + alone[other] for one, other in pairs])
            beyond = judged(both - sums)
            for k in ranked(beyond):
                there = np.where(np.isnan(both[k] - sums[k]), np.nan, 1.0)
                one, other = pairs[k]
                yield {
                    "form": form,
                    "measure": measure,
                    "unit": UNITS[measure],
                    "one": one,
                    "other": other,
                    "effect_of_both": mean(both[k] * there),
                    "sum_of_effects": mean(sums[k] * there),
                    **told(beyond[k], "interaction"),
                    **counted(runs, form, beyond[k], (), (one,), (other,), (one, other)),
                }


def form_rows(runs: Runs) -> Iterator[Row]:
    """Yield one row per measure, knock-out and two forms: the effect in the one less that in the other.

    All rows of a measure are judged together.
    """
    pairs = list(combinations(runs.study.forms, 2))
    for measure in runs.columns if pairs else ():
        by_form = {form: effects_of(runs, measure, form) for form in runs.study.forms}
        keys = [(k, name, one, other) for k, name in enumerate(runs.study.knockouts) for one, other in pairs]
        found = judged(np.array([by_form[one][k] - by_form[other][k] for k, _, one, other in keys]))
        for (_, name, one, other), difference in zip(keys, found, strict=True):
            yield {
                "measure": measure,
                "unit": UNITS[measure],
                "knockout": name,
                "form": one,
                "other_form": other,
                **told(difference, "difference"),
                "replicates": difference.cases,
            }
