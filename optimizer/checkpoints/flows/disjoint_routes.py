"""As many routes as fit, none of which shares more than its arcs can carry: a maximum flow.

Phases as in Dinic (1970), Soviet Math. Doklady 11, 1277-1280: count the steps to the sink, then
augment along many routes. But a phase takes routes of any length, depth first and towards the
sink, as Pothen and Fan (1990, doi:10.1145/98267.98287) do for matchings: on streets hardly two
routes have one length, and phases for each length would be many.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimizer.checkpoints.flows.web import counted_order

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]

MOST = 2**60
"""What an arc without a limit can carry."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class DisjointRoutes:
    """Routes from a source to a sink with how much goes along each.

    Parameters
    ----------
    amount
        What goes along each route, shape (k,); 1 each where every arc carries 1.
    start
        Route i has the arcs ``arcs[start[i] : start[i + 1]]``, shape (k + 1,).
    arcs
        Arcs of all routes, one after the other, in order of travel.
    """

    amount: Longs
    start: Longs
    arcs: Ints

    def __len__(self) -> int:
        return len(self.amount)

    @property
    def value(self) -> int:
        """Sum of the amounts: no set of arcs that carries less cuts every route."""
        return int(self.amount.sum())

    def arcs_of(self, route: int) -> Ints:
        """List the arcs of a route in order of travel."""
        return self.arcs[self.start[route] : self.start[route + 1]]


def disjoint_routes(
    node_count: int,
    tail: Ints,
    head: Ints,
    capacity: Longs,
    source: int,
    sink: int,
    *,
    limit: int = MOST,
) -> DisjointRoutes:
    """Send as much as possible from a source to a sink, and tell along which routes.

    Parameters
    ----------
    tail, head
        Nodes that each arc leaves and enters, shape (a,).
    capacity
        What each arc can carry, shape (a,); ``MOST``, where it has no limit.
    limit
        Stop once the value reaches this: it need not be the greatest then.
    """
    flow = _largest_flow(node_count, tail, head, capacity, source, sink, limit)
    amount, start, arcs = _routes_of(node_count, tail, head, flow, source, sink)
    return DisjointRoutes(amount, start, arcs)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _incident(node_count: int, tail: Ints, head: Ints) -> tuple[Longs, Longs, Longs]:
    """Give every arc a slot at its tail and one at its head; return the slots and their starts."""
    start = np.zeros(node_count + 1, np.int64)
    for arc in range(len(tail)):
        start[tail[arc] + 1] += 1
        start[head[arc] + 1] += 1
    start = np.cumsum(start)
    filled = start[:-1].copy()
    at_tail = np.empty(len(tail), np.int64)
    at_head = np.empty(len(tail), np.int64)
    for arc in range(len(tail)):
        at_tail[arc] = filled[tail[arc]]
        filled[tail[arc]] += 1
        at_head[arc] = filled[head[arc]]
        filled[head[arc]] += 1
    return start, at_tail, at_head


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _largest_flow(
    node_count: int, tail: Ints, head: Ints, capacity: Longs, source: int, sink: int, limit: int
) -> Longs:
    """Return what goes along each arc, shape (a,)."""
    start, at_tail, at_head = _incident(node_count, tail, head)
    other = np.empty(2 * len(tail), np.int32)
    mate = np.empty(2 * len(tail), np.int32)
    room = np.zeros(2 * len(tail), np.int64)
    for arc in range(len(tail)):
        out, back = at_tail[arc], at_head[arc]
        other[out], other[back] = head[arc], tail[arc]
        mate[out], mate[back] = back, out
        room[out] = capacity[arc]
    value = np.int64(0)
    steps = _steps_to(start, other, mate, room, sink)
    while value < limit and steps[source] >= 0:
        value += _fill(start, other, mate, room, source, sink, steps, limit - value)
        steps = _steps_to(start, other, mate, room, sink)
    return room[at_head]  # type: ignore[no-any-return]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _steps_to(start: Longs, other: Ints, mate: Ints, room: Longs, sink: int) -> Ints:
    """Count the arcs with room from every node to the sink; -1: it cannot be reached."""
    steps = np.full(len(start) - 1, -1, np.int32)
    queue = np.empty(len(steps), np.int32)
    steps[sink] = 0
    queue[0] = sink
    done, size = 0, 1
    while done < size:
        node = queue[done]
        done += 1
        for slot in range(start[node], start[node + 1]):
            before = other[slot]
            if steps[before] < 0 and room[mate[slot]] > 0:
                steps[before] = steps[node] + 1
                queue[size] = before
                size += 1
    return steps


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _fill(
    start: Longs,
    other: Ints,
    mate: Ints,
    room: Longs,
    source: int,
    sink: int,
    steps: Ints,
    limit: int,
) -> int:
    """Send what fits, depth first, always to what is nearest to the sink; leave failures alone."""
    seen = np.zeros(len(steps), np.bool_)
    path = np.empty(len(steps), np.int64)
    size = 0
    node = source
    seen[source] = True
    value = np.int64(0)
    while value < limit:
        best = _nearest(start, other, room, seen, steps, node)
        if best < 0:
            if size == 0:
                break
            size -= 1
            node = other[mate[path[size]]]
            continue
        path[size] = best
        size += 1
        node = other[best]
        seen[node] = True
        if node != sink:
            continue
        amount = limit - value
        for place in range(size):
            amount = min(amount, room[path[place]])
        value += amount
        full = size
        for place in range(size - 1, -1, -1):
            seen[other[path[place]]] = False
            room[path[place]] -= amount
            room[mate[path[place]]] += amount
            if room[path[place]] == 0:
                full = place
        for place in range(full):
            seen[other[path[place]]] = True
        size = full
        if value < limit:
            node = other[mate[path[size]]]
    return value  # type: ignore[return-value]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _nearest(start: Longs, other: Ints, room: Longs, seen: Mask, steps: Ints, node: int) -> int:
    """Choose the slot with room that leads nearest to the sink; -1: there is none."""
    best = -1
    for slot in range(start[node], start[node + 1]):
        there = other[slot]
        if room[slot] == 0 or seen[there] or steps[there] < 0:
            continue
        if best < 0 or steps[there] < steps[other[best]]:
            best = slot
    return best


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _routes_of(
    node_count: int, tail: Ints, head: Ints, flow: Longs, source: int, sink: int
) -> tuple[Longs, Longs, Ints]:
    """Take a flow apart into routes, those without a detour: what goes round in circles is left."""
    used = np.flatnonzero(flow > 0)
    left = flow[used]
    out, first = counted_order(node_count, tail[used])
    _open_circles(first, out, used, left, tail, head)

    amounts = np.empty(len(used) + 1, np.int64)
    start = np.zeros(len(used) + 2, np.int64)
    arcs = np.empty(len(used) + 1, np.int32)
    at = first[:-1].copy()
    path = np.empty(node_count, np.int64)
    count, total = 0, 0
    while True:
        node, size = source, 0
        while node != sink:
            if not _leads_on(first, out, left, at, node):
                break
            path[size] = out[at[node]]
            node = head[used[path[size]]]
            size += 1
        if node != sink or size == 0:
            break
        amount = left[path[:size]].min()
        if total + size > len(arcs):
            arcs = np.append(arcs, np.empty(len(arcs) + size, np.int32))
        for place in range(size):
            left[path[place]] -= amount
            arcs[total + place] = used[path[place]]
        amounts[count] = amount
        count += 1
        total += size
        start[count] = total
    return amounts[:count].copy(), start[: count + 1].copy(), arcs[:total].copy()


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _leads_on(first: Longs, out: Ints, left: Longs, at: Longs, node: int) -> bool:
    """Pass over the arcs of a node that nothing is left on, and tell whether another follows."""
    while at[node] < first[node + 1] and left[out[at[node]]] == 0:
        at[node] += 1
    return at[node] < first[node + 1]  # type: ignore[no-any-return]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _open_circles(  # noqa: C901
    first: Longs, out: Ints, used: Longs, left: Longs, tail: Ints, head: Ints
) -> None:
    """Take away what goes round in circles, so that no road is used both ways."""
    at = first[:-1].copy()
    state = np.zeros(len(at), np.int8)  # 1: on the way that is being followed, 2: done
    path = np.empty(len(at), np.int64)
    for begin in range(len(at)):
        if state[begin] == 2 or first[begin] == first[begin + 1]:
            continue
        node, size = begin, 0
        state[node] = 1
        while True:
            if not _leads_on(first, out, left, at, node):
                state[node] = 2
                if size == 0:
                    break
                size -= 1
                node = tail[used[path[size]]]
                at[node] += 1
                continue
            path[size] = out[at[node]]
            there = head[used[path[size]]]
            size += 1
            if state[there] == 0:
                state[there] = 1
                node = there
                continue
            if state[there] == 2:
                size -= 1
                at[node] += 1
                continue
            begun = size - 1
            while tail[used[path[begun]]] != there:
                begun -= 1
            amount = left[path[begun:size]].min()
            for place in range(begun, size):
                left[path[place]] -= amount
            while left[path[begun]] > 0:
                begun += 1
            for place in range(begun + 1, size):
                state[tail[used[path[place]]]] = 0
            size = begun
            node = tail[used[path[begun]]]
