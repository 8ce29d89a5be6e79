"""Leaving: competing hazards, each an exit with its reason; that they fall with tenure comes from people alone.

Everybody, member or not, moves away or dies with the same hazard `moves_per_year`. A person outside for 104 weeks or
more since arrival leaves the community of those in need (settled) with hazard `settle_per_year`, times `settle_well`
when accommodated with distress under `well_below`. Other members leave the group in one draw for the sum of these
hazards:

    dropped_out  drop_hazard * propensity * exp(- belonging_holds * belonging - commitment_holds * commitment
                     - hope_holds (hope - 0.4) + unmet_drives * unmet - fit_holds * (fit - 0.6)
                     - belief_holds (belief_fit - 0.6))
                 * helper_stays (helpers, organisers) * absent_drifts (members who did not come)
                 * (1 + loss_drives * loss)
                 * exp(- sponsor_holds) (that of `bond`: members with a sponsor who has not left the community)
    drifted_off  the same, in place of dropped_out, for who is accommodated with distress under well_below
    came_once    once_hazard * min(once_most, propensity)
                     * (1 - greeting * share of newcomers met (see `work`) [somebody turned to the person])
                                             at a first visit
    graduated    graduate_hazard * sqrt(propensity) * (1 - commitment_keeps * commitment)
                                             accommodated, distress under well_below
    relapsed     relapse_hazard                                              in a step with a crisis
    conflict     conflict_hazard * (1 - trust)      that of `quarrel`, while the group is in open conflict

Who has never been at a meeting does not leave but by moving away while none is held in this step. Whoever leaves is
missed, when the leaving is carried out, by members of any group with a living tie: belonging loses
``loss_of_belonging * strength`` of itself and `loss` becomes at least that strength, that of the tie of the one who
leaves; several losses in a step act one after the other. At the end of this phase the `loss` of members fades by
`loss_fade` a week.

`came_once`, `relapsed` and `conflict` belong to an occasion and do not scale with the length of the step. The reason
is drawn in proportion to the hazards. A member who already leaves with a role or burnt out keeps that reason.

Sources: E31-E32 three ways on, E34; V01-V05 tenure, V12 fit, V14, V29, V71 first contact, V73 unmet requests.
"""

from __future__ import annotations

from math import sqrt

from mhsim.core.jit import kernel
from mhsim.core.maths import exp, happens
from mhsim.core.params import Parameters, par, switch
from mhsim.kernel_helpers import TYPICAL_FIT, TYPICAL_HOPE, carries_work
from mhsim.schema import (
    ACCOMMODATION,
    CAME_ONCE,
    CONFLICT,
    DRIFTED_OFF,
    DROPPED_OUT,
    GRADUATED,
    MEMBER,
    MOVED_AWAY,
    NEVER,
    NO_TIE,
    RELAPSED,
    SETTLED,
    STAYS,
    TIE_SLOTS,
)
from mhsim.ties import has_sponsor

WRITES = {"people": ("leaving", "belonging", "loss")}
NEUTRAL = {
    "moves_per_year": 0.0,
    "settle_per_year": 0.0,
    "drop_hazard": 0.0,
    "once_hazard": 0.0,
    "graduate_hazard": 0.0,
    "relapse_hazard": 0.0,
    "loss_of_belonging": 0.0,
    "loss_drives": 0.0,
    "loss_fade": 0.0,
}
FOLLOWED_WEEKS = 104.0


class Leave(Parameters):
    """Parameters of leaving."""

    enabled: bool = switch("whether anybody leaves a group or the community")
    moves_per_year: float = par(0.026, 0, 52, unit="1/year", why="moving away or dying", source="V14 V75")
    settle_per_year: float = par(
        0.7, 0, 52, unit="1/year", why="no longer among those in need, from 104 weeks on", source="assumed"
    )
    settle_well: float = par(
        3.0, 0, 100, unit="weight", why="settling: how many times likelier when well", source="assumed"
    )
    well_below: float = par(0.4, 0, 1, unit="share", why="distress under which one is well", source="assumed")
    drop_hazard: float = par(0.1, 0, 10, unit="1/week", why="dropping out, before all else", source="V01 V02")
    propensity_sd: float = par(
        0.8, 0, 3, unit="s.d.", why="how people differ in propensity to leave, in logs", source="V04 V05"
    )
    belonging_holds: float = par(2.6, -10, 10, unit="weight", why="belonging holds", source="assumed; E61 V33")
    commitment_holds: float = par(3.5, -10, 10, unit="weight", why="attachment holds", source="V05")
    hope_holds: float = par(0.8, -10, 10, unit="weight", why="hope keeps people", source="assumed; E42")
    unmet_drives: float = par(1.0, -10, 10, unit="weight", why="unanswered requests drive away", source="V73")
    fit_holds: float = par(0.5, -10, 10, unit="weight", why="being among people alike holds", source="V12")
    belief_holds: float = par(0.5, -10, 10, unit="weight", why="ideas that suit hold", source="E139")
    helper_stays: float = par(0.26, 0, 10, unit="weight", why="helpers and organisers drop out less", source="V29")
    absent_drifts: float = par(1.3, 0, 10, unit="weight", why="who stays away drops out more", source="assumed")
    once_hazard: float = par(0.35, 0, 10, unit="weight", why="coming once and not again", source="V07 V71")
    once_most: float = par(1.6, 0, 100, unit="weight", why="propensity beyond which none counts", source="assumed")
    greeting: float = par(0.8, 0, 1, unit="share", why="of coming once, prevented by a first contact", source="V71")
    graduate_hazard: float = par(0.004, 0, 10, unit="1/week", why="leaving because one is done", source="E31 E32")
    commitment_keeps: float = par(
        0.7, 0, 1, unit="share", why="of those done, kept by attachment", source="assumed; V05"
    )
    relapse_hazard: float = par(0.08, 0, 10, unit="weight", why="leaving in a crisis", source="assumed; E33")
    loss_of_belonging: float = par(
        0.3, 0, 1, unit="share", why="of belonging, lost when the closest tie leaves", source="assumed; E61 E95"
    )
    loss_drives: float = par(1.0, 0, 10, unit="weight", why="such a loss makes people leave", source="assumed; E95")
    loss_fade: float = par(0.05, 0, 1, unit="share/week", why="of loss, got over", source="assumed")


@kernel
def leave(people, luck, clock, p):  # type: ignore[no-untyped-def]
    """Mark people outside who leave the community."""
    for i in range(len(people)):
        if happens(luck.move[i], p.moves_per_year):
            people.leaving[i] = MOVED_AWAY
        elif (clock.step - people.arrived[i]) * clock.dt >= FOLLOWED_WEEKS:
            well = people.stage[i] == ACCOMMODATION and people.distress[i] < p.well_below
            if happens(luck.settle[i], p.settle_per_year * (p.settle_well if well else 1.0)):
                people.leaving[i] = SETTLED


@kernel
def leave_group(members, groups, g, luck, ports, ties, handles, sponsor_holds, conflict_hazard, p):  # type: ignore[no-untyped-def]
    """Mark members who leave the group, or the community.

    `sponsor_holds` is that of `bond`, `conflict_hazard` that of `quarrel`.
    """
    strife = conflict_hazard if groups.conflict[g] else 0.0
    for i in range(len(members)):
        if happens(luck.move[i], p.moves_per_year):
            members.leaving[i] = MOVED_AWAY
        elif members.leaving[i] == STAYS and (groups.held[g] or members.meetings[i] > 0):
            _may_leave(members, i, strife, groups.greeting[g], luck, ports, ties, handles, sponsor_holds, p)
        members.loss[i] -= p.loss_fade * members.loss[i]


@kernel
def miss(people, row, ties, handles, p):  # type: ignore[no-untyped-def]
    """Let a member who leaves, in this row, be missed by those with a living tie."""
    slot = people.slot[row]
    for k in range(TIE_SLOTS):
        other = ties.other[slot, k]
        if ties.kind[slot, k] != NO_TIE and ties.generation[slot, k] == handles.generation[other]:
            i = handles.row[other]
            if people.membership[i] == MEMBER:
                strength = ties.strength[slot, k]
                people.belonging[i] -= p.loss_of_belonging * strength * people.belonging[i]
                people.loss[i] = max(people.loss[i], strength)


@kernel
def _may_leave(members, i, conflict_hazard, greeting, luck, ports, ties, handles, sponsor_holds, p):  # type: ignore[no-untyped-def]
    drop = _drop_hazard(members, i, p) * ports.drop[i]
    if sponsor_holds > 0.0 and has_sponsor(ties, handles, members.slot[i]):
        drop = drop * exp(-sponsor_holds)
    once = graduate = relapse = 0.0
    if members.meetings[i] == 1 and members.attended[i]:
        once = p.once_hazard * min(p.once_most, members.propensity[i])
        if members.first_contact[i] != NEVER:
            once = once * (1.0 - p.greeting * greeting)
    well = members.stage[i] == ACCOMMODATION and members.distress[i] < p.well_below
    if well:
        stays = 1.0 - p.commitment_keeps * members.commitment[i]
        graduate = p.graduate_hazard * sqrt(members.propensity[i]) * stays
    if members.in_crisis[i]:
        relapse = p.relapse_hazard
    strife = conflict_hazard * (1.0 - members.trust[i])
    total = drop + once + graduate + relapse + strife
    if not happens(luck.leave[i], total):
        return
    aim = luck.reason[i] * total
    if aim < drop:
        members.leaving[i] = DRIFTED_OFF if well else DROPPED_OUT
    elif aim < drop + once:
        members.leaving[i] = CAME_ONCE
    elif aim < drop + once + graduate:
        members.leaving[i] = GRADUATED
    elif aim < drop + once + graduate + relapse:
        members.leaving[i] = RELAPSED
    else:
        members.leaving[i] = CONFLICT


@kernel
def _drop_hazard(members, i, p):  # type: ignore[no-untyped-def]
    tilt = p.unmet_drives * members.unmet[i] - p.hope_holds * (members.hope[i] - TYPICAL_HOPE)
    tilt -= p.belonging_holds * members.belonging[i] + p.commitment_holds * members.commitment[i]
    tilt -= p.fit_holds * (members.fit[i] - TYPICAL_FIT) + p.belief_holds * (members.belief_fit[i] - TYPICAL_FIT)
    hazard = p.drop_hazard * members.propensity[i] * exp(tilt) * (1.0 + p.loss_drives * members.loss[i])
    if carries_work(members.role[i]):
        hazard = hazard * p.helper_stays
    return hazard if members.attended[i] else hazard * p.absent_drifts
