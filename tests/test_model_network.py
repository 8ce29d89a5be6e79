"""The network of ties: nodes and edges as in the tables, and measures as networkx and the summary have them."""

from __future__ import annotations

import networkx
import pytest

from mhsim.model.network import betweenness, components, degree, reciprocity, returned_ties
from mhsim.schema import TIE_KINDS
from model_cases import lived


def test_nodes_and_edges_are_people_and_their_ties() -> None:
    """A network with a lapsed tie, or without the lonely, would bias every measure of it."""
    model = lived(40)
    graph = model.network()
    assert isinstance(graph, networkx.DiGraph) and list(graph) == model.people.get("unique_id")
    for person in model.people:
        node = graph.nodes[person.unique_id]
        assert (node["stage"], node["hope"], node["group"]) == (person.stage, person.hope, person.group_number)
        assert {(tie.other.unique_id, tie.kind, tie.strength, tie.given, tie.received) for tie in person.ties} == {
            (other, tie["kind"], tie["strength"], tie["given"], tie["received"])
            for _, other, tie in graph.out_edges(person.unique_id, data=True)
        }
    assert graph.number_of_edges() > 50


def test_one_group_and_no_direction() -> None:
    """Measures of a group must not lead through people outside it; between two, nothing may be counted twice."""
    model = lived(40)
    inside = model.network(group=1)
    assert list(inside) == model.group(1).members.get("unique_id") == list(model.network(model.group(1)))
    whole, pairs = model.network(), model.network(directed=False)
    assert not pairs.is_directed() and pairs.number_of_edges() == whole.to_undirected().number_of_edges()
    for one, other, tie in pairs.edges(data=True):
        sides = [whole.edges[a, b] for a, b in ((one, other), (other, one)) if whole.has_edge(a, b)]
        assert tie["strength"] == max(side["strength"] for side in sides)
        assert tie["kind"] == max((side["kind"] for side in sides), key=TIE_KINDS.index)
        assert tie["helped"] == max(side["given"] + side["received"] for side in sides)


def test_measures_are_those_of_networkx() -> None:
    """Each measure says whom it counts; these are the calls of networkx that count the same."""
    graph = lived(40).network()
    plain = graph.to_undirected()
    assert degree(graph) == dict(plain.degree()) == degree(plain)
    assert components(graph) == sorted(map(len, networkx.weakly_connected_components(graph)), reverse=True)
    assert sum(components(graph)) == len(graph)
    assert betweenness(graph) == pytest.approx(networkx.betweenness_centrality(plain))
    assert returned_ties(graph) == pytest.approx(networkx.overall_reciprocity(graph))


def test_reciprocity_is_that_of_the_summary_and_not_that_of_networkx() -> None:
    """Two measures bear the same name in the field: help given back, and a tie kept by both."""
    model = lived(40)
    graph = model.network()
    assert reciprocity(graph) == pytest.approx(model.result().summary["reciprocity"])
    assert reciprocity(graph) != pytest.approx(returned_ties(graph))
    hand = networkx.DiGraph()
    hand.add_edge(1, 2, given=1, received=0)
    hand.add_edge(2, 1, given=0, received=1)
    hand.add_edge(1, 3, given=2, received=1)
    hand.add_edge(1, 4, given=0, received=0)
    assert reciprocity(hand) == 1 / 3 and returned_ties(hand) == 0.5


def test_empty_networks_and_wrong_ones() -> None:
    """Before the opening nobody knows anybody; a measure of nothing is None and no error."""
    empty = lived(0).network()
    assert reciprocity(empty) is None and returned_ties(empty) is None and components(empty)[:1] == [1]
    with pytest.raises(ValueError, match="directed"):
        reciprocity(lived(2).network(directed=False))
