"""Moves the keyboard's focus to what has just been opened, so that nobody is left behind."""

from __future__ import annotations

import anywidget
import solara
import traitlets

from mhsim.dashboard.widgets.modules import module


class FocusWidget(anywidget.AnyWidget):
    """Moves the focus to an element, once it is there, whenever that or `why` is another; not on a page just opened."""

    _esm = module("focus.js")
    target = traitlets.Unicode().tag(sync=True)
    why = traitlets.Unicode().tag(sync=True)


@solara.component  # type: ignore[untyped-decorator]
def Focus(target: str, why: str) -> None:  # noqa: N802
    """Move the focus to the element with the id `target` whenever that or `why` is another."""
    FocusWidget.element(target=target, why=why)
