"""`mhsim run`: one history of one scenario."""

from __future__ import annotations

import os
import re
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mhsim.commands.options import ScenarioName, Settings, expanded, settings
from mhsim.commands.output import as_json, note, say

if TYPE_CHECKING:
    from mhsim.outcomes.results import Run
    from mhsim.scenario import Scenario

MOST_REPLICATES = 2**31 - 1
TICK = 0.1
"""Seconds between two looks at how far a run is."""
PATIENCE = 3.0
"""Seconds after which a run that shows no progress is taken to be compiling, or not to stop."""


class Record(StrEnum):
    """What is kept of a run besides its summary; each keeps what those before it keep."""

    series = "series"
    lives = "lives"
    story = "story"


def run(
    scenario: ScenarioName,
    seed: Annotated[int | None, typer.Option(help="Seed of the study, instead of the scenario's.")] = None,
    replicate: Annotated[int, typer.Option(min=0, max=MOST_REPLICATES, help="Which history under that seed.")] = 0,
    set_values: Settings = None,
    weeks: Annotated[int | None, typer.Option(help="Length of the run, instead of the scenario's.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the results: new or empty.", show_default="a new one in runs/", callback=expanded
        ),
    ] = None,
    record: Annotated[
        Record, typer.Option(help="What is kept: weekly series; also lives; also every event, for mhsim story.")
    ] = Record.lives,
    json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Run one history of a scenario.

    Without --out the folder is runs/FORM-seedN, with -rN for a replicate and a counter if it exists. A folder that
    holds anything is never written to.
    """
    from mhsim.safe_files import write_whole
    from mhsim.scenario_io.loader import read_scenario
    from mhsim.scenario_io.writer import scenario_text, with_rules_beside

    values = settings(set_values)
    values |= {path: value for path, value in (("seed", seed), ("weeks", weeks)) if value is not None}
    checked = read_scenario(scenario, values)
    if out is not None:
        check_folder(out)
    begun = time.monotonic()
    result = watched(checked, replicate, record.value)
    folder = out if out is not None else new_folder(checked, replicate)
    manifest = manifest_of(checked, replicate, time.monotonic() - begun, record.value)
    result.save(folder, manifest=manifest, scenario_yaml=scenario_text(checked))
    if checked.rules:
        write_whole(folder / "scenario.yaml", with_rules_beside(checked, folder).encode())
    if json:
        about = {"form": checked.form, "seed": checked.seed, "replicate": replicate, "folder": str(folder)}
        say(as_json({**about, "summary": result.summary}))
        return
    from mhsim.commands.run_summary import told
    from mhsim.user_paths import command_text

    say(told(result.summary, checked))
    say(f"Results are in {folder}; {command_text('mhsim', 'report', folder)} makes a page of them.")
    if record is Record.story:
        say(f"{command_text('mhsim', 'story', folder)} tells of its group and its people.")


def watched(scenario: Scenario, replicate: int, record: str = Record.lives.value) -> Run:
    """Run a scenario in a thread of its own, showing how far it is; Ctrl-C stops it."""
    import threading

    import numpy as np

    from mhsim.commands.progress_bar import ProgressBar
    from mhsim.outcomes.simulate import simulate

    control = np.zeros(2, np.int64)
    found: list[Run] = []
    failed: list[Exception] = []

    def work() -> None:
        try:
            found.append(simulate(scenario, replicate, record=record, control=control, jobs=cores()))
        except Exception as error:
            failed.append(error)

    weeks = scenario.weeks + scenario.start.run_in_weeks
    thread = threading.Thread(target=work, name="run", daemon=True)
    try:
        thread.start()
        thread.join(PATIENCE)
        if thread.is_alive() and control[0] == 0:
            note("Compiling once; after a change of the package the first run takes longer.")
        with ProgressBar("weeks") as progress:
            while thread.is_alive():
                thread.join(TICK)
                if control[0] > 0:
                    progress.shows(int(control[0] * scenario.weeks_per_step), weeks)
    except KeyboardInterrupt:
        control[1] = 1
        if thread.is_alive():
            thread.join(PATIENCE)
        note("Stopped. Nothing was written; the same command starts the run again.")
        raise
    if failed:
        raise failed[0]
    return found[0]


def cores() -> int:
    """Return the number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def manifest_of(scenario: Scenario, replicate: int, seconds: float, record: str = Record.lives.value) -> dict[str, Any]:
    """Return the birth certificate of a run: what was run, by which versions, where and when."""
    from mhsim.core.jit import sources_digest
    from mhsim.studies import manifest

    kept = "" if record == Record.lives else f" --record {record}"
    return {
        "kind": "run",
        "title": scenario.title,
        "seed": scenario.seed,
        "replicate": replicate,
        "scenario": manifest.digest(scenario.model_dump(mode="json")),
        "engine": sources_digest(),
        "command": f"mhsim run scenario.yaml --replicate {replicate}{kept}",
        "ended": manifest.now(),
        "seconds": round(seconds, 3),
        "versions": manifest.versions(),
        "git": manifest.git_state(),
        "platform": manifest.place(),
    }


def check_folder(folder: Path) -> None:
    """Raise InputError unless the folder is new or empty and can be written to."""
    from mhsim.errors import InputError
    from mhsim.safe_files import contents_of, named

    try:
        there = contents_of(folder) if folder.is_dir() else [folder] if folder.exists() else []
        if there:
            raise InputError(f"nothing is overwritten; here already: {named(there)}; name a new folder", str(folder))
        above = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"this cannot be a folder for results: {error}", str(folder)) from None
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise InputError(f"no folder can be made in {above}", str(folder))


def new_folder(scenario: Scenario, replicate: int) -> Path:
    """Make and return a new folder in ``runs``, named after form, seed and replicate."""
    form = re.sub(r"[^A-Za-z0-9_-]+", "-", scenario.form).strip("-") or "run"
    name = f"{form}-seed{scenario.seed}" + (f"-r{replicate}" if replicate else "")
    number = 1
    while True:
        folder = Path("runs") / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir(parents=True)
            return folder
        except FileExistsError:
            number += 1
