"""Roles: members become helpers or organisers, step down, burn out, rest and come back; others are prepared to follow.

A newcomer is a member like others after `newcomer_weeks` of meetings (steps attended times the length of a step). A
member can take a role who is accommodated, has the role "member" (no other), has come for at least `seasoning` weeks
of meetings, is not resting, left the role of helper at least `rest_weeks` ago, is not marked as leaving and has left
no role in `serve` of this step. Who was a newcomer when this phase began has no draw for a role in it, but may follow
or be asked at once (see `prepare`). For the others the hazard of becoming a helper is

    become_hazard * readiness * (1 + asking * shortage) / (1 + crowding * surplus)
        * again [the person has been a helper before]

with ``readiness = willingness * self_efficacy * belonging * shares``, ``shares = 1 - skill_counts + skill_counts * (2
sharing_skill / (1 + sharing_skill))``, ``surplus = max(0, enough * helpers - seekers) / roll`` and ``shortage = max(0,
seekers - short_at * helpers) / roll``, for the numbers on the roll when the step began (seekers: members not
accommodated). The hazard of becoming an organiser is ``organise_hazard * self_efficacy * belonging / (1 +
organisers)``. Both compete in one draw, helper first: the word `reason` of "role" decides in proportion. Who would
become a helper but knows less of the work than `prepare` asks for (`know_how` under `able_at`, but for rounding: 1e-9)
prepares first, as an apprentice. Whoever takes a role, or prepares for it by the own wish, is no `successor` any more.

A helper leaves the role by turnover (`turnover_per_year`) or by burning out (``burnout_per_year * (exp(strain_tells *
strain) - 1)``), in one draw, burning out first in proportion to the word `reason`; or else after a term of
`term_weeks` (0: none), staying a member. Who leaves by turnover leaves the group too with chance `leaves_with_role`;
who burns out, with chance `burnt_out_leaves`, and otherwise rests until strain is below `rested_at`, whatever the role
meanwhile. Organisers step down by turnover alone and stay. Besides, with hazard `departures_per_year` (word
`departure` of "upkeep") a helper of the group leaves the group, the role ending in this phase and the reason being
left_with_role: of all who help when the phase begins the one with the highest word `goes_too`, to whom no other end of
the role happens in it. That is a rate of the group, not of its helpers: who follows brings no more departures.

Each place of a helper that falls vacant (role left, or group left) stays so until somebody takes it: at the end of the
phase as many as there are new helpers are taken (see `prepare` for who follows otherwise).

On first becoming a helper, each person from whom help was received is credited with the share of it received (by the
counts on ties that are still alive).

Sources: E27, E31, E107-E108, E115-E117, E158-E159 succession; V29, V30, V41, V47-V53. Turnover in mutual help has no
good published number: it is the lever.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.core.maths import exp, happens
from mhsim.core.params import Parameters, par, switch
from mhsim.roles import become_helper, can_take_role, knows_enough, readiness
from mhsim.schema import (
    APPRENTICE,
    BURNT_OUT,
    HELPER,
    LARGEST_COUNT,
    LEFT_WITH_ROLE,
    NEVER,
    NEWCOMER,
    ORDINARY,
    ORGANISER,
    OTHER_WORK_LEFT,
    STAYS,
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
        "role_left",
        "apprentice_since",
        "successor",
    ),
    "people": ("credit",),
    "groups": ("vacancies", "helpers_made", "helpers_lost"),
}
NEUTRAL = {
    "become_hazard": 0.0,
    "organise_hazard": 0.0,
    "turnover_per_year": 0.0,
    "term_weeks": 0,
    "burnout_per_year": 0.0,
    "departures_per_year": 0.0,
}


class Serve(Parameters):
    """Parameters of roles."""

    enabled: bool = switch("whether roles change")
    become_hazard: float = par(
        0.05, 0, 10, unit="1/week", why="accommodated members becoming helpers", source="V30 V41"
    )
    skill_counts: float = par(
        0.5, 0, 1, unit="share", why="how far skill in sharing makes a helper", source="assumed; E108"
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
        0.0,
        0,
        1,
        unit="share",
        why="of the helpers who step down, the share who leave the group too",
        source="assumed",
        label="Helpers who step down also leave the group",
        slider=(0, 1, 0.05),
        special=((0, "never"), (1, "always")),
    )
    departures_per_year: float = par(
        0.0,
        0,
        52,
        unit="1/year",
        why="helpers of a group who leave it, persons a year, as long as there is one",
        source="assumed: a lever; V14 V51",
        label="Helpers who leave the group, persons a year",
        slider=(0, 6, 0.1),
        special=((0, "none"),),
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
    burnout_per_year: float = par(
        0.04, 0, 52, unit="1/year", why="stepping down from strain, times exp(strain_tells * strain) - 1", source="V53"
    )
    strain_tells: float = par(3.0, 0, 10, unit="weight", why="how steeply burning out rises with strain", source="V53")
    rest_weeks: float = par(
        26.0, 0, 5000, unit="weeks", why="rest of who was a helper before taking a role again", source="assumed; E207"
    )
    rested_at: float = par(0.4, 0, 1, unit="share", why="strain below which one has rested", source="assumed")
    burnt_out_leaves: float = par(0.3, 0, 1, unit="share", why="of the burnt out, leaving the group", source="assumed")


@kernel
def serve(members, people, groups, g, luck, ports, ties, handles, departure, able_at, clock, p):  # type: ignore[no-untyped-def]
    """Let members take and leave roles.

    `people` is everybody, for credit to those who may be elsewhere; `able_at` is that of `prepare`, 0 where nothing has
    to be learnt.
    """
    roll = max(1, groups.roll[g])
    surplus = max(0.0, p.enough * groups.helpers[g] - groups.seekers[g]) / roll
    shortage = max(0.0, groups.seekers[g] - p.short_at * groups.helpers[g]) / roll
    pressure = (1.0 + p.asking * shortage) / (1.0 + p.crowding * surplus)
    made = 0
    departs = _who_departs(members, luck) if happens(departure, p.departures_per_year) else -1
    for i in range(len(members)):
        members.role_end[i] = STAYS
        if members.resting[i] and members.strain[i] < p.rested_at:
            members.resting[i] = 0
        if members.role[i] == HELPER:
            members.steps_helping[i] = min(LARGEST_COUNT, members.steps_helping[i] + 1)
            _may_step_down(members, groups, g, i, i == departs, luck, clock, p)
        elif members.role[i] == ORGANISER:
            if happens(luck.step_down[i], p.turnover_per_year):
                members.role[i] = ORDINARY
                members.role_end[i] = OTHER_WORK_LEFT
        elif members.role[i] == NEWCOMER:
            if members.meetings[i] * clock.dt >= p.newcomer_weeks:
                members.role[i] = ORDINARY
        elif can_take_role(members, i, clock, p):
            pull = pressure * ports.serve[i]
            made += _may_take_role(members, people, groups, g, i, pull, luck, ties, handles, able_at, clock, p)
    groups.vacancies[g] = max(0, groups.vacancies[g] - made)


@kernel
def _who_departs(members, luck):  # type: ignore[no-untyped-def]
    found = -1
    for i in range(len(members)):
        if members.role[i] == HELPER and (found < 0 or luck.goes_too[i] > luck.goes_too[found]):
            found = i
    return found


@kernel
def _may_take_role(members, people, groups, g, i, pressure, luck, ties, handles, able_at, clock, p):  # type: ignore[no-untyped-def]
    helping = p.become_hazard * readiness(members, i, p) * pressure
    if members.first_helper[i] != NEVER:
        helping = helping * p.again
    organising = p.organise_hazard * members.self_efficacy[i] * members.belonging[i] / (1.0 + groups.organisers[g])
    if not happens(luck.take_role[i], helping + organising):
        return 0
    members.successor[i] = 0
    if luck.reason[i] * (helping + organising) >= helping:
        members.role[i] = ORGANISER
        return 0
    if not knows_enough(members, i, able_at):
        members.role[i] = APPRENTICE
        members.apprentice_since[i] = clock.step
        return 0
    become_helper(members, people, groups, g, i, ties, handles, clock)
    return 1


@kernel
def _may_step_down(members, groups, g, i, departs, luck, clock, p):  # type: ignore[no-untyped-def]
    burning = p.burnout_per_year * (exp(p.strain_tells * members.strain[i]) - 1.0)
    total = p.turnover_per_year + burning
    term = p.term_weeks > 0 and (clock.step - members.helper_since[i]) * clock.dt >= p.term_weeks
    leaves = happens(luck.step_down[i], total)
    if not leaves and not term and not departs:
        return
    members.role[i] = ORDINARY
    members.role_left[i] = clock.step
    groups.helpers_lost[g] += 1
    groups.vacancies[g] += 1
    if departs:
        members.role_end[i] = LEFT_WITH_ROLE
        members.leaving[i] = LEFT_WITH_ROLE
    elif leaves and luck.reason[i] * total < burning:
        members.role_end[i] = BURNT_OUT
        if luck.goes_too[i] < p.burnt_out_leaves:
            members.leaving[i] = BURNT_OUT
        else:
            members.resting[i] = 1
    else:
        members.role_end[i] = LEFT_WITH_ROLE
        if leaves and luck.goes_too[i] < p.leaves_with_role:
            members.leaving[i] = LEFT_WITH_ROLE
