"""Roles: members become helpers or organisers, step down, burn out, rest and come back; others are prepared to follow.

A newcomer is a member like others after `newcomer_weeks` of meetings (steps attended times the length of a step). A
member can take a role who is accommodated, has the role "member" (no other), has come for at least `seasoning` weeks
of meetings and is not resting; who left a role in this step cannot take one in the same step. The hazard of becoming
a helper is

    become_hazard * willingness * self_efficacy * belonging * (1 + asking * shortage) / (1 + crowding * surplus)
        * again [the person has been a helper before]

with ``surplus = max(0, enough * helpers - seekers) / roll`` and ``shortage = max(0, seekers - short_at * helpers) /
roll``, for the numbers on the roll when the step began (seekers: members not accommodated). The hazard of becoming an
organiser is ``organise_hazard * self_efficacy * belonging / (1 + organisers)``. Both compete in one draw, helper
first: the word `reason` of "role" decides in proportion.

A helper leaves the role by turnover (`turnover_per_year`), by burning out (`burnout_hazard` while strain exceeds
`burnout_at`), in one draw, burning out first in proportion to the word `reason`; or else after a term of `term_weeks`
(0: none), staying a member. Who leaves by turnover leaves the group too with chance `leaves_with_role`; who burns
out, with chance `burnt_out_leaves`, and otherwise rests until strain is below `rested_at`. Organisers step down by
turnover alone and stay.

Succession. Each place of a helper that fell vacant in the step before (role left, or group left) is offered once:
with chance `succession` the readiest member takes it over, that is the one who can take a role with the highest
``willingness * self_efficacy * belonging`` (equals by arrival), its draw being that member's word `goes_too`, after
all other changes of roles in the step; a further place goes to the next readiest. If nobody follows, the group's
legacy loses `legacy_loss` of itself: what was not handed on is gone.

On first becoming a helper, each person from whom help was received is credited with the share of it received (by the
counts on ties that are still alive).

Sources: E27, E31, E107-E108, E115-E117, E158-E159 succession; V29, V30, V41, V47-V53. Turnover in mutual help has no
good published number: it is the lever.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.core.maths import happens
from mhsim.core.params import Parameters, par, switch
from mhsim.schema import (
    ACCOMMODATION,
    BURNT_OUT,
    HELPER,
    LARGEST_COUNT,
    LEFT_WITH_ROLE,
    NEVER,
    NEWCOMER,
    NO_TIE,
    ORDINARY,
    ORGANISER,
    OTHER_WORK_LEFT,
    STAYS,
    TIE_SLOTS,
)

WRITES = {
    "members": (
        "role",
        "role_end",
        "leaving",
        "resting",
        "helper_since",
        "first_helper",
        "steps_helping",
    ),
    "people": ("credit",),
    "groups": ("vacancies", "legacy", "helpers_made", "helpers_lost"),
}
NEUTRAL = {
    "become_hazard": 0.0,
    "organise_hazard": 0.0,
    "turnover_per_year": 0.0,
    "term_weeks": 0,
    "burnout_hazard": 0.0,
    "succession": 0.0,
    "legacy_loss": 0.0,
}


class Serve(Parameters):
    """Parameters of roles."""

    enabled: bool = switch("whether roles change")
    become_hazard: float = par(
        0.025, 0, 10, unit="1/week", why="accommodated members becoming helpers", source="V30 V41"
    )
    newcomer_weeks: float = par(4.0, 0, 500, unit="weeks", why="of meetings as a newcomer", source="assumed; E73")
    seasoning: int = par(
        8, 0, 500, unit="weeks", why="weeks of meetings before one can take a role", source="assumed; E107"
    )
    enough: float = par(1.5, 0, 100, unit="weight", why="seekers a helper is wanted for", source="assumed; V40")
    crowding: float = par(13.0, 0, 1000, unit="weight", why="enough helpers discourage more", source="assumed; V41")
    short_at: float = par(
        3.0, 0, 100, unit="weight", why="seekers per helper from which helpers are short", source="assumed; V40"
    )
    asking: float = par(1.0, 0, 100, unit="weight", why="members are asked when helpers are short", source="assumed")
    again: float = par(0.25, 0, 1, unit="weight", why="taking the role again, once left", source="assumed; V29")
    organise_hazard: float = par(0.01, 0, 10, unit="1/week", why="taking on other work", source="assumed; E31")
    turnover_per_year: float = par(
        0.2,
        0,
        52,
        unit="1/year",
        why="how often a helper leaves the role, on average",
        source="assumed: the lever; V51 V52 bracket it",
        label="How often a helper steps down",
        slider=(0, 4, 0.05),
        special=((0, "never"), (1, "once a year"), (2, "twice a year")),
    )
    leaves_with_role: float = par(
        0.15,
        0,
        1,
        unit="share",
        why="of the helpers who step down, the share who leave the group too",
        source="assumed",
        label="Helpers who step down also leave the group",
        slider=(0, 1, 0.05),
        special=((0, "never"), (1, "always")),
    )
    term_weeks: int = par(
        0,
        0,
        5000,
        unit="weeks",
        why="planned rotation: helpers step down after so many weeks in the role; 0 for none",
        source="E116",
        label="Rotation: fixed term of a helper",
        slider=(0, 260, 13),
        special=((0, "no fixed term"),),
    )
    burnout_at: float = par(0.8, 0, 1, unit="share", why="strain at which helpers may burn out", source="assumed; V47")
    burnout_hazard: float = par(
        0.05, 0, 10, unit="1/week", why="burning out, with strain above burnout_at", source="assumed; V47 V53"
    )
    rested_at: float = par(0.4, 0, 1, unit="share", why="strain below which one has rested", source="assumed")
    burnt_out_leaves: float = par(0.3, 0, 1, unit="share", why="of the burnt out, leaving the group", source="assumed")
    succession: float = par(
        0.0,
        0,
        1,
        unit="chance",
        why="how often the place of a helper who stops is filled at once by a trained successor",
        source="E159",
        label="Vacancies filled by a trained successor",
        slider=(0, 1, 0.05),
        special=((0, "never"), (1, "always")),
    )
    legacy_loss: float = par(0.03, 0, 1, unit="share", why="of the methods, lost when nobody follows", source="E109")


@kernel
def serve(members, people, groups, g, luck, ties, handles, clock, p):  # type: ignore[no-untyped-def]
    """Let members take and leave roles; `people` is everybody, for credit to those who may be elsewhere."""
    roll = max(1, groups.roll[g])
    surplus = max(0.0, p.enough * groups.helpers[g] - groups.seekers[g]) / roll
    shortage = max(0.0, groups.seekers[g] - p.short_at * groups.helpers[g]) / roll
    pressure = (1.0 + p.asking * shortage) / (1.0 + p.crowding * surplus)
    vacant = groups.vacancies[g]
    groups.vacancies[g] = 0
    for i in range(len(members)):
        members.role_end[i] = STAYS
        if members.resting[i] and members.strain[i] < p.rested_at:
            members.resting[i] = 0
        if members.role[i] == HELPER:
            members.steps_helping[i] = min(LARGEST_COUNT, members.steps_helping[i] + 1)
            _may_step_down(members, groups, g, i, luck, clock, p)
        elif members.role[i] == ORGANISER:
            if happens(luck.step_down[i], p.turnover_per_year):
                members.role[i] = ORDINARY
                members.role_end[i] = OTHER_WORK_LEFT
        elif members.role[i] == NEWCOMER:
            if members.meetings[i] * clock.dt >= p.newcomer_weeks:
                members.role[i] = ORDINARY
        elif _can_take_role(members, i, clock, p):
            _may_take_role(members, people, groups, g, i, pressure, luck, ties, handles, clock, p)
    for _ in range(vacant):
        _fill_place(members, people, groups, g, luck, ties, handles, clock, p)


@kernel
def _readiness(members, i):  # type: ignore[no-untyped-def]
    return members.willingness[i] * members.self_efficacy[i] * members.belonging[i]


@kernel
def _can_take_role(members, i, clock, p):  # type: ignore[no-untyped-def]
    ready = members.stage[i] == ACCOMMODATION and members.role[i] == ORDINARY and members.resting[i] == 0
    return ready and members.meetings[i] * clock.dt >= p.seasoning and members.role_end[i] == STAYS


@kernel
def _may_take_role(members, people, groups, g, i, pressure, luck, ties, handles, clock, p):  # type: ignore[no-untyped-def]
    helping = p.become_hazard * _readiness(members, i) * pressure
    if members.first_helper[i] != NEVER:
        helping = helping * p.again
    organising = p.organise_hazard * members.self_efficacy[i] * members.belonging[i] / (1.0 + groups.organisers[g])
    if happens(luck.take_role[i], helping + organising):
        if luck.reason[i] * (helping + organising) < helping:
            _become_helper(members, people, groups, g, i, ties, handles, clock)
        else:
            members.role[i] = ORGANISER


@kernel
def _become_helper(members, people, groups, g, i, ties, handles, clock):  # type: ignore[no-untyped-def]
    members.role[i] = HELPER
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


@kernel
def _may_step_down(members, groups, g, i, luck, clock, p):  # type: ignore[no-untyped-def]
    burning = p.burnout_hazard if members.strain[i] > p.burnout_at else 0.0
    total = p.turnover_per_year + burning
    term = p.term_weeks > 0 and (clock.step - members.helper_since[i]) * clock.dt >= p.term_weeks
    leaves = happens(luck.step_down[i], total)
    if not leaves and not term:
        return
    members.role[i] = ORDINARY
    groups.helpers_lost[g] += 1
    groups.vacancies[g] += 1
    if leaves and luck.reason[i] * total < burning:
        members.role_end[i] = BURNT_OUT
        if luck.goes_too[i] < p.burnt_out_leaves:
            members.leaving[i] = BURNT_OUT
        else:
            members.resting[i] = 1
    else:
        members.role_end[i] = LEFT_WITH_ROLE
        if leaves and luck.goes_too[i] < p.leaves_with_role:
            members.leaving[i] = LEFT_WITH_ROLE


@kernel
def _fill_place(members, people, groups, g, luck, ties, handles, clock, p):  # type: ignore[no-untyped-def]
    best = -1
    for i in range(len(members)):
        if _can_take_role(members, i, clock, p) and members.leaving[i] == STAYS:
            if best < 0 or _follows(members, i, best):
                best = i
    if best >= 0 and luck.goes_too[best] < p.succession:
        _become_helper(members, people, groups, g, best, ties, handles, clock)
    else:
        groups.legacy[g] -= p.legacy_loss * groups.legacy[g]


@kernel
def _follows(members, i, best):  # type: ignore[no-untyped-def]
    if _readiness(members, i) != _readiness(members, best):
        return _readiness(members, i) > _readiness(members, best)
    return members.who[i] < members.who[best]
