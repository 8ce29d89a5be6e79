"""The statistics of replicates: one interval for a share, one for a mean, one for paired differences, one verdict.

Studies, report and dashboard take every interval from here, so that the same runs give the same interval and the same
verdict wherever they are shown. A replicate is one random seed: its runs share their chance events at all points of a
study, so they are compared pair by pair and never counted as independent cases.

`intervals` holds estimates and verdicts, `bootstrap` resamples replicates where no formula serves, `knowledge` says how
far an estimate moves over draws of values that agree with the facts, `bend` where a rise levels off, `survival` holds
the curves of Kaplan and Meier and of Aalen and Johansen. The room knows NumPy and SciPy and no other room.
"""

from __future__ import annotations

from mhsim.stats.bend import Bend, bend_of
from mhsim.stats.bootstrap import counts, percentiles, resampled, resampled_means, totals
from mhsim.stats.intervals import (
    FEWEST,
    UNKNOWN,
    WHY,
    Estimate,
    Numbers,
    Verdict,
    evenness,
    mean,
    mean_over,
    means,
    over_draws,
    paired_difference,
    paired_differences,
    proportion,
    share,
    student,
)
from mhsim.stats.knowledge import NORMAL, Knowledge, spread_of_resamples, spread_over_draws
from mhsim.stats.survival import Curve, aalen_johansen, followed, kaplan_meier, median_time, restricted_mean

__all__ = [
    "FEWEST",
    "NORMAL",
    "UNKNOWN",
    "WHY",
    "Bend",
    "Curve",
    "Estimate",
    "Knowledge",
    "Numbers",
    "Verdict",
    "aalen_johansen",
    "bend_of",
    "counts",
    "evenness",
    "followed",
    "kaplan_meier",
    "mean",
    "mean_over",
    "means",
    "median_time",
    "over_draws",
    "paired_difference",
    "paired_differences",
    "percentiles",
    "proportion",
    "resampled",
    "resampled_means",
    "restricted_mean",
    "share",
    "spread_of_resamples",
    "spread_over_draws",
    "student",
    "totals",
]
