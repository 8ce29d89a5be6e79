"""`mhsim tables`: a table of a run or a study for other programs, as CSV, for Excel, for Stata, or as Parquet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mhsim.commands.options import expanded
from mhsim.commands.output import note, say

if TYPE_CHECKING:
    import pandas as pd

STATA_NAME = 32
"""Letters in a name of a variable of Stata at most."""


class TableFormat(StrEnum):
    """What a table is written for."""

    csv = "csv"
    excel = "excel"
    stata = "stata"
    parquet = "parquet"


ENDINGS = {"csv": "csv", "excel": "csv", "stata": "dta", "parquet": "parquet"}


def tables(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Folder of a run or a study.", show_default=False, callback=expanded),
    ],
    table: Annotated[
        str, typer.Option(help="Which table: runs, series, lives, or one of the analysis, by name.")
    ] = "runs",
    format: Annotated[
        TableFormat, typer.Option(help="csv; excel: CSV with semicolon and decimal comma; stata; parquet.")
    ] = TableFormat.csv,
    out: Annotated[
        Path | None,
        typer.Option(help="File to write.", show_default="DIR/tables/TABLE.csv", callback=expanded),
    ] = None,
) -> None:
    """Write a table for other programs.

    Runs have the values of their point beside them; series and lives of all runs become one table. Yes and no are 1
    and 0, what is missing is empty.
    """
    from mhsim.safe_files import whole_file

    parts = frames(folder, table)
    target = out if out is not None else folder / "tables" / f"{table}.{ENDINGS[format]}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(target, checksum=False) as file:
        rows = write_frames(parts, format, file)
    say(f"{rows:,} rows are in {target}")


def frames(folder: Path, table: str) -> Iterator[pd.DataFrame]:
    """Return a table of a folder of results in parts: one, or one for each run.

    Raises
    ------
    InputError
        If the folder holds no results, or no such table; one line.
    """
    from mhsim.errors import InputError, suggestion
    from mhsim.safe_files import read_json, read_table

    if not (folder / "manifest.json").is_file():
        raise InputError("this is not a folder of results: it holds no manifest.json", str(folder))
    if read_json(folder / "manifest.json").get("kind") == "run":
        single = {path.stem: path for path in folder.glob("*.parquet")}
        if table == "runs":
            return iter([summary_frame(read_json(folder / "summary.json"))])
        if table in single:
            return iter([plain(read_table(single[table]).to_pandas())])
        raise InputError(f"there is no table {table!r}{suggestion(table, ['runs', *single])}", str(folder))
    files = sorted(folder.glob(f"{table}/point-*-replicate-*.parquet")) if re.fullmatch(r"\w+", table) else []
    single = {path.stem: path for path in (*folder.glob("analysis/*.parquet"), *folder.glob("*.parquet"))}
    points = read_table(folder / "points.parquet").to_pandas().set_index("point")
    if table == "runs":
        return iter([plain(with_points(run_rows(folder), points))])
    if files:
        return (plain(with_points(read_table(path).to_pandas(), points)) for path in files)
    if table in single:
        return iter([plain(read_table(single[table]).to_pandas())])
    recorded = {path.parent.name for path in folder.glob("*/point-*-replicate-*.parquet")}
    known = sorted({"runs", *single, *recorded})
    raise InputError(f"there is no table {table!r}; there are {', '.join(known)}", str(folder))


def run_rows(folder: Path) -> pd.DataFrame:
    """Return the runs of a study, those that are done so far if it is not finished."""
    from mhsim.safe_files import read_table
    from mhsim.studies.chunks import stored_runs

    if (folder / "runs.parquet").is_file():
        whole: pd.DataFrame = read_table(folder / "runs.parquet").to_pandas()
        return whole
    found: pd.DataFrame = stored_runs(folder).to_pandas()
    note(f"The study is not finished; {len(found):,} runs are written.")
    return found


def summary_frame(summary: dict[str, Any]) -> pd.DataFrame:
    """Return the summary of a run as a table of one row."""
    import pandas as pd

    return plain(pd.DataFrame([summary]))


def with_points(frame: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the values of each point beside its number; the points are given by number."""
    at = list(frame.columns).index("point") + 1
    for number, path in enumerate(points.columns):
        if path not in frame.columns:
            frame.insert(at + number, path, points[path].reindex(frame["point"]).to_numpy())
    return frame


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table of numbers and texts: yes and no as 1 and 0, what is missing as NaN or empty text."""
    import pandas as pd

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


def write_frames(parts: Iterator[pd.DataFrame], format: TableFormat, file: Any) -> int:
    """Write the parts of a table one after the other into an open file; return the number of rows."""
    import pandas as pd

    if format in (TableFormat.csv, TableFormat.excel):
        excel, rows = format is TableFormat.excel, 0
        sep, decimal, end = (";", ",", "\r\n") if excel else (",", ".", "\n")
        file.write("\ufeff".encode() if excel else b"")
        for number, part in enumerate(parts):
            text = part.to_csv(index=False, header=number == 0, sep=sep, decimal=decimal, lineterminator=end)
            file.write(text.encode())
            rows += len(part)
        return rows
    frame = pd.concat(list(parts), ignore_index=True)
    if format is TableFormat.parquet:
        frame.to_parquet(file, index=False, compression="zstd")
        return len(frame)
    names = stata_names(list(frame.columns))
    labels = {new: meaning_of(old)[:80] for old, new in names.items()}
    frame = frame.rename(columns=names)
    frame.to_stata(file, write_index=False, variable_labels=labels, version=118)
    return len(frame)


def stata_names(columns: list[str]) -> dict[str, str]:
    """Return a name for Stata for each column: letters, digits and low lines, short, and no two alike."""
    names: dict[str, str] = {}
    for column in columns:
        short = re.sub(r"^(?=\d)", "_", re.sub(r"\W", "_", column, flags=re.ASCII))[:STATA_NAME]
        number = 1
        name = short
        while name in names.values():
            number += 1
            name = f"{short[: STATA_NAME - len(str(number)) - 1]}_{number}"
        names[column] = name
    return names


def meaning_of(column: str) -> str:
    """Return what a column is, for its label: the measure's meaning, or its path."""
    from mhsim.outcomes.measures import MEASURES

    meanings = {measure.name: measure.meaning for measure in MEASURES}
    return f"{column}: {meanings[column]}" if column in meanings else column
