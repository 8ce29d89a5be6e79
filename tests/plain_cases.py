"""Worlds of `engines` in plain Python, optional mechanisms and all: what each leaves, as JSON on the standard output.

Run as a script: ``python plain_cases.py NAME ...``. Nothing is compiled: every compiled function is the Python function
it was made from, and what compiled code says in LLVM's own words (a call by address, a record or an array at an
address) is said here by ctypes.
"""

from __future__ import annotations

import ctypes
import json
import math
import re
import sys
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from engines import found_in, short_scenario_of
from mhsim.core.jit import Kernel
from mhsim.engine import interventions, own_columns, plugin_calls, plugin_llvm, rule_code, simulation
from plain_python import as_records, uncompile

FORM_AS_NUMBER = re.compile(r"groups\.form\[\w+\]")
"""What compiled code reckons with in 64 bits, and NumPy in the eight of its column."""
_ACTS: dict[int, Callable[..., None]] = {}
"""What stands for the code of each rule, by a number that stands for its address."""


def _at(kind: np.dtype[Any], address: int, *shape: int) -> Any:
    """Return what lies at an address as an array of such records, or numbers."""
    sizes = [int(each) for each in shape]
    memory = (ctypes.c_char * (kind.itemsize * math.prod(sizes))).from_address(int(address))
    return as_records(np.frombuffer(memory, kind).reshape(sizes))


def code_of(rule: Any, world: Any, key: Any, kinds: dict[str, np.dtype[Any]]) -> int:
    """Return the number of the function that leads the engine's call to what a rule asks for."""
    if id(rule) not in _ACTS:
        text = FORM_AS_NUMBER.sub(r"int(\g<0>)", rule_code.text_of(rule, kinds)[1])
        act = rule_code.act_of(rule, kinds, rule_code.kinds_of_tables(world), text)
        scope = act.__globals__
        scope.update({name: value.py_func for name, value in scope.items() if isinstance(value, Kernel)})
        _ACTS[id(rule)] = act
    return id(rule)


def call_at(code: int, *arguments: Any) -> None:
    """Call the function of a rule."""
    _ACTS[code](*arguments)


def uncompile_all() -> None:
    """Replace whatever is compiled, and let tables be read as compiled code reads them: column by name."""
    plugin_llvm.record_reader = lambda kind: lambda address: _at(kind, address, 1)[0]
    plugin_llvm.array_reader = plugin_llvm.wide_reader = lambda kind: partial(_at, kind)
    uncompile()
    plugin_calls.call_at = call_at
    own_columns.code_of = code_of
    for module, name in (
        *((simulation, each) for each in ("new_world", "with_room", "with_time", "settings_by_form")),
        (interventions, "grown"),
    ):
        setattr(module, name, _giving_records(getattr(module, name)))


def _giving_records(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args, **more: as_records(function(*args, **more))


if __name__ == "__main__":
    uncompile_all()
    warnings.simplefilter("ignore", RuntimeWarning)  # whole numbers of 32 bits wrap round, as they should
    print(json.dumps({name: found_in(*short_scenario_of(name)) for name in sys.argv[1:]}))
