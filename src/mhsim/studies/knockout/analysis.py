"""What is made of the runs of a knock-out: tidy tables in the folder `analysis`, the same from the same runs."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from mhsim.studies.analysis import read_analysis, write_analysis
from mhsim.studies.columns import column
from mhsim.studies.knockout.effects import Row, effect_rows, form_rows, interaction_rows
from mhsim.studies.knockout.runs import Runs, read_runs
from mhsim.studies.knockout.shapley import share_rows

if TYPE_CHECKING:
    import pandas as pd

TEXT, WHOLE, NUMBER, SWITCH = pa.string(), pa.int64(), pa.float64(), pa.bool_()
OWN = "that of the measure"

FORM = column("form", TEXT, "name", "the scenario")
MEASURE = (
    column("measure", TEXT, "name", "what was watched"),
    column("unit", TEXT, "unit", "unit of the measure"),
)
KNOCKOUT = column("knockout", TEXT, "name", "what was taken away: a mechanism or a named set")
REPLICATES = column("replicates", WHOLE, "replicates", "replicates compared, each under one luck")
COUNTS = (
    REPLICATES,
    column("failed", WHOLE, "replicates", "left out because one of their runs failed"),
    column("no_case", WHOLE, "replicates", "left out because the measure had no case in one of their runs"),
)


def judgement(name: str, meaning: str) -> tuple[pa.Field, ...]:
    """Return the columns of a number and how sure it is."""
    return (
        column(name, NUMBER, OWN, meaning),
        column("low", NUMBER, OWN, "lower end of its 95 % interval over replicates"),
        column("high", NUMBER, OWN, "upper end of its 95 % interval over replicates"),
        column("clear", SWITCH, "yes/no", "differs from zero, judged together with the rows beside it"),
        column("identical", SWITCH, "yes/no", "zero in every replicate"),
    )


SCHEMAS = {
    "effects": pa.schema(
        [
            FORM,
            *MEASURE,
            KNOCKOUT,
            column("rank", WHOLE, "place", "place by size of the effect, in its form and measure; 1 is the largest"),
            column("intact", NUMBER, OWN, "mean of the form as it is, over the replicates compared"),
            column("without", NUMBER, OWN, "mean without it, over the replicates compared"),
            *judgement("effect", "mean of intact less without, replicate by replicate"),
            column("off_already", SWITCH, "yes/no", "the form lacks it by itself, so nothing was taken away"),
            *COUNTS,
        ]
    ),
    "interactions": pa.schema(
        [
            FORM,
            *MEASURE,
            column("one", TEXT, "name", "what was taken away"),
            column("other", TEXT, "name", "what was taken away with it"),
            column("effect_of_both", NUMBER, OWN, "mean of intact less without both"),
            column("sum_of_effects", NUMBER, OWN, "sum of the effects of each alone"),
            *judgement("interaction", "effect of both less the sum of the two effects"),
            *COUNTS,
        ]
    ),
    "form_differences": pa.schema(
        [
            *MEASURE,
            KNOCKOUT,
            FORM,
            column("other_form", TEXT, "name", "the scenario it is compared with"),
            *judgement("difference", "effect in form less effect in other_form, replicate by replicate"),
            REPLICATES,
        ]
    ),
    "shapley": pa.schema(
        [
            FORM,
            *MEASURE,
            column("sharer", TEXT, "name", "a mechanism or named set; the last row of a form is all together"),
            *judgement("share", "Shapley value: what it adds to the others, averaged over all orders"),
            column("of_all", NUMBER, "share", "share of the effect of all together; missing unless that is clear"),
            *COUNTS,
        ]
    ),
}
"""The columns of each table."""


def analyse(folder: Path) -> None:
    """Write the tables of a finished knock-out study into its folder.

    Raises
    ------
    mhsim.safe_files.StoreError
        If the disk refuses.
    """
    runs = read_runs(folder)
    made = {name: as_table(rows, SCHEMAS[name]) for name, rows in found_in(runs).items()}
    write_analysis(folder, {name: table for name, table in made.items() if len(table)})


def found_in(runs: Runs) -> dict[str, Iterable[Row]]:
    """Return the rows of each table; none of one that was not asked for."""
    return {
        "effects": effect_rows(runs),
        "interactions": interaction_rows(runs),
        "form_differences": form_rows(runs),
        "shapley": share_rows(runs),
    }


def as_table(rows: Iterable[Row], schema: pa.Schema) -> pa.Table:
    """Return rows as a table; what is not a number is missing."""
    listed = list(rows)
    return pa.table({name: [_cell(row[name]) for row in listed] for name in schema.names}, schema=schema)


def _cell(value: Any) -> Any:
    return None if isinstance(value, float) and isnan(value) else value


def tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Return what was found, for notebooks: a data frame for each table that there is.

    Parameters
    ----------
    folder : Path
        The folder of a finished knock-out study.

    Returns
    -------
    dict of pandas.DataFrame
        `effects`; `interactions` if pairs were asked for; `form_differences` if there is more than one form; `shapley`
        if shares were asked for.

    Raises
    ------
    mhsim.errors.InputError
        If the folder holds no analysis of a knock-out.
    """
    missing = "this folder holds no finished knock-out study"
    return {**read_analysis(folder, ["effects"], missing), **read_analysis(folder, SCHEMAS, missing, optional=True)}
