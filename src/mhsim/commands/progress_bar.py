"""How far long work is, on standard error: a bar with rate and time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Any

from mhsim.commands.output import note

SECONDS_BETWEEN_LINES = 10.0
ENOUGH = 10
"""How many have to be done before a rate is given: the first may wait for the compiler."""


class ProgressBar:
    """A progress display; use it as a context manager and call ``shows(done, total, failed)``.

    Where there is no terminal it writes a line every ten seconds, also while nothing ends.

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
        self.task: Any = None
        self.over = threading.Event()

    def __enter__(self) -> ProgressBar:
        if sys.stderr.isatty():
            self.bar = _bar(self.what)
            self.task = self.bar.add_task("", total=None, rate="")
            self.bar.start()
        else:
            threading.Thread(target=self._write_lines, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
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
            self.bar.update(self.task, completed=done, total=total or None, rate=text)

    def line(self) -> str:
        """Return how far the work is, in words."""
        done, total, failed = self.now
        rate = self._rate()
        words = f"{done:,} of {total:,} {self.what}" if total else f"{done:,} {self.what} so far"
        words += f", {failed} failed" if failed else ""
        if total and done == self.start:
            words += "; the first one waits for the compiler after a change of the package"
        if rate > 0 and total:
            words += f", {rate:,.1f}/s, about {_duration((total - done) / rate)} left"
        return words

    def _rate(self) -> float:
        """Return how many are done in a second; 0 while that is not known."""
        done, elapsed = self.now[0] - (self.start or 0), time.monotonic() - self.begun
        return done / elapsed if done >= ENOUGH and elapsed > 0 else 0.0

    def _write_lines(self) -> None:
        """Write a line now and then until the work is over."""
        while not self.over.wait(SECONDS_BETWEEN_LINES):
            note(self.line())


def _bar(what: str) -> Any:
    """Return a bar of Rich, not yet started."""
    from rich import progress
    from rich.console import Console

    columns = (
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn(what + " {task.fields[rate]}"),
        progress.TimeRemainingColumn(),
    )
    return progress.Progress(*columns, console=Console(stderr=True), transient=True)


def _duration(seconds: float) -> str:
    """Return a time in the unit that suits it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
