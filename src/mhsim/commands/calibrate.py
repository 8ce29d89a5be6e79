"""The command `mhsim calibrate`: values of a form that fit the facts, and what the facts leave open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mhsim.commands.options import AsJson, DryRun, Jobs, Scheduler, expanded
from mhsim.commands.output import ProgressBar, draw, note, say, say_json
from mhsim.commands.run import cores

if TYPE_CHECKING:
    from mhsim.calibration.calibration_file import Calibration
    from mhsim.calibration.form_fit import Fit

Form = Annotated[
    str, typer.Argument(metavar="FORM", help="A form that has a calibration file, or such a file.", show_default=False)
]
Out = Annotated[
    Path | None,
    typer.Option(
        help="Folder for the runs; what it holds is not run again.",
        show_default="runs/calibrate-FORM",
        callback=expanded,
    ),
]
Into = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder for the posterior.", show_default="the same folder", callback=expanded),
]


def calibrate(
    form: Form,
    out: Out = None,
    into: Into = None,
    points: Annotated[int | None, typer.Option(min=32, max=100_000, help="Points, instead of the file's.")] = None,
    check_coverage: Annotated[
        int, typer.Option(metavar="TRUTHS", min=0, max=100_000, help="Synthetic truths to hold intervals against.")
    ] = 0,
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    dry_run: DryRun = False,
    json: AsJson = False,
) -> None:
    """Find the values of a form that fit the facts.

    Runs that fill the ranges are kept row by row, so the command goes on where it was broken off. Written are 200
    equally likely sets of values and what was learnt of each parameter. With --check-coverage each synthetic truth
    shows whether 95 % intervals hold.
    """
    from mhsim.calibration.calibration_file import read_calibration
    from mhsim.calibration.form_fit import calibrate as fitted
    from mhsim.calibration.posterior import write_posterior
    from mhsim.errors import InputError

    plan = read_calibration(form)
    plan = plan if points is None else plan.model_copy(update={"points": points})
    if check_coverage > plan.points:
        raise InputError(
            f"--check-coverage {check_coverage}: each point is a truth once; there are {plan.points} points"
        )
    folder = out if out is not None else Path("runs") / f"calibrate-{plan.form}"
    if dry_run:
        _say_cost(plan, folder)
        return
    said = f"mhsim calibrate {form}" + (f" --check-coverage {check_coverage}" if check_coverage else "")
    bars = _Bars()
    how: dict[str, Any] = {"jobs": jobs or cores(), "scheduler": scheduler, "truths": check_coverage}
    try:
        found = fitted(plan, folder, **how, command=said, shows=bars.shows)
    finally:
        bars.close()
    paths = write_posterior(found.posterior, into if into is not None else folder)
    if json:
        say_json(_as_data(found))
    else:
        _show(found)
    note(f"written: {' and '.join(map(str, paths))}")


class _Bars:
    """One progress display after the other, for whatever is counted next."""

    def __init__(self) -> None:
        self.bar: ProgressBar | None = None

    def shows(self, what: str) -> Callable[[int, int, int], None]:
        """Return what shows how far the next piece of work is."""
        self.close()
        self.bar = ProgressBar(what)
        self.bar.__enter__()
        return self.bar.shows

    def close(self) -> None:
        """End the display."""
        if self.bar is not None:
            self.bar.__exit__(None, None, None)
            self.bar = None


def _say_cost(plan: Calibration, folder: Path) -> None:
    """Say what would be run."""
    from mhsim.calibration.fact_targets import targets_of

    targets = targets_of(plan.checks)
    say(f"{plan.form}: {len(plan.names)} parameters, {len(targets)} numbers held against facts")
    say(
        f"{plan.points} points, {plan.points_again} more where facts are met, {plan.checked} draws to check; "
        f"{plan.replicates} replicates each, {plan.replicates_elsewhere} where a check changes the form"
    )
    say(f"rows would be kept in {folder}")


def _show(found: Fit) -> None:
    """Print tables and findings."""
    from mhsim.calibration import plain_words as words

    draw(_table(words.PARAMETER_HEADS, words.parameter_rows(found.posterior.parameters)))
    draw(_table(words.FACT_HEADS, words.fact_rows(found.predicted)))
    draw(_table(words.EMULATOR_HEADS, words.emulator_rows(found.made)))
    for line in words.summary(found):
        say(line)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def _as_data(found: Fit) -> dict[str, Any]:
    """Return what came of it as plain data."""
    from dataclasses import asdict

    coverage: dict[str, Any] = {}
    if found.coverage is not None:
        for k, name in enumerate(found.posterior.parameters):
            share = found.coverage.interval(k)
            evenness = float(found.coverage.evenness()[k])
            coverage[name] = {"covered": share.value, "low": share.low, "high": share.high, "evenness": evenness}
    parameters = {name: asdict(one) for name, one in found.posterior.parameters.items()}
    return {**found.posterior.made, "parameters": parameters, "coverage": coverage}
