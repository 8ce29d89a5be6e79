"""Numbers that sum up what is known of a group: the same from its record and from a simulated history.

Rates are logs of events and time at risk with half an event added, so that a record without any event has a number.
"""

from __future__ import annotations

import numpy as np

from mhsim.calibration.fitting.observed import Design, Numbers, Observed

TENURES = ((0.0, 2.0), (2.0, 13.0), (13.0, 52.0), (52.0, np.inf))
"""Bins of tenure in weeks, for the hazard of leaving of who joined within the record."""
TENURE_WORDS = ("first two weeks", "third week to third month", "fourth month to a year", "beyond a year")
YEAR, MONTH = 52.0, 4
LATEST = 8
"""Weeks at the end of a record that tell how the group stands."""
THIRDS = ("first", "second", "last")


def summaries(seen: Observed, design: Design) -> dict[str, float]:
    """Return the numbers that sum up what is known of a group over the weeks of a design, by name in plain words."""
    found: dict[str, float] = {}
    if "members" in design.kinds:
        found |= _of_members(seen.spells, design.weeks)
    if "attendance" in design.kinds:
        found |= _of_attendance(seen.present)
    if "newcomers" in design.kinds:
        found |= _of_newcomers(seen.newcomers, design)
    if "roles" in design.kinds:
        found |= _of_roles(seen.helping, design.weeks)
    return found


def _rate(events: float, at_risk: float) -> float:
    """Return the log of a yearly rate."""
    return float(np.log((events + 0.5) / (at_risk / YEAR + 0.5)))


def on_roll(spells: Numbers, weeks: int) -> Numbers:
    """Return how many are on the roll in each week."""
    time = np.arange(weeks)[:, None]
    found: Numbers = np.sum((spells[:, 0] <= time) & (spells[:, 1] > time), axis=1).astype(float)
    return found


def _left_between(spells: Numbers, weeks: int, low: float, high: float) -> tuple[float, float]:
    """Return how many left at a tenure between two, and the weeks people spent there."""
    begin, end = spells[:, 0], np.minimum(spells[:, 1], weeks)
    tenure = end - begin
    left = (spells[:, 1] < weeks) & (tenure >= low) & (tenure < high)
    spent = np.clip(tenure, low, high) - low + 0.5 * (left & (tenure == low))
    return float(left.sum()), float(spent.sum())


def _of_members(spells: Numbers, weeks: int) -> dict[str, float]:
    joiners, starters = spells[spells[:, 0] >= 0], spells[spells[:, 0] < 0]
    roll = on_roll(spells, weeks)
    third = weeks // 3
    found = {
        f"joining, {name} third": _rate(float(np.sum((joiners[:, 0] // third).clip(max=2) == k)), third)
        for k, name in enumerate(THIRDS)
    }
    for words, (low, high) in zip(TENURE_WORDS, TENURES, strict=True):
        if low < weeks:
            found[f"leaving, {words}"] = _rate(*_left_between(joiners, weeks, low, high))
    left = starters[:, 1] < weeks
    stayed = np.minimum(starters[:, 1], weeks)
    half = weeks / 2.0
    found["leaving, of the first members, first half"] = _rate(
        float(np.sum(left & (stayed < half))), float(np.minimum(stayed, half).sum())
    )
    found["leaving, of the first members, second half"] = _rate(
        float(np.sum(left & (stayed >= half))), float((stayed - half).clip(min=0).sum())
    )
    monthly = np.bincount((joiners[:, 0] // MONTH).astype(int), minlength=weeks // MONTH + 1)[: weeks // MONTH]
    found["joining, evenness"] = float(np.sqrt(monthly.var() / max(0.25, monthly.mean())))
    found["roll, mean"] = float(np.log(roll.mean() + 0.5))
    found["roll, at the end"] = float(np.log(roll[-1] + 0.5))
    return found


def _of_attendance(present: Numbers) -> dict[str, float]:
    parts = np.array_split(present, 3)
    found = {
        f"attendance, {name} third": float(np.log(np.nanmean(part) + 0.5)) if not np.isnan(part).all() else np.nan
        for name, part in zip(THIRDS, parts, strict=True)
    }
    there = present[~np.isnan(present)]
    found["attendance, latest"] = float(np.log(there[-LATEST:].mean() + 0.5))
    smooth = np.convolve(np.pad(there, MONTH, mode="edge"), np.ones(2 * MONTH + 1) / (2 * MONTH + 1), "valid")
    rest = there - smooth
    found["attendance, weekly ups and downs"] = float(np.log(rest.std() / np.sqrt(there.mean() + 0.5) + 0.1))
    found["attendance, size of swings"] = float(np.log(smooth.std() / (there.mean() + 0.5) + 0.02))
    change = np.diff(smooth)
    found["attendance, steadiness"] = float(np.log(change.std() / (smooth.std() + 0.1) + 0.02))
    found["attendance, lowest"] = float(np.log(smooth.min() + 0.5))
    return found


def _of_newcomers(newcomers: Numbers, design: Design) -> dict[str, float]:
    found = {}
    for name, part in zip(THIRDS, np.array_split(newcomers, 3), strict=True):
        noted = part[~np.isnan(part)]
        found[f"newcomers, {name} third"] = _rate(float(noted.sum()), float(len(noted)))
    return found


def _of_roles(helping: Numbers, weeks: int) -> dict[str, float]:
    helpers = on_roll(helping, weeks)
    begun = float(np.sum(helping[:, 0] >= 0))
    ended = float(np.sum(helping[:, 1] < weeks))
    return {
        "taking on helping": _rate(begun, float(weeks)),
        "giving up helping": _rate(ended, float(helpers.sum())),
        "helpers, mean": float(np.log(helpers.mean() + 0.5)),
        "helpers, at the end": float(np.log(helpers[-1] + 0.5)),
        "helpers, fewest": float(np.log(helpers.min() + 0.5)),
    }
