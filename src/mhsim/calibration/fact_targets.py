"""Facts as numbers with a width, on a scale on which they are even: what a simulated number is held against.

A band is read as a normal distribution: its half width is two standard deviations, so that a value at the edge is as
unlikely as one that a study finds once in twenty. Two checks that look at the same number (V01 and V02 have months 3,
6 and 12 in common) count once, within what both allow. A band open at one end is a fact of yes or no: the study found
at least so much, with a softness of `SOFT`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.special import log_ndtr, ndtr

from mhsim.calibration.calibration_file import Numbers
from mhsim.evidence.checks import Check
from mhsim.evidence.observables import OBSERVABLES

Scale = Literal["as it is", "log", "log-odds"]
SOFT = {"as it is": 0.05, "log": 0.15, "log-odds": 0.3}
"""Standard deviation of the edge of a band that is open at the other end, on its scale."""
LEAST = 1e-3
"""Shares and rates below it count as it, so that a logarithm is there."""
TO: dict[str, Callable[[Numbers], Numbers]] = {
    "as it is": lambda y: y,
    "log": lambda y: np.log(np.maximum(y, LEAST)),
    "log-odds": lambda y: np.log(np.clip(y, LEAST, 1 - LEAST) / (1 - np.clip(y, LEAST, 1 - LEAST))),
}
BACK: dict[str, Callable[[Numbers], Numbers]] = {
    "as it is": lambda x: x,
    "log": np.exp,
    "log-odds": lambda x: 1.0 / (1.0 + np.exp(-x)),
}
LOGS = {"ratio", "people", "years", "1/year", "months", "weeks"}
RATES = {"deaths_per_group_year", "births_per_group_year", "meetings_a_week", "load_mean", "load_median"}
"""Observables and measures that are no shares, though nothing says so: logarithms are taken."""
OF_FEW = {"founder_led"}
"""Shares of so few that none and all are common: log-odds would be endless."""


@dataclass(frozen=True)
class FactTarget:
    """One number that is held against facts.

    Attributes
    ----------
    key : str
        What makes it out: observable, arguments, changed values.
    facts : tuple of str
        Codes of the facts it stands for.
    check : Check
        One of their checks, by which it is worked out.
    scale : str
        The scale on which its distribution is taken for normal.
    low, high : float or None
        The band, as it is in the checks; the part that all of them share.
    """

    key: str
    facts: tuple[str, ...]
    check: Check
    scale: Scale
    low: float | None
    high: float | None

    @property
    def label(self) -> str:
        """The facts and what is looked at."""
        return f"{'/'.join(self.facts)} {self.check.check}"

    @property
    def one_sided(self) -> bool:
        """Whether the band is open at one end."""
        return self.low is None or self.high is None

    @property
    def edges(self) -> tuple[float, float]:
        """The band on the scale; endless where it is open."""
        low = -np.inf if self.low is None else float(TO[self.scale](np.array(self.low)))
        high = np.inf if self.high is None else float(TO[self.scale](np.array(self.high)))
        return low, high

    @property
    def centre(self) -> float:
        """The middle of the band on the scale, or its only edge."""
        low, high = self.edges
        return low if np.isinf(high) else high if np.isinf(low) else (low + high) / 2

    @property
    def sd(self) -> float:
        """What the fact itself leaves open, as a standard deviation on the scale."""
        low, high = self.edges
        return SOFT[self.scale] if self.one_sided else (high - low) / 4

    def distance(self, mean: Numbers, variance: Numbers) -> Numbers:
        """Return the implausibility of simulated means: how many standard deviations outside; 0 on the good side."""
        away = mean - self.centre
        if self.one_sided:
            away = np.minimum(away, 0.0) if self.high is None else np.maximum(away, 0.0)
        return np.abs(away) / np.sqrt(variance + self.sd**2)

    def log_likelihood(self, mean: Numbers, variance: Numbers, found: float | None = None) -> Numbers:
        """Return the log-likelihood of the fact, or of another finding, given simulated means and their variance.

        Parameters
        ----------
        mean, variance : array
            Of the simulated number, on the scale.
        found : float, optional
            What a study of the same kind found, on the scale; 1 or 0 for yes or no where the band is open at one end.
        """
        total = variance + self.sd**2
        if self.one_sided:
            side = (mean - self.centre) * (1.0 if self.high is None else -1.0) / np.sqrt(total)
            return np.asarray(log_ndtr(side if found is None or found > 0.5 else -side))
        at = self.centre if found is None else found
        return -0.5 * (mean - at) ** 2 / total - 0.5 * np.log(total)

    def finding(self, value: float, chance: np.random.Generator) -> float:
        """Return what a study would find where `value` is the truth: the value with the fact's own error."""
        if self.one_sided:
            side = (value - self.centre) * (1.0 if self.high is None else -1.0) / self.sd
            return float(chance.uniform() < ndtr(side))
        return float(chance.normal(value, self.sd))


def targets_of(checks: Sequence[Check]) -> list[FactTarget]:
    """Return the numbers that checks look at, each once, in the order of the checks."""
    found: dict[str, list[Check]] = {}
    for one in checks:
        found.setdefault(key_of(one), []).append(one)
    return [_target(key, mine) for key, mine in found.items()]


def key_of(check: Check) -> str:
    """Return what makes out the number that a check looks at."""
    return json.dumps([check.observable, check.arguments, check.values], sort_keys=True)


def _target(key: str, mine: list[Check]) -> FactTarget:
    lows = [one.low for one in mine if one.low is not None]
    highs = [one.high for one in mine if one.high is not None]
    low, high = (max(lows) if lows else None), (min(highs) if highs else None)
    scale = scale_of(mine[0])
    if scale != "as it is" and low == 0.0:
        low = None
    facts = tuple(dict.fromkeys(one.fact for one in mine))
    return FactTarget(key, facts, mine[0], scale, low, high)


def scale_of(check: Check) -> Scale:
    """Return the scale of a number: logarithms for ratios, sizes and times, log-odds for shares."""
    name, unit = check.observable, OBSERVABLES[check.observable].unit
    measured: Any = check.arguments.get("name", "")
    if name in OF_FEW:
        return "as it is"
    if unit in LOGS or name in RATES or measured in RATES:
        return "log"
    return "log-odds" if unit == "share" or name == "measure" else "as it is"
