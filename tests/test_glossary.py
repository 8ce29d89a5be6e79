"""Names: one name for one thing, and a glossary that a reader can trust because every name in it is looked up."""

from __future__ import annotations

import ast
import pkgutil
import re
from collections import defaultdict
from importlib import import_module
from pathlib import Path

import pytest

import mhsim
from mhsim import mechanisms, schema
from mhsim.outcomes.measures import NAMES
from mhsim.scenario import parameter_rows

SOURCE = Path(mhsim.__file__).parent
PAGE = Path(__file__).parents[1] / "docs" / "glossary.md"
ROWS = [
    [cell.strip() for cell in line.strip("| \n").split(" | ")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| term |")
]
REFERENCES = [(row[0], name) for row in ROWS for name in re.findall(r"`([^`]+)`", row[-1])]
SHARED = [row[0].strip("`") for row in ROWS if row[0].startswith("`")]
"""Names of modules that mean the same in every room that has one: rows of the glossary's last table."""
OTHER_KEYS = {"seed", "weeks_per_step", "weeks"}
TABLES = {
    "people": schema.PEOPLE,
    "ties": schema.TIES,
    "groups": schema.GROUPS,
    "communities": schema.COMMUNITIES,
}


def found(name: str) -> bool:
    """Return whether there is something of this name: code, a column, a parameter or a measure."""
    if name.startswith("mhsim"):
        module, _, attribute = name.rpartition(".")
        try:
            import_module(name)
        except ModuleNotFoundError:
            return hasattr(import_module(module), attribute)
        return True
    table, _, column = name.partition(".")
    if table in TABLES and column:
        return column in (TABLES[table].names or ())
    return name in OTHER_KEYS or name in NAMES or name in {row["path"] for row in parameter_rows()}


def modules() -> dict[str, list[str]]:
    """Return the paths of the package's modules by their bare names; a command's module bears the command's name."""
    paths = defaultdict(list)
    for path in sorted(SOURCE.rglob("*.py")):
        if not path.stem.startswith("__") and path.parent.name != "commands":
            paths[path.stem].append(path.relative_to(SOURCE).as_posix())
    return dict(paths)


def classes() -> dict[str, list[str]]:
    """Return the paths of the modules that define a class, by its name."""
    paths = defaultdict(list)
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                paths[node.name].append(path.relative_to(SOURCE).as_posix())
    return dict(paths)


@pytest.mark.parametrize(("term", "name"), REFERENCES, ids=[name for _, name in REFERENCES])
def test_every_name_in_the_glossary_exists(term: str, name: str) -> None:
    """A glossary that points to what was renamed long ago is worse than none."""
    assert found(name), f"{term}: nothing is called {name}"


def test_every_room_and_mechanism_has_a_row() -> None:
    """Somebody who meets a room of the package for the first time must find out what it is."""
    named = {name for _, name in REFERENCES}
    rooms = {f"mhsim.{m.name}" for m in pkgutil.iter_modules([str(SOURCE)]) if m.ispkg}
    rules = {f"mhsim.mechanisms.{m.name}" for m in pkgutil.iter_modules(mechanisms.__path__)}
    covered = {name.rsplit(".", k)[0] for name in named for k in range(name.count("."))}
    assert not sorted((rooms | rules) - covered)


def test_a_class_name_stands_for_one_thing() -> None:
    """Four classes called `Runs` made every search for one of them a search for the right one."""
    assert not {name: paths for name, paths in classes().items() if len(paths) > 1}


def test_modules_of_one_name_mean_the_same() -> None:
    """A name that recurs must be a convention that the glossary explains, such as `page`; else it misleads."""
    recurring = {name: paths for name, paths in modules().items() if len(paths) > 1}
    assert not {name: paths for name, paths in recurring.items() if name not in SHARED}
    assert not sorted(set(SHARED) - set(recurring)), "explained, but no longer shared"
