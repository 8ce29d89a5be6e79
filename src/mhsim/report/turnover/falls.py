"""Where survival changes with turnover: the fall overall, the largest step, and how sure its place is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from mhsim import stats
from mhsim.report.formatting import GROUPS, hundred, plain, small
from mhsim.report.html import NOTHING, folded, items, paragraphs, section, table
from mhsim.report.turnover.conditions import Layout, Way, heading, per_cent, rate_words
from mhsim.stats import FEWEST, WHY, Estimate, Numbers

CLEAR = "“Clear” marks differences that stand out even among all those shown together in a column."
SETTLED = 0.8
"""Share of resamples in which a step must be the largest for its place to be told without a proviso."""
MARGIN = 0.1
"""Differences smaller than this, interval and all, are told as no change."""


@dataclass(frozen=True)
class Fall:
    """How survival changes along the rates of turnover.

    Attributes
    ----------
    rates : tuple of float
        The rates that have runs.
    overall : Estimate
        Change from the lowest to the highest rate.
    steps : list of Estimate
        Change from each rate to the next.
    largest : int
        Which step is the largest fall.
    certainty : float
        In which share of resamples that step is the largest.
    likely : tuple of int
        The first and last of the steps that together hold the largest fall in 95 of 100 resamples.
    steepest : int
        Which step falls most per unit of turnover.
    levels : tuple of float
        The share alive at each rate.
    """

    rates: tuple[float, ...]
    overall: Estimate
    steps: list[Estimate]
    largest: int
    certainty: float
    likely: tuple[int, int]
    steepest: int
    levels: tuple[float, ...]


def fall_of(rates: Sequence[float], alive: Numbers) -> Fall | None:
    """Return how survival changes along the rates; None if fewer than two rates have runs.

    Parameters
    ----------
    rates : sequence of float
        Turnover, rising.
    alive : array, shape (rates, replicates)
        1 for alive, 0 for closed, NaN for no run.
    """
    kept = [k for k in range(len(rates)) if not np.isnan(alive[k]).all()]
    if len(kept) < 2:
        return None
    alive = alive[kept]
    there = tuple(float(rates[k]) for k in kept)
    changes = np.diff(alive, axis=0)
    steps = stats.paired_differences(changes, yes_no=True)
    drops = -np.nan_to_num(np.array([step.value for step in steps]))
    largest = int(drops.argmax())
    often = _how_often(changes)
    overall = stats.paired_difference(alive[-1] - alive[0], yes_no=True)
    return Fall(
        there,
        overall,
        steps,
        largest,
        float(often[largest]),
        _likely(often, largest),
        int((drops / np.diff(there)).argmax()),
        tuple(float(np.nanmean(row)) for row in alive),
    )


def _how_often(changes: Numbers) -> Numbers:
    """Return the share of resamples in which each step is the largest fall; ties count for each in part."""
    drops = -np.nan_to_num(stats.resampled_means(changes)[1:])
    top = np.isclose(drops, drops.max(axis=1, keepdims=True))
    share: Numbers = (top / top.sum(axis=1, keepdims=True)).mean(axis=0)
    return share


def _likely(often: Numbers, largest: int) -> tuple[int, int]:
    chosen, held = {largest}, float(often[largest])
    for step in np.argsort(-often, kind="stable"):
        if held >= 0.95:
            break
        if int(step) not in chosen:
            chosen.add(int(step))
            held += float(often[step])
    return min(chosen), max(chosen)


def between(rates: Sequence[float], first: int, last: int | None = None) -> str:
    """Return the place of one or several steps in words: "between 20 % and 40 % a year"."""
    return f"between {per_cent(rates[first])} and {rate_words(rates[(first if last is None else last) + 1])}"


def verdict(fall: Fall | None) -> str:
    """Return in one or two sentences whether survival falls with turnover, and where fastest."""
    if fall is None:
        return "There are not enough runs to say how survival changes with turnover."
    if fall.overall.cases < FEWEST:
        number = small(fall.overall.cases)
        return (
            f"With {number} complete pair{'' if number == 'one' else 's'} of runs nothing can be said about a change."
        )
    if all(level == 0.0 for level in fall.levels):
        return "No group was still meeting at the end at any rate of turnover, so there is no fall to be seen."
    if all(level == 1.0 for level in fall.levels):
        return "Every group was still meeting at the end at every rate of turnover: survival does not fall."
    if fall.overall.rises:
        return (
            f"Survival does not fall: it rises from the lowest to the highest turnover, by {GROUPS.size(fall.overall)}."
        )
    if fall.overall.falls:
        size = GROUPS.size(fall.overall)
        return f"Survival falls from the lowest to the highest turnover, by {size}. {place_words(fall)}"
    return _no_fall(fall)


def place_words(fall: Fall) -> str:
    """Return where the fall is fastest, or that it is nowhere clearly faster."""
    step = fall.steps[fall.largest]
    falling = [k for k, found in enumerate(fall.steps) if found.falls]
    if not falling:
        return (
            "No single step from one rate to the next stands out clearly: the fall is gradual, or too small to place."
        )
    size = f"by {GROUPS.size(step)}"
    everywhere = " It falls clearly at every step." if len(falling) == len(fall.steps) > 1 else ""
    if len(fall.steps) == 1:
        return "With two rates only, nothing can be said about where it falls fastest."
    if fall.certainty >= SETTLED:
        text = f"The largest step is {between(fall.rates, fall.largest)}, {size}."
    else:
        text = (
            f"The largest step seen is {between(fall.rates, fall.largest)}, {size}, but its place is not certain: "
            f"it lies somewhere {between(fall.rates, *fall.likely)}."
        )
    return text + everywhere


def _no_fall(fall: Fall) -> str:
    ends = f"the difference between the lowest and the highest turnover is {GROUPS.size(fall.overall)}"
    dips = [k for k, step in enumerate(fall.steps) if step.falls]
    if dips:
        where = between(fall.rates, dips[0])
        return f"Survival falls {where} but not from the lowest to the highest turnover: {ends}."
    if fall.overall.within(MARGIN):
        most = hundred(max(abs(fall.overall.low), abs(fall.overall.high)))
        return f"Survival does not fall with turnover: at most {most} of 100 groups make the difference."
    return f"No clear fall: {ends} ({WHY[fall.overall.verdict]}). A fall of that size cannot be ruled out."


def per_ten(fall: Fall, step: int) -> float:
    """Return the change of a step per ten per cent a year of turnover, in groups of a hundred."""
    return 100.0 * fall.steps[step].value / (10.0 * (fall.rates[step + 1] - fall.rates[step]))


def steepness(fall: Fall | None) -> str:
    """Return where survival falls most for the same amount of turnover, if that is another step than the largest."""
    if fall is None or not fall.overall.falls or fall.steepest == fall.largest:
        return ""
    if not fall.steps[fall.steepest].falls:
        return ""
    size = hundred(-per_ten(fall, fall.steepest) / 100.0, 1)
    where = between(fall.rates, fall.steepest)
    return (
        f"Counted for the same amount of turnover it is steepest {where}: {size} of 100 groups for every 10 % a year."
    )


def falls_of(layout: Layout) -> dict[Way, Fall | None]:
    """Return how survival changes with turnover, for every way."""
    return {way: fall_of(layout.rates, layout.matrix("alive_at_end", way)) for way in layout.ways}


def falls_section(layout: Layout) -> Markup:
    """Return the section: where survival changes fastest."""
    falls = falls_of(layout)
    texts = [f"{heading(way)}: {verdict(fall)} {steepness(fall)}".strip() for way, fall in falls.items()]
    explanation = (
        "Each rate is compared with the next one, replicate by replicate: the same places, the same people in need and "
        "the same chance events, only the turnover differs. A step is called the largest without a proviso only if it "
        "stays so when the runs are drawn again and again at random."
    )
    tables = [_fall_table(way, fall) for way, fall in falls.items() if fall is not None]
    every = folded("All steps from one rate to the next", *tables, paragraphs(CLEAR)) if tables else NOTHING
    return section("Where survival changes fastest", paragraphs(explanation), items(texts), every, key="fastest")


def _fall_table(way: Way, fall: Fall) -> Markup:
    """Return the table of all steps for one way."""
    rows = [
        [f"{per_cent(low)} to {per_cent(high)}", GROUPS.change(step), plain(per_ten(fall, k), 1)]
        for k, (low, high, step) in enumerate(zip(fall.rates, fall.rates[1:], fall.steps, strict=False))
    ]
    head = ["Turnover a year, from and to", "Change, of 100 groups", "Change for every 10 % a year"]
    return table(head, rows, f"{heading(way)}: change of survival from each rate to the next")
