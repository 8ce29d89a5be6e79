"""The tables of a folder: one at a time, ordered and paged, with its downloads.

The table in the browser is a real one, with buttons in its head that order it and buttons that turn its pages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import solara
import traitlets

from mhsim.dashboard.elements import Button, element, words
from mhsim.dashboard.results.paging import SUMMARY, TablePage, table_page_in
from mhsim.dashboard.results.parts import Go, Keys, choose, download_links
from mhsim.dashboard.results.results_folder import ResultsFolder
from mhsim.dashboard.widgets.browser import MessageWidget, module, use_latest
from mhsim.errors import InputError
from mhsim.report.sweep.page import MAIN

NAMES = {
    SUMMARY: "Points, with the chosen measure",
    "runs": "Runs, one row each",
    "points": "Points, one row each",
    "precision": "Precision: how well measures are known",
    "series": "Series: one row a week",
    "lives": "Lives: one row a person",
    "groups": "Groups: one row each",
    "events": "Events, in order",
}
FIRST = ("point", "replicate", "status", *MAIN, "closure_reasons")
"""Columns of the runs that are shown before others."""
PLACE = ("page", "pages", "total", "sort", "descending")


class TableWidget(MessageWidget):
    """One page of a table; its handler gets the column to order by (after - from the highest), and the page."""

    _esm = module("results/table.js")
    caption = traitlets.Unicode().tag(sync=True)
    columns = traitlets.List().tag(sync=True)
    rows = traitlets.List().tag(sync=True)
    place = traitlets.Dict().tag(sync=True)

    def hear(self, content: dict[str, Any], buffers: list[Any]) -> None:
        """Pass on which order and which page the reader asks for."""
        names = {column["name"] for column in self.columns}
        sort, page = str(content.get("sort", "")), content.get("page", 1)
        if self.handler and isinstance(page, int) and (not sort or sort.removeprefix("-") in names):
            self.handler(sort, page)


@solara.component  # type: ignore[untyped-decorator]
def Table(table_page: TablePage, caption: str, asked: Callable[[str, int], None]) -> None:  # noqa: N802
    """Show a page of a table under its caption; `asked` is called with the order and page the reader asks for."""
    TableWidget.element(
        caption=caption,
        columns=[asdict(column) for column in table_page.columns],
        rows=[[list(cell) if isinstance(cell, tuple) else cell for cell in row] for row in table_page.rows],
        place={name: getattr(table_page, name) for name in PLACE} | {"shown": len(table_page.rows)},
        handler=use_latest(asked),
    )


@solara.component  # type: ignore[untyped-decorator]
def Tables(  # noqa: N802
    opened: ResultsFolder, keys: Keys, go: Go, summary: Callable[[Keys], TablePage] | None = None, measure: str = ""
) -> None:
    """Show the tables of a folder; `summary` gives the table of points of a study, with the chosen measure."""
    names = [*([SUMMARY] if summary else []), *sorted(opened.tables, key=_order)]
    words("Tables", "h2")
    if not names:
        words("This folder holds no tables.")
        return
    name = keys["table"] if keys.get("table") in names else names[0]
    listed = [(one, name_of(one)) for one in names]
    choose("table", "Table", name, listed, lambda **new: go(**new, sort=None, page=None, view=None), "Which table")
    try:
        points = summary(keys) if summary and name == SUMMARY else None
        table_page = points or table_page_in(opened.tables[name], keys, FIRST if name == "runs" else ())
    except InputError as error:
        words(str(error), class_="wrong")
        return
    caption = f"{name_of(name)}: {measure.replace('_', ' ')}" if points and measure else name_of(name)
    Table(table_page, caption, lambda sort, page: go(table=name, sort=sort or None, page=page if page > 1 else None))
    with element("p", class_="row links"):
        if table_page.hidden and not points:
            Button(f"Show {table_page.hidden} more columns", lambda: go(table=name, view="all"), look="quiet")
        words("The whole table:", "span")
        download_links("table", ("CSV", "Parquet"), {**keys, "table": name}, f"the table {name}")


def name_of(name: str) -> str:
    """Return what a table is called on the page."""
    if name in NAMES:
        return NAMES[name]
    group, _, rest = name.partition("/")
    parts = rest.split("-")
    if group != "analysis" and len(parts) == 4:
        return f"{group.capitalize()} of point {int(parts[1])}, replicate {int(parts[3])}"
    return f"Analysis: {rest.replace('_', ' ')}"


def _order(name: str) -> tuple[int, str]:
    """Return the place of a table in the list: what was made of the runs first, runs and points last."""
    if name in ("runs", "points"):
        return 2, name
    if name in NAMES:
        return 0, f"{list(NAMES).index(name)}"
    return (1 if name.startswith("analysis/") else 3), name
