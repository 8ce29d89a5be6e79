"""The command `mhsim`. Thin: each command reads its input, calls one function and writes what came of it.

Exit codes: 0 done, 1 a run failed (what is done is kept), 2 the input is wrong, 130 stopped by Ctrl-C. Wrong input
gives one line on standard error and never a traceback; with MHSIM_TRACEBACK=1 in the environment a failure shows one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from mhsim.commands import scenario_files as files
from mhsim.commands import views
from mhsim.commands.build import build, warm
from mhsim.commands.calibrate import calibrate
from mhsim.commands.export import export
from mhsim.commands.fit import fit
from mhsim.commands.output import close_quietly, note
from mhsim.commands.patterns import patterns
from mhsim.commands.reproduce import reproduce
from mhsim.commands.run import run
from mhsim.commands.study import study_command
from mhsim.errors import InputError, one_line
from mhsim.studies.registry import KINDS

FAILED, WRONG_INPUT, STOPPED = 1, 2, 130

app = typer.Typer(
    name="mhsim",
    help="Simulate mutual help groups: people who help each other with a shared problem.",
    epilog="Exit codes: 0 done, 1 a run failed, 2 the input is wrong, 130 stopped by Ctrl-C.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(run)
for kind in KINDS.values():
    app.command(kind.name, help=kind.about)(study_command(kind))
others: list[Callable[..., None]] = [views.report, reproduce, views.crate, views.tables, views.story, views.dashboard]
others += [files.scenarios, files.show, files.validate, files.params, patterns, calibrate, fit, export, warm, build]
for command in others:
    app.command()(command)
app.add_typer(files.new, name="new")


def _version(wanted: bool) -> None:
    """Print the version and stop, if that is what was asked for."""
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        from mhsim.core.built_code import engine_in_use

        try:
            typer.echo(f"mhsim {version('mhsim')}")
        except PackageNotFoundError:
            typer.echo("mhsim (not installed)")
        typer.echo(engine_in_use())
        raise typer.Exit


@app.callback()
def _all_commands(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Simulate mutual help groups: people who help each other with a shared problem."""


def main() -> None:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    code = exit_code(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        close_quietly()
    except OSError as error:
        note(one_line(f"mhsim: what was to be printed is lost: {error}"))
        close_quietly()
        code = code or FAILED
    sys.exit(code)


def exit_code(arguments: list[str]) -> int:
    """Run one command and return its exit code; say in one line what went wrong, if anything did."""
    try:
        return app(arguments, prog_name="mhsim", standalone_mode=False) or 0
    except InputError as error:
        note(str(error))
        return WRONG_INPUT
    except (KeyboardInterrupt, typer.Abort):
        return STOPPED
    except Exception as error:
        usage = getattr(error, "format_message", None)
        if usage is not None:
            helps = type(error).__name__ == "NoArgsIsHelpError"
            said = usage() if helps else one_line(f"mhsim: {usage().rstrip('.')}; mhsim --help lists what there is")
            note(said)
            return WRONG_INPUT
        if os.environ.get("MHSIM_TRACEBACK"):
            raise
        note(one_line(f"mhsim: it failed: {type(error).__name__}: {error} (MHSIM_TRACEBACK=1 shows where)"))
        return FAILED
