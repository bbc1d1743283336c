"""Corridors that join the pieces of a grid over ground where nobody else has demand."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from optimizer.districts.tessellation import Tessellation

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LONGEST_M = 1500.0
"""A corridor leads at most so far over the ground of others."""
OWN_GROUND = 0.01
"""Over its own ground a metre of corridor counts as this share of a metre."""


def join_pieces(tessellation: Tessellation, label: Longs, fixed: Flags) -> Longs:
    """Lay corridors from pieces with demand to the rest of their grid, where that helps.

    Roads cross over and under each other, so that a corridor of one grid may cut another one: it
    is laid only if fewer pieces with demand are left than before.

    Parameters
    ----------
    tessellation
        Of the roads.
    label
        Grid of each road point, shape (k,).
    fixed
        Points that stay with their grid, shape (k,).

    Returns
    -------
    Grid of each road point, shape (k,).
    """
    one, other = tessellation.pair[tessellation.is_wide].T
    length_m = np.hypot(*(tessellation.point[one] - tessellation.point[other]).T)
    size = (len(label), len(label))
    ways = csr_array((length_m, (one, other)), size)
    ways = (ways + ways.T).tocsr()
    same = label[one] == label[other]
    links = csr_array((length_m[same], (one[same], other[same])), size)
    piece = connected_components(links, directed=False)[1]
    lone, home = _lone_points(label, piece, fixed)
    ground = _Ground(ways.indptr, ways.indices, ways.data, label.copy(), fixed)
    k = len(label)
    scratch = _Scratch(
        np.zeros(k, np.int64), np.empty(k, np.int64), np.full(k, np.inf), np.empty(k, np.int64)
    )
    _lay(ground, scratch, lone, home)
    return ground.label


def _lone_points(label: Longs, piece: Ints, fixed: Flags) -> tuple[Longs, Longs]:
    """Find a fixed point of each piece, and one of the main piece of its grid: most fixed points.

    Returns
    -------
    Points of the pieces that are not the main one of their grid, and of that, equal shapes.
    """
    points = np.flatnonzero(fixed)
    _, first, count = np.unique(piece[points], return_index=True, return_counts=True)
    point = points[first]  # one of each piece
    order = np.lexsort([point, -count, label[point]])
    point = point[order]
    grids, main = np.unique(label[point], return_index=True)
    home = point[main][np.searchsorted(grids, label[point])]
    return point[point != home], home[point != home]


class _Ground(NamedTuple):
    """Points that are next to each other, and whose they are; labels change as it goes on."""

    indptr: Ints
    neighbour: Ints
    length_m: Floats
    label: Longs
    fixed: Flags


class _Scratch(NamedTuple):
    """Marks of floods, points still to be looked at, and the best known way to every point."""

    mark: Longs
    queue: Longs
    way_m: Floats
    before: Longs


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _lay(ground: _Ground, scratch: _Scratch, lone: Longs, home: Longs) -> None:
    """Try a corridor for each lone point; change the labels along those that help."""
    label, stamp = ground.label, 1
    for at in range(len(lone)):
        _flood(ground, scratch, home[at], stamp)
        if scratch.mark[lone[at]] == stamp:
            stamp += 1
            continue  # joined by a corridor laid before
        way = _corridor(ground, scratch, lone[at], stamp)
        old = label[way]
        pieces, stamp = _held_pieces(ground, scratch, way, stamp + 1)
        label[way] = label[lone[at]]
        left, stamp = _held_pieces(ground, scratch, way, stamp)
        if left >= pieces:
            label[way] = old


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _flood(ground: _Ground, scratch: _Scratch, start: int, stamp: int) -> bool:
    """Mark the piece around a point; tell whether it holds a fixed point."""
    mark, queue, label = scratch.mark, scratch.queue, ground.label
    mark[start] = stamp
    queue[0] = start
    size, done, held = 1, 0, False
    while done < size:
        point = queue[done]
        done += 1
        held = held or ground.fixed[point]
        for other in ground.neighbour[ground.indptr[point] : ground.indptr[point + 1]]:
            if label[other] == label[start] and mark[other] != stamp:
                mark[other] = stamp
                queue[size] = other
                size += 1
    return held


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _held_pieces(ground: _Ground, scratch: _Scratch, way: Longs, stamp: int) -> tuple[int, int]:
    """Count the pieces with fixed points on a way and beside it; give the next free stamp too."""
    first, pieces = stamp, 0
    for point in way:
        if scratch.mark[point] < first:
            pieces += _flood(ground, scratch, point, stamp)
            stamp += 1
        for other in ground.neighbour[ground.indptr[point] : ground.indptr[point + 1]]:
            if scratch.mark[other] < first:
                pieces += _flood(ground, scratch, other, stamp)
                stamp += 1
    return pieces, stamp


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _corridor(ground: _Ground, scratch: _Scratch, start: int, goal: int) -> Longs:
    """Find the shortest way to a marked point past all fixed points of others; empty if none."""
    label, way_m, before = ground.label, scratch.way_m, scratch.before
    way_m[start], before[start] = 0.0, -1
    heap, seen, size = [(0.0, np.int64(start))], [np.int64(start)], 0
    while len(heap) > 0:
        length, point = heappop(heap)
        if scratch.mark[point] == goal:
            while point >= 0:
                scratch.queue[size] = point
                size += 1
                point = before[point]
            break
        if length > way_m[point]:
            continue
        for place in range(ground.indptr[point], ground.indptr[point + 1]):
            other = np.int64(ground.neighbour[place])
            own = label[other] == label[start]
            if ground.fixed[other] and not own:
                continue
            share = OWN_GROUND if own and label[point] == label[start] else 1.0
            longer = length + ground.length_m[place] * share
            if longer < way_m[other] and longer < LONGEST_M:
                way_m[other], before[other] = longer, point
                seen.append(other)
                heappush(heap, (longer, other))
    for point in seen:
        way_m[point] = np.inf
    return scratch.queue[:size].copy()
