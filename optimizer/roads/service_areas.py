"""The ground that is reached in time: nested shapes for maps."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from optimizer.roads.network import RoadNetwork
from optimizer.roads.snap import snap
from optimizer.roads.travel_times import nearest_source

Floats = NDArray[np.float64]
Objects = NDArray[np.object_]

ARC_SEGMENTS = 2
SIMPLIFY_SHARE = 0.15
HOLE_SHARE = 20.0


def service_areas(
    network: RoadNetwork,
    source_node: NDArray[np.integer],
    limits_s: Sequence[float],
    *,
    buffer_m: float = 60.0,
) -> gpd.GeoDataFrame:
    """Draw the ground within each limit of any source, as buffered roads.

    A road that is reached only in part counts up to the point that is reached. Each area holds the
    areas of the shorter limits. Holes smaller than 20 squared buffers are filled.

    Parameters
    ----------
    source_node
        Nodes, shape (m,).
    limits_s
        Travel times, seconds.
    buffer_m
        How far from the road the ground counts as reached.

    Returns
    -------
    ``limit_s`` and planar ``geometry``, one row per limit, shortest first.
    """
    limits = sorted(set(limits_s))
    reach = _Reach(network, nearest_source(network, source_node).travel_s)
    ground: Geometry = shapely.Polygon()
    areas: list[Geometry] = []
    shown: Geometry = shapely.Polygon()
    before = -np.inf
    for limit_s in limits:
        pieces = reach.between(before, limit_s)
        strips = shapely.buffer(pieces, buffer_m, quad_segs=ARC_SEGMENTS)
        ground = shapely.union_all([ground, shapely.union_all(strips)])
        shape = _tidied(ground, buffer_m)
        shown = shapely.union(shown, shape)
        areas.append(shown)
        before = limit_s
    return gpd.GeoDataFrame({"limit_s": limits}, geometry=areas, crs=network.crs)


class _Reach:
    """How far each line is driven from either end by a given time.

    A line without an arc (a loop, or the slower of two between the same nodes) counts as a whole
    as soon as both its ends are reached.
    """

    def __init__(self, network: RoadNetwork, travel_s: Floats) -> None:
        ends = shapely.get_coordinates(shapely.get_point(network.lines, 0))[network.line]
        to_tail, to_head = (
            np.hypot(network.x_m[node] - ends[:, 0], network.y_m[node] - ends[:, 1])
            for node in (network.tail, network.head)
        )
        self._as_drawn = to_tail <= to_head
        self._network = network
        self._start_s = travel_s[network.tail]
        self._travel_s = np.maximum(network.travel_ms, 1) / 1000
        self._bare = np.setdiff1d(np.arange(len(network.lines)), network.line)
        self._bare_s = np.zeros(len(self._bare))
        for vertex in (0, -1):
            x_m, y_m = shapely.get_coordinates(
                shapely.get_point(network.lines[self._bare], vertex)
            ).T
            end_s = travel_s[snap(network, x_m, y_m).node]
            self._bare_s = np.maximum(self._bare_s, end_s)

    def between(self, before_s: float, limit_s: float) -> Objects:
        """Return the pieces of road that are reached within a limit but not before another."""
        old_left, old_right = self._shares(before_s)
        left, right = self._shares(limit_s)
        whole = left + right >= 1
        was_whole = old_left + old_right >= 1
        left, right = np.where(whole, 1 - old_right, left), np.where(whole, old_right, right)
        lines = self._network.lines
        fresh = whole & (old_left + old_right <= 0) & ~was_whole
        pieces = [lines[fresh]]
        for begin, end in ((old_left, left), (1 - right, 1 - old_right)):
            some = np.flatnonzero((end > begin) & ~fresh & ~was_whole)
            pieces.append(_cut(lines[some], begin[some], end[some]))
        return np.concatenate(pieces)

    def _shares(self, limit_s: float) -> tuple[Floats, Floats]:
        """Return the shares of each line reached from its beginning and from its end."""
        count = len(self._network.lines)
        share = np.clip((limit_s - self._start_s) / self._travel_s, 0, 1)
        left, right = np.zeros(count), np.zeros(count)
        for side, drawn in ((left, self._as_drawn), (right, ~self._as_drawn)):
            np.maximum.at(side, self._network.line[drawn], share[drawn])
        left[self._bare] = self._bare_s <= limit_s
        return left, right


def _cut(lines: Objects, begin: Floats, end: Floats) -> Objects:
    """Cut a piece out of each line, between two shares of its length."""
    length = shapely.length(lines)
    pieces = [
        shapely.ops.substring(line, start, stop)
        for line, start, stop in zip(lines, begin * length, end * length, strict=True)
    ]
    return np.array(pieces, dtype=object)


def _tidied(ground: Geometry, buffer_m: float) -> Geometry:
    """Drop needless vertices and fill small holes."""
    polygons = shapely.get_parts(shapely.simplify(ground, SIMPLIFY_SHARE * buffer_m))
    filled = []
    for polygon in polygons:
        rings = shapely.get_rings(polygon)
        large = shapely.area(shapely.polygons(rings)) >= HOLE_SHARE * buffer_m**2
        filled.append(shapely.polygons(rings[0], rings[1:][large[1:]]))
    return shapely.union_all(filled)
