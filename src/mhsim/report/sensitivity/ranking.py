"""What the analysis of sensitivity found about one outcome, as the page needs it: parameters by rank, in its units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan
from pathlib import Path
from typing import Any

from mhsim.errors import InputError
from mhsim.outcomes.measures import MEASURES
from mhsim.report.formatting import number_cell, plain, span
from mhsim.report.intervals import Estimate
from mhsim.report.study_data import read_table

INFORMATION = {measure.name: measure for measure in MEASURES}
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Analysis:
    """The tables of an analysis, as rows."""

    method: str
    indices: Rows
    convergence: Rows
    outcomes: Rows
    gaps: Rows
    parameters: dict[str, dict[str, Any]]

    def ranked(self, outcome: str) -> list[Ranked]:
        """Return the parameters by the main index of an outcome, the largest first; empty where there is none."""
        about = self.about(outcome)
        others: dict[str, dict[str, float]] = {}
        for row in self.indices:
            if row["outcome"] == outcome:
                others.setdefault(row["path"], {})[row["index"]] = number(row["value"])
        main = [row for row in self.indices if row["outcome"] == outcome and row["index"] == about["main"]]
        floor, ordered = number(about["floor"]), sorted(main, key=lambda row: int(row["rank"]))
        return [
            Ranked(
                row["path"],
                number(row["value"]),
                number(row["low"]),
                number(row["high"]),
                others[row["path"]],
                floor,
                str(self.parameters[row["path"]]["source"] or ""),
            )
            for row in ordered
        ]

    def about(self, outcome: str) -> dict[str, Any]:
        """Return what is known about an outcome as a whole."""
        return next(row for row in self.outcomes if row["outcome"] == outcome)

    @property
    def varied(self) -> list[dict[str, Any]]:
        """The parameters that varied."""
        return [row for row in self.parameters.values() if row["varied"]]


@dataclass(frozen=True)
class Ranked:
    """A parameter, its main index with the interval, its other indices, and the floor of noise."""

    path: str
    value: float
    low: float
    high: float
    others: dict[str, float]
    floor: float
    source: str

    @property
    def matters(self) -> bool:
        """Whether it lies above what noise alone may come to; where that is not known, its interval above 0."""
        return self.low > 0 if isnan(self.floor) else self.value > self.floor

    @property
    def assumed(self) -> bool:
        """Whether no source gives its value."""
        return self.source.startswith("assumed")


def read_analysis(folder: Path, method: str) -> Analysis:
    """Read the tables of an analysis; raise InputError if they are not there."""
    found = {}
    for name in ("indices", "convergence", "outcomes", "gaps", "parameters"):
        path = folder / "analysis" / f"{name}.parquet"
        if not path.is_file():
            raise InputError("the runs are not analysed yet; go on with mhsim sensitivity --resume", str(folder))
        found[name] = read_table(path).to_pylist()
    parameters = {row["path"]: row for row in found.pop("parameters")}
    return Analysis(method, **found, parameters=parameters)


def number(value: Any) -> float:
    """Return a cell as a number; NaN for a missing one."""
    return nan if value is None else float(value)


def scale_of(method: str, outcome: str) -> tuple[float, int, str]:
    """Return how an index is written: factor, decimals and unit."""
    if method == "sobol":
        return 100.0, 0, " of 100 parts of the variance"
    if method == "pawn":
        return 100.0, 0, " points of 100"
    unit = INFORMATION[outcome].unit
    if unit == "yes/no":
        return 100.0, 0, " of 100 groups"
    if unit in ("share", "0-1"):
        return 100.0, 1, " of 100" if unit == "share" else " points of 100"
    return 1.0, 1, f" {unit}"


def index_cell(one: Ranked, method: str, outcome: str) -> str:
    """Return the main index with its interval."""
    factor, digits, _ = scale_of(method, outcome)
    return number_cell(Estimate(one.value, one.low, one.high, 1), factor, digits)


def size_words(one: Ranked, method: str, outcome: str) -> str:
    """Return the main index with unit and interval in words: "45 of 100 groups (38 to 52)"."""
    factor, digits, unit = scale_of(method, outcome)
    value, low, high = (plain(factor * part, digits) for part in (one.value, one.low, one.high))
    return f"{value}{unit} ({span(low, high)})"


def settled(ranked: Sequence[Ranked]) -> bool:
    """Return whether the interval of the first lies above that of every other."""
    return len(ranked) > 1 and ranked[0].low > max(one.high for one in ranked[1:])
