"""Which places lie inside which polygon."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.demand.cells import Cells

Floats = NDArray[np.float64]
Labels = NDArray[np.int32]
Indices = NDArray[np.int64]

NOWHERE = -1
_MIXED = -2


def polygon_of_places(
    cells: Cells, x_m: Floats, y_m: Floats, polygons: NDArray[np.object_]
) -> Labels:
    """Find the polygon of every place, shape (n,); -1: none; the first of several.

    A cell wholly inside one polygon settles all its places at once; only places in cells that an
    outline runs through are looked at one by one.

    Parameters
    ----------
    cells
        Cells of the n places.
    x_m, y_m
        Planar metres, shape (n,).
    polygons
        In the same plane, best first.
    """
    label = np.full(len(cells), NOWHERE, np.int32)
    cell, polygon = _pairs(cells, polygons)
    boxes = _boxes(cells, cell)
    shapely.prepare(polygons)
    touching = np.bincount(cell, minlength=len(cells))
    whole = shapely.contains_properly(polygons[polygon], boxes) & (touching[cell] == 1)
    label[cell] = np.where(whole, polygon, _MIXED)
    of_place: Labels = label[cells.of_place]
    mixed = np.flatnonzero(of_place == _MIXED)
    of_place[mixed] = NOWHERE
    # every mixed place with every polygon that touches its cell, the first polygon last
    start, count = np.cumsum(touching) - touching, touching[cells.of_place[mixed]]
    place = np.repeat(mixed, count)
    nth = np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count)
    candidate = polygon[start[cells.of_place[place]] + nth]
    inside = np.flatnonzero(shapely.intersects_xy(polygons[candidate], x_m[place], y_m[place]))
    of_place[place[inside[::-1]]] = candidate[inside[::-1]]
    return of_place


def _pairs(cells: Cells, polygons: NDArray[np.object_]) -> tuple[Indices, Indices]:
    """Cells and polygons that meet, sorted by cell, then polygon."""
    near = np.zeros(len(cells), bool)
    for west, south, east, north in shapely.bounds(polygons) / cells.cell_m:
        near |= (
            (cells.column >= np.floor(west) - 1)
            & (cells.column <= east)
            & (cells.row >= np.floor(south) - 1)
            & (cells.row <= north)
        )
    candidates = np.flatnonzero(near)
    tree = shapely.STRtree(_boxes(cells, candidates))
    polygon, cell = tree.query(polygons, predicate="intersects")
    order = np.lexsort([polygon, cell])
    return candidates[cell[order]], polygon[order]


def _boxes(cells: Cells, which: Indices) -> NDArray[np.object_]:
    west, south = cells.column[which] * cells.cell_m, cells.row[which] * cells.cell_m
    boxes: NDArray[np.object_] = shapely.box(west, south, west + cells.cell_m, south + cells.cell_m)
    return boxes
