"""Routes as a proof, checked on the streets themselves: nothing but the streets is believed."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimizer.checkpoints.rings.one_way_seal import ProvingRoutes
from optimizer.checkpoints.rings.strands import OneWay, RingStreets
from optimizer.errors import SolverError

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]


def check_routes(streets: RingStreets, proof: ProvingRoutes, direction: OneWay) -> None:
    """Make sure that routes lead through a ring and ask no more of a site than a post costs there.

    Then every set of posts that cuts them all costs at least the sum of their amounts.

    Raises
    ------
    SolverError
        They do not; all reasons are listed.
    """
    graph, order = streets.graph, streets.order
    start, goal = streets.ends(direction)
    shut_nodes, shut_roads = (
        streets.closed.closed_nodes(graph), streets.closed.closed_roads(graph)
    )  # fmt: skip
    load = np.zeros(graph.node_count + graph.road_count, dtype=np.int64)
    faults: set[str] = set()
    for nodes, roads, amount in zip(proof.nodes, proof.roads, proof.amount, strict=True):
        if not _drivable(graph.indptr, graph.head, graph.road, nodes, roads):
            faults.add("a route follows no street")
        if not (start[nodes[0]] and goal[nodes[-1]]):
            faults.add("a route does not lead from one side to the other")
        if shut_nodes[nodes].any() or shut_roads[roads].any():
            faults.add("a route leads past a post that stands already")
        np.add.at(load, nodes[~(streets.inside | streets.outside)[nodes]], amount)
        np.add.at(load, roads.astype(np.int64) + graph.node_count, amount)
    if ((load > order.amount) & (order.amount >= 0)).any():
        faults.add("routes share a site")
    if faults:
        raise SolverError(f"the proof of a ring does not hold: {', '.join(sorted(faults))}")


@njit(cache=True)  # type: ignore[untyped-decorator]
def _drivable(indptr: Longs, head: Ints, road: Ints, nodes: Ints, roads: Ints) -> bool:
    """Tell whether an arc of each road leads from each node to the next."""
    for step in range(len(roads)):
        found = False
        for arc in range(indptr[nodes[step]], indptr[nodes[step] + 1]):
            found |= head[arc] == nodes[step + 1] and road[arc] == roads[step]
        if not found:
            return False
    return True
