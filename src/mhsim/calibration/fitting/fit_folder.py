"""The folder of a fit: whether it may be written to, and what is written into it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from mhsim.calibration.fitting.likenesses import YEARS, Likenesses, Setting
from mhsim.calibration.fitting.outlook import chosen_histories
from mhsim.calibration.fitting.posterior_sample import Nearest
from mhsim.calibration.fitting.prior import WEATHER, learnable, with_draw
from mhsim.core.kept_code import sources_digest
from mhsim.errors import InputError
from mhsim.safe_files import contents_of, named, write_whole
from mhsim.scenario import with_values
from mhsim.scenario_io.writer import scenario_text
from mhsim.studies import manifest

DRAWS = 200
TITLE = "A group fitted to its own record"


def claim(setting: Setting, folder: Path, resume: bool) -> None:
    """Begin a folder, or go on with one of the same fit; raise InputError if it holds something else."""
    kept = {"scenario": setting.scenario.model_dump(mode="json"), "design": asdict(setting.design)}
    identity = manifest.digest({**kept, "rows": setting.rows, "seed": setting.seed, "engine": sources_digest()})
    there = contents_of(folder) if folder.is_dir() else []
    if there and not (folder / "manifest.json").is_file():
        raise InputError(f"it is not empty: it holds {named(there)} and no fit; choose another folder", str(folder))
    if there:
        if not resume:
            raise InputError("it already holds a fit; go on with it by --resume, or choose another folder", str(folder))
        if manifest.read(folder).get("identity") != identity:
            raise InputError("cannot resume: it was another record, form, seed or version of mhsim", str(folder))
        return
    folder.mkdir(parents=True, exist_ok=True)
    about = {
        "kind": "fit",
        "title": "A group fitted to its own record",
        "identity": identity,
        "started": manifest.now(),
    }
    write_whole(folder / "manifest.json", manifest.as_json(about | manifest.environment()))


def write_fit(told: dict[str, Any], setting: Setting, found: Likenesses, near: Nearest, folder: Path) -> None:
    """Write draws, scenario and all that was found."""
    rows = draws_of(setting, found, near)
    text = io.StringIO()
    table = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows([{path: f"{value:.6g}" for path, value in row.items()} for row in rows])
    write_whole(folder / "draws.csv", text.getvalue().encode())
    write_whole(folder / "fitted.yaml", _fitted(told, setting, rows).encode())
    write_whole(folder / "fit.json", f"{json.dumps(told, indent=1, allow_nan=False)}\n".encode())


def draws_of(setting: Setting, found: Likenesses, near: Nearest) -> list[dict[str, float]]:
    """Return equally weighted draws of the parameters given the record, rows of addresses and values."""
    places = {int(row): k for k, row in enumerate(near.rows)}
    drawn = []
    for row in chosen_histories(near, DRAWS, setting.seed):
        values = setting.draw(int(found.index[row]))
        for k, one in enumerate(learnable()):
            values[one.path] = float(one.from_scale(near.unknowns[places[int(row)], k : k + 1])[0])
        drawn.append(
            {path: value for path, value in values.items() if path != WEATHER and not path.startswith("start.")}
        )
    return drawn


def _fitted(told: dict[str, Any], setting: Setting, rows: list[dict[str, float]]) -> str:
    """Return the scenario of the group as it stands now, with the middle of the draws, as YAML."""
    middle = {path: float(f"{np.median([row[path] for row in rows]):.4g}") for path in rows[0]}
    members = max(1, told["group"]["members"]["number"])
    helpers = min(members, told["group"]["helpers"]["number"])
    start: dict[str, Any] = {"start.kind": "established", "start.members": members, "start.helpers": helpers}
    start["start.apprentices"] = min(setting.scenario.start.apprentices, members - helpers)
    if told["group"]["tenure_weeks"] is not None:
        start["start.tenure_weeks"] = max(1.0, round(told["group"]["tenure_weeks"], 1))
    fixed = {"weeks": YEARS[-1], "seed": setting.seed, "title": TITLE}
    scenario = with_values(with_draw(setting.scenario, {**start, **middle}), fixed)
    head = (
        f"# A group as it stood after {setting.design.weeks} recorded weeks, from mhsim fit: the middle of draws.csv.\n"
        "# One parameter set says nothing of how sure it is; chances and bands stand in report.html and fit.json.\n"
    )
    return head + scenario_text(scenario)
