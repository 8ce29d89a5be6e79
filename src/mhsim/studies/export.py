"""Tables of a folder of results for other programs: as CSV, for Excel, for Stata, or as Parquet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from mhsim.errors import InputError
from mhsim.outcomes.measures import BY_NAME
from mhsim.safe_files import read_json, read_table
from mhsim.studies.chunks import stored_runs

STATA_NAME = 32
"""Letters in a name of a variable of Stata at most."""
ENDINGS = {"csv": "csv", "excel": "csv", "stata": "dta", "parquet": "parquet"}
"""The ending of the file in each format."""


def frames(folder: Path, table: str) -> Iterator[pd.DataFrame]:
    """Return a table of a folder of results in parts: one, or one for each run, with the values of its point.

    Raises
    ------
    InputError
        If the folder holds no such table; one line.
    """
    single = {path.stem: path for path in (*folder.glob("analysis/*.parquet"), *folder.glob("*.parquet"))}
    files = sorted(folder.glob(f"{table}/point-*-replicate-*.parquet")) if re.fullmatch(r"\w+", table) else []
    if table == "runs" and read_json(folder / "manifest.json").get("kind") == "run":
        return iter([plain(pd.DataFrame([read_json(folder / "summary.json")]))])
    if table == "runs" or files:
        stored = (read_table(path) for path in files) if files else [_runs(folder)]
        points = read_table(folder / "points.parquet").to_pandas().set_index("point")
        return (plain(with_points(part.to_pandas(), points)) for part in stored)
    if table in single:
        return iter([plain(read_table(single[table]).to_pandas())])
    recorded = {path.parent.name for path in folder.glob("*/point-*-replicate-*.parquet")}
    known = ", ".join(sorted({"runs", *single, *recorded}))
    raise InputError(f"there is no table {table!r}; there are {known}", str(folder))


def _runs(folder: Path) -> Any:
    """Return the runs of a study, those that are done so far if it is not finished."""
    path = folder / "runs.parquet"
    return read_table(path) if path.is_file() else stored_runs(folder)


def with_points(frame: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the values of each point beside its number; the points are given by number."""
    at = list(frame.columns).index("point") + 1
    for number, path in enumerate(points.columns):
        if path not in frame.columns:
            frame.insert(at + number, path, points[path].reindex(frame["point"]).to_numpy())
    return frame


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table of numbers and texts: yes and no as 1 and 0, what is missing as NaN or empty text."""
    for name in frame.columns:
        values = frame[name]
        if values.dtype == object and values.dropna().map(lambda value: isinstance(value, bool)).all():
            frame[name] = values.astype(float) if values.notna().any() else values.fillna("").astype(str)
        elif values.dtype == bool:
            frame[name] = values.astype("int8")
        elif values.dtype == object:
            frame[name] = values.where(values.notna(), "").astype(str)
        elif pd.api.types.is_float_dtype(values):
            frame[name] = values.where(values.abs() != float("inf"))
    return frame


def write_frames(parts: Iterator[pd.DataFrame], format: str, file: BinaryIO) -> int:
    """Write the parts of a table one after the other into an open file; return the number of rows.

    Parameters
    ----------
    parts : iterator of data frames
        All with the same columns.
    format : {"csv", "excel", "stata", "parquet"}
        "excel" is CSV with semicolon and decimal comma; the labels of Stata's variables say what they are.
    file : binary file
        Open for writing.
    """
    if format in ("csv", "excel"):
        excel, rows = format == "excel", 0
        sep, decimal, end = (";", ",", "\r\n") if excel else (",", ".", "\n")
        file.write("\ufeff".encode() if excel else b"")
        for number, part in enumerate(parts):
            text = part.to_csv(index=False, header=number == 0, sep=sep, decimal=decimal, lineterminator=end)
            file.write(text.encode())
            rows += len(part)
        return rows
    frame = pd.concat(list(parts), ignore_index=True)
    if format == "parquet":
        frame.to_parquet(file, index=False, compression="zstd")
    else:
        names = stata_names(list(frame.columns))
        labels = {new: f"{old}: {BY_NAME[old].meaning}" if old in BY_NAME else old for old, new in names.items()}
        labels = {name: label[:80] for name, label in labels.items()}
        frame.rename(columns=names).to_stata(file, write_index=False, variable_labels=labels, version=118)
    return len(frame)


def stata_names(columns: list[str]) -> dict[str, str]:
    """Return a name for Stata for each column: letters, digits and low lines, short, and no two alike."""
    names: dict[str, str] = {}
    for column in columns:
        short = re.sub(r"^(?=\d)", "_", re.sub(r"\W", "_", column, flags=re.ASCII))[:STATA_NAME]
        numbered = (f"{short[: STATA_NAME - len(str(number)) - 1]}_{number}" for number in count(2))
        names[column] = next(name for name in chain([short], numbered) if name not in names.values())
    return names
