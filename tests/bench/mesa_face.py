"""What the Mesa face costs: ``python tests/bench/mesa_face.py``; best of several, CPU time.

Ratios within one run are worth more than the numbers themselves.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from time import process_time

import mesa

from mhsim.model import DataCollector, MutualHelpModel

REPORTERS = {name: name for name in ("hope", "self_efficacy", "distress", "stage", "role", "membership")}


def best(work: Callable[[], object], times: int = 5) -> float:
    """Return the least CPU time of several goes, in milliseconds."""
    taken = []
    for _ in range(times):
        began = process_time()
        work()
        taken.append(1000.0 * (process_time() - began))
    return min(taken)


def pairs(one: Callable[[], object], other: Callable[[], object], times: int = 5) -> list[tuple[float, float]]:
    """Return the CPU times of two goes in turn, in milliseconds."""
    return [(best(one, 1), best(other, 1)) for _ in range(times)]


def steps(model: MutualHelpModel, bare: bool) -> Callable[[], None]:
    """Return twenty steps of the model, or of the engine's history under it."""
    simulation = model.simulation

    def go() -> None:
        for _ in range(20):
            if bare:
                simulation.run_until(simulation.step + 1)
            else:
                model.step()

    return go


def main() -> None:
    """Print the costs."""
    for name, rate in (("one group", 0.6), ("about 5,000 people", 45.0)):
        model = MutualHelpModel(community__arrivals_per_week=rate, record="series", arrive__room=5000)
        model.run_for(60)
        twin = copy.deepcopy(model)
        bare, face = (min(both) / 20 for both in zip(*pairs(steps(twin, True), steps(model, False)), strict=True))
        print(f"{name}, {len(model.people)} people: a step of the history {bare:.2f} ms, of the model {face:.2f} ms")
    theirs, ours = mesa.DataCollector(agent_reporters=REPORTERS), DataCollector(agent_reporters=REPORTERS)
    slow, fast = best(lambda: theirs.collect(model)), best(lambda: ours.collect(model))
    print(f"collecting six columns: Mesa's collector {slow:.1f} ms, by columns {fast:.1f} ms, {slow / fast:.0f} times")
    people = model.people
    print(f"mean hope: {best(lambda: people.agg('hope', sum)):.2f} ms; the same through views: ", end="")
    print(f"{best(lambda: sum(person.hope for person in people)):.1f} ms")
    print(f"a frame of people {best(model.frame):.1f} ms, the network {best(model.network, 2):.0f} ms")


if __name__ == "__main__":
    main()
