"""Commands that run studies, such as `mhsim sweep`: every point, every replicate; and `mhsim report`, their page."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mhsim.commands.options import AsJson, DryRun, Jobs, Out, Resume, RetryFailed, Scheduler, Seed, expanded
from mhsim.commands.output import as_json, note, say
from mhsim.commands.run import cores

if TYPE_CHECKING:
    from mhsim.studies.design import StudyBase
    from mhsim.studies.plan import Plan
    from mhsim.studies.registry import Kind
    from mhsim.studies.run_study import StudyOutcome

SHOWN = 12
"""Values of a path that are listed at most; of more, the first and the last are."""


def study_command(kind: Kind) -> Callable[..., None]:
    """Return the command that runs studies of one kind."""

    def command(
        study: Annotated[str, typer.Argument(metavar="STUDY", help="Path of a study file.", show_default=False)],
        out: Out = None,
        jobs: Jobs = None,
        replicates: Annotated[int | None, typer.Option(help="Runs per point, instead of the study's.")] = None,
        seed: Seed = None,
        resume: Resume = False,
        retry_failed: RetryFailed = False,
        scheduler: Scheduler = None,
        dry_run: DryRun = False,
        json: AsJson = False,
    ) -> None:
        options = {name: value for name, value in (("replicates", replicates), ("seed", seed)) if value is not None}
        checked, plan = planned(study, options, kind.name, spot=dry_run)
        folder = out if out is not None else Path("runs") / name_of(study)
        how: dict[str, Any] = {"resume": resume, "retry_failed": retry_failed, "scheduler": scheduler, "json": json}
        carry_out(checked, plan, folder, [kind.name, study], options, jobs, dry_run=dry_run, **how)

    command.__doc__ = kind.about
    return command


def planned(file: str, options: dict[str, Any], kind: str, *, spot: bool = False) -> tuple[StudyBase, Plan]:
    """Read a study file, put the options in and check its points; raise InputError with the place of what is wrong.

    Parameters
    ----------
    file : str
        The study file.
    options : dict
        Keys of the study that are given on the command line.
    kind : str
        The kind of study.
    spot : bool
        Whether of very many points only some are checked; such a plan is not to be run.
    """
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
        return study, plan_of(study, spot=spot)
    except InputError as error:
        raise located(error, document) from None


def plan_of(study: StudyBase, *, spot: bool = False) -> Plan:
    """Return the plan of a study, showing how many of its points have been checked."""
    from mhsim.commands.progress_bar import ProgressBar
    from mhsim.studies.plan import point_checks
    from mhsim.studies.registry import plan_for

    with ProgressBar("points checked") as progress, point_checks(lambda done: progress.shows(done, 0), spot=spot):
        return plan_for(study)


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


def carry_out(
    study: StudyBase,
    plan: Plan,
    folder: Path,
    start: list[str],
    options: dict[str, Any],
    jobs: int | None,
    *,
    dry_run: bool,
    json: bool,
    **how: Any,
) -> None:
    """Run a study and say what came of it, or what it would cost; leave with exit code 1 if a run failed.

    Parameters
    ----------
    study, plan : StudyBase, Plan
        The study, checked, and its plan.
    folder : Path
        Where results go.
    start : list of str
        The kind of study and what the command was called with, to repeat it.
    options : dict
        Keys of the study that were given as options.
    jobs : int or None
        Runs side by side; all cores unless given.
    dry_run : bool
        Whether to say only what it would cost.
    json : bool
        Whether to print JSON.
    **how
        `resume`, `retry_failed` and `scheduler` of `mhsim.studies.run_study.run_study`.
    """
    if dry_run:
        say_cost(study, plan, folder, jobs or cores(), json)
        return
    again = command_again(start, folder, jobs, {**options, "scheduler": how.get("scheduler")})
    outcome = _run(study, plan, folder, jobs or cores(), again, **how)
    _say_outcome(outcome, again, json)
    if outcome.exit_code:
        raise typer.Exit(outcome.exit_code)


def _run(study: StudyBase, plan: Plan, folder: Path, jobs: int, again: str, **how: Any) -> StudyOutcome:
    """Run the study, showing how far it is; on Ctrl-C and signals that end it say how to go on."""
    from mhsim.commands.progress_bar import ProgressBar
    from mhsim.studies.run_study import run_study

    resume = how.pop("resume") or how["retry_failed"]
    try:
        with ended_by_signals(), ProgressBar("runs") as progress:
            return run_study(
                study, folder, jobs=jobs, resume=resume, progress=progress.shows, notice=note, plan=plan, **how
            )
    except KeyboardInterrupt:
        note(f"Stopped. What is done is kept in {folder}; go on with: {again}")
        raise


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let the signals by which systems end a program stop the block as Ctrl-C does.

    A signal that is ignored, as under nohup, stays so; one that comes again, as from batch systems, changes nothing.
    """

    def stop(number: int, frame: Any) -> None:
        for repeated in before:
            signal.signal(repeated, signal.SIG_IGN)
        raise KeyboardInterrupt

    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for number in (getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)):
            if signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def say_cost(study: StudyBase, plan: Plan, folder: Path, jobs: int, json: bool) -> None:
    """Say how much a study is: its values, points and runs, time and disk, estimated from one run."""
    from mhsim.studies.estimate import estimate_cost

    cost = estimate_cost(plan, jobs)
    facts = {"points": cost.points, "replicates": plan.replicates, "runs": cost.runs, "folder": str(folder)}
    size = {"seconds": round(cost.seconds, 1), "bytes": cost.bytes_on_disk, "files": cost.files}
    if json:
        say(as_json({**facts, "jobs": jobs, **size, "values": dict(values_of(plan))}))
        return
    say(f"{cost.points:,} points with {plan.replicates:,} replicates: {cost.runs:,} runs, into {folder}")
    say(
        f"about {duration(cost.seconds)} with {jobs} side by side, {cost.bytes_on_disk / 1e6:,.1f} MB on disk and "
        f"{cost.files:,} files, if all runs are like the first"
    )
    for path, values in values_of(plan):
        say(f"{path}: {values}")


def values_of(plan: Plan) -> list[tuple[str, str]]:
    """Return every path that a plan varies or sets, with its values as they will be run, in words."""
    from mhsim.scenario_io.overrides import WHOLESALE
    from mhsim.studies.points import value_at

    listed = []
    for place, path in enumerate(plan.paths):
        values = list(dict.fromkeys(point[place] for point in plan.points))
        if len(values) > SHOWN:
            texts = all(isinstance(value, str) for value in values)
            first, last = (values[0], values[-1]) if texts else (min(values), max(values))  # type: ignore[type-var]
            listed.append((path, f"{len(values):,} values from {_text(first)} to {_text(last)}"))
        else:
            listed.append((path, ", ".join(map(_text, values))))
    first_point = plan.scenario_at(0)
    for path, value in plan.fixed.items():
        if path not in ("seed", *plan.paths):
            taken = value if path in WHOLESALE else value_at(first_point, path)
            listed.append((path, f"{_text(taken)} at all points"))
    return listed


def _text(value: float | str) -> str:
    """Return a value as YAML would have it, a number without needless digits."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else f"{value:.12g}"


def duration(seconds: float) -> str:
    """Return a time in words, as roughly as it is known."""
    for unit, length in (("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 1.5 * length:
            return f"{seconds / length:,.1f} {unit}"
    return f"{max(1.0, seconds):.0f} seconds"


def _say_outcome(outcome: StudyOutcome, again: str, json: bool) -> None:
    """Say what came of a study."""
    from mhsim.user_paths import command_text

    if json:
        counts = {"folder": str(outcome.folder), "runs": outcome.total, "done": outcome.done, "failed": outcome.failed}
        say(as_json({**counts, "seconds": outcome.elapsed, "first_error": outcome.first_error}))
    else:
        runs = f"{outcome.done:,} of {outcome.total:,} runs done in {outcome.elapsed:.1f} s"
        page = command_text("mhsim", "report", outcome.folder)
        say(f"{runs}; results are in {outcome.folder}; {page} makes a page of them")
    if outcome.failed:
        note(f"{outcome.failed:,} runs failed, the first with: {outcome.first_error}")
        note(f"repeat that run with: {outcome.first_command}; every failed run is a row of the runs with its command")
        note(f"run all failed runs again with: {again.replace('--resume', '--retry-failed')}")


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
