"""Arriving: people come into need, and some of those in need come to a group, or come back to one.

Need. Each step a Poisson number of people enters impact in each community, with mean ``arrivals_per_week *
inflow_factor``, where the factor of a place is lognormal with mean 1. Their traits are drawn once, with the step of
arrival in the counter; `arrived` is that step, and they live that very step.

Coming. A person outside who has never been a member comes to a group with hazard

    uptake * exp(distress_drives (distress - 0.6) + seen_draws (identification - 0.5) + motivation_drives * motivation
                 - barrier_keeps * barrier - shame_keeps * shame - reliance_keeps * self_reliance
                 - weeks since arrival / fade_weeks) * reach
    + referral_per_year * (1 - barrier)                                 during the first year
    + outreach * helpers of the community / people in need outside      while not accommodated
    + invite_per_year * members of the community / people in need outside    likewise

with ``barrier = (1 - remote) * access_barrier``, ``reach = (members per open group / 15) ** word_of_mouth`` (members
at least 1/2 per group). Barriers, shame and self-reliance only ever keep people away: `uptake` is the rate of who has
none of them. That joiners start worse than those who do not come is a result of this rule. A former member comes back
with hazard

    return_hazard * exp(distress_returns (distress - 0.5) + commitment_returns * commitment) * reach

Which group. Among the open groups of the community with room (fewer than `room` members), four candidates are drawn,
with replacement; the person takes the one whose centre is most alike (the first drawn among equals). Candidate k is
the group at place ``floor(u_k * number of groups with room)`` of the list, u_k being word k of the draw "choice of
group", block 0, of this step; likeness here has breadth 1. With one such group there is no choice, with none nobody
comes. The person is marked and the visit is in the next step. Who is marked in this step leaves the community all the
same if that comes first.

Several forms. Where a world has groups of several forms, likeness is weighed by what a form asks: the person takes the
candidate with the greatest

    likeness * exp(belief_holds (belief_fit - 0.6) - barrier_keeps * (1 - remote) * access_barrier)

`remote` is that of the candidate's form (`forms.NAME.arrive.remote`), and so is `belief_holds`, the hold of ideas that
suit (`forms.NAME.leave.belief_holds`): whom the ideas suit little goes past a form that rests on them. Everybody who
has not yet come looks at the candidates each step, and the barrier in the hazard is that of the group that would be
taken, by the `remote` of its form. All else here is the scenario's own.

Sources: E30, E34, E99, E125, E139, E149, E164; V91 who joins and how many, V21, V26, V100.
"""

from __future__ import annotations

import numpy as np

from mhsim.core.jit import kernel
from mhsim.core.maths import exp, happens, log, poisson
from mhsim.core.params import Parameters, par, switch
from mhsim.core.rng import draw
from mhsim.kernel_helpers import MIDPOINT, TYPICAL_DISTRESS_OUTSIDE, TYPICAL_FIT, TYPICAL_ROLL, likeness
from mhsim.random_streams import ARRIVALS, CHOICE, WORDS
from mhsim.schema import ACCOMMODATION, FORMER, NOWHERE, STAYS

WRITES = {"people": ("going_to",)}
NEUTRAL = {
    "uptake": 0.0,
    "referral_per_year": 0.0,
    "outreach": 0.0,
    "invite_per_year": 0.0,
    "return_hazard": 0.0,
}
FIRST_YEAR = 52.0
CHUNK = 16.0
"""Largest mean of a Poisson number drawn at once; exp of minus a much larger one has too few digits."""
OF_FORM = np.dtype([("remote", "f8"), ("belief_holds", "f8")])
"""What people weigh of a form when they choose among groups."""
FEWEST_MEMBERS = 0.5
"""Members per open group, at least, in `reach`: groups that are empty are known a little."""


class Arrive(Parameters):
    """Parameters of arriving."""

    enabled: bool = switch("whether anybody comes into need, comes to a group or comes back")
    uptake: float = par(0.0314, 0, 10, unit="1/week", why="coming to a group, nothing in the way", source="V91 V100")
    distress_drives: float = par(3.3, -10, 10, unit="weight", why="distress brings people", source="V91")
    seen_draws: float = par(1.0, -10, 10, unit="weight", why="seeing oneself in others brings people", source="assumed")
    motivation_drives: float = par(0.3, -10, 10, unit="weight", why="motivation brings people", source="assumed")
    barrier_keeps: float = par(1.0, 0, 10, unit="weight", why="barriers keep away", source="assumed; E181")
    shame_keeps: float = par(0.8, 0, 10, unit="weight", why="shame keeps away", source="assumed; E99")
    reliance_keeps: float = par(0.5, 0, 10, unit="weight", why="self-reliance keeps away", source="assumed; E20")
    fade_weeks: float = par(26.0, 1, 1000, unit="weeks", why="over which readiness to come wears off", source="E30")
    word_of_mouth: float = par(0.3, 0, 2, unit="weight", why="larger groups are known better", source="V17")
    remote: float = par(0.0, 0, 1, unit="share", why="how far the channel does away with barriers", source="E125")
    referral_per_year: float = par(0.1, 0, 52, unit="1/year", why="sent by services", source="assumed; V17 E190")
    outreach: float = par(
        0.0, 0, 50, unit="people/week", why="people in need that each helper goes to and brings", source="E149 V100"
    )
    invite_per_year: float = par(
        0.0, 0, 52, unit="1/year", why="people in need whom a member brings along", source="V17: a third come so"
    )
    return_hazard: float = par(0.001, 0, 10, unit="1/week", why="coming back, typical", source="assumed; E34")
    distress_returns: float = par(2.0, -10, 10, unit="weight", why="distress brings people back", source="assumed; E34")
    commitment_returns: float = par(1.5, -10, 10, unit="weight", why="attachment brings people back", source="assumed")
    room: int = par(40, 1, 100000, unit="people", why="members a group has room for", source="V21 V26")
    motivation_link: float = par(
        0.4, 0, 0.95, unit="share", why="correlation of motivation with staying, helping, recovering", source="assumed"
    )
    resilient: float = par(
        0.3, 0, 1, unit="share", why="people who recover soon unaided", source="assumed for lasting trouble; V97 V98"
    )
    chronic: float = par(
        0.4, 0, 1, unit="share", why="people who hardly recover unaided", source="assumed for lasting trouble; V97 V98"
    )


@kernel
def count_arrivals(key, community, step, mean):  # type: ignore[no-untyped-def]
    """Return how many people come into need: Poisson, drawn in chunks of mean at most 16."""
    number = 0
    chunk = 0
    a = b = c = d = 0.0
    while mean > 0.0:
        word = chunk % WORDS
        if word == 0:
            a, b, c, d = draw(key, 0, 0, community, step, ARRIVALS, chunk // WORDS)
        u = a if word == 0 else b if word == 1 else c if word == 2 else d
        number += poisson(u, min(CHUNK, mean))
        mean -= CHUNK
        chunk += 1
    return number


@kernel
def reach_of(members, open_groups, word_of_mouth):  # type: ignore[no-untyped-def]
    """Return how far groups are known: 1 at a typical number of people per open group, 0 without an open group."""
    if open_groups == 0:
        return 0.0
    return exp(word_of_mouth * log(max(FEWEST_MEMBERS, members / open_groups) / TYPICAL_ROLL))


@kernel
def come(people, groups, community, communities, luck, ports, rooms, rooms_count, key, clock, forms, p):  # type: ignore[no-untyped-def]
    """Mark those outside who come, or come back, to one of the groups with room listed in `rooms`.

    `forms` holds what is weighed of each form, behind place 0; a world in which all groups are alike has place 0 alone.
    """
    if rooms_count == 0:
        return
    reach = reach_of(communities.members[community], communities.open_groups[community], p.word_of_mouth)
    outside = max(1, communities.people[community] - communities.members[community])
    brought = p.outreach * communities.helpers[community] / outside
    brought += p.invite_per_year * communities.members[community] / outside
    nearest = p.remote if len(forms) == 1 else _largest_remote(forms)
    for i in range(len(people)):
        if people.leaving[i] == STAYS:
            if people.membership[i] == FORMER:
                tilt = p.distress_returns * (people.distress[i] - MIDPOINT)
                tilt += p.commitment_returns * people.commitment[i]
                hazard = p.return_hazard * exp(tilt) * reach
            else:
                hazard = _hazard_of_coming(people, i, reach, brought, nearest, clock, p)
            if happens(luck.uptake[i], hazard * ports.come[i]):
                g = choose(
                    people, i, groups, community, rooms, rooms_count, NOWHERE, key, clock, forms, p.barrier_keeps
                )
                comes = True
                if len(forms) > 1 and people.membership[i] != FORMER:
                    # Who comes over the lowest barrier there is may not come over that of the group taken.
                    remote = forms.remote[groups.form[g]]
                    hazard = _hazard_of_coming(people, i, reach, brought, remote, clock, p)
                    comes = happens(luck.uptake[i], hazard * ports.come[i])
                if comes:
                    people.going_to[i] = g


@kernel
def _largest_remote(forms):  # type: ignore[no-untyped-def]
    largest = 0.0
    for form in range(1, len(forms)):
        largest = max(largest, forms.remote[form])
    return largest


@kernel
def _hazard_of_coming(people, i, reach, brought, remote, clock, p):  # type: ignore[no-untyped-def]
    weeks = (clock.step - people.arrived[i]) * clock.dt
    tilt = p.distress_drives * (people.distress[i] - TYPICAL_DISTRESS_OUTSIDE)
    tilt += p.seen_draws * (people.identification[i] - MIDPOINT)
    tilt += p.motivation_drives * people.motivation[i]
    barrier = (1.0 - remote) * people.access_barrier[i]
    tilt -= p.barrier_keeps * barrier + p.shame_keeps * people.shame[i] + p.reliance_keeps * people.self_reliance[i]
    hazard = p.uptake * exp(tilt - weeks / p.fade_weeks) * reach
    if weeks < FIRST_YEAR:
        hazard += p.referral_per_year * (1.0 - barrier)
    if people.stage[i] != ACCOMMODATION:
        hazard += brought
    return hazard


@kernel
def choose(people, i, groups, community, rooms, rooms_count, barred, key, clock, forms, keeps):  # type: ignore[no-untyped-def]
    """Return the group a person takes among those with room, -1 if only the barred one has."""
    if rooms_count == 1:
        return rooms[0] if rooms[0] != barred else NOWHERE
    a, b, c, d = draw(key, people.who[i], 0, community, clock.step, CHOICE, 0)
    best = NOWHERE
    most = -1.0
    for u in (a, b, c, d):
        g = rooms[int(u * rooms_count)]
        like = likeness(people.profile_x[i], people.profile_y[i], groups.profile_x[g], groups.profile_y[g], 1.0)
        if len(forms) > 1:
            form = groups.form[g]
            held = forms.belief_holds[form] * (people.belief_fit[i] - TYPICAL_FIT)
            like *= exp(held - keeps * (1.0 - forms.remote[form]) * people.access_barrier[i])
        if g != barred and like > most:
            best, most = g, like
    return best
