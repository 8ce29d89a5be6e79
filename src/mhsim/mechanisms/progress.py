"""The passage: impact, recoil, accommodation, with set-backs; the same rule for members and others.

    impact to recoil:         see_hazard * identification * (1 - shame_blinds * shame)
                              + time_hazard * (least_ease + ease)
    recoil to accommodation:  learn_hazard * logistic(steepness (H - threshold)) * (1 - distress_hinders * distress)
                              * chronic_slows [chronic]

`ease` is 1 for the resilient, `recovering_ease` for the recovering and 0 for the chronic. H is the harmonic mean of
hope, self-efficacy and coping, 0 if one is 0: all three are needed. In a step with a crisis nobody moves on; instead,
with chance `setback`, a person falls back by one stage.

Sources: E24-E28 stages of transition; V97, V98.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.core.maths import happens, logistic
from mhsim.core.params import Parameters, par, switch
from mhsim.schema import ACCOMMODATION, CHRONIC, IMPACT, NEVER, RECOIL, RESILIENT

WRITES = {"people": ("stage", "recoil_at", "accommodated_at")}
NEUTRAL = {"see_hazard": 0.0, "time_hazard": 0.0, "learn_hazard": 0.0, "setback": 0.0}

THREE = 3.0
"""How many there are in the harmonic mean of hope, self-efficacy and coping."""


class Progress(Parameters):
    """Parameters of the passage through the stages."""

    enabled: bool = switch("whether anybody moves between stages")
    see_hazard: float = par(0.06, 0, 10, unit="1/week", why="impact to recoil by identification", source="assumed; E25")
    time_hazard: float = par(0.022, 0, 10, unit="1/week", why="impact to recoil by time", source="assumed; V98")
    shame_blinds: float = par(0.5, 0, 1, unit="share", why="of seeing, held back by shame", source="assumed; E99")
    least_ease: float = par(0.3, 0, 10, unit="weight", why="ease of the chronic, beside 1 more", source="assumed; V98")
    recovering_ease: float = par(0.5, 0, 1, unit="weight", why="ease of the recovering", source="assumed; V98")
    learn_hazard: float = par(0.25, 0, 10, unit="1/week", why="recoil to accommodation, full", source="assumed; E26")
    threshold: float = par(0.48, 0, 1, unit="share", why="hope, efficacy and coping to move on", source="assumed; E24")
    steepness: float = par(
        9.0, 0, 100, unit="weight", why="how sharply hope, efficacy, coping are needed", source="assumed"
    )
    distress_hinders: float = par(0.7, 0, 1, unit="share", why="of moving on, held back by distress", source="assumed")
    chronic_slows: float = par(
        0.2, 0, 1, unit="share", why="pace at which the chronic come to accommodation, of others'", source="V98"
    )
    setback: float = par(0.25, 0, 1, unit="chance", why="of falling back a stage in a crisis", source="assumed; E33")


@kernel
def progress(people, luck, clock, p):  # type: ignore[no-untyped-def]
    """Move people on, or back, in their passage."""
    for i in range(len(people)):
        if people.in_crisis[i]:
            if people.stage[i] > IMPACT and luck.progress[i] < p.setback:
                people.stage[i] -= 1
        elif people.stage[i] == IMPACT:
            if happens(luck.progress[i], _hazard_of_recoil(people, i, p)):
                people.stage[i] = RECOIL
                if people.recoil_at[i] == NEVER:
                    people.recoil_at[i] = clock.step
        elif people.stage[i] == RECOIL:
            if happens(luck.progress[i], _hazard_of_accommodation(people, i, p)):
                people.stage[i] = ACCOMMODATION
                if people.accommodated_at[i] == NEVER:
                    people.accommodated_at[i] = clock.step


@kernel
def _hazard_of_recoil(people, i, p):  # type: ignore[no-untyped-def]
    ease = p.recovering_ease
    if people.resilience[i] == RESILIENT:
        ease = 1.0
    elif people.resilience[i] == CHRONIC:
        ease = 0.0
    seeing = p.see_hazard * people.identification[i] * (1.0 - p.shame_blinds * people.shame[i])
    return seeing + p.time_hazard * (p.least_ease + ease)


@kernel
def _hazard_of_accommodation(people, i, p):  # type: ignore[no-untyped-def]
    hope, efficacy, coping = people.hope[i], people.self_efficacy[i], people.coping[i]
    pairs = hope * efficacy + hope * coping + efficacy * coping
    mean = THREE * hope * efficacy * coping / pairs if pairs > 0.0 else 0.0
    calm = 1.0 - p.distress_hinders * people.distress[i]
    hazard = p.learn_hazard * logistic(p.steepness * (mean - p.threshold)) * calm
    return hazard * p.chronic_slows if people.resilience[i] == CHRONIC else hazard
