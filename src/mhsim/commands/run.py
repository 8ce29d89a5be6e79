"""`mhsim run`, one history of one scenario."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from mhsim.commands.options import AsJson, Draws, ScenarioName, Seed, Settings, Weeks, expanded, given_values, settings
from mhsim.commands.output import ProgressBar, note, say, say_json

if TYPE_CHECKING:
    import pyarrow as pa

    from mhsim.outcomes.results import Run
    from mhsim.scenario import Scenario
    from mhsim.studies.plan import FormDraws

MOST_REPLICATES = 2**31 - 1
TICK = 0.1
"""Seconds between two looks at how far a run is."""
PATIENCE = 3.0
"""Seconds after which a run that shows no progress is taken to be compiling, or not to stop."""
SHARES = (
    ("accommodated_at_52", "of people in need were in accommodation 52 weeks after they came into need"),
    ("accommodated_at_52_joiners", "of those who had joined a group"),
    ("accommodated_at_52_non_joiners", "of those who had not"),
    ("retention_at_13", "of first visitors were still members of a group 13 weeks later"),
)
"""Measures of the summary, and what they are shares of."""
CAUTION = (
    "Who joins differs from who does not, so the gap between them says nothing about what groups do: "
    "compare with --set benefits=0."
)


Record = Literal["series", "lives", "story"]
"""What is kept of a run besides its summary; each keeps what those before it keep."""


def run(
    scenario: ScenarioName,
    seed: Seed = None,
    replicate: Annotated[int, typer.Option(min=0, max=MOST_REPLICATES, help="Which run with that seed.")] = 0,
    set_values: Settings = None,
    weeks: Weeks = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the results: new or empty.", show_default="a new one in runs/", callback=expanded
        ),
    ] = None,
    record: Annotated[
        Record, typer.Option(help="What is kept: weekly series; also lives; also every event, for mhsim story.")
    ] = "lives",
    draws: Draws = None,
    json: AsJson = False,
) -> None:
    """Run one history of a scenario.

    Without --out the folder is runs/FORM-seedN, with -rN for a replicate and a counter if it exists. A folder that
    holds anything is never written to. With --draws the same history is lived again with other values that fit the
    facts about as well; draws.parquet has a row for each.
    """
    from mhsim.scenario_io.loader import read_scenario
    from mhsim.user_paths import command_text

    given = settings(set_values)
    checked = read_scenario(scenario, given | given_values(seed=seed, weeks=weeks))
    from mhsim.studies.draws import draws_of
    from mhsim.studies.run_folder import check_folder, new_folder, save_run

    drawn = draws_of(checked, draws, given) if draws else None
    if out is not None:
        check_folder(out)
    begun = time.monotonic()
    result = simulated(checked, replicate, record)
    lived_again = again(checked, replicate, drawn) if drawn else None
    folder = out if out is not None else new_folder(checked, replicate)
    how: dict[str, Any] = {"record": record, "seconds": time.monotonic() - begun, "drawn": drawn, "again": lived_again}
    save_run(result, folder, checked, replicate, **how)
    if json:
        about = {"form": checked.form, "seed": checked.seed, "replicate": replicate, "folder": str(folder)}
        say_json({**about, "summary": result.summary})
        return
    say(summary_text(result.summary, checked))
    say(f"Results are in {folder}; {command_text('mhsim', 'report', folder)} makes a page of them.")
    if record == "story":
        say(f"{command_text('mhsim', 'story', folder)} tells of its group and its people.")


def again(scenario: Scenario, replicate: int, drawn: FormDraws) -> pa.Table:
    """Live a history again with the values of each draw, showing how far it is; Ctrl-C stops it."""
    from mhsim.studies.one_history import histories

    with ProgressBar("draws") as progress:
        return histories(scenario, replicate, drawn, jobs=cores(), progress=progress.shows)


def simulated(scenario: Scenario, replicate: int, record: str) -> Run:
    """Run a scenario in a thread of its own, showing how far it is; Ctrl-C stops it."""
    import threading
    from concurrent.futures import Future

    import numpy as np

    from mhsim.outcomes.simulate import simulate

    control = np.zeros(2, np.int64)
    outcome: Future[Run] = Future()

    def work() -> None:
        try:
            outcome.set_result(simulate(scenario, replicate, record=record, control=control, jobs=cores()))
        except Exception as error:
            outcome.set_exception(error)

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
    return outcome.result()


def cores() -> int:
    """Return the number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def summary_text(summary: dict[str, Any], scenario: Scenario) -> str:
    """Return what happened to the group, in the words of the report, and what became of people."""
    from mhsim.report.run_page import what_happened
    from mhsim.studies.data import RunData

    lines = [f"{scenario.title} (form {scenario.form}, seed {scenario.seed})"]
    lines += what_happened(RunData(summary, scenario={}, manifest={}, series={}))
    lines += [f"{100 * summary[name]:3.0f} % {words}." for name, words in SHARES if summary.get(name) is not None]
    return "\n".join(lines if summary.get("accommodated_at_52_joiners") is None else [*lines, CAUTION])
