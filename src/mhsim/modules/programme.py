"""Programme: a set path of steps or loose talk, a spiritual side or none, strict or free; and what members do with it.

Four dials of a form, 0 to 1: `structure`, how far meetings follow a set path; `spirituality`, how far it rests on a
higher power; `strictness`, how far everybody is to go the whole path; `venting`, the share of talk in which people let
off steam. A member has walked a `path`, 0 to 1, and reads stress in a new way as far as `reading` says, 0 to 1; both
begin at 0 and stay when one leaves. The own `goal` on the path is unknown (-1) until the first step in which somebody
is a member; then it is ``1 - goal_spread * u``, u being the first word of the draw "goal", made for this person in step
0. Whoever has a goal has ever been a member.

Before the meeting (after `work`), every member without a goal gets one; and for every member

    speak   *= 1 - text_takes * structure                  hear  *= that, too: a set text leaves less time to talk
    hear    *= 1 - venting_spares * venting                learn *= 1 - venting_spares * venting
    comfort *= 1 + venting_comforts * venting

At the meeting (after `share`), for members who came and heard somebody (`met_alike` above 0), in this order; `mean` is
the mean path of all members who came, as it was before this phase, weighted by the steps in which each has come to a
meeting (`meetings`), so that the older sway the newer; ``limit = goal + strictness * (1 - goal)`` is how far a member
is walked:

    path          = min(limit, path + walk * structure * (1 - path) + sway * (mean - path))      at least 0
    reading      += reread * (1 - venting) * (1 - reading)
    distress     -= venting_relieves * venting * distress
    self_efficacy += own_goal * (1 - strictness) * (1 - self_efficacy)

the last only where the path has now come to the goal (is at least that) for the first time: then `reached` becomes 1.

Before the week outside (after `bond`; for people outside, before they decide to come), for everybody who has ever been
a member, with values as they stand:

    crisis *= exp(- path_protects * path - together * (1 - self_efficacy) * held)
    held    = 1 - (1 - tie_support) (1 - belonging) (1 - spirituality * belief_fit)
    shock  *= 1 - reread_shields * reading

What one cannot control alone is held by others, the group and, for whom it suits, a higher power; where one of them is
lost the others hold more. In the same place, for members ``drop *= exp(strict_drives * strictness * (1 - goal)) * 2
logistic(- suits)``, and for people outside, members once or never, ``come *= 2 logistic(suits)``, with ``suits =
spirit_keeps * spirituality * (belief_fit - suits_at)``: a higher power helps some and puts off others.

After the week outside (after `live`), a member who had a crisis in it has lost `lost_in_crisis` of the path, and ``drop
*= exp(strict_drives * strictness)``.

Log: `reached` of who comes to the own goal for the first time.

Sources: E16 beyond venting; E19 own goals; E51 control together; E87 peer influence; E88 reading anew; E118 steps; E119
loose talk; E139 spiritual element. No source gives a size.
"""

from __future__ import annotations

from mhsim.plugins import Column, Event, OwnMeasure, Purpose, Rule, clip, draw, exp, kernel, logistic, par, switch, tell

GOAL = 1130
TWICE = 2.0
"""A logistic factor is 1 in the middle, so that what draws some puts off as many."""
REACHED_GOAL = 0


class Programme(Rule):
    """Parameters of the programme."""

    people = (
        Column("path", "f8", "0-1", "how much of the programme's path one has walked", shown="path"),
        Column("reading", "f8", "0-1", "how far one reads stress in a new way", shown="reading"),
        Column("goal", "f8", "0-1", "where on the path one wants to get; -1 not yet known", start=-1, shown="goal"),
        Column("reached", "u1", "0/1", "has come to the own goal", shown="reached"),
    )
    measures = (
        OwnMeasure("path", "people.path", "members", "0-1", "how far members have walked the programme's path"),
        OwnMeasure("reached", "people.reached", "members", "share", "members who have come to their own goal on it"),
    )
    events = (
        Event(
            REACHED_GOAL,
            "reached",
            "people",
            {
                "en": (
                    "came to the own goal on the programme's path",
                    "one person came to the own goal on the programme's path",
                    "{count} people came to their own goals on the programme's path",
                ),
                "de": (
                    "kam auf dem Weg des Programms ans eigene Ziel",
                    "eine Person kam auf dem Weg des Programms ans eigene Ziel",
                    "{count} Personen kamen auf dem Weg des Programms ans eigene Ziel",
                ),
            },
        ),
    )
    purposes = (Purpose(GOAL, "goal", "a member, once (step 0)", ("goal", "", "", "")),)
    writes = {
        "members": ("distress", "self_efficacy"),
        "ports": ("speak", "hear", "learn", "comfort", "crisis", "shock", "drop", "come"),
    }
    neutral = {
        "structure": 0.0,
        "spirituality": 0.0,
        "strictness": 0.0,
        "venting": 0.0,
        "sway": 0.0,
        "reread": 0.0,
        "together": 0.0,
    }

    enabled: bool = switch("whether the programme of a form tells", default=False)
    structure: float = par(
        0.0, 0, 1, unit="share", why="how far meetings follow a set path; 0, loose talk", source="assumed; E118 E119"
    )
    spirituality: float = par(0.0, 0, 1, unit="share", why="how far it rests on a higher power", source="assumed; E139")
    strictness: float = par(0.0, 0, 1, unit="share", why="how far all are to go the whole path", source="assumed; E19")
    venting: float = par(0.0, 0, 1, unit="share", why="of talk, in which people let off steam", source="assumed; E16")
    text_takes: float = par(0.15, 0, 1, unit="share", why="of talk, left out for a set text", source="assumed; E119")
    walk: float = par(
        0.03, 0, 1, unit="share/meeting", why="of the path left, walked in a structured form", source="assumed; E118"
    )
    path_protects: float = par(
        0.6, 0, 10, unit="weight", why="the path walked keeps crises off", source="assumed; E118", benefit=True
    )
    sway: float = par(0.01, 0, 1, unit="share/meeting", why="the older sway the newer", source="assumed; E87")
    goal_spread: float = par(
        0.6, 0, 1, unit="share", why="how far own goals lie before the end; 0, none does", source="assumed; E19"
    )
    own_goal: float = par(
        0.2, 0, 1, unit="share", why="of missing efficacy, gained by coming to it", source="assumed; E19", benefit=True
    )
    strict_drives: float = par(1.0, 0, 10, unit="weight", why="strictness drives out", source="assumed; E19")
    lost_in_crisis: float = par(0.3, 0, 1, unit="share", why="of the path, lost in a crisis", source="assumed; E33")
    reread: float = par(
        0.015, 0, 1, unit="share/meeting", why="of missing readings, learnt by hearing others", source="assumed; E88"
    )
    reread_shields: float = par(
        0.4, 0, 1, unit="share", why="of a shock, taken by reading it otherwise", source="assumed; E88", benefit=True
    )
    together: float = par(
        0.5,
        0,
        10,
        unit="weight",
        why="ties, group and higher power hold what one cannot hold alone",
        source="assumed; E51",
        benefit=True,
    )
    spirit_keeps: float = par(
        2.0, 0, 10, unit="weight", why="a higher power draws whom it suits and puts off others", source="assumed; E139"
    )
    suits_at: float = par(0.65, 0, 1, unit="share", why="fit of ideas at which it does neither", source="assumed; E139")
    venting_relieves: float = par(
        0.012, 0, 1, unit="share/meeting", why="of distress, let off by venting", source="assumed; E16", benefit=True
    )
    venting_comforts: float = par(
        0.3, 0, 10, unit="weight", why="more comfort in helping where people vent", source="assumed; E16"
    )
    venting_spares: float = par(
        0.6, 0, 1, unit="share", why="of what talk teaches, left out for venting", source="assumed; E16"
    )

    @staticmethod
    def after_work(members, own, ports, community, key, p):  # type: ignore[no-untyped-def]
        """Give new members a goal of their own, and divide the time of the meeting."""
        teaches = 1.0 - p.venting_spares * p.venting
        talk = 1.0 - p.text_takes * p.structure
        for i in range(len(members)):
            slot = members.slot[i]
            if own.goal[slot] < 0.0:
                u, _, _, _ = draw(key, members.who[i], 0, community, 0, GOAL, 0)
                own.goal[slot] = 1.0 - p.goal_spread * u
            ports.speak[i] *= talk
            ports.hear[i] *= talk * teaches
            ports.learn[i] *= teaches
            ports.comfort[i] *= 1.0 + p.venting_comforts * p.venting

    @staticmethod
    def after_share(members, own, events, p):  # type: ignore[no-untyped-def]
        """Let those who came walk on, be swayed, read anew and let off steam."""
        total = walked = 0.0
        for i in range(len(members)):
            if members.attended[i]:
                total += members.meetings[i]
                walked += members.meetings[i] * own.path[members.slot[i]]
        for i in range(len(members)):
            if members.attended[i] and members.met_alike[i] > 0.0:
                _at_meeting(members, i, members.slot[i], walked / total, own, events, p)

    @staticmethod
    def after_bond(members, own, ports, p):  # type: ignore[no-untyped-def]
        """Let path, reading and what holds together bear on the week, and strictness and spirit on staying."""
        strict = p.strict_drives * p.strictness
        tells = strict > 0.0 or p.spirit_keeps * p.spirituality > 0.0
        for i in range(len(members)):
            _bear(members, i, own, ports, p)
            if tells:
                drives = exp(strict * (1.0 - own.goal[members.slot[i]]))
                ports.drop[i] *= drives * TWICE * logistic(-_suits(members, i, p))

    @staticmethod
    def outside_week(outside, own, ports, p):  # type: ignore[no-untyped-def]
        """Let what was gained bear on those who left, and the spirit of the groups on who comes."""
        tells = p.spirit_keeps * p.spirituality > 0.0
        for i in range(len(outside)):
            if own.goal[outside.slot[i]] >= 0.0:
                _bear(outside, i, own, ports, p)
            if tells:
                ports.come[i] *= TWICE * logistic(_suits(outside, i, p))

    @staticmethod
    def after_live(members, own, ports, p):  # type: ignore[no-untyped-def]
        """Let a crisis set members back on their path, and strict groups make them go."""
        for i in range(len(members)):
            if members.in_crisis[i]:
                slot = members.slot[i]
                own.path[slot] -= p.lost_in_crisis * own.path[slot]
                ports.drop[i] *= exp(p.strict_drives * p.strictness)


@kernel
def _at_meeting(members, i, slot, mean, own, events, p):  # type: ignore[no-untyped-def]
    goal, path = own.goal[slot], own.path[slot]
    limit = goal + p.strictness * (1.0 - goal)
    path = max(0.0, min(limit, path + p.walk * p.structure * (1.0 - path) + p.sway * (mean - path)))
    own.path[slot] = path
    own.reading[slot] += p.reread * (1.0 - p.venting) * (1.0 - own.reading[slot])
    members.distress[i] -= p.venting_relieves * p.venting * members.distress[i]
    if path >= goal and own.reached[slot] == 0:
        own.reached[slot] = 1
        tell(events, REACHED_GOAL, members, i, 0)
        gained = p.own_goal * (1.0 - p.strictness) * (1.0 - members.self_efficacy[i])
        members.self_efficacy[i] = clip(members.self_efficacy[i] + gained)


@kernel
def _bear(people, i, own, ports, p):  # type: ignore[no-untyped-def]
    slot = people.slot[i]
    loose = (1.0 - people.tie_support[i]) * (1.0 - people.belonging[i])
    held = 1.0 - loose * (1.0 - p.spirituality * people.belief_fit[i])
    tilt = p.path_protects * own.path[slot] + p.together * (1.0 - people.self_efficacy[i]) * held
    ports.crisis[i] *= exp(-tilt)
    ports.shock[i] *= 1.0 - p.reread_shields * own.reading[slot]


@kernel
def _suits(people, i, p):  # type: ignore[no-untyped-def]
    return p.spirit_keeps * p.spirituality * (people.belief_fit[i] - p.suits_at)
