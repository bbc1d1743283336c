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
EVERYWHERE_MS = 2**30


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
        Seconds from the source to the target, each a whole number of milliseconds, shape (nnz,).
    """

    indptr: Longs
    target: Ints
    travel_s: NDArray[np.float32]

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            getattr(self, field.name).setflags(write=False)


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
        Longest travel time of interest, seconds; a way of exactly this time is listed.
    workers
        Threads; the result does not depend on them.

    Raises
    ------
    ValueError
        A node does not exist.
    """
    sources = _nodes(source_node, network)
    engine = _Engine(network, _nodes(target_node, network), round(limit_s * 1000))
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
    engine = _Engine(network, np.arange(n, dtype=np.int32), EVERYWHERE_MS)
    best = np.full((2, n), np.inf)
    who = np.full((2, n), -1, dtype=np.int32)
    with ThreadPoolExecutor(workers) as pool:
        blocks = pool.map(engine.run, np.split(sources, len(sources)) if len(sources) else [])
        for index, (_, node, time_ms) in enumerate(blocks):
            time = np.full(n, np.inf)
            time[node] = time_ms / 1000
            first, second = time < best[0], time < best[1]
            best[1] = np.where(first, best[0], np.where(second, time, best[1]))
            who[1] = np.where(first, who[0], np.where(second, index, who[1]))
            best[0][first] = time[first]
            who[0][first] = index
    return NearestSource(who[0], best[0], who[1], best[1])


class _Engine:
    """The network laid out for the search, with scratch memory for every thread."""

    def __init__(self, network: RoadNetwork, target_node: Ints, limit_ms: int) -> None:
        n = network.node_count
        tail, head, travel_ms = network.tail, network.head, network.travel_ms
        if (tail[1:] < tail[:-1]).any():
            by_tail = np.argsort(tail, kind="stable")
            head, travel_ms = head[by_tail], travel_ms[by_tail]
        indptr = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=n))])
        self._graph = Graph(indptr.astype(np.int64), np.column_stack([head, travel_ms]))
        self._targets = _by_node(target_node, n)
        self._limit_ms = min(limit_ms, EVERYWHERE_MS)
        self._shift, self._bucket_count = _bucket_shape(travel_ms, self._limit_ms)
        self._of_thread = threading.local()

    def run(self, sources: Ints) -> tuple[Longs, Ints, Ints]:
        """Search from some sources: targets of each, and for each pair target and milliseconds."""
        counts, target, time_ms = search_block(
            self._graph, self._targets, self._scratch(), sources, self._limit_ms, self._shift
        )
        return counts, target, time_ms

    def _scratch(self) -> Scratch:
        if not hasattr(self._of_thread, "scratch"):
            count = len(self._targets.node)
            self._of_thread.scratch = new_scratch(
                self._graph, count, self._bucket_count, self._limit_ms
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


def _bucket_shape(travel_ms: Ints, limit_ms: int) -> tuple[int, int]:
    """Choose the width of a bucket, as a power of two of milliseconds, and their number."""
    usable = travel_ms[travel_ms <= limit_ms]
    if len(usable) == 0:
        return 0, 2
    shift = max(int(np.median(usable)).bit_length() - 2, 0)  # the flat optimum, by measurement
    spanned = (int(usable.max()) >> shift) + 2
    return shift, 1 << spanned.bit_length()


def _joined(blocks: Iterator[tuple[Longs, Ints, Ints]], order: NDArray[np.intp]) -> TravelTimes:
    """Lay the rows of the blocks out in the order of the sources, letting go of each block."""
    found = [
        (counts, target, (time_ms / 1000).astype(np.float32)) for counts, target, time_ms in blocks
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
