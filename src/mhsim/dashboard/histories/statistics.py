"""What many histories say of groups and people; and of two situations, how they differ pair by pair.

The same replicate has the same luck in both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mhsim.dashboard.histories.outcome import Failure, Outcome
from mhsim.report.intervals import NOTHING, Estimate, paired, wilson
from mhsim.stats import mean

Numbers = NDArray[np.float64]
Outcomes = Sequence[Outcome | Failure]
QUARTER = 13.0
"""Weeks between two points of a curve."""


@dataclass(frozen=True)
class Measure:
    """Something asked of a history: its name, words for a reader, unit in words, scale and decimals."""

    name: str
    words: str
    unit: str
    scale: float = 100.0
    digits: int = 0
    most: float | None = 1.0


MEASURES = (
    Measure("came", "came to a group within a year of falling into need", "of 100 people in need", digits=1),
    Measure("accommodated_at_52", "have found a way to live with it after a year", "of 100 people in need", digits=1),
    Measure("hope_at_52", "hope after a year, on average", "0 none, 100 full", digits=1),
    Measure("distress_at_52", "distress after a year, on average", "0 none, 100 worst", digits=1),
    Measure("unmet", "asked for help and found nobody free", "of 100 requests", digits=1),
    Measure("burnouts", "helpers burnt out", "in one history", 1.0, 2, None),
    Measure("burnt_out_left", "people left the group burnt out", "in one history", 1.0, 2, None),
    Measure("helpers_made", "people became helpers", "in one history", 1.0, 1, None),
    Measure("helpers_at_end", "helpers at the end, 0 where the group has closed", "in one history", 1.0, 1, None),
    Measure("members_at_end", "members at the end, 0 where the group has closed", "in one history", 1.0, 1, None),
)
"""What is told of people; people in need are all who came into need, whether or not they ever came to the group."""


@dataclass(frozen=True)
class Alive:
    """How many of 100 groups are alive at each time, with the interval; times in weeks."""

    weeks: list[float]
    share: list[float]
    low: list[float]
    high: list[float]


@dataclass(frozen=True)
class Fates:
    """In how many pairs the focal group lived to the end: in both situations, in one of them only, in neither."""

    both: int
    first_only: int
    second_only: int
    neither: int

    @property
    def cases(self) -> int:
        """Of how many histories."""
        return self.both + self.first_only + self.second_only + self.neither


@dataclass(frozen=True)
class Told:
    """One measure of people: its mean in each situation with its interval, and the paired difference."""

    measure: Measure
    means: tuple[Estimate, ...]
    difference: Estimate = NOTHING


def lived(outcomes: Outcomes) -> list[Outcome]:
    """Return those that did not fail."""
    return [outcome for outcome in outcomes if isinstance(outcome, Outcome)]


def alive_at_end(outcomes: Outcomes) -> Estimate:
    """Return the share of groups alive at the end; histories without any group are left out."""
    flags = [outcome.alive_at_end for outcome in lived(outcomes) if outcome.alive_at_end is not None]
    return wilson(sum(flags), len(flags))


def alive_by_time(outcomes: Outcomes, weeks: float) -> Alive:
    """Return how many of 100 groups are alive at the end of each quarter of a year.

    All histories have the same length, so this is plain counting, and the Kaplan-Meier curve. Bands are Wilson's.
    """
    groups = [outcome for outcome in lived(outcomes) if outcome.alive_at_end is not None]
    closed_at = np.array([np.inf if one.alive_at_end else float(one.weeks_to_closure or 0.0) for one in groups])
    times = [float(week) for week in np.arange(0.0, weeks, QUARTER)] + [float(weeks)]
    found = [wilson(int((closed_at > week).sum()), len(groups)) for week in times]
    return Alive(times, *([100.0 * getattr(one, edge) for one in found] for edge in ("value", "low", "high")))


def reasons(outcomes: Outcomes) -> Counter[str]:
    """Return how many groups closed for each reason; those alive are not counted."""
    return Counter(one.closure_reasons for one in lived(outcomes) if one.alive_at_end is False and one.closure_reasons)


def half_closed(outcomes: Outcomes) -> float | None:
    """Return the week by which half of the groups have closed; None if fewer than half have."""
    groups = [one for one in lived(outcomes) if one.alive_at_end is not None]
    closed = sorted(float(one.weeks_to_closure or 0.0) for one in groups if not one.alive_at_end)
    half = (len(groups) + 1) // 2
    return closed[half - 1] if groups and len(closed) >= half else None


def value_of(outcome: Outcome | Failure, name: str) -> float:
    """Return one measure of one history; NaN where there is no case."""
    if isinstance(outcome, Failure):
        return np.nan
    if name == "came":
        return outcome.seen_at_52_joiners / outcome.seen_at_52 if outcome.seen_at_52 else np.nan
    if name == "unmet":
        return np.nan if outcome.requests_met is None else 1.0 - outcome.requests_met
    value = getattr(outcome, {"burnt_out_left": "exits_burnt_out"}.get(name, name))
    return np.nan if value is None else float(value)


def people(first: Outcomes, second: Outcomes | None = None) -> list[Told]:
    """Return how people fared: means with intervals, and of two situations the differences, second less first."""
    arms = [first] if second is None else [first, second]
    cases = min(len(outcomes) for outcomes in arms)
    tables = [
        np.array([[value_of(one, measure.name) for one in outcomes[:cases]] for measure in MEASURES])
        for outcomes in arms
    ]
    if not cases:
        return [Told(measure, tuple(NOTHING for _ in arms)) for measure in MEASURES]
    means = [[mean(row) for row in table] for table in tables]
    changes = [NOTHING for _ in MEASURES] if second is None else paired(tables[1] - tables[0])
    return [Told(measure, tuple(arm[k] for arm in means), changes[k]) for k, measure in enumerate(MEASURES)]


def fates(first: Outcomes, second: Outcomes) -> Fates:
    """Return in how many pairs the group lived in both situations, in one of them only, in neither."""
    counts = Counter((one, other) for one, other in _pairs(first, second))
    return Fates(counts[True, True], counts[True, False], counts[False, True], counts[False, False])


def difference_in_alive(first: Outcomes, second: Outcomes) -> Estimate:
    """Return the difference in the share of groups alive at the end, second less first, paired, with its interval."""
    changes = np.array([float(other) - float(one) for one, other in _pairs(first, second)])
    return paired(changes[None, :], most=1.0)[0] if len(changes) else NOTHING


def _pairs(first: Outcomes, second: Outcomes) -> list[tuple[bool, bool]]:
    found = []
    for one, other in zip(first, second, strict=False):
        if isinstance(one, Failure) or isinstance(other, Failure):
            continue
        if one.alive_at_end is not None and other.alive_at_end is not None:
            found.append((bool(one.alive_at_end), bool(other.alive_at_end)))
    return found
