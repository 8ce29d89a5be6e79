"""Preparation and succession: who is to help learns it beside somebody who does; a plan begins before the need.

The parts follow one another in this order, each with what the one before has left.

Know-how. A helper's know-how grows by `practice` of what is missing. An apprentice gains ``able_at * dt / weeks``
beside a helper, and so knows enough to help (`able_at`, but for rounding: 1e-9) after `weeks`; without one the same
times ``max(alone, record * legacy)``, by trial or from what is written down (`record` is that of `bequeath`). A helper
teaches one at a time: those who began earliest (equals by arrival) learn beside the helpers that were on the roll when
the step began, the others alone. All others forget `forget` of what they know, but for those who wait: successors with
the role of member who know enough.

Beside whom. Who became an apprentice in `serve` of this step, or is one as the groups open in it, learns from the
helper to whom the tie is strongest (no tie counts as strength 0; equals: who knows more, then by arrival), of those
with the role now. The own help then descends from the one from whom the helper's does, or from the helper if that is
nobody, and is of the next generation. Without a helper it descends from nobody and is of generation 0.

Becoming a helper. An apprentice who knows enough, is accommodated and does not leave becomes a helper if the own wish
began it; who prepares to follow becomes a member again and waits. Each place of a helper that fell vacant (role left,
or group left) stays so until somebody takes it. Whoever becomes a helper takes one if there is one: that is counted at
the end of `serve`, and here when all who are ready have become helpers. The places then left are taken by those who
wait and can take a role (see `serve`), the readiest first, with the highest readiness (see `serve`; equals by arrival).

The plan. While fewer than `successors` members prepare to follow or wait, and the group had a helper or organiser when
the step began, the readiest member who can take a role and knows too little is asked, and begins with hazard
`ask_per_week`, drawn by that member's word `goes_too`; beside whom is settled at once, as above. Who leaves the group
prepares no longer.

Sources: E107-E109 legacy, E115-E117, E158-E159 succession, E209 training; V45 four hours of training, V49.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.core.maths import clip, happens
from mhsim.core.params import Parameters, par, switch
from mhsim.roles import become_helper, can_take_role, knows_enough, ready_before
from mhsim.schema import ACCOMMODATION, APPRENTICE, HELPER, NOBODY, ORDINARY, STAYS
from mhsim.ties import strength_of

WRITES = {
    "members": (
        *("know_how", "role", "successor", "apprentice_since", "descent", "generation"),
        *("helper_since", "first_helper"),
    ),
    "people": ("credit",),
    "groups": ("vacancies", "helpers_made"),
}
NEUTRAL = {"able_at": 0.0, "practice": 0.0, "forget": 0.0, "successors": 0}
HIGHEST_GENERATION = 255


class Prepare(Parameters):
    """Parameters of preparation and succession."""

    enabled: bool = switch("whether helping has to be learnt first")
    weeks: float = par(
        26.0, 0.5, 500, unit="weeks", why="beside a helper, until one knows enough to help", source="assumed; V45"
    )
    able_at: float = par(0.5, 0, 1, unit="share", why="know-how with which one can help alone", source="assumed; E107")
    alone: float = par(0.33, 0, 1, unit="share", why="pace of learning with no teacher", source="assumed; E158")
    practice: float = par(0.01, 0, 1, unit="share/week", why="know-how gained by helping", source="assumed; E201")
    forget: float = par(0.002, 0, 1, unit="share/week", why="know-how lost without use", source="assumed")
    successors: int = par(
        0,
        0,
        20,
        unit="people",
        why="members whom a group with a plan has preparing to follow, or waiting to",
        source="E159",
        label="Members prepared to follow",
        slider=(0, 4, 1),
        special=((0, "none"),),
    )
    ask_per_week: float = par(0.2, 0, 10, unit="1/week", why="asking the readiest to prepare", source="assumed; E159")


@kernel
def prepare(members, people, groups, g, luck, ties, handles, clock, record, p, roles):  # type: ignore[no-untyped-def]
    """Let members learn, follow and be asked to prepare; `record` is of `bequeath`, `roles` are all of `serve`."""
    for i in range(len(members)):
        if members.role[i] == HELPER:
            members.know_how[i] += p.practice * (1.0 - members.know_how[i])
        elif members.role[i] == APPRENTICE:
            _learn(members, groups, g, i, clock, record, p)
        elif not _waits(members, i, p):
            members.know_how[i] -= p.forget * members.know_how[i]
    for i in range(len(members)):
        if members.role[i] == APPRENTICE and members.apprentice_since[i] == clock.step:
            _find_mentor(members, i, ties, handles)
    made = 0
    for i in range(len(members)):
        if members.role[i] == APPRENTICE and _is_ready(members, i, p):
            if members.successor[i]:
                members.role[i] = ORDINARY
            else:
                become_helper(members, people, groups, g, i, ties, handles, clock)
                made += 1
    groups.vacancies[g] = max(0, groups.vacancies[g] - made)
    following = True
    while following and groups.vacancies[g] > 0:
        following = _follow(members, people, groups, g, ties, handles, clock, p, roles)
    if groups.helpers[g] + groups.organisers[g] > 0:
        _ask(members, luck, ties, handles, clock, p, roles)


@kernel
def _waits(members, i, p):  # type: ignore[no-untyped-def]
    return members.successor[i] and members.role[i] == ORDINARY and knows_enough(members, i, p.able_at)


@kernel
def _is_ready(members, i, p):  # type: ignore[no-untyped-def]
    well = members.stage[i] == ACCOMMODATION and members.leaving[i] == STAYS
    return well and knows_enough(members, i, p.able_at)


@kernel
def _learn(members, groups, g, i, clock, record, p):  # type: ignore[no-untyped-def]
    before = 0
    for j in range(len(members)):
        if members.role[j] == APPRENTICE and _began_before(members, j, i):
            before += 1
    pace = 1.0 if before < groups.helpers[g] else max(p.alone, record * groups.legacy[g])
    members.know_how[i] = clip(members.know_how[i] + pace * p.able_at * clock.dt / p.weeks)


@kernel
def _began_before(members, j, i):  # type: ignore[no-untyped-def]
    if members.apprentice_since[j] != members.apprentice_since[i]:
        return members.apprentice_since[j] < members.apprentice_since[i]
    return members.who[j] < members.who[i]


@kernel
def _find_mentor(members, i, ties, handles):  # type: ignore[no-untyped-def]
    mentor = -1
    closest = 0.0
    for j in range(len(members)):
        if members.role[j] == HELPER:
            strength = strength_of(ties, handles, members.slot[i], members.slot[j])
            if mentor < 0 or strength > closest or (strength == closest and _knows_more(members, j, mentor)):
                mentor, closest = j, strength
    members.descent[i] = NOBODY
    members.generation[i] = 0
    if mentor >= 0:
        members.descent[i] = members.descent[mentor] if members.descent[mentor] != NOBODY else members.who[mentor]
        members.generation[i] = min(HIGHEST_GENERATION, members.generation[mentor] + 1)


@kernel
def _knows_more(members, j, other):  # type: ignore[no-untyped-def]
    if members.know_how[j] != members.know_how[other]:
        return members.know_how[j] > members.know_how[other]
    return members.who[j] < members.who[other]


@kernel
def _follow(members, people, groups, g, ties, handles, clock, p, roles):  # type: ignore[no-untyped-def]
    best = -1
    for i in range(len(members)):
        if _waits(members, i, p) and can_take_role(members, i, clock, roles):
            if best < 0 or ready_before(members, i, best, roles):
                best = i
    if best < 0:
        return False
    groups.vacancies[g] -= 1
    become_helper(members, people, groups, g, best, ties, handles, clock)
    return True


@kernel
def _ask(members, luck, ties, handles, clock, p, roles):  # type: ignore[no-untyped-def]
    planned = 0
    best = -1
    for i in range(len(members)):
        if members.successor[i] and (members.role[i] == APPRENTICE or _waits(members, i, p)):
            planned += 1
        if not knows_enough(members, i, p.able_at) and can_take_role(members, i, clock, roles):
            if best < 0 or ready_before(members, i, best, roles):
                best = i
    if planned < p.successors and best >= 0 and happens(luck.goes_too[best], p.ask_per_week):
        members.role[best] = APPRENTICE
        members.apprentice_since[best] = clock.step
        members.successor[best] = 1
        _find_mentor(members, best, ties, handles)
