"""Contrasts: directions that studies found, as differences between kinds of people, or between worlds in pairs.

A contrast *between people* is what a survey sees: it holds selection as well as effect. A contrast *between worlds*
compares the same people under the same chance events with one value changed: an effect. Each says which it is.
Differences of outcomes are in standard deviations (d); positive means that the first named has more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mhsim.evidence.observables import effect_rows, joined_later, observable
from mhsim.evidence.sample import Lives, Numbers, ReplicateSample, pooled
from mhsim.stats import Estimate
from mhsim.stats.intervals import paired_difference

Values = dict[str, Any]
Who = Callable[[Lives], tuple[np.ndarray, np.ndarray, np.ndarray]]
HELP_DOES_NOTHING: Values = {f"help.{gain}": 0.0 for gain in ("comfort", "naming", "teaching", "encourage", "coaching")}
"""One-to-one help that leaves the one helped as before."""
HELPING_DOES_NOTHING: Values = {"help.benefit_to_helper": 0.0}


# --- between people --------------------------------------------------------------------------------------------------


def _outcome(lives: Lives, outcome: str, week: int) -> np.ndarray:
    """Return an outcome weeks after arrival; recovery is the mean of hope and self-efficacy."""
    names = ("hope", "efficacy") if outcome == "recovery" else (outcome,)
    values: np.ndarray = np.mean([lives[f"{name}_at_{week}"] for name in names], axis=0)
    return values


def _stay(lives: Lives) -> np.ndarray:
    """Return weeks from the first visit to the first exit; endless for those who never left."""
    stay: np.ndarray = np.nan_to_num(lives["first_left_week"] - lives["joined_week"], nan=np.inf)
    return stay


def _between(sample: ReplicateSample, of: Who) -> Estimate:
    """Return Cohen's d of values between two kinds of people; `of` gives values, who is first, who is second."""
    rows = np.zeros((sample.replicates, 6))
    for row, lives in zip(rows, sample.lives, strict=True):
        values, first, second = of(lives)
        known = ~np.isnan(values)
        row[:] = [f(values[who & known]) for who in (first, second) for f in (len, np.sum, lambda v: (v * v).sum())]

    def d(s: np.ndarray) -> Any:
        spread = (s[2] - s[1] ** 2 / s[0] + s[5] - s[4] ** 2 / s[3]) / (s[0] + s[3])
        return (s[1] / s[0] - s[4] / s[3]) / np.sqrt(spread)

    return pooled(rows, d)


def _followed(sample: ReplicateSample, lives: Lives, weeks: float) -> np.ndarray:
    who: np.ndarray = joined_later(lives) & (lives["joined_week"] <= sample.weeks - weeks)
    return who


@observable("a trait of newcomers who left within so many weeks, less that of those who stayed, in s.d.", "d")
def leavers_less_stayers(sample: ReplicateSample, trait: str, week: float) -> Estimate:
    """Return Cohen's d of a trait fixed at arrival; between people (N07, N08)."""

    def of(lives: Lives) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        who, stays = _followed(sample, lives, week), _stay(lives) >= week
        return lives[trait], who & ~stays, who & stays

    return _between(sample, of)


@observable("unlikeness to those met, of newcomers who left within so many weeks, less that of those who stayed", "d")
def unlikeness_of_leavers(sample: ReplicateSample, week: float) -> Estimate:
    """Return Cohen's d of the distance to the middle of those who were there at one's first visit (V12)."""

    def of(lives: Lives) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        unlike = unlikeness(lives)
        who = _followed(sample, lives, week) & ~np.isnan(unlike)
        stays = _stay(lives) >= week
        return unlike, who & ~stays, who & stays

    return _between(sample, of)


def unlikeness(lives: Lives) -> np.ndarray:
    """Return how far each stood from the mean profile of others of the group in the week of the first visit.

    NaN for who never came, or met nobody. The group is that of the end, or the last; members of a group are those
    whose first stay holds that week.
    """
    group = np.where(lives["group"] >= 0, lives["group"], lives["last_group"])
    found = np.full(len(group), np.nan)
    for each in np.unique(group[joined_later(lives)]):
        here = np.flatnonzero((group == each) & ~np.isnan(lives["joined_week"]))
        begun, end = lives["joined_week"][here], lives["joined_week"][here] + _stay(lives)[here]
        there = (begun[None, :] < begun[:, None]) & (begun[:, None] < end[None, :])
        count = there.sum(axis=1)
        with np.errstate(invalid="ignore"):
            away = [lives[axis][here] - there @ lives[axis][here] / count for axis in ("profile_x", "profile_y")]
        found[here] = np.where(count > 0, np.hypot(*away), np.nan)
    return found


@observable("a trait of newcomers who became helpers, less that of others who stayed as long, in s.d.", "d")
def helpers_less_others(sample: ReplicateSample, trait: str, stayed: float = 26.0) -> Estimate:
    """Return Cohen's d of a trait fixed at arrival, among those who stayed so many weeks; between people (V30)."""

    def of(lives: Lives) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        who = _followed(sample, lives, 104.0) & (_stay(lives) >= stayed)
        helps = ~np.isnan(lives["helper_week"])
        return lives[trait], who & helps, who & ~helps

    return _between(sample, of)


@observable("an outcome of newcomers who stayed so many weeks, less that of those who left sooner, in s.d.", "d")
def outcome_by_stay(sample: ReplicateSample, outcome: str, week: int, stayed: float) -> Estimate:
    """Return Cohen's d of an outcome, weeks after arrival; between people (V11, N10)."""

    def of(lives: Lives) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        early = joined_later(lives) & (lives["joined_week"] - lives["arrived_week"] <= week - stayed)
        stays = _stay(lives) >= stayed
        return _outcome(lives, outcome, week), early & stays, early & ~stays

    return _between(sample, of)


@observable("an outcome of members with a sponsor by then, less that of members without, in s.d.", "d")
def outcome_by_sponsor(sample: ReplicateSample, outcome: str, week: int) -> Estimate:
    """Return Cohen's d of an outcome of those who are members so many weeks after arrival; between people (V11)."""

    def of(lives: Lives) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        member = joined_later(lives) & (lives[f"membership_at_{week}"] == "member")
        sponsored = lives["sponsored_week"] <= lives["arrived_week"] + week
        return _outcome(lives, outcome, week), member & sponsored, member & ~sponsored

    return _between(sample, of)


@observable("newcomers who stay a year: of those with a sponsor in the first weeks, less of those without", "points")
def staying_by_sponsor(sample: ReplicateSample, within: float = 13.0) -> Estimate:
    """Return a difference of shares among those who stayed at least these first weeks; between people (V33)."""
    rows = np.zeros((sample.replicates, 4))
    for row, lives in zip(rows, sample.lives, strict=True):
        stay = _stay(lives)
        who = _followed(sample, lives, 52.0) & (stay >= within)
        sponsored = who & (lives["sponsored_week"] - lives["joined_week"] <= within)
        row[:] = [f.sum() for one in (sponsored, who & ~sponsored) for f in (one, one & (stay >= 52.0))]
    return pooled(rows, lambda s: s[1] / s[0] - s[3] / s[2])


@observable("requests left unanswered: share of those who left within a year less share of those who stayed", "points")
def unmet_of_leavers_less_stayers(sample: ReplicateSample) -> Estimate:
    """Return a difference of shares of all requests of newcomers, by staying a year; between people (V73)."""
    rows = np.zeros((sample.replicates, 4))
    for row, lives in zip(rows, sample.lives, strict=True):
        who, stays = _followed(sample, lives, 52.0), _stay(lives) >= 52.0
        asked = lives["unmet_requests"] + lives["help_received"]
        row[:] = [x[k].sum() for k in (who & ~stays, who & stays) for x in (asked, lives["unmet_requests"])]
    return pooled(rows, lambda s: s[1] / s[0] - s[3] / s[2])


@observable("strain of helpers in groups with so many helpers, less that of helpers in groups with fewer, in s.d.", "d")
def strain_by_sharing(sample: ReplicateSample, helpers: int = 3) -> Estimate:
    """Return Cohen's d of the strain of those who are helpers at the end; between people (V47, V48)."""

    def of(lives: Lives) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        helps = (lives["role"] == "helper") & (lives["membership"] == "member")
        group = np.where(helps, lives["group"], -1.0)
        others = np.unique(group, return_inverse=True, return_counts=True)
        many = others[2][others[1]] >= helpers
        return lives["strain"], helps & many, helps & ~many

    return _between(sample, of)


@observable("exits from groups for these reasons, of all exits")
def exits_by_reason(sample: ReplicateSample, reasons: Sequence[str]) -> Estimate:
    """Return a share of all exits after the opening, replicates together (V14, V75)."""
    from mhsim.schema import EXITS

    exits = {name: sample.measure(f"exits_{name}") for name in EXITS}
    rows = np.column_stack([sum(exits[name] for name in reasons), sum(exits.values())])
    return pooled(rows, lambda s: s[0] / s[1])


@observable("closed groups that closed for one of these reasons")
def closings_by_reason(sample: ReplicateSample, reasons: Sequence[str]) -> Estimate:
    """Return a share of groups that closed, replicates together (V64)."""
    rows = np.zeros((sample.replicates, 2))
    for row, groups in zip(rows, sample.groups, strict=True):
        why = groups["reason"][groups["status"] == "closed"]
        row[:] = (len(why), np.isin(why.astype(str), list(reasons)).sum())
    return pooled(rows, lambda s: s[1] / s[0])


@observable("skewness of the sizes of groups open at the end", "skewness")
def group_size_skewness(sample: ReplicateSample) -> Estimate:
    """Return the third standardised moment of rolls, all replicates together (V26)."""
    rows = np.zeros((sample.replicates, 4))
    for row, groups in zip(rows, sample.groups, strict=True):
        roll = groups["roll"][groups["status"] != "closed"]
        row[:] = [(roll**k).sum() for k in range(4)]

    def skewness(s: np.ndarray) -> Any:
        m1, m2, m3 = s[1] / s[0], s[2] / s[0], s[3] / s[0]
        return (m3 - 3.0 * m1 * m2 + 2.0 * m1**3) / np.sqrt(m2 - m1**2) ** 3

    return pooled(rows, skewness)


# --- between worlds --------------------------------------------------------------------------------------------------


@observable("a measure with other values, less the same in the form (or with the values it is held against)", "as it")
def measure_change(sample: ReplicateSample, name: str, values: Values, against: Values | None = None) -> Estimate:
    """Return the mean difference of pairs of runs of one measure of `mhsim.outcomes`; between worlds."""
    second = sample.under(against) if against else sample
    return paired_difference(sample.under(values).measure(name) - second.measure(name))


def _strain(sample: ReplicateSample) -> Numbers:
    """Return helpers at the end and the sum of their strain, shape (replicates, 2)."""
    rows = np.zeros((sample.replicates, 2))
    for row, lives in zip(rows, sample.lives, strict=True):
        helps = (lives["role"] == "helper") & (lives["membership"] == "member")
        row[:] = (helps.sum(), lives["strain"][helps].sum())
    return rows


@observable("strain of helpers with other values, less that in the form", "0-1")
def strain_change(sample: ReplicateSample, values: Values) -> Estimate:
    """Return the difference of the mean strain of those who are helpers at the end; between worlds (V47 to V49)."""
    rows = np.hstack([_strain(sample.under(values)), _strain(sample)])
    return pooled(rows, lambda s: s[1] / s[0] - s[3] / s[2])


def _d(s: np.ndarray) -> Any:
    """Return Cohen's d from cases, sum of differences, sum and sum of squares of the second."""
    return (s[1] / s[0]) / np.sqrt(s[3] / s[0] - (s[2] / s[0]) ** 2)


@observable("what helping does for helpers' self-efficacy less what help does for that of those helped, in s.d.", "d")
def helping_less_being_helped(sample: ReplicateSample, week: int) -> Estimate:
    """Return the difference of two effects, so many weeks after arrival; between worlds (V31, V38).

    That on helpers: with and without all benefit of helping. That on those helped: with and without what help does.
    """
    helpers = effect_rows(sample, sample.under(HELPING_DOES_NOTHING), ("efficacy",), week, "helpers")
    helped = effect_rows(sample, sample.under(HELP_DOES_NOTHING), ("efficacy",), week, "helped")
    return pooled(np.hstack([helpers, helped]), lambda s: _d(s[:4]) - _d(s[4:]))


@observable("what help does for self-efficacy in half a year less what it adds in the second year, in s.d.", "d")
def help_early_less_late(sample: ReplicateSample) -> Estimate:
    """Return the effect at 26 weeks less the growth of the effect from 52 to 104; between worlds (V32)."""
    other = sample.under(HELP_DOES_NOTHING)
    rows = np.hstack([effect_rows(sample, other, ("efficacy",), week, "helped") for week in (26, 52, 104)])
    return pooled(rows, lambda s: _d(s[:4]) - (_d(s[8:]) - _d(s[4:8])))


@observable("effect of groups on those who join, with other values, less that in the form, in s.d.", "d")
def effect_change(sample: ReplicateSample, outcome: str, week: int, values: Values) -> Estimate:
    """Return the difference of two effects of groups, each against a world without them; between worlds (V89)."""
    columns = ("hope", "efficacy") if outcome == "recovery" else (outcome,)
    other = sample.under(values)
    rows = np.hstack([effect_rows(one, one.without, columns, week, "joiners") for one in (other, sample)])
    return pooled(rows, lambda s: _d(s[:4]) - _d(s[4:]))
