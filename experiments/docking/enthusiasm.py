"""Limited enthusiasm: recruits are made by enthusiasts alone, and enthusiasm does not last.

A twin of the limited enthusiasm model (Hayward 1999, Mathematical modeling of church growth, Journal of Mathematical
Sociology 23(4), 255-292; 2002, Review of Religious Research 43(3), 218-241; churchmodel.org.uk). Shares of the people:

    U   outside          dU/dt = - (C / D) U A
    A   enthusiasts      dA/dt = g (C / D) U A - A / D
    B   other members    dB/dt = (1 - g) (C / D) U A + A / D

where an enthusiast would bring in C people while being one, were everybody outside, stays one for D weeks on average,
and g of the recruits become enthusiasts. ``R = g C`` is the reproduction potential. Enthusiasts become more only while
``R U > 1``: the threshold is ``R = 1 / U``. The second equation divided by the first gives who is left outside at last:

    log(U_0 / U_end) = R (U_0 - U_end) + C A_0

In small numbers the same is a chain of chances: an enthusiast is followed by a geometric number of others with mean
``R U``, so that a movement begun by `a` of them dies out with chance ``min(1, 1 / (R U)) ** a``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

Numbers = NDArray[np.float64]
BEFORE, AFTER = 0.4894, 0.5343
"""Members of the churches of Wales as shares of the people, 1904 and the end of 1905 (churchmodel.org.uk)."""


@dataclass(frozen=True)
class Movement:
    """What is assumed: C, g, D in weeks, and at first the shares outside and enthusiastic."""

    brought: float
    active: float = 1.0
    weeks: float = 1.0
    outside: float = 1.0 - BEFORE
    enthusiasts: float = 1e-3

    @property
    def reproduction(self) -> float:
        """Return the reproduction potential R."""
        return self.active * self.brought

    @property
    def threshold(self) -> float:
        """Return the reproduction potential above which enthusiasts become more at first."""
        return 1.0 / self.outside


def left_outside(movement: Movement) -> float:
    """Return the share that is never brought in, from the closed form."""

    def lacks(end: float) -> float:
        gained = movement.reproduction * (movement.outside - end) + movement.brought * movement.enthusiasts
        return np.log(movement.outside / end) - gained

    if lacks(movement.outside) >= 0:
        return movement.outside
    return float(brentq(lacks, 1e-12, movement.outside))


def implied(before: float, after: float, active: float = 1.0, enthusiasts: float = 0.0) -> float:
    """Return the people brought in, C, with which members grow from one share of the people to another."""
    outside, end = 1.0 - before, 1.0 - after
    return float(np.log(outside / end) / (active * (outside - end) + enthusiasts))


def first_enthusiasts(before: float, after: float, brought: float, active: float) -> float:
    """Return the share of enthusiasts at first with which members grow so far, given C and g."""
    outside, end = 1.0 - before, 1.0 - after
    return float(np.log(outside / end) / brought - active * (outside - end))


def course(movement: Movement, weeks: Numbers) -> Numbers:
    """Return the shares U, A and B at some weeks, shape (3, weeks)."""

    def change(_week: float, state: Numbers) -> Numbers:
        outside, enthusiasts, _ = state
        recruits = movement.brought / movement.weeks * outside * enthusiasts
        tired = enthusiasts / movement.weeks
        return np.array([-recruits, movement.active * recruits - tired, (1 - movement.active) * recruits + tired])

    others = 1.0 - movement.outside - movement.enthusiasts
    first = [movement.outside, movement.enthusiasts, others]
    found = solve_ivp(change, (0.0, float(weeks[-1])), first, t_eval=weeks, rtol=1e-9, atol=1e-12)
    return np.asarray(found.y)


def dies_out(movement: Movement, begun_by: int) -> float:
    """Return the chance that a movement begun by so many dies out in a large population, in closed form."""
    return float(min(1.0, 1.0 / (movement.reproduction * movement.outside)) ** begun_by)


def lots(movement: Movement, people: int, begun_by: int, runs: int, seed: int) -> Numbers:
    """Return how many are brought in, run by run, where each event falls to one person by lot.

    The next event is somebody brought in, in proportion to C U A, or somebody tiring, in proportion to A; time does not
    matter to how it ends.
    """
    luck = np.random.default_rng(seed)
    outside = np.full(runs, round(movement.outside * people))
    first = outside.copy()
    enthusiasts = np.full(runs, begun_by)
    while (going := np.flatnonzero(enthusiasts > 0)).size:
        pull = movement.brought * outside[going] / people
        recruits = luck.random(going.size) < pull / (pull + 1.0)
        keen = luck.random(going.size) < movement.active
        outside[going] -= recruits
        enthusiasts[going] += np.where(recruits, keen, -1)
    return (first - outside).astype(float)
