"""Fair shares of an outcome among things that work together: Shapley values from all of their combinations.

A thing's share is what it adds to the others, averaged over all orders in which they could be put in place. The shares
add up to the effect of all together; what adds nothing gets nothing; what adds the same gets the same (L. S. Shapley,
A value for n-person games, 1953).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import comb

import numpy as np

from mhsim.stats import Numbers
from mhsim.studies.analysis import Row, difference_cells
from mhsim.studies.knockout.effects import UNITS, KnockoutRuns, judged

ALL = "all together"
"""The row with the effect of all sharers."""


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


def share_rows(runs: KnockoutRuns) -> Iterator[Row]:
    """Yield one row per form and sharer, and one for all together; a replicate counts only with all of its runs."""
    names, measure = runs.study.sharers, runs.study.shared_outcome
    if not names:
        return
    absences = [absent for size in range(len(names) + 1) for absent in combinations(names, size)]
    for form in runs.study.forms:
        worth = {frozenset(names) - frozenset(absent): runs.values(measure, form, absent) for absent in absences}
        shares = shares_of(worth, names)
        whole = worth[frozenset(names)] - worth[frozenset()]
        whole = np.where(np.isnan(shares[0]), np.nan, whole)
        found = judged([*shares, whole], measure)
        total = found[-1]
        for name, share in zip((*names, ALL), found, strict=True):
            yield {
                "form": form,
                "measure": measure,
                "unit": UNITS[measure],
                "sharer": name,
                **difference_cells(share, "share"),
                "of_all": share.value / total.value if total.clear else np.nan,
                **runs.counted(form, share, *absences),
            }
