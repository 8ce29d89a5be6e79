"""What is counted of a group's work and of those who learn it, where these rules are switched on."""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.schema import APPRENTICE, HELPER

TAKEN = 2
"""Marks a helper who is thought gone already."""


@kernel
def watch_work(members, groups, g, gone, sampled, tally, p):  # type: ignore[no-untyped-def]
    """Count hours, meetings that fell through and, where it is sampled, how many helpers must go.

    Called where the work has just been done: roles and hours are those of this step. `gone` is working space.
    """
    tally.work_steps[0] += 1.0
    tally.hours_asked[0] += groups.hours_asked[g]
    tally.hours_done[0] += groups.hours_done[g]
    tally.hours_covered[0] += min(groups.hours_asked[g], groups.hours_done[g])
    tally.meetings_due[0] += groups.due[g]
    tally.not_held[0] += groups.due[g] - groups.held[g]
    if sampled:
        tally.must_go_seen[0] += 1.0
        tally.must_go[0] += how_many_must_go(members, groups.hours_done[g], groups.hours_open[g], gone, p)


@kernel
def how_many_must_go(members, done, needed, gone, p):  # type: ignore[no-untyped-def]
    """Return how many helpers must go, those who do most first, until less is done than the meeting itself calls for.

    None where it is too little already; all of them where what organisers do is enough.
    """
    count = 0
    for i in range(len(members)):
        gone[i] = 0
    while done >= needed:
        most = -1
        for i in range(len(members)):
            if members.role[i] == HELPER and gone[i] != TAKEN:
                if most < 0 or _does(members, i) > _does(members, most):
                    most = i
        if most < 0:
            return count
        gone[most] = TAKEN
        done -= p.hours * _does(members, most)
        count += 1
    return count


@kernel
def _does(members, i):  # type: ignore[no-untyped-def]
    return members.spare_time[i] * members.able[i]


@kernel
def watch_learning(members, tally):  # type: ignore[no-untyped-def]
    """Count who prepares to help, and what helpers know."""
    tally.learning_steps[0] += 1.0
    for i in range(len(members)):
        if members.role[i] == APPRENTICE:
            tally.apprentices[0] += 1.0
        elif members.role[i] == HELPER:
            tally.knowing_helpers[0] += 1.0
            tally.know_how[0] += members.know_how[i]
