"""Synthetic studies and runs for the tests of reports: folders as the commands leave them, without an engine."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from mhsim.outcomes.measures import MEASURES
from mhsim.studies.columns import bare, cell, points_table, run_schema

RATES = (0.0, 0.2, 1.0, 4.0)
TURNOVER = {
    "serve.turnover_per_year": RATES,
    "serve.again": (0.0, 1.0),
    "serve.leaves_with_role": (0.0, 1.0),
    "close.no_leader_per_year": (0.5, 0.0),
}
BASE = {
    "title": "A group",
    "form": "base",
    "weeks": 520,
    "serve": {"turnover_per_year": 0.2, "again": 0.0, "leaves_with_role": 0.15},
    "close": {"no_leader_per_year": 0.5},
}
Chance = Callable[[dict[str, Any]], float]
KINDS = {measure.name: measure.kind for measure in MEASURES}
UNITS = {measure.name: measure.unit for measure in MEASURES}


def falling(values: dict[str, Any]) -> float:
    """Return a chance to survive that falls with turnover."""
    return float(np.interp(values["serve.turnover_per_year"], (0, 0.2, 1, 4), (1.0, 0.95, 0.35, 0.05)))


def history(chance: float, replicate: int) -> dict[str, Any]:
    """Return the measures of a run; the same replicate has the same luck whatever the chance."""
    luck = np.random.default_rng(replicate)
    fate, moment = luck.random(), luck.random()
    alive = bool(fate < chance)
    drawn = {name: _drawn(name, luck) for name in KINDS}
    reason = ("low_attendance", "no_leader", "money")[int(3 * moment)]
    return drawn | {
        "alive_at_end": alive,
        "closed": not alive,
        "weeks_to_closure": 520.0 if alive else float(1 + int(500 * moment)),
        "closure_reasons": "" if alive else reason,
        "closure_circumstances": "" if alive else f"{reason}+no_leader",
    }


def _drawn(name: str, luck: np.random.Generator) -> Any:
    number = luck.random()
    kind = KINDS[name]
    if kind == "text":
        return ""
    if kind == "yes_no":
        return number < 0.5
    return int(50 * number) if kind == "whole" else number


def study_folder(
    folder: Path,
    chance: Chance,
    *,
    vary: dict[str, tuple[Any, ...]] | None = None,
    replicates: int = 30,
    failing: Callable[[int, int], bool] = lambda point, replicate: False,
    measures: Callable[[dict[str, Any]], dict[str, Any]] = lambda found: found,
    watch: tuple[str, ...] = tuple(KINDS),
    points: list[tuple[Any, ...]] | None = None,
    base: dict[str, Any] = BASE,
    measures_at: Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]] = lambda values, found: found,
    **study: Any,
) -> Path:
    """Write the folder of a finished study and return it; `points` where they are not every combination."""
    vary = TURNOVER if vary is None else vary
    paths, points = tuple(vary), list(itertools.product(*vary.values())) if points is None else points
    rows = []
    for number, values in enumerate(points):
        for replicate in range(replicates):
            row: dict[str, Any] = {"point": number, "replicate": replicate, "seed": 7}
            if failing(number, replicate):
                row |= {
                    "status": "failed",
                    "error": "ValueError: <broken> & bent",
                    "command": "mhsim run base --seed 7",
                }
            else:
                there = dict(zip(paths, values, strict=True))
                found = measures_at(there, measures(history(chance(there), replicate)))
                row |= {name: cell(name, found[name]) for name in watch} | {"status": "done"}
            rows.append(row)
    folder.mkdir(parents=True, exist_ok=True)
    schema = bare(run_schema(watch))
    columns = {column.name: [row.get(column.name) for row in rows] for column in schema}
    pq.write_table(pa.table(columns, schema=schema), folder / "runs.parquet")
    pq.write_table(points_table(paths, points), folder / "points.parquet")
    content = {"kind": "sweep", "title": "A <study>", "base": "base", "design": "grid", **study}
    content |= {} if "weeks" in vary else {"weeks": 520}
    varied = {} if "parts" in study else {k: list(v) for k, v in vary.items()}
    (folder / "study.yaml").write_text(yaml.safe_dump(content | {"vary": varied}))
    (folder / "base.yaml").write_text(yaml.safe_dump(base))
    identity = {"format": 1, "study": "0123456789abcdef", "engine": "fedcba9876543210"}
    session = {"versions": {"mhsim": "0.1.0"}, "git": {"commit": "abc123", "edited": True}, "ended": "2026-01-01"}
    manifest = {"kind": "sweep", "identity": identity, "seed": 7, "state": "complete", "sessions": [session]}
    manifest |= {"replicates": replicates, "runs": len(rows)}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def parts_folder(
    folder: Path, chance: Chance, parts: dict[str, dict[str, list[Any]]], usual: dict[str, Any], **more: Any
) -> Path:
    """Write the folder of a finished study of parts; `usual` is what the scenario has at all paths that vary."""
    points = [tuple(usual.values())]
    for part in parts.values():
        for values in itertools.product(*part.values()):
            points.append(tuple({**usual, **dict(zip(part, values, strict=True))}.values()))
    points = list(dict.fromkeys(points))
    vary = {path: (value,) for path, value in usual.items()}
    study_folder(folder, chance, vary=vary, points=points, design="parts", parts=parts, **more)
    return folder


def run_folder(folder: Path, *, alive: bool = True, series: bool = True) -> Path:
    """Write the folder of one history and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    summary = history(1.0 if alive else 0.0, 3)
    (folder / "summary.json").write_text(json.dumps(summary))
    (folder / "manifest.json").write_text(
        json.dumps({"kind": "run", "seed": 7, "replicate": 3, "command": "mhsim run x"})
    )
    (folder / "scenario.yaml").write_text(yaml.safe_dump(BASE))
    if series:
        weeks = np.arange(520.0)
        columns: dict[str, Any] = {"week": weeks, "focal_members": 12 + np.sin(weeks / 30)}
        columns |= {"focal_attended": np.full(520, 9), "focal_helpers": np.full(520, 3), "hope_members": weeks / 600}
        columns["hope_outside"] = pa.array([None] * 520, pa.float64())
        pq.write_table(pa.table(columns), folder / "series.parquet")
    return folder
