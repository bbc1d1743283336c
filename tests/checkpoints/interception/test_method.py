"""Few posts: hand-solved streets, every set of posts of small graphs, and a second library."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from optimizer.checkpoints import (
    OPEN,
    Interception,
    Posts,
    PostSites,
    StreetGraph,
    anywhere,
    graph_of_arcs,
    intercept,
    reached,
    street_graph,
)
from optimizer.places import project
from optimizer.roads import RoadsSettings, read_network

TAUS = (0.0, 0.25, 1.0, math.inf)


def streets(*arcs: tuple[int, int, float], count: int, two_way: bool = True) -> StreetGraph:
    tail, head, travel_s = zip(*arcs, strict=True)
    if two_way:
        tail, head, travel_s = (*tail, *head), (*head, *tail), (*travel_s, *travel_s)
    return graph_of_arcs(count, np.array(tail), np.array(head), np.array(travel_s, dtype=float))


def only(graph: StreetGraph, nodes: list[int], roads: list[int] | None = None) -> PostSites:
    """Posts at these junctions and roads alone."""
    free = anywhere(graph)
    node_cost, road_cost = np.full(graph.node_count, np.inf), np.full(graph.road_count, np.inf)
    node_cost[nodes], road_cost[roads or []] = 1, 1
    return PostSites(node_cost, road_cost, free.must, free.node_kind, free.road_kind)


def intercepted(graph: StreetGraph, origins, weight, exits, posts: Posts, tau: float) -> float:
    """Evaluate by networkx: what is left when the posts are taken out of the graph."""
    full, left = nx.DiGraph(), nx.DiGraph()
    full.add_nodes_from(range(graph.node_count))
    left.add_nodes_from(set(range(graph.node_count)) - set(posts.nodes.tolist()))
    for tail, head, road, travel_s in zip(
        *(array.tolist() for array in (graph.tail, graph.head, graph.road, graph.travel_s)),
        strict=True,
    ):
        full.add_edge(tail, head, weight=travel_s)
        if road not in posts.roads and tail in left and head in left:
            left.add_edge(tail, head, weight=travel_s)
    total = 0.0
    for origin, w in zip(origins, weight, strict=True):
        free = nx.single_source_dijkstra_path_length(full, origin)
        shortest = min((free[x] for x in exits if x in free), default=math.inf)
        past = nx.single_source_dijkstra_path_length(left, origin) if origin in left else {}
        quickest = min((past[x] for x in exits if x in past), default=math.inf)
        leaks = quickest < math.inf and (tau == math.inf or quickest <= (1 + tau) * shortest + 1e-6)
        total += 0 if leaks else w
    return total


def best_of_all(graph, origins, weight, exits, sites, count, tau, fixed=OPEN) -> float:
    nodes = np.flatnonzero(np.isfinite(sites.node_cost)).tolist()
    roads = np.flatnonzero(np.isfinite(sites.road_cost)).tolist()
    every = [("node", v) for v in nodes] + [("road", e) for e in roads]
    best = 0.0
    for chosen in itertools.combinations(every, min(count, len(every))):
        posts = Posts(
            np.array([*fixed.nodes, *(i for kind, i in chosen if kind == "node")]),
            np.array([*fixed.roads, *(i for kind, i in chosen if kind == "road")]),
        )
        best = max(best, intercepted(graph, origins, weight, exits, posts, tau))
    return best


def plan(graph, origins, weight, exits, sites, count, **options) -> Interception:
    return intercept(
        graph, np.array(origins), np.array(weight, dtype=float), np.array(exits), sites, count,
        **options,
    )  # fmt: skip


@pytest.fixture
def town() -> StreetGraph:
    """Origins 0 (weight 3) and 1 (weight 2); exit 5.

    0 leaves by 2 in 20 s or by 3 in 24 s, 1 by 4 only; 2, 3, 4 lead to the exit.
    """
    return streets(
        (0, 2, 10), (2, 5, 10), (0, 3, 12), (3, 5, 12), (1, 4, 10), (4, 5, 10), count=6
    )  # fmt: skip


def test_one_post_goes_where_the_only_way_is_watched_or_the_quickest(town: StreetGraph) -> None:
    """Within 10 % only the way by 2 matters to origin 0, so 3 is saved; any detour: the 2 of 1."""
    sites = only(town, [2, 3, 4])
    near = plan(town, [0, 1], [3, 2], [5], sites, 1, tau=0.1)
    assert near.posts.nodes.tolist() == [2]
    assert (near.intercepted_weight, pytest.approx(near.bound), near.status) == (3, 3, "optimal")
    assert near.shares == {0.0: 0.6, 0.25: 0.0, 0.5: 0.0, 1.0: 0.0, math.inf: 0.0}
    assert near.leak.tolist() == [1, 4, 5]
    far = plan(town, [0, 1], [3, 2], [5], sites, 1)
    assert far.posts.nodes.tolist() == [4]
    assert far.share == 0.4
    assert far.gap == pytest.approx(0, abs=1e-6)


def test_the_number_that_seals_intercepts_everything(town: StreetGraph) -> None:
    sites = only(town, [2, 3, 4])
    for tau in TAUS:
        sealed = plan(town, [0, 1], [3, 2], [5], sites, 3, tau=tau)
        assert sealed.share == 1
        assert sealed.status == "optimal"
    assert plan(town, [0, 1], [3, 2], [5], sites, 3).leak is None


def test_posts_on_roads_and_posts_that_stand(town: StreetGraph) -> None:
    """Where junctions are forbidden the roads carry the posts; fixed posts are not counted."""
    ways_of_1 = town.road[(town.head == 4) & np.isin(town.tail, [1, 5])]
    roads = only(town, [], list(range(town.road_count)))
    fixed = Posts(np.array([2, 3]), np.empty(0, np.int32))
    result = plan(town, [0, 1], [3, 2], [5], roads, 1, fixed=fixed)
    assert result.share == 1
    assert result.posts.nodes.tolist() == [2, 3]
    assert len(result.chosen.roads) == 1
    assert result.chosen.roads[0] in ways_of_1


def test_who_cannot_leave_is_intercepted_and_who_is_at_an_exit_is_not() -> None:
    """One-way into the pocket 2: no way out. Origin 1 is an exit; no post may stand there."""
    graph = streets((0, 1, 5), (0, 2, 5), count=3, two_way=False)
    result = plan(graph, [0, 1, 2], [1, 1, 1], [1], only(graph, [0]), 1)
    assert result.intercepted_weight == 2
    assert result.bound == 2
    assert result.leak.tolist() == [1]


def test_no_posts_and_no_sites(town: StreetGraph) -> None:
    for count, sites in ((0, anywhere(town)), (4, only(town, []))):
        result = plan(town, [0, 1], [3, 2], [5], sites, count, tau=0.5)
        assert (len(result.posts), result.intercepted_weight, result.bound) == (0, 0, 0)
        assert result.status == "optimal"


def test_several_parts_and_an_origin_twice() -> None:
    graph = streets((0, 1, 5), (1, 2, 5), (3, 4, 5), (4, 5, 5), count=6)
    sites = only(graph, [1, 4])
    result = plan(graph, [0, 3, 3], [5, 3, 3], [2, 5], sites, 1)
    assert result.posts.nodes.tolist() == [4]
    assert result.total_weight == 11
    assert result.intercepted_weight == 6


def test_bad_input_is_refused_all_at_once(town: StreetGraph) -> None:
    with pytest.raises(ValueError, match=r"exits.*0 and 5.*2 origins.*1 weights") as caught:
        plan(town, [0, 1], [3], [9], anywhere(town), 1)
    assert "numbers" not in str(caught.value)
    with pytest.raises(ValueError, match=r"-1; the detour tolerance .* not -0.5"):
        plan(town, [0], [3], [5], anywhere(town), -1, tau=-0.5)


@st.composite
def cities(draw) -> tuple:
    """A random small graph with one-ways, loops back and more than one part."""
    count = draw(st.integers(4, 8))
    node = st.integers(0, count - 1)
    pairs = draw(st.sets(st.tuples(node, node).filter(lambda p: p[0] != p[1]), min_size=5))
    arcs = [(tail, head, draw(st.integers(1, 9))) for tail, head in sorted(pairs)]
    graph = streets(*arcs, count=count, two_way=False)
    origins = draw(st.lists(node, min_size=1, max_size=4))
    weight = draw(st.lists(st.integers(1, 9), min_size=len(origins), max_size=len(origins)))
    exits = sorted(draw(st.sets(node, min_size=1, max_size=2)))
    at = st.sets(node, max_size=5)
    on = st.sets(st.integers(0, graph.road_count - 1), max_size=3)
    sites = only(graph, sorted(draw(at)), sorted(draw(on)))
    fixed = Posts(np.array(sorted(draw(st.sets(node, max_size=1))), dtype=np.int32), OPEN.roads)
    return graph, origins, weight, exits, sites, fixed


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(cities(), st.sampled_from(TAUS), st.integers(0, 3))
def test_no_set_of_posts_is_better(city: tuple, tau: float, count: int) -> None:
    graph, origins, weight, exits, sites, fixed = city
    result = plan(graph, origins, weight, exits, sites, count, tau=tau, fixed=fixed)
    best = best_of_all(graph, origins, weight, exits, sites, count, tau, fixed)
    value = intercepted(graph, origins, weight, exits, result.posts, tau)
    assert result.intercepted_weight == pytest.approx(value)
    assert value == pytest.approx(best)
    assert result.bound >= best - 1e-9
    assert result.status == "optimal"
    assert len(result.chosen) <= count
    assert np.isfinite(sites.node_cost[result.chosen.nodes]).all()
    assert np.isfinite(sites.road_cost[result.chosen.roads]).all()


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(cities(), st.sampled_from(TAUS))
def test_more_posts_never_intercept_less(city: tuple, tau: float) -> None:
    graph, origins, weight, exits, sites, _ = city
    values = [
        plan(graph, origins, weight, exits, sites, count, tau=tau).intercepted_weight
        for count in range(4)
    ]
    assert values == sorted(values)


def grid(side: int) -> StreetGraph:
    """A square of streets, side x side junctions, with some blocks longer than others."""
    arcs: list[tuple[int, int, float]] = []
    for row, column in itertools.product(range(side), repeat=2):
        here = row * side + column
        if column < side - 1:
            arcs.append((here, here + 1, 10 + (7 * row + 3 * column) % 5))
        if row < side - 1:
            arcs.append((here, here + side, 10 + (5 * row + 2 * column) % 7))
    return streets(*arcs, count=side * side)


def centre_to_edge(side: int) -> tuple[StreetGraph, NDArray, NDArray, NDArray, PostSites]:
    graph = grid(side)
    row, column = np.divmod(np.arange(side * side), side)
    ring = np.maximum(abs(row - side // 2), abs(column - side // 2))
    origins, exits = np.flatnonzero(ring <= 1), np.flatnonzero(ring == side // 2)
    between = np.flatnonzero((ring > 1) & (ring < side // 2)).tolist()
    weight = 1.0 + np.arange(len(origins)) % 3
    return graph, origins, weight, exits, only(graph, between)


@pytest.mark.parametrize("tau", [0.0, 0.25, math.inf])
@pytest.mark.parametrize("count", [3, 8, 11, 12])
def test_the_bound_holds_and_the_plan_repeats_on_a_grid(tau: float, count: int) -> None:
    """12 posts seal the middle of a 9 x 9 grid; one fewer, and any detour, stops nobody."""
    graph, origins, weight, exits, sites = centre_to_edge(9)
    one, two = (
        plan(graph, origins, weight, exits, sites, count, tau=tau, seed=1) for _ in range(2)
    )
    value = intercepted(graph, origins, weight, exits, one.posts, tau)
    assert one.intercepted_weight == pytest.approx(value)
    assert one.bound >= one.intercepted_weight
    assert one.posts.nodes.tolist() == two.posts.nodes.tolist()
    assert one.bound == two.bound
    if count == 12:
        assert (one.share, one.status) == (1, "optimal")
    if tau == math.inf and count < 12:
        assert (one.share, one.gap) == (0, pytest.approx(0, abs=1e-6))


def test_shares_fall_as_fugitives_take_longer_detours() -> None:
    graph, origins, weight, exits, sites = centre_to_edge(9)
    shares = list(plan(graph, origins, weight, exits, sites, 6, tau=0.25).shares.values())
    assert shares == sorted(shares, reverse=True)
    assert shares[1] > 0


@pytest.mark.realdata
def test_the_core_of_minneapolis_just_under_its_seal(shared: Path) -> None:
    """40 posts seal the ring; with 39, and any detour taken, few are stopped: proven."""
    roads = RoadsSettings(
        path="street_centerline.gpkg", oneway="ONEWAY", speed="SPEED_LIM", speed_unit="mph"
    )
    network = read_network(roads, shared / "data" / "minneapolis", "EPSG:26915")
    graph = street_graph(network)
    x, y = project([-93.2702], [44.9766], network.crs)
    away_m = np.hypot(network.x_m - x[0], network.y_m - y[0])
    inside, outside = away_m <= 1500, away_m >= 3000
    sites = only(graph, np.flatnonzero(~inside & ~outside).tolist())
    origins, exits = np.flatnonzero(inside), np.flatnonzero(outside)
    weight = np.ones(len(origins))
    sealed = plan(graph, origins, weight, exits, sites, 40)
    assert (sealed.share, sealed.status) == (1, "optimal")
    assert not reached(graph, origins, posts=sealed.posts)[exits].any()
    short = plan(graph, origins, weight, exits, sites, 39)
    assert short.status == "optimal"
    assert short.share < 0.1
    assert short.shares[0.0] > 0.95
