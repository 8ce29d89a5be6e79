"""The short answer of a knock-out, by form, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from mhsim.report.formatting import UNKNOWN, Scale, capital, joined, plain, scale_of, signed, small
from mhsim.report.html import answer_box, element, items, paragraphs
from mhsim.report.knockout.tables import Tables, change, change_words, estimate, meaning, thing
from mhsim.stats import WHY
from mhsim.studies.data import Row

MOST_TOLD, MOST_DIFFERENCES = 3, 4


def answer_section(tables: Tables) -> Markup:
    """Return the box with the short answer."""
    several = len(tables.forms) > 1
    parts: list[str] = [paragraphs(f"Counted: {meaning(tables.outcome)}.")]
    parts += [items(in_all_forms(tables))] if several else []
    for form in tables.forms:
        parts += [element("h3", form)] if several else []
        parts.append(items(form_answer(tables, form)))
    if several:
        title = "Which differ most by form: what each does, with it less without it"
        parts += [element("h3", title), items(differences_words(tables))]
    return answer_box(*parts)


def form_answer(tables: Tables, form: str) -> list[str]:
    """Return what the outcome loses or gains in a form without each thing, in sentences."""
    rows = tables.of(form)
    known = [row for row in rows if row["replicates"]]
    if not known:
        return [f"No run had a case of this, so nothing can be said; {why_none(rows)}."]
    clear = [row for row in known if row["clear"]]
    texts = [f"With everything in place: {tables.scale.level(known[0]['intact'])}."]
    texts += [change_words(tables.outcome, row["knockout"], change(row)) for row in clear[:MOST_TOLD]]
    if clear[MOST_TOLD:]:
        smaller = [
            f"{thing(row['knockout'])} ({_signed(tables.scale, change(row).value)})" for row in clear[MOST_TOLD:]
        ]
        texts.append(f"Clear but smaller are the changes without {joined(smaller)}.")
    if not clear:
        texts.append("No single thing makes a clear difference here.")
    already = [row for row in known if row["off_already"]]
    rest = [row for row in known if not row["clear"] and not row["off_already"]]
    for verdict in dict.fromkeys(change(row).verdict for row in rest):
        mine = names_of([row for row in rest if change(row).verdict == verdict])
        texts.append(
            f"The same in every run without {mine}."
            if verdict == "identical"
            else f"No clear difference without {mine}: {WHY[verdict]}."
        )
    texts.append(f"Off already in this form: {names_of(already)}." if already else "")
    missing = [row for row in rows if not row["replicates"]]
    texts.append(f"Nothing to compare without {names_of(missing)}; {why_none(missing)}." if missing else "")
    return [text for text in texts if text]


def _signed(scale: Scale, value: float) -> str:
    return signed(scale.factor * value, scale.digits(value))


def why_none(rows: Sequence[Row]) -> str:
    """Return why there was nothing to compare."""
    failed = sum(int(row["failed"]) for row in rows)
    return "the runs failed" if failed else "the measure has no case in these runs (they may be too short for it)"


def names_of(rows: Sequence[Row]) -> str:
    """Return what some rows took away, as a list in words."""
    return joined([thing(row["knockout"]) for row in rows], "or")


def differences_words(tables: Tables) -> list[str]:
    """Return which things do clearly more in one form than in another, the largest differences first."""
    clear = tables.known_differences()
    if not clear:
        return ["No thing does clearly more in one of these forms than in another."]
    texts = [difference_words(tables, row) for row in clear[:MOST_DIFFERENCES]]
    more = len(clear) - len(texts)
    return [*texts, f"And {more} more, in the table below."] if more else texts


def difference_words(tables: Tables, row: Row) -> str:
    """Return in words how what a thing does differs between two forms."""
    effects = []
    for form in (row["form"], row["other_form"]):
        effect = next((one["effect"] for one in tables.of(form) if one["knockout"] == row["knockout"]), None)
        effects.append(f"{UNKNOWN if effect is None else _signed(tables.scale, effect)} in {form}")
    apart = tables.scale.size(estimate(row, "difference"))
    return capital(f"{thing(row['knockout'])}: {', '.join(effects)}; {apart} apart.")


def in_all_forms(tables: Tables) -> list[str]:
    """Return what matters clearly, and in the same direction, in every form."""
    by_form = [{row["knockout"]: change(row) for row in tables.of(form)} for form in tables.forms]
    shared = [name for name in by_form[0] if all(name in found for found in by_form)]
    less = [thing(name) for name in shared if all(found[name].falls for found in by_form)]
    more = [thing(name) for name in shared if all(found[name].rises for found in by_form)]
    every = f"In all {small(len(tables.forms))} forms"
    texts = [f"{every} clearly less without each of: {joined(less)}." if less else ""]
    texts.append(f"{every} clearly more without each of: {joined(more)}." if more else "")
    found = [text for text in texts if text]
    return found or ["Nothing makes a clear difference, and in the same direction, in all of the forms."]


def shares_words(tables: Tables, form: str) -> str:
    """Return in words how an outcome is shared out in a form."""
    rows = [row for row in tables.shapley if row["form"] == form]
    if not rows:
        return ""
    *shares, total = rows
    found = estimate(total, "share")
    if not found.known:
        return f"In {form} there is nothing to share out: no replicate has all of its runs with a case."
    if not total["clear"]:
        return (
            f"In {form} all together make no clear difference ({WHY[found.verdict]}), so there is nothing to share out."
        )
    ordered = sorted((row for row in shares if row["of_all"] is not None), key=lambda row: -row["share"])
    parts = [f"{thing(row['sharer'])} {plain(100 * row['of_all'], 0)} %" for row in ordered]
    amount = scale_of(total["measure"]).amount(found)
    return f"In {form} all together come to {amount} than without any of them. The shares: {joined(parts)}."
