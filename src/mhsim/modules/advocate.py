"""Acting together: groups that speak up, members who find that they can, and a public and services that move.

People have of their own ``agency`` (0 to 1): the sense that one is the author of one's own life and can change things
for others; it starts at the parameter `agency`. Communities have ``stigma``, the public stigma as a multiple of that
with which the world began (starts at 1), ``norm``, how normal it has become to lean on one another, and ``practice``,
how far services have changed at the insistence of groups (both start at 0), and ``acts`` and counts of the step.

With `effort` the share of a group's talk and of its helpers' time that goes to acting together, per step:

At the start of the step, for each community, from the values of the step before (0 before the first): with ``a = 100
* acts / max(1, people)`` and ``c = members / max(1, people)``, for the acts of the community and everybody in need in
it,

    stigma   += returns * (1 - stigma) - min(1, voice * a + contact * c) * stigma
    practice += min(1, insists * a) * (1 - practice) - practice_wears * practice
    norm     += spreads * c * (1 - norm) - norm_wears * norm

each from its own value before. Then `acts` and the counts are set to 0.

For people outside, before they decide to come: who came into need in this very step has shame and the level of shame
that it returns to multiplied by ``max(0, 1 - public * (1 - stigma))``. The port `come` is multiplied by
``exp(norm_draws * norm * self_reliance)`` and `service` by ``1 + heeds * practice``.

For a group, after work: helpers' free time ``free`` is multiplied by ``1 - effort``; and for each member the port
`hear` by ``1 - effort``, `ask` by ``exp(norm_draws * norm * self_reliance)``, `service` by ``1 + heeds * practice``
and `serve` by ``exp(agency_gates * (agency - p.agency))``.

After share: the group's ``acts`` are ``effort`` times the sum of the agency of the members who came to the meeting
(in the order of the ring); they are added to those of the community. With ``together = acts / (1 + acts)``, each
member who came has, from the values before,

    lifted         = fights * effort * together * shame           shame -= lifted
    self_efficacy += esteem * lifted * (1 - self_efficacy)
    agency        += (takes_part + acting * effort) * (1 - agency)

After help: who helped somebody in this step has ``agency += by_helping * (1 - agency)``. Then everybody, members
after help and people outside after their week, has ``agency += agency_returns * (p.agency - agency)``; with that they
are counted, each in `people` and members in `members`.

Results are held within 0 to 1. There are no draws.

Log: `voice` of a member whose agency, as it is when helping has been counted, has for the first time gone more than
half of the way from that of arrival to full.

Sources: E13, E18, E49-E50, E100, E103, E121, E177-E180.
"""

from __future__ import annotations

from mhsim.plugins import Column, Event, OwnMeasure, Rule, clip, exp, kernel, par, switch, tell

VOICE = 0
A_HUNDRED = 100.0
"""Acts are counted per hundred people in need."""


class Advocate(Rule):
    """Parameters of acting together and of what it moves."""

    after = "start"
    people = (
        Column("agency", "f8", "0-1", "sense of being able to change things", start="agency", shown="agency"),
        Column("found_voice", "u1", "0/1", "has come to feel able to change things"),
    )
    groups = (Column("acts", "f8", "people", "acting together this step, by agency", shown="acts"),)
    places = (
        Column("stigma", "f8", "factor", "public stigma, as a multiple of the first", start=1, shown="stigma"),
        Column("norm", "f8", "0-1", "how normal it is to lean on one another", shown="norm"),
        Column("practice", "f8", "0-1", "how far services have changed", shown="practice"),
        Column("acts", "f8", "people", "acts of all groups, this step"),
        Column("people", "f8", "people", "everybody in need, this step"),
        Column("members", "f8", "people", "members, this step"),
    )
    measures = (
        OwnMeasure(
            "stigma",
            "communities.stigma",
            "communities",
            "factor",
            "public stigma at the end, as a multiple of the first",
            "end",
        ),
        OwnMeasure("agency", "people.agency", "members", "0-1", "members' sense of being able to change things"),
        OwnMeasure(
            "practice", "communities.practice", "communities", "0-1", "how far services have changed at the end", "end"
        ),
    )
    events = (
        Event(
            VOICE,
            "voice",
            "people",
            {
                "en": (
                    "came to feel able to change things",
                    "one person came to feel able to change things",
                    "{count} people came to feel able to change things",
                ),
                "de": (
                    "begann zu spüren, etwas verändern zu können",
                    "eine Person begann zu spüren, etwas verändern zu können",
                    "{count} Personen begannen zu spüren, etwas verändern zu können",
                ),
            },
        ),
    )
    writes = {
        "people": ("shame", "shame_baseline"),
        "members": ("self_efficacy",),
        "groups": ("free",),
    }
    neutral = {
        "effort": 0.0,
        "contact": 0.0,
        "spreads": 0.0,
        "agency_gates": 0.0,
    }

    enabled: bool = switch("whether groups act together for a change", default=False)
    effort: float = par(0.1, 0, 1, unit="share", why="of talk and time, for acting together", source="E13 E179")
    # agency
    agency: float = par(0.3, 0, 1, unit="share", why="agency at arrival, and pull of it", source="assumed; E50")
    agency_returns: float = par(0.01, 0, 1, unit="share/week", why="pull of agency to its level", source="assumed; E50")
    takes_part: float = par(0.004, 0, 1, unit="share/meeting", why="agency gained by coming", source="assumed; E50")
    acting: float = par(0.03, 0, 1, unit="share/meeting", why="agency gained by acting together", source="assumed; E49")
    by_helping: float = par(0.01, 0, 1, unit="share", why="agency gained in a week of helping", source="assumed; E49")
    agency_gates: float = par(2.0, 0, 10, unit="weight", why="agency makes people take the role", source="assumed; E49")
    # shame fought together
    fights: float = par(
        0.05, 0, 1, unit="share/meeting", why="of shame, lifted by opposing it together", source="E100", benefit=True
    )
    esteem: float = par(
        0.3, 0, 1, unit="weight", why="self-efficacy from shame overcome", source="assumed; E100", benefit=True
    )
    # what moves outside
    voice: float = par(
        0.0003,
        0,
        1,
        unit="share/week",
        why="of stigma, by an act among a hundred in need",
        source="E177",
        benefit=True,
    )
    contact: float = par(
        0.002, 0, 1, unit="share/week", why="of stigma, if all in need were members", source="E103", benefit=True
    )
    returns: float = par(0.001, 0, 1, unit="share/week", why="pull of stigma to its first level", source="assumed")
    public: float = par(0.6, 0, 1, unit="share", why="of shame at arrival, due to public stigma", source="assumed; E99")
    insists: float = par(
        0.0008, 0, 1, unit="share/week", why="of services' practice, by such an act", source="E178", benefit=True
    )
    practice_wears: float = par(0.002, 0, 1, unit="share/week", why="of changed practice, lost", source="assumed")
    heeds: float = par(1.0, 0, 10, unit="weight", why="changed services are reached more", source="assumed; E178")
    spreads: float = par(0.005, 0, 1, unit="share/week", why="norm, if all in need were members", source="E180")
    norm_wears: float = par(0.001, 0, 1, unit="share/week", why="of that norm, lost", source="assumed; E180")
    norm_draws: float = par(1.0, 0, 10, unit="weight", why="norm undoes self-reliance", source="assumed; E180")

    @staticmethod
    def in_community(place, community, p):  # type: ignore[no-untyped-def]
        """Let public and services move by what groups did in the step before."""
        people = max(1.0, place.people[community])
        acts = A_HUNDRED * place.acts[community] / people
        share = place.members[community] / people
        stigma, norm, practice = place.stigma[community], place.norm[community], place.practice[community]
        moved = min(1.0, p.voice * acts + p.contact * share)
        place.stigma[community] = clip(stigma + p.returns * (1.0 - stigma) - moved * stigma)
        gained = min(1.0, p.insists * acts) * (1.0 - practice)
        place.practice[community] = clip(practice + gained - p.practice_wears * practice)
        place.norm[community] = clip(norm + p.spreads * share * (1.0 - norm) - p.norm_wears * norm)
        place.acts[community] = place.people[community] = place.members[community] = 0.0

    @staticmethod
    def outside_week(outside, ports, place, community, clock, p):  # type: ignore[no-untyped-def]
        """Let a public that has moved be felt by people outside, most by those who are new."""
        factor = max(0.0, 1.0 - p.public * (1.0 - place.stigma[community]))
        norm, heeded = p.norm_draws * place.norm[community], 1.0 + p.heeds * place.practice[community]
        for i in range(len(outside)):
            if outside.arrived[i] == clock.step:
                outside.shame[i] = clip(outside.shame[i] * factor)
                outside.shame_baseline[i] = clip(outside.shame_baseline[i] * factor)
            ports.come[i] *= exp(norm * outside.self_reliance[i])
            ports.service[i] *= heeded

    @staticmethod
    def after_work(members, groups, g, ports, own, place, community, p):  # type: ignore[no-untyped-def]
        """Let acting together take its share of talk and time, and agency and norm bear on asking and serving."""
        groups.free[g] *= 1.0 - p.effort
        norm, heeded = p.norm_draws * place.norm[community], 1.0 + p.heeds * place.practice[community]
        for i in range(len(members)):
            ports.hear[i] *= 1.0 - p.effort
            ports.ask[i] *= exp(norm * members.self_reliance[i])
            ports.service[i] *= heeded
            ports.serve[i] *= exp(p.agency_gates * (own.agency[members.slot[i]] - p.agency))

    @staticmethod
    def after_share(members, g, ring, own, ours, place, community, p):  # type: ignore[no-untyped-def]
        """Let those who came act together."""
        acts = 0.0
        for seat in range(len(members)):
            i = ring[seat]
            if members.attended[i]:
                acts += own.agency[members.slot[i]]
        acts = p.effort * acts
        ours.acts[g] = acts
        place.acts[community] += acts
        together = acts / (1.0 + acts)
        for i in range(len(members)):
            if members.attended[i]:
                slot = members.slot[i]
                lifted = p.fights * p.effort * together * members.shame[i]
                members.shame[i] = clip(members.shame[i] - lifted)
                gained = p.esteem * lifted * (1.0 - members.self_efficacy[i])
                members.self_efficacy[i] = clip(members.self_efficacy[i] + gained)
                gained = (p.takes_part + p.acting * p.effort) * (1.0 - own.agency[slot])
                own.agency[slot] = clip(own.agency[slot] + gained)

    @staticmethod
    def after_help(members, own, events, place, community, p):  # type: ignore[no-untyped-def]
        """Let helping make members agents, and agency return to its level."""
        for i in range(len(members)):
            slot = members.slot[i]
            if members.load[i] > 0:
                own.agency[slot] = clip(own.agency[slot] + p.by_helping * (1.0 - own.agency[slot]))
            if own.found_voice[slot] == 0 and own.agency[slot] > (1.0 + p.agency) / 2.0:
                own.found_voice[slot] = 1
                tell(events, VOICE, members, i, 0)
            _settle(own, slot, place, community, p)
            place.members[community] += 1.0

    @staticmethod
    def outside_after(outside, own, place, community, p):  # type: ignore[no-untyped-def]
        """Let agency return to its level in people outside."""
        for i in range(len(outside)):
            _settle(own, outside.slot[i], place, community, p)


@kernel
def _settle(own, slot, place, community, p):  # type: ignore[no-untyped-def]
    own.agency[slot] = clip(own.agency[slot] + p.agency_returns * (p.agency - own.agency[slot]))
    place.people[community] += 1.0
