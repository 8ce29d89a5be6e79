"""The folder `analysis` of a study: tables made of its runs, whatever its kind, written whole and read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from mhsim.errors import InputError
from mhsim.safe_files import read_table, refusals, write_table

if TYPE_CHECKING:
    import pandas as pd


def write_analysis(folder: Path, tables: Mapping[str, pa.Table]) -> None:
    """Write tables by name into the folder `analysis` of a study; equal tables are equal files.

    Raises
    ------
    mhsim.safe_files.StoreError
        If the disk refuses.
    """
    target = folder / "analysis"
    with refusals(target):
        target.mkdir(exist_ok=True)
    for name, table in tables.items():
        write_table(target / f"{name}.parquet", table)


def read_analysis(folder: Path, names: Iterable[str], missing: str, optional: bool = False) -> dict[str, pd.DataFrame]:
    """Return tables of the folder `analysis` of a study as data frames.

    Raises
    ------
    InputError
        If a table is not there, with the words `missing`; tables that are `optional` are left out instead.
    """
    found = {}
    for name in names:
        path = Path(folder) / "analysis" / f"{name}.parquet"
        if path.is_file():
            found[name] = read_table(path).to_pandas()
        elif not optional:
            raise InputError(missing, str(folder))
    return found
