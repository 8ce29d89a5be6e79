"""How figures are shown: a table for readers, a table for the page, objects for machines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from rich.table import Table

from bench.parts import Line, title_of

NOT_MEASURED = "not measured"
ROUNDING = 3


def number(value: float) -> str:
    """Return a number with three digits that count, and none after the point from a hundred on."""
    if value == 0.0 or abs(value) < 1e-4:
        return f"{value:.1e}" if value else "0"
    if abs(value) >= 100.0:
        return f"{value:,.0f}"
    return f"{value:.{ROUNDING}g}"


def words_of(line: Line) -> tuple[str, str, str, str]:
    """Return asked, measured, spread and met of one figure in words."""
    figure, measured = line.figure, line.measured
    asked = f"{figure.asked} {figure.unit}".strip() if figure.asked else ""
    if measured is None:
        return asked, NOT_MEASURED, "", ""
    met = {True: "met", False: "missed", None: ""}[line.met]
    spread = "" if measured.low == measured.high else f"{number(measured.low)} to {number(measured.high)}"
    return asked, f"{number(measured.value)} {figure.unit}".strip(), spread, met


def table_of(lines: Sequence[Line]) -> Table:
    """Return one table of all figures, part by part."""
    table = Table(title="Bench: asked and measured", title_justify="left")
    table.add_column("what")
    for name in ("asked", "measured", "spread", "met"):
        table.add_column(name, justify="left" if name == "met" else "right", no_wrap=True)
    for part, those in groupby(lines, key=lambda line: line.part):
        table.add_section()
        table.add_row(f"[bold]{title_of(part)}[/bold]")
        for line in those:
            asked, measured, spread, met = words_of(line)
            table.add_row(
                f"  {line.figure.name}", asked, measured, spread, f"[red]{met}[/red]" if met == "missed" else met
            )
    return table


def markdown_of(lines: Sequence[Line]) -> str:
    """Return the same as tables of a Markdown page, a heading and a table for each part."""
    text = []
    for part, those in groupby(lines, key=lambda line: line.part):
        text += [f"### {title_of(part)}", "", "| what | asked | measured | spread | |", "|---|---|---|---|---|"]
        for line in those:
            cells = (line.figure.name, *words_of(line))
            text.append("| " + " | ".join(cells) + " |")
        text.append("")
    return "\n".join(text).rstrip()


def object_of(line: Line) -> dict[str, Any]:
    """Return a line as a flat object for JSON; `measured`, `met` and `spread` are None where nothing was measured."""
    measured = line.measured
    return {
        "name": line.figure.name,
        "asked": line.figure.asked,
        "measured": measured.value if measured else None,
        "unit": line.figure.unit,
        "met": line.met,
        "spread": [measured.low, measured.high] if measured else None,
        "command": line.command,
    }
