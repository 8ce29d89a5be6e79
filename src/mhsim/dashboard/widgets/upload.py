"""An input that opens a file of the visitor's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import solara
import traitlets

from mhsim.dashboard.widgets.modules import module

LARGEST = 1_000_001
"""Bytes taken at most; one more than a scenario file may have, so that too large a one is told as such."""


class UploadWidget(anywidget.AnyWidget):
    """A file input in the browser; what is opened comes as its name and its first bytes."""

    _esm = module("upload.js")
    label = traitlets.Unicode().tag(sync=True)
    accept = traitlets.Unicode().tag(sync=True)
    largest = traitlets.Int(LARGEST).tag(sync=True)

    def __init__(self, opened: Callable[[str, bytes], None] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.opened = opened
        self.on_msg(self._hear)

    def _hear(self, _widget: object, content: dict[str, Any], buffers: list[Any]) -> None:
        if self.opened is not None and buffers:
            self.opened(str(content.get("name", "")), bytes(buffers[0])[:LARGEST])


@solara.component  # type: ignore[untyped-decorator]
def Upload(label: str, opened: Callable[[str, bytes], None], *, accept: str = "") -> None:  # noqa: N802
    """Show a file input; `opened` is told the name and the bytes of a file."""
    latest = solara.use_ref(opened)
    latest.current = opened
    UploadWidget.element(label=label, accept=accept, opened=lambda *heard: latest.current(*heard))
