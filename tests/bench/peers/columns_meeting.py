"""Meetings of all groups at once in NumPy columns: who comes, who speaks, and what each hears."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench.peers.luck_table import Luck
from bench.peers.plain_person import ACCOMMODATION, HELPER, NEVER, ORGANISER


def hold_meetings(people: Any, groups: Any, members: np.ndarray, luck: Luck, values: Any, now: int) -> None:
    """Let all members come or stay away, speak and hear; `members` are their places among people."""
    ring = np.lexsort((people.who[members], luck.seat, people.group[members]))
    members = members[ring]
    group, carrier = people.group[members], np.isin(people.role[members], (HELPER, ORGANISER))
    there = come(people, groups, members, group, carrier, luck.attend[ring], values.attend, now)
    groups.attended = np.bincount(group[there], minlength=len(groups.climate))
    groups.helpers_there = np.bincount(group[there & (people.role[members] == HELPER)], minlength=len(groups.climate))
    voice, speaks = speak(people, members, carrier, luck.speak[ring], values.share)
    share(people, groups, members, group, there, speaks & there, voice, values.share)


def come(
    people: Any,
    groups: Any,
    members: np.ndarray,
    group: np.ndarray,
    carrier: np.ndarray,
    u: np.ndarray,
    p: Any,
    now: int,
) -> np.ndarray:
    """Return who of the members is there, and move their habits."""
    pull = p.ease + p.belonging_pull * people.belonging[members] + p.hope_pull * (people.hope[members] - 0.4)
    pull += p.role_pull * carrier - p.distress_push * (people.distress[members] - 0.5)
    pull -= p.barrier_push * (1.0 - p.remote) * people.access_barrier[members]
    pull -= p.leaderless_push * (groups.leaderless >= 13.0)[group]
    there = (people.meetings[members] == 0) | (u < 1.0 / (1.0 + np.exp(-pull)))
    commitment = people.commitment[members]
    grown, faded = commitment + p.habit * (1.0 - commitment), commitment - p.habit_loss * commitment
    people.commitment[members] = np.where(there, grown, faded)
    people.meetings[members] += there
    people.steps_absent[members] = np.where(there, 0, people.steps_absent[members] + 1)
    new = members[there & (people.joined[members] == NEVER)]
    people.joined[new] = now
    people.met_alike[members] = 0.0
    return there


def speak(
    people: Any, members: np.ndarray, carrier: np.ndarray, u: np.ndarray, p: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Return how much each member would be heard, and who would speak."""
    first = np.where(people.meetings[members] == 1, p.first_voice, 1.0)
    voice = people.sharing_skill[members] * np.where(carrier, p.helper_voice, first)
    return voice, u < 1.0 - np.exp(-p.talk_rate * voice)


def share(
    people: Any,
    groups: Any,
    members: np.ndarray,
    group: np.ndarray,
    there: np.ndarray,
    speaks: np.ndarray,
    voice: np.ndarray,
    p: Any,
) -> None:
    """Let those who are there hear the speakers next on the ring; `members` stand in the order of groups and seats."""
    tellers, count = np.flatnonzero(speaks), np.cumsum(speaks)
    speakers = np.bincount(group[tellers], minlength=len(groups.climate))
    first_teller = np.cumsum(speakers) - speakers
    hearers = np.flatnonzero(there & (speakers[group] > speaks))
    if not len(hearers):
        return
    home = group[hearers]
    before, number = count[hearers] - first_teller[home], speakers[home]
    others = np.minimum(number - speaks[hearers], p.heard_at_most)
    who = members[hearers]
    sums = np.zeros((6, len(hearers)))
    ahead = np.zeros(len(hearers), bool)
    for k in range(int(others.max())):
        place = np.flatnonzero(others > k)
        teller = tellers[first_teller[home[place]] + (before[place] + k) % number[place]]
        hear(people, who[place], members[teller], voice[teller], place, sums, ahead, p)
    openness = 0.5 + groups.climate[home] / 2.0
    teaching = p.coping_gain * openness * (0.5 + groups.legacy[home] / 2.0)
    take_to_heart(people, who, sums, ahead, openness, teaching, p)


def hear(
    people: Any,
    who: np.ndarray,
    teller: np.ndarray,
    w: np.ndarray,
    place: np.ndarray,
    sums: np.ndarray,
    ahead: np.ndarray,
    p: Any,
) -> None:
    """Add to the sums what each hears from one teller."""
    x, y = people.profile_x[who] - people.profile_x[teller], people.profile_y[who] - people.profile_y[teller]
    like = w / (1.0 + (x * x + y * y) / (2.0 * p.breadth * p.breadth))
    veteran = people.stage[teller] == ACCOMMODATION
    gap = np.maximum(0.0, people.hope[teller] - people.hope[who])
    visible = np.where(veteran, 1.0, 1.0 - p.needs_veteran)
    ahead[place] |= veteran & (gap > 0.0)
    sums[0, place] += w
    sums[1, place] += like
    sums[2, place] += like * visible * np.maximum(0.0, 1.0 - gap / (2.0 * p.best_gap)) * gap
    taught = like * veteran
    sums[3, place] += taught * np.maximum(0.0, people.coping[teller] - people.coping[who])
    sums[4, place] += taught * np.maximum(0.0, people.self_efficacy[teller] - people.self_efficacy[who])
    sums[5, place] += w * people.distress[teller]


def take_to_heart(
    people: Any,
    who: np.ndarray,
    sums: np.ndarray,
    ahead: np.ndarray,
    openness: np.ndarray,
    teaching: np.ndarray,
    p: Any,
) -> None:
    """Change the hearers by what they heard."""
    total, alike, hope, coping, efficacy, distress = sums
    alike, distress = alike / total, distress / total
    change = p.hope_gain * openness * hope / total
    change -= np.where(ahead | (distress <= 0.6), 0.0, p.despair * (distress - 0.6) * people.hope[who])
    people.met_alike[who] = alike
    people.hope[who] = np.clip(people.hope[who] + change, 0.0, 1.0)
    people.coping[who] = np.clip(people.coping[who] + teaching * coping / total, 0.0, 1.0)
    gain = p.efficacy_gain * openness * efficacy / total
    people.self_efficacy[who] = np.clip(people.self_efficacy[who] + gain, 0.0, 1.0)
    people.shame[who] = np.clip(people.shame[who] - p.shame_relief * alike * people.shame[who], 0.0, 1.0)
    seen = p.identification_gain * alike * (1.0 - people.identification[who])
    people.identification[who] = np.clip(people.identification[who] + seen, 0.0, 1.0)
