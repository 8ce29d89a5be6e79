"""People of the twin, their ties and their traits at arrival (ODD sections 2 and 7, "traits and starters")."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import mesa
from twin_draws import START, TRAITS, Four, logistic, normal
from twin_ports import neutral_ports
from twin_terms import (
    ACCOMMODATION,
    APPRENTICE,
    CHRONIC,
    HELPER,
    IMPACT,
    NEVER,
    NO_ROLE,
    NOBODY,
    ORGANISER,
    OUTSIDE,
    PLAIN_MEMBER,
    RECOIL,
    RECOVERING,
    RESILIENT,
    SPONSOR,
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
    "loss",
    "know_how",
    "generation",
    "tie_support",
    "met_alike",
    "credit",
    "help_given",
    "help_received",
    "unmet_requests",
    "help_this_year",
    "steps_helping",
    "meetings",
    "crises",
    "load",
    "visits",
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
    "role_left",
    "apprentice_since",
    "first_asked",
    "first_sponsor",
    "first_left",
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
        self.role_before = NO_ROLE
        self.attended = self.in_crisis = self.starter = self.resting = self.successor = False
        self.able, self.descent = 1.0, NOBODY
        for name in ZEROS:
            setattr(self, name, 0)
        for name in TIMES:
            setattr(self, name, NEVER)
        self.ties: dict[int, Tie] = {}
        self.own: dict[str, dict[str, Any]] = {}
        self.ports = neutral_ports()
        self.snapshots: dict[int, dict[str, Any]] = {}
        self.luck: dict[int, Four] = {}
        draw_traits(self, step)

    @property
    def values(self) -> Any:
        """What holds for the person: as a member what the form of the group says."""
        return self.group.values if self.group is not None else self.model.values

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

    @property
    def sponsored(self) -> bool:
        """Whether the person has a sponsor."""
        return any(tie.kind == SPONSOR for tie in self.ties.values())

    def words(self, purpose: int) -> Four:
        """Return this step's four uniform numbers for a purpose."""
        if purpose not in self.luck:
            model = self.model
            self.luck[purpose] = model.draws.draw(self.who, 0, self.community.number, model.now, purpose, 0)
        return self.luck[purpose]

    def clear_marks(self) -> None:
        """Clear the marks of the step."""
        self.attended = self.in_crisis = False
        self.met_alike, self.load, self.role_end, self.visits = 0.0, 0, 0, 0
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
    people = values.traits
    person.hope_baseline = logistic(people.hope_mean + people.hope_sd * z[1][0])
    person.efficacy_baseline = logistic(people.efficacy_mean + people.efficacy_sd * z[1][1])
    person.coping = logistic(people.coping_mean + people.coping_sd * z[1][2])
    person.identification = logistic(people.identification_mean + people.identification_sd * z[1][3])
    shaming = people.stigma_shames * (values.community.stigma - 0.5)
    person.shame_baseline = logistic(people.shame_mean + shaming + people.shame_sd * z[2][0])
    person.self_reliance = logistic(people.reliance_mean + people.reliance_sd * z[2][1])
    willing = rest * z[2][2] + r * person.motivation
    person.willingness = logistic(people.willingness_mean + people.willingness_sd * willing)
    person.sharing_skill = math.exp(people.skill_sd * z[2][3])
    person.kin_support = logistic(people.kin_mean + people.kin_sd * z[3][0])
    person.access_barrier = logistic(people.barrier_mean + people.barrier_sd * z[3][1])
    person.belief_fit = logistic(people.belief_mean + people.belief_sd * z[3][2])
    person.propensity = math.exp(values.leave.propensity_sd * (rest * z[3][3] - r * person.motivation))
    person.resilience = resilience(rest * z[4][0] + r * person.motivation, values.arrive)
    suffering = people.severity_distress * person.severity + people.distress_sd * z[4][1]
    person.distress = person.arrival_distress = logistic(people.distress_mean + suffering)
    person.spare_time = math.exp(people.spare_time_sd * z[4][2])
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
    person.hope = person.hope_baseline * (1.0 - person.model.values.traits.distress_dims * person.distress)
    person.self_efficacy = person.efficacy_baseline
    person.shame = person.shame_baseline
    person.isolation = 1.0 - person.kin_support
    person.trust = person.model.values.traits.trust
    person.fit = person.model.values.traits.fit


def make_starter(person: TwinPerson, helper: bool, learner: bool) -> None:
    """Turn a newly made person into somebody who is there when the groups open."""
    model = person.model
    start = person.values.start
    founding = start.kind == "founding"
    words = model.draws.draw(person.who, 0, person.community.number, 0, START, 0)
    tenure = min(start.longest_weeks, -start.tenure_weeks * math.log(words[0]))
    if founding:
        tenure = start.helper_weeks if helper else 0.0
    person.starter = True
    person.arrived = person.joined = person.first_contact = model.opening - int(tenure / model.dt)
    person.stage = starter_stage(start, helper or learner, tenure, words[1])
    if person.stage >= RECOIL:
        person.recoil_at = model.opening
    if person.stage == ACCOMMODATION:
        person.accommodated_at = model.opening
    raise_state(person, helper, person.stage)
    commitment = 1.0 - math.exp(-start.commitment_grows * tenure)
    if founding and not helper:
        person.belonging = person.trust = start.founding_belonging
    else:
        person.belonging = person.trust = min(1.0, start.belonging_new + start.belonging_grown * commitment)
        person.commitment = commitment
    person.meetings = max(1, int(0.5 * int(tenure / model.dt)))
    person.role = HELPER if helper else PLAIN_MEMBER
    if learner:
        person.role, person.apprentice_since = APPRENTICE, model.opening
        person.know_how = start.apprentice_know_how
    if helper:
        person.helper_since = person.first_helper = model.opening
        if not founding:
            person.helper_since -= int(min(tenure, words[2] * person.values.serve.term_weeks) / model.dt)


def starter_stage(start: Any, experienced: bool, tenure: float, u: float) -> int:
    """Return the stage of a starter; helpers and those who learn to help are experienced."""
    if experienced:
        return ACCOMMODATION
    if start.kind == "founding":
        return RECOIL if u < start.founding_recoil else IMPACT
    if u < tenure / (tenure + start.accommodated_weeks):
        return ACCOMMODATION
    return IMPACT if tenure < start.impact_weeks else RECOIL


def raise_state(person: TwinPerson, helper: bool, stage: int) -> None:
    """Give a starter what the way so far has brought."""
    start = person.values.start
    share = start.helper_gain if helper else start.stage_gain * stage
    for name in ("hope", "self_efficacy", "coping"):
        value = getattr(person, name)
        setattr(person, name, value + share * (1.0 - value))
    if helper:
        person.know_how = start.founder_know_how if start.kind == "founding" else start.helper_know_how
    person.distress -= start.stage_gain * stage * person.distress
    if stage != IMPACT:
        person.identification = max(person.identification, start.identification)


def new_person(model: TwinModel, community: TwinCommunity, index: int) -> TwinPerson:
    """Return somebody who comes into need in this step."""
    return TwinPerson(model, community, model.now << 20 | index, model.now)


def new_starter(model: TwinModel, group: TwinGroup, index: int, place: int) -> TwinPerson:
    """Return a starter of an opening group: helpers come first, then those who learn to help where one has to."""
    person = TwinPerson(model, group.community, STARTERS << 20 | index, STARTERS)
    person.group = group
    start = group.values.start
    helper = place < start.helpers
    learner = group.values.prepare.enabled and not helper and place < start.helpers + start.apprentices
    make_starter(person, helper, learner)
    return person
