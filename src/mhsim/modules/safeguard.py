"""Safeguards: groups and their leaders differ in quality, some harm those they are to help, some keep people from care.

Four rules, each by itself where the numbers of the others are 0. A member's own are `trained`, `offences`, `wronged`,
`untreated` and `craft`; a group's own are `quality`, `works`, `spread`, `scandal`, `harms` and `answered`. Whatever is
done after `work` reads the state as the last step left it. Sums over members are formed in the order of the ring.

**Quality** (after `work`, first). A group met for the first time draws, for good, ``quality = 1 + quality_sd * a`` with
``a = sqrt(3) * (2 u - 1)``, u being word `quality` of its draw "quality of a group" in that step; a group that splits
off has that of its parent. A helper (role) met for the first time draws ``craft = leader_sd * a`` by word `craft` of
the draw "craft of a helper", by the same formula, and keeps it, helper or not. Then, with the mean over members with
the role of helper (0 where there is none),

    works = max(0, quality + mean of (craft + lifts * trained))        spread = |works - 1|

and each member's ports ``hear``, ``comfort`` and ``learn`` are multiplied by `works`.

**Training asked for** (after `work`, then). Where `required` is above 0, a member who is untrained and accommodated is
trained with hazard `trains` (word `train` of the member's draw "training"). Then each member's port ``serve *= 1 -
required * (1 - trained)``. Nobody is trained at the beginning. `trained` counts in `works` from the next step.

**Keeping from care** (after `work`, last). For each member ``kept = anti_care * belonging``, and the port ``service *=
1 - kept``. Then ``untreated += leaves_untreated * (need - untreated)`` with ``need = kept`` where distress is above
`care_at`, else 0; for people outside, before their week, ``untreated -= leaves_untreated * untreated``. For members and
people outside the port ``crisis *= 1 + untreated_risks * untreated``, with `untreated` as just moved.

**Misconduct** (after `serve`). First ``scandal -= forgets * scandal`` for the group, and for each member ``wronged -=
forgets * wronged``. Then, in the order of the ring, each member with the role of helper who is not marked as leaving
does wrong with hazard ``misconduct * (1 + repeats * offences) * (1 - guards * trained)`` (word `wrong` of the helper's
draw "misconduct"), to one of the others who came to a meeting of this step and are not accommodated, if there are any:
of n such, in the order of the ring, the one at place ``floor(whom * n)``, counted from 0, `whom` being the next word.
`harms` and the helper's `offences` count one more (offences to 255 at most). The one wronged has ``distress +=
harm * (1 - distress)``, ``trust -= shakes * trust``, and `wronged` becomes 1. With chance `accountability` (word
`answered`, less than it) the wrong is answered for: `answered` counts one more, the helper leaves role and group
(role "member", the role ending in this phase for the reason left_with_role, marked as leaving for it, `role_left` this
step, one more of `helpers_lost` and of `vacancies`), and `wronged` becomes ``1 - settles`` instead. Otherwise, with
chance `gets_about` (word `known`, less than it), it is spoken of: `scandal` becomes 1, and everybody else who came, but
the two, has ``trust -= cascade * trust``. After that, for each member, the port ``drop *= 1 + drives * max(wronged,
scandal * (1 - trust))``.

Log: `wronged` of who is wronged, naming the helper; `answered` of the helper who goes; `scandal` of the group where
it is spoken of.

Sources: E191 discouraging treatment, E202 quality varies, E203 no answer to misconduct, E204 no licence, E209; V45,
V49 training. No size is known: all are assumed.
"""

from __future__ import annotations

from math import sqrt

from mhsim.core.jit import kernel
from mhsim.core.maths import clip, happens
from mhsim.plugins import Column, Event, OwnMeasure, Purpose, Rule, draw, par, switch, tell, tell_group
from mhsim.schema import ACCOMMODATION, HELPER, LARGEST_SMALL_COUNT, LEFT_WITH_ROLE, ORDINARY, STAYS

QUALITY, CRAFT, TRAINING, MISCONDUCT = 1150, 1151, 1152, 1153
EVEN = 3.0
"""The square root of it makes an even draw between -1 and 1 one of standard deviation 1."""
WRONGED, ANSWERED, SCANDAL = 0, 1, 2


@kernel
def _even(u):  # type: ignore[no-untyped-def]
    return sqrt(EVEN) * (2.0 * u - 1.0)


@kernel
def _be_good(members, groups, g, own, ours, ring, ports, community, key, clock, p):  # type: ignore[no-untyped-def]
    if ours.met[g] == 0:
        u, _, _, _ = draw(key, groups.who[g], 0, community, clock.step, QUALITY, 0)
        ours.quality[g] = 1.0 + p.quality_sd * _even(u)
        ours.met[g] = 1
    helpers = 0
    total = 0.0
    for seat in range(len(members)):
        i = ring[seat]
        if members.role[i] == HELPER:
            slot = members.slot[i]
            if own.met[slot] == 0:
                u, _, _, _ = draw(key, members.who[i], 0, community, clock.step, CRAFT, 0)
                own.craft[slot] = p.leader_sd * _even(u)
                own.met[slot] = 1
            helpers += 1
            total += own.craft[slot] + p.lifts * own.trained[slot]
    led = total / helpers if helpers > 0 else 0.0
    works = max(0.0, ours.quality[g] + led)
    ours.works[g] = works
    ours.spread[g] = max(works - 1.0, 1.0 - works)
    for i in range(len(members)):
        ports.hear[i] *= works
        ports.comfort[i] *= works
        ports.learn[i] *= works


@kernel
def _train(members, own, ports, community, key, clock, p):  # type: ignore[no-untyped-def]
    if p.required <= 0.0:
        return
    for i in range(len(members)):
        slot = members.slot[i]
        if own.trained[slot] == 0 and members.stage[i] == ACCOMMODATION:
            train, _, _, _ = draw(key, members.who[i], 0, community, clock.step, TRAINING, 0)
            if happens(train, p.trains):
                own.trained[slot] = 1
        ports.serve[i] *= 1.0 - p.required * (1.0 - own.trained[slot])


@kernel
def _keep_from_care(members, own, ports, p):  # type: ignore[no-untyped-def]
    for i in range(len(members)):
        slot = members.slot[i]
        kept = p.anti_care * members.belonging[i]
        ports.service[i] *= 1.0 - kept
        need = kept if members.distress[i] > p.care_at else 0.0
        own.untreated[slot] += p.leaves_untreated * (need - own.untreated[slot])
        ports.crisis[i] *= 1.0 + p.untreated_risks * own.untreated[slot]


@kernel
def _may_be_wronged(members, i, helper):  # type: ignore[no-untyped-def]
    return i != helper and members.attended[i] and members.stage[i] != ACCOMMODATION


@kernel
def _whom(members, ring, helper, u):  # type: ignore[no-untyped-def]
    number = 0
    for i in range(len(members)):
        if _may_be_wronged(members, i, helper):
            number += 1
    place = int(u * number)
    for seat in range(len(members)):
        i = ring[seat]
        if _may_be_wronged(members, i, helper):
            if place == 0:
                return i
            place -= 1
    return -1


@kernel
def _may_do_wrong(members, groups, g, j, own, ours, ring, events, community, key, clock, p):  # type: ignore[no-untyped-def]
    slot = members.slot[j]
    wrong, whom, known, answered = draw(key, members.who[j], 0, community, clock.step, MISCONDUCT, 0)
    hazard = p.misconduct * (1.0 + p.repeats * own.offences[slot]) * (1.0 - p.guards * own.trained[slot])
    if not happens(wrong, hazard):
        return
    i = _whom(members, ring, j, whom)
    if i < 0:
        return
    ours.harms[g] += 1
    tell(events, WRONGED, members, i, members.who[j])
    own.offences[slot] = min(LARGEST_SMALL_COUNT, own.offences[slot] + 1)
    members.distress[i] = clip(members.distress[i] + p.harm * (1.0 - members.distress[i]))
    members.trust[i] -= p.shakes * members.trust[i]
    own.wronged[members.slot[i]] = 1.0
    if answered < p.accountability:
        ours.answered[g] += 1
        tell(events, ANSWERED, members, j, 0)
        own.wronged[members.slot[i]] = 1.0 - p.settles
        members.role[j] = ORDINARY
        members.role_end[j] = LEFT_WITH_ROLE
        members.leaving[j] = LEFT_WITH_ROLE
        members.role_left[j] = clock.step
        groups.helpers_lost[g] += 1
        groups.vacancies[g] += 1
    elif known < p.gets_about:
        ours.scandal[g] = 1.0
        tell_group(events, SCANDAL, groups, g, 0)
        for k in range(len(members)):
            if k != i and k != j and members.attended[k]:
                members.trust[k] -= p.cascade * members.trust[k]


class Safeguard(Rule):
    """Parameters of quality, training, misconduct and of keeping people from care."""

    after = "serve"
    people = (
        Column("met", "u1", "0/1", "the craft of this helper is drawn"),
        Column("craft", "f8", "share", "what this helper adds to the group's quality"),
        Column("trained", "u1", "0/1", "trained to help", shown="trained"),
        Column("offences", "u1", "times", "wrongs done to members", shown="offences"),
        Column("wronged", "f8", "0-1", "wronged by a helper, lately", shown="wronged"),
        Column("untreated", "f8", "0-1", "in distress and kept from care, lately", shown="untreated"),
    )
    groups = (
        Column("met", "u1", "0/1", "the group's quality is drawn", inherits=True),
        Column("quality", "f8", "factor", "quality of the group's help, without its helpers'", inherits=True),
        Column("works", "f8", "factor", "quality of the group's help now; 1 is typical", shown="quality"),
        Column("spread", "f8", "factor", "how far that is from the typical", shown="spread"),
        Column("scandal", "f8", "0-1", "talk of a wrong that was not answered for, lately", shown="scandal"),
        Column("harms", "i4", "times", "wrongs done by helpers so far", shown="harms"),
        Column("answered", "i4", "times", "wrongs that were answered for so far", shown="answered"),
    )
    measures = (
        OwnMeasure(
            "harms", "groups.harms", "groups", "1/year", "wrongs done by helpers of a group, in a year", "so_far"
        ),
        OwnMeasure(
            "answered", "groups.answered", "groups.harms", "share", "of wrongs done by helpers, answered for", "so_far"
        ),
        OwnMeasure("quality", "groups.works", "groups", "factor", "quality of groups' help; 1 is typical"),
    )
    events = (
        Event(
            WRONGED,
            "wronged",
            "people",
            {
                "en": (
                    "was wronged by {other}",
                    "one person was wronged by a helper",
                    "{count} people were wronged by helpers",
                ),
                "de": (
                    "erfuhr Unrecht durch {other}",
                    "eine Person erfuhr Unrecht",
                    "{count} Personen erfuhren Unrecht",
                ),
            },
        ),
        Event(
            ANSWERED,
            "answered",
            "people",
            {
                "en": (
                    "answered for a wrong and had to go",
                    "one person answered for a wrong and had to go",
                    "{count} people answered for a wrong and had to go",
                ),
                "de": (
                    "stand für ein Unrecht ein und musste gehen",
                    "eine Person stand für ein Unrecht ein und musste gehen",
                    "{count} Personen standen für ein Unrecht ein und mussten gehen",
                ),
            },
        ),
        Event(
            SCANDAL,
            "scandal",
            "groups",
            {
                "en": (
                    "heard of a wrong that nobody answered for",
                    "one group heard of a wrong that nobody answered for",
                    "{count} times a group heard of a wrong that nobody answered for",
                ),
                "de": (
                    "hörte von einem Unrecht, für das niemand einstand",
                    "eine Gruppe hörte von einem Unrecht, für das niemand einstand",
                    "{count}mal hörte eine Gruppe von einem Unrecht, für das niemand einstand",
                ),
            },
        ),
    )
    purposes = (
        Purpose(QUALITY, "quality of a group", "a group, once", ("quality", "", "", "")),
        Purpose(CRAFT, "craft of a helper", "a helper, once", ("craft", "", "", "")),
        Purpose(TRAINING, "training", "an untrained accommodated member, each step", ("train", "", "", "")),
        Purpose(MISCONDUCT, "misconduct", "a helper, each step", ("wrong", "whom", "known", "answered")),
    )
    writes = {
        "members": ("distress", "trust", "role", "role_end", "leaving", "role_left"),
        "groups": ("helpers_lost", "vacancies"),
    }
    neutral = {
        "quality_sd": 0.0,
        "leader_sd": 0.0,
        "lifts": 0.0,
        "required": 0.0,
        "anti_care": 0.0,
        "misconduct": 0.0,
    }

    enabled: bool = switch("whether quality differs, helpers may do wrong, and groups may keep people from care", False)
    quality_sd: float = par(
        0.2, 0, 0.5, unit="s.d.", why="how groups differ in the quality of help", source="assumed; E202"
    )
    leader_sd: float = par(
        0.2, 0, 0.5, unit="s.d.", why="how helpers differ in what they bring to it", source="assumed; E202 E210"
    )
    lifts: float = par(0.1, 0, 1, unit="share", why="added to quality by trained helpers", source="assumed; E204 V49")
    required: float = par(0.0, 0, 1, unit="share", why="how far training is asked before helping", source="E204")
    trains: float = par(1.0, 0, 52, unit="1/year", why="training offered, where it is asked", source="assumed; E204")
    anti_care: float = par(
        0.0,
        0,
        1,
        unit="share",
        why="of visits to services, talked out of who belongs",
        source="assumed; E191",
        harm=True,
    )
    care_at: float = par(0.5, 0, 1, unit="share", why="distress above which care is needed", source="assumed; E191")
    leaves_untreated: float = par(
        0.1, 0, 1, unit="share/week", why="how fast want of care builds up and fades", source="assumed; E191"
    )
    untreated_risks: float = par(
        1.0, 0, 10, unit="weight", why="want of care brings crises on", source="assumed; E191", harm=True
    )
    misconduct: float = par(0.05, 0, 52, unit="1/year", why="a helper does wrong to a member", source="assumed; E203")
    repeats: float = par(
        2.0, 0, 50, unit="weight", why="who got away with it does it again, per time", source="assumed; E203"
    )
    guards: float = par(0.5, 0, 1, unit="share", why="of misconduct, kept off by training", source="assumed; E204")
    accountability: float = par(
        0.1, 0, 1, unit="chance", why="a wrong is answered for: the helper goes", source="assumed; E203"
    )
    gets_about: float = par(0.5, 0, 1, unit="chance", why="a wrong not answered for gets about", source="assumed")
    harm: float = par(0.3, 0, 1, unit="share", why="distress brought by a wrong", source="assumed; E203", harm=True)
    shakes: float = par(0.7, 0, 1, unit="share", why="of trust, lost by who is wronged", source="assumed; E203")
    cascade: float = par(
        0.3, 0, 1, unit="share", why="of trust, lost by the others where it gets about", source="assumed; E203"
    )
    settles: float = par(
        0.5, 0, 1, unit="share", why="of the urge to leave, settled by an answer", source="assumed; E203"
    )
    drives: float = par(
        3.0, 0, 50, unit="weight", why="wrongs and talk of them make people drop out", source="assumed; E203"
    )
    forgets: float = par(0.05, 0, 1, unit="share/week", why="of wrongs and talk, forgotten", source="assumed")

    @staticmethod
    def after_work(members, groups, g, own, ours, ring, ports, community, key, clock, p):  # type: ignore[no-untyped-def]
        """Let the group be as good as it is, ask for training, and keep people from care."""
        _be_good(members, groups, g, own, ours, ring, ports, community, key, clock, p)
        _train(members, own, ports, community, key, clock, p)
        _keep_from_care(members, own, ports, p)

    @staticmethod
    def outside_week(outside, own, ports, p):  # type: ignore[no-untyped-def]
        """Let want of care tell, and fade."""
        for i in range(len(outside)):
            slot = outside.slot[i]
            own.untreated[slot] -= p.leaves_untreated * own.untreated[slot]
            ports.crisis[i] *= 1.0 + p.untreated_risks * own.untreated[slot]

    @staticmethod
    def in_group(members, groups, g, own, ours, ring, ports, events, community, key, clock, p):  # type: ignore[no-untyped-def]
        """Let helpers do wrong, and what was done be felt."""
        ours.scandal[g] -= p.forgets * ours.scandal[g]
        for i in range(len(members)):
            slot = members.slot[i]
            own.wronged[slot] -= p.forgets * own.wronged[slot]
        for seat in range(len(members)):
            j = ring[seat]
            if members.role[j] == HELPER and members.leaving[j] == STAYS:
                _may_do_wrong(members, groups, g, j, own, ours, ring, events, community, key, clock, p)
        for i in range(len(members)):
            talk = ours.scandal[g] * (1.0 - members.trust[i])
            ports.drop[i] *= 1.0 + p.drives * max(own.wronged[members.slot[i]], talk)
