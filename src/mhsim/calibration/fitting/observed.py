"""What is known of a group by the week: of a real one from its record, of a simulated one from its history.

Both are cut to the same window and the same weeks without a count, so that they can be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from mhsim.calibration.fitting.record import Record, Spell
from mhsim.errors import InputError

Numbers = NDArray[np.float64]
FEWEST_WEEKS, MOST_WEEKS = 26, 1040
FIRST_WEEKS = 8
"""Weeks at the start of a record whose mean attendance tells how large the group was."""
QUIET_WEEKS = 13
"""So long may nobody leave at the beginning of a list of members that is complete."""
STILL = np.inf


@dataclass(frozen=True)
class Design:
    """What a simulated group must have in common with the recorded one: start, length, what was noted when.

    Attributes
    ----------
    weeks : int
        Length of the record.
    kinds : tuple of str
        Which records there are: "members", "attendance", "newcomers", "roles".
    counted : tuple of bool
        For each week, whether attendance was noted; all no without attendance.
    members, helpers : int or None
        On the roll, and helping, at the start; None where no record tells.
    present : float or None
        Mean attendance at the start, where noted.
    tenure_weeks : float or None
        Mean tenure of who was there at the start, where known.
    founded : bool
        Whether the group began with the record.
    came_once : bool
        Whether the list of members holds those who came a single time.
    """

    weeks: int
    kinds: tuple[str, ...]
    counted: tuple[bool, ...]
    members: int | None
    helpers: int | None
    present: float | None
    tenure_weeks: float | None
    founded: bool
    came_once: bool


@dataclass(frozen=True)
class Observed:
    """What is known of one group over the weeks of a design.

    Attributes
    ----------
    spells : ndarray, shape (members ever, 2)
        Weeks of joining and leaving; before 0 for who was there at the start, infinite for who still is.
    present, newcomers : ndarray, shape (weeks,)
        People there, and there for the first time; NaN in weeks without a count.
    helping : ndarray, shape (helpers ever, 2)
        Weeks of taking on and giving up the role of helper, likewise.
    """

    spells: Numbers
    present: Numbers
    newcomers: Numbers
    helping: Numbers


def window(records: Sequence[Record], begin: date | None, end: date | None, founded: bool) -> tuple[date, date]:
    """Return the first day, a Monday where there is attendance, and the day after the last one, of several records.

    A group that began with its record begins with the first day that it names. A list of members that notes nobody's
    leaving in the first weeks of the others is taken to be complete from their beginning on.

    Raises
    ------
    InputError
        If it is too short or too long.
    """
    first = begin or _beginning(records, founded)
    last = end or max(record.end for record in records)
    if any(record.kind == "attendance" for record in records):
        first += timedelta(-first.weekday())
    weeks = (last - first).days // 7
    if not FEWEST_WEEKS <= weeks <= MOST_WEEKS:
        raise InputError(
            f"the record goes from {first} to {last}, {weeks} weeks; allowed: {FEWEST_WEEKS} to {MOST_WEEKS} weeks "
            "(--from, --until)"
        )
    return first, first + timedelta(7 * weeks)


def _beginning(records: Sequence[Record], founded: bool) -> date:
    """Return the day from which all records are taken to be complete."""
    if founded:
        return min(record.earliest for record in records)
    others = [record.first for record in records if record.kind != "members"]
    complete = max(record.first for record in records)
    return max(others) if others and (complete - max(others)).days < 7 * QUIET_WEEKS else complete


def observed_in(records: Sequence[Record], first: date, last: date) -> Observed:
    """Return what records say of the weeks between two days."""
    weeks = (last - first).days // 7
    by_kind = {record.kind: record for record in records}
    present, newcomers = np.full(weeks, np.nan), np.full(weeks, np.nan)
    for count in by_kind["attendance"].counts if "attendance" in by_kind else ():
        week = (count.day - first).days // 7
        if 0 <= week < weeks:
            present[week] = count.present
            newcomers[week] = np.nan if count.newcomers is None else count.newcomers
    spells, helping = (
        _in_weeks(by_kind[kind].spells if kind in by_kind else (), first, weeks) for kind in ("members", "roles")
    )
    return Observed(spells, present, newcomers, helping)


def _in_weeks(spells: Sequence[Spell], first: date, weeks: int) -> Numbers:
    """Return spells in weeks since a day; those outside the window are left out, those beyond its end go on."""
    found = []
    for spell in spells:
        begin = (spell.begin - first).days // 7 if spell.begin > first else (spell.begin - first).days / 7 - 1e-9
        end = STILL if spell.end is None else float((spell.end - first).days // 7)
        if begin < weeks and (end >= 0 if begin >= 0 else end > 0):
            found.append((begin, STILL if end >= weeks else end))
    return np.array(found, float).reshape(-1, 2)


def design_of(records: Sequence[Record], seen: Observed, *, founded: bool, came_once: bool) -> Design:
    """Return what a simulated group must have in common with a record.

    Raises
    ------
    InputError
        If nobody was there at its start.
    """
    kinds = [record.kind for record in records]
    if "attendance" in kinds and np.mean(np.isnan(seen.newcomers)) < 0.5:
        kinds.append("newcomers")
    there = seen.spells[seen.spells[:, 0] < 0]
    counted = ~np.isnan(seen.present)
    if "attendance" in kinds and counted.sum() < FEWEST_WEEKS:
        raise InputError(f"attendance was noted in {counted.sum()} weeks; at least {FEWEST_WEEKS} are needed")
    if "members" in kinds and not len(there):
        raise InputError("nobody is a member on the first day of the record; begin it later with --from DAY")
    if kinds == ["roles"]:
        raise InputError("roles alone say too little of a group; give its members or its attendance as well")
    at_first = seen.present[counted][:FIRST_WEEKS]
    return Design(
        weeks=len(seen.present),
        kinds=tuple(kinds),
        counted=tuple(bool(noted) for noted in counted),
        members=len(there) if "members" in kinds else None,
        helpers=int(np.sum(seen.helping[:, 0] < 0)) if "roles" in kinds else None,
        present=max(1.0, float(at_first.mean())) if "attendance" in kinds else None,
        tenure_weeks=max(1.0, float(-there[:, 0].mean())) if "members" in kinds and not founded else None,
        founded=founded,
        came_once=came_once,
    )
