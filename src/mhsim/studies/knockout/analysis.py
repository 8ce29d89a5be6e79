"""From the finished runs of a knock-out to its tables: the world as it is less the world without a thing, and shares.

A replicate in which one of the runs failed, or had no case of the measure, is left out of that comparison and counted;
it never becomes a zero.

The shares are Shapley values: what a thing adds to the others, averaged over all orders in which they could be put in
place. They add up to the effect of all together; what adds nothing gets nothing; what adds the same gets the same
(L. S. Shapley, A value for n-person games, 1953).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import combinations, product
from math import comb
from pathlib import Path
from typing import Any

import numpy as np

from mhsim.outcomes.measures import BY_NAME
from mhsim.stats import Estimate, Numbers, over_draws, paired_differences
from mhsim.studies.analysis import Row, difference_cells, schemas_of, write_analysis
from mhsim.studies.columns import KINDS
from mhsim.studies.data import StudyData, read_study
from mhsim.studies.knockout.design import Absence, Knockout, without
from mhsim.studies.plan import SCENARIO

ALL = "all together"
"""The row with the effect of all sharers."""
SCHEMAS = schemas_of("mhsim.studies.knockout")


def analyse(folder: Path) -> None:
    """Write the tables of a finished knock-out study into its folder; one that was not asked for has no file.

    Raises
    ------
    mhsim.safe_files.StoreError
        If the disk refuses.
    """
    data = read_study(folder)
    runs = KnockoutRuns(Knockout.model_validate(data.study), data)
    makers = (effect_rows, interaction_rows, form_rows, share_rows)
    rows = {name: list(make(runs)) for name, make in zip(SCHEMAS, makers, strict=True)}
    write_analysis(folder, SCHEMAS, {name: listed for name, listed in rows.items() if listed})


@dataclass(frozen=True)
class KnockoutRuns:
    """The runs of a finished knock-out, found again by what they lack."""

    study: Knockout
    data: StudyData

    @property
    def places(self) -> Iterator[tuple[str, str]]:
        """Every form with every measure that is no text, in the order of the runs."""
        return product(self.study.forms, self.measures)

    @cached_property
    def drawn(self) -> tuple[KnockoutRuns, ...]:
        """The same with the values of each draw of what is not known."""
        return tuple(KnockoutRuns(self.study, part) for part in self.data.drawn)

    @cached_property
    def measures(self) -> list[str]:
        """The measures that are no text, in the order of the runs."""
        return [name for name in self.data.measures if KINDS[name] != "text"]

    def point(self, form: str, absence: Absence) -> int:
        """Return the number of the point of a form without some things."""
        points, taken = list(self.data.points), self.study.taken_away(absence)
        intact = next(row for row in points if row[SCENARIO] == form)
        return points.index({SCENARIO: form, **without({k: v for k, v in intact.items() if k != SCENARIO}, taken)})

    def values(self, measure: str, form: str, absence: Absence = ()) -> Numbers:
        """Return a measure in a form without some things, shape (replicates,); NaN where a run is missing."""
        found: Numbers = self.data.numbers(measure)[self.point(form, absence)]
        return found

    def lost(self, measure: str, form: str, *absences: Absence) -> list[Numbers]:
        """Return the effect of each of several absences in every replicate, shape (absences, replicates)."""
        intact = self.values(measure, form)
        return [intact - self.values(measure, form, absence) for absence in absences]

    def alone(self, measure: str, form: str) -> list[Numbers]:
        """Return the effect of every knock-out in every replicate, shape (knock-outs, replicates)."""
        return self.lost(measure, form, *((name,) for name in self.study.knockouts))

    def counted(self, form: str, found: Estimate, *absences: Absence) -> Row:
        """Return how many replicates stand behind a number, have a failed run, and had no case, as cells."""
        points = [self.point(form, absence) for absence in absences]
        failed = int((~self.data.done[points].all(axis=0)).sum())
        return {"replicates": found.cases, "failed": failed, "no_case": self.data.shape[1] - failed - found.cases}


def about(measure: str, **names: str) -> Row:
    """Return the cells that say what a row is about."""
    return {**names, "measure": measure, "unit": BY_NAME[measure].unit}


def judged(rows: Sequence[Numbers], measure: str) -> list[Estimate]:
    """Return the mean of each row of differences of a measure; the rows are judged together."""
    return paired_differences(np.array(rows), yes_no=KINDS[measure] == "yes_no")


def judged_over_draws(
    runs: KnockoutRuns, rows_in: Callable[[KnockoutRuns], Sequence[Numbers]], measure: str
) -> list[Estimate]:
    """Return the same for the rows of a knock-out, with their spread over draws of what is not known."""
    return over_draws(judged(rows_in(runs), measure), [rows_in(one) for one in runs.drawn])


def mean_where(values: Numbers, known: Numbers) -> float | None:
    """Return the mean of those values beside which a number is known; None if there is none."""
    there = values[~np.isnan(known)]
    return float(there.mean()) if len(there) else None


def ranked(found: list[Estimate]) -> list[int]:
    """Return the places of numbers by size, the largest first and what is not known last; equals as they came."""
    return sorted(range(len(found)), key=lambda k: -abs(found[k].value) if found[k].known else np.inf)


def effect_rows(runs: KnockoutRuns) -> Iterator[Row]:
    """Yield one row per form, measure and knock-out, the largest effects first; judged together by form and measure."""
    names = runs.study.knockouts
    for form, measure in runs.places:
        effects = runs.alone(measure, form)
        found = judged_over_draws(runs, partial(KnockoutRuns.alone, measure=measure, form=form), measure)
        for place, k in enumerate(ranked(found), start=1):
            absent = (names[k],)
            yield {
                **about(measure, form=form),
                "knockout": names[k],
                "rank": place if found[k].known else None,
                "intact": mean_where(runs.values(measure, form), effects[k]),
                "without": mean_where(runs.values(measure, form, absent), effects[k]),
                **difference_cells(found[k], "effect"),
                "off_already": runs.point(form, absent) == runs.point(form, ()),
                **runs.counted(form, found[k], (), absent),
            }


def interaction_rows(runs: KnockoutRuns) -> Iterator[Row]:
    """Yield one row per form, measure and pair: the effect of both less the sum of the two."""
    pairs = list(combinations(runs.study.knockouts, 2)) if runs.study.pairs else []
    for form, measure in runs.places if pairs else ():
        both, sums = runs.lost(measure, form, *pairs), sums_of(runs, measure, form, pairs)

        def beyond_in(one: KnockoutRuns, measure: str = measure, form: str = form) -> list[Numbers]:
            lost, added = one.lost(measure, form, *pairs), sums_of(one, measure, form, pairs)
            return [of_both - of_each for of_both, of_each in zip(lost, added, strict=True)]

        beyond = beyond_in(runs)
        found = judged_over_draws(runs, beyond_in, measure)
        for k in ranked(found):
            one, other = pairs[k]
            yield {
                **about(measure, form=form, one=one, other=other),
                "effect_of_both": mean_where(both[k], beyond[k]),
                "sum_of_effects": mean_where(sums[k], beyond[k]),
                **difference_cells(found[k], "interaction"),
                **runs.counted(form, found[k], (), (one,), (other,), (one, other)),
            }


def sums_of(runs: KnockoutRuns, measure: str, form: str, pairs: Sequence[tuple[str, str]]) -> list[Numbers]:
    """Return the sum of the effects of each of two things alone, for every pair, shape (pairs, replicates)."""
    alone = dict(zip(runs.study.knockouts, runs.alone(measure, form), strict=True))
    return [alone[one] + alone[other] for one, other in pairs]


def form_rows(runs: KnockoutRuns) -> Iterator[Row]:
    """Yield one row per measure, knock-out and two forms: the effect in the one less that in the other.

    All rows of a measure are judged together.
    """
    pairs = list(combinations(runs.study.forms, 2))
    for measure in runs.measures if pairs else ():
        keys = list(product(enumerate(runs.study.knockouts), pairs))

        def between_forms(runs: KnockoutRuns, measure: str = measure, keys: Any = keys) -> list[Numbers]:
            by_form = {form: runs.alone(measure, form) for form in runs.study.forms}
            return [by_form[one][k] - by_form[other][k] for (k, _), (one, other) in keys]

        found = judged_over_draws(runs, between_forms, measure)
        for ((_, name), (one, other)), difference in zip(keys, found, strict=True):
            yield {
                **about(measure, knockout=name, form=one, other_form=other),
                **difference_cells(difference, "difference"),
                "replicates": difference.cases,
            }


def share_rows(runs: KnockoutRuns) -> Iterator[Row]:
    """Yield one row per form and sharer, and one for all together; a replicate counts only with all of its runs."""
    names, measure = runs.study.sharers, runs.study.shared_outcome
    absences = [absent for size in range(len(names) + 1) for absent in combinations(names, size)]
    for form in runs.study.forms if names else ():

        def shares_in(runs: KnockoutRuns, form: str = form) -> list[Numbers]:
            worth = {frozenset(names) - frozenset(absent): runs.values(measure, form, absent) for absent in absences}
            shares = shares_of(worth, names)
            whole = worth[frozenset(names)] - worth[frozenset()]
            return [*shares, np.where(np.isnan(shares[0]), np.nan, whole)]

        found = judged_over_draws(runs, shares_in, measure)
        for name, share in zip((*names, ALL), found, strict=True):
            yield {
                **about(measure, form=form, sharer=name),
                **difference_cells(share, "share"),
                "of_all": share.value / found[-1].value if found[-1].clear else np.nan,
                **runs.counted(form, share, *absences),
            }


def shares_of(worth: Mapping[frozenset[str], Numbers], names: Sequence[str]) -> Numbers:
    """Return the share of each of several things.

    Parameters
    ----------
    worth : mapping
        For every set of things in place, none and all included, the outcome; all arrays of one shape.
    names : sequence of str
        The things.

    Returns
    -------
    array, shape (things, ...)
        Their shares, which add up to the outcome with all less that with none, but for rounding.
    """
    number = len(names)
    shares = []
    for name in names:
        others = [other for other in names if other != name]
        share = np.zeros_like(worth[frozenset()])
        for size in range(number):
            for before in combinations(others, size):
                gain = worth[frozenset({*before, name})] - worth[frozenset(before)]
                share = share + gain / (number * comb(number - 1, size))
        shares.append(share)
    return np.array(shares)
