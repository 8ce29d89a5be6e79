"""Folders of results as commands leave them, for tests of the page Results: studies without an engine, one run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq

from mhsim import simulate
from mhsim.scenario import with_values
from mhsim.scenario_io.loader import read_scenario
from mhsim.scenario_io.writer import scenario_text
from report_cases import falling, study_folder

TURNOVER, AGAIN = "serve.turnover_per_year", "serve.again"
WATCHED = ("alive_at_end", "weeks_to_closure", "closed", "closure_reasons", "members_at_end", "hope_at_52")


def make_folders(place: Path) -> None:
    """Put results into a folder: a study, one with failed runs, half of one, and a run."""
    for name, failing in (("turnover", False), ("failing", True)):
        made = study_folder(
            *(place / "results" / name, falling),
            vary={TURNOVER: (0.0, 0.2, 1.0, 4.0), AGAIN: (0.0, 1.0)},
            replicates=20,
            watch=WATCHED,
            failing=lambda point, replicate, failing=failing: failing and point == 2 and replicate < 3,
            question="Does turnover close groups?",
            seed=7,
        )
        (made / "base.yaml").write_text(scenario_text(read_scenario("base")))
    half = place / "results" / "half"
    shutil.copytree(place / "results" / "turnover", half)
    rows = pq.read_table(half / "runs.parquet")
    (half / "runs.parquet").unlink()
    (half / "runs").mkdir()
    pq.write_table(rows.slice(0, 70), half / "runs" / "chunk-000000000.parquet")
    scenario = with_values(read_scenario("base"), {"weeks": 80, "seed": 7})
    manifest = {"kind": "run", "title": "A told run", "seed": 7, "replicate": 0}
    told = simulate(scenario, record="story")
    told.save(place / "runs" / "told", manifest=manifest, scenario_yaml=scenario_text(scenario))
