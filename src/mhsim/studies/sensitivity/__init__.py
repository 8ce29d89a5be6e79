"""Sensitivity: which parameters move an outcome most, by Morris, Sobol' or PAWN, over the ranges of the parameters.

The sampling and the indices are those of SALib; what stands here turns samples into scenarios, keeps replicate noise
apart from the effect of parameters, and sees to it that a run that failed never becomes a number.
"""

from mhsim.studies.analysis import tables
from mhsim.studies.sensitivity.analysis import SCHEMAS, analyse
from mhsim.studies.sensitivity.design import Sensitivity
from mhsim.studies.sensitivity.planning import plan_of

STUDY = Sensitivity

__all__ = ["SCHEMAS", "STUDY", "Sensitivity", "analyse", "plan_of", "tables"]
