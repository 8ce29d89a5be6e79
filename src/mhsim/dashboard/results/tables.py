"""The tables of a folder: one at a time, ordered and paged, with its downloads."""

from __future__ import annotations

from collections.abc import Callable

import solara

from mhsim.dashboard.elements import Button, element, link, words
from mhsim.dashboard.results.links import download
from mhsim.dashboard.results.paging import Sheet, sheet_in
from mhsim.dashboard.results.points_table import SUMMARY
from mhsim.dashboard.results.results_folder import ResultsFolder
from mhsim.dashboard.results.table import Table
from mhsim.dashboard.widgets.fields import Fields, InputField
from mhsim.errors import InputError
from mhsim.report.sweep.page import MAIN
from mhsim.scenario import Value

Keys = dict[str, str]
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


@solara.component  # type: ignore[untyped-decorator]
def Tables(  # noqa: N802
    opened: ResultsFolder, keys: Keys, go: Callable[..., None], summary: Callable[[Keys], Sheet] | None, measure: str
) -> None:
    """Show the tables of a folder."""
    names = [*([SUMMARY] if summary else []), *sorted(opened.tables, key=_order)]
    words("Tables", "h2")
    if not names:
        words("This folder holds no tables.")
        return
    name = keys["table"] if keys.get("table") in names else names[0]

    def told(_: str, value: Value, final: bool) -> None:
        go(table=str(value), sort=None, page=None, view=None)

    field = InputField("table", "Table", "choice", name, choices=tuple((one, name_of(one)) for one in names))
    Fields([field], told, legend="Which table", look="across")
    try:
        sheet = (
            summary(keys)
            if summary and name == SUMMARY
            else sheet_in(opened.tables[name], keys, FIRST if name == "runs" else ())
        )
    except InputError as error:
        words(str(error), class_="wrong")
        return
    caption = f"{name_of(name)}: {measure.replace('_', ' ')}" if name == SUMMARY and measure else name_of(name)
    Table(sheet, caption, lambda sort, page: go(table=name, sort=sort or None, page=page if page > 1 else None))
    with element("p", class_="row links"):
        if sheet.hidden and name != SUMMARY:
            Button(f"Show {sheet.hidden} more columns", lambda: go(table=name, view="all"), look="quiet")
        words("The whole table:", "span")
        shown = {**keys, "table": name}
        link("CSV", download("table.csv", shown), aria_label=f"Download the table {name} as CSV")
        link("Parquet", download("table.parquet", shown), aria_label=f"Download the table {name} as Parquet")


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
