"""Simulation-based calibration: whether 95 % intervals hold the truth in 95 of 100 cases where the truth is known.

Each point of the design is taken for the truth once (Talts et al. 2018). Its own runs, with the error of the facts
added by chance, are what a study found; the emulators are those of the points outside of its tenth of the design, so
that nothing of the truth is in them; and the posterior is worked out as for the facts. The weight below the truth must
then be even from 0 to 1 for every parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mhsim.calibration.calibration_file import Numbers
from mhsim.calibration.emulator import Emulator, one_thread
from mhsim.calibration.fact_targets import TO
from mhsim.calibration.inference import (
    errors_together,
    even_places,
    improved,
    likelihood_of,
    log_likelihood,
)
from mhsim.calibration.runs import Rows
from mhsim.stats import Estimate, evenness, proportion

FOLDS, BINS = 10, 10
SEED = 20_141_131


@dataclass(frozen=True)
class Coverage:
    """Where truths lie in their posteriors.

    Attributes
    ----------
    below : array, shape (truths, parameters)
        Weight of the posterior below the truth.
    left : array, shape (truths, parameters)
        Variance of the posterior over that of the prior.
    effective : array, shape (truths,)
        How many equal weights each posterior is worth.
    """

    below: Numbers
    left: Numbers
    effective: Numbers

    def covered(self) -> Numbers:
        """Return the share of truths in their 95 % intervals, for each parameter."""
        return np.asarray(np.mean((self.below >= 0.025) & (self.below <= 0.975), axis=0))

    def interval(self, parameter: int) -> Estimate:
        """Return that share for one parameter with its own interval."""
        return proportion(round(float(self.covered()[parameter]) * len(self.below)), len(self.below))

    def evenness(self) -> Numbers:
        """Return, for each parameter, how often ranks would be as uneven by chance (chi-square, ten bins)."""
        return np.array([evenness(np.histogram(column, BINS, (0.0, 1.0))[0]) for column in self.below.T])


def coverage_of(
    made: Sequence[Emulator],
    rows: Rows,
    truths: int,
    *,
    rounds: int = 4,
    each: int = 800,
    progress: Callable[[int, int, int], None] = lambda done, total, failed: None,
) -> Coverage:
    """Return how posteriors of synthetic truths fare.

    Parameters
    ----------
    made : sequence of Emulator
        Of all points.
    rows : Rows
        The design; its first points are the truths.
    truths : int
        How many; at most as many as there are points.
    """
    parameters = rows.places.shape[1]
    chance = np.random.default_rng(SEED)
    truths = min(truths, len(rows.places))
    fold_of = np.arange(len(rows.places)) % FOLDS
    start = even_places(parameters, 2048, SEED)
    below, left, effective = np.zeros((truths, parameters)), np.zeros((truths, parameters)), np.zeros(truths)
    done = 0
    together = errors_together(made)
    for fold in range(FOLDS):
        kept = [one.without(np.flatnonzero(fold_of == fold)) for one in made]
        there = [one.at(start) for one in kept]
        mean = np.column_stack([one[0] for one in there])
        variance = np.column_stack([one[1] + two.noise_at(start) for one, two in zip(there, kept, strict=True)])
        for truth in np.flatnonzero(fold_of[:truths] == fold):
            findings = _findings(made, rows, int(truth), chance)
            seen = [k for k, found in enumerate(findings) if found is not None]
            some, alike, found = [kept[k] for k in seen], together[np.ix_(seen, seen)], [findings[k] for k in seen]
            likely = log_likelihood([one.target for one in some], mean[:, seen], variance[:, seen], alike, found)
            of = likelihood_of(some, alike, found, 1.0)
            with one_thread():
                posterior = improved(of, start, likely, rounds=rounds, each=each, seed=SEED + int(truth))
            below[truth] = posterior.below(rows.places[truth])
            left[truth] = np.diag(posterior.moments()[1]) * 12.0
            effective[truth] = posterior.effective
            done += 1
            progress(done, truths, 0)
    return Coverage(below, left, effective)


def _findings(made: Sequence[Emulator], rows: Rows, truth: int, chance: np.random.Generator) -> list[float | None]:
    """Return what a study would find at a truth, for each target, on its scale; None where there was no case."""
    findings: list[float | None] = []
    for one in made:
        value = TO[one.target.scale](rows.found[truth, column_of(one, rows)])
        findings.append(one.target.finding(float(value), chance) if np.isfinite(value) else None)
    return findings


def column_of(one: Emulator, rows: Rows) -> int:
    """Return which column of the design an emulator stands for."""
    return rows.keys.index(one.target.key)
