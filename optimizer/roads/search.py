"""The compiled heart of travel times: a truncated search from one node after the other.

Dial's bucket queue with buckets wider than the clock: nodes wait in buckets of ``2 ** shift``
milliseconds; inside a bucket they are scanned in any order and scanned again when a shorter way
turns up, so the times stay exact. The buckets form a ring that only spans the longest arc, and a
node's time and its place in the queue share one 16-byte record, so each look at a node costs one
line of the cache.

Source: Dial (1969), Algorithm 360, doi:10.1145/363269.363610; Cherkassky, Goldberg and Radzik
(1996), doi:10.1007/BF02592101.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

UNREACHED = np.int32(2**31 - 1)
TIME, NEXT, PREVIOUS, WANTED = range(4)

WORD_BITS = 32
BIT_OF_POWER = np.zeros(37, dtype=np.int64)  # 2 ** k has a different rest by 37 for every k < 36
BIT_OF_POWER[[pow(2, k, 37) for k in range(WORD_BITS)]] = np.arange(WORD_BITS)


@njit(cache=True, nogil=True, inline="never")  # type: ignore[untyped-decorator]
def search(
    indptr: Longs,
    arcs: Ints,
    source: int,
    limit_ms: int,
    shift: int,
    records: Ints,
    buckets: Ints,
    reached: Ints,
) -> int:
    """Find everything within the limit of one source.

    Parameters
    ----------
    indptr, arcs
        Arcs of node u are the rows ``indptr[u]:indptr[u + 1]`` of ``arcs``, (head, milliseconds).
    records
        Shape (n, 4); the times must be ``UNREACHED``. A reached node's time t is left as ``~t``.
    buckets
        A power of two of them, more than the longest arc spans plus one, all -1; left so.
    reached
        Shape (n,); its first r entries are filled with the nodes reached.

    Returns
    -------
    r, the number of nodes reached.
    """
    ring = len(buckets) - 1
    records[source, TIME] = 0
    records[source, NEXT] = -1
    records[source, PREVIOUS] = -1
    buckets[0] = source
    reached[0] = source
    count = 1
    waiting = 1
    bucket = 0
    while waiting > 0:
        slot = bucket & ring
        node = buckets[slot]
        while node >= 0:
            following = records[node, NEXT]
            buckets[slot] = following
            if following >= 0:
                records[following, PREVIOUS] = -1
            start = records[node, TIME]
            records[node, TIME] = ~start
            waiting -= 1
            for arc in range(indptr[node], indptr[node + 1]):
                time = start + arcs[arc, 1]
                head = arcs[arc, 0]
                known = records[head, TIME]
                if time > limit_ms or time >= known ^ (known >> 31):
                    continue
                if known == UNREACHED:
                    reached[count] = head
                    count += 1
                    waiting += 1
                elif known < 0:
                    waiting += 1
                else:
                    if known >> shift == time >> shift:
                        records[head, TIME] = time
                        continue
                    before = records[head, PREVIOUS]
                    after = records[head, NEXT]
                    if before >= 0:
                        records[before, NEXT] = after
                    else:
                        buckets[(known >> shift) & ring] = after
                    if after >= 0:
                        records[after, PREVIOUS] = before
                place = (time >> shift) & ring
                first = buckets[place]
                records[head, TIME] = time
                records[head, NEXT] = first
                records[head, PREVIOUS] = -1
                if first >= 0:
                    records[first, PREVIOUS] = head
                buckets[place] = head
            node = buckets[slot]
        bucket += 1
    return count


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def search_block(
    indptr: Longs,
    arcs: Ints,
    sources: Ints,
    limit_ms: int,
    shift: int,
    records: Ints,
    buckets: Ints,
    reached: Ints,
    first_target: Longs,
    targets: Ints,
    target_node: Ints,
    words: Longs,
) -> tuple[Longs, Ints, Ints]:
    """Search from several sources and list the targets that each reaches, in ascending order.

    Parameters
    ----------
    first_target, targets
        Targets on node u are ``targets[first_target[u]:first_target[u + 1]]``.
    target_node
        Node of every target.
    words
        One bit for each target, 32 to a word, all 0; left so.

    Returns
    -------
    Number of targets of each source, and for each pair the target and the milliseconds.
    """
    room = 1 << 16
    found = np.empty(room, np.int32)
    times = np.empty(room, np.int32)
    counts = np.zeros(len(sources), np.int64)
    filled = 0
    for row in range(len(sources)):
        count = search(indptr, arcs, sources[row], limit_ms, shift, records, buckets, reached)
        pairs = 0
        low = len(words)
        high = -1
        for place in range(count):
            node = reached[place]
            if records[node, WANTED] == 0:
                continue
            for entry in range(first_target[node], first_target[node + 1]):
                target = targets[entry]
                word = target >> 5
                words[word] |= 1 << (target & 31)
                low = min(low, word)
                high = max(high, word)
                pairs += 1
        if filled + pairs > room:
            room = 2 * (filled + pairs)
            more_found = np.empty(room, np.int32)
            more_times = np.empty(room, np.int32)
            more_found[:filled] = found[:filled]
            more_times[:filled] = times[:filled]
            found = more_found
            times = more_times
        for word in range(low, high + 1):
            bits = words[word]
            words[word] = 0
            while bits != 0:
                lowest = bits & -bits
                bits ^= lowest
                target = (word << 5) + BIT_OF_POWER[lowest % 37]
                found[filled] = target
                times[filled] = ~records[target_node[target], TIME]
                filled += 1
        for place in range(count):
            records[reached[place], TIME] = UNREACHED
        counts[row] = pairs
    return counts, found[:filled].copy(), times[:filled].copy()
