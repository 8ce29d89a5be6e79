"""Optional mechanisms in the twin: one file each in `modules/`, found by its file as in `mhsim.modules`.

A file may hold ``start_person(person, values)``, ``start_group(group, parent, values)`` and ``start_place(community,
values)``, which return the columns of its own as dictionaries; ``in_group(group, values)`` with ``AFTER``, the phase
after which it is called, and ``after_PHASE(group, values)``; ``outside_week(person, values)`` and
``outside_after(person, values)`` for people outside; ``in_community(community, values)``. What is its own lies in
``own[name]`` of people, groups and communities, under the names of the tables; what no table shows begins with an
underscore. ``person.ports`` are the ports of the step by name.

What people and groups have besides stands in `twin_people` and `twin_groups`: not every column of the engine, but
``person.ties`` by place, ``group.ring`` in the order of seats, ``words(number)`` for the four words of a draw, and
``model.now`` and ``model.dt``. Events of its own go into the log by ``model.log("NAME_EVENT", person, other)`` and
``model.log_own("NAME_EVENT", group, other)``.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
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
    each : list of namespace
        All parameters of a step, by section: the scenario's own, and those of each form.
    """

    def __init__(self, each: list[Any]) -> None:
        self.found = {
            name: one for name, one in modules().items() if any(getattr(values, name).enabled for values in each)
        }

    def begin(self, people: list[Any], groups: list[Any], communities: list[Any], values: Any) -> None:
        """Let those who are new start with what is their own."""
        for name, module in self.found.items():
            own = getattr(values, name)
            for person in people:
                if name not in person.own:
                    person.own[name] = module.start_person(person, own) if hasattr(module, "start_person") else {}
            for group in groups:
                if name not in group.own:
                    parent = group.model.groups[group.parent] if group.parent >= 0 else None
                    says = getattr(group.values, name)
                    group.own[name] = module.start_group(group, parent, says) if hasattr(module, "start_group") else {}
            for community in communities:
                if name not in community.own and hasattr(module, "start_place"):
                    community.own[name] = module.start_place(community, own)

    def after(self, phase: str, groups: list[Any]) -> None:
        """Let every mechanism act that stands after a phase."""
        for name, module in self.found.items():
            hooks = [getattr(module, f"after_{phase}", None)]
            hooks += [getattr(module, "in_group", None)] if getattr(module, "AFTER", "") == phase else []
            for hook in filter(None, hooks):
                for group in groups:
                    if getattr(group.values, name).enabled:
                        hook(group, getattr(group.values, name))

    def among(self, hook: str, people: Iterable[Any], values: Any) -> None:
        """Let every mechanism act among people outside."""
        outside = list(people)
        for name, module in self.found.items():
            if hasattr(module, hook) and getattr(values, name).enabled:
                for person in outside:
                    getattr(module, hook)(person, getattr(values, name))

    def start_of_step(self, model: Any) -> None:
        """Let mechanisms act that stand at the start of a step."""
        starting = {name for name, module in self.found.items() if getattr(module, "AFTER", "") == "start"}
        if starting:
            people = [person for community in model.communities for person in community.everybody]
            groups = [group for group in model.groups if group.open]
            self.begin(people, groups, model.communities, model.values)
            self._in_communities(model, starting)
            self.after("start", groups)

    def end_of_step(self, model: Any) -> None:
        """Let mechanisms act in communities, once for each, when all groups are through."""
        self._in_communities(
            model, {name for name, module in self.found.items() if getattr(module, "AFTER", "") != "start"}
        )

    def _in_communities(self, model: Any, names: set[str]) -> None:
        for name in self.found:
            own = getattr(model.values, name)
            if name in names and own.enabled and hasattr(self.found[name], "in_community"):
                for community in model.communities:
                    self.found[name].in_community(community, own)

    @staticmethod
    def columns(thing: Any) -> dict[str, Any]:
        """Return what is its own of a person or a group, by the names of the engine's tables."""
        own = [(name, column, value) for name, mine in thing.own.items() for column, value in mine.items()]
        return {f"{name}_{column}": value for name, column, value in own if not column.startswith("_")}
