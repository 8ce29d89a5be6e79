"""The table of a study's points: what varies, the chosen measure with its interval, and how many runs have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from mhsim import stats
from mhsim.dashboard.results.measure_view import estimated, interval_text
from mhsim.dashboard.results.paging import Sheet, TableColumn, sheet_of
from mhsim.outcomes.measures import BY_NAME
from mhsim.studies.data import StudyData

SUMMARY = "summary"
VALUE, CASES, INTERVAL = "value", "runs", "95 % interval"
MOST_INTERVALS = 2000
"""Points of a downloaded table for which intervals are found; with more, the file holds means alone."""


def points_table(found: StudyData, measure: str, rows: Sequence[int]) -> pa.Table:
    """Return some points with the mean of a measure, scaled as it is shown, and the number of runs that have it."""
    scale = BY_NAME[measure].scale if measure else 1.0
    columns: dict[str, pa.Array] = {"point": pa.array(list(rows), pa.int64())}
    for path in found.axes:
        columns[path] = pa.array([found.points[number].get(path) for number in rows])
    values = found.numbers(measure)[list(rows)] if measure else np.full((len(rows), 1), np.nan)
    mean = scale * stats.mean_over(found.numbers(measure).T)[list(rows)] if measure else np.full(len(rows), np.nan)
    columns[VALUE] = pa.array(mean, from_pandas=True)
    columns[CASES] = pa.array((~np.isnan(values)).sum(axis=1))
    return pa.table(columns)


def summary_sheet(found: StudyData, measure: str, rows: Sequence[int], keys: Mapping[str, str]) -> Sheet:
    """Return the page of the table of points that an address asks for, with the intervals of the rows shown."""
    columns = [TableColumn("point", "number", "row of points.parquet", True)]
    columns += [TableColumn(path, "", "varies in this study", True) for path in found.axes[:12]]
    about = f"mean of {measure} over the runs of this point" if measure else ""
    columns += [TableColumn(VALUE, BY_NAME[measure].shown_unit if measure else "", about, True)]
    columns += [TableColumn(CASES, "runs", "runs that have a value", True)]
    table = points_table(found, measure, rows)
    sheet = sheet_of(table, columns, keys, max(0, len(found.axes) - 12))
    made = []
    for row, place in zip(sheet.rows, sheet.places, strict=True):
        ends = interval_text(measure, estimated(found, measure, [rows[int(place)]])) if measure else "–"
        made.append((*row[:-1], ends, row[-1]))
    between = TableColumn(INTERVAL, BY_NAME[measure].shown_unit if measure else "", "range of chance", sortable=False)
    return replace(sheet, rows=tuple(made), columns=(*columns[:-1], between, columns[-1]))


def summary_file(found: StudyData, measure: str, rows: Sequence[int]) -> pa.Table:
    """Return the same table for a download: the mean as it is, not of a hundred, with both ends of its interval."""
    table = points_table(found, measure, rows)
    scale = BY_NAME[measure].scale if measure else 1.0
    table = table.set_column(
        table.column_names.index(VALUE),
        measure or VALUE,
        pa.array(table[VALUE].to_numpy(zero_copy_only=False) / scale, from_pandas=True),
    )
    if not measure or len(rows) > MOST_INTERVALS:
        return table
    known = [estimated(found, measure, [number]) for number in rows]
    for end in ("low", "high"):
        ends = pa.array([getattr(one, end) for one in known], pa.float64(), from_pandas=True)
        field = pa.field(end, pa.float64(), metadata={"unit": BY_NAME[measure].unit})
        table = table.append_column(field, ends)
    return table
