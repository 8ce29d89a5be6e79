"""The event log of a recorded run: what happened to whom, to which group, and when.

Mechanisms know nothing of it. The log is read off the state: each person is compared at the end of a step, before
anybody is moved, with the marks the mechanisms left; moves, openings, foundings, splits and closings write their own
events, and so do interventions and optional mechanisms. Nothing is written, and no time is lost, unless events are
recorded.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.event_log import NO_STAGE, note
from mhsim.schema import (
    APPRENTICE,
    BURNT_OUT,
    HELPER,
    LEFT_WITH_ROLE,
    MEMBER,
    NOBODY,
    NOWHERE,
    ORDINARY,
    ORGANISER,
    OTHER_WORK_LEFT,
    REASONS,
)

FIRST_VISIT, HELPED_BY, RECOIL_REACHED, ACCOMMODATION_REACHED, SET_BACK, BECAME_HELPER, ROLE_ENDED = 1, 2, 3, 4, 5, 6, 7
BECAME_ORGANISER, CRISIS, LEFT, COMING, ARRIVED, MOVED_GROUP, CAME_BACK = 8, 9, 10, 11, 12, 13, 14
THERE_AT_OPENING, FIRST_CONTACT, ORGANISER_ENDED, CO_FOUNDED, FOUND_CLOSED = 15, 16, 17, 18, 19
BEGAN_LEARNING, PREPARED, LEARNING_ENDED = 20, 21, 22
GROUP_OPENED, GROUP_FOUNDED, GROUP_SPLIT, GROUP_ENDED, GROUP_CONFLICT, GROUP_BREACH = 23, 24, 25, 26, 27, 28
GROUP_ALONE, GROUP_INTERVENTION, GROUP_CANCELLED = 29, 30, 31
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
    "there_at_opening",
    "first_contact",
    "organiser_ended",
    "founded",
    "found_closed",
    "began_learning",
    "prepared",
    "learning_ended",
    "group_opened",
    "group_founded",
    "group_split",
    "group_closed",
    "group_conflict",
    "group_breach",
    "group_alone",
    "group_intervention",
    "group_cancelled",
)
"""Kinds of event; from "group_opened" on they are events of groups.

`value` holds a reason in `left`, `role_ended`, `organiser_ended`, `learning_ended` and `group_closed`; the group in
`first_visit`, `became_helper`, `became_organiser`, `coming`, `came_back`, `found_closed`, `founded`, `moved_group`
(the new one) and `group_split` (the new one); the stage in `recoil`, `accommodation` and `set_back`; 1 in
`began_learning` for those who prepare to follow, 0 for the own wish; how many helpers lost the role in
`group_intervention`, how many meetings of the step fell through in `group_cancelled`. `other` is who helped in
`helped_by`, and the circumstances (bit k for `CLOSING[k]`) in `group_closed`. "prepared": an apprentice knows enough
and waits to follow. "learning_ended": an apprentice left before that. "group_alone": nobody came to any meeting that
was held.
"""
NAME_A_GROUP = (
    *(FIRST_VISIT, BECAME_HELPER, BECAME_ORGANISER, COMING, CAME_BACK, FOUND_CLOSED, CO_FOUNDED),
    *(MOVED_GROUP, GROUP_SPLIT),
)
"""Kinds of event whose value is the number of a group."""
EVENT_REASONS = (*REASONS, "other_work_left", "intervention")
"""Reasons in the log: those for which people leave, and two for which a role alone ends; by code."""
INTERVENTION = EVENT_REASONS.index("intervention")


@kernel
def note_person(world, people, i, step, kind, value, group):  # type: ignore[no-untyped-def]
    """Write an event of one person as this person now is, if events are recorded."""
    if len(world.events):
        community, who, stage, role = people.community[i], people.who[i], people.stage[i], people.role[i]
        note(world.events, world.meter, step, kind, community, who, 0, value, group, stage, role)


@kernel
def note_group(world, g, step, kind, other, value):  # type: ignore[no-untyped-def]
    """Write an event of a group, if events are recorded."""
    if len(world.events):
        community = world.groups.community[g]
        note(world.events, world.meter, step, kind, community, NOBODY, other, value, g, NO_STAGE, NO_STAGE)


@kernel
def note_step(people, before_stage, before_role, world, clock):  # type: ignore[no-untyped-def]
    """Write the events of one tile of people, given each one's stage and role before the step."""
    events, meter, step = world.events, world.meter, clock.step
    for i in range(len(people)):
        who, community, group, stage, role = people.who[i], people.community[i], people.group[i], before_stage[i], 0
        if people.membership[i] == MEMBER:
            role = before_role[i]
            if people.meetings[i] == 1 and people.attended[i]:
                note(events, meter, step, FIRST_VISIT, community, who, 0, group, group, stage, role)
            if people.first_contact[i] == step and people.starter[i] == 0:
                note(events, meter, step, FIRST_CONTACT, community, who, 0, 0, group, stage, role)
            if people.helped_by[i] != NOWHERE:
                helper = people.who[people.helped_by[i]]
                note(events, meter, step, HELPED_BY, community, who, helper, 0, group, stage, role)
            if people.role_end[i] == BURNT_OUT or people.role_end[i] == LEFT_WITH_ROLE:
                if role != HELPER:  # an optional mechanism took the role away in the step in which it was taken
                    note(events, meter, step, BECAME_HELPER, community, who, 0, group, group, stage, role)
                    role = HELPER
                note(events, meter, step, ROLE_ENDED, community, who, 0, people.role_end[i], group, stage, role)
            if people.role_end[i] == OTHER_WORK_LEFT:
                note(events, meter, step, ORGANISER_ENDED, community, who, 0, OTHER_WORK_LEFT, group, stage, role)
            if people.role[i] == HELPER and before_role[i] != HELPER:
                note(events, meter, step, BECAME_HELPER, community, who, 0, group, group, stage, role)
            if people.role[i] == ORGANISER and before_role[i] != ORGANISER:
                note(events, meter, step, BECAME_ORGANISER, community, who, 0, group, group, stage, role)
            if people.role[i] == APPRENTICE and before_role[i] != APPRENTICE:
                planned = people.successor[i]
                note(events, meter, step, BEGAN_LEARNING, community, who, 0, planned, group, stage, role)
            if people.role[i] == ORDINARY and before_role[i] == APPRENTICE:
                note(events, meter, step, PREPARED, community, who, 0, 0, group, stage, role)
            role = people.role[i]
        if people.in_crisis[i]:
            note(events, meter, step, CRISIS, community, who, 0, 0, group, stage, role)
        if people.stage[i] != before_stage[i]:
            stage = people.stage[i]
            kind = SET_BACK if stage < before_stage[i] else RECOIL_REACHED
            if kind == RECOIL_REACHED and stage == 2:
                kind = ACCOMMODATION_REACHED
            note(events, meter, step, kind, community, who, 0, stage, group, stage, role)


@kernel
def note_meeting(world, g, step, meets, breach):  # type: ignore[no-untyped-def]
    """Write what happened in a group this step: meetings cancelled, or to which nobody came, a conflict, a breach."""
    if len(world.events):
        if meets and world.groups.held[g] < world.groups.due[g]:
            note_group(world, g, step, GROUP_CANCELLED, 0, world.groups.due[g] - world.groups.held[g])
        if meets and world.groups.held[g] > 0 and world.groups.attended[g] == 0:
            note_group(world, g, step, GROUP_ALONE, 0, 0)
        if world.groups.conflict[g]:
            note_group(world, g, step, GROUP_CONFLICT, 0, 0)
        if breach:
            note_group(world, g, step, GROUP_BREACH, 0, 0)
