"""What happened to whom and when: the event log of a recorded run.

Mechanisms know nothing of it: the log is read off the state, by comparing each person at the end of a step, before
anybody is moved, with the marks the mechanisms left.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.schema import BURNT_OUT, HELPER, LEFT_WITH_ROLE, MEMBER, NEVER, NOWHERE, ORGANISER

FIRST_VISIT, HELPED_BY, RECOIL_REACHED, ACCOMMODATION_REACHED, SET_BACK = 1, 2, 3, 4, 5
BECAME_HELPER, ROLE_ENDED, BECAME_ORGANISER, CRISIS, LEFT, COMING, ARRIVED, MOVED_GROUP, CAME_BACK = (
    6,
    7,
    8,
    9,
    10,
    11,
    12,
    13,
    14,
)
KINDS = (
    "none",
    "first_visit",
    "helped_by",
    "recoil",
    "accommodation",
    "set_back",
    "became_helper",
    "role_ended",
    "became_organiser",
    "crisis",
    "left",
    "coming",
    "arrived",
    "moved_group",
    "came_back",
)
"""Kinds of event; `value` holds the reason of `left` and `role_ended`, the group of those that name one."""


@kernel
def note(events, meter, step, kind, community, who, other, value):  # type: ignore[no-untyped-def]
    """Write one event; there must be room."""
    k = meter.events[0]
    events.step[k] = step
    events.kind[k] = kind
    events.community[k] = community
    events.who[k] = who
    events.other[k] = other
    events.value[k] = value
    meter.events[0] = k + 1


@kernel
def note_step(people, before_stage, before_role, events, meter, community, clock):  # type: ignore[no-untyped-def]
    """Write the events of one tile of people, given each one's stage and role before the step."""
    for i in range(len(people)):
        who = people.who[i]
        if people.membership[i] == MEMBER:
            if people.meetings[i] == 1 and people.attended[i]:
                note(events, meter, clock.step, FIRST_VISIT, community, who, 0, people.group[i])
            if people.helped_by[i] != NOWHERE:
                note(events, meter, clock.step, HELPED_BY, community, who, people.who[people.helped_by[i]], 0)
            if people.role_end[i] == BURNT_OUT or people.role_end[i] == LEFT_WITH_ROLE:
                note(events, meter, clock.step, ROLE_ENDED, community, who, 0, people.role_end[i])
            if people.role[i] == HELPER and before_role[i] != HELPER:
                note(events, meter, clock.step, BECAME_HELPER, community, who, 0, people.group[i])
            if people.role[i] == ORGANISER and before_role[i] != ORGANISER:
                note(events, meter, clock.step, BECAME_ORGANISER, community, who, 0, people.group[i])
        if people.in_crisis[i]:
            note(events, meter, clock.step, CRISIS, community, who, 0, 0)
        if people.stage[i] != before_stage[i]:
            kind = SET_BACK if people.stage[i] < before_stage[i] else RECOIL_REACHED
            if kind == RECOIL_REACHED and people.stage[i] == 2:
                kind = ACCOMMODATION_REACHED
            note(events, meter, clock.step, kind, community, who, 0, people.stage[i])
        if people.going_to[i] != NOWHERE:
            kind = COMING if people.joined[i] == NEVER else CAME_BACK
            note(events, meter, clock.step, kind, community, who, 0, people.going_to[i])
