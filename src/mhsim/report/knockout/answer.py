"""The short answer of a knock-out, by form, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from mhsim.report.formatting import UNKNOWN, capital, joined, plain, signed, small, span, trimmed
from mhsim.report.html import Markup, element, items, paragraphs, together
from mhsim.report.knockout.tables import Row, Tables, change, estimate
from mhsim.report.knockout.wording import amount, level, meaning, scale, thing, told, unit

MOST_TOLD, MOST_DIFFERENCES = 3, 4


def answer(tables: Tables) -> Markup:
    """Return the box with the short answer."""
    counted = f"Counted: {meaning(tables.outcome)}."
    parts: list[str] = [element("h2", "The short answer", id="answer"), paragraphs(counted)]
    if len(tables.forms) > 1:
        parts.append(items(in_all_forms(tables)))
    for form in tables.forms:
        if len(tables.forms) > 1:
            parts.append(element("h3", form))
        parts.append(items(form_answer(tables, form)))
    if len(tables.forms) > 1:
        parts += [
            element("h3", "Which differ most by form: what each does, with it less without it"),
            items(differences_told(tables)),
        ]
    return element("section", together(parts), class_="answer", aria_labelledby="answer")


def form_answer(tables: Tables, form: str) -> list[str]:
    """Return what the outcome loses or gains in a form without each thing, in sentences."""
    rows = tables.of(form)
    known = [row for row in rows if row["replicates"]]
    if not known:
        return [f"No run had a case of this, so nothing can be said; {why_none(rows)}."]
    clear = [row for row in known if row["clear"]]
    texts = [f"With everything in place: {level(tables.outcome, known[0]['intact'])}."]
    texts += [told(tables.outcome, row["knockout"], change(row)) for row in clear[:MOST_TOLD]]
    more = clear[MOST_TOLD:]
    if more:
        factor = scale(tables.outcome)
        smaller = [f"{thing(row['knockout'])} ({signed(factor * change(row).value, 1)})" for row in more]
        texts.append(f"Clear but smaller are the changes without {joined(smaller)}.")
    if not clear:
        texts.append("No single thing makes a clear difference here.")
    already = [row for row in known if row["off_already"]]
    same = [row for row in known if row["identical"] and not row["off_already"]]
    unclear = [row for row in known if not row["clear"] and row not in same and row not in already]
    texts += [
        f"No clear difference without {names_of(unclear)}." if unclear else "",
        f"The same in every run without {names_of(same)}." if same else "",
        f"Off already in this form: {names_of(already)}." if already else "",
    ]
    missing = [row for row in rows if not row["replicates"]]
    texts.append(f"Nothing to compare without {names_of(missing)}; {why_none(missing)}." if missing else "")
    return [text for text in texts if text]


def why_none(rows: Sequence[Row]) -> str:
    """Return why there was nothing to compare."""
    failed = sum(int(row["failed"]) for row in rows)
    return "the runs failed" if failed else "the measure has no case in these runs (they may be too short for it)"


def names_of(rows: Sequence[Row]) -> str:
    """Return what some rows took away, as a list in words."""
    return joined([thing(row["knockout"]) for row in rows], "or")


def differences_told(tables: Tables) -> list[str]:
    """Return which things do clearly more in one form than in another, the largest differences first."""
    rows = [row for row in tables.form_differences if row["measure"] == tables.outcome]
    clear = sorted((row for row in rows if row["clear"]), key=lambda row: -abs(row["difference"]))
    if not clear:
        return ["No thing does clearly more in one of these forms than in another."]
    texts = [difference_told(tables, row) for row in clear[:MOST_DIFFERENCES]]
    more = len(clear) - len(texts)
    return [*texts, f"And {more} more, in the table below."] if more else texts


def difference_told(tables: Tables, row: Row) -> str:
    """Return in words how what a thing does differs between two forms."""
    name, measure = row["knockout"], tables.outcome
    effects = {}
    for form in (row["form"], row["other_form"]):
        effect = next(one["effect"] for one in tables.of(form) if one["knockout"] == name)
        effects[form] = UNKNOWN if effect is None else signed(scale(measure) * effect, 1)
    here, there = (f"{effect} in {form}" for form, effect in effects.items())
    ends = sorted(abs(scale(measure) * float(row[end])) for end in ("low", "high"))
    apart = f"{trimmed(abs(scale(measure) * row['difference']))} apart ({span(*(plain(end, 1) for end in ends))})"
    return capital(f"{thing(name)}: {here}, {there} ({unit(measure)}); {apart}.")


def in_all_forms(tables: Tables) -> list[str]:
    """Return what matters clearly, and in the same direction, in every form."""
    by_form = [{row["knockout"]: change(row) for row in tables.of(form)} for form in tables.forms]
    less = [name for name in by_form[0] if all(found[name].falls for found in by_form)]
    more = [name for name in by_form[0] if all(found[name].rises for found in by_form)]
    every = f"In all {small(len(tables.forms))} forms"
    texts = [f"{every} clearly less without each of: {joined([thing(name) for name in less])}." if less else ""]
    texts.append(f"{every} clearly more without each of: {joined([thing(name) for name in more])}." if more else "")
    found = [text for text in texts if text]
    return found or ["Nothing makes a clear difference, and in the same direction, in all of the forms."]


def shares_told(tables: Tables, form: str) -> str:
    """Return in words how an outcome is shared out in a form."""
    rows = [row for row in tables.shapley if row["form"] == form]
    if not rows:
        return ""
    *shares, total = rows
    found = estimate(total, "share")
    if not found.known:
        return f"In {form} there is nothing to share out: no replicate has all of its runs with a case."
    if not total["clear"]:
        return f"In {form} all together make no clear difference, so there is nothing to share out."
    parts = [
        f"{thing(row['sharer'])} {plain(100 * row['of_all'], 0)} %"
        for row in sorted(shares, key=lambda row: -row["share"])
        if row["of_all"] is not None and not isnan(row["of_all"])
    ]
    return (
        f"In {form} all together come to {amount(total['measure'], found)} than without any of them. "
        f"The shares: {joined(parts)}."
    )
