"""A comparison in words: each difference with its range, and whether it is clear."""

from __future__ import annotations

from typing import Any

from mhsim.report.by_axis import INFORMATION
from mhsim.report.formatting import UNKNOWN, capital, plain, signed, span, trimmed

Row = dict[str, Any]
HUNDREDS = ("share", "0-1", "yes/no")


def scale_of(row: Row) -> float:
    """Return the factor by which a measure is shown: shares and scales from 0 to 1 of a hundred."""
    return 100.0 if row["unit"] in HUNDREDS else 1.0


def unit_of(row: Row) -> str:
    """Return the unit in which a measure is shown."""
    units = {"share": "of 100", "0-1": "points of 100"}
    return units.get(row["unit"], str(row["unit"]))


def meaning_of(measure: str) -> str:
    """Return what a measure is, as the beginning of a sentence."""
    if measure == "alive_at_end":
        return "Groups still meeting at the end"
    return capital(INFORMATION[measure].meaning)


def number(row: Row, name: str, digits: int = 1) -> str:
    """Return a value of a row as a reader sees it."""
    value = row[name]
    return UNKNOWN if value is None else plain(scale_of(row) * value, digits)


def change(row: Row) -> str:
    """Return a difference and its range: "−6 (−8.5 to −3)"."""
    if row["difference"] is None:
        return UNKNOWN
    scale, digits = scale_of(row), digits_of(row)
    size = signed(scale * row["difference"], digits)
    if row["low"] is None:
        return size
    return f"{size} ({span(signed(scale * row['low'], digits), signed(scale * row['high'], digits))})"


def digits_of(row: Row) -> int:
    """Return with how many decimals a difference is shown: more for small ones."""
    largest = max(abs(scale_of(row) * (row[name] or 0.0)) for name in ("difference", "low", "high"))
    return 1 if largest >= 1 or largest == 0 else 2 if largest >= 0.1 else 3


def verdict(row: Row) -> str:
    """Return whether a difference is clear, in words."""
    words = {"clear": "clear", "nothing": "no pairs to compare", "identical": "the same in every pair"}
    words |= {"too few": "too few pairs to say", "unclear among many": "clear only if looked at alone"}
    return words.get(row["verdict"], "not clear")


def told(row: Row) -> str:
    """Return one measure of one scenario against the first as a sentence."""
    what = meaning_of(row["measure"])
    if row["pairs"] == 0:
        return f"{what}: there are no pairs of runs to compare."
    if row["identical"]:
        return (
            f"{what}: the same in every one of {row['pairs']:,} pairs of runs ({number(row, 'mean')} {unit_of(row)})."
        )
    value, before = number(row, "mean"), number(row, "mean_reference")
    values = f"{value} {unit_of(row)} with {row['scenario']} against {before} with {row['reference']}"
    return f"{what}: {values}; difference {change(row)}, {verdict(row)}."


def times(row: Row) -> str:
    """Return how many times as many runs it would take without shared luck."""
    return UNKNOWN if row["variance_ratio"] is None else f"{trimmed(row['variance_ratio'], 1)} times"
