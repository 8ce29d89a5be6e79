"""The answer in words, for the page and the handout alike: what many runs of A and B say, and how uncertain it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from mhsim.dashboard.describe import LONG_YEARS, length_in_words
from mhsim.dashboard.histories import statistics
from mhsim.dashboard.histories.statistics import Comparison, PairCounts
from mhsim.dashboard.turnover.queries import Pair
from mhsim.report.formatting import REASONS, capital, hundred, plain, signed, span, trimmed
from mhsim.stats import FEWEST, WHY, Estimate

NAMES = ("A", "B")
TITLES = ("A: the group today", "B: what if")
PER_HUNDRED, SMALL = 100.0, 1.0
"""Of what is counted of a hundred, or in points of a hundred, less than this is too small to notice."""
JUDGED = (
    "Differences are taken pair by pair, with the same chance events in both. With so many shown together, one is "
    "called clear only if it stands out among all of them. Less than 1 of 100 is called small."
)
RARE = "A difference this large would rarely come about by chance in this model."
MEANING = {
    "nothing": "",
    "identical": "no difference",
    "too few": "too few runs",
    "clear": "clear",
    "unclear": "could be chance",
    "unclear among many": "unclear (many comparisons)",
}
"""Verdicts of `mhsim.stats` in the few words of a table."""


@dataclass(frozen=True)
class AnswerText:
    """What is said of a pair.

    Attributes
    ----------
    headline : str
        Still meeting at the end, in A and in B.
    difference : str
        The difference with its interval, and whether it could be chance.
    by_pair : str
        In how many pairs the group was still meeting in one situation only.
    so_far : str
        How many runs stand behind it.
    """

    headline: str
    difference: str
    by_pair: str
    so_far: str


def halves(share: float) -> str:
    """Return a share as a number of a hundred; one of 200 is half a point, so that differences add up."""
    return trimmed(100.0 * share, 1)


def answer_text(pair: Pair) -> AnswerText:
    """Return the answer in words."""
    first, second = (statistics.alive_at_end(outcomes) for outcomes in (pair.one, pair.other))
    if not (first.known and second.known):
        return AnswerText("In one of the two there is no group to follow.", "", "", so_far(pair))
    counts = statistics.pair_counts(pair.one, pair.other)
    if not pair.done:
        early = f"{len(pair.one)} of {pair.asked} runs done; too early to say."
        return AnswerText(early, "", by_pair(counts), so_far(pair))
    long = length_in_words(pair.first.weeks)
    if pair.first.weeks != pair.second.weeks:
        long = f"{long} (A) and {length_in_words(pair.second.weeks)} (B)"
    headline = f"Still meeting after {long}: A {halves(first.value)} of 100 groups, B {halves(second.value)} of 100."
    change = statistics.difference_in_alive(pair.one, pair.other)
    return AnswerText(headline, difference_in_words(change, counts), by_pair(counts), so_far(pair))


def difference_in_words(change: Estimate, counts: PairCounts) -> str:
    """Return the difference in groups still meeting, with its interval and what that means."""
    if change.cases < FEWEST:
        return f"{capital(WHY['too few'])}: {change.cases}."
    if change.identical and not (counts.first_only or counts.second_only):
        return (
            f"No difference: in all {change.cases} pairs the group was still meeting in both or had closed in both. "
            f"With so many pairs a difference of up to {ceil(100 * change.high)} of 100 could still be missed."
        )
    if change.clear:
        size = f"{halves(abs(change.value))} {'more' if change.value > 0 else 'fewer'}"
        ends = span(*(halves(end) for end in sorted((abs(change.low), abs(change.high)))))
        return f"The difference: in B {size} of 100 are still meeting than in A ({ends}). {RARE}"
    ends = span(with_sign(change.low), with_sign(change.high))
    why = capital(WHY[change.verdict])
    return f"The difference, B minus A, is {with_sign(change.value)} of 100 ({ends}). {why}."


def with_sign(share: float) -> str:
    """Return a difference of shares as a number of a hundred with its sign, as exact as `halves`."""
    text = halves(share)
    return f"+{text}" if share > 0 and text != "0" else text


def by_pair(counts: PairCounts) -> str:
    """Return in how many pairs the group came to another end in one situation than in the other."""
    if not counts.cases:
        return ""
    same = counts.both + counts.neither
    return (
        f"Pair by pair, with the same chance events: closed in A and still meeting in B {counts.second_only} times of "
        f"{counts.cases}; still meeting in A and closed in B {counts.first_only} times; the same in both {same} times."
    )


def so_far(pair: Pair) -> str:
    """Return how many runs stand behind the answer."""
    text = f"All {pair.asked} runs of each." if pair.done else ""
    if pair.failed:
        text += f" {pair.failed} could not be finished and {'is' if pair.failed == 1 else 'are'} left out."
    return text


def reason_rows(pair: Pair) -> list[tuple[str, tuple[float, ...]]]:
    """Return per 100 groups those still meeting at the end, and those closed by each reason; most first."""
    counts = [statistics.reasons(outcomes) for outcomes in (pair.one, pair.other)]
    alive = [statistics.alive_at_end(outcomes) for outcomes in (pair.one, pair.other)]
    cases = [max(1, one.cases) for one in alive]
    names = sorted(set(counts[0]) | set(counts[1]), key=lambda name: (-counts[0][name] - counts[1][name], name))
    rows = [("still meeting", tuple(100 * one.value if one.known else 0.0 for one in alive))]
    for name in names:
        shares = (100 * counts[0][name] / cases[0], 100 * counts[1][name] / cases[1])
        rows.append((f"closed: {REASONS.get(name, name.replace('_', ' '))}", shares))
    return rows


def half_in_words(pair: Pair) -> str:
    """Return by when half of the groups had closed, where half had."""
    parts = []
    for name, outcomes in zip(NAMES, (pair.one, pair.other), strict=True):
        week = statistics.half_closed(outcomes)
        if week is not None:
            years = plain(week / 52, 0 if week > LONG_YEARS * 52 else 1)
            parts.append(f"in {name} half of the groups had closed after {years} years")
    return f"{capital(' and '.join(parts))}." if parts else "Fewer than half of the groups closed, in A and in B."


def mean_cell(row: Comparison, arm: int) -> str:
    """Return a mean of people with its interval."""
    one, measure = row.means[arm], row.measure
    if not one.known:
        return "no case"
    value, low, high = (plain(measure.scale * part, measure.digits) for part in (one.value, one.low, one.high))
    return f"{value} ({low} to {high})"


def meaning(change: Estimate, scale: float = 100.0) -> str:
    """Return in few words what a difference means; one of many is judged among them all."""
    small = change.clear and scale == PER_HUNDRED and abs(scale * change.value) < SMALL
    return MEANING[change.verdict] + (", but small" if small else "")


def change_cell(row: Comparison) -> tuple[str, str]:
    """Return a paired difference with its interval, and what that means in few words."""
    change, measure = row.difference, row.measure
    if not change.known:
        return "no case", ""
    digits = measure.digits + (abs(measure.scale * change.value) < 1)
    low, high = (signed(measure.scale * end, digits) for end in (change.low, change.high))
    return f"{signed(measure.scale * change.value, digits)} ({span(low, high)})", meaning(change, measure.scale)


def on_people(rows: Sequence[Comparison]) -> str:
    """Return the sentence that keeps the table of people in proportion."""
    came = next(one for one in rows if one.measure.name == "came")
    if not all(mean.known for mean in came.means):
        return ""
    one, other = (hundred(mean.value) for mean in came.means)
    share = f"bout {one} (A) and {other} (B) of 100 people in need come to a group within a year"
    if max(mean.value for mean in came.means) >= 0.5:
        return f"A{share}."
    return f"Only a{share}; most never come, so differences among all people in need are small."
