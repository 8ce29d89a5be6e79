"""From the finished runs of a comparison to its tables in `analysis/`; it can be done again at any time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from mhsim.scenario import Scenario, with_values
from mhsim.studies.analysis import NUMBER, TEXT, WHOLE, Row, write_analysis
from mhsim.studies.columns import column
from mhsim.studies.compare.comparison import COMPARISON, REASONS, comparison_rows, names_of, reason_rows
from mhsim.studies.compare.divergence import HistoryDivergence, Snapshot, compare_histories, first_person, named
from mhsim.studies.compare.spec import Compare
from mhsim.studies.data import StudyData, read_study

MOST_NAMED = 20
"""People named in a table who differ first."""
WHICH = (
    column("scenario", TEXT, "name", "the scenario that is simulated beside the first"),
    column("reference", TEXT, "name", "the first scenario"),
    column("replicate", WHOLE, "number", "which replicate"),
)
SCHEMAS = {
    "comparison": COMPARISON,
    "reasons": REASONS,
    "parting": pa.schema(
        [
            *WHICH,
            column("week", NUMBER, "weeks", "since the groups opened: when somebody first differs; none if never"),
            column("people", WHOLE, "people", "how many differ then"),
            column("present", WHOLE, "people", "people in need then, in either scenario"),
            column("names", TEXT, "names", f"who they are, by arrival; {MOST_NAMED} at most"),
            column("person", TEXT, "name", "the first of them: community-step of arrival-index"),
            column("columns", TEXT, "names", "in which columns of the person (mhsim.schema) the two differ"),
            column("told", TEXT, "text", "the same in words: the first scenario against the other"),
            column("status", TEXT, "choice", "done or failed"),
            column("error", TEXT, "text", "what went wrong"),
        ]
    ),
    "spreading": pa.schema(
        [
            *WHICH,
            column("week", NUMBER, "weeks", "since the groups opened"),
            column("present", WHOLE, "people", "people in need in either scenario"),
            column("shared", WHOLE, "people", "people in need in both"),
            column("differing", WHOLE, "people", "people whose life differs by then, or who are in one only"),
            column("share", NUMBER, "share", "differing over present; missing where nobody is there"),
        ]
    ),
}


def analyse(folder: Path) -> None:
    """Write the tables of a comparison into `analysis/`; the same runs give the same bytes.

    Raises
    ------
    InputError
        If the folder holds no finished comparison.
    StoreError
        If the disk refuses.
    """
    data = read_study(folder)
    diverged = list(_divergence_rows(data))
    rows = {
        "comparison": comparison_rows(data),
        "reasons": reason_rows(data),
        "parting": [row for row, _ in diverged],
        "spreading": [row for _, rows in diverged for row in rows],
    }
    write_analysis(folder, SCHEMAS, rows)


def _divergence_rows(data: StudyData) -> Iterator[tuple[Row, list[Row]]]:
    """Yield, for each scenario but the first and each replicate to look into, the rows of both tables."""
    fixed = Compare.model_validate(data.study).fixed
    reference, *others = names_of(data)
    arms = {name: with_values(Scenario.model_validate(data.scenarios[name]), fixed) for name in (reference, *others)}
    for name in others:
        for replicate in data.study["parting"]:
            who = {"scenario": name, "reference": reference, "replicate": replicate}
            try:
                found = compare_histories(arms[reference], arms[name], replicate)
            except Exception as problem:
                yield {**who, "status": "failed", "error": f"{type(problem).__name__}: {problem}"}, []
                continue
            yield (
                {**who, "status": "done", **_divergence_cells(found)},
                [{**who, **_snapshot_cells(look)} for look in found.looks],
            )


def _divergence_cells(found: HistoryDivergence) -> dict[str, Any]:
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


def _snapshot_cells(look: Snapshot) -> dict[str, Any]:
    share = look.people / look.present if look.present else None
    counts = {"present": look.present, "shared": look.shared, "differing": look.people}
    return {"week": look.week, **counts, "share": share}
