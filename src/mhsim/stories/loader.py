"""A chronicle from the folder of a run, as `mhsim run ... --record story` writes it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from mhsim.errors import InputError
from mhsim.safe_files import read_table
from mhsim.stories.records import Chronicle, Entry, GroupRecord, Life
from mhsim.user_paths import user_path

TABLES = {
    "events": tuple(column.name for column in fields(Entry)),
    "lives": tuple(column.name for column in fields(Life)),
    "groups": tuple(column.name for column in fields(GroupRecord)),
    "series": ("week",),
}
"""The tables that stories are told from, and the columns they need."""
NO_RUN = "this is not the folder of a run: it holds no"
NO_EVENTS = "this run kept no event log; run it again with: mhsim run ... --record story"


def chronicle_in(folder: Path) -> Chronicle:
    """Return what is needed to tell the stories of a run that was saved.

    Raises
    ------
    InputError
        If there is no such folder, it is not that of a run, it keeps no event log, or a table cannot be read.
    """
    folder = user_path(folder)
    if not folder.is_dir():
        raise InputError("there is no such folder", str(folder))
    for name in ("scenario.yaml", "summary.json"):
        if not (folder / name).is_file():
            raise InputError(f"{NO_RUN} {name}", str(folder))
    if not (folder / "events.parquet").is_file():
        raise InputError(NO_EVENTS, str(folder))
    from mhsim.plugins import without_rule_code
    from mhsim.scenario_io.loader import read_scenario

    with without_rule_code():
        scenario = read_scenario(folder / "scenario.yaml")
    tables = {name: _table(folder / f"{name}.parquet", columns) for name, columns in TABLES.items()}
    week = tables["series"].num_rows * scenario.weeks_per_step
    return Chronicle(scenario, week, tables["events"], tables["lives"], tables["groups"])


def _table(path: Path, columns: tuple[str, ...]) -> Any:
    """Return a table of Parquet; raise InputError if it cannot be read or lacks a column."""
    table = read_table(path)
    lacking = [name for name in columns if name not in table.column_names]
    if lacking:
        raise InputError(f"this table lacks the column {lacking[0]}", str(path))
    return table
