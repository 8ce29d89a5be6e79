"""What each kind of study has to show besides its runs: the short answer and the figures of its report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mhsim.dashboard.results.results_folder import Held, Opened
from mhsim.dashboard.results.runs import UNREADABLE, runs_of
from mhsim.errors import InputError
from mhsim.report.figures import Plate, kept_plates
from mhsim.report.study_data import Found
from mhsim.safe_files import StoreError

BY_AXIS = ("sweep", "compare", "tipping-point")
"""Kinds whose points lie along axes, so that curves and maps by axis mean something."""
WITH_CURVES = ("sweep", "compare")
"""Kinds whose analysis does not show how long groups lasted already."""
ANALYSED = ("compare", "knockout", "tipping-point", "sensitivity", "trial")
Parts = list[str]


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
    opened = held.opened
    names = [name for name in (measure, "weeks_to_closure", "closed") if name]
    found = runs_of(opened, names).found
    try:
        with kept_plates() as plates:
            parts = MAKERS[kind](found, opened, measure)
    except InputError:
        raise
    except (*UNREADABLE, AttributeError, StoreError, StopIteration) as problem:
        words = f"the analysis in this folder cannot be read: {str(problem).splitlines()[0] if str(problem) else kind}"
        raise InputError(words, opened.name) from None
    return Shown(tuple(part for part in parts if part), tuple(plates))


def outcomes_of(opened: Opened) -> tuple[str, ...]:
    """Return the outcomes between which the figures of a kind are chosen; none where all are shown."""
    return tuple(str(name) for name in opened.study.get("outcomes") or ()) if opened.kind == "sensitivity" else ()


def _compare(found: Found, opened: Opened, measure: str) -> Parts:
    from mhsim.report.compare.data import read_compared
    from mhsim.report.compare.page import answer, done_section, held_section, parting_section

    compared = read_compared(opened.folder, found)
    held = [held_section(compared, name, place) for place, name in enumerate(compared.names[1:])]
    return [answer(compared), done_section(compared), *held, parting_section(compared)]


def _knockout(found: Found, opened: Opened, measure: str) -> Parts:
    from mhsim.report.knockout.answer import answer
    from mhsim.report.knockout.sections import forms_section, pairs_section, ranking_section, shares_section
    from mhsim.report.knockout.tables import read_tables

    tables = read_tables(found, opened.folder)
    return [make(tables) for make in (answer, ranking_section, forms_section, pairs_section, shares_section)]


def _tipping(found: Found, opened: Opened, measure: str) -> Parts:
    from mhsim.report.tipping.page import (
        answer,
        critical_section,
        lasting_section,
        reproduction_section,
        starts_section,
    )
    from mhsim.studies.data import read_study
    from mhsim.studies.tipping.tables import SCHEMAS

    rows = {name: read_study(opened.folder).rows(name) for name in SCHEMAS}
    sections = (answer, critical_section, lasting_section, starts_section, reproduction_section)
    return [make(found, rows) for make in sections]


def _sensitivity(found: Found, opened: Opened, measure: str) -> Parts:
    from mhsim.report.sensitivity.page import answer, done_section, gaps_part, outcome_section
    from mhsim.report.sensitivity.ranking import read_analysis

    analysis = read_analysis(opened.folder, str(opened.study.get("method", "")))
    outcomes = [str(row["outcome"]) for row in analysis.outcomes]
    chosen = measure if measure in outcomes else outcomes[0]
    return [
        answer(analysis, outcomes),
        outcome_section(analysis, chosen),
        done_section(found, analysis),
        gaps_part(analysis),
    ]


def _trial(found: Found, opened: Opened, measure: str) -> Parts:
    from mhsim.report.trial.data import read_trial
    from mhsim.report.trial.page import answer, flow_section, side_by_side, weeks_section, why_section

    trial = read_trial(found, opened.folder)
    return [make(trial) for make in (answer, side_by_side, why_section, weeks_section, flow_section)]


MAKERS: dict[str, Callable[[Found, Opened, str], Any]] = {
    "compare": _compare,
    "knockout": _knockout,
    "tipping-point": _tipping,
    "sensitivity": _sensitivity,
    "trial": _trial,
}
