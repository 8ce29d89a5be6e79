"""Observables of groups over long times: rise and fall, age, where a group came from, and what depends on what else."""

from __future__ import annotations

from typing import Any

import numpy as np

from mhsim.evidence.observables import WEEKS_PER_YEAR, observable
from mhsim.evidence.sample import Lives, Numbers, ReplicateSample, pooled
from mhsim.stats import Estimate, mean
from mhsim.stats.intervals import paired_difference

Values = dict[str, Any]


def _end(sample: ReplicateSample, groups: Lives) -> Numbers:
    """Return the week in which each group closed; the end of the run for those that are open."""
    end: Numbers = np.where(groups["status"] == "closed", groups["closed_week"] + 1.0, sample.weeks)
    return end


def _open_by_quarter(sample: ReplicateSample) -> Numbers:
    """Return open groups every quarter of a year from the opening on, shape (replicates, quarters)."""
    at = np.arange(0.0, sample.weeks + 1.0, WEEKS_PER_YEAR / 4.0)
    rows = np.zeros((sample.replicates, len(at)))
    for row, groups in zip(rows, sample.groups, strict=True):
        begun, end = groups["founded_week"][:, None], _end(sample, groups)[:, None]
        row[:] = ((begun <= at) & (at < end)).sum(axis=0)
    return rows


@observable("years from the opening until most groups are open at once", "years")
def years_to_peak(sample: ReplicateSample) -> Estimate:
    """Return the mean time, to a quarter, of the largest number of open groups of a world (N19)."""
    return mean(_open_by_quarter(sample).argmax(axis=1) / 4.0)


@observable("groups open after so many years, of the most that ever were open at once")
def open_over_peak(sample: ReplicateSample, years: float) -> Estimate:
    """Return open groups at a time over those at the peak of each world, worlds together (N19)."""
    open_ = _open_by_quarter(sample)
    rows = np.column_stack([open_[:, round(4.0 * years)], open_.max(axis=1)])
    return pooled(rows, lambda s: s[0] / s[1])


@observable("worlds in which any group is open at the end")
def goes_on(sample: ReplicateSample) -> Estimate:
    """Return a share of worlds: a fellowship that is there after its first generation (N18)."""
    return mean((sample.measure("open_groups_at_end") > 0).astype(float))


@observable("age of the groups open at the end", "years")
def age_of_open_groups(sample: ReplicateSample) -> Estimate:
    """Return the mean age of open groups, all worlds together (N20)."""
    rows = np.zeros((sample.replicates, 2))
    for row, groups in zip(rows, sample.groups, strict=True):
        open_ = groups["status"] != "closed"
        row[:] = (open_.sum(), (sample.weeks - groups["founded_week"][open_]).sum() / WEEKS_PER_YEAR)
    return pooled(rows, lambda s: s[1] / s[0])


@observable("hazard of closing of groups that split off from another, over that of groups founded anew", "ratio")
def closing_split_over_founded(sample: ReplicateSample) -> Estimate:
    """Return closings per group-year of those with a parent over those of groups founded after the opening (N36)."""
    rows = np.zeros((sample.replicates, 4))
    for row, groups in zip(rows, sample.groups, strict=True):
        later, split = groups["founded_week"] > 0, groups["parent"] >= 0
        closed, years = groups["status"] == "closed", (_end(sample, groups) - groups["founded_week"]) / WEEKS_PER_YEAR
        row[:] = [part[later & which].sum() for which in (split, ~split) for part in (closed, years)]
    return pooled(rows, lambda s: (s[0] / s[1]) / (s[2] / s[3]))


@observable("a measure with other values, over the same in the form", "ratio")
def measure_ratio(sample: ReplicateSample, name: str, values: Values) -> Estimate:
    """Return the ratio of the sums of one measure of `mhsim.outcomes`; between worlds."""
    rows = np.column_stack([sample.under(values).measure(name), sample.measure(name)])
    return pooled(rows, lambda s: s[0] / s[1])


@observable("what values do to a measure where something else holds, less what they do in the form", "as it")
def measure_interaction(sample: ReplicateSample, name: str, values: Values, where: Values) -> Estimate:
    """Return a difference of two paired differences of one measure of `mhsim.outcomes`; between worlds (V62)."""
    there = sample.under({**where, **values}).measure(name) - sample.under(where).measure(name)
    return paired_difference(there - (sample.under(values).measure(name) - sample.measure(name)))
