"""Where commands write: results on standard output; how far the work is, and everything else, on standard error."""

from __future__ import annotations

import math
import os
import sys
import threading
import time
from typing import Any

PIPED_WIDTH = 160
"""Characters in a line of a table that does not go to a terminal."""
SECONDS_BETWEEN_LINES = 10.0
ENOUGH = 10
"""How many have to be done before a rate is given: the first may wait for the compiler."""


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


def say_json(data: Any) -> None:
    """Write data as JSON that every reader takes: a number that is none or endless becomes null."""
    import json

    say(json.dumps(_finite(data), indent=2, ensure_ascii=False))


def _finite(data: Any) -> Any:
    if hasattr(data, "item"):
        data = data.item()
    if isinstance(data, dict):
        return {str(key): _finite(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data


def duration(seconds: float) -> str:
    """Return a time in words, as roughly as it is known."""
    for unit, length in (("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 1.5 * length:
            return f"{seconds / length:,.1f} {unit}"
    return f"{max(1.0, seconds):.0f} seconds"


class ProgressBar:
    """A progress display; use it as a context manager and call ``shows(done, total, failed)``.

    On a terminal it is a bar with rate and time left; elsewhere a line every ten seconds, also while nothing ends.

    Parameters
    ----------
    what : str
        What is being counted, such as "runs" or "weeks".
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self.begun = time.monotonic()
        self.start: int | None = None
        self.now = (0, 0, 0)
        self.bar: Any = None
        self.over = threading.Event()

    def __enter__(self) -> ProgressBar:
        if sys.stderr.isatty():
            from rich import progress
            from rich.console import Console

            text = progress.TextColumn(self.what + " {task.fields[rate]}")
            columns = (progress.BarColumn(), progress.MofNCompleteColumn(), text, progress.TimeRemainingColumn())
            self.bar = progress.Progress(*columns, console=Console(stderr=True), transient=True)
            self.bar.add_task("", total=None, rate="")
            self.bar.start()
        else:
            threading.Thread(target=self._write_lines, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        if self.bar is not None:
            self.bar.stop()

    def shows(self, done: int, total: int, failed: int = 0) -> None:
        """Show that `done` of `total` are done, of which `failed` have failed; a total of 0 is not known."""
        if self.start is None:
            self.start, self.begun = done, time.monotonic()
        self.now = (done, total, failed)
        if self.bar is not None:
            rate = self._rate()
            text = (f"{rate:,.1f}/s" if rate else "") + (f", {failed} failed" if failed else "")
            self.bar.update(self.bar.task_ids[0], completed=done, total=total or None, rate=text)

    def line(self) -> str:
        """Return how far the work is, in words."""
        done, total, failed = self.now
        rate = self._rate()
        words = f"{done:,} of {total:,} {self.what}" if total else f"{done:,} {self.what} so far"
        words += f", {failed} failed" if failed else ""
        if total and done == self.start:
            words += "; the first one waits for the compiler after a change of the package"
        return words + (f", {rate:,.1f}/s, about {duration((total - done) / rate)} left" if rate and total else "")

    def _rate(self) -> float:
        """Return how many are done in a second; 0 while that is not known."""
        done, elapsed = self.now[0] - (self.start or 0), time.monotonic() - self.begun
        return done / elapsed if done >= ENOUGH and elapsed > 0 else 0.0

    def _write_lines(self) -> None:
        """Write a line now and then until the work is over."""
        while not self.over.wait(SECONDS_BETWEEN_LINES):
            note(self.line())
