"""A scenario is written as YAML that reads back as the very same scenario, bit for bit."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from mhsim.scenario import Scenario
from mhsim.scenario_io.yaml_reader import scalar

PLAIN = re.compile(r"[A-Za-z][A-Za-z_]*")


class _Writer(yaml.SafeDumper):
    """Writes plain data; text that could be taken for anything else stands in quotes."""


def _text(writer: _Writer, text: str) -> yaml.ScalarNode:
    plain = PLAIN.fullmatch(text) and scalar(text) == text
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


_Writer.add_representer(str, _text)


def as_yaml(data: dict[str, Any]) -> str:
    """Return plain data as YAML, in the order given."""
    return yaml.dump(data, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=100_000)


def scenario_text(scenario: Scenario) -> str:
    """Return a scenario as YAML, fully resolved: every parameter stands in it, nothing is extended."""
    data = scenario.model_dump(mode="json")
    data["changes"] = [
        {name: value for name, value in change.items() if value not in (None, {})} for change in data["changes"]
    ]
    return as_yaml(data)


def with_rules_beside(scenario: Scenario, folder: Path) -> str:
    """Return the scenario as YAML for a folder, and copy into it the files of its rules, so that it can travel."""
    text = scenario_text(scenario)
    for name, use in scenario.rules.items():
        if use.origin.endswith(".py"):
            (folder / "rules").mkdir(parents=True, exist_ok=True)
            copy = Path("rules") / f"{name}.py"
            (folder / copy).write_bytes(Path(use.origin).read_bytes())
            text = text.replace(f"from: {quoted(use.origin)}\n", f"from: {quoted(str(copy))}\n")
    return text


def quoted(text: str) -> str:
    """Return a text as it stands in YAML on one line: in quotes unless it is one plain word."""
    return as_yaml({"text": text}).removeprefix("text: ").rstrip("\n")
