"""Many runs: studies of 10,000 and 100,000 runs of a tiny group, their memory, a second job, the cost of a cluster."""

from __future__ import annotations

from importlib.util import find_spec

from bench.figures import Figure, Measured, median_of, once
from bench.timing import Effort, apart

FLAT = "peak memory of a study, 100,000 runs against 10,000"
PEAK = "peak memory of a study of 100,000 runs"
PER_RUN = "a run of a tiny group in a study, stored, 1 job, wall"
JOBS = "a study of many tiny runs, 2 jobs against 1, wall"
CLUSTER = "share of a worker's time that a Dask scheduler leaves without a run, batches of a second, wall"
FIGURES = (
    Figure(FLAT, "times", at_most=1.5),
    Figure(PEAK, "MB"),
    Figure(PER_RUN, "ms"),
    Figure(JOBS, "times"),
    Figure(CLUSTER, "", at_most=0.05),
)
KIB_PER_MB = 1024.0


def measure(effort: Effort) -> dict[str, Measured]:
    """Return the figures; memory only in the full run, and the shortest run says nothing about the bars."""
    runs = 200 if effort.name == "tiny" else 2_000
    one, two = apart("study", runs, 1), apart("study", runs, 2)
    found = {
        JOBS: once(one["seconds"] / two["seconds"]),
        PER_RUN: once(1e3 * one["seconds"] / runs),
    }
    if find_spec("distributed") and effort.name != "tiny":
        found[CLUSTER] = median_of(apart("through_scheduler", effort.rounds)["shares"])
    if effort.long:
        few, many = apart("study", 10_000, 2), apart("study", 100_000, 2)
        found[FLAT] = once(many["peak"] / few["peak"])
        found[PEAK] = once(many["peak"] / KIB_PER_MB)
    return found
