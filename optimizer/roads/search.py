"""The compiled heart of travel times: a truncated search from one node after the other.

Dial's bucket queue with buckets wider than the clock: nodes wait in buckets of ``2 ** shift``
milliseconds; inside a bucket they are scanned in any order, and scanned again when a shorter way
turns up, so the times stay exact. The buckets form a ring that only spans the longest arc.

Source: Dial (1969), Algorithm 360, doi:10.1145/363269.363610; Cherkassky, Goldberg and Radzik
(1996), doi:10.1007/BF02592101.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

NODE, NEXT = range(2)

WORD_BITS = 32
BIT_OF_POWER = np.zeros(37, dtype=np.int64)  # 2 ** k has a different rest by 37 for every k < 36
BIT_OF_POWER[[pow(2, k, 37) for k in range(WORD_BITS)]] = np.arange(WORD_BITS)


class Graph(NamedTuple):
    """Arcs of node u: the rows ``indptr[u]:indptr[u + 1]`` of ``arcs``, (head, milliseconds)."""

    indptr: Longs
    arcs: Ints


class Targets(NamedTuple):
    """Node of every target, shape (k,); those on node u are ``first[u]``, its ``following``, ...

    -1 ends the list.
    """

    node: Ints
    first: Ints
    following: Ints


class Scratch(NamedTuple):
    """Memory of one thread, left by every search as it was found, but for the order of the pool.

    Parameters
    ----------
    times
        Milliseconds to each node, a millisecond over the limit, shape (n,). While a search runs,
        ``~time`` marks a node that was scanned.
    buckets
        First entry of each bucket, -1 if empty; a power of two of them, more than the longest arc
        spans plus one.
    pool
        Entries (node, next entry) of the buckets. Entry 0 begins the list of those not in use; an
        entry that never was in use is all 0 and means the one after it, so memory that no search
        needs is never touched.
        A node waits at most once in its present bucket, and an arc leaves stale entries in at most
        two others, so ``n`` plus twice the arcs are enough.
    reached
        The nodes reached, shape (n,).
    words
        One bit for each target, 32 to a word, all 0.
    """

    times: Ints
    buckets: Ints
    pool: Ints
    reached: Ints
    words: Longs


def new_scratch(graph: Graph, target_count: int, bucket_count: int, limit: int) -> Scratch:
    """Lay out the memory that one thread needs to search a graph within a limit."""
    n = len(graph.indptr) - 1
    entries = n + 2 * len(graph.arcs) + 1
    pool = np.zeros((entries, 2), dtype=np.int32)
    pool[0, NEXT] = 1
    return Scratch(
        times=np.full(n, limit + 1, dtype=np.int32),
        buckets=np.full(bucket_count, -1, dtype=np.int32),
        pool=pool,
        reached=np.empty(n, dtype=np.int32),
        words=np.zeros(target_count // WORD_BITS + 1, dtype=np.int64),
    )


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def search_block(
    graph: Graph, targets: Targets, scratch: Scratch, sources: Ints, limit: int, shift: int
) -> tuple[Longs, Ints, Ints]:
    """Search from several sources and list the targets that each reaches, in ascending order.

    Parameters
    ----------
    sources
        Nodes, shape (b,).
    limit
        Longest time of interest, ticks; a time of exactly this is listed.
    shift
        Width of a bucket, as a power of two of ticks.

    Returns
    -------
    Number of targets of each source, shape (b,), and for each pair the target and the
    ticks.
    """
    found = np.empty(1 << 14, np.int32)
    times = np.empty(1 << 14, np.int32)
    counts = np.zeros(len(sources), np.int64)
    filled = np.int64(0)  # typed, or helpers are compiled for the literal too
    for row in range(len(sources)):
        reached = _search(graph, scratch, sources[row], limit, shift)
        pairs, low, high = _mark(targets, scratch, reached)
        if filled + pairs > len(found):
            found = _grown(found, filled, 2 * (filled + pairs))
            times = _grown(times, filled, 2 * (filled + pairs))
        filled = _list(targets, scratch, low, high, found, times, filled)
        for place in range(reached):
            scratch.times[scratch.reached[place]] = limit + 1
        counts[row] = pairs
    return counts, found[:filled].copy(), times[:filled].copy()


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _search(graph: Graph, scratch: Scratch, source: int, limit: int, shift: int) -> int:
    """Find everything within the limit of one source, and return how many nodes that is."""
    times, buckets, pool, reached = scratch.times, scratch.buckets, scratch.pool, scratch.reached
    ring = len(buckets) - 1
    times[source] = 0
    reached[0] = source
    slot = np.int64(0)
    _push(pool, buckets, slot, source)
    count = 1
    entries = 1
    while entries > 0:
        if buckets[slot] < 0:
            slot = (slot + 1) & ring
            continue
        node = _pop(pool, buckets, slot)
        entries -= 1
        start = times[node]
        if start < 0:
            continue
        times[node] = ~start
        for arc in range(graph.indptr[node], graph.indptr[node + 1]):
            head = graph.arcs[arc, 0]
            time = start + graph.arcs[arc, 1]
            known = times[head]
            if time >= known ^ (known >> 31):
                continue
            times[head] = time
            if known > limit:
                reached[count] = head
                count += 1
            elif known >= 0 and known >> shift == time >> shift:
                continue
            _push(pool, buckets, (time >> shift) & ring, head)
            entries += 1
    return count


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _push(pool: Ints, buckets: Ints, slot: int, node: int) -> None:
    """Put a node in front of a bucket."""
    entry = pool[0, NEXT]
    unused = pool[entry, NEXT]
    pool[0, NEXT] = unused if unused != 0 else entry + 1
    pool[entry, NODE] = node
    pool[entry, NEXT] = buckets[slot]
    buckets[slot] = entry


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _pop(pool: Ints, buckets: Ints, slot: int) -> int:
    """Take the first node out of a bucket."""
    entry = buckets[slot]
    buckets[slot] = pool[entry, NEXT]
    pool[entry, NEXT] = pool[0, NEXT]
    pool[0, NEXT] = entry
    return pool[entry, NODE]  # type: ignore[no-any-return]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _mark(targets: Targets, scratch: Scratch, reached: int) -> tuple[int, int, int]:
    """Set the bits of all targets on reached nodes; return their number and the words touched."""
    words = scratch.words
    pairs = 0
    low = len(words)
    high = -1
    for place in range(reached):
        target = targets.first[scratch.reached[place]]
        while target >= 0:
            word = target >> 5
            words[word] |= 1 << (target & 31)
            low = min(low, word)
            high = max(high, word)
            pairs += 1
            target = targets.following[target]
    return pairs, low, high


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _list(
    targets: Targets, scratch: Scratch, low: int, high: int, found: Ints, times: Ints, filled: int
) -> int:
    """Write the marked targets and their times in ascending order, and clear the marks."""
    words = scratch.words
    for word in range(low, high + 1):
        bits = words[word]
        words[word] = 0
        while bits != 0:
            lowest = bits & -bits
            bits ^= lowest
            target = (word << 5) + BIT_OF_POWER[lowest % 37]
            found[filled] = target
            times[filled] = ~scratch.times[targets.node[target]]
            filled += 1
    return filled


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _grown(array: Ints, filled: int, room: int) -> Ints:
    """Copy an array into a larger one."""
    larger = np.empty(room, np.int32)
    larger[:filled] = array[:filled]
    return larger
