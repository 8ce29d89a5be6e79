"""Compare: several scenarios with the same random seeds, replicate by replicate; each is compared with the first."""

from __future__ import annotations

from mhsim.studies.analysis import tables
from mhsim.studies.compare.analysis import SCHEMAS, analyse
from mhsim.studies.compare.design import Arm, Compare, plan_of

STUDY = Compare

__all__ = ["SCHEMAS", "STUDY", "Arm", "Compare", "analyse", "plan_of", "tables"]
