"""What came of mhsim set like each of the published models, and beside its mean field, as findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import passage
import passage_rates
from findings import Finding, exactly, found

from mhsim import stats
from mhsim.stats import Estimate, Numbers
from mhsim.studies.data import StudyData

SPREAD, BUSIEST = "traits.spare_time_sd", "changes[0].count"
PACE, DOSE, ARRIVALS, MEMBERS = (
    "meetings_per_week",
    "share.dose_exponent",
    "community.arrivals_per_week",
    "start.members",
)
STRAIN = "help.strain_per_help"
STRAINS = {0.0: 0.01942, 0.5: 0.022, 1.0: 0.03201, 1.5: 0.0598}
"""Strain of an act of help by the spread of spare time, where all of a person's capacity is scaled to the same mean."""
EVEN_STRAINS = {0.0: 0.02493, 0.5: 0.022, 1.0: 0.01512, 1.5: 0.00809}
"""The same, where an act of help tires the same on average, whatever the spread."""
INVITES = "arrive.invite_per_year"
TEN_YEARS = 520


def row_of(study: StudyData, measure: str, **where: Any) -> Numbers:
    """Return a measure of the point at which some paths have these values, shape (replicates,)."""
    wanted = {path.replace("__", "."): value for path, value in where.items()}
    number = next(
        k for k, point in enumerate(study.points) if all(point.get(path) == value for path, value in wanted.items())
    )
    return study.numbers(measure)[number]


def of_overload(study: StudyData) -> list[Finding]:
    """Return how helpers and groups fare by the spread of capacities, and what losing the busiest does."""
    model, rows, losses = "overload mhsim", [], {}
    base: dict[str, Numbers] = {}
    for spread in study.levels(SPREAD):
        at = {SPREAD: spread, BUSIEST: 0, STRAIN: STRAINS[float(spread)]}
        for measure in ("burnouts_per_helper_year", "helpers_at_end", "hours_covered", "alive_at_end"):
            row = row_of(study, measure, **at)
            yes_no = measure == "alive_at_end"
            rows.append(found(model, measure, stats.share(row) if yes_no else stats.mean(row), float(spread)))
            apart = row - base.setdefault(measure, row)
            if spread:
                difference = stats.paired_difference(apart, yes_no=yes_no)
                rows.append(found(model, f"{measure}, beside equal capacities", difference, float(spread)))
            even = row_of(study, measure, **{**at, STRAIN: EVEN_STRAINS[float(spread)]})
            told = stats.share(even) if yes_no else stats.mean(even)
            rows.append(found(model, f"{measure}, strain the same on average", told, float(spread)))
        losses[spread] = row_of(study, "alive_at_end", **{**at, BUSIEST: 1}) - row_of(study, "alive_at_end", **at)
        lost = stats.paired_difference(losses[spread], yes_no=True)
        rows.append(found(model, "alive_at_end, the busiest lost, beside not lost", lost, float(spread)))
    widest = max(losses)
    more = stats.paired_difference(losses[widest] - losses[0.0])
    return [*rows, found(model, "what losing the busiest takes, more than with equal capacities", more, float(widest))]


def of_enthusiasm(study: StudyData) -> list[Finding]:
    """Return by invitations a year: growth from the tenth to the twentieth year, and R U."""
    model, rows = "enthusiasm mhsim", []
    for number, point in enumerate(study.points):
        invites = float(point[INVITES])
        members = np.array(
            [study.run_table("series", number, k)["members"].to_numpy() for k in range(study.shape[1])]
        ).astype(float)
        drawn = stats.resampled_means(members[:, [TEN_YEARS, -1]].T)
        growth = np.divide(drawn[:, 1], drawn[:, 0], out=np.full(len(drawn), np.nan), where=drawn[:, 0] > 0)
        estimate = Estimate(float(growth[0]), *stats.percentiles(growth[1:]), len(members))
        rows.append(found(model, "growth", estimate, invites))
        rows.append(found(model, "members", stats.mean(members[:, -1]), invites))
        if invites:
            visits = study.numbers("first_visits")[number]
            need = 52 * visits.sum() / (invites * members.sum())
            stay = _stay(study, number)
            rows.append(found(model, "R", stay.scaled(invites / 52), invites))
            rows.append(exactly(model, "U", float(need), invites))
            rows.append(found(model, "R U", stay.scaled(invites / 52 * need), invites))
    return rows


def _stay(study: StudyData, number: int) -> Estimate:
    """Return the mean weeks for which those who came stayed, cut at the length of the study."""
    weeks, ended, whose = [], [], []
    for k in range(study.shape[1]):
        lives = study.run_table("lives", number, k)
        joined, left = (
            lives[name].to_numpy(zero_copy_only=False).astype(float) for name in ("joined_week", "first_left_week")
        )
        came = (joined >= 0) & ~lives["starter"].to_numpy(zero_copy_only=False)
        weeks.append(np.where(np.isnan(left), study.weeks, left)[came] - joined[came])
        ended.append(~np.isnan(left)[came])
        whose.append(np.full(int(came.sum()), k))
    return stats.restricted_mean(*map(np.concatenate, (weeks, ended)), float(study.weeks), np.concatenate(whose))


def of_contact(study: StudyData) -> list[Finding]:
    """Return who finds the way by how often people meet, and where that levels off."""
    model, rows = "contact mhsim", []
    parts = {"as shipped": (0.3, 1.0), "every meeting in full": (1.0, 1.0), "meetings do nothing": (0.3, 0.0)}
    for part, (dose, benefits) in parts.items():
        at = {DOSE: dose, "benefits": benefits}
        paces = [float(pace) for pace in study.levels(PACE) if benefits or pace in (1.0, 14.0)]
        for measure in ("accommodated_at_52_joiners", "accommodated_at_52", "retention_at_52"):
            each = np.array([row_of(study, measure, **{**at, PACE: pace}) for pace in paces])
            rows += [
                found(model, f"{part}: {measure}", stats.mean(row), pace) for pace, row in zip(paces, each, strict=True)
            ]
            if measure == "accommodated_at_52_joiners" and benefits:
                bend = stats.bend_of(paces, each)
                rows.append(found(model, f"{part}: meetings a week at which it levels off", bend.place))
    return rows


def of_passage(study: StudyData) -> list[Finding]:
    """Return how many groups live by arrivals, of the usual size and of four times that."""
    rows = []
    for number, point in enumerate(study.points):
        times = 4 if point.get(MEMBERS) == 64 else 1
        at = float(point[ARRIVALS]) / times
        alive = study.numbers("alive_at_end")[number]
        members = np.where(alive > 0, study.numbers("members_at_end")[number], np.nan) / times
        rows.append(found(f"passage {times}", "open", stats.share(alive), at))
        rows.append(found(f"passage {times}", "members", stats.mean(members), at))
    return sorted(rows, key=lambda row: (row.model, row.what, row.at))


def of_mean_field(
    world: Any, places: Mapping[float, Sequence[Any]], usual: float, arrivals: Sequence[float]
) -> list[Finding]:
    """Return the mean field along arrivals with the rates of mhsim's runs at the usual place, and with the own.

    `places` holds runs by arrivals a week, `usual` is one of these.
    """
    rates = passage_rates.measured(places[usual])
    rows = [
        exactly("passage", f"{passage_rates.WORDS[name]} (`{name}`)", float(rate)) for name, rate in vars(rates).items()
    ]
    rows.append(exactly("passage", "weeks of membership that a first visit brings", passage.stay(rates, world)))
    rows.append(
        exactly("passage", "threshold: people who must come into need, a week", passage.threshold(world, rates))
    )
    for each in arrivals:
        rows += _ends("passage mean field", each, world, rates)
    for each, runs in places.items():
        own, model = passage_rates.measured(runs), "passage own"
        visits, came = (sum(run.summary[name] for run in runs) for name in ("first_visits", "arrivals"))
        rows += _ends(model, each, world, own)
        rows.append(exactly(model, "ever visit", visits / came, each))
        rows.append(exactly(model, "weeks of stay", passage.stay(own, world), each))
        rows += [exactly(model, name, getattr(own, name), each) for name in ("attend", "belonging")]
    return rows


def _ends(model: str, arrivals: float, world: Any, rates: passage_rates.Rates) -> list[Finding]:
    """Return where the mean field is after ten years, and the share of people in need who visit at such a size."""
    end = passage.course(arrivals, world, rates, np.arange(TEN_YEARS + 1.0))[:, -1]
    members = float(end[passage.NEWCOMER : passage.LEFT].sum())
    come = rates.come * (members / passage_rates.TYPICAL_ROLL) ** world.arrive.word_of_mouth
    return [
        exactly(model, "open", float(end[passage.OPEN]), arrivals),
        exactly(model, "members", members, arrivals),
        exactly(model, "would ever visit", come / (come + rates.gone), arrivals),
    ]
