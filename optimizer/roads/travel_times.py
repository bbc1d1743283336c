"""Travel times over the roads: from many sources to many targets, and to everywhere."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from optimizer.roads.network import RoadNetwork
from optimizer.roads.search import Graph, Scratch, Targets, new_scratch, search_block

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

BLOCK = 64
TICKS_PER_S = 100_000
"""Times are added up in whole hundredths of a millisecond: a way of a hundred roads is off by less
than half a millisecond, the finest that standards are compared in."""
EVERYWHERE = 2**31 - 2
HALF_MS_S = 0.0005


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class TravelTimes:
    """Who reaches whom within a limit, as a sparse matrix by rows; every array is read-only.

    A pair that is not listed takes longer than the limit; a listed time of 0 is a true zero.

    Parameters
    ----------
    indptr
        Row of source i is ``indptr[i]:indptr[i + 1]``, shape (m + 1,).
    target
        Index into the targets, ascending in each row, shape (nnz,).
    travel_s
        Seconds from the source to the target, shape (nnz,).
    """

    indptr: Longs
    target: Ints
    travel_s: NDArray[np.float32]

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            getattr(self, field.name).setflags(write=False)

    def table(self, targets: int) -> Floats:
        """Write the times of a few sources and targets out; inf beyond the limit, shape (m, k)."""
        table = np.full((len(self.indptr) - 1, targets), np.inf)
        table[np.repeat(np.arange(len(table)), np.diff(self.indptr)), self.target] = self.travel_s
        return table


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class NearestSource:
    """The two sources from which each node is reached soonest; every array is read-only.

    Parameters
    ----------
    source, second_source
        Index into the sources, shape (n,); -1 where there is none.
    travel_s, second_travel_s
        Seconds from them to the node, shape (n,); inf where there is none.
    """

    source: Ints
    travel_s: Floats
    second_source: Ints
    second_travel_s: Floats

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            frozen = getattr(self, field.name).copy()
            frozen.setflags(write=False)
            object.__setattr__(self, field.name, frozen)


def travel_times(
    network: RoadNetwork,
    source_node: NDArray[np.integer],
    target_node: NDArray[np.integer],
    limit_s: float,
    workers: int = 2,
) -> TravelTimes:
    """Time the way from every source to every target within a limit.

    Parameters
    ----------
    network
        The roads.
    source_node, target_node
        Road nodes, shapes (m,) and (k,); a node may be named more than once.
    limit_s
        Longest travel time of interest, seconds; a way of this time, to half a millisecond, is
        listed.
    workers
        Threads; the result does not depend on them.

    Raises
    ------
    ValueError
        A node does not exist.
    """
    sources = _nodes(source_node, network)
    engine = _Engine(
        network, _nodes(target_node, network), round((limit_s + HALF_MS_S) * TICKS_PER_S)
    )
    order = np.argsort(sources, kind="stable")  # neighbours one after the other: a warm cache
    blocks = [sources[order[start : start + BLOCK]] for start in range(0, len(order), BLOCK)]
    if workers <= 1 or len(blocks) <= 1:
        return _joined(map(engine.run, blocks), order)
    with ThreadPoolExecutor(workers) as pool:
        return _joined(pool.map(engine.run, blocks), order)


def nearest_source(
    network: RoadNetwork, source_node: NDArray[np.integer], workers: int = 2
) -> NearestSource:
    """Find, for every node, the two sources that reach it soonest; ties go to the first source.

    Raises
    ------
    ValueError
        A node does not exist.
    """
    sources = _nodes(source_node, network)
    n = network.node_count
    engine = _Engine(network, np.arange(n, dtype=np.int32), EVERYWHERE)
    best = np.full((2, n), np.inf)
    who = np.full((2, n), -1, dtype=np.int32)
    with ThreadPoolExecutor(workers) as pool:
        blocks = pool.map(engine.run, np.split(sources, len(sources)) if len(sources) else [])
        for index, (_, node, ticks) in enumerate(blocks):
            time = np.full(n, np.inf)
            time[node] = ticks / TICKS_PER_S
            first, second = time < best[0], time < best[1]
            best[1] = np.where(first, best[0], np.where(second, time, best[1]))
            who[1] = np.where(first, who[0], np.where(second, index, who[1]))
            best[0][first] = time[first]
            who[0][first] = index
    return NearestSource(who[0], best[0], who[1], best[1])


class _Engine:
    """The network laid out for the search, with scratch memory for every thread."""

    def __init__(self, network: RoadNetwork, target_node: Ints, limit: int) -> None:
        n = network.node_count
        tail, head = network.tail, network.head
        ticks = np.minimum(np.rint(network.travel_ms * (TICKS_PER_S / 1000)), EVERYWHERE)
        ticks = ticks.astype(np.int32)
        if (tail[1:] < tail[:-1]).any():
            by_tail = np.argsort(tail, kind="stable")
            head, ticks = head[by_tail], ticks[by_tail]
        indptr = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=n))])
        self._graph = Graph(indptr.astype(np.int64), np.column_stack([head, ticks]))
        self._targets = _by_node(target_node, n)
        self._limit = min(limit, EVERYWHERE)
        self._shift, self._bucket_count = _bucket_shape(ticks, self._limit)
        self._of_thread = threading.local()

    def run(self, sources: Ints) -> tuple[Longs, Ints, Ints]:
        """Search from some sources: targets of each, and for each pair target and ticks."""
        counts, target, ticks = search_block(
            self._graph, self._targets, self._scratch(), sources, self._limit, self._shift
        )
        return counts, target, ticks

    def _scratch(self) -> Scratch:
        if not hasattr(self._of_thread, "scratch"):
            count = len(self._targets.node)
            self._of_thread.scratch = new_scratch(
                self._graph, count, self._bucket_count, self._limit
            )
        scratch: Scratch = self._of_thread.scratch
        return scratch


def _nodes(nodes: NDArray[np.integer], network: RoadNetwork) -> Ints:
    array = np.asarray(nodes)
    if len(array) and not (array.min() >= 0 and array.max() < network.node_count):
        message = f"road nodes must lie between 0 and {network.node_count - 1}"
        raise ValueError(message)
    return np.array(array, dtype=np.int32)  # a copy: compiled code knows read-only arrays apart


def _by_node(target_node: Ints, n: int) -> Targets:
    """Link the targets that stand on the same node, the first of them to the node."""
    order = np.argsort(target_node, kind="stable").astype(np.int32)
    node = target_node[order]
    again = node[1:] == node[:-1]
    following = np.full(len(order), -1, dtype=np.int32)
    following[order[:-1][again]] = order[1:][again]
    first = np.full(n, -1, dtype=np.int32)
    leads = np.concatenate([[True], ~again])[: len(order)]
    first[node[leads]] = order[leads]
    return Targets(target_node, first, following)


def _bucket_shape(ticks: Ints, limit: int) -> tuple[int, int]:
    """Choose the width of a bucket, as a power of two of ticks, and their number."""
    usable = ticks[ticks <= limit]
    if len(usable) == 0:
        return 0, 2
    shift = max(int(np.median(usable)).bit_length() - 2, 0)  # the flat optimum, by measurement
    spanned = (int(usable.max()) >> shift) + 2
    return shift, 1 << spanned.bit_length()


def _joined(blocks: Iterator[tuple[Longs, Ints, Ints]], order: NDArray[np.intp]) -> TravelTimes:
    """Lay the rows of the blocks out in the order of the sources, letting go of each block."""
    found = [
        (counts, target, (ticks / TICKS_PER_S).astype(np.float32))
        for counts, target, ticks in blocks
    ]
    size = np.zeros(len(order), dtype=np.int64)
    if found:
        size[order] = np.concatenate([counts for counts, _, _ in found])
    indptr = np.concatenate([[0], np.cumsum(size)])
    target = np.empty(indptr[-1], dtype=np.int32)
    travel_s = np.empty(indptr[-1], dtype=np.float32)
    row = len(order)
    while found:
        counts, some_target, some_time = found.pop()
        row -= len(counts)
        starts = indptr[order[row : row + len(counts)]].tolist()
        ends = np.cumsum(counts).tolist()
        for start, begin, end in zip(starts, [0, *ends], ends, strict=False):
            target[start : start + end - begin] = some_target[begin:end]
            travel_s[start : start + end - begin] = some_time[begin:end]
    return TravelTimes(indptr, target, travel_s)
