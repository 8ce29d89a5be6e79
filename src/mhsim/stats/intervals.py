"""Estimates with 95 % intervals: shares, means, paired differences; and the verdict on several of them together.

Shares have Wilson's interval (1927), means Student's. A paired difference is a mean of differences; for what is made of
yes and no, one pair each way is added beforehand (Bonett and Price 2012), which keeps the interval honest where few
pairs differ and gives it a width where none does. Several differences looked at together are judged by the largest of
their statistics when the signs of whole replicates are turned at random (Westfall and Young 1993).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mhsim.stats.knowledge import NORMAL, Knowledge, spread_over_draws
from mhsim.stats.signs import signs

Numbers = NDArray[np.float64]
Verdict = Literal["nothing", "identical", "too few", "clear", "unclear", "unclear among many"]
LEVEL = 0.95
FEWEST = 10
"""Pairs below which no difference is called clear."""
MOST_SIGNS = 2000
"""Signs turned independently; with more pairs, neighbouring ones are turned together."""
ROUNDING = 1e-9
WHY: dict[Verdict, str] = {
    "nothing": "there is no pair to compare",
    "identical": "no pair differs",
    "too few": f"fewer than {FEWEST} pairs, too few to say",
    "clear": "more than chance",
    "unclear": "this could be chance",
    "unclear among many": "it stands out by itself, but not among so many comparisons",
}
"""Each verdict in plain words."""


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval and, for a difference, how likely chance alone would bring it about.

    Attributes
    ----------
    value, low, high : float
        NaN where not known.
    cases : int
        Runs, or pairs of runs, behind it.
    p : float
        Two-sided p-value of a difference from zero, judged alone; NaN for what is no difference.
    p_together : float
        The same, judged with all differences that it was looked at with; at least `p`.
    identical : bool
        Whether no pair shows any difference at all.
    knowledge : Knowledge, optional
        Where it lies as values are drawn that agree with the facts; the interval is about chance alone.
    """

    value: float
    low: float
    high: float
    cases: int
    p: float = np.nan
    p_together: float = np.nan
    identical: bool = False
    knowledge: Knowledge | None = None

    @property
    def known(self) -> bool:
        """Whether there was any case."""
        return self.cases > 0

    @property
    def verdict(self) -> Verdict:
        """Whether a difference is clear and, if not, why; `WHY` says each in words."""
        if not self.known:
            return "nothing"
        if self.identical:
            return "identical"
        if self.cases < FEWEST:
            return "too few"
        if not self.p <= 1.0 - LEVEL:
            return "unclear"
        return "clear" if self.p_together <= 1.0 - LEVEL else "unclear among many"

    @property
    def clear(self) -> bool:
        """Whether a difference from zero is more than chance, also among all it was looked at with."""
        return self.verdict == "clear"

    @property
    def rises(self) -> bool:
        """Whether the difference is clear and above zero."""
        return self.clear and self.value > 0

    @property
    def falls(self) -> bool:
        """Whether the difference is clear and below zero."""
        return self.clear and self.value < 0

    @property
    def half_width(self) -> float:
        """Half the width of the interval; infinite where it is not known."""
        half = (self.high - self.low) / 2.0
        return half if np.isfinite(half) else np.inf

    def scaled(self, factor: float) -> Estimate:
        """Return the same in another unit, or seen from the other side if the factor is negative."""
        value, *ends = (factor * number for number in (self.value, self.low, self.high))
        low, high = sorted(ends) if factor < 0 else ends
        knowledge = None if self.knowledge is None else self.knowledge.scaled(factor)
        return replace(self, value=value, low=low, high=high, knowledge=knowledge)

    def within(self, margin: float) -> bool:
        """Return whether the whole interval lies closer to zero than a margin."""
        return self.known and -margin < self.low and self.high < margin


UNKNOWN = Estimate(np.nan, np.nan, np.nan, 0)


def wilson(share: Numbers, cases: Numbers) -> tuple[Numbers, Numbers]:
    """Return both ends of the Wilson interval of shares of so many independent cases; NaN without any."""
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = (share + NORMAL**2 / (2 * cases)) / (1 + NORMAL**2 / cases)
        inner = np.maximum(share * (1 - share), 0.0) / cases + NORMAL**2 / (4 * cases**2)
        half = NORMAL * np.sqrt(inner) / (1 + NORMAL**2 / cases)
    return np.maximum(0.0, middle - half), np.minimum(1.0, middle + half)


def proportion(count: float, cases: float) -> Estimate:
    """Return the share of `count` in `cases` independent cases, with its Wilson interval.

    Weighted cases count as many as they are worth together (Kish): neither number need be whole.
    """
    if cases == 0:
        return UNKNOWN
    part = count / cases
    low, high = wilson(np.array([part]), np.array([float(cases)]))
    return Estimate(part, float(low[0]), float(high[0]), int(cases))


def evenness(counts: Numbers) -> float:
    """Return how often so many cases would be as unevenly spread over bins of one size by chance (chi-square)."""
    from scipy.special import chdtrc

    expected = np.sum(counts) / len(counts)
    return float(chdtrc(len(counts) - 1, np.sum((counts - expected) ** 2) / expected))


def student(degrees: int) -> float:
    """Return how many standard errors a 95 % interval reaches to each side; NaN without a degree of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.5 + LEVEL / 2)) if degrees > 0 else np.nan


def mean_over(stacked: Numbers) -> Numbers:
    """Return the mean over the first axis, leaving out what is missing; NaN where all is."""
    there = ~np.isnan(stacked)
    cases = there.sum(axis=0)
    total = np.where(there, stacked, 0.0).sum(axis=0)
    found: Numbers = np.divide(total, cases, out=np.full(total.shape, np.nan), where=cases > 0)
    return found


def mean(values: Numbers) -> Estimate:
    """Return the mean of numbers with Student's interval, those missing left out.

    Parameters
    ----------
    values : array, shape (replicates,) or (points, replicates)
        NaN where a run failed or has no case. Of several points each replicate gives one number, its mean over them:
        runs of one seed are not independent.

    Returns
    -------
    Estimate
        Without an interval for fewer than two values. The interval of numbers none of which is negative ends at zero.
    """
    each = values if values.ndim == 1 else mean_over(values)
    there = each[~np.isnan(each)]
    cases = len(there)
    if cases == 0:
        return UNKNOWN
    value = float(there.mean())
    if cases == 1:
        return Estimate(value, np.nan, np.nan, 1)
    reach = student(cases - 1) * float(there.std(ddof=1)) / np.sqrt(cases)
    low = max(0.0, value - reach) if there.min() >= 0 else value - reach
    return Estimate(value, float(low), float(value + reach), cases)


def share(flags: Numbers) -> Estimate:
    """Return the share of ones among zeros and ones with its Wilson interval, those missing left out.

    Parameters
    ----------
    flags : array, shape (replicates,) or (points, replicates)
        Of several points the share is that of all runs, and the interval that of as many independent runs as would
        leave it as uncertain as these, whose replicates hang together (Rao and Scott 1992).
    """
    table = np.atleast_2d(flags)
    there = ~np.isnan(table)
    cases = int(there.sum())
    if cases == 0:
        return UNKNOWN
    sums, runs = np.where(there, table, 0.0).sum(axis=0), there.sum(axis=0)
    part = float(sums.sum()) / cases
    variance = float(((sums - part * runs) ** 2).sum()) / cases**2
    alike = float((runs > 0).sum())
    worth = min(float(cases), part * (1 - part) / variance) if variance > 0 else alike
    low, high = wilson(np.array([part]), np.array([worth if len(table) > 1 else float(cases)]))
    return Estimate(part, float(low[0]), float(high[0]), cases)


def means(rows: Numbers, *, yes_no: bool) -> list[Estimate]:
    """Return the share (of yes and no) or the mean of each row, shape (rows, replicates), with its interval."""
    return [share(row) if yes_no else mean(row) for row in rows]


def paired_difference(row: Numbers, *, yes_no: bool = False) -> Estimate:
    """Return the mean of the differences of pairs, shape (replicates,), judged alone; see `paired_differences`."""
    return paired_differences(row[None, :], yes_no=yes_no)[0]


def paired_differences(rows: Numbers, *, yes_no: bool | Sequence[bool] = False) -> list[Estimate]:
    """Return the mean of each row of differences with its interval; the rows are judged together.

    Parameters
    ----------
    rows : array, shape (rows, replicates)
        Differences of the same replicates in each row; NaN where a pair is missing.
    yes_no : bool, or one for each row
        Whether the differences are made of yes (1) and no (0), such as -1, 0 and 1.

    Returns
    -------
    list of Estimate
        The interval is that of each row by itself. Of a single row the difference is clear where the interval leaves
        out zero; of several, where it also stands out among all of them.

    Notes
    -----
    With signs of whole replicates turned at random, |sum| / sqrt(sum of squares) of all rows keeps its denominators,
    so that 2,000 turns are one product of matrices. Where the two sides of a tie are equally likely half of them count
    (mid-p), as the intervals do.
    """
    rows = np.asarray(rows, dtype=float)
    there = ~np.isnan(rows)
    filled = np.where(there, rows, 0.0)
    cases = there.sum(axis=1)
    binary = np.broadcast_to(np.asarray(yes_no, dtype=bool), len(rows))
    alone = [_alone(filled[k][there[k]], bool(binary[k])) for k in range(len(rows))]
    judged = sum(one.known and not one.identical for one in alone)
    if judged < 2:
        return alone
    together = np.maximum([one.p for one in alone], _max_p(filled, cases))
    return [replace(one, p_together=float(p)) for one, p in zip(alone, together, strict=True)]


def over_draws(found: Sequence[Estimate], drawn: Sequence[Any] | Numbers) -> list[Estimate]:
    """Return estimates with their spread over draws of what is not known; see `spread_over_draws`.

    Parameters
    ----------
    found : sequence of Estimate
        One for each row, with the values as they stand.
    drawn : array, shape (draws, rows, replicates)
        The same rows with the values of each draw; nothing where there are no draws.
    """
    if not len(drawn):
        return list(found)
    rows = np.asarray(drawn, dtype=float)
    return [replace(one, knowledge=spread_over_draws(rows[:, k])) for k, one in enumerate(found)]


def _alone(pairs: Numbers, yes_no: bool) -> Estimate:
    """Return the mean of differences with its interval and p-value, by itself."""
    from scipy.special import ndtr, stdtr

    cases = len(pairs)
    if cases == 0:
        return UNKNOWN
    value = float(pairs.mean())
    identical = bool((np.abs(pairs) <= ROUNDING).all())
    if yes_no:
        number = cases + 2
        middle = float(pairs.sum()) / number
        error = float(np.sqrt(((pairs**2).sum() + 2.0) / number - middle**2) / np.sqrt(number))
        edge = max(1.0, float(np.abs(pairs).max()))
        low, high = max(-edge, middle - NORMAL * error), min(edge, middle + NORMAL * error)
        p = 2.0 * float(ndtr(-abs(middle) / error))
        return Estimate(value, low, high, cases, p, p, identical)
    if cases == 1:
        return Estimate(value, np.nan, np.nan, 1, np.nan, np.nan, identical)
    error = float(pairs.std(ddof=1) / np.sqrt(cases))
    if error <= ROUNDING * abs(value) or identical:
        p = 1.0 if identical else 2.0 ** (1 - cases)
        return Estimate(value, value, value, cases, p, p, identical)
    reach = student(cases - 1) * error
    p = 2.0 * float(stdtr(cases - 1, -abs(value) / error))
    return Estimate(value, value - reach, value + reach, cases, p, p, identical)


def _max_p(filled: Numbers, cases: NDArray[np.int64]) -> Numbers:
    """Return how often the largest statistic of all rows beats that of each, signs turned at random, shape (rows,).

    Never less than once in all turns, which can show no more.
    """
    size = np.sqrt((filled**2).sum(axis=1))
    size[(size <= ROUNDING) | (cases < FEWEST)] = np.inf
    blocks = filled
    if filled.shape[1] > MOST_SIGNS:
        edges = np.linspace(0, filled.shape[1], MOST_SIGNS, endpoint=False).astype(int)
        blocks = np.add.reduceat(filled, edges, axis=1)
    seen = np.abs(filled.sum(axis=1)) / size
    largest = np.max(np.abs(signs(blocks.shape[1]) @ (blocks / size[:, None]).T), axis=1)
    largest.sort()
    over = len(largest) - np.searchsorted(largest, seen + ROUNDING, side="right")
    ties = len(largest) - over - np.searchsorted(largest, seen - ROUNDING, side="left")
    found: Numbers = np.maximum(over + 0.5 * ties, 1.0) / (len(largest) + 1.0)
    return found
