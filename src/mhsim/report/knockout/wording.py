"""What was taken away and what is lost, in words: "without one-to-one help, 12 fewer of 100"."""

from __future__ import annotations

from math import isnan

from mhsim.report.by_axis import INFORMATION
from mhsim.report.formatting import UNKNOWN, capital, plain, signed, span, trimmed
from mhsim.report.intervals import Estimate

THINGS = {
    "arrive": "newcomers",
    "attend": "meetings",
    "share": "stories at meetings",
    "help": "one-to-one help",
    "bond": "ties and belonging",
    "live": "life outside",
    "progress": "movement between stages",
    "serve": "changes of roles",
    "leave": "leaving",
    "govern": "the keeping of the house",
    "found": "new groups",
    "close": "closing",
}
"""What each mechanism is, in a few words; one that is not here goes by its name."""
COUNTED = ("people", "groups", "times", "weeks")
"""Units of which there are fewer or more, and nothing lower or higher."""


def thing(name: str) -> str:
    """Return what was taken away, in a few words."""
    return THINGS.get(name, name.replace("_", " "))


def without(name: str) -> str:
    """Return "without" and what was taken away."""
    return f"without {thing(name)}"


def scale(measure: str) -> float:
    """Return the factor by which a measure is shown: shares and scales of a hundred, all else as it is."""
    return 100.0 if INFORMATION[measure].unit in ("share", "yes/no", "0-1") else 1.0


def unit(measure: str) -> str:
    """Return the unit in which a measure is shown."""
    known = INFORMATION[measure].unit
    return {"share": "of 100", "yes/no": "of 100 groups", "0-1": "points of 100"}.get(known, known)


def meaning(measure: str) -> str:
    """Return what a measure counts, with its unit as shown."""
    return f"{INFORMATION[measure].meaning} ({unit(measure)})"


def level(measure: str, value: float | None) -> str:
    """Return a mean of a measure: "33.1 of 100"."""
    return UNKNOWN if value is None or isnan(value) else f"{trimmed(scale(measure) * value)} {unit(measure)}"


def amount(measure: str, change: Estimate) -> str:
    """Return the size of a change with its interval: "12 fewer of 100 (8 to 15)"."""
    factor = scale(measure)
    size = trimmed(abs(factor * change.value))
    low, high = sorted((factor * change.low, factor * change.high), key=abs)
    crosses = change.low < 0 < change.high
    ends = span(*((signed(end, 1) if crosses else plain(abs(end), 1)) for end in (low, high)))
    if INFORMATION[measure].unit in ("share", "yes/no"):
        return f"{size} {'fewer' if change.value < 0 else 'more'} {unit(measure)} ({ends})"
    if INFORMATION[measure].unit in COUNTED:
        return f"{size} {'fewer' if change.value < 0 else 'more'} {unit(measure)} ({ends})"
    return f"{size} {unit(measure)} {'lower' if change.value < 0 else 'higher'} ({ends})"


def told(measure: str, name: str, change: Estimate) -> str:
    """Return a sentence about one thing taken away."""
    return capital(f"{without(name)}, {amount(measure, change)}.")
