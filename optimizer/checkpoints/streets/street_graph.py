"""The streets as a graph of plain arrays: what an evader drives on and where posts may stand."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from optimizer.roads import RoadNetwork

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class StreetGraph:
    """Junctions and one-directional arcs, of any number of components; every array is read-only.

    Both directions of a two-way road are two arcs of one road: a post on it closes both.

    Parameters
    ----------
    node_count
        Number of nodes n.
    tail, head
        Nodes that each arc leaves and enters, shape (a,); sorted by tail, then head.
    travel_s
        Seconds along each arc at the speeds of the road file, shape (a,).
    road
        Road of each arc, 0 .. r - 1, shape (a,).

    Raises
    ------
    ValueError
        Lengths differ, a node does not exist, a time is negative or no number, or arcs are not
        sorted.
    """

    node_count: int
    tail: Ints
    head: Ints
    travel_s: Floats
    road: Ints
    indptr: Longs = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        for name, kind in (("tail", np.int32), ("head", np.int32), ("travel_s", np.float64),
                           ("road", np.int32)):  # fmt: skip
            _set(self, name, np.array(getattr(self, name), dtype=kind))
        if len({len(self.tail), len(self.head), len(self.travel_s), len(self.road)}) > 1:
            message = "tail, head, travel_s and road of a street graph must have one length"
            raise ValueError(message)
        ends = np.concatenate([self.tail, self.head])
        if len(ends) and not (ends.min() >= 0 and ends.max() < self.node_count):
            message = f"arcs of a street graph join nodes between 0 and {self.node_count - 1}"
            raise ValueError(message)
        if not (self.travel_s >= 0).all():
            message = "travel_s of a street graph must be numbers from 0 up"
            raise ValueError(message)
        if (np.diff(self.tail) < 0).any():
            message = "arcs of a street graph must be sorted by tail"
            raise ValueError(message)
        counts = np.bincount(self.tail, minlength=self.node_count)
        _set(self, "indptr", np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))

    @property
    def road_count(self) -> int:
        """Number of roads r."""
        return int(self.road.max()) + 1 if len(self.road) else 0

    def reversed(self) -> StreetGraph:
        """Turn every arc round: ways from the exits become ways to them."""
        order = np.lexsort([self.tail, self.head])
        return StreetGraph(self.node_count, self.head[order], self.tail[order],
                           self.travel_s[order], self.road[order])  # fmt: skip


def _set(graph: StreetGraph, name: str, array: NDArray[np.generic]) -> None:
    array.setflags(write=False)
    object.__setattr__(graph, name, array)


def street_graph(network: RoadNetwork) -> StreetGraph:
    """Take the graph out of a road network; node indices stay the same."""
    return graph_of_arcs(network.node_count, network.tail, network.head, network.travel_ms / 1000)


def graph_of_arcs(node_count: int, tail: Ints, head: Ints, travel_s: Floats) -> StreetGraph:
    """Sort arcs, and make one road of each pair of nodes that arcs join, either way round.

    Parameters
    ----------
    tail, head, travel_s
        Arcs in any order, shape (a,); no pair of nodes has two arcs in one direction.
    """
    order = np.lexsort([head, tail])
    low = np.minimum(tail, head)[order].astype(np.int64)
    pair = low * node_count + np.maximum(tail, head)[order]
    _, road = np.unique(pair, return_inverse=True)
    return StreetGraph(node_count, tail[order], head[order], travel_s[order],
                       road.astype(np.int32))  # fmt: skip
