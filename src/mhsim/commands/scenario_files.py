"""Commands about files of scenarios and studies: list, show, check and begin them, without running anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from mhsim.commands.options import AsJson, LoadRules, ScenarioName, Settings, rule_code, settings
from mhsim.commands.output import draw, note, say, say_json
from mhsim.errors import shortened

if TYPE_CHECKING:
    from mhsim.scenario import Scenario

new = typer.Typer(no_args_is_help=True, help="Write a small file to begin with.")
NewName = Annotated[str, typer.Argument(metavar="NAME", help="Name of the new file, or its path.", show_default=False)]


def scenarios(json: AsJson = False) -> None:
    """List the shipped scenarios."""
    from mhsim.scenario_io.loader import read_extended, shipped

    rows = [
        {"name": name, "title": read_extended(path).data.get("title", ""), "file": str(path)}
        for name, path in shipped().items()
    ]
    say_json(rows) if json else say("\n".join(f"{row['name']:<24} {row['title']}" for row in rows))


def show(scenario: ScenarioName, set_values: Settings = None, load_rules: LoadRules = False) -> None:
    """Print a scenario with every parameter.

    The text is a scenario file that gives the very same runs. Rules of its own stand there as they are written, without
    their defaults, unless --load-rules is given.
    """
    from mhsim.errors import InputError
    from mhsim.scenario_io.loader import read_scenario
    from mhsim.scenario_io.overrides import WHOLESALE
    from mhsim.scenario_io.writer import scenario_text

    values = settings(set_values)
    with rule_code(load_rules):
        found = read_scenario(scenario, values)
    if _not_loaded(found) and set(WHOLESALE) & set(values):
        raise InputError("--set: benefits and harms also change this scenario's rules; say --load-rules")
    say(scenario_text(found))


def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Scenario or study files.", show_default=False)],
    load_rules: LoadRules = False,
) -> None:
    """Check scenario and study files.

    Each gets one line; the exit code is 2 if any is wrong. The code of rules is not run, unless --load-rules is given.
    """
    from mhsim.errors import InputError

    wrong = False
    for file in files:
        try:
            with rule_code(load_rules):
                say(f"{file}: ok, {_content(file)}")
        except InputError as error:
            note(str(error))
            wrong = True
    if wrong:
        raise typer.Exit(2)


def _content(file: str) -> str:
    """Return what a file holds, in words; raise InputError if it is wrong."""
    from mhsim.commands.study import planned
    from mhsim.scenario import Scenario
    from mhsim.scenario_io.loader import read_scenario, read_yaml
    from mhsim.studies.design import Study, StudyBase
    from mhsim.studies.estimate import values_of
    from mhsim.studies.plan import spot_checked

    data = read_yaml(file).data
    of_study = {*Study.model_fields, *StudyBase.model_fields} - set(Scenario.model_fields)
    of_scenario = {*Scenario.model_fields, "extends"} - set(Study.model_fields)
    if len(of_study & set(data)) <= len(of_scenario & set(data)):
        scenario = read_scenario(Path(file))
        return f"a scenario, {scenario.title}{_not_loaded(scenario)}"
    plan = planned([file], {}, str(data.get("kind", "sweep")), spot=True)[1]
    points, some = len(plan.points), spot_checked(len(plan.points))
    checked = f" ({some:,} of them checked now, all of them before it runs)" if some < points else ""
    values = "".join(f"; {path}: {values}" for path, values in values_of(plan))
    return f"a study of {points:,} points{checked}, {plan.total:,} runs{values}{_not_loaded(plan.scenario)}"


def _not_loaded(scenario: Scenario) -> str:
    """Return a remark on rules whose code was not run; empty if there are none."""
    from mhsim.plugins import UnloadedRule

    names = [name for name, use in scenario.rules.items() if isinstance(use.values, UnloadedRule)]
    listed = ", ".join(shortened(name) for name in names)
    return f"; its rules ({listed}) are programs and were not run: --load-rules checks them too" if names else ""


def params(
    format: Annotated[Literal["table", "json", "markdown"], typer.Option(help="How to write the list.")] = "table",
) -> None:
    """List every parameter and its source.

    With default, range, unit and meaning; the last line counts how many sources are "assumed".
    """
    from mhsim.scenario import parameter_rows

    rows = parameter_rows()
    if format == "json":
        say_json(rows)
        return
    assumed = sum(row["source"].startswith("assumed") for row in rows)
    last = f"{len(rows)} parameters; the source of {assumed} is 'assumed'."
    heads = ("path", "default", "range", "unit", "meaning", "source")
    if format == "markdown":
        marks = ("benefit" if row["benefit"] else "harm" if row["harm"] else "" for row in rows)
        cells = ([f"`{row['path']}`", *_cells(row), mark] for row, mark in zip(rows, marks, strict=True))
        lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in cells]
        say("\n".join([f"| {' | '.join(map(str.title, (*heads, 'mark')))} |", "|---" * 7 + "|", *lines, "", last]))
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD)
    for name in heads:
        table.add_column(name, no_wrap=name == "path")
    for row in rows:
        table.add_row(*map(Text, (row["path"], *_cells(row))))
    draw(table, last)


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    """Return the cells of a parameter after its path: default, range, unit, meaning and source."""
    from mhsim.scenario_io.value_types import number_text

    default = {True: "on", False: "off"}[row["default"]] if isinstance(row["default"], bool) else str(row["default"])
    limits = "" if row["low"] is None else f"{number_text(row['low'])} to {number_text(row['high'])}"
    return (default, " | ".join(row["choices"]) or limits, row["unit"], row["meaning"], row["source"])


@new.command("scenario")
def new_scenario(name: NewName) -> None:
    """Write NAME.yaml, a scenario that extends the shipped base."""
    _write(name, "scenario")


@new.command("study")
def new_study(
    name: NewName,
    plan: Annotated[bool, typer.Option("--plan", help="With a plan: measures, claims, decision rules.")] = False,
) -> None:
    """Write NAME.yaml, a sweep over one parameter.

    A plan is noted with its digest before the first run; the report says what was planned and what was added later.
    """
    _write(name, "planned_study" if plan else "study")


@new.command("record")
def new_record(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder for it.", show_default=False)],
    form: Annotated[str, typer.Option(metavar="SCENARIO", help="The form the group is of.")] = "base",
    weeks: Annotated[int, typer.Option(min=26, max=1040, help="Length of the record.")] = 156,
    seed: Annotated[int, typer.Option(min=0, help="Which group.")] = 1,
) -> None:
    """Write a simulated group's records into DIR, with the truth beside them.

    Members, attendance and roles, as mhsim fit reads them.
    """
    from mhsim.calibration.fitting.synthetic import write_records
    from mhsim.scenario_io.loader import read_scenario
    from mhsim.user_paths import user_path

    for path in write_records(read_scenario(form), weeks, seed, user_path(folder)):
        say(f"Wrote {path}")


def _write(name: str, template: str) -> None:
    """Write a template to a new file; raise InputError if there is one or it cannot be written."""
    from mhsim.errors import InputError
    from mhsim.scenario_io.writer import quoted
    from mhsim.user_paths import command_text, user_path

    path = user_path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    title = path.stem.replace("_", " ").replace("-", " ")
    text = Path(__file__).with_name("templates").joinpath(f"{template}.yaml").read_text(encoding="utf-8")
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text.format(title=quoted(title[:200]), form=quoted(path.stem[:60])))
    except FileExistsError:
        raise InputError("there is such a file already, and nothing is overwritten", str(path)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be written: {reason}", str(path)) from None
    say(f"Wrote {path}; check it with: {command_text('mhsim', 'validate', path)}")
