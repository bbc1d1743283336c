"""Corridors that join the pieces of a grid over ground where nobody else has demand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from optimizer.districts.tessellation import Tessellation

Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]

WINDOW_M = 1500.0
"""A corridor is looked for so far around the piece that it joins to its grid."""
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
    piece = _pieces(tessellation, label)
    for lone in _lone_points(label, piece, fixed):
        home = _main_piece(label[lone], label, piece, fixed)
        if piece[lone] == home:
            continue  # joined by a corridor laid before
        trial = label.copy()
        trial[_corridor(tessellation, label, fixed, piece == piece[lone], piece == home)] = label[
            lone
        ]
        pieces = _pieces(tessellation, trial)
        if len(np.unique(pieces[fixed])) < len(np.unique(piece[fixed])):
            label, piece = trial, pieces
    return label


def _pieces(tessellation: Tessellation, label: Longs) -> Longs:
    """Number the pieces of ground of one label, shape (k,)."""
    one, other = tessellation.pair[tessellation.is_wide].T
    same = label[one] == label[other]
    size = (len(label), len(label))
    links = csr_array((np.ones(same.sum(), np.int8), (one[same], other[same])), size)
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def _lone_points(label: Longs, piece: Longs, fixed: Flags) -> list[int]:
    """Find a point of each piece with fixed points that is not the main piece of its grid."""
    _, first = np.unique(np.where(fixed, piece, -1), return_index=True)
    return [
        point
        for point in first.tolist()
        if fixed[point] and piece[point] != _main_piece(label[point], label, piece, fixed)
    ]


def _main_piece(grid: int, label: Longs, piece: Longs, fixed: Flags) -> int:
    """Find the piece of a grid with the most fixed points."""
    return int(np.bincount(piece[fixed & (label == grid)]).argmax())


def _corridor(
    tessellation: Tessellation, label: Longs, fixed: Flags, start: Flags, goal: Flags
) -> list[int]:
    """Find the points on the shortest way from some points to others past all fixed points.

    Returns
    -------
    The points; none if there is no way.
    """
    point, grid = tessellation.point, label[start.argmax()]
    low, high = point[start].min(axis=0) - WINDOW_M, point[start].max(axis=0) + WINDOW_M
    is_open = ((point > low) & (point < high)).all(axis=1) & (~fixed | (label == grid))
    ground = np.flatnonzero(is_open)
    place = np.cumsum(is_open) - 1
    one, other = tessellation.pair[tessellation.is_wide & is_open[tessellation.pair].all(axis=1)].T
    length_m = np.hypot(*(point[one] - point[other]).T)
    length_m[(label[one] == grid) & (label[other] == grid)] *= OWN_GROUND
    links = csr_array((length_m, (place[one], place[other])), (len(ground), len(ground)))
    way_m, before, _ = dijkstra(
        links, directed=False, indices=np.flatnonzero(start[ground]),
        return_predecessors=True, min_only=True,
    )  # fmt: skip
    ends = np.flatnonzero(goal[ground])
    if not len(ends) or np.isinf(way_m[ends].min()):
        return []
    at, way = int(ends[way_m[ends].argmin()]), []
    while at >= 0:
        way.append(int(ground[at]))
        at = int(before[at])
    return way
