"""The cheapest sites that separate source and sink, given up as soon as they cost too much.

A flow of at most the price of each node runs from source to sink over shortest residual routes, in
phases. Once it exceeds the budget no cut is within it; if the sink is cut off before, the full
nodes where the reach of the flow ends are a cheapest cut. Unlike a cut of a whole ring, this one is
asked for thousands of times, mostly to learn that the units are too few.

Source: Ford & Fulkerson (1956), doi:10.4153/CJM-1956-045-5; Dinic (1970), Soviet Mathematics
Doklady 11, 1277-1280, a flow from one node through capacities of nodes.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimizer.checkpoints.containment.crossing import Crossing
from optimizer.checkpoints.flows.web import Web

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]

ENDLESS = 2**60


def bounded_cut(crossing: Crossing, price: Longs, budget: int) -> tuple[Ints, Ints] | None:
    """Find the two cheapest cuts that lie nearest to the source and nearest to the sink.

    Parameters
    ----------
    price
        Of each node of the crossing, whole numbers from 1 up, shape (m,); only sites are for sale.
    budget
        Cuts that cost more are of no interest.

    Returns
    -------
    Nodes of the two cuts, each sorted, or None if every cut costs more than the budget.
    """
    room = np.full(len(crossing.chain) + 2, ENDLESS, dtype=np.int64)
    room[:-2][crossing.site] = price[crossing.site]
    affordable, near, far = _cuts(crossing.web, room, budget)
    return (near, far) if affordable else None


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _cuts(web: Web, price: Longs, budget: int) -> tuple[bool, Ints, Ints]:
    """Push flow in phases; state 2 v is node v entered, state 2 v + 1 is node v left."""
    n = len(price)
    through, along = np.zeros(n, np.int64), np.zeros(len(web.head), np.int64)
    level, queue = np.empty(2 * n, np.int32), np.empty(2 * n, np.int32)
    pointer, path = np.empty(2 * n, np.int32), np.empty(2 * n, np.int32)
    total = np.int64(0)
    while _levels(web, price, through, along, level, queue):
        pointer[:] = 0
        total += _push(web, price, through, along, level, pointer, path, budget - total)
        if total > budget:
            return False, queue[:0].copy(), queue[:0].copy()
    near = np.empty(n, np.int32)
    count = 0
    for node in range(n - 2):
        if level[2 * node] >= 0 and level[2 * node + 1] < 0:
            near[count] = node
            count += 1
    seen = _back(web, price, through, along, queue)
    far = np.empty(n, np.int32)
    size = 0
    for node in range(n - 2):
        if seen[2 * node + 1] and not seen[2 * node]:
            far[size] = node
            size += 1
    return True, near[:count].copy(), far[:size].copy()


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _step(
    web: Web, price: Longs, through: Longs, along: Longs, state: int, turn: int
) -> tuple[int, int]:
    """Look where the given turn leads from a state, and how much more may flow there."""
    node = state >> 1
    if state & 1:
        if turn == 0:
            return state - 1, through[node]
        return 2 * web.head[web.indptr[node] + turn - 1], ENDLESS
    if turn == 0:
        return state + 1, price[node] - through[node]
    arc = web.into[web.enter[node] + turn - 1]
    return 2 * web.tail[arc] + 1, along[arc]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _turns(web: Web, state: int) -> int:
    node = state >> 1
    if state & 1:
        return web.indptr[node + 1] - web.indptr[node] + 1  # type: ignore[no-any-return]
    return web.enter[node + 1] - web.enter[node] + 1  # type: ignore[no-any-return]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _levels(web: Web, price: Longs, through: Longs, along: Longs, level: Ints, queue: Ints) -> bool:
    """Count the residual steps from the source, and tell whether they lead to the sink."""
    sink = 2 * (len(price) - 1)
    level[:] = -1
    queue[0] = sink - 1
    level[sink - 1] = 0
    place, size = 0, 1
    while place < size:
        state = queue[place]
        place += 1
        for turn in range(_turns(web, state)):
            there, room = _step(web, price, through, along, state, turn)
            if room > 0 and level[there] < 0:
                level[there] = level[state] + 1
                if there == sink:
                    return True
                queue[size] = there
                size += 1
    return False


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _push(
    web: Web,
    price: Longs,
    through: Longs,
    along: Longs,
    level: Ints,
    pointer: Ints,
    path: Ints,
    budget: int,
) -> int:
    """Push along shortest residual routes until they are blocked or the budget is exceeded."""
    sink = 2 * (len(price) - 1)
    path[0] = sink - 1
    depth = 0
    pushed = 0
    while pushed <= budget:
        state = path[depth]
        if state == sink:
            amount = ENDLESS
            for place in range(depth):
                step = _step(web, price, through, along, path[place], pointer[path[place]])
                amount = min(amount, step[1])
            for place in range(depth):
                _shift(web, through, along, path[place], pointer[path[place]], amount)
            pushed += amount
            depth = 0
            continue
        turns = _turns(web, state)
        while pointer[state] < turns:
            there, room = _step(web, price, through, along, state, pointer[state])
            if room > 0 and level[there] == level[state] + 1:
                break
            pointer[state] += 1
        if pointer[state] < turns:
            depth += 1
            path[depth] = there
        elif depth == 0:
            break
        else:
            depth -= 1
            pointer[path[depth]] += 1
    return pushed


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _shift(web: Web, through: Longs, along: Longs, state: int, turn: int, amount: int) -> None:
    """Let an amount flow where the given turn leads from a state."""
    node = state >> 1
    if state & 1:
        if turn == 0:
            through[node] -= amount
        else:
            along[web.indptr[node] + turn - 1] += amount
    elif turn == 0:
        through[node] += amount
    else:
        along[web.into[web.enter[node] + turn - 1]] -= amount


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _back(web: Web, price: Longs, through: Longs, along: Longs, queue: Ints) -> Mask:
    """Mark the states from which more could flow to the sink."""
    seen = np.zeros(2 * len(price), np.bool_)
    queue[0] = 2 * (len(price) - 1)
    seen[queue[0]] = True
    place, size = 0, 1
    while place < size:
        state = queue[place]
        place += 1
        node = state >> 1
        for turn in range(_turns(web, state)):
            if turn == 0:
                there = state ^ 1
                room = price[node] - through[node] if state & 1 else through[node]
            elif state & 1:
                arc = web.indptr[node] + turn - 1
                there, room = 2 * web.head[arc], along[arc]
            else:
                there, room = 2 * web.tail[web.into[web.enter[node] + turn - 1]] + 1, ENDLESS
            if room > 0 and not seen[there]:
                seen[there] = True
                queue[size] = there
                size += 1
    return seen
