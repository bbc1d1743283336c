"""Quickest routes over a street graph past what is closed: from many sources at once.

Source: Dijkstra (1959), doi:10.1007/BF01386390, with a binary heap and stale entries.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimizer.checkpoints.streets.posts import Posts
from optimizer.checkpoints.streets.street_graph import StreetGraph

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

OPEN = Posts(np.empty(0, np.int32), np.empty(0, np.int32))
"""No post anywhere."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ShortestRoutes:
    """When each node is reached, and from where; every array is read-only.

    Parameters
    ----------
    travel_s
        Seconds to each node, shape (n,); inf where no route leads.
    previous
        Arc by which each node is entered, shape (n,); -1 at sources and where no route leads.
    tail
        Of the graph that was searched.
    """

    travel_s: Floats
    previous: Ints
    tail: Ints

    def __post_init__(self) -> None:
        self.travel_s.setflags(write=False)
        self.previous.setflags(write=False)

    def arcs_to(self, node: int) -> list[int]:
        """List the arcs of the route to a node, from its source on; empty at a source."""
        arcs: list[int] = []
        while self.previous[node] >= 0:
            arcs.append(int(self.previous[node]))
            node = int(self.tail[arcs[-1]])
        return arcs[::-1]

    def nodes_to(self, node: int) -> list[int]:
        """List the nodes of the route to a node that can be reached, its source first."""
        return [*(int(self.tail[arc]) for arc in self.arcs_to(node)), int(node)]


def shortest_routes(
    graph: StreetGraph,
    sources: NDArray[np.integer],
    *,
    start_s: Floats | None = None,
    posts: Posts = OPEN,
    limit_s: float = np.inf,
) -> ShortestRoutes:
    """Find the quickest route to every node from whichever source is soonest there.

    A closed junction is not entered, nor is a closed road; a source that is closed starts no route.

    Parameters
    ----------
    sources
        Nodes, shape (k,).
    start_s
        When a route may start at each source, shape (k,); None: at 0.
    limit_s
        Nodes that take longer are left at inf.
    """
    start = np.zeros(len(sources)) if start_s is None else np.asarray(start_s, dtype=np.float64)
    travel_s, previous = _search(
        graph.indptr, graph.head, graph.travel_s, graph.road,
        np.array(sources, dtype=np.int32), start,
        posts.closed_nodes(graph), posts.closed_roads(graph), limit_s,
    )  # fmt: skip
    return ShortestRoutes(travel_s, previous, graph.tail)


def reached(graph: StreetGraph, sources: NDArray[np.integer], *, posts: Posts = OPEN) -> Mask:
    """Mark the nodes that some route from a source reaches past the posts, shape (n,)."""
    mask: Mask = _reach(
        graph.indptr, graph.head, graph.road, np.array(sources, dtype=np.int32),
        posts.closed_nodes(graph), posts.closed_roads(graph),
    )  # fmt: skip
    return mask


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _search(  # noqa: PLR0913, PLR0917
    indptr: Longs,
    head: Ints,
    cost: Floats,
    road: Ints,
    sources: Ints,
    start: Floats,
    closed_nodes: Mask,
    closed_roads: Mask,
    limit: float,
) -> tuple[Floats, Ints]:
    n = len(indptr) - 1
    travel = np.full(n, np.inf)
    previous = np.full(n, -1, np.int32)
    keys = np.empty(len(head) + len(sources) + 1)
    nodes = np.empty(len(head) + len(sources) + 1, np.int32)
    size = 0
    for index in range(len(sources)):
        node = sources[index]
        if not closed_nodes[node] and start[index] < travel[node] and start[index] <= limit:
            travel[node] = start[index]
            size = _push(keys, nodes, size, start[index], node)
    while size > 0:
        key, node = keys[0], nodes[0]
        size = _pop(keys, nodes, size)
        if key > travel[node]:
            continue
        for arc in range(indptr[node], indptr[node + 1]):
            there = head[arc]
            time = key + cost[arc]
            if time < travel[there] and time <= limit and not closed_nodes[there]:
                if closed_roads[road[arc]]:
                    continue
                travel[there] = time
                previous[there] = arc
                size = _push(keys, nodes, size, time, there)
    return travel, previous


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _push(keys: Floats, nodes: Ints, size: int, key: float, node: int) -> int:
    """Add an entry to the heap, and return the new size."""
    place = size
    while place > 0:
        parent = (place - 1) >> 1
        if keys[parent] <= key:
            break
        keys[place], nodes[place] = keys[parent], nodes[parent]
        place = parent
    keys[place], nodes[place] = key, node
    return size + 1


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _pop(keys: Floats, nodes: Ints, size: int) -> int:
    """Take the first entry off the heap, and return the new size."""
    size -= 1
    key, node = keys[size], nodes[size]
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= key:
            break
        keys[place], nodes[place] = keys[child], nodes[child]
        place = child
    keys[place], nodes[place] = key, node
    return size


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _reach(
    indptr: Longs, head: Ints, road: Ints, sources: Ints, closed_nodes: Mask, closed_roads: Mask
) -> Mask:
    n = len(indptr) - 1
    seen = np.zeros(n, np.bool_)
    stack = np.empty(n + 1, np.int32)
    size = 0
    for node in sources:
        if not closed_nodes[node] and not seen[node]:
            seen[node] = True
            stack[size] = node
            size += 1
    while size > 0:
        size -= 1
        node = stack[size]
        for arc in range(indptr[node], indptr[node + 1]):
            there = head[arc]
            if not seen[there] and not closed_nodes[there] and not closed_roads[road[arc]]:
                seen[there] = True
                stack[size] = there
                size += 1
    return seen
