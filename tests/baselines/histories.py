"""The histories that are held to the bit: every form, record, kind of step and mechanism, each a second or less."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from mhsim import ensemble, simulate
from mhsim.engine import run_world
from mhsim.outcomes.counts import living
from mhsim.scenario import Scenario
from mhsim.scenario_io.loader import read_scenario, shipped

RULE = Path(__file__).parents[2] / "experiments" / "bring-a-friend" / "scenario.yaml"
HISTORIES: dict[str, tuple[str, dict[str, Any], str]] = {
    "base": ("base", {"weeks": 260}, "story"),
    "base, runs": ("base", {"weeks": 156, "seed": 2}, "runs"),
    "base, series": ("base", {"weeks": 156, "seed": 2}, "series"),
    "base, lives": ("base", {"weeks": 156, "seed": 2}, "lives"),
    "twelve_step": ("twelve_step", {"weeks": 104}, "story"),
    "bereavement_outreach": ("bereavement_outreach", {"weeks": 156}, "story"),
    "peer_participatory": ("peer_participatory", {"weeks": 156}, "story"),
    "two_forms_compete": ("two_forms_compete", {"weeks": 104}, "story"),
    "a new group": ("base", {"weeks": 156, "start.kind": "founding", "start.run_in_weeks": 10}, "story"),
    "no group, founding": ("base", {"weeks": 208, "start.groups": 0, "found.found_per_year": 3.0}, "story"),
    "growing tables": (
        "base",
        {"weeks": 52, "community.arrivals_per_week": 60.0, "start.run_in_weeks": 0, "found.split_hazard": 0.2},
        "lives",
    ),
    "half weeks": ("base", {"weeks": 104, "weeks_per_step": 0.5}, "story"),
    "three meetings a week": ("base", {"weeks": 104, "meetings_per_week": 3.0}, "lives"),
    "half weeks, odd meetings": ("base", {"weeks": 52, "weeks_per_step": 0.5, "meetings_per_week": 1.7}, "lives"),
    "five communities": (
        "base",
        {
            "weeks": 104,
            "community.count": 5,
            "start.groups": 2,
            "close.low_per_year": 20.0,
            "found.found_per_year": 1.0,
        },
        "story",
    ),
    "forty communities in parts": ("base", {"weeks": 30, "community.count": 40}, "lives"),
    "changes": (
        "base",
        {
            "weeks": 104,
            "changes": [
                {"week": 0, "set": {"community.stigma": 0.8}},
                {"week": 40, "set": {"serve.turnover_per_year": 4.0}},
            ],
        },
        "story",
    ),
    "acts": (
        "base",
        {
            "weeks": 78,
            "start.helpers": 6,
            "changes": [
                {"week": 0, "act": "lose_busiest_helpers", "count": 2},
                {"week": 30, "act": "lose_busiest_helpers"},
            ],
        },
        "story",
    ),
    "turnover, succession, terms": (
        "base",
        {"weeks": 156, "serve.turnover_per_year": 4.0, "serve.term_weeks": 26},
        "story",
    ),
    "neediest first, no informal help": (
        "base",
        {"weeks": 104, "help.policy": "neediest", "help.informal": 0.0, "bond.sponsors": True},
        "lives",
    ),
    "nothing but living": (
        "base",
        {"weeks": 104} | {f"{name}.enabled": False for name in ("arrive", "attend", "share", "help", "bond", "serve")},
        "lives",
    ),
    "a rule of one's own": (str(RULE), {"weeks": 60}, "story"),
}
"""Name: scenario, other values, what is recorded. Replicate 0; the first runs besides with replicates 1 and 2."""
FORMS_HELD = {form for form, _, _ in HISTORIES.values()}
HISTORIES |= {form: (form, {"weeks": 52}, "lives") for form in shipped() if form not in FORMS_HELD}
"""And every other shipped form, a year of it."""

INTERNAL = {"slot", "helped_by", "with_room", "other", "generation", "fill"}
"""Columns that say where something lies in memory, or fill it, which no result depends on."""


def tables_of_history(name: str) -> dict[str, dict[str, list[Any]]]:
    """Return every table of a history, by name of table and column: what is recorded, and the world at its end."""
    form, values, record = HISTORIES[name]
    scenario = read_scenario(form, {path: value for path, value in values.items() if path != "changes"})
    scenario = Scenario.model_validate(scenario.model_dump() | {"changes": values.get("changes", [])})
    run = simulate(scenario, 0, record=record)
    found: dict[str, dict[str, list[Any]]] = {"summary": {key: [value] for key, value in run.summary.items()}}
    for table in ("series", "lives", "groups", "events"):
        if getattr(run, table) is not None:
            found[table] = getattr(run, table).to_pydict()
    if scenario.community.count <= 16:
        world = run_world(scenario, 0)
        people = living(world)
        arrays = {"people": people, "ties": world.ties[people["slot"]].ravel(), "tally": world.tally}
        arrays |= {"history": world.history, "group states": world.groups[: world.meter["groups"][0]]}
        found |= {f"world {key}": columns_of(array) for key, array in arrays.items()}
    if name == "base":
        for number, other in enumerate(ensemble(scenario, (1, 2), jobs=2), 1):
            found[f"summary of replicate {number}"] = {key: [value] for key, value in other.summary.items()}
    return found


def columns_of(array: np.ndarray) -> dict[str, list[Any]]:
    """Return the columns of a record array, without those that say where something lies in memory."""
    return {key: array[key].tolist() for key in array.dtype.names or () if key not in INTERNAL}
