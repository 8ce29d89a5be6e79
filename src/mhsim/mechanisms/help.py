"""Help, one to one: in and between meetings a member asks, and somebody who has been there answers, or nobody does.

Who asks. A member asks with hazard ``ask_per_week * need`` (times `off_meeting` for a member who did not come), with
``need = distress * (1 - reliance_silences * self_reliance) * (1 - shame_silences * shame)``; besides, with hazard
``ease_asks * tie_support``, over ties and without need, and with the hazard `sponsor_calls` of `bond` if there is a
sponsor, who turns to this person (both whether there or not; who answers goes by the rule below). Each asks at most
once a step; when for the first time is kept (`first_asked`).
Who is asked first: the order of the ring, or the most distressed first under the policy ``neediest``.

Who answers. Candidates for seeker i are helpers (weight 1) and accommodated members without that role (weight
`informal`), times `off_meeting` if either the seeker or the candidate is not at the meeting. A candidate's pull is

    weight * (1 + known * strength of i's tie to j) * 1 / (1 + (load / capacity)^2)

with load the requests j has answered this step, ``capacity = capacity_people * dt * (1 - skill_eases + skill_eases *
sharing_skill) * spare_time`` (for helpers times `free`, what the work of the group leaves them, `free` counting as a
twentieth at least). The request is met with chance ``total / (total + reluctance * (1 + formality_slows *
formality))`` for the sum `total` of pulls, whatever the policy. Who answers is found by one draw, going round the ring
from i's seat in proportion to pull times a factor of the policy: 1 (random), ``like^2`` (alike), ``1 + years of
membership`` (veteran), 1 (neediest) and, under ``own_sponsor``, `sponsor_pull` for a sponsor and 1 otherwise. A request
that is not met is counted, and ``unmet += unmet_gain (1 - unmet)``; every step unmet first fades by `unmet_fade`.

What it does to the seeker, with ``close = (unlike_works + (1 - unlike_works) like) * able`` (like with the breadth of
`share`; `able` of the one who helps, see `work`):

    distress       -= comfort * close * distress
    identification += naming * close * (1 - identification)                      only in impact
    coping         += min(1, teaching * close [twice that in recoil]) * max(0, coping_j - coping_i)
    hope           += encourage * close * max(0, hope_j - hope_i)
    self_efficacy  += coaching * close * max(0, efficacy_j - efficacy_i)
    dependency     += dependency_gain (1 - dependency)

Advice is unfit with chance ``unfit_advice * (1 - like) * (1 - training) * (1 - know_how of j)``; then
``self_efficacy -= unfit_harm * self_efficacy`` besides, and trust falls by `unfit_trust` of itself.

What it does to the one who helps, per help given, each times `benefit_to_helper`:

    self_efficacy += helper_efficacy * (1 - .)   hope += helper_hope * (1 - .)   distress -= helper_relief * .
    meaning       += helper_meaning (1 - .)

and, unmarked since they touch no outcome, ``belonging += helper_belonging (1 - .)`` and ``dependency -= helper_freed
.``. Strain grows per help by ``strain_per_help * (strain_least + distress of the seeker) / spare_time * relief`` and,
for helpers and organisers, by ``lead_strain / sharers * relief`` a week (see `work`; without it those in charge share),
with the `relief` of those who are looked after (see `supervise`); all members recover ``rest * (1 + self_care)`` of it
a week. Strain hurts: ``distress += strain_hurts * strain * (1 - distress)`` a week. Efficacy, hope and distress are
computed from the values at the start of the phase, effects of several helps adding up; belonging, meaning, dependency,
trust and the seeker's identification are updated help by help; results are held within 0 to 1.

Sources: E1, E24-E29, E57-E60 helper benefit, E110 quick response, E201 unfit advice, E205-E209 strain; V31, V38-V40.
"""

from __future__ import annotations

from typing import Literal

from mhsim.core.jit import kernel
from mhsim.core.maths import clip, happens
from mhsim.core.params import WEEKS_PER_YEAR, Parameters, par, switch
from mhsim.kernel_helpers import around, carries_work, likeness
from mhsim.schema import ACCOMMODATION, HELPER, IMPACT, LARGEST_COUNT, NEVER, RECOIL, SPONSOR
from mhsim.ties import has_sponsor, place_of

WRITES = {
    "members": (
        "hope",
        "coping",
        "self_efficacy",
        "distress",
        "identification",
        "dependency",
        "trust",
        "meaning",
        "belonging",
        "strain",
        "unmet",
        "helped_by",
        "load",
        "help_given",
        "help_this_year",
        "help_received",
        "unmet_requests",
        "first_asked",
    ),
    "groups": ("requests", "requests_unmet"),
}
NEUTRAL = {"ask_per_week": 0.0, "ease_asks": 0.0, "lead_strain": 0.0, "strain_hurts": 0.0}
LEAST_FREE = 0.05
"""Share of a helper's time, at least, that the group's work leaves for those who ask."""
OWN_SPONSOR, RANDOM, ALIKE, VETERAN, NEEDIEST = 0, 1, 2, 3, 4


class Help(Parameters):
    """Parameters of help one to one."""

    enabled: bool = switch("whether members help one another one to one")
    policy: Literal["own_sponsor", "random", "alike", "veteran", "neediest"] = par(
        "own_sponsor", unit="choice", why="how seekers and those who answer are matched", source="E37 E117"
    )
    ask_per_week: float = par(2.0, 0, 20, unit="1/week", why="asking for help, at full need", source="V46")
    ease_asks: float = par(
        0.0, 0, 20, unit="1/week", why="turning to those one is close to, at ease", source="assumed; E60 E36"
    )
    reliance_silences: float = par(0.5, 0, 1, unit="share", why="of asking, held back by self-reliance", source="E20")
    shame_silences: float = par(0.4, 0, 1, unit="share", why="of asking, held back by shame", source="assumed; E99")
    off_meeting: float = par(0.3, 0, 1, unit="share", why="reach between meetings: telephone, messages", source="E148")
    informal: float = par(
        0.15, 0, 1, unit="share", why="pull of an accommodated member who is no helper", source="assumed"
    )
    known: float = par(3.0, 0, 50, unit="weight", why="how far seekers are drawn to those they know", source="V40")
    sponsor_pull: float = par(20.0, 1, 1000, unit="weight", why="pull of one's own sponsor", source="E117 V33")
    capacity_people: float = par(
        3.0, 0.1, 100, unit="people", why="requests a typical helper answers easily in a week", source="V40"
    )
    skill_eases: float = par(0.5, 0, 1, unit="share", why="how far capacity goes with sharing skill", source="assumed")
    formality_slows: float = par(
        0.0,
        0,
        10,
        unit="weight",
        why="a formal body is harder to turn to: more reluctance",
        source="assumed; E106 E161",
    )
    reluctance: float = par(
        0.35,
        0.001,
        10,
        unit="weight",
        why="what the pull of all must outweigh for a request to be met",
        source="assumed",
    )
    unmet_gain: float = par(0.3, 0, 1, unit="share", why="how much one unanswered request weighs", source="V73")
    unmet_fade: float = par(0.1, 0, 1, unit="share/week", why="of unmet requests, forgotten", source="assumed; V73")
    unlike_works: float = par(0.4, 0, 1, unit="share", why="of help's effect, from one wholly unlike", source="V12")
    comfort: float = par(0.04, 0, 1, unit="share/help", why="of distress, lifted", source="V44 E89", benefit=True)
    naming: float = par(
        0.05, 0, 1, unit="share/help", why="identification gained in impact by being helped", source="E25", benefit=True
    )
    teaching: float = par(
        0.003, 0, 1, unit="share/help", why="of the gap in coping, closed; twice in recoil", source="E26", benefit=True
    )
    encourage: float = par(0.05, 0, 1, unit="share/help", why="of the gap in hope, closed", source="V77", benefit=True)
    coaching: float = par(
        0.014, 0, 1, unit="share/help", why="of the gap in self-efficacy, closed", source="V32 V80", benefit=True
    )
    benefit_to_helper: float = par(
        1.0,
        0,
        5,
        unit="weight",
        why="how much helping does for the helper, as a multiple of the assumed benefit",
        source="V39 E57",
        benefit=True,
        label="Benefit of helping for the helper",
        slider=(0, 3, 0.1),
        special=((0, "none"), (1, "normal")),
    )
    helper_efficacy: float = par(0.0015, 0, 1, unit="share/help", why="efficacy gained by helping", source="V39 E47")
    helper_hope: float = par(0.003, 0, 1, unit="share/help", why="hope gained by helping", source="E57")
    helper_relief: float = par(0.004, 0, 1, unit="share/help", why="distress lifted by helping", source="E58")
    helper_belonging: float = par(0.03, 0, 1, unit="share/help", why="belonging gained by helping", source="V34")
    helper_meaning: float = par(0.02, 0, 1, unit="share/help", why="meaning gained by helping", source="assumed; E29")
    helper_freed: float = par(0.05, 0, 1, unit="share/help", why="dependency lost by helping", source="assumed; E60")
    dependency_gain: float = par(
        0.01, 0, 1, unit="share/help", why="dependency gained by being helped", source="assumed"
    )
    strain_per_help: float = par(0.022, 0, 1, unit="share/help", why="strain per help given", source="assumed; E205")
    strain_least: float = par(0.4, 0, 5, unit="weight", why="strain of helping one without distress", source="assumed")
    lead_strain: float = par(
        0.06, 0, 5, unit="1/week", why="strain of leading, shared by helpers and organisers", source="assumed; V48"
    )
    rest: float = par(0.1, 0, 1, unit="share/week", why="of strain, recovered", source="assumed")
    training: float = par(0.2, 0, 1, unit="share", why="how far helpers are taught", source="E209 V49")
    self_care: float = par(0.0, 0, 2, unit="weight", why="how far helpers tend themselves", source="E207")
    strain_hurts: float = par(
        0.004, 0, 1, unit="share/week", why="distress that strain brings", source="assumed; E205", harm=True
    )
    unfit_advice: float = par(
        0.05,
        0,
        1,
        unit="chance",
        why="of unfit advice, from an untrained stranger to the work, unlike oneself",
        source="E201",
    )
    unfit_harm: float = par(
        0.05, 0, 1, unit="share/help", why="of self-efficacy, lost by unfit advice", source="assumed; E201", harm=True
    )
    unfit_trust: float = par(0.1, 0, 1, unit="share/help", why="of trust, lost by unfit advice", source="assumed; E201")


@kernel
def help_one_to_one(members, groups, g, luck, ring, scratch, ports, ties, handles, clock, breadth, sponsor_calls, p):  # type: ignore[no-untyped-def]
    """Let members ask and be helped; `breadth` is that of `share`, for likeness, `sponsor_calls` that of `bond`."""
    _before(members, scratch, p)
    n = len(members)
    asking = 0
    for seat in range(n):
        i = ring[seat]
        if _asks(members, i, luck, ports, ties, handles, sponsor_calls, p):
            scratch.seeker[asking] = seat
            asking += 1
    if p.policy == NEEDIEST:
        _neediest_first(members, ring, scratch, asking)
    candidates = _list_candidates(members, ring, scratch)
    unmet = 0
    for k in range(asking):
        seat = scratch.seeker[k]
        j = _answers(members, ring, seat, candidates, groups, g, luck, ports, ties, handles, scratch, clock, breadth, p)
        i = ring[seat]
        if members.first_asked[i] == NEVER:
            members.first_asked[i] = clock.step
        if j < 0:
            unmet += 1
            members.unmet_requests[i] += 1
            members.unmet[i] += p.unmet_gain * (1.0 - members.unmet[i])
        else:
            members.helped_by[i] = j
            members.load[j] += 1
            members.help_given[j] += 1
            members.help_this_year[j] = min(LARGEST_COUNT, members.help_this_year[j] + 1)
            members.help_received[i] += 1
            _for_the_seeker(members, i, j, luck, scratch, ports, breadth, p)
            _for_the_helper(members, i, j, scratch, p)
    groups.requests[g] = asking
    groups.requests_unmet[g] = unmet
    _after(members, groups, g, scratch, p)


@kernel
def _before(members, scratch, p):  # type: ignore[no-untyped-def]
    for i in range(len(members)):
        members.helped_by[i] = -1
        members.load[i] = 0
        members.unmet[i] -= p.unmet_fade * members.unmet[i]
        scratch.hope[i] = 0.0
        scratch.coping[i] = 0.0
        scratch.self_efficacy[i] = 0.0
        scratch.distress[i] = 0.0
        scratch.strain[i] = 0.0


@kernel
def _asks(members, i, luck, ports, ties, handles, sponsor_calls, p):  # type: ignore[no-untyped-def]
    need = members.distress[i] * (1.0 - p.reliance_silences * members.self_reliance[i])
    need = need * (1.0 - p.shame_silences * members.shame[i])
    hazard = p.ask_per_week * need
    if not members.attended[i]:
        hazard = hazard * p.off_meeting
    hazard += p.ease_asks * members.tie_support[i]
    if sponsor_calls > 0.0 and has_sponsor(ties, handles, members.slot[i]):
        hazard += sponsor_calls
    return happens(luck.ask[i], hazard * ports.ask[i])


@kernel
def _neediest_first(members, ring, scratch, asking):  # type: ignore[no-untyped-def]
    for k in range(1, asking):
        seat = scratch.seeker[k]
        place = k
        while place > 0 and members.distress[ring[seat]] > members.distress[ring[scratch.seeker[place - 1]]]:
            scratch.seeker[place] = scratch.seeker[place - 1]
            place -= 1
        scratch.seeker[place] = seat


@kernel
def _list_candidates(members, ring, scratch):  # type: ignore[no-untyped-def]
    count = 0
    for seat in range(len(members)):
        j = ring[seat]
        if members.role[j] == HELPER or members.stage[j] == ACCOMMODATION:
            scratch.candidate[count] = seat
            count += 1
    return count


@kernel
def _pull(members, i, j, free, ties, handles, clock, p):  # type: ignore[no-untyped-def]
    if i == j:
        return 0.0
    weight = 1.0 if members.role[j] == HELPER else p.informal
    if not (members.attended[i] and members.attended[j]):
        weight = weight * p.off_meeting
    place = place_of(ties, handles, members.slot[i], members.slot[j])
    if place >= 0:
        weight = weight * (1.0 + p.known * ties.strength[members.slot[i], place])
    ease = 1.0 - p.skill_eases + p.skill_eases * members.sharing_skill[j]
    capacity = p.capacity_people * clock.dt * ease * members.spare_time[j]
    if members.role[j] == HELPER:
        capacity = capacity * max(LEAST_FREE, free)
    full = members.load[j] / capacity
    return weight / (1.0 + full * full)


@kernel
def _favour(members, i, j, ties, handles, clock, breadth, p):  # type: ignore[no-untyped-def]
    if p.policy == OWN_SPONSOR:
        place = place_of(ties, handles, members.slot[i], members.slot[j])
        return p.sponsor_pull if place >= 0 and ties.kind[members.slot[i], place] == SPONSOR else 1.0
    if p.policy == ALIKE:
        like = likeness(members.profile_x[i], members.profile_y[i], members.profile_x[j], members.profile_y[j], breadth)
        return like * like
    if p.policy == VETERAN:
        return 1.0 + (clock.step - members.joined[j]) * clock.dt / WEEKS_PER_YEAR
    return 1.0


@kernel
def _answers(members, ring, seat, candidates, groups, g, luck, ports, ties, handles, scratch, clock, breadth, p):  # type: ignore[no-untyped-def]
    i = ring[seat]
    first = 0
    while first < candidates and scratch.candidate[first] < seat:
        first += 1
    total = 0.0
    for k in range(candidates):
        j = ring[scratch.candidate[around(first + k, candidates)]]
        scratch.pull[k] = _pull(members, i, j, groups.free[g], ties, handles, clock, p) * ports.answer[j]
        total += scratch.pull[k]
    reluctance = p.reluctance * (1.0 + p.formality_slows * groups.formality[g])
    if total <= 0.0 or luck.accept[i] >= total / (total + reluctance):
        return -1
    total = 0.0
    for k in range(candidates):
        if scratch.pull[k] > 0.0:
            j = ring[scratch.candidate[around(first + k, candidates)]]
            scratch.pull[k] *= _favour(members, i, j, ties, handles, clock, breadth, p)
            total += scratch.pull[k]
    aim = luck.match[i] * total
    reached = 0.0
    found = -1
    for k in range(candidates):
        if scratch.pull[k] > 0.0:
            found = ring[scratch.candidate[around(first + k, candidates)]]
            reached += scratch.pull[k]
            if aim < reached:
                return found
    return found


@kernel
def _for_the_seeker(members, i, j, luck, scratch, ports, breadth, p):  # type: ignore[no-untyped-def]
    like = likeness(members.profile_x[i], members.profile_y[i], members.profile_x[j], members.profile_y[j], breadth)
    close = (p.unlike_works + (1.0 - p.unlike_works) * like) * members.able[j]
    scratch.distress[i] -= ports.comfort[i] * p.comfort * close * members.distress[i]
    close = close * ports.learn[i]
    if members.stage[i] == IMPACT:
        members.identification[i] = clip(
            members.identification[i] + p.naming * close * (1.0 - members.identification[i])
        )
    teaching = 2.0 * p.teaching if members.stage[i] == RECOIL else p.teaching
    scratch.coping[i] += min(1.0, teaching * close) * max(0.0, members.coping[j] - members.coping[i])
    scratch.hope[i] += p.encourage * close * max(0.0, members.hope[j] - members.hope[i])
    scratch.self_efficacy[i] += p.coaching * close * max(0.0, members.self_efficacy[j] - members.self_efficacy[i])
    members.dependency[i] = clip(members.dependency[i] + p.dependency_gain * (1.0 - members.dependency[i]))
    green = 1.0 - members.know_how[j]
    if luck.advice[i] < p.unfit_advice * (1.0 - like) * (1.0 - p.training) * green:
        scratch.self_efficacy[i] -= p.unfit_harm * members.self_efficacy[i]
        members.trust[i] -= p.unfit_trust * members.trust[i]


@kernel
def _for_the_helper(members, i, j, scratch, p):  # type: ignore[no-untyped-def]
    gain = p.benefit_to_helper
    scratch.self_efficacy[j] += gain * p.helper_efficacy * (1.0 - members.self_efficacy[j])
    scratch.hope[j] += gain * p.helper_hope * (1.0 - members.hope[j])
    scratch.distress[j] -= gain * p.helper_relief * members.distress[j]
    members.meaning[j] = clip(members.meaning[j] + gain * p.helper_meaning * (1.0 - members.meaning[j]))
    members.belonging[j] = clip(members.belonging[j] + p.helper_belonging * (1.0 - members.belonging[j]))
    members.dependency[j] -= p.helper_freed * members.dependency[j]
    scratch.strain[j] += p.strain_per_help * (p.strain_least + members.distress[i]) / members.spare_time[j]


@kernel
def _after(members, groups, g, scratch, p):  # type: ignore[no-untyped-def]
    rest = min(1.0, p.rest * (1.0 + p.self_care))
    for i in range(len(members)):
        strain = members.strain[i]
        load = scratch.strain[i]
        if carries_work(members.role[i]):
            load += p.lead_strain / groups.sharers[g]
        distress = scratch.distress[i] + p.strain_hurts * strain * (1.0 - members.distress[i])
        members.distress[i] = clip(members.distress[i] + distress)
        members.strain[i] = clip(strain - rest * strain + groups.relief[g] * load)
        members.hope[i] = clip(members.hope[i] + scratch.hope[i])
        members.coping[i] = clip(members.coping[i] + scratch.coping[i])
        members.self_efficacy[i] = clip(members.self_efficacy[i] + scratch.self_efficacy[i])
