"""Where the time of a step goes, mechanism by mechanism, in nanoseconds per member-week and per week outside.

A real world of base is copied again and again and taken through the first k phases of a step. What the k-th phase adds
is its cost, on the very state and with the very caches that it meets in a run. The depths take turns in many rounds,
and the mean of the quietest quarter of the rounds counts, so the phases add up to their sum. What a whole step takes
besides stands in the last rows and is not made to vanish: arrivals, counting the rolls, moving people, groups that
begin and end.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from statistics import fmean

import numpy as np

from bench.figures import Figure, Measured, least_of, once
from bench.part_of_week import MEMBER, OUTSIDE, go_through_groups, go_through_outside
from bench.timing import Effort, collector_off, cpu_seconds, in_turn
from bench.worlds import changed, person_weeks
from mhsim.engine import Simulation
from mhsim.engine.plugin_calls import NO_RULES
from mhsim.engine.world import World, settings_by_form
from mhsim.kernel_helpers import Clock
from mhsim.outcomes.counts import living
from mhsim.schema import MEMBERSHIPS

STEPS = 13
SUM_MEMBER, SUM_OUTSIDE = "a member's week, all of these", "a week outside, all of these"
SUM, WHOLE = "both, by how many there are of each", "a whole step, measured apart"
REST = "the rest: arrivals, rolls, moves, beginnings and ends of groups"


def member(phase: str) -> str:
    """Return the name of the figure of a phase of a member's week."""
    return f"a member's week: {phase}"


def outside(phase: str) -> str:
    """Return the name of the figure of a phase of a week outside."""
    return f"a week outside: {phase}"


FIGURES = (
    *(Figure(member(phase), "ns") for phase in MEMBER),
    Figure(SUM_MEMBER, "ns"),
    *(Figure(outside(phase), "ns") for phase in OUTSIDE),
    Figure(SUM_OUTSIDE, "ns"),
    Figure(SUM, "ns a person-week"),
    Figure(WHOLE, "ns a person-week"),
    Figure(REST, "ns a person-week"),
)


def measure(effort: Effort) -> dict[str, Measured]:
    """Return the table; not in the shortest run, since the phases are compiled a second time for it."""
    if effort.name == "tiny":
        return {}
    return table(communities=20, weeks=104, rounds=60 * effort.rounds)


def table(communities: int, weeks: int, rounds: int) -> dict[str, Measured]:
    """Return the table for a world of so many communities after so many weeks."""
    simulation = Simulation(changed({"community.count": communities, "weeks": weeks + STEPS}))
    simulation.run_until(simulation.opening + weeks)
    people = living(simulation.world)
    members = int((people["membership"] == MEMBERSHIPS.index("member")).sum())
    others = len(people) - members
    inside = quiet(depths(simulation, go_through_groups, len(MEMBER), rounds))
    at_large = quiet(depths(simulation, go_through_outside, len(OUTSIDE), rounds))
    found = {member(phase): between(inside[k], inside[k + 1], members) for k, phase in enumerate(MEMBER)}
    found |= {outside(phase): between(at_large[k], at_large[k + 1], others) for k, phase in enumerate(OUTSIDE)}
    found[SUM_MEMBER] = between(inside[0], inside[-1], members)
    found[SUM_OUTSIDE] = between(at_large[0], at_large[-1], others)
    share = members / len(people)
    found[SUM] = once(share * found[SUM_MEMBER].value + (1.0 - share) * found[SUM_OUTSIDE].value)
    found[WHOLE] = least_of(whole_steps(simulation, max(3, rounds // 10)))
    found[REST] = once(found[WHOLE].value - found[SUM].value)
    return found


def depths(simulation: Simulation, go: Callable[..., None], phases: int, rounds: int) -> list[list[float]]:
    """Return the CPU seconds of going through the first 0, 1, 2, ... phases, each of them so many times."""
    settings, key = settings_by_form(simulation.scenario), simulation.key
    clock = Clock(simulation.step, simulation.scenario.weeks_per_step, simulation.opening)
    world = copy_of(simulation.world)

    def once_through(depth: int) -> float:
        for table, original in zip(world, simulation.world, strict=True):
            np.copyto(table, original)
        began = time.process_time()
        go(world, settings, NO_RULES, key, clock, depth)
        return time.process_time() - began

    once_through(0)
    taken = in_turn({str(depth): partial(once_through, depth) for depth in range(phases + 1)}, rounds)
    return list(taken.values())


def quiet(seconds: list[list[float]]) -> list[list[float]]:
    """Return the quarter of the rounds that took least in all, for other work on a machine only ever adds time."""
    rounds = sorted(zip(*seconds, strict=True), key=sum)
    return [list(depth) for depth in zip(*rounds[: max(1, len(rounds) // 4)], strict=True)]


def between(one: list[float], other: list[float], people: int) -> Measured:
    """Return what lies between two depths in nanoseconds a person: the mean of the rounds, and their middle half."""
    by_round = sorted(1e9 * (after - before) / people for before, after in zip(one, other, strict=True))
    return Measured(fmean(by_round), by_round[len(by_round) // 4], by_round[3 * len(by_round) // 4])


def whole_steps(simulation: Simulation, rounds: int) -> list[float]:
    """Return nanoseconds a person-week of the engine over some steps, each time from the same world."""
    world, step, calls, taken = simulation.world, simulation.step, [], []
    with collector_off():
        for _ in range(rounds):
            simulation.world = copy_of(world)
            before = person_weeks(simulation)
            calls.append(cpu_seconds(lambda: simulation.run_until(step)))
            taken.append(cpu_seconds(lambda: simulation.run_until(step + STEPS)))
    lived = person_weeks(simulation) - before
    simulation.world = world
    return [1e9 * (seconds - min(calls)) / lived for seconds in taken]


def copy_of(world: World) -> World:
    """Return a copy of a world."""
    return World(*(table.copy() for table in world))
