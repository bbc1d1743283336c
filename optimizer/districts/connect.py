"""Grids that hang together: what is cut off from its owner goes to whoever is nearest beside it."""

from __future__ import annotations

import dataclasses
from heapq import heappop, heappush

import numpy as np
from numba import njit
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from optimizer.districts.ground import Floats, Ground, Ints, Longs


def within_reach(ground: Ground) -> Ground:
    """Give units that no platform of their group can get to through it to a group beside them.

    Borders of districts need not follow the roads: a piece of one may only be reached through
    another.
    """
    group = _held(ground, ground.group_of_unit, ground.seed, ground.group_of_platform)
    if (group >= 0).all():
        return ground
    nearest_s = np.stack([
        ground.travel_s[ground.group_of_platform == g].min(axis=0)
        for g in range(ground.group_count)
    ])  # fmt: skip
    return dataclasses.replace(ground, group_of_unit=grown(ground, group, nearest_s))


def connected(ground: Ground, labels: Ints, travel_s: Floats) -> Ints:
    """Keep what each platform can get to through its own ground; give the rest to neighbours.

    Parameters
    ----------
    labels
        Platform of each unit, shape (U,); on a platform's own unit, that platform.
    travel_s
        What counts as near, inf where a platform may not own a unit, shape (p, U).
    """
    own = np.arange(ground.platform_count, dtype=np.int32)
    held = _held(ground, labels, ground.seed, own)
    return held if (held >= 0).all() else grown(ground, held, travel_s)


def grown(ground: Ground, labels: Ints, nearness: Floats) -> Ints:
    """Let the owners take the free units beside their ground, whoever is nearest to one first.

    Parameters
    ----------
    labels
        Owner 0..k-1 of each unit, -1: free, shape (U,).
    nearness
        How near each owner is to each unit, inf where it may not own it, shape (k, U).

    Returns
    -------
    Owner of each unit; still -1 where nobody gets to.
    """
    taken = np.array(labels, dtype=np.int32)
    _grow(ground.indptr, ground.neighbour, taken, np.ascontiguousarray(nearness))
    return taken


def _held(ground: Ground, labels: Ints, seed: Ints, owner: Ints) -> Ints:
    """Take from each owner what no seed of its is connected with: -1 there."""
    unit = np.repeat(np.arange(ground.unit_count), np.diff(ground.indptr))
    within = labels[unit] == labels[ground.neighbour]
    size = (ground.unit_count, ground.unit_count)
    pairs = (unit[within], ground.neighbour[within])
    ones = np.ones(within.sum(), dtype=np.int8)
    part = connected_components(csr_array((ones, pairs), size), directed=False)[1]
    seeded = seed[labels[seed] == owner]
    return np.where(np.isin(part, part[seeded]), labels, -1).astype(np.int32)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _grow(indptr: Longs, neighbour: Ints, labels: Ints, nearness: Floats) -> None:
    """Dijkstra's order, with the nearness of a unit itself as its key."""
    heap = [(0.0, np.int64(0), np.int64(0))]
    heap.pop()
    for start in range(len(labels)):
        if labels[start] >= 0:
            _offer(heap, indptr, neighbour, labels, nearness, start)
    while len(heap) > 0:
        _, owner, unit = heappop(heap)
        if labels[unit] < 0:
            labels[unit] = owner
            _offer(heap, indptr, neighbour, labels, nearness, unit)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _offer(heap, indptr, neighbour, labels, nearness, unit) -> None:  # type: ignore[no-untyped-def]
    """Put the free units beside one that is owned into the queue."""
    owner = labels[unit]
    for place in range(indptr[unit], indptr[unit + 1]):
        free = neighbour[place]
        key = nearness[owner, free]
        if labels[free] < 0 and np.isfinite(key):
            heappush(heap, (key, np.int64(owner), np.int64(free)))
