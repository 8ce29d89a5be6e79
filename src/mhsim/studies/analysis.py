"""The folder `analysis` of a study: tables made of its runs, whatever its kind, written whole and read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from mhsim.errors import InputError
from mhsim.studies.columns import PARQUET
from mhsim.studies.safe_files import refusals, whole_file

if TYPE_CHECKING:
    import pandas as pd


def write_analysis(folder: Path, tables: Mapping[str, pa.Table]) -> None:
    """Write tables by name into the folder `analysis` of a study; equal tables are equal files.

    Raises
    ------
    mhsim.studies.safe_files.StoreError
        If the disk refuses.
    """
    target = folder / "analysis"
    with refusals(target):
        target.mkdir(exist_ok=True)
    for name, table in tables.items():
        with whole_file(target / f"{name}.parquet") as file:
            pq.write_table(table, file, **PARQUET)


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
            with pq.ParquetFile(path) as file:
                found[name] = file.read().to_pandas()
        elif not optional:
            raise InputError(missing, str(folder))
    return found
