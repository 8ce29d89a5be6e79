"""ES modules as one script: a browser opens a file from a disk, but not the files that a module imports.

Each module becomes a function that is called once, after those it imports, and returns what it exports. What modules
may say is little (`IMPORT` and `EXPORT` hold it), so nothing of JavaScript has to be understood for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from mhsim.errors import InputError

IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.{1,2}/[^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const) +(\w+))", re.MULTILINE)
OTHERWISE = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)
"""What is left of imports and exports that are written in another way."""
SEVERAL = re.compile(r"^export const \w+ = [^;({\[\n]*, \w+ = .*$", re.MULTILINE)
"""Several names in one line, each of which is given."""


def bundle(entries: Sequence[Path]) -> tuple[str, dict[Path, str]]:
    """Return modules and all they import as one script, and under what name each module stands in it.

    Raises
    ------
    InputError
        If a module imports or exports in a way not foreseen here, imports one that is not there, or itself through
        others.
    """
    order: dict[Path, str] = {}
    for entry in entries:
        _visit(entry.resolve(), order, ())
    names = {path: f"module{place}" for place, path in enumerate(order)}
    return "".join(_called(path, text, names) for path, text in order.items()), names


def _visit(path: Path, order: dict[Path, str], within: tuple[Path, ...]) -> None:
    if path in order:
        return
    if path in within:
        raise InputError(f"{path.name}: imports itself, by way of {', '.join(one.name for one in within)}")
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(f"{within[-1].name if within else path.name}: there is no {path.name} to import") from None
    for _, other in IMPORT.findall(text):
        _visit((path.parent / other).resolve(), order, (*within, path))
    order[path] = text


def _called(path: Path, text: str, names: dict[Path, str]) -> str:
    """Return a module as a call that gives what it exports."""
    taken = [
        f"const {{ {_renamed(what)} }} = {names[(path.parent / other).resolve()]};\n"
        for what, other in IMPORT.findall(text)
        if what.strip()
    ]
    gives = EXPORT.findall(text)
    gives += [name for line in SEVERAL.findall(text) for name in re.findall(r", (\w+) = ", line)]
    body = EXPORT.sub("", IMPORT.sub("", text))
    strange = OTHERWISE.search(body)
    if strange:
        raise InputError(
            f'{path.name}: not bundled: {strange[0]!r}; allowed: import {{ a }} from "./b.js"; export const'
        )
    return f"const {names[path]} = (() => {{\n{''.join(taken)}{body}\nreturn {{ {', '.join(gives)} }};\n}})();\n"


def _renamed(what: str) -> str:
    """Return names that are imported as they stand where an object is taken apart."""
    parts = (part.strip() for part in what.split(","))
    return ", ".join(part.replace(" as ", ": ") for part in parts if part)
