"""The section on people in need, and its sentences."""

from __future__ import annotations

from collections.abc import Sequence

from mhsim.report.formatting import capital, difference_cell, duration, joined, plain, signed, span
from mhsim.report.html import Markup, element, figures, folded, note, paragraphs, section, table
from mhsim.report.intervals import FEWEST, Estimate
from mhsim.report.turnover.layout import Layout, rate_rows, rate_words
from mhsim.report.turnover.people import (
    EVERYBODY,
    OUTCOMES,
    Comparison,
    Outcome,
    by_fate,
    by_rule,
    by_turnover,
    early_and_lived_counts,
    watched,
)
from mhsim.report.turnover.survival_section import by_rate

SAME = (
    "Each rate is compared with the lowest one in the same place under the same luck. For everybody in need these are "
    "the same people, so the difference is what turnover does to them in the model. Who joins depends on whether there "
    "is a group, so those who joined at one rate are not exactly those who joined at another."
)
RAW = (
    "This is not what closing does to people. Groups close where places differ: where fewer people come, or where "
    "those who come are worse off. And where a group closed early, those who joined are those who came while it was "
    "there."
)

LITTLE = 0.02
"""Clear differences below this are called small: two of a hundred people, or two points of a hundred."""


def people_section(layout: Layout) -> Markup:
    """Return the section: what became of people in need."""
    title = "What became of people in need"
    outcomes = watched(layout.found)
    if not outcomes:
        return section(title, paragraphs("How people fared was not kept in this study."), key="people")
    return section(title, *_turnover_part(layout, outcomes), *_rule_part(layout), *_fate_part(layout), key="people")


def _turnover_part(layout: Layout, outcomes: Sequence[Outcome]) -> list[Markup]:
    everybody = [outcome for outcome in EVERYBODY if outcome in outcomes]
    changes = {outcome.measure: by_turnover(layout, outcome.measure) for outcome in outcomes}
    texts = [change_told(layout.rates[-1], o, changes[o.measure]) for o in everybody]
    pictures = [
        by_rate(layout.rates, [("", changes[o.measure])], _short(o), "change from the lowest turnover")
        for o in everybody
    ]
    rows = [
        [rate, *(_cell(changes[o.measure][k], o) for o in outcomes)] for k, rate in enumerate(rate_rows(layout.rates))
    ]
    head = ["Turnover a year", *(capital(o.words) for o in outcomes)]
    caption = "Difference from the lowest turnover, same replicate; of 100 people, or points on a scale of 0 to 100"
    return [
        element("h3", "The same people at another turnover"),
        paragraphs(SAME, " ".join(texts)),
        figures(pictures, "Everybody in need, difference from the lowest turnover; of 100 people or points of 100."),
        folded("The same in numbers, also for those who joined and those who did not", table(head, rows, caption)),
    ]


def _short(outcome: Outcome) -> str:
    words = {
        "accommodated_at_52": "Living with it after a year",
        "accommodated_at_104": "Living with it after two years",
        "hope_at_52": "Hope after a year",
        "distress_at_52": "Distress after a year",
    }
    return words.get(outcome.measure, capital(outcome.words))


def _cell(found: Estimate, outcome: Outcome) -> str:
    return difference_cell(found, 100.0, outcome.digits)


def change_told(rate: float, outcome: Outcome, changes: Sequence[Estimate]) -> str:
    """Return in words how people fare at the highest rate against the lowest."""
    last = changes[-1]
    subject = capital(_short(outcome)[:1].lower() + _short(outcome)[1:])
    if not last.known or last.cases < FEWEST:
        return f"{subject}: too few runs to say."
    value, low, high = (signed(100 * part, outcome.digits) for part in (last.value, last.low, last.high))
    size = f"{value} ({span(low, high)}) {'of 100 people' if outcome.digits == 1 else 'points of 100'}"
    if last.clear:
        worse = "worse" if (last.value < 0) == outcome.good else "better"
        how = f"slightly {worse}, clear but small" if abs(last.value) < LITTLE else f"clearly {worse}"
        return f"{subject}: {how} at {rate_words(rate)}, {size}."
    return f"{subject}: no clear difference at {rate_words(rate)}, {size}."


def _rule_part(layout: Layout) -> list[Markup]:
    """Return what closing itself does, as far as the runs without the rule show it."""
    if not layout.rule_varies:
        return []
    everybody = watched(layout.found, EVERYBODY)
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
    rows = [[_short(outcome), _cell(each, outcome)] for outcome, each in found]
    caption = "Closed less still meeting, same people; of 100 people, or points on a scale of 0 to 100"
    return [title, paragraphs(text), table(["Everybody in need", "Difference"], rows, caption)]


def _fate_part(layout: Layout) -> list[Markup]:
    outcomes = watched(layout.found, OUTCOMES)
    half, whole = duration(layout.found.weeks / 2), duration(layout.found.weeks)
    early, lived = early_and_lived_counts(layout)
    title = element("h3", "Places whose group closed early, and places whose group lived")
    if not early or not lived:
        text = (
            f"{early:,} groups closed within {half} and {lived:,} lived for all of {whole}; "
            "so there is nothing to compare."
        )
        return [title, paragraphs(text)]
    found = by_fate(layout, outcomes)
    rows = [
        [capital(o.words), plain(100 * c.early, 1), plain(100 * c.lived, 1), _cell(c.difference, o)]
        for o, c in zip(outcomes, found, strict=True)
    ]
    head = ["Of 100 people, or points of 100", f"Closed within {half}", f"Lived for all of {whole}", "Difference"]
    caption = f"{early:,} groups that closed early and {lived:,} that lived, compared within the same settings"
    return [title, note(RAW), paragraphs(fate_told(outcomes, found)), table(head, rows, caption)]


def fate_told(outcomes: Sequence[Outcome], found: Sequence[Comparison]) -> str:
    """Return in words in what the two kinds of place differ clearly, everybody in need taken together."""
    pairs = [(o, c) for o, c in zip(outcomes, found, strict=True) if o in EVERYBODY and c.difference.known]
    clear = [(o, c) for o, c in pairs if c.difference.clear]
    if not pairs:
        return "There are no settings in which some groups closed early and others lived; nothing can be compared."
    if not clear:
        return "Taking everybody in need together, the two kinds of place do not differ clearly."
    parts = [
        f"{_short(o)[:1].lower() + _short(o)[1:]} ({plain(100 * c.early, 1)} against {plain(100 * c.lived, 1)})"
        for o, c in clear
    ]
    return f"Taking everybody in need together, the places differ clearly in {joined(parts)}; see the warning above."
