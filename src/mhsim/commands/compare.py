"""`mhsim compare`: scenarios under the same luck, from a study file or straight from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mhsim.commands.options import AsJson, DryRun, Jobs, Out, Resume, RetryFailed, Scheduler, Seed
from mhsim.commands.sweep import carry_out, name_of, planned

if TYPE_CHECKING:
    from mhsim.studies.design import StudyBase
    from mhsim.studies.plan import Plan

KIND = "compare"


def compare(
    given: Annotated[
        list[str],
        typer.Argument(
            metavar="STUDY | SCENARIO SCENARIO...", help="A study file, or two or more scenarios.", show_default=False
        ),
    ],
    out: Out = None,
    jobs: Jobs = None,
    replicates: Annotated[int | None, typer.Option(help="Runs per scenario, instead of the study's.")] = None,
    seed: Seed = None,
    weeks: Annotated[int | None, typer.Option(help="Length of the runs, instead of the study's.")] = None,
    scheduler: Scheduler = None,
    resume: Resume = False,
    retry_failed: RetryFailed = False,
    dry_run: DryRun = False,
    json: AsJson = False,
) -> None:
    """Hold scenarios against the first, under the same luck.

    One name is a study file; two or more are scenarios, such as mhsim compare base twelve_step.
    """
    wished = {"replicates": replicates, "seed": seed, "weeks": weeks}
    options = {name: value for name, value in wished.items() if value is not None}
    checked, plan = _planned(given, options)
    folder = out if out is not None else Path("runs") / _folder_name(given)
    how: dict[str, Any] = {"resume": resume, "retry_failed": retry_failed, "scheduler": scheduler, "json": json}
    carry_out(checked, plan, folder, [KIND, *given], options, jobs, dry_run=dry_run, **how)


def _planned(given: list[str], options: dict[str, Any]) -> tuple[StudyBase, Plan]:
    """Return the study of a file, or the one that scenarios on the command line stand for, all of it checked."""
    from mhsim.errors import InputError
    from mhsim.scenario_io.loader import shipped

    if len(given) > 1:
        return _of_scenarios(given, options)
    if given[0] in shipped() and not Path(given[0]).exists():
        raise InputError(f"{given[0]} is one scenario; name two or more, or the file of a study of kind compare")
    return planned(given[0], options, KIND)


def _of_scenarios(given: list[str], options: dict[str, Any]) -> tuple[StudyBase, Plan]:
    """Return the study that compares scenarios named on the command line."""
    from mhsim.scenario_io.loader import check
    from mhsim.scenario_io.source_map import Document, Keys, Place
    from mhsim.studies.registry import kind_named

    kind, names = kind_named(KIND), _names(given)
    title = f"{' and '.join(names[1:])} held against {names[0]}"
    arms = dict(zip(names, given, strict=True))
    data = {"kind": KIND, "title": title[:200], "scenarios": arms, **options}
    places: dict[Keys, Place] = {(name,): Place(f"--{name}", 0, str(value)) for name, value in options.items()}
    study = check(Document("", data, places), kind.study)
    return study, kind.plan_of(study)


def _names(given: list[str]) -> list[str]:
    """Return a name for each scenario: that of its file; a number is added to one that was there before."""
    names: list[str] = []
    for path in given:
        stem = Path(path).stem[:50] or "scenario"
        taken = sum(name == stem or name.startswith(f"{stem} (") for name in names)
        names.append(f"{stem} ({taken + 1})" if taken else stem)
    return names


def _folder_name(given: list[str]) -> str:
    return name_of(given[0]) if len(given) == 1 else "-against-".join(reversed(_names(given)))[:100]
