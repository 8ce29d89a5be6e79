"""Support of several kinds: hands-on help, affirming worth, facts, comfort; gatherings; means held in common.

Each person has ``trouble``, practical trouble of daily life (0-1), ``worth``, the sense of one's own worth (0-1), and
``footing``, the social skill and footing won back (0-1). At first sight of a person, in the week of arrival or of the
opening, and before anything below: ``kin_support *= 1 - entry_isolation * logistic(severity)`` (a long hard struggle
has cost relationships) and ``isolation = 1 - kin_support``, both only where `entry_isolation` is above 0; ``worth = 1 -
shame``; trouble and footing are 0.

The week of everybody, the same for members (before anybody comes) and people outside (before they decide to come). The
order is this, and each line takes what those above left:

    trouble     -= settles * trouble
    trouble     += trouble_size * (1 - trouble)          with hazard troubles_per_year (word `trouble`)
    distress    += trouble_hurts * trouble * (1 - distress)                 held within 0 to 1
    worth       += worth_drift * (1 - shame - worth)
    footing     -= footing_fades * footing
    kin_support += befriends * footing * (1 - kin_support)

Help is a mix. Of an act of help to somebody in trouble t, the share ``practical * t`` is hands-on, `appraisal` affirms,
`informational` gives facts and where to go, and the rest is comfort. So at once after the above, for each member,

    distress lifted when helped        times max(0, 1 - practical * t - appraisal - informational)
    what else help gives               times 1 + informs * informational       naming, teaching, encouraging, coaching

and after help one to one, for each member i who was helped, by j, in the order of the ring (t of i is as it is then,
the same in the first two lines):

    strain of j        += practical_load * practical * t / spare_time of j       held to at most 1
    trouble of i       -= practical_relief * practical * t
    self_efficacy of i += affirms * appraisal * worth * (1 - self_efficacy)      believed as far as one has worth
    worth of i         += worth_gained * appraisal * (1 - worth)

Then, in each group:

- Footing. For who is at the meeting: ``footing += footing_gained * (1 - footing)``.
- Gatherings. With hazard `gatherings_per_year` (word `gathers` of "gathering") there is one this step, beside the
  meeting, and ``gatherings`` of the group rises by 1. Each member goes with chance `gathering_comes` (word `goes` of
  "own week"). In the order of the ring, each who goes wins footing again, as above, and meets the next on the ring who
  goes, if there is another: the tie to that one and then the tie of that one back move up by `gathering_tie` of what is
  missing to one, and are made if need be (as in `bond`). Nobody is helped there.
- The pool, empty in every new group, also one that splits off. ``pool += pool_gift * people at the meeting``. If it
  then holds at least 1 and somebody's trouble is above `pool_from`, 1 is spent on the member in the greatest trouble
  (the first on the ring among equals): ``trouble -= pool_relief * trouble``.

Log: `gathered` of a group that holds a gathering, `granted` of whom the pool helps.

Words: "own week" (each person, each step): trouble, goes, -, -; "gathering" (a group, each step): gathers, -, -, -.

Sources: E90-E93 kinds of support, E97 social skill regained, E98 ties broken at entry, E150 gatherings, E176 resources.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.kernel_helpers import around
from mhsim.plugins import (
    Column,
    Event,
    OwnMeasure,
    Purpose,
    Rule,
    clip,
    draw,
    draw_words,
    happens,
    logistic,
    par,
    switch,
    tell,
    tell_group,
    uniform,
)
from mhsim.ties import strengthen

OWN_WEEK, GATHERING = 1190, 1191
GATHERED, GRANTED = 0, 1


class Support(Rule):
    """Parameters of support of several kinds."""

    people = (
        Column("seen", "u1", "0/1", "has been given what one comes with"),
        Column("trouble", "f8", "0-1", "practical trouble of daily life", shown="trouble"),
        Column("worth", "f8", "0-1", "sense of one's own worth", shown="worth"),
        Column("footing", "f8", "0-1", "social skill and footing won back", shown="footing"),
    )
    groups = (
        Column("pool", "f8", "money", "means held in common, in what one grant takes", inherits=False, shown="pool"),
        Column("gatherings", "i4", "times", "gatherings so far", shown="gatherings"),
    )
    measures = (
        OwnMeasure("trouble", "people.trouble", "members", "0-1", "practical trouble of members"),
        OwnMeasure("gatherings", "groups.gatherings", "groups", "1/year", "gatherings of a group, in a year", "so_far"),
    )
    events = (
        Event(
            GATHERED,
            "gathered",
            "groups",
            {
                "en": (
                    "held a social gathering",
                    "one group held a social gathering",
                    "{count} times a group held a social gathering",
                ),
                "de": (
                    "kam zu einem geselligen Treffen zusammen",
                    "eine Gruppe kam zu einem geselligen Treffen zusammen",
                    "{count}mal kam eine Gruppe zu einem geselligen Treffen zusammen",
                ),
            },
        ),
        Event(
            GRANTED,
            "granted",
            "people",
            {
                "en": (
                    "got help in trouble from what the group puts by",
                    "one person got help from what the group puts by",
                    "{count} people got help from what the group puts by",
                ),
                "de": (
                    "bekam in der Not etwas aus der gemeinsamen Kasse",
                    "eine Person bekam etwas aus der gemeinsamen Kasse",
                    "{count} Personen bekamen etwas aus der gemeinsamen Kasse",
                ),
            },
        ),
    )
    purposes = (
        Purpose(OWN_WEEK, "own week", "each person, each step", ("trouble", "goes", "", "")),
        Purpose(GATHERING, "gathering", "a group, each step", ("gathers", "", "", "")),
    )
    writes = {
        "people": ("kin_support", "isolation", "distress"),
        "members": ("self_efficacy", "strain"),
        "ties": ("strength", "other", "generation", "given", "received", "kind"),
    }
    neutral = {
        "entry_isolation": 0.0,
        "trouble_hurts": 0.0,
        "practical": 0.0,
        "appraisal": 0.0,
        "informational": 0.0,
        "befriends": 0.0,
        "gatherings_per_year": 0.0,
    }

    enabled: bool = switch("whether help is more than comfort and advice", default=False)
    entry_isolation: float = par(
        0.3, 0, 1, unit="share", why="of support from kin, lost before need is known", source="assumed; E98"
    )
    troubles_per_year: float = par(1.0, 0, 52, unit="1/year", why="practical troubles", source="assumed; E90")
    trouble_size: float = par(0.6, 0, 1, unit="share", why="of what is missing to full trouble", source="assumed; E90")
    settles: float = par(0.02, 0, 1, unit="share/week", why="of trouble, settled by itself", source="assumed; E90")
    trouble_hurts: float = par(0.01, 0, 1, unit="share/week", why="distress that trouble brings", source="assumed; E90")
    practical: float = par(0.2, 0, 1, unit="share", why="of help, hands-on, at full trouble", source="assumed; E93")
    appraisal: float = par(0.2, 0, 1, unit="share", why="of help, affirming worth", source="assumed; E93")
    informational: float = par(0.2, 0, 1, unit="share", why="of help, facts and where to go", source="assumed; E93")
    practical_relief: float = par(
        0.5,
        0,
        1,
        unit="share/help",
        why="of trouble, lifted by wholly hands-on help",
        source="assumed; E90",
        benefit=True,
    )
    practical_load: float = par(
        0.05, 0, 1, unit="share/help", why="strain of wholly hands-on help", source="assumed; E90"
    )
    affirms: float = par(
        0.03, 0, 1, unit="share/help", why="self-efficacy gained by being affirmed", source="assumed; E91", benefit=True
    )
    worth_gained: float = par(0.2, 0, 1, unit="share/help", why="worth gained by being affirmed", source="assumed; E91")
    worth_drift: float = par(
        0.02, 0, 1, unit="share/week", why="pull of worth to its level, 1 - shame", source="assumed; E91"
    )
    informs: float = par(2.0, 0, 10, unit="weight", why="learnt from help, more by facts", source="assumed; E92")
    footing_gained: float = par(
        0.01, 0, 1, unit="share/meeting", why="footing won back by being there", source="assumed; E97"
    )
    footing_fades: float = par(0.002, 0, 1, unit="share/week", why="of footing, lost", source="assumed; E97")
    befriends: float = par(
        0.01, 0, 1, unit="share/week", why="support outside, won back by footing", source="assumed; E97", benefit=True
    )
    gatherings_per_year: float = par(6.0, 0, 52, unit="1/year", why="social gatherings", source="assumed; E150")
    gathering_comes: float = par(0.5, 0, 1, unit="chance", why="of going to a gathering", source="assumed; E150")
    gathering_tie: float = par(0.15, 0, 1, unit="share", why="tie gained at a gathering", source="assumed; E150")
    pool_gift: float = par(
        0.02, 0, 10, unit="money", why="put into the pool per person there, in grants", source="assumed; E176"
    )
    pool_from: float = par(0.3, 0, 1, unit="share", why="trouble above which the pool helps", source="assumed; E176")
    pool_relief: float = par(
        0.5, 0, 1, unit="share", why="of trouble, lifted by a grant", source="assumed; E176", benefit=True
    )

    @staticmethod
    def outside_week(outside, own, words, key, community, clock, p):  # type: ignore[no-untyped-def]
        """Let the week of everybody pass for people outside."""
        _own_week(outside, own, words, key, community, clock, p)

    @staticmethod
    def after_work(members, own, ports, words, key, community, clock, p):  # type: ignore[no-untyped-def]
        """Let the week of everybody pass for members, and say what help is made of."""
        _own_week(members, own, words, key, community, clock, p)
        for i in range(len(members)):
            hands_on = p.practical * own.trouble[members.slot[i]]
            ports.comfort[i] *= max(0.0, 1.0 - hands_on - p.appraisal - p.informational)
            ports.learn[i] *= 1.0 + p.informs * p.informational

    @staticmethod
    def after_help(members, groups, g, own, ours, ring, ties, handles, events, key, community, clock, p):  # type: ignore[no-untyped-def]
        """Let hands-on help and affirming act, footing be won, gatherings be held and the pool be filled and spent."""
        for seat in range(len(members)):
            i = ring[seat]
            if members.helped_by[i] >= 0:
                _support(members, i, members.helped_by[i], own, p)
        for i in range(len(members)):
            if members.attended[i]:
                _win_footing(own, members.slot[i], p)
        gathers, _, _, _ = draw(key, groups.who[g], 0, community, clock.step, GATHERING, 0)
        if happens(gathers, p.gatherings_per_year):
            ours.gatherings[g] += 1
            tell_group(events, GATHERED, groups, g, 0)
            _gather(members, ring, own, ties, handles, key, community, clock, p)
        ours.pool[g] += p.pool_gift * groups.attended[g]
        if ours.pool[g] >= 1.0:
            _spend(members, g, ring, own, ours, events, p)


@kernel
def _own_week(people, own, words, key, community, clock, p):  # type: ignore[no-untyped-def]
    draw_words(words, len(people), key, community, clock.step, OWN_WEEK, 0)
    for i in range(len(people)):
        slot = people.slot[i]
        if not own.seen[slot]:
            _see_first(people, i, own, slot, p)
        trouble = own.trouble[slot] - p.settles * own.trouble[slot]
        if happens(uniform(words[0, i]), p.troubles_per_year):
            trouble += p.trouble_size * (1.0 - trouble)
        own.trouble[slot] = trouble
        people.distress[i] = clip(people.distress[i] + p.trouble_hurts * trouble * (1.0 - people.distress[i]))
        own.worth[slot] += p.worth_drift * (1.0 - people.shame[i] - own.worth[slot])
        own.footing[slot] -= p.footing_fades * own.footing[slot]
        people.kin_support[i] += p.befriends * own.footing[slot] * (1.0 - people.kin_support[i])


@kernel
def _see_first(people, i, own, slot, p):  # type: ignore[no-untyped-def]
    own.seen[slot] = 1
    if p.entry_isolation > 0.0:
        people.kin_support[i] *= 1.0 - p.entry_isolation * logistic(people.severity[i])
        people.isolation[i] = 1.0 - people.kin_support[i]
    own.worth[slot] = 1.0 - people.shame[i]


@kernel
def _support(members, i, j, own, p):  # type: ignore[no-untyped-def]
    slot = members.slot[i]
    hands_on = p.practical * own.trouble[slot]
    members.strain[j] = min(1.0, members.strain[j] + p.practical_load * hands_on / members.spare_time[j])
    own.trouble[slot] -= p.practical_relief * hands_on
    believed = p.affirms * p.appraisal * own.worth[slot]
    members.self_efficacy[i] = clip(members.self_efficacy[i] + believed * (1.0 - members.self_efficacy[i]))
    own.worth[slot] += p.worth_gained * p.appraisal * (1.0 - own.worth[slot])


@kernel
def _win_footing(own, slot, p):  # type: ignore[no-untyped-def]
    own.footing[slot] += p.footing_gained * (1.0 - own.footing[slot])


@kernel
def _goes(members, i, key, community, clock, p):  # type: ignore[no-untyped-def]
    _, goes, _, _ = draw(key, members.who[i], 0, community, clock.step, OWN_WEEK, 0)
    return goes < p.gathering_comes


@kernel
def _gather(members, ring, own, ties, handles, key, community, clock, p):  # type: ignore[no-untyped-def]
    n = len(members)
    for seat in range(n):
        i = ring[seat]
        if _goes(members, i, key, community, clock, p):
            _win_footing(own, members.slot[i], p)
            for k in range(1, n):
                j = ring[around(seat + k, n)]
                if _goes(members, j, key, community, clock, p):
                    strengthen(ties, handles, members.slot[i], members.slot[j], p.gathering_tie)
                    strengthen(ties, handles, members.slot[j], members.slot[i], p.gathering_tie)
                    break


@kernel
def _spend(members, g, ring, own, ours, events, p):  # type: ignore[no-untyped-def]
    found = -1
    most = p.pool_from
    for seat in range(len(members)):
        trouble = own.trouble[members.slot[ring[seat]]]
        if trouble > most:
            found, most = ring[seat], trouble
    if found >= 0:
        ours.pool[g] -= 1.0
        own.trouble[members.slot[found]] -= p.pool_relief * most
        tell(events, GRANTED, members, found, 0)
