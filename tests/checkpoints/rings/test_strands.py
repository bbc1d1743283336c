"""What leads through a ring, shrunk, and unfolded again."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given

from optimizer.checkpoints import Posts, PostSites, Ring, StreetGraph, anywhere
from optimizer.checkpoints.rings.site_order import NO_SITE, site_order
from optimizer.checkpoints.rings.strands import INSIDE, OUTSIDE, RingStreets, Strands, strands_of

from ..small_graphs import arcs_graph, posts, ring_of, rings, road_between, roads_graph, sites_of


def shrunk(
    graph: StreetGraph, ring: Ring, sites: PostSites, closed: Posts | None = None
) -> Strands:
    order = site_order(graph, sites, None)
    return strands_of(RingStreets(graph, ring.inside, ring.outside, order, closed or posts()))


def test_a_chain_is_one_strand_whose_site_is_the_cheapest() -> None:
    """0 - 1 - 2 - 3: the road 1 - 2 costs least."""
    graph = roads_graph(4, (0, 1), (1, 2), (2, 3))
    cheap = road_between(graph, 1, 2)
    cost = np.where(np.arange(3) == cheap, 0.5, 3.0)
    strands = shrunk(graph, ring_of(4, [0], [3]), sites_of(graph, roads=cost))
    [strand] = strands.alive
    assert set(strands.end[strand].tolist()) == {INSIDE, OUTSIDE}
    assert strands.site[strand] == graph.node_count + cheap
    assert strands.open[strand].all()
    backwards = strands.end[strand, 0] == OUTSIDE
    nodes, roads = strands.nodes_along(np.array([strand], np.int32), np.array([backwards]))
    assert nodes.tolist() == [0, 1, 2, 3]
    assert roads.tolist() == [road_between(graph, *pair) for pair in ((0, 1), (1, 2), (2, 3))]


def test_dead_ends_loops_and_side_components_are_dropped() -> None:
    """Only 0 - 1 - 2 leads through; 1 - 3 - 4 - 5 - 3 is a loop on a stick, 6 - 7 lies apart."""
    graph = roads_graph(8, (0, 1), (1, 2), (1, 3), (3, 4), (4, 5), (5, 3), (6, 7))
    strands = shrunk(graph, ring_of(8, [0], [2]), anywhere(graph))
    [strand] = strands.alive
    assert set(strands.end[strand].tolist()) == {INSIDE, OUTSIDE}


def test_roads_that_face_each_other_lead_nowhere() -> None:
    graph = arcs_graph(3, [(0, 1), (2, 1)])
    assert len(shrunk(graph, ring_of(3, [0], [2]), anywhere(graph)).alive) == 0


def test_a_post_that_stands_lets_nothing_past() -> None:
    graph = roads_graph(4, (0, 1), (1, 3), (0, 2), (2, 3))
    ring = ring_of(4, [0], [3])
    assert len(shrunk(graph, ring, anywhere(graph)).alive) == 2
    assert len(shrunk(graph, ring, anywhere(graph), posts([1])).alive) == 1
    by_road = posts([1], [road_between(graph, 2, 3)])
    assert len(shrunk(graph, ring, anywhere(graph), by_road).alive) == 0


def test_a_road_between_three_nodes_is_refused() -> None:
    graph = StreetGraph(3, [0, 1], [1, 2], [1.0, 1.0], [0, 0])
    with pytest.raises(ValueError, match="one pair of nodes"):
        shrunk(graph, ring_of(3, [0], [2]), anywhere(graph))


@given(rings(most_nodes=12))
def test_every_strand_unfolds_into_streets_that_hold_its_site(
    problem: tuple[StreetGraph, Ring, PostSites],
) -> None:
    """Driven either way that is open, it is a row of arcs of the graph between its two ends, and
    its site lies on it, the best that does; and of junctions, none has fewer than three strands."""
    graph, ring, sites = problem
    order = site_order(graph, sites, None)
    strands = shrunk(graph, ring, sites)
    arcs = {(t, h): r for t, h, r in zip(graph.tail, graph.head, graph.road, strict=True)}
    place = np.where(
        ring.inside, INSIDE, np.where(ring.outside, OUTSIDE, np.arange(len(ring.inside)))
    )
    for strand, back in itertools.product(strands.alive.tolist(), (False, True)):
        nodes, roads = strands.nodes_along(np.array([strand], np.int32), np.array([back]))
        ends = strands.end[strand][:: -1 if back else 1]
        assert place[nodes[[0, -1]]].tolist() == ends.tolist()
        if strands.open[strand, int(back)]:
            assert [arcs[step] for step in itertools.pairwise(nodes.tolist())] == roads.tolist()
        along = [*nodes[1:-1].tolist(), *(roads + graph.node_count).tolist()]
        usable = [order.amount[site] for site in along if order.amount[site] >= 0]
        if usable:
            assert strands.site[strand] in along
            assert order.amount[strands.site[strand]] == min(usable)
        else:
            assert strands.site[strand] == NO_SITE
    ends, counts = np.unique(strands.end[strands.alive], return_counts=True)
    assert (counts[ends >= 0] >= 3).all()
