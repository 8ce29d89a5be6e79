"""The tables of the analysis of sensitivity: columns with their types, units and meanings."""

from __future__ import annotations

import pyarrow as pa

from mhsim.studies.analysis import NUMBER, TEXT, WHOLE, YES_NO, estimate_columns
from mhsim.studies.columns import column

OUTCOME = column("outcome", TEXT, "name", "the measure; its mean over the replicates of a point is what is explained")
PATH = column("path", TEXT, "name", "the parameter")
INDEX = column(
    "index",
    TEXT,
    "name",
    "Morris: mu_star, mu, sigma, in units of the outcome per whole range; Sobol': first, total, shares of variance; "
    "PAWN: median, mean, maximum distance between distributions, 0 to 1",
)
VALUE = estimate_columns("value", "that of the index", "the index; missing where it is not defined, as its ends may be")

SCHEMAS = {
    "indices": pa.schema(
        [
            OUTCOME,
            PATH,
            INDEX,
            *VALUE,
            column("rank", WHOLE, "number", "place among the parameters by this index (mu by its size), 1 the largest"),
        ]
    ),
    "convergence": pa.schema(
        [
            OUTCOME,
            PATH,
            INDEX,
            column("share", NUMBER, "share", "how much of the sample is used, from its beginning"),
            column("blocks", WHOLE, "number", "whole trajectories, blocks or points in that share"),
            *VALUE,
        ]
    ),
    "outcomes": pa.schema(
        [
            OUTCOME,
            column("state", TEXT, "choice", "done; constant: the same at all points; too few: too few whole blocks"),
            column("blocks", WHOLE, "number", "trajectories (Morris), blocks (Sobol') or points (PAWN) in the sample"),
            column("left_out", WHOLE, "number", "of these, left out because a run in them failed or is undefined"),
            column("runs", WHOLE, "number", "runs of the study"),
            column("failed", WHOLE, "number", "runs that failed"),
            column("undefined", WHOLE, "number", "runs that ended well and in which the measure is not defined"),
            column("mean", NUMBER, "that of the outcome", "mean over the points that are used"),
            column("between", NUMBER, "squared, of the outcome", "variance between the means of points"),
            column(
                "noise", NUMBER, "squared, of the outcome", "variance of such a mean by chance alone (replicate noise)"
            ),
            column("noise_share", NUMBER, "share", "noise divided by between; missing with one replicate"),
            column("main", TEXT, "name", "the index by which parameters are ranked"),
            column(
                "floor", NUMBER, "that of the main index", "what a parameter without effect stays below in 95 of 100"
            ),
        ]
    ),
    "gaps": pa.schema(
        [
            OUTCOME,
            column("reason", TEXT, "choice", "failed: the run failed; undefined: it has no value of this measure"),
            PATH,
            column("runs", WHOLE, "number", "runs without a number for this reason"),
            column("points", WHOLE, "number", "points at which they lie"),
            column("low", NUMBER, "that of the parameter", "lowest value of the parameter among these points"),
            column("high", NUMBER, "that of the parameter", "highest value of the parameter among these points"),
            column("tried_low", NUMBER, "that of the parameter", "lowest value among all points"),
            column("tried_high", NUMBER, "that of the parameter", "highest value among all points"),
        ]
    ),
    "parameters": pa.schema(
        [
            PATH,
            column("varied", YES_NO, "yes/no", "no: in a section, but 0 in the scenario, with nothing around it"),
            column("low", NUMBER, "that of the parameter", "lowest value of the range"),
            column("high", NUMBER, "that of the parameter", "highest value of the range"),
            column("scale", TEXT, "choice", "linear or log"),
            column("present", NUMBER, "that of the parameter", "its value in the scenario"),
            column("whole", YES_NO, "yes/no", "whether places in the range were rounded to whole numbers"),
            column("origin", TEXT, "words", "where the range comes from"),
            column("unit", TEXT, "name", "unit of the parameter"),
            column("meaning", TEXT, "words", "meaning of the parameter"),
            column("source", TEXT, "words", "source of its value; one that begins with assumed is none"),
        ]
    ),
}
"""Table: its columns."""
