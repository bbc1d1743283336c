"""Times to everywhere: those of the routes, to the last bit, whatever the roads are like."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.checkpoints import StreetGraph, graph_of_arcs, shortest_routes, shortest_times

from ..small_graphs import roads_graph

NO_TIME = np.array([], np.float64)


def test_each_node_is_reached_from_the_nearer_source() -> None:
    """0 - 1 - 2 - 3 and, apart, 4 - 5; every road takes 10 seconds."""
    graph = roads_graph(6, (0, 1), (1, 2), (2, 3), (4, 5))
    assert shortest_times(graph, np.array([0])).tolist() == [0, 10, 20, 30, np.inf, np.inf]
    assert shortest_times(graph, np.array([0, 3])).tolist() == [0, 10, 10, 0, np.inf, np.inf]


def test_a_source_may_be_named_twice() -> None:
    graph = roads_graph(3, (0, 1), (1, 2))
    assert shortest_times(graph, np.array([2, 2])).tolist() == [20, 10, 0]


def test_streets_without_a_road_and_no_source_at_all_are_fine() -> None:
    no_nodes = np.array([], np.int32)
    graph = graph_of_arcs(2, no_nodes, no_nodes, NO_TIME)
    assert shortest_times(graph, np.array([1])).tolist() == [np.inf, 0]
    assert shortest_times(graph, no_nodes).tolist() == [np.inf, np.inf]


@pytest.mark.parametrize("endless", [False, True])
def test_one_road_much_longer_than_all_others_is_waited_for(endless: bool) -> None:
    """A chain of a thousand roads of a millisecond, then a ferry of ten hours, or of forever."""
    tail = np.arange(1001, dtype=np.int32)
    travel_s = np.append(np.full(1000, 0.001), np.inf if endless else 36_000.0)
    times = shortest_times(graph_of_arcs(1002, tail, tail + 1, travel_s), np.array([0]))
    assert times[1000] == pytest.approx(1.0)
    assert times[1001] == times[1000] + travel_s[-1]


def test_a_bucket_that_holds_all_nodes_takes_no_time_either() -> None:
    """A ferry beside streets of seconds; each of thirty forks offers the longer way first.

    Were the last to come the first to be taken, each fork would double the work.
    """
    fork = 2 * np.arange(30)
    longer_s = 2.0 ** np.arange(30, 0, -1)
    tail = np.concatenate([fork, fork, fork + 1, [0]]).astype(np.int32)
    head = np.concatenate([fork + 2, fork + 1, fork + 2, [61]]).astype(np.int32)
    travel_s = np.concatenate([longer_s, np.zeros(60), [1e13]])
    times = shortest_times(graph_of_arcs(62, tail, head, travel_s), np.array([0]))
    assert times.tolist() == [*np.zeros(61), 1e13]


@st.composite
def streets(draw: st.DrawFn) -> StreetGraph:
    n = draw(st.integers(2, 15))
    pairs = [(a, b) for a in range(n) for b in range(n) if a != b]
    arcs = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=5 * n, unique=True))
    tail, head = np.array(arcs, np.int32).T
    seconds = st.one_of(st.sampled_from([0.0, 5e-324, 1e-9, 1.0, 1e6]), st.floats(0, 100))
    travel_s = draw(st.lists(seconds, min_size=len(arcs), max_size=len(arcs)))
    return graph_of_arcs(n, tail, head, np.array(travel_s))


@given(streets(), st.data())
def test_times_are_those_of_the_routes_to_the_last_bit(
    graph: StreetGraph, data: st.DataObject
) -> None:
    nodes = st.integers(0, graph.node_count - 1)
    sources = np.array(data.draw(st.lists(nodes, min_size=1, max_size=3)))
    routes = shortest_routes(graph, sources)
    assert shortest_times(graph, sources).tolist() == routes.travel_s.tolist()
