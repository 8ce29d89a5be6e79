"""A finding: a number found here, with its interval, beside what was published; the rows of docs/docking.csv."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mhsim.stats import Estimate

NAN = float("nan")


class Finding(NamedTuple):
    """A number found here, with its interval, beside what was published; NaN or empty where there is none."""

    model: str
    what: str
    at: float = NAN
    published: str = ""
    published_low: float = NAN
    published_high: float = NAN
    value: float = NAN
    low: float = NAN
    high: float = NAN
    cases: int = 0

    @property
    def agrees(self) -> bool:
        """Whether the two intervals meet."""
        return self.low <= self.published_high and self.published_low <= self.high


def found(model: str, what: str, estimate: Estimate, at: float = NAN, **published: Any) -> Finding:
    """Return a finding from an estimate."""
    numbers = (estimate.value, estimate.low, estimate.high, estimate.cases)
    return Finding(model, what, at, **published)._replace(**dict(zip(Finding._fields[6:], numbers, strict=True)))


def exactly(model: str, what: str, value: float, at: float = NAN, **published: Any) -> Finding:
    """Return a finding that has no chance in it."""
    return Finding(model, what, at, **published)._replace(value=value, low=value, high=value)


def printed(text: str, low: float, high: float | None = None) -> dict[str, Any]:
    """Return what was published, as it is said and as numbers."""
    return {"published": text, "published_low": low, "published_high": low if high is None else high}


def write_findings(path: Path, rows: Sequence[Finding]) -> None:
    """Write findings as a table; numbers to five digits, which is more than any of them is sure of."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(Finding._fields)
        for row in rows:
            out.writerow([("" if v != v else f"{v:.5g}") if isinstance(v, float) else v for v in row])


def read_findings(path: Path) -> list[Finding]:
    """Return the findings of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    words = ("model", "what", "published")
    return [
        Finding(**{key: text if key in words else float(text or "nan") for key, text in line.items()}) for line in lines
    ]
