"""Replicates of a form that facts are held against, with the worlds they are compared with, each simulated once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

import mhsim
from mhsim.scenario import Scenario, with_values
from mhsim.stats import Estimate, counts, percentiles

Numbers = NDArray[np.float64]
Lives = dict[str, Any]
WITHOUT_GROUPS = {"start.groups": 0, "start.members": 0, "start.helpers": 0, "found.found_per_year": 0.0}


class ReplicateSample:
    """Replicates of one scenario, with everybody's life.

    Attributes
    ----------
    scenario : Scenario
        The form, with the changes that the check asks for.
    replicates : int
        How many.
    jobs : int
        Runs side by side.
    first : int
        Number of the first of them.
    """

    def __init__(self, scenario: Scenario, replicates: int, jobs: int = 2, first: int = 0) -> None:
        self.scenario, self.replicates, self.jobs, self.first = scenario, replicates, jobs, first
        self._others: dict[tuple[tuple[str, Any], ...], ReplicateSample] = {}

    @cached_property
    def _runs(self) -> list[tuple[dict[str, Any], Lives, Lives]]:
        """Summary and extra counts, lives and groups of each run, by replicate; the rest of a run is let go."""

        def one(replicate: int) -> tuple[dict[str, Any], Lives, Lives]:
            run = mhsim.simulate(self.scenario, replicate, record="lives")
            return run.summary | run.extra, _columns(run.lives), _columns(run.groups)

        with ThreadPoolExecutor(self.jobs) as pool:
            return list(pool.map(one, range(self.first, self.first + self.replicates)))

    def under(self, values: Mapping[str, Any]) -> ReplicateSample:
        """Return the same replicates, under the same chance events, with other values."""
        key = tuple(sorted(values.items()))
        if key not in self._others:
            scenario = with_values(self.scenario, dict(values))
            self._others[key] = ReplicateSample(scenario, self.replicates, self.jobs, self.first)
        return self._others[key]

    @property
    def without(self) -> ReplicateSample:
        """The same replicates in a world without any group."""
        return self.under(WITHOUT_GROUPS)

    @property
    def lives(self) -> list[Lives]:
        """Everybody's life in each run, by column; numbers as float with NaN for what never was, names as text."""
        return [lives for _, lives, _ in self._runs]

    @property
    def groups(self) -> list[Lives]:
        """Every group of each run, by column."""
        return [groups for _, _, groups in self._runs]

    @property
    def weeks(self) -> float:
        """Length of the runs in weeks."""
        return float(self.scenario.weeks)

    def measure(self, name: str) -> Numbers:
        """Return one measure of each run, shape (replicates,); NaN where there is no case."""
        values = [summary[name] for summary, _, _ in self._runs]
        return np.array([np.nan if value is None else float(value) for value in values])  # type: ignore[arg-type]

    def extra(self, name: str) -> Numbers:
        """Return what runs count beside their measures (`mhsim.outcomes.results.Run.extra`), a row for each."""
        return np.array([summary[name] for summary, _, _ in self._runs], float)

    def pairs(self, other: ReplicateSample) -> Iterator[tuple[Lives, Lives]]:
        """Yield, by replicate, the lives of those who live in both worlds and came into need after the opening."""
        for one, two in zip(self.lives, other.lives, strict=True):
            mine, theirs = (_key(lives) for lives in (one, two))
            both = np.intersect1d(mine, theirs)
            yield _rows(one, mine, both), _rows(two, theirs, both)


def _columns(table: Any) -> Lives:
    """Return a table by column, without the label of the person; equal texts are one object."""
    found = {}
    for name in table.column_names:
        if name == "person":
            continue
        values = table[name].to_numpy()
        found[name] = values.astype(float) if values.dtype != object else _texts(table[name])
    return found


def _texts(column: Any) -> NDArray[Any]:
    words = pa.concat_arrays(column.chunks).dictionary_encode()
    names = np.array([*words.dictionary.to_pylist(), None], dtype=object)
    codes = words.indices.fill_null(len(names) - 1).to_numpy(zero_copy_only=False)
    texts: NDArray[Any] = names[codes]
    return texts


def _key(lives: Lives) -> NDArray[np.int64]:
    """Return an identity per life; -1 for starters and for those who came into need before the opening."""
    key = lives["community"].astype(np.int64) << 32 | lives["who"].astype(np.int64)
    return np.where((lives["starter"] == 1.0) | (lives["arrived_week"] < 0), -1, key)


def _rows(lives: Lives, key: NDArray[np.int64], wanted: NDArray[np.int64]) -> Lives:
    wanted = wanted[wanted >= 0]
    order = np.argsort(key, kind="stable")
    at = order[np.searchsorted(key[order], wanted)]
    return {name: values[at] for name, values in lives.items()}


def pooled(rows: Numbers, of: Any) -> Estimate:
    """Return an estimate made of sums over replicates, with an interval by resampling replicates.

    Parameters
    ----------
    rows : array, shape (replicates, sums)
        What each replicate adds.
    of : callable
        From sums, shape (sums, ...), to the number.
    """
    drawn = counts(len(rows)) @ np.nan_to_num(rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.asarray(of(drawn.T), float)
    low, high = percentiles(values[1:])
    return Estimate(float(values[0]), low, high, len(rows))
