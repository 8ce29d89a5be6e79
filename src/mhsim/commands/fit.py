"""`mhsim fit`: a group's own record to a calibrated scenario, with what is not known of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mhsim.commands.options import AsJson, Jobs, Resume, Settings, expanded, scenario_names, settings
from mhsim.commands.output import ProgressBar, note, say, say_json

if TYPE_CHECKING:
    from mhsim.calibration.fitting.record import Record

MOST_HISTORIES = 1_000_000
MOST_TRUTHS = 10_000


def fit(
    records: Annotated[
        list[str],
        typer.Argument(
            metavar="DATA.csv...",
            help="Records of one group: members, attendance, roles, at most one file of each; or the name of a shipped "
            "example, as members.",
            show_default=False,
        ),
    ],
    form: Annotated[
        str,
        typer.Option(
            metavar="SCENARIO", help="The form the group is of, or a scenario file.", autocompletion=scenario_names
        ),
    ] = "base",
    begin: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="First day the record is complete.", show_default=False)
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="The day after the last one.", show_default="the last in the files"),
    ] = None,
    founded: Annotated[bool, typer.Option("--founded", help="The group began with its record.")] = False,
    without_once: Annotated[
        bool, typer.Option("--without-once", help="The list of members leaves out who came a single time.")
    ] = False,
    histories: Annotated[int, typer.Option(min=1000, max=MOST_HISTORIES, help="Groups that are simulated.")] = 6000,
    seed: Annotated[int, typer.Option(min=0, help="Random seed.")] = 1,
    check_coverage: Annotated[
        int,
        typer.Option(
            min=0,
            max=MOST_TRUTHS,
            metavar="TRUTHS",
            help="Synthetic groups of other values than were believed, to hold intervals against.",
        ),
    ] = 0,
    jobs: Jobs = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results.", show_default="a new one in runs/", callback=expanded)
    ] = None,
    resume: Resume = False,
    set_values: Settings = None,
    json: AsJson = False,
) -> None:
    """Fit a group's own record.

    From join and leave dates, attendance by week or roles comes a scenario of that group, draws of its parameters, and
    a page: what the record says, what it cannot say, and what would happen next. No name is kept. docs/fit.md tells
    what the files look like.
    """
    from mhsim.calibration.fitting.group_fit import FitQuestion, fit_group
    from mhsim.commands.run import cores
    from mhsim.report import write_report
    from mhsim.scenario_io.loader import read_scenario
    from mhsim.user_paths import command_text

    scenario = read_scenario(form, settings(set_values))
    question = FitQuestion(
        records=tuple(_record(name) for name in records),
        scenario=scenario,
        begin=_day(begin, "--from"),
        end=_day(until, "--until"),
        founded=founded,
        came_once=not without_once,
        histories=histories,
        seed=seed,
        jobs=jobs or cores(),
        check_coverage=check_coverage,
    )
    folder = out or _new_folder(records[0])
    shown: list[ProgressBar] = []

    def stage(what: str) -> Any:
        while shown:
            shown.pop().__exit__()
        shown.append(ProgressBar(what).__enter__())
        return shown[-1].shows

    try:
        told = fit_group(question, folder, resume=resume, progress=stage)
    except KeyboardInterrupt:
        note(f"Stopped. What is done is kept in {folder}; the same command with --out {folder} --resume goes on.")
        raise
    finally:
        while shown:
            shown.pop().__exit__()
    page = write_report(folder)
    if json:
        say_json({"folder": str(folder), **told})
        return
    from mhsim.report.fit.page import short_answer

    say("\n".join(short_answer(told)))
    say(f"The report is {page}; draws.csv and fitted.yaml are beside it.")
    say(f"{command_text('mhsim', 'run', folder / 'fitted.yaml')} runs one history of the group from now on.")


def _record(name: str) -> Record:
    """Return the record in a file, or the example of that name; say each bad row by its line."""
    from mhsim.calibration.fitting.record_reader import BadRows, read_record
    from mhsim.calibration.fitting.synthetic import shipped_records
    from mhsim.user_paths import user_path

    path = user_path(name)
    if not path.exists():
        path = shipped_records().get(name, path)
    try:
        return read_record(path)
    except BadRows as bad:
        for problem in bad.problems:
            note(str(problem))
        raise


def _day(text: str | None, option: str) -> date | None:
    """Return a day given to an option; raise InputError if it is none."""
    from mhsim.errors import InputError, shown

    if text is None:
        return None
    with suppress(ValueError):
        return date.fromisoformat(text)
    raise InputError(f"{option}: given {shown(text)}; allowed: a day as 2024-01-31")


def _new_folder(name: str) -> Path:
    """Return the name of a new folder in ``runs`` for the fit of a file."""
    number = 1
    while True:
        folder = Path("runs", f"fit-{Path(name).stem}" + (f"-{number}" if number > 1 else ""))
        if not folder.exists():
            return folder
        number += 1
