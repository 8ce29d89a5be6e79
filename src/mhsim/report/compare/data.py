"""A finished comparison as its page sees it: the study, the tables of its analysis, what differs in the scenarios."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from mhsim.errors import InputError
from mhsim.report.study_data import Found, read_table

Row = dict[str, Any]
WORDS = ("title", "form", "about")
"""Keys of a scenario on which nothing depends."""


@dataclass(frozen=True)
class Compared:
    """A finished comparison.

    Attributes
    ----------
    found : Found
        The study; its points are the scenarios.
    rows, parting, spreading : tuple of dict
        The rows of the tables of the same names in `analysis/`.
    scenarios : dict
        Each scenario as plain data, the first being the one the others are held against.
    """

    found: Found
    rows: tuple[Row, ...]
    parting: tuple[Row, ...]
    spreading: tuple[Row, ...]
    scenarios: dict[str, Any]

    @property
    def names(self) -> list[str]:
        """The names of the scenarios, the first being the one the others are held against."""
        return [str(point["scenario"]) for point in self.found.points]

    def of(self, scenario: str) -> dict[str, Row]:
        """Return the rows of one scenario by measure."""
        return {row["measure"]: row for row in self.rows if row["scenario"] == scenario}

    def differing(self) -> dict[str, list[Any]]:
        """Return every path that has not the same value in all scenarios, with its values in their order."""
        flattened = [flat(self.scenarios.get(name) or {}) for name in self.names]
        paths = dict.fromkeys(path for one in flattened for path in one)
        values = {path: [one.get(path) for one in flattened] for path in paths}
        return {
            path: found
            for path, found in values.items()
            if path not in WORDS and any(value != found[0] for value in found)
        }


def read_compared(folder: Path, found: Found) -> Compared:
    """Read what a comparison left behind; raise InputError, one line, if its analysis is missing."""
    try:
        rows, parting, spreading = (
            tuple(read_table(folder / "analysis" / f"{name}.parquet").to_pylist())
            for name in ("comparison", "parting", "spreading")
        )
        scenarios = yaml.safe_load((folder / "others.yaml").read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError, pa.ArrowException) as problem:
        words = "the analysis of this comparison is missing; go on with it by mhsim compare --resume"
        raise InputError(f"{words} ({problem})", str(folder)) from None
    first = str(found.points[0]["scenario"]) if found.points else "base"
    return Compared(replace(found, base_name=first), rows, parting, spreading, scenarios)


def flat(data: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Return nested plain data as one dictionary from dotted paths to values."""
    pairs: dict[str, Any] = {}
    for key, value in data.items():
        pairs |= flat(value, f"{before}{key}.") if isinstance(value, dict) else {f"{before}{key}": value}
    return pairs
