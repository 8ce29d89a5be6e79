"""The short answer, and what was done: put together from the sentences of the sections."""

from __future__ import annotations

from mhsim.report.formatting import capital, duration, hundred, joined, value_text
from mhsim.report.html import Markup, element, items, paragraphs, section, table, together
from mhsim.report.intervals import Estimate
from mhsim.report.study_data import Found
from mhsim.report.turnover.changes import falls_of
from mhsim.report.turnover.contrasts import share_of_fall, share_told, succession_contrast, told
from mhsim.report.turnover.layout import (
    LEAVES,
    RULE,
    SUCCESSION,
    TURNOVER,
    Layout,
    Way,
    following,
    leaving,
    meaning,
    rate_words,
)
from mhsim.report.turnover.people import EVERYBODY, by_turnover, watched
from mhsim.report.turnover.people_section import change_told
from mhsim.report.turnover.steepest_fall import verdict
from mhsim.report.turnover.survival_section import alive_at

NAMES = {
    TURNOVER: "Turnover: how often helpers stop helping",
    LEAVES: "Of those who stop helping, the share who leave the group too",
    SUCCESSION: "Whether somebody prepared takes over a helper’s place",
    RULE: "The rule that a group with nobody to carry it may close for that alone (rate a year)",
}
QUESTION = "When helpers change more often, how long does a mutual help group last, and what becomes of people in need?"


def answer(layout: Layout) -> Markup:
    """Return the box with the short answer."""
    texts = [*_survival(layout), *_succession(layout), *_rule(layout), *_people(layout)]
    texts.append(
        "All this holds in a model with many assumed numbers. It says what follows from the assumptions, not what has "
        "been measured in real groups."
    )
    inside = together([element("h2", "The short answer", id="answer"), items(texts)])
    return element("section", inside, class_="answer", aria_labelledby="answer")


def _main_ways(layout: Layout) -> list[Way]:
    """Return one way for each kind of leaving, with the lowest chance of succession."""
    return [Way(leaves, layout.successions[0]) for leaves in layout.leaves]


def _survival(layout: Layout) -> list[str]:
    long, falls = duration(layout.found.weeks), falls_of(layout)
    texts = []
    for way in _main_ways(layout):
        shares = alive_at(layout, way)
        start = f"{capital(leaving(way.leaves))} ({following(way.succession)})"
        told_rates = _told_rates(layout, shares)
        parts = [f"{hundred(shares[k].value)} at {rate_words(layout.rates[k])}" for k in told_rates]
        if not parts:
            texts.append(f"{start}: no run ended well.")
        elif len({share.value for share in shares if share.known}) == 1:
            texts.append(f"{start}: {verdict(falls[way])}")
        else:
            counts = f"Of 100 groups, still meeting after {long} were {joined(parts)}"
            texts.append(f"{start}: {counts}. {verdict(falls[way])}")
    return texts


def _told_rates(layout: Layout, shares: list[Estimate]) -> list[int]:
    """Return which rates are named in the answer: the lowest, the base scenario's, about 100 % a year, the highest."""
    known = [k for k, share in enumerate(shares) if share.known]
    if not known:
        return []
    rates = layout.rates
    wanted = [rates[known[0]], 1.0, rates[known[-1]]]
    base = layout.found.base.get("serve", {}).get("turnover_per_year")
    wanted += [float(base)] if isinstance(base, (int, float)) else []
    return sorted({min(known, key=lambda k: (abs(rates[k] - rate), k)) for rate in wanted})


def _succession(layout: Layout) -> list[str]:
    texts = []
    for leaves in layout.leaves:
        found = succession_contrast(layout, leaves)
        if found is not None:
            texts.append(f"{capital(leaving(leaves))}: {capital(told(found, 'preparing successors'))}")
    return texts


def _rule(layout: Layout) -> list[str]:
    texts = []
    for way in _main_ways(layout):
        share = share_of_fall(layout, way)
        if share is not None and share.fall.falls:
            start = f"The rule “no helper closes a group”, {leaving(way.leaves)} ({following(way.succession)})"
            texts.append(f"{start}: {share_told(share)}")
    return texts


def _people(layout: Layout) -> list[str]:
    outcomes = [o for o in watched(layout.found, EVERYBODY) if o.measure in ("accommodated_at_52", "distress_at_52")]
    parts = [change_told(layout.rates[-1], o, by_turnover(layout, o.measure)) for o in outcomes]
    return [f"Everybody in need, against the lowest turnover: {' '.join(parts)}"] if parts else []


def question_section(found: Found) -> Markup:
    """Return the section with the question."""
    return section(
        "The question", paragraphs(" ".join(str(found.study.get("question") or QUESTION).split())), key="asked"
    )


def done_section(layout: Layout) -> Markup:
    """Return the section: what was done, and a table of what varied."""
    found = layout.found
    replicates, points = found.done.shape[1], len(found.points)
    title = str(found.base.get("title") or found.base_name)
    text = (
        f"A computer model of a mutual help group ({title}) was run for {duration(found.weeks)}, {found.done.size:,} "
        f"times: at {points:,} combinations of what varied, {replicates:,} times each. Every one of these "
        f"{replicates:,} runs is another place with other people in need and other luck; at all combinations they are "
        "the same places, people and luck, so that what differs is due to what varied. Everybody in need in the "
        "place is followed, whether they ever come to the group or not."
    )
    rate = (
        "Turnover counts how often a helper’s role is given up. At 100 % a year helpers stay in the role for one year "
        "on average; at 400 % for three months. Rates above 100 % mean that a place changes hands more than once a "
        "year. Helpers who wear out, move away or drop out come on top. A helper who steps down stays in the group as "
        "a member; one who departs leaves it."
    )
    rows = [
        [NAMES.get(path, path), "; ".join(_level(path, value) for value in found.levels(path))] for path in found.axes
    ]
    rows += [
        [NAMES[path], f"{_level(path, found.assumed(path))} (in all runs)"]
        for path in (LEAVES, SUCCESSION, RULE)
        if path not in found.axes and found.assumed(path) is not None
    ]
    usual = (
        "" if not layout.rule_varies else f"Unless said otherwise the rule holds, at a rate of {layout.rule:g} a year."
    )
    return section(
        "What was done",
        paragraphs(text, rate),
        table(["What", "Values"], rows, "What varied"),
        paragraphs(usual),
        key="done",
    )


def _level(path: str, value: object) -> str:
    return meaning(path, value) if isinstance(value, (int, float)) else value_text(value)
