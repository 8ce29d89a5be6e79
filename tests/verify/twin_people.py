"""People of the twin, their ties and their traits at arrival (ODD sections 2 and 7, "traits and starters")."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import mesa
from twin_draws import START, TRAITS, Four, logistic, normal
from twin_terms import (
    ACCOMMODATION,
    CHRONIC,
    HELPER,
    IMPACT,
    NEVER,
    NO_ROLE,
    ORGANISER,
    OUTSIDE,
    PLAIN_MEMBER,
    RECOIL,
    RECOVERING,
    RESILIENT,
    STARTERS,
)

if TYPE_CHECKING:
    from twin_groups import TwinGroup
    from twin_model import TwinCommunity, TwinModel

ZEROS = [
    "belonging",
    "meaning",
    "dependency",
    "strain",
    "commitment",
    "unmet",
    "tie_support",
    "met_alike",
    "credit",
    "help_given",
    "help_received",
    "unmet_requests",
    "steps_helping",
    "meetings",
    "crises",
    "load",
    "returns",
    "last_reason",
    "leaving",
    "role_end",
]
TIMES = [
    "joined",
    "first_contact",
    "helper_since",
    "first_helper",
    "recoil_at",
    "accommodated_at",
    "left_at",
    "last_crisis",
]


@dataclass
class Tie:
    """One side of a tie, kept in one of eight places of the person.

    Parameters
    ----------
    other : TwinPerson
        Whom it is with.
    strength : float
        Strength, 0 to 1.
    given, received : int
        Times this person helped the other, and was helped.
    kind : int
        Acquaintance, help, friend or sponsor.
    """

    other: TwinPerson
    strength: float = 0.0
    given: int = 0
    received: int = 0
    kind: int = 0


class TwinPerson(mesa.Agent):
    """Somebody in need, member of a group or not.

    Parameters
    ----------
    model : TwinModel
        The world.
    community : TwinCommunity
        Where the person lives.
    who : int
        Identity: step of arrival (12 bits) and index in it (20 bits).
    step : int
        The step that goes into the counter of the draws for the traits.
    """

    def __init__(self, model: TwinModel, community: TwinCommunity, who: int, step: int) -> None:
        super().__init__(model)
        self.community = community
        self.who = who
        self.arrived = step
        self.ended = 0
        self.group: TwinGroup | None = None
        self.last_group: TwinGroup | None = None
        self.going_to: TwinGroup | None = None
        self.helped_by: TwinPerson | None = None
        self.membership, self.role, self.stage = OUTSIDE, NO_ROLE, IMPACT
        self.attended = self.in_crisis = self.starter = self.resting = False
        for name in ZEROS:
            setattr(self, name, 0)
        for name in TIMES:
            setattr(self, name, NEVER)
        self.ties: dict[int, Tie] = {}
        self.snapshots: dict[int, dict[str, Any]] = {}
        self.luck: dict[int, Four] = {}
        draw_traits(self, step)

    @property
    def helper(self) -> bool:
        """Whether the person has the role of helper."""
        return self.role == HELPER

    @property
    def carrier(self) -> bool:
        """Whether the person is helper or organiser."""
        return self.role in (HELPER, ORGANISER)

    @property
    def accommodated(self) -> bool:
        """Whether the last stage is reached."""
        return self.stage == ACCOMMODATION

    @property
    def at_first_visit(self) -> bool:
        """Whether the person is at the first meeting of all; starters have been to one before."""
        return self.attended and self.meetings == 1

    def words(self, purpose: int) -> Four:
        """Return this step's four uniform numbers for a purpose."""
        if purpose not in self.luck:
            model = self.model
            self.luck[purpose] = model.draws.draw(self.who, 0, self.community.number, model.now, purpose, 0)
        return self.luck[purpose]

    def clear_marks(self) -> None:
        """Clear the marks of the step."""
        self.attended = self.in_crisis = False
        self.met_alike, self.load, self.role_end = 0.0, 0, 0
        self.heard_anybody = False
        self.helped_by = None

    def likeness(self, other: TwinPerson, breadth: float) -> float:
        """Return the likeness of this person and another."""
        return likeness(self.profile_x - other.profile_x, self.profile_y - other.profile_y, breadth)

    def tie_with(self, other: TwinPerson) -> Tie | None:
        """Return this person's tie to another, None without one."""
        for tie in self.ties.values():
            if tie.other is other:
                return tie
        return None


def likeness(x: float, y: float, breadth: float) -> float:
    """Return 1 / (1 + d^2 / (2 breadth^2)) for the distance (x, y)."""
    return 1.0 / (1.0 + (x * x + y * y) / (2.0 * breadth * breadth))


def draw_traits(person: TwinPerson, step: int) -> None:
    """Give a new person traits and state from five blocks of draws."""
    model, values = person.model, person.model.values
    where = person.community.number
    blocks = [model.draws.draw(person.who, 0, where, step, TRAITS, block) for block in range(5)]
    z = [[normal(u) for u in block] for block in blocks]
    r = values.arrive.motivation_link
    rest = math.sqrt(1.0 - r * r)
    person.motivation, person.profile_x, person.profile_y, person.severity = z[0]
    person.hope_baseline = logistic(-0.6 + 0.8 * z[1][0])
    person.efficacy_baseline = logistic(-0.6 + 0.8 * z[1][1])
    person.coping = logistic(-1.6 + 0.6 * z[1][2])
    person.identification = logistic(-1.5 + 0.6 * z[1][3])
    person.shame_baseline = logistic(2.0 * (values.community.stigma - 0.5) + 0.7 * z[2][0])
    person.self_reliance = logistic(0.8 * z[2][1])
    person.willingness = logistic(0.2 + rest * z[2][2] + r * person.motivation)
    person.sharing_skill = math.exp(0.7 * z[2][3])
    person.kin_support = logistic(-0.2 + 0.8 * z[3][0])
    person.access_barrier = logistic(-0.6 + 0.8 * z[3][1])
    person.belief_fit = logistic(0.6 + 0.8 * z[3][2])
    person.propensity = math.exp(values.leave.propensity_sd * (rest * z[3][3] - r * person.motivation))
    person.resilience = resilience(rest * z[4][0] + r * person.motivation, values.arrive)
    person.distress = logistic(0.9 + 0.7 * person.severity + 0.3 * z[4][1])
    start_state(person)


def resilience(linked: float, arrive: Any) -> int:
    """Return the class of natural recovery for a linked standard normal."""
    if arrive.resilient > 0.0 and (arrive.resilient >= 1.0 or linked > normal(1.0 - arrive.resilient)):
        return RESILIENT
    if arrive.chronic > 0.0 and (arrive.chronic >= 1.0 or linked < normal(arrive.chronic)):
        return CHRONIC
    return RECOVERING


def start_state(person: TwinPerson) -> None:
    """Set the state with which somebody comes into need."""
    person.hope = person.hope_baseline * (1.0 - 0.3 * person.distress)
    person.self_efficacy = person.efficacy_baseline
    person.shame = person.shame_baseline
    person.isolation = 1.0 - person.kin_support
    person.trust = 0.3
    person.fit = 0.6


def make_starter(person: TwinPerson, helper: bool) -> None:
    """Turn a newly made person into somebody who is there when the groups open."""
    model = person.model
    start = model.values.start
    founding = start.kind == "founding"
    words = model.draws.draw(person.who, 0, person.community.number, 0, START, 0)
    tenure = min(2000.0, -start.tenure_weeks * math.log(words[0]))
    if founding:
        tenure = 52.0 if helper else 0.0
    person.starter = True
    person.arrived = person.joined = person.first_contact = model.opening - int(tenure / model.dt)
    person.stage = starter_stage(helper, founding, tenure, words[1])
    if person.stage >= RECOIL:
        person.recoil_at = model.opening
    if person.stage == ACCOMMODATION:
        person.accommodated_at = model.opening
    raise_state(person, helper, person.stage)
    commitment = 1.0 - math.exp(-0.01 * tenure)
    if founding and not helper:
        person.belonging = 0.3
    else:
        person.belonging = person.trust = 0.2 + 0.5 * commitment
        person.commitment = commitment
    person.meetings = max(1, int(0.5 * int(tenure / model.dt)))
    person.role = HELPER if helper else PLAIN_MEMBER
    if helper:
        person.helper_since = person.first_helper = model.opening


def starter_stage(helper: bool, founding: bool, tenure: float, u: float) -> int:
    """Return the stage of a starter."""
    if helper:
        return ACCOMMODATION
    if founding:
        return RECOIL if u < 0.5 else IMPACT
    if u < tenure / (tenure + 120.0):
        return ACCOMMODATION
    return IMPACT if tenure < 13.0 else RECOIL


def raise_state(person: TwinPerson, helper: bool, stage: int) -> None:
    """Give a starter what the way so far has brought."""
    share = 0.6 if helper else (0.0, 0.25, 0.5)[stage]
    for name in ("hope", "self_efficacy", "coping"):
        value = getattr(person, name)
        setattr(person, name, value + share * (1.0 - value))
    person.distress -= (0.0, 0.25, 0.5)[stage] * person.distress
    if stage != IMPACT:
        person.identification = max(person.identification, 0.6)


def new_person(model: TwinModel, community: TwinCommunity, index: int) -> TwinPerson:
    """Return somebody who comes into need in this step."""
    return TwinPerson(model, community, model.now << 20 | index, model.now)


def new_starter(model: TwinModel, community: TwinCommunity, index: int, helper: bool) -> TwinPerson:
    """Return a starter of an opening group."""
    person = TwinPerson(model, community, STARTERS << 20 | index, STARTERS)
    make_starter(person, helper)
    return person
