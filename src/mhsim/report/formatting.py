"""Numbers and lists as a reader meets them: groups of a hundred, years and months, intervals, changes, verdicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isinf, isnan, nan
from typing import Any

from mhsim.outcomes.measures import BY_NAME
from mhsim.stats import WHY, Estimate

SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
UNKNOWN = "–"
COUNTED = ("people", "groups", "times", "weeks")
"""Units of which there are fewer or more, and nothing lower or higher."""

REASONS = {
    "low_attendance": "too few people at the meetings",
    "no_leader": "nobody to run it",
    "no_longer_needed": "no longer needed",
    "conflict": "conflict",
    "money": "money or room",
}
"""Why a group closed."""
CIRCUMSTANCES = {
    "low_attendance": "few people at the meetings",
    "no_leader": "nobody to run it",
    "no_longer_needed": "hardly any newcomers",
    "conflict": "open conflict",
    "money": "no money left",
}
"""What else was the case when it closed."""


def plain(value: float, digits: int = 1) -> str:
    """Return a number with so many decimals; never a negative zero."""
    if isnan(value):
        return UNKNOWN
    text = f"{value:,.{digits}f}"
    return (text.removeprefix("-") if float(text.replace(",", "")) == 0.0 else text).replace("-", "−")


def trimmed(value: float, digits: int = 1) -> str:
    """Return a number with at most so many decimals."""
    text = plain(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(value: float, digits: int = 0) -> str:
    """Return a difference with its sign."""
    text = plain(value, digits)
    return text if isnan(value) or text.startswith("−") or not text.strip("0.") else f"+{text}"


def hundred(share: float, digits: int = 0) -> str:
    """Return a share as a number of a hundred."""
    return plain(100.0 * share, digits)


def span(low: str, high: str) -> str:
    """Return an interval from its ends."""
    return UNKNOWN if UNKNOWN in (low, high) else f"{low} to {high}"


@dataclass(frozen=True)
class Scale:
    """How numbers of one kind are written: by which factor, in which unit, with how many decimals.

    Attributes
    ----------
    factor : float
        100 for what is shown of a hundred.
    unit : str
        Follows the number.
    decimals : int, optional
        If not given one, none of whole numbers, more of small ones.
    """

    factor: float = 1.0
    unit: str = ""
    decimals: int | None = None

    def digits(self, *values: float) -> int:
        """Return with how many decimals the numbers of one line are written."""
        if self.decimals is not None:
            return self.decimals
        shown = [abs(self.factor * value) for value in values if not isnan(value)]
        largest = max(shown, default=0.0)
        if all(abs(value - round(value)) < 1e-9 for value in shown):
            return 0
        return 1 if largest >= 0.95 else 2 if largest >= 0.095 else 3

    def number(self, value: float | None) -> str:
        """Return a number without its unit; a dash for none."""
        return UNKNOWN if value is None else plain(self.factor * value, self.digits(value))

    def level(self, value: float | None) -> str:
        """Return a number with its unit: "33.1 of 100"."""
        return UNKNOWN if value is None or isnan(value) else f"{self.number(value)} {self.unit}".strip()

    def estimate(self, found: Estimate) -> str:
        """Return an estimate with its interval, without the unit: "33 (30 to 36)"."""
        return self._with_ranges(found, plain) if found.known else UNKNOWN

    def between(self, found: Estimate) -> tuple[str, str]:
        """Return between what chance alone would move an estimate, and what not knowing the values: "30 and 36"."""
        digits, known = self.digits(*ends(found)), found.knowledge
        pairs = [(found.low, found.high), (nan, nan) if known is None else (known.low, known.high)]
        chance, values = (span(*(plain(self.factor * end, digits) for end in pair)) for pair in pairs)
        if known is not None and not known.seen:
            values = "not told from chance"
        return chance.replace(" to ", " and "), values.replace(" to ", " and ")

    def _with_ranges(self, found: Estimate, write: Callable[[float, int], str]) -> str:
        """Return a number with what stands in brackets behind it, if anything does."""
        text = write(self.factor * found.value, self.digits(*ends(found)))
        ranges = self._ranges(found, write)
        return f"{text} ({ranges})" if ranges else text

    def _ranges(self, found: Estimate, write: Callable[[float, int], str], raw: Estimate | None = None) -> str:
        """Return the range of chance and, where there are draws, that of what is not known; "" for none.

        Where the number is without direction, a range over draws that holds zero has that of the difference itself.
        """
        digits, known = self.digits(*ends(found)), found.knowledge
        chance = (
            "" if isnan(found.low) else span(*(write(self.factor * end, digits) for end in (found.low, found.high)))
        )
        if known is None:
            return chance
        if raw is not None and raw.knowledge is not None and known.holds_zero:
            known, write = raw.knowledge, signed
        values = span(*(write(self.factor * end, digits) for end in (known.low, known.high)))
        values = values if known.seen else "not told from chance"
        return ", ".join([*([f"chance {chance}"] if chance else []), f"values {values}"])

    def change(self, found: Estimate, *, mark: bool = True) -> str:
        """Return a difference with its sign and interval: "+3 (+1 to +5)"; with a mark where it is clear."""
        if not found.known:
            return UNKNOWN
        text = self._with_ranges(found, signed)
        return f"{text} {why(found)}" if mark and found.clear else text

    def size(self, found: Estimate) -> str:
        """Return the size of a difference without direction: "12 of 100 groups (5 to 19)"; signs if it may be none."""
        if found.low * found.high < 0:
            value = signed(self.factor * found.value, self.digits(*ends(found)))
            return f"{value} {self.unit} ({self._ranges(found, signed)})"
        shown = sized(found)
        value, ranges = plain(self.factor * shown.value, self.digits(*ends(found))), self._ranges(shown, plain, found)
        return f"{value} {self.unit}" + (f" ({ranges})" if ranges else "")

    def amount(self, found: Estimate) -> str:
        """Return a change in words: "12 fewer of 100 groups (8 to 15)", "3 points of 100 lower (1 to 5)"."""
        size = plain(abs(self.factor * found.value), self.digits(*ends(found)))
        mixed = found.low * found.high < 0
        band = self._ranges(found, signed) if mixed else self._ranges(sized(found), plain, found)
        band = f" ({band})" if band else ""
        if self.unit in COUNTED or self.unit.startswith("of 100"):
            return f"{size} {'fewer' if found.value < 0 else 'more'} {self.unit}{band}"
        return f"{size} {self.unit} {'lower' if found.value < 0 else 'higher'}{band}"


def ends(found: Estimate) -> tuple[float, ...]:
    """Return all numbers of an estimate that are written on one line: itself, and the ends of its ranges."""
    known = () if found.knowledge is None else (found.knowledge.low, found.knowledge.high)
    return (found.value, found.low, found.high, *known)


GROUPS = Scale(100.0, "of 100 groups", 0)
PEOPLE = Scale(100.0, "of 100 people", 1)
POINTS = Scale(100.0, "points of 100", 1)


def scale_of(measure: str) -> Scale:
    """Return how a measure is written."""
    known = BY_NAME[measure]
    return Scale(known.scale, known.shown_unit, 0 if known.unit == "yes/no" else None)


def sized(found: Estimate) -> Estimate:
    """Return a difference without its direction."""
    if found.value >= 0:
        return found
    return turned(found)


def turned(found: Estimate) -> Estimate:
    """Return a difference seen from the other side."""
    return found.scaled(-1.0)


def why(found: Estimate) -> str:
    """Return whether a difference is clear, and the reason where it is not."""
    if found.clear and found.knowledge is not None and found.knowledge.holds_zero:
        return "clear of chance alone"
    return "clear" if found.clear else f"not clear: {WHY[found.verdict]}"


def small(number: int) -> str:
    """Return a count, as a word up to twelve."""
    return SMALL[number] if 0 <= number < len(SMALL) else f"{number:,}"


def counted(number: int, noun: str) -> str:
    """Return a count with its noun: "one run", "two runs"."""
    return f"{small(number)} {noun}{'' if number == 1 else 's'}"


def duration(weeks: float) -> str:
    """Return a number of weeks in words: "ten years", "26 weeks", "one week"."""
    years = weeks / 52.0
    if weeks >= 52 and abs(years - round(years)) < 1e-9:
        return counted(round(years), "year")
    if weeks >= 104:
        return f"{trimmed(years, 1)} years"
    return counted(round(weeks), "week") if round(weeks) <= 1 else f"{plain(weeks, 0)} weeks"


def durations(weeks: Sequence[float]) -> str:
    """Return the lengths of several runs in words: "ten years", or "one year or three years"."""
    lengths = sorted(set(weeks))
    if len(lengths) > 3:
        return f"{duration(lengths[0])} to {duration(lengths[-1])}"
    return joined([duration(length) for length in lengths], "or")


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
        return f"{value:.6g}"
    return "not known" if value is None else str(value)


def capital(text: str) -> str:
    """Return a sentence with a capital at its beginning."""
    return text[:1].upper() + text[1:]
