"""A study of parts as the page reads it: the values of each part, and the runs at any of its points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mhsim.report.formatting import trimmed
from mhsim.scenario import Value
from mhsim.stats import Numbers
from mhsim.studies.data import StudyData

STEPPING = "serve.turnover_per_year"
LEAVING = "serve.departures_per_year"
PLAN = "prepare.successors"
STAY_LOST = "changes[0].count"
GONE_LOST = "changes[1].count"
HELPERS = "start.helpers"
MEMBERS = "start.members"
ASKED = (STEPPING, LEAVING, PLAN, STAY_LOST, GONE_LOST)
"""Paths that the study asks about; what else a part of robustness varies is what is only assumed."""
NOBODY_LEAVES: dict[str, Value] = {STEPPING: 0.0, LEAVING: 0.0}
NEEDED = ("alive_at_end", "weeks_to_closure", "closed")
ROBUST = "robust_"
"""How the names of those parts begin that try what is only assumed."""

Where = Mapping[str, Value]
"""Paths and values in which a point differs from the scenario as it is."""


def about_helpers(data: StudyData) -> bool:
    """Return whether a study has the parts about helpers stepping down and leaving."""
    parts = data.study.get("parts") or {}
    both = all({STEPPING, LEAVING, PLAN} <= set(parts.get(name) or {}) for name in ("stepping_down", "leaving"))
    return data.study.get("design") == "parts" and both and data.has(*NEEDED)


def same(one: object, other: object) -> bool:
    """Return whether two values are the same, numbers up to rounding."""
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(float(one) - float(other)) <= 1e-9 * max(1.0, abs(float(one)))
    return bool(one == other)


@dataclass(frozen=True)
class Parts:
    """The parts of a study and its runs; whatever a point is not asked for stands as in the scenario."""

    data: StudyData

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all parts."""
        return tuple(self.data.study["parts"])

    @cached_property
    def usual(self) -> dict[str, Value]:
        """What the scenario itself has at all paths that vary: point 0."""
        return dict(self.data.points[0])

    def levels(self, name: str, path: str) -> tuple[Value, ...]:
        """Return the values of a path in a part; none if the study has no such part, or the part no such path."""
        found = self.data.study["parts"].get(name, {}).get(path, ())
        return tuple(found)

    @cached_property
    def plan(self) -> int:
        """How many members are kept prepared where there is a plan."""
        return int(max(self.levels("stepping_down", PLAN)))

    @cached_property
    def _numbers(self) -> dict[tuple[Value, ...], int]:
        return {tuple(map(_rounded, point.values())): number for number, point in enumerate(self.data.points)}

    def at(self, where: Where) -> int | None:
        """Return the number of the point with these values and otherwise those of the scenario; None if not run."""
        if any(path not in self.usual and not same(self._assumed(path), value) for path, value in where.items()):
            return None
        wanted = {**self.usual, **{path: value for path, value in where.items() if path in self.usual}}
        return self._numbers.get(tuple(map(_rounded, wanted.values())))

    def _assumed(self, path: str) -> Value | None:
        found: Value | None = self.data.assumed(path)
        return found

    def values(self, measure: str, where: Where) -> Numbers:
        """Return a measure at a point, shape (replicates,); NaN where there is no run."""
        number = self.at(where)
        if number is None:
            return np.full(self.data.shape[1], np.nan)
        row: Numbers = self.data.numbers(measure)[number]
        return row

    def rows(self, measure: str, wheres: list[Where]) -> Numbers:
        """Return a measure at several points, shape (points, replicates)."""
        return np.stack([self.values(measure, where) for where in wheres])


@dataclass(frozen=True)
class WayOfGoing:
    """One way of going: the part, the path of its rate, how it is called, and the measure that counts who went."""

    name: str
    path: str
    words: str
    counted: str

    def rates(self, parts: Parts) -> list[float]:
        """Return the rates tried."""
        return [float(rate) for rate in parts.levels(self.name, self.path)]

    def where(self, rate: float, plan: int) -> Where:
        """Return where the runs of a rate are."""
        other = LEAVING if self.path == STEPPING else STEPPING
        return {self.path: rate, other: 0.0, PLAN: plan}

    def label(self, rate: float) -> str:
        """Return a rate as a table has it."""
        return f"{trimmed(100 * rate, 1)}\u00a0% of helpers" if self.path == STEPPING else f"{trimmed(rate, 1)} persons"


WAYS = (
    WayOfGoing("stepping_down", STEPPING, "stepping down, and staying as members", "stepped_down"),
    WayOfGoing("leaving", LEAVING, "leaving the group", "exits_left_with_role"),
)


def _rounded(value: Value) -> Value:
    return value if isinstance(value, (str, bool)) else float(f"{float(value):.9g}")
