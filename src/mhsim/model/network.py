"""The network of ties as a networkx graph, and four measures of it.

Each person keeps ties of their own, eight at most; so one may keep a tie that the other has given up for a stronger
one. A measure says whom it counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx

from mhsim.errors import InputError
from mhsim.schema import TIE_KINDS

if TYPE_CHECKING:
    from mhsim.model.group import Group
    from mhsim.model.model import MutualHelpModel

NODE_ATTRIBUTES = (
    *("label", "stage", "role", "membership", "group_number", "community"),
    *("hope", "self_efficacy", "distress", "belonging"),
)


def network_of(model: MutualHelpModel, group: int | Group | None = None, *, directed: bool = True) -> networkx.Graph:
    """Return living people as nodes and their living ties as edges.

    Parameters
    ----------
    model : MutualHelpModel
        Whose people.
    group : int or Group, optional
        Only the members of this group and the ties among them.
    directed : bool
        Whether an edge is one person's tie to another, or what there is between two.

    Returns
    -------
    networkx.DiGraph or networkx.Graph
        Nodes are named by `unique_id`, with `label`, `stage`, `role`, `membership`, `group` (its number, -1 for none),
        `community`, `hope`, `self_efficacy`, `distress` and `belonging`. Edges have `kind`, `strength`, `given` and
        `received` as the first person keeps them. Between two without direction: the closer kind, the greater
        strength, and `given` and `received` in one number, `helped`, the times that one helped the other.
    """
    number = group if group is None or isinstance(group, int) else group.number
    people = model.people if number is None else model.group(number).members
    graph = networkx.DiGraph() if directed else networkx.Graph()
    columns = [people.get(name) for name in NODE_ATTRIBUTES]
    names = ["group" if name == "group_number" else name for name in NODE_ATTRIBUTES]
    for node, *values in zip(people.get("unique_id"), *columns, strict=True):
        graph.add_node(node, **dict(zip(names, values, strict=True)))
    ties = model.frame("ties")
    ties = ties[ties["person"].isin(list(graph)) & ties["other"].isin(list(graph))]
    lists = [ties[name].tolist() for name in ("person", "other", "kind", "strength", "given", "received")]
    for one, other, kind, strength, given, received in zip(*lists, strict=True):
        if directed:
            graph.add_edge(one, other, kind=kind, strength=strength, given=given, received=received)
        else:
            _between(graph, one, other, kind, strength, given + received)
    return graph


def _between(graph: networkx.Graph, one: int, other: int, kind: str, strength: float, helped: int) -> None:
    if graph.has_edge(one, other):
        edge = graph.edges[one, other]
        kind = max(kind, edge["kind"], key=TIE_KINDS.index)
        strength, helped = max(strength, edge["strength"]), max(helped, edge["helped"])
    graph.add_edge(one, other, kind=kind, strength=strength, helped=helped)


def degree(graph: networkx.Graph) -> dict[int, int]:
    """Return with how many others each person has a tie, kept by either of the two."""
    return dict(_undirected(graph).degree())


def components(graph: networkx.Graph) -> list[int]:
    """Return the sizes of the parts that ties hold together, in either direction, largest first; 1 for no tie."""
    return sorted((len(part) for part in networkx.connected_components(_undirected(graph))), reverse=True)


def betweenness(graph: networkx.Graph) -> dict[int, float]:
    """Return the share of shortest ways between two others that lead over each person, 0 to 1.

    Ties count in either direction and all alike, strong or weak. The work grows with people times ties: a group or a
    community of hundreds is quick, a world of ten thousands is not.
    """
    found: dict[int, float] = networkx.betweenness_centrality(_undirected(graph))
    return found


def returned_ties(graph: networkx.DiGraph) -> float | None:
    """Return the share of ties that the other person keeps as well; None without a tie."""
    return float(networkx.overall_reciprocity(_directed(graph))) if graph.number_of_edges() else None


def reciprocity(graph: networkx.DiGraph) -> float | None:
    """Return the share of ties with help in which both helped the other; None without help.

    This is the measure `reciprocity` of a run. It asks for help given back, known from one side's counts, and not
    whether the tie is kept by both, which is `returned_ties` and networkx's `overall_reciprocity`.
    """
    edges = [(tie["given"] > 0, tie["received"] > 0) for _, _, tie in _directed(graph).edges(data=True)]
    helped = sum(gave or got for gave, got in edges)
    return sum(gave and got for gave, got in edges) / helped if helped else None


def _undirected(graph: networkx.Graph) -> networkx.Graph:
    return graph.to_undirected(as_view=True) if graph.is_directed() else graph


def _directed(graph: networkx.Graph) -> networkx.DiGraph:
    if not graph.is_directed():
        raise InputError("network: this measure asks for a directed network; take model.network(directed=True)")
    return graph
