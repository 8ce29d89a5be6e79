"""What each thing does: the world as it is less the world without it, replicate by replicate.

A replicate in which one of the runs failed, or had no case of the measure, is left out of that comparison and counted;
it never becomes a zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from mhsim.outcomes.measures import MEASURES
from mhsim.stats import Estimate, Numbers, paired_differences
from mhsim.studies.analysis import Row, difference_cells
from mhsim.studies.columns import KINDS
from mhsim.studies.data import StudyData
from mhsim.studies.knockout.design import Absence, Knockout
from mhsim.studies.plan import SCENARIO

UNITS = {measure.name: measure.unit for measure in MEASURES}


@dataclass(frozen=True)
class KnockoutRuns:
    """The runs of a finished knock-out, found again by what they lack."""

    study: Knockout
    data: StudyData

    @property
    def measures(self) -> list[str]:
        """The measures that are no text, in the order of the runs."""
        return [name for name in self.data.measures if KINDS[name] != "text"]

    def point(self, form: str, absence: Absence) -> int:
        """Return the number of the point of a form without some things."""
        points = list(self.data.points)
        intact = next(row for row in points if row[SCENARIO] == form)
        return points.index({**intact, **self.study.taken_away(absence)})

    def lacks(self, form: str, name: str) -> bool:
        """Return whether a form lacks a thing by itself, so that taking it away changes nothing."""
        return self.point(form, (name,)) == self.point(form, ())

    def values(self, measure: str, form: str, absence: Absence = ()) -> Numbers:
        """Return a measure in a form without some things, shape (replicates,); NaN where a run is missing."""
        found: Numbers = self.data.numbers(measure)[self.point(form, absence)]
        return found

    def counted(self, form: str, found: Estimate, *absences: Absence) -> Row:
        """Return how many replicates stand behind a number, have a failed run, and had no case, as cells."""
        points = [self.point(form, absence) for absence in absences]
        failed = int((~self.data.done[points].all(axis=0)).sum())
        return {"replicates": found.cases, "failed": failed, "no_case": self.data.shape[1] - failed - found.cases}


def judged(rows: Sequence[Numbers], measure: str) -> list[Estimate]:
    """Return the mean of each row of differences of a measure; the rows are judged together."""
    return paired_differences(np.array(rows), yes_no=KINDS[measure] == "yes_no")


def mean_where(values: Numbers, known: Numbers) -> float | None:
    """Return the mean of those values beside which a number is known; None if there is none."""
    there = values[~np.isnan(known)]
    return float(there.mean()) if len(there) else None


def ranked(found: list[Estimate]) -> list[int]:
    """Return the places of numbers by size, the largest first and what is not known last; equals as they came."""
    return sorted(range(len(found)), key=lambda k: -abs(found[k].value) if found[k].known else np.inf)


def effects_of(runs: KnockoutRuns, measure: str, form: str) -> list[Numbers]:
    """Return the effect of every knock-out in every replicate, shape (knock-outs, replicates)."""
    intact = runs.values(measure, form)
    return [intact - runs.values(measure, form, (name,)) for name in runs.study.knockouts]


def effect_rows(runs: KnockoutRuns) -> Iterator[Row]:
    """Yield one row per form, measure and knock-out, the largest effects first; judged together by form and measure."""
    names = runs.study.knockouts
    for form in runs.study.forms:
        for measure in runs.measures:
            effects = effects_of(runs, measure, form)
            found = judged(effects, measure)
            for place, k in enumerate(ranked(found), start=1):
                yield {
                    "form": form,
                    "measure": measure,
                    "unit": UNITS[measure],
                    "knockout": names[k],
                    "rank": place if found[k].known else None,
                    "intact": mean_where(runs.values(measure, form), effects[k]),
                    "without": mean_where(runs.values(measure, form, (names[k],)), effects[k]),
                    **difference_cells(found[k], "effect"),
                    "off_already": runs.lacks(form, names[k]),
                    **runs.counted(form, found[k], (), (names[k],)),
                }


def interaction_rows(runs: KnockoutRuns) -> Iterator[Row]:
    """Yield one row per form, measure and pair: the effect of both less the sum of the two."""
    pairs = list(combinations(runs.study.knockouts, 2)) if runs.study.pairs else []
    for form in runs.study.forms:
        for measure in runs.measures if pairs else ():
            intact = runs.values(measure, form)
            both = [intact - runs.values(measure, form, pair) for pair in pairs]
            alone = dict(zip(runs.study.knockouts, effects_of(runs, measure, form), strict=True))
            sums = [alone[one] + alone[other] for one, other in pairs]
            beyond = [of_both - of_each for of_both, of_each in zip(both, sums, strict=True)]
            found = judged(beyond, measure)
            for k in ranked(found):
                one, other = pairs[k]
                yield {
                    "form": form,
                    "measure": measure,
                    "unit": UNITS[measure],
                    "one": one,
                    "other": other,
                    "effect_of_both": mean_where(both[k], beyond[k]),
                    "sum_of_effects": mean_where(sums[k], beyond[k]),
                    **difference_cells(found[k], "interaction"),
                    **runs.counted(form, found[k], (), (one,), (other,), (one, other)),
                }


def form_rows(runs: KnockoutRuns) -> Iterator[Row]:
    """Yield one row per measure, knock-out and two forms: the effect in the one less that in the other.

    All rows of a measure are judged together.
    """
    pairs = list(combinations(runs.study.forms, 2))
    for measure in runs.measures if pairs else ():
        by_form = {form: effects_of(runs, measure, form) for form in runs.study.forms}
        keys = [(k, name, one, other) for k, name in enumerate(runs.study.knockouts) for one, other in pairs]
        found = judged([by_form[one][k] - by_form[other][k] for k, _, one, other in keys], measure)
        for (_, name, one, other), difference in zip(keys, found, strict=True):
            yield {
                "measure": measure,
                "unit": UNITS[measure],
                "knockout": name,
                "form": one,
                "other_form": other,
                **difference_cells(difference, "difference"),
                "replicates": difference.cases,
            }
