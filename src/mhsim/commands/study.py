"""Commands that run studies, one for each kind, such as `mhsim sweep`; a comparison also takes scenarios by name."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mhsim.commands import options
from mhsim.commands.output import ProgressBar, duration, note, say, say_json
from mhsim.commands.run import cores

if TYPE_CHECKING:
    from mhsim.scenario_io.source_map import Document
    from mhsim.studies.design import StudyBase
    from mhsim.studies.plan import Plan
    from mhsim.studies.registry import Kind
    from mhsim.studies.run_study import StudyOutcome

COMPARE, ROBUSTNESS = "compare", "robustness"
OF_NAME = {ROBUSTNESS: "-robustness"}
"""What follows the name of the study in that of the folder, so that it is not the folder of the study that is tried."""
StudyFile = Annotated[str, typer.Argument(metavar="STUDY", help="Path of a study file.", show_default=False)]
Compared = Annotated[
    list[str],
    typer.Argument(
        metavar="STUDY | SCENARIO SCENARIO...", help="A study file, or two or more scenarios.", show_default=False
    ),
]

OWN_OPTIONS: dict[str, dict[str, Any]] = {
    ROBUSTNESS: {
        "only": Annotated[
            str | None,
            typer.Option(
                metavar="GROUP,...", help="What to alter: time-step, size, start, rules, assumed, knocked-out."
            ),
        ],
        "screen": Annotated[int | None, typer.Option(help="Replicates of a first look, before those that may fall.")],
    }
}
"""Options that one kind of study has of its own, each a key of its study file."""


def study_command(kind: Kind) -> Callable[..., None]:
    """Return the command that runs studies of one kind."""

    def command(
        study: StudyFile,
        out: Annotated[
            Path | None,
            typer.Option(
                help="Folder for the results.", show_default="runs/ and the study's name", callback=options.expanded
            ),
        ] = None,
        jobs: options.Jobs = None,
        replicates: Annotated[int | None, typer.Option(help="Replicates at each point, instead of the file's.")] = None,
        seed: options.Seed = None,
        weeks: options.Weeks = None,
        draws: options.Draws = None,
        resume: options.Resume = False,
        retry_failed: options.RetryFailed = False,
        scheduler: options.Scheduler = None,
        dry_run: options.DryRun = False,
        json: options.AsJson = False,
        **more: Any,
    ) -> None:
        given = study if isinstance(study, list) else [study]
        keys = options.given_values(replicates=replicates, seed=seed, weeks=weeks, draws=draws, **more)
        checked, plan = planned(given, keys, kind.name, spot=dry_run)
        folder = out if out is not None else Path("runs") / (name_of(given) + OF_NAME.get(kind.name, ""))
        if dry_run:
            say_cost(plan, folder, jobs or cores(), json)
            return
        again = command_again([kind.name, *given], folder, {**keys, "scheduler": scheduler, "jobs": jobs})
        how = {"jobs": jobs or cores(), "resume": resume or retry_failed, "retry_failed": retry_failed}
        outcome = _run(checked, plan, folder, again, scheduler=scheduler, **how)
        _say_outcome(outcome, again, json)
        if outcome.exit_code:
            raise typer.Exit(outcome.exit_code)

    if kind.name == COMPARE:
        command.__annotations__["study"] = Compared
    _offer(command, OWN_OPTIONS.get(kind.name, {}))
    return command


def _offer(command: Callable[..., None], own: dict[str, Any]) -> None:
    """Let a command take options of its own kind in the place of `more`."""
    found = signature(command, eval_str=True)
    known = [one for one in found.parameters.values() if one.kind is not Parameter.VAR_KEYWORD]
    more = [Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=one) for name, one in own.items()]
    command.__signature__ = found.replace(parameters=[*known, *more])  # type: ignore[attr-defined]


def planned(given: list[str], keys: dict[str, Any], kind: str, *, spot: bool = False) -> tuple[StudyBase, Plan]:
    """Read a study file, put the options in and check its points; raise InputError with the place of what is wrong.

    Parameters
    ----------
    given : list of str
        The study file, or the scenarios to compare.
    keys : dict
        Keys of the study that are given on the command line.
    kind : str
        The kind of study.
    spot : bool
        Whether of very many points only some are checked; such a plan is not to be run.
    """
    from mhsim.errors import InputError
    from mhsim.scenario_io.loader import check, located, shipped
    from mhsim.scenario_io.source_map import Place
    from mhsim.studies.plan import point_checks
    from mhsim.studies.registry import kind_named, plan_for

    of_kind = kind_named(kind)
    if kind == COMPARE and len(given) == 1 and given[0] in shipped() and not Path(given[0]).exists():
        raise InputError(f"{given[0]} is one scenario; name two or more, or the file of a study of kind compare")
    document = _document_of(given, kind)
    check(document, of_kind.study)
    for name, value in keys.items():
        document.data[name] = value.split(",") if name == "only" and isinstance(value, str) else value
        document.places[(name,)] = Place(f"--{name}", 0, str(value))
    study = check(document, of_kind.study)
    try:
        with ProgressBar("points checked") as progress, point_checks(lambda done: progress.shows(done, 0), spot=spot):
            return study, plan_for(study)
    except InputError as error:
        raise located(error, document) from None


def _document_of(given: list[str], kind: str) -> Document:
    """Return what a study file says, or what stands for one: scenarios to compare, or a study to be tried."""
    from mhsim.scenario_io.yaml_reader import read_yaml
    from mhsim.studies.compare.design import document_of
    from mhsim.studies.robustness.design import document_of_study

    if kind == ROBUSTNESS:
        return document_of_study(given[0])
    return read_yaml(given[0]) if len(given) == 1 else document_of(given)


def name_of(given: list[str]) -> str:
    """Return the name of a study: that of its file, for a study.yaml that of its folder, or those of scenarios."""
    if len(given) > 1:
        from mhsim.studies.compare.design import arm_names

        return "-against-".join(reversed(arm_names(given)))[:100]
    path = Path(given[0]).absolute()
    return path.stem if path.stem != "study" else path.parent.name or "study"


def _run(study: StudyBase, plan: Plan, folder: Path, again: str, **how: Any) -> StudyOutcome:
    """Run the study, showing how far it is; on Ctrl-C and signals that end it say how to go on."""
    from mhsim.studies.run_study import run_study

    try:
        with ended_by_signals(), ProgressBar("runs") as progress:
            return run_study(study, folder, progress=progress.shows, notice=note, plan=plan, **how)
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


def say_cost(plan: Plan, folder: Path, jobs: int, json: bool) -> None:
    """Say how much a study is: its values, points and runs, time and disk, estimated from one run."""
    from mhsim.studies.estimate import estimate_cost, values_of

    cost = estimate_cost(plan, jobs)
    if json:
        facts = {"points": cost.points, "replicates": plan.replicates, "runs": cost.runs, "folder": str(folder)}
        size = {"seconds": round(cost.seconds, 1), "bytes": cost.bytes_on_disk, "files": cost.files}
        say_json({**facts, "jobs": jobs, **size, "values": dict(values_of(plan))})
        return
    say(
        f"{cost.points:,} points with {plan.replicates:,} replicates: {cost.runs:,} runs, into {folder}\n"
        f"about {duration(cost.seconds)} with {jobs} side by side, {cost.bytes_on_disk / 1e6:,.1f} MB on disk and "
        f"{cost.files:,} files, if all runs are like the first"
    )
    for path, values in values_of(plan):
        say(f"{path}: {values}")


def _say_outcome(outcome: StudyOutcome, again: str, json: bool) -> None:
    """Say how many runs of a study were done, where their results are, and how to repeat those that failed."""
    from mhsim.user_paths import command_text

    if json:
        counts = {"folder": str(outcome.folder), "runs": outcome.total, "done": outcome.done, "failed": outcome.failed}
        say_json({**counts, "seconds": outcome.elapsed, "first_error": outcome.first_error})
    else:
        page = command_text("mhsim", "report", outcome.folder)
        runs = f"{outcome.done:,} of {outcome.total:,} runs done in {outcome.elapsed:.1f} s"
        say(f"{runs}; results are in {outcome.folder}; {page} makes a page of them")
    if outcome.failed:
        note(f"{outcome.failed:,} runs failed, the first with: {outcome.first_error}")
        note(f"repeat that run with: {outcome.first_command}; every failed run is a row of the runs with its command")
        note(f"run all failed runs again with: {again.replace('--resume', '--retry-failed')}")


def command_again(start: list[str], folder: Path, keys: dict[str, Any]) -> str:
    """Return the command that goes on with a study; `start` is its kind and what it was called with."""
    from mhsim.user_paths import command_text

    words = [word for name, value in keys.items() if value is not None for word in (f"--{name}", str(value))]
    return command_text("mhsim", *start, "--out", folder, "--resume", *words)
