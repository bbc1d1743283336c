"""Travel times by hand, by scipy and by networkx: one-ways, parallel and zero arcs, limits."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from optimizer.roads import NearestSource, RoadNetwork, TravelTimes, nearest_source, travel_times


def dense(times: TravelTimes, k: int) -> NDArray[np.float64]:
    """The sparse matrix written out, inf where a pair is not listed."""
    matrix = np.full((len(times.indptr) - 1, k), np.inf)
    for row, (start, stop) in enumerate(zip(times.indptr[:-1], times.indptr[1:], strict=True)):
        assert (np.diff(times.target[start:stop]) > 0).all(), "targets ascend, none twice"
        matrix[row, times.target[start:stop]] = times.travel_s[start:stop]
    return matrix


def by_networkx(network: RoadNetwork) -> NDArray[np.float64]:
    """All travel times in seconds, by another library, which knows parallel and zero arcs."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(network.node_count))
    for tail, head, ms in zip(network.tail, network.head, network.travel_ms, strict=True):
        graph.add_edge(int(tail), int(head), ms=int(ms))
    matrix = np.full((network.node_count, network.node_count), np.inf)
    for source, reached in nx.all_pairs_dijkstra_path_length(graph, weight="ms"):
        for target, ms in reached.items():
            matrix[source, target] = ms / 1000
    return matrix


def test_one_way_square_by_hand(network_of: Any) -> None:
    """A one-way ring 0 -> 1 -> 2 -> 3 -> 0 of 10 s a side: back to the neighbour takes 30 s."""
    ring = network_of(4, [(0, 1, 10_000), (1, 2, 10_000), (2, 3, 10_000), (3, 0, 10_000)])
    times = dense(travel_times(ring, np.array([0, 1]), np.arange(4), 60), 4)
    assert times.tolist() == [[0, 10, 20, 30], [30, 0, 10, 20]]


def test_a_table_has_the_ways_beyond_the_limit_as_endless(network_of: Any) -> None:
    ring = network_of(4, [(0, 1, 10_000), (1, 2, 10_000), (2, 3, 10_000), (3, 0, 10_000)])
    table = travel_times(ring, np.array([0, 1]), np.array([3, 1]), 20).table(2)
    assert table.tolist() == [[np.inf, 10], [20, 0]]


def test_exactly_on_the_limit_is_listed_and_a_millisecond_later_is_not(network_of: Any) -> None:
    street = network_of(3, [(0, 1, 60_000), (1, 2, 120_001), (2, 0, 1)])
    assert dense(travel_times(street, np.array([0]), np.arange(3), 60), 3)[0, 1] == 60
    within = travel_times(street, np.array([0]), np.arange(3), 180)
    assert within.target.tolist() == [0, 1], "180.001 s is over 180 s and absent, not a number"


def test_many_short_roads_add_up(network_of: Any) -> None:
    """Nine roads of 100 m at 54 km/h are 60 s, though 6.67 s each would make it 60.03."""
    chain = network_of(10, [(i, i + 1, 1000 * 100 / 15) for i in range(9)] + [(9, 0, 1000.0)])
    times = travel_times(chain, np.array([0]), np.arange(10), 60)
    assert times.target.tolist() == list(range(10))
    assert times.travel_s[9] == pytest.approx(60, abs=5e-4)


def test_zero_times_are_kept(network_of: Any) -> None:
    """A bridge of no length: a listed 0 is a time, not a gap in the matrix."""
    street = network_of(3, [(0, 1, 0), (1, 0, 0), (1, 2, 5), (2, 1, 5)])
    times = travel_times(street, np.array([0]), np.array([1, 2, 0]), 1)
    assert times.target.tolist() == [0, 1, 2]
    assert times.travel_s.tolist() == [0, np.float32(0.005), 0]


def test_targets_in_any_order_and_more_than_once(network_of: Any) -> None:
    street = network_of(3, [(0, 1, 1000), (1, 2, 1000), (2, 1, 1000), (1, 0, 1000)])
    targets = np.array([2, 0, 2, 1, 0])
    assert (
        dense(travel_times(street, np.array([0, 0]), targets, 9), 5).tolist()
        == [[2, 0, 2, 1, 0]] * 2
    )


def test_shorter_way_inside_one_bucket(network_of: Any) -> None:
    """Short arcs correct a node that was scanned too early, and those behind it."""
    arcs = [(0, 1, 50), (0, 2, 1), (2, 3, 1), (3, 1, 1), (1, 4, 1), (4, 0, 90_000)]
    times = travel_times(network_of(5, arcs), np.array([0]), np.arange(5), 1)
    assert dense(times, 5)[0].tolist() == pytest.approx([0, 0.003, 0.001, 0.002, 0.004])


def test_nobody_goes_nowhere(network_of: Any) -> None:
    pair = network_of(2, [(0, 1, 5), (1, 0, 5)])
    nothing = np.array([], dtype=np.int64)
    assert len(travel_times(pair, nothing, np.array([0]), 10).indptr) == 1
    assert len(travel_times(pair, np.array([0]), nothing, 10).target) == 0


def test_results_cannot_be_changed(network_of: Any) -> None:
    times = travel_times(network_of(2, [(0, 1, 5), (1, 0, 5)]), np.array([0]), np.array([1]), 10)
    with pytest.raises(ValueError, match="read-only"):
        times.travel_s[0] = 1
    found = nearest_source(network_of(2, [(0, 1, 5), (1, 0, 5)]), np.array([0]))
    for array in (found.source, found.travel_s, found.second_source, found.second_travel_s):
        assert not array.flags.writeable


def test_unknown_nodes_are_refused(network_of: Any) -> None:
    pair = network_of(2, [(0, 1, 5), (1, 0, 5)])
    with pytest.raises(ValueError, match="between 0 and 1"):
        travel_times(pair, np.array([2]), np.array([0]), 10)
    with pytest.raises(ValueError, match="between 0 and 1"):
        nearest_source(pair, np.array([-1]))


arc_lists = st.integers(2, 9).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.lists(
            st.tuples(
                st.integers(0, n - 1),
                st.integers(0, n - 1),
                st.sampled_from([0, 1, 2, 3, 40, 41, 500, 7000, 100_000]),
            ),
            min_size=1,
            max_size=40,
        ),
    )
)


@given(arc_lists, st.sampled_from([0, 0.003, 0.5, 7, 14, 1e6]))
@settings(max_examples=150, deadline=None)
def test_any_graph_agrees_with_networkx(
    network_of: Any, graph: tuple[int, list[tuple[int, int, int]]], limit_s: float
) -> None:
    """Loops, parallel arcs, zero arcs, unreachable nodes: the same times, and the same gaps."""
    network = network_of(*graph)
    everywhere = np.arange(network.node_count)
    expected = by_networkx(network)
    expected[expected > limit_s + 1e-9] = np.inf
    ours = dense(travel_times(network, everywhere, everywhere, limit_s), len(everywhere))
    np.testing.assert_array_equal(ours, expected.astype(np.float32))


@given(arc_lists, st.lists(st.integers(0, 8), min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_nearest_source_is_the_best_of_all(
    network_of: Any, graph: tuple[int, list[tuple[int, int, int]]], sources: list[int]
) -> None:
    """First and second of the sorted column; ties go to the source named first."""
    network = network_of(*graph)
    nodes = np.array(sources) % network.node_count
    table = by_networkx(network)[nodes]
    order = np.argsort(table, axis=0, kind="stable")
    ranked = np.take_along_axis(table, order, axis=0)
    found = nearest_source(network, nodes)
    np.testing.assert_array_equal(found.travel_s, ranked[0])
    np.testing.assert_array_equal(found.source, np.where(np.isfinite(ranked[0]), order[0], -1))
    if len(nodes) > 1:
        np.testing.assert_array_equal(found.second_travel_s, ranked[1])
        second = np.where(np.isfinite(ranked[1]), order[1], -1)
        np.testing.assert_array_equal(found.second_source, second)


def test_without_a_second_source_there_is_none(network_of: Any) -> None:
    found: NearestSource = nearest_source(network_of(2, [(0, 1, 5), (1, 0, 5)]), np.array([1]))
    assert found.second_source.tolist() == [-1, -1]
    assert np.isinf(found.second_travel_s).all()


@pytest.fixture(scope="module")
def jungle() -> tuple[int, NDArray[np.int64]]:
    """3,000 nodes and 12,000 arcs at random, times of 0.05 to 40 s, some very long."""
    rng = np.random.default_rng(7)
    travel_ms = rng.integers(50, 40_000, 12_000)
    travel_ms[:20] = rng.integers(10**6, 10**8, 20)
    ends = rng.integers(0, 3000, (2, 12_000))
    return 3000, np.vstack([ends, travel_ms]).T


def test_large_graph_agrees_with_scipy_from_the_other_side(network_of: Any, jungle: Any) -> None:
    """Scipy runs on the transposed graph in float seconds; both must list the same pairs."""
    n, arcs = jungle
    network = network_of(n, arcs)
    rng = np.random.default_rng(8)
    sources, targets = rng.integers(0, n, 150), rng.integers(0, n, 400)
    least = {}
    for tail, head, ms in arcs.tolist():
        least[head, tail] = min(ms, least.get((head, tail), ms))
    rows, columns = np.array(list(least)).T
    transposed = coo_array((np.array(list(least.values())) / 1000, (rows, columns)), shape=(n, n))
    expected = dijkstra(transposed.tocsr(), indices=targets, limit=90.0005).T[sources]
    ours = dense(travel_times(network, sources, targets, 90), len(targets))
    np.testing.assert_array_equal(np.isinf(ours), np.isinf(expected))
    known = np.isfinite(ours)
    assert 0.05 < known.mean() < 0.95, "the limit parts the pairs, or this test says nothing"
    np.testing.assert_allclose(ours[known], expected[known], atol=1e-5, rtol=1e-6)


def test_threads_do_not_change_the_result(network_of: Any, jungle: Any) -> None:
    network = network_of(*jungle)
    sources, targets = np.arange(0, 3000, 7), np.arange(3000)[::-1]
    one, two = (travel_times(network, sources, targets, 60, workers=w) for w in (1, 2))
    for name in ("indptr", "target", "travel_s"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
