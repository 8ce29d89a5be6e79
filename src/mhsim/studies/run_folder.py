"""The folder of one run: whether it may be written to, a new one for it, and what is written into it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pyarrow as pa

from mhsim.core.kept_code import sources_digest
from mhsim.errors import InputError
from mhsim.outcomes.results import Run
from mhsim.safe_files import contents_of, named, write_table, write_whole
from mhsim.scenario import Scenario
from mhsim.scenario_io.writer import scenario_text, with_rules_beside
from mhsim.studies import manifest
from mhsim.studies.draws import TABLE
from mhsim.studies.plan import FormDraws


def check_folder(folder: Path) -> None:
    """Raise InputError unless the folder is new or empty and can be written to."""
    try:
        there = contents_of(folder) if folder.is_dir() else [folder] if folder.exists() else []
        above = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    except (OSError, ValueError) as error:
        raise InputError(f"this cannot be a folder for results: {error}", str(folder)) from None
    if there:
        raise InputError(f"nothing is overwritten; here already: {named(there)}; name a new folder", str(folder))
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise InputError(f"no folder can be made in {above}", str(folder))


def new_folder(scenario: Scenario, replicate: int) -> Path:
    """Make and return a new folder in ``runs``, named after form, seed and replicate."""
    form = re.sub(r"[^A-Za-z0-9_-]+", "-", scenario.form).strip("-") or "run"
    name = f"{form}-seed{scenario.seed}" + (f"-r{replicate}" if replicate else "")
    number = 1
    while True:
        folder = Path("runs", name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir(parents=True)
            return folder
        except FileExistsError:
            number += 1


def save_run(
    run: Run,
    folder: Path,
    scenario: Scenario,
    replicate: int,
    *,
    record: str,
    seconds: float,
    drawn: FormDraws | None = None,
    again: pa.Table | None = None,
) -> None:
    """Write a run into its folder, with its scenario and what is needed to repeat it.

    Parameters
    ----------
    run : Run
        The outcome.
    folder : Path
        New or empty.
    scenario : Scenario
        What was run; its rules are copied beside it.
    replicate : int
        Which replicate.
    record : {"series", "lives", "story"}
        What was kept of it.
    seconds : float
        How long it took.
    drawn, again : FormDraws and pa.Table, optional
        Draws of what is not known, and the same history with the values of each.
    """
    draws = "" if drawn is None else f" --draws {len(drawn.values)}"
    kept = "" if record == "lives" else f" --record {record}"
    about: dict[str, Any] = {
        "kind": "run",
        "title": scenario.title,
        "seed": scenario.seed,
        "replicate": replicate,
        "scenario": manifest.digest(scenario.model_dump(mode="json")),
        "engine": sources_digest(),
        "command": f"mhsim run scenario.yaml --replicate {replicate}{kept}{draws}",
        "ended": manifest.now(),
        "seconds": round(seconds, 3),
        **manifest.environment(),
    }
    if drawn is not None:
        about["draws"] = {scenario.form: manifest.draws_in(drawn)}
    run.save(folder, manifest=about, scenario_yaml=scenario_text(scenario))
    if again is not None:
        write_table(folder / TABLE, again)
    if scenario.rules:
        write_whole(folder / "scenario.yaml", with_rules_beside(scenario, folder).encode())
