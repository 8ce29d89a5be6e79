"""Ends and beginnings of groups and the moving of people in the twin (ODD section 3, "After the phases")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_draws import FOUNDING, MOVING_ON, START, happens, normal
from twin_groups import TwinGroup, consider_closing, splits
from twin_living import choose_group
from twin_people import TwinPerson
from twin_terms import (
    APPRENTICE,
    CLOSED,
    FORMER,
    GROUP_CLOSED,
    HELPER,
    IMPACT,
    MEMBER,
    MOVED_AWAY,
    NEVER,
    NO_ROLE,
    PLAIN_MEMBER,
    SETTLED,
)

if TYPE_CHECKING:
    from twin_model import TwinCommunity

INHERITED = ("cohesion", "norms", "climate", "formality", "legacy")


def consider_split(group: TwinGroup) -> None:
    """Mark a group that splits in this step."""
    if group.values.found.enabled:
        group.splitting = splits(group)


def consider_end(group: TwinGroup) -> None:
    """Mark a group that closes in this step."""
    if group.values.close.enabled:
        consider_closing(group)


def close_group(group: TwinGroup) -> None:
    """Close a group and send its members on."""
    model, values = group.model, group.values.close
    for person in group.ring:
        person.distress += values.loss_harm * person.dependency * (1.0 - person.distress)
        if person.leaving:
            continue
        refuge = None
        if group.community.with_room and person.words(MOVING_ON)[0] < values.transfer:
            refuge = choose_group(person, group.community, barred=group)
        person.going_to = refuge
        if refuge is None or refuge.closing:
            person.going_to = None
            person.leaving = GROUP_CLOSED
    group.status = CLOSED
    group.closed = model.now
    model.log_group("closed", group, sum(1 << k for k in group.circumstances), group.closing)


def split_group(group: TwinGroup, index: int) -> None:
    """Begin a new group with part of a large one."""
    values = group.values.found
    new = TwinGroup(group.model, group.community, group.model.now << 20 | index, group.model.now, group.form)
    words = new.words(START, 1)
    new.parent, new.lineage = group.number, group.lineage
    group.model.log_group("split", group, value=new.number)
    new.profile_x = group.profile_x + values.split_shift * normal(words[2])
    new.profile_y = group.profile_y + values.split_shift * normal(words[3])
    for name in INHERITED:
        setattr(new, name, getattr(group, name))
    new.funds = values.split_funds * group.funds
    group.funds = (1.0 - values.split_funds) * group.funds
    for name in ("attendance", "inflow"):
        whole = getattr(group, name)
        setattr(new, name, whole * values.split_share)
        setattr(group, name, whole * (1.0 - values.split_share))
    for person in group.ring:
        if not person.leaving and person.words(MOVING_ON)[1] < values.split_share:
            person.going_to = new


def found_group(community: TwinCommunity, index: int) -> None:
    """Let people in need found a group, if they do so in this step."""
    model = community.model
    values = model.values.found
    in_need = community.people - community.members + community.eager
    if community.open_groups >= values.enough_groups:
        return
    u = model.draws.draw(0, 0, community.number, model.now, FOUNDING, 0)[0]
    if not happens(u, values.found_per_year * in_need / 100.0):
        return
    ready = [person for person in community.people_by_who() if can_found(person)]
    ready.sort(key=lambda person: -person.willingness * person.self_efficacy)
    founders = ready[: values.founders]
    if len(founders) < values.fewest_founders:
        return
    x, y = (sum(getattr(person, name) for person in founders) / len(founders) for name in ("profile_x", "profile_y"))
    new = TwinGroup(model, community, model.now << 20 | index, model.now, form_to_copy(community, x, y))
    new.profile_x, new.profile_y = x, y
    new.cohesion = new.climate = new.norms = new.legacy = new.values.found.quality
    new.attendance = float(len(founders))
    new.founders = founders
    for place, person in enumerate(founders):
        person.going_to = new
        model.log("founded", person, value=new.number)
        if place < 2:
            person.role = HELPER
            model.log("became_helper", person, value=new.number)
    model.log_group("founded", new)


def form_to_copy(community: TwinCommunity, x: float, y: float) -> str:
    """Return the form of a founded group: that of the most alike open one, else of the newest, else the first."""
    there = [group for group in community.model.groups if group.community is community]
    alike = sorted((group for group in there if group.open), key=lambda group: _distance(group, x, y))
    forms = [*community.model.scenario.forms, ""]
    return (alike or there[-1:])[0].form if there else forms[0]


def _distance(group: TwinGroup, x: float, y: float) -> float:
    return (group.profile_x - x) ** 2 + (group.profile_y - y) ** 2


def can_found(person: TwinPerson) -> bool:
    """Tell whether somebody may be among the founders of a group."""
    free = person.going_to is None and not person.leaving
    return person.membership != MEMBER and person.stage != IMPACT and free


def begin_and_end_groups(community: TwinCommunity) -> None:
    """Close groups, split groups, found a group."""
    old = [group for group in community.groups if group.open]
    begun = 0
    for group in old:
        if group.closing:
            close_group(group)
    for group in old:
        if group.splitting and not group.closing:
            split_group(group, begun)
            begun += 1
    if community.model.values.found.enabled and community.model.now >= community.model.opening:
        found_group(community, begun)


def move(person: TwinPerson) -> None:
    """Carry out the marks of one person."""
    if person.going_to is not None and not person.going_to.open:
        if person.membership != MEMBER and not person.leaving:
            person.model.log("found_closed", person, value=person.going_to.number)
        person.going_to = None
    if person.leaving:
        if person.carrier and person.membership == MEMBER:
            ended = "role_ended" if person.helper else "organiser_ended"
            person.model.log(ended, person, value=person.leaving)
        elif person.role == APPRENTICE:
            person.model.log("learning_ended", person, value=person.leaving)
        person.model.log("left", person, value=person.leaving)
    if person.leaving in (MOVED_AWAY, SETTLED):
        leave_world(person)
    elif person.leaving:
        leave_group(person)
    elif person.going_to is not None:
        enter_group(person, person.going_to)
    person.leaving = 0
    person.going_to = None


def leave_group(person: TwinPerson) -> None:
    """Take somebody out of the group."""
    if person.values.leave.enabled:
        miss(person)
    if person.helper:
        person.group.vacancies += 1
        person.group.helpers_lost += 1
        person.role_left = person.model.now
    person.membership, person.role, person.successor = FORMER, NO_ROLE, False
    person.last_group, person.group = person.group, None
    person.left_at = person.model.now
    if person.first_left == NEVER:
        person.first_left = person.model.now
    person.last_reason = person.leaving
    visits = person.visits
    person.clear_marks()
    person.visits = visits


def miss(person: TwinPerson) -> None:
    """Let members with a living tie miss one who leaves."""
    cost = person.values.leave.loss_of_belonging
    for tie in person.ties.values():
        if tie.other.membership == MEMBER:
            tie.other.belonging -= cost * tie.strength * tie.other.belonging
            tie.other.loss = max(tie.other.loss, tie.strength)


def leave_world(person: TwinPerson) -> None:
    """End somebody's life in the model; ties to that person lapse."""
    if person.membership == MEMBER:
        leave_group(person)
    person.ended = person.leaving
    person.model.bury(person)


def enter_group(person: TwinPerson, group: TwinGroup) -> None:
    """Let somebody enter a group, from outside or from another group."""
    if person.membership == MEMBER:
        person.last_group = person.group
        person.model.log("moved_group", person, value=group.number)
    else:
        if group.founded != person.model.now or person not in group.founders:
            person.model.log("coming" if person.joined == NEVER else "came_back", person, value=group.number)
        if person.membership == FORMER:
            person.returns += 1
        enter_from_outside(person, group)
    person.membership = MEMBER
    person.group = group
    person.helped_by, person.attended = None, False


def enter_from_outside(person: TwinPerson, group: TwinGroup) -> None:
    """Set the role of somebody who enters."""
    if person.role == HELPER:
        person.helper_since = person.model.now
        if person.first_helper == NEVER:
            person.first_helper = person.model.now
    elif person.joined != NEVER:
        person.role = PLAIN_MEMBER
    else:
        person.role = NO_ROLE
