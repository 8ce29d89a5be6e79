"""The page docs/coverage.md: every element with its place, its form, the difference that shows it, and the verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from mhsim.evidence.coverage import Differences, key_of, shown
from mhsim.evidence.ledger import STATUSES, Ledger, LedgerEntry, shipped_end
from mhsim.evidence.paired import SURELY, Difference
from mhsim.modules import optional
from mhsim.schema import PEOPLE_COLUMNS

PEOPLE_SHOWN = frozenset(column.shown for column in PEOPLE_COLUMNS)
"""Columns of people that the core keeps: `kin_support` is one, though a mechanism is called kin."""

HEAD = """# Coverage: every element of the source documents, and what shows that it works

Made by `make coverage` from the files of [docs/coverage](coverage), after simulating the differences. **Of {all}
elements {works} work ({shown} of them shown by a paired difference, {shipped} of these against a form as shipped),
{partly} work in part, {context} are context that needs no rule, and {lacking} are not in the model.**

An element *works* when two worlds that differ in nothing but the thing named (from, to) differ in a measure, under the
same luck, in the direction said, by at least {surely} standard errors, or by the same in all histories. Written is the
mean difference of pairs of histories (its standard error). That shows that the rule does something, at the values
shown; it does not show that people do so, nor how much. Of {own} of them the only measure is one that the mechanism
itself keeps ("own" in the table), {forms} are shown by a form that stands for them alone: the weakest claims here.
*Partly*: what lacks is said. Where a world has values of its own, these are said, too; everything else is as shipped.
"(shipped)" stands by the value at which the world is a form as it is shipped.

| section | elements | works | shown | partly | context | not |
|---|---|---|---|---|---|---|
"""


def page(ledger: Ledger, found: Differences) -> str:
    """Return the page in Markdown."""
    total = _counts(ledger, list(ledger.elements), found)
    parts = [
        HEAD.format(
            all=len(ledger.elements),
            works=total["works"],
            shown=total["shown"],
            shipped=total["shipped"],
            partly=total["partly"],
            context=total["context"],
            lacking=total["not"],
            own=total["own"],
            forms=total["forms"],
            surely=SURELY,
        )
        + "\n".join(_count_rows(ledger, found)),
    ]
    for letter, title in ledger.sections.items():
        lines = [f"## {letter}. {title}\n", "| | element | status | where | what shows it |", "|---|---|---|---|---|"]
        lines += [row for number in _of_section(ledger, letter) for row in _rows(ledger, number, found)]
        parts.append("\n".join(lines))
    parts.append("\n".join(["## What is missing\n", *_missing(ledger, found)]))
    return "\n\n".join(parts) + "\n"


def verdict(entry: LedgerEntry, found: Difference | None) -> str:
    """Return in words whether the difference that an entry claims is there."""
    if found is None:
        return "not run yet"
    return "shown" if shown(entry, found) else "NOT SHOWN"


def difference_text(found: Difference) -> str:
    """Return a difference with its standard error, as tables have it."""
    return f"{found.change:+.3g} ({found.error:.2g})"


def _of_section(ledger: Ledger, letter: str) -> list[int]:
    return [number for number, one in ledger.elements.items() if one.section == letter]


def is_own(entry: LedgerEntry) -> bool:
    """Whether what an entry is measured by is a column that an optional mechanism keeps."""
    column = entry.measure.rpartition(":")[2]
    return any(column.startswith(f"{name}_") and column not in PEOPLE_SHOWN for name in optional())


def _counts(ledger: Ledger, numbers: list[int], found: Differences) -> Counter[str]:
    counts: Counter[str] = Counter()
    for number in numbers:
        best = [entry for _, entry in ledger.best(number)]
        if best:
            counts[best[0].status] += 1
            if best[0].status == "works" and all(shown(entry, found.get(key_of(entry))) for entry in best):
                counts["shown"] += 1
                counts["shipped"] += any(shipped_end(entry) is not None for entry in best)
                counts["own"] += all(is_own(entry) for entry in best)
                counts["forms"] += all("form" in entry.change for entry in best)
    return counts


def _count_rows(ledger: Ledger, found: Differences) -> Iterator[str]:
    rows = [(f"{letter}. {title}", _of_section(ledger, letter)) for letter, title in ledger.sections.items()]
    for name, numbers in [*rows, ("all", list(ledger.elements))]:
        counts = _counts(ledger, numbers, found)
        cells = [len(numbers), *(counts[name] for name in ("works", "shown", *STATUSES[1:]))]
        yield f"| {name} | {' | '.join(str(cell) for cell in cells)} |"


def _rows(ledger: Ledger, number: int, found: Differences) -> Iterator[str]:
    for _, entry in ledger.best(number):
        where = ", ".join(f"`{place}`" for place in entry.places) or "-"
        if entry.test:
            where += f"; test `{entry.test}`"
        cells = (number, ledger.elements[number].name, entry.status, where, _evidence(entry, found))
        yield f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"


def _evidence(entry: LedgerEntry, found: Differences) -> str:
    if not entry.change:
        return entry.why
    one = found.get(key_of(entry))
    result = f" **{difference_text(one)}**" if one else ""
    measure = f"`{entry.measure}`{' (own)' if is_own(entry) else ''}{_whose(entry)}"
    said = f"{_changed(entry)}: {measure}{result}, {verdict(entry, one)}; {_world(entry)}"
    return f"{said}. {entry.why}"


def _changed(entry: LedgerEntry) -> str:
    end = shipped_end(entry)
    marks = ["", ""] if end is None else [" (shipped)", ""] if end == 0 else ["", " (shipped)"]
    return ", ".join(
        f"`{path}` {_text(one)}{marks[0]} to {_text(two)}{marks[1]}" for path, (one, two) in entry.change.items()
    )


def _whose(entry: LedgerEntry) -> str:
    words = " and ".join(f"{name} {_text(wanted)}" for name, wanted in entry.among.items())
    less = " and ".join(f"{name} {_text(wanted)}" for name, wanted in entry.less.items())
    return (f" where {words}" if words else "") + (f", less that where {less}" if less else "")


def _world(entry: LedgerEntry) -> str:
    set_to = [f"{path} {_text(value)}" for path, value in entry.set.items()]
    set_to += [_text(change) for change in entry.changes]
    form = [] if "form" in entry.change else [entry.form]
    return ", ".join([*form, *set_to, f"{entry.runs} pairs of {entry.weeks} weeks"])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, dict):
        return " ".join(f"{name} {_text(one)}" for name, one in value.items())
    if isinstance(value, (list, tuple)):
        return " to ".join(_text(one) for one in value) if value else "nothing"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _missing(ledger: Ledger, found: Differences) -> Iterator[str]:
    for title, wanted in (("Not in the model", "not"), ("In part", "partly")):
        lines = [
            f"- {number} {ledger.elements[number].name}: {entry.why}"
            for number in ledger.elements
            for _, entry in ledger.best(number)[:1]
            if entry.status == wanted
        ]
        yield f"### {title} ({len(lines)})\n"
        yield "\n".join(lines or ["Nothing."]) + "\n"
    lines = [
        f"- {number} {ledger.elements[number].name}: {_changed(entry)}"
        for number in ledger.elements
        for _, entry in ledger.best(number)
        if entry.status == "works" and not shown(entry, found.get(key_of(entry)))
    ]
    yield f"### Claimed, and not shown ({len(lines)})\n"
    yield "\n".join(lines or ["Nothing."])
