"""A world in memory: all arrays of one run, how they are made and how they grow.

The engine writes without looking whether there is room: `has_room` asks before each step for what that step can need at
most, and the step begins only when every table has it. Why that suffices stands beside each line there. Tables not
named there have a length that nothing exceeds: `communities`, `tally`, `meter` and `needs` never grow, `history` and
`series` have a row for each step (`with_time`).
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from mhsim.core.blocks import BLOCKS, TILE, grown, rows_needed
from mhsim.core.jit import kernel, kernel_of
from mhsim.core.params import record_of
from mhsim.engine.event_kinds import number_of_own_kinds
from mhsim.engine.losses import LOSSES
from mhsim.engine.tally import BY_FORM, HISTORY, SERIES, TALLY
from mhsim.forms import sections_of
from mhsim.mechanisms.arrive import OF_FORM
from mhsim.ports import neutral_ports
from mhsim.random_streams import LUCK
from mhsim.scenario import Scenario
from mhsim.schema import (
    COMMUNITIES,
    GROUP_COLUMNS,
    GROUPS,
    HANDLES,
    PEOPLE,
    PEOPLE_COLUMNS,
    TIE_SLOTS,
    TIES,
    Column,
    record_type,
)

METER = np.dtype(
    [(name, "i8") for name in ("begun", "step", "people", "groups", "free", "handles", "tail", "focal")]
    + [(name, "i8") for name in ("movers", "events", "lives", "own_kinds")]
)
NEEDS = np.dtype([(name, "i8") for name in ("people", "handles", "groups", "scratch", "events", "lives")])
EVENT = np.dtype(
    [(name, "i4") for name in ("step", "kind", "community", "value", "group")]
    + [("who", "u4"), ("other", "u4"), ("stage", "u1"), ("role", "u1")],
    align=True,
)
SCRATCH = np.dtype(
    [(name, "f8") for name in ("hope", "coping", "self_efficacy", "distress", "strain", "voice", "pull")]
    + [(name, "i4") for name in ("speaker", "seeker", "candidate", "ring", "stage", "role")]
)
"""Working space, a row for each person of the block in hand."""
EVENTS_OF_A_PERSON, EVENTS_OF_A_GROUP = 16, 7
"""Events that a person and a group can have in a step: at most one each of the kinds in `mhsim.engine.events` that do
not exclude one another, and a role that ends twice, by an intervention and by leaving. Besides, one of each kind of the
optional mechanisms that are on at some time (`own_kinds` of the meter says how many)."""


class Settings(NamedTuple):
    """The parameters of a scenario as flat records, per step; and how often groups meet.

    In a world they are arrays: at 0 what is the scenario's own, behind it what each form says. A group looks them up by
    its form; people outside, arrivals and what is done by a community go by place 0.
    """

    meetings_per_week: float
    start: np.record
    community: np.record
    traits: np.record
    arrive: np.record
    work: np.record
    attend: np.record
    share: np.record
    supervise: np.record
    help: np.record
    bond: np.record
    live: np.record
    progress: np.record
    serve: np.record
    prepare: np.record
    leave: np.record
    quarrel: np.record
    breach: np.record
    bequeath: np.record
    govern: np.record
    found: np.record
    close: np.record
    of_form: np.record


class World(NamedTuple):
    """Everything that exists in one run, and what has been counted."""

    people: np.ndarray
    blocks: np.ndarray
    empty: np.ndarray
    empty_groups: np.ndarray
    handles: np.ndarray
    ties: np.ndarray
    groups: np.ndarray
    losses: np.ndarray
    communities: np.ndarray
    scratch: np.ndarray
    luck: np.ndarray
    ports: np.ndarray
    words: np.ndarray
    meter: np.ndarray
    needs: np.ndarray
    tally: np.ndarray
    history: np.ndarray
    series: np.ndarray
    events: np.ndarray
    lives: np.ndarray
    forms: np.ndarray


def settings_of(scenario: Scenario, form: str = "") -> Settings:
    """Return the scenario's parameters, or those of one form in it, as records for compiled code."""
    says = scenario.forms[form] if form else None
    sections = sections_of(says, scenario, Settings._fields[1:-1])
    records: list[Any] = [record_of(section, scenario.weeks_per_step) for section in sections]
    own: Any = says or scenario
    weighed: np.ndarray = np.zeros(1, OF_FORM)
    weighed["remote"], weighed["belief_holds"] = own.arrive.remote, own.leave.belief_holds
    return Settings._make((float(own.meetings_per_week), *records, weighed[0]))


def settings_by_form(scenario: Scenario) -> Settings:
    """Return the parameters of a world: arrays, the scenario's own at 0, then those of each form."""
    each = [settings_of(scenario, form) for form in ("", *scenario.forms)]
    return Settings._make(np.array(records) for records in zip(*each, strict=True))


_LINE = f"return Settings({', '.join(f'settings.{name}[form]' for name in Settings._fields)})"
of_form: Any = kernel_of("of_form", "settings, form", [_LINE], globals(), as_written=True)
"""Return the settings of one form, of those of a world; of the scenario itself for 0."""


def first_rows(columns: tuple[Column, ...], scenario: Scenario, kinds: int = 1, form: str = "") -> np.ndarray:
    """Return rows of a table as people, or groups of each kind, start: by what `Column.start` says, shape (kinds,)."""
    fixed, assumed = _starts(columns, kinds)
    rows = fixed.copy()
    says = scenario.forms[form] if form else scenario
    for which, column, section, name in assumed:
        rows[column][which] = getattr(getattr(says, section, None) or getattr(scenario, section), name)
    return rows


def first_groups(scenario: Scenario) -> np.ndarray:
    """Return how groups start: two rows, founded and established, for the scenario itself and then for each form."""
    return np.concatenate([first_rows(GROUP_COLUMNS, scenario, 2, form) for form in ("", *scenario.forms)])


@cache
def _starts(columns: tuple[Column, ...], kinds: int) -> tuple[np.ndarray, list[tuple[int, str, str, str]]]:
    """Return rows of what is the same in every scenario; and row, column, section and name of what is assumed."""
    rows, assumed = np.zeros(kinds, record_type(columns)), []
    for which in range(kinds):
        for column in columns:
            value = column.start[which] if isinstance(column.start, tuple) else column.start
            if isinstance(value, str):
                section, name = value.split(".")
                assumed.append((which, column.name, section, name))
            else:
                rows[column.name][which] = value
    return rows, assumed


def set_first_rows(world: World, scenario: Scenario) -> None:
    """Let people and groups to come start by the values that hold after a change in mid-life."""
    world.empty[:] = first_rows(PEOPLE_COLUMNS, scenario)
    world.empty_groups[:] = first_groups(scenario)


def new_world(scenario: Scenario, steps: int, *, series: bool, lives: bool, events: bool) -> World:
    """Return an empty world with room for about what a scenario will need; what is short grows on the way."""
    communities, groups = scenario.community.count, scenario.community.count * scenario.start.groups
    span = min(scenario.weeks + scenario.start.run_in_weeks, 170)
    expected = int(1.05 * scenario.community.arrivals_per_week * span * communities) + 64
    starts = [(one.groups, one.start.members) for one in scenario.forms.values()]
    starts = starts or [(scenario.start.groups, scenario.start.members)]
    expected += communities * sum(number * members for number, members in starts)
    group_rows = groups + communities + 8
    size = max(TILE, 2 * max(members for _, members in starts) + 64)
    meter: np.ndarray = np.zeros(1, METER)
    meter["focal"] = scenario.focal_group
    meter["own_kinds"] = number_of_own_kinds(scenario)
    return World(
        people=np.zeros(2 * expected + expected // 8 + 4 * (communities + group_rows), PEOPLE),
        blocks=np.zeros(communities + group_rows, BLOCKS),
        empty=first_rows(PEOPLE_COLUMNS, scenario),
        empty_groups=first_groups(scenario),
        handles=np.zeros(expected, HANDLES),
        ties=np.zeros((expected, TIE_SLOTS), TIES),
        groups=np.zeros(group_rows, GROUPS),
        losses=np.zeros(group_rows, LOSSES),
        communities=np.zeros(communities, COMMUNITIES),
        scratch=np.zeros(size, SCRATCH),
        luck=np.zeros(size, LUCK),
        ports=neutral_ports(size),
        words=np.zeros((5, size), np.uint32),
        meter=meter,
        needs=np.zeros(1, NEEDS),
        tally=np.zeros(1, TALLY),
        history=np.zeros(steps + 1, HISTORY),
        series=np.zeros(steps + 1 if series else 1, SERIES),
        events=np.zeros(4096 if events else 0, EVENT),
        lives=np.zeros(256 if lives else 0, PEOPLE),
        forms=np.zeros((steps + 1 if series and scenario.forms else 0, len(scenario.forms)), BY_FORM),
    )


@kernel
def has_room(world, arrivals, openings, starters, members):  # type: ignore[no-untyped-def]
    """Tell whether every table has room for a step, whatever happens in it; write what it may need into `needs`.

    Parameters
    ----------
    world : World
        The world before the step.
    arrivals : int
        How many people come into need in it.
    openings, starters, members : int
        How many groups open at its start, how many people are in them, and how many in the largest.
    """
    needs, meter, communities = world.needs, world.meter, len(world.communities)
    # Nobody else is added in the step, so no more live at once; a handle is new only when all others are borne by the
    # living, and each moves at most once in a step (`engine.moves`), so free handles and movers are no more.
    people = meter.people[0] + arrivals + starters
    needs.handles[0] = people
    # Every open group may split into one more and every community found one more; `with_room` lists some of them.
    groups = 2 * (meter.groups[0] + openings) + communities
    needs.groups[0] = groups
    # At worst everybody moves: then each has a row in the old block and one in the new.
    needs.people[0] = rows_needed(2 * people, communities + groups)
    # A block in hand is a group as it stands at the start of the step, or a tile; founders are 50 at most, so fewer.
    largest = max(TILE, members if openings > 0 else 0)
    for g in range(meter.groups[0]):
        largest = max(largest, world.blocks.count[communities + g])
    needs.scratch[0] = largest
    own = meter.own_kinds[0]
    events = (EVENTS_OF_A_PERSON + own) * people + (EVENTS_OF_A_GROUP + own) * groups
    needs.events[0] = meter.events[0] + events if len(world.events) else 0
    # A life ends at most once.
    needs.lives[0] = meter.lives[0] + people if len(world.lives) else 0
    return (
        needs.people[0] <= len(world.people)
        and needs.handles[0] <= len(world.handles)
        and needs.groups[0] <= len(world.groups)
        and needs.scratch[0] <= len(world.scratch)
        and needs.events[0] <= len(world.events)
        and needs.lives[0] <= len(world.lives)
    )


def with_room(world: World) -> World:
    """Return the world with the room that `has_room` asked for, growing by half where something is short."""
    need = {name: int(world.needs[name][0]) for name in NEEDS.names or ()}
    handles, groups = _more(len(world.handles), need["handles"]), _more(len(world.groups), need["groups"])
    size = _more(len(world.scratch), need["scratch"])
    return world._replace(
        people=grown(world.people, _more(len(world.people), need["people"])),
        blocks=grown(world.blocks, len(world.communities) + groups),
        handles=grown(world.handles, handles),
        ties=grown(world.ties, handles),
        groups=grown(world.groups, groups),
        losses=grown(world.losses, groups),
        scratch=grown(world.scratch, size),
        luck=grown(world.luck, size),
        ports=world.ports if len(world.ports) >= size else neutral_ports(size),
        words=world.words if world.words.shape[1] >= size else np.zeros((5, size), np.uint32),
        events=grown(world.events, _more(len(world.events), need["events"])),
        lives=grown(world.lives, _more(len(world.lives), need["lives"])),
    )


def with_time(world: World, steps: int, *, series: bool) -> World:
    """Return the world with rows of its history, and of its series if one is kept, for so many steps."""
    return world._replace(
        history=grown(world.history, steps + 1),
        series=grown(world.series, steps + 1) if series else world.series,
        forms=grown(world.forms, steps + 1) if series and world.forms.shape[1] else world.forms,
    )


def _more(have: int, need: int) -> int:
    return have if have >= need else max(need, have + have // 2)
