"""What a page of knock-outs says about itself: what was done, what it leans on, what it cannot show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mhsim.report.formatting import capital, duration, joined, value_text
from mhsim.report.html import Markup, element, items, paragraphs, section, table, together
from mhsim.report.knockout.tables import Tables
from mhsim.report.knockout.wording import thing


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
        return Markup("")
    text = (
        "Taking a thing away tells how much it does at the values it was given. Of the numbers inside the things that "
        "matter clearly here, these are assumed, without a source; where they are wrong, so is the size of the effect."
    )
    return section(
        "What the effects lean on", paragraphs(text), table(["Thing", "Assumed", "Which"], rows, "Assumed"), key="lean"
    )


def _touched(row: dict[str, Any], paths: Iterable[str]) -> bool:
    """Return whether a parameter stands in one of the sections touched, or among the benefits or harms touched."""
    return any(path.split(".")[0] == row["path"].split(".")[0] or row.get(path.removesuffix("s")) for path in paths)


def limits_of_knockouts() -> Markup:
    """Return what taking things away cannot say."""
    texts = [
        "In a simulated world nothing takes the place of what is gone. Real people would find something else.",
        "To switch a mechanism off is to freeze what it moves, not to undo it: without ties and belonging, members who "
        "feel they belong go on doing so.",
        "Effects of single things do not add up: two may do the same work, or need each other.",
        "Measures of joiners alone compare other people where a knock-out changes who joins; those of all people in "
        "need compare the same places and the same luck, but for those who move away before they are counted.",
        "A thing may do much at other values, in another form, or for a longer time than was simulated.",
    ]
    return section("What taking away cannot show", items(texts), key="cannot")


def done_section(tables: Tables) -> Markup:
    """Return the section: what was done."""
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
