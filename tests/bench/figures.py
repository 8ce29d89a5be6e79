"""What a measurement is: a figure with the bar asked of it, what was measured, and how both are put into words."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple


class Figure(NamedTuple):
    """Something that is measured.

    Attributes
    ----------
    name : str
        What it is, in words; unique.
    unit : str
        The unit of the number; "times" for a ratio.
    at_least, at_most : float or None
        The bar. Without one, the figure is shown for information.
    """

    name: str
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def asked(self) -> str | None:
        """The bar in words, None without one."""
        if self.at_least is not None:
            return f">= {self.at_least:g}"
        return f"<= {self.at_most:g}" if self.at_most is not None else None

    def is_met(self, value: float) -> bool | None:
        """Tell whether a value keeps the bar; None where nothing is asked."""
        if self.at_least is not None:
            return value >= self.at_least
        return value <= self.at_most if self.at_most is not None else None


class Measured(NamedTuple):
    """A number and the least and largest of the single measurements behind it."""

    value: float
    low: float
    high: float


def least_of(values: Sequence[float], factor: float = 1.0) -> Measured:
    """Return the least of several measurements, times a factor: other work on a machine only ever adds time."""
    return Measured(factor * min(values), factor * min(values), factor * max(values))


def median_of(values: Sequence[float]) -> Measured:
    """Return the median of several measurements, as of ratios, which other work moves both ways."""
    return Measured(median(values), min(values), max(values))


def once(value: float) -> Measured:
    """Return a number that was measured a single time."""
    return Measured(value, value, value)
