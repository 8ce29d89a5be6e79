"""Means and paired differences of runs that share their luck, with intervals, judged together."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np

from mhsim.studies.tipping.threshold import Numbers, counts, totals

NORMAL = 1.959963984540054
FEWEST = 10
"""Pairs without which no difference is called clear."""
Verdict = Literal["alike", "differ", "unclear"]


@dataclass(frozen=True)
class Mean:
    """A mean or a share, its 95 % interval, and the runs behind it."""

    value: float
    low: float
    high: float
    cases: int


@dataclass(frozen=True)
class Reversal:
    """How far an outcome goes against its direction: the largest such step, whether it is clear, and where."""

    size: float
    clear: bool
    lower: int
    upper: int


def means(outcome: Numbers, yes_no: bool) -> list[Mean]:
    """Return the mean of each row: with Wilson's interval for shares, by resampling replicates for other numbers."""
    cases, sums = totals(outcome, np.ones((1, outcome.shape[1])) if yes_no else counts(outcome.shape[1]))
    return [
        share(int(sums[0, row]), int(cases[0, row])) if yes_no else _resampled(sums[:, row], cases[:, row])
        for row in range(len(outcome))
    ]


def share(count: int, cases: int) -> Mean:
    """Return a share and its Wilson interval; NaN without cases."""
    if cases == 0:
        return Mean(np.nan, np.nan, np.nan, 0)
    part, z = count / cases, NORMAL
    middle = (part + z * z / (2 * cases)) / (1 + z * z / cases)
    half = z * sqrt(part * (1 - part) / cases + z * z / (4 * cases * cases)) / (1 + z * z / cases)
    return Mean(part, max(0.0, middle - half), min(1.0, middle + half), cases)


def _resampled(sums: Numbers, cases: Numbers) -> Mean:
    if cases[0] == 0:
        return Mean(np.nan, np.nan, np.nan, 0)
    drawn = sums[1:][cases[1:] > 0] / cases[1:][cases[1:] > 0]
    low, high = np.quantile(drawn, [0.025, 0.975]) if cases[0] > 1 else (np.nan, np.nan)
    return Mean(float(sums[0] / cases[0]), float(low), float(high), int(cases[0]))


def reversal(outcome: Numbers, falling: bool) -> Reversal:
    """Return the largest step against the direction between any two values, and whether it is more than chance.

    All pairs of values are judged together: a step is clear only if it stands out among all of them.
    """
    weights = counts(outcome.shape[1])
    there = ~np.isnan(outcome)
    lower, upper = np.triu_indices(len(outcome), 1)
    both = there[lower] & there[upper]
    sign = 1.0 if falling else -1.0
    steps = np.where(both, sign * (np.nan_to_num(outcome)[upper] - np.nan_to_num(outcome)[lower]), 0.0)
    cases = weights @ both.T.astype(float)
    drawn = np.divide(weights @ steps.T, cases, out=np.zeros_like(cases), where=cases > 0)
    if drawn.shape[1] == 0:
        return Reversal(0.0, False, 0, 0)
    spread = drawn[1:].std(axis=0)
    moving = (spread > 1e-12) & (cases[0] >= FEWEST)
    stray = np.zeros_like(drawn[1:])
    stray[:, moving] = (drawn[1:, moving] - drawn[0, moving]) / spread[moving]
    critical = max(NORMAL, float(np.quantile(stray.max(axis=1), 0.95)))
    worst = int(np.argmax(drawn[0]))
    clear = moving & (drawn[0] > critical * spread)
    if clear.any():
        worst = int(np.argmax(np.where(clear, drawn[0], -np.inf)))
    size = max(0.0, float(drawn[0, worst]))
    return Reversal(size, bool(clear.any()), int(lower[worst]), int(upper[worst]))


def differences(strong: Numbers, weak: Numbers, margin: float | None) -> list[tuple[Mean, Verdict]]:
    """Return the mean difference of pairs at each value, and whether the two are alike, differ, or it is unclear.

    Parameters
    ----------
    strong, weak : array, shape (values, replicates)
        The same outcome from two starts; a pair is one replicate, and counts where both runs ended well.
    margin : float, optional
        They are alike where the whole interval lies closer to zero than this; without it, never called alike.

    Returns
    -------
    list
        A 95 % interval for each value by itself; "differ" is judged for all values together. Where all pairs agree,
        the interval reaches 3 / pairs of the margin's unit further (the rule of three), if there is a margin.
    """
    pairs = strong - weak
    cases, sums = totals(pairs, counts(pairs.shape[1]))
    drawn = np.divide(sums, cases, out=np.full_like(sums, np.nan), where=cases > 0)
    spread = np.array([float(np.nanstd(column)) if cases[0, k] > 0 else 0.0 for k, column in enumerate(drawn[1:].T)])
    moving = spread > 1e-12
    critical = NORMAL
    if moving.any():
        strays = np.nan_to_num(np.abs(drawn[1:, moving] - drawn[0, moving]) / spread[moving])
        critical = max(NORMAL, float(np.quantile(strays.max(axis=1), 0.95)))
    found = []
    for k in range(len(pairs)):
        number = int(cases[0, k])
        if number == 0:
            found.append((Mean(np.nan, np.nan, np.nan, 0), _verdict("unclear")))
            continue
        value = float(drawn[0, k])
        if moving[k]:
            low, high = (float(end) for end in np.nanquantile(drawn[1:, k], [0.025, 0.975]))
            clear = abs(value) > critical * spread[k] and not low <= 0.0 <= high
        else:
            reach = 3.0 / number if margin is not None else 0.0
            low, high = value - reach, value + reach
            clear = abs(value) > reach
        near = margin is not None and -margin < low and high < margin
        verdict = "differ" if clear and number >= FEWEST else "alike" if near else "unclear"
        found.append((Mean(value, low, high, number), _verdict(verdict)))
    return found


def _verdict(word: str) -> Verdict:
    return "alike" if word == "alike" else "differ" if word == "differ" else "unclear"
