"""Tipping point: the value of one path at which an outcome crosses a level, searched for in rounds."""

from mhsim.studies.analysis import tables
from mhsim.studies.tipping.search import STUDY, analyse, plan_of, run
from mhsim.studies.tipping.tables import SCHEMAS

__all__ = ["SCHEMAS", "STUDY", "analyse", "plan_of", "run", "tables"]
