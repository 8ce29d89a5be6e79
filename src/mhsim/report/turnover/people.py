"""What became of people in need: where groups closed early and where they lived, and at each rate of turnover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mhsim.report.intervals import NOTHING, Estimate, mean_over, paired, resamples
from mhsim.report.study_data import Found
from mhsim.report.turnover.layout import Layout
from mhsim.stats import resampled

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Outcome(NamedTuple):
    """A measure of how people fare: its name, words for a reader, whether more of it is good, and its decimals."""

    measure: str
    words: str
    good: bool
    digits: int


def _outcomes() -> tuple[Outcome, ...]:
    found = []
    whom = (("", "everybody in need"), ("_joiners", "those who joined"), ("_non_joiners", "those who did not join"))
    for tail, who in whom:
        found += [
            Outcome(f"accommodated_at_52{tail}", f"{who}: have found a way to live with it after a year", True, 1),
            Outcome(f"accommodated_at_104{tail}", f"{who}: the same after two years", True, 1),
            Outcome(f"hope_at_52{tail}", f"{who}: hope after a year (0 to 100)", True, 2),
            Outcome(f"distress_at_52{tail}", f"{who}: distress after a year (0 to 100)", False, 2),
        ]
    return tuple(found)


OUTCOMES = _outcomes()
EVERYBODY = tuple(outcome for outcome in OUTCOMES if "joiners" not in outcome.measure)


@dataclass(frozen=True)
class Comparison:
    """The mean where groups closed early, where they lived, and the difference; closed less lived."""

    early: float
    lived: float
    difference: Estimate


def watched(found: Found, outcomes: Sequence[Outcome] = OUTCOMES) -> list[Outcome]:
    """Return those of the outcomes that were watched and have a case."""
    return [o for o in outcomes if found.has(o.measure) and not np.isnan(found.numbers(o.measure)).all()]


def died_and_lived(values: Numbers, early: Flags, lived: Flags, together: int = 1) -> Comparison:
    """Compare places whose group closed early with places whose group lived, within the same settings.

    Parameters
    ----------
    values : array, shape (points, replicates)
        How people fared.
    early, lived : array of bool, same shape
        Which groups closed early and which were alive at the end.
    together : int
        How many comparisons are shown together; the more, the larger one must be to be called clear.

    Notes
    -----
    Each point weighs by how many groups it has of both kinds, so that settings in which most groups close are not
    compared with others. The interval comes from resampling replicates, at all points together.
    """
    known = ~np.isnan(values)
    early, lived, filled = early & known, lived & known, np.where(known, values, 0.0)
    n_early, n_lived = early.sum(axis=1), lived.sum(axis=1)
    weight = n_early * n_lived / np.maximum(n_early + n_lived, 1)
    pairs = int(np.minimum(n_early, n_lived).sum())
    if pairs == 0:
        return Comparison(np.nan, np.nan, NOTHING)
    once = np.ones((1, values.shape[1]))
    means = [_weighted(once, flags, filled, weight) for flags in (early, lived)]
    again = resamples(values.shape[1])
    both = (again @ early.T > 0) & (again @ lived.T > 0)
    parts = [_weighted(again, flags, filled, weight, both) for flags in (early, lived)]
    drawn = np.append(means[0] - means[1], parts[0] - parts[1])
    difference = resampled(drawn, pairs, together)
    return Comparison(float(means[0][0]), float(means[1][0]), difference)


def _weighted(counts: Numbers, flags: Flags, values: Numbers, weight: Numbers, both: Flags | None = None) -> Numbers:
    """Return the weighted mean over points of the mean of flagged values, one number per row of counts."""
    cases = counts @ flags.T.astype(float)
    means = np.divide(counts @ (flags * values).T, cases, out=np.zeros_like(cases), where=cases > 0)
    weights = np.where(cases > 0 if both is None else both, weight, 0.0)
    total = weights.sum(axis=1)
    mean: Numbers = np.divide((weights * means).sum(axis=1), total, out=np.full(len(total), np.nan), where=total > 0)
    return mean


def usual_points(layout: Layout) -> list[int]:
    """Return the numbers of all points at which everything not asked about is as usual."""
    numbers = [layout.at(rate, way) for way in layout.ways for rate in layout.rates]
    return [number for number in numbers if number is not None]


def by_fate(layout: Layout, outcomes: Sequence[Outcome]) -> list[Comparison]:
    """Compare early closing with living to the end, for each outcome; early is in the first half of the run."""
    found, rows = layout.found, usual_points(layout)
    weeks, closed = found.numbers("weeks_to_closure")[rows], found.numbers("closed")[rows]
    early, lived = (closed == 1) & (weeks < found.weeks / 2), closed == 0
    numbers = [found.numbers(outcome.measure)[rows] for outcome in outcomes]
    return [died_and_lived(values, early, lived, len(outcomes)) for values in numbers]


def by_turnover(layout: Layout, measure: str) -> list[Estimate]:
    """Return how people fare at each rate less the same people at the lowest rate, all ways together."""
    stacked = np.stack([layout.matrix(measure, way) for way in layout.ways])
    changes = stacked - stacked[:, :1]
    return paired(mean_over(changes))


def by_rule(layout: Layout, measure: str) -> Estimate:
    """Return how people fare where the rule closed a group that lives without it, less the same people without it.

    Both worlds are one and the same until the rule closes the group: what differs is due to the closing.
    """
    changes = []
    for way in layout.ways:
        with_it, without = (layout.matrix(measure, way, **other) for other in ({}, {"no_leader_per_year": 0.0}))
        closed = layout.matrix("closed", way) == 1
        lives = layout.matrix("closed", way, no_leader_per_year=0.0) == 0
        changes.append(np.where(closed & lives, with_it - without, np.nan))
    return paired(mean_over(np.concatenate(changes))[None, :])[0]


def early_and_lived_counts(layout: Layout) -> tuple[int, int]:
    """Return how many groups closed in the first half of the run and how many lived to the end."""
    rows = usual_points(layout)
    weeks, closed = layout.found.numbers("weeks_to_closure")[rows], layout.found.numbers("closed")[rows]
    return int(((closed == 1) & (weeks < layout.found.weeks / 2)).sum()), int((closed == 0).sum())
