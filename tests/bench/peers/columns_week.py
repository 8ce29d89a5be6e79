"""The core week in NumPy columns: whole arrays at once, groups by sorting and running counts."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
from twin_terms import step_values

from bench.peers.columns_meeting import hold_meetings
from bench.peers.common_start import COMPARED, FIRST_STEP, Start, members_of
from bench.peers.luck_table import Luck, LuckTable, own_luck
from bench.peers.plain_person import ACCOMMODATION, COLUMNS, IMPACT, NEVER, RECOIL
from bench.timing import collector_off, cpu_seconds


def happens(u: np.ndarray, hazard: Any) -> np.ndarray:
    """Tell for each whether an event of this hazard happens in the step."""
    return u < 1.0 - np.exp(-hazard)


class Town:
    """Everybody in columns, members also by their places."""

    def __init__(self, start: Start) -> None:
        self.values, self.now = step_values(start.scenario), FIRST_STEP
        self.people = SimpleNamespace(**{name: start.people[name].copy() for name in COLUMNS})
        self.groups = SimpleNamespace(
            **{name: start.groups[name].copy() for name in ("climate", "legacy", "leaderless")}
        )
        self.members = members_of(start.people)
        live = self.values.live
        falls = np.array([live.fall_resilient, live.fall_recovering, live.fall_chronic])
        self.fall, self.ease = falls[self.people.resilience], np.array([1.0, 0.5, 0.0])[self.people.resilience]

    def step(self, luck: Luck) -> None:
        """Let a core week pass."""
        hold_meetings(self.people, self.groups, self.members, luck, self.values, self.now)
        crisis = self.live(luck)
        self.progress(luck.progress, crisis)
        self.now += 1

    def live(self, luck: Luck) -> np.ndarray:
        """Let everybody live through the week outside; return who had a crisis."""
        a, p = self.people, self.values.live
        d, e, coping, calm = a.distress, a.self_efficacy, a.coping, 1.0 - a.distress
        tilt = 2.0 * (d - 0.5) - 1.5 * (e - 0.4) - 0.3 * a.motivation
        tilt -= p.belonging_protects * a.belonging + p.ties_protect * a.tie_support
        crisis = happens(luck.crisis, p.crisis_per_year * np.exp(tilt))
        shock = np.flatnonzero(happens(luck.shock, p.shocks_per_year))
        service = np.flatnonzero(happens(luck.service, p.services_per_year * (1.0 - a.access_barrier)))
        distress = d - (self.fall + p.coping_relief * coping + p.meaning_relief * a.meaning) * d
        distress += p.loneliness * a.isolation * calm
        shield = 0.3 * a.kin_support[shock] + 0.3 * coping[shock] + p.ties_buffer * a.tie_support[shock]
        distress[shock] += p.shock_size * (1.0 - np.minimum(0.6, shield)) * calm[shock]
        distress[service] -= p.service_relief * d[service]
        goal = a.efficacy_baseline / 2.0 + coping / 2.0
        e = e + np.where(goal > e, p.mastery, p.doubt) * (goal - e)
        e[service] *= 1.0 - p.service_power_gap
        struck = np.flatnonzero(crisis)
        distress[struck] += 0.2 * calm[struck]
        e[struck] *= 0.9
        a.crises[struck] += 1
        a.last_crisis[struck] = self.now
        base = a.hope_baseline
        target = (base + 0.45 * calm * (1.0 - base)) * (1.0 - self.values.community.bleakness / 2.0)
        a.hope = np.clip(a.hope + p.hope_drift * (target - a.hope), 0.0, 1.0)
        a.coping = np.clip(coping + p.practice * (1.0 - d / 2.0) * (1.0 - coping) - p.rust * coping, 0.0, 1.0)
        a.distress, a.self_efficacy = np.clip(distress, 0.0, 1.0), np.clip(e, 0.0, 1.0)
        seen = p.recognition * (0.3 + 0.7 * a.kin_support) * (1.0 - a.identification)
        a.identification = np.clip(a.identification + seen, 0.0, 1.0)
        a.shame = np.clip(a.shame + p.shame_drift * (a.shame_baseline - a.shame), 0.0, 1.0)
        lonely = (1.0 - a.kin_support) * (1.0 - p.company * a.tie_support)
        a.isolation = np.clip(a.isolation + p.isolation_drift * (lonely - a.isolation), 0.0, 1.0)
        return crisis

    def progress(self, u: np.ndarray, crisis: np.ndarray) -> None:
        """Move people along the passage, or back."""
        a, p = self.people, self.values.progress
        back = np.flatnonzero(crisis & (a.stage > IMPACT) & (u < p.setback))
        first = np.flatnonzero(~crisis & (a.stage == IMPACT))
        second = np.flatnonzero(~crisis & (a.stage == RECOIL))
        seeing = p.see_hazard * a.identification[first] * (1.0 - a.shame[first] / 2.0)
        first = first[happens(u[first], seeing + p.time_hazard * (0.3 + self.ease[first]))]
        hope, e, coping = a.hope[second], a.self_efficacy[second], a.coping[second]
        pairs = hope * e + hope * coping + e * coping
        mean = np.divide(3.0 * hope * e * coping, pairs, out=np.zeros_like(pairs), where=pairs > 0.0)
        ready = p.learn_hazard / (1.0 + np.exp(-9.0 * (mean - p.threshold))) * (1.0 - 0.7 * a.distress[second])
        second = second[happens(u[second], ready)]
        a.stage[back] -= 1
        for places, stage, since in ((first, RECOIL, a.recoil_at), (second, ACCOMMODATION, a.accommodated_at)):
            a.stage[places] = stage
            new = places[since[places] == NEVER]
            since[new] = self.now


class ColumnsWeek:
    """NumPy columns with one way of coming by their luck; see `plain_luck` for the ways."""

    name = "NumPy columns"

    def __init__(self, start: Start, way: str = "keyed") -> None:
        self.start, self.way = start, way
        self.town: Town | None = None

    def seconds(self, weeks: int) -> float:
        """Live through so many weeks from the common start and return the CPU seconds they took."""
        self.town = town = Town(self.start)
        people, key = self.start.people, (int(self.start.key[0]), int(self.start.key[1]))
        table, generator = LuckTable(people["who"], people["community"], town.members, key), np.random.default_rng(1)
        total = 0.0
        with collector_off():
            for _ in range(weeks):
                if self.way == "keyed":
                    total += cpu_seconds(lambda: town.step(table.draw(town.now)))
                elif self.way == "own":
                    total += cpu_seconds(lambda: town.step(own_luck(generator, len(people), len(town.members))))
                else:
                    luck = table.draw(town.now)
                    total += cpu_seconds(lambda luck=luck: town.step(luck))
        return total

    def outcome(self) -> dict[str, np.ndarray]:
        """Return the compared columns after the last weeks lived."""
        assert self.town is not None
        return {name: getattr(self.town.people, name).astype(float) for name in COMPARED}
