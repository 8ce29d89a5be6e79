"""Who people are when they come into need: traits and state at arrival, from keyed draws by inversion.

Draws (purpose "traits at arrival"), each turned into a standard normal z: block 0 motivation, profile x, profile y,
severity; block 1 hope, self-efficacy, coping, identification; block 2 shame, self-reliance, willingness, sharing
skill; block 3 kin support, access barrier, belief fit, propensity; block 4 resilience class, distress, spare time,
none. With ``r = arrive.motivation_link`` and ``with m: linked = sqrt(1 - r*r) z + r * motivation``; the parameters
are those of the section `traits` unless another is named:

    hope_baseline      logistic(hope_mean + hope_sd z)
    efficacy_baseline  logistic(efficacy_mean + efficacy_sd z)
    coping             logistic(coping_mean + coping_sd z)
    identification     logistic(identification_mean + identification_sd z)
    shame_baseline     logistic(shame_mean + stigma_shames (community.stigma - 0.5) + shame_sd z)
    self_reliance      logistic(reliance_mean + reliance_sd z)
    willingness        logistic(willingness_mean + willingness_sd linked)
    sharing_skill      exp(skill_sd z)
    kin_support        logistic(kin_mean + kin_sd z)
    access_barrier     logistic(barrier_mean + barrier_sd z)
    belief_fit         logistic(belief_mean + belief_sd z)
    propensity         exp(leave.propensity_sd (sqrt(1-r*r) z - r motivation))
    spare_time         exp(spare_time_sd z)
    distress           logistic(distress_mean + severity_distress * severity + distress_sd z)
    class              resilient where linked > quantile(1 - arrive.resilient), chronic where linked <
                       quantile(arrive.chronic), else recovering

Hope, self-efficacy and shame start at their baselines (hope times ``1 - distress_dims * distress``), isolation at ``1
- kin_support``, trust at `trust`, fit at `fit`; belonging, meaning, dependency, strain, commitment and unmet at 0.

Starters (the parameters are those of the section `start`). In an established group the tenure of starter k in weeks is
``- tenure_weeks * log(u)`` of the draw "start" (at most `longest_weeks`), helpers first; the stage is accommodation for
helpers, and for others accommodation where the stage draw is under ``tenure / (tenure + accommodated_weeks)``, else
impact with tenure under `impact_weeks` and recoil above. With s = `stage_gain` times 0, 1, 2 by stage: hope,
self_efficacy and coping gain s of what is missing (helpers `helper_gain`, and know-how of `helper_know_how`, in a
founding group `founder_know_how`), distress loses s of itself; identification becomes at least `identification` above
impact; belonging ``min(1, belonging_new + belonging_grown c)``, trust the same, commitment ``c = 1 - exp(-
commitment_grows * tenure)``; they have come to half the meetings of their tenure (at least one). These helpers have
served a part of their term already, so that terms do not all end in one week: ``min(tenure, u * serve.term_weeks)``
weeks, u being the third word of the draw "start"; `helper_since` lies that many whole steps before the opening. In a
founding group all tenures are 0 but those of helpers, `helper_weeks`, whose `arrived` and `joined` lie that long before
the opening, but whose term begins with it; others are in recoil if their stage draw is under `founding_recoil`, else in
impact, with belonging and trust `founding_belonging`. `first_helper` of helpers is the opening in any group. Where
helping has to be learnt (`prepare` on) the `apprentices` starters after the helpers are apprentices by own wish:
accommodated, with know-how of `apprentice_know_how`, otherwise like other members. `apprentice_since` is the opening,
so that beside whom they learn is settled in `prepare` of that step.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

from mhsim.core.jit import kernel
from mhsim.core.maths import exp, log, logistic, normal_quantile
from mhsim.core.params import Parameters, par
from mhsim.core.rng import draw
from mhsim.kernel_helpers import MIDPOINT
from mhsim.random_streams import START, TRAITS
from mhsim.schema import ACCOMMODATION, APPRENTICE, CHRONIC, HELPER, IMPACT, RECOIL, RECOVERING, RESILIENT

CIRCUMSTANCES, COURSE = 3, 4
"""The last blocks of the draw for traits: kin support and the like; class of recovery, distress, spare time."""


def _mean(default: float, why: str, source: str = "assumed") -> Any:
    return par(default, -5, 5, unit="log-odds", why=f"{why} at arrival, mean", source=source)


def _spread(default: float, why: str, source: str = "assumed") -> Any:
    return par(default, 0, 3, unit="s.d.", why=f"{why} at arrival, on the scale of its mean", source=source)


class Traits(Parameters):
    """Means and spreads of the traits and of the state with which people come into need."""

    hope_mean: float = _mean(-0.6, "hope")
    hope_sd: float = _spread(0.8, "hope")
    distress_dims: float = par(
        0.3, 0, 1, unit="share", why="of hope at arrival, lost in full distress", source="assumed"
    )
    efficacy_mean: float = _mean(-0.6, "self-efficacy")
    efficacy_sd: float = _spread(0.8, "self-efficacy")
    coping_mean: float = _mean(-1.6, "coping")
    coping_sd: float = _spread(0.6, "coping")
    identification_mean: float = _mean(-1.5, "identification")
    identification_sd: float = _spread(0.6, "identification")
    shame_mean: float = _mean(0.0, "shame, where stigma is middling,", "assumed; E99")
    shame_sd: float = _spread(0.7, "shame")
    stigma_shames: float = par(2.0, 0, 10, unit="weight", why="how far stigma raises shame at arrival", source="E99")
    reliance_mean: float = _mean(0.0, "self-reliance", "assumed; E20")
    reliance_sd: float = _spread(0.8, "self-reliance")
    willingness_mean: float = _mean(0.2, "willingness to help")
    willingness_sd: float = _spread(1.0, "willingness to help")
    skill_sd: float = par(0.7, 0, 3, unit="s.d.", why="how people differ in sharing skill, in logs", source="assumed")
    kin_mean: float = _mean(-0.2, "support by family and friends")
    kin_sd: float = _spread(0.8, "support by family and friends")
    barrier_mean: float = _mean(-0.6, "barriers to access", "assumed; E181")
    barrier_sd: float = _spread(0.8, "barriers to access")
    belief_mean: float = _mean(0.6, "how well a group's ideas suit people,", "assumed; E139")
    belief_sd: float = _spread(0.8, "how well a group's ideas suit people,")
    distress_mean: float = _mean(0.9, "distress", "assumed; V91")
    severity_distress: float = par(
        0.7, 0, 3, unit="weight", why="how far severity raises distress at arrival", source="assumed"
    )
    distress_sd: float = _spread(0.3, "distress, for the same severity,")
    spare_time_sd: float = par(
        0.5, 0, 3, unit="s.d.", why="how people differ in the time they can give, in logs", source="assumed; V54"
    )
    trust: float = par(0.3, 0, 1, unit="share", why="trust in groups at arrival", source="assumed")
    fit: float = par(0.6, 0, 1, unit="share", why="how alike one expects others to be", source="assumed")


@kernel
def normals(key, who, community, step, block):  # type: ignore[no-untyped-def]
    """Return four standard normal draws for the traits of a person."""
    a, b, c, d = draw(key, who, 0, community, step, TRAITS, block)
    return normal_quantile(a), normal_quantile(b), normal_quantile(c), normal_quantile(d)


@kernel
def set_traits(people, i, key, community, step, settings):  # type: ignore[no-untyped-def]
    """Give the person in row i, whose `who` is set, traits and the state of somebody just come into need."""
    p = settings.traits[0]
    link = settings.arrive[0].motivation_link
    rest = sqrt(1.0 - link * link)
    who = people.who[i]
    motivation, people.profile_x[i], people.profile_y[i], severity = normals(key, who, community, step, 0)
    people.motivation[i] = motivation
    people.severity[i] = severity
    a, b, c, d = normals(key, who, community, step, 1)
    people.hope_baseline[i] = logistic(p.hope_mean + p.hope_sd * a)
    people.efficacy_baseline[i] = logistic(p.efficacy_mean + p.efficacy_sd * b)
    people.coping[i] = logistic(p.coping_mean + p.coping_sd * c)
    people.identification[i] = logistic(p.identification_mean + p.identification_sd * d)
    a, b, c, d = normals(key, who, community, step, 2)
    shamed = p.shame_mean + p.stigma_shames * (settings.community[0].stigma - MIDPOINT)
    people.shame_baseline[i] = logistic(shamed + p.shame_sd * a)
    people.self_reliance[i] = logistic(p.reliance_mean + p.reliance_sd * b)
    willing = p.willingness_mean + p.willingness_sd * (rest * c)
    people.willingness[i] = logistic(willing + p.willingness_sd * (link * motivation))
    people.sharing_skill[i] = exp(p.skill_sd * d)
    a, b, c, d = normals(key, who, community, step, CIRCUMSTANCES)
    people.kin_support[i] = logistic(p.kin_mean + p.kin_sd * a)
    people.access_barrier[i] = logistic(p.barrier_mean + p.barrier_sd * b)
    people.belief_fit[i] = logistic(p.belief_mean + p.belief_sd * c)
    people.propensity[i] = exp(settings.leave[0].propensity_sd * (rest * d - link * motivation))
    a, b, c, d = normals(key, who, community, step, COURSE)
    people.resilience[i] = _class_of(rest * a + link * motivation, settings.arrive[0])
    people.distress[i] = logistic(p.distress_mean + p.severity_distress * severity + p.distress_sd * b)
    people.spare_time[i] = exp(p.spare_time_sd * c)
    people.arrival_distress[i] = people.distress[i]
    people.hope[i] = people.hope_baseline[i] * (1.0 - p.distress_dims * people.distress[i])
    people.self_efficacy[i] = people.efficacy_baseline[i]
    people.shame[i] = people.shame_baseline[i]
    people.isolation[i] = 1.0 - people.kin_support[i]


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
def set_starter(people, i, key, community, clock, role, established, term_weeks, p):  # type: ignore[no-untyped-def]
    """Turn a person just made into one who is there when the groups open; `p` is the section `start`."""
    a, b, c, _ = draw(key, people.who[i], 0, community, 0, START, 0)
    helper, learns = role == HELPER, role == APPRENTICE
    tenure = min(p.longest_weeks, -p.tenure_weeks * log(a)) if established else p.helper_weeks if helper else 0.0
    stage = RECOIL if b < p.founding_recoil else IMPACT
    if helper or learns or (established and b < tenure / (tenure + p.accommodated_weeks)):
        stage = ACCOMMODATION
    elif established:
        stage = IMPACT if tenure < p.impact_weeks else RECOIL
    gain = p.helper_gain if helper else p.stage_gain * stage
    people.stage[i] = stage
    people.hope[i] += gain * (1.0 - people.hope[i])
    people.self_efficacy[i] += gain * (1.0 - people.self_efficacy[i])
    people.coping[i] += gain * (1.0 - people.coping[i])
    people.distress[i] -= p.stage_gain * stage * people.distress[i]
    commitment = 1.0 - exp(-p.commitment_grows * tenure)
    people.commitment[i] = commitment
    grown = min(1.0, p.belonging_new + p.belonging_grown * commitment)
    people.belonging[i] = grown if established or helper else p.founding_belonging
    people.trust[i] = people.belonging[i]
    if stage != IMPACT:
        people.identification[i] = max(people.identification[i], p.identification)
    step = clock.step
    steps = int(tenure / clock.dt)
    people.joined[i] = step - steps
    people.arrived[i] = step - steps
    people.first_contact[i] = step - steps
    people.meetings[i] = max(1, steps // 2)
    people.starter[i] = 1
    people.role[i] = role
    if learns:
        people.know_how[i] = p.apprentice_know_how
        people.apprentice_since[i] = step
    if helper:
        people.know_how[i] = p.helper_know_how if established else p.founder_know_how
        served = min(tenure, c * term_weeks) if established else 0.0
        people.helper_since[i] = step - int(served / clock.dt)
        people.first_helper[i] = step
    if stage != IMPACT:
        people.recoil_at[i] = step
    if stage == ACCOMMODATION:
        people.accommodated_at[i] = step
