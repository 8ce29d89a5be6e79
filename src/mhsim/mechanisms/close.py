"""How groups end: competing hazards, each with its reason, and what the end does to those who relied on the group.

Per group and step, with ``hold = (1 - cohesion_holds * cohesion) * (1 - formality_holds * formality)``:

    low_attendance    low_per_year * logistic((low_at - attendance) / low_width) * hold
    no_leader         no_leader_per_year * min(1, leaderless / leaderless_weeks)
    no_longer_needed  needless_per_year       when inflow is under `few_come` and seekers are under `few_seek` of the
                    roll
    conflict          strife_hazard * hold    that of `quarrel`, in a step with an open conflict
    money             broke_per_year * hold   while funds are under zero

A group that nobody has visited for `unvisited_weeks` closes for certain, for low attendance. The reason is drawn in
proportion to the hazards; apart from it, every circumstance present is kept (attendance under `low_at`, no carrier,
inflow under `few_come`, conflict, funds under zero). The rule "no helper closes a group" is `no_leader_per_year`: zero
takes it away and leaves what want of helpers does through attendance.

Closing ends a stay in the group: each member moves to another open group of the community with chance `transfer` if
there is one with room, and otherwise is a former member (`group_closed`). The end costs those who relied on it:
``distress += loss_harm * dependency * (1 - distress)``.

Sources: E157-E162, E213; V55 (half-life 2.5 to 6 years), V64 (poor attendance the main trouble).
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.core.maths import clip, happens, logistic
from mhsim.core.params import Parameters, par, switch
from mhsim.schema import LOW_ATTENDANCE, MONEY, NO_LEADER, NO_LONGER_NEEDED, STRIFE

WRITES = {"groups": ("closing", "circumstances"), "members": ("distress",)}
NEUTRAL = {
    "low_per_year": 0.0,
    "no_leader_per_year": 0.0,
    "needless_per_year": 0.0,
    "broke_per_year": 0.0,
    "unvisited_weeks": 5000.0,
}


class Close(Parameters):
    """Parameters of closing."""

    enabled: bool = switch("whether groups close")
    low_at: float = par(3.5, 0, 100, unit="people", why="attendance at which a meeting feels empty", source="V64")
    low_per_year: float = par(2.0, 0, 52, unit="1/year", why="closing for want of people", source="V55 V64")
    low_width: float = par(0.7, 0.05, 50, unit="people", why="how gradually emptiness tells", source="assumed")
    cohesion_holds: float = par(0.5, 0, 1, unit="share", why="of ends, put off by cohesion", source="assumed; E61")
    formality_holds: float = par(0.3, 0, 1, unit="share", why="of ends, put off by formality", source="assumed; E106")
    no_leader_per_year: float = par(
        0.0, 0, 52, unit="1/year", why="closing for want of anyone to carry it, after half a year", source="assumed"
    )
    leaderless_weeks: float = par(
        26.0, 1, 5000, unit="weeks", why="without anyone to carry a group, until it tells in full", source="assumed"
    )
    needless_per_year: float = par(
        0.5, 0, 52, unit="1/year", why="closing because it is no longer needed", source="assumed; E32"
    )
    few_come: float = par(
        0.02, 0, 100, unit="people a week", why="first visits below which a group is not needed", source="assumed"
    )
    few_seek: float = par(
        0.2, 0, 1, unit="share", why="seekers on the roll below which a group is not needed", source="assumed"
    )
    broke_per_year: float = par(1.0, 0, 52, unit="1/year", why="closing for want of money or room", source="E140 E141")
    unvisited_weeks: float = par(8.0, 1, 5000, unit="weeks", why="nobody came: closed for certain", source="assumed")
    transfer: float = par(0.6, 0, 1, unit="chance", why="members of a closed group go to another", source="assumed")
    loss_harm: float = par(
        0.2, 0, 1, unit="share", why="distress when a group one relies on ends", source="assumed; E213", harm=True
    )


@kernel
def close(groups, g, close_draw, reason_draw, strife_hazard, p):  # type: ignore[no-untyped-def]
    """Mark a group that closes at the end of this step; `strife_hazard` is that of `quarrel`."""
    groups.circumstances[g] = present_circumstances(groups, g, p)
    if groups.unvisited[g] >= p.unvisited_weeks:
        groups.closing[g] = LOW_ATTENDANCE
        return
    hold = (1.0 - p.cohesion_holds * groups.cohesion[g]) * (1.0 - p.formality_holds * groups.formality[g])
    low = p.low_per_year * logistic((p.low_at - groups.attendance[g]) / p.low_width) * hold
    leader = p.no_leader_per_year * min(1.0, groups.leaderless[g] / p.leaderless_weeks)
    few_seek = groups.seekers[g] < p.few_seek * groups.roll[g]
    needless = p.needless_per_year if groups.inflow[g] < p.few_come and few_seek else 0.0
    strife = strife_hazard * hold if groups.conflict[g] else 0.0
    money = p.broke_per_year * hold if groups.funds[g] < 0.0 else 0.0
    total = low + leader + needless + strife + money
    if not happens(close_draw, total):
        return
    aim = reason_draw * total
    if aim < low:
        groups.closing[g] = LOW_ATTENDANCE
    elif aim < low + leader:
        groups.closing[g] = NO_LEADER
    elif aim < low + leader + needless:
        groups.closing[g] = NO_LONGER_NEEDED
    elif aim < low + leader + needless + strife:
        groups.closing[g] = STRIFE
    else:
        groups.closing[g] = MONEY


@kernel
def present_circumstances(groups, g, p):  # type: ignore[no-untyped-def]
    """Return the circumstances present in a group, bit k for reason k, whether it closes or not."""
    found = 0
    if groups.attendance[g] < p.low_at:
        found |= 1 << LOW_ATTENDANCE
    if groups.leaderless[g] > 0.0:
        found |= 1 << NO_LEADER
    if groups.inflow[g] < p.few_come:
        found |= 1 << NO_LONGER_NEEDED
    if groups.conflict[g]:
        found |= 1 << STRIFE
    if groups.funds[g] < 0.0:
        found |= 1 << MONEY
    return found


@kernel
def lose_group(members, p):  # type: ignore[no-untyped-def]
    """Let the end of a group be felt by those who relied on it."""
    for i in range(len(members)):
        loss = p.loss_harm * members.dependency[i] * (1.0 - members.distress[i])
        members.distress[i] = clip(members.distress[i] + loss)
