"""Arguments and options that several commands share."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated

import typer


def scenario_names(incomplete: str) -> list[str]:
    """Return the shipped scenarios that start so, for the shell to complete; reads only the names of files."""
    here = Path(__file__).resolve()
    places = [here.parents[1] / "configs", here.parents[3] / "configs"]
    folder = next((place for place in places if place.is_dir()), places[0])
    return sorted(path.stem for path in folder.glob("*.yaml") if path.stem.startswith(incomplete))


def expanded(path: Path | None) -> Path | None:
    """Return a path that stands in an option, with ``~`` as the home folder: the shell leaves it in ``--out=~/x``."""
    from mhsim.user_paths import user_path

    return None if path is None else user_path(path)


_NAME = "Name of a shipped scenario, or path of a file."
_RULES = "Run the code of rules that the scenario names, to check their parameters; only for code you trust."
_RETRY = "Go on with a study and run its failed runs again, whatever their error."
_DASK = "Dask scheduler whose workers do the runs, as tcp://10.0.0.1:8786."

ScenarioName = Annotated[
    str, typer.Argument(metavar="SCENARIO", help=_NAME, autocompletion=scenario_names, show_default=False)
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Another value at a path; may be given many times."),
]
Results = Annotated[
    Path, typer.Argument(metavar="DIR", help="Folder of a run or a study.", show_default=False, callback=expanded)
]
Jobs = Annotated[int | None, typer.Option(min=1, max=1024, help="Runs side by side; all cores unless given.")]
Seed = Annotated[int | None, typer.Option(help="Random seed, instead of the one in the file.")]
Weeks = Annotated[int | None, typer.Option(help="Length of the runs, instead of the one in the file.")]
Draws = Annotated[
    int | None,
    typer.Option(
        metavar="N", help="Also with N draws of the values that are not known, from the form's fit.", show_default=False
    ),
]
Scheduler = Annotated[str | None, typer.Option(metavar="ADDRESS", help=_DASK)]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with what the folder holds of this study.")]
RetryFailed = Annotated[bool, typer.Option("--retry-failed", help=_RETRY)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")]
LoadRules = Annotated[bool, typer.Option("--load-rules", help=_RULES)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def given_values(**options: object) -> dict[str, object]:
    """Return the options that were given, by name."""
    return {name: value for name, value in options.items() if value is not None}


def rule_code(load_rules: bool) -> AbstractContextManager[None]:
    """Return the block in which scenarios are read: the code of their rules is run only if `load_rules` says so."""
    from mhsim.plugins import without_rule_code

    return nullcontext() if load_rules else without_rule_code()


def settings(given: list[str] | None) -> dict[str, object]:
    """Return ``path=value`` texts as a mapping, later ones winning; raise InputError for one without a sign."""
    from mhsim.errors import InputError, shortened

    values: dict[str, object] = {}
    for text in given or []:
        path, sign, value = text.partition("=")
        if not sign or not path.strip():
            raise InputError(f"--set {shortened(text)}: write path=value, such as share.enabled=off")
        values.pop(path.strip(), None)
        values[path.strip()] = value
    return values
