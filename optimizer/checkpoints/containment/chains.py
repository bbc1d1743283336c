"""Chains of nodes without a turning: one post closes all of a chain, wherever on it."""

from __future__ import annotations

import dataclasses

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimizer.checkpoints.flows.web import Web

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

DROPPED = -1


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Chains:
    """Nodes in a row, with no turning between them: whoever passes one of them passes all.

    So a chain is closed by one post at any of its nodes, and no net needs two. Chain s has the
    nodes ``node[start[s]:start[s + 1]]``.
    """

    node: Ints
    start: Longs

    def __len__(self) -> int:
        return len(self.start) - 1

    def nodes_of(self, chain: int) -> Ints:
        """List the nodes of one chain."""
        return self.node[self.start[chain] : self.start[chain + 1]]

    def earliest(self, times: Floats) -> Floats:
        """Find the smallest of the nodes' times, shape (g, k), for each chain, shape (g, s)."""
        if len(self) == 0:
            return times[:, :0]
        earliest: Floats = np.minimum.reduceat(times, self.start[:-1], axis=1)
        return earliest


NO_CHAINS = Chains(np.empty(0, np.int32), np.zeros(1, np.int64))


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def chain_labels(web: Web) -> Ints:
    """Tell which chain each node of a crossing is on; its last two nodes are source and sink.

    Dead ends lead nowhere and are ``DROPPED``. Two neighbours are on one chain if neither has a
    third neighbour, and the street between them is open both ways, or is one-way and so is all of
    the chain: only then whoever enters at one end can leave at nothing but the other.

    Returns
    -------
    Label of each node, shape (m,).
    """
    alive, plain = _without_dead_ends(web)
    m = len(plain)
    label = np.full(m, DROPPED, np.int32)
    stack = np.empty(m, np.int32)
    count = 0
    for root in range(m):
        if not alive[root] or label[root] != DROPPED:
            continue
        label[root] = count
        stack[0] = root
        size = 1 if plain[root] else 0
        while size > 0:
            size -= 1
            node = stack[size]
            for turn in range(_turns(web, node)):
                there = _neighbour(web, node, turn)
                if there >= m or not alive[there] or not plain[there] or label[there] != DROPPED:
                    continue
                if _continues(web, alive, node, there):
                    label[there] = count
                    stack[size] = there
                    size += 1
        count += 1
    return label


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _without_dead_ends(web: Web) -> tuple[Mask, Mask]:
    """Mark the nodes that are not in dead ends, and those of them with two neighbours, (m,)."""
    m = len(web.indptr) - 3
    alive = np.ones(m + 2, np.bool_)
    legs = np.empty(m, np.int32)
    queue = np.empty(m, np.int32)
    size = 0
    for node in range(m):
        legs[node] = _legs(web, alive, node)
    for node in range(m):
        if legs[node] <= 1:
            alive[node] = False
            queue[size] = node
            size += 1
    place = 0
    while place < size:
        node = queue[place]
        place += 1
        for turn in range(_turns(web, node)):
            there = _neighbour(web, node, turn)
            if there >= m or not alive[there]:
                continue
            legs[there] = _legs(web, alive, there)
            if legs[there] <= 1:
                alive[there] = False
                queue[size] = there
                size += 1
    return alive, legs == 2


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _turns(web: Web, node: int) -> int:
    ahead = web.indptr[node + 1] - web.indptr[node]
    return ahead + web.enter[node + 1] - web.enter[node]  # type: ignore[no-any-return]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _neighbour(web: Web, node: int, turn: int) -> int:
    """Give the node at the other end of an arc: first those that leave, then those that enter."""
    ahead = web.indptr[node + 1] - web.indptr[node]
    if turn < ahead:
        return web.head[web.indptr[node] + turn]  # type: ignore[no-any-return]
    return web.tail[web.into[web.enter[node] + turn - ahead]]  # type: ignore[no-any-return]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _legs(web: Web, alive: Mask, node: int) -> int:
    """Count the neighbours that are left, each once."""
    legs = 0
    for turn in range(_turns(web, node)):
        there = _neighbour(web, node, turn)
        is_new = alive[there]
        for before in range(turn):
            is_new &= _neighbour(web, node, before) != there
        legs += is_new
    return legs


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _continues(web: Web, alive: Mask, one: int, other: int) -> bool:
    """Tell whether two neighbours without turnings let pass only from end to end."""
    ahead, back = _leads(web, one, other), _leads(web, other, one)
    if ahead and back:
        return True
    first, second = (one, other) if ahead else (other, one)
    leaving = entering = 0
    for arc in range(web.indptr[first], web.indptr[first + 1]):
        leaving += alive[web.head[arc]]
    for place in range(web.enter[second], web.enter[second + 1]):
        entering += alive[web.tail[web.into[place]]]
    return leaving == 1 and entering == 1


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _leads(web: Web, tail: int, head: int) -> bool:
    found = False
    for arc in range(web.indptr[tail], web.indptr[tail + 1]):
        found |= web.head[arc] == head
    return found
