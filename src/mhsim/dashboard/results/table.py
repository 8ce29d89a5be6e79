"""A table in the browser: a real one, with buttons in its head that order it and buttons that turn its pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import solara
import traitlets

from mhsim.dashboard.results.paging import Sheet
from mhsim.dashboard.widgets.modules import module

Asked = Callable[[str, int], None]
"""Told of what is asked for: the column to order by (after - from the highest; empty as it is) and the page."""


class TableWidget(anywidget.AnyWidget):
    """One page of a table."""

    _esm = module("results/table.js")
    caption = traitlets.Unicode().tag(sync=True)
    columns = traitlets.List().tag(sync=True)
    rows = traitlets.List().tag(sync=True)
    place = traitlets.Dict().tag(sync=True)

    def __init__(self, asked: Asked | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.asked = asked
        self.on_msg(self._hear)

    def _hear(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        names = {column["name"] for column in self.columns}
        sort, page = str(content.get("sort", "")), content.get("page", 1)
        if self.asked and isinstance(page, int) and (not sort or sort.removeprefix("-") in names):
            self.asked(sort, page)


@solara.component  # type: ignore[untyped-decorator]
def Table(sheet: Sheet, caption: str, asked: Asked) -> None:  # noqa: N802
    """Show a page of a table.

    Parameters
    ----------
    sheet : Sheet
        The page.
    caption : str
        What the table is.
    asked : callable
        Called with the order and the page that the reader asks for.
    """
    latest = solara.use_ref(asked)
    latest.current = asked
    columns = [
        {"name": one.name, "unit": one.unit, "meaning": one.meaning, "numeric": one.numeric, "sortable": one.sortable}
        for one in sheet.columns
    ]
    place: dict[str, Any] = {"page": sheet.page, "pages": sheet.pages, "total": sheet.total, "shown": len(sheet.rows)}
    place |= {"sort": sheet.sort, "descending": sheet.descending}
    rows = [[list(cell) if isinstance(cell, tuple) else cell for cell in row] for row in sheet.rows]
    TableWidget.element(
        caption=caption, columns=columns, rows=rows, place=place, asked=lambda *heard: latest.current(*heard)
    )
