"""The analysis of sensitivity about one outcome: parameters by rank, in its units, and what can be said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Any

from mhsim.outcomes.measures import BY_NAME
from mhsim.report.formatting import Scale, capital, hundred, joined, scale_of, small
from mhsim.stats import Estimate
from mhsim.studies.data import Row, StudyData

TOP = 5
METHODS = {
    "morris": (
        "The method of Morris: from {blocks} random beginnings, one parameter after the other is moved by two thirds "
        "of its range while all else stays as it is. The index (mu*) is the mean size of the change of the outcome, "
        "reckoned per whole range. It finds what matters and what does not; it does not split effects exactly."
    ),
    "sobol": (
        "The method of Sobol': {blocks} blocks of points in which all parameters vary at once. The total index is the "
        "share of the differences between points that would be left if everything but this parameter were known; the "
        "first index is the share that goes away if it alone becomes known. Where the total is larger, the parameter "
        "acts together with others. Totals may add up to more than 100."
    ),
    "pawn": (
        "The method PAWN: {blocks} points in which all parameters vary at once. The index says how far the whole "
        "distribution of the outcome moves when the parameter is held within one slice of its range: 0 not at all, "
        "100 altogether; the median over the slices. It sees changes of spread and shape too, not of the mean alone."
    ),
}
STATES = {
    "constant": "It was the same at all points, so there is nothing to explain: no parameter moved it.",
    "too few": "Too few whole parts of the sample are left after failed and undefined runs; there is no ranking.",
}


@dataclass(frozen=True)
class Ranked:
    """A parameter, its main index with the interval, its other indices, and the floor of noise."""

    path: str
    index: Estimate
    others: dict[str, float]
    floor: float
    source: str

    @property
    def matters(self) -> bool:
        """Whether it lies above what noise alone may come to; where that is not known, its interval above 0."""
        return self.index.low > 0 if isnan(self.floor) else self.index.value > self.floor

    @property
    def assumed(self) -> bool:
        """Whether no source gives its value."""
        return self.source.startswith("assumed")


class Analysis:
    """The tables of an analysis of sensitivity, as rows."""

    def __init__(self, data: StudyData) -> None:
        """Read the analysis; raise InputError if it is missing."""
        self.data, self.method = data, str(data.study["method"])
        self.indices, self.convergence, self.outcomes, self.gaps = (
            data.rows(name) for name in ("indices", "convergence", "outcomes", "gaps")
        )
        self.parameters = {row["path"]: row for row in data.rows("parameters")}
        self.names = [str(row["outcome"]) for row in self.outcomes]

    @property
    def varied(self) -> list[Row]:
        """The parameters that varied."""
        return [row for row in self.parameters.values() if row["varied"]]

    def about(self, outcome: str) -> Row:
        """Return what is known about an outcome as a whole."""
        return next(row for row in self.outcomes if row["outcome"] == outcome)

    def scale(self, outcome: str) -> Scale:
        """Return how indices of an outcome are written."""
        if self.method == "morris":
            return scale_of(outcome)
        return Scale(100.0, "of 100 parts of the variance" if self.method == "sobol" else "points of 100", 0)

    def ranked(self, outcome: str) -> list[Ranked]:
        """Return the parameters by the main index of an outcome, the largest first; empty where there is none."""
        about = self.about(outcome)
        mine = [row for row in self.indices if row["outcome"] == outcome]
        others: dict[str, dict[str, float]] = {}
        for row in mine:
            others.setdefault(row["path"], {})[row["index"]] = number(row["value"])
        main = [row for row in mine if row["index"] == about["main"] and row["value"] is not None]
        return [
            Ranked(
                row["path"],
                Estimate(number(row["value"]), number(row["low"]), number(row["high"]), 1),
                others[row["path"]],
                number(about["floor"]),
                str(self.parameters.get(row["path"], {}).get("source") or ""),
            )
            for row in sorted(main, key=lambda row: row["rank"])
        ]

    def steps(self, outcome: str, path: str) -> list[Row]:
        """Return the main index of a parameter by the share of the sample it is computed from."""
        return [row for row in self.convergence if (row["outcome"], row["path"]) == (outcome, path)]


def number(value: Any) -> float:
    """Return a cell as a number; NaN for a missing one."""
    return nan if value is None else float(value)


def outcome_words(analysis: Analysis, outcome: str) -> str:
    """Return the short answer about one outcome."""
    measure, scale = BY_NAME[outcome], analysis.scale(outcome)
    what = f"{measure.label} ({measure.meaning})"
    state = analysis.about(outcome)["state"]
    ranked = analysis.ranked(outcome)
    if state != "done":
        return f"{what}: {STATES[state][0].lower()}{STATES[state][1:]}"
    standing = [one for one in ranked if one.matters]
    if not standing:
        return f"{what}: none of the {len(ranked)} parameters stands out from replicate noise."
    first = f"{standing[0].path} moves it most, by {scale.size(standing[0].index)}"
    more = [f"{one.path}, {scale.size(one.index)}" for one in standing[1:3]]
    then = f"; then {joined(more)}" if more else ""
    sure = " It is clearly the first." if settled(ranked) else " Which one is first is not settled."
    return f"{what}: {first}{_direction(standing[0])}{then}.{sure} {_count(standing, ranked)}"


def settled(ranked: Sequence[Ranked]) -> bool:
    """Return whether the interval of the first lies above that of every other."""
    return len(ranked) > 1 and ranked[0].index.low > max(one.index.high for one in ranked[1:])


def assumed_words(ranked: Sequence[Ranked], outcome: str) -> str:
    """Return which of the most important parameters are only assumed."""
    top = [one for one in ranked if one.matters][:TOP]
    if not top:
        return ""
    guessed = [one.path for one in top if one.assumed]
    name = outcome.replace("_", " ")
    many = f"Of the {small(len(top))} that matter most for {name}" if len(top) > 1 else f"What matters for {name}"
    if not guessed:
        return f"{many}, none is merely assumed." if len(top) > 1 else f"{many} has a source."
    if len(top) == 1:
        return f"{many}, {guessed[0]}, is only assumed: no source gives its value. So this outcome leans on a guess."
    verb, values = ("is", "its value") if len(guessed) == 1 else ("are", "their values")
    return (
        f"{many}, {small(len(guessed))} {verb} only assumed: {joined(guessed)}. No source gives {values}, so results "
        f"about {name} lean on guesses there."
    )


def noise_words(share: float | None) -> str:
    """Return how much of the differences between points is replicate noise."""
    if share is None:
        return "not known"
    return f"{hundred(share)} of 100" if share >= 0.005 else "under 1 of 100"


def _direction(one: Ranked) -> str:
    """Return which way the outcome goes, where Morris knows it."""
    mean = one.others.get("mu")
    if mean is None:
        return ""
    if abs(mean) < 0.8 * one.index.value:
        return ", now up, now down"
    return ", mostly up as it rises" if mean > 0 else ", mostly down as it rises"


def _count(standing: Sequence[Ranked], ranked: Sequence[Ranked]) -> str:
    if len(standing) == len(ranked):
        return f"All {len(ranked)} parameters stand out from replicate noise."
    verb = "stands" if len(standing) == 1 else "stand"
    return f"{capital(small(len(standing)))} of {len(ranked)} parameters {verb} out from replicate noise."
