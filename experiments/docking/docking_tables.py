"""The tables of docs/docking.md, from the rows of docs/docking.csv."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from findings import Finding


def said(row: Finding, places: int | None = None) -> str:
    """Return a number with its interval, to as many places as its size asks for."""
    if row.value != row.value:
        return "-"
    if places is None:
        places = (
            0
            if abs(row.value) >= 100
            else 1
            if abs(row.value) >= 10
            else 2
            if abs(row.value) >= 0.1
            else 4
            if 0 < abs(row.value) < 0.02
            else 3
        )
    if row.low == row.high:
        return f"{row.value:.{places}f}"
    ends = f"{row.low:.{places}f} to {row.high:.{places}f}" if row.low == row.low else "no interval"
    return f"{row.value:.{places}f} ({ends})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table."""
    return "\n".join([f"| {' | '.join(head)} |", "|---" * len(head) + "|", *(f"| {' | '.join(row)} |" for row in rows)])


def beside(rows: Sequence[Finding], model: str) -> str:
    """Return the table of a twin's numbers beside what was published."""
    own = [row for row in rows if row.model == model]
    meets = [("yes" if row.agrees else "**no**") if row.published else "not told" for row in own]
    lines = [[row.what, row.published or "-", said(row), word] for row, word in zip(own, meets, strict=True)]
    return table(("what", "published, or closed form", "here", "within"), lines)


def pivot(rows: Sequence[Finding], head: str, columns: Sequence[tuple[str, str, str]]) -> str:
    """Return a table by place; each column is a title, a model and what of it."""
    places = sorted({row.at for row in rows for _, model, what in columns if (row.model, row.what) == (model, what)})
    lines = []
    for place in places:
        cells = []
        for _, model, what in columns:
            here = [row for row in rows if (row.model, row.what, row.at) == (model, what, place)]
            cells.append(said(here[0]) if here else "")
        lines.append([f"{place:g}", *cells])
    return table((head, *(title for title, _, _ in columns)), lines)


def one_by_one(rows: Sequence[Finding], model: str, pattern: str) -> str:
    """Return a table of what matches a pattern, one to a line."""
    own = [row for row in rows if row.model == model and re.search(pattern, row.what)]
    return table(("what", "found"), [[row.what, said(row)] for row in own])


OVER, KEEN, MEET, OWN = "overload mhsim", "enthusiasm mhsim", "contact mhsim", "passage own"
JOINERS, ALL, STAY = "accommodated_at_52_joiners", "accommodated_at_52", "retention_at_52"
BURNT = ("burnouts a helper-year", OVER, "burnouts_per_helper_year")
OPEN = ("open after ten years", OVER, "alive_at_end")
HELP = (("helpers at the end", OVER, "helpers_at_end"), ("hours covered", OVER, "hours_covered"))
PARTS: dict[str, Callable[[Sequence[Finding]], str]] = {
    "overload": lambda rows: beside(rows, "overload"),
    "overload-mhsim": lambda rows: pivot(
        rows,
        "spread",
        [
            *(BURNT, *HELP, OPEN),
            *(
                (f"{title}, even strain", model, f"{what}, strain the same on average")
                for title, model, what in (BURNT, OPEN)
            ),
        ],
    ),
    "overload-pairs": lambda rows: pivot(
        rows,
        "spread",
        [
            *((title, OVER, f"{what}, beside equal capacities") for title, _, what in (BURNT, HELP[0], OPEN)),
            (
                "open, where the busiest is lost beside not lost",
                OVER,
                "alive_at_end, the busiest lost, beside not lost",
            ),
        ],
    ),
    "enthusiasm": lambda rows: beside(rows, "enthusiasm"),
    "enthusiasm-mhsim": lambda rows: pivot(
        rows, "invitations a year", [(name, KEEN, name) for name in ("R", "U", "R U", "growth", "members")]
    ),
    "contact": lambda rows: beside(rows, "contact"),
    "contact-mhsim": lambda rows: pivot(
        rows,
        "meetings a week",
        [
            ("joiners, as shipped", MEET, f"as shipped: {JOINERS}"),
            ("joiners, every meeting in full", MEET, f"every meeting in full: {JOINERS}"),
            ("everybody, as shipped", MEET, f"as shipped: {ALL}"),
            ("everybody, meetings do nothing", MEET, f"meetings do nothing: {ALL}"),
            ("stay a year, as shipped", MEET, f"as shipped: {STAY}"),
        ],
    ),
    "contact-bends": lambda rows: one_by_one(rows, MEET, "levels off"),
    "passage-rates": lambda rows: one_by_one(rows, "passage", "."),
    "passage": lambda rows: pivot(
        rows,
        "arrivals a week",
        [
            (f"{what}, {title}", model, what)
            for what in ("open", "members")
            for title, model in (
                ("mean field", "passage mean field"),
                ("mhsim", "passage 1"),
                ("four times", "passage 4"),
            )
        ],
    ),
    "passage-why": lambda rows: pivot(
        rows,
        "arrivals a week",
        [
            *((what, OWN, what) for what in ("belonging", "attend", "weeks of stay", "ever visit")),
            ("would, in the mean field", OWN, "would ever visit"),
            ("open, mean field with these rates", OWN, "open"),
            ("members, likewise", OWN, "members"),
        ],
    ),
}
"""The tables of the page by the name between its marks."""


def filled(text: str, rows: Sequence[Finding]) -> str:
    """Return the page with its tables made again."""
    for name, part in PARTS.items():
        pattern = re.compile(f"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
        text = pattern.sub(lambda m, part=part: f"{m[1]}{part(rows)}\n{m[2]}", text)
    return text
