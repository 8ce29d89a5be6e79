"""Telling what hurts: it takes safety, is answered or not, and lifts shame; with dials for names, warmth and doors.

Everything here is for one group. `strangers` is the share of those there who are new: not starters, and at one of
their first `new_meetings` meetings (this one counted); 0 where nobody is there. A newcomer is one of these who is
there.

Who is open. After attend, every helper or organiser who is there goes ahead if the word "leads" is under
`leader_first`: that one tells at this meeting, and the group is *led*. Then, for every member, there or not,

    in the way = unsafe_closes * (1 - (climate + trust) / 2) + shame_closes * (1 - anonymity) * shame
                 + strangers_close * strangers
    openness   = exp(- in the way)         for newcomers of a led group with in the way times (1 - leader_opens)
    silenced   = 1 - silences * (1 - openness)

and the voice with which one may speak (port `speak`) and the hazard of asking (port `ask`) are both multiplied by
`silenced`. Who is understood without explaining asks more readily: `ask` besides by ``1 + understood * fit * shame``.
Asking elsewhere takes explaining: the hazard of a contact with services (port `service`) is multiplied by ``1 -
price_outside * shame``, for members here and for people outside before their week.

Who tells. After share, each who is there tells, if not done already by going ahead, where the word "tells" makes an
event of the hazard ``tell_rate * openness``. `told` is 1 in a step in which one told, else 0; `ever_told` is 1 from
the first such step on, `told_new` is 1 from the first on in which a newcomer told. Who told and heard somebody
(`met_alike` above 0) is met where the word "met" is under `met_alike`:

    met      shame -= met_well * shame        trust += trust_told * (1 - trust)
    not met  trust -= told_in_vain * trust

In whose words. Services, and others after them, call people by what they have. ``label`` (0 to 1, starts at the
parameter `label`) is how far one sees oneself as that. Each step, with values as they stand, for people outside before
their week and for members after attend (in this order):

    hope  -= label_weighs * label * hope              label += label_returns * (p.label - label)

p.label being the parameter. Who told at this meeting told it in own words where the word "own words" is under
`own_account`; else it is once more the account that others have given, when all the above is done:

    own words    label -= own_words * label           others'    label += retold * (1 - label)

First times. Then, for each who is there, no starter, heard somebody and was not `relieved` before, if at least
`peers_needed` others are there: ``shame -= min(1, first_relief * (1 + invalidation) * met_alike) * shame``, and
`relieved` is 1 from then on. For who is no starter and at the first visit, ``belonging += first_belonging * met_alike
* (1 - belonging)``. For all who are there, ``belonging += warmth_gain * warmth * (1 - belonging)``. For each member
the rules act in this order.

Catching it. After help, in the order of the ring, for each who was helped in this step by somebody with less shame
(as it is then), ``shame -= at_peace * (shame - shame of that one)``.

Names unknown. With `anonymity` whoever is not at the meeting can hardly be found: for members who did not come, the
hazard of asking (port `ask`) and the pull as one who may answer (port `answer`) are multiplied by ``1 - untraced *
anonymity``. After bond the living ties of members lose ``fades_unknown * anonymity`` of their strength. But who is
ashamed dares to come: the hazard of coming (port `come`), of who has never been a member, is multiplied by
``exp(anonymity_draws * anonymity * shame)``, and, where doors are not open to all, by `open_door`.

After leave, `seen_shame` of members is their shame then, for tables. Draws: a member, each step, block 0. Values are
read when they are used; climate is that with which the step began, until govern.

Log: who is no starter and tells for the first time: `unmet` where somebody was heard and it is not met, else `told`.

Sources: E53 validation, E54 feelings made legitimate, E56 self-acceptance caught, E64 safe harbour, E65
self-disclosure, E66 who helps discloses first, E72 no need to explain, E101 instant community, E102 a world that does
not recognise it, E151 warmth, E152 anonymity, E155 open membership, E76 labels that lose weight, E223 control of one's
own narrative. All sizes are assumed.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.kernel_helpers import carries_work
from mhsim.plugins import (
    Column,
    Event,
    OwnMeasure,
    Purpose,
    Rule,
    draw,
    draw_words,
    exp,
    happens,
    par,
    switch,
    tell,
    uniform,
)
from mhsim.schema import NO_TIE, OUTSIDE, TIE_SLOTS

TELLING = 1110
HALF = 0.5
FIRST_TOLD, FIRST_UNMET = 0, 1


class Disclose(Rule):
    """Parameters of telling what hurts."""

    people = (
        Column("openness", "f8", "0-1", "how open this person is in the group this step", shown="openness"),
        Column("told", "u1", "0/1", "told at this step's meeting", shown="told"),
        Column("ever_told", "u1", "0/1", "has told at some meeting", shown="ever_told"),
        Column("told_new", "u1", "0/1", "told while new, no starter", shown="told_new"),
        Column("relieved", "u1", "0/1", "has had the relief of the first meeting among people alike"),
        Column("label", "f8", "0-1", "sees oneself as what services call one", start="label", shown="label"),
        Column("seen_shame", "f8", "0-1", "shame of a member when the step was through", shown="shame"),
    )
    measures = (
        OwnMeasure(
            "told", "people.told", "members", "1/year", "times that a member tells what hurts, in a year", "yearly"
        ),
        OwnMeasure("openness", "people.openness", "members", "0-1", "how open members are"),
        OwnMeasure("shame", "people.seen_shame", "members", "0-1", "shame of members"),
    )
    events = (
        Event(
            FIRST_TOLD,
            "told",
            "people",
            {
                "en": (
                    "told the group for the first time what hurts",
                    "one person told for the first time what hurts",
                    "{count} people told for the first time what hurts",
                ),
                "de": (
                    "erzählte zum ersten Mal, was schmerzt",
                    "eine Person erzählte zum ersten Mal Schmerzliches",
                    "{count} Personen erzählten zum ersten Mal Schmerzliches",
                ),
            },
        ),
        Event(
            FIRST_UNMET,
            "unmet",
            "people",
            {
                "en": (
                    "told the group for the first time what hurts, and found little understanding",
                    "one person told for the first time what hurts and found little understanding",
                    "{count} people told for the first time what hurts and found little understanding",
                ),
                "de": (
                    "erzählte zum ersten Mal, was schmerzt, und fand wenig Verständnis",
                    "eine Person erzählte zum ersten Mal Schmerzliches und fand wenig Verständnis",
                    "{count} Personen erzählten zum ersten Mal Schmerzliches und fanden wenig Verständnis",
                ),
            },
        ),
    )
    purposes = (Purpose(TELLING, "telling", "a member, each step", ("leads", "tells", "met", "own words")),)
    writes = {
        "people": ("hope",),
        "members": ("shame", "trust", "belonging"),
        "ties": ("strength",),
        "ports": ("come", "speak", "ask", "answer", "service"),
    }
    neutral = {
        "silences": 0.0,
        "understood": 0.0,
        "price_outside": 0.0,
        "met_well": 0.0,
        "trust_told": 0.0,
        "told_in_vain": 0.0,
        "first_relief": 0.0,
        "first_belonging": 0.0,
        "warmth": 0.0,
        "at_peace": 0.0,
        "anonymity": 0.0,
        "open_door": 1.0,
        "label": 0.0,
        "own_account": 1.0,
    }

    enabled: bool = switch("whether telling is told apart from speaking", default=False)
    unsafe_closes: float = par(1.5, 0, 10, unit="weight", why="want of safety closes people", source="assumed; E64")
    shame_closes: float = par(1.5, 0, 10, unit="weight", why="shame closes people", source="assumed; E99 E152")
    strangers_close: float = par(1.0, 0, 10, unit="weight", why="strangers close people", source="assumed; E155")
    new_meetings: int = par(4, 1, 100, unit="number", why="meetings for which one is a stranger", source="assumed")
    leader_first: float = par(0.2, 0, 1, unit="chance", why="that who leads tells first", source="assumed; E66")
    leader_opens: float = par(
        0.5, 0, 1, unit="share", why="of what is in newcomers' way, taken away by that", source="assumed; E66"
    )
    silences: float = par(
        0.3, 0, 1, unit="share", why="of speaking and asking, lost where one is not open", source="assumed; E64"
    )
    understood: float = par(
        0.5, 0, 10, unit="weight", why="not having to explain makes who is ashamed ask", source="assumed; E72"
    )
    price_outside: float = par(
        0.0, 0, 1, unit="share", why="of going to services, held back by shame", source="assumed; E72"
    )
    tell_rate: float = par(0.6, 0, 10, unit="weight", why="how readily the open tell, at a meeting", source="assumed")
    met_well: float = par(
        0.06, 0, 1, unit="share", why="of shame, lifted by being met when telling", source="assumed; E53", benefit=True
    )
    trust_told: float = par(0.06, 0, 1, unit="share", why="of trust missing, gained then", source="assumed; E65")
    told_in_vain: float = par(0.06, 0, 1, unit="share", why="of trust, lost if not met", source="assumed; E65")
    first_relief: float = par(
        0.15,
        0,
        1,
        unit="share",
        why="of shame, lifted once by the first meeting among people alike",
        source="assumed; E54",
        benefit=True,
    )
    peers_needed: int = par(3, 1, 100, unit="people", why="who must be there for that", source="assumed; E54")
    invalidation: float = par(
        0.0, 0, 1, unit="share", why="how far the world outside discounts the trouble", source="assumed; E102"
    )
    first_belonging: float = par(
        0.15, 0, 1, unit="share", why="belonging gained at once among people alike", source="assumed; E101"
    )
    label: float = par(
        0.0, 0, 1, unit="share", why="how far services have people see themselves as a case", source="assumed; E76"
    )
    label_weighs: float = par(
        0.01, 0, 1, unit="share/week", why="of hope, lost by a full label", source="assumed; E76", harm=True
    )
    label_returns: float = par(0.01, 0, 1, unit="share/week", why="pull of the label to that", source="assumed; E76")
    own_words: float = par(
        0.05, 0, 1, unit="share/meeting", why="of the label, lost by telling in own words", source="assumed; E76"
    )
    own_account: float = par(1.0, 0, 1, unit="share", why="of what is told, told in own words", source="assumed; E223")
    retold: float = par(
        0.05,
        0,
        1,
        unit="share/meeting",
        why="of what is missing, gained by telling what others say of one",
        source="assumed; E76",
    )
    at_peace: float = par(
        0.03,
        0,
        1,
        unit="share/help",
        why="of the gap in shame, closed by help from one at peace with it",
        source="assumed; E56",
        benefit=True,
    )
    warmth: float = par(0.0, 0, 1, unit="share", why="how bodily and warmly the group greets", source="assumed; E151")
    warmth_gain: float = par(
        0.03, 0, 1, unit="share/week", why="belonging gained where all is warmth", source="assumed; E151"
    )
    anonymity: float = par(0.0, 0, 1, unit="share", why="how far names stay out", source="assumed; E152")
    anonymity_draws: float = par(
        1.0, 0, 10, unit="weight", why="the ashamed come where names stay out", source="assumed; E152 E125"
    )
    untraced: float = par(
        0.7, 0, 1, unit="share", why="of reach between meetings, lost without names", source="assumed; E152"
    )
    fades_unknown: float = par(0.03, 0, 1, unit="share/week", why="of ties, lost without names", source="assumed; E152")
    open_door: float = par(
        1.0, 0, 1, unit="share", why="of those who would come, whom the group lets in", source="assumed; E155"
    )

    @staticmethod
    def outside_week(outside, own, ports, p):  # type: ignore[no-untyped-def]
        """Let people outside find the door open, or the price of asking high."""
        draws = p.anonymity_draws * p.anonymity
        for i in range(len(outside)):
            bear_label(outside, i, own, p)
            ports.service[i] *= 1.0 - p.price_outside * outside.shame[i]
            if outside.membership[i] == OUTSIDE:
                if draws > 0.0:
                    ports.come[i] *= exp(draws * outside.shame[i])
                ports.come[i] *= p.open_door

    @staticmethod
    def after_attend(members, groups, g, own, ports, community, key, clock, p):  # type: ignore[no-untyped-def]
        """Settle how open everybody is."""
        strangers = there = 0
        led = False
        for i in range(len(members)):
            own.told[members.slot[i]] = 0
            if members.attended[i]:
                there += 1
                if is_new(members, i, p):
                    strangers += 1
                if carries_work(members.role[i]):
                    leads, _, _, _ = draw(key, members.who[i], 0, community, clock.step, TELLING, 0)
                    if leads < p.leader_first:
                        own.told[members.slot[i]] = 1
                        led = True
        share = strangers / there if there > 0 else 0.0
        for i in range(len(members)):
            shame = members.shame[i]
            closed = p.unsafe_closes * (1.0 - HALF * (groups.climate[g] + members.trust[i]))
            closed += p.shame_closes * (1.0 - p.anonymity) * shame
            closed += p.strangers_close * share
            if led and members.attended[i] and is_new(members, i, p):
                closed *= 1.0 - p.leader_opens
            bear_label(members, i, own, p)
            openness = exp(-closed)
            own.openness[members.slot[i]] = openness
            silenced = 1.0 - p.silences * (1.0 - openness)
            ports.speak[i] *= silenced
            ports.ask[i] *= silenced
            ports.ask[i] *= 1.0 + p.understood * members.fit[i] * shame
            ports.service[i] *= 1.0 - p.price_outside * shame
            if members.attended[i] == 0:
                ports.ask[i] *= 1.0 - p.untraced * p.anonymity
                ports.answer[i] *= 1.0 - p.untraced * p.anonymity

    @staticmethod
    def after_share(members, groups, g, own, words, events, community, key, clock, p):  # type: ignore[no-untyped-def]
        """Let people tell, and be met."""
        draw_words(words, len(members), key, community, clock.step, TELLING, 0)
        for i in range(len(members)):
            if members.attended[i] == 0:
                continue
            slot = members.slot[i]
            alike = members.met_alike[i]
            tells, met, named = uniform(words[1, i]), uniform(words[2, i]), uniform(words[3, i])
            if own.told[slot] or happens(tells, p.tell_rate * own.openness[slot]):
                if own.ever_told[slot] == 0 and members.starter[i] == 0:
                    tell(events, FIRST_UNMET if alike > 0.0 and met >= alike else FIRST_TOLD, members, i, 0)
                own.told[slot] = 1
                own.ever_told[slot] = 1
                if is_new(members, i, p):
                    own.told_new[slot] = 1
                if alike > 0.0 and met < alike:
                    members.shame[i] -= p.met_well * members.shame[i]
                    members.trust[i] += p.trust_told * (1.0 - members.trust[i])
                elif alike > 0.0:
                    members.trust[i] -= p.told_in_vain * members.trust[i]
                if named < p.own_account:
                    own.label[slot] -= p.own_words * own.label[slot]
                else:
                    own.label[slot] += p.retold * (1.0 - own.label[slot])
            if members.starter[i] == 0 and alike > 0.0:
                if own.relieved[slot] == 0 and groups.attended[g] > p.peers_needed:
                    relief = min(1.0, p.first_relief * (1.0 + p.invalidation) * alike)
                    members.shame[i] -= relief * members.shame[i]
                    own.relieved[slot] = 1
                if members.meetings[i] == 1:
                    members.belonging[i] += p.first_belonging * alike * (1.0 - members.belonging[i])
            members.belonging[i] += p.warmth_gain * p.warmth * (1.0 - members.belonging[i])

    @staticmethod
    def after_help(members, ring, p):  # type: ignore[no-untyped-def]
        """Let self-acceptance be caught."""
        for seat in range(len(members)):
            i = ring[seat]
            j = members.helped_by[i]
            if j >= 0 and members.shame[j] < members.shame[i]:
                members.shame[i] -= p.at_peace * (members.shame[i] - members.shame[j])

    @staticmethod
    def after_bond(members, ties, handles, p):  # type: ignore[no-untyped-def]
        """Let ties without names fade."""
        lost = p.fades_unknown * p.anonymity
        if lost > 0.0:
            for i in range(len(members)):
                slot = members.slot[i]
                for k in range(TIE_SLOTS):
                    living = ties.generation[slot, k] == handles.generation[ties.other[slot, k]]
                    if ties.kind[slot, k] != NO_TIE and living:
                        ties.strength[slot, k] -= lost * ties.strength[slot, k]

    @staticmethod
    def after_leave(members, own):  # type: ignore[no-untyped-def]
        """Note the shame that is left."""
        for i in range(len(members)):
            own.seen_shame[members.slot[i]] = members.shame[i]


@kernel
def bear_label(people, i, own, p):  # type: ignore[no-untyped-def]
    """Let what services call somebody weigh on hope, and return."""
    label = own.label[people.slot[i]]
    people.hope[i] -= p.label_weighs * label * people.hope[i]
    own.label[people.slot[i]] += p.label_returns * (p.label - label)


@kernel
def is_new(members, i, p):  # type: ignore[no-untyped-def]
    """Tell whether a member is new: no starter, and so far at few meetings."""
    return members.starter[i] == 0 and members.meetings[i] <= p.new_meetings
