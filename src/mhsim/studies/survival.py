"""How long groups last: the share still open (Kaplan-Meier), why the others closed (Aalen-Johansen), and mean time.

Weeks are whole, so many groups close in the same week; both estimators take such ties as they are, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mhsim.studies.paired_differences import NORMAL, Mean

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Steps:
    """A curve that changes in steps: from each week on it has this value, within this 95 % interval."""

    weeks: Numbers
    at_risk: Numbers
    value: Numbers
    low: Numbers
    high: Numbers


def still_open(weeks: Numbers, closed: Numbers) -> Steps:
    """Return the Kaplan-Meier estimate of the share of groups still open, from week 0 on.

    Parameters
    ----------
    weeks, closed : array, shape (groups,)
        When each group was last seen, and whether it closed then (1) or was still open (0); nothing missing.

    Returns
    -------
    Steps
        The interval is Greenwood's on the log-minus-log scale.
    """
    times, at_risk, closing = table(weeks, closed)
    share: Numbers = np.cumprod(1.0 - closing / at_risk, dtype=np.float64)
    left = at_risk - closing
    grown = np.cumsum(np.divide(closing, at_risk * left, out=np.zeros_like(left), where=left > 0))
    inner = (share > 0) & (share < 1)
    logs = np.log(np.where(inner, share, 0.5))
    reach = NORMAL * np.sqrt(grown) / logs
    low = np.where(inner, np.exp(logs * np.exp(-reach)), share)
    high = np.where(inner, np.exp(logs * np.exp(reach)), share)
    return Steps(times, at_risk, share, np.minimum(low, high), np.maximum(low, high))


def table(weeks: Numbers, closed: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return all weeks in which something was seen, 0 in front, with the groups at risk and those that closed."""
    times = np.unique(np.append(weeks, 0.0))
    at_risk = np.array([(weeks >= time).sum() for time in times], dtype=float)
    closing = np.array([((weeks == time) & (closed == 1)).sum() for time in times], dtype=float)
    return times, at_risk, closing


def closed_for(weeks: Numbers, reasons: Sequence[str | None], reason: str) -> Steps:
    """Return the Aalen-Johansen estimate of the share of groups that closed for one reason, from week 0 on.

    Parameters
    ----------
    weeks : array, shape (groups,)
        When each group was last seen.
    reasons : sequence of str or None
        Why it closed then; None if it was still open.
    reason : str
        The reason that is counted; the others compete with it.

    Returns
    -------
    Steps
        The interval is the plain one, cut at 0 and 1, with the variance by the delta method.
    """
    closed = np.array([float(name is not None) for name in reasons])
    mine = np.array([float(name == reason) for name in reasons])
    times, n, d = table(weeks, closed)
    k = table(weeks, mine)[2]
    share = np.cumprod(1.0 - d / n)
    before = np.append(1.0, share[:-1])
    part = np.cumsum(before * k / n)
    # Sums over earlier weeks of (F(t) - F(s))^2 a + b - 2 (F(t) - F(s)) c, written so that each is summed once.
    a = np.divide(d, n * (n - d), out=np.zeros_like(d), where=n > d)
    b, c = before**2 * k * (n - k) / n**3, before * k / n**2
    variance = part**2 * np.cumsum(a) - 2 * part * np.cumsum(a * part) + np.cumsum(a * part**2)
    variance += np.cumsum(b) - 2 * (part * np.cumsum(c) - np.cumsum(c * part))
    reach = NORMAL * np.sqrt(np.maximum(0.0, variance))
    return Steps(times, n, part, np.maximum(0.0, part - reach), np.minimum(1.0, part + reach))


def mean_time(weeks: Numbers, closed: Numbers, horizon: float) -> Mean:
    """Return the mean number of weeks a group is open within a horizon (restricted mean survival time)."""
    if len(weeks) == 0:
        return Mean(np.nan, np.nan, np.nan, 0)
    curve = still_open(weeks, closed)
    inside = curve.weeks < horizon
    edges = np.append(curve.weeks[inside], horizon)
    areas = np.diff(edges) * curve.value[inside]
    closing, at_risk = table(weeks, closed)[2][inside], curve.at_risk[inside]
    left = at_risk - closing
    after = np.cumsum(areas[::-1])[::-1]
    grown = np.divide(closing, at_risk * left, out=np.zeros_like(left), where=left > 0)
    reach = NORMAL * float(np.sqrt((after**2 * grown).sum()))
    value = float(areas.sum())
    return Mean(value, max(0.0, value - reach), min(horizon, value + reach), len(weeks))
