"""What many histories say of groups and people; and of two situations, how they differ pair by pair.

The same replicate has the same chance events in both. Intervals and verdicts are those of `mhsim.stats`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mhsim.dashboard.histories.cache import Failure, Outcome
from mhsim.stats import UNKNOWN, Estimate, Numbers, mean, paired_difference, paired_differences, proportion

Outcomes = Sequence[Outcome | Failure]
QUARTER = 13.0
"""Weeks between two points of a curve."""


@dataclass(frozen=True)
class PeopleOutcome:
    """Something asked of the people of a history: name, words for a reader, unit in words, scale and decimals."""

    name: str
    words: str
    unit: str
    scale: float = 100.0
    digits: int = 0


MEASURES = (
    PeopleOutcome("came", "came to a group within a year of needing help", "of 100 people in need", digits=1),
    PeopleOutcome("accommodated_at_52", "found a way to live with it within a year", "of 100 people in need", digits=1),
    PeopleOutcome("hope_at_52", "hope after a year, on average", "0 none, 100 full", digits=1),
    PeopleOutcome("distress_at_52", "distress after a year, on average", "0 none, 100 worst", digits=1),
    PeopleOutcome("unmet", "asked for help and found nobody free", "of 100 requests", digits=1),
    PeopleOutcome("burnouts", "helpers burnt out", "per run", 1.0, 2),
    PeopleOutcome("burnt_out_left", "people left the group burnt out", "per run", 1.0, 2),
    PeopleOutcome("helpers_made", "people became helpers", "per run", 1.0, 1),
    PeopleOutcome("helpers_at_end", "helpers at the end, 0 where the group has closed", "per run", 1.0, 1),
    PeopleOutcome("members_at_end", "members at the end, 0 where the group has closed", "per run", 1.0, 1),
)
"""Measures of people; people in need are all who came to need help, whether or not they ever came to the group."""


@dataclass(frozen=True)
class SurvivalBand:
    """How many of 100 groups are still meeting at each time, with the interval; times in weeks."""

    weeks: list[float]
    share: list[float]
    low: list[float]
    high: list[float]


@dataclass(frozen=True)
class PairCounts:
    """In how many pairs the focal group was open at the end: in both situations, in one of them only, in neither."""

    both: int
    first_only: int
    second_only: int
    neither: int

    @property
    def cases(self) -> int:
        """Of how many pairs."""
        return self.both + self.first_only + self.second_only + self.neither


@dataclass(frozen=True)
class Comparison:
    """One measure of people: its mean in each situation with its interval, and the paired difference."""

    measure: PeopleOutcome
    means: tuple[Estimate, ...]
    difference: Estimate = UNKNOWN


def completed(outcomes: Outcomes) -> list[Outcome]:
    """Return the outcomes of histories that did not fail."""
    return [outcome for outcome in outcomes if isinstance(outcome, Outcome)]


def alive_at_end(outcomes: Outcomes) -> Estimate:
    """Return the share of groups alive at the end; histories without any group are left out."""
    flags = [outcome.alive_at_end for outcome in completed(outcomes) if outcome.alive_at_end is not None]
    return proportion(sum(flags), len(flags))


def alive_by_time(outcomes: Outcomes, weeks: float) -> SurvivalBand:
    """Return how many of 100 groups are alive at the end of each quarter of a year."""
    groups = [outcome for outcome in completed(outcomes) if outcome.alive_at_end is not None]
    closed_at = [np.inf if one.alive_at_end else float(one.weeks_to_closure or 0.0) for one in groups]
    return survival_band(np.array(closed_at), weeks)


def survival_band(closed_at: Numbers, weeks: float) -> SurvivalBand:
    """Return how many of 100 groups are open at the end of each quarter; `closed_at` in weeks, infinite if open.

    All histories have the same length, so this is plain counting, and the Kaplan-Meier curve.
    """
    times = [float(week) for week in np.arange(0.0, weeks, QUARTER)] + [float(weeks)]
    shares = [proportion(int((closed_at > week).sum()), len(closed_at)) for week in times]
    return SurvivalBand(times, *([100.0 * getattr(one, edge) for one in shares] for edge in ("value", "low", "high")))


def reasons(outcomes: Outcomes) -> Counter[str]:
    """Return how many groups closed for each reason; those alive are not counted."""
    closed = (one for one in completed(outcomes) if one.alive_at_end is False)
    return Counter(one.closure_reasons for one in closed if one.closure_reasons)


def half_closed(outcomes: Outcomes) -> float | None:
    """Return the week by which half of the groups have closed; None if fewer than half have."""
    groups = [one for one in completed(outcomes) if one.alive_at_end is not None]
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


def people(first: Outcomes, second: Outcomes) -> list[Comparison]:
    """Return how people fared in two situations: means with intervals, and the differences, second less first."""
    cases = min(len(first), len(second))
    if not cases:
        return [Comparison(measure, (UNKNOWN, UNKNOWN)) for measure in MEASURES]
    one, other = (
        np.array([[value_of(outcome, measure.name) for outcome in outcomes[:cases]] for measure in MEASURES])
        for outcomes in (first, second)
    )
    changes = paired_differences(other - one)
    return [Comparison(measure, (mean(one[k]), mean(other[k])), changes[k]) for k, measure in enumerate(MEASURES)]


def pair_counts(first: Outcomes, second: Outcomes) -> PairCounts:
    """Return in how many pairs the group was open at the end in both situations, in one only, in neither."""
    counts = Counter(_pairs(first, second))
    return PairCounts(counts[True, True], counts[True, False], counts[False, True], counts[False, False])


def difference_in_alive(first: Outcomes, second: Outcomes) -> Estimate:
    """Return the difference in the share of groups alive at the end, second less first, paired, with its interval."""
    changes = np.array([float(other) - float(one) for one, other in _pairs(first, second)])
    return paired_difference(changes, yes_no=True) if len(changes) else UNKNOWN


def _pairs(first: Outcomes, second: Outcomes) -> list[tuple[bool, bool]]:
    both = [(one, other) for one, other in zip(first, second, strict=False)]
    alive = [
        (one.alive_at_end, other.alive_at_end)
        for one, other in both
        if isinstance(one, Outcome) and isinstance(other, Outcome)
    ]
    return [(bool(one), bool(other)) for one, other in alive if one is not None and other is not None]
