"""Stance: whether those who help stand beside the others or above them, and what that does to talk and to help.

A group has a `gap` between those who help and the others: 0, all are peers; 1, some are the experts and the others
their clients. It starts at `power_gap`; a group that splits off inherits it. Everybody has some `skill` in walking
beside another, 0 to 1: to know when to stop telling and to hold, and where helper and friend end. It is unknown (-1)
until the first step in which somebody is a member; then it is ``clip(aptitude + aptitude_spread * (u - 0.5))`` with u
the first word of the draw "aptitude", made for this person in step 0. It stays when people leave.

Before the meeting (after `work`), with the gap that the last step left: first every member without a skill gets one;
then, for every member,

    learn   *= exp(- gap_blocks * gap) * (1 - experts_unheard * link) * (1 - listening_spares * listening)
    comfort *= 1 + listening_comforts * listening            hear *= exp(- gap_silences * gap)

and for those who are neither helper nor organiser

    speak   *= exp(- gap_silences * gap)          answer *= 1 - gap_ranks * gap

so that counsel without rank is taken as offered, counsel from above or from outside less, and what is told before
experts is guarded. Helpers (the role) are taught: ``skill += training_teaches * training * (1 - skill)``. Last, the gap
moves: ``gap += dilution * link * (1 - gap) - training_levels * training * gap``, `link` being how closely a group is
tied to professionals.

Each help given (after `help`), the helped i and the helper j one pair after the other in the order of the ring (by i),
each value read as the pair before left it; ``parity = 1 - gap`` for the gap as just moved, s the skill of j at this
point:

1. Both learn from one another what only one of them knew: with the copings c_i and c_j before either is changed, c_i
   gains ``growth * parity * c_j * (1 - c_i)`` and c_j gains ``growth * parity * c_i * (1 - c_j)``, which is added to
   `learnt` of j.
2. The helper mirrors strengths, a small step ahead of what i believes: ``e_i += mirror * s * min(stretch, 1 - e_i)``
   for the self-efficacy e.
3. Where the distress of i is above `holding_at` now, one should stop telling and hold. With chance ``tells_on * (1 - s)
   * (1 - self_awareness)`` (first word of the draw "talk") the helper tells on: distress of i gains ``talked_over * (1
   - distress)``, and the group counts one more in `told_on`.
4. With chance `challenge` (second word) a habit is questioned. With trust of i above `challenge_trust` it is taken:
   coping of i gains ``challenge_gain * (1 - coping)`` and `taken` counts one. Else `refused` counts one, and
   ``drop *= 1 + challenge_drives`` for i in this step.
5. Being listened to: trust of i gains ``listening_trusts * listening * (1 - trust)``.
6. With chance ``lapse * (1 - s) * (1 - self_awareness)`` (third word) a boundary is passed: strain of j gains
   ``lapse_strain * (1 - strain)``, trust of i loses `lapse_breach` of itself, and `lapses` counts one.
7. Practice: skill of j gains ``practice * (1 - skill)``.

The draw "talk" is made for i, with j as the other, in this step. Then, for every member, readiness to take the role of
helper goes with what suits the work: ``serve *= exp(chosen * (skill * tells - 0.5))`` with ``tells = 2 r / (1 + r)``
for the sharing skill r. `helper_skill` and `helper_telling` of the group are the means of skill and tells of its
helpers (the role as it is now), 0 without any. Results are held within 0 to 1.

Log, each of i, who was helped, with j as the other: `challenged` when a challenge is taken, `pushed` when it is
refused, `lapse` when a boundary is passed.

Sources: E4, E6, E7, E8, E21 parity; E68 challenge; E74, E75 listening, mirror; E78, E80 whose counsel is taken; E108,
E210 who is chosen; E194 dilution; E198-E200 boundaries, shifting, awareness; E209 training. No source gives a size.
"""

from __future__ import annotations

from mhsim.kernel_helpers import carries_work
from mhsim.plugins import Column, Event, OwnMeasure, Purpose, Rule, clip, draw, exp, kernel, par, switch, tell
from mhsim.schema import HELPER

APTITUDE, TALK = 1120, 1121
CHALLENGED, PUSHED, LAPSE = 0, 1, 2
MIDDLE = 0.5
"""Of a uniform draw, and of what suits the work."""


class Stance(Rule):
    """Parameters of stance."""

    people = (
        Column("skill", "f8", "0-1", "skill in walking beside another; -1 not yet known", start=-1, shown="skill"),
        Column("learnt", "f8", "0-1", "coping learnt so far from those one helped", shown="learnt"),
    )
    groups = (
        Column(
            "gap",
            "f8",
            "0-1",
            "power gap between those who help and the others",
            start=("power_gap", "power_gap"),
            inherits=True,
            shown="gap",
        ),
        Column("helper_skill", "f8", "0-1", "mean skill of the helpers", shown="helper_skill"),
        Column("helper_telling", "f8", "0-2", "how well the helpers can tell; 1 is typical", shown="helper_telling"),
        Column("told_on", "i4", "times", "helps in which telling went on where holding was due", shown="told_on"),
        Column("taken", "i4", "times", "challenges taken so far", shown="taken"),
        Column("refused", "i4", "times", "challenges refused so far", shown="refused"),
        Column("lapses", "i4", "times", "boundaries passed so far", shown="lapses"),
    )
    measures = (
        OwnMeasure("gap", "groups.gap", "groups", "0-1", "power gap between those who help and the others"),
        OwnMeasure("skill", "groups.helper_skill", "groups", "0-1", "helpers' skill in walking beside another"),
        OwnMeasure(
            "lapses",
            "groups.lapses",
            "groups",
            "1/year",
            "boundaries passed by helpers of a group, in a year",
            "so_far",
        ),
    )
    events = (
        Event(
            CHALLENGED,
            "challenged",
            "people",
            {
                "en": (
                    "let {other} question a habit, and took it to heart",
                    "one person took it to heart that a habit was questioned",
                    "{count} people took it to heart that a habit was questioned",
                ),
                "de": (
                    "ließ sich von {other} auf eine Gewohnheit ansprechen und nahm es an",
                    "eine Person nahm es an, auf eine Gewohnheit angesprochen zu werden",
                    "{count} Personen nahmen es an, auf eine Gewohnheit angesprochen zu werden",
                ),
            },
        ),
        Event(
            PUSHED,
            "pushed",
            "people",
            {
                "en": (
                    "was questioned about a habit by {other}, and felt pushed",
                    "one person felt pushed when a habit was questioned",
                    "{count} people felt pushed when a habit was questioned",
                ),
                "de": (
                    "wurde von {other} auf eine Gewohnheit angesprochen und fühlte sich bedrängt",
                    "eine Person fühlte sich bedrängt, auf eine Gewohnheit angesprochen",
                    "{count} Personen fühlten sich bedrängt, auf eine Gewohnheit angesprochen",
                ),
            },
        ),
        Event(
            LAPSE,
            "lapse",
            "people",
            {
                "en": (
                    "was helped by {other}, who went too far",
                    "one person was helped by somebody who went too far",
                    "{count} people were helped by somebody who went too far",
                ),
                "de": (
                    "bekam Hilfe von {other} und erlebte dabei eine überschrittene Grenze",
                    "eine Person erlebte beim Helfen eine überschrittene Grenze",
                    "{count} Personen erlebten beim Helfen eine überschrittene Grenze",
                ),
            },
        ),
    )
    purposes = (
        Purpose(APTITUDE, "aptitude", "a member, once (step 0)", ("skill", "", "", "")),
        Purpose(TALK, "talk", "somebody helped and who helps, each help", ("tells on", "challenge", "lapse", "")),
    )
    writes = {
        "members": ("coping", "self_efficacy", "distress", "trust", "strain"),
        "ports": ("learn", "comfort", "hear", "speak", "answer", "drop", "serve"),
    }
    neutral = {
        "power_gap": 0.0,
        "link": 0.0,
        "listening": 0.0,
        "growth": 0.0,
        "mirror": 0.0,
        "tells_on": 0.0,
        "challenge": 0.0,
        "lapse": 0.0,
        "chosen": 0.0,
    }

    enabled: bool = switch("whether the stance of those who help tells", default=False)
    power_gap: float = par(
        0.0, 0, 1, unit="share", why="gap between helpers and helped in a new group", source="assumed; E4 E7"
    )
    gap_silences: float = par(
        1.0,
        0,
        10,
        unit="weight",
        why="a gap makes people guarded: fewer speak, and what is told gives less",
        source="assumed; E4",
    )
    gap_blocks: float = par(1.0, 0, 10, unit="weight", why="counsel from above is taken less", source="assumed; E80")
    gap_ranks: float = par(
        0.9, 0, 1, unit="share", why="of the pull of who has no rank to help, lost to a full gap", source="assumed; E7"
    )
    link: float = par(0.0, 0, 1, unit="share", why="how closely tied to professionals", source="assumed; E194 E128")
    experts_unheard: float = par(
        0.3, 0, 1, unit="share", why="of counsel, not taken where it is the experts'", source="assumed; E78"
    )
    dilution: float = par(0.004, 0, 1, unit="share/week", why="of parity, lost to a full link", source="assumed; E194")
    training: float = par(0.0, 0, 1, unit="share", why="how far mutuality is taught", source="assumed; E209")
    training_levels: float = par(
        0.01, 0, 1, unit="share/week", why="of the gap, levelled by full training", source="assumed; E209"
    )
    training_teaches: float = par(
        0.01,
        0,
        1,
        unit="share/week",
        why="of missing skill, taught to helpers by full training",
        source="assumed; E209",
    )
    listening: float = par(0.0, 0, 1, unit="share", why="how far helpers listen and walk along", source="assumed; E74")
    listening_comforts: float = par(
        0.5, 0, 10, unit="weight", why="more distress is lifted where one listens", source="assumed; E74 E8"
    )
    listening_spares: float = par(
        0.2, 0, 1, unit="share", why="of teaching, left out where one listens", source="assumed; E74"
    )
    listening_trusts: float = par(
        0.03, 0, 1, unit="share/help", why="trust gained by being listened to", source="assumed; E74 E8"
    )
    growth: float = par(
        0.004,
        0,
        1,
        unit="share/help",
        why="of what only the other knows of coping, learnt: by both",
        source="assumed; E6 E21",
        benefit=True,
    )
    mirror: float = par(
        0.03,
        0,
        1,
        unit="share/help",
        why="of the step shown ahead, gained in efficacy",
        source="assumed; E75",
        benefit=True,
    )
    stretch: float = par(0.1, 0, 1, unit="share", why="how far ahead strengths are shown", source="assumed; E75")
    holding_at: float = par(
        0.6, 0, 1, unit="share", why="distress above which one should hold and not tell", source="assumed; E199"
    )
    tells_on: float = par(
        0.4, 0, 1, unit="chance", why="of telling on where holding is due, without skill", source="assumed; E199"
    )
    talked_over: float = par(
        0.1, 0, 1, unit="share", why="distress of being talked over", source="assumed; E199", harm=True
    )
    self_awareness: float = par(
        0.0, 0, 1, unit="share", why="of missteps, noticed by the helper in time", source="assumed; E200"
    )
    challenge: float = par(0.0, 0, 1, unit="chance", why="of questioning a habit, in a help", source="assumed; E68")
    challenge_trust: float = par(0.5, 0, 1, unit="share", why="trust above which it is taken", source="assumed; E68")
    challenge_gain: float = par(
        0.02, 0, 1, unit="share", why="of missing coping, gained when taken", source="assumed; E68", benefit=True
    )
    challenge_drives: float = par(
        3.0, 0, 100, unit="weight", why="dropping out in that week when not taken", source="assumed; E68"
    )
    lapse: float = par(
        0.04, 0, 1, unit="chance", why="of passing a boundary in a help, without skill", source="assumed; E198"
    )
    lapse_strain: float = par(0.2, 0, 1, unit="share", why="strain of a boundary passed", source="assumed; E198")
    lapse_breach: float = par(0.3, 0, 1, unit="share", why="of trust of the helped, lost by it", source="assumed; E198")
    aptitude: float = par(0.5, 0, 1, unit="share", why="skill at first, middle of all", source="assumed; E210")
    aptitude_spread: float = par(
        1.0, 0, 2, unit="share", why="between the least and the most apt", source="assumed; E210"
    )
    practice: float = par(0.005, 0, 1, unit="share/help", why="skill gained by helping", source="assumed; E199")
    chosen: float = par(
        0.0, 0, 10, unit="weight", why="who suits the work is drawn into helping", source="assumed; E108 E210"
    )

    @staticmethod
    def after_work(members, groups, g, own, ours, ports, community, key, p):  # type: ignore[no-untyped-def]
        """Let the gap between helpers and others tell, teach helpers, and move the gap."""
        gap = ours.gap[g]
        learn = exp(-p.gap_blocks * gap) * (1.0 - p.experts_unheard * p.link)
        learn = learn * (1.0 - p.listening_spares * p.listening)
        comfort = 1.0 + p.listening_comforts * p.listening
        guarded = exp(-p.gap_silences * gap)
        for i in range(len(members)):
            slot = members.slot[i]
            if own.skill[slot] < 0.0:
                u, _, _, _ = draw(key, members.who[i], 0, community, 0, APTITUDE, 0)
                own.skill[slot] = clip(p.aptitude + p.aptitude_spread * (u - MIDDLE))
            ports.learn[i] *= learn
            ports.comfort[i] *= comfort
            ports.hear[i] *= guarded
            if not carries_work(members.role[i]):
                ports.speak[i] *= guarded
                ports.answer[i] *= 1.0 - p.gap_ranks * gap
            if members.role[i] == HELPER:
                own.skill[slot] += p.training_teaches * p.training * (1.0 - own.skill[slot])
        ours.gap[g] = clip(gap + p.dilution * p.link * (1.0 - gap) - p.training_levels * p.training * gap)

    @staticmethod
    def after_help(members, g, ring, own, ours, ports, events, community, key, clock, p):  # type: ignore[no-untyped-def]
        """Let every help be of mutual use, or a misstep; and let those be drawn into helping whom it suits."""
        for seat in range(len(members)):
            i = ring[seat]
            if members.helped_by[i] >= 0:
                _walk_beside(members, i, members.helped_by[i], g, own, ours, ports, events, community, key, clock, p)
        helpers = 0
        skill = telling = 0.0
        for i in range(len(members)):
            mine = own.skill[members.slot[i]]
            tells = 2.0 * members.sharing_skill[i] / (1.0 + members.sharing_skill[i])
            ports.serve[i] *= exp(p.chosen * (mine * tells - MIDDLE))
            if members.role[i] == HELPER:
                helpers += 1
                skill += mine
                telling += tells
        ours.helper_skill[g] = skill / helpers if helpers > 0 else 0.0
        ours.helper_telling[g] = telling / helpers if helpers > 0 else 0.0


@kernel
def _walk_beside(members, i, j, g, own, ours, ports, events, community, key, clock, p):  # type: ignore[no-untyped-def]
    turns, questions, passes, _ = draw(key, members.who[i], members.who[j], community, clock.step, TALK, 0)
    parity = 1.0 - ours.gap[g]
    helper = members.slot[j]
    clumsy = (1.0 - own.skill[helper]) * (1.0 - p.self_awareness)
    mine, theirs = members.coping[i], members.coping[j]
    members.coping[i] = clip(mine + p.growth * parity * theirs * (1.0 - mine))
    learnt = p.growth * parity * mine * (1.0 - theirs)
    members.coping[j] = clip(theirs + learnt)
    own.learnt[helper] += learnt
    ahead = p.mirror * own.skill[helper] * min(p.stretch, 1.0 - members.self_efficacy[i])
    members.self_efficacy[i] = clip(members.self_efficacy[i] + ahead)
    if members.distress[i] > p.holding_at and turns < p.tells_on * clumsy:
        members.distress[i] = clip(members.distress[i] + p.talked_over * (1.0 - members.distress[i]))
        ours.told_on[g] += 1
    if questions < p.challenge:
        if members.trust[i] > p.challenge_trust:
            members.coping[i] = clip(members.coping[i] + p.challenge_gain * (1.0 - members.coping[i]))
            ours.taken[g] += 1
            tell(events, CHALLENGED, members, i, members.who[j])
        else:
            ours.refused[g] += 1
            tell(events, PUSHED, members, i, members.who[j])
            ports.drop[i] *= 1.0 + p.challenge_drives
    members.trust[i] += p.listening_trusts * p.listening * (1.0 - members.trust[i])
    if passes < p.lapse * clumsy:
        members.strain[j] = clip(members.strain[j] + p.lapse_strain * (1.0 - members.strain[j]))
        members.trust[i] -= p.lapse_breach * members.trust[i]
        ours.lapses[g] += 1
        tell(events, LAPSE, members, i, members.who[j])
    own.skill[helper] += p.practice * (1.0 - own.skill[helper])
