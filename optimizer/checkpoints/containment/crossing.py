"""What lies between where a fugitive certainly gets and where he is certainly out."""

from __future__ import annotations

import dataclasses

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimizer.checkpoints.containment.chains import DROPPED, Chains, chain_labels
from optimizer.checkpoints.flows.web import Web, counted_order, web_of
from optimizer.checkpoints.streets.street_graph import StreetGraph

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Crossing:
    """The streets on some way out that leads over sites, between a source and a sink.

    Nodes that are reached past no site are one with the source, those from where an exit is reached
    past no site are one with the sink, and what lies on no way out is left out: whatever sites
    separate source and sink separate the fugitive from the exits, and the other way round.

    Parameters
    ----------
    chain
        Which chain each node here is, shape (m,), ascending; the source is m, the sink m + 1.
    site
        Which of them can be closed, shape (m,).
    web
        The arcs.
    """

    chain: Ints
    site: Mask
    web: Web

    def narrow(self, site: Mask) -> Crossing | None:
        """Keep only some of the sites, shape (m,); None: then a way out meets no site."""
        source = np.array([len(self.chain)], dtype=np.int32)
        is_open, kept, tail, head = _between(self.web, source, np.append(site, [False, False]))
        if is_open:
            return None
        return Crossing(self.chain[kept], site[kept], web_of(len(kept) + 2, tail, head))


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Escape:
    """The streets with all exits joined to one node more, the last: the way out."""

    web: Web

    def crossing(self, origins: NDArray[np.integer], site: Mask) -> tuple[Crossing, Chains] | None:
        """Find what lies between origins and exits; None: a way out meets no site.

        Parameters
        ----------
        origins
            Nodes where escapes start, shape (k,); they are no sites.
        site
            Where posts may stand, shape (n,).
        """
        is_open, kept, tail, head = _between(
            self.web, np.asarray(origins, dtype=np.int32), np.append(site, False)
        )
        if is_open:
            return None
        label = chain_labels(web_of(len(kept) + 2, tail, head))
        count = int(label.max(initial=DROPPED)) + 1
        members, start = counted_order(count + 1, np.where(label == DROPPED, count, label))
        chains = Chains(kept[members[: start[count]]], start[:-1])
        closable = np.zeros(count, dtype=bool)
        closable[label[site[kept] & (label != DROPPED)]] = True
        label = np.append(label, np.array([count, count + 1], dtype=np.int32))
        tail, head = label[tail], label[head]
        joins = (tail != DROPPED) & (head != DROPPED) & (tail != head)
        web = web_of(count + 2, tail[joins], head[joins])
        return Crossing(np.arange(count, dtype=np.int32), closable, web), chains


def escape(graph: StreetGraph, exits: NDArray[np.integer]) -> Escape:
    """Join the exits of the streets; a post may stand at an exit itself.

    Arcs that lead towards the exits lie first, here and in every crossing of this: searches for a
    way out then go straight.
    """
    n = graph.node_count
    leaving = np.unique(np.asarray(exits, dtype=np.int32))
    tail = np.concatenate([graph.tail, leaving])
    head = np.concatenate([graph.head, np.full(len(leaving), n, np.int32)])
    towards = np.argsort(_steps_to_last(web_of(n + 1, tail, head))[head], kind="stable")
    return Escape(web_of(n + 1, tail[towards], head[towards]))


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _steps_to_last(web: Web) -> Ints:
    """Count the arcs from each node to the last one; as many as there are nodes: never."""
    n = len(web.indptr) - 1
    steps, queue = np.full(n, n, np.int32), np.empty(n, np.int32)
    steps[n - 1], queue[0] = 0, n - 1
    place, size = 0, 1
    while place < size:
        node = queue[place]
        place += 1
        for at in range(web.enter[node], web.enter[node + 1]):
            there = web.tail[web.into[at]]
            if steps[there] == n:
                steps[there] = steps[node] + 1
                queue[size] = there
                size += 1
    return steps


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _between(web: Web, origins: Ints, site: Mask) -> tuple[bool, Ints, Ints, Ints]:
    """List the nodes of a crossing and its arcs; the last node of the web is the sink."""
    n = len(web.indptr) - 1
    none = np.zeros(n, np.bool_)
    here, out = none.copy(), none.copy()
    here[origins] = True
    out[n - 1] = True
    _flood(web, here, site, True)
    if here[n - 1]:
        nothing = np.empty(0, np.int32)
        return True, nothing, nothing, nothing
    _flood(web, out, site, False)
    ahead, back = here.copy(), out.copy()
    _flood(web, ahead, out, True)
    _flood(web, back, here, False)
    kept = np.flatnonzero(ahead & back & ~here & ~out).astype(np.int32)
    tail, head = _joins(web, kept, here, out)
    return False, kept, tail, head


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _joins(web: Web, kept: Ints, here: Mask, out: Mask) -> tuple[Ints, Ints]:
    """List the arcs between kept nodes, once each those from the source and those to the sink."""
    source, sink = np.int32(len(kept)), np.int32(len(kept) + 1)
    place = np.full(len(here), -1, np.int32)
    place[kept] = np.arange(len(kept), dtype=np.int32)
    room = len(web.head) + 2 * len(kept)
    tail, head = np.empty(room, np.int32), np.empty(room, np.int32)
    count = 0
    for to in range(len(kept)):
        after_source, before_sink = False, False
        for arc in range(web.indptr[kept[to]], web.indptr[kept[to] + 1]):
            if out[web.head[arc]] and not before_sink:
                before_sink = True
                tail[count], head[count] = to, sink
                count += 1
            if place[web.head[arc]] >= 0:
                tail[count], head[count] = to, place[web.head[arc]]
                count += 1
        for arc in range(web.enter[kept[to]], web.enter[kept[to] + 1]):
            after_source |= here[web.tail[web.into[arc]]]
        if after_source:
            tail[count], head[count] = source, to
            count += 1
    return tail[:count].copy(), head[:count].copy()


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _flood(web: Web, seen: Mask, closed: Mask, ahead: bool) -> None:
    """Mark what is reached from the marked nodes, along the arcs or against them."""
    stack = np.empty(len(seen), np.int32)
    size = 0
    for node in range(len(seen)):
        if seen[node]:
            stack[size] = node
            size += 1
    pointers = web.indptr if ahead else web.enter
    while size > 0:
        size -= 1
        node = stack[size]
        for place in range(pointers[node], pointers[node + 1]):
            there = web.head[place] if ahead else web.tail[web.into[place]]
            if not seen[there] and not closed[there]:
                seen[there] = True
                stack[size] = there
                size += 1
