"""The moving picture as a widget: one recording, or two side by side under one clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import traitlets

from mhsim.dashboard.widgets.browser import MessageWidget, module

OnMessage = Callable[[dict[str, Any]], None]
"""Called with what the viewer did: ``{"kind": "person", "which", "person"}`` or ``{"kind": "week", "week"}``."""
REMEMBERED = 32
"""Weeks from the browser that are remembered, to know them when they come back."""


class ReplayWidget(MessageWidget):
    """Plays recordings in the browser.

    Parameters
    ----------
    handler : callable, optional
        Called with each message of the browser.

    Attributes
    ----------
    recordings : list of dict
        One or two of `Recording.payload`, labelled "A" and "B" where there are two.
    week : float
        The week to show. Set again it is shown only if it is another than before and not one that the browser has just
        sent: a page may be drawn again at any time without throwing its viewer back. The browser sends its week when
        paused, scrubbed or stopped, and at most once a second while playing.
    wish : dict
        What the browser gets of this: the week, and a number that grows with each wish.
    playing : bool
        Set again: play or pause.
    chosen : dict or None
        ``{"which": 0, "person": "0-4095-2"}``: the person marked.
    feed : list of dict
        ``{"week", "text", "kind", "group"}`` in order of weeks, shown instead of what the recordings say themselves.
    parting : dict or None
        ``{"week", "words"}``: where two recordings part.
    narrate : bool
        Whether a sentence is said to screen readers at each pause and every few seconds of play.
    """

    _esm = module("replay/replay.js")
    recordings = traitlets.List().tag(sync=True)
    week = traitlets.Float(0.0)
    wish = traitlets.Dict({"week": 0.0, "number": 0}).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    chosen = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    feed = traitlets.List().tag(sync=True)
    parting = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    narrate = traitlets.Bool(True).tag(sync=True)

    def __init__(self, handler: OnMessage | None = None, **kwargs: Any) -> None:
        self._from_browser: deque[float] = deque(maxlen=REMEMBERED)
        super().__init__(handler, **kwargs)

    @traitlets.observe("week")  # type: ignore[untyped-decorator]
    def _wished(self, change: dict[str, Any]) -> None:
        """Pass a new week on to the browser, unless it only comes back from there."""
        week = float(change["new"])
        if week in self._from_browser:
            while self._from_browser.popleft() != week:
                pass
            return
        self.wish = {"week": week, "number": self.wish["number"] + 1}

    def hear(self, content: dict[str, Any], buffers: list[Any]) -> None:
        """Note the week the browser has come to; pass on what the viewer did."""
        if content.get("kind") == "week":
            self._from_browser.append(float(content["week"]))
        if self.handler is not None and content.get("kind") in ("person", "week"):
            self.handler(content)
