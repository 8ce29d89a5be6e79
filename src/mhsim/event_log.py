"""The event log of a recorded run: how one event is written, by the engine and by optional mechanisms.

Nothing is written, and no time is lost, unless events are recorded.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from mhsim.core.jit import kernel
from mhsim.schema import NOBODY

NO_STAGE = 255


class EventLog(NamedTuple):
    """What a rule writes its own events into: the log, where its length is counted, when, and its first kind."""

    rows: Any
    meter: Any
    step: int
    first: int


@kernel
def note(events, meter, step, kind, community, who, other, value, group, stage, role):  # type: ignore[no-untyped-def]
    """Write one event; there must be room.

    Parameters
    ----------
    events, meter : ndarray
        The log, and where its length is counted.
    step, kind, community : int
        When, what (see `mhsim.engine.events.KINDS`) and where.
    who, other, value : int
        About whom, and what else the kind calls for.
    group : int
        The group belonged to, entered or left, or the group it is about; -1 for none.
    stage, role : int
        The person's stage, after this event, and role, before it; 255 for events of groups.
    """
    k = meter.events[0]
    events.step[k] = step
    events.kind[k] = kind
    events.community[k] = community
    events.who[k] = who
    events.other[k] = other
    events.value[k] = value
    events.group[k] = group
    events.stage[k] = stage
    events.role[k] = role
    meter.events[0] = k + 1


@kernel
def tell(events, number, people, i, other):  # type: ignore[no-untyped-def]
    """Write an event of a rule's own about one person, if events are recorded.

    Parameters
    ----------
    events : EventLog
        As a rule is given it.
    number : int
        Which of the rule's `events`.
    people, i
        Who, by the row.
    other : int
        The identity of the other person that its words name; 0 for none.

    There is room for one of each number for every person and step; what goes beyond may find none, and is not written.
    """
    if events.meter.events[0] < len(events.rows):
        community, who, stage, role = people.community[i], people.who[i], people.stage[i], people.role[i]
        kind, group = events.first + number, people.group[i]
        note(events.rows, events.meter, events.step, kind, community, who, other, 0, group, stage, role)


@kernel
def tell_group(events, number, groups, g, other):  # type: ignore[no-untyped-def]
    """Write an event of a rule's own about a group, if events are recorded; as `tell`, one of each number a step."""
    if events.meter.events[0] < len(events.rows):
        kind, community = events.first + number, groups.community[g]
        note(events.rows, events.meter, events.step, kind, community, NOBODY, other, 0, g, NO_STAGE, NO_STAGE)
