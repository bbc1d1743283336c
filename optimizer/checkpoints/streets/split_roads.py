"""Roads with a node in their middle, so that a post on a road is a post at a node."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.streets.street_graph import StreetGraph, graph_of_arcs

Ints = NDArray[np.int32]


def split_roads(graph: StreetGraph, ends: Ints) -> StreetGraph:
    """Put a node in the middle of some roads; the nodes that were there keep their numbers.

    Parameters
    ----------
    ends
        The two nodes that each road joins, in any order, shape (k, 2); no pair twice. Node n + i
        comes to lie on road i, and on no way where the graph does not have that road.

    Returns
    -------
    The graph with n + k nodes. Its roads are numbered anew.
    """
    n, count = graph.node_count, len(ends)
    if not count:
        return graph
    pair = np.sort(ends.astype(np.int64), axis=1) @ [n, 1]
    order = np.argsort(pair)
    of_arc = np.minimum(graph.tail, graph.head).astype(np.int64) * n
    of_arc += np.maximum(graph.tail, graph.head)
    place = np.minimum(np.searchsorted(pair, of_arc, sorter=order), count - 1)
    road = order[place]
    cut = pair[road] == of_arc
    middle, half_s = (n + road[cut]).astype(np.int32), graph.travel_s[cut] / 2
    return graph_of_arcs(
        n + count,
        np.concatenate([graph.tail[~cut], graph.tail[cut], middle]),
        np.concatenate([graph.head[~cut], middle, graph.head[cut]]),
        np.concatenate([graph.travel_s[~cut], half_s, half_s]),
    )
