"""Stance in the twin, from the text of `mhsim.modules.stance`."""

from __future__ import annotations

import math
from typing import Any

from twin_draws import clip

APTITUDE, TALK = 1120, 1121
UNKNOWN = -1.0


def start_person(person: Any, values: Any) -> dict[str, Any]:
    """Return what is a person's own at arrival."""
    return {"skill": UNKNOWN, "learnt": 0.0}


def start_group(group: Any, parent: Any, values: Any) -> dict[str, Any]:
    """Return what is a group's own when it begins."""
    gap = parent.own["stance"]["gap"] if parent is not None else values.power_gap
    counts = dict.fromkeys(("told_on", "taken", "refused", "lapses"), 0)
    return {"gap": gap, "helper_skill": 0.0, "helper_telling": 0.0} | counts


def after_work(group: Any, values: Any) -> None:
    """Let the gap and listening bear on talk and help; let training and links to professionals tell."""
    own = group.own["stance"]
    gap, listening = own["gap"], values.listening
    for person in group.ring:
        mine = person.own["stance"]
        if mine["skill"] == UNKNOWN:
            u = group.model.draws.draw(person.who, 0, group.community.number, 0, APTITUDE, 0)[0]
            mine["skill"] = clip(values.aptitude + values.aptitude_spread * (u - 0.5))
    for person in group.ring:
        ports = person.ports
        ports["learn"] *= (
            math.exp(-values.gap_blocks * gap)
            * (1.0 - values.experts_unheard * values.link)
            * (1.0 - values.listening_spares * listening)
        )
        ports["comfort"] *= 1.0 + values.listening_comforts * listening
        ports["hear"] *= math.exp(-values.gap_silences * gap)
        if not person.carrier:
            ports["speak"] *= math.exp(-values.gap_silences * gap)
            ports["answer"] *= 1.0 - values.gap_ranks * gap
        if person.helper:
            mine = person.own["stance"]
            mine["skill"] += values.training_teaches * values.training * (1.0 - mine["skill"])
    own["gap"] += values.dilution * values.link * (1.0 - gap) - values.training_levels * values.training * gap


def after_help(group: Any, values: Any) -> None:
    """Let each help go with the stance of who helps, and see who suits the work."""
    own = group.own["stance"]
    for person in group.ring:
        if person.helped_by is not None:
            help_given(person, person.helped_by, own, values)
    for person in group.ring:
        person.ports["serve"] *= math.exp(values.chosen * (person.own["stance"]["skill"] * tells(person) - 0.5))
    helpers = [person for person in group.ring if person.helper]
    n = len(helpers)
    own["helper_skill"] = sum(person.own["stance"]["skill"] for person in helpers) / n if n else 0.0
    own["helper_telling"] = sum(tells(person) for person in helpers) / n if n else 0.0


def tells(person: Any) -> float:
    """Return how well somebody can tell."""
    return 2.0 * person.sharing_skill / (1.0 + person.sharing_skill)


def help_given(seeker: Any, helper: Any, own: dict[str, Any], values: Any) -> None:
    """Let one help do what it does beyond comfort and advice."""
    mine = helper.own["stance"]
    skill = mine["skill"]
    unaware = (1.0 - skill) * (1.0 - values.self_awareness)
    model = seeker.model
    words = model.draws.draw(seeker.who, helper.who, seeker.community.number, model.now, TALK, 0)
    both = values.growth * (1.0 - own["gap"])
    c_i, c_j = seeker.coping, helper.coping
    learnt = both * c_i * (1.0 - c_j)
    seeker.coping = clip(c_i + both * c_j * (1.0 - c_i))
    helper.coping = clip(c_j + learnt)
    mine["learnt"] += learnt
    ahead = min(values.stretch, 1.0 - seeker.self_efficacy)
    seeker.self_efficacy = clip(seeker.self_efficacy + values.mirror * skill * ahead)
    if seeker.distress > values.holding_at and words[0] < values.tells_on * unaware:
        seeker.distress = clip(seeker.distress + values.talked_over * (1.0 - seeker.distress))
        own["told_on"] += 1
    if words[1] < values.challenge:
        if seeker.trust > values.challenge_trust:
            seeker.coping = clip(seeker.coping + values.challenge_gain * (1.0 - seeker.coping))
            own["taken"] += 1
            model.log("stance_challenged", seeker, other=helper)
        else:
            own["refused"] += 1
            model.log("stance_pushed", seeker, other=helper)
            seeker.ports["drop"] *= 1.0 + values.challenge_drives
    seeker.trust = clip(seeker.trust + values.listening_trusts * values.listening * (1.0 - seeker.trust))
    if words[2] < values.lapse * unaware:
        helper.strain = clip(helper.strain + values.lapse_strain * (1.0 - helper.strain))
        seeker.trust = clip(seeker.trust - values.lapse_breach * seeker.trust)
        own["lapses"] += 1
        model.log("stance_lapse", seeker, other=helper)
    mine["skill"] = clip(skill + values.practice * (1.0 - skill))
