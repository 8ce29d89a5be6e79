"""The kinds of study: what a file of each may say, how it becomes a plan, and what is made of the runs.

A kind is one line here and one file in this room. Its runs are kept by the same store whatever the kind; `analyse`
reads the finished runs from the folder and writes its tables into it, so that it can be done again at any time.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from mhsim.errors import InputError, suggestion
from mhsim.studies.design import StudyBase
from mhsim.studies.plan import Plan

MODULES = {
    "sweep": "mhsim.studies.plan",
    "knockout": "mhsim.studies.knockout",
    "compare": "mhsim.studies.compare",
    "tipping-point": "mhsim.studies.tipping.search",
    "sensitivity": "mhsim.studies.sensitivity",
    "trial": "mhsim.studies.trial",
}
"""Module of each kind: it holds `STUDY`, `plan_of` and, where runs are analysed, `analyse`.

A kind whose points are not all known beforehand has `run` too, which is called in the place of `run_sweep`.
"""


class Kind(NamedTuple):
    """One kind of study."""

    name: str
    study: type[StudyBase]
    plan_of: Callable[[Any], Plan]
    analyse: Callable[[Path], None] | None
    run: Callable[..., Any] | None = None


def kind_named(name: str) -> Kind:
    """Return a kind of study by its name; raise InputError if there is none."""
    if name not in MODULES:
        raise InputError(
            f"no kind of study is named {name!r}{suggestion(name, MODULES)}; there are {', '.join(MODULES)}"
        )
    module = import_module(MODULES[name])
    return Kind(name, module.STUDY, module.plan_of, getattr(module, "analyse", None), getattr(module, "run", None))


def plan_for(study: StudyBase) -> Plan:
    """Turn a study of any kind into a plan."""
    return kind_named(study.kind).plan_of(study)
