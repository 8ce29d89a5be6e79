"""What became of people in need: where groups closed early and where they still, and at each rate of turnover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from mhsim import stats
from mhsim.report.formatting import PEOPLE, Scale, capital, duration, joined, why
from mhsim.report.html import element, figures, folded, note, paragraphs, section, table
from mhsim.report.turnover.conditions import Layout, rate_words
from mhsim.report.turnover.survival import by_rate
from mhsim.stats import FEWEST, UNKNOWN, Estimate, Numbers
from mhsim.studies.data import StudyData

Flags = NDArray[np.bool_]
SAME = (
    "Each rate is compared with the lowest one in the same place with the same random seed. For everybody in need "
    "these are the same people, so the difference is what turnover does to them in the model. Who joins depends on "
    "whether there is a group, so those who joined at one rate are not exactly those who joined at another."
)
RAW = (
    "This is not what closing does to people. Groups close where places differ: where fewer people come, or where "
    "those who come are worse off. And where a group closed early, those who joined are those who came while it was "
    "there."
)
LITTLE = 0.02
"""Clear differences below this are called small: two of a hundred people, or two points of a hundred."""


class PeopleMeasure(NamedTuple):
    """A measure of how people fare: its name, words for a reader, the same in short, and whether more of it is good."""

    measure: str
    words: str
    short: str
    good: bool

    @property
    def scale(self) -> Scale:
        """How differences of it are written."""
        return PEOPLE if self.measure.startswith("accommodated") else Scale(100.0, "points of 100", 2)


def _measures() -> tuple[PeopleMeasure, ...]:
    whom = (("", "everybody in need"), ("_joiners", "those who joined"), ("_non_joiners", "those who did not join"))
    kinds = (
        ("accommodated_at_52", "have found a way to live with it after a year", "living with it after a year", True),
        ("accommodated_at_104", "the same after two years", "living with it after two years", True),
        ("hope_at_52", "hope after a year (0 to 100)", "hope after a year", True),
        ("distress_at_52", "distress after a year (0 to 100)", "distress after a year", False),
    )
    return tuple(
        PeopleMeasure(f"{name}{tail}", f"{who}: {words}", short, good)
        for tail, who in whom
        for name, words, short, good in kinds
    )


MEASURES = _measures()
EVERYBODY = tuple(one for one in MEASURES if "joiners" not in one.measure)


@dataclass(frozen=True)
class FateComparison:
    """The mean where groups closed early, where they still, and the difference; closed less still."""

    early: float
    still: float
    difference: Estimate


def watched(data: StudyData, outcomes: Sequence[PeopleMeasure] = MEASURES) -> list[PeopleMeasure]:
    """Return those of the measures that were watched and have a case."""
    return [o for o in outcomes if data.has(o.measure) and not np.isnan(data.numbers(o.measure)).all()]


def by_fate_within(values: Numbers, early: Flags, still: Flags, together: int = 1) -> FateComparison:
    """Compare places whose group closed early with places whose group went on, within the same settings.

    Parameters
    ----------
    values : array, shape (points, replicates)
        How people fared.
    early, still : array of bool, same shape
        Which groups closed early and which were meeting at the end.
    together : int
        How many comparisons are shown together; the more, the larger one must be to be called clear.

    Notes
    -----
    Each point weighs by how many groups it has of both kinds, so that settings in which most groups close are not
    compared with others. The interval comes from resampling replicates, at all points together.
    """
    known = ~np.isnan(values)
    early, still, filled = early & known, still & known, np.where(known, values, 0.0)
    n_early, n_still = early.sum(axis=1), still.sum(axis=1)
    weight = n_early * n_still / np.maximum(n_early + n_still, 1)
    pairs = int(np.minimum(n_early, n_still).sum())
    if pairs == 0:
        return FateComparison(np.nan, np.nan, UNKNOWN)
    once = np.ones((1, values.shape[1]))
    means = [_weighted(once, flags, filled, weight) for flags in (early, still)]
    again = stats.counts(values.shape[1])[1:]
    both = (again @ early.T > 0) & (again @ still.T > 0)
    parts = [_weighted(again, flags, filled, weight, both) for flags in (early, still)]
    drawn = np.append(means[0] - means[1], parts[0] - parts[1])
    difference = stats.resampled(drawn, pairs, together)
    return FateComparison(float(means[0][0]), float(means[1][0]), difference)


def _weighted(counts: Numbers, flags: Flags, values: Numbers, weight: Numbers, both: Flags | None = None) -> Numbers:
    """Return the weighted mean over points of the mean of flagged values, one number per row of counts."""
    cases = counts @ flags.T.astype(float)
    means = np.divide(counts @ (flags * values).T, cases, out=np.zeros_like(cases), where=cases > 0)
    weights = np.where(cases > 0 if both is None else both, weight, 0.0)
    total = weights.sum(axis=1)
    mean: Numbers = np.divide((weights * means).sum(axis=1), total, out=np.full(len(total), np.nan), where=total > 0)
    return mean


def usual_points(layout: Layout) -> list[int]:
    """Return the numbers of all points at which everything not asked about is as usual."""
    numbers = [layout.at(rate, way) for way in layout.ways for rate in layout.rates]
    return [number for number in numbers if number is not None]


def by_fate(layout: Layout, outcomes: Sequence[PeopleMeasure]) -> list[FateComparison]:
    """Compare early closing with meeting to the end, for each measure; early is in the first half of the run."""
    rows = usual_points(layout)
    early, still = fates(layout, rows)
    values = [layout.data.numbers(outcome.measure)[rows] for outcome in outcomes]
    return [by_fate_within(one, early, still, len(outcomes)) for one in values]


def fates(layout: Layout, rows: list[int]) -> tuple[Flags, Flags]:
    """Return which groups of some points closed in the first half of the run, and which were meeting to the end."""
    weeks, closed = (layout.data.numbers(name)[rows] for name in ("weeks_to_closure", "closed"))
    return (closed == 1) & (weeks < layout.data.weeks / 2), closed == 0


def by_turnover(layout: Layout, measure: str) -> list[Estimate]:
    """Return how people fare at each rate less the same people at the lowest rate, all ways together."""
    stacked = np.stack([layout.matrix(measure, way) for way in layout.ways])
    return stats.paired_differences(stats.mean_over(stacked - stacked[:, :1]))


def by_rule(layout: Layout, measure: str) -> Estimate:
    """Return how people fare where the rule closed a group that lives without it, less the same people without it.

    Both worlds are one and the same until the rule closes the group: what differs is due to the closing.
    """
    changes = []
    for way in layout.ways:
        with_it, without = (layout.matrix(measure, way, **other) for other in ({}, {"no_leader_per_year": 0.0}))
        closed = layout.matrix("closed", way) == 1
        lives = layout.matrix("closed", way, no_leader_per_year=0.0) == 0
        changes.append(np.where(closed & lives, with_it - without, np.nan))
    return stats.paired_difference(stats.mean_over(np.concatenate(changes)))


def people_section(layout: Layout) -> Markup:
    """Return the section: what became of people in need."""
    title = "What became of people in need"
    outcomes = watched(layout.data)
    if not outcomes:
        return section(title, paragraphs("How people fared was not recorded in this study."), key="people")
    return section(title, *_turnover_part(layout, outcomes), *_rule_part(layout), *_fate_part(layout), key="people")


def _turnover_part(layout: Layout, outcomes: Sequence[PeopleMeasure]) -> list[Markup]:
    everybody = [outcome for outcome in EVERYBODY if outcome in outcomes]
    changes = {outcome: by_turnover(layout, outcome.measure) for outcome in outcomes}
    texts = [change_words(layout.rates[-1], o, changes[o]) for o in everybody]
    ylabel = "change from the lowest turnover"
    drawn = [by_rate(layout.rates, {"": changes[o]}, capital(o.short), ylabel, o.scale) for o in everybody]
    columns = {capital(o.words): [o.scale.change(one) for one in along] for o, along in changes.items()}
    caption = "Difference from the lowest turnover, same seed; of 100 people, or points on a scale of 0 to 100"
    return [
        element("h3", "The same people at another turnover"),
        paragraphs(SAME, " ".join(texts)),
        figures(drawn, "Everybody in need, difference from the lowest turnover; of 100 people or points of 100."),
        folded("The same in numbers, also for those who joined and those who did not", layout.table(columns, caption)),
    ]


def change_words(rate: float, outcome: PeopleMeasure, changes: Sequence[Estimate]) -> str:
    """Return how people fare at the highest rate against the lowest."""
    last, subject = changes[-1], capital(outcome.short)
    if not last.known or last.cases < FEWEST:
        return f"{subject}: {why(last).removeprefix('not clear: ')}."
    size = f"{outcome.scale.change(last, mark=False)} {outcome.scale.unit}"
    if last.clear:
        worse = "worse" if (last.value < 0) == outcome.good else "better"
        how = f"slightly {worse}, clear but small" if abs(last.value) < LITTLE else f"clearly {worse}"
        return f"{subject}: {how} at {rate_words(rate)}, {size}."
    return f"{subject}: no clear difference at {rate_words(rate)}, {size}: {why(last).removeprefix('not clear: ')}."


def _rule_part(layout: Layout) -> list[Markup]:
    """Return what closing itself does, as far as the runs without the rule show it."""
    if not layout.rule_varies:
        return []
    everybody = watched(layout.data, EVERYBODY)
    found = [(outcome, by_rule(layout, outcome.measure)) for outcome in everybody]
    title = element("h3", "What closing itself does")
    if not any(each.cases >= FEWEST for _, each in found):
        text = (
            "There are too few places in which the rule “no helper closes a group” closed a group that lives without "
            "it; so what closing itself does cannot be told from this study."
        )
        return [title, paragraphs(text)]
    places = max(each.cases for _, each in found)
    text = (
        f"In {places:,} places the rule “no helper closes a group” closed a group that lives on without the rule. The "
        "two histories are the same until then, so the difference is due to the closing and what follows from it. It "
        "is spread over everybody who came into need in the whole time, before and after."
    )
    rows = [[capital(outcome.short), outcome.scale.change(each)] for outcome, each in found]
    caption = "Closed less still meeting, same people; of 100 people, or points on a scale of 0 to 100"
    return [title, paragraphs(text), table(["Everybody in need", "Difference"], rows, caption)]


def _fate_part(layout: Layout) -> list[Markup]:
    outcomes = watched(layout.data)
    half, whole = duration(layout.data.weeks / 2), duration(layout.data.weeks)
    early, still = (int(flags.sum()) for flags in fates(layout, usual_points(layout)))
    title = element("h3", "Places whose group closed early, and places whose group went on")
    if not early or not still:
        text = (
            f"{early:,} groups closed within {half} and {still:,} met for all of {whole}; there is nothing to compare."
        )
        return [title, paragraphs(text)]
    found = by_fate(layout, outcomes)
    rows = [
        [capital(o.words), o.scale.number(c.early), o.scale.number(c.still), o.scale.change(c.difference)]
        for o, c in zip(outcomes, found, strict=True)
    ]
    head = ["Of 100 people, or points of 100", f"Closed within {half}", f"Met for all of {whole}", "Difference"]
    caption = f"{early:,} groups that closed early and {still:,} that went on, compared within the same settings"
    return [title, note(RAW), paragraphs(fate_words(outcomes, found)), table(head, rows, caption)]


def fate_words(outcomes: Sequence[PeopleMeasure], found: Sequence[FateComparison]) -> str:
    """Return in what the two kinds of place differ clearly, everybody in need taken together."""
    pairs = [(o, c) for o, c in zip(outcomes, found, strict=True) if o in EVERYBODY and c.difference.known]
    clear = [(o, c) for o, c in pairs if c.difference.clear]
    if not pairs:
        return "There are no settings in which some groups closed early and others went on; nothing can be compared."
    if not clear:
        return "Taking everybody in need together, the two kinds of place do not differ clearly."
    parts = [f"{o.short} ({o.scale.number(c.early)} against {o.scale.number(c.still)})" for o, c in clear]
    return f"Taking everybody in need together, the places differ clearly in {joined(parts)}; see the warning above."
