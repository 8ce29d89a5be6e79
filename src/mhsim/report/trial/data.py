"""The tables of a trial as its page reads them, and its numbers in words."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any

import pyarrow as pa

from mhsim.errors import InputError
from mhsim.report.formatting import UNKNOWN, plain, signed, span
from mhsim.report.study_data import Found, read_table

SHARES = ("accommodated", "calm")
NAMES = {
    "accommodated": "living with it (accommodation)",
    "hope": "hope",
    "efficacy": "self-efficacy",
    "distress": "distress",
    "calm": "without a crisis in the last 13 weeks",
}
LABELS = {
    "trial": "Trial: invited now less waiting",
    "complier": "Trial: for those who came because invited",
    "truth_exchanged": "Truth: same people, arms exchanged",
    "truth_enrolled": "Truth: all invited less nobody invited",
    "truth_came": "Truth: for those who came because invited",
    "attended_observed_crude": "Observer: who came less others, as they are",
    "attended_observed_known": "Observer: adjusted for what can be known",
    "attended_observed_all": "Adjusted also for what only the model knows",
    "attended_in_trial_crude": "In the trial: who came less others, as they are",
    "attended_in_trial_known": "In the trial: adjusted for what can be known",
    "attended_in_trial_all": "In the trial: adjusted for all of it",
    "helped_observed_crude": "Observer: helpers less other members, as they are",
    "helped_observed_known": "Observer: helpers, adjusted for what can be known",
    "helped_observed_all": "Helpers, adjusted also for what only the model knows",
    "helped_in_trial_crude": "In the trial: helpers less other members",
    "helped_in_trial_known": "In the trial: helpers, adjusted for what can be known",
    "helped_in_trial_all": "In the trial: helpers, adjusted for all of it",
}
"""What each comparison is called on the page, in the order in which they are shown."""


@dataclass(frozen=True)
class Number:
    """An estimate: its value and interval on the scale of the outcome; NaN where it could not be told."""

    value: float
    low: float
    high: float
    people: int
    worlds: int

    @property
    def clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0.0 or self.high < 0.0

    def holds(self, value: float) -> bool:
        """Return whether a value lies in the interval."""
        return self.low <= value <= self.high

    def cell(self) -> str:
        """Return the estimate and its interval, of 100 people or on a scale of 0 to 100."""
        if isnan(self.value):
            return UNKNOWN
        ends = span(signed(100 * self.low, 1), signed(100 * self.high, 1))
        return f"{signed(100 * self.value, 1)} ({ends})"

    def size(self) -> str:
        """Return how large it is in words, without a sign: "7.3 (4.9 to 9.7)"."""
        low, high = (self.low, self.high) if self.value >= 0 else (-self.high, -self.low)
        ends = span(plain(100 * low, 1), plain(100 * high, 1))
        return f"{plain(100 * abs(self.value), 1)} ({ends})"


NOTHING = Number(float("nan"), float("nan"), float("nan"), 0, 0)


@dataclass(frozen=True)
class TrialFound:
    """A finished trial: the study, and the rows of its tables."""

    study: Found
    estimates: dict[tuple[str, int, str], Number]
    by_world: list[dict[str, Any]]
    flow: list[dict[str, Any]]
    beforehand: list[dict[str, Any]]

    @property
    def outcomes(self) -> list[str]:
        """What was compared, in the order of the study."""
        return [str(name) for name in self.study.study["outcomes"]]

    @property
    def end(self) -> int:
        """The week after need arose in which the trial ends for a person."""
        return int(self.study.study["follow_up"])

    @property
    def weeks(self) -> list[int]:
        """The weeks at which outcomes were compared."""
        return sorted({week for _, week, _ in self.estimates})

    def at_end(self, outcome: str, comparison: str) -> Number:
        """Return an estimate at the end of the follow-up."""
        return self.estimates.get((outcome, self.end, comparison), NOTHING)

    def people(self, stage: str, arm: str) -> int:
        """Return how many people got so far, in all worlds together."""
        return sum(int(row["people"]) for row in self.flow if (row["stage"], row["arm"]) == (stage, arm))

    def held(self, outcome: str) -> tuple[int, int]:
        """Return in how many worlds the interval of that world's trial held its truth, and in how many it was told."""
        rows = [row for row in self.by_world if (row["outcome"], row["week"]) == (outcome, self.end)]
        truth = {row["replicate"]: row["value"] for row in rows if row["comparison"] == "truth_exchanged"}
        told = [r for r in rows if r["comparison"] == "trial" and r["low"] is not None and r["replicate"] in truth]
        return sum(row["low"] <= truth[row["replicate"]] <= row["high"] for row in told), len(told)


def read_trial(study: Found, folder: Path) -> TrialFound:
    """Read the tables of a trial; raise InputError if they are not there or cannot be read."""
    try:
        estimates, by_world, flow, beforehand = (
            read_table(folder / "analysis" / f"{name}.parquet").to_pylist()
            for name in ("estimates", "by_world", "flow", "beforehand")
        )
        found = {(row["outcome"], row["week"], row["comparison"]): _number(row) for row in estimates}
    except (OSError, KeyError, pa.ArrowException) as problem:
        raise InputError(f"the tables of this trial cannot be read: {problem}", str(folder)) from None
    return TrialFound(study, found, by_world, flow, beforehand)


def _number(row: dict[str, Any]) -> Number:
    value, low, high = (float("nan") if row[k] is None else float(row[k]) for k in ("value", "low", "high"))
    return Number(value, low, high, int(row["people"]), int(row["worlds"]))


def unit(outcome: str) -> str:
    """Return what a difference of an outcome is counted in."""
    return "of 100 people" if outcome in SHARES else "points of 100"
