"""Knock-out: each mechanism off in turn, with the same random seeds; what is lost is what it did.

`design` says what a study file may say and makes the points, `analysis` compares their runs.
"""

from __future__ import annotations

from mhsim.studies.analysis import tables
from mhsim.studies.knockout.analysis import SCHEMAS, analyse
from mhsim.studies.knockout.design import Knockout, plan_of

__all__ = ["SCHEMAS", "STUDY", "Knockout", "analyse", "plan_of", "tables"]

STUDY = Knockout
