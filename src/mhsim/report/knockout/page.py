"""The page of a knock-out: what is lost without each mechanism, in which form, and what the effects lean on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from mhsim.report.figures import Bar, extent, ranked_bars
from mhsim.report.formatting import capital, durations, joined, scale_of, turned, value_text
from mhsim.report.html import NOTHING, figures, folded, items, paragraphs, section, table
from mhsim.report.knockout.answer import answer_section, difference_words, shares_words
from mhsim.report.knockout.tables import Tables, change, estimate, meaning, thing, without
from mhsim.report.knowledge import Result
from mhsim.report.study_page import StudyPage
from mhsim.studies.data import Row, StudyData

MOST_PAIRS = 40
CAPTION = "What changes without each thing, the largest change first."
HOLLOW = "Filled bars are clear, hollow ones are not; the lines are 95 % ranges."
FROZEN = (
    "In a simulated world nothing takes the place of what is gone. Real people would find something else.",
    "To switch a mechanism off is to freeze what it moves, not to undo it: without ties and belonging, members who "
    "feel they belong go on doing so.",
    "Effects of single things do not add up: two may do the same work, or need each other.",
    "Measures of joiners alone compare other people where a knock-out changes who joins; those of all people in need "
    "compare the same places and the same chance events, but for those who move away before they are counted.",
    "A thing may do much at other values, in another form, or for a longer time than was simulated.",
)


def sections(tables: Tables) -> list[Markup]:
    """Return the sections of the page, the short answer first."""
    return [
        answer_section(tables),
        done_section(tables),
        ranking_section(tables),
        forms_section(tables),
        pairs_section(tables),
        shares_section(tables),
        others_section(tables),
        leaning_section(tables),
        section("What taking away cannot show", items(FROZEN), key="cannot"),
    ]


def results(tables: Tables) -> list[Result]:
    """Return what changes in the outcome without each thing, in every form."""
    return [
        Result(f"{capital(meaning(tables.outcome))}, {form}, {without(row['knockout'])}", change(row), tables.scale)
        for form in tables.forms
        for row in tables.of(form)
    ]


page_of = StudyPage(
    "What each mechanism does", Tables, sections, lambda tables: tables.data.axes, results=results
).page_of


def parts(data: StudyData, measure: str) -> list[Markup]:
    """Return what the analysis has to show on the dashboard."""
    tables = Tables(data)
    return [make(tables) for make in (answer_section, ranking_section, forms_section, pairs_section, shares_section)]


def done_section(tables: Tables) -> Markup:
    """Return the section: what was done."""
    from mhsim.scenario import parameter_rows

    data, meanings = tables.data, {row["path"]: row["meaning"] for row in parameter_rows()}
    text = (
        f"{capital(joined(tables.forms))} {'was' if len(tables.forms) == 1 else 'were'} run for "
        f"{durations(list(data.lengths))}, {int(data.stored.sum()):,} times in all: {data.shape[1]:,} times each as it "
        "is and without each thing. The same replicate has the same random seed everywhere, so every difference is "
        "paired."
    )
    rows = []
    for name in sorted({row["knockout"] for row in tables.effects}):
        values = tables.taken_away(name)
        how = ", ".join(f"{path} = {value_text(value)}" for path, value in values.items())
        rows.append([thing(name), how, "; ".join(meanings.get(path, "") for path in values)])
    head = ["Taken away", "How", "What it is"]
    return section("What was done", paragraphs(text), table(head, rows, "Things"), key="done")


def ranking_section(tables: Tables) -> Markup:
    """Return the section with what changes without each thing, in every form."""
    bars = {form: [_bar(row["knockout"], change(row)) for row in tables.of(form)] for form in tables.forms}
    reach = extent([bar.estimate for found in bars.values() for bar in found])
    axis = f"change without it ({tables.scale.unit})"
    drawn = [ranked_bars(found, tables.scale, form, axis, reach=reach) for form, found in bars.items()]
    listed = [table_of_form(tables, form) for form in tables.forms]
    title = "What is lost without each thing"
    return section(title, figures(drawn, f"{CAPTION} {HOLLOW}"), *listed, key="ranking")


def _bar(name: str, found: Any) -> Bar:
    return Bar(thing(name), found, found.clear)


def table_of_form(tables: Tables, form: str) -> Markup:
    """Return the numbers of a form: with each thing, without it, and the change."""
    scale = tables.scale
    head = ["Without", "As it is", "Without it", f"Change ({scale.unit})", "Compared", "Left out"]
    rows = [
        [
            thing(row["knockout"]),
            scale.level(row["intact"]),
            scale.level(row["without"]),
            "off already" if row["off_already"] else scale.change(change(row)),
            str(row["replicates"]),
            left_out(row),
        ]
        for row in tables.of(form)
    ]
    return table(head, rows, f"{form}: {meaning(tables.outcome)}")


def left_out(row: Row) -> str:
    """Return how many replicates were left out, and why."""
    reasons = [
        f"{row['failed']} failed" if row["failed"] else "",
        f"{row['no_case']} no case" if row["no_case"] else "",
    ]
    return ", ".join(reason for reason in reasons if reason) or "none"


def forms_section(tables: Tables) -> Markup:
    """Return the section on which thing works for whom; nothing with a single form."""
    rows = [row for row in tables.form_differences if row["measure"] == tables.outcome]
    if not rows:
        return NOTHING
    clear = tables.known_differences()
    text = (
        "Each line sets what a thing does in one form against what it does in another, replicate by replicate; all "
        "lines are judged together."
    )
    head = ["Thing", "Form", "Other form", f"Difference of effects ({tables.scale.unit})"]
    listed = [
        [thing(row["knockout"]), row["form"], row["other_form"], tables.scale.change(estimate(row, "difference"))]
        for row in rows
    ]
    whole = folded("All comparisons of forms", table(head, listed, "What a thing does, by form"))
    told = items(difference_words(tables, row) for row in clear)
    none = "" if clear else "None of them is clear."
    return section("Which thing works for whom", paragraphs(text, none), told, whole, key="forms")


def others_section(tables: Tables) -> Markup:
    """Return the section with every other measure: one table each, knock-outs by forms."""
    listed, largest = [], []
    for measure in tables.measures[1:]:
        by_form = {form: {row["knockout"]: change(row) for row in tables.of(form, measure)} for form in tables.forms}
        names = dict.fromkeys(name for found in by_form.values() for name in found)
        scale = scale_of(measure)
        rows = [
            [thing(name), *(scale.change(found[name]) if name in found else "–" for found in by_form.values())]
            for name in names
        ]
        listed.append(table(["Change without", *tables.forms], rows, f"{measure}: {meaning(measure)}"))
        largest.append(_largest(tables, measure))
    if not listed:
        return NOTHING
    text = "What changes in the other measures without each thing: the largest clear change in each, then all of them."
    tables_folded = folded("The tables", paragraphs("A minus means less without it."), *listed)
    return section("Other measures", paragraphs(text), items(largest), tables_folded, key="others")


def _largest(tables: Tables, measure: str) -> str:
    """Return a sentence on the largest clear change of a measure in any form; nothing if none is clear."""
    rows = [(form, row) for form in tables.forms for row in tables.of(form, measure) if row["clear"]]
    if not rows:
        return ""
    form, row = max(rows, key=lambda pair: abs(pair[1]["effect"]))
    where = f", {form}" if len(tables.forms) > 1 else ""
    amount = scale_of(measure).amount(change(row))
    return f"{capital(meaning(measure))}{where}: {without(row['knockout'])} {amount}."


def pairs_section(tables: Tables) -> Markup:
    """Return the section on pairs: whether two things together matter more or less than their sum."""
    rows = [row for row in tables.interactions if row["measure"] == tables.outcome]
    if not rows:
        return NOTHING
    clear = [row for row in rows if row["clear"]]
    text = (
        "If the change without both is larger than the sum of the two changes, each stands in for the other; if it "
        "is smaller, they work on the same people, or through each other."
    )
    head = ["Form", "Without", "and without", "Change without both", "Sum of the two", "Beyond the sum"]
    listed = [
        [
            row["form"],
            thing(row["one"]),
            thing(row["other"]),
            *_both_and_sum(tables, row),
            tables.scale.change(turned(estimate(row, "interaction"))),
        ]
        for row in [*clear, *(row for row in rows if not row["clear"])][:MOST_PAIRS]
    ]
    short = f" The first {MOST_PAIRS} of {len(rows)}." if len(rows) > MOST_PAIRS else ""
    whole = folded("Pairs", table(head, listed, f"Two things taken away together, clear ones first.{short}"))
    none = "" if clear else "No pair clearly differs from its sum."
    return section(
        "Two at a time",
        paragraphs(text, none),
        items(_pair_words(tables, row) for row in clear[:6]),
        whole,
        key="pairs",
    )


def _both_and_sum(tables: Tables, row: Row) -> list[str]:
    """Return what changes without both, and the sum of what changes without each."""
    return [tables.scale.level(None if row[key] is None else -row[key]) for key in ("effect_of_both", "sum_of_effects")]


def _pair_words(tables: Tables, row: Row) -> str:
    both, added = _both_and_sum(tables, row)
    return (
        f"{row['form']}: {without(row['one'])} and {without(row['other'])} the change is {both}; the two alone add "
        f"up to {added}."
    )


def shares_section(tables: Tables) -> Markup:
    """Return the section on fair shares; nothing if none were asked for."""
    if not tables.shapley:
        return NOTHING
    measure = str(tables.shapley[0]["measure"])
    scale = scale_of(measure)
    bars = {
        form: [_bar(row["sharer"], estimate(row, "share")) for row in tables.shapley if row["form"] == form]
        for form in tables.forms
    }
    reach = extent([bar.estimate for found in bars.values() for bar in found])
    axis = f"share ({scale.unit})"
    drawn = [ranked_bars(found, scale, f"{form}: shares", axis, reach=reach) for form, found in bars.items()]
    text = (
        f"What is shared out: {meaning(measure)}. A thing's share is what it adds to the others, averaged over all "
        "orders in which they could be put in place (Shapley value); the shares add up to the effect of all together."
    )
    told = items(shares_words(tables, form) for form in tables.forms)
    return section("Fair shares", paragraphs(text), told, figures(drawn, HOLLOW), key="shares")


def leaning_section(tables: Tables) -> Markup:
    """Return the section on the merely assumed numbers in what was found to matter."""
    from mhsim.scenario import parameter_rows

    mattering = {row["knockout"] for row in tables.effects if row["clear"] and row["measure"] == tables.outcome}
    rows = []
    for name in sorted(mattering):
        inside = [row for row in parameter_rows() if row["unit"] != "switch" and _touched(row, tables.taken_away(name))]
        guessed = [row["path"] for row in inside if row["source"].startswith("assumed")]
        rows.append([thing(name), f"{len(guessed)} of {len(inside)}", ", ".join(guessed) or "none"])
    if not rows:
        return NOTHING
    text = (
        "Taking a thing away tells how much it does at the values it was given. Of the numbers inside the things that "
        "matter clearly here, these are assumed, without a source; where they are wrong, so is the size of the effect."
    )
    listed = table(["Thing", "Assumed", "Which"], rows, "Assumed")
    return section("What the effects lean on", paragraphs(text), listed, key="lean")


def _touched(row: dict[str, Any], paths: Iterable[str]) -> bool:
    """Return whether a parameter stands in one of the sections touched, or among the benefits or harms touched."""
    return any(path.split(".")[0] == row["path"].split(".")[0] or row.get(path.removesuffix("s")) for path in paths)
