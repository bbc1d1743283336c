"""Outlines of key patrol zones: the ground around their hotspots, which no two zones share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]

STEP_M = 25.0
"""How closely the edges of hotspots are followed where ground lies between two zones."""
APART_M = 1.0
"""Points between which ground is divided lie on a grid this wide; cells of closer ones fail."""
GRID_M = 0.01
"""Corners are moved to a grid this fine, on which cutting and joining cannot fail."""


def zone_outlines(zones: Sequence[Shapes]) -> tuple[shapely.Geometry, ...]:
    """Draw each zone's convex hull; ground in several hulls goes to the zone nearest to it.

    Parameters
    ----------
    zones
        Outlines of each zone's hotspots, which share no ground with those of others.

    Returns
    -------
    Of each zone: all its hotspots and no ground of another zone; in pieces where another zone lies
    between.
    """
    own = np.array(
        [shapely.union_all(hotspots, grid_size=GRID_M) for hotspots in zones], dtype=object
    )
    hulls = shapely.convex_hull(own)
    one, other = shapely.STRtree(hulls).query(hulls, predicate="intersects")
    shared = np.unique(one[one != other])
    if len(shared):
        ground = _nearest_ground(own[shared], shapely.union_all(hulls))
        for at, near in zip(shared.tolist(), ground, strict=True):
            others = shapely.union_all(np.delete(own, at), grid_size=GRID_M)
            drawn = _areas(shapely.intersection(hulls[at], near, grid_size=GRID_M))
            drawn = shapely.union_all([*drawn, own[at]], grid_size=GRID_M)
            parts = _areas(shapely.difference(drawn, others, grid_size=GRID_M))
            hulls[at] = shapely.union_all(
                parts[shapely.intersects(parts, own[at])], grid_size=GRID_M
            )
    return tuple(hulls)


def _areas(ground: shapely.Geometry) -> Shapes:
    """List the polygons of ground, without the lines and points where it only touches."""
    parts: Shapes = shapely.get_parts(ground)
    return np.asarray(parts[shapely.get_dimensions(parts) == 2], dtype=object)


def _nearest_ground(zones: Shapes, within: shapely.Geometry) -> Shapes:
    """Divide ground by the nearest zone: Voronoi cells of points along the zones' edges."""
    edges = shapely.segmentize(zones, STEP_M)
    corners = np.round(shapely.get_coordinates(edges) / APART_M) * APART_M
    corners, first = np.unique(corners, axis=0, return_index=True)
    zone = np.repeat(np.arange(len(zones)), shapely.get_num_coordinates(edges))[first]
    drawn = shapely.voronoi_polygons(shapely.multipoints(corners), extend_to=within)
    cells = shapely.get_parts(drawn)
    point, cell = shapely.STRtree(cells).query(shapely.points(corners), predicate="intersects")
    owner = np.full(len(cells), -1)  # no cell is without a corner, but for rounding
    owner[cell] = zone[point]
    return np.array(
        [shapely.union_all(cells[owner == at], grid_size=GRID_M) for at in range(len(zones))]
    )
