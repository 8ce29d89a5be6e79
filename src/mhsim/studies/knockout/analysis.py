"""What is made of the runs of a knock-out: tidy tables in the folder `analysis`, the same from the same runs."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from mhsim.studies.analysis import NUMBER, TEXT, WHOLE, YES_NO, difference_columns, write_analysis
from mhsim.studies.columns import column
from mhsim.studies.data import read_study
from mhsim.studies.knockout.design import Knockout
from mhsim.studies.knockout.effects import KnockoutRuns, effect_rows, form_rows, interaction_rows, share_rows

OWN = "that of the measure"

FORM = column("form", TEXT, "name", "the scenario")
MEASURE = (
    column("measure", TEXT, "name", "what was watched"),
    column("unit", TEXT, "unit", "unit of the measure"),
)
KNOCKOUT = column("knockout", TEXT, "name", "what was taken away: a mechanism or a named set")
REPLICATES = column("replicates", WHOLE, "replicates", "replicates compared, each with one seed")
COUNTS = (
    REPLICATES,
    column("failed", WHOLE, "replicates", "left out because one of their runs failed"),
    column("no_case", WHOLE, "replicates", "left out because the measure had no case in one of their runs"),
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
            *difference_columns("effect", OWN, "mean of intact less without, replicate by replicate"),
            column("off_already", YES_NO, "yes/no", "the form lacks it by itself, so nothing was taken away"),
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
            *difference_columns("interaction", OWN, "effect of both less the sum of the two effects"),
            *COUNTS,
        ]
    ),
    "form_differences": pa.schema(
        [
            *MEASURE,
            KNOCKOUT,
            FORM,
            column("other_form", TEXT, "name", "the scenario it is compared with"),
            *difference_columns("difference", OWN, "effect in form less effect in other_form, replicate by replicate"),
            REPLICATES,
        ]
    ),
    "shapley": pa.schema(
        [
            FORM,
            *MEASURE,
            column("sharer", TEXT, "name", "a mechanism or named set; the last row of a form is all together"),
            *difference_columns("share", OWN, "Shapley value: what it adds to the others, averaged over all orders"),
            column("of_all", NUMBER, "share", "share of the effect of all together; missing unless that is clear"),
            *COUNTS,
        ]
    ),
}
"""The columns of each table."""


def analyse(folder: Path) -> None:
    """Write the tables of a finished knock-out study into its folder; one that was not asked for has no file.

    Raises
    ------
    mhsim.safe_files.StoreError
        If the disk refuses.
    """
    data = read_study(folder)
    runs = KnockoutRuns(Knockout.model_validate(data.study), data)
    makers = (effect_rows, interaction_rows, form_rows, share_rows)
    rows = {name: list(make(runs)) for name, make in zip(SCHEMAS, makers, strict=True)}
    write_analysis(folder, SCHEMAS, {name: listed for name, listed in rows.items() if listed})
