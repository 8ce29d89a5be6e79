"""A group's own record to a calibrated scenario: everything from the files to the folder of results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from mhsim.calibration.fitting.fit_folder import claim, write_fit
from mhsim.calibration.fitting.likenesses import AHEAD, PIECE, Likenesses, Setting, simulate_likenesses
from mhsim.calibration.fitting.observed import Observed, design_of, observed_in, window
from mhsim.calibration.fitting.outlook import outlook_of, what_ifs
from mhsim.calibration.fitting.posterior_sample import Nearest
from mhsim.calibration.fitting.prior import group_alone, posterior_rows
from mhsim.calibration.fitting.record import Record
from mhsim.calibration.fitting.summaries import LATEST, summaries
from mhsim.calibration.fitting.telling import mimicked, parameters_told, strangeness, summaries_told
from mhsim.calibration.fitting.trust import TRUTHS, trust_elsewhere, trust_in
from mhsim.errors import InputError
from mhsim.scenario import Scenario

FEWEST_OPEN = 600
"""Simulated groups that must still be open at the end of the record, for anything to be estimated."""
Progress = Callable[[int, int, int], None]


@dataclass(frozen=True)
class FitQuestion:
    """What is to be fitted, and how.

    Attributes
    ----------
    records : tuple of Record
        At most one of each kind.
    scenario : Scenario
        The form that the group is taken to be of.
    begin, end : date or None
        First day, and the day after the last; what the records speak of unless given.
    founded, came_once : bool
        Whether the group began with its record; whether the list of members holds who came a single time.
    histories, seed, jobs : int
        How many are simulated, with which seed, and how many side by side.
    check_coverage : int
        Synthetic groups unlike what was believed beforehand that take the record's place as well.
    """

    records: tuple[Record, ...]
    scenario: Scenario
    begin: date | None = None
    end: date | None = None
    founded: bool = False
    came_once: bool = True
    histories: int = 6000
    seed: int = 1
    jobs: int = 1
    check_coverage: int = 0


def fit_group(
    question: FitQuestion, folder: Path, *, resume: bool, progress: Callable[[str], Progress]
) -> dict[str, Any]:
    """Fit a group's record and write what was found into a folder.

    Parameters
    ----------
    question : FitQuestion
        What is to be fitted.
    folder : Path
        New or empty; or with `resume` one that holds part of the same fit.
    resume : bool
        Whether to go on with what it holds.
    progress : callable
        Given the name of a stage, what it calls with how many are done, of how many, and 0.

    Returns
    -------
    dict
        What `fit.json` holds.

    Raises
    ------
    InputError
        If records or scenario cannot be fitted, or the folder holds something else.
    """
    _check(question)
    first, last = window(question.records, question.begin, question.end, question.founded)
    seen = observed_in(question.records, first, last)
    design = design_of(question.records, seen, founded=question.founded, came_once=question.came_once)
    scenario = group_alone(question.scenario, design, design.weeks + AHEAD)
    rows = posterior_rows(question.scenario.form)
    setting = Setting(scenario, rows, design, question.seed)
    claim(setting, folder, resume)
    number = -(-question.histories // PIECE) * PIECE
    everything = simulate_likenesses(setting, number, folder, question.jobs, progress("histories"))
    found = everything.still_open
    if len(found.index) < FEWEST_OPEN:
        raise InputError(
            f"of {number} simulated groups {len(found.index)} were still open at the end of the record; {FEWEST_OPEN} "
            "are needed: ask for more with --histories, or for another --form"
        )
    found, numbers = _noted(found, seen, setting)
    near = found.table.nearest(numbers)
    told = {
        "about": _about(question, setting, first, number, len(found.index)),
        "group": _now(seen, found, near, setting),
        "parameters": parameters_told(question.scenario, found, near),
        "numbers": summaries_told(numbers, found, near),
        "months": mimicked(seen, design, found, near),
        "stranger": strangeness(near, found),
        "outlook": outlook_of(found, near),
        "what_ifs": what_ifs(setting, found, near, question.jobs, progress("what-ifs")),
        "trust": trust_in(found, question.seed, TRUTHS),
    }
    if question.check_coverage:
        told["elsewhere"] = trust_elsewhere(found, setting, question.check_coverage, progress("truths"))
    write_fit(told, setting, found, near, folder)
    return told


def _check(question: FitQuestion) -> None:
    kinds = [record.kind for record in question.records]
    twice = [kind for kind in kinds if kinds.count(kind) > 1]
    if twice:
        raise InputError(f"two files of {twice[0]} were given; allowed: one of each kind")
    if question.scenario.forms:
        raise InputError(f"{question.scenario.form} is a world of several forms; name the one form the group is of")
    if question.scenario.weeks_per_step != 1:
        raise InputError("weeks_per_step must be 1, since records are held against the model week by week")


def _noted(found: Likenesses, seen: Observed, setting: Setting) -> tuple[Likenesses, Any]:
    """Return the histories and the record with the numbers that the record has, all others left out."""
    numbers = np.array([summaries(seen, setting.design)[name] for name in found.names])
    kept = ~np.isnan(numbers)
    names = tuple(name for name, there in zip(found.names, kept, strict=True) if there)
    return replace(found, summaries=found.summaries[:, kept], names=names), numbers[kept]


def _about(question: FitQuestion, setting: Setting, first: date, number: int, still: int) -> dict[str, Any]:
    design = setting.design
    return {
        "form": question.scenario.form,
        "form_title": question.scenario.title,
        "first": first.isoformat(),
        "weeks": design.weeks,
        "kinds": list(design.kinds),
        "weeks_counted": int(sum(design.counted)),
        "spells": {record.kind: len(record.spells) for record in question.records if record.spells},
        "notes": [note for record in question.records for note in record.notes],
        "founded": design.founded,
        "came_once": design.came_once,
        "histories": number,
        "open": still,
        "seed": setting.seed,
        "prior": "posterior" if setting.rows else "values",
    }


def _now(seen: Observed, found: Likenesses, near: Nearest, setting: Setting) -> dict[str, Any]:
    """Return how the group stands at the end of the record: counted where noted, else as the nearest groups stand."""
    weeks, latest = setting.design.weeks, slice(setting.design.weeks - LATEST, setting.design.weeks)
    told: dict[str, Any] = {}
    for name, spells, kind in (("members", seen.spells, "members"), ("helpers", seen.helping, "roles")):
        noted = kind in setting.design.kinds
        simulated = getattr(found, name)[near.rows][:, weeks - 1].astype(float)
        middle = float(near.quantiles(simulated, (0.5,))[0])
        told[name] = {"noted": noted, "number": int(np.isinf(spells[:, 1]).sum()) if noted else round(middle)}
    there = seen.present[latest]
    told["present"] = None if np.isnan(there).all() else float(np.nanmean(there))
    still = seen.spells[np.isinf(seen.spells[:, 1])]
    told["tenure_weeks"] = float(np.mean(weeks - still[:, 0])) if len(still) else None
    return told
