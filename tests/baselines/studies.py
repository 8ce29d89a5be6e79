"""A small study of each kind: its runs, and the tables that its analysis makes of them."""

from __future__ import annotations

import math
import os
from contextlib import chdir
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pyarrow.parquet as pq

from mhsim.cli import exit_code

BASE = "weeks: 52\nstart: {members: 10, helpers: 2, run_in_weeks: 10}\n"
STUDIES = {
    "sweep": """
        kind: sweep
        base: small.yaml
        vary: {serve.turnover_per_year: [0.2, 4.0], start.members: [6, 10]}
        replicates: 12
        record: series
    """,
    "compare": """
        kind: compare
        scenarios:
          steady: small.yaml
          restless: {base: small.yaml, set: {serve.turnover_per_year: 4.0}}
        replicates: 12
        parting: [0, 1]
    """,
    "knockout": """
        kind: knockout
        forms: [small.yaml]
        outcome: accommodated_at_52
        mechanisms: [share, help, serve]
        shapley: {of: [share, help]}
        watch: [accommodated_at_52, members_at_end, alive_at_end]
        replicates: 12
    """,
    "tipping-point": """
        kind: tipping-point
        base: small.yaml
        path: serve.turnover_per_year
        low: 0.0
        high: 20.0
        outcome: alive_at_end
        level: 0.8
        points: 4
        rounds: 2
        strong: {start.members: 16, start.helpers: 4}
        weak: {start.members: 6, start.helpers: 1}
        replicates: 10
    """,
    "sensitivity": """
        kind: sensitivity
        base: small.yaml
        method: morris
        samples: 4
        sections: [serve, close]
        around: 2.0
        outcomes: [alive_at_end, members_at_end]
        replicates: 3
    """,
    "trial": """
        kind: trial
        base: small.yaml
        set: {community.count: 4, start.run_in_weeks: 20, arrive.uptake: 0.057}
        enrol_after_weeks: 2
        wait_weeks: 24
        follow_up: 26
        weeks: 45
        replicates: 5
    """,
    "robustness": """
        kind: robustness
        of: {base: small.yaml, vary: {serve.turnover_per_year: [0.0, 20.0]}, watch: [stepped_down, members_at_end]}
        only: [time-step, size, start, knocked-out]
        replicates: 10
    """,
}
"""A study file of each kind."""


def tables_of_study(kind: str) -> dict[str, dict[str, list[Any]]]:
    """Return the runs and the tables of the analysis of the study of one kind, by name of table and column."""
    with TemporaryDirectory() as folder, chdir(folder):
        Path("small.yaml").write_text(BASE, encoding="utf-8")
        lines = [line.removeprefix("        ") for line in STUDIES[kind].splitlines()]
        Path("study.yaml").write_text("\n".join(lines) + "\nseed: 7\n", encoding="utf-8")
        said = StringIO()
        with patch("sys.stdout", said), patch("sys.stderr", said), patch.dict(os.environ, {"MHSIM_TRACEBACK": "1"}):
            code = exit_code([kind, "study.yaml", "--out", "out", "--jobs", "1"])
        if code != 0:
            raise RuntimeError(f"the study of kind {kind} ended with exit code {code}: {said.getvalue()}")
        return {
            path.stem: _columns(path) for path in (Path("out/runs.parquet"), *sorted(Path("out/analysis").glob("*")))
        }


def _columns(path: Path) -> dict[str, list[Any]]:
    with path.open("rb") as file:
        columns = pq.read_table(file).to_pydict()
    return {name: [_short(value) for value in values] for name, values in columns.items()}


def _short(value: Any) -> Any:
    if not isinstance(value, float) or not math.isfinite(value):
        return value
    return f"{value:.9g}" if abs(value) > 1e-12 else "0"
