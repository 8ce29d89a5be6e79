"""The study of the coming and going of helpers: its parts, the runs at any of its points, and the differences claimed.

Each difference is one of survival between two points, but for those at the same number of persons who go, which is read
off along a part, and the losses after a first, which are a difference in themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from mhsim import stats
from mhsim.core.params import WEEKS_PER_YEAR
from mhsim.scenario import Value
from mhsim.stats import Estimate, Numbers
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
MEASURE = "alive_at_end"
CASCADE = "losses_after_first_beyond_expected"
ROBUST = "robust_"
"""How the names of those parts begin that try what is only assumed."""

Where = Mapping[str, Value]
"""Paths and values in which a point differs from the scenario as it is."""


def is_about_helpers(parts: Mapping[str, Mapping[str, object]]) -> bool:
    """Return whether parts of a study are those about helpers stepping down and leaving."""
    return all({STEPPING, LEAVING, PLAN} <= set(parts.get(name) or {}) for name in ("stepping_down", "leaving"))


def about_helpers(data: StudyData) -> bool:
    """Return whether a study has the parts about helpers stepping down and leaving, and what its page needs."""
    parts = data.study.get("parts") or {}
    return data.study.get("design") == "parts" and is_about_helpers(parts) and data.has(*NEEDED)


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
    def drawn(self) -> tuple[Parts, ...]:
        """The same parts with the values of each draw of what is not known; none without draws."""
        return tuple(Parts(part) for part in self.data.drawn)

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


WAYS = (
    WayOfGoing("stepping_down", STEPPING, "stepping down, and staying as members", "stepped_down"),
    WayOfGoing("leaving", LEAVING, "leaving the group", "exits_left_with_role"),
)


Found = Callable[[Parts, Where], Estimate]
"""Works out a difference with other values in the place of the assumed ones."""


def contrasts(parts: Parts) -> dict[str, Found]:
    """Return what the page claims, by name: at 100 % a year of stepping down, and the same rate in persons leaving."""
    rate, persons = middle(parts)
    stepping, leaving = WAYS
    stay, go = stepping.where(rate, 0), leaving.where(persons, 0)
    none: Where = {**NOBODY_LEAVES, PLAN: 0}
    with_plan: Where = {PLAN: parts.plan}
    found: dict[str, Found] = {
        "stepping_down": partial(pair, there=stay, without=none),
        "leaving": partial(pair, there=go, without=none),
        "leaving_more": partial(pair, there=go, without=stay),
        "preparing_stepping": partial(pair, there={**stay, **with_plan}, without=stay),
        "preparing_stepping_persons": partial(same_persons, way=stepping, rate=rate),
        "preparing_leaving": partial(pair, there={**go, **with_plan}, without=go),
        "preparing_leaving_persons": partial(same_persons, way=leaving, rate=persons),
    }
    if 2 in parts.levels("loss_leaving", GONE_LOST):
        found["loss"] = partial(pair, there={GONE_LOST: 2, PLAN: 0}, without={GONE_LOST: 0, PLAN: 0})
    if parts.data.has(CASCADE):
        found["cascade"] = partial(level, where={PLAN: 0}, measure=CASCADE)
    return found


def middle(parts: Parts) -> tuple[float, float]:
    """Return the rate of stepping down nearest to 100 % a year, and the rate of leaving that stands at its place."""
    rates, persons = (way.rates(parts) for way in WAYS)
    place = min(range(len(rates)), key=lambda k: abs(rates[k] - 1.0))
    return rates[place], persons[min(place, len(persons) - 1)]


def pair(parts: Parts, other: Where, there: Where, without: Where) -> Estimate:
    """Return the paired difference of survival between two points."""

    def difference(part: Parts) -> Numbers:
        one, less = (part.values(MEASURE, {**where, **other}) for where in (there, without))
        return one - less

    found = stats.paired_difference(difference(parts), yes_no=True)
    return stats.over_draws([found], [[difference(part)] for part in parts.drawn])[0]


def level(parts: Parts, other: Where, where: Where, measure: str) -> Estimate:
    """Return a measure that is a difference in itself, at one point."""
    place = {**where, **other}
    found = stats.paired_difference(parts.values(measure, place))
    return stats.over_draws([found], [[part.values(measure, place)] for part in parts.drawn])[0]


def same_persons(parts: Parts, other: Where, way: WayOfGoing, rate: float) -> Estimate:
    """Return what preparing does to survival at the same number of persons who go in a year that a group is open.

    Where others are prepared there is more often a helper who can go, so at one rate more persons go. Survival with a
    plan is read off between the rates tried, in a straight line, where as many go as do without a plan at this rate.
    """
    drawn = [_at_same_persons(part, other, way, rate)[0] for part in parts.drawn]
    read, cases = _at_same_persons(parts, other, way, rate)
    known = stats.spread_of_resamples(np.array(drawn)) if drawn else None
    return replace(stats.resampled(read, cases), knowledge=known)


def _at_same_persons(parts: Parts, other: Where, way: WayOfGoing, rate: float) -> tuple[Numbers, int]:
    """Return that difference in all replicates, then in every resample, and how many pairs stand behind it."""
    here: Where = {**way.where(rate, 0), **other}
    planned: list[Where] = [{**way.where(each, parts.plan), **other} for each in way.rates(parts)]
    planned = [where for where in planned if parts.at(where) is not None]
    went, alive = persons_resampled(parts, way, [here]), stats.resampled_means(parts.rows(MEASURE, [here]))
    along, level = persons_resampled(parts, way, planned), stats.resampled_means(parts.rows(MEASURE, planned))
    order = np.argsort(along, axis=1)
    along, level = np.take_along_axis(along, order, axis=1), np.take_along_axis(level, order, axis=1)
    read = np.array([np.interp(w[0], x, y) for w, x, y in zip(went, along, level, strict=True)])
    cases = int((~np.isnan(parts.rows(MEASURE, [here, *planned]))).all(axis=0).sum())
    return read - alive[:, 0], cases


def persons_resampled(parts: Parts, way: WayOfGoing, wheres: list[Where]) -> Numbers:
    """Return persons who go in a year that the group is open: of all replicates, and resampled, by point."""
    went = stats.resampled_means(parts.rows(way.counted, wheres))
    years = stats.resampled_means(parts.rows("weeks_to_closure", wheres)) / WEEKS_PER_YEAR
    found: Numbers = went / years
    return found


def _rounded(value: Value) -> Value:
    return value if isinstance(value, (str, bool)) else float(f"{float(value):.9g}")
