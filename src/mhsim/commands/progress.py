"""How far long work is, on standard error: a bar with rate and time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

from mhsim.commands.output import note

SECONDS_BETWEEN_LINES = 10.0
ENOUGH = 10
"""How many have to be done before a rate is given: the first may wait for the compiler."""


class Progress:
    """A progress display; use it as a context manager and call ``shows(done, total, failed)``.

    Parameters
    ----------
    what : str
        What is being counted, such as "runs" or "weeks".
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self.begun = self.spoken = time.monotonic()
        self.start: int | None = None
        self.bar: Any = None
        self.task: Any = None

    def __enter__(self) -> Progress:
        if sys.stderr.isatty():
            self.bar = _bar(self.what)
            self.task = self.bar.add_task("", total=None, rate="")
            self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.stop()

    def shows(self, done: int, total: int, failed: int = 0) -> None:
        """Show that `done` of `total` are done, of which `failed` have failed."""
        now = time.monotonic()
        if self.start is None:
            self.start, self.begun = done, now
        enough = done - self.start >= ENOUGH and now > self.begun
        rate = (done - self.start) / (now - self.begun) if enough else 0.0
        ill = f", {failed} failed" if failed else ""
        if self.bar is not None:
            self.bar.update(self.task, completed=done, total=total, rate=(f"{rate:,.1f}/s" if rate else "") + ill)
        elif now - self.spoken >= SECONDS_BETWEEN_LINES:
            left = f", {rate:,.1f}/s, about {_duration((total - done) / rate)} left" if rate > 0 else ""
            note(f"{done:,} of {total:,} {self.what}{ill}{left}")
            self.spoken = now


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
