"""Pieces of ground that lie off from their own grid, and whose they become."""

from __future__ import annotations

import heapq

import numpy as np
import shapely
from numpy.typing import NDArray

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Objects = NDArray[np.object_]


def absorb_pieces(
    faces: Objects, label: NDArray[np.integer], kept: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Give every piece that is not kept to the neighbour with the longest common border.

    Parameters
    ----------
    faces
        Polygons that meet in whole edges, shape (f,).
    label
        Grid of each, shape (f,).
    kept
        Pieces that stay with their grid, shape (f,).

    Returns
    -------
    Grid of each face, shape (f,); the smallest pieces went first.
    """
    border_m: list[dict[int, float]] = [{} for _ in range(len(faces))]
    for face, other, length_m in zip(*shared_borders(faces), strict=True):
        border_m[face][other] = border_m[other][face] = length_m
    area = shapely.area(faces)
    queue = [(float(area[face]), int(face)) for face in np.flatnonzero(~kept)]
    heapq.heapify(queue)
    members = [[face] for face in range(len(faces))]
    grid = np.array(label, dtype=np.int64)
    while queue:
        _, face = heapq.heappop(queue)
        if not border_m[face]:
            continue  # an island of its own
        to = max(border_m[face], key=lambda other: (border_m[face][other], -other))
        for other, length_m in border_m[face].items():
            del border_m[other][face]
            if other != to:
                border_m[to][other] = border_m[other][to] = border_m[to].get(other, 0) + length_m
        members[to] += members[face]
        grid[members[face]] = grid[to]
    return grid


def shared_borders(faces: Objects) -> tuple[list[int], list[int], list[float]]:
    """Find the faces that share edges: first < second, and the length that they share, metres.

    Parameters
    ----------
    faces
        Polygons that meet in whole edges, shape (f,).
    """
    rings, of_face = shapely.get_rings(faces, return_index=True)
    corner, of_ring = shapely.get_coordinates(rings, return_index=True)
    follows = np.flatnonzero(of_ring[1:] == of_ring[:-1])
    edge = np.sort(_numbered(corner)[np.column_stack([follows, follows + 1])], axis=1)
    length_m = np.hypot(*(corner[follows + 1] - corner[follows]).T)
    face = of_face[of_ring[follows]]
    order = np.lexsort([face, edge[:, 1], edge[:, 0]])
    same = np.flatnonzero((edge[order[1:]] == edge[order[:-1]]).all(axis=1))
    first, second = face[order[same]], face[order[same + 1]]
    pair, of_edge = np.unique(first * len(faces) + second, return_inverse=True)
    total_m = np.bincount(of_edge, length_m[order[same]], minlength=len(pair))
    return (pair // len(faces)).tolist(), (pair % len(faces)).tolist(), total_m.tolist()


def _numbered(corner: Floats) -> Longs:
    """Give equal corners equal numbers, shape (c,)."""
    _, number = np.unique(corner, axis=0, return_inverse=True)
    return np.asarray(number, dtype=np.int64).reshape(-1)
