"""Who people are when they come into need: traits and state at arrival, from keyed draws by inversion.

Draws (purpose "traits at arrival"), each turned into a standard normal z: block 0 motivation, profile x, profile y,
severity; block 1 hope, self-efficacy, coping, identification; block 2 shame, self-reliance, willingness, sharing
skill; block 3 kin support, access barrier, belief fit, propensity; block 4 resilience class, distress, none, none.
With ``r = motivation_link`` and ``with m: linked = sqrt(1 - r*r) z + r * motivation``:

    hope_baseline, efficacy_baseline  logistic(-0.6 + 0.8 z)     coping          logistic(-1.6 + 0.6 z)
    identification                    logistic(-1.5 + 0.6 z)     self_reliance   logistic(0.8 z)
    shame_baseline                    logistic(2 (stigma - 0.5) + 0.7 z)
    willingness                       logistic(0.2 + linked)     sharing_skill   exp(0.7 z)
    kin_support                       logistic(-0.2 + 0.8 z)     access_barrier  logistic(-0.6 + 0.8 z)
    belief_fit                        logistic(0.6 + 0.8 z)      propensity      exp(propensity_sd (sqrt(1-r*r) z - r
                    motivation))
    distress                          logistic(0.9 + 0.7 severity + 0.3 z)
    class      resilient where linked > quantile(1 - resilient), chronic where linked < quantile(chronic), else
                    recovering

Hope, self-efficacy and shame start at their baselines (hope times ``1 - 0.3 distress``), isolation at ``1 -
kin_support``, trust at 0.3, fit at 0.6; belonging, meaning, dependency, strain, commitment and unmet at 0.

Starters of an established group. The tenure of starter k in weeks is ``- tenure_weeks * log(u)`` of the draw "start"
(at most 2000), helpers first; the stage is accommodation for helpers, and for others accommodation where the stage
draw is under ``tenure / (tenure + 120)``, else impact with tenure under 13 weeks and recoil above. With ``s`` 0,
0.25, 0.5 by stage: hope, self_efficacy and coping gain s of what is missing (helpers 0.6), distress loses s of
itself; identification becomes ``max(., 0.6)`` above impact; belonging ``0.2 + 0.5 c``, trust the same, commitment ``c
= 1 - exp(-0.01 tenure)``; they have come to half the meetings of their tenure (at least one). In a founding group all
tenures are 0 but those of helpers, 52 weeks, whose `arrived` and `joined` lie that long before the opening; others
are in recoil if their stage draw is under one half, else in impact, with belonging 0.3.
"""

from __future__ import annotations

from math import sqrt

from mhsim.core.jit import kernel
from mhsim.core.maths import exp, log, logistic, normal_quantile
from mhsim.core.rng import draw
from mhsim.random_streams import START, TRAITS
from mhsim.schema import ACCOMMODATION, CHRONIC, HELPER, IMPACT, NEVER, NOWHERE, ORDINARY, RECOIL, RECOVERING, RESILIENT


@kernel
def normals(key, who, community, step, block):  # type: ignore[no-untyped-def]
    """Return four standard normal draws for the traits of a person."""
    a, b, c, d = draw(key, who, 0, community, step, TRAITS, block)
    return normal_quantile(a), normal_quantile(b), normal_quantile(c), normal_quantile(d)


@kernel
def set_traits(people, i, key, community, step, stigma, arrive, propensity_sd):  # type: ignore[no-untyped-def]
    """Give the person in row i, whose `who` is set, traits and the state of somebody just come into need."""
    link = arrive.motivation_link
    rest = sqrt(1.0 - link * link)
    who = people.who[i]
    motivation, people.profile_x[i], people.profile_y[i], severity = normals(key, who, community, step, 0)
    people.motivation[i] = motivation
    people.severity[i] = severity
    a, b, c, d = normals(key, who, community, step, 1)
    people.hope_baseline[i] = logistic(-0.6 + 0.8 * a)
    people.efficacy_baseline[i] = logistic(-0.6 + 0.8 * b)
    people.coping[i] = logistic(-1.6 + 0.6 * c)
    people.identification[i] = logistic(-1.5 + 0.6 * d)
    a, b, c, d = normals(key, who, community, step, 2)
    people.shame_baseline[i] = logistic(2.0 * (stigma - 0.5) + 0.7 * a)
    people.self_reliance[i] = logistic(0.8 * b)
    people.willingness[i] = logistic(0.2 + rest * c + link * motivation)
    people.sharing_skill[i] = exp(0.7 * d)
    a, b, c, d = normals(key, who, community, step, 3)
    people.kin_support[i] = logistic(-0.2 + 0.8 * a)
    people.access_barrier[i] = logistic(-0.6 + 0.8 * b)
    people.belief_fit[i] = logistic(0.6 + 0.8 * c)
    people.propensity[i] = exp(propensity_sd * (rest * d - link * motivation))
    a, b, c, d = normals(key, who, community, step, 4)
    people.resilience[i] = _class_of(rest * a + link * motivation, arrive)
    people.distress[i] = logistic(0.9 + 0.7 * severity + 0.3 * b)
    _set_state(people, i, step)


@kernel
def _class_of(index, arrive):  # type: ignore[no-untyped-def]
    if arrive.resilient > 0.0:
        if arrive.resilient >= 1.0 or index > normal_quantile(1.0 - arrive.resilient):
            return RESILIENT
    if arrive.chronic > 0.0:
        if arrive.chronic >= 1.0 or index < normal_quantile(arrive.chronic):
            return CHRONIC
    return RECOVERING


@kernel
def _set_state(people, i, step):  # type: ignore[no-untyped-def]
    people.arrived[i] = step
    people.hope[i] = people.hope_baseline[i] * (1.0 - 0.3 * people.distress[i])
    people.self_efficacy[i] = people.efficacy_baseline[i]
    people.shame[i] = people.shame_baseline[i]
    people.isolation[i] = 1.0 - people.kin_support[i]
    people.trust[i] = 0.3
    people.fit[i] = 0.6
    people.stage[i] = IMPACT
    people.group[i] = NOWHERE
    people.last_group[i] = NOWHERE
    people.going_to[i] = NOWHERE
    people.helped_by[i] = NOWHERE
    people.joined[i] = NEVER
    people.first_contact[i] = NEVER
    people.helper_since[i] = NEVER
    people.first_helper[i] = NEVER
    people.recoil_at[i] = NEVER
    people.accommodated_at[i] = NEVER
    people.left_at[i] = NEVER
    people.last_crisis[i] = NEVER
    people.first_group_stay[i] = 1
    for k in range(4):
        people.snapshot_stage[i, k] = 255
        people.snapshot_membership[i, k] = 255
        people.snapshot_calm[i, k] = 255


@kernel
def set_starter(people, i, key, community, clock, helper, established, tenure_weeks):  # type: ignore[no-untyped-def]
    """Turn a person just made into one who is there when the groups open."""
    a, b, _, _ = draw(key, people.who[i], 0, community, 0, START, 0)
    tenure = min(2000.0, -tenure_weeks * log(a)) if established else 52.0 if helper else 0.0
    stage = RECOIL if b < 0.5 else IMPACT
    if helper or (established and b < tenure / (tenure + 120.0)):
        stage = ACCOMMODATION
    elif established:
        stage = IMPACT if tenure < 13.0 else RECOIL
    gain = 0.6 if helper else 0.25 * stage
    people.stage[i] = stage
    people.hope[i] += gain * (1.0 - people.hope[i])
    people.self_efficacy[i] += gain * (1.0 - people.self_efficacy[i])
    people.coping[i] += gain * (1.0 - people.coping[i])
    people.distress[i] -= 0.25 * stage * people.distress[i]
    commitment = 1.0 - exp(-0.01 * tenure)
    people.commitment[i] = commitment
    people.belonging[i] = 0.2 + 0.5 * commitment if established or helper else 0.3
    people.trust[i] = people.belonging[i]
    if stage != IMPACT:
        people.identification[i] = max(people.identification[i], 0.6)
    step = clock.step
    steps = int(tenure / clock.dt)
    people.joined[i] = step - steps
    people.arrived[i] = step - steps
    people.first_contact[i] = step - steps
    people.meetings[i] = max(1, steps // 2)
    people.starter[i] = 1
    people.role[i] = HELPER if helper else ORDINARY
    if helper:
        people.helper_since[i] = step
        people.first_helper[i] = step
    if stage != IMPACT:
        people.recoil_at[i] = step
    if stage == ACCOMMODATION:
        people.accommodated_at[i] = step
