"""A step of the engine that stops after any of its phases, compiled: what a phase adds is what it costs.

It is made of the engine's own lines (`mhsim.engine.week`), so it follows them; a depth of k means the first k phases.
Nobody moves at the end, so a world is good for one call.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator
from typing import Any

from mhsim.core.jit import entry, kernel
from mhsim.engine import week
from mhsim.engine.world import of_form
from mhsim.schema import CLOSED

BEGINS = {"fill_everyone(": "draws", "_clear(": "marks and seats", "watch_group(": "tallies", "_watch(": "tallies"}
"""Lines with which a phase begins that is no mechanism."""


def phases_in(function: Any) -> Iterator[tuple[int, str]]:
    """Yield where each phase of a compiled part of the week begins: the line, counted from 0, and its name."""
    seen = set()
    for number, line in enumerate(_lines(function)):
        text = line.strip()
        switched = re.match(r"if settings\.(\w+)\.enabled:", text)
        name = switched[1] if switched else next((n for start, n in BEGINS.items() if text.startswith(start)), "")
        if name and name not in seen:
            seen.add(name)
            yield number, name


def until(function: Any, leave: str) -> Any:
    """Return a part of the week that ends before phase number `depth`, compiled; `leave` is the word that ends it."""
    lines = _lines(function)
    for depth, (number, _) in reversed(list(enumerate(phases_in(function)))):
        indent = " " * (len(lines[number]) - len(lines[number].lstrip()))
        lines.insert(number, f"{indent}if depth <= {depth}:\n{indent}    {leave}")
    lines[0] = lines[0].replace("row)", "row, depth)")
    made: dict[str, Any] = {}
    exec("\n".join(lines), vars(week), made)
    return kernel(made[function.py_func.__name__])


def _lines(function: Any) -> list[str]:
    text = textwrap.dedent(inspect.getsource(function.py_func))
    return text[text.index("def ") :].splitlines()


MEMBER = tuple(name for _, name in phases_in(week._in_group))
OUTSIDE = tuple(name for _, name in phases_in(week._outside))
in_group, outside = until(week._in_group, "return"), until(week._outside, "continue")
list_rooms = week._list_rooms


@entry
def go_through_groups(world, settings, rules, key, clock, depth):  # type: ignore[no-untyped-def]
    """Take every open group through the first phases of a step, so many as `depth` says."""
    own = of_form(settings, 0)
    due = 1 if own.meetings_per_week <= 1.0 else int(own.meetings_per_week)
    for g in range(world.meter.groups[0]):
        if world.groups.status[g] != CLOSED:
            in_group(world, g, own, rules, key, clock, due, world.series[0:0], depth)


@entry
def go_through_outside(world, settings, rules, key, clock, depth):  # type: ignore[no-untyped-def]
    """Take everybody outside through the first phases of a step, so many as `depth` says."""
    for community in range(len(world.communities)):
        rooms_count = list_rooms(world, community, settings.arrive)
        own, row = of_form(settings, 0), world.series[0:0]
        outside(world, community, rooms_count, settings.of_form, own, rules, key, clock, row, depth)
