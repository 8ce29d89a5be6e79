"""The page about helper turnover, section by section."""

from __future__ import annotations

from markupsafe import Markup

from mhsim.report.formatting import GROUPS, capital, duration, hundred, joined, value_text
from mhsim.report.html import NOTHING, answer_box, items, note, paragraphs, section, table
from mhsim.report.study_page import StudyPage
from mhsim.report.turnover.conditions import (
    LEAVES,
    RULE,
    SUCCESSION,
    TURNOVER,
    Layout,
    Way,
    following,
    layout_of,
    leaving,
    meaning,
    rate_words,
    way_words,
)
from mhsim.report.turnover.contrasts import (
    contrast_words,
    rule_section,
    share_of_fall,
    share_words,
    succession_contrast,
    succession_section,
)
from mhsim.report.turnover.falls import falls_of, falls_section, verdict
from mhsim.report.turnover.helpers import helpers_section
from mhsim.report.turnover.people import EVERYBODY, by_turnover, change_words, people_section, watched
from mhsim.report.turnover.reasons import reasons_section
from mhsim.report.turnover.survival import alive_at, alive_section, curves_section
from mhsim.stats import Estimate

NAMES = {
    TURNOVER: "Turnover: how often helpers stop helping",
    LEAVES: "Of those who stop helping, the share who leave the group too",
    SUCCESSION: "Whether a trained successor takes over a helper’s place",
    RULE: "The rule that a group with nobody to run it may close for that alone (rate a year)",
}
QUESTION = "When helpers change more often, how long does a mutual help group last, and what becomes of people in need?"
RATES = (
    "Turnover counts how often a helper’s role is given up. At 100 % a year helpers stay in the role for one year on "
    "average; at 400 % for three months. Rates above 100 % mean that a place changes hands more than once a year. "
    "Helpers who burn out, move away or drop out come on top. A helper who steps down stays in the group as a member; "
    "one who departs leaves it."
)


def sections(layout: Layout) -> list[Markup]:
    """Return the sections of the page, the short answer first."""
    makers = (
        answer_section,
        slice_note,
        done_section,
        alive_section,
        falls_section,
        curves_section,
        rule_section,
        succession_section,
        reasons_section,
        people_section,
        helpers_section,
        others_section,
    )
    found = [make(layout) for make in makers]
    if not layout.data.question:
        found.insert(2, section("The question", paragraphs(QUESTION), key="asked"))
    return found


turnover_page = StudyPage(
    "Helper turnover and the life of a mutual help group",
    layout_of,
    sections,
    lambda layout: (TURNOVER, LEAVES, SUCCESSION, RULE),
    turnover=lambda data: True,
    kicker="A simulation study of {runs:,} runs of a group",
).page_of


def answer_section(layout: Layout) -> Markup:
    """Return the box with the short answer; it names the part of the study that it is about."""
    part = layout.slice_words()
    texts = [f"This is about {part}." if part else ""]
    texts += [*_survival(layout), *_succession(layout), *_rule(layout), *_people(layout)]
    texts.append(
        "All this holds in a model with many assumed numbers. It says what follows from the assumptions, not what has "
        "been measured in real groups."
    )
    return answer_box(items(texts))


def slice_note(layout: Layout) -> Markup:
    """Return a box that says which part of the study the page is about; nothing if it is all of it."""
    part = layout.slice_words()
    if not part:
        return NOTHING
    return note(f"The sections below are about {part}, unless they say otherwise. “What else was varied” has the rest.")


def _main_ways(layout: Layout) -> list[Way]:
    """Return one way for each kind of leaving, with the lowest chance of succession."""
    return [Way(leaves, layout.successions[0]) for leaves in layout.leaves]


def _survival(layout: Layout) -> list[str]:
    long, falls = duration(layout.data.weeks), falls_of(layout)
    texts = []
    for way in _main_ways(layout):
        shares = alive_at(layout, way)
        start = f"{capital(leaving(way.leaves))} ({following(way.succession)})"
        parts = [f"{hundred(shares[k].value)} at {rate_words(layout.rates[k])}" for k in _named_rates(layout, shares)]
        if not parts:
            texts.append(f"{start}: no run ended well.")
        elif len({share.value for share in shares if share.known}) == 1:
            texts.append(f"{start}: {verdict(falls[way])}")
        else:
            counts = f"Of 100 groups, still meeting after {long} were {joined(parts)}"
            texts.append(f"{start}: {counts}. {verdict(falls[way])}")
    return texts


def _named_rates(layout: Layout, shares: list[Estimate]) -> list[int]:
    """Return which rates are named in the answer: the lowest, the base scenario's, about 100 % a year, the highest."""
    known = [k for k, share in enumerate(shares) if share.known]
    if not known:
        return []
    rates = layout.rates
    wanted = [rates[known[0]], 1.0, rates[known[-1]]]
    base = layout.data.base.get("serve", {}).get("turnover_per_year")
    wanted += [float(base)] if isinstance(base, (int, float)) else []
    return sorted({min(known, key=lambda k: (abs(rates[k] - rate), k)) for rate in wanted})


def _succession(layout: Layout) -> list[str]:
    found = {leaves: succession_contrast(layout, leaves) for leaves in layout.leaves}
    return [
        f"{capital(leaving(leaves))}: {capital(contrast_words(one, 'preparing successors'))}"
        for leaves, one in found.items()
        if one is not None
    ]


def _rule(layout: Layout) -> list[str]:
    texts = []
    for way in _main_ways(layout):
        share = share_of_fall(layout, way)
        if share is not None and share.fall.falls:
            start = f"The rule “no helper closes a group”, {leaving(way.leaves)} ({following(way.succession)})"
            texts.append(f"{start}: {share_words(share)}")
    return texts


def _people(layout: Layout) -> list[str]:
    outcomes = [o for o in watched(layout.data, EVERYBODY) if o.measure in ("accommodated_at_52", "distress_at_52")]
    parts = [change_words(layout.rates[-1], o, by_turnover(layout, o.measure)) for o in outcomes]
    return [f"Everybody in need, against the lowest turnover: {' '.join(parts)}"] if parts else []


def done_section(layout: Layout) -> Markup:
    """Return the section: what was done, and a table of what varied."""
    data = layout.data
    replicates, points = data.shape[1], len(data.points)
    title = str(data.base.get("title") or data.base_name)
    text = (
        f"A computer model of a mutual help group ({title}) was run {int(data.stored.sum()):,} times for "
        f"{duration(data.weeks)}: at {points:,} combinations of what varied, {replicates:,} times each. Every one of "
        f"these {replicates:,} runs is another place with other people in need and another random seed; at all "
        "combinations they are the same places, people and seeds, so that what differs is due to what varied. "
        "Everybody in need in the place is followed, whether they ever come to the group or not."
    )
    rows = [
        [NAMES.get(path, path), "; ".join(_level(path, value) for value in data.levels(path))] for path in data.axes
    ]
    rows += [
        [NAMES[path], f"{_level(path, data.assumed(path))} (in all runs)"]
        for path in (LEAVES, SUCCESSION, RULE)
        if path not in data.axes and data.assumed(path) is not None
    ]
    usual = f"Unless said otherwise the rule holds, at a rate of {layout.rule:g} a year." if layout.rule_varies else ""
    varied = table(["What", "Values"], rows, "What varied")
    return section("What was done", paragraphs(text, RATES), varied, paragraphs(usual), key="done")


def _level(path: str, value: object) -> str:
    return meaning(path, value) if isinstance(value, (int, float)) else value_text(value)


def others_section(layout: Layout) -> Markup:
    """Return the section on whatever else varies: survival at each of its values; nothing if nothing else does."""
    if not layout.others:
        return NOTHING
    tables = []
    for path in layout.others:
        way = layout.ways[0]
        columns = {
            f"{path} = {value_text(value)}": [
                GROUPS.estimate(one)
                for one in alive_at(layout, way, **{path.split(".")[-1]: value})  # type: ignore[arg-type]
            ]
            for value in layout.data.levels(path)
        }
        rest = [f"{other} = {value_text(layout.usual[other])}" for other in layout.others if other != path]
        where = joined([way_words(way), *rest], "with")
        tables.append(layout.table(columns, f"Still meeting at the end, of 100 groups, by {path}; {where}"))
    text = f"Everything above holds for {layout.slice_words()}."
    return section("What else was varied", paragraphs(text), *tables, key="others")
