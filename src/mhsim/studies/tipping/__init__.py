"""Tipping point: the value of one path at which an outcome crosses a level, searched for in rounds.

`design` says what a study file may say, `rounds` which values are tried and carries the search out, `threshold` finds
the crossing, `tables` writes what was found.
"""

from mhsim.studies.analysis import tables
from mhsim.studies.tipping.design import TippingPoint
from mhsim.studies.tipping.rounds import plan_of, run
from mhsim.studies.tipping.tables import SCHEMAS, analyse

STUDY = TippingPoint

__all__ = ["SCHEMAS", "STUDY", "TippingPoint", "analyse", "plan_of", "run", "tables"]
