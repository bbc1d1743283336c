"""What leads through a ring, shrunk: dead ends dropped, chains of roads drawn together.

A junction of two roads only continues the one in the other, so both, and the junction, are one
*strand*: whoever drives along it passes all its sites, and the cheapest of them is as good a place
for a post as any. What is left is exact: every cut of least cost has its like among the strands.
"""

from __future__ import annotations

import dataclasses
from typing import Literal, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimizer.checkpoints.flows.web import counted_order
from optimizer.checkpoints.rings.site_order import NO_SITE, SiteOrder, better_site
from optimizer.checkpoints.streets.posts import Posts
from optimizer.checkpoints.streets.shortest_routes import reached
from optimizer.checkpoints.streets.street_graph import StreetGraph

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]
OneWay = Literal["out", "in"]

INSIDE, OUTSIDE = -2, -3


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class RingStreets:
    """The streets of a ring with the posts that stand already, and where others may.

    Parameters
    ----------
    inside, outside
        Nodes on either side of the ring, shape (n,).
    order
        Which sites are better; they are those between the sides.
    closed
        Posts that stand already; nothing leads past them.
    """

    graph: StreetGraph
    inside: Mask
    outside: Mask
    order: SiteOrder
    closed: Posts

    def past(self, posts: Posts) -> RingStreets:
        """Let further posts stand."""
        return dataclasses.replace(self, closed=self.closed.joined(posts))

    def leaks(self, direction: OneWay) -> bool:
        """Tell whether some route leads through the ring past the posts that stand."""
        start, goal = self.ends(direction)
        way = reached(self.graph, np.flatnonzero(start), posts=self.closed)
        return bool((way & goal).any())

    def ends(self, direction: OneWay) -> tuple[Mask, Mask]:
        """Mark where routes of a direction begin and end, shape (n,) each."""
        sides = (self.inside, self.outside)
        return sides if direction == "out" else sides[::-1]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Strands:
    """Strands between junctions of three roads or more, the inside and the outside of a ring.

    The first strands are the roads of the ring themselves; each later one continues two others,
    its children. Those that are alive have no parent.

    Parameters
    ----------
    end
        Nodes at both ends of each strand, INSIDE or OUTSIDE, shape (k, 2).
    open
        Whether it may be driven from its first end to its second, and back, shape (k, 2).
    site
        Its best site, or NO_SITE, shape (k,).
    child, turned
        The two strands that it continues, -1 for a road, and whether each of them runs against
        it, shape (k, 2).
    road_end
        Nodes at the ends of the first strands, which are roads, shape (roads, 2).
    road
        The roads, shape (roads,).
    alive
        The strands that are left, in ascending order.
    """

    end: Ints
    open: Mask
    site: Ints
    child: Ints
    turned: Mask
    road_end: Ints
    road: Ints
    alive: Longs

    def nodes_along(self, strands: Ints, backwards: Mask) -> tuple[Ints, Ints]:
        """List the nodes, and the roads between them, along strands that follow one another."""
        nodes, roads = _unfolded(strands, backwards, self.child, self.turned, self.road_end)
        return nodes, self.road[roads]


def strands_of(streets: RingStreets, *, two_way: bool = False) -> Strands:
    """Shrink what leads through a ring.

    Parameters
    ----------
    two_way
        Whether to let every road be driven both ways.

    Raises
    ------
    ValueError
        A road joins more than one pair of nodes, so that no single post stands on it.
    """
    graph, order = streets.graph, streets.order
    n = graph.node_count
    place = np.arange(n, dtype=np.int32)
    place[streets.inside], place[streets.outside] = INSIDE, OUTSIDE
    shut = streets.closed.closed_nodes(graph)
    kept = place[graph.tail] != place[graph.head]
    kept &= ~(streets.closed.closed_roads(graph)[graph.road] | shut[graph.tail] | shut[graph.head])
    tail, head, road = graph.tail[kept], graph.head[kept], graph.road[kept]

    ends = np.full((graph.road_count, 2), -1, dtype=np.int32)
    ends[road, 0], ends[road, 1] = tail, head
    ahead = tail == ends[road, 0]
    if not (
        (ends[road, 1] == np.where(ahead, head, tail)) & (ahead | (ends[road, 0] == head))
    ).all():
        message = "every road of a street graph must join one pair of nodes"
        raise ValueError(message)
    ways = np.zeros((graph.road_count, 2), dtype=bool)
    ways[road[ahead], 0] = True
    ways[road[~ahead], 1] = True
    if two_way:
        ways[road] = True
    present = np.flatnonzero(ends[:, 0] >= 0).astype(np.int32)
    end, opened, site, child, turned, alive = _shrunk(
        place[ends[present]], ways[present], present + n, order.amount, order.tie
    )
    return Strands(end, opened, site, child, turned, ends[present], present, alive)


class _Shrinking(NamedTuple):
    """Strands that are being shrunk, with room for more, as in :class:`Strands`; and what is where.

    The strands that are left at node v are those of ``slot[start[v]:start[v + 1]]`` from 0 up,
    ``degree[v]`` of them; ``where`` is the slot of each strand at either end.
    """

    end: Ints
    open: Mask
    site: Ints
    child: Ints
    turned: Mask
    alive: Mask
    slot: Ints
    start: Longs
    degree: Longs
    where: Longs


@njit(cache=True)  # type: ignore[untyped-decorator]
def _shrunk(
    road_end: Ints, road_open: Mask, road_site: Ints, amount: Longs, tie: Longs
) -> tuple[Ints, Mask, Ints, Ints, Mask, Longs]:
    """Drop dead ends and join chains until every junction has three strands or more."""
    run = _unshrunk(road_end, road_open, road_site, amount, tie)
    waiting = np.empty(3 * len(road_end) + len(amount) + 1, np.int32)
    size = 0
    for node in range(len(amount)):
        if 0 < run.degree[node] <= 2:
            waiting[size] = node
            size += 1
    count = len(road_end)
    pair = np.empty(2, np.int32)
    while size > 0:
        size -= 1
        node = waiting[size]
        if run.degree[node] == 0 or run.degree[node] > 2:
            continue
        found = 0
        for slot in range(run.start[node], run.start[node + 1]):
            if run.slot[slot] >= 0:
                pair[found] = run.slot[slot]
                found += 1
        if found == 2 and _join(run, node, pair[0], pair[1], count, amount, tie):
            count += 1
            continue
        for place in range(found):
            size = _drop(run, pair[place], node, waiting, size)
    return (run.end[:count].copy(), run.open[:count].copy(), run.site[:count].copy(),
            run.child[:count].copy(), run.turned[:count].copy(),
            np.flatnonzero(run.alive[:count]))  # fmt: skip


@njit(cache=True)  # type: ignore[untyped-decorator]
def _unshrunk(
    road_end: Ints, road_open: Mask, road_site: Ints, amount: Longs, tie: Longs
) -> _Shrinking:
    """Let every road be a strand."""
    roads = len(road_end)
    room = 2 * roads + 1
    run = _Shrinking(
        np.full((room, 2), -1, np.int32), np.zeros((room, 2), np.bool_),
        np.full(room, NO_SITE, np.int32), np.full((room, 2), -1, np.int32),
        np.zeros((room, 2), np.bool_), np.zeros(room, np.bool_), np.empty(2 * roads, np.int32),
        np.zeros(len(amount) + 1, np.int64), np.zeros(len(amount), np.int64),
        np.full((room, 2), -1, np.int64),
    )  # fmt: skip
    run.end[:roads] = road_end
    run.open[:roads] = road_open
    run.alive[:roads] = True
    ends = road_end.copy().reshape(2 * roads)
    at_node = np.flatnonzero(ends >= 0)
    order, start = counted_order(len(amount), ends[at_node])
    run.start[:] = start
    run.degree[:] = start[1:] - start[:-1]
    for slot in range(len(order)):
        place = at_node[order[slot]]
        run.slot[slot] = place // 2
        run.where[place // 2, place % 2] = slot
    for strand in range(roads):
        run.site[strand] = better_site(road_site[strand], NO_SITE, amount, tie)
    return run


@njit(cache=True)  # type: ignore[untyped-decorator]
def _join(
    run: _Shrinking, node: int, a: int, b: int, joined: int, amount: Longs, tie: Longs
) -> bool:
    """Let a new strand continue the only two at a node, if that leads anywhere; tell whether."""
    near_a = 0 if run.end[a, 0] == node else 1
    near_b = 0 if run.end[b, 0] == node else 1
    u, w = run.end[a, 1 - near_a], run.end[b, 1 - near_b]
    ahead = run.open[a, 1 - near_a] and run.open[b, near_b]
    back = run.open[b, 1 - near_b] and run.open[a, near_a]
    if u == w or not (ahead or back):
        return False
    run.end[joined, 0], run.end[joined, 1] = u, w
    run.open[joined, 0], run.open[joined, 1] = ahead, back
    run.child[joined, 0], run.child[joined, 1] = a, b
    run.turned[joined, 0], run.turned[joined, 1] = near_a == 0, near_b == 1
    best = better_site(run.site[a], run.site[b], amount, tie)
    run.site[joined] = better_site(best, node, amount, tie)
    run.alive[joined] = True
    run.alive[a], run.alive[b] = False, False
    run.degree[node] = 0
    for side in range(2):
        old, far = (a, 1 - near_a) if side == 0 else (b, 1 - near_b)
        run.where[joined, side] = run.where[old, far]
        if run.where[old, far] >= 0:
            run.slot[run.where[old, far]] = joined
    return True


@njit(cache=True)  # type: ignore[untyped-decorator]
def _drop(run: _Shrinking, strand: int, node: int, waiting: Ints, size: int) -> int:
    """Drop a strand that leads nowhere from a node; its other end may have to wait, too."""
    run.alive[strand] = False
    for side in range(2):
        other = run.end[strand, side]
        if other >= 0:
            run.slot[run.where[strand, side]] = -1
            run.degree[other] -= 1
            if other != node and run.degree[other] <= 2:
                waiting[size] = other
                size += 1
    return size


@njit(cache=True)  # type: ignore[untyped-decorator]
def _unfolded(
    strands: Ints, backwards: Mask, child: Ints, turned: Mask, road_end: Ints
) -> tuple[Ints, Ints]:
    """List the nodes and the first strands, which are roads, along strands in a row."""
    room = 64
    nodes = np.empty(room + 1, np.int32)
    roads = np.empty(room, np.int32)
    count = 0
    pile = np.empty(len(child) + 2, np.int32)
    against = np.empty(len(child) + 2, np.bool_)
    for place in range(len(strands)):
        pile[0], against[0] = strands[place], backwards[place]
        size = 1
        while size > 0:
            size -= 1
            strand, back = pile[size], against[size]
            if child[strand, 0] >= 0:
                for step in range(2):
                    side = 1 - step if not back else step
                    pile[size] = child[strand, side]
                    against[size] = turned[strand, side] != back
                    size += 1
                continue
            if count == room:
                room *= 2
                nodes = np.append(nodes, np.empty(room // 2, np.int32))
                roads = np.append(roads, np.empty(room // 2, np.int32))
            nodes[count] = road_end[strand, 1 if back else 0]
            nodes[count + 1] = road_end[strand, 0 if back else 1]
            roads[count] = strand
            count += 1
    return nodes[: count + 1].copy(), roads[:count].copy()
