"""Sets of people do what Mesa's documentation says of its AgentSet: the same calls on a plain model and on ours."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import mesa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mhsim.model import AgentRows, Group, Person
from model_cases import labels, lived, pair


def named(groups: Any) -> dict[Any, list[str]]:
    return {key: labels(part) for key, part in groups}


CALLS: dict[str, Callable[[Any], Any]] = {
    "len": len,
    "iterate": labels,
    "first and last": lambda s: (s[0].label, s[-1].label),
    "slice": lambda s: labels(s[3:9:2]),
    "reversed": lambda s: labels(reversed(s)),
    "contains": lambda s: s[2] in s and s[2] not in s.select(lambda a: a.label != s[2].label),
    "select nothing said": lambda s: labels(s.select()),
    "select by function": lambda s: labels(s.select(lambda a: a.hope > 0.4)),
    "select at most": lambda s: labels(s.select(lambda a: a.hope > 0.3, at_most=4)),
    "select share": lambda s: labels(s.select(lambda a: a.hope > 0.3, at_most=0.25)),
    "select none": lambda s: labels(s.select(at_most=0)),
    "select one as whole number": lambda s: labels(s.select(at_most=1)),
    "select all as share": lambda s: labels(s.select(at_most=1.0)),
    "select other type": lambda s: labels(s.select(agent_type=str)),
    "select in place": lambda s: labels((t := copy.copy(s)).select(lambda a: a.hope > 0.4, inplace=True)) + labels(t),
    "shuffle": lambda s: labels(s.shuffle()),
    "shuffle in place": lambda s: labels((t := s.select()).shuffle(inplace=True)) + labels(t),
    "sort by name": lambda s: labels(s.sort("hope")),
    "sort upwards": lambda s: labels(s.sort("hope", ascending=True)),
    "sort of equals": lambda s: labels(s.sort("stage")),
    "sort by function in place": lambda s: labels(s.select().sort(lambda a: -a.hope, inplace=True)),
    "map": lambda s: s.map(lambda a, more: a.hope + more, 1.0),
    "map by name": lambda s: s.map("__getattribute__", "stage"),
    "agg one": lambda s: s.agg("hope", np.mean),
    "agg several": lambda s: s.agg("hope", [min, max, sum]),
    "get": lambda s: s.get("stage"),
    "get several": lambda s: s.get(["hope", "role"]),
    "get missing": lambda s: s.get(["hope", "money"], handle_missing="default", default_value=3),
    "group by name": lambda s: named(s.groupby("stage")),
    "group by function": lambda s: named(s.groupby(lambda a: a.hope > 0.4)),
    "group to lists": lambda s: {k: [type(v), len(v)] for k, v in s.groupby("role", result_type="list")},
    "group count": lambda s: s.groupby("membership").count(),
    "group agg": lambda s: s.groupby("stage").agg("hope", max),
    "group map": lambda s: s.groupby("stage").map(lambda part: sum(a.hope for a in part)),
    "group map by name": lambda s: s.groupby("stage").map("get", "hope"),
    "group do": lambda s: len(s.groupby("stage").do(lambda part: None)),
    "set and get": lambda s: s.set("hope", 0.5).get("hope"),
    "union": lambda s: sorted(labels(s.select(at_most=3) | s.select(lambda a: a.hope > 0.5))),
    "intersection": lambda s: labels(s.select(at_most=9) & s.select(lambda a: a.hope > 0.3)),
    "equal": lambda s: s.select(at_most=3) == s.select(at_most=3),
    "random": lambda s: s.random is s[0].model.random,
    "empty": lambda s: [len(e := s.select(at_most=0)), e.get("hope"), labels(e.shuffle()), e.groupby("stage").count()],
}


@pytest.mark.parametrize("name", list(CALLS))
def test_each_call_as_in_mesa(name: str) -> None:
    """Whoever knows Mesa must be able to rely on what they know; one differing call would mislead in silence."""
    plain, ours = pair()
    assert CALLS[name](ours) == CALLS[name](plain)


def test_do_and_shuffle_do_go_round_in_the_same_order() -> None:
    """Rules that depend on the order of activation must see the same order as in Mesa for the same seed."""
    orders = []
    for agents in pair():
        seen: list[str] = []
        back = agents.do(lambda a, more, seen=seen: seen.append(a.label + more), "!")
        again = agents.shuffle_do(lambda a, seen=seen: seen.append(a.label))
        agents.do("step")
        assert back is agents and again is agents
        orders.append(seen)
    assert orders[0] == orders[1]
    assert orders[0][: len(orders[0]) // 2] != orders[0][len(orders[0]) // 2 :]


def test_adding_discarding_removing() -> None:
    """A subset can be put together by hand, and removing who is not in it is an error, as for a set."""
    for agents in pair():
        part, one = agents.select(at_most=3), agents[5]
        part.add(one)
        part.add(one)
        assert len(part) == 4 and one in part
        part.discard(agents[0])
        part.discard(agents[0])
        assert labels(part) == labels([agents[1], agents[2], one])
        with pytest.raises(KeyError):
            part.remove(agents[0])
        part.remove(one)
        assert one not in part and one in agents


def test_wrong_names_are_errors_in_both() -> None:
    """An attribute nobody has must not read as nothing, and an unknown way with missing ones must be refused."""
    for agents in pair():
        with pytest.raises(AttributeError):
            agents.get("hoep")
        with pytest.raises(ValueError, match="handle_missing"):
            agents.get("hope", handle_missing="silently")


def test_it_is_an_agent_set_and_keeps_its_people() -> None:
    """Views exist only while looked at; a set that held them weakly, as Mesa's does, would be empty at once."""
    model = lived()
    chosen = model.agents.select(lambda agent: isinstance(agent, Person) and agent.hope > 0.3)
    assert isinstance(chosen, mesa.agent.AgentSet) and isinstance(chosen.shuffle(), AgentRows)
    assert len(chosen) == len(labels(chosen)) > 5
    assert labels(AgentRows(list(chosen), model.random)) == labels(chosen)
    assert {type(agent) for agent in model.agents} == {Person, Group}
    assert model.agents.select(agent_type=Group) == model.agents_by_type[Group]


def test_live_sets_show_people_of_now_and_subsets_drop_those_gone() -> None:
    """`model.agents` held across steps must not go stale, and a subset must neither lose nor gain people by itself."""
    model = lived(2)
    everybody, held = model.people, model.people.select()
    before = labels(held)
    held[3:6][1].remove()
    assert labels(held) == before
    model.run_for(30)
    assert labels(everybody) == labels(model.people)
    assert len(everybody) == model.world.meter["people"][0]
    assert labels(held) == [label for label in before if label in set(labels(everybody))]
    assert len(held) < len(before)
    assert set(labels(everybody)) - set(before)


def test_walking_while_people_come_and_go() -> None:
    """A rule may let time pass in a loop: those gone meanwhile are left out, newcomers are not met half-way."""
    model = lived(1)
    before, met = labels(model.people), []
    for person in model.people:
        met.append(person.label)
        if len(met) == 1:
            model.people[9].remove()
            model.run_for(30)
    now = set(labels(model.people))
    assert met == [label for label in before if label in now or label == before[0]]
    assert before[9] not in met and now - set(before)


def test_columns_select_fast_and_alike() -> None:
    """Selecting by a column's value is the same as by a function; it is there because it makes no views."""
    people = lived().people
    assert labels(people.select(stage="impact")) == labels(people.select(lambda p: p.stage == "impact"))
    number = people.groupby("group_number").count()
    assert {k.number if k else -1: v for k, v in people.groupby("group").count().items()} == number


def test_copies_and_pickles() -> None:
    """A copy of a live set is a set of its own; a pickled one brings its model along, as in Mesa."""
    model = lived()
    people = model.people
    held = copy.copy(people)
    held.select(at_most=2, inplace=True)
    assert len(people) > len(held) == 2
    there = pickle.loads(pickle.dumps(people.sort("hope")))
    assert there.get("hope") == people.sort("hope").get("hope") and there.model is not model


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("select"), st.floats(0.0, 1.0), st.one_of(st.integers(0, 60), st.floats(0.0, 1.0))),
        st.tuples(st.just("sort"), st.sampled_from(["hope", "stage", "meetings", "label"]), st.booleans()),
        st.tuples(st.just("shuffle"), st.integers(0, 9), st.booleans()),
        st.tuples(st.just("slice"), st.integers(-40, 40), st.integers(-40, 40)),
        st.tuples(st.just("discard"), st.integers(0, 100), st.none()),
    ),
    max_size=6,
)


@given(steps=STEPS)
@settings(max_examples=60)
def test_any_sequence_of_calls_equals_the_same_on_a_plain_model(steps: list[Any]) -> None:
    """Calls are chained in practice; what each leaves behind must be what Mesa would have left behind."""
    sets = list(PLAIN_AND_OURS)
    for kind, first, second in steps:
        for k, agents in enumerate(sets):
            if kind == "select":
                sets[k] = agents.select(lambda a, low=first: a.distress >= low, at_most=second)
            elif kind == "sort":
                sets[k] = agents.sort(first, ascending=second)
            elif kind == "shuffle":
                agents.random.seed(first)
                sets[k] = agents.select().shuffle(inplace=second)
            elif kind == "slice":
                sets[k] = type(agents)(agents[first:second], agents.random)
            elif len(agents):
                sets[k] = agents.select()
                sets[k].discard(agents[first % len(agents)])
        assert labels(sets[0]) == labels(sets[1])


PLAIN_AND_OURS = pair()
