"""Measures: names, kinds, units and definitions of every measure of a run, read from ``measures.csv`` beside it.

A new one is a line there and its computing in `mhsim.outcomes.summary`.

Denominators, once and for all. The focal group is group 0 unless the scenario says otherwise; its lineage is it and the
groups split from it. A cohort "at k weeks" holds those who came into need (or first visited) after the groups opened
and at least k weeks before the end; who moved away before k is not in a snapshot, whether member or not. Joining is the
first attendance.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from mhsim.forms import FORM_NAME
from mhsim.modules import optional
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
OF_MODULES = {
    module: tuple(Measure(f"{module}_{one.name}", "number", one.unit, one.why) for one in rule.measures)
    for module, rule in optional().items()
}
"""The measures of each optional mechanism: a run has them where it is on."""
OF_A_FORM = {
    "groups_ever": ("groups", "groups of the form that ever opened"),
    "open_groups": ("groups", "open groups of the form at the end"),
    "members": ("people", "members of all groups of the form at the end"),
    "helpers": ("people", "helpers of all groups of the form at the end"),
    "first_visits": ("people", "first visits to groups of the form"),
}
"""What is counted of each form in a world of several: ``members_of_online``, ``open_groups_of_online``, ..."""
_NAME_OF_A_FORM = re.compile(f"({'|'.join(OF_A_FORM)})_of_({FORM_NAME})")


class Known(dict[str, Measure]):
    """Measures by name; those of a form are known by their names, whatever the form is."""

    def __missing__(self, name: str) -> Measure:
        found = _NAME_OF_A_FORM.fullmatch(name)
        if found is None:
            raise KeyError(name)
        unit, meaning = OF_A_FORM[found[1]]
        return Measure(name, "whole", unit, meaning.replace("of the form", f"of the form {found[2]}"))

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or (isinstance(name, str) and bool(_NAME_OF_A_FORM.fullmatch(name)))


BY_NAME = Known({measure.name: measure for each in (MEASURES, *OF_MODULES.values()) for measure in each})


def names_of_forms(forms: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the measures of these forms."""
    return tuple(f"{name}_of_{form}" for form in forms for name in OF_A_FORM)


def names_of_modules(modules: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the measures of these optional mechanisms."""
    return tuple(measure.name for module in modules for measure in OF_MODULES[module])
