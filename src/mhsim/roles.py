"""What the rules about roles share: who can take one, who is readier, and becoming a helper with credit to others."""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.schema import ACCOMMODATION, HELPER, NEVER, NO_TIE, ORDINARY, STAYS, TIE_SLOTS

ROUNDING = 1e-9
"""What sums of know-how may lack for want of digits."""


@kernel
def readiness(members, i, p):  # type: ignore[no-untyped-def]
    """Return how ready a member is to help: willing, sure of oneself, at home in the group and able to share, 0 to 2.

    `p` are the parameters of `serve`.
    """
    skill = members.sharing_skill[i]
    shares = 1.0 - p.skill_counts + p.skill_counts * (2.0 * skill / (1.0 + skill))
    return members.willingness[i] * members.self_efficacy[i] * members.belonging[i] * shares


@kernel
def ready_before(members, i, j, p):  # type: ignore[no-untyped-def]
    """Tell whether one member is readier than another, by the parameters of `serve`; equals by arrival."""
    one, other = readiness(members, i, p), readiness(members, j, p)
    if one != other:
        return one > other
    return members.who[i] < members.who[j]


@kernel
def can_take_role(members, i, clock, p):  # type: ignore[no-untyped-def]
    """Tell whether a member can take a role, by the parameters of `serve`."""
    ready = members.stage[i] == ACCOMMODATION and members.role[i] == ORDINARY and members.resting[i] == 0
    stays = members.leaving[i] == STAYS and members.role_end[i] == STAYS
    if not ready or not stays or members.meetings[i] * clock.dt < p.seasoning:
        return False
    return members.role_left[i] == NEVER or (clock.step - members.role_left[i]) * clock.dt >= p.rest_weeks


@kernel
def knows_enough(members, i, able_at):  # type: ignore[no-untyped-def]
    """Tell whether a member knows enough to help; a sum of many small gains may fall short by its rounding."""
    return members.know_how[i] + ROUNDING >= able_at


@kernel
def become_helper(members, people, groups, g, i, ties, handles, clock):  # type: ignore[no-untyped-def]
    """Let a member take the role of helper; the first time, those from whom help was received are credited."""
    members.role[i] = HELPER
    members.successor[i] = 0
    members.helper_since[i] = clock.step
    if members.first_helper[i] == NEVER:
        members.first_helper[i] = clock.step
        groups.helpers_made[g] += 1
        _credit(members, people, i, ties, handles)


@kernel
def _credit(members, people, i, ties, handles):  # type: ignore[no-untyped-def]
    slot = members.slot[i]
    total = 0.0
    for k in range(TIE_SLOTS):
        if ties.kind[slot, k] != NO_TIE:
            total += ties.received[slot, k]
    for k in range(TIE_SLOTS):
        if ties.kind[slot, k] != NO_TIE and ties.received[slot, k] > 0:
            other = ties.other[slot, k]
            if ties.generation[slot, k] == handles.generation[other]:
                people.credit[handles.row[other]] += ties.received[slot, k] / total
