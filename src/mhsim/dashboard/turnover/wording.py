"""The answer in words, for the page and the handout alike: what many histories of A and B say, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from mhsim.dashboard.histories import statistics
from mhsim.dashboard.histories.statistics import Fates, Told
from mhsim.dashboard.turnover.queries import Pair
from mhsim.report.formatting import capital, duration, hundred, plain, signed, span, trimmed
from mhsim.report.intervals import FEWEST, Estimate
from mhsim.report.turnover.reasons import REASONS

NAMES = ("A", "B")
PER_HUNDRED, SMALL = 100.0, 1.0
"""Of what is counted of a hundred, or in points of a hundred, less than this is too small to notice."""
JUDGED = (
    "Differences are taken pair by pair under the same luck. Of so many shown together one is called clear only if it "
    "stands out among all of them; an interval that leaves out 0 is not enough. Less than 1 of 100 is called small."
)
RARE = "A difference this large would rarely come about by chance in this model."


@dataclass(frozen=True)
class Answer:
    """What is said of a pair.

    Attributes
    ----------
    headline : str
        Alive at the end, in A and in B.
    difference : str
        The difference with its interval, and whether chance alone could make it.
    fates : str
        In how many pairs the group lived in one situation only.
    so_far : str
        How many histories stand behind it.
    """

    headline: str
    difference: str
    fates: str
    so_far: str


def lasting(weeks: float) -> str:
    """Return a number of weeks in words, in whole years above twenty."""
    return f"{weeks / 52.0:.0f} years" if weeks > 20 * 52 else duration(weeks)


def halves(share: float) -> str:
    """Return a share as a number of a hundred; one of 200 is half a point, so that differences add up."""
    return trimmed(100.0 * share, 1)


def answer(pair: Pair) -> Answer:
    """Return the answer in words."""
    first, second = (statistics.alive_at_end(outcomes) for outcomes in (pair.one, pair.other))
    if not (first.known and second.known):
        return Answer("There is no group to follow in one of the two.", "", "", so_far(pair))
    long = lasting(pair.first.weeks)
    if pair.first.weeks != pair.second.weeks:
        long = f"{long} (A) and {lasting(pair.second.weeks)} (B)"
    fates = statistics.fates(pair.one, pair.other)
    if not pair.done:
        early = f"A {hundred(first.value)} of 100 alive after {long}, B {hundred(second.value)}. Too few to say."
        return Answer(f"So far {len(pair.one)} of {pair.asked} pairs: {early}", "", fates_in_words(fates), so_far(pair))
    headline = f"Alive after {long}: A {halves(first.value)} of 100 histories, B {halves(second.value)} of 100."
    changed = statistics.difference_in_alive(pair.one, pair.other)
    return Answer(headline, difference_in_words(changed, fates), fates_in_words(fates), so_far(pair))


def difference_in_words(change: Estimate, fates: Fates) -> str:
    """Return the difference in groups alive, with its interval and what that means."""
    if change.cases < FEWEST:
        return f"Too few histories yet to say more: {change.cases}."
    if change.identical and not (fates.first_only or fates.second_only):
        hidden = ceil(100 * change.high)
        return (
            f"No difference: in all {change.cases} pairs the group lived in both or closed in both. "
            f"So many pairs can still hide a difference of {hidden} of 100."
        )
    if change.clear:
        size = f"{halves(abs(change.value))} {'more' if change.value > 0 else 'fewer'}"
        ends = span(*(halves(end) for end in sorted((abs(change.low), abs(change.high)))))
        return f"The difference: in B {size} of 100 are alive than in A ({ends}). {RARE}"
    ends = span(with_sign(change.low), with_sign(change.high))
    return f"The difference, B minus A, is {with_sign(change.value)} of 100 ({ends}). Chance alone can do that."


def with_sign(share: float) -> str:
    """Return a difference of shares as a number of a hundred with its sign, as exact as `halves`."""
    told = halves(share)
    return f"+{told}" if share > 0 and told != "0" else told


def fates_in_words(fates: Fates) -> str:
    """Return in how many pairs the fate of the group differed."""
    if not fates.cases:
        return ""
    same = fates.both + fates.neither
    return (
        f"Pair by pair, under the same luck: closed in A and alive in B {fates.second_only} times of {fates.cases}; "
        f"alive in A and closed in B {fates.first_only} times; the same in both {same} times."
    )


def so_far(pair: Pair) -> str:
    """Return how many histories stand behind the answer."""
    told = f"All {pair.asked} histories of each." if pair.done else ""
    if pair.failed:
        told += f" {pair.failed} could not be worked out and {'is' if pair.failed == 1 else 'are'} left out."
    return told


def reason_rows(pair: Pair) -> list[tuple[str, tuple[float, float]]]:
    """Return per 100 groups those alive at the end, and those closed by each reason that closed any; most first."""
    counts = [statistics.reasons(outcomes) for outcomes in (pair.one, pair.other)]
    alive = [statistics.alive_at_end(outcomes) for outcomes in (pair.one, pair.other)]
    cases = [max(1, one.cases) for one in alive]
    names = sorted(set(counts[0]) | set(counts[1]), key=lambda name: (-counts[0][name] - counts[1][name], name))
    rows = [("still meeting", tuple(100 * one.value if one.known else 0.0 for one in alive))]
    for name in names:
        shares = (100 * counts[0][name] / cases[0], 100 * counts[1][name] / cases[1])
        rows.append((f"closed: {REASONS.get(name, name.replace('_', ' '))}", shares))
    return rows  # type: ignore[return-value]


def half_in_words(pair: Pair) -> str:
    """Return by when half of the groups had closed, where half had."""
    told = []
    for name, outcomes in zip(NAMES, (pair.one, pair.other), strict=True):
        week = statistics.half_closed(outcomes)
        if week is not None:
            told.append(
                f"in {name} half of the groups had closed after {plain(week / 52, 0 if week > 20 * 52 else 1)} years"
            )
    return f"{capital(' and '.join(told))}." if told else "In neither had half of the groups closed by the end."


def mean_cell(told: Told, arm: int) -> str:
    """Return a mean of people with its interval."""
    one, measure = told.means[arm], told.measure
    if not one.known:
        return "no case"
    value, low, high = (plain(measure.scale * part, measure.digits) for part in (one.value, one.low, one.high))
    return f"{value} ({low} to {high})"


def meaning(change: Estimate, scale: float = 100.0) -> str:
    """Return in few words what a difference means; one of many is judged among them all."""
    if not change.known:
        return ""
    if change.identical:
        return "no difference"
    if change.clear:
        return "clear, but small" if scale == PER_HUNDRED and abs(scale * change.value) < SMALL else "clear"
    return "within chance" if change.low <= 0.0 <= change.high else "not clear among so many"


def change_cell(told: Told) -> tuple[str, str]:
    """Return a paired difference with its interval, and what that means in few words."""
    change, measure = told.difference, told.measure
    if not change.known:
        return "no case", ""
    digits = measure.digits + (abs(measure.scale * change.value) < 1)
    low, high = (signed(measure.scale * end, digits) for end in (change.low, change.high))
    return f"{signed(measure.scale * change.value, digits)} ({span(low, high)})", meaning(change, measure.scale)


def on_people(told: Sequence[Told]) -> str:
    """Return the sentence that keeps the table of people in proportion."""
    came = next(one for one in told if one.measure.name == "came")
    if not all(mean.known for mean in came.means):
        return ""
    one, other = (hundred(mean.value) for mean in came.means)
    share = f"bout {one} (A) and {other} (B) of 100 people in need come to a group within a year"
    if max(mean.value for mean in came.means) >= 0.5:
        return f"A{share}."
    return f"Only a{share}; the others hardly notice, so differences among all people in need are small."


def curve_words(pair: Pair) -> str:
    """Return what the curves show, for those who do not see them."""
    parts = []
    for name, scenario, outcomes in zip(NAMES, (pair.first, pair.second), (pair.one, pair.other), strict=True):
        alive = statistics.alive_by_time(outcomes, scenario.weeks)
        years = [(week, share) for week, share in zip(alive.weeks, alive.share, strict=True) if week % 104 == 0]
        parts.append(
            f"{name}: " + ", ".join(f"{trimmed(share)} after {week / 52:.0f} years" for week, share in years[1:])
        )
    return f"Groups alive, of 100. {'. '.join(parts)}."
