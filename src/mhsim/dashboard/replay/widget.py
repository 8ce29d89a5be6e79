"""The moving picture as a widget: one recording, or two side by side under one clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from mhsim.dashboard.widgets.modules import module

Heard = Callable[[dict[str, Any]], None]
"""Told of what the viewer did: ``{"kind": "person", "which", "person"}`` or ``{"kind": "week", "week", "playing"}``."""


class ReplayWidget(anywidget.AnyWidget):
    """Plays recordings in the browser.

    Parameters
    ----------
    heard : callable, optional
        Called with each message of the browser.

    Attributes
    ----------
    recordings : list of dict
        One or two of `Recording.payload`, labelled "A" and "B" where there are two.
    week : float
        The week to show; told back when paused, scrubbed or stopped, and at most once a second while playing.
    playing : bool
        Whether it plays.
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
    week = traitlets.Float(0.0).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    chosen = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    feed = traitlets.List().tag(sync=True)
    parting = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    narrate = traitlets.Bool(True).tag(sync=True)

    def __init__(self, heard: Heard | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.heard = heard
        self.on_msg(self._hear)

    def _hear(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        if self.heard is not None and content.get("kind") in ("person", "week"):
            self.heard(content)
