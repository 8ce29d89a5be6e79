"""A comparison: two or more scenarios under the same luck, and where their histories part.

`asked` (what the file says) -> `planned` (arms as points) -> runs in the common store -> `pairs` (runs side by side)
-> `paired` (statistics of pairs) -> `comparison` (one row per arm and measure); `parting` lives histories side by side.
"""

from mhsim.studies.compare.analysis import SCHEMAS, analyse, tables
from mhsim.studies.compare.planning import plan_of
from mhsim.studies.compare.spec import STUDY, Arm, Compare

__all__ = ["SCHEMAS", "STUDY", "Arm", "Compare", "analyse", "plan_of", "tables"]
