"""From the finished runs of a comparison to its tables in `analysis/`; it can be done again at any time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from mhsim.studies.analysis import read_analysis, write_analysis
from mhsim.studies.columns import TYPES, column
from mhsim.studies.compare.comparison import REASONS, SCHEMA, comparison, reasons
from mhsim.studies.compare.divergence import Look, Parting, first_person, named, part
from mhsim.studies.compare.pairs import Pairs, read_pairs

if TYPE_CHECKING:
    import pandas as pd

NAMES = ("comparison", "reasons", "parting", "spreading")
MOST_NAMED = 20
"""People named in a table who differ first."""

PARTING = pa.schema(
    [
        column("scenario", TYPES["text"], "name", "the scenario that is lived beside the first"),
        column("reference", TYPES["text"], "name", "the first scenario"),
        column("replicate", TYPES["whole"], "number", "which luck"),
        column("week", TYPES["number"], "weeks", "since the groups opened: when somebody first differs; none if never"),
        column("people", TYPES["whole"], "people", "how many differ then"),
        column("present", TYPES["whole"], "people", "people in need then, in either scenario"),
        column("names", TYPES["text"], "names", f"who they are, by arrival; {MOST_NAMED} at most"),
        column("person", TYPES["text"], "name", "the first of them: community-step of arrival-index"),
        column("columns", TYPES["text"], "names", "in which columns of the person (mhsim.schema) the two differ"),
        column("told", TYPES["text"], "text", "the same in words: the first scenario against the other"),
        column("status", TYPES["text"], "choice", "done or failed"),
        column("error", TYPES["text"], "text", "what went wrong"),
    ]
)
SPREADING = pa.schema(
    [
        column("scenario", TYPES["text"], "name", "the scenario that is lived beside the first"),
        column("reference", TYPES["text"], "name", "the first scenario"),
        column("replicate", TYPES["whole"], "number", "which luck"),
        column("week", TYPES["number"], "weeks", "lived through since the groups opened"),
        column("present", TYPES["whole"], "people", "people in need in either scenario"),
        column("shared", TYPES["whole"], "people", "people in need in both"),
        column("differing", TYPES["whole"], "people", "people whose life differs by then, or who are in one only"),
        column("share", TYPES["number"], "share", "differing over present; missing where nobody is there"),
    ]
)

SCHEMAS = {"comparison": SCHEMA, "reasons": REASONS, "parting": PARTING, "spreading": SPREADING}


def analyse(folder: Path) -> None:
    """Write the tables of a comparison into `analysis/`; the same runs give the same bytes.

    Raises
    ------
    InputError
        If the folder holds no finished comparison.
    StoreError
        If the disk refuses.
    """
    pairs = read_pairs(folder)
    parted = list(_parted(pairs))
    found = {
        "comparison": comparison(pairs),
        "reasons": reasons(pairs),
        "parting": pa.Table.from_pylist([row for row, _ in parted], schema=PARTING),
        "spreading": pa.Table.from_pylist([row for _, rows in parted for row in rows], schema=SPREADING),
    }
    write_analysis(folder, found)


def tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a comparison by name: comparison, reasons, parting, spreading.

    Raises
    ------
    InputError
        If the folder holds none.
    """
    return read_analysis(folder, NAMES, "this folder holds no finished comparison")


def _parted(pairs: Pairs) -> Any:
    """Yield, for each scenario but the first and each replicate to look into, the rows of both tables."""
    reference = pairs.names[0]
    for name in pairs.names[1:]:
        for replicate in pairs.study.parting:
            who = {"scenario": name, "reference": reference, "replicate": replicate}
            try:
                found = part(pairs.arms[reference], pairs.arms[name], replicate)
            except Exception as problem:
                yield {**who, "status": "failed", "error": f"{type(problem).__name__}: {problem}"}, []
                continue
            yield {**who, "status": "done", **_told(found)}, [{**who, **_look(look)} for look in found.looks]


def _told(found: Parting) -> dict[str, Any]:
    """Return where two histories part as a row; nothing where they never do."""
    if found.moment is None:
        return {}
    person, columns, words = first_person(found.moment)
    keys = sorted(found.moment.keys())
    return {
        "week": found.week,
        "people": found.moment.people,
        "present": found.moment.present,
        "names": ", ".join(named(key) for key in keys[:MOST_NAMED]),
        "person": person,
        "columns": ", ".join(columns),
        "told": words,
    }


def _look(look: Look) -> dict[str, Any]:
    share = look.people / look.present if look.present else None
    counts = {"present": look.present, "shared": look.shared, "differing": look.people}
    return {"week": look.week, **counts, "share": share}
