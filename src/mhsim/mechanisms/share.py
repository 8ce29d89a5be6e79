"""Sharing: at a meeting some tell their story, and the others hear people in the same position.

Who speaks. A member who is there speaks with chance ``1 - exp(-talk_rate * voice)``, where voice is the member's
sharing skill, times `helper_voice` for helpers and organisers or `first_voice` at a first visit. Who hears. Members
sit on a ring by their seats; each hears the speakers who sit next clockwise, `heard_at_most` of them, never himself.

What is heard, averaged over those heard with their voices as weights (w): let ``like`` be the likeness of hearer and
teller, ``visible`` be 1 for a teller in accommodation and ``1 - needs_veteran`` for any other, and ``gap`` be the
teller's value less the hearer's, counted only where positive. Then

    met_alike       = sum w like / sum w
    hope           += hope_gain * open * sum w like visible spaced / sum w    (gap of hope)
    coping         += coping_gain * open * taught * sum w like veteran gap / sum w   (gap of coping)
    self_efficacy  += efficacy_gain * open * sum w like veteran gap / sum w              (gap of self-efficacy)
    shame          -= shame_relief * met_alike * shame
    identification += identification_gain * met_alike * (1 - identification)

Each change, of whatever sign, is for one meeting a week and is taken ``dose`` times: with ``r = (meetings_per_week /
due) * visits``, dose is r up to 1 and ``exp(dose_exponent * log(r))`` above (see `attend` for due and visits). Here
``veteran`` is 1 for a teller in accommodation and else 0, ``spaced = gap * max(0, 1 - gap / (2 best_gap))``, which is
most at `best_gap`, as between siblings, and nothing at twice that; ``open = guarded + (1 - guarded) climate`` for the
group's climate of trust and ``taught = untaught + (1 - untaught) legacy`` for its methods (`untaught` is that of
`bequeath`). If nobody heard is both in accommodation and more hopeful than the hearer, and the mean distress D heard
(weights w) exceeds `despair_above`, hope changes besides by ``- despair * (D - despair_above) * hope``. All values are
those at the start of the phase; results are held within 0 to 1.

Sources: E40-E43 living proof, E46 efficacy by watching, E52-E55 universality, E35 spacing, E83 coping, V77-V80 sizes.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.core.maths import clip, exp, happens, log
from mhsim.core.params import Parameters, par, switch
from mhsim.kernel_helpers import around, carries_work, likeness, spaced
from mhsim.schema import ACCOMMODATION

WRITES = {
    "members": ("hope", "coping", "self_efficacy", "shame", "identification", "met_alike"),
    "groups": (),
}
NEUTRAL = {
    "hope_gain": 0.0,
    "coping_gain": 0.0,
    "efficacy_gain": 0.0,
    "shame_relief": 0.0,
    "identification_gain": 0.0,
    "despair": 0.0,
}


class Share(Parameters):
    """Parameters of sharing."""

    enabled: bool = switch("whether anybody is heard at meetings")
    talk_rate: float = par(0.8, 0, 10, unit="weight", why="how readily people speak at a meeting", source="assumed")
    helper_voice: float = par(2.0, 0, 10, unit="weight", why="voice of helpers and organisers", source="assumed")
    first_voice: float = par(0.3, 0, 10, unit="weight", why="voice at a first visit", source="E73")
    heard_at_most: int = par(8, 1, 100, unit="people", why="speakers one has time to hear", source="assumed")
    breadth: float = par(1.2, 0.05, 20, unit="distance", why="how far apart people still feel alike", source="assumed")
    best_gap: float = par(
        0.35,
        0.05,
        10,
        unit="share",
        why="how far ahead a teller helps most (spacing, as between siblings)",
        source="E35",
    )
    guarded: float = par(0.5, 0, 1, unit="share", why="openness where nobody trusts", source="assumed; E66")
    needs_veteran: float = par(
        0.7,
        0,
        1,
        unit="share",
        why="how far hope depends on a visible veteran: 1, none is gained without one; 0, anyone ahead will do",
        source="E41; contested, report both ends",
        label="Hope depends on seeing someone who has made it",
        slider=(0, 1, 0.05),
        special=((0, "not at all"), (1, "fully")),
    )
    dose_exponent: float = par(
        0.3,
        0,
        1,
        unit="weight",
        why="how gains grow with meetings in a week: 1, by each; 0, not at all",
        source="assumed",
    )
    hope_gain: float = par(
        0.095,
        0,
        1,
        unit="share/meeting",
        why="of a small gap to those ahead, closed in hope",
        source="V77",
        benefit=True,
    )
    coping_gain: float = par(
        0.015, 0, 1, unit="share/meeting", why="of the gap to veterans, closed in coping", source="E83", benefit=True
    )
    efficacy_gain: float = par(
        0.04, 0, 1, unit="share/meeting", why="of the gap to veterans, closed by watching", source="V80", benefit=True
    )
    shame_relief: float = par(
        0.03, 0, 1, unit="share/meeting", why="of shame, lifted by meeting people alike", source="E52", benefit=True
    )
    identification_gain: float = par(
        0.02, 0, 1, unit="share/meeting", why="of what is missing, by meeting people alike", source="E23", benefit=True
    )
    despair: float = par(
        0.02,
        0,
        1,
        unit="share/meeting",
        why="of hope, lost per unit of distress heard beyond despair_above with nobody ahead",
        source="assumed",
        harm=True,
    )
    despair_above: float = par(0.6, 0, 1, unit="share", why="distress heard that begins to weigh", source="assumed")


@kernel
def share(members, groups, g, luck, ring, scratch, ports, meetings_per_week, untaught, p):  # type: ignore[no-untyped-def]
    """Let those who are there speak and hear; `ring` seats all members, `scratch` holds voices and new values.

    `untaught` is that of `bequeath`.
    """
    speakers = _who_speaks(members, luck, ring, scratch, ports, p)
    openness = p.guarded + (1.0 - p.guarded) * groups.climate[g]
    teaching = p.coping_gain * openness * (untaught + (1.0 - untaught) * groups.legacy[g])
    rate = meetings_per_week / groups.due[g]
    before = 0
    for seat in range(len(members)):
        i = ring[seat]
        speaks = scratch.voice[i] > 0.0
        if speaks:
            before += 1
        if members.attended[i]:
            others = speakers - 1 if speaks else speakers
            heard = min(others, int(p.heard_at_most))
            dose = dose_of(rate * members.visits[i], p.dose_exponent) * ports.hear[i]
            _hear(members, i, before, heard, speakers, openness, teaching, dose, scratch, p)
    for i in range(len(members)):
        if members.attended[i] and members.met_alike[i] > 0.0:
            dose = dose_of(rate * members.visits[i], p.dose_exponent) * ports.hear[i]
            members.hope[i] = scratch.hope[i]
            members.coping[i] = scratch.coping[i]
            members.self_efficacy[i] = scratch.self_efficacy[i]
            alike = members.met_alike[i]
            members.shame[i] = clip(members.shame[i] - dose * p.shame_relief * alike * members.shame[i])
            seen = dose * p.identification_gain * alike * (1.0 - members.identification[i])
            members.identification[i] = clip(members.identification[i] + seen)


@kernel
def _who_speaks(members, luck, ring, scratch, ports, p):  # type: ignore[no-untyped-def]
    count = 0
    for seat in range(len(members)):
        i = ring[seat]
        members.met_alike[i] = 0.0
        scratch.voice[i] = 0.0
        if members.attended[i]:
            voice = members.sharing_skill[i] * ports.speak[i]
            if carries_work(members.role[i]):
                voice = voice * p.helper_voice
            elif members.meetings[i] == 1:
                voice = voice * p.first_voice
            if happens(luck.speak[i], p.talk_rate * voice):
                scratch.voice[i] = voice
                scratch.speaker[count] = i
                count += 1
    return count


@kernel
def _hear(members, i, first, heard, speakers, openness, teaching, dose, scratch, p):  # type: ignore[no-untyped-def]
    total = alike = hope = coping = efficacy = distress = 0.0
    ahead = False
    for k in range(heard):
        j = scratch.speaker[around(first + k, speakers)]
        w = scratch.voice[j]
        like = w * likeness(
            members.profile_x[i], members.profile_y[i], members.profile_x[j], members.profile_y[j], p.breadth
        )
        total += w
        alike += like
        distress += w * members.distress[j]
        veteran = members.stage[j] == ACCOMMODATION
        gap = members.hope[j] - members.hope[i]
        if gap > 0.0:
            visible = 1.0 if veteran else 1.0 - p.needs_veteran
            hope += like * visible * spaced(gap, p.best_gap)
            ahead = ahead or veteran
        if veteran:
            coping += like * max(0.0, members.coping[j] - members.coping[i])
            efficacy += like * max(0.0, members.self_efficacy[j] - members.self_efficacy[i])
    if total <= 0.0:
        return
    members.met_alike[i] = alike / total
    change = p.hope_gain * openness * hope / total
    if not ahead and distress / total > p.despair_above:
        change -= p.despair * (distress / total - p.despair_above) * members.hope[i]
    scratch.hope[i] = clip(members.hope[i] + dose * change)
    scratch.coping[i] = clip(members.coping[i] + dose * teaching * coping / total)
    scratch.self_efficacy[i] = clip(members.self_efficacy[i] + dose * p.efficacy_gain * openness * efficacy / total)


@kernel
def dose_of(rate, exponent):  # type: ignore[no-untyped-def]
    """Return what meetings at a rate per week give, as a multiple of one a week."""
    return exp(exponent * log(rate)) if rate > 1.0 else rate
