"""Groups of the twin and the keeping of their house (ODD section 7, quarrel, breach, bequeath, govern and close)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import mesa
from twin_draws import FOUNDING, GROUP, Four, clip, happens, logistic
from twin_people import TwinPerson
from twin_terms import (
    ACTIVE,
    CLOSED,
    DORMANT,
    FORMING,
    LOW_ATTENDANCE,
    MONEY,
    NO_LEADER,
    NO_LONGER_NEEDED,
    STRIFE,
)

if TYPE_CHECKING:
    from twin_model import TwinCommunity, TwinModel

COUNTS = ["attended", "visits", "newcomers", "requests", "requests_unmet", "helpers_there"]
FLOATS = [
    "attendance",
    "inflow",
    "leaderless",
    "unvisited",
    "cohesion",
    "norms",
    "climate",
    "legacy",
    "formality",
    "funds",
    "profile_x",
    "profile_y",
    "hours_asked",
    "hours_open",
    "hours_done",
]


class TwinGroup(mesa.Agent):
    """A mutual help group.

    Parameters
    ----------
    model : TwinModel
        The world.
    community : TwinCommunity
        Where it meets.
    who : int
        Identity.
    founded : int
        Step at which it opens.
    form : str
        Its form, in a world of several.
    """

    def __init__(self, model: TwinModel, community: TwinCommunity, who: int, founded: int, form: str = "") -> None:
        super().__init__(model)
        self.community = community
        self.who = who
        self.founded = founded
        self.form = form
        self.number = len(model.groups)
        self.parent = -1
        self.lineage = self.number
        self.closed = -1
        self.status = FORMING
        self.reason = self.closing = self.vacancies = 0
        self.circumstances: list[int] = []
        self.own: dict[str, dict[str, Any]] = {}
        self.splitting = self.conflict = False
        self.ring: list[TwinPerson] = []
        self.founders: list[TwinPerson] = []
        self.roll = self.helpers = self.organisers = self.seekers = 0
        self.helpers_made = self.helpers_lost = self.first_visits = 0
        self.due = self.held = 1
        self.greeting, self.free, self.sharers = 1.0, 1.0, 1.0
        for name in COUNTS:
            setattr(self, name, 0)
        for name in FLOATS:
            setattr(self, name, 0.0)
        model.groups.append(self)

    @property
    def values(self) -> Any:
        """What its form says of each parameter."""
        return self.model.values_of[self.form]

    @property
    def open(self) -> bool:
        """Whether the group has not closed."""
        return self.status != CLOSED

    def words(self, purpose: int, block: int = 0) -> Four:
        """Return this step's four uniform numbers of the group for a purpose."""
        return self.model.draws.draw(self.who, 0, self.community.number, self.model.now, purpose, block)

    def clear_marks(self) -> None:
        """Clear the marks of the step."""
        for name in COUNTS:
            setattr(self, name, 0)
        self.closing = 0
        self.splitting = False

    def count(self, members: list[TwinPerson]) -> None:
        """Count roll, helpers, organisers and seekers."""
        self.roll = len(members)
        self.helpers = sum(person.helper for person in members)
        self.organisers = sum(person.carrier for person in members) - self.helpers
        self.seekers = sum(not person.accommodated for person in members)


def quarrel(group: TwinGroup) -> None:
    """Let the group come into open conflict, or not."""
    values = group.values.quarrel
    loose = group.roll / 15.0 * (1.0 - group.norms)
    hazard = values.conflict_per_year * loose * (1.0 - values.formality_calms * group.formality)
    group.conflict = values.enabled and happens(group.words(GROUP)[0], hazard)
    if group.conflict:
        group.model.log_group("conflict", group)
        group.cohesion -= values.conflict_cost * group.cohesion
        group.climate -= values.conflict_cost * group.climate


def breach(group: TwinGroup) -> None:
    """Let a confidence be breached, or not."""
    values = group.values.breach
    hazard = values.breach_per_year * (group.roll / 15.0 * (1.0 - group.norms))
    if values.enabled and happens(group.words(GROUP)[1], hazard):
        group.model.log_group("breach", group)
        group.climate -= values.breach_cost * group.climate
        for person in group.ring:
            person.trust = clip(person.trust - values.breach_cost * person.trust)


def bequeath(group: TwinGroup) -> None:
    """Let methods be told on, or be forgotten."""
    values = group.values.bequeath
    if values.enabled and group.helpers_there:
        group.legacy += values.legacy_memory * (1.0 - group.legacy)
    elif values.enabled:
        group.legacy -= values.legacy_memory * group.legacy


def govern(group: TwinGroup) -> None:
    """Keep the group's house for one step."""
    values, dt = group.values.govern, group.model.dt
    carriers = group.helpers + group.organisers
    group.funds = min(values.reserve, group.funds + values.gift * group.attended - values.venue_cost)
    group.formality += values.formalise * group.roll / (group.roll + values.formal_at) * (1.0 - group.formality)
    upkeep = values.norms_carried * min(values.carriers_counted, carriers) + values.norms_written * group.formality
    target = min(1.0, values.norms_bare + upkeep)
    group.norms += values.norm_memory * (target - group.norms)
    came = group.visits / group.held if group.held else 0.0
    group.attendance += values.attendance_memory * (came - group.attendance)
    group.inflow += values.inflow_memory * (group.newcomers / dt - group.inflow)
    group.leaderless = 0.0 if carriers else group.leaderless + dt
    group.unvisited = 0.0 if group.attended else group.unvisited + dt
    set_status(group)


def set_status(group: TwinGroup) -> None:
    """Set forming, dormant or active."""
    if (group.model.now - group.founded) * group.model.dt < 26.0:
        group.status = FORMING
    elif group.unvisited >= 4.0:
        group.status = DORMANT
    else:
        group.status = ACTIVE


def splits(group: TwinGroup) -> bool:
    """Tell whether a large group splits in this step."""
    values = group.values.found
    if group.helpers < 2:
        return False
    hazard = values.split_hazard * logistic((group.roll - values.split_at) / values.split_width)
    return happens(group.words(FOUNDING, 1)[0], hazard)


def closing_hazards(group: TwinGroup) -> dict[int, float]:
    """Return the competing hazards of closing by reason."""
    values = group.values.close
    hold = (1.0 - values.cohesion_holds * group.cohesion) * (1.0 - values.formality_holds * group.formality)
    needless = group.inflow < values.few_come and group.seekers < values.few_seek * group.roll
    return {
        LOW_ATTENDANCE: values.low_per_year * logistic((values.low_at - group.attendance) / values.low_width) * hold,
        NO_LEADER: values.no_leader_per_year * min(1.0, group.leaderless / values.leaderless_weeks),
        NO_LONGER_NEEDED: values.needless_per_year if needless else 0.0,
        STRIFE: group.values.quarrel.strife_hazard * hold if group.conflict else 0.0,
        MONEY: values.broke_per_year * hold if group.funds < 0.0 else 0.0,
    }


def consider_closing(group: TwinGroup) -> None:
    """Mark the group as closing if it closes in this step."""
    words = group.words(GROUP)
    hazards = closing_hazards(group)
    total = sum(hazards.values())
    if group.unvisited >= group.values.close.unvisited_weeks:
        group.closing = LOW_ATTENDANCE
    elif words[2] < 1.0 - math.exp(-total):
        group.closing = in_proportion(hazards, words[3])
    if group.closing:
        group.reason = group.closing
        group.circumstances = circumstances(group)


def in_proportion(hazards: dict[int, float], u: float) -> int:
    """Return the reason at which the cumulated hazards pass the share u of their sum."""
    left = u * sum(hazards.values())
    chosen = 0
    for reason, hazard in hazards.items():
        if hazard > 0.0:
            chosen = reason
            left -= hazard
            if left < 0.0:
                break
    return chosen


def circumstances(group: TwinGroup) -> list[int]:
    """Return every circumstance present at closing."""
    present = {
        LOW_ATTENDANCE: group.attendance < group.values.close.low_at,
        NO_LEADER: group.helpers + group.organisers == 0,
        NO_LONGER_NEEDED: group.inflow < group.values.close.few_come,
        STRIFE: group.conflict,
        MONEY: group.funds < 0.0,
    }
    return [reason for reason, there in present.items() if there]
