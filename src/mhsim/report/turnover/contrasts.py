"""What one change does along the rates of turnover: succession, or the rule about groups without helpers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mhsim.report.formatting import hundred, joined, points, small, span, trimmed
from mhsim.report.intervals import FEWEST, Estimate, mean_over, paired
from mhsim.report.survival import followed
from mhsim.report.turnover.layout import Layout, Way, rate_words

Numbers = NDArray[np.float64]
MARGIN = 0.05


@dataclass(frozen=True)
class Contrast:
    """Survival with something less survival without it: at each rate, and over all rates together."""

    rates: tuple[float, ...]
    each: list[Estimate]
    overall: Estimate


def contrast(rates: tuple[float, ...], with_it: Numbers, without: Numbers) -> Contrast:
    """Return the paired contrast of two tables of the same replicates, shape (rates, replicates)."""
    differences = with_it - without
    return Contrast(rates, paired(differences, most=1.0), paired(mean_over(differences)[None, :], most=1.0)[0])


def succession_contrast(layout: Layout, leaves: float) -> Contrast | None:
    """Return what preparing successors does for one way of leaving; None if it does not vary."""
    if len(layout.successions) < 2:
        return None
    low, high = (layout.matrix("alive_at_end", Way(leaves, k)) for k in (layout.successions[0], layout.successions[-1]))
    return contrast(layout.rates, high, low)


def succession_time(layout: Layout, leaves: float) -> Estimate:
    """Return what preparing successors does to the mean time that groups last, in weeks."""
    weeks = [layout.matrix("weeks_to_closure", Way(leaves, k)) for k in layout.successions]
    return time_contrast(layout, weeks[-1], weeks[0])


def rule_time(layout: Layout, way: Way) -> Estimate:
    """Return what the rule about groups without helpers does to the mean time that groups last, in weeks."""
    weeks = layout.matrix("weeks_to_closure", way)
    return time_contrast(layout, weeks, layout.matrix("weeks_to_closure", way, no_leader_per_year=0.0))


def rule_contrast(layout: Layout, way: Way) -> Contrast | None:
    """Return what the rule about groups without helpers does to survival; None if it does not vary."""
    if not layout.rule_varies:
        return None
    return contrast(
        layout.rates,
        layout.matrix("alive_at_end", way),
        layout.matrix("alive_at_end", way, no_leader_per_year=0.0),
    )


def told(found: Contrast, doing: str) -> str:
    """Return in words what something does to survival; `doing` is a subject such as "Preparing successors"."""
    overall = found.overall
    if not overall.known:
        return f"{doing}: there are no pairs of runs to compare."
    if overall.cases < FEWEST:
        return f"{doing}: with {small(overall.cases)} pairs of runs nothing can be said about a difference."
    if overall.identical and all(each.identical for each in found.each):
        return f"{doing} makes no difference to any group: the same ones are alive at the end."
    up = [rate for rate, each in zip(found.rates, found.each, strict=True) if each.rises]
    down = [rate for rate, each in zip(found.rates, found.each, strict=True) if each.falls]
    if up and down:
        return (
            f"{doing} helps at some rates and harms at others: more groups survive at {_rates(up)}, "
            f"fewer at {_rates(down)}."
        )
    if overall.rises or up:
        return _moved(found, f"{doing} lets more groups survive", up)
    if overall.falls or down:
        return _moved(found, f"{doing} lets fewer groups survive", down)
    if overall.within(MARGIN):
        most = hundred(max(abs(overall.low), abs(overall.high)))
        return f"{doing} makes no difference to survival that matters: at most {most} of 100 groups over all rates."
    return f"{doing} makes no clear difference: over all rates {points(overall)}, which may be chance."


def _rates(rates: list[float]) -> str:
    if len(rates) > 3:
        return f"{small(len(rates))} rates from {rate_words(rates[0])} to {rate_words(rates[-1])}"
    return joined([rate_words(rate) for rate in rates])


def _moved(found: Contrast, start: str, where: list[float]) -> str:
    size = f"{start}: over all rates {points(found.overall)}"
    if not where:
        return f"{size}; at no single rate is the difference clear by itself."
    if len(where) == len(found.rates):
        return f"{size}, clearly at every rate."
    return f"{size}; clearly at {_rates(where)}."


def time_contrast(layout: Layout, with_it: Numbers, without: Numbers) -> Estimate:
    """Return the paired difference of the time open, over all rates together, in weeks; cut where runs end."""
    horizon = followed(layout.found)
    return paired(mean_over(np.minimum(with_it, horizon) - np.minimum(without, horizon))[None, :])[0]


def time_told(change: Estimate) -> str:
    """Return in words what something does to the mean time that groups last."""
    if not change.known or change.cases < FEWEST:
        return ""
    if change.identical:
        return "Groups last exactly as long."
    low, high = sorted((abs(change.low), abs(change.high)))
    size = f"{trimmed(abs(change.value))} weeks ({span(trimmed(low), trimmed(high))})"
    if change.clear:
        return f"On average groups last {size} {'longer' if change.value > 0 else 'less long'}."
    return "How long groups last on average is not clearly different."


@dataclass(frozen=True)
class Share:
    """How much of the fall of survival the rule carries."""

    fall: Estimate
    without: Estimate
    due: Estimate


def share_of_fall(layout: Layout, way: Way) -> Share | None:
    """Return the fall from the lowest to the highest turnover with the rule, without it, and what the rule adds."""
    if not layout.rule_varies:
        return None
    usual = layout.matrix("alive_at_end", way)
    free = layout.matrix("alive_at_end", way, no_leader_per_year=0.0)
    with_it, without = usual[-1] - usual[0], free[-1] - free[0]
    both = paired(np.stack([with_it, without]), most=1.0)
    return Share(both[0], both[1], paired((with_it - without)[None, :], most=2.0)[0])


def share_told(share: Share) -> str:
    """Return in words how much of the fall is due to the rule alone."""
    if not share.due.known or share.due.cases < FEWEST:
        return "There are too few pairs of runs to say how much of a fall is due to the rule."
    if not share.fall.falls:
        return "With the rule survival does not clearly fall, so there is no fall for the rule to explain."
    lost = hundred(-share.fall.value)
    if share.due.identical:
        return f"None of the fall by {lost} of 100 groups is due to the rule: without it the same groups survive."
    if share.due.falls:
        part = f"{hundred(min(1.0, share.due.value / share.fall.value))} %"
        rest = "Without the rule it still falls clearly." if share.without.falls else "Without it no fall is clear."
        return f"Of the fall by {lost} of 100 groups the rule alone carries {points(share.due)}, about {part}. {rest}"
    if share.due.rises:
        return f"Survival falls by {lost} of 100 groups with the rule and by even more without it."
    if share.due.within(MARGIN):
        return (
            f"Hardly any of the fall by {lost} of 100 groups is due to the rule: without it survival falls by "
            f"{points(share.without)}."
        )
    return f"Of the fall by {lost} of 100 groups no clear part is due to the rule ({points(share.due)})."
