"""The command `mhsim patterns`: the model held against published facts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from mhsim.commands.options import AsJson, Jobs, Settings, scenario_names, settings
from mhsim.commands.output import ProgressBar, draw, duration, note, say, say_json
from mhsim.commands.run import cores

if TYPE_CHECKING:
    from mhsim.evidence.scoreboard import CheckResult

COLOURS = {"inside": "green", "outside": "red", "failed": "red", "cannot tell": "yellow", "not observed": "dim"}
Forms = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FORM]...",
        help="Shipped scenarios, scenario files or folders of these; all shipped ones unless given.",
        autocompletion=scenario_names,
        show_default=False,
    ),
]


def patterns(
    forms: Forms = None,
    only: Annotated[
        str | None, typer.Option(metavar="CODES", help="Facts by code, such as V05,V16.", show_default="all")
    ] = None,
    replicates: Annotated[
        int | None, typer.Option(min=2, max=10_000, help="Runs of each form.", show_default="40 to 360, by groups")
    ] = None,
    jobs: Jobs = None,
    json: AsJson = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the page docs/patterns.md.")] = False,
    set_values: Settings = None,
) -> None:
    """Hold the model against published facts.

    Each fact with a number or a direction is worked out from runs in the way the study did, and shown with its band,
    what comes out, and whether that is inside. Ends with exit code 1 if a fact that must be met is missed. The
    facts stand in docs/evidence.md.
    """
    from mhsim.errors import InputError
    from mhsim.evidence.scoreboard import default_replicates, scoreboard, selected

    if json and markdown:
        raise InputError("--json and --markdown: give one of them, not both")
    wanted = [code for code in (only or "").replace(",", " ").split() if code]
    if only is not None and not wanted:
        raise InputError("--only is empty; name facts by code, such as V05,V16")
    board = selected(forms or (), wanted, settings(set_values))
    begun = time.monotonic()
    runs = {form: replicates or default_replicates(scenario) for form, scenario, checks in board if checks}
    with ProgressBar("checks") as progress:
        rows = scoreboard(board, replicates, jobs or cores(), progress.shows)
    if json:
        say_json({"replicates": runs, "facts": _counts(rows), "rows": [row.as_dict() for row in rows]})
    elif markdown:
        from mhsim.evidence.page import patterns_page

        say(patterns_page(rows, runs))
    else:
        _show(rows)
    spent = duration(time.monotonic() - begun)
    note(f"{len(rows)} checks on {sum(runs.values()):,} runs and the worlds they are compared with, in {spent}")
    missed = [row for row in rows if row.missed]
    for row in missed:
        note(f"{row.fact} must be met and is missed on {row.form}: {row.check}")
    if missed:
        raise typer.Exit(1)


def _counts(rows: list[CheckResult]) -> dict[str, dict[str, int]]:
    """Return, for each use, how many facts there are and how many are inside."""
    from mhsim.evidence.scoreboard import facts_inside, facts_with_estimates_inside

    found = {}
    for use in ("calibrate", "direction", "check"):
        whole, by_estimate = facts_inside(rows, use), facts_with_estimates_inside(rows, use)
        found[use] = {"facts": len(whole), "inside": sum(whole.values()), "estimates_inside": sum(by_estimate.values())}
    return found


def _show(rows: list[CheckResult]) -> None:
    """Print the table and the counts."""
    from rich.table import Table

    from mhsim.evidence.page import band_text, simulated_text

    table = Table(box=None, pad_edge=False)
    for head in ("fact", "use", "form", "what", "band", "simulated (95 % interval)", "", "why, where known"):
        table.add_column(head, overflow="fold", no_wrap=head in ("fact", "use"))
    for row in rows:
        verdict = f"[{COLOURS[row.verdict]}]{row.verdict}[/]" + (" [bold red]MISSED[/]" if row.missed else "")
        why = row.reason if row.verdict != "inside" else ""
        cells = (row.fact, row.use, row.form, row.check, band_text(row), simulated_text(row), verdict, why)
        table.add_row(*cells)
    draw(table)
    for use, count in _counts(rows).items():
        if count["facts"]:
            say(
                f"{use}: {count['inside']} of {count['facts']} facts inside with their whole intervals, "
                f"{count['estimates_inside']} with their estimates"
            )
