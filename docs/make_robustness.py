"""Write docs/robustness.csv: which sentences of the main job and of the shipped experiments survive which alterations.

Each study is asked again by `mhsim robustness`, with the replicates, lengths and alterations of the table below; the
results are kept under results/robustness, so that a stopped call goes on where it was. What a study says takes the
place of what it said in the file, others stay; `python docs/make_tables.py` makes the tables of docs/robustness.md.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "docs" / "robustness.csv"
PLAIN = ("time-step", "size", "start", "rules", "knocked-out")
BY_RULE = (*PLAIN, "assumed-by-rule")
ASKED: dict[str, dict[str, Any]] = {
    "helper-turnover": {"replicates": 40, "only": (*BY_RULE, "serve", "prepare")},
    "tipping-point": {"replicates": 40, "only": BY_RULE},
    "what-supervision-buys": {"replicates": 30, "only": BY_RULE},
    "two-leave-next-month": {"replicates": 24, "only": PLAIN},
    "graduation-starves": {"replicates": 20, "only": PLAIN},
    "shared-luck": {"replicates": 40, "only": BY_RULE},
    "enough-replicates": {"replicates": 40, "only": BY_RULE},
    "family-tree-of-help": {"replicates": 14, "only": PLAIN},
    "over-helping": {"replicates": 12, "only": PLAIN, "weeks": 260},
    "how-many-helpers": {"replicates": 12, "only": PLAIN, "weeks": 260},
    "which-successor-when": {"replicates": 12, "only": PLAIN},
    "training-and-authenticity": {"replicates": 14, "only": PLAIN, "weeks": 156},
    "professional-influence": {"replicates": 14, "only": PLAIN, "weeks": 156},
    "unpaid-and-paid": {"replicates": 12, "only": PLAIN, "weeks": 208},
    "complement-and-discouraged-care": {"replicates": 12, "only": PLAIN, "weeks": 208},
    "what-a-clearing-house-does": {"replicates": 12, "only": PLAIN, "weeks": 156},
    "anonymity-and-trust": {"replicates": 12, "only": PLAIN, "weeks": 104},
    "online-superusers": {"replicates": 12, "only": PLAIN, "weeks": 156},
    "federation-or-alone": {"replicates": 12, "only": PLAIN, "weeks": 156},
    "parity-and-veterans": {"replicates": 12, "only": PLAIN, "weeks": 104},
}
"""How each experiment is asked again: with fewer replicates and often for fewer weeks than it ships.

`which-mechanism-for-whom`, which says sixteen thousand sentences, is not kept in the file: see the page.
"""


def study_of(name: str) -> Any:
    """Return the robustness study of an experiment."""
    from mhsim.commands.study import planned

    keys = {key: list(value) if isinstance(value, tuple) else value for key, value in ASKED[name].items()}
    return planned([str(ROOT / "experiments" / name / "study.yaml")], keys, "robustness")


def main() -> int:
    """Ask again what is asked for, and write what was found of each study as it ends."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", help="experiments; all unless given")
    parser.add_argument("--jobs", type=int, default=1, help="runs side by side")
    parser.add_argument("--results", type=Path, default=ROOT / "results" / "robustness", help="folder of the results")
    given = parser.parse_args()
    from mhsim.report.robustness.many_studies import read_rows, rows_of, write_rows
    from mhsim.studies.run_study import run_study

    for name in given.names or ASKED:
        study, plan = study_of(name)
        done = run_study(study, given.results / name, jobs=given.jobs, resume=True, plan=plan)
        kept = [row for row in read_rows(FILE) if row["study"] != name] + rows_of(given.results / name, name)
        write_rows(FILE, sorted(kept, key=lambda row: list(ASKED).index(row["study"])))
        print(f"{name}: {done.done:,} of {done.total:,} runs, {done.elapsed:.0f} s", file=sys.stderr, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
