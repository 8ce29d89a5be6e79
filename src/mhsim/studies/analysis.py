"""The folder `analysis` of a study: tables made of its runs, whatever its kind, written whole and read again.

An analysis is a dictionary of rows by table; each kind declares the columns of its tables once, in its `tables.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from math import isfinite, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import yaml

from mhsim.errors import InputError
from mhsim.safe_files import refusals, write_table
from mhsim.stats import FEWEST, UNKNOWN, Estimate, Knowledge
from mhsim.studies.columns import TYPES, column

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]
NUMBER, WHOLE, TEXT, YES_NO = (TYPES[kind] for kind in ("number", "whole", "text", "yes_no"))


def estimate_columns(name: str, unit: str, meaning: str) -> tuple[pa.Field, ...]:
    """Return the columns of a number and its interval."""
    return (
        column(name, NUMBER, unit, meaning),
        column("low", NUMBER, unit, "lower end of its 95 % interval"),
        column("high", NUMBER, unit, "upper end of its 95 % interval"),
    )


def difference_columns(name: str, unit: str, meaning: str) -> tuple[pa.Field, ...]:
    """Return the columns of a paired difference, its interval and its verdict; see `mhsim.stats`."""
    return (
        *estimate_columns(name, unit, meaning),
        column("p", NUMBER, "share", "p-value of the difference, judged alone"),
        column("p_together", NUMBER, "share", "the same, judged with all rows it is looked at with"),
        column("verdict", TEXT, "choice", f"clear; unclear; unclear among many; too few (under {FEWEST}); identical"),
        column("clear", YES_NO, "yes/no", "whether the verdict is clear"),
        column("identical", YES_NO, "yes/no", "no replicate shows any difference"),
    )


KNOWLEDGE = (
    column("knowledge_low", NUMBER, "as the value", "lower end of its 95 % range over the draws, chance taken out"),
    column("knowledge_middle", NUMBER, "as the value", "median over the draws, chance taken out"),
    column("knowledge_high", NUMBER, "as the value", "upper end of its 95 % range over the draws, chance taken out"),
    column("knowledge_draws", WHOLE, "draws", "draws in which it is known"),
    column("knowledge_chance", NUMBER, "share", "part of the variance over the draws that was chance"),
    column("knowledge_error", NUMBER, "as the value", "s.d. by which chance moves one draw against the others"),
)
"""Columns that stand beside an estimate in a study over draws of what is not known; see `mhsim.stats.knowledge`."""


def schemas_of(package: str) -> dict[str, pa.Schema]:
    """Return the columns of the tables that a kind of study writes, by table.

    They are listed in the file `tables.yaml` of its package: each with its kind, unit and meaning. A column of the kind
    "estimate" has its interval beside it, one of the kind "difference" also its verdict.
    """
    listed = yaml.safe_load(files(package).joinpath("tables.yaml").read_text(encoding="utf-8"))
    beside = {"estimate": estimate_columns, "difference": difference_columns}

    def fields(name: str, kind: str, unit: str, meaning: str) -> tuple[pa.Field, ...]:
        plain = kind not in beside
        return (column(name, TYPES[kind], unit, meaning),) if plain else beside[kind](name, unit, meaning)

    return {
        table: pa.schema([field for name, about in columns.items() for field in fields(name, *about)])
        for table, columns in listed.items()
    }


def estimate_cells(found: Estimate, name: str) -> Row:
    """Return the cells of a number, its interval, and its range over draws where there are any."""
    return {name: found.value, "low": found.low, "high": found.high} | knowledge_cells(found.knowledge)


def knowledge_cells(found: Knowledge | None) -> Row:
    """Return the cells of a range over draws; none where there is none."""
    if found is None:
        return {}
    numbers = (found.low, found.middle, found.high, found.draws, found.chance, found.error)
    return {field.name: number for field, number in zip(KNOWLEDGE, numbers, strict=True)}


def knowledge_in(row: Row) -> Knowledge | None:
    """Return the range over draws that a row of a table holds; None if it holds none."""
    if row.get("knowledge_draws") is None:
        return None
    low, middle, high, draws, chance, error = (row[field.name] for field in KNOWLEDGE)
    return Knowledge(middle, low, high, draws, chance, error)


def difference_cells(found: Estimate, name: str) -> Row:
    """Return the cells of a paired difference."""
    judged = {"p": found.p, "p_together": found.p_together, "verdict": found.verdict}
    return estimate_cells(found, name) | judged | {"clear": found.clear, "identical": found.identical}


def difference_in(row: Row, name: str, cases: str = "replicates") -> Estimate:
    """Return the paired difference that a row of a table holds."""
    if not row[cases]:
        return UNKNOWN
    numbers = (nan if row[key] is None else float(row[key]) for key in (name, "low", "high", "p", "p_together"))
    value, low, high, p, together = numbers
    return Estimate(value, low, high, int(row[cases]), p, together, bool(row.get("identical")), knowledge_in(row))


def as_table(rows: Iterable[Row], schema: pa.Schema) -> pa.Table:
    """Return rows as a table; what is not a finite number, or is not named, is missing."""
    listed = list(rows)
    return pa.table({name: [_cell(row.get(name)) for row in listed] for name in schema.names}, schema=schema)


def write_analysis(folder: Path, schemas: Mapping[str, pa.Schema], rows: Mapping[str, Iterable[Row]]) -> None:
    """Write tables by name into the folder `analysis` of a study; the same rows give the same files.

    Parameters
    ----------
    folder : Path
        Of the study.
    schemas : mapping
        The columns of each table.
    rows : mapping
        The rows of those tables that are to be written.

    Raises
    ------
    mhsim.safe_files.StoreError
        If the disk refuses.
    """
    target = folder / "analysis"
    with refusals(target):
        target.mkdir(exist_ok=True)
    for name, listed in ((name, list(listed)) for name, listed in rows.items()):
        over_draws = any("knowledge_draws" in row for row in listed)
        schema = pa.schema([*schemas[name], *KNOWLEDGE]) if over_draws else schemas[name]
        write_table(target / f"{name}.parquet", as_table(listed, schema))


def tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of the analysis of a finished study by name, as data frames, for notebooks.

    Raises
    ------
    InputError
        If the folder holds no study that was analysed; one line.
    """
    from mhsim.studies.data import read_study
    from mhsim.studies.registry import KINDS

    data = read_study(folder)
    found = {name: data.table(name).to_pandas() for name in KINDS[data.kind].tables if data.has_table(name)}
    if not found:
        raise InputError("there is no analysis in this folder; the study goes on by --resume", str(folder))
    return found


def _cell(value: Any) -> Any:
    """Return a cell as Parquet holds it: no NumPy, and missing where a number is not finite."""
    plain = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(plain, float) and not isfinite(plain) else plain
