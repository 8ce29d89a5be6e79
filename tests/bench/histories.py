"""Many histories: an ensemble of base on two threads, and what the same seed is worth when two worlds are compared."""

from __future__ import annotations

from statistics import variance

from bench.figures import Figure, Measured, least_of, median_of, once
from bench.timing import Effort, in_turn, wall_seconds
from bench.worlds import changed
from mhsim import ensemble
from mhsim.scenario import Scenario

MANY, FEW = "200 ten-year histories of base, 2 threads, warm, wall", "the first 20 of them, wall"
THREADS = "histories of base, 2 threads against 1, wall"
SAME_SEEDS = "variance of a difference of members at week 52, other seeds against the same seeds, 300 pairs"
FIGURES = (
    Figure(MANY, "s", at_most=2.0),
    Figure(FEW, "s", at_most=0.2),
    Figure(THREADS, "times"),
    Figure(SAME_SEEDS, "times", at_least=10.0),
)


def measure(effort: Effort) -> dict[str, Measured]:
    """Return the figures; in the shortest run with fewer histories, which says nothing about the bars."""
    shorter = effort.name == "tiny"
    scenario = changed({"weeks": 4}) if shorter else Scenario()
    pairs = {"two": lambda: seconds(scenario, 40, 2), "one": lambda: seconds(scenario, 40, 1)}
    taken = in_turn(pairs, effort.rounds)
    ratios = [one / two for one, two in zip(taken["one"], taken["two"], strict=True)]
    found = {THREADS: median_of(ratios)}
    worth = worth_of_same_luck(10 if shorter else 300)
    if worth is not None:
        found[SAME_SEEDS] = once(worth)
    found[FEW] = least_of([seconds(scenario, 20, 2) for _ in range(effort.rounds)])
    if effort.rounds > 1:
        found[MANY] = least_of([seconds(scenario, 200, 2) for _ in range(effort.rounds)])
    return found


def seconds(scenario: Scenario, number: int, jobs: int) -> float:
    """Return the seconds by the clock on the wall of so many histories."""
    return wall_seconds(lambda: list(ensemble(scenario, range(number), jobs=jobs)))


def worth_of_same_luck(pairs: int) -> float | None:
    """Return by how much the variance of a difference shrinks with the same seeds; None if it vanishes altogether."""
    members = {
        turnover: [
            float(str(run.summary["members_at_end"]))
            for run in ensemble(changed({"weeks": 52, "serve.turnover_per_year": turnover}), range(pairs + 1))
        ]
        for turnover in (0.2, 0.3)
    }
    low, high = members[0.2], members[0.3]
    same = variance([low[k] - high[k] for k in range(pairs)])
    other = variance([low[k] - high[k + 1] for k in range(pairs)])
    return other / same if same > 0.0 else None
