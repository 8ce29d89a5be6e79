"""What becomes of people: per person in need, per joiner, and as a share of all that the group does for them.

A world in which groups do nobody good or ill has the same people with the same lives as one without a group; what the
group does is the difference from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from mhsim import stats
from mhsim.report.coming_and_going.claims import Standing
from mhsim.report.coming_and_going.rates import plans, rate_label
from mhsim.report.formatting import PEOPLE, Scale, capital
from mhsim.report.html import NOTHING, folded, items, paragraphs, section, table
from mhsim.stats import Estimate, Numbers
from mhsim.studies.coming_and_going import NOBODY_LEAVES, PLAN, WAYS, Parts, Where

PART = "without_group"
WITHOUT: Where = {"benefits": 0.0, "harms": 0.0}
MEASURE = "accommodated_at_52"
NEEDED = (MEASURE, "seen_at_52", "seen_at_52_joiners")
PER_CENT = Scale(100.0, "%", 0)
OTHERS = {"hope_at_52": "hope, points of 100", "distress_at_52": "distress, points of 100"}


def told(parts: Parts) -> bool:
    """Return whether a study has what is needed: the world without a group, and how people fare."""
    return PART in parts.names and parts.data.has(*NEEDED) and parts.at(WITHOUT) is not None


@dataclass(frozen=True)
class Done:
    """What the group does in a condition.

    Attributes
    ----------
    in_need, per_joiner : Estimate
        More people living with it after a year than without the group: of everybody in need, and for each who joins.
    lost : Estimate
        The share of what the group does at best (nobody steps down or leaves) that is lost.
    """

    in_need: Estimate
    per_joiner: Estimate
    lost: Estimate


def best(parts: Parts) -> Where:
    """Return the condition with which others are compared: no helper steps down or leaves, nobody is prepared."""
    return {**NOBODY_LEAVES, PLAN: 0}


def gain(parts: Parts, where: Where, measure: str = MEASURE) -> Numbers:
    """Return how much more of a measure there is than without a group, for everybody in need, by replicate."""
    return parts.values(measure, where) - parts.values(measure, WITHOUT)


def done(parts: Parts, where: Where) -> Done:
    """Return what the group does in a condition."""
    here, most = gain(parts, where), gain(parts, best(parts))
    more = here * parts.values("seen_at_52", where)
    joiners = parts.values("seen_at_52_joiners", where)
    lost = Estimate(0.0, np.nan, np.nan, 1) if parts.at(where) == parts.at(best(parts)) else _lost(here, most)
    return Done(stats.paired_difference(here), ratio(more, joiners), lost)


def _lost(here: Numbers, most: Numbers) -> Estimate:
    kept = ratio(here, most)
    return Estimate(1.0 - kept.value, 1.0 - kept.high, 1.0 - kept.low, kept.cases)


def ratio(part: Numbers, whole: Numbers) -> Estimate:
    """Return the ratio of two means over the replicates that have both, with the interval of its resamples."""
    there = ~np.isnan(part) & ~np.isnan(whole)
    if not there.any():
        return stats.UNKNOWN
    rows = np.where(there, np.stack([part, whole]), np.nan)
    drawn = stats.resampled_means(rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = drawn[:, 0] / drawn[:, 1]
    low, high = stats.percentiles(ratios[1:])
    return Estimate(float(ratios[0]), low, high, int(there.sum()))


def in_words(parts: Parts, standing: dict[str, Standing]) -> list[str]:
    """Return what the group does in all, and what of it is lost where helpers go."""
    if not told(parts):
        return []
    whole = done(parts, best(parts))
    if not whole.in_need.clear or whole.in_need.value <= 0:
        return [f"What the group does for everybody in need is not clear: {PEOPLE.size(whole.in_need)}."]
    texts = [
        f"Where no helper steps down or leaves, the group’s being there lets {PEOPLE.estimate(whole.in_need)} more of "
        f"100 people in need live with it after a year, and {PEOPLE.estimate(whole.per_joiner)} of 100 who join."
    ]
    for way in WAYS:
        rate = way.rates(parts)[-1]
        lost = done(parts, way.where(rate, 0)).lost
        start = f"{capital(way.words)}, {rate_label(way, rate)} a year, nobody prepared"
        if lost.low > 0 and standing[way.name].holds:
            texts.append(f"{start}: {PER_CENT.estimate(lost)} % of all that the group does for them is lost.")
        else:
            texts.append(
                f"{start}: of all that the group does for them {PER_CENT.change(lost, mark=False)} % is lost, as "
                "assumed; whether any is, is not certain."
            )
    return texts


def people_section(parts: Parts, standing: dict[str, Standing]) -> Markup:
    """Return the section: what becomes of people."""
    if not told(parts):
        return NOTHING
    rows, more = [], []
    for way in WAYS:
        for plan, words in plans(parts).items():
            for rate in way.rates(parts):
                where = way.where(rate, plan)
                found = done(parts, where)
                name = f"{capital(way.words)}, {rate_label(way, rate)} a year, {words}"
                rows.append(
                    [
                        name,
                        PEOPLE.change(found.in_need),
                        PEOPLE.estimate(found.per_joiner),
                        PER_CENT.estimate(found.lost),
                    ]
                )
                differences = [
                    stats.paired_difference(gain(parts, where, each)) for each in OTHERS if parts.data.has(each)
                ]
                more.append([name, *(Scale(100.0, "", 2).change(one) for one in differences)])
    explanation = (
        "Everybody who comes into need in the place is followed, whether they ever come to the group or not, and "
        "compared with the same person where groups do nobody good or ill, which is a world without the group. Most "
        "people in need never join, so what the group does looks small beside all of them; beside those who join, and "
        "as a share of all that it does, the same loss is told in its own measure."
    )
    without = parts.values(MEASURE, WITHOUT)
    level = f"Without the group {PEOPLE.estimate(stats.mean(without))} of 100 people in need live with it after a year."
    head = ["", "Of 100 in need, more than without the group", "Of 100 who join, more", "Of all that it does, lost (%)"]
    caption = "People who live with it a year after need arose, against a world without the group (with the 95 % range)"
    others = [words for name, words in OTHERS.items() if parts.data.has(name)]
    also = table(["", *map(capital, others)], more, "Everybody in need, more or less than without the group")
    return section(
        "What becomes of people",
        paragraphs(explanation, level),
        items(in_words(parts, standing)),
        table(head, rows, caption),
        folded("Hope and distress", also) if others else NOTHING,
        key="people",
    )
