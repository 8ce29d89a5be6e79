"""A study of helper turnover laid out: which rates, which ways of leaving, with or without successors and the rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from mhsim.report.formatting import capital, plain, trimmed, value_text
from mhsim.report.html import table
from mhsim.scenario import Value
from mhsim.stats import Numbers
from mhsim.studies.data import StudyData

TURNOVER = "serve.turnover_per_year"
LEAVES = "serve.leaves_with_role"
SUCCESSION = "serve.succession"
RULE = "close.no_leader_per_year"
MOST_RATES = 30
NEEDED = ("alive_at_end", "weeks_to_closure", "closed")


def about_turnover(data: StudyData) -> bool:
    """Return whether a study is a grid along rates of helper turnover, all runs of one length, with what is needed.

    Where points are a list or a sample, or runs differ in length, no slice of the study can stand for all of it.
    """
    if TURNOVER not in data.axes or not data.has(*NEEDED):
        return False
    grid = data.study.get("design") == "grid" and len(set(data.lengths)) == 1
    rule = data.levels(RULE)
    told = len(rule) < 2 or (len(rule) == 2 and 0.0 in rule)
    return grid and told and 1 < len(data.levels(TURNOVER)) <= MOST_RATES


class Way(NamedTuple):
    """How helpers go and who follows: the share who leave the group too, the chance that somebody prepared follows."""

    leaves: float
    succession: float


@dataclass(frozen=True)
class Layout:
    """A study of helper turnover, read along its rates; everything else at its usual value unless named."""

    data: StudyData
    usual: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def rates(self) -> tuple[float, ...]:
        """The turnover rates, per year, rising."""
        return tuple(float(rate) for rate in self.data.levels(TURNOVER))

    @cached_property
    def leaves(self) -> tuple[float, ...]:
        """The shares of those who stop helping that leave the group too."""
        return self._levels(LEAVES)

    @cached_property
    def successions(self) -> tuple[float, ...]:
        """The chances that somebody prepared takes over."""
        return self._levels(SUCCESSION)

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """Every combination of leaving and following that was run."""
        return tuple(Way(leaves, follows) for leaves in self.leaves for follows in self.successions)

    @cached_property
    def others(self) -> tuple[str, ...]:
        """What else varies."""
        return tuple(path for path in self.data.axes if path not in (TURNOVER, LEAVES, SUCCESSION, RULE))

    @cached_property
    def runs(self) -> int:
        """Number of stored runs that lie in the slice: whatever else varies at its usual value, the rule either way."""
        inside = [all(same(point[path], self.usual[path]) for path in self.others) for point in self.data.points]
        return int(self.data.stored[np.array(inside, dtype=bool)].sum())

    def slice_words(self) -> str:
        """Return which part of the study a page is about; nothing if it is all of it."""
        if not self.others:
            return ""
        where = " and ".join(f"{path} = {value_text(self.usual[path])}" for path in self.others)
        return f"{where} ({self.runs:,} of {int(self.data.stored.sum()):,} runs)"

    def table(self, columns: dict[str, list[str]], caption: str) -> Markup:
        """Return a table with a row for each rate.

        Parameters
        ----------
        columns : dict
            Head of each column, and its cells along the rates; where there is one more cell, it is that of all rates.
        caption : str
            What the table shows.
        """
        first = [per_cent(rate) for rate in self.rates]
        cells = list(columns.values())
        if cells and len(cells[0]) > len(first):
            first.append("all rates")
        rows = [[name, *(column[k] for column in cells)] for k, name in enumerate(first)]
        return table(["Turnover a year", *columns], rows, caption)

    @property
    def rule(self) -> float:
        """The usual strength of the rule that a group without helpers may close for that alone."""
        return float(self.usual.get(RULE) or 0.0)

    @property
    def rule_varies(self) -> bool:
        """Whether the study has runs with the rule and runs without it."""
        return self.rule > 0.0 and 0.0 in self._levels(RULE)

    def at(self, rate: float, way: Way, **other: Value) -> int | None:
        """Return the number of the point with these values and the usual ones; None if it was not run.

        Other values are named by the last part of their path, as in ``no_leader_per_year=0.0``.
        """
        wanted = {**self.usual, TURNOVER: rate, LEAVES: way.leaves, SUCCESSION: way.succession}
        values = (other.get(path.split(".")[-1], wanted[path]) for path in self._paths)
        return self._numbers.get(tuple(_rounded(value) for value in values))

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        """The paths that tell one point from another."""
        first = self.data.points[0] if self.data.points else {}
        return tuple(path for path in (*self.usual, TURNOVER, LEAVES, SUCCESSION) if path in first)

    @cached_property
    def _numbers(self) -> dict[tuple[Value, ...], int]:
        """The number of each point by its values."""
        keys = [tuple(_rounded(point[path]) for path in self._paths) for point in self.data.points]
        return {key: number for number, key in reversed(list(enumerate(keys)))}

    def matrix(self, measure: str, way: Way, **other: Value) -> Numbers:
        """Return a measure along the rates, shape (rates, replicates); NaN where there is no run."""
        return self.along(self.data.numbers(measure), way, **other)

    def along(self, values: NDArray[Any], way: Way, **other: Value) -> NDArray[Any]:
        """Return the rows of a table of points that lie along the rates; NaN or None where there is no point."""
        empty = np.nan if values.dtype != object else None
        rows = np.full((len(self.rates), values.shape[1]), empty, dtype=values.dtype)
        for k, rate in enumerate(self.rates):
            number = self.at(rate, way, **other)
            if number is not None:
                rows[k] = values[number]
        return rows

    def _levels(self, path: str) -> tuple[float, ...]:
        seen = self.data.levels(path) or (self.data.assumed(path),)
        return tuple(float(value) for value in seen if value is not None) or (0.0,)


def layout_of(data: StudyData) -> Layout:
    """Return the layout of a study: what is not asked about stands at the base scenario's value where that was run."""
    usual = {path: usual_value(data, path) for path in data.axes if path not in (TURNOVER, LEAVES, SUCCESSION)}
    if RULE not in usual:
        usual[RULE] = data.assumed(RULE) or 0.0
    return Layout(data, usual)


def usual_value(data: StudyData, path: str) -> Value:
    """Return the value of an axis that stands for the usual case: the base scenario's, or else the last or first."""
    levels = data.levels(path)
    given = (data.study.get("set") or {}).get(path, data.assumed(path))
    for value in levels:
        if same(value, given):
            return value
    return levels[-1] if path == RULE else levels[0]


def same(one: Any, other: Any) -> bool:
    """Return whether two values are the same, numbers up to rounding."""
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(float(one) - float(other)) <= 1e-9 * max(1.0, abs(float(one)))
    return bool(one == other)


def _rounded(value: Value) -> Value:
    return round(float(value), 9) if isinstance(value, (int, float)) else value


def per_cent(rate: float) -> str:
    """Return a rate as per cent a year."""
    return f"{trimmed(100.0 * rate, 1)}\u00a0%"


def rate_words(rate: float) -> str:
    """Return a rate in words: "20 % a year"."""
    return f"{per_cent(rate)} a year"


def stay(rate: float) -> str:
    """Return how long a helper stays in the role on average, if turnover is all that ends it."""
    if rate <= 0:
        return "no end by turnover"
    months = 12.0 / rate
    return f"{trimmed(months / 12.0, 1)} years" if months >= 18 else f"{plain(months, 0)} months"


def leaving(share: float) -> str:
    """Return a way of leaving in two words."""
    if share in (0.0, 1.0):
        return "stepping down" if share == 0.0 else "departing"
    return f"{plain(100.0 * share, 0)} of 100 departing"


def following(chance: float) -> str:
    """Return a chance of succession in words."""
    if chance in (0.0, 1.0):
        return "no successors" if chance == 0.0 else "successors prepared"
    return f"successors in {plain(100.0 * chance, 0)} of 100 cases"


def way_words(way: Way) -> str:
    """Return how helpers go and who follows, in words."""
    return f"{leaving(way.leaves)}, {following(way.succession)}"


def heading(way: Way) -> str:
    """Return the same as a heading has it."""
    return capital(way_words(way))


def meaning(path: str, value: Value) -> str:
    """Return what a value of an axis means."""
    if path == TURNOVER:
        return f"{rate_words(float(value))} ({stay(float(value))})"
    if path in (LEAVES, SUCCESSION):
        return leaving(float(value)) if path == LEAVES else following(float(value))
    if path == RULE and float(value) == 0.0:
        return "0 (no such rule)"
    return value_text(value)
