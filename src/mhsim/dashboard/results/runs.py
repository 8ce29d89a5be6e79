"""The runs of a study as the page of results shows them: read once, and again when the folder has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

from mhsim.dashboard.results.results_folder import ResultsFolder
from mhsim.errors import InputError
from mhsim.outcomes.measures import MEASURES
from mhsim.safe_files import column_names, read_table
from mhsim.studies.data import StudyData, read_study


@dataclass(frozen=True)
class Runs:
    """The runs of a study, and what can be shown of them.

    Attributes
    ----------
    found : StudyData
        The study; its measures are read when they are first asked for.
    measures : tuple of str
        Every measure that was watched and is a number, in the order of the list of measures.
    """

    found: StudyData
    measures: tuple[str, ...]

    @property
    def there(self) -> int:
        """Number of runs that are stored."""
        return int(self.found.stored.sum())

    @property
    def failed(self) -> int:
        """How many of these failed."""
        return len(self.found.failures)


@lru_cache(maxsize=8)
def runs_of(opened: ResultsFolder) -> Runs:
    """Return the runs of a study.

    Raises
    ------
    InputError
        If a table cannot be read or the folder holds no run yet; one line.
    """
    try:
        data = read_study(opened.folder)
    except InputError as error:
        raise InputError(f"{error}{_rounds(opened)}") from None
    return Runs(data, tuple(one.name for one in MEASURES if one.name in data.measures and one.kind != "text"))


def _rounds(opened: ResultsFolder) -> str:
    """Return where the runs of an unfinished study in rounds are, in words."""
    inside = [] if opened.finished else sorted(path.parent.name for path in opened.folder.glob("*/manifest.json"))
    return f"; its rounds are studies of their own: {', '.join(inside[:6])}" if inside else ""


def read_columns(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Return a Parquet file or some of its columns; those it lacks are left out. Raise InputError if it is damaged."""
    return read_table(path, None if columns is None else [name for name in column_names(path) if name in columns])
