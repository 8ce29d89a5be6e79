"""Observables: what published studies measured, worked out from replicates in the way the study did.

Each is a function of a `ReplicateSample` (and, where it says so, of a week, a month or a name) that returns an
estimate with a 95 % interval: by resampling replicates where it is a ratio of sums, by the formula of `mhsim.stats`
where it is a mean. A stay is the first one, from the first visit to the first exit, whatever its reason; who came
back later counts once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from mhsim.evidence.sample import Lives, Numbers, ReplicateSample, pooled
from mhsim.stats import Estimate, kaplan_meier, mean, median_time

WEEKS_PER_MONTH, WEEKS_PER_YEAR, MONTHS = 52.0 / 12.0, 52.0, 12


class Observable(NamedTuple):
    """One observable: its name, what it is, its unit and how it is worked out."""

    name: str
    meaning: str
    unit: str
    of: Callable[..., Estimate]


OBSERVABLES: dict[str, Observable] = {}


def observable(meaning: str, unit: str = "share") -> Callable[[Callable[..., Estimate]], Callable[..., Estimate]]:
    """Register a function as an observable under its name."""

    def register(function: Callable[..., Estimate]) -> Callable[..., Estimate]:
        OBSERVABLES[function.__name__] = Observable(function.__name__, meaning, unit, function)
        return function

    return register


@observable("mean of a measure of `mhsim.outcomes` over replicates", "as the measure")
def measure(sample: ReplicateSample, name: str) -> Estimate:
    """Return the mean of one measure over replicates; those without a case are left out."""
    values = sample.measure(name)
    return mean(values[~np.isnan(values)])


# --- staying ---------------------------------------------------------------------------------------------------------


def joined_later(lives: Lives) -> np.ndarray:
    """Return who joined after the opening, as yes or no."""
    joined: np.ndarray = (lives["joined_week"] >= 0) & (lives["starter"] != 1.0)
    return joined


def _staying(sample: ReplicateSample, weeks: Numbers) -> Numbers:
    """Return newcomers followed a year, and of these who stayed so many weeks, shape (replicates, 1 + weeks)."""
    rows = np.zeros((sample.replicates, 1 + len(weeks)))
    for row, lives in zip(rows, sample.lives, strict=True):
        who = joined_later(lives) & (lives["joined_week"] <= sample.weeks - weeks[-1])
        stay = np.nan_to_num(lives["first_left_week"][who] - lives["joined_week"][who], nan=np.inf)
        row[0], row[1:] = who.sum(), [(stay >= k).sum() for k in weeks]
    return rows


@observable("months after the first visit at which half of the newcomers have left", "months")
def half_life_of_newcomers(sample: ReplicateSample) -> Estimate:
    """Return when the curve of staying of a cohort, from the first visit, has fallen to half, to the week."""
    weeks = np.arange(1, 53, dtype=float)

    def half(s: np.ndarray) -> np.ndarray:
        curve = s[1:] / s[0]
        below = curve <= 0.5
        first = np.where(below.any(axis=0), below.argmax(axis=0), len(weeks) - 1)
        found: np.ndarray = weeks[first] / WEEKS_PER_MONTH
        return found

    return pooled(_staying(sample, weeks), half)


@observable("monthly hazard of leaving in months 1 to 3 over that in months 6 to 12", "ratio")
def early_over_late_hazard(sample: ReplicateSample) -> Estimate:
    """Return how much steeper the loss is at first, from those who stayed 1, 3, 6 and 12 months."""
    weeks = np.array([1.0, 3.0, 6.0, 12.0]) * WEEKS_PER_MONTH

    def ratio(s: np.ndarray) -> np.ndarray:
        found: np.ndarray = (1.0 - np.sqrt(s[2] / s[1])) / (1.0 - (s[4] / s[3]) ** (1.0 / 6.0))
        return found

    return pooled(_staying(sample, weeks), ratio)


@observable("share of newcomers still on their first stay after so many weeks")
def newcomers_staying(sample: ReplicateSample, week: float) -> Estimate:
    """Return the share of a cohort, from the first visit; leaving for any reason ends it."""
    return pooled(_staying(sample, np.array([float(week)])), lambda s: s[1] / s[0])


@observable("coming again among those somebody turned to at the first visit, less that among others (V71)", "points")
def return_after_contact(sample: ReplicateSample) -> Estimate:
    """Return a difference of shares among first visitors, by contact in the week of the visit."""
    rows = np.zeros((sample.replicates, 4))
    for row, lives in zip(rows, sample.lives, strict=True):
        who = joined_later(lives) & (lives["joined_week"] <= sample.weeks - 8.0)
        met = lives["first_contact_week"][who] == lives["joined_week"][who]
        again = lives["meetings"][who] > 1
        row[:] = (met.sum(), (met & again).sum(), (~met).sum(), (~met & again).sum())
    return pooled(rows, lambda s: s[1] / s[0] - s[3] / s[2])


@observable("first visitors somebody turned to in the week of the visit")
def contacted_at_first_visit(sample: ReplicateSample) -> Estimate:
    """Return a share of those who joined after the opening, but for the last weeks."""
    rows = np.zeros((sample.replicates, 2))
    for row, lives in zip(rows, sample.lives, strict=True):
        who = joined_later(lives) & (lives["joined_week"] <= sample.weeks - 8.0)
        row[:] = (who.sum(), (lives["first_contact_week"][who] == lives["joined_week"][who]).sum())
    return pooled(rows, lambda s: s[1] / s[0])


# --- groups ----------------------------------------------------------------------------------------------------------


@observable("members per open group at the end", "people")
def members_per_group(sample: ReplicateSample) -> Estimate:
    """Return members over open groups, all replicates together."""
    rows = np.column_stack([sample.measure("members_in_world_at_end"), sample.measure("open_groups_at_end")])
    return pooled(rows, lambda s: s[0] / s[1])


@observable("people at a meeting of the groups open at the end, smoothed over some weeks", "people")
def attendance_at_meeting(sample: ReplicateSample) -> Estimate:
    """Return remembered attendance over open groups, all replicates together."""
    rows = np.zeros((sample.replicates, 2))
    for row, groups in zip(rows, sample.groups, strict=True):
        open_ = groups["status"] != "closed"
        row[:] = (groups["attendance"][open_].sum(), open_.sum())
    return pooled(rows, lambda s: s[0] / s[1])


def _ages(sample: ReplicateSample) -> tuple[Numbers, Numbers, np.ndarray]:
    weeks, closed, run = [], [], []
    for k, groups in enumerate(sample.groups):
        end = np.where(groups["status"] == "closed", groups["closed_week"] + 1.0, sample.weeks)
        weeks.append(end - groups["founded_week"])
        closed.append((groups["status"] == "closed").astype(float))
        run.append(np.full(len(end), k))
    return np.concatenate(weeks), np.concatenate(closed), np.concatenate(run)


@observable("age at which half of the groups have closed", "years")
def half_life_of_groups(sample: ReplicateSample) -> Estimate:
    """Return the median of Kaplan and Meier's curve over all groups ever open, replicates as clusters."""
    weeks, closed, run = _ages(sample)
    curve = kaplan_meier(weeks, closed, run)
    found = median_time(curve) if curve is not None else Estimate(np.nan, np.nan, np.nan, 0)
    value, low, high = (end / WEEKS_PER_YEAR for end in (found.value, found.low, found.high))
    return Estimate(value, low, high, found.cases)


def _group_years(sample: ReplicateSample) -> Numbers:
    """Return deaths and group-years under two years and over, and births, shape (replicates, 5)."""
    rows = np.zeros((sample.replicates, 5))
    weeks, closed, run = _ages(sample)
    young = np.minimum(weeks, 2.0 * WEEKS_PER_YEAR)
    for k in range(sample.replicates):
        here = run == k
        dies_young = closed[here] * (weeks[here] <= 2.0 * WEEKS_PER_YEAR)
        rows[k, 0], rows[k, 1] = dies_young.sum(), young[here].sum() / WEEKS_PER_YEAR
        rows[k, 2] = closed[here].sum() - dies_young.sum()
        rows[k, 3] = (weeks[here] - young[here]).sum() / WEEKS_PER_YEAR
        rows[k, 4] = (sample.groups[k]["founded_week"] > 0).sum()
    return rows


@observable("hazard of closing in a group's first two years over that later", "ratio")
def closing_young_over_old(sample: ReplicateSample) -> Estimate:
    """Return closings per group-year under two years of age over those above."""
    return pooled(_group_years(sample), lambda s: (s[0] / s[1]) / (s[2] / s[3]))


@observable("groups that close, a year, of those open")
def deaths_per_group_year(sample: ReplicateSample) -> Estimate:
    """Return closings per group-year."""
    return pooled(_group_years(sample), lambda s: (s[0] + s[2]) / (s[1] + s[3]))


@observable("groups that begin, a year, per open group")
def births_per_group_year(sample: ReplicateSample) -> Estimate:
    """Return splits and foundings after the opening per group-year."""
    return pooled(_group_years(sample), lambda s: s[4] / (s[1] + s[3]))


@observable("of open groups with a helper at the end, those in which somebody who led it at the opening still helps")
def founder_led(sample: ReplicateSample) -> Estimate:
    """Return the share of groups one of whose helpers was a helper when the world opened."""
    rows = np.zeros((sample.replicates, 2))
    for row, lives in zip(rows, sample.lives, strict=True):
        helps = (lives["role"] == "helper") & (lives["membership"] == "member")
        led = np.unique(lives["group"][helps])
        founders = helps & (lives["starter"] == 1.0) & (lives["helper_week"] <= 0)
        by_founder = np.unique(lives["group"][founders])
        row[:] = (len(led), len(by_founder))
    return pooled(rows, lambda s: s[1] / s[0])


# --- helping ---------------------------------------------------------------------------------------------------------


def _roles(sample: ReplicateSample) -> Numbers:
    """Return roles of helper that ended and years of helping, shape (replicates, 2)."""
    lost = [groups["helpers_lost"].sum() for groups in sample.groups]
    years = [lives["weeks_helping"].sum() / WEEKS_PER_YEAR for lives in sample.lives]
    return np.column_stack([lost, years])


@observable("helpers who leave the role, a year, for whatever reason", "1/year")
def roles_left_per_helper_year(sample: ReplicateSample) -> Estimate:
    """Return roles that ended per year of helping; a rate, which may exceed 1."""
    return pooled(_roles(sample), lambda s: s[0] / s[1])


@observable("helpers who leave the role, a month, for whatever reason")
def roles_left_per_helper_month(sample: ReplicateSample) -> Estimate:
    """Return the same by the month (V29)."""
    return pooled(_roles(sample), lambda s: s[0] / s[1] / MONTHS)


@observable(
    "odds of leaving the role in a week under more strain than most helper-weeks, over the odds under less", "ratio"
)
def leaving_by_overload(sample: ReplicateSample) -> Estimate:
    """Return an odds ratio of helper-weeks, cut at the median strain of all helper-weeks together, to a fiftieth."""
    helpers, ended = sample.extra("helpers_by_strain"), sample.extra("ended_by_strain")
    return pooled(above_and_below(helpers, ended), lambda s: (s[1] / (s[0] - s[1])) / (s[3] / (s[2] - s[3])))


def above_and_below(helpers: Numbers, ended: Numbers) -> Numbers:
    """Return helper-weeks and roles ended above the class that holds the median strain, or in it, and below.

    Parameters
    ----------
    helpers, ended : array, shape (replicates, classes)
        Helper-weeks by class of strain, and those in which the role ended.

    Returns
    -------
    array, shape (replicates, 4)
        The class of the median goes to the side that leaves the halves more alike.
    """
    reached = np.cumsum(helpers.sum(axis=0))
    cut = 1 + int(np.argmin(np.abs(reached - 0.5 * reached[-1])))
    return np.column_stack(
        [part.sum(axis=1) for half in (slice(cut, None), slice(cut)) for part in (helpers[:, half], ended[:, half])]
    )


@observable("newcomers who came more than once and have found a sponsor within a year")
def sponsored_within_a_year(sample: ReplicateSample) -> Estimate:
    """Return a share of those who joined at least a year before the end and came twice at least."""
    rows = np.zeros((sample.replicates, 2))
    for row, lives in zip(rows, sample.lives, strict=True):
        who = joined_later(lives) & (lives["joined_week"] <= sample.weeks - WEEKS_PER_YEAR) & (lives["meetings"] > 1)
        found = lives["sponsored_week"][who] - lives["joined_week"][who] <= WEEKS_PER_YEAR
        row[:] = (who.sum(), found.sum())
    return pooled(rows, lambda s: s[1] / s[0])


@observable("people who became helpers and never helped anybody")
def helpers_who_never_help(sample: ReplicateSample) -> Estimate:
    """Return a share of those who first became helpers at least a year before the end."""
    rows = np.zeros((sample.replicates, 2))
    for row, lives in zip(rows, sample.lives, strict=True):
        who = (lives["helper_week"] >= 0) & (lives["helper_week"] <= sample.weeks - WEEKS_PER_YEAR)
        row[:] = (who.sum(), (lives["help_given"][who] == 0).sum())
    return pooled(rows, lambda s: s[1] / s[0])


# --- what groups do to people ----------------------------------------------------------------------------------------


def effect_rows(
    sample: ReplicateSample, other: ReplicateSample, columns: tuple[str, ...], week: int, whom: str
) -> Numbers:
    """Return sums of an outcome in two worlds, for the same people, weeks after arrival.

    Parameters
    ----------
    sample, other : ReplicateSample
        The form, and the world it is held against.
    columns : tuple of str
        Outcomes of which the mean is taken.
    week : int
        Weeks after arrival: one of those at which lives are seen.
    whom : str
        ``joiners``; ``helpers`` by that week; ``helped`` joiners; each as they are in the form.

    Returns
    -------
    array, shape (replicates, 4)
        People, sum of differences, sum and sum of squares in the other world.
    """
    rows = np.zeros((sample.replicates, 4))
    for row, (one, two) in zip(rows, sample.pairs(other), strict=True):
        who = one["helper_week"] <= one["arrived_week"] + week if whom == "helpers" else joined_later(one)
        who = who & (one["help_received"] > 0) if whom == "helped" else who
        first, second = (
            np.mean([lives[f"{column}_at_{week}"][who] for column in columns], axis=0) for lives in (one, two)
        )
        known = ~np.isnan(first) & ~np.isnan(second)
        first, second = first[known], second[known]
        row[:] = (len(first), (first - second).sum(), second.sum(), (second * second).sum())
    return rows


def _effect(
    sample: ReplicateSample, other: ReplicateSample, columns: tuple[str, ...], week: int, whom: str
) -> Estimate:
    """Return a mean difference between two worlds, the same people in both, in standard deviations of the second."""

    def d(s: np.ndarray) -> Any:
        return (s[1] / s[0]) / np.sqrt(s[3] / s[0] - (s[2] / s[0]) ** 2)

    return pooled(effect_rows(sample, other, columns, week, whom), d)


@observable("effect of groups on those who join, against the same people in a world without, in s.d.", "d")
def effect_on_joiners(sample: ReplicateSample, outcome: str, week: int) -> Estimate:
    """Return Cohen's d of hope, efficacy, coping or recovery (the mean of hope and efficacy), weeks after arrival."""
    columns = ("hope", "efficacy") if outcome == "recovery" else (outcome,)
    return _effect(sample, sample.without, columns, week, "joiners")


@observable("effect of helping on helpers' self-efficacy, against the same people had it done them nothing", "d")
def effect_of_helping(sample: ReplicateSample, week: int) -> Estimate:
    """Return Cohen's d of self-efficacy of those who became helpers by that week, with and without the benefit."""
    return _effect(sample, sample.under({"help.benefit_to_helper": 0.0}), ("efficacy",), week, "helpers")


@observable("people in need who come to a group at least once")
def uptake(sample: ReplicateSample) -> Estimate:
    """Return a share of those who came into need at least a year before the end."""
    rows = np.zeros((sample.replicates, 2))
    for row, lives in zip(rows, sample.lives, strict=True):
        who = (lives["arrived_week"] >= 0) & (lives["arrived_week"] <= sample.weeks - WEEKS_PER_YEAR)
        row[:] = (who.sum(), (lives["joined_week"][who] >= 0).sum())
    return pooled(rows, lambda s: s[1] / s[0])


@observable("distress at arrival of those who come later, less that of those who do not, in s.d.", "d")
def joiners_start_worse(sample: ReplicateSample) -> Estimate:
    """Return Cohen's d of distress at arrival between joiners and others."""
    rows = np.zeros((sample.replicates, 6))
    for row, lives in zip(rows, sample.lives, strict=True):
        who = (lives["arrived_week"] >= 0) & (lives["arrived_week"] <= sample.weeks - WEEKS_PER_YEAR)
        came = lives["joined_week"][who] >= 0
        x = lives["arrival_distress"][who]
        row[:] = [f(x[m]) for m in (came, ~came) for f in (len, np.sum, lambda v: (v * v).sum())]

    def d(s: np.ndarray) -> Any:
        means = s[1] / s[0] - s[4] / s[3]
        spread = (s[2] - s[1] ** 2 / s[0] + s[5] - s[4] ** 2 / s[3]) / (s[0] + s[3])
        return means / np.sqrt(spread)

    return pooled(rows, d)


@observable("people in need whose distress is high so many weeks after arrival, in a world without groups")
def still_distressed_without_groups(sample: ReplicateSample, week: int, above: float = 0.5) -> Estimate:
    """Return the share of people whom time alone does not make well."""
    rows = np.zeros((sample.replicates, 2))
    for row, lives in zip(rows, sample.without.lives, strict=True):
        value = lives[f"distress_at_{week}"][lives["arrived_week"] >= 0]
        value = value[~np.isnan(value)]
        row[:] = (len(value), (value > above).sum())
    return pooled(rows, lambda s: s[1] / s[0])
