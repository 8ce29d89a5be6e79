"""The tables of a knock-out as the page sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from mhsim.errors import InputError
from mhsim.report.intervals import Estimate
from mhsim.report.study_data import Found, read_table
from mhsim.studies.analysis import difference_in

Row = dict[str, Any]
NAMES = ("effects", "interactions", "form_differences", "shapley")


@dataclass(frozen=True)
class Tables:
    """A finished knock-out: the study, and each table as rows; a table that was not asked for has none."""

    found: Found
    forms: tuple[str, ...]
    effects: Sequence[Row]
    interactions: Sequence[Row]
    form_differences: Sequence[Row]
    shapley: Sequence[Row]

    @property
    def outcome(self) -> str:
        """The measure that the answer is about."""
        return str(self.found.study["outcome"])

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure that was compared, the outcome first."""
        return tuple(dict.fromkeys([self.outcome, *(str(row["measure"]) for row in self.effects)]))

    def of(self, form: str, measure: str = "") -> list[Row]:
        """Return the effects in a form on a measure, the outcome unless named; the largest first."""
        wanted = measure or self.outcome
        return [row for row in self.effects if row["form"] == form and row["measure"] == wanted]

    def taken_away(self, name: str) -> dict[str, Any]:
        """Return the paths and values by which a thing was taken away."""
        sets: dict[str, dict[str, Any]] = self.found.study.get("sets") or {}
        return sets.get(name, {f"{name}.enabled": False})


def read_tables(found: Found, folder: Path) -> Tables:
    """Read the analysis of a finished knock-out study; raise InputError, one line, if there is none."""
    if not (folder / "analysis" / "effects.parquet").is_file():
        raise InputError("the runs are not analysed yet; go on with it by mhsim knockout --resume", str(folder))
    labels = labels_of(tuple(found.study["forms"]))
    try:
        rows = {
            name: _rows(folder, name, labels) for name in ("effects", "interactions", "form_differences", "shapley")
        }
    except (OSError, pa.ArrowException) as problem:
        raise InputError(f"the analysis in this folder cannot be read: {problem}", str(folder)) from None
    return Tables(found, tuple(labels.values()), **rows)


def labels_of(forms: tuple[str, ...]) -> dict[str, str]:
    """Return what each form is called on the page: its name, without folders and ending if no two then agree."""
    short = {form: Path(form).stem for form in forms}
    return short if len(set(short.values())) == len(forms) else {form: form for form in forms}


def _rows(folder: Path, name: str, labels: dict[str, str]) -> list[Row]:
    path = folder / "analysis" / f"{name}.parquet"
    rows: list[Row] = read_table(path).to_pylist() if path.is_file() else []
    for row in rows:
        row |= {key: labels[row[key]] for key in ("form", "other_form") if key in row}
    return rows


def estimate(row: Row, name: str) -> Estimate:
    """Return a number of a row with its interval."""
    return difference_in(row, name)


def turned(found: Estimate) -> Estimate:
    """Return a number seen from the other side: what changes without a thing, for what it does."""
    return found.scaled(-1.0)


def change(row: Row) -> Estimate:
    """Return what changes without a thing."""
    return turned(estimate(row, "effect"))
