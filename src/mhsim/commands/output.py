"""Where commands write: results on standard output, everything else on standard error."""

from __future__ import annotations

import os
import sys
from typing import Any

PIPED_WIDTH = 160
"""Characters in a line of a table that does not go to a terminal."""


def say(text: str) -> None:
    """Write a line on standard output; do nothing once the reader has closed it."""
    try:
        sys.stdout.write(text.rstrip("\n") + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        close_quietly()


def note(text: str) -> None:
    """Write a line on standard error."""
    try:
        sys.stderr.write(text.rstrip("\n") + "\n")
        sys.stderr.flush()
    except OSError:
        pass


def draw(*things: Any) -> None:
    """Write Rich tables or text on standard output, in colour on a terminal."""
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False)
    with console.capture() as captured:
        for thing in things:
            console.print(thing)
    say("\n".join(line.rstrip() for line in captured.get().splitlines()))


def close_quietly() -> None:
    """Let standard output lead nowhere, so that nothing fails when the interpreter closes it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def as_json(data: Any) -> str:
    """Return data as JSON that every reader takes: a number that is none or endless becomes null."""
    import json

    return json.dumps(_finite(data), indent=2, ensure_ascii=False)


def _finite(data: Any) -> Any:
    if hasattr(data, "item"):
        data = data.item()
    if isinstance(data, dict):
        return {str(key): _finite(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_finite(value) for value in data]
    if isinstance(data, float) and (data != data or data in (float("inf"), float("-inf"))):
        return None
    return data
