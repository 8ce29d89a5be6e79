"""Numbers as a reader meets them: groups of a hundred, years and months, per cent a year."""

from __future__ import annotations

from collections.abc import Sequence
from math import isinf, isnan
from typing import Any

from mhsim.report.intervals import Estimate

SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
UNKNOWN = "–"


def plain(value: float, digits: int = 1) -> str:
    """Return a number with so many decimals; never a negative zero."""
    if isnan(value):
        return UNKNOWN
    text = f"{value:.{digits}f}"
    return (text.removeprefix("-") if float(text) == 0.0 else text).replace("-", "−")


def trimmed(value: float, digits: int = 1) -> str:
    """Return a number with at most so many decimals."""
    text = plain(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(value: float, digits: int = 0) -> str:
    """Return a difference with its sign."""
    text = plain(value, digits)
    return f"+{text}" if not isnan(value) and float(text.replace("−", "-")) > 0 else text


def hundred(share: float, digits: int = 0) -> str:
    """Return a share as a number of a hundred."""
    return plain(100.0 * share, digits)


def groups(share: Estimate) -> str:
    """Return a share of groups in words: "63 of 100 groups"."""
    return f"{hundred(share.value)} of 100 groups" if share.known else "an unknown number of groups"


def span(low: str, high: str) -> str:
    """Return an interval from its ends."""
    return UNKNOWN if UNKNOWN in (low, high) else f"{low} to {high}"


def share_cell(share: Estimate) -> str:
    """Return a share and its interval, of a hundred."""
    return f"{hundred(share.value)} ({span(hundred(share.low), hundred(share.high))})" if share.known else UNKNOWN


def difference_cell(found: Estimate, scale: float = 100.0, digits: int = 0) -> str:
    """Return a difference and its interval, with a mark if it is clear."""
    if not found.known:
        return UNKNOWN
    ends = span(signed(scale * found.low, digits), signed(scale * found.high, digits))
    return f"{signed(scale * found.value, digits)} ({ends})" + (" clear" if found.clear else "")


def number_cell(found: Estimate, scale: float = 1.0, digits: int = 1) -> str:
    """Return a mean and its interval."""
    if not found.known:
        return UNKNOWN
    if isnan(found.low):
        return plain(scale * found.value, digits)
    value, low, high = (plain(scale * part, digits) for part in (found.value, found.low, found.high))
    return f"{value} ({span(low, high)})"


def points(found: Estimate, what: str = "groups") -> str:
    """Return the size of a difference in words, with its interval: "12 of 100 groups (5 to 19)"."""
    ends = sorted((100.0 * found.low, 100.0 * found.high), key=abs)
    if found.low * found.high < 0:
        return f"{signed(100 * found.value)} of 100 {what} ({span(signed(100 * found.low), signed(100 * found.high))})"
    low, high = (plain(abs(end), 0) for end in ends)
    return f"{hundred(abs(found.value))} of 100 {what} ({span(low, high)})"


def small(number: int) -> str:
    """Return a count, as a word up to twelve."""
    return SMALL[number] if 0 <= number < len(SMALL) else f"{number:,}"


def duration(weeks: float) -> str:
    """Return a number of weeks in words: "ten years", "26 weeks"."""
    years = weeks / 52.0
    if weeks >= 52 and abs(years - round(years)) < 1e-9:
        return f"{small(round(years))} year" + ("" if round(years) == 1 else "s")
    return f"{trimmed(years, 1)} years" if weeks >= 104 else f"{plain(weeks, 0)} weeks"


def years(weeks: float, horizon: float) -> str:
    """Return a number of weeks as years with one decimal; what lies beyond the horizon as "over 10"."""
    if isnan(weeks):
        return UNKNOWN
    return f"over {trimmed(horizon / 52.0, 1)}" if isinf(weeks) else plain(weeks / 52.0, 1)


def joined(parts: Sequence[str], last: str = "and") -> str:
    """Return a list in words."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def value_text(value: Any) -> str:
    """Return a value of a scenario as a reader sees it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, (int, float)):
        return f"{value:g}"
    return "not known" if value is None else str(value)


def capital(text: str) -> str:
    """Return a sentence with a capital at its beginning."""
    return text[:1].upper() + text[1:]
