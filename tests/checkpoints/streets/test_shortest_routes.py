"""Quickest routes past posts, beside SciPy's on the streets that are left."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from optimizer.checkpoints import OPEN, Posts, StreetGraph, graph_of_arcs, reached, shortest_routes

from ..small_graphs import posts, road_between, roads_graph


def test_the_quicker_way_round_is_taken_and_told() -> None:
    """0 - 1 - 3 takes 20 seconds, 0 - 2 - 4 - 3 takes 30; a post at 1 leaves the latter."""
    graph = roads_graph(5, (0, 1), (1, 3), (0, 2), (2, 4), (4, 3))
    routes = shortest_routes(graph, np.array([0]))
    assert routes.nodes_to(3) == [0, 1, 3]
    assert routes.travel_s[3] == 20
    assert [graph.head[arc] for arc in routes.arcs_to(3)] == [1, 3]
    past = shortest_routes(graph, np.array([0]), posts=posts([1]))
    assert past.nodes_to(3) == [0, 2, 4, 3]
    assert past.travel_s.tolist() == [0, np.inf, 10, 30, 20]


def test_a_post_on_a_road_closes_both_directions() -> None:
    graph = roads_graph(3, (0, 1), (1, 2))
    shut = posts([], [road_between(graph, 0, 1)])
    for source in (0, 2):
        assert shortest_routes(graph, np.array([source]), posts=shut).travel_s[2 - source] == np.inf


def test_a_source_with_a_post_starts_no_route() -> None:
    graph = roads_graph(2, (0, 1))
    assert not reached(graph, np.array([0]), posts=posts([0])).any()
    assert np.isinf(shortest_routes(graph, np.array([0]), posts=posts([0])).travel_s).all()


def test_several_sources_start_at_their_times() -> None:
    graph = roads_graph(4, (0, 1), (1, 2), (2, 3))
    routes = shortest_routes(graph, np.array([0, 3]), start_s=np.array([15.0, 0.0]))
    assert routes.travel_s.tolist() == [15, 20, 10, 0]
    assert routes.nodes_to(0) == [0]
    assert routes.nodes_to(1) == [3, 2, 1]


def test_a_limit_leaves_out_what_takes_longer() -> None:
    graph = roads_graph(4, (0, 1), (1, 2), (2, 3))
    assert shortest_routes(graph, np.array([0]), limit_s=20.0).travel_s.tolist() == [
        0, 10, 20, np.inf]  # fmt: skip


@st.composite
def streets(draw: st.DrawFn) -> tuple[StreetGraph, Posts]:
    n = draw(st.integers(2, 12))
    pairs = [(a, b) for a in range(n) for b in range(n) if a != b]
    arcs = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=4 * n, unique=True))
    tail, head = np.array(arcs, np.int32).T
    graph = graph_of_arcs(n, tail, head, np.array([draw(st.integers(1, 9)) for _ in arcs], float))
    closed = draw(st.lists(st.integers(0, n - 1), max_size=2))
    return graph, posts(closed, draw(st.lists(st.integers(0, graph.road_count - 1), max_size=2)))


@given(streets(), st.data())
def test_routes_are_as_quick_as_scipys(
    given_streets: tuple[StreetGraph, Posts], data: st.DataObject
) -> None:
    """And a search that ignores time reaches just the same nodes, over arcs that exist."""
    graph, shut = given_streets
    sources = np.array(data.draw(st.lists(st.integers(0, graph.node_count - 1), min_size=1)))
    closed = shut.closed_nodes(graph)
    kept = ~(closed[graph.tail] | closed[graph.head] | shut.closed_roads(graph)[graph.road])
    size = graph.node_count
    left = csr_array((graph.travel_s[kept], (graph.tail[kept], graph.head[kept])), (size, size))
    times = dijkstra(left, indices=sources)
    times[closed[sources]] = np.inf
    routes = shortest_routes(graph, sources, posts=shut)
    assert routes.travel_s.tolist() == times.min(axis=0).tolist()
    assert reached(graph, sources, posts=shut).tolist() == np.isfinite(routes.travel_s).tolist()
    for node in np.flatnonzero(np.isfinite(routes.travel_s)):
        assert graph.travel_s[routes.arcs_to(node)].sum() == routes.travel_s[node]
        assert routes.nodes_to(node)[0] in sources


def test_nothing_is_closed_where_all_is_open() -> None:
    assert len(OPEN) == 0
