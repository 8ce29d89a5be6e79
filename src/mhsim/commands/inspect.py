"""`mhsim scenarios`, `show`, `validate` and `params`: what there is, without running anything."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mhsim.commands.options import LoadRules, ScenarioName, Settings, rule_code, settings
from mhsim.commands.output import as_json, draw, note, say
from mhsim.errors import shortened

if TYPE_CHECKING:
    from mhsim.scenario import Scenario


class Format(StrEnum):
    """How a list is written."""

    table = "table"
    json = "json"
    markdown = "markdown"


def scenarios(
    json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """List the shipped scenarios."""
    from mhsim.scenario_io.loader import read_extended, shipped

    rows = []
    for name, path in shipped().items():
        data = read_extended(path).data
        rows.append({"name": name, "title": data.get("title", ""), "file": str(path)})
    if json:
        say(as_json(rows))
        return
    for row in rows:
        say(f"{row['name']:<24} {row['title']}")


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

    wrong = 0
    for file in files:
        try:
            with rule_code(load_rules):
                say(f"{file}: ok, {_checked(file)}")
        except InputError as error:
            note(str(error))
            wrong += 1
    if wrong:
        raise typer.Exit(2)


def params(
    format: Annotated[Format, typer.Option(help="How to write the list.")] = Format.table,
) -> None:
    """List every parameter and its source.

    With default, range, unit and meaning; the last line counts how many sources are "assumed".
    """
    from mhsim.scenario import parameter_rows

    rows = parameter_rows()
    if format is Format.json:
        say(as_json(rows))
        return
    assumed = sum(row["source"].startswith("assumed") for row in rows)
    last = f"{len(rows)} parameters; the source of {assumed} is 'assumed'."
    if format is Format.markdown:
        say("\n".join([*_markdown(rows), "", last]))
        return
    draw(_table(rows), last)


def _checked(file: str) -> str:
    """Return what a file holds, in words; raise InputError if it is wrong."""
    from mhsim.scenario import Scenario
    from mhsim.scenario_io.loader import read_scenario, read_yaml

    data = read_yaml(file).data
    from mhsim.studies.design import Study, StudyBase

    of_study = {*Study.model_fields, *StudyBase.model_fields} - set(Scenario.model_fields)
    of_scenario = {*Scenario.model_fields, "extends"} - set(Study.model_fields)
    if len(of_study & set(data)) > len(of_scenario & set(data)):
        from mhsim.commands.sweep import planned, values_of
        from mhsim.studies.plan import spot_checked

        plan = planned(file, {}, str(data.get("kind", "sweep")), spot=True)[1]
        points, some = len(plan.points), spot_checked(len(plan.points))
        checked = f" ({some:,} of them checked now, all of them before it runs)" if some < points else ""
        values = "".join(f"; {path}: {values}" for path, values in values_of(plan))
        return f"a study of {points:,} points{checked}, {plan.total:,} runs{values}{_not_loaded(plan.scenario)}"
    scenario = read_scenario(Path(file))
    return f"a scenario, {scenario.title}{_not_loaded(scenario)}"


def _not_loaded(scenario: Scenario) -> str:
    """Return a remark on rules whose code was not run; empty if there are none."""
    from mhsim.plugins import UnloadedRule

    names = [name for name, use in scenario.rules.items() if isinstance(use.values, UnloadedRule)]
    listed = ", ".join(shortened(name) for name in names)
    return f"; its rules ({listed}) are programs and were not run: --load-rules checks them too" if names else ""


def _range(row: dict[str, Any]) -> str:
    if row["choices"]:
        return " | ".join(row["choices"])
    from mhsim.scenario_io.value_types import number_text

    return "" if row["low"] is None else f"{number_text(row['low'])} to {number_text(row['high'])}"


def _value(value: Any) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


def _marks(row: dict[str, Any]) -> str:
    return "benefit" if row["benefit"] else "harm" if row["harm"] else ""


def _markdown(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return the lines of a table in Markdown."""
    lines = ["| Path | Default | Range | Unit | Meaning | Source | Mark |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        cells = (f"`{row['path']}`", _value(row["default"]), _range(row), row["unit"], row["meaning"], row["source"])
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in (*cells, _marks(row))) + " |")
    return lines


def _table(rows: Sequence[dict[str, Any]]) -> Any:
    """Return a table of Rich."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD)
    for name in ("path", "default", "range", "unit", "meaning", "source"):
        table.add_column(name, no_wrap=name == "path")
    for row in rows:
        cells = (row["path"], _value(row["default"]), _range(row), row["unit"], row["meaning"], row["source"])
        table.add_row(*(Text(cell) for cell in cells))
    return table
