"""Small records made by hand, from which stories are told in the tests."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pyarrow as pa

from mhsim.scenario import Scenario, Start
from mhsim.schema import WHO_BITS, label
from mhsim.stories.records import TABLES, Chronicle, GroupRecord, Life

STARTER = 4095 << WHO_BITS
ANNA = (10 << WHO_BITS) | 1
"""Came into need in the tenth step of the run-in of ten weeks, so in week 0: 0-10-1."""
LIFE = {
    **{"community": 0, "starter": False, "arrived_week": 0.0, "resilience": "chronic", "ended": "none"},
    **{"membership": "outside", "stage": "impact", "role": "none", "group": -1, "last_group": -1},
    **{"joined_week": None, "first_contact_week": None, "helper_week": None, "left_week": None},
    **{"weeks_helping": 0.0, "meetings": 0, "help_given": 0, "help_received": 0, "crises": 0},
}
GROUP = {
    **{"community": 0, "parent": -1, "founded_week": 0.0, "closed_week": None, "status": "active", "reason": "open"},
    **{"circumstances": "", "roll": 0, "helpers": 0, "first_visits": 0, "helpers_made": 0, "helpers_lost": 0},
}
REASONED = ("left", "role_ended")
SCENARIO = Scenario(weeks=520, start=Start(groups=1, members=2, helpers=1, run_in_weeks=10))


def life(who: int, **values: Any) -> dict[str, Any]:
    """Return one row of the table of lives; what is not said is that of somebody who never came."""
    return {**LIFE, "person": label(0, who), "who": who, **values}


def starter(index: int, **values: Any) -> dict[str, Any]:
    """Return the life of one who was there at the opening, for 30 weeks already."""
    usual = {"starter": True, "arrived_week": -30.0, "joined_week": -30.0, "membership": "member", "group": 0}
    return life(STARTER | index, **{**usual, "role": "helper" if index == 0 else "member", "meetings": 15, **values})


def event(
    week: float,
    kind: str,
    who: int,
    *,
    other: int = 0,
    value: int = 0,
    reason: str | None = None,
    group: int = 0,
    stage: str = "impact",
    role: str = "none",
) -> dict:
    """Return one row of the event log; unless said it is that of a member of group 0 in impact."""
    row = {"week": week, "kind": kind, "community": 0, "who": who, "other": other, "value": value, "reason": reason}
    return row | {"group": group, "stage": stage, "role": role}


def record(
    events: list[dict],
    lives: list[dict],
    groups: list[dict] | None = None,
    *,
    week: float = 100.0,
    scenario: Scenario = SCENARIO,
) -> Chronicle:
    """Return a chronicle of these events, lives and groups (one open group unless given)."""
    rows = groups if groups is not None else [{}]
    filled = [{**GROUP, "group": number, **row} for number, row in enumerate(rows)]
    log = {name: [row[name] for row in events] for name in event(0, "", 0)}
    kinds = {"who": pa.uint32(), "other": pa.uint32(), "week": pa.float64(), "value": pa.int32(), "group": pa.int32()}
    table = pa.table({name: pa.array(column, kinds.get(name)) for name, column in log.items()})
    people = pa.table({f.name: [row[f.name] for row in lives] for f in fields(Life)})
    circles = pa.table(
        {f.name: [row[f.name] for row in filled] for f in fields(GroupRecord) if f.name in TABLES["groups"]}
    )
    return Chronicle(scenario, week, table, people, circles)
