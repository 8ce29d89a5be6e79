"""What one change does along the rates of turnover: preparing successors, or the rule on groups without helpers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from mhsim import stats
from mhsim.report.formatting import GROUPS, Scale, capital, hundred, joined, small
from mhsim.report.html import figures, items, paragraphs, section
from mhsim.report.turnover.conditions import Layout, Way, following, heading, leaving, rate_words
from mhsim.report.turnover.falls import CLEAR
from mhsim.report.turnover.survival import alive_at, by_rate, followed
from mhsim.stats import FEWEST, WHY, Estimate, Numbers

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
    each = stats.paired_differences(differences, yes_no=True)
    return Contrast(rates, each, stats.paired_difference(stats.mean_over(differences)))


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


def contrast_words(found: Contrast, doing: str) -> str:
    """Return in words what something does to survival; `doing` is a subject such as "Preparing successors"."""
    overall = found.overall
    if not overall.known:
        return f"{doing}: there are no pairs of runs to compare."
    if overall.cases < FEWEST:
        return f"{doing}: with {small(overall.cases)} pairs of runs nothing can be said about a difference."
    if overall.identical and all(each.identical for each in found.each):
        return f"{doing} makes no difference to any group: the same ones are still meeting at the end."
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
    return f"{doing} makes no clear difference: over all rates {GROUPS.size(overall)} ({WHY[overall.verdict]})."


def _rates(rates: list[float]) -> str:
    if len(rates) > 3:
        return f"{small(len(rates))} rates from {rate_words(rates[0])} to {rate_words(rates[-1])}"
    return joined([rate_words(rate) for rate in rates])


def _moved(found: Contrast, start: str, where: list[float]) -> str:
    size = f"{start}: over all rates {GROUPS.size(found.overall)}"
    if not where:
        return f"{size}; at no single rate is the difference clear by itself."
    if len(where) == len(found.rates):
        return f"{size}, clearly at every rate."
    return f"{size}; clearly at {_rates(where)}."


def time_contrast(layout: Layout, with_it: Numbers, without: Numbers) -> Estimate:
    """Return the paired difference of the time open, over all rates together, in weeks; cut where runs end."""
    horizon = followed(layout.data)
    return stats.paired_difference(stats.mean_over(np.minimum(with_it, horizon) - np.minimum(without, horizon)))


def time_words(change: Estimate) -> str:
    """Return what something does to the mean time that groups last; nothing if there are too few pairs."""
    if not change.known or change.cases < FEWEST:
        return ""
    if change.identical:
        return "Groups last exactly as long."
    if change.clear:
        size = Scale(1.0, "weeks").size(change)
        return f"On average groups last {size} {'longer' if change.value > 0 else 'less long'}."
    return f"How long groups last on average is not clearly different: {WHY[change.verdict]}."


@dataclass(frozen=True)
class RuleShare:
    """How much of the fall of survival the rule carries."""

    fall: Estimate
    without: Estimate
    due: Estimate


def share_of_fall(layout: Layout, way: Way) -> RuleShare | None:
    """Return the fall from the lowest to the highest turnover with the rule, without it, and what the rule adds."""
    if not layout.rule_varies:
        return None
    usual = layout.matrix("alive_at_end", way)
    free = layout.matrix("alive_at_end", way, no_leader_per_year=0.0)
    with_it, without = usual[-1] - usual[0], free[-1] - free[0]
    both = stats.paired_differences(np.stack([with_it, without]), yes_no=True)
    return RuleShare(both[0], both[1], stats.paired_difference(with_it - without, yes_no=True))


def share_words(share: RuleShare) -> str:
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
        return (
            f"Of the fall by {lost} of 100 groups the rule alone carries {GROUPS.size(share.due)}, about {part}. {rest}"
        )
    if share.due.rises:
        return f"Survival falls by {lost} of 100 groups with the rule and by even more without it."
    if share.due.within(MARGIN):
        return (
            f"Hardly any of the fall by {lost} of 100 groups is due to the rule: without it survival falls by "
            f"{GROUPS.size(share.without)}."
        )
    size = GROUPS.size(share.due)
    return f"Of the fall by {lost} of 100 groups no clear part is due to the rule: {size}, {WHY[share.due.verdict]}."


def rule_section(layout: Layout) -> Markup:
    """Return the section: how much is due to the rule that a group without helpers may close for that alone."""
    title = "How much is due to the rule “no helper closes a group”"
    if not layout.rule_varies:
        state = "It was not used in any run." if layout.rule == 0.0 else "It was in force in all runs."
        text = f"The rule was not varied in this study, so its part cannot be told. {state}"
        return section(title, paragraphs(text), key="rule")
    explanation = (
        "In the model a group that has nobody to run it may close for that reason alone (at a rate that grows over "
        f"half a year to {layout.rule:g} a year). To see how much of the result was put in by this rule, the same "
        "runs were done without it."
    )
    contrasts = {way: rule_contrast(layout, way) for way in layout.ways}
    texts = []
    for way, found in contrasts.items():
        share = share_of_fall(layout, way)
        if share is not None and found is not None:
            along = capital(contrast_words(found, "having the rule"))
            texts.append(f"{heading(way)}: {share_words(share)} {along} {time_words(rule_time(layout, way))}")
    caption = "Survival with the rule less survival without it, of 100 groups"
    return section(
        title,
        paragraphs(explanation),
        items(texts),
        figures([_rule_figure(layout, way) for way in layout.ways], "Survival with the rule and without it."),
        _contrast_table(layout, {heading(way): found for way, found in contrasts.items()}, caption),
        paragraphs(CLEAR),
        key="rule",
    )


def _rule_figure(layout: Layout, way: Way) -> Markup:
    lines = {"with the rule": alive_at(layout, way), "without it": alive_at(layout, way, no_leader_per_year=0.0)}
    return by_rate(layout.rates, lines, heading(way), "still meeting at the end, of 100 groups", GROUPS, (0, 104))


def _contrast_table(layout: Layout, contrasts: dict[str, Contrast | None], caption: str) -> Markup:
    """Return a table of contrasts along the rates and over all of them, one column each."""
    columns = {
        name: [GROUPS.change(one) for one in (*found.each, found.overall)]
        for name, found in contrasts.items()
        if found is not None
    }
    return layout.table(columns, caption)


def succession_section(layout: Layout) -> Markup:
    """Return the section: whether preparing successors changes survival."""
    title = "Whether preparing successors changes it"
    low, high = layout.successions[0], layout.successions[-1]
    if low == high:
        text = f"Succession was not varied in this study; in all runs it was: {following(low)}."
        return section(title, paragraphs(text), key="succession")
    explanation = (
        "With successors prepared, a place that a helper leaves is taken over at once by the member who is readiest, "
        "if there is a member who has come through the worst and knows the group. The comparison is between runs "
        f"that have everything else in common: {following(high)} against {following(low)}."
    )
    found = {leaves: succession_contrast(layout, leaves) for leaves in layout.leaves}
    texts = [
        f"{capital(leaving(leaves))}: {capital(contrast_words(each, 'preparing successors'))} "
        f"{time_words(succession_time(layout, leaves))}"
        for leaves, each in found.items()
        if each is not None
    ]
    caption = "Survival with successors prepared less survival without, of 100 groups"
    listed = _contrast_table(layout, {capital(leaving(leaves)): each for leaves, each in found.items()}, caption)
    return section(title, paragraphs(explanation), items(texts), listed, paragraphs(CLEAR), key="succession")
