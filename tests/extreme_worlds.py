"""Random extreme but allowed worlds, simulated and looked over; run in a process whose engine checks every index.

`python extreme_worlds.py FIRST NUMBER` prints a JSON object: how many were simulated, how many the scenario's own
checks refused, and each fault with the world it came from.
"""

from __future__ import annotations

import json
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from mhsim.engine import Simulation
from mhsim.errors import InputError
from mhsim.outcomes.counts import living
from mhsim.outcomes.results import result_of
from mhsim.scenario import Scenario, parameter_rows, with_values
from mhsim.scenario_io.loader import read_scenario, shipped
from mhsim.schema import CLOSED, GROUP_COLUMNS, MEMBER, PEOPLE_COLUMNS, TIE_COLUMNS

RULE = Path(__file__).parents[1] / "experiments" / "bring-a-friend" / "scenario.yaml"
RECORDS = ("runs", "series", "lives", "story")
MOST_PEOPLE = 4000


def world_of(number: int) -> tuple[Scenario, int, str]:
    """Return a scenario, a replicate and what is recorded: every value within its range, many at an end of it.

    Raises
    ------
    pydantic.ValidationError
        If the values do not fit together.
    """
    chance = random.Random(number)
    rows = [row for row in parameter_rows() if row["path"] not in ("seed", "weeks", "weeks_per_step")]
    values: dict[str, Any] = {}
    for row in chance.sample(rows, chance.choice([3, 10, 40, len(rows)])):
        values[row["path"]] = extreme_value(row, chance)
    values["weeks"], values["seed"] = chance.choice([1, 2, 5, 20, 60]), chance.choice([0, 1, 2**53])
    values["weeks_per_step"] = chance.choice([1.0, 1.0, 1.0, 0.5])
    values["start.run_in_weeks"] = chance.choice([0, 1, 10, 52])
    values["community.count"] = chance.choice([1, 1, 1, 2, 3, 7])
    values["community.arrivals_per_week"] = chance.choice([0.0, 0.6, 5.0, 50.0, 200.0])
    groups, members = chance.choice([0, 1, 1, 2, 5, 30, 100]), chance.choice([0, 1, 2, 16, 50, 200])
    most = MOST_PEOPLE // (values["community.count"] * max(1, groups))
    values["start.groups"], values["start.members"] = groups, min(members, most)
    values["start.helpers"] = min(values["start.members"], chance.choice([0, 0, 1, 2, 16]))
    left = values["start.members"] - values["start.helpers"]
    values["start.apprentices"] = min(left, values.get("start.apprentices", 0))
    shape = read_scenario(chance.choice([*sorted(shipped()), str(RULE)]))
    if shape.forms:  # how many groups there are, is said by each form
        del values["start.groups"]
    scenario = with_values(shape, values)
    changes = [extreme_change(rows, values["weeks"], chance) for _ in range(chance.choice([0, 0, 1, 3]))]
    scenario = Scenario.model_validate(scenario.model_dump() | {"changes": changes})
    return scenario, chance.choice([0, 1, 2**31 - 1]), chance.choice(RECORDS)


def extreme_value(row: dict[str, Any], chance: random.Random) -> Any:
    """Return a value that a parameter may have, often one of the ends of its range."""
    if row["choices"]:
        return chance.choice(row["choices"])
    if isinstance(row["default"], bool):
        return chance.random() < 0.5
    low, high = row["low"], row["high"]
    spread = high - low
    value = chance.choice([low, high, low + spread * chance.random(), low + spread * chance.random() * 0.01])
    return int(value) if isinstance(row["default"], int) else float(value)


def extreme_change(rows: list[dict[str, Any]], weeks: int, chance: random.Random) -> dict[str, Any]:
    """Return something that happens in mid-life, in week 0 as often as in any other."""
    week = chance.choice([0, chance.randrange(weeks)])
    if chance.random() < 0.5:
        return {"week": week, "act": "lose_busiest_helpers", "count": chance.choice([1, 1000])}
    mechanisms = [row for row in rows if row["path"].split(".")[0] not in ("start", "community") and "." in row["path"]]
    return {"week": week, "set": {row["path"]: extreme_value(row, chance) for row in chance.sample(mechanisms, 5)}}


def faults_of(scenario: Scenario, replicate: int, record: str) -> list[str]:
    """Return what is wrong with one history, from its arrays, its tables and its summary."""
    simulation = Simulation(scenario, replicate, record=record)
    world = simulation.run_to_end()
    run = result_of(world, scenario, replicate, record)
    found = [name for name, value in run.summary.items() if isinstance(value, float) and not np.isfinite(value)]
    people, groups = living(world), world.groups[: world.meter["groups"][0]]
    for name, table, columns in (
        ("people", people, PEOPLE_COLUMNS),
        ("groups", groups, GROUP_COLUMNS),
        ("ties", world.ties[people["slot"]], TIE_COLUMNS),
    ):
        for column in columns:
            values = table[column.name]
            if column.kind.startswith("f") and not np.isfinite(values).all():
                found.append(f"{name}.{column.name} is not a number somewhere")
            if column.unit == "0-1" and ((values < 0.0) | (values > 1.0)).any():
                found.append(f"{name}.{column.name} lies between {values.min()} and {values.max()}")
    handles = world.handles["row"][people["slot"]]
    if len(people) != world.meter["people"][0] or len(np.unique(handles)) != len(people):
        found.append("two people have one row, or somebody was lost")
    if (world.people["slot"][handles] != people["slot"]).any():
        found.append("a handle leads to another person")
    if (groups["status"][people["group"][people["membership"] == MEMBER]] == CLOSED).any():
        found.append("somebody is a member of a closed group")
    if run.series is not None:
        for name in run.series.column_names:
            values = run.series[name].to_numpy(zero_copy_only=False)
            if not name.endswith("funds") and "funds" not in name and name != "week" and (values < 0).any():
                found.append(f"series.{name} is negative")
            if values.dtype.kind == "f" and np.isinf(values).any():
                found.append(f"series.{name} is infinite")
    return found


def looked_at(number: int) -> tuple[int, bool, list[str]]:
    """Return the number of a world, whether it was simulated, and what was wrong with it."""
    try:
        scenario, replicate, record = world_of(number)
    except ValidationError:
        return number, False, []
    try:
        return number, True, faults_of(scenario, replicate, record)
    except InputError:
        return number, False, []
    except Exception as error:
        return number, True, [f"{type(error).__name__}: {error}"]


def main(first: int, number: int) -> None:
    """Simulate so many worlds, on two processors, and print what was found."""
    with ThreadPoolExecutor(2) as pool:
        seen = list(pool.map(looked_at, range(first, first + number)))
    faults = {world: wrong for world, _, wrong in seen if wrong}
    print(json.dumps({"simulated": sum(lived for _, lived, _ in seen), "faults": faults}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
