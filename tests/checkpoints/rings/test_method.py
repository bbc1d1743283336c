"""Rings sealed: by hand, beside brute force and networkx, past the posts, and on real streets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.checkpoints import (
    PostSites,
    Ring,
    RingSeal,
    StreetGraph,
    anywhere,
    seal_ring,
    street_graph,
)
from optimizer.checkpoints.rings import method
from optimizer.errors import SolverError
from optimizer.places import WGS84, transform
from optimizer.roads import RoadsSettings, read_network, read_whole_network

from ..small_graphs import (
    arcs_graph,
    assert_proven,
    cheapest_by_brute_force,
    flow_by_networkx,
    posts,
    ring_of,
    rings,
    road_between,
    roads_graph,
    sites_of,
    ways_through,
)

Problem = tuple[StreetGraph, Ring, PostSites]
LADDER = [(0, 1), (0, 2), (1, 3), (2, 4), (1, 2), (3, 4), (3, 5), (4, 5)]
"""From 0 inside to 5 outside over the rungs 1 - 2 and 3 - 4."""


def sealed(problem: Problem, **options: Any) -> RingSeal:
    graph, ring, sites = problem
    return seal_ring(graph, ring, sites, **options)


def test_a_ladder_takes_two_posts_and_two_routes_prove_it() -> None:
    graph = roads_graph(6, *LADDER)
    seal = seal_ring(graph, ring_of(6, [0], [5]), anywhere(graph))
    assert (seal.status, seal.cost, seal.max_flow, seal.bound, seal.gap) == ("optimal", 2, 2, 2, 0)
    assert len(seal.posts) == len(seal.routes) == 2
    assert {tuple(route.tolist()) for route in seal.routes} == {(0, 1, 3, 5), (0, 2, 4, 5)}
    assert seal.sealed
    assert seal.leak is seal.needed is None


def test_junctions_or_roads_alone() -> None:
    """A cross-roads on the way is one post as a junction, two as the roads behind it."""
    graph = roads_graph(5, (0, 1), (0, 2), (1, 3), (2, 3), (3, 4), (1, 4))
    ring = ring_of(5, [0], [4])
    by_roads = seal_ring(graph, ring, sites_of(graph, nodes=np.inf))
    assert len(by_roads.posts.nodes) == 0
    assert by_roads.cost == 2
    by_junctions = seal_ring(graph, ring, sites_of(graph, roads=np.inf))
    assert len(by_junctions.posts.roads) == 0
    assert by_junctions.cost == 2


def test_a_road_straight_across_needs_a_post_of_its_own() -> None:
    """0 - 2 jumps over the ring's only junction 1."""
    graph = roads_graph(3, (0, 1), (1, 2), (0, 2))
    ring = ring_of(3, [0], [2])
    seal = seal_ring(graph, ring, anywhere(graph))
    assert road_between(graph, 0, 2) in seal.posts.roads
    assert seal.cost == 2
    left = seal_ring(graph, ring, sites_of(graph, roads=np.inf))
    assert left.status == "open"
    assert left.leak.tolist() == [0, 2]
    assert left.needed.roads.tolist() == [road_between(graph, 0, 2)]
    assert left.posts.nodes.tolist() == [1], "what may stand does stand"
    assert (left.cost, left.bound, left.gap) == (1, np.inf, None)


def test_no_post_stands_inside_or_outside() -> None:
    """All ways meet at 1 inside and at 4 outside; on the ring there are two."""
    graph = roads_graph(6, (0, 1), (1, 2), (1, 3), (2, 4), (3, 4), (4, 5))
    seal = seal_ring(graph, ring_of(6, [0, 1], [4, 5]), anywhere(graph))
    assert seal.cost == 2
    assert seal.ring.annulus[seal.posts.nodes].all()
    assert seal.ring.roads(graph).tolist() == [False, True, True, True, True, False]


def test_the_cheapest_kinds_are_taken() -> None:
    """Two cheap roads are better than one dear junction, and what costs 5 carries a route of 2."""
    graph = roads_graph(5, (0, 1), (0, 2), (1, 3), (2, 3), (3, 4))
    cost = np.array([9, 9, 9, 5, 9])
    ring = ring_of(5, [0], [4])
    roads = np.full(graph.road_count, 4.5)
    roads[road_between(graph, 0, 1)] = 2.0
    roads[road_between(graph, 2, 3)] = 2.25
    seal = seal_ring(graph, ring, sites_of(graph, nodes=cost, roads=roads))
    assert set(seal.posts.roads.tolist()) == {road_between(graph, 0, 1), road_between(graph, 2, 3)}
    assert seal.cost == seal.max_flow == 4.25
    assert sorted(seal.amounts.tolist()) == [2, 2.25]


def test_one_way_roads_count_in_their_direction_only() -> None:
    """Out by 1 alone, in by 2 and 3; 4 is passed by nobody."""
    arcs = [(0, 1), (1, 5), (5, 2), (2, 0), (5, 3), (3, 0), (0, 4)]
    graph = arcs_graph(6, arcs)
    ring = ring_of(6, [0], [5])
    out = seal_ring(graph, ring, sites_of(graph, roads=np.inf))
    assert out.posts.nodes.tolist() == [1]
    assert [route.tolist() for route in out.routes] == [[0, 1, 5]]
    inward = seal_ring(graph, ring, sites_of(graph, roads=np.inf), direction="in")
    assert inward.posts.nodes.tolist() == [2, 3]
    assert sorted(route.tolist() for route in inward.routes) == [[5, 2, 0], [5, 3, 0]]


def test_ties_go_to_where_units_stand_then_to_the_inside() -> None:
    """A chain 0 - 1 - 2 - 3 - 4: any junction will do."""
    graph = roads_graph(5, (0, 1), (1, 2), (2, 3), (3, 4))
    ring = ring_of(5, [0], [4])
    sites = sites_of(graph, roads=np.inf)
    near = np.array([900.0, 300, 200, 60, 0])
    assert seal_ring(graph, ring, sites, unit_s=near).posts.nodes.tolist() == [3]
    assert seal_ring(graph, ring, sites).posts.nodes.tolist() == [1]
    far = np.array([0, np.inf, np.inf, np.inf, 0])
    assert seal_ring(graph, ring, sites, unit_s=far).posts.nodes.tolist() == [1]


def test_seconds_never_outweigh_a_post() -> None:
    """One post a day's drive away beats two next to the station."""
    graph = roads_graph(6, (0, 1), (0, 2), (1, 3), (2, 3), (3, 5))
    seconds = np.array([0, 0, 0, 86_400.0, 0, 0])
    sites = sites_of(graph, roads=np.inf)
    seal = seal_ring(graph, ring_of(6, [0], [5]), sites, unit_s=seconds)
    assert seal.posts.nodes.tolist() == [3]


def test_posts_that_must_stand_are_counted_and_help() -> None:
    graph = roads_graph(6, *LADDER)
    ring = ring_of(6, [0], [5])
    elsewhere = road_between(graph, 3, 4)
    must = posts([1, 0], [elsewhere])
    seal = seal_ring(graph, ring, sites_of(graph, nodes=[2, 2, 1, 1, 1, 1], must=must))
    assert 1 in seal.posts.nodes
    assert 0 not in seal.posts.nodes, "it stands inside, where it does not help"
    assert elsewhere in seal.posts.roads, "it stands on the ring, though it would not be needed"
    assert seal.max_flow == len(seal.routes) == 1
    assert seal.cost == seal.bound == 2 + 1 + 1


def test_a_post_must_stand_where_one_may() -> None:
    graph = roads_graph(3, (0, 1), (1, 2))
    sites = sites_of(graph, nodes=[1, np.inf, 1], must=posts([1]))
    with pytest.raises(ValueError, match="ring test: a post must stand where none may"):
        seal_ring(graph, ring_of(3, [0], [2]), sites)


def test_no_route_needs_no_post() -> None:
    apart = roads_graph(4, (0, 1), (2, 3))
    for ring in (ring_of(4, [0], [3]), ring_of(4, [], [3]), ring_of(4, [0], [])):
        for direction in ("out", "in", "both"):
            seal = seal_ring(apart, ring, anywhere(apart), direction=direction)
            assert (seal.status, seal.cost, len(seal.routes)) == ("optimal", 0, 0)


def test_side_components_are_sealed_too() -> None:
    """Two towns that no road joins, each with an inside and an outside."""
    graph = roads_graph(6, (0, 1), (1, 2), (3, 4), (4, 5))
    seal = seal_ring(graph, ring_of(6, [0, 3], [2, 5]), sites_of(graph, roads=np.inf))
    assert seal.posts.nodes.tolist() == [1, 4]


def test_the_quickest_leak_is_named() -> None:
    """No post may stand on 0 - 1 - 5 (20 s) nor on 0 - 2 - 3 - 5 (30 s)."""
    graph = roads_graph(6, (0, 1), (1, 5), (0, 2), (2, 3), (3, 5), (0, 4), (4, 5))
    cost = np.array([1, np.inf, np.inf, np.inf, 1, 1])
    problem = graph, ring_of(6, [0], [5]), sites_of(graph, nodes=cost, roads=np.inf)
    seal = sealed(problem)
    assert seal.leak.tolist() == [0, 1, 5]
    assert sealed(problem, direction="in").leak.tolist() == [5, 1, 0]
    assert len(seal.needed) == 2
    assert seal.posts.nodes.tolist() == [4]
    assert seal.max_flow == np.inf
    assert not ways_through(graph, seal.ring, "both", seal.posts.joined(seal.needed))


def test_the_fewest_further_posts_go_before_the_cost_of_the_others() -> None:
    """1, where none may stand, alone seals with nothing; the allowed 2 and 3 do not spare it."""
    graph = roads_graph(5, (0, 1), (1, 2), (1, 3), (2, 4), (3, 4), (1, 4))
    cost = np.array([1, np.inf, 1, 1, 1])
    seal = seal_ring(graph, ring_of(5, [0], [4]), sites_of(graph, nodes=cost, roads=np.inf))
    assert len(seal.needed) == 1
    assert seal.needed.nodes.tolist() == [1]
    assert len(seal.posts) == 0


@given(rings())
@settings(max_examples=150)
def test_cuts_are_those_of_networkx_with_routes_as_proof(problem: Problem) -> None:
    """In both directions; a search past the posts finds no way."""
    graph, ring, sites = problem
    for direction, streets in (("out", graph), ("in", graph.reversed())):
        expected = flow_by_networkx(streets, ring, sites, "out")
        seal = sealed(problem, direction=direction)
        assert seal.max_flow == expected
        if expected == np.inf:
            assert seal.status == "open"
            continue
        assert seal.cost == seal.bound == expected
        assert_proven(graph, sites, seal, direction)
        assert not ways_through(graph, ring, direction, seal.posts)


@given(rings(most_nodes=5, must=True), st.sampled_from(["out", "in", "both"]))
@settings(max_examples=120)
def test_no_set_of_posts_is_cheaper(problem: Problem, direction: Any) -> None:
    """Brute force over every set of sites, with posts that must stand."""
    seal = sealed(problem, direction=direction)
    least = cheapest_by_brute_force(*problem, direction)
    if least == np.inf:
        assert not seal.sealed
        assert not ways_through(*problem[:2], direction, seal.posts.joined(seal.needed))
        return
    assert seal.status == "optimal"
    assert seal.cost == pytest.approx(least)
    assert not ways_through(*problem[:2], direction, seal.posts)


@given(rings(must=True), st.data())
def test_units_decide_between_equals_only(problem: Problem, data: st.DataObject) -> None:
    """The cost stays; the seconds of the posts are no more than without asking for them."""
    graph, _, _ = problem
    second = st.integers(0, 3000)
    seconds = np.array([data.draw(second) for _ in range(graph.node_count)], float)
    plain, near = sealed(problem), sealed(problem, unit_s=seconds)
    assert (plain.cost, plain.max_flow, plain.status) == (near.cost, near.max_flow, near.status)

    def total(seal: RingSeal) -> float:
        ends = [np.concatenate([graph.tail[graph.road == road], graph.head[graph.road == road]])
                for road in seal.posts.roads]  # fmt: skip
        return seconds[seal.posts.nodes].sum() + sum(seconds[some].min() for some in ends)

    if near.sealed:
        assert total(near) <= total(plain)


def test_a_graph_that_is_not_the_rings_is_refused() -> None:
    graph, other = roads_graph(3, (0, 1), (1, 2)), roads_graph(4, (0, 1), (1, 2))
    ring = ring_of(3, [0], [2])
    with pytest.raises(ValueError, match="3 nodes and 2 roads"):
        seal_ring(graph, ring, anywhere(other))
    with pytest.raises(ValueError, match="4 nodes and 2 roads"):
        seal_ring(other, ring, anywhere(other))
    with pytest.raises(ValueError, match="3 nodes and 2 roads"):
        seal_ring(graph, ring, anywhere(graph), unit_s=np.zeros(2))


def test_a_ring_has_two_sides() -> None:
    with pytest.raises(ValueError, match="ring test: every node"):
        ring_of(3, [0, 1], [1, 2])
    with pytest.raises(ValueError, match="ring x"):
        Ring("x", np.zeros(2, bool), np.zeros(3, bool))


def test_posts_that_leak_are_never_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the cut wrong, a search past the posts would find it out."""
    graph = roads_graph(6, *LADDER)
    right = method.seal_one_way

    def wrong(*given: Any) -> Any:
        seal = right(*given)
        return type(seal)(posts(seal.posts.nodes[1:]), seal.proof)

    monkeypatch.setattr(method, "seal_one_way", wrong)
    with pytest.raises(SolverError, match="do not seal it"):
        seal_ring(graph, ring_of(6, [0], [5]), sites_of(graph, roads=np.inf))


@pytest.mark.realdata
def test_minneapolis(shared: Path) -> None:
    """40, 69 and 30 posts around the centre, the same on all roads as on the main part of them."""
    settings = RoadsSettings(
        path="street_centerline.gpkg", oneway="ONEWAY", speed="SPEED_LIM", speed_unit="mph"
    )
    for read in (read_network, read_whole_network):
        network = read(settings, shared / "data" / "minneapolis", "EPSG:26915")
        x, y = transform(np.array([-93.2702]), np.array([44.9766]), WGS84, network.crs)
        from_centre = np.hypot(network.x_m - x, network.y_m - y)
        graph = street_graph(network)
        for inner, outer, count in ((1500, 3000, 40), (4000, 6000, 69), (7000, 9000, 30)):
            ring = Ring("real", from_centre <= inner, from_centre >= outer)
            seal = seal_ring(graph, ring, anywhere(graph))
            assert (seal.status, len(seal.posts), len(seal.routes)) == ("optimal", count, count)
            assert_proven(graph, anywhere(graph), seal, "out")


@pytest.mark.realdata
def test_minneapolis_in_both_directions(shared: Path) -> None:
    """One-way streets make a seal both ways dearer than either: 33 posts, where 30 flow out."""
    settings = RoadsSettings(
        path="street_centerline.gpkg", oneway="ONEWAY", speed="SPEED_LIM", speed_unit="mph"
    )
    network = read_network(settings, shared / "data" / "minneapolis", "EPSG:26915")
    x, y = transform(np.array([-93.2702]), np.array([44.9766]), WGS84, network.crs)
    from_centre = np.hypot(network.x_m - x, network.y_m - y)
    graph = street_graph(network)
    ring = Ring("city", from_centre <= 7000, from_centre >= 9000)
    seal = seal_ring(graph, ring, anywhere(graph), direction="both")
    assert (seal.status, seal.cost, seal.bound, seal.max_flow) == ("optimal", 33, 33, 30)
    assert not ways_through(graph, ring, "both", seal.posts)


@pytest.mark.realdata
def test_wuhan(shared: Path) -> None:
    """82,365 nodes, every road two-way: both directions are one, and proven so."""
    network = read_whole_network(RoadsSettings(path="roads.parquet"), shared / "data/wuhan", None)
    middle = np.median(network.x_m), np.median(network.y_m)
    from_middle = np.hypot(network.x_m - middle[0], network.y_m - middle[1])
    graph = street_graph(network)
    ring = Ring("wuhan", from_middle <= 6000, from_middle >= 12000)
    for direction in ("out", "in", "both"):
        seal = seal_ring(graph, ring, anywhere(graph), direction=direction)
        assert (seal.status, seal.cost, len(seal.routes)) == ("optimal", 101, 101)
