"""Moving the keyboard to what has just appeared, for those who do not see it appear."""

from __future__ import annotations

import anywidget
import traitlets

from mhsim.dashboard.widgets.modules import module


class FocusWidget(anywidget.AnyWidget):
    """Focuses an element of the page once it is there; `turn` makes it do so again."""

    _esm = module("lessons/focus.js")
    target = traitlets.Unicode().tag(sync=True)
    turn = traitlets.Unicode().tag(sync=True)
