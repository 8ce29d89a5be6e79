"""What a person-week costs: member against outside, from a thousand to a million people, in time and in memory."""

from __future__ import annotations

from bench.figures import Figure, Measured, least_of, median_of, once
from bench.timing import Effort, apart, cpu_seconds
from bench.worlds import MEMBERS_ALONE, OUTSIDE_ALONE, changed
from mhsim.engine import run_world

SHARE = "a person outside against a member"
MEMBER, OUTSIDE = "a member", "a person outside"
MEMORY = "memory per living person, ties and snapshots included (slope of the peak)"
PEAK = "a million people, peak memory"
MILLION, MILLION_WALL = "a million people for 52 weeks, 1 thread, CPU", "a million people for 52 weeks, 1 thread, wall"
IN_PARTS = "cost per person-week, 1,000,000 people in parts against 1,000"
PARTS_PEAK = "a million people in parts, peak memory per living person"
SAME = "a million people in parts, 1 thread and 2: same bits (1 yes, 0 no)"
TWO = "a million people in parts for 156 weeks, 2 threads, wall"
GAIN = "a million people in parts, 2 threads against 1, wall"
SIZES = (10_000, 100_000, 1_000_000)


def flatness(size: int) -> str:
    """Return the name of the figure of the cost at one size."""
    return f"cost per person-week, {size:,} people against 1,000"


FIGURES = (
    Figure(SHARE, "times", at_most=0.25),
    Figure(MEMBER, "ns a week"),
    Figure(OUTSIDE, "ns a week"),
    *(Figure(flatness(size), "times", at_most=1.2) for size in SIZES),
    Figure(MEMORY, "bytes", at_most=640.0),
    Figure(PEAK, "MB"),
    Figure(MILLION, "s"),
    Figure(MILLION_WALL, "s"),
    Figure(IN_PARTS, "times", at_most=1.2),
    Figure(PARTS_PEAK, "bytes", at_most=640.0),
    Figure(SAME, "", at_least=1.0),
    Figure(TWO, "s"),
    Figure(GAIN, "times"),
)


def measure(effort: Effort) -> dict[str, Measured]:
    """Return the figures that the effort allows; those of a million people only in the full run."""
    found = members_and_outside(effort)
    return found | sizes(SIZES if effort.long else SIZES[:1]) if effort.name != "tiny" else found


def members_and_outside(effort: Effort) -> dict[str, Measured]:
    """Return what a week of each costs, in worlds of members alone and of people outside alone, in turn."""
    weeks = {"weeks": 8} if effort.name == "tiny" else {}
    worlds = {MEMBER: changed(MEMBERS_ALONE | weeks), OUTSIDE: changed(OUTSIDE_ALONE | weeks)}
    steps = {name: float(run_world(world, 1).tally["person_steps"][0]) for name, world in worlds.items()}
    costs: dict[str, list[float]] = {name: [] for name in worlds}
    for _ in range(2 * effort.rounds):
        for name, world in worlds.items():
            seconds = cpu_seconds(lambda world=world: run_world(world, 1))
            costs[name].append(1e9 * seconds / steps[name])
    shares = [outside / member for outside, member in zip(costs[OUTSIDE], costs[MEMBER], strict=True)]
    return {SHARE: median_of(shares), MEMBER: least_of(costs[MEMBER]), OUTSIDE: least_of(costs[OUTSIDE])}


def sizes(people: tuple[int, ...]) -> dict[str, Measured]:
    """Return cost and memory at several sizes, each in a process of its own, against 1,000 people in the same one."""
    small = apart("size", 1_000)
    found, largest = {}, small
    for size in people:
        largest = apart("size", size)
        found[flatness(size)] = median_of(largest["ratios"])
    slope = 1024.0 * (largest["peak"] - small["peak"]) / (largest["people"] - small["people"])
    if people[-1] != 1_000_000:
        return found
    found[MEMORY] = once(slope)
    found[PEAK] = once(largest["peak"] * 1024 / 1e6)
    found[MILLION], found[MILLION_WALL] = once(largest["cpu"]), once(largest["wall"])
    return found | in_parts()


def in_parts() -> dict[str, Measured]:
    """Return what a million people cost as `simulate` takes them, in parts, in one thread and in two."""
    found = apart("sharded", 1_000_000)
    return {
        IN_PARTS: median_of(found["ratios"]),
        PARTS_PEAK: once(1024.0 * found["peak"] / found["people"]),
        SAME: once(float(found["same"])),
        TWO: once(found["two"]),
        GAIN: once(found["one"] / found["two"]),
    }
