"""The cheapest sites that separate source and sink, given up as soon as they cost too much.

A flow of at most the price of each node runs from source to sink, in sweeps: each walks every arc
with room once, depth first, and sends what it can along each way it finds. Arcs lie nearest to the
sink first, so most ways are straight and few sweeps do, where phases over shortest routes are as
many as routes have lengths. Prices differ a hundredfold, so wide ways come first: only when no way
has room for some amount, half of it will do. Once the flow exceeds the budget no cut is within it;
if a sweep finds no way, the full nodes where it ends are a cheapest cut. Unlike a cut of a whole
ring, this one is asked for thousands of times, mostly to learn that the units are too few.

Sources: Ford & Fulkerson (1956), doi:10.4153/CJM-1956-045-5; Gabow (1985),
doi:10.1016/0022-0000(85)90039-X (halving amounts).
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
    most = int(price[crossing.site].max(initial=1))
    affordable, near, far = _cuts(crossing.web, room, budget, 1 << (most.bit_length() - 1))
    return (near, far) if affordable else None


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _cuts(web: Web, price: Longs, budget: int, least: int) -> tuple[bool, Ints, Ints]:
    """Sweep until nothing gets through; state 2 v is node v entered, state 2 v + 1 node v left.

    The first sweeps send at least some amount, a power of 2, along each way.
    """
    n = len(price)
    through, along = np.zeros(n, np.int64), np.zeros(len(web.head), np.int64)
    seen, queue = np.empty(2 * n, np.bool_), np.empty(2 * n, np.int32)
    total = np.int64(0)
    while least > 0:
        pushed = _sweep(web, price, through, along, seen, queue, budget - total, least)
        total += pushed
        if total > budget:
            return False, queue[:0].copy(), queue[:0].copy()
        if pushed == 0:
            least //= 2
    near = np.empty(n, np.int32)
    count = 0
    for node in range(n - 2):
        if seen[2 * node] and not seen[2 * node + 1]:
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
def _sweep(
    web: Web,
    price: Longs,
    through: Longs,
    along: Longs,
    seen: Mask,
    path: Ints,
    budget: int,
    least: int,
) -> int:
    """Send flow along ways that enter no state twice, until there is none or the budget is spent.

    Each way has room for some least amount. What is seen at the end of a sweep that sends nothing
    is all that the source reaches by such ways.
    """
    sink = 2 * (len(price) - 1)
    pointer = np.zeros(len(path), np.int32)
    room_to = np.empty(len(path), np.int64)
    seen[:] = False
    seen[sink - 1] = True
    path[0], room_to[0] = sink - 1, ENDLESS
    depth = 0
    pushed = 0
    while pushed <= budget:
        state = path[depth]
        if state == sink:
            amount = room_to[depth]
            for place in range(depth):
                _shift(web, through, along, path[place], pointer[path[place]], amount)
            pushed += amount
            seen[sink] = False
            way = path[:depth]
            depth = _first_full(web, price, through, along, way, pointer, room_to, least)
            continue
        turns = _turns(web, state)
        while pointer[state] < turns:
            there, room = _step(web, price, through, along, state, pointer[state])
            if room >= least and not seen[there]:
                break
            pointer[state] += 1
        if pointer[state] < turns:
            seen[there] = True
            room_to[depth + 1] = min(room_to[depth], room)
            depth += 1
            path[depth] = there
        elif depth == 0:
            break
        else:
            depth -= 1
            pointer[path[depth]] += 1
    return pushed


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _first_full(
    web: Web,
    price: Longs,
    through: Longs,
    along: Longs,
    way: Ints,
    pointer: Ints,
    room_to: Longs,
    least: int,
) -> int:
    """Go back to where a way just used has too little room left; note the room up to there."""
    for place in range(len(way)):
        room = _step(web, price, through, along, way[place], pointer[way[place]])[1]
        if room < least:
            return place
        room_to[place + 1] = min(room_to[place], room)
    return 0


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
