"""Which places lie inside which polygon."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.demand.cells import Cells

Floats = NDArray[np.float64]
Labels = NDArray[np.int32]

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
    boxes = _boxes(cells)
    polygon, cell = shapely.STRtree(boxes).query(polygons, predicate="intersects")
    shapely.prepare(polygons)
    whole = shapely.contains_properly(polygons[polygon], boxes[cell])
    whole &= np.bincount(cell, minlength=len(cells))[cell] == 1
    label[cell] = np.where(whole, polygon, _MIXED)
    of_place_ = label[cells.of_place]
    mixed = np.flatnonzero(of_place_ == _MIXED)
    of_place_[mixed] = _one_by_one(x_m[mixed], y_m[mixed], polygons)
    return of_place_


def _boxes(cells: Cells) -> NDArray[np.object_]:
    west, south = cells.column * cells.cell_m, cells.row * cells.cell_m
    boxes: NDArray[np.object_] = shapely.box(west, south, west + cells.cell_m, south + cells.cell_m)
    return boxes


def _one_by_one(x_m: Floats, y_m: Floats, polygons: NDArray[np.object_]) -> Labels:
    label = np.full(len(x_m), NOWHERE, np.int32)
    for number in reversed(range(len(polygons))):
        west, south, east, north = polygons[number].bounds
        near = np.flatnonzero((x_m >= west) & (x_m <= east) & (y_m >= south) & (y_m <= north))
        inside = shapely.intersects_xy(polygons[number], x_m[near], y_m[near])
        label[near[inside]] = number
    return label
