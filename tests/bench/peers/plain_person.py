"""A person of the core week in plain Python: what the people of Mesa and of AgentPy have in common.

Both tools leave it to their user to write the rules, so the same well-written methods serve both, and the two differ
only in what the tool adds. Rules are those of docs/ODD.md section 7; `luck` holds the seven words of the week.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from bench.peers.common_start import COMPARED

IMPACT, RECOIL, ACCOMMODATION = range(3)
HELPER, ORGANISER = 3, 4
NEVER = -32768
TRAITS = ("profile_x", "profile_y", "hope_baseline", "efficacy_baseline", "shame_baseline", "sharing_skill")
MORE_TRAITS = ("kin_support", "access_barrier", "motivation", "resilience", "role", "who", "community", "group")
STATE = ("hope", "self_efficacy", "coping", "distress", "shame", "isolation", "belonging", "meaning", "tie_support")
MORE_STATE = ("identification", "commitment", "met_alike", "stage", "meetings", "steps_absent", "crises")
TIMES = ("joined", "last_crisis", "recoil_at", "accommodated_at")
COLUMNS = TRAITS + MORE_TRAITS + STATE + MORE_STATE + TIMES

Seven = tuple[float, float, float, float, float, float, float]


class PlainPerson:
    """Somebody in need; a tool's agent class comes second among the bases."""

    values: Any
    luck: Seven | tuple[float, ...]

    def settle_in(self, row: dict[str, Any], values: Any) -> None:
        """Take traits and state from a row of the common start; `values` are the parameters per step."""
        vars(self).update(row)
        self.values = values
        self.carrier = self.role in (HELPER, ORGANISER)
        self.attended = self.in_crisis = False
        self.fall = (values.live.fall_resilient, values.live.fall_recovering, values.live.fall_chronic)[self.resilience]
        self.ease = (1.0, 0.5, 0.0)[self.resilience]
        self.met_alike = 0.0

    def come(self, leaderless: bool, now: int) -> None:
        """Come to the meeting or stay away."""
        p = self.values.attend
        pull = p.ease + p.belonging_pull * self.belonging + p.hope_pull * (self.hope - 0.4)
        pull -= p.distress_push * (self.distress - 0.5)
        pull -= p.barrier_push * (1.0 - p.remote) * self.access_barrier
        if self.carrier:
            pull += p.role_pull
        if leaderless:
            pull -= p.leaderless_push
        self.attended = self.meetings == 0 or self.luck[4] < 1.0 / (1.0 + math.exp(-pull))
        self.met_alike = 0.0
        if self.attended:
            if self.joined == NEVER:
                self.joined = now
            self.meetings += 1
            self.steps_absent = 0
            self.commitment += p.habit * (1.0 - self.commitment)
        else:
            self.steps_absent += 1
            self.commitment -= p.habit_loss * self.commitment

    def speaks(self) -> bool:
        """Tell whether somebody who is there speaks, and note how much they are heard."""
        p = self.values.share
        self.voice = self.sharing_skill
        if self.carrier:
            self.voice *= p.helper_voice
        elif self.meetings == 1:
            self.voice *= p.first_voice
        return happens(self.luck[6], p.talk_rate * self.voice)

    def hear(self, heard: list[PlainPerson], openness: float, teaching: float) -> None:
        """Note what hearing these people will change; `take_to_heart` changes it when all have heard."""
        p = self.values.share
        total = alike = hope = coping = efficacy = distress = 0.0
        ahead = False
        x, y, own_hope = self.profile_x, self.profile_y, self.hope
        own_coping, own_efficacy, breadth = self.coping, self.self_efficacy, 2.0 * p.breadth * p.breadth
        for other in heard:
            w = other.voice
            across, along = x - other.profile_x, y - other.profile_y
            like = w / (1.0 + (across * across + along * along) / breadth)
            total += w
            alike += like
            distress += w * other.distress
            gap = other.hope - own_hope
            if other.stage == ACCOMMODATION:
                if gap > 0.0:
                    ahead = True
                    hope += like * max(0.0, 1.0 - gap / (2.0 * p.best_gap)) * gap
                if other.coping > own_coping:
                    coping += like * (other.coping - own_coping)
                if other.self_efficacy > own_efficacy:
                    efficacy += like * (other.self_efficacy - own_efficacy)
            elif gap > 0.0:
                hope += like * (1.0 - p.needs_veteran) * max(0.0, 1.0 - gap / (2.0 * p.best_gap)) * gap
        change = p.hope_gain * openness * hope / total
        if not ahead and distress > 0.6 * total:
            change -= p.despair * (distress / total - 0.6) * own_hope
        self.met_alike = alike / total
        self.changes = (change, teaching * coping / total, p.efficacy_gain * openness * efficacy / total)

    def take_to_heart(self) -> None:
        """Change by what was heard."""
        p = self.values.share
        hope, coping, efficacy = self.changes
        self.hope = min(1.0, max(0.0, self.hope + hope))
        self.coping = min(1.0, max(0.0, self.coping + coping))
        self.self_efficacy = min(1.0, max(0.0, self.self_efficacy + efficacy))
        self.shame = min(1.0, max(0.0, self.shame - p.shame_relief * self.met_alike * self.shame))
        seen = p.identification_gain * self.met_alike * (1.0 - self.identification)
        self.identification = min(1.0, max(0.0, self.identification + seen))

    def live(self, now: int) -> None:
        """Live through the week outside."""
        p = self.values.live
        luck, d, e, coping, kin = self.luck, self.distress, self.self_efficacy, self.coping, self.kin_support
        tilt = 2.0 * (d - 0.5) - 1.5 * (e - 0.4) - 0.3 * self.motivation
        tilt -= p.belonging_protects * self.belonging + p.ties_protect * self.tie_support
        crisis = happens(luck[1], p.crisis_per_year * math.exp(tilt))
        distress = d - (self.fall + p.coping_relief * coping + p.meaning_relief * self.meaning) * d
        distress += p.loneliness * self.isolation * (1.0 - d)
        goal = self.efficacy_baseline / 2.0 + coping / 2.0
        e += (p.mastery if goal > e else p.doubt) * (goal - e)
        if happens(luck[0], p.shocks_per_year):
            shield = min(0.6, 0.3 * kin + 0.3 * coping + p.ties_buffer * self.tie_support)
            distress += p.shock_size * (1.0 - shield) * (1.0 - d)
        if happens(luck[3], p.services_per_year * (1.0 - self.access_barrier)):
            distress -= p.service_relief * d
            e *= 1.0 - p.service_power_gap
        if crisis:
            distress += 0.2 * (1.0 - d)
            e *= 0.9
            self.crises += 1
            self.last_crisis = now
        self.in_crisis = crisis
        base = self.hope_baseline
        target = (base + 0.45 * (1.0 - d) * (1.0 - base)) * (1.0 - self.values.community.bleakness / 2.0)
        self.hope = min(1.0, max(0.0, self.hope + p.hope_drift * (target - self.hope)))
        self.coping = min(1.0, max(0.0, coping + p.practice * (1.0 - d / 2.0) * (1.0 - coping) - p.rust * coping))
        self.distress, self.self_efficacy = min(1.0, max(0.0, distress)), min(1.0, max(0.0, e))
        seen = p.recognition * (0.3 + 0.7 * kin) * (1.0 - self.identification)
        self.identification = min(1.0, max(0.0, self.identification + seen))
        self.shame = min(1.0, max(0.0, self.shame + p.shame_drift * (self.shame_baseline - self.shame)))
        lonely = (1.0 - kin) * (1.0 - p.company * self.tie_support)
        self.isolation = min(1.0, max(0.0, self.isolation + p.isolation_drift * (lonely - self.isolation)))

    def progress(self, now: int) -> None:
        """Move along the passage, or back."""
        p, u = self.values.progress, self.luck[2]
        if self.in_crisis:
            if self.stage != IMPACT and u < p.setback:
                self.stage -= 1
        elif self.stage == IMPACT:
            seeing = p.see_hazard * self.identification * (1.0 - self.shame / 2.0)
            if happens(u, seeing + p.time_hazard * (0.3 + self.ease)):
                self.stage = RECOIL
                if self.recoil_at == NEVER:
                    self.recoil_at = now
        elif self.stage == RECOIL and happens(u, self.readiness()):
            self.stage = ACCOMMODATION
            if self.accommodated_at == NEVER:
                self.accommodated_at = now

    def readiness(self) -> float:
        """Return the hazard of accommodation."""
        p = self.values.progress
        hope, e, coping = self.hope, self.self_efficacy, self.coping
        pairs = hope * e + hope * coping + e * coping
        mean = 3.0 * hope * e * coping / pairs if pairs > 0.0 else 0.0
        return p.learn_hazard / (1.0 + math.exp(-9.0 * (mean - p.threshold))) * (1.0 - 0.7 * self.distress)


def happens(u: float, hazard: float) -> bool:
    """Tell whether an event of this hazard happens in the step; most draws are settled without an exponential."""
    return u < hazard and u < 1.0 - math.exp(-hazard)


def hold_meeting(members: list[Any], group: Any, heard_at_most: int, teaching_gain: float, now: int) -> None:
    """Let the members of one group come, speak and hear; effects rest on the values at the start of sharing."""
    ring = sorted(members, key=seat_of)
    for person in ring:
        person.come(group.leaderless >= 13.0, now)
    there = [person for person in ring if person.attended]
    speaking = [person.speaks() for person in there]
    speakers = [person for person, speaks in zip(there, speaking, strict=True) if speaks]
    group.attended = len(there)
    group.helpers_there = sum(person.role == HELPER for person in there)
    twice = speakers + speakers
    openness = 0.5 + group.climate / 2.0
    teaching = teaching_gain * openness * (0.5 + group.legacy / 2.0)
    before, hearers = 0, []
    for person, speaks in zip(there, speaking, strict=True):
        before += speaks
        others = min(len(speakers) - speaks, heard_at_most)
        if others:
            person.hear(twice[before : before + others], openness, teaching)
            hearers.append(person)
    for person in hearers:
        person.take_to_heart()


def seat_of(person: Any) -> tuple[float, int]:
    """Return what members are seated by."""
    return person.luck[5], person.who


def outcome_of(people: list[Any]) -> dict[str, np.ndarray]:
    """Return the compared columns of people in the order of the common start."""
    return {name: np.array([getattr(person, name) for person in people], float) for name in COMPARED}
