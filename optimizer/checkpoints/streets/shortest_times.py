"""How soon every node is reached over open streets: times alone, and quicker than with routes.

A queue of buckets instead of a heap: a node waits in the bucket of its time, a bucket as wide as
the mean arc. Inside a bucket nodes are taken as they came, and taken again when a shorter way turns
up, so the times are those of :func:`shortest_routes` to the last bit. (Last come, first taken would
be a little quicker on most roads, but where one endless arc makes a bucket hold them all, its work
can double with every node.) The buckets form a ring that only spans the longest arc.

Source: Dial (1969), Algorithm 360, doi:10.1145/363269.363610; Cherkassky, Goldberg and Radzik
(1996), doi:10.1007/BF02592101.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimizer.checkpoints.streets.street_graph import StreetGraph

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

NOWHERE = -1
FINEST_S = 0.001


def shortest_times(graph: StreetGraph, sources: NDArray[np.integer]) -> Floats:
    """Find the seconds to every node from whichever source is soonest there, shape (n,).

    inf where no route leads.

    Parameters
    ----------
    sources
        Nodes, shape (k,).
    """
    usable = graph.travel_s[np.isfinite(graph.travel_s)]
    width_s = max(usable.sum() / max(len(usable), 1), FINEST_S)
    spanned = int(usable.max(initial=0.0) / width_s) + 3  # its own, the last, and one for rounding
    times: Floats = _times(
        graph.indptr, graph.head, graph.travel_s, np.array(sources, dtype=np.int32),
        1 / width_s, 1 << spanned.bit_length(),
    )  # fmt: skip
    return times


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _times(
    indptr: Longs, head: Ints, cost: Floats, sources: Ints, per_second: float, ring: int
) -> Floats:
    n = len(indptr) - 1
    times = np.full(n, np.inf)
    bucket = np.full(n, NOWHERE, np.int64)  # in which a node waits
    ahead = np.arange(n + ring)  # each bucket is a circle of nodes that begins at n + its place
    behind = ahead.copy()
    waiting = 0
    for node in sources:
        waiting += bucket[node] == NOWHERE
        times[node], bucket[node] = 0.0, 0
        _move(ahead, behind, node, n)
    now = 0
    while waiting > 0:
        node = ahead[n + (now & (ring - 1))]
        if node >= n:
            now += 1
            continue
        _move(ahead, behind, node, node)
        bucket[node] = NOWHERE
        waiting -= 1
        for arc in range(indptr[node], indptr[node + 1]):
            there, time = head[arc], times[node] + cost[arc]
            if time < times[there]:
                times[there] = time
                due = np.int64(time * per_second)
                if due != bucket[there]:
                    waiting += bucket[there] == NOWHERE
                    bucket[there] = due
                    _move(ahead, behind, there, n + (due & (ring - 1)))
    return times


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _move(ahead: Longs, behind: Longs, node: int, place: int) -> None:
    """Take a node out of its circle and put it behind another; behind itself: into none."""
    behind[ahead[node]], ahead[behind[node]] = behind[node], ahead[node]
    ahead[node] = behind[node] = node
    after = behind[place]
    behind[place], ahead[node] = node, place
    behind[node], ahead[after] = after, node
