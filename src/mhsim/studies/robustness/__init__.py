"""Robustness: a study's question again, with one thing after the other altered; which of its sentences survive.

`alterations` says what is altered, `questions` which points a study's sentences need, `design` what a study file may
say and its points, `sentences` what is said under one alteration, `first_look` runs all or, after a first look,
what may fall, `analysis` which sentences stand.
"""

from __future__ import annotations

from mhsim.studies.analysis import tables
from mhsim.studies.robustness.analysis import SCHEMAS, analyse
from mhsim.studies.robustness.design import Robustness, plan_of
from mhsim.studies.robustness.first_look import run

__all__ = ["SCHEMAS", "STUDY", "Robustness", "analyse", "plan_of", "run", "tables"]

STUDY = Robustness
