"""A bridge from other threads to the page of the visitor who asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from solara.server import kernel_context

Result = TypeVar("Result")


def to_visitor(take: Callable[[Result], None]) -> Callable[[Result], None]:
    """Return a function that any thread may call, and that acts for the visitor whose page is drawn now.

    Once the visitor has gone it does nothing.
    """
    if not kernel_context.has_current_context():
        return take
    context = kernel_context.get_current_context()

    def hand_over(result: Result) -> None:
        if not context.closed_event.is_set():
            with context:
                take(result)

    return hand_over
