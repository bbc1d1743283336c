"""Grids that hang together along the roads and on the map: stray ground goes to whoever it fits.

Each grid keeps what its platform can get to through it both ways. The rest is taken by those whom
it lies beside on the map and along the roads, nearest first, alone or as ground that hangs together
both ways. What then nobody can take, as the end of a bridge that leads over the ground of others,
is given away together with the units on the way there.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np
from numba import njit
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from optimizer.districts.connect import grown
from optimizer.districts.ground import Floats, Ground, Ints, Longs
from optimizer.districts.lay import Flags, Lay, parts

FREE = -1
MOST_STRAYS, TRIED = 20, 80_000
"""For so many parts of stray ground ways are looked for; for fewer if there are more units."""


class _Land(NamedTuple):
    """One group's ground: who is next to whom along the roads, on the map, and both."""

    ground: Ground
    roads: csr_array
    beside: csr_array
    both: csr_array
    has_ground: Flags


def mended(ground: Ground, labels: Ints, lay: Lay) -> Ints:
    """Give stray ground of one group to other grids, as far as ways to it are found.

    Loads are left to a search that goes on from there.

    Parameters
    ----------
    labels
        Platform of each unit, shape (U,); all grids are connected along the roads.
    lay
        Of the group's units.

    Returns
    -------
    Platform of each unit, shape (U,), connected along the roads; on the map no grid has more
    stray ground than before.
    """
    count = ground.unit_count
    roads, beside = ground.adjacency.tocsr(), lay.beside_m[:count][:, :count].tocsr()
    both = roads.multiply(beside > 0).tocsr()
    land = _Land(ground, roads, beside, both, lay.has_ground)
    found = _given(land, _led_back(land, labels))
    whole = grown(ground, found, ground.travel_s)
    return whole if lay.faults(whole) < lay.faults(labels) else labels


def _led_back(land: _Land, labels: Ints) -> Ints:
    """Give grids the ground on the way to stray ground of their own, where less is moved so."""
    core = _core(land, labels)
    strays = [
        clump
        for owner in range(land.ground.platform_count)
        for clump in _clumps(land, (core == FREE) & (labels == owner))
    ]
    strays.sort(key=lambda clump: -float(land.ground.calls[clump].sum()))
    best, least = labels, _worth(land, labels, _regrown(land, labels))
    for stray in strays[: _most_strays(land)]:
        owner = labels[stray[0]]
        for adjacency in (land.both, land.beside):
            way = _way(land, adjacency, stray, np.flatnonzero(core == owner))
            trial = best.copy()
            trial[stray] = trial[way] = owner
            worth = _worth(land, labels, _regrown(land, trial))
            if worth < least:
                best, least = trial, worth
    return best


def _given(land: _Land, labels: Ints) -> Ints:
    """Give all stray ground away, as far as somebody can be found; free where nobody is."""
    found = _regrown(land, labels)
    hopeless = np.zeros(len(labels), dtype=bool)
    for _ in range(_most_strays(land)):
        clumps = _clumps(land, (found == FREE) & ~hopeless)
        if not clumps:
            break
        trials = [_regrown(land, trial) for trial in _given_away(land, found, clumps[0])]
        best = min(trials, key=lambda trial: _worth(land, labels, trial), default=found)
        if (best == FREE).sum() < (found == FREE).sum():
            found = best
        else:
            hopeless[clumps[0]] = True
    return found


def _most_strays(land: _Land) -> int:
    return min(MOST_STRAYS, TRIED // land.ground.unit_count)


def _worth(land: _Land, labels: Ints, found: Ints) -> tuple[int, float]:
    """Rank what was found, the least first: units nobody has, then calls that changed hands."""
    return int((found == FREE).sum()), float(land.ground.calls[found != labels].sum())


def _regrown(land: _Land, labels: Ints) -> Ints:
    """Take stray ground away and let others take it, as far as they can; free where nobody can."""
    found = _core(land, labels)
    roads, beside = land.roads, land.beside
    while True:
        _grow(
            roads.indptr, roads.indices, beside.indptr, beside.indices, land.has_ground, found,
            np.ascontiguousarray(land.ground.travel_s),
        )  # fmt: skip
        taken = False
        for clump in _clumps(land, found == FREE):
            owners = np.intersect1d(
                _owners(land.roads, found, clump), _owners(land.beside, found, clump)
            )
            if len(owners):
                travel_s = land.ground.travel_s[np.ix_(owners, clump)].sum(axis=1)
                found[clump] = owners[travel_s.argmin()]
                taken = True
        if not taken:
            return found


def _core(land: _Land, labels: Ints) -> Ints:
    """Keep what hangs together with its platform along the roads and on the map; free the rest."""
    found, seed = np.array(labels, dtype=np.int32), land.ground.seed
    left = -1
    while left != (left := int((found == FREE).sum())):
        for adjacency, counts in ((land.beside, land.has_ground), (land.roads, True)):
            part = parts(adjacency, found)
            found[(found != FREE) & (part != part[seed][found]) & counts] = FREE
    return found


def _clumps(land: _Land, free: Flags) -> list[Ints]:
    """Part free ground into what hangs together along the roads and on the map."""
    unit = np.flatnonzero(free & land.has_ground)
    key = np.zeros(len(unit), dtype=np.int32)
    ways = [adjacency[unit][:, unit] for adjacency in (land.roads, land.beside)]
    count = -1
    while count != (count := len(np.unique(key))):
        for adjacency in ways:
            key = parts(adjacency, key)
    return [unit[key == one] for one in np.unique(key)]


def _owners(adjacency: csr_array, labels: Ints, units: Ints) -> Ints:
    """List the grids beside some units."""
    owners = np.unique(labels[adjacency[units].indices])
    return np.asarray(owners[owners != FREE], dtype=np.int32)


def _given_away(land: _Land, labels: Ints, stray: Ints) -> Iterator[Ints]:
    """Give stray ground to each grid beside it, with the units on the shortest ways there."""
    owners = np.union1d(_owners(land.roads, labels, stray), _owners(land.beside, labels, stray))
    for owner in owners:
        for adjacency in (land.both, land.roads, land.beside):
            way = _way(land, adjacency, stray, np.flatnonzero(labels == owner))
            if len(way):
                trial = labels.copy()
                trial[stray] = trial[way] = owner
                yield trial


def _way(land: _Land, adjacency: csr_array, start: Ints, goal: Longs) -> Longs:
    """Find the way that leads past the fewest units and calls, and past no platform."""
    calls, seed = land.ground.calls, land.ground.seed
    weight = calls + max(float(calls.mean()), 1e-9)
    pairs = adjacency.tocoo()
    passed = ~np.isin(pairs.row, seed)
    ways = csr_array(
        (weight[pairs.col[passed]], (pairs.row[passed], pairs.col[passed])), adjacency.shape
    )
    length, before, _ = dijkstra(
        ways, indices=start, min_only=True, return_predecessors=True
    )  # fmt: skip
    at = int(goal[length[goal].argmin()])
    way: list[int] = []
    while np.isfinite(length[at]) and length[at] > 0:
        way.append(at)
        at = int(before[at])
    return np.array(way, dtype=np.int64)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _grow(
    indptr: Ints,
    neighbour: Ints,
    beside_indptr: Ints,
    beside: Ints,
    has_ground: Flags,
    labels: Ints,
    travel_s: Floats,
) -> None:
    """Let grids take the free units beside them both ways, in the order of their travel."""
    heap = [(0.0, np.int64(0), np.int64(0))]
    heap.pop()
    for start in range(len(labels)):
        if labels[start] >= 0:
            _offer(heap, indptr, neighbour, labels, travel_s, start)
            _offer(heap, beside_indptr, beside, labels, travel_s, start)
    while len(heap) > 0:
        _, owner, unit = heappop(heap)
        if (
            labels[unit] < 0
            and _is_at(indptr, neighbour, labels, unit, owner)
            and (not has_ground[unit] or _is_at(beside_indptr, beside, labels, unit, owner))
        ):
            labels[unit] = owner
            _offer(heap, indptr, neighbour, labels, travel_s, unit)
            _offer(heap, beside_indptr, beside, labels, travel_s, unit)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _offer(heap, indptr, neighbour, labels, travel_s, unit) -> None:  # type: ignore[no-untyped-def]
    """Put the free units beside one that is owned into the queue."""
    owner = labels[unit]
    for free in neighbour[indptr[unit] : indptr[unit + 1]]:
        if labels[free] < 0:
            heappush(heap, (travel_s[owner, free], np.int64(owner), np.int64(free)))


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _is_at(indptr: Ints, neighbour: Ints, labels: Ints, unit: int, owner: int) -> bool:
    return bool((labels[neighbour[indptr[unit] : indptr[unit + 1]]] == owner).any())
