"""People and groups as agents: they read and write the tables, follow their rows, and leave the engine whole."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from mhsim.model import Group, MutualHelpModel, Person
from mhsim.model.attributes import Field
from mhsim.outcomes.counts import living
from mhsim.schema import GROUP_COLUMNS, PEOPLE_COLUMNS, ROLES
from model_cases import SMALL, labels, lived


def test_every_column_shows_what_the_tables_hold() -> None:
    """A view that read another row, or another column, would tell lies about people."""
    model = lived()
    rows = living(model.world)
    for column in PEOPLE_COLUMNS:
        name = "group_number" if column.name == "group" else column.name
        if column.name == "helped_by":
            continue
        shown = [getattr(person, name) for person in model.people]
        field = getattr(Person, name)
        assert isinstance(field, Field) and column.meaning in str(field.__doc__)
        assert np.array_equal(np.array(shown), np.array(field.values(rows[column.name])))
        assert np.array_equal(np.array(model.people.get(name)), np.array(shown))
    group = model.group(1)
    for column in GROUP_COLUMNS:
        if column.name != "helpers":
            assert (
                getattr(group, column.name)
                == getattr(Group, column.name).values(model.world.groups[column.name][1:2])[0]
            )


def test_views_follow_their_person_while_rows_move_and_tables_grow() -> None:
    """Rows are reused and tables replaced; a view must stay with the person it was taken of."""
    model = MutualHelpModel(SMALL, community__arrivals_per_week=12.0, found__found_per_year=20.0)
    model.run_for(1)
    kept = {person.label: person for person in model.people}
    table = model.world.people
    model.run_for(90)
    assert model.world.people is not table
    now = {row["who"]: row for row in living(model.world)}
    moved = 0
    for label, person in kept.items():
        if person.alive:
            assert now[person.who]["slot"] == person.slot and person.label == label
            moved += 1
    assert moved > 10
    lives = model.result().lives.column("person").to_pylist()
    assert set(labels(model.people)) <= set(lives)


def test_who_is_gone_says_so() -> None:
    """Reading a row that now belongs to somebody else would be worse than an error."""
    model = lived()
    person = model.people[4]
    person.remove()
    assert person.alive and person in model.agents
    model.run_for(1)
    assert not person.alive and person not in model.agents
    assert person.label in model.result().lives.column("person").to_pylist()
    for read in (lambda: person.hope, lambda: person.group, lambda: person.ties, lambda: person.leave("settled")):
        with pytest.raises(LookupError, match=f"person {person.label} is no longer in the world"):
            read()
    with pytest.raises(LookupError):
        person.hope = 0.5
    person.remove()
    model.run_for(20)
    assert not person.alive


def test_writing_reaches_the_engine() -> None:
    """A rule written in Python acts by what it writes; the next step must start from it."""
    model, untouched = lived(), lived()
    person = model.outside[0]
    person.hope = 0.0123
    row = person.row
    assert model.world.people["hope"][row] == 0.0123
    person.stage = "accommodation"
    assert model.world.people["stage"][row] == 2 and person.stage == "accommodation"
    model.people.set("self_efficacy", 0.9)
    assert set(model.people.get("self_efficacy")) == {0.9}
    model.group(0).cohesion = 0.25
    assert model.world.groups["cohesion"][0] == 0.25
    model.run_for(1)
    untouched.run_for(1)
    assert np.mean(model.people.get("self_efficacy")) > np.mean(untouched.people.get("self_efficacy")) + 0.1


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("stage", "impct", "stage: given the text 'impct'; allowed: impact, recoil, accommodation"),
        ("stage", 1, "stage: given 1; allowed: impact, recoil, accommodation"),
        ("hope", 1.5, "hope: given 1.5; allowed: a number from 0 to 1"),
        ("hope", float("nan"), "hope: given nan; allowed: a number from 0 to 1"),
        ("hope", "much", "hope: given the text 'much'; allowed: a number from 0 to 1"),
        ("severity", float("inf"), "severity: given inf; allowed: a finite number"),
        ("meetings", -1, "meetings: given -1; allowed: a whole number from 0 to 65535"),
        ("meetings", 1.5, "meetings: given 1.5; allowed: a whole number from 0 to 65535"),
        ("resting", 2, "resting: given 2; allowed: True or False"),
        ("membership", "member", "membership: one becomes a member by"),
        ("role", "helper", "is not a member of a group"),
    ],
)
def test_values_that_are_not_allowed(name: str, value: object, words: str) -> None:
    """A wrong value in the tables would break the engine's invariants far from where it came in."""
    model = lived(3)
    person = model.outside[0]
    before = model.world.people.copy()
    with pytest.raises(ValueError) as error:
        setattr(person, name, value)
    assert words in str(error.value)
    with pytest.raises(ValueError):
        model.outside.set(name, value)
    assert np.array_equal(model.world.people, before)


def test_names_that_are_not_there_or_not_to_be_set() -> None:
    """A misspelt attribute that was silently kept on a passing view would be a rule without effect."""
    model = lived(3)
    person = model.people[0]
    with pytest.raises(AttributeError, match="did you mean 'hope'"):
        person.hoep = 0.5
    with pytest.raises(AttributeError, match="did you mean 'hope'"):
        print(person.hoep)
    for name, value in (("group", None), ("going_to", 0), ("leaving", "settled"), ("slot", 3), ("unique_id", 3)):
        with pytest.raises(AttributeError, match=f"{name} cannot be set"):
            setattr(person, name, value)
    with pytest.raises(AttributeError, match="close"):
        model.group(0).status = "closed"
    for kind in (Person, Group):
        with pytest.raises(TypeError, match="not made by hand"):
            kind(model)
    with pytest.raises(TypeError, match="not made by hand"):
        Person.create_agents(model, 3)


def test_identity() -> None:
    """Agents are keys of dictionaries and index of results: the same row is the same agent, and ids never clash."""
    model = lived()
    ids = model.agents.get("unique_id")
    assert len(set(ids)) == len(ids) and [agent.unique_id for agent in model.agents] == ids
    first, again = model.people[0], model.people[0]
    assert first == again and hash(first) == hash(again) and len({first, again}) == 1 and first.pos is None
    assert first != model.people[1] and first != model.group(0) and first != lived().people[0]
    assert first.random is model.random and first.rng is model.rng
    held = copy.copy(first)
    assert held == first and pickle.loads(pickle.dumps(first)).label == first.label
    assert model.people[0].unique_id == lived(12, serve__turnover_per_year=3.0).people[0].unique_id


def test_entering_a_group() -> None:
    """A rule may bring people to a group; the engine moves them, and refuses what would break the groups."""
    model = lived()
    group, person = model.group(0), model.outside[0]
    person.enter(group)
    assert person.membership == "outside" and person.going_to == 0
    model.run_for(1)
    assert person in group.members and person.group == group and person.membership == "member"
    with pytest.raises(ValueError, match="is a member of group 0"):
        person.enter(model.group(1))
    person = model.outside[0]
    person.enter(group)
    person.stay()
    assert person.going_to == -1
    full = lived(12, arrive__room=3)
    with pytest.raises(ValueError, match="full"):
        full.outside[0].enter(full.group(0))
    far = lived(12, community__count=2)
    with pytest.raises(ValueError, match="another community"):
        far.outside[0].enter(next(g for g in far.groups if g.community != far.outside[0].community))


def test_leaving_a_group_and_the_community() -> None:
    """Leaving by a rule is counted with its reason like any other."""
    model = lived()
    one, two = model.members[0], model.members[1]
    one.leave("graduated")
    two.leave("settled")
    model.run_for(1)
    assert one.membership == "former" and one.last_reason == "graduated" and one.group is None
    assert not two.alive
    with pytest.raises(ValueError, match="is in no group"):
        one.leave("graduated")
    with pytest.raises(ValueError, match="reason: given the text 'bored'"):
        one.leave("bored")
    with pytest.raises(ValueError, match="close"):
        model.members[0].leave("group_closed")


def test_closing_a_group() -> None:
    """A group closed by a rule ends as one that the engine closes: members go, the reason stands, the rest goes on."""
    model = lived()
    group, other = model.group(0), model.group(1)
    members = group.members.select()
    assert len(members) > 3
    before = np.array(members.get("distress")), np.array(members.get("dependency"))
    group.close("conflict")
    assert not group.alive and group not in model.agents and group in model.groups
    felt = before[0] + model.simulation.scenario.close.loss_harm * before[1] * (1 - before[0])
    assert np.allclose(members.get("distress"), felt)
    with pytest.raises(ValueError, match="closed already"):
        group.close()
    model.run_for(1)
    assert len(group.members) == 0 and set(members.get("last_reason")) == {"group_closed"}
    assert (group.status, group.reason) == ("closed", "conflict") and group.closed == model.simulation.step - 1
    model.run_for(10)
    assert other.alive and model.result().summary["closed"] is True
    with pytest.raises(ValueError, match="allowed: low_attendance"):
        other.close("boredom")


def test_taking_and_leaving_a_role() -> None:
    """A helper made by a rule must be counted as one, and a place given up must be vacant."""
    model = lived()
    group = model.group(0)
    person = group.members.select(lambda p: p.role != "helper" and p.first_helper < 0)[0]
    made, lost = group.helpers_made, group.helpers_lost
    person.role = "helper"
    assert person in group.helpers and person.helper_since == model.simulation.step == person.first_helper
    assert group.helpers_made == made + 1
    person.role = "member"
    assert group.helpers_lost == lost + 1 and group.vacancies >= 1
    assert set(model.members.get("role")) <= set(ROLES)


def test_ties_helped_and_helped_by() -> None:
    """Who knows and helps whom must read the same from both sides' own tables."""
    model = lived(30)
    ties = model.frame("ties")
    for person in model.members:
        mine = ties[ties["person"] == person.unique_id]
        assert [tie.other.unique_id for tie in person.ties] == mine["other"].tolist()
        assert [tie.kind for tie in person.ties] == mine["kind"].tolist()
        assert [tie.strength for tie in person.ties] == mine["strength"].tolist()
        assert len(person.helped_by) == (mine["received"] > 0).sum()
        assert len(person.helped) == (mine["given"] > 0).sum()
    assert (ties["received"] > 0).sum() > 3


def test_everybody_removed_leaves_an_empty_but_living_world() -> None:
    """The hardest case for the engine's books: nobody left, and yet time goes on and newcomers come."""
    model = lived()
    gone = model.people.select()
    model.remove_all_agents()
    model.run_for(1)
    assert len(gone) == 0 and not any(group.alive for group in model.groups)
    model.run_for(20)
    assert len(model.people) == len(living(model.world)) == model.world.meter["people"][0] > 0


class Neighbour(Person):
    """A person with a method of one's own."""

    def cheer(self, more: float) -> float:
        """Take heart."""
        self.hope = min(1.0, self.hope + more)
        return float(self.hope)


class Town(MutualHelpModel):
    """A model with people of its own class."""

    person_class = Neighbour


def test_people_with_methods_of_their_own() -> None:
    """Mesa users give agents methods and call them by name; a class of one's own must be seen everywhere."""
    model = Town(SMALL)
    model.run_for(3)
    assert model.agent_types == [Neighbour, Group] and len(model.agents_by_type[Neighbour]) == len(model.people)
    before = model.people.get("hope")
    after = model.people.map("cheer", 0.01)
    assert after == model.people.get("hope") == [min(1.0, hope + 0.01) for hope in before]
    assert isinstance(model.members[0].ties[0].other, Neighbour)


def test_rules_at_random_leave_the_books_in_order() -> None:
    """Entering, leaving, closing and roles in any mixture must lose nobody and place nobody twice."""
    model = MutualHelpModel(SMALL, community__arrivals_per_week=4.0, found__found_per_year=20.0, start__groups=4)
    for week in range(120):
        model.step()
        draw = model.random.random
        rooms = [g for g in model.groups if g.alive and len(g.members) < 40]
        for person in model.outside.shuffle().select(at_most=3):
            if rooms:
                person.enter(model.random.choice(rooms))
                if draw() < 0.2:
                    person.remove()
        for person in model.members.shuffle().select(at_most=4):
            person.leave("graduated" if draw() < 0.7 else "moved_away")
            if draw() < 0.5:
                person.stay()
        model.members.shuffle().select(at_most=2).set("role", "helper" if draw() < 0.5 else "member")
        if week % 9 == 8 and rooms:
            model.random.choice(rooms).close()
        world, rows = model.world, model.rows()
        assert len(rows) == world.meter["people"][0] == len(set(model.people.get("slot")))
        assert np.array_equal(world.handles["row"][world.people["slot"][rows]], rows)
        block = np.repeat(np.arange(len(world.blocks)), world.blocks["count"])
        places = np.sort(rows)
        inside = np.where(world.people["group"] >= 0, world.people["group"] + 1, world.people["community"])
        assert np.array_equal(np.sort(block), np.sort(inside[places]))
        assert np.array_equal(world.people["membership"][rows] == 1, world.people["group"][rows] >= 0)
    assert len(model.groups) > 6
    assert model.result().lives.num_rows == len(model.people) + world.meter["lives"][0]
