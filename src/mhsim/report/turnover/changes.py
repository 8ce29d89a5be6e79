"""The sections on what changes survival: turnover itself, the rule about groups without helpers, and successors."""

from __future__ import annotations

from mhsim.report.formatting import capital, difference_cell, plain, share_cell, value_text
from mhsim.report.html import Markup, figures, folded, items, paragraphs, section, table
from mhsim.report.turnover.contrasts import (
    Contrast,
    rule_contrast,
    rule_time,
    share_of_fall,
    share_told,
    succession_contrast,
    succession_time,
    time_told,
    told,
)
from mhsim.report.turnover.layout import Layout, Way, following, leaving, per_cent, rate_rows, way_words
from mhsim.report.turnover.steepest_fall import Fall, fall_of, per_ten, steepness, verdict
from mhsim.report.turnover.survival_section import alive_at, by_rate

CLEAR = "“Clear” marks differences that stand out even among all those shown together in a column."


def falls_of(layout: Layout) -> dict[Way, Fall | None]:
    """Return how survival changes with turnover, for every way."""
    return {way: fall_of(layout.rates, layout.matrix("alive_at_end", way)) for way in layout.ways}


def falls_section(layout: Layout) -> Markup:
    """Return the section: where survival changes fastest."""
    falls = falls_of(layout)
    texts = []
    for way, fall in falls.items():
        texts.append(f"{capital(way_words(way))}: {verdict(fall)} {steepness(fall)}".strip())
    explanation = (
        "Each rate is compared with the next one, group by group: the same places, the same people in need and the "
        "same luck, only the turnover differs. A step is called the largest without a proviso only if it stays so "
        "when the runs are drawn again and again at random."
    )
    tables = [fall_table(way, fall) for way, fall in falls.items() if fall is not None]
    return section(
        "Where survival changes fastest",
        paragraphs(explanation),
        items(texts),
        folded("All steps from one rate to the next", *tables, paragraphs(CLEAR)) if tables else "",
        key="fastest",
    )


def fall_table(way: Way, fall: Fall) -> Markup:
    """Return the table of all steps for one way."""
    rows = [
        [
            f"{per_cent(fall.rates[k])} to {per_cent(fall.rates[k + 1])}",
            difference_cell(step),
            plain(per_ten(fall, k), 1),
        ]
        for k, step in enumerate(fall.steps)
    ]
    head = ["Turnover a year, from and to", "Change, of 100 groups", "Change for every 10 % a year"]
    return table(head, rows, f"{capital(way_words(way))}: change of survival from each rate to the next")


def rule_section(layout: Layout) -> Markup:
    """Return the section: how much is due to the rule that a group without helpers may close for that alone."""
    title = "How much is due to the rule “no helper closes a group”"
    if not layout.rule_varies:
        state = "It was not used in any run." if layout.rule == 0.0 else "It was in force in all runs."
        text = f"The rule was not varied in this study, so its part cannot be told. {state}"
        return section(title, paragraphs(text), key="rule")
    explanation = (
        "In the model a group that has nobody to carry it may close for that reason alone (at a rate that grows over "
        f"half a year to {layout.rule:g} a year). To see how much of the result was put in by this rule, the same "
        "runs were done without it."
    )
    contrasts = {way: rule_contrast(layout, way) for way in layout.ways}
    texts = []
    for way in layout.ways:
        share = share_of_fall(layout, way)
        if share is not None:
            part = contrasts[way]
            along = "" if part is None else capital(told(part, "having the rule"))
            texts.append(f"{capital(way_words(way))}: {share_told(share)} {along} {time_told(rule_time(layout, way))}")
    pictures = [_rule_picture(layout, way) for way in layout.ways]
    return section(
        title,
        paragraphs(explanation),
        items(texts),
        figures(pictures, "Survival with the rule and without it, of 100 groups; bars as above."),
        contrast_table(layout, contrasts, "Survival with the rule less survival without it, of 100 groups"),
        paragraphs(CLEAR),
        key="rule",
    )


def _rule_picture(layout: Layout, way: Way) -> str:
    lines = [("with the rule", alive_at(layout, way)), ("without it", alive_at(layout, way, no_leader_per_year=0.0))]
    return by_rate(layout.rates, lines, capital(way_words(way)), "alive at the end, of 100 groups", (0, 104))


def contrast_table(layout: Layout, contrasts: dict[Way, Contrast | None], caption: str) -> Markup:
    """Return a table of contrasts along the rates, one column per way."""
    shown = {way: found for way, found in contrasts.items() if found is not None}
    rows = [
        [rate, *(difference_cell(found.each[k]) for found in shown.values())]
        for k, rate in enumerate(rate_rows(layout.rates))
    ]
    rows.append(["all rates", *(difference_cell(found.overall) for found in shown.values())])
    return table(["Turnover a year", *(capital(way_words(way)) for way in shown)], rows, caption)


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
        f"{capital(leaving(leaves))}: {capital(told(each, 'preparing successors'))} "
        f"{time_told(succession_time(layout, leaves))}"
        for leaves, each in found.items()
        if each is not None
    ]
    shown = {leaves: each for leaves, each in found.items() if each is not None}
    rows = [
        [rate, *(difference_cell(each.each[k]) for each in shown.values())]
        for k, rate in enumerate(rate_rows(layout.rates))
    ]
    rows.append(["all rates", *(difference_cell(each.overall) for each in shown.values())])
    head = ["Turnover a year", *(capital(leaving(leaves)) for leaves in shown)]
    caption = "Survival with successors prepared less survival without, of 100 groups"
    return section(
        title, paragraphs(explanation), items(texts), table(head, rows, caption), paragraphs(CLEAR), key="succession"
    )


def others_section(layout: Layout) -> Markup:
    """Return the section on whatever else varies: survival at each of its values; nothing if nothing else does."""
    if not layout.others:
        return Markup("")
    tables = []
    for path in layout.others:
        levels = layout.found.levels(path)
        way = layout.ways[0]
        columns = [alive_at(layout, way, **{path.split(".")[-1]: value}) for value in levels]  # type: ignore[arg-type]
        rows = [
            [rate, *(share_cell(column[k]) for column in columns)] for k, rate in enumerate(rate_rows(layout.rates))
        ]
        caption = f"Still meeting at the end, of 100 groups, by {path}; {way_words(way)}"
        tables.append(table(["Turnover a year", *(f"{path} = {value_text(v)}" for v in levels)], rows, caption))
    usual = ", ".join(f"{path} = {layout.usual[path]}" for path in layout.others)
    return section("What else was varied", paragraphs(f"Everything above holds for {usual}."), *tables, key="others")
