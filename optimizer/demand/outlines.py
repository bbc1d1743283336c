"""Outlines of clusters: compact polygons without hair."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Polygons = NDArray[np.object_]

ROUND = 4
"""Segments per quarter circle of a rounded corner."""


def outline(centres: Floats, cell_m: float) -> Polygons:
    """Draw the polygons around a set of square cells.

    The union of the cells is closed over gaps of one cell, necks thinner than two thirds of a cell
    are cut, corners rounded, and small holes filled. Sets of cells that do not touch become several
    polygons.

    Parameters
    ----------
    centres
        Centres of the cells, metres, shape (k, 2).
    cell_m
        Edge of a cell, metres.

    Returns
    -------
    Array of Polygons, largest first.
    """
    half, corner_m = cell_m / 2, cell_m / 3
    boxes = shapely.box(*(centres - half).T, *(centres + half).T)
    grown = shapely.union_all(boxes).buffer(half, quad_segs=ROUND)
    opened = grown.buffer(-half - corner_m, quad_segs=ROUND).buffer(corner_m, quad_segs=ROUND)
    rounded = opened.simplify(cell_m / 20)
    parts = shapely.get_parts(rounded)
    filled = np.array([_without_small_holes(part, 4 * cell_m**2) for part in parts], object)
    return filled[np.argsort(-shapely.area(filled), kind="stable")]


def _without_small_holes(polygon: Any, area_m2: float) -> Any:
    holes = [hole for hole in polygon.interiors if shapely.Polygon(hole).area > area_m2]
    return shapely.Polygon(polygon.exterior, holes)
