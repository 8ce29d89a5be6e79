"""Weekly series of each group of a recording, and of the people of its community who are in no group."""

from __future__ import annotations

import numpy as np

from mhsim.dashboard.replay.recording import Recording
from mhsim.schema import HELPER, ORGANISER

PER_GROUP = ("members", "helpers", "organisers", "attended", "newcomers", "hope", "self_efficacy", "requests", "unmet")
"""Counts, and for hope and self-efficacy the sum over members, so that groups can be added up."""


def series_of(recording: Recording, groups: int) -> np.ndarray:
    """Return counts and sums by series, group and step, shape (len(PER_GROUP), groups, steps + 1)."""
    members, steps = recording.weeks.members, recording.last + 1
    place = np.zeros(len(recording.groups), np.int64)
    place[recording.own_groups] = np.arange(groups)
    cell = place[members["group"]] * steps + members["step"]
    new = _first_visits(recording)
    weights = (
        np.ones(len(members)),
        members["role"] == HELPER,
        members["role"] == ORGANISER,
        members["attended"],
        new,
        members["hope"],
        members["self_efficacy"],
    )
    found = np.zeros((len(PER_GROUP), groups, steps))
    for row, weight in enumerate(weights):
        found[row] = np.bincount(cell, weights=weight, minlength=groups * steps).reshape(groups, steps)
    asked = recording.asked
    at = place[asked["group"]] * steps + asked["step"]
    for row, name in ((-2, "requests"), (-1, "requests_unmet")):
        found[row] = np.bincount(at, weights=asked[name], minlength=groups * steps).reshape(groups, steps)
    _forget_closed(recording, found)
    return found


def _first_visits(recording: Recording) -> np.ndarray:
    """Tell which rows of members are first visits: a first meeting after the opening, of somebody who came then."""
    weeks, members = recording.weeks, recording.weeks.members
    met = weeks.people["group"] >= 0
    first: np.ndarray = (
        (members["attended"] == 1) & (weeks.people["meetings"][met] == 0) & (members["step"] < recording.last)
    )
    return first


def _forget_closed(recording: Recording, found: np.ndarray) -> None:
    """Take requests of closed groups out: their last row stands in the table for ever."""
    for place, number in enumerate(recording.own_groups):
        closed = recording.closed_step(number)
        if closed is not None:
            found[-2:, place, closed + 1 :] = 0.0


def outside_of(recording: Recording) -> np.ndarray:
    """Return how many people of the community were in need and in no group at the start of each step."""
    outside = recording.weeks.people["group"] < 0
    counts: np.ndarray = np.bincount(recording.weeks.step[outside], minlength=recording.last + 1)
    return counts
