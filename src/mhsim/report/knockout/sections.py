"""The sections of the page of a knock-out: by form, other measures, pairs, shares, and what it leans on."""

from __future__ import annotations

from mhsim.report.formatting import capital, difference_cell
from mhsim.report.html import Markup, figures, folded, items, paragraphs, section, table
from mhsim.report.knockout.answer import difference_told, shares_told
from mhsim.report.knockout.figures import extent, ranked_bars
from mhsim.report.knockout.tables import Row, Tables, change, estimate, turned
from mhsim.report.knockout.wording import amount, level, meaning, scale, thing, unit, without

MOST_PAIRS = 40
CAPTION = "What changes without each thing, the largest change first."
HOLLOW = "Filled bars are clear, hollow ones are not; the lines show the range of chance."


def ranking_section(tables: Tables) -> Markup:
    """Return the section with what changes without each thing, in every form."""
    outcome = tables.outcome
    bars = {form: [(thing(row["knockout"]), change(row)) for row in tables.of(form)] for form in tables.forms}
    reach = extent([bar for found in bars.values() for bar in found], outcome)
    axis = "change without it"
    made = [ranked_bars(found, outcome, form, axis, reach) for form, found in bars.items()]
    drawn = figures([one for one in made if one], f"{CAPTION} {HOLLOW}")
    parts = [table_of_form(tables, form) for form in tables.forms]
    return section("What is lost without each thing", drawn, *parts, key="ranking")


def table_of_form(tables: Tables, form: str) -> Markup:
    """Return the numbers of a form: with each thing, without it, and the change."""
    outcome = tables.outcome
    head = ["Without", "As it is", "Without it", f"Change ({unit(outcome)})", "Compared", "Left out"]
    rows = [
        [
            thing(row["knockout"]),
            level(outcome, row["intact"]),
            level(outcome, row["without"]),
            "off already" if row["off_already"] else difference_cell(change(row), scale(outcome), 1),
            str(row["replicates"]),
            left_out(row),
        ]
        for row in tables.of(form)
    ]
    return table(head, rows, f"{form}: {meaning(outcome)}")


def left_out(row: Row) -> str:
    """Return how many replicates were left out, and why."""
    parts = [f"{row['failed']} failed" if row["failed"] else "", f"{row['no_case']} no case" if row["no_case"] else ""]
    return ", ".join(part for part in parts if part) or "none"


def forms_section(tables: Tables) -> Markup:
    """Return the section on which thing works for whom; nothing with a single form."""
    rows = [row for row in tables.form_differences if row["measure"] == tables.outcome]
    if not rows:
        return Markup("")
    clear = sorted((row for row in rows if row["clear"]), key=lambda row: -abs(row["difference"]))
    text = (
        "Each line sets what a thing does in one form against what it does in another, replicate by replicate; all "
        "lines are judged together."
    )
    told = items([difference_told(tables, row) for row in clear])
    head = ["Thing", "Form", "Other form", f"Difference of effects ({unit(tables.outcome)})"]
    listed = [
        [
            thing(row["knockout"]),
            row["form"],
            row["other_form"],
            difference_cell(estimate(row, "difference"), scale(tables.outcome), 1),
        ]
        for row in rows
    ]
    whole = folded("All comparisons of forms", table(head, listed, "What a thing does, by form"))
    none = "" if clear else "None of them is clear."
    return section("Which thing works for whom", paragraphs(text, none), told, whole, key="forms")


def others_section(tables: Tables) -> Markup:
    """Return the section with every other measure: one table each, knock-outs by forms."""
    parts = []
    for measure in tables.measures[1:]:
        by_form = {form: {row["knockout"]: row for row in tables.of(form, measure)} for form in tables.forms}
        names = [row["knockout"] for row in tables.of(tables.forms[0])]
        rows = [
            [thing(name), *(difference_cell(change(by_form[form][name]), scale(measure), 1) for form in tables.forms)]
            for name in names
        ]
        parts.append(table(["Change without", *tables.forms], rows, f"{measure}: {meaning(measure)}"))
    if not parts:
        return Markup("")
    text = "What changes in the other measures without each thing: the largest clear change in each, then all of them."
    largest = [text for measure in tables.measures[1:] for text in largest_told(tables, measure)]
    note = "A minus means less without it."
    return section(
        "Other measures", paragraphs(text), items(largest), folded("The tables", paragraphs(note), *parts), key="others"
    )


def largest_told(tables: Tables, measure: str) -> list[str]:
    """Return a sentence on the largest clear change of a measure in any form; none if none is clear."""
    rows = [(form, row) for form in tables.forms for row in tables.of(form, measure) if row["clear"]]
    if not rows:
        return []
    form, row = max(rows, key=lambda pair: abs(pair[1]["effect"]))
    where = f", {form}" if len(tables.forms) > 1 else ""
    return [f"{capital(meaning(measure))}{where}: {without(row['knockout'])} {amount(measure, change(row))}."]


def pairs_section(tables: Tables) -> Markup:
    """Return the section on pairs: whether two things together matter more or less than their sum."""
    rows = [row for row in tables.interactions if row["measure"] == tables.outcome]
    if not rows:
        return Markup("")
    clear = [row for row in rows if row["clear"]]
    text = (
        "If the change without both is larger than the sum of the two changes, each stands in for the other; if it "
        "is smaller, they work on the same people, or through each other."
    )
    told = items([pair_told(tables, row) for row in clear[:6]])
    head = ["Form", "Without", "and without", "Change without both", "Sum of the two", "Beyond the sum"]
    listed = [
        [
            row["form"],
            thing(row["one"]),
            thing(row["other"]),
            level(tables.outcome, _less(row["effect_of_both"])),
            level(tables.outcome, _less(row["sum_of_effects"])),
            difference_cell(turned(estimate(row, "interaction")), scale(tables.outcome), 1),
        ]
        for row in [*clear, *(row for row in rows if not row["clear"])][:MOST_PAIRS]
    ]
    short = f" The first {MOST_PAIRS} of {len(rows)}." if len(rows) > MOST_PAIRS else ""
    whole = folded("Pairs", table(head, listed, f"Two things taken away together, clear ones first.{short}"))
    none = "" if clear else "No pair clearly differs from its sum."
    return section("Two at a time", paragraphs(text, none), told, whole, key="pairs")


def _less(value: float | None) -> float | None:
    return None if value is None else -value


def pair_told(tables: Tables, row: Row) -> str:
    """Return in words how two things taken away together differ from their sum."""
    both, added = (level(tables.outcome, _less(row[key])) for key in ("effect_of_both", "sum_of_effects"))
    return (
        f"{row['form']}: {without(row['one'])} and {without(row['other'])} the change is {both}; the two alone add "
        f"up to {added}."
    )


def shares_section(tables: Tables) -> Markup:
    """Return the section on fair shares; nothing if none were asked for."""
    if not tables.shapley:
        return Markup("")
    measure = str(tables.shapley[0]["measure"])
    bars = {
        form: [(thing(row["sharer"]), estimate(row, "share")) for row in tables.shapley if row["form"] == form]
        for form in tables.forms
    }
    reach = extent([bar for found in bars.values() for bar in found], measure)
    drawn = [ranked_bars(found, measure, f"{form}: shares", "share", reach) for form, found in bars.items()]
    text = (
        f"What is shared out: {meaning(measure)}. A thing's share is what it adds to the others, averaged over all "
        "orders in which they could be put in place (Shapley value); the shares add up to the effect of all together."
    )
    told = items([shares_told(tables, form) for form in tables.forms])
    return section("Fair shares", paragraphs(text), told, figures([one for one in drawn if one], HOLLOW), key="shares")
