"""A trial in a simulated world: people in need are invited to a group now or wait, by lot, and both are followed.

`design` says what a study file holds and what is run, `enrolled` keeps who was enrolled and what became of them,
`estimates` has the statistics, `trial_contrasts` the comparisons, `analysis` writes the tables.
"""

from mhsim.studies.analysis import tables
from mhsim.studies.trial.analysis import SCHEMAS, analyse
from mhsim.studies.trial.design import Trial, plan_of

STUDY = Trial

__all__ = ["SCHEMAS", "STUDY", "Trial", "analyse", "plan_of", "tables"]
