"""Rings on graphs small enough for brute force, and what other people's code says of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import networkx as nx
import numpy as np
from hypothesis import strategies as st

from optimizer.checkpoints import (
    Posts,
    PostSites,
    Ring,
    RingSeal,
    StreetGraph,
    anywhere,
    graph_of_arcs,
    reached,
)

NOWHERE = 10.0**6
UNLIMITED = 10**9


def arcs_graph(n: int, arcs: Iterable[tuple[int, int]]) -> StreetGraph:
    """A graph of one-way arcs, ten seconds each."""
    tail, head = np.array(sorted(set(arcs)), np.int32).reshape(-1, 2).T
    return graph_of_arcs(n, tail, head, np.full(len(tail), 10.0))


def roads_graph(n: int, *roads: tuple[int, int]) -> StreetGraph:
    """A graph of two-way roads, ten seconds each way."""
    return arcs_graph(n, [*roads, *((b, a) for a, b in roads)])


def road_between(graph: StreetGraph, a: int, b: int) -> int:
    """Find the road that joins two nodes."""
    along = (graph.tail == a) & (graph.head == b) | (graph.tail == b) & (graph.head == a)
    return int(graph.road[along][0])


def posts(nodes: Iterable[int] = (), roads: Iterable[int] = ()) -> Posts:
    return Posts(np.array([*nodes], np.int32), np.array([*roads], np.int32))


def ring_of(n: int, inside: Iterable[int], outside: Iterable[int]) -> Ring:
    sides = np.zeros((2, n), dtype=bool)
    sides[0, [*inside]] = True
    sides[1, [*outside]] = True
    return Ring("test", *sides)


def sites_of(
    graph: StreetGraph,
    *,
    nodes: float | Iterable[float] = 1.0,
    roads: float | Iterable[float] = 1.0,
    must: Posts | None = None,
) -> PostSites:
    """Post sites with these costs, one for all or one each."""
    every = anywhere(graph)
    cost = [np.broadcast_to(np.asarray(given, float), (size,))
            for given, size in ((nodes, graph.node_count), (roads, graph.road_count))]  # fmt: skip
    return PostSites(*cost, must or every.must, every.node_kind, every.road_kind)


@st.composite
def rings(
    draw: st.DrawFn, *, most_nodes: int = 8, must: bool = False
) -> tuple[StreetGraph, Ring, PostSites]:
    """Random streets, one-way and two-way, a ring on them, and what posts cost there."""
    n = draw(st.integers(3, most_nodes))
    pairs = [(a, b) for a in range(n) for b in range(n) if a != b]
    arcs = draw(st.lists(st.sampled_from(pairs), min_size=2, max_size=2 * n, unique=True))
    if draw(st.booleans()):
        arcs += [(b, a) for a, b in arcs if draw(st.booleans())]
    graph = arcs_graph(n, arcs)
    side = np.array(draw(st.lists(st.sampled_from([0, 1, 2, 2, 2]), min_size=n, max_size=n)))
    ring = Ring("random", side == 0, side == 1)
    costs = st.sampled_from([1.0, 1.0, 2.0, 0.25, np.inf])
    node_cost = np.array([draw(costs) for _ in range(n)])
    road_cost = np.array([draw(costs) for _ in range(graph.road_count)])
    standing = None
    if must:
        free_nodes, free_roads = (np.flatnonzero(np.isfinite(c)) for c in (node_cost, road_cost))
        standing = posts(free_nodes[:: draw(st.integers(1, 4))][:1],
                         free_roads[:: draw(st.integers(1, 4))][:1])  # fmt: skip
    return graph, ring, sites_of(graph, nodes=node_cost, roads=road_cost, must=standing)


def ways_through(graph: StreetGraph, ring: Ring, direction: str, standing: Posts) -> bool:
    """Whether a search past the posts gets through the ring, in either direction asked for."""
    through = {"out": (ring.inside, ring.outside), "in": (ring.outside, ring.inside)}
    return any(
        (reached(graph, np.flatnonzero(start), posts=standing) & goal).any()
        for way, (start, goal) in through.items()
        if direction in {way, "both"}
    )


def cheapest_by_brute_force(
    graph: StreetGraph, ring: Ring, sites: PostSites, direction: str
) -> float:
    """Least cost over every set of allowed posts that holds those that must stand; inf: none."""
    on_ring = ring.roads(graph)
    places = [("node", v, sites.node_cost[v]) for v in np.flatnonzero(ring.annulus)]
    places += [("road", r, sites.road_cost[r]) for r in np.flatnonzero(on_ring)]
    places = [place for place in places if np.isfinite(place[2])]
    must = {("node", v) for v in sites.must.nodes if ring.annulus[v]}
    must |= {("road", r) for r in sites.must.roads if on_ring[r]}
    fixed = [place for place in places if place[:2] in must]
    free = [place for place in places if place[:2] not in must]
    best = np.inf
    for count in range(len(free) + 1):
        for some in itertools.combinations(free, count):
            chosen = [*fixed, *some]
            cost = sum(place[2] for place in chosen)
            standing = posts([at for kind, at, _ in chosen if kind == "node"],
                             [at for kind, at, _ in chosen if kind == "road"])  # fmt: skip
            if cost < best and not ways_through(graph, ring, direction, standing):
                best = cost
    return float(best)


def flow_by_networkx(graph: StreetGraph, ring: Ring, sites: PostSites, direction: str) -> float:
    """The same least cost, one way, without posts that must stand; inf where none suffices."""
    flow = nx.DiGraph()
    sides = ("inside", "outside") if direction == "out" else ("outside", "inside")
    flow.add_nodes_from(sides)

    def at(node: int, door: str) -> object:
        if ring.inside[node] or ring.outside[node]:
            return "inside" if ring.inside[node] else "outside"
        return node, door

    def add(tail: object, head: object, cost: float) -> None:
        if tail != head:
            known = flow.get_edge_data(tail, head, {"capacity": 0.0})["capacity"]
            flow.add_edge(tail, head, capacity=known + min(cost, NOWHERE))

    for node in np.flatnonzero(ring.annulus):
        add((node, "in"), (node, "out"), sites.node_cost[node])
    for tail, head, road in zip(graph.tail, graph.head, graph.road, strict=True):
        add(at(tail, "out"), at(head, "in"), sites.road_cost[road])
    value = nx.maximum_flow_value(flow, *sides)
    return float("inf") if value >= NOWHERE / 2 else float(value)


def assert_proven(graph: StreetGraph, sites: PostSites, seal: RingSeal, direction: str) -> None:
    """Assert that the routes lead through the ring and, with the costs, prove the flow."""
    starts, ends = {
        "out": (seal.ring.inside, seal.ring.outside), "in": (seal.ring.outside, seal.ring.inside)
    }[direction]  # fmt: skip
    arcs = {(t, h): r for t, h, r in zip(graph.tail.tolist(), graph.head.tolist(),
                                         graph.road.tolist(), strict=True)}  # fmt: skip
    load_n, load_r = np.zeros(graph.node_count), np.zeros(graph.road_count)
    standing_n, standing_r = set(sites.must.nodes.tolist()), set(sites.must.roads.tolist())
    for route, amount in zip(seal.routes, seal.amounts, strict=True):
        nodes = route.tolist()
        assert starts[nodes[0]]
        assert ends[nodes[-1]]
        assert seal.ring.annulus[nodes[1:-1]].all()
        assert not standing_n & set(nodes[1:-1])
        roads = [arcs[step] for step in itertools.pairwise(nodes)]
        assert not standing_r & set(roads)
        np.add.at(load_n, nodes[1:-1], amount)
        np.add.at(load_r, roads, amount)
    assert (load_n <= sites.node_cost + 1e-9).all()
    assert (load_r <= sites.road_cost + 1e-9).all()
    assert seal.amounts.sum() == seal.max_flow
