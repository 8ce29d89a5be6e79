"""Coming to meetings: some weeks a member comes, some weeks not, and where there are several, to some of them.

Meetings are due at an even pace: with ``pace = meetings_per_week * dt``, ``due = floor(pace (t + 1)) - floor(pace
t)`` in step t, and at least 1: each step is an occasion, whatever its length. Nobody comes to a meeting that is not
held (see `work`). A first visit is certain, to one meeting, if any is held. Otherwise a member comes to each meeting
held with chance

    logistic(ease + belonging_pull * belonging + role_pull * [helper or organiser] + hope_pull * (hope - 0.4)
             - distress_push * (distress - 0.5) - barrier_push * (1 - remote) * access_barrier
             - leaderless_push * [no helper or organiser on the roll for leaderless_weeks or more])

and `visits` is how many of them one draw gives: the largest number k with u < chance of k or more (see below). Coming
makes a habit by the week, not by the meeting: `commitment` gains `habit` of what is missing to one when the member came
at all, and loses `habit_loss` of itself when not. `meetings` counts steps with a visit. Joining is the first of them; a
first visit is that at which `meetings` becomes 1, which starters never have. At it, who has no role becomes a newcomer
(founders with the role of helper keep it). Weeks without a helper or organiser are `leaderless` as the last step's
govern left it.

How many of n with chance c each: 1 where ``u < c``, else 0, for n = 1; n where c >= 1. Else start with k = 0, ``t = (1
- c)^n`` (one factor after the other), ``rest = 1 - t``; while k < n and u < rest, k goes up by one, ``t *= c (n - k +
1) / ((1 - c) k)`` and ``rest -= t``.

Sources: V20, V22 attendance; E14-E15 voluntary, inner motivation; E42 hope draws on; E154 leaders uphold the group.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.core.maths import logistic
from mhsim.core.params import Parameters, par, switch
from mhsim.kernel_helpers import MIDPOINT, TYPICAL_HOPE, binomial, carries_work
from mhsim.schema import HELPER, NEVER, NEWCOMER, NO_ROLE

WRITES = {
    "members": ("attended", "visits", "meetings", "steps_absent", "commitment", "joined", "role"),
    "groups": ("attended", "visits", "helpers_there", "newcomers", "first_visits"),
}
NEUTRAL = {
    "belonging_pull": 0.0,
    "role_pull": 0.0,
    "hope_pull": 0.0,
    "distress_push": 0.0,
    "barrier_push": 0.0,
    "leaderless_push": 0.0,
    "habit": 0.0,
    "habit_loss": 0.0,
}


class Attend(Parameters):
    """Parameters of coming to meetings."""

    enabled: bool = switch("whether anybody comes to meetings")
    ease: float = par(-0.58, -10, 10, unit="weight", why="ease of coming without barriers, in log-odds", source="V22")
    belonging_pull: float = par(3.0, -10, 10, unit="weight", why="belonging draws people in", source="assumed; E61")
    role_pull: float = par(0.7, -10, 10, unit="weight", why="having work to do there", source="assumed; V29")
    hope_pull: float = par(0.5, -10, 10, unit="weight", why="hope draws people in", source="assumed; E42 E44")
    distress_push: float = par(0.4, -10, 10, unit="weight", why="distress keeps away", source="assumed")
    barrier_push: float = par(0.8, 0, 10, unit="weight", why="barriers keep away", source="assumed; E181 V14")
    remote: float = par(0.0, 0, 1, unit="share", why="how far the channel does away with barriers", source="E125")
    leaderless_push: float = par(
        0.0, -10, 10, unit="weight", why="a group without helper or organiser is less worth coming to", source="assumed"
    )
    leaderless_weeks: float = par(
        13.0, 0, 5000, unit="weeks", why="until lack of helper and organiser is felt", source="assumed; E154"
    )
    habit: float = par(0.0125, 0, 1, unit="share/week", why="attachment grown by coming", source="V04 V05")
    habit_loss: float = par(0.003, 0, 1, unit="share/week", why="attachment lost by staying away", source="assumed")


@kernel
def attend(members, groups, g, luck, ports, clock, p):  # type: ignore[no-untyped-def]
    """Decide who comes to this step's meeting."""
    leaderless = p.leaderless_push if groups.leaderless[g] >= p.leaderless_weeks else 0.0
    there = helpers = first = visits = 0
    held = groups.held[g]
    for i in range(len(members)):
        new = members.meetings[i] == 0
        inclination = _inclination(members, i, p) - leaderless + ports.attend[i]
        came = min(1, held) if new else binomial(luck.attend[i], held, logistic(inclination))
        members.visits[i] = came
        visits += came
        if came > 0:
            members.attended[i] = 1
            members.meetings[i] += 1
            members.steps_absent[i] = 0
            members.commitment[i] += p.habit * (1.0 - members.commitment[i])
            there += 1
            if members.role[i] == HELPER:
                helpers += 1
            if new:
                first += 1
                if members.role[i] == NO_ROLE:
                    members.role[i] = NEWCOMER
            if members.joined[i] == NEVER:
                members.joined[i] = clock.step
        else:
            members.attended[i] = 0
            members.steps_absent[i] += 1
            members.commitment[i] -= p.habit_loss * members.commitment[i]
    groups.attended[g] = there
    groups.visits[g] = visits
    groups.helpers_there[g] = helpers
    groups.newcomers[g] = first
    groups.first_visits[g] += first


@kernel
def _inclination(members, i, p):  # type: ignore[no-untyped-def]
    pull = p.ease + p.belonging_pull * members.belonging[i] + p.hope_pull * (members.hope[i] - TYPICAL_HOPE)
    if carries_work(members.role[i]):
        pull += p.role_pull
    pull -= p.distress_push * (members.distress[i] - MIDPOINT)
    return pull - p.barrier_push * (1.0 - p.remote) * members.access_barrier[i]
