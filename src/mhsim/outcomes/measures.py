"""Measures: names, kinds, units and definitions of every measure of a run, read from ``measures.csv`` beside it.

Denominators, once and for all. The focal group is group 0; its lineage is it and the groups split from it. A cohort
"at k weeks" holds those who came into need (or first visited) after the groups opened and at least k weeks before the
end; who moved away before k is not in a snapshot, whether member or not. Joining is the first attendance.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

from mhsim.schema import EXITS

OF_HUNDRED = {"share": "of 100", "yes/no": "of 100 groups", "0-1": "points of 100"}
"""Units that are shown of a hundred, and how they are written then."""


class Measure(NamedTuple):
    """One outcome of a run: its name, kind (number, whole, yes_no, text), unit and definition."""

    name: str
    kind: str
    unit: str
    meaning: str

    @property
    def label(self) -> str:
        """The name as a heading has it."""
        return self.name[:1].upper() + self.name[1:].replace("_", " ")

    @property
    def scale(self) -> float:
        """Factor by which values are shown: shares, yes and no, and scales from 0 to 1 are shown of a hundred."""
        return 100.0 if self.unit in OF_HUNDRED else 1.0

    @property
    def shown_unit(self) -> str:
        """Unit in which values are shown: "of 100", "of 100 groups", "points of 100", or the unit itself."""
        return OF_HUNDRED.get(self.unit, self.unit)


with (Path(__file__).parent / "measures.csv").open(encoding="utf-8", newline="") as _listed:
    MEASURES = (
        *(Measure(**row) for row in csv.DictReader(_listed)),
        *(Measure(f"exits_{name}", "whole", "times", f"exits from groups: {name.replace('_', ' ')}") for name in EXITS),
    )
"""Every measure of a run, in the order of the tables."""

NAMES = tuple(measure.name for measure in MEASURES)
BY_NAME = {measure.name: measure for measure in MEASURES}
