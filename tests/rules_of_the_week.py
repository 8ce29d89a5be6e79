"""The mechanisms and what the engine calls in each, read off the package: no list of them is written twice."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from types import ModuleType

import mhsim.mechanisms
from mhsim.core.jit import Kernel
from mhsim.mechanisms import WEEK
from mhsim.modules import optional

MODULES: dict[str, ModuleType] = {
    name: importlib.import_module(f"mhsim.mechanisms.{name}")
    for name in sorted(found.name for found in pkgutil.iter_modules(mhsim.mechanisms.__path__))
}
"""Every file of a mechanism of the week."""
TABLES = ("members", "people", "groups", "communities", "ties")


def functions_of(module: ModuleType) -> tuple[str, ...]:
    """Return the compiled functions of a mechanism that the engine calls with whole tables."""
    return tuple(
        name
        for name, value in vars(module).items()
        if isinstance(value, Kernel)
        and value.py_func.__module__ == module.__name__
        and not name.startswith("_")
        and next(iter(inspect.signature(value.py_func).parameters)) in TABLES
        and not {"i", "word_of_mouth"} & set(inspect.signature(value.py_func).parameters)
    )


OPTIONAL = tuple(optional().items())
"""Every optional mechanism and its class."""
GROUPS = tuple(phase.mechanism for phase in WEEK if phase.whom != "people outside")
OUTSIDE = tuple(
    phase.mechanism
    for phase in WEEK
    if phase.whom in ("people outside", "everybody") or hasattr(MODULES[phase.mechanism], f"{phase.mechanism}_outside")
)
"""The phases that a member goes through, and those that somebody outside goes through."""
