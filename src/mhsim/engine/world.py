"""A world in memory: all arrays of one run, how they are made and how they grow."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mhsim.core.blocks import BLOCKS, grown, rows_needed
from mhsim.core.params import record_of
from mhsim.engine.tally import HISTORY, SERIES, TALLY
from mhsim.engine.week import TILE
from mhsim.random_streams import LUCK
from mhsim.scenario import Scenario
from mhsim.schema import COMMUNITIES, GROUPS, HANDLES, PEOPLE, TIE_SLOTS, TIES

METER = np.dtype(
    [(name, "i8") for name in ("begun", "step", "people", "groups", "free", "handles", "tail")]
    + [(name, "i8") for name in ("movers", "events", "lives")]
)
EVENT = np.dtype([("step", "i4"), ("kind", "i4"), ("community", "i4"), ("who", "u4"), ("other", "u4"), ("value", "i4")])
SCRATCH = np.dtype(
    [(name, "f8") for name in ("hope", "coping", "self_efficacy", "distress", "strain", "voice", "pull")]
    + [(name, "i4") for name in ("speaker", "seeker", "candidate", "ring", "stage", "role")]
)
"""Working space, a row for each person of the block in hand."""


class Settings(NamedTuple):
    """The parameters of a scenario as flat records, per step."""

    start: np.record
    community: np.record
    arrive: np.record
    attend: np.record
    share: np.record
    help: np.record
    bond: np.record
    live: np.record
    progress: np.record
    serve: np.record
    leave: np.record
    govern: np.record
    found: np.record
    close: np.record


class World(NamedTuple):
    """Everything that exists in one run, and what has been counted."""

    people: np.ndarray
    blocks: np.ndarray
    empty: np.ndarray
    handles: np.ndarray
    ties: np.ndarray
    groups: np.ndarray
    communities: np.ndarray
    scratch: np.ndarray
    luck: np.ndarray
    words: np.ndarray
    meter: np.ndarray
    tally: np.ndarray
    history: np.ndarray
    series: np.ndarray
    events: np.ndarray
    lives: np.ndarray


def settings_of(scenario: Scenario) -> Settings:
    """Return the scenario's parameters as records for compiled code."""
    dt, meetings = scenario.weeks_per_step, scenario.meetings_per_week
    return Settings(*(record_of(getattr(scenario, name), dt, meetings) for name in Settings._fields))


def new_world(scenario: Scenario, steps: int, *, series: bool, lives: bool, events: bool) -> World:
    """Return an empty world with room for the start of a scenario."""
    communities, groups = scenario.community.count, scenario.community.count * scenario.start.groups
    members = groups * scenario.start.members
    span = min(scenario.weeks + scenario.start.run_in_weeks, 170)
    expected = int(1.05 * scenario.community.arrivals_per_week * span * communities) + members + 64
    group_rows = groups + communities + 8
    handles = expected
    size = max(TILE, 2 * scenario.start.members + 64)
    return World(
        people=np.zeros(rows_needed(expected, communities + group_rows), PEOPLE),
        blocks=np.zeros(communities + group_rows, BLOCKS),
        empty=np.zeros(1, PEOPLE),
        handles=np.zeros(handles, HANDLES),
        ties=np.zeros((handles, TIE_SLOTS), TIES),
        groups=np.zeros(group_rows, GROUPS),
        communities=np.zeros(communities, COMMUNITIES),
        scratch=np.zeros(size, SCRATCH),
        luck=np.zeros(size, LUCK),
        words=np.zeros((5, size), np.uint32),
        meter=np.zeros(1, METER),
        tally=np.zeros(1, TALLY),
        history=np.zeros(steps + 1, HISTORY),
        series=np.zeros(steps + 1 if series else 1, SERIES),
        events=np.zeros(4096 if events else 0, EVENT),
        lives=np.zeros(256 if lives else 0, PEOPLE),
    )


def needs(world: World, arrivals: int, openings: int) -> dict[str, int]:
    """Return how many rows each table must have before so many people arrive and so many groups open."""
    meter = world.meter[0]
    people, communities = int(meter["people"]) + arrivals, len(world.communities)
    groups = 2 * (int(meter["groups"]) + openings) + communities
    return {
        "people": rows_needed(people, communities + groups),
        "handles": people,
        "groups": groups,
        "scratch": max(TILE, arrivals if openings else 0, int(world.blocks["count"][communities:].max(initial=0))),
        "events": int(meter["events"]) + 24 * people if len(world.events) else 0,
        "lives": int(meter["lives"]) + people if len(world.lives) else 0,
    }


def with_room(world: World, arrivals: int, openings: int = 0) -> World:
    """Return the world with room for the next step, growing by half where something is short."""
    need = needs(world, arrivals, openings)
    handles, groups = _more(len(world.handles), need["handles"]), _more(len(world.groups), need["groups"])
    size = _more(len(world.scratch), need["scratch"])
    return world._replace(
        people=grown(world.people, _more(len(world.people), need["people"])),
        blocks=grown(world.blocks, len(world.communities) + groups),
        handles=grown(world.handles, handles),
        ties=grown(world.ties, handles),
        groups=grown(world.groups, groups),
        scratch=grown(world.scratch, size),
        luck=grown(world.luck, size),
        words=world.words if world.words.shape[1] >= size else np.zeros((5, size), np.uint32),
        events=grown(world.events, _more(len(world.events), need["events"])),
        lives=grown(world.lives, _more(len(world.lives), need["lives"])),
    )


def with_time(world: World, steps: int, *, series: bool) -> World:
    """Return the world with rows of its history, and of its series if one is kept, for so many steps."""
    return world._replace(
        history=grown(world.history, steps + 1), series=grown(world.series, steps + 1) if series else world.series
    )


def _more(have: int, need: int) -> int:
    return have if have >= need else max(need, have + have // 2)
