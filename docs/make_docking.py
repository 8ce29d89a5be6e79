"""Other published models beside this one: write docs/docking.csv, the tables of docs/docking.md and docs/docking/*.svg.

`python docs/make_docking.py` works everything out, some twenty minutes on one core; what is done is kept under
results/docking, so that a stopped call goes on where it was. With ``--page`` only page and figures are made again.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
FOUND, PAGE = ROOT / "docs" / "docking.csv", ROOT / "docs" / "docking.md"
RESULTS = ROOT / "results" / "docking"
sys.path.insert(0, str(ROOT / "experiments" / "docking"))

import docking_figures  # noqa: E402
import overload  # noqa: E402
import set_alike  # noqa: E402
import twins  # noqa: E402
from docking_tables import filled  # noqa: E402
from findings import Finding, read_findings, write_findings  # noqa: E402

MEASURED_RUNS, MEASURED_AT, USUAL = 100, (0.05, 0.15, 0.3, 0.5, 1.5), 0.5
"""Histories in which rates are measured, and arrivals a week at which; the mean field has those of the usual one."""


def study(name: str, jobs: int) -> Any:
    """Return the finished study of a file of experiments/docking, run as far as it is not."""
    from mhsim.commands.study import planned
    from mhsim.studies.data import read_study
    from mhsim.studies.run_study import run_study

    asked, plan = planned([str(ROOT / "experiments" / "docking" / f"{name}.yaml")], {}, "sweep")
    run_study(asked, RESULTS / name, jobs=jobs, resume=True, plan=plan)
    return read_study(RESULTS / name)


def teams() -> list[overload.Outcome]:
    """Return what became of the teams of the overload model at each spread, kept from an earlier call or lived now."""
    kept = RESULTS / "teams.npy"
    if not kept.is_file():
        RESULTS.mkdir(parents=True, exist_ok=True)
        lived = overload.along(overload.Team(), overload.SIGMAS, twins.TEAMS, 7000)
        np.save(kept, np.array([(one.failed, one.lived, one.entropy) for one in lived]))
    return [overload.Outcome(*one) for one in np.load(kept)]


def all_findings(jobs: int) -> list[Finding]:
    """Return every finding, in the order of the page."""
    from mhsim import simulate
    from mhsim.scenario import with_values
    from mhsim.scenario_io.loader import read_scenario, read_yaml

    values = read_yaml(ROOT / "experiments" / "docking" / "passage.yaml").data["set"]
    world = read_scenario("base", {"weeks": 520, **values})
    worlds = {rate: with_values(world, {set_alike.ARRIVALS: rate}) for rate in MEASURED_AT}
    places = {
        rate: [simulate(one, replicate=k, record="lives") for k in range(MEASURED_RUNS)] for rate, one in worlds.items()
    }
    found = set_alike.of_passage(study("passage", jobs))
    arrivals = sorted({row.at for row in found if row.model == "passage 1"})
    return [
        *twins.of_overload(teams()),
        *set_alike.of_overload(study("overload", jobs)),
        *twins.of_enthusiasm(),
        *set_alike.of_enthusiasm(study("enthusiasm", jobs)),
        *twins.of_contact(),
        *set_alike.of_contact(study("contact", jobs)),
        *set_alike.of_mean_field(world, places, USUAL, arrivals),
        *found,
    ]


def main() -> int:
    """Work everything out, unless only the page is asked for; write page and figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--jobs", type=int, default=1, help="runs side by side")
    parser.add_argument("--page", action="store_true", help="make page and figures from docs/docking.csv alone")
    given = parser.parse_args()
    if not given.page:
        write_findings(FOUND, all_findings(given.jobs))
    rows = read_findings(FOUND)
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), rows), encoding="utf-8")
    docking_figures.draw(rows, PAGE.with_suffix(""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
