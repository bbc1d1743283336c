"""Strands as arcs: one-way roads inwards are turned round, junctions with a post are doubled."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.checkpoints.rings.passages import SINK, SOURCE, Passages, passages_of
from optimizer.checkpoints.rings.site_order import site_order
from optimizer.checkpoints.rings.strands import OneWay, RingStreets, strands_of

from ..small_graphs import arcs_graph, posts, ring_of, roads_graph, sites_of

STAR = [(0, 1), (2, 1), (1, 3), (3, 1), (4, 1), (1, 4)]
"""Junction 1 between 0 and 2 inside, and 3 and 4 outside; 0 and 2 only lead out to it."""


def passages(direction: OneWay, **costs: float) -> Passages:
    graph, ring = arcs_graph(5, STAR), ring_of(5, [0, 2], [3, 4])
    order = site_order(graph, sites_of(graph, **costs), None)
    streets = RingStreets(graph, ring.inside, ring.outside, order, posts())
    return passages_of(strands_of(streets), order, direction)


def test_a_junction_with_a_post_is_an_arc_from_its_entry_to_its_exit() -> None:
    found = passages("out")
    arcs = sorted(zip(found.tail.tolist(), found.head.tolist(), strict=True))
    assert arcs == [(SOURCE, 2), (SOURCE, 2), (2, 3), (3, SINK), (3, SINK)]
    assert found.node_count == 4
    assert found.site.tolist() == [1] * 5, "whoever drives there passes the junction"
    assert (found.strand == -1).sum() == 1


def test_a_junction_without_a_post_stays_one_node() -> None:
    found = passages("out", nodes=np.inf)
    assert found.node_count == 3
    assert (found.strand >= 0).all()
    assert (found.site >= 5).all()


def test_inwards_everything_is_turned_round() -> None:
    """Nothing leads from the junction to the inside, so nothing comes from SOURCE."""
    found = passages("in")
    arcs = sorted(zip(found.tail.tolist(), found.head.tolist(), strict=True))
    assert arcs == [(2, SINK), (2, SINK), (3, 2)]


@pytest.mark.parametrize(("direction", "first"), [("out", 0), ("in", 3)])
def test_strands_come_in_the_order_of_the_traffic(direction: OneWay, first: int) -> None:
    """Along 0 - 1 - 3 with a side road at 1 that makes it a junction."""
    graph, ring = roads_graph(5, (0, 1), (1, 3), (1, 4)), ring_of(5, [0], [3, 4])
    order = site_order(graph, sites_of(graph), None)
    strands = strands_of(RingStreets(graph, ring.inside, ring.outside, order, posts()))
    found = passages_of(strands, order, direction)
    start = found.tail == SOURCE
    end = (found.head == SINK) & (strands.road[np.maximum(found.strand, 0)] == 1)
    route = np.concatenate([np.flatnonzero(start), np.flatnonzero(end)]).astype(np.int32)
    nodes, _ = strands.nodes_along(*found.strands_along(route))
    assert nodes.tolist() == ([0, 1, 3] if first == 0 else [3, 1, 0])
