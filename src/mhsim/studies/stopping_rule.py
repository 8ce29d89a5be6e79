"""When a study knows enough: rounds of replicates until the 95 % interval of every named measure is narrow.

All points get the same number of replicates, so that all keep the same seeds and the widest interval decides. Whether
another round is wanted follows from the runs alone, whoever did them and in whichever order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa

from mhsim.stats import Numbers, means
from mhsim.studies.analysis import Row, as_table, schemas_of
from mhsim.studies.columns import KINDS
from mhsim.studies.design import StudyBase

Measure = Callable[[str], Numbers]
"""Returns a measure of all runs by name, shape (points, replicates); NaN where a run failed or had no case."""
TABLE = "precision.parquet"
COLUMNS = schemas_of("mhsim.studies")["precision"]


def next_replicates(study: StudyBase, replicates: int, measure: Measure) -> int | None:
    """Return how many replicates the next round leads to; None if there is none."""
    most: int | None = getattr(study, "most_replicates", None)
    if most is None or replicates >= most or all(row["narrow_enough"] for row in precision_rows(study, measure)):
        return None
    return min(most, replicates + study.replicates)


def precision_table(study: StudyBase, measure: Measure) -> pa.Table | None:
    """Return `precision.parquet`, a row for each named measure at each point; None if none is named."""
    return as_table(precision_rows(study, measure), COLUMNS) if getattr(study, "until", {}) else None


def precision_rows(study: StudyBase, measure: Measure) -> Iterator[Row]:
    """Yield how well each measure named under `until` is known at each point.

    The half width is half of Wilson's interval for yes and no, which has a width even where all runs agree, and that
    of Student's for numbers, which is infinite for fewer than two values.
    """
    for name, asked in getattr(study, "until", {}).items():
        share = KINDS[name] == "yes_no"
        for point, found in enumerate(means(measure(name), yes_no=share)):
            half = found.half_width if share or not found.high < float("inf") else found.high - found.value
            yield {
                "measure": name,
                "point": point,
                "runs": found.cases,
                "mean": found.value,
                "half_width": half,
                "asked": float(asked),
                "narrow_enough": half <= asked,
            }
