"""Three ways to add a rule: what "members bring a friend" adds to a week, as a loop, on columns and compiled."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from bench.figures import Figure, Measured, least_of
from bench.timing import Effort, cpu_seconds, in_turn
from bench.worlds import changed
from mhsim import warm
from mhsim.engine import Simulation
from mhsim.scenario import Scenario
from mhsim.scenario_io.loader import read_scenario

FOLDER = Path(__file__).resolve().parents[2] / "experiments" / "bring-a-friend"
PLAIN = "a week of a town of about 1,000 people without the rule"
LOOP = "the rule as a loop over agents adds to a week"
COLUMNS = "the rule on columns adds to a week"
COMPILED = "the compiled rule adds to a week"
FACE = "the Mesa model itself adds to a week"
FIRST = "compiling the rule, once in a process"
FIGURES = (
    Figure(PLAIN, "ms"),
    Figure(FACE, "ms"),
    Figure(LOOP, "ms"),
    Figure(COLUMNS, "ms"),
    Figure(COMPILED, "ms"),
    Figure(FIRST, "ms"),
)
TOWN = {"community.count": 4, "start.groups": 4, "start.run_in_weeks": 104, "community.arrivals_per_week": 2.0}


def measure(effort: Effort) -> dict[str, Measured]:
    """Return the figures: differences of the least times, each contender in its turn."""
    weeks = 4 if effort.name == "tiny" else 52
    town = {**TOWN, "weeks": 2 * weeks}
    plain, ruled = changed(town), read_scenario(FOLDER / "scenario.yaml", town)
    ways = three_ways()
    from mhsim.model import MutualHelpModel

    def model(kind: type[MutualHelpModel]) -> float:
        made = kind(plain, record="runs")
        return 1e3 * cpu_seconds(lambda: made.run_for(weeks)) / weeks

    def engine(scenario: Scenario) -> float:
        simulation = Simulation(scenario)
        simulation.open_groups()

        def live() -> None:
            for _ in range(weeks):
                simulation.run_until(simulation.step + 1)

        return 1e3 * cpu_seconds(live) / weeks

    warm()
    first = 1e3 * cpu_seconds(lambda: Simulation(ruled).run_until(1))
    taken = in_turn(
        {
            PLAIN: lambda: engine(plain),
            COMPILED: lambda: engine(ruled),
            FACE: lambda: model(MutualHelpModel),
            LOOP: lambda: model(ways.LoopOverAgents),
            COLUMNS: lambda: model(ways.OnColumns),
        },
        effort.rounds,
    )
    found = {PLAIN: least_of(taken[PLAIN]), FIRST: least_of([first])}
    for name, below in ((COMPILED, PLAIN), (FACE, PLAIN), (LOOP, FACE), (COLUMNS, FACE)):
        found[name] = least_of([mine - other for mine, other in zip(taken[name], taken[below], strict=True)])
    return found


def three_ways():  # type: ignore[no-untyped-def]
    """Return the module of the worked example."""
    sys.path.insert(0, str(FOLDER))
    try:
        return importlib.import_module("three_ways")
    finally:
        sys.path.remove(str(FOLDER))
