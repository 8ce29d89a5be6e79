"""`mhsim new`: a small commented file to begin with; and `mhsim warm`: compile now, not at the first run."""

from __future__ import annotations

from typing import Annotated

import typer

from mhsim.commands.output import say

SCENARIO = """\
# A scenario: in what your groups differ from the shipped scenario named under extends.
# mhsim params lists every path with its range and meaning; mhsim show FILE prints the whole scenario.
title: {title}
form: {form}
about: What this scenario rests on, in words.
extends: base

weeks: 520            # ten years
start:
  members: 16         # people in the group in week 0, helpers included
  helpers: 4

# serve:
#   turnover_per_year: 0.2
# changes:            # what happens in mid-life
#   - week: 104
#     set: {{serve.turnover_per_year: 0.5}}
"""
STUDY = """\
# A study: one scenario at many points, every point under the same luck.
# mhsim validate FILE checks it; mhsim sweep FILE --dry-run says how much work it is.
kind: sweep
title: {title}
question: What is to be found out?
base: base            # a shipped scenario, or the path of a file
vary:
  serve.turnover_per_year: [0.1, 0.2, 0.4]
design: grid
replicates: 20
seed: 1
weeks: 520
"""

new = typer.Typer(no_args_is_help=True, help="Write a small file to begin with.")
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the new file, or its path.", show_default=False)]


@new.command("scenario")
def new_scenario(name: Name) -> None:
    """Write NAME.yaml, a scenario that extends the shipped base."""
    _write(name, SCENARIO)


@new.command("study")
def new_study(name: Name) -> None:
    """Write NAME.yaml, a sweep over one parameter."""
    _write(name, STUDY)


def warm() -> None:
    """Compile now, not at the first run."""
    from mhsim.outcomes.simulate import warm as compile_all

    compile_all()
    say("Compiled.")


def _write(name: str, template: str) -> None:
    """Write a template to a new file; raise InputError if there is one or it cannot be written."""
    from mhsim.errors import InputError
    from mhsim.scenario_io.writer import quoted
    from mhsim.user_paths import command_text, user_path

    path = user_path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    title = path.stem.replace("_", " ").replace("-", " ")
    text = template.format(title=quoted(title[:200]), form=quoted(path.stem[:60]))
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise InputError("there is such a file already, and nothing is overwritten", str(path)) from None
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be written: {said}", str(path)) from None
    say(f"Wrote {path}; check it with: {command_text('mhsim', 'validate', path)}")
