"""Why a rule beside the week cannot be compiled, in one line: what is wrong, where, and what is near."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Collection

from mhsim.errors import InputError, shortened, suggestion
from mhsim.plugins import Rule

LONGEST = 200


def check_arguments(rule: type[Rule], functions: Collection[str], known: Collection[str]) -> None:
    """Raise InputError if a function of a rule, by name, asks for an argument that is not known."""
    for name in functions:
        for asked in inspect.signature(getattr(rule, name)).parameters:
            if asked not in known:
                near = suggestion(asked, known)
                raise InputError(f"{rule.__name__}.{name} asks for '{asked}', which there is not{near}", _file_of(rule))


def refusal(rule: type[Rule], error: Exception) -> InputError:
    """Return in one line what Numba finds wrong with a rule, and where."""
    text, file = str(error), _file_of(rule)
    said = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("Failed in")]
    what = said[0] if said else type(error).__name__
    if isinstance(error, KeyError):
        what = f"there is no parameter {text}{suggestion(str(error.args[0]), rule.model_fields)}"
    elif column := re.match(r"Unknown attribute '(\w+)' of type .*?Record\((.*)", what):
        known = re.findall(r"(\w+)\[type=", column[2])
        what = f"there is no column or port '{column[1]}'{suggestion(column[1], known)}"
    places = re.findall(r"typing of .* at (\S+\.py) \((\d+)\)", text)
    line = next((int(line) for path, line in places if path == file), None)
    return InputError(f"{rule.__name__} cannot be compiled: {shortened(what, LONGEST)}", file, line)


def _file_of(rule: type[Rule]) -> str:
    return getattr(sys.modules.get(rule.__module__), "__file__", None) or ""
