"""Where the data end, and which roads run on beyond them."""

from __future__ import annotations

import dataclasses

import numpy as np
import scipy  # its parts are loaded when they are first used
import shapely
from numpy.typing import NDArray

from optimizer.checkpoints.streets.street_graph import StreetGraph

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

GAP_M = 500.0
"""Ground this near to a road belongs to the data, if there is data on its other side too."""
EDGE_M = 150.0
"""A road that ends this near to ground without data may run on there."""
CELL_M = 50.0
MOST_CELLS = 1500
"""Cells across the data; larger data have larger cells."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class DataGround:
    """The ground that the roads cover: all of it, with the blocks and lakes between them.

    The ground is what is within ``GAP_M`` of a road, less a rim of as much, with its holes filled
    (a morphological closing), in square cells.

    Parameters
    ----------
    west_m, south_m, cell_m
        Corner and size of the cells.
    depth_m
        Way from each cell to the nearest ground without data, 0 there, shape (rows, columns).
    """

    west_m: float
    south_m: float
    cell_m: float
    depth_m: Floats

    def depth_at(self, x_m: Floats, y_m: Floats) -> Floats:
        """Give the way from places to the nearest ground without data; 0 outside the data."""
        column = np.floor((np.asarray(x_m) - self.west_m) / self.cell_m).astype(np.int64)
        row = np.floor((np.asarray(y_m) - self.south_m) / self.cell_m).astype(np.int64)
        rows, columns = self.depth_m.shape
        known = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        depth = self.depth_m[row.clip(0, rows - 1), column.clip(0, columns - 1)]
        return np.where(known, depth, 0.0)

    def share_beyond(self, outline: shapely.Geometry) -> float:
        """Tell which share of a polygon's circumference lies where there are no data."""
        boundary = shapely.boundary(outline)
        step_m = self.cell_m / 2
        places = shapely.line_interpolate_point(
            boundary, np.arange(0.0, max(boundary.length, step_m), step_m)
        )
        return float((self.depth_at(shapely.get_x(places), shapely.get_y(places)) == 0).mean())


def data_ground(lines: NDArray[np.object_]) -> DataGround:
    """Find the ground that roads cover.

    Parameters
    ----------
    lines
        Planar lines of the roads, shape (l,), at least one.
    """
    west, south, east, north = shapely.total_bounds(lines).tolist()
    cell_m = max(CELL_M, max(east - west, north - south) / MOST_CELLS)
    rim = int(np.ceil(GAP_M / cell_m)) + 2
    west_m, south_m = west - rim * cell_m, south - rim * cell_m
    columns = int((east - west) / cell_m) + 2 * rim + 1
    rows = int((north - south) / cell_m) + 2 * rim + 1
    bare = np.ones((rows, columns), dtype=bool)
    x_m, y_m = shapely.get_coordinates(shapely.segmentize(lines, cell_m)).T
    bare[((y_m - south_m) // cell_m).astype(int), ((x_m - west_m) // cell_m).astype(int)] = False
    depth = scipy.ndimage.distance_transform_edt
    near = depth(bare) * cell_m <= GAP_M
    ground = scipy.ndimage.binary_fill_holes((depth(near) * cell_m > GAP_M) | ~bare)
    return DataGround(west_m, south_m, cell_m, depth(ground) * cell_m)


def road_ends(graph: StreetGraph) -> Mask:
    """Mark the nodes from which no road leads on but the one that a car comes by, shape (n,)."""
    tail, head, n = graph.tail.astype(np.int64), graph.head.astype(np.int64), graph.node_count
    proper = tail != head
    low, high = np.minimum(tail, head)[proper], np.maximum(tail, head)[proper]
    pairs = np.unique(low * n + high)
    legs = np.bincount(np.concatenate([pairs // n, pairs % n]), minlength=n)
    ways_out = np.bincount(tail[proper], minlength=n)
    ways_in = np.bincount(head[proper], minlength=n)
    ends: Mask = (ways_in > 0) & ((legs == 1) | (ways_out == 0))
    return ends


def edge_nodes(graph: StreetGraph, x_m: Floats, y_m: Floats, ground: DataGround) -> Ints:
    """List the nodes at which roads end at the edge of the data, where they may well run on."""
    ends = np.flatnonzero(road_ends(graph))
    depth_m = ground.depth_at(x_m[ends], y_m[ends])
    return ends[depth_m <= EDGE_M + ground.cell_m].astype(np.int32)
