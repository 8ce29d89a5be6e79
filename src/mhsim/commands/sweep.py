"""`mhsim sweep`: every point of a study, every replicate; and `mhsim report`, a page of what was found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mhsim.commands.options import AsJson, DryRun, Jobs, Out, Resume, Scheduler, Seed, expanded
from mhsim.commands.output import as_json, note, say
from mhsim.commands.run import cores

if TYPE_CHECKING:
    from mhsim.studies.design import StudyBase
    from mhsim.studies.plan import Plan
    from mhsim.studies.registry import Kind
    from mhsim.studies.run import StudyOutcome


def study_command(kind: Kind) -> Callable[..., None]:
    """Return the command that runs studies of one kind."""

    def command(
        study: Annotated[str, typer.Argument(metavar="STUDY", help="Path of a study file.", show_default=False)],
        out: Out = None,
        jobs: Jobs = None,
        replicates: Annotated[int | None, typer.Option(help="Runs per point, instead of the study's.")] = None,
        seed: Seed = None,
        resume: Resume = False,
        scheduler: Scheduler = None,
        dry_run: DryRun = False,
        json: AsJson = False,
    ) -> None:
        options = {name: value for name, value in (("replicates", replicates), ("seed", seed)) if value is not None}
        checked, plan = planned(study, options, kind.name)
        folder = out if out is not None else Path("runs") / name_of(study)
        if dry_run:
            tell_cost(checked, plan, folder, jobs or cores(), json)
            return
        where: dict[str, Any] = {} if scheduler is None else {"scheduler": scheduler}
        again = command_again([kind.name, study], folder, jobs, {**options, **where})
        carry_out(checked, folder, jobs or cores(), resume, again, json, **where)

    command.__doc__ = kind.about
    return command


def planned(file: str, options: dict[str, Any], kind: str) -> tuple[StudyBase, Plan]:
    """Read a study file, put the options in and check every point; raise InputError with the place of what is wrong."""
    from mhsim.errors import InputError
    from mhsim.scenario_io.loader import check, located
    from mhsim.scenario_io.source_map import Place
    from mhsim.scenario_io.yaml_reader import read_yaml
    from mhsim.studies.registry import kind_named

    document, of_kind = read_yaml(file), kind_named(kind)
    check(document, of_kind.study)
    for name, value in options.items():
        document.data[name] = value
        document.places[(name,)] = Place(f"--{name}", 0, str(value))
    study = check(document, of_kind.study)
    try:
        return study, of_kind.plan_of(study)
    except InputError as error:
        raise located(error, document) from None


def report(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Folder of a run or a study.", show_default=False, callback=expanded),
    ],
    out: Annotated[
        Path | None, typer.Option(help="Where to write it, instead of report.html in DIR.", callback=expanded)
    ] = None,
) -> None:
    """Make a page of a run or a study.

    The page is one HTML file in plain words.
    """
    from mhsim.errors import InputError

    if not folder.is_dir():
        raise InputError("there is no such folder", str(folder))
    if not (folder / "manifest.json").is_file():
        raise InputError("this is not a folder of results: it holds no manifest.json", str(folder))
    from mhsim.report import write_report

    say(f"The report is {write_report(folder, out)}")


def carry_out(study: StudyBase, folder: Path, jobs: int, resume: bool, again: str, json: bool, **where: Any) -> None:
    """Run the study and say what came of it; leave with exit code 1 if a run failed."""
    outcome = _carried_out(study, folder, jobs, resume, again, **where)
    _tell(outcome, json)
    if outcome.exit_code:
        raise typer.Exit(outcome.exit_code)


def _carried_out(study: StudyBase, folder: Path, jobs: int, resume: bool, again: str, **where: Any) -> StudyOutcome:
    """Run the study, showing how far it is; on Ctrl-C say how to go on."""
    from mhsim.commands.progress import Progress
    from mhsim.studies.run import run_study

    try:
        with Progress("runs") as progress:
            return run_study(study, folder, jobs=jobs, resume=resume, progress=progress.shows, **where)
    except KeyboardInterrupt:
        note(f"Stopped. What is done is kept in {folder}; go on with: {again}")
        raise


def tell_cost(study: StudyBase, plan: Plan, folder: Path, jobs: int, json: bool) -> None:
    """Say how much a study is: points and runs, time and disk, reckoned from one run."""
    from mhsim.studies.estimate import estimate

    cost = estimate(study, jobs)
    facts = {"points": cost.points, "replicates": plan.replicates, "runs": cost.runs, "folder": str(folder)}
    if json:
        say(as_json({**facts, "jobs": jobs, "seconds": round(cost.seconds, 1), "bytes": cost.bytes_on_disk}))
        return
    say(f"{cost.points:,} points with {plan.replicates:,} replicates: {cost.runs:,} runs, into {folder}")
    say(
        f"about {duration(cost.seconds)} with {jobs} side by side and {cost.bytes_on_disk / 1e6:,.1f} MB on disk, "
        "if all runs are like the first"
    )


def duration(seconds: float) -> str:
    """Return a time in words, as roughly as it is known."""
    for unit, length in (("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 1.5 * length:
            return f"{seconds / length:,.1f} {unit}"
    return f"{max(1.0, seconds):.0f} seconds"


def _tell(outcome: StudyOutcome, json: bool) -> None:
    """Say what came of a study."""
    if json:
        counts = {"folder": str(outcome.folder), "runs": outcome.total, "done": outcome.done, "failed": outcome.failed}
        say(as_json({**counts, "seconds": outcome.elapsed, "first_error": outcome.first_error}))
    else:
        runs = f"{outcome.done:,} of {outcome.total:,} runs done in {outcome.elapsed:.1f} s"
        from mhsim.user_paths import command_text

        page = command_text("mhsim", "report", outcome.folder)
        say(f"{runs}; results are in {outcome.folder}; {page} makes a page of them")
    if outcome.failed:
        note(f"{outcome.failed:,} runs failed, the first with: {outcome.first_error}")
        note(f"repeat that run with: {outcome.first_command}; every failed run is a row of the runs with its command")


def command_again(start: list[str], folder: Path, jobs: int | None, options: dict[str, Any]) -> str:
    """Return the command that goes on with a study; `start` is its kind and what it was called with."""
    from mhsim.user_paths import command_text

    words: list[str | Path] = ["mhsim", *start, "--out", folder, "--resume"]
    for name, value in (*options.items(), ("jobs", jobs)):
        words += [] if value is None else [f"--{name}", str(value)]
    return command_text(*words)


def name_of(study: str) -> str:
    """Return the name of a study: that of its file, or for a study.yaml that of the folder it lies in."""
    path = Path(study).absolute()
    return path.stem if path.stem != "study" else path.parent.name or "study"
