"""What widgets share: their JavaScript and the messages of the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import solara


def module(path: str) -> str:
    """Return the stub of a widget whose code is the ES module at a path below `browser/`, with `render` as export.

    The browser loads and keeps each module once, however many widgets use it.
    """
    return (
        "async function render(context) {\n"
        f'  const module = await import(globalThis.mhsimHome + "{path}");\n'
        "  return module.render(context);\n"
        "}\n"
        "export default { render };\n"
    )


class MessageWidget(anywidget.AnyWidget):
    """A widget that passes what the browser sends to a handler; what it does with a message is in `hear`."""

    def __init__(self, handler: Callable[..., None] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.handler = handler  # a name that begins with on_ would be taken by Solara for an observer of a trait
        self.on_msg(lambda _, content, buffers: self.hear(content, buffers))

    def hear(self, content: dict[str, Any], buffers: list[Any]) -> None:
        """Take a message of the browser."""
        raise NotImplementedError


def use_latest(handler: Callable[..., None]) -> Callable[..., None]:
    """Return a function that calls the handler of the latest drawing, so that a widget need not be made again."""
    latest = solara.use_ref(handler)
    latest.current = handler
    return lambda *heard: latest.current(*heard)
