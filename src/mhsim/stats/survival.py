"""How long groups last: Kaplan-Meier, Aalen-Johansen and restricted mean time, with one band for runs that share seeds.

The variance is the sum of squares of what each cluster adds to the estimate (infinitesimal jackknife), which for
clusters of one run is Greenwood's. A share of this variance is worth so many independent cases, and the band is
Wilson's for so many (Rothman 1978): it has a width where nothing has closed yet, and without censoring it is the
interval of a plain share. Weeks are whole, so many groups close in the same week; such ties are taken as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mhsim.stats.intervals import UNKNOWN, Estimate, Numbers, student, wilson

AT_ONCE = 4_000_000
"""Numbers of clusters by weeks held in memory at a time."""


@dataclass(frozen=True)
class Curve:
    """A share that changes in steps: from each week on it has this value, within this 95 % band.

    Attributes
    ----------
    weeks, at_risk, value, low, high : array, shape (steps,)
        Week 0 first; the number of groups seen until then; the share and its band.
    cases, clusters : int
        Groups, and independent replicates among them.
    """

    weeks: Numbers
    at_risk: Numbers
    value: Numbers
    low: Numbers
    high: Numbers
    cases: int
    clusters: int

    def at(self, week: float) -> Estimate:
        """Return the share at a week."""
        step = int(np.searchsorted(self.weeks, week, side="right")) - 1
        return Estimate(float(self.value[step]), float(self.low[step]), float(self.high[step]), self.cases)


@dataclass(frozen=True)
class _Table:
    """Who was seen when: times, groups at risk and closed at each, and the same by cluster in blocks of rows."""

    times: Numbers
    step: NDArray[np.int64]
    closed: Numbers
    cluster: NDArray[np.int64]
    clusters: int

    def counted(self, flags: Numbers, first: int, last: int) -> Numbers:
        """Return how many of the flagged have their last time at each step, by cluster, shape (last - first, steps)."""
        inside = (self.cluster >= first) & (self.cluster < last)
        place = (self.cluster[inside] - first) * len(self.times) + self.step[inside]
        size = (last - first) * len(self.times)
        found: Numbers = np.bincount(place, weights=flags[inside], minlength=size).astype(float)
        return found.reshape(-1, len(self.times))

    def total(self, flags: Numbers) -> Numbers:
        """Return how many of the flagged have their last time at each step, shape (steps,)."""
        found: Numbers = np.bincount(self.step, weights=flags, minlength=len(self.times)).astype(float)
        return found

    @property
    def at_risk(self) -> Numbers:
        """Groups seen until each step or longer, shape (steps,)."""
        return _until(self.total(np.ones(len(self.step))))

    def in_sight(self) -> Numbers:
        """Return how many clusters have a group that closed or was seen until each step or longer, shape (steps,)."""
        until = np.full(self.clusters, -1)
        np.maximum.at(until, self.cluster, np.where(self.closed > 0, len(self.times) - 1, self.step))
        return _until(np.bincount(until, minlength=len(self.times)).astype(float))

    def blocks(self) -> list[tuple[int, int]]:
        """Return ranges of clusters small enough to be held in memory."""
        rows = max(1, AT_ONCE // len(self.times))
        return [(first, min(first + rows, self.clusters)) for first in range(0, self.clusters, rows)]


def kaplan_meier(weeks: Numbers, closed: Numbers, clusters: NDArray[Any] | None = None) -> Curve | None:
    """Return the Kaplan-Meier estimate of the share of groups still open, from week 0 on; None without any group.

    Parameters
    ----------
    weeks, closed : array, shape (groups,)
        When each group was last seen, and whether it closed then (1) or was still open (0); NaN is left out.
    clusters : array, shape (groups,), optional
        The replicate of each group; groups of one replicate share their seed and are not independent. Without it each
        group is its own.
    """
    table = _table(weeks, closed, clusters)
    if table is None:
        return None
    risk, hazard, open_ = _open(table)
    squares = np.zeros(len(risk))
    for first, last in table.blocks():
        squares += (_pulls(table, risk, hazard, open_, first, last) ** 2).sum(axis=0)
    return _curve(table, risk, open_, squares)


def aalen_johansen(
    weeks: Numbers, reasons: Sequence[str | None], reason: str, clusters: NDArray[Any] | None = None
) -> Curve | None:
    """Return the Aalen-Johansen estimate of the share of groups closed for one reason; None without any group.

    Parameters
    ----------
    weeks : array, shape (groups,)
        When each group was last seen; NaN is left out.
    reasons : sequence of str or None
        Why it closed then; None if it was still open.
    reason : str
        The reason that is counted; the others compete with it.
    clusters : array, shape (groups,), optional
        As for `kaplan_meier`.
    """
    table = _table(weeks, np.array([float(name is not None) for name in reasons]), clusters)
    if table is None:
        return None
    mine = np.array([float(name == reason) for name in reasons])[~np.isnan(weeks)]
    risk, hazard, open_ = _open(table)
    before = np.append(1.0, open_[:-1])
    part = table.total(mine) / risk
    squares = np.zeros(len(risk))
    for first, last in table.blocks():
        pull = _pulls(table, risk, hazard, open_, first, last)
        earlier = np.pad(pull, ((0, 0), (1, 0)))[:, :-1]
        seen = _until(table.counted(np.ones(len(mine)), first, last))
        own = (table.counted(mine, first, last) - seen * part) / risk
        squares += (np.cumsum(earlier * part + before * own, axis=1) ** 2).sum(axis=0)
    return _curve(table, risk, np.cumsum(before * part), squares)


def restricted_mean(weeks: Numbers, closed: Numbers, horizon: float, clusters: NDArray[Any] | None = None) -> Estimate:
    """Return the mean time a group is open within a horizon, in weeks (restricted mean survival time).

    The interval is Student's for replicates less one; where every group was followed to the horizon it is that of the
    mean of the times cut there. Parameters as for `kaplan_meier`.
    """
    table = _table(weeks, closed, clusters)
    if table is None:
        return UNKNOWN
    risk, hazard, open_ = _open(table)
    inside = table.times < horizon
    spans = np.diff(np.append(table.times[inside], horizon))
    value = float((spans * open_[inside]).sum())
    if table.clusters < 2:
        return Estimate(value, np.nan, np.nan, len(table.step))
    squares = 0.0
    for first, last in table.blocks():
        squares += float(((_pulls(table, risk, hazard, open_, first, last)[:, inside] @ spans) ** 2).sum())
    reach = student(table.clusters - 1) * float(np.sqrt(squares * table.clusters / (table.clusters - 1)))
    return Estimate(value, max(0.0, value - reach), min(float(horizon), value + reach), len(table.step))


def median_time(curve: Curve) -> Estimate:
    """Return the week by which half of the groups have closed, its interval where the band crosses one half.

    Infinite where that is not reached.
    """

    def reached(edge: Numbers) -> float:
        return float(curve.weeks[np.argmax(edge <= 0.5)]) if (edge <= 0.5).any() else np.inf

    return Estimate(reached(curve.value), reached(curve.low), reached(curve.high), curve.cases)


def followed(weeks: Numbers, closed: Numbers) -> float:
    """Return how many weeks every group was followed: the shortest time of one still open, else the longest of all."""
    there = ~(np.isnan(weeks) | np.isnan(closed))
    still_open = weeks[there & (closed == 0)]
    if len(still_open):
        return float(still_open.min())
    return float(weeks[there].max()) if there.any() else 0.0


def _table(weeks: Numbers, closed: Numbers, clusters: NDArray[Any] | None) -> _Table | None:
    there = ~(np.isnan(weeks) | np.isnan(closed))
    if not there.any():
        return None
    last = weeks[there].astype(float)
    times = np.unique(np.append(last, 0.0))
    names = np.arange(len(last)) if clusters is None else np.asarray(clusters)[there]
    distinct, cluster = np.unique(names, return_inverse=True)
    return _Table(times, np.searchsorted(times, last), closed[there].astype(float), cluster, len(distinct))


def _until(ended: Numbers) -> Numbers:
    """Return how many are seen at each step or later from how many are last seen at each (the last axis)."""
    found: Numbers = np.cumsum(ended[..., ::-1], axis=-1)[..., ::-1]
    return found


def _open(table: _Table) -> tuple[Numbers, Numbers, Numbers]:
    """Return groups at risk, hazard and the share still open at each step."""
    risk = table.at_risk
    hazard = table.total(table.closed) / risk
    open_: Numbers = np.cumprod(1.0 - hazard, dtype=np.float64)
    return risk, hazard, open_


def _pulls(table: _Table, risk: Numbers, hazard: Numbers, open_: Numbers, first: int, last: int) -> Numbers:
    """Return what each of some clusters adds to the share still open, shape (clusters, steps)."""
    seen = _until(table.counted(np.ones(len(table.step)), first, last))
    excess = table.counted(table.closed, first, last) - seen * hazard
    left = risk * (1.0 - hazard)
    found: Numbers = -open_ * np.cumsum(np.divide(excess, left, out=np.zeros_like(excess), where=left > 0.5), axis=1)
    return found


def _curve(table: _Table, risk: Numbers, value: Numbers, squares: Numbers) -> Curve:
    """Return a curve with its band: Wilson's for as many independent cases as the share is worth."""
    plain = value * (1.0 - value)
    replicates = table.in_sight()
    varying = (squares > 1e-15) & (plain > 1e-12)
    worth = np.where(varying, np.minimum(plain / np.where(varying, squares, 1.0), len(table.step)), replicates)
    low, high = wilson(value, np.maximum(worth, 1.0))
    return Curve(
        table.times, risk, value, np.minimum(low, value), np.maximum(high, value), len(table.step), table.clusters
    )
