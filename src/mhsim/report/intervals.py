"""Intervals under the names that pages know them by; all of them are those of `mhsim.stats`."""

from __future__ import annotations

from mhsim.stats import (
    FEWEST,
    NORMAL,
    Estimate,
    Numbers,
    counts,
    mean_over,
    paired_differences,
)
from mhsim.stats import UNKNOWN as NOTHING
from mhsim.stats import mean as mean_of
from mhsim.stats import proportion as wilson
from mhsim.stats import resampled_means as all_means
from mhsim.stats import share as share_of

__all__ = ["FEWEST", "NORMAL", "NOTHING", "Estimate", "Numbers", "mean_of", "mean_over", "paired", "resampled_means"]
__all__ += ["resamples", "share_of", "wilson"]


def paired(differences: Numbers, most: float | None = None) -> list[Estimate]:
    """Return the mean of each row of differences; `most` is 1 for yes and no."""
    return paired_differences(differences, yes_no=most is not None)


def resamples(cases: int) -> Numbers:
    """Return how often each replicate is drawn in each resample."""
    return counts(cases)[1:]


def resampled_means(rows: Numbers) -> Numbers:
    """Return the mean of every row in every resample of its columns."""
    return all_means(rows)[1:]
