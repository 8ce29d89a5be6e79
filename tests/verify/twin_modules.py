"""Optional mechanisms in the twin: one file each in `modules/`, found by its file as in `mhsim.modules`.

A file holds ``AFTER``, ``start_person(person, values)`` and ``start_group(group, parent, values)``, which return the
columns of its own as dictionaries, and ``in_group(group, values)``. What is its own lies in ``own[name]`` of people and
groups.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDERS = [Path(__file__).parent / "modules"]
"""Where the files lie."""


def modules() -> dict[str, ModuleType]:
    """Return the twins of optional mechanisms by name."""
    found = {}
    for path in sorted(path for folder in FOLDERS for path in folder.glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"twin_of_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        found[path.stem] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(found[path.stem])
    return found


class TwinModules:
    """The optional mechanisms of one model; those that are off do nothing.

    Parameters
    ----------
    values : namespace
        All parameters of a step, by section.
    """

    def __init__(self, values: Any) -> None:
        self.found = {name: one for name, one in modules().items() if getattr(values, name).enabled}

    def begin(self, people: list[Any], groups: list[Any], values: Any) -> None:
        """Let those who are new start with what is their own."""
        for name, module in self.found.items():
            own = getattr(values, name)
            for person in people:
                if name not in person.own:
                    person.own[name] = module.start_person(person, own)
            for group in groups:
                if name not in group.own:
                    parent = group.model.groups[group.parent] if group.parent >= 0 else None
                    group.own[name] = module.start_group(group, parent, own)

    def after(self, phase: str, groups: list[Any], values: Any) -> None:
        """Let every mechanism act that stands after a phase."""
        for name, module in self.found.items():
            if phase == module.AFTER:
                for group in groups:
                    module.in_group(group, getattr(values, name))

    @staticmethod
    def columns(thing: Any) -> dict[str, Any]:
        """Return what is its own of a person or a group, by the names of the engine's tables."""
        return {f"{name}_{column}": value for name, own in thing.own.items() for column, value in own.items()}
