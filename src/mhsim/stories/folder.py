"""A chronicle from the folder of a run, as `mhsim run ... --record story` writes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mhsim.errors import InputError
from mhsim.stories.records import Chronicle

TABLES = ("events", "lives", "groups", "series")
NO_RUN = "this is not the folder of a run: it holds no"
NO_EVENTS = "this run kept no event log; run it again with: mhsim run ... --record story"


def chronicle_in(folder: Path) -> Chronicle:
    """Return what is needed to tell the stories of a run that was saved.

    Raises
    ------
    InputError
        If there is no such folder, it is not that of a run, it keeps no event log, or a table cannot be read.
    """
    if not folder.is_dir():
        raise InputError("there is no such folder", str(folder))
    for name in ("scenario.yaml", "summary.json"):
        if not (folder / name).is_file():
            raise InputError(f"{NO_RUN} {name}", str(folder))
    if not (folder / "events.parquet").is_file():
        raise InputError(NO_EVENTS, str(folder))
    from mhsim.reading import read_scenario

    scenario = read_scenario(folder / "scenario.yaml")
    tables = {name: _table(folder / f"{name}.parquet") for name in TABLES}
    week = tables["series"].num_rows * scenario.weeks_per_step
    try:
        return Chronicle(scenario, week, tables["events"], tables["lives"], tables["groups"])
    except KeyError as error:
        raise InputError(f"a table lacks the column {error.args[0]}", str(folder)) from None


def _table(path: Path) -> Any:
    """Return a table of Parquet; raise InputError if it cannot be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"this table cannot be read: {str(error).splitlines()[0]}", str(path)) from None
