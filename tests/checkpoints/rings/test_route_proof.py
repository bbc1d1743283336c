"""A proof is believed only where the streets bear it out."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from optimizer.checkpoints.rings.one_way_seal import ProvingRoutes, seal_one_way
from optimizer.checkpoints.rings.route_proof import check_routes
from optimizer.checkpoints.rings.site_order import site_order
from optimizer.checkpoints.rings.strands import RingStreets, strands_of
from optimizer.errors import InfeasibleError, SolverError

from ..small_graphs import posts, ring_of, roads_graph, sites_of

GRAPH = roads_graph(6, (0, 1), (0, 2), (1, 3), (2, 4), (1, 2), (3, 4), (3, 5), (4, 5))
RING = ring_of(6, [0], [5])
ORDER = site_order(GRAPH, sites_of(GRAPH), None)
STREETS = RingStreets(GRAPH, RING.inside, RING.outside, ORDER, posts())


def proof(**changes: Any) -> ProvingRoutes:
    right = seal_one_way(strands_of(STREETS), ORDER, "out").proof
    return dataclasses.replace(right, **changes)


def test_a_right_proof_is_believed() -> None:
    check_routes(STREETS, proof(), "out")
    assert proof().value == 2


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"amount": np.array([1, 2])}, "routes share a site"),
        ({"nodes": (np.array([0, 3, 5]),) * 2, "roads": (np.array([1, 2]),) * 2},
         "a route follows no street"),
        ({"nodes": (np.array([0, 1]),) * 2, "roads": (np.array([0]),) * 2},
         "from one side to the other, routes share a site"),
    ],
)  # fmt: skip
def test_a_wrong_proof_is_not(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(SolverError, match=says):
        check_routes(STREETS, proof(**changes), "out")


def test_a_proof_of_the_other_direction_or_past_a_post_is_not() -> None:
    with pytest.raises(SolverError, match="from one side to the other"):
        check_routes(STREETS, proof(), "in")
    with pytest.raises(SolverError, match="past a post that stands already"):
        check_routes(STREETS.past(posts([1])), proof(), "out")


def test_routes_without_a_site_cannot_be_cut() -> None:
    order = site_order(GRAPH, sites_of(GRAPH, nodes=np.inf, roads=np.inf), None)
    streets = dataclasses.replace(STREETS, order=order)
    with pytest.raises(InfeasibleError, match="meets no site"):
        seal_one_way(strands_of(streets), order, "out")
