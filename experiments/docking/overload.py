"""Overload: tasks pile up on the most able of a team; who is overwhelmed drops out, and the load goes to the rest.

A twin of Casiraghi, Zingg and Schweitzer (2021), "The downside of heterogeneity", Entropy 23(12), 1677, written from
the equations of the paper (arXiv 2111.10648) and the rules of the authors' public model
(github.com/CodesByChris/task-assignment-adaptivity), without its code. Each of n members has

    x_i        tasks at hand, at first `first_tasks`
    theta_i    capacity, drawn from Normal(mean_capacity, sigma): the most tasks one can hold

and in each step, for all at once,

    handed on      of x_i tasks a hypergeometric number, on average x_i * x_i / theta_i: the busier, the more
    to whom        each to j with chance in proportion to theta_j * (1 + times i has handed a task to j before)
    done           of what is kept the share 1 - exp(-pace)
    new            one task for each active member, every `every` steps
    dropping out   whoever has x_i > theta_i: for good, all tasks handed on in the next step, none received any more

`balance` is the mean field of equal members: new tasks are done as fast as they come where ``x (1 - x / theta) = 1 /
(every (1 - exp(-pace)))``, which has no solution for a capacity under four times the right side: `least_capacity`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
PUBLISHED_STEPS = 22_711_060 / 25_000 - 1
"""Mean steps lived by 500 teams at each of 50 values of sigma from 0 to 22: rows of a table that the authors print."""
PRINTED_ENTROPY = (4.735544, 5.310306, 5.543291, 5.687215)
"""Entropy after steps 1 to 4 of the first run of that table, sigma 0."""
PRINTED_END = 4.729852
"""Entropy at the end of its last run, sigma 22, in which one of 30 had dropped out."""
SIGMAS = np.linspace(0.0, 22.0, 50)


@dataclass(frozen=True)
class Team:
    """What is assumed of a team; the values are those of the paper."""

    members: int = 30
    mean_capacity: float = 50.0
    sigma: float = 16.0
    pace: float = 0.01
    every: int = 10
    first_tasks: int = 15
    steps: int = 1000


@dataclass(frozen=True)
class Outcome:
    """What became of some teams: one entry for each.

    Attributes
    ----------
    failed : array, shape (teams,)
        Share of the members who dropped out.
    lived : array, shape (teams,)
        Steps until all had dropped out, or until the end.
    entropy : array, shape (teams,)
        Of the shares in which tasks went from each to each, in nats, at the end: low where the same paths are used.
    """

    failed: Numbers
    lived: Numbers
    entropy: Numbers


def least_capacity(team: Team) -> float:
    """Return the capacity under which equal members cannot keep up, whatever they hand on to one another."""
    return 4.0 / (team.every * (1.0 - np.exp(-team.pace)))


def balance(team: Team) -> float:
    """Return the tasks at hand at which equal members keep up; NaN under `least_capacity`."""
    room = 1.0 - least_capacity(team) / team.mean_capacity
    return team.mean_capacity / 2.0 * (1.0 - np.sqrt(room)) if room >= 0 else np.nan


def live(team: Team, teams: int, seed: int, keep: list[Numbers] | None = None) -> Outcome:
    """Return what becomes of so many teams; to `keep` the mean tasks at hand of the active are added each step."""
    luck = np.random.default_rng(seed)
    size = (teams, team.members)
    capacity = luck.normal(team.mean_capacity, team.sigma, size)
    tasks = np.full(size, float(team.first_tasks))
    active = tasks <= capacity
    handed = np.zeros((*size, team.members))
    lived = np.where(active.any(axis=1), team.steps, 0).astype(float)
    for step in range(1, team.steps + 1):
        there = np.flatnonzero(active.any(axis=1))
        if not len(there):
            break
        tasks[there] = _step(luck, team, tasks[there], capacity[there], active[there], handed, there)
        tasks[there] += active[there] if step % team.every == 0 else 0.0
        active[there] &= tasks[there] <= capacity[there]
        lived[there[~active[there].any(axis=1)]] = step
        if keep is not None:
            keep.append(np.array([tasks[k][active[k]].mean() if active[k].any() else np.nan for k in range(teams)]))
    return Outcome(1.0 - active.mean(axis=1), lived, entropy(handed))


def _step(
    luck: np.random.Generator,
    team: Team,
    tasks: Numbers,
    capacity: Numbers,
    active: NDArray[np.bool_],
    handed: Numbers,
    there: NDArray[np.intp],
) -> Numbers:
    """Return the tasks at hand after tasks were handed on and done; `handed` of the teams that are there grows."""
    whole = np.floor(tasks).astype(np.int64)
    room = np.where(active, capacity - whole, 0.0).astype(np.int64)
    passed = luck.hypergeometric(whole, np.maximum(room, 0), whole)
    alone = active & (active.sum(axis=1, keepdims=True) == 1)
    passed = np.where(alone, 0, passed)
    pull = (capacity * active)[:, None, :] * (handed[there] + 1.0)
    pull[:, np.arange(team.members), np.arange(team.members)] = 0.0
    given = _fall(luck, passed.ravel(), pull.reshape(-1, team.members)).reshape(pull.shape)
    handed[there] += given
    return (tasks - passed) * np.exp(-team.pace) + given.sum(axis=1)


def _fall(luck: np.random.Generator, tasks: NDArray[np.int64], pull: Numbers) -> NDArray[np.int64]:
    """Return how many of the tasks of each row fall to each column, by lot, in proportion to the pulls of its row."""
    rows, columns = pull.shape
    until = pull.cumsum(axis=1)
    until /= np.maximum(until[:, -1:], np.finfo(float).tiny)
    until += np.arange(rows)[:, None]
    whose = np.repeat(np.arange(rows), tasks)
    place = np.searchsorted(until.ravel(), whose + luck.random(len(whose)), side="right")
    place = np.minimum(place, whose * columns + columns - 1)
    return np.bincount(place, minlength=rows * columns).reshape(rows, columns)


def entropy(handed: Numbers) -> Numbers:
    """Return the entropy, in nats, of how often tasks went from each to each; 0 where none did."""
    flat = handed.reshape(len(handed), -1)
    shares = flat / np.maximum(flat.sum(axis=1, keepdims=True), 1.0)
    return -(shares * np.log(np.where(shares > 0, shares, 1.0))).sum(axis=1)


def along(team: Team, sigmas: Numbers, teams: int, seed: int) -> list[Outcome]:
    """Return what becomes of so many teams at each spread of capacities."""
    return [live(replace(team, sigma=float(sigma)), teams, seed + k) for k, sigma in enumerate(sigmas)]
