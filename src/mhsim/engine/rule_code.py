"""The compiled function of a rule beside the week: made from the lines that its functions ask for (`rule_lines`).

It is told where in the step it is called, and reads from the link of the rule what stands there.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from mhsim.core.blocks import TILE  # noqa: F401 - named by the lines of a rule
from mhsim.core.jit import kernel, kernel_of
from mhsim.engine.rule_lines import END, IN_HAND, START, functions_of, lines_of  # noqa: F401 - the same
from mhsim.event_log import EventLog  # noqa: F401 - the same
from mhsim.plugins import Rule
from mhsim.schema import CLOSED, MOVED_AWAY, NOWHERE, SETTLED  # noqa: F401 - the same

LED_TO: tuple[str, ...] = ("people", "blocks", "handles", "ties", "groups", "communities", "scratch", "luck", "ports")
LED_TO += ("words", "meter", "lives", "events")
"""Tables of the world that a rule may be led to."""
WIDE = ("ties", "words")
"""Those of them that have columns besides rows."""
TABLES = np.dtype([(name, "i8") for table in LED_TO for name in (table, f"{table}_rows", f"{table}_columns")])
"""Where the tables of a world are, and how many rows and columns they have."""
HOOK = np.dtype(
    [(name, "i8") for name in ("parameters", "people", "people_rows", "groups", "group_rows", "places", "place_rows")]
    + [(name, "i8") for name in ("gone", "gone_rows")]
    + [(name, "i8") for name in ("gone_count", "series", "series_rows", "starts", "sums", "sum_rows", "first_kind")]
    + [("world", "i8")],
    align=True,
)
"""What a rule is led to: addresses of its records (the scenario's own and those of its forms) and of the columns of
its own, how many rows these have, in how many ways groups start, the code of its first kind of event, and the record of
the tables of the world."""
ASKED_FOR = (
    *("people", "members", "outside", "groups", "g", "communities", "community", "ties", "handles", "blocks", "ring"),
    *("luck", "ports", "own", "ours", "place", "key", "clock", "p", "scratch", "words", "events"),
)
"""What functions of a rule ask for by name."""
OWN_TABLES = {"people": "own", "groups": "ours", "places": "place"}
"""Columns of a rule's own, and what its functions call them."""
CALLED_OTHERWISE = {name: f"all_{name}" for name in (*IN_HAND, "events")}
"""Tables of the world whose names stand for something else in its functions."""


def kinds_of_tables(world: Any) -> dict[str, np.dtype]:
    """Return the types of the tables of a world that rules are led to."""
    return {name: getattr(world, name).dtype for name in LED_TO}


def act_of(
    rule: type[Rule], kinds: dict[str, np.dtype], tables: dict[str, np.dtype], text: str, file: Path | None = None
) -> Any:
    """Return the function that leads the engine's call to what the rule asks for: its text (`text_of`) made alive.

    `kinds` are the types of its parameters and of the tables of its own, `tables` those of the world.
    """
    from mhsim.engine.plugin_llvm import array_reader, record_reader, wide_reader

    scope: dict[str, Any] = dict(globals())
    scope["hook_at"], scope["tables_at"] = record_reader(HOOK), record_reader(TABLES)
    scope["parameters_at"] = record_reader(kinds["parameters"])
    for name in ("people", "groups", "places", "gone", "series", "sums"):
        if name in kinds:
            scope[f"own_{name}_at"] = array_reader(kinds[name])
    for name, kind in tables.items():
        scope[f"{name}_at"] = (wide_reader if name in WIDE else array_reader)(kind)
    for name in functions_of(rule):
        scope[name] = kernel(getattr(rule, name))
    scope["know"] = _know(scope, f"know_{_own_name(rule)}")
    exec(compile(text, str(file or "<rule>"), "exec"), scope)
    return scope[f"act_{_own_name(rule)}"]


def text_of(rule: type[Rule], kinds: dict[str, np.dtype]) -> tuple[str, str]:
    """Return a name for the code of a rule, by all that it is made from, and the text of the function `act_of` makes.

    The name says what the source was when it was imported: a file that was edited since would give old code a new name.
    It is empty for rules from outside the package, since what they import may change without a trace.
    """
    lines = lines_of(rule, kinds)
    defined = f"def act_{_own_name(rule)}(at, g, key, clock, data):"
    text = "\n    ".join([defined, *_reading(rule, lines), *lines])
    if not rule.__module__.startswith("mhsim.modules.") or not rule.source_digest:
        return "", text
    made_from = f"{rule.source_digest}\n{text}"
    return f"{rule.__module__.rpartition('.')[2]}_{sha256(made_from.encode()).hexdigest()[:16]}", text


def _own_name(rule: type[Rule]) -> str:
    """Return what tells the functions of one rule from another's.

    Code that was kept by two processes is told apart by the names of functions alone: without names of their own one
    rule would run another's where both are on.
    """
    return sha256(f"{rule.__module__}.{rule.__qualname__}".encode()).hexdigest()[:16]


def _reading(rule: type[Rule], lines: list[str]) -> list[str]:
    """Return the lines that read what the others name: parameters, columns of its own and tables of the world."""
    last = []
    if rule.events and "events" in _named(lines):
        last = ["events = EventLog(all_events, meter, clock.step, h.first_kind)"]
    named = _named([*lines, *last])
    first = ["h = hook_at(data)", "w = tables_at(h.world)"]
    first += ["p = parameters_at(h.parameters)"] if "p" in named else []
    for table, name in OWN_TABLES.items():
        rows = "people_rows" if table == "people" else f"{table[:-1]}_rows"
        first += [f"{name} = own_{table}_at(h.{table}, h.{rows})"] if getattr(rule, table) and name in named else []
    for table in LED_TO:
        name = CALLED_OTHERWISE.get(table, table)
        columns = f", w.{table}_columns" if table in WIDE else ""
        first += [f"{name} = {table}_at(w.{table}, w.{table}_rows{columns})"] if name in named else []
    return first + last


def _named(lines: list[str]) -> set[str]:
    return set(re.findall(r"(?<![.\w])\w+", "\n".join(lines)))


def _know(scope: dict[str, Any], name: str) -> Any:
    """Return the function that lets a person who came since start by the last row, which says how everybody does."""
    lines = ["if own.known[slot] != handles.generation[slot] + 1:", "    own[slot] = own[len(own) - 1]"]
    return kernel_of(name, "own, handles, slot", [*lines, "    own.known[slot] = handles.generation[slot] + 1"], scope)
