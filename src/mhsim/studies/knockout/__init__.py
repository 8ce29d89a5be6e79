"""Knock-out: each mechanism off in turn, under the same luck; what is lost is what it did.

`design` says what a study file may say, `planning` makes the points, `runs` finds them again in a finished folder,
`effects` and `sharing` make tables of them, `resampling` says how sure they are.
"""

from __future__ import annotations

from mhsim.studies.knockout.analysis import SCHEMAS, analyse, tables
from mhsim.studies.knockout.design import Knockout
from mhsim.studies.knockout.planning import plan_of

__all__ = ["SCHEMAS", "STUDY", "Knockout", "analyse", "plan_of", "tables"]

STUDY = Knockout
