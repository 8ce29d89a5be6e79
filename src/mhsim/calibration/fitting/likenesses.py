"""Thousands of simulated groups that start as the recorded one did: made side by side, kept in pieces, gone on with."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from mhsim.calibration.fitting.history import History, history
from mhsim.calibration.fitting.observed import Design, Numbers
from mhsim.calibration.fitting.posterior_sample import Table
from mhsim.calibration.fitting.prior import drawn, learnable, with_draw
from mhsim.calibration.fitting.summaries import LATEST, MONTH, summaries
from mhsim.safe_files import open_checked, write_whole
from mhsim.scenario import Scenario, Value

AHEAD = 104
"""Weeks a group is followed beyond the end of its record."""
YEARS = (52, 104)
PIECE = 100
"""Histories kept in one file."""
FOLDER = "histories"
WEEKLY = ("members", "helpers", "present")
BY_HISTORY = ("index", "summaries", "values", "closed", *WEEKLY)
"""What is kept of each history."""
Progress = Callable[[int, int, int], None]


@dataclass(frozen=True)
class Setting:
    """What the histories are drawn from: a scenario of one group, the rows of its form's posterior, design and seed."""

    scenario: Scenario
    rows: list[dict[str, Value]]
    design: Design
    seed: int

    def draw(self, index: int) -> dict[str, Any]:
        """Return the values of one history, by address."""
        return drawn(self.scenario, self.rows, self.design, self.seed, index)

    def history(self, index: int, scenario: Scenario | None = None) -> History:
        """Return one history; `scenario` stands in the place of its own, such as one with a change to come."""
        values = self.draw(index)
        own = scenario or with_draw(self.scenario, values)
        return history(own, self.design, values, self.seed, index)


@dataclass(frozen=True, eq=False)
class Likenesses:
    """Simulated histories, one row each.

    Attributes
    ----------
    weeks : int
        Length of the record; histories go on for `AHEAD` weeks more.
    index : ndarray of int
        Which draw each was made from.
    summaries : ndarray, shape (histories, summaries)
        What a record would say, in the order of `names`.
    values : ndarray, shape (histories, parameters)
        Of the parameters a record may speak of, in the order of `learnable`.
    closed : ndarray
        Week of closing, infinite for none.
    members, helpers, present : ndarray, shape (histories, weeks + AHEAD)
        On the roll, helping and at the meeting.
    names : tuple of str
        Of the summaries.
    """

    weeks: int
    index: Numbers
    summaries: Numbers
    values: Numbers
    closed: Numbers
    members: Numbers
    helpers: Numbers
    present: Numbers
    names: tuple[str, ...]

    @cached_property
    def still_open(self) -> Likenesses:
        """Those whose group was open at the end of the record, as the recorded one is."""
        kept = self.closed >= self.weeks
        return replace(self, **{name: getattr(self, name)[kept] for name in BY_HISTORY})

    def open_after(self, weeks: int) -> Numbers:
        """Return 1 for each that is open so many weeks after the end of the record, else 0."""
        return (self.closed >= self.weeks + weeks).astype(float)

    def present_after(self, weeks: int) -> Numbers:
        """Return how many come to a meeting then, on average over the four weeks before; 0 once it has closed."""
        end = self.weeks + weeks
        found: Numbers = self.present[:, end - MONTH : end].mean(axis=1)
        return found

    @cached_property
    def table(self) -> Table:
        """What is estimated from: summaries, unknowns on their scales, and what lies ahead or stands open now."""
        unknowns = [one.on_scale(self.values[:, k]) for k, one in enumerate(learnable())]
        now = slice(self.weeks - LATEST, self.weeks)
        states = [np.log(np.asarray(rows)[:, now].mean(1) + 0.5) for rows in (self.members, self.helpers)]
        ahead = [self.open_after(weeks) for weeks in YEARS]
        ahead += [np.log(self.present_after(weeks) + 0.5) for weeks in YEARS]
        return Table(self.summaries, np.column_stack(unknowns), np.column_stack([*states, *ahead]))


def simulate_likenesses(setting: Setting, number: int, folder: Path, jobs: int, progress: Progress) -> Likenesses:
    """Return so many histories; pieces that the folder holds are read, the others are made and kept there."""
    pieces = range(0, number, PIECE)
    files = {first: folder / FOLDER / f"{first:06d}.npz" for first in pieces}
    missing = [first for first in pieces if not files[first].is_file()]
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    done = number - sum(min(PIECE, number - first) for first in missing)
    progress(done, number, 0)
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        coming = {pool.submit(_piece, setting, range(first, min(first + PIECE, number))): first for first in missing}
        try:
            for future in as_completed(coming):
                write_whole(files[coming[future]], future.result())
                done += min(PIECE, number - coming[future])
                progress(done, number, 0)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return _together([_read(files[first]) for first in pieces], setting.design.weeks)


def _piece(setting: Setting, indices: range) -> bytes:
    """Return some histories as the content of a file."""
    found = [setting.history(index) for index in indices]
    sums = [summaries(one.seen, setting.design) for one in found]
    draws = [setting.draw(index) for index in indices]
    weekly = {name: np.array([getattr(one, name) for one in found], np.uint16) for name in WEEKLY}
    kept: dict[str, Any] = {
        "index": np.array(indices, float),
        "summaries": np.array([list(each.values()) for each in sums]),
        "values": np.array([[float(values[one.path]) for one in learnable()] for values in draws]),
        "closed": np.array([one.closed for one in found]),
        "names": np.array(list(sums[0])),
        **weekly,
    }
    content = io.BytesIO()
    np.savez_compressed(content, **kept)
    return content.getvalue()


def _read(path: Path) -> dict[str, Any]:
    with open_checked(path) as file, np.load(file, allow_pickle=False) as kept:
        return {name: kept[name] for name in kept.files}


def _together(pieces: Sequence[dict[str, Any]], weeks: int) -> Likenesses:
    joined = {name: np.concatenate([piece[name] for piece in pieces]) for name in BY_HISTORY}
    return Likenesses(weeks=weeks, names=tuple(str(name) for name in pieces[0]["names"]), **joined)
