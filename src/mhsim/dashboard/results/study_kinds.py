"""What each kind of study has to show besides its runs: the short answer and the figures of its report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

from mhsim.dashboard.results.results_folder import Held, Opened
from mhsim.dashboard.results.runs import runs_of
from mhsim.report.figures import Plate, kept_plates
from mhsim.studies.registry import KINDS

ANALYSED = tuple(kind.name for kind in KINDS.values() if kind.tables)
"""Kinds whose runs are analysed."""
BY_AXIS = tuple(kind.name for kind in KINDS.values() if kind.along_axes)
"""Kinds whose points lie along axes, so that curves and maps by axis mean something."""
WITH_CURVES = ("sweep", "compare")
"""Kinds whose analysis does not show how long groups lasted already."""


@dataclass(frozen=True)
class Shown:
    """Parts of a report as HTML that we made, and the figures in them, in order."""

    parts: tuple[str, ...]
    plates: tuple[Plate, ...]


def analysis_of(opened: Opened, measure: str) -> Shown:
    """Return what the analysis of a study has to show; some kinds show one measure at a time.

    Raises
    ------
    InputError
        If the analysis is missing or cannot be read; one line.
    """
    return _analysis(opened.stamp, opened.kind, measure, Held(opened))


@lru_cache(maxsize=24)
def _analysis(stamp: tuple[str, int], kind: str, measure: str, held: Held) -> Shown:
    del stamp
    data = runs_of(held.opened).found
    with kept_plates() as plates:
        parts = import_module(f"mhsim.report.{kind.replace('-', '_')}.page").parts(data, measure)
    return Shown(tuple(part for part in parts if part), tuple(plates))


def outcomes_of(opened: Opened) -> tuple[str, ...]:
    """Return the outcomes between which the figures of a kind are chosen; none where all are shown."""
    return tuple(str(name) for name in opened.study.get("outcomes") or ()) if opened.kind == "sensitivity" else ()
