"""The sections of the page of a knock-out: by form, other measures, pairs, shares, and what it leans on."""

from __future__ import annotations

from mhsim.report.knockout.answer import difference_told, shares_told
from mhsim.report.knockout.pictures import extent, ranked_bars
from mhsim.report.knockout.tables import Row, Tables, change, estimate, turned
from mhsim.report.knockout.words import level, meaning, scale, thing, unit, without
from mhsim.report.page import Markup, element, figures, folded, items, paragraphs, section, table, together
from mhsim.report.words import capital, difference_cell, joined

MOST_PAIRS = 40
HOLLOW = "Filled bars are clear, hollow ones are not; the lines show the range of chance."


def ranking_section(tables: Tables) -> Markup:
    """Return the section with what changes without each thing, in every form."""
    outcome = tables.outcome
    bars = {form: [(thing(row["knockout"]), change(row)) for row in tables.of(form)] for form in tables.forms}
    reach = extent([bar for found in bars.values() for bar in found], outcome)
    axis = "change without it"
    drawn = [ranked_bars(found, outcome, form, axis, reach) for form, found in bars.items()]
    caption = f"What changes without each thing, the largest change first. {HOLLOW}"
    parts = [table_of_form(tables, form) for form in tables.forms]
    return section("What is lost without each thing", figures(drawn, caption), *parts, key="ranking")


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
    text = "What changes in the other measures without each thing; a minus means less without it."
    return section("Other measures", paragraphs(text), folded("The tables", *parts), key="others")


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
    drawn = [ranked_bars(found, measure, form, "share", reach) for form, found in bars.items()]
    text = (
        f"What is shared out: {meaning(measure)}. A thing's share is what it adds to the others, averaged over all "
        "orders in which they could be put in place (Shapley value); the shares add up to the effect of all together."
    )
    told = items([shares_told(tables, form) for form in tables.forms])
    return section("Fair shares", paragraphs(text), told, figures(drawn, HOLLOW), key="shares")


def leaning_section(tables: Tables) -> Markup:
    """Return the section on the merely assumed numbers in what was found to matter."""
    from mhsim.scenario import parameter_rows

    mattering = {row["knockout"] for row in tables.effects if row["clear"] and row["measure"] == tables.outcome}
    rows = []
    for name in sorted(mattering):
        sections = {path.split(".")[0] for path in tables.taken_away(name)}
        inside = [row for row in parameter_rows() if row["path"].split(".")[0] in sections and row["unit"] != "switch"]
        guessed = [row["path"] for row in inside if row["source"].startswith("assumed")]
        rows.append([thing(name), f"{len(guessed)} of {len(inside)}", ", ".join(guessed) or "none"])
    if not rows:
        return Markup("")
    text = (
        "Taking a thing away tells how much it does at the values it was given. Of the numbers inside the things that "
        "matter clearly here, these are assumed, without a source; where they are wrong, so is the size of the effect."
    )
    return section(
        "What the effects lean on", paragraphs(text), table(["Thing", "Assumed", "Which"], rows, "Assumed"), key="lean"
    )


def limits_of_knockouts() -> Markup:
    """Return what taking things away cannot say."""
    texts = [
        "In a simulated world nothing takes the place of what is gone. Real people would find something else.",
        "Effects of single things do not add up: two may do the same work, or need each other.",
        "Measures of joiners alone compare other people where a knock-out changes who joins; those of all people in "
        "need compare the same places and the same luck.",
        "A thing may do much at other values, in another form, or for a longer time than was simulated.",
    ]
    return section("What taking away cannot show", items(texts), key="cannot")


def done_section(tables: Tables) -> Markup:
    """Return the section: what was done."""
    from mhsim.report.words import duration, value_text
    from mhsim.scenario import parameter_rows

    found, meanings = tables.found, {row["path"]: row["meaning"] for row in parameter_rows()}
    text = (
        f"{capital(joined(tables.forms))} {'was' if len(tables.forms) == 1 else 'were'} run for "
        f"{duration(found.weeks)}, {found.done.size:,} times in all: {found.done.shape[1]:,} times each as it is and "
        "without each thing. The same replicate has the same luck everywhere, so every difference is paired."
    )
    names = [row["knockout"] for row in tables.of(tables.forms[0])]
    rows = []
    for name in sorted(names):
        values = tables.taken_away(name)
        how = ", ".join(f"{path} = {value_text(value)}" for path, value in values.items())
        rows.append([thing(name), how, "; ".join(meanings.get(path, "") for path in values)])
    return section(
        "What was done", paragraphs(text), table(["Taken away", "How", "What it is"], rows, "Things"), key="done"
    )


def repeat_section(tables: Tables, facts: Markup) -> Markup:
    """Return the section: how to repeat the study."""
    code = element("code", "mhsim knockout study.yaml --out again")
    repeat = element("p", together(["The same numbers come from:", code, "in the folder of this page."]))
    base = (
        "points.parquet holds the values of every point, runs.parquet one row per run, and the folder analysis the "
        "tables behind this page."
    )
    return section("Where this comes from", repeat, paragraphs(base), facts, key="provenance")
